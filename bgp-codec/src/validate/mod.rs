//! What is wrong with an UPDATE, and what a speaker does about it: RFC 7606, as a value.
//!
//! The answer to an UPDATE is the strongest of the answers to all that is wrong in it (RFC 7606 §2): to reset the session,
//! to disable its family, to treat the announced routes as withdrawn, to discard an attribute, or to accept it as it is.

// Floor 0: what can come out.
mod finding;

// Floor 1: what is looked at.
pub(crate) mod check;

// Floor 2: what is to be done.
mod answer;

// Floor 3: all of an UPDATE.
mod walk;

pub use finding::{Action, AttributeSet, Finding, Outcome, UpdateVisitor};
