//! What a node, a link or a prefix is told apart by (RFC 9552 §5.2.1 to §5.2.3).

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule, open_set};

use super::value::{Part, SHAPE, Value, in_order, router_id};
use crate::family::Afi;
use crate::tlv::Tlvs;
use crate::value::prefix::{IpPrefix, Ipv4Prefix, Ipv6Prefix};
use crate::wire::{Reader, hex};

/// What a node is told apart by: TLVs within one (RFC 9552 §5.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NodeDescriptors<'a>(pub Tlvs<'a>);

/// That they are whole is looked at where the route is read, once for all.
impl<'a> Part<'a> for NodeDescriptors<'a> {
    #[inline]
    fn take(from: &mut Reader<'a>) -> Result<Self, Error> {
        <&[u8]>::take(from).map(|bytes| Self(Tlvs::new(SHAPE, bytes)))
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        self.0.write(to)
    }
}

impl<'a> Value<'a> for NodeDescriptors<'a> {
    /// There is nothing but the TLVs within.
    fn say(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }

    fn sub_tlvs(&self) -> Option<Tlvs<'a>> {
        Some(self.0)
    }
}

/// A router's identifier in an IGP (RFC 9552 §5.2.1.4), said in its own notation: 6 bytes of IS-IS, 7 with a pseudonode's number; 4 of
/// OSPF, 8 with the address of the interface whose LAN a pseudonode stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RouterId<'a>(pub &'a [u8]);

in_order!(RouterId<'a>: 0);

impl RouterId<'_> {
    /// Whether it stands for a LAN, and not for a router.
    #[must_use]
    pub const fn is_pseudonode(&self) -> bool {
        // A number of 0 is the router itself, told by one that always writes seven bytes.
        matches!(*self.0, [_, _, _, _, _, _, number] if number != 0) || self.0.len() == 8
    }
}

impl fmt::Display for RouterId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        router_id(self.0, f)
    }
}

/// Numbers of a link at both ends (RFC 9552 §5.2.2, RFC 5307 §1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LinkIdentifiers {
    /// At the near end.
    pub local: u32,
    /// At the far end; 0 if it is not known.
    pub remote: u32,
}

in_order!(LinkIdentifiers: local, remote);

impl fmt::Display for LinkIdentifiers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.local, self.remote)
    }
}

open_set! {
    /// How a prefix came into OSPF (RFC 9552 §5.2.3.1).
    pub struct OspfRouteType(u8) {
        /// Of the area itself.
        INTRA_AREA = 1, "intra-area";
        /// Of another area.
        INTER_AREA = 2, "inter-area";
        /// From outside, its metric comparable.
        EXTERNAL_1 = 3, "external-1";
        /// From outside, its metric more than any within.
        EXTERNAL_2 = 4, "external-2";
        /// From outside through a not-so-stubby area, its metric comparable.
        NSSA_1 = 5, "nssa-1";
        /// From outside through a not-so-stubby area, its metric more than any within.
        NSSA_2 = 6, "nssa-2";
    }
}

in_order!(OspfRouteType: 0);

/// A prefix, behind its length in bits (RFC 9552 §5.2.3.2). Of which family it is the NLRI tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reachability<'a> {
    bits: u8,
    /// As many bytes as hold the bits.
    bytes: &'a [u8],
}

impl<'a> Reachability<'a> {
    /// The length, in bits.
    #[must_use]
    pub const fn bits(&self) -> u8 {
        self.bits
    }

    /// The prefix as one of a family. `None` if that has no such length.
    #[must_use]
    pub fn prefix(&self, afi: Afi) -> Option<IpPrefix> {
        match afi {
            Afi::IPV4 => Ipv4Prefix::new(padded(self.bytes)?.into(), self.bits).ok().map(IpPrefix::V4),
            Afi::IPV6 => Ipv6Prefix::new(padded::<16>(self.bytes)?.into(), self.bits).ok().map(IpPrefix::V6),
            _ => None,
        }
    }
}

/// The bytes with zeros behind them. `None` if there are more.
fn padded<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    let mut whole = [0; N];
    whole.get_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(whole)
}

impl<'a> Part<'a> for Reachability<'a> {
    fn take(from: &mut Reader<'a>) -> Result<Self, Error> {
        let bits = from.u8()?;
        if bits > 128 {
            return Err(from.malformed("prefix length", u32::from(bits), Rule::AtMost(128)));
        }
        Ok(Self { bits, bytes: from.take(usize::from(bits).div_ceil(8))? })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.u8(self.bits)?.put(self.bytes)?;
        Ok(())
    }
}

impl<'a> Value<'a> for Reachability<'a> {
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex(self.bytes, f)?;
        write!(f, "/{}", self.bits)
    }
}
