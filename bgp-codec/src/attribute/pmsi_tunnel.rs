//! PMSI_TUNNEL: the tunnel for a VPN's or Ethernet VPN's multicast (RFC 6514 §5).
//!
//! ```text
//!  0       8       16                      40
//!  +-------+-------+-----------------------+-----------------+
//!  | flags | type  | label                 | identifier …    |
//!  +-------+-------+-----------------------+-----------------+
//! ```

use core::fmt;
use core::net::IpAddr;

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, Rule, open_set};

use super::body::Body;
use crate::session::Negotiated;
use crate::tlv_value::say_flags;
use crate::value::address::write_bare_address;
use crate::value::as_number::AsSize;
use crate::value::label::Label;
use crate::wire::{Reader, hex};

/// PMSI_TUNNEL, as an error names it.
pub const PMSI_TUNNEL: LayerName = LayerName::new("PMSI_TUNNEL");

open_set! {
    /// What kind of tunnel it is.
    pub struct PmsiTunnelType(u8) {
        /// None is told.
        NONE = 0, "none";
        /// RSVP-TE, to many.
        RSVP_TE_P2MP = 1, "rsvp-te-p2mp";
        /// mLDP, to many.
        MLDP_P2MP = 2, "mldp-p2mp";
        /// PIM, one source.
        PIM_SSM = 3, "pim-ssm";
        /// PIM, any source.
        PIM_SM = 4, "pim-sm";
        /// PIM, both ways.
        PIM_BIDIR = 5, "pim-bidir";
        /// A copy to each.
        INGRESS_REPLICATION = 6, "ingress-replication";
        /// mLDP, many to many.
        MLDP_MP2MP = 7, "mldp-mp2mp";
        /// Transport tunnel (RFC 7524).
        TRANSPORT = 8, "transport";
        /// Assisted replication (RFC 9574).
        ASSISTED_REPLICATION = 10, "assisted-replication";
        /// BIER (RFC 8556).
        BIER = 11, "bier";
        /// A tree of segment routing (RFC 9888).
        SR_MPLS_P2MP = 12, "sr-mpls-p2mp";
    }
}

/// The tunnel for a VPN's multicast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PmsiTunnel<'a> {
    /// Bit 0: leaf information is wanted.
    pub flags: u8,
    /// The kind.
    pub kind: PmsiTunnelType,
    /// Label, or VNI.
    pub label: Label,
    /// Which tunnel, as its kind has it: [`tunnel`](Self::tunnel) reads it.
    pub identifier: &'a [u8],
}

/// Which tunnel it is, as its kind has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PmsiIdentifier<'a> {
    /// None is told.
    None,
    /// Of RSVP-TE (RFC 6514 §5): the session that RFC 4875 §19.1 has.
    RsvpTe {
        /// The extended tunnel identifier: an address of the root.
        root: IpAddr,
        /// What is sent as zero.
        reserved: u16,
        /// The tunnel.
        tunnel: u16,
        /// Which of the trees.
        tree: u32,
    },
    /// Of mLDP: a FEC element (RFC 6388 §2.2).
    Mldp {
        /// Which kind of element: 6 from one to many, 7 up and 8 down from many to many.
        element: u8,
        /// The root.
        root: IpAddr,
        /// What the root names the tree by.
        opaque: &'a [u8],
    },
    /// Of PIM: the tree's root or sender, and the group.
    Pim {
        /// The sender, or the root.
        sender: IpAddr,
        /// The group.
        group: IpAddr,
    },
    /// The router that copies are sent to, or that makes them (RFC 9574 §10.1).
    Endpoint(IpAddr),
    /// Of BIER (RFC 8556 §2.1).
    Bier {
        /// The sub-domain.
        sub_domain: u8,
        /// The router's number in it.
        bfr: u16,
        /// The router's address.
        prefix: IpAddr,
    },
    /// Of another kind, or not what its kind has.
    Other(&'a [u8]),
}

impl<'a> PmsiIdentifier<'a> {
    /// Reads which tunnel of a kind it is.
    fn read(kind: PmsiTunnelType, bytes: &'a [u8]) -> Result<Self, Error> {
        let mut from = Reader::new(PMSI_TUNNEL, bytes);
        let half = bytes.len() / 2;
        let read = match kind {
            PmsiTunnelType::NONE => Self::None,
            PmsiTunnelType::RSVP_TE_P2MP => {
                let root = address(&mut from, bytes.len().saturating_sub(8))?;
                Self::RsvpTe { root, reserved: from.u16()?, tunnel: from.u16()?, tree: from.u32()? }
            }
            PmsiTunnelType::MLDP_P2MP | PmsiTunnelType::MLDP_MP2MP => {
                let (element, family, len) = (from.u8()?, from.u16()?, from.u8()?);
                if !matches!((family, len), (1, 4) | (2, 16)) {
                    return Err(from.malformed("address length", u32::from(len), Rule::Either(4, 16)));
                }
                let root = address(&mut from, usize::from(len))?;
                let len = from.u16()?;
                Self::Mldp { element, root, opaque: from.take(usize::from(len))? }
            }
            PmsiTunnelType::PIM_SSM | PmsiTunnelType::PIM_SM | PmsiTunnelType::PIM_BIDIR => {
                Self::Pim { sender: address(&mut from, half)?, group: address(&mut from, half)? }
            }
            PmsiTunnelType::INGRESS_REPLICATION | PmsiTunnelType::ASSISTED_REPLICATION => {
                Self::Endpoint(address(&mut from, bytes.len())?)
            }
            PmsiTunnelType::BIER => {
                let (sub_domain, bfr) = (from.u8()?, from.u16()?);
                Self::Bier { sub_domain, bfr, prefix: address(&mut from, bytes.len().saturating_sub(3))? }
            }
            _ => return Ok(Self::Other(bytes)),
        };
        from.finish()?;
        Ok(read)
    }

