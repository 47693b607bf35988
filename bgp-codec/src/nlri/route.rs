//! What a route leads to in any family, routes, and routes back to back (RFC 4271 §4.3, RFC 4760 §5, RFC 7911 §3).

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule};

use super::evpn::EvpnRoute;
use super::flow_spec::FlowSpec;
use super::labeled::Labeled;
use super::link_state::LinkState;
use super::mcast_vpn::McastVpn;
use super::mup::Mup;
use super::route_target::RouteTargetMembership;
use super::sr_policy::SrPolicy;
use super::vpls::Vpls;
use super::vpn::Vpn;
use crate::family::{Afi, Family, NLRI, Safi};
use crate::value::prefix::{IpPrefix, Ipv4Prefix, Ipv6Prefix};
use crate::value::route_format::RouteFormat;
use crate::wire::{Reader, hex};

/// What a route leads to, a row a family: what it is, which address families and which subsequent ones have it, how it is read and how
/// it is written.
macro_rules! nlri {
    (|$format:ident, $from:ident, $to:ident| $(
        $(#[$doc:meta])* $variant:ident($body:ty) = $($afi:ident)|+, $($safi:ident)|+, $read:expr, |$of:ident| $write:expr;
    )*) => {
        /// What a route leads to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Nlri<'a> {
            $($(#[$doc])* $variant($body),)*
            /// All the routes of a family that is not known, as bytes.
            Other(&'a [u8]),
        }

        impl<'a> Nlri<'a> {
            #[inline]
            pub(crate) fn read($format: RouteFormat, $from: &mut Reader<'a>) -> Result<Self, Error> {
                Ok(match ($format.family.afi, $format.family.safi) {
                    $(($(Afi::$afi)|+, $(Safi::$safi)|+) => Self::$variant($read?),)*
                    //= RFC 7606 §5.4
                    _ => Self::Other($from.take($from.rest().len())?),
                })
            }

            /// Writes it as it stands in an UPDATE, without a path identifier.
            ///
            /// # Errors
            /// [`Error::NoRoom`]; [`Error::Unbuildable`] if a part exceeds what its length has room for, or if it is not of the
            /// format's family.
            pub fn write(&self, $format: RouteFormat, $to: &mut Writer<'_>) -> Result<(), Error> {
                match (self, $format.family.afi, $format.family.safi) {
                    $((Self::$variant($of), $(Afi::$afi)|+, $(Safi::$safi)|+) => $write,)*
                    $((_, $(Afi::$afi)|+, $(Safi::$safi)|+) => Err(not_of($format.family)),)*
                    (Self::Other(bytes), ..) => $to.write_all(&[bytes]),
                    _ => Err(not_of($format.family)),
                }
            }
        }

        impl fmt::Display for Nlri<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant(body) => body.fmt(f),)*
                    Self::Other(bytes) => hex(bytes, f),
                }
            }
        }
    };
}

