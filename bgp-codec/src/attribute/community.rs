//! COMMUNITIES (RFC 1997) and LARGE_COMMUNITY (RFC 8092): labels that operators put on routes.
//!
//! ```text
//!  0               16              32                              64                              96
//!  +---------------+---------------+
//!  | AS            | number        |
//!  +---------------+---------------+-------------------------------+-------------------------------+
//!  | global administrator: an AS   | local data, part 1            | local data, part 2            |
//!  +-------------------------------+-------------------------------+-------------------------------+
//! ```

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName};
use zerocopy::network_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::body::{Body, spaced};
use crate::session::Negotiated;
use crate::value::as_number::AsSize;
use crate::wire::list;

/// A community.
#[derive(Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(transparent)]
pub struct Community(U32);

macro_rules! well_known {
    ($($(#[$doc:meta])* $name:ident = $value:literal, $text:literal;)*) => {
        impl Community {
            $($(#[$doc])* pub const $name: Self = Self(U32::new($value));)*

            /// Its name, if it is a well-known one.
            #[must_use]
            pub const fn name(self) -> Option<&'static str> {
                match self.0.get() {
                    $($value => Some($text),)*
                    _ => None,
                }
            }
        }
    };
}

well_known! {
    /// Traffic is to leave before a shutdown (RFC 8326).
    GRACEFUL_SHUTDOWN = 0xffff_0000, "graceful-shutdown";
    /// A route may be accepted although it goes back to where it came from (RFC 7611).
    ACCEPT_OWN = 0xffff_0001, "accept-own";
    /// Translated route targets filter, VPNv4 (draft-l3vpn-legacy-rtc).
    ROUTE_FILTER_TRANSLATED_V4 = 0xffff_0002, "route-filter-translated-v4";
    /// Route targets filter, VPNv4.
    ROUTE_FILTER_V4 = 0xffff_0003, "route-filter-v4";
    /// Translated route targets filter, VPNv6.
    ROUTE_FILTER_TRANSLATED_V6 = 0xffff_0004, "route-filter-translated-v6";
    /// Route targets filter, VPNv6.
    ROUTE_FILTER_V6 = 0xffff_0005, "route-filter-v6";
    /// Stale for long (RFC 9494).
    LLGR_STALE = 0xffff_0006, "llgr-stale";
    /// Not to be kept for long (RFC 9494).
    NO_LLGR = 0xffff_0007, "no-llgr";
    /// An accept-own route's next hop (draft-agrewal-idr-accept-own-nexthop).
    ACCEPT_OWN_NEXT_HOP = 0xffff_0008, "accept-own-nexthop";
    /// A standby path (RFC 9026).
    STANDBY_PE = 0xffff_0009, "standby-pe";
    /// Traffic is to be dropped (RFC 7999).
    BLACKHOLE = 0xffff_029a, "blackhole";
    /// To nobody outside of the confederation or AS (RFC 1997).
    NO_EXPORT = 0xffff_ff01, "no-export";
    /// To nobody (RFC 1997).
    NO_ADVERTISE = 0xffff_ff02, "no-advertise";
    /// To nobody outside of the member AS (RFC 1997).
    NO_EXPORT_SUBCONFED = 0xffff_ff03, "no-export-subconfed";
    /// To no bilateral peer (RFC 3765).
    NO_PEER = 0xffff_ff04, "no-peer";
}

impl Community {
    /// A community of an AS.
    #[must_use]
    pub const fn new(as_number: u16, number: u16) -> Self {
        Self(U32::new((as_number as u32) << 16 | number as u32))
    }

    /// All 32 bits.
    #[inline]
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0.get()
    }

    /// The AS whose it is.
    #[must_use]
    pub const fn as_number(self) -> u16 {
        (self.0.get() >> 16) as u16
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0.get() as u16
    }
}

impl From<u32> for Community {
    fn from(value: u32) -> Self {
        Self(U32::new(value))
    }
}

impl fmt::Display for Community {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "{}:{}", self.as_number(), self.number()),
        }
    }
}

impl fmt::Debug for Community {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A large community.
#[derive(Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct LargeCommunity {
    global: U32,
    local_1: U32,
    local_2: U32,
}

impl LargeCommunity {
    /// A large community of an AS.
    #[must_use]
    pub const fn new(global: u32, local_1: u32, local_2: u32) -> Self {
        Self { global: U32::new(global), local_1: U32::new(local_1), local_2: U32::new(local_2) }
    }

    /// The AS whose it is.
    #[must_use]
    pub const fn global(&self) -> u32 {
        self.global.get()
    }

    /// The two numbers.
    #[must_use]
    pub const fn local(&self) -> (u32, u32) {
        (self.local_1.get(), self.local_2.get())
    }
}

impl fmt::Display for LargeCommunity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.global, self.local_1, self.local_2)
    }
}

impl fmt::Debug for LargeCommunity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Large communities, each once: a second one that is the same is dropped on receipt, and not sent (RFC 8092 §3).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct LargeCommunities<'a>(&'a [LargeCommunity]);

impl<'a> LargeCommunities<'a> {
    /// Large communities, among which one may stand twice.
    #[inline]
    #[must_use]
    pub const fn new(all: &'a [LargeCommunity]) -> Self {
        Self(all)
    }

    /// As they stand on the wire, the repeated ones too.
    #[inline]
    #[must_use]
    pub const fn as_slice(&self) -> &'a [LargeCommunity] {
        self.0
    }

    /// Each once, in the order in which they stand.
    pub fn iter(&self) -> impl Iterator<Item = &'a LargeCommunity> + use<'a> {
        let all = self.0;
        let is_first = move |(n, community): &(usize, &LargeCommunity)| !all.iter().take(*n).any(|of| of == *community);
        all.iter().enumerate().filter(is_first).map(|(_, community)| community)
    }

    /// Whether one stands there twice.
    #[must_use]
    pub fn has_repeated(&self) -> bool {
        let mut rest = self.0;
        while let [one, behind @ ..] = rest {
            if behind.contains(one) {
                return true;
            }
            rest = behind;
        }
        false
    }
}

impl fmt::Debug for LargeCommunities<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'a> Body<'a> for LargeCommunities<'a> {
    #[inline]
    fn read(layer: LayerName, bytes: &'a [u8], _: &Negotiated) -> Result<Self, Error> {
        list(layer, bytes).map(Self)
    }

    fn write(&self, _: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        //= RFC 8092 §3/once
        self.iter().try_for_each(|community| to.write_all(&[community.as_bytes()]))
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        spaced(self.0, f)
    }
}
