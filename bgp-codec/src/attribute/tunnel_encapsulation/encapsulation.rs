//! The fields of an encapsulation's header, by the kind of tunnel (RFC 9012 §3.2).
//!
//! ```text
//!  0       8                       32
//!  +-------+-----------------------+-------------------------------+
//!  | flags | VNI or VSID           | MAC address …                 |    VXLAN, NVGRE
//!  +-------+-----------------------+---------------+---------------+
//!  | … MAC address                 | reserved      |
//!  +-------------------------------+---------------+
//!  | session                       | cookie …      |                    L2TPv3: no cookie, 4 or 8 bytes
//!  +-------------------------------+---------------+
//!  | key                           |                                    GRE, MPLS in GRE
//!  +-------------------------------+
//! ```

use core::fmt;

use ether_ip::ethernet::MacAddr;
use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, Rule};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::tlv_value::Value;
use crate::value::tunnel_type::TunnelType;
use crate::wire::{Reader, exactly, hex};

/// Tunnel Encapsulation, as an error names it.
pub const TUNNEL_ENCAPSULATION: LayerName = LayerName::new("Tunnel Encapsulation");

/// The fields of an encapsulation's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encapsulation<'a> {
    /// Of VXLAN (RFC 9012 §3.2.1) and NVGRE (§3.2.2).
    VirtualNetwork(&'a VirtualNetwork),
    /// Of L2TPv3 (§3.2.3).
    Session {
        /// The session.
        id: u32,
        /// The cookie: none, 4 or 8 bytes.
        cookie: &'a [u8],
    },
    /// Of GRE (§3.2.4) and MPLS in GRE (§3.2.5).
    Key(u32),
    /// Of another tunnel, or of one that is not told.
    Other(&'a [u8]),
}

impl<'a> Encapsulation<'a> {
    /// Reads the fields of a kind of tunnel.
    ///
    /// # Errors
    /// [`Error::Truncated`] or [`Error::Malformed`] if they are not what the kind has.
    pub fn parse(tunnel: TunnelType, bytes: &'a [u8]) -> Result<Self, Error> {
        let layer = TUNNEL_ENCAPSULATION;
        //= RFC 9012 §3.2/fields
        Ok(match tunnel {
            TunnelType::VXLAN | TunnelType::NVGRE => Self::VirtualNetwork(Value::read(layer, bytes)?),
            TunnelType::GRE | TunnelType::MPLS_IN_GRE => Self::Key(u32::from_be_bytes(exactly(layer, bytes)?)),
            TunnelType::L2TPV3 => {
                let mut from = Reader::new(layer, bytes);
                let (id, cookie) = (from.u32()?, from.rest());
                match cookie.len() {
                    0 | 4 | 8 => Self::Session { id, cookie },
                    len => return Err(from.malformed("cookie length", len as u32, Rule::Either(4, 8))),
                }
            }
            _ => Self::Other(bytes),
        })
    }
}

impl<'a> Value<'a> for Encapsulation<'a> {
    fn read(_: LayerName, bytes: &'a [u8]) -> Result<Self, Error> {
        Ok(Self::Other(bytes))
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        match *self {
            Self::VirtualNetwork(fields) => to.write_all(&[fields.as_bytes()]),
            Self::Session { id, cookie } => to.write_all(&[&id.to_be_bytes(), cookie]),
            Self::Key(key) => to.write_all(&[&key.to_be_bytes()]),
            Self::Other(bytes) => to.write_all(&[bytes]),
        }
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::VirtualNetwork(fields) => fmt::Display::fmt(fields, f),
            Self::Session { id, cookie: [] } => write!(f, "session {id}"),
            Self::Session { id, cookie } => {
                write!(f, "session {id} cookie ")?;
                hex(cookie, f)
            }
            Self::Key(key) => write!(f, "key {key}"),
            Self::Other(bytes) => hex(bytes, f),
        }
    }
}

/// What VXLAN's and NVGRE's headers and the frames within have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct VirtualNetwork {
    /// Flags: 0x80 V, a network is told; 0x40 M, a MAC address is told.
    pub flags: u8,
    id: [u8; 3],
    mac: [u8; 6],
    reserved: [u8; 2],
}

impl VirtualNetwork {
    /// The fields for a network, and for the MAC address that frames go to.
    #[must_use]
    pub const fn new(id: Option<u32>, mac: Option<MacAddr>) -> Self {
        let of = match id {
            Some(id) => id.to_be_bytes(),
            None => [0; 4],
        };
        let [_, a, b, c] = of;
        let (told, mac) = match mac {
            Some(MacAddr(mac)) => (0x40, mac),
            None => (0, [0; 6]),
        };
        let flags = told | if id.is_some() { 0x80 } else { 0 };
        Self { flags, id: [a, b, c], mac, reserved: [0; 2] }
    }

    /// The network: VXLAN's VNI or NVGRE's VSID.
    #[must_use]
    pub const fn id(&self) -> Option<u32> {
        let [a, b, c] = self.id;
        if self.flags & 0x80 == 0 { None } else { Some(u32::from_be_bytes([0, a, b, c])) }
    }

    /// The MAC address that the frames within go to.
    #[must_use]
    pub const fn mac(&self) -> Option<MacAddr> {
        if self.flags & 0x40 == 0 { None } else { Some(MacAddr(self.mac)) }
    }
}

impl fmt::Display for VirtualNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.id() {
            Some(id) => write!(f, "network {id}")?,
            None => f.write_str("any network")?,
        }
        self.mac().map_or(Ok(()), |mac| write!(f, " mac {mac}"))
    }
}
