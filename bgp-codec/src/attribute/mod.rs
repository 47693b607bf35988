//! Path attributes: what is told of routes (RFC 4271 §4.3).
//!
//! ```text
//!  0       8       16      24 or 32
//!  +-------+-------+-------+-----------------+
//!  | flags | type  | length| value …         |    the length has two bytes if the extended length flag is set
//!  +-------+-------+-------+-----------------+
//! ```
//!
//! | type | attribute | RFC | here |
//! | --- | --- | --- | --- |
//! | 1 | ORIGIN | 4271 §5.1.1 | [`origin`] |
//! | 2, 17 | AS_PATH, AS4_PATH | 4271 §5.1.2, 6793 | [`as_path`] |
//! | 3, 4, 5, 6, 35 | NEXT_HOP, MULTI_EXIT_DISC, LOCAL_PREF, ATOMIC_AGGREGATE, OTC | 4271 §5.1, 9234 §5 | a number each, in [`AttributeValue`] |
//! | 7, 18 | AGGREGATOR, AS4_AGGREGATOR | 4271 §5.1.7, 6793 | [`aggregator`] |
//! | 8, 32 | COMMUNITIES, LARGE_COMMUNITY | 1997, 8092 | [`community`] |
//! | 9, 10 | ORIGINATOR_ID, CLUSTER_LIST | 4456 §8 | [`reflection`] |
//! | 14, 15 | MP_REACH_NLRI, MP_UNREACH_NLRI | 4760 | [`mp_reach`] |
//! | 16, 25 | EXTENDED COMMUNITIES, their IPv6 form | 4360, 5701 | [`extended_community`] |
//! | 22 | PMSI_TUNNEL | 6514 §5 | [`pmsi_tunnel`] |
//! | 23 | Tunnel Encapsulation | 9012 | [`tunnel_encapsulation`] |
//! | 26 | AIGP | 7311 | [`aigp`] |
//! | 29 | BGP-LS | 9552 §5.3 | [`link_state`] |
//! | 33 | BGPsec_PATH | 8205 §3 | [`bgpsec_path`] |
//! | 38 | BFD Discriminator | 9026 §3.1.6 | [`bfd_discriminator`] |
//! | 40 | Prefix-SID | 8669, 9252 | [`prefix_sid`] |
//! | 128 | ATTR_SET | 6368 | [`AttributeValue::AttrSet`] |

use core::fmt;
use core::net::Ipv4Addr;

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, open_set};
use zerocopy::IntoBytes;

use crate::session::{AsSize, Negotiated};
use crate::tlv::{Shape, Tlvs};
use crate::wire::{Reader, exactly, length_must_be, list};

pub mod aggregator;
pub mod aigp;
pub mod as_path;
pub mod bfd_discriminator;
pub mod bgpsec_path;
pub mod community;
pub mod extended_community;
pub mod link_state;
pub mod mp_reach;
pub mod origin;
pub mod pmsi_tunnel;
pub mod prefix_sid;
pub mod reflection;
pub mod tunnel_encapsulation;

pub use aggregator::Aggregator;
pub use aigp::Aigp;
pub use as_path::{AsPath, Segment, SegmentType};
pub use bfd_discriminator::BfdDiscriminator;
pub use bgpsec_path::BgpsecPath;
pub use community::{Community, LargeCommunity};
pub use extended_community::{Administrator, ExtendedCommunity, Ipv6ExtendedCommunity};
pub use link_state::LinkStateAttribute;
pub use mp_reach::{MpReach, MpUnreach, NextHop};
pub use origin::Origin;
pub use pmsi_tunnel::PmsiTunnel;
pub use prefix_sid::PrefixSid;
pub use reflection::ClusterId;
pub use tunnel_encapsulation::TunnelEncapsulation;

/// An attribute of a type without a name, as an error names it.
pub const ATTRIBUTE: LayerName = LayerName::new("path attribute");

