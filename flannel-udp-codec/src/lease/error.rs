//! What can be wrong with a lease, its key or a configuration.

use alloc::string::String;

/// What a text is, for errors.
pub(super) const LEASE: &str = "lease";
pub(super) const CONFIG: &str = "network configuration";

/// Why a text is not the lease, key or configuration that it was read as.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LeaseError {
    /// The text is no JSON, or not an object.
    #[error("the {what} is not JSON: {error}")]
    Json {
        /// What was read.
        what: &'static str,
        /// Where and why.
        error: serde_json::Error,
    },
    /// A field that must be there is not.
    #[error("the {what} has no {field}")]
    Missing {
        /// What was read.
        what: &'static str,
        /// The field.
        field: &'static str,
    },
    /// A field, or the key, is not what it must be.
    #[error("the {what} is malformed: {field} is {value}, it must be {rule}")]
    Malformed {
        /// What was read.
        what: &'static str,
        /// The field.
        field: &'static str,
        /// What stands there.
        value: String,
        /// What was allowed.
        rule: &'static str,
    },
}
