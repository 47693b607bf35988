//! MP_REACH_NLRI and MP_UNREACH_NLRI: routes of any family (RFC 4760 §3, §4).
//!
//! ```text
//!  0               16      24      32
//!  +---------------+-------+-------+-----------------+-------+-----------------+
//!  | AFI           | SAFI  | length| next hop …      | reserv| NLRI …          |   MP_REACH_NLRI
//!  +---------------+-------+-------+-----------------+-------+-----------------+
//!  | AFI           | SAFI  | withdrawn routes …      |                             MP_UNREACH_NLRI
//!  +---------------+-------+-------------------------+
//! ```

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, Rule};

use super::body::{Body, spaced};
use crate::error::Fault;
use crate::family::{Afi, Family, FamilySet, Safi};
use crate::nlri::Routes;
use crate::session::Negotiated;
use crate::value::as_number::AsSize;
use crate::value::distinguisher::RouteDistinguisher;
use crate::value::route_format::{LabelFormat, RouteFormat};
use crate::wire::{Reader, hex};

/// MP_REACH_NLRI, as an error names it.
pub const MP_REACH: LayerName = LayerName::new("MP_REACH_NLRI");
/// MP_UNREACH_NLRI, as an error names it.
pub const MP_UNREACH: LayerName = LayerName::new("MP_UNREACH_NLRI");

/// Where packets for a route go next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NextHop<'a> {
    /// Nowhere: a flow specification's (RFC 8955 §4).
    None,
    /// An IPv4 address.
    Ipv4(Ipv4Addr),
    /// An IPv6 address.
    Ipv6(Ipv6Addr),
    /// A global IPv6 address and a link-local one (RFC 2545 §3).
    Ipv6LinkLocal(Ipv6Addr, Ipv6Addr),
    /// An IPv4 address with a route distinguisher, which is zero (RFC 4364 §4.3.2).
    VpnIpv4(RouteDistinguisher, Ipv4Addr),
    /// An IPv6 address with a route distinguisher (RFC 4659 §3.2.1).
    VpnIpv6(RouteDistinguisher, Ipv6Addr),
    /// A global IPv6 address and a link-local one, each with a route distinguisher (RFC 4659 §3.2.1.1).
    VpnIpv6LinkLocal([(RouteDistinguisher, Ipv6Addr); 2]),
    /// Of a family or a length that is not known.
    Other(&'a [u8]),
}

impl<'a> NextHop<'a> {
    /// Reads a next hop by its length.
    #[must_use]
    pub fn parse(bytes: &'a [u8]) -> Self {
        let other = Self::Other(bytes);
        let mut reader = Reader::new(MP_REACH, bytes);
        match bytes.len() {
            0 => Ok(Self::None),
            4 => reader.array::<4>().map(|address| Self::Ipv4(address.into())),
            16 => address(&mut reader).map(Self::Ipv6),
            32 => address(&mut reader).and_then(|global| Ok(Self::Ipv6LinkLocal(global, address(&mut reader)?))),
            12 => {
                RouteDistinguisher::read(&mut reader).and_then(|rd| Ok(Self::VpnIpv4(rd, reader.array::<4>()?.into())))
            }
            24 => RouteDistinguisher::read(&mut reader).and_then(|rd| Ok(Self::VpnIpv6(rd, address(&mut reader)?))),
            48 => {
                let mut pair = || Ok((RouteDistinguisher::read(&mut reader)?, address(&mut reader)?));
                pair().and_then(|global| Ok(Self::VpnIpv6LinkLocal([global, pair()?])))
            }
            _ => Ok(other),
        }
        .unwrap_or(other)
    }

    /// The address that counts: the global one.
    #[must_use]
    pub const fn address(&self) -> Option<IpAddr> {
        Some(match *self {
            Self::Ipv4(address) | Self::VpnIpv4(_, address) => IpAddr::V4(address),
            Self::Ipv6(address)
            | Self::Ipv6LinkLocal(address, _)
            | Self::VpnIpv6(_, address)
            | Self::VpnIpv6LinkLocal([(_, address), _]) => IpAddr::V6(address),
            Self::None | Self::Other(_) => return None,
        })
    }

