//! Capabilities: what a speaker tells in its OPEN that it can do (RFC 5492).
//!
//! ```text
//!  0       8       16
//!  +-------+-------+-----------------+
//!  | code  | length| value …         |
//!  +-------+-------+-----------------+
//! ```
//!
//! | code | capability | RFC | here |
//! | --- | --- | --- | --- |
//! | 1 | multiprotocol extensions | 4760 §8 | [`Capability::Multiprotocol`] |
//! | 2, 70 | route refresh, enhanced | 2918 §2, 7313 §3.1 | [`Capability::RouteRefresh`], [`Capability::EnhancedRouteRefresh`] |
//! | 3 | outbound route filtering | 5291 §5 | [`orf`] |
//! | 5 | extended next hop encoding | 8950 §4 | [`extended_next_hop`] |
//! | 6 | extended message | 8654 §3 | [`Capability::ExtendedMessage`] |
//! | 7 | BGPsec | 8205 §2.1 | [`Capability::Bgpsec`] |
//! | 8 | multiple labels | 8277 §2.1 | [`multiple_labels`] |
//! | 9 | role | 9234 §4.1 | [`Role`] |
//! | 64 | graceful restart | 4724 §3, 8538 §2 | [`graceful_restart`] |
//! | 65 | 4-octet AS numbers | 6793 §3 | [`Capability::FourOctetAs`] |
//! | 67 | dynamic capability | draft-ietf-idr-dynamic-cap | [`Capability::Dynamic`] |
//! | 68 | multisession | draft-ietf-idr-bgp-multisession | [`Capability::Multisession`] |
//! | 69 | ADD-PATH | 7911 §4 | [`add_path`] |
//! | 71 | long-lived graceful restart | 9494 §3.1 | [`graceful_restart`] |
//! | 73 | FQDN | draft-walton-bgp-hostname-capability | [`Capability::Fqdn`] |
//! | 75 | software version | draft-ietf-idr-bgp-software-version | [`Capability::SoftwareVersion`] |
//! | 76 | paths limit | draft-abraitis-idr-addpath-paths-limit | [`add_path`] |
//!
//! A capability whose value has another length than its RFC gives it is handed out as [`Capability::Other`] and so has
//! no effect: a speaker ignores what it does not understand (RFC 5492 §3).

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, open_set};

use crate::family::{Afi, Family};
use crate::wire::{Reader, items};

pub mod add_path;
pub mod extended_next_hop;
pub mod graceful_restart;
pub mod multiple_labels;
pub mod orf;
mod words;

pub use add_path::{AddPathFamily, AddPathMode, PathsLimit};
pub use extended_next_hop::ExtendedNextHop;
pub use graceful_restart::{GracefulRestart, LongLivedFamily, RestartFamily};
pub use multiple_labels::LabelsFamily;
pub use orf::{OrfDirection, OrfFamilies, OrfFamily, OrfMode};

pub use crate::value::role::{self, Role};

/// A capability, as an error names it.
pub const CAPABILITY: LayerName = LayerName::new("BGP capability");