macro_rules! attribute_types {
    ($($(#[$doc:meta])* $name:ident = $value:literal, $text:literal, $flags:ident;)*) => {
        open_set! {
            /// An attribute's type.
            pub struct AttributeType(u8) {
                $($(#[$doc])* $name = $value, $text;)*
            }
        }

        impl AttributeType {
            /// The attribute, as an error names it.
            #[must_use]
            pub const fn layer(self) -> LayerName {
                match self {
                    $(Self::$name => LayerName::new($text),)*
                    _ => ATTRIBUTE,
                }
            }

            /// Whether it is one of those named here.
            #[inline]
            #[must_use]
            pub const fn is_known(self) -> bool {
                matches!(self, $(Self::$name)|*)
            }

            /// The Optional and Transitive flags that its RFC gives it; `None` if it is not known.
            #[inline]
            #[must_use]
            pub const fn flags(self) -> Option<AttributeFlags> {
                match self {
                    $(Self::$name => Some(AttributeFlags::$flags),)*
                    _ => None,
                }
            }
        }
    };
}

attribute_types! {
    /// Where a route came from.
    ORIGIN = 1, "ORIGIN", WELL_KNOWN;
    /// The ASes that it went through.
    AS_PATH = 2, "AS_PATH", WELL_KNOWN;
    /// Where packets go next.
    NEXT_HOP = 3, "NEXT_HOP", WELL_KNOWN;
    /// Which of several links to an AS is preferred: the least.
    MULTI_EXIT_DISC = 4, "MULTI_EXIT_DISC", OPTIONAL;
    /// Which of several routes is preferred inside of an AS: the highest.
    LOCAL_PREF = 5, "LOCAL_PREF", WELL_KNOWN;
    /// Something of the path was left out.
    ATOMIC_AGGREGATE = 6, "ATOMIC_AGGREGATE", WELL_KNOWN;
    /// Who formed an aggregate.
    AGGREGATOR = 7, "AGGREGATOR", OPTIONAL_TRANSITIVE;
    /// Communities: what a route is marked with.
    COMMUNITIES = 8, "COMMUNITIES", OPTIONAL_TRANSITIVE;
    /// Who brought a reflected route in.
    ORIGINATOR_ID = 9, "ORIGINATOR_ID", OPTIONAL;
    /// The clusters that reflected it.
    CLUSTER_LIST = 10, "CLUSTER_LIST", OPTIONAL;
    /// Routes of any family, announced.
    MP_REACH_NLRI = 14, "MP_REACH_NLRI", OPTIONAL;
    /// Routes of any family, withdrawn.
    MP_UNREACH_NLRI = 15, "MP_UNREACH_NLRI", OPTIONAL;
    /// Communities of 8 bytes, each with a type: route targets and others.
    EXTENDED_COMMUNITIES = 16, "EXTENDED COMMUNITIES", OPTIONAL_TRANSITIVE;
    /// The path with 4-octet AS numbers, past speakers that know two.
    AS4_PATH = 17, "AS4_PATH", OPTIONAL_TRANSITIVE;
    /// The aggregator with a 4-octet AS number.
    AS4_AGGREGATOR = 18, "AS4_AGGREGATOR", OPTIONAL_TRANSITIVE;
    /// The tunnel for multicast.
    PMSI_TUNNEL = 22, "PMSI_TUNNEL", OPTIONAL_TRANSITIVE;
    /// How packets are encapsulated.
    TUNNEL_ENCAPSULATION = 23, "Tunnel Encapsulation", OPTIONAL_TRANSITIVE;
    /// Communities of 20 bytes with an IPv6 address.
    IPV6_EXTENDED_COMMUNITIES = 25, "IPv6 EXTENDED COMMUNITIES", OPTIONAL_TRANSITIVE;
    /// The sum of IGP metrics.
    AIGP = 26, "AIGP", OPTIONAL;
    /// What is told of an IGP's nodes, links and prefixes.
    LINK_STATE = 29, "BGP-LS", OPTIONAL;
    /// Communities of three 4-byte numbers.
    LARGE_COMMUNITY = 32, "LARGE_COMMUNITY", OPTIONAL_TRANSITIVE;
    /// The path with signatures.
    BGPSEC_PATH = 33, "BGPsec_PATH", OPTIONAL;
    /// The AS behind which a route only goes to customers.
    ONLY_TO_CUSTOMER = 35, "Only to Customer", OPTIONAL_TRANSITIVE;
    /// Which BFD session watches a tunnel.
    BFD_DISCRIMINATOR = 38, "BFD Discriminator", OPTIONAL_TRANSITIVE;
    /// Segment routing's label or SRv6 service.
    PREFIX_SID = 40, "Prefix-SID", OPTIONAL_TRANSITIVE;
    /// A customer's attributes, through a provider's network.
    ATTR_SET = 128, "ATTR_SET", OPTIONAL_TRANSITIVE;
}

/// An attribute's flags.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct AttributeFlags(pub u8);

impl AttributeFlags {
    /// Every speaker knows it.
    //= RFC 4271 §4.3/well-known-transitive, §4.3/partial, §4.3/unused-flags-zero
    pub const WELL_KNOWN: Self = Self(0x40);
    /// Not every speaker knows it, and one that does not drops it.
    pub const OPTIONAL: Self = Self(0x80);
    /// Not every speaker knows it, and one that does not passes it on.
    pub const OPTIONAL_TRANSITIVE: Self = Self(0xc0);

    /// Whether not every speaker knows it.
    #[inline]
    #[must_use]
    pub const fn is_optional(self) -> bool {
        self.0 & 0x80 != 0
    }

    /// Whether a speaker passes it on.
    #[inline]
    #[must_use]
    pub const fn is_transitive(self) -> bool {
        self.0 & 0x40 != 0
    }

    /// Whether a speaker that did not know it has passed it on.
    #[inline]
    #[must_use]
    pub const fn is_partial(self) -> bool {
        self.0 & 0x20 != 0
    }

    /// Whether the length has two bytes.
    #[inline]
    #[must_use]
    pub const fn is_extended(self) -> bool {
        self.0 & 0x10 != 0
    }

    /// The same with the Partial flag.
    #[must_use]
    pub const fn partial(self) -> Self {
        Self(self.0 | 0x20)
    }

    /// Whether the two flags that an attribute's RFC gives it are the same in both.
    #[inline]
    #[must_use]
    //= RFC 4271 §4.3/unused-flags-ignored
    pub const fn is_same_category(self, other: Self) -> bool {
        (self.0 ^ other.0) & 0xc0 == 0
    }
}

impl fmt::Debug for AttributeFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#04x}", self.0)
    }
}

/// One attribute, its value not read yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Attribute<'a> {
    /// The flags.
    pub flags: AttributeFlags,
    /// The type.
    pub kind: AttributeType,
    /// The value.
    pub value: &'a [u8],
    /// Where it begins, in bytes from the message's marker.
    pub offset: usize,
}

impl<'a> Attribute<'a> {
    /// How many bytes it takes, flags, type and length included.
    #[inline]
    #[must_use]
    pub const fn wire_len(&self) -> usize {
        self.value.len() + if self.flags.is_extended() { 4 } else { 3 }
    }

    /// Reads the value.
    ///
    /// # Errors
    /// What is wrong with the value: see each attribute's file. What that means for the UPDATE is worked out in
    /// [`validate`](crate::validate).
    #[inline]
    pub fn parse(&self, session: &Negotiated) -> Result<AttributeValue<'a>, Error> {
        AttributeValue::parse(self.kind, self.value, session)
    }

    /// Writes it as it is: with its own flags, and with two bytes for the length only if the flags say so or it needs them.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] over 65535 bytes.
    #[inline]
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        write_header(self.flags, self.kind, self.value.len(), to)?;
        to.put(self.value)?;
        Ok(())
    }
}

