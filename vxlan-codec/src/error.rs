//! What can be wrong with a VXLAN packet, beside what [`ether_ip::Error`] says of the layers around it.

use ether_ip::LayerName;
use ether_ip::ethernet::EtherType;
use ether_ip::outer::OuterError;
use ether_ip::vni::Vni;

/// VXLAN, as [`ether_ip::Error`] names it.
pub const VXLAN: LayerName = LayerName::new("VXLAN");

/// Why bytes are not the VXLAN packet that they were read as, or why one cannot be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A header is truncated or malformed, or does not fit.
    #[error(transparent)]
    Packet(#[from] ether_ip::Error),
    /// The I flag is clear, so that there is no valid VNI (RFC 7348 §5).
    #[error("VXLAN is malformed: the I flag is clear in flags {flags:#06x}, it must be set")]
    NoVni {
        /// The header's first 16 bits.
        flags: u16,
    },
    /// Linux drops a packet with any bit set that no enabled extension explains.
    #[error(
        "VXLAN is refused: flags {flags:#010x} and reserved byte {reserved:#04x} are not explained, both must be 0"
    )]
    ReservedBits {
        /// The bits of the header's first 32 that nothing explains.
        flags: u32,
        /// The header's last byte.
        reserved: u8,
    },
    /// A GPE header of another version than 0.
    #[error("VXLAN-GPE is malformed: version is {version}, it must be 0")]
    GpeVersion {
        /// The version.
        version: u8,
    },
    /// A GPE header without a next protocol (P clear), or with one that is not known.
    #[error("VXLAN-GPE is refused: flags {flags:#04x}, next protocol {next_protocol}")]
    GpeNextProtocol {
        /// The header's first byte.
        flags: u8,
        /// The next protocol.
        next_protocol: u8,
    },
    /// A GPE header with the O bit: operations and maintenance, not a packet for the inner network.
    #[error("VXLAN-GPE carries operations and maintenance: the O bit is set")]
    GpeOam,
    /// The inner frame has a VLAN tag, which RFC 7348 §6.1 has discarded unless the VTEP was configured otherwise.
    #[error("the inner frame has a VLAN tag: its EtherType is {ether_type}")]
    InnerVlan {
        /// The tag's.
        ether_type: EtherType,
    },
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