/// What is made of the table: the codes, and the sum of the capabilities that are known.
macro_rules! capabilities {
    (
        known { $(
            $(#[$doc:meta])*
            $name:ident = $value:literal, $text:literal, $variant:ident $(($of:ty))? $({ $($fields:tt)* })?;
        )* }
        named { $($(#[$named_doc:meta])* $named:ident = $named_value:literal, $named_text:literal;)* }
    ) => {
        open_set! {
            /// A capability's code.
            pub struct CapabilityCode(u8) {
                $($(#[$doc])* $name = $value, $text;)*
                $($(#[$named_doc])* $named = $named_value, $named_text;)*
            }
        }

        /// One capability.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Capability<'a> {
            $($(#[$doc])* $variant $(($of))? $({ $($fields)* })?,)*
            /// One that is not known here, or whose value has another length than its RFC gives it.
            Other {
                /// The code.
                code: CapabilityCode,
                /// The value.
                value: &'a [u8],
            },
        }

        impl CapabilityCode {
            /// Whether its value is read here.
            pub(crate) const fn is_read(self) -> bool {
                matches!(self, $(Self::$name)|*)
            }
        }

        impl Capability<'_> {
            /// The code.
            #[must_use]
            pub const fn code(&self) -> CapabilityCode {
                match *self {
                    $(Self::$variant { .. } => CapabilityCode::$name,)*
                    Self::Other { code, .. } => code,
                }
            }
        }
    };
}

capabilities! {
    known {
        /// Routes of a family can be exchanged.
        MULTIPROTOCOL = 1, "multiprotocol", Multiprotocol {
            /// The family.
            family: Family,
            /// The reserved byte: zero.
            reserved: u8,
        };
        /// Routes are sent again when asked for.
        ROUTE_REFRESH = 2, "route refresh", RouteRefresh;
        /// Filters that the peer applies before it sends.
        ORF = 3, "outbound route filtering", Orf(OrfFamilies<'a>);
        /// IPv4 routes with IPv6 next hops.
        EXTENDED_NEXT_HOP = 5, "extended next hop", ExtendedNextHop(&'a [ExtendedNextHop]);
        /// Messages up to 65535 bytes.
        EXTENDED_MESSAGE = 6, "extended message", ExtendedMessage;
        /// BGPsec: version and direction, and the family.
        BGPSEC = 7, "BGPsec", Bgpsec {
            /// Version (high nibble), direction (bit 3: 1 is send).
            flags: u8,
            /// The family; its SAFI is unicast.
            afi: Afi,
        };
        /// Several labels are bound to a prefix.
        MULTIPLE_LABELS = 8, "multiple labels", MultipleLabels(&'a [LabelsFamily]);
        /// The part that a speaker plays towards its peer.
        ROLE = 9, "role", Role(Role);
        /// Forwarding goes on while a speaker restarts.
        GRACEFUL_RESTART = 64, "graceful restart", GracefulRestart(GracefulRestart<'a>);
        /// AS numbers have four bytes; the speaker's own.
        FOUR_OCTET_AS = 65, "4-octet AS", FourOctetAs(u32);
        /// Capabilities that can be changed in a running session.
        DYNAMIC = 67, "dynamic capability", Dynamic(&'a [u8]);
        /// Several sessions between two speakers: flags, and the codes of the capabilities that tell them apart.
        MULTISESSION = 68, "multisession", Multisession {
            /// Flags: bit 7 is G.
            flags: u8,
            /// The codes.
            codes: &'a [u8],
        };
        /// Several paths to a prefix.
        ADD_PATH = 69, "ADD-PATH", AddPath(&'a [AddPathFamily]);
        /// A refresh has a beginning and an end.
        ENHANCED_ROUTE_REFRESH = 70, "enhanced route refresh", EnhancedRouteRefresh;
        /// Routes are kept for hours while a speaker is away.
        LONG_LIVED_GRACEFUL_RESTART = 71, "long-lived graceful restart", LongLivedGracefulRestart(&'a [LongLivedFamily]);
        /// Host and domain name, UTF-8 as a rule.
        FQDN = 73, "FQDN", Fqdn {
            /// Host name.
            host: &'a [u8],
            /// Domain name.
            domain: &'a [u8],
        };
        /// The software's name and version, UTF-8 as a rule.
        SOFTWARE_VERSION = 75, "software version", SoftwareVersion(&'a [u8]);
        /// How many paths to a prefix a peer takes.
        PATHS_LIMIT = 76, "paths limit", PathsLimit(&'a [PathsLimit]);
        /// A link-local address alone is taken for a next hop.
        LINK_LOCAL_NEXT_HOP = 77, "link-local next hop", LinkLocalNextHop;
    }
    // What has a name and no meaning here.
    named {
        /// Dynamic capability, as deployed before it had a number of its own.
        DYNAMIC_OLD = 66, "dynamic capability (deprecated)";
        /// Route refresh, as it was before RFC 2918.
        ROUTE_REFRESH_CISCO = 128, "route refresh (Cisco)";
        /// Outbound route filtering, as it was before RFC 5291.
        ORF_CISCO = 130, "outbound route filtering (Cisco)";
        /// Multisession, as it was before its draft.
        MULTISESSION_CISCO = 131, "multisession (Cisco)";
    }
}

impl<'a> Capability<'a> {
    /// Reads a capability's value.
    #[must_use]
    pub fn parse(code: CapabilityCode, value: &'a [u8]) -> Self {
        Self::known(code, value).unwrap_or(Self::Other { code, value })
    }

    fn known(code: CapabilityCode, value: &'a [u8]) -> Option<Self> {
        Some(match (code, value) {
            //= RFC 4760 §8/capability, §8/reserved
            (CapabilityCode::MULTIPROTOCOL, &[high, low, reserved, safi]) => {
                Self::Multiprotocol { family: Family::new(u16::from_be_bytes([high, low]), safi), reserved }
            }
            (CapabilityCode::ROUTE_REFRESH, []) => Self::RouteRefresh,
            (CapabilityCode::ORF, value) => Self::Orf(OrfFamilies::new(value)?),
            (CapabilityCode::EXTENDED_NEXT_HOP, value) => Self::ExtendedNextHop(items(value)?),
            (CapabilityCode::EXTENDED_MESSAGE, []) => Self::ExtendedMessage,
            (CapabilityCode::BGPSEC, &[flags, high, low]) => {
                Self::Bgpsec { flags, afi: Afi(u16::from_be_bytes([high, low])) }
            }
            (CapabilityCode::MULTIPLE_LABELS, value) => Self::MultipleLabels(items(value)?),
            (CapabilityCode::ROLE, &[role]) => Self::Role(Role(role)),
            (CapabilityCode::GRACEFUL_RESTART, value) => Self::GracefulRestart(GracefulRestart::parse(value)?),
            //= RFC 6793 §4.1/capability
            (CapabilityCode::FOUR_OCTET_AS, value) => Self::FourOctetAs(u32::from_be_bytes(value.try_into().ok()?)),
            (CapabilityCode::DYNAMIC, value) => Self::Dynamic(value),
            (CapabilityCode::MULTISESSION, &[flags, ref codes @ ..]) => Self::Multisession { flags, codes },
            //= RFC 7911 §4/capability
            (CapabilityCode::ADD_PATH, value) => Self::AddPath(items(value)?),
            (CapabilityCode::ENHANCED_ROUTE_REFRESH, []) => Self::EnhancedRouteRefresh,
            (CapabilityCode::LONG_LIVED_GRACEFUL_RESTART, value) => Self::LongLivedGracefulRestart(items(value)?),
            (CapabilityCode::FQDN, value) => {
                let mut reader = Reader::new(CAPABILITY, value);
                let (host_len, host) = prefixed(&mut reader)?;
                let (domain_len, domain) = prefixed(&mut reader)?;
                (usize::from(host_len) + usize::from(domain_len) + 2 == value.len())
                    .then_some(Self::Fqdn { host, domain })?
            }
            (CapabilityCode::SOFTWARE_VERSION, &[len, ref text @ ..]) if usize::from(len) == text.len() => {
                Self::SoftwareVersion(text)
            }
            (CapabilityCode::PATHS_LIMIT, value) => Self::PathsLimit(items(value)?),
            (CapabilityCode::LINK_LOCAL_NEXT_HOP, []) => Self::LinkLocalNextHop,
            _ => return None,
        })
    }

    /// Writes code, length and value.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if the value exceeds 255 bytes.
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.u8(self.code().0)?.with_len_u8(0, |to| self.write_value(to))?;
        Ok(())
    }

    fn write_value(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        use zerocopy::IntoBytes;
        match *self {
            Self::Multiprotocol { family, reserved } => to.u16(family.afi.0)?.u8(reserved)?.u8(family.safi.0)?,
            Self::RouteRefresh | Self::ExtendedMessage | Self::EnhancedRouteRefresh | Self::LinkLocalNextHop => to,
            Self::Orf(families) => to.put(families.as_bytes())?,
            Self::ExtendedNextHop(families) => to.put(families.as_bytes())?,
            Self::Bgpsec { flags, afi } => to.u8(flags)?.u16(afi.0)?,
            Self::MultipleLabels(families) => to.put(families.as_bytes())?,
            Self::Role(role) => to.u8(role.0)?,
            Self::GracefulRestart(restart) => to.u16(restart.flags_and_time)?.put(restart.families.as_bytes())?,
            Self::FourOctetAs(as_number) => to.u32(as_number)?,
            Self::Multisession { flags, codes } => to.u8(flags)?.put(codes)?,
            Self::AddPath(families) => to.put(families.as_bytes())?,
            Self::LongLivedGracefulRestart(families) => to.put(families.as_bytes())?,
            Self::Fqdn { host, domain } => {
                to.with_len_u8(0, |to| to.write_all(&[host]))?.with_len_u8(0, |to| to.write_all(&[domain]))?
            }
            Self::SoftwareVersion(text) => to.with_len_u8(0, |to| to.write_all(&[text]))?,
            Self::PathsLimit(limits) => to.put(limits.as_bytes())?,
            Self::Dynamic(value) | Self::Other { value, .. } => to.put(value)?,
        };
        Ok(())
    }
}

/// A text behind its length.
fn prefixed<'a>(reader: &mut Reader<'a>) -> Option<(u8, &'a [u8])> {
    let len = reader.u8().ok()?;
    Some((len, reader.take(usize::from(len)).ok()?))
}

/// The capabilities of one optional parameter, back to back. An iterator over them; it ends at the first that is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Capabilities<'a> {
    rest: &'a [u8],
}

impl<'a> Capabilities<'a> {
    /// Capabilities, not checked.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Capabilities that are all there to their ends.
    ///
    /// # Errors
    /// [`Error::Truncated`] if one is cut.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(CAPABILITY, bytes);
        while !reader.is_empty() {
            let [_, len] = reader.array()?;
            reader.take(usize::from(len))?;
        }
        Ok(Self { rest: bytes })
    }

    /// What was not read yet.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a> Iterator for Capabilities<'a> {
    type Item = Capability<'a>;

    fn next(&mut self) -> Option<Capability<'a>> {
        let (&[code, len], behind) = self.rest.split_first_chunk()?;
        let (value, rest) = behind.split_at_checked(usize::from(len))?;
        self.rest = rest;
        Some(Capability::parse(CapabilityCode(code), value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::route_refresh::OrfType;
    use std::vec::Vec;
    use zerocopy::IntoBytes;

    /// The OPEN of an FRR 8.4 (WIRE-FACTS) and what ExaBGP sends, a capability a line.
    const KNOWN: &[&[u8]] = &[
        &[1, 4, 0, 1, 0, 1],
        &[2, 0],
        &[3, 7, 0, 1, 0, 1, 1, 64, 3],
        &[5, 6, 0, 1, 0, 1, 0, 2],
        &[6, 0],
        &[7, 3, 0x08, 0, 1],
        &[9, 1, 3],
        &[64, 6, 0xc0, 120, 0, 1, 1, 0x80],
        &[65, 4, 0, 1, 0, 0],
        &[67, 2, 1, 2],
        &[68, 2, 0x80, 1],
        &[69, 8, 0, 1, 1, 3, 0, 2, 1, 1],
        &[70, 0],
        &[71, 7, 0, 1, 1, 0x80, 0, 0x0e, 0x10],
        &[73, 6, 3, b'r', b't', b'r', 1, b'x'],
        &[75, 4, 3, b'f', b'r', b'r'],
        &[76, 5, 0, 1, 1, 0, 9],
        &[77, 0],
        &[8, 8, 0, 1, 4, 5, 0, 2, 128, 255],
        &[200, 1, 9],
    ];

    #[test]
    fn each_is_read_and_written() {
        //= RFC 4760 §8/capability, §8/reserved
        //= RFC 6793 §4.1/capability
        //= RFC 7911 §4/capability
        let bytes = KNOWN.concat();
        let capabilities: Vec<_> = Capabilities::parse(&bytes).unwrap().collect();
        assert_eq!(capabilities.len(), KNOWN.len());
        for (capability, bytes) in capabilities.iter().zip(KNOWN) {
            assert_eq!(matches!(capability, Capability::Other { .. }), bytes[0] == 200, "{capability:?}");
            let mut buffer = [0; 16];
            let mut writer = Writer::new(CAPABILITY, &mut buffer);
            capability.write(&mut writer).unwrap();
            assert_eq!(&writer.written(), bytes);
        }
        let family = Family::IPV4_UNICAST;
        assert_eq!(capabilities[0], Capability::Multiprotocol { family, reserved: 0 });
        assert_eq!(capabilities[8], Capability::FourOctetAs(65_536));
        assert_eq!(capabilities[14], Capability::Fqdn { host: b"rtr", domain: b"x" });
        for cut in 1..bytes.len() {
            let whole = Capabilities::new(&bytes[..cut]).count();
            let ends: usize = KNOWN[..whole].iter().map(|one| one.len()).sum();
            assert_eq!(Capabilities::parse(&bytes[..cut]).is_ok(), ends == cut, "{cut}");
        }
    }

    #[test]
    fn each_tells_its_fields() {
        let bytes = KNOWN.concat();
        let capabilities: Vec<_> = Capabilities::new(&bytes).collect();
        let (ipv4, ipv6) = (Family::IPV4_UNICAST, Family::IPV6_UNICAST);
        let Capability::Orf(mut families) = capabilities[2] else { panic!("no filters") };
        let orf = families.next().unwrap();
        assert_eq!((orf.family, orf.modes.len()), (ipv4, 1));
        assert_eq!((orf.modes[0].kind(), orf.modes[0].mode()), (OrfType::ADDRESS_PREFIX, OrfDirection::BOTH));
        assert_eq!((families.next(), families.as_bytes()), (None, &[][..]));
        let Capability::ExtendedNextHop(families) = capabilities[3] else { panic!("no next hops") };
        assert_eq!((families[0].family(), families[0].next_hop()), (Some(ipv4), Afi::IPV6));
        assert_eq!(families, [ExtendedNextHop::new(ipv4, Afi::IPV6)]);
        // RFC 8950 §4 gives the SAFI two bytes: there is none of 256.
        assert_eq!(items::<ExtendedNextHop>(&[0, 1, 1, 0, 0, 2]).unwrap()[0].family(), None);
        assert_eq!(items::<ExtendedNextHop>(&[0, 1, 0, 255, 0, 2]).unwrap()[0].family(), Some(Family::new(1, 255)));
        assert_eq!(capabilities[5], Capability::Bgpsec { flags: 8, afi: Afi::IPV4 });
        let Capability::AddPath(families) = capabilities[11] else { panic!("no paths") };
        assert_eq!((families[0].family(), families[0].mode()), (ipv4, AddPathMode::BOTH));
        assert_eq!(families[1], AddPathFamily::new(ipv6, AddPathMode::RECEIVE));
        let Capability::PathsLimit(limits) = capabilities[16] else { panic!("no limit") };
        assert_eq!((limits[0].family(), limits[0].limit()), (ipv4, 9));
        assert_eq!(limits, [PathsLimit::new(ipv4, 9)]);
        let Capability::MultipleLabels(labels) = capabilities[18] else { panic!("no labels") };
        assert_eq!(labels, [LabelsFamily::new(Family::IPV4_LABELED, 5), LabelsFamily::new(Family::IPV6_VPN, 255)]);
        assert_eq!((labels[0].family(), labels[0].count()), (Family::IPV4_LABELED, 5));
        assert_eq!(capabilities[10], Capability::Multisession { flags: 0x80, codes: &[1] });
        assert_eq!(capabilities[15], Capability::SoftwareVersion(b"frr"));
    }

    #[test]
    fn each_is_told_in_words() {
        let bytes = KNOWN.concat();
        let words: Vec<_> = Capabilities::new(&bytes).map(|capability| std::format!("{capability}")).collect();
        assert_eq!(
            words,
            [
                "multiprotocol ipv4 unicast",
                "route refresh",
                "outbound route filtering ipv4 unicast address prefix: send and receive",
                "extended next hop ipv4 unicast over ipv6",
                "extended message",
                "BGPsec version 0 send ipv4",
                "role customer",
                "graceful restart 120 s, restarting, also after NOTIFICATIONs, ipv4 unicast forwarding",
                "4-octet AS 65536",
                "dynamic capability multiprotocol, route refresh",
                "multisession flags 0x80 multiprotocol",
                "ADD-PATH ipv4 unicast send and receive, ipv6 unicast receive",
                "enhanced route refresh",
                "long-lived graceful restart ipv4 unicast 3600 s forwarding",
                "FQDN rtr.x",
                "software version \"frr\"",
                "paths limit ipv4 unicast 9",
                "link-local next hop",
                "multiple labels ipv4 labeled-unicast 5, ipv6 vpn 255",
                "200 0x09",
            ]
        );
        let told = |bytes: &[u8]| std::format!("{}", Capabilities::new(bytes).next().unwrap());
        assert_eq!(told(&[64, 2, 0, 120]), "graceful restart 120 s");
        assert_eq!(told(&[73, 5, 3, b'r', b'"', b'r', 0]), "FQDN r\\\"r");
        // RFC 8950 §4 gives the SAFI two bytes, of which the first is 0.
        assert_eq!(told(&[5, 6, 0, 1, 1, 0, 0, 2]), "extended next hop 0x000101000002");
        assert_eq!(told(&[7, 3, 0x10, 0, 2]), "BGPsec version 1 receive ipv6");
    }

    /// RFC 5291 §5: filters of two families, written and read.
    #[test]
    fn filters_are_written() {
        let both =
            [OrfMode::new(OrfType::ADDRESS_PREFIX, OrfDirection::BOTH), OrfMode::new(OrfType(7), OrfDirection::SEND)];
        let families = [
            OrfFamily { family: Family::IPV4_UNICAST, modes: &both },
            OrfFamily { family: Family::IPV6_UNICAST, modes: &both[1..] },
        ];
        let mut buffer = [0; 32];
        let mut to = Writer::new(CAPABILITY, &mut buffer);
        families.iter().try_for_each(|family| family.write(&mut to)).unwrap();
        assert_eq!(to.written(), [0, 1, 0, 1, 2, 64, 3, 7, 2, 0, 2, 0, 1, 1, 7, 2]);
        assert!(OrfFamilies::new(to.written()).unwrap().eq(families));
        assert_eq!(OrfFamilies::new(&to.written()[..15]), None);
    }

    /// RFC 7911 §4.
    #[test]
    fn directions_of_paths() {
        for (mode, receives, sends) in
            [(0, false, false), (1, true, false), (2, false, true), (3, true, true), (4, false, false)]
        {
            assert_eq!((AddPathMode(mode).receives(), AddPathMode(mode).sends()), (receives, sends), "{mode}");
        }
    }

    /// RFC 4724 §3, RFC 8538 §2, RFC 9494 §3.1.
    #[test]
    fn restarts() {
        let forwarding = [RestartFamily::new(Family::IPV4_UNICAST, true), RestartFamily::new(Family::EVPN, false)];
        let plain = GracefulRestart::new(0xffff, &forwarding);
        assert_eq!((plain.restart_time(), plain.is_restarting(), plain.covers_notifications()), (4095, false, false));
        let restarting = GracefulRestart::new(120, &[]).restarting();
        assert_eq!((restarting.is_restarting(), restarting.covers_notifications()), (true, false));
        assert_eq!(restarting.restarting(), restarting, "told twice it is still told");
        let covering = GracefulRestart::new(120, &[]).with_notifications();
        assert_eq!((covering.is_restarting(), covering.covers_notifications()), (false, true));
        assert_eq!((covering.with_notifications(), covering.restart_time()), (covering, 120));
        assert_eq!(
            forwarding.map(|of| (of.family(), of.is_forwarding())),
            [(Family::IPV4_UNICAST, true), (Family::EVPN, false)]
        );
        assert_eq!(forwarding.as_bytes(), [0, 1, 1, 0x80, 0, 25, 70, 0]);
        // Other bits of the flags say nothing of forwarding.
        assert!(!items::<RestartFamily>(&[0, 1, 1, 0x7f]).unwrap()[0].is_forwarding());
        let long =
            [LongLivedFamily::new(Family::EVPN, true, 0x0102_0304), LongLivedFamily::new(Family::EVPN, false, 7)];
        assert_eq!(long.as_bytes(), [0, 25, 70, 0x80, 2, 3, 4, 0, 25, 70, 0, 0, 0, 7]);
        assert_eq!(
            (long[0].family(), long[0].is_forwarding(), long[0].stale_time()),
            (Family::EVPN, true, 0x0002_0304)
        );
        assert_eq!((long[1].is_forwarding(), long[1].stale_time()), (false, 7));
        assert!(!items::<LongLivedFamily>(&[0, 1, 1, 0x7f, 0, 0, 0]).unwrap()[0].is_forwarding());
    }

    /// RFC 5492 §3: what a speaker does not understand it ignores; BAD-INPUTS: a capability of an odd length.
    #[test]
    fn odd_lengths_are_ignored() {
        for bytes in [
            &[1, 3, 0, 1, 0][..],
            &[2, 1, 0],
            &[3, 1, 0],
            &[5, 5, 0, 1, 0, 1, 0],
            &[6, 1, 0],
            &[9, 0],
            &[9, 2, 0, 0],
            &[64, 1, 0],
            &[64, 3, 0, 0, 0],
            &[65, 2, 0, 1],
            &[69, 3, 0, 1, 1],
            &[71, 6, 0, 1, 1, 0, 0, 0],
            &[73, 2, 3, b'r'],
            &[75, 1, 3],
        ] {
            let all: Vec<_> = Capabilities::parse(bytes).unwrap().collect();
            let code = CapabilityCode(bytes[0]);
            assert_eq!(all, [Capability::Other { code, value: &bytes[2..] }]);
        }
    }
}