    /// How many bytes it takes.
    #[must_use]
    pub const fn wire_len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::Ipv4(_) => 4,
            Self::Ipv6(_) => 16,
            Self::Ipv6LinkLocal(..) => 32,
            Self::VpnIpv4(..) => 12,
            Self::VpnIpv6(..) => 24,
            Self::VpnIpv6LinkLocal(_) => 48,
            Self::Other(bytes) => bytes.len(),
        }
    }

    /// Refuses one that a family does not have, or not in such a session.
    pub(crate) fn must_be_of(&self, family: Family, session: &Negotiated) -> Result<(), Fault> {
        let len = self.wire_len();
        match is_next_hop_len(family, len, session.extended_next_hop_send) && len <= 255 {
            true => Ok(()),
            false => Err(Fault::NextHopLength { family, len }),
        }
    }

    /// Writes it, without its length.
    ///
    /// # Errors
    /// [`Error::NoRoom`].
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        match self {
            Self::None => to,
            Self::Ipv4(address) => to.put(&address.octets())?,
            Self::Ipv6(address) => to.put(&address.octets())?,
            Self::Ipv6LinkLocal(global, link_local) => to.put(&global.octets())?.put(&link_local.octets())?,
            Self::VpnIpv4(rd, address) => to.put(&rd.0)?.put(&address.octets())?,
            Self::VpnIpv6(rd, address) => to.put(&rd.0)?.put(&address.octets())?,
            Self::VpnIpv6LinkLocal([(rd, global), (rd_2, link_local)]) => {
                to.put(&rd.0)?.put(&global.octets())?.put(&rd_2.0)?.put(&link_local.octets())?
            }
            Self::Other(bytes) => to.put(bytes)?,
        };
        Ok(())
    }
}

fn address(from: &mut Reader<'_>) -> Result<Ipv6Addr, Error> {
    from.array::<16>().map(Ipv6Addr::from)
}

impl From<IpAddr> for NextHop<'_> {
    fn from(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::Ipv4(address),
            IpAddr::V6(address) => Self::Ipv6(address),
        }
    }
}

impl fmt::Display for NextHop<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Ipv4(address) => address.fmt(f),
            Self::Ipv6(address) => address.fmt(f),
            Self::Ipv6LinkLocal(global, link_local) => write!(f, "{global} {link_local}"),
            Self::VpnIpv4(rd, address) => write!(f, "{rd} {address}"),
            Self::VpnIpv6(rd, address) => write!(f, "{rd} {address}"),
            Self::VpnIpv6LinkLocal([(rd, global), (rd_2, link_local)]) => {
                write!(f, "{rd} {global} {rd_2} {link_local}")
            }
            Self::Other(bytes) => hex(bytes, f),
        }
    }
}

/// Whether a next hop of a family can have a length, in bytes; that of the other IP version in those of `may_be_other`. Families that
/// are not known take any.
#[inline]
//= RFC 4760 §3/next-hop-length
const fn is_next_hop_len(family: Family, len: usize, may_be_other: FamilySet) -> bool {
    let Family { afi, safi } = family;
    match (afi, safi) {
        // RFC 4760 §3; RFC 8950 §4 where that was agreed on.
        (Afi::IPV4, Safi::UNICAST | Safi::MULTICAST | Safi::LABELED) => {
            len == 4 || matches!(len, 16 | 32) && may_be_other.contains(family)
        }
        (Afi::IPV4, Safi::VPN | Safi::VPN_MULTICAST) => {
            len == 12 || matches!(len, 24 | 48) && may_be_other.contains(family)
        }
        // RFC 2545 §3, RFC 4798 §2, RFC 4659 §3.2.1.
        (Afi::IPV6, Safi::UNICAST | Safi::MULTICAST | Safi::LABELED) => {
            matches!(len, 16 | 32) || len == 4 && may_be_other.contains(family)
        }
        (Afi::IPV6, Safi::VPN | Safi::VPN_MULTICAST) => {
            matches!(len, 24 | 48) || len == 12 && may_be_other.contains(family)
        }
        // RFC 8955 §4: none is sent, and any is ignored. Drafts for redirection have an address there.
        (_, Safi::FLOW_SPEC | Safi::FLOW_SPEC_VPN) => true,
        // RFC 7432 §11, RFC 4761, RFC 4684 §4, RFC 6514 §4, RFC 9830 §2.1, RFC 9552 §5.5: of either kind.
        (Afi::L2VPN, Safi::EVPN | Safi::VPLS)
        | (Afi::IPV4, Safi::ROUTE_TARGET)
        | (Afi::IPV4 | Afi::IPV6, Safi::MCAST_VPN | Safi::SR_POLICY | Safi::MUP)
        | (Afi::LINK_STATE, Safi::LINK_STATE) => matches!(len, 4 | 16 | 32),
        (Afi::LINK_STATE, Safi::LINK_STATE_VPN) => matches!(len, 12 | 24 | 48),
        _ => true,
    }
}

