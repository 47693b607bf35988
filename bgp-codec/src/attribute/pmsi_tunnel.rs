//! PMSI_TUNNEL: the tunnel for a VPN's or Ethernet VPN's multicast (RFC 6514 §5).
//!
//! ```text
//!  0       8       16                      40
//!  +-------+-------+-----------------------+-----------------+
//!  | flags | type  | label                 | identifier …    |
//!  +-------+-------+-----------------------+-----------------+
//! ```

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, Rule, open_set};

use super::body::Body;
use crate::session::Negotiated;
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
    /// Which tunnel: as its kind has it; an address, where copies are sent to one.
    pub identifier: &'a [u8],
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
}

impl fmt::Display for PmsiTunnel<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} label {} vni {} ", self.kind, self.label, self.label.vni())?;
        match *self.identifier {
            [a, b, c, d] => core::net::Ipv4Addr::new(a, b, c, d).fmt(f),
            _ => hex(self.identifier, f),
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