    /// Writes it: to make a tunnel's [`identifier`](PmsiTunnel::identifier).
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if what an mLDP tree is named by exceeds 65535 bytes.
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        match *self {
            Self::None => Ok(()),
            Self::RsvpTe { root, reserved, tunnel, tree } => {
                write_bare_address(root, to)?;
                to.u16(reserved)?.u16(tunnel)?.u32(tree)?;
                Ok(())
            }
            Self::Mldp { element, root, opaque } => {
                let (family, len) = if root.is_ipv4() { (1, 4) } else { (2, 16) };
                write_bare_address(root, to.u8(element)?.u16(family)?.u8(len)?)?;
                to.with_len_u16(0, |to| to.write_all(&[opaque]))?;
                Ok(())
            }
            Self::Pim { sender, group } => {
                write_bare_address(sender, to)?;
                write_bare_address(group, to)
            }
            Self::Endpoint(address) => write_bare_address(address, to),
            Self::Bier { sub_domain, bfr, prefix } => write_bare_address(prefix, to.u8(sub_domain)?.u16(bfr)?),
            Self::Other(bytes) => to.write_all(&[bytes]),
        }
    }
}

/// Takes an address of 4 or 16 bytes.
fn address(from: &mut Reader<'_>, len: usize) -> Result<IpAddr, Error> {
    match len {
        4 => from.array::<4>().map(IpAddr::from),
        16 => from.array::<16>().map(IpAddr::from),
        _ => Err(from.malformed("address length", len as u32, Rule::Either(4, 16))),
    }
}

impl fmt::Display for PmsiIdentifier<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::None => Ok(()),
            Self::RsvpTe { root, tunnel, tree, .. } => write!(f, "root {root} tunnel {tunnel} tree {tree}"),
            Self::Mldp { root, opaque, .. } => {
                write!(f, "root {root} opaque ")?;
                hex(opaque, f)
            }
            Self::Pim { sender, group } => write!(f, "sender {sender} group {group}"),
            Self::Endpoint(address) => fmt::Display::fmt(&address, f),
            Self::Bier { sub_domain, bfr, prefix } => write!(f, "sub-domain {sub_domain} bfr {bfr} prefix {prefix}"),
            Self::Other(bytes) => hex(bytes, f),
        }
    }
}

impl<'a> PmsiTunnel<'a> {
    /// Reads an attribute's value.
    ///
    /// # Errors
    /// RFC 6514 §5: [`Error::Truncated`] under 5 bytes; [`Error::Malformed`] for a kind that is not known, or an identifier
    /// of another length than its kind has.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(PMSI_TUNNEL, bytes);
        let [flags, kind] = reader.array()?;
        let tunnel =
            Self { flags, kind: PmsiTunnelType(kind), label: Label::read(&mut reader)?, identifier: reader.rest() };
        if tunnel.kind.name().is_none() {
            return Err(reader.malformed("tunnel type", u32::from(kind), Rule::Known));
        }
        //= RFC 6514 §5/identifier
        let len = tunnel.identifier.len();
        let is_good = match tunnel.kind {
            PmsiTunnelType::NONE => len == 0,
            PmsiTunnelType::RSVP_TE_P2MP => matches!(len, 12 | 24),
            PmsiTunnelType::PIM_SSM | PmsiTunnelType::PIM_SM | PmsiTunnelType::PIM_BIDIR => matches!(len, 8 | 32),
            PmsiTunnelType::INGRESS_REPLICATION => matches!(len, 4 | 16),
            _ => true,
        };
        if is_good { Ok(tunnel) } else { Err(reader.malformed("identifier length", len as u32, Rule::Known)) }
    }

    /// Whether leaves are to answer: flag L (RFC 6514 §5).
    #[must_use]
    pub const fn wants_leaves(&self) -> bool {
        self.flags & 1 != 0
    }

    /// Which tunnel it is.
    #[must_use]
    pub fn tunnel(&self) -> PmsiIdentifier<'a> {
        PmsiIdentifier::read(self.kind, self.identifier).unwrap_or(PmsiIdentifier::Other(self.identifier))
    }
}

impl fmt::Display for PmsiTunnel<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} label {} vni {}", self.kind, self.label, self.label.vni())?;
        say_flags(self.flags, f)?;
        match self.tunnel() {
            PmsiIdentifier::None => Ok(()),
            tunnel => write!(f, " {tunnel}"),
        }
    }
}

impl<'a> Body<'a> for PmsiTunnel<'a> {
    fn read(_: LayerName, bytes: &'a [u8], _: &Negotiated) -> Result<Self, Error> {
        Self::parse(bytes)
    }

    fn write(&self, _: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        to.u8(self.flags)?.u8(self.kind.0)?.put(&self.label.to_bytes())?.put(self.identifier)?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