/// Writes flags, type and length. Two bytes of length if the flags have that bit, or they are needed.
#[inline]
pub(crate) fn write_header(
    flags: AttributeFlags,
    kind: AttributeType,
    len: usize,
    to: &mut Writer<'_>,
) -> Result<(), Error> {
    match u8::try_from(len) {
        //= RFC 4271 §4.3/extended-length
        Ok(len) if !flags.is_extended() => to.put(&[flags.0, kind.0, len])?,
        _ => {
            let rule = ether_ip::Rule::AtMost(65_535);
            let long = u16::try_from(len);
            let long =
                long.map_err(|_| Error::Unbuildable { layer: kind.layer(), field: "length", value: len, rule })?;
            let [high, low] = long.to_be_bytes();
            to.put(&[flags.0 | 0x10, kind.0, high, low])?
        }
    };
    Ok(())
}

/// Attributes back to back. An iterator over them; it ends at the first that is cut, and [`rest`](Self::rest) is what was
/// not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Attributes<'a> {
    rest: &'a [u8],
    /// The offset of the end, from which that of each attribute is counted.
    end: usize,
}

impl<'a> Attributes<'a> {
    /// Attributes, not checked. `offset` is where they begin.
    #[inline]
    #[must_use]
    pub const fn new(bytes: &'a [u8], offset: usize) -> Self {
        Self { rest: bytes, end: offset.wrapping_add(bytes.len()) }
    }