nlri! {
    |format, from, to|
    /// An IPv4 prefix, unicast or multicast.
    Ipv4(Ipv4Prefix) = IPV4, UNICAST | MULTICAST, Ipv4Prefix::read(from), |of| of.write(to);
    /// An IPv6 prefix, unicast or multicast.
    Ipv6(Ipv6Prefix) = IPV6, UNICAST | MULTICAST, Ipv6Prefix::read(from), |of| of.write(to);
    /// A prefix with labels.
    Labeled(Labeled<'a>) = IPV4 | IPV6, LABELED, Labeled::read(format, from), |of| of.write(format, to);
    /// A VPN's prefix.
    Vpn(Vpn<'a>) = IPV4 | IPV6, VPN | VPN_MULTICAST, Vpn::read(format, from), |of| of.write(format, to);
    /// An Ethernet VPN's route.
    Evpn(EvpnRoute<'a>) = L2VPN, EVPN, EvpnRoute::read(format.family.afi, from), |of| of.write(to);
    /// A route target that a peer wants.
    RouteTarget(RouteTargetMembership) = IPV4, ROUTE_TARGET, RouteTargetMembership::read(from), |of| of.write(to);
    /// A flow.
    FlowSpec(FlowSpec<'a>) = IPV4 | IPV6, FLOW_SPEC | FLOW_SPEC_VPN, FlowSpec::read(format.family, from), |of| of.write(to);
    /// A VPLS site, or member.
    Vpls(Vpls<'a>) = L2VPN, VPLS, Vpls::read(from), |of| of.write(to);
    /// A multicast VPN's route.
    McastVpn(McastVpn<'a>) = IPV4 | IPV6, MCAST_VPN, McastVpn::read(format.family.afi, from), |of| of.write(to);
    /// A segment routing policy.
    SrPolicy(SrPolicy<'a>) = IPV4 | IPV6, SR_POLICY, SrPolicy::read(from), |of| of.write(to);
    /// A node, a link, a prefix of an IGP.
    LinkState(LinkState<'a>) = LINK_STATE, LINK_STATE | LINK_STATE_VPN, LinkState::read(format.family.safi, from), |of| of.write(to);
    /// A mobile user plane's route.
    Mup(Mup<'a>) = IPV4 | IPV6, MUP, Mup::read(format.family.afi, from), |of| of.write(to);
}

#[cold]
fn not_of(family: Family) -> Error {
    let (field, value) = ("subsequent address family of another kind of route", usize::from(family.safi.0));
    Error::Unbuildable { layer: NLRI, field, value, rule: Rule::Known }
}

impl<'a> Nlri<'a> {
    /// Splits one off the front, behind its path identifier: it, and what follows.
    ///
    /// # Errors
    /// [`Error::Truncated`], [`Error::Malformed`]: as its family has it.
    pub fn split(format: RouteFormat, bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Error> {
        let mut reader = Reader::new(NLRI, bytes);
        let nlri = Self::read(format, &mut reader)?;
        Ok((nlri, reader.rest()))
    }

    /// The same without what is told of it and does not say where it leads: labels (RFC 8277 §2.4, RFC 4364 §4.3.4), and of EVPN's
    /// routes what RFC 7432 §7 and RFC 9136 §3.1 leave out of the key. Two routes of a family and a path identifier are of one
    /// destination if these are equal: the second takes the place of the first, or withdraws it.
    #[must_use]
    pub fn destination(self) -> Self {
        match self {
            Self::Labeled(labeled) => Self::Labeled(Labeled { labels: &[], ..labeled }),
            Self::Vpn(vpn) => Self::Vpn(Vpn { labels: &[], ..vpn }),
            Self::Evpn(EvpnRoute::Known { distinguisher, route }) => {
                Self::Evpn(EvpnRoute::Known { distinguisher, route: route.key() })
            }
            other => other,
        }
    }

    /// The prefix that it leads to, where it is one.
    #[must_use]
    pub const fn prefix(&self) -> Option<IpPrefix> {
        match self {
            Self::Ipv4(prefix) => Some(IpPrefix::V4(*prefix)),
            Self::Ipv6(prefix) => Some(IpPrefix::V6(*prefix)),
            Self::Labeled(labeled) => Some(labeled.prefix),
            Self::Vpn(vpn) => Some(vpn.prefix),
            _ => None,
        }
    }
}

/// One route: what it leads to, and which of several paths it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Route<'a> {
    /// The family.
    pub family: Family,
    /// Which of several paths, where the session has path identifiers (RFC 7911 §3).
    //= RFC 7911 §3/identifier
    pub path_id: Option<u32>,
    /// What it leads to.
    pub nlri: Nlri<'a>,
}

impl fmt::Display for Route<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.nlri.fmt(f)?;
        self.path_id.map_or(Ok(()), |path_id| write!(f, " path {path_id}"))
    }
}

/// Routes of one family back to back. An iterator over them; it ends at the first that is broken, and
/// [`as_bytes`](Self::as_bytes) is what was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Routes<'a> {
    format: RouteFormat,
    rest: &'a [u8],
}

impl<'a> Routes<'a> {
    /// Routes, not checked.
    #[inline]
    #[must_use]
    pub const fn new(format: RouteFormat, bytes: &'a [u8]) -> Self {
        Self { format, rest: bytes }
    }

    /// None.
    pub const NONE: Self = Self::new(RouteFormat::of(Family::IPV4_UNICAST), &[]);

    /// How they stand on the wire.
    #[inline]
    #[must_use]
    pub const fn format(&self) -> RouteFormat {
        self.format
    }

    /// The family.
    #[inline]
    #[must_use]
    pub const fn family(&self) -> Family {
        self.format.family
    }

    /// What was not read yet.
    #[inline]
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.rest
    }

    /// The same routes as IPv4 prefixes, faster; `None` if that is not what they are.
    #[inline]
    #[must_use]
    pub const fn ipv4(&self) -> Option<Ipv4Routes<'a>> {
        match (self.format.family.afi, self.format.family.safi) {
            (Afi::IPV4, Safi::UNICAST | Safi::MULTICAST) => Some(Ipv4Routes::new(self.format.has_path_ids, self.rest)),
            _ => None,
        }
    }

    /// The same routes as IPv6 prefixes, faster; `None` if that is not what they are.
    #[inline]
    #[must_use]
    pub const fn ipv6(&self) -> Option<Ipv6Routes<'a>> {
        match (self.format.family.afi, self.format.family.safi) {
            (Afi::IPV6, Safi::UNICAST | Safi::MULTICAST) => Some(Ipv6Routes::new(self.format.has_path_ids, self.rest)),
            _ => None,
        }
    }

    /// Reads all, to see whether any is broken.
    ///
    /// # Errors
    /// What the first broken one has. [`Error::Truncated`] counts from the first byte of the routes.
    #[inline]
    pub fn check(&self) -> Result<(), Error> {
        let is_good = match (self.ipv4(), self.ipv6()) {
            (Some(routes), _) => routes.is_good(),
            (_, Some(routes)) => routes.is_good(),
            _ => false,
        };
        if is_good { Ok(()) } else { self.check_slowly() }
    }

    #[inline(never)]
    fn check_slowly(&self) -> Result<(), Error> {
        let mut reader = Reader::new(NLRI, self.rest);
        while !reader.is_empty() {
            if self.format.has_path_ids {
                reader.u32()?;
            }
            Nlri::read(self.format, &mut reader)?;
        }
        Ok(())
    }
}

impl<'a> Iterator for Routes<'a> {
    type Item = Route<'a>;

    #[inline]
    fn next(&mut self) -> Option<Route<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let mut reader = Reader::new(NLRI, self.rest);
        let path_id = if self.format.has_path_ids { Some(reader.u32().ok()?) } else { None };
        let nlri = Nlri::read(self.format, &mut reader).ok()?;
        self.rest = reader.rest();
        Some(Route { family: self.format.family, path_id, nlri })
    }
}

macro_rules! prefix_routes {
    ($routes:ident, $prefix:ident, $family:ident, $doc:literal) => {
        #[doc = $doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $routes<'a> {
            has_path_ids: bool,
            rest: &'a [u8],
        }

        impl<'a> $routes<'a> {
            #[inline]
            pub(crate) const fn new(has_path_ids: bool, bytes: &'a [u8]) -> Self {
                Self { has_path_ids, rest: bytes }
            }

            /// The same routes as those of any family are given.
            #[inline]
            #[must_use]
            pub const fn routes(&self) -> Routes<'a> {
                let format = RouteFormat::of(Family::$family);
                Routes::new(RouteFormat { has_path_ids: self.has_path_ids, ..format }, self.rest)
            }

            /// What was not read yet.
            #[inline]
            #[must_use]
            pub const fn as_bytes(&self) -> &'a [u8] {
                self.rest
            }

            #[inline]
            pub(crate) fn is_good(mut self) -> bool {
                self.by_ref().for_each(drop);
                self.rest.is_empty()
            }
        }

        impl Iterator for $routes<'_> {
            type Item = (Option<u32>, $prefix);

            #[inline(always)]
            fn next(&mut self) -> Option<Self::Item> {
                let (path_id, at) = match self.has_path_ids {
                    false => (None, self.rest),
                    true => {
                        let (path_id, at) = self.rest.split_first_chunk()?;
                        (Some(u32::from_be_bytes(*path_id)), at)
                    }
                };
                let (prefix, rest) = $prefix::split(at)?;
                self.rest = rest;
                Some((path_id, prefix))
            }
        }
    };
}

prefix_routes!(
    Ipv4Routes,
    Ipv4Prefix,
    IPV4_UNICAST,
    "IPv4 routes: path identifiers and prefixes. It ends at the first that is broken."
);
prefix_routes!(
    Ipv6Routes,
    Ipv6Prefix,
    IPV6_UNICAST,
    "IPv6 routes: path identifiers and prefixes. It ends at the first that is broken."
);