/// What stands in front of the next hop's length, and behind the next hop.
pub(crate) fn next_hop_parts(value: &[u8]) -> Option<(&[u8; 3], &[u8])> {
    let (family, behind) = value.split_first_chunk()?;
    let (len, behind) = behind.split_first()?;
    Some((family, behind.get(usize::from(*len)..)?))
}

/// How the routes of a family stand: apart, or what all families need were looked up in front of a loop over attributes.
#[inline(never)]
const fn received(family: Family, session: &Negotiated) -> RouteFormat {
    session.received(family)
}

/// Routes of any family that are announced, with their next hop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MpReach<'a> {
    /// The family.
    pub family: Family,
    next_hop: &'a [u8],
    /// The reserved byte: zero, ignored.
    pub reserved: u8,
    /// The routes.
    pub routes: Routes<'a>,
}

impl<'a> MpReach<'a> {
    /// Reads an attribute's value, but for the routes.
    ///
    /// # Errors
    /// [`Error::Truncated`] under 5 bytes, or if the next hop goes past the end; [`Error::Malformed`] if the family's next
    /// hops have other lengths. Either is RFC 7606 §7.11's.
    #[inline]
    pub fn parse(bytes: &'a [u8], session: &Negotiated) -> Result<Self, Error> {
        let mut reader = Reader::new(MP_REACH, bytes);
        let [high, low, safi, len] = reader.array()?;
        let family = Family::new(u16::from_be_bytes([high, low]), safi);
        let next_hop = reader.take(usize::from(len))?;
        //= RFC 4760 §3/reserved-ignored
        let reserved = reader.u8()?;
        if !is_next_hop_len(family, next_hop.len(), session.extended_next_hop_receive) {
            return Err(reader.malformed("next hop length", u32::from(len), Rule::Known));
        }
        let routes = Routes::new(received(family, session), reader.rest());
        Ok(Self { family, next_hop, reserved, routes })
    }

    /// Where packets go next.
    #[inline]
    #[must_use]
    pub fn next_hop(&self) -> NextHop<'a> {
        NextHop::parse(self.next_hop)
    }
}

/// Routes of any family that are withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MpUnreach<'a> {
    /// The family.
    pub family: Family,
    /// The routes; none says that all of the family have been sent (RFC 4724 §2).
    pub routes: Routes<'a>,
}

impl<'a> MpUnreach<'a> {
    /// Reads an attribute's value, but for the routes.
    ///
    /// # Errors
    /// [`Error::Truncated`] under 3 bytes: RFC 7606 §7.12.
    #[inline]
    pub fn parse(bytes: &'a [u8], session: &Negotiated) -> Result<Self, Error> {
        let mut reader = Reader::new(MP_UNREACH, bytes);
        let [high, low, safi] = reader.array()?;
        let family = Family::new(u16::from_be_bytes([high, low]), safi);
        let routes = Routes::new(received(family, session).with_labels(LabelFormat::Withdrawn), reader.rest());
        Ok(Self { family, routes })
    }
}

impl<'a> Body<'a> for MpReach<'a> {
    #[inline]
    fn read(_: LayerName, bytes: &'a [u8], session: &Negotiated) -> Result<Self, Error> {
        Self::parse(bytes, session)
    }

    fn write(&self, _: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        to.put(&self.family.to_bytes())?.with_len_u8(0, |to| to.write_all(&[self.next_hop]))?;
        to.u8(self.reserved)?.put(self.routes.as_bytes())?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} next hop {}: ", self.family, self.next_hop())?;
        spaced(self.routes, f)
    }
}

impl<'a> Body<'a> for MpUnreach<'a> {
    #[inline]
    fn read(_: LayerName, bytes: &'a [u8], session: &Negotiated) -> Result<Self, Error> {
        Self::parse(bytes, session)
    }

    fn write(&self, _: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        to.put(&self.family.to_bytes())?.put(self.routes.as_bytes())?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.family)?;
        spaced(self.routes, f)
    }
}