    /// What was not read yet, as bytes.
    #[inline]
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.rest
    }

    /// Where the next one begins.
    #[inline]
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.end.wrapping_sub(self.rest.len())
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Attribute<'a>;

    #[inline(always)]
    fn next(&mut self) -> Option<Attribute<'a>> {
        let &[flags, kind, short, ref behind @ ..] = self.rest else {
            return None;
        };
        let flags = AttributeFlags(flags);
        let (len, behind) = match flags.is_extended() {
            false => (usize::from(short), behind),
            true => {
                let (&low, behind) = behind.split_first()?;
                (usize::from(u16::from_be_bytes([short, low])), behind)
            }
        };
        let (value, rest) = behind.split_at_checked(len)?;
        let offset = self.offset();
        self.rest = rest;
        Some(Attribute { flags, kind: AttributeType(kind), value, offset })
    }
}

/// Someone who takes a value: see [`AttributeValue::parse_for`].
pub(crate) trait Take<'a> {
    type Taken;
    fn take(self, value: AttributeValue<'a>) -> Self::Taken;
}

/// Takes a value to keep it.
struct Keep;

impl<'a> Take<'a> for Keep {
    type Taken = AttributeValue<'a>;

    #[inline(always)]
    fn take(self, value: AttributeValue<'a>) -> AttributeValue<'a> {
        value
    }
}

/// An attribute's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AttributeValue<'a> {
    /// Where a route came from.
    Origin(Origin),
    /// The ASes that it went through.
    AsPath(AsPath<'a>),
    /// Where packets go next.
    NextHop(Ipv4Addr),
    /// Which of several links to an AS is preferred: the least.
    MultiExitDisc(u32),
    /// Which of several routes is preferred inside of an AS: the highest.
    LocalPref(u32),
    /// Something of the path was left out.
    AtomicAggregate,
    /// Who formed an aggregate.
    Aggregator(Aggregator),
    /// Communities: what a route is marked with.
    Communities(&'a [Community]),
    /// Who brought a reflected route in.
    OriginatorId(Ipv4Addr),
    /// The clusters that reflected it, the last first.
    ClusterList(&'a [ClusterId]),
    /// Routes of any family, announced.
    MpReach(MpReach<'a>),
    /// Routes of any family, withdrawn.
    MpUnreach(MpUnreach<'a>),
    /// Communities of 8 bytes, each with a type: route targets and others.
    ExtendedCommunities(&'a [ExtendedCommunity]),
    /// The path with 4-octet AS numbers.
    As4Path(AsPath<'a>),
    /// The aggregator with a 4-octet AS number.
    As4Aggregator(Aggregator),
    /// The tunnel for multicast.
    PmsiTunnel(PmsiTunnel<'a>),
    /// How packets are encapsulated.
    TunnelEncapsulation(TunnelEncapsulation<'a>),
    /// Communities of 20 bytes with an IPv6 address.
    Ipv6ExtendedCommunities(&'a [Ipv6ExtendedCommunity]),
    /// The sum of IGP metrics.
    Aigp(Aigp<'a>),
    /// What is told of an IGP's node, link or prefix: see [`LinkStateAttribute`].
    LinkState(Tlvs<'a>),
    /// Communities of three 4-byte numbers.
    LargeCommunities(&'a [LargeCommunity]),
    /// The path with signatures.
    BgpsecPath(BgpsecPath<'a>),
    /// The AS behind which a route only goes to customers.
    OnlyToCustomer(u32),
    /// Which BFD session watches a tunnel.
    BfdDiscriminator(BfdDiscriminator<'a>),
    /// Segment routing's label or SRv6 service.
    PrefixSid(PrefixSid<'a>),
    /// A customer's attributes, through a provider's network (RFC 6368 §5).
    AttrSet {
        /// The customer's AS.
        origin_as: u32,
        /// The attributes, in which AS numbers have four bytes.
        attributes: Attributes<'a>,
    },
    /// One that is not known.
    Other {
        /// The type.
        kind: AttributeType,
        /// The value.
        value: &'a [u8],
    },
}

impl<'a> AttributeValue<'a> {
    /// The type.
    #[must_use]
    pub const fn kind(&self) -> AttributeType {
        match *self {
            Self::Origin(_) => AttributeType::ORIGIN,
            Self::AsPath(_) => AttributeType::AS_PATH,
            Self::NextHop(_) => AttributeType::NEXT_HOP,
            Self::MultiExitDisc(_) => AttributeType::MULTI_EXIT_DISC,
            Self::LocalPref(_) => AttributeType::LOCAL_PREF,
            Self::AtomicAggregate => AttributeType::ATOMIC_AGGREGATE,
            Self::Aggregator(_) => AttributeType::AGGREGATOR,
            Self::Communities(_) => AttributeType::COMMUNITIES,
            Self::OriginatorId(_) => AttributeType::ORIGINATOR_ID,
            Self::ClusterList(_) => AttributeType::CLUSTER_LIST,
            Self::MpReach(_) => AttributeType::MP_REACH_NLRI,
            Self::MpUnreach(_) => AttributeType::MP_UNREACH_NLRI,
            Self::ExtendedCommunities(_) => AttributeType::EXTENDED_COMMUNITIES,
            Self::As4Path(_) => AttributeType::AS4_PATH,
            Self::As4Aggregator(_) => AttributeType::AS4_AGGREGATOR,
            Self::PmsiTunnel(_) => AttributeType::PMSI_TUNNEL,
            Self::TunnelEncapsulation(_) => AttributeType::TUNNEL_ENCAPSULATION,
            Self::Ipv6ExtendedCommunities(_) => AttributeType::IPV6_EXTENDED_COMMUNITIES,
            Self::Aigp(_) => AttributeType::AIGP,
            Self::LinkState(_) => AttributeType::LINK_STATE,
            Self::LargeCommunities(_) => AttributeType::LARGE_COMMUNITY,
            Self::BgpsecPath(_) => AttributeType::BGPSEC_PATH,
            Self::OnlyToCustomer(_) => AttributeType::ONLY_TO_CUSTOMER,
            Self::BfdDiscriminator(_) => AttributeType::BFD_DISCRIMINATOR,
            Self::PrefixSid(_) => AttributeType::PREFIX_SID,
            Self::AttrSet { .. } => AttributeType::ATTR_SET,
            Self::Other { kind, .. } => kind,
        }
    }

    /// Reads an attribute's value.
    ///
    /// # Errors
    /// As [`Attribute::parse`].
    #[inline]
    pub fn parse(kind: AttributeType, bytes: &'a [u8], session: &Negotiated) -> Result<Self, Error> {
        Self::parse_for(kind, bytes, session, Keep)
    }

    /// Reads an attribute's value for someone who takes it. Each type's value is given on a path of its own, so that what is
    /// done with it is worked out for that type, and the value is not put together in memory to be taken apart again.
    #[inline(always)]
    pub(crate) fn parse_for<T: Take<'a>>(
        kind: AttributeType,
        bytes: &'a [u8],
        session: &Negotiated,
        taker: T,
    ) -> Result<T::Taken, Error> {
        let layer = kind.layer();
        let number = |bytes| exactly::<4>(layer, bytes).map(u32::from_be_bytes);
        Ok(match kind {
            AttributeType::ORIGIN => {
                let [byte] = exactly::<1>(layer, bytes)?;
                taker.take(Self::Origin(Origin::from_byte(byte).ok_or_else(|| invalid_origin(layer, byte))?))
            }
            AttributeType::AS_PATH => taker.take(Self::AsPath(AsPath::parse(layer, session.as_size(), bytes)?)),
            AttributeType::NEXT_HOP => taker.take(Self::NextHop(exactly::<4>(layer, bytes)?.into())),
            AttributeType::MULTI_EXIT_DISC => taker.take(Self::MultiExitDisc(number(bytes)?)),
            AttributeType::LOCAL_PREF => taker.take(Self::LocalPref(number(bytes)?)),
            AttributeType::ATOMIC_AGGREGATE => {
                exactly::<0>(layer, bytes)?;
                taker.take(Self::AtomicAggregate)
            }
            AttributeType::AGGREGATOR => {
                taker.take(Self::Aggregator(Aggregator::parse(layer, session.as_size(), bytes)?))
            }
            AttributeType::COMMUNITIES => taker.take(Self::Communities(list(layer, bytes)?)),
            AttributeType::ORIGINATOR_ID => taker.take(Self::OriginatorId(exactly::<4>(layer, bytes)?.into())),
            AttributeType::CLUSTER_LIST => taker.take(Self::ClusterList(list(layer, bytes)?)),
            AttributeType::MP_REACH_NLRI => taker.take(Self::MpReach(MpReach::parse(bytes, session)?)),
            AttributeType::MP_UNREACH_NLRI => taker.take(Self::MpUnreach(MpUnreach::parse(bytes, session)?)),
            AttributeType::EXTENDED_COMMUNITIES => taker.take(Self::ExtendedCommunities(list(layer, bytes)?)),
            AttributeType::LARGE_COMMUNITY => taker.take(Self::LargeCommunities(list(layer, bytes)?)),
            AttributeType::ONLY_TO_CUSTOMER => taker.take(Self::OnlyToCustomer(number(bytes)?)),
            _ => taker.take(Self::parse_rare(kind, bytes)?),
        })
    }

    /// What is seldom seen, out of the way of what is not.
    #[inline(never)]
    fn parse_rare(kind: AttributeType, bytes: &'a [u8]) -> Result<Self, Error> {
        let layer = kind.layer();
        Ok(match kind {
            AttributeType::AS4_PATH => Self::As4Path(AsPath::parse(layer, AsSize::Four, bytes)?),
            AttributeType::AS4_AGGREGATOR => Self::As4Aggregator(Aggregator::parse(layer, AsSize::Four, bytes)?),
            AttributeType::PMSI_TUNNEL => Self::PmsiTunnel(PmsiTunnel::parse(bytes)?),
            AttributeType::TUNNEL_ENCAPSULATION => Self::TunnelEncapsulation(TunnelEncapsulation::parse(bytes)?),
            AttributeType::IPV6_EXTENDED_COMMUNITIES => Self::Ipv6ExtendedCommunities(list(layer, bytes)?),
            AttributeType::AIGP => Self::Aigp(Aigp::parse(bytes)?),
            AttributeType::LINK_STATE => Self::LinkState(Tlvs::parse(layer, Shape::Word, bytes)?),
            AttributeType::BGPSEC_PATH => Self::BgpsecPath(BgpsecPath::parse(bytes)?),
            AttributeType::BFD_DISCRIMINATOR => Self::BfdDiscriminator(BfdDiscriminator::parse(bytes)?),
            AttributeType::PREFIX_SID => Self::PrefixSid(PrefixSid::parse(bytes)?),
            AttributeType::ATTR_SET => {
                let mut reader = Reader::new(layer, bytes);
                let origin_as = reader.u32()?;
                let attributes = Attributes::new(reader.rest(), 0);
                let mut all = attributes;
                all.by_ref().for_each(drop);
                if !all.as_bytes().is_empty() {
                    let rule = ether_ip::Rule::AtMost((bytes.len() - all.as_bytes().len()) as u32);
                    return Err(length_must_be(layer, bytes.len(), rule));
                }
                Self::AttrSet { origin_as, attributes }
            }
            _ => Self::Other { kind, value: bytes },
        })
    }

    /// Writes the whole attribute: the flags that its RFC gives it, type, length, value. AS numbers have `size` bytes.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if the value exceeds 65535 bytes.
    pub fn write(&self, size: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        let flags = self.kind().flags().unwrap_or(AttributeFlags::OPTIONAL_TRANSITIVE);
        self.write_with(flags, size, to)
    }

    /// The same with flags of the caller's.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn write_with(&self, flags: AttributeFlags, size: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        let start = to.len();
        if !flags.is_extended() {
            to.put(&[flags.0, self.kind().0, 0])?;
            self.write_value(size, to)?;
            // Nearly always one byte of length is enough, which is known now.
            if let Ok(len) = u8::try_from(to.len() - start - 3) {
                to.set(start + 2, len);
                return Ok(());
            }
            to.truncate(start);
        }
        let mut count = Writer::count(to.layer());
        self.write_value(size, &mut count)?;
        write_header(flags, self.kind(), count.len(), to)?;
        self.write_value(size, to)
    }

    /// Writes the value alone.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn write_value(&self, size: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        match self {
            Self::Origin(origin) => to.u8(*origin as u8)?,
            Self::AsPath(path) => return path.write(size, to),
            Self::As4Path(path) => return path.write(AsSize::Four, to),
            Self::NextHop(address) | Self::OriginatorId(address) => to.put(&address.octets())?,
            Self::MultiExitDisc(number) | Self::LocalPref(number) | Self::OnlyToCustomer(number) => to.u32(*number)?,
            Self::AtomicAggregate => to,
            Self::Aggregator(aggregator) => {
                as_path::write_as(aggregator.as_number, size, to)?;
                to.put(&aggregator.identifier.octets())?
            }
            Self::As4Aggregator(aggregator) => to.u32(aggregator.as_number)?.put(&aggregator.identifier.octets())?,
            Self::Communities(communities) => to.put(communities.as_bytes())?,
            Self::ClusterList(clusters) => to.put(clusters.as_bytes())?,
            Self::MpReach(reach) => return reach.write(to),
            Self::MpUnreach(unreach) => return unreach.write(to),
            Self::ExtendedCommunities(communities) => to.put(communities.as_bytes())?,
            Self::PmsiTunnel(tunnel) => return tunnel.write(to),
            Self::TunnelEncapsulation(tunnels) => to.put(tunnels.as_bytes())?,
            Self::Ipv6ExtendedCommunities(communities) => to.put(communities.as_bytes())?,
            Self::Aigp(aigp) => to.put(aigp.tlvs.as_bytes())?,
            Self::LinkState(tlvs) => to.put(tlvs.as_bytes())?,
            Self::LargeCommunities(communities) => to.put(communities.as_bytes())?,
            Self::BgpsecPath(path) => to.put(path.as_bytes())?,
            Self::BfdDiscriminator(bfd) => to.u8(bfd.mode)?.u32(bfd.discriminator)?.put(bfd.tlvs.as_bytes())?,
            Self::PrefixSid(sid) => to.put(sid.tlvs.as_bytes())?,
            Self::AttrSet { origin_as, attributes } => to.u32(*origin_as)?.put(attributes.as_bytes())?,
            Self::Other { value, .. } => to.put(value)?,
        };
        Ok(())
    }
}

#[cold]
fn invalid_origin(layer: LayerName, byte: u8) -> Error {
    Error::Malformed { layer, field: "value", value: u32::from(byte), rule: ether_ip::Rule::AtMost(2) }
}

/// Items with a space between.
fn spaced<T: fmt::Display>(items: impl IntoIterator<Item = T>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    items.into_iter().enumerate().try_for_each(|(n, item)| write!(f, "{}{item}", if n == 0 { "" } else { " " }))
}

impl fmt::Display for AttributeValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Origin(origin) => origin.fmt(f),
            Self::AsPath(path) | Self::As4Path(path) => path.fmt(f),
            Self::NextHop(address) | Self::OriginatorId(address) => address.fmt(f),
            Self::MultiExitDisc(number) | Self::LocalPref(number) | Self::OnlyToCustomer(number) => number.fmt(f),
            Self::AtomicAggregate => Ok(()),
            Self::Aggregator(aggregator) | Self::As4Aggregator(aggregator) => aggregator.fmt(f),
            Self::Communities(communities) => spaced(*communities, f),
            Self::ClusterList(clusters) => spaced(*clusters, f),
            Self::MpReach(reach) => {
                write!(f, "{} next hop {}: ", reach.family, reach.next_hop())?;
                spaced(reach.routes, f)
            }
            Self::MpUnreach(unreach) => {
                write!(f, "{}: ", unreach.family)?;
                spaced(unreach.routes, f)
            }
            Self::ExtendedCommunities(communities) => spaced(*communities, f),
            Self::PmsiTunnel(tunnel) => tunnel.fmt(f),
            Self::TunnelEncapsulation(tunnels) => spaced(*tunnels, f),
            Self::Ipv6ExtendedCommunities(communities) => spaced(*communities, f),
            Self::Aigp(aigp) => match aigp.metric() {
                Some(metric) => metric.fmt(f),
                None => spaced(aigp.tlvs, f),
            },
            Self::LinkState(tlvs) => tlvs.into_iter().enumerate().try_for_each(|(n, tlv)| {
                write!(f, "{}{}=", if n == 0 { "" } else { " " }, LinkStateAttribute(tlv.kind))?;
                crate::nlri::hex(tlv.value, f)
            }),
            Self::LargeCommunities(communities) => spaced(*communities, f),
            Self::BgpsecPath(path) => spaced(path.segments.iter().map(|segment| segment.as_number()), f),
            Self::BfdDiscriminator(bfd) => write!(f, "mode {} discriminator {}", bfd.mode, bfd.discriminator),
            Self::PrefixSid(sid) => sid.fmt(f),
            Self::AttrSet { origin_as, attributes } => {
                write!(f, "{origin_as}")?;
                attributes.into_iter().try_for_each(|attribute| {
                    write!(f, " {}=", attribute.kind)?;
                    crate::nlri::hex(attribute.value, f)
                })
            }
            Self::Other { value, .. } => crate::nlri::hex(value, f),
        }
    }
}
