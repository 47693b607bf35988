//! What can be wrong with a Geneve packet, beside what [`ether_ip::Error`] says of the layers around it.

use ether_ip::outer::OuterError;
use ether_ip::vni::Vni;

use crate::geneve::OptionClass;

/// Why bytes are not the Geneve packet that they were read as, or why one cannot be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A header or an option is truncated or malformed, or does not fit.
    #[error(transparent)]
    Packet(#[from] ether_ip::Error),
    /// The outer packet is none of the tunnel's.
    #[error(transparent)]
    Outer(OuterError),
    /// The packet belongs to another network.
    #[error("not this network's: the VNI is {vni}, it must be {expected}")]
    OtherVni {
        /// The packet's.
        vni: Vni,
        /// The tunnel's.
        expected: Vni,
    },
    /// An option that must be known is not, and the packet is to be dropped (RFC 8926 §3.5).
    #[error("Geneve is refused: the critical option {class} {kind:#04x} is not known")]
    UnknownCritical {
        /// Who defines the option.
        class: OptionClass,
        /// Its type, the critical bit included.
        kind: u8,
    },
}

impl From<OuterError> for Error {
    /// What is wrong with an outer header is told as what is wrong with any.
    fn from(error: OuterError) -> Self {
        match error {
            OuterError::Packet(error) => Self::Packet(error),
            error => Self::Outer(error),
        }
    }
}
