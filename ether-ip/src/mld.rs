//! Multicast listener discovery: which IPv6 groups are listened to on a link. ICMPv6 messages, as neighbour discovery's are.
//!
//! ```text
//!  a query, and a report or a leave of version 1,         a report of version 2
//!  behind type, code and checksum
//!  +-------------------+-------------------+              +-------------------+-------------------+
//!  | max response      | reserved          |              | reserved          | number of records |
//!  +-------------------+-------------------+              +-------------------+-------------------+
//!  | group, 16 bytes                       |              | group records …
//!  +---------------------------------------+
//!  | query of version 2: flags, interval, number of sources; sources …
//! ```
//!
//! RFC 2710 (version 1), RFC 3810 (version 2).

use core::net::Ipv6Addr;
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::checksum::PseudoHeader;
use crate::icmpv6::{self, Icmpv6Header, Icmpv6Packet, Icmpv6Type};
use crate::multicast::{GroupRecords, SourceQuery};
use crate::{Error, LayerName, PacketBuffer};

/// The bytes behind the ICMPv6 header of all messages but the report of version 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct Listener {
    max_response: U16,
    reserved: U16,
    group: [u8; 16],
}

/// A message of multicast listener discovery. Bytes behind what it says are nobody's, though the checksum is over them too (RFC 3810
/// §5.1.12, §5.2.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MldMessage<'a> {
    /// Type 130 of 24 bytes: of version 1 (RFC 3810 §8.1).
    Query {
        /// How long listeners may take, in milliseconds.
        max_response: u16,
        /// The group in question; :: for all.
        group: Ipv6Addr,
    },
    /// Type 130 of 28 bytes or more.
    QueryV2 {
        /// How long listeners may take, in milliseconds, [coded](time).
        max_response_code: u16,
        /// The group in question; :: for all.
        group: Ipv6Addr,
        /// The sources in question, and how the querier does it.
        query: SourceQuery<'a, 16>,
    },
    /// Type 131.
    Report {
        /// The group that is listened to.
        group: Ipv6Addr,
    },
    /// Type 132.
    Done {
        /// The group that is left.
        group: Ipv6Addr,
    },
    /// Type 143: group records.
    ReportV2(GroupRecords<'a, 16>),
}

impl<'a> MldMessage<'a> {
    /// Reads the message. A report's records are read one by one, by who goes through them. `None` if the packet is none of these.
    ///
    /// ```
    /// use ether_ip::{icmpv6::Icmpv6Packet, mld::MldMessage};
    ///
    /// let mut bytes = [0; 24];
    /// (bytes[0], bytes[8], bytes[23]) = (132, 0xff, 2);
    /// let packet = Icmpv6Packet::parse(&bytes[..])?;
    /// assert_eq!(MldMessage::parse(&packet), Some(Ok(MldMessage::Done { group: "ff00::2".parse().unwrap() })));
    /// # Ok::<(), ether_ip::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Truncated`] if the body is shorter than its type has it, has fewer sources than it says, or is a query's of 25 to 27
    /// bytes, which is of no version (RFC 3810 §8.1).
    pub fn parse(packet: &'a Icmpv6Packet<&[u8]>) -> Option<Result<Self, Error>> {
        let (kind, bytes) = (packet.kind(), packet.body());
        let is_listener = matches!(
            kind,
            Icmpv6Type::MULTICAST_LISTENER_QUERY
                | Icmpv6Type::MULTICAST_LISTENER_REPORT
                | Icmpv6Type::MULTICAST_LISTENER_DONE
        );
        if !is_listener && kind != Icmpv6Type::MULTICAST_LISTENER_REPORT_V2 {
            return None;
        }
        let available = bytes.len().saturating_add(icmpv6::HEADER_LEN);
        let truncated = |needed: usize| {
            let needed = needed.saturating_add(icmpv6::HEADER_LEN);
            Error::Truncated { layer: LayerName::ICMPV6, needed, available }
        };
        if !is_listener {
            let records = bytes.split_first_chunk::<4>().ok_or(truncated(4));
            return Some(records.map(|(&[_, _, high, low], records)| {
                Self::ReportV2(GroupRecords::new(u16::from_be_bytes([high, low]), records))
            }));
        }
        let Ok((listener, rest)) = Listener::ref_from_prefix(bytes) else {
            return Some(Err(truncated(size_of::<Listener>())));
        };
        let (max_response, group) = (listener.max_response.get(), listener.group.into());
        Some(Ok(match kind {
            Icmpv6Type::MULTICAST_LISTENER_REPORT => Self::Report { group },
            Icmpv6Type::MULTICAST_LISTENER_DONE => Self::Done { group },
            _ if rest.is_empty() => Self::Query { max_response, group },
            _ => match SourceQuery::read(rest) {
                Ok(query) => Self::QueryV2 { max_response_code: max_response, group, query },
                Err(needed) => return Some(Err(truncated(needed.saturating_add(size_of::<Listener>())))),
            },
        }))
    }

    /// The message's ICMPv6 type.
    #[must_use]
    pub const fn kind(&self) -> Icmpv6Type {
        match self {
            Self::Query { .. } | Self::QueryV2 { .. } => Icmpv6Type::MULTICAST_LISTENER_QUERY,
            Self::Report { .. } => Icmpv6Type::MULTICAST_LISTENER_REPORT,
            Self::Done { .. } => Icmpv6Type::MULTICAST_LISTENER_DONE,
            Self::ReportV2(_) => Icmpv6Type::MULTICAST_LISTENER_REPORT_V2,
        }
    }

    /// Puts the message in front of `packet`, which is empty in most: receivers ignore what is behind a message. The checksum is
    /// filled.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] if a query has over 65535 sources; [`Error::NoRoom`]. Nothing is written then.
    pub fn prepend(&self, pseudo: &PseudoHeader, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        let listener = |max_response, group: Ipv6Addr| Listener {
            max_response: U16::new(max_response),
            reserved: U16::new(0),
            group: group.octets(),
        };
        let (body, start, count);
        let parts = match *self {
            Self::Query { max_response, group } => {
                body = listener(max_response, group);
                [body.as_bytes(), &[], &[]]
            }
            Self::QueryV2 { max_response_code, group, query } => {
                (body, start) = (listener(max_response_code, group), query.start()?);
                [body.as_bytes(), &start, query.sources.as_flattened()]
            }
            Self::Report { group } | Self::Done { group } => {
                body = listener(0, group);
                [body.as_bytes(), &[], &[]]
            }
            Self::ReportV2(records) => {
                let [high, low] = records.count().to_be_bytes();
                count = [0, 0, high, low];
                [&count[..], &[], records.bytes()]
            }
        };
        let len = parts.iter().fold(icmpv6::HEADER_LEN, |len, part| len.saturating_add(part.len()));
        let (layer, available) = (LayerName::ICMPV6, packet.headroom());
        if len > available {
            return Err(Error::NoRoom { layer, needed: len, available });
        }
        parts.iter().rev().try_for_each(|part| packet.prepend_bytes(layer, part))?;
        Icmpv6Header::new(self.kind(), 0).prepend(pseudo, packet)
    }
}

/// How long listeners may take by a code of version 2, in milliseconds (RFC 3810 §5.1.3): itself below 32768; else three bits are an
/// exponent, twelve a mantissa.
///
/// ```
/// assert_eq!([1000, 0x7fff, 0x8000, 0xffff].map(ether_ip::mld::time), [1000, 32_767, 32_768, 8_387_584]);
/// ```
#[must_use]
pub const fn time(code: u16) -> u32 {
    if code < 0x8000 {
        return code as u32;
    }
    ((code & 0xfff) as u32 | 0x1000) << ((code >> 12 & 7) + 3)
}

/// The code of a time; of one that has none, the next shorter one's. 8387584 ms is the longest.
#[must_use]
pub const fn time_code(milliseconds: u32) -> u16 {
    if milliseconds < 0x8000 {
        return milliseconds as u16;
    }
    if milliseconds > 8_387_584 {
        return 0xffff;
    }
    // Its highest bit is the 1 that is left out, the fifteenth at least.
    let exponent = 16_u32.saturating_sub(milliseconds.leading_zeros());
    let mantissa = milliseconds >> (exponent + 3) & 0xfff;
    (0x8000 | exponent << 12 | mantissa) as u16
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::Headroom;
    use crate::ip::IpProtocol;
    use crate::multicast::{GroupRecord, RecordType};
    use std::vec::Vec;

    fn address(text: &str) -> Ipv6Addr {
        text.parse().unwrap()
    }

    fn pseudo(source: &str, destination: &str) -> PseudoHeader {
        PseudoHeader::ipv6(address(source), address(destination), IpProtocol::ICMPV6)
    }

    fn bytes(hex: &str) -> Vec<u8> {
        let digits: Vec<u8> = hex.bytes().filter(|digit| *digit != b' ').collect();
        digits.chunks(2).map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap()).collect()
    }

    /// Linux 6.18, of `testdata/multicast.pcap`: frames 3, 26, 42, 61, 69 and 70; and frame 2 of tcpdump's `icmpv6.pcap`.
    #[test]
    fn what_linux_sends() {
        let (querier, host) = ("2001:db8::2", "fe80::ff:fe00:a");
        let group = address("ff0e::db8:0:1");
        let query = SourceQuery { flags: 2, interval_code: 10, sources: &[] };
        let source = [address("2001:db8:9::9").octets()];
        let sources = [7, 8, 9].map(|n| Ipv6Addr::new(0x2001, 0xdb8, 9, 0, 0, 0, 0, n).octets());
        let (mut one, mut other) = ([0; 68], [0; 20]);
        let mut write = crate::writer::Writer::new(LayerName::ICMPV6, &mut one);
        let allow = GroupRecord::new(RecordType::ALLOW_NEW_SOURCES, address("ff3e::db8:7").octets(), &sources);
        allow.write(&mut write).unwrap();
        let allowed = GroupRecords::of(write.into_written()).unwrap();
        let mut write = crate::writer::Writer::new(LayerName::ICMPV6, &mut other);
        let join = GroupRecord::new(RecordType::CHANGE_TO_EXCLUDE, address("ff02::db8:1122:3344").octets(), &[]);
        join.write(&mut write).unwrap();
        let joined = GroupRecords::of(write.into_written()).unwrap();
        for (from, to, hex, message) in [
            (
                querier,
                "ff02::1",
                "82004710 07d00000 00000000 00000000 00000000 00000000 020a0000",
                MldMessage::QueryV2 { max_response_code: 2000, group: Ipv6Addr::UNSPECIFIED, query },
            ),
            (
                querier,
                "ff0e::db8:0:1",
                "8200054c 012c0000 ff0e0000 00000000 00000db8 00000001 020a0001 20010db8 00090000 00000000 00000009",
                MldMessage::QueryV2 { max_response_code: 300, group, query: SourceQuery { sources: &source, ..query } },
            ),
            (
                host,
                "ff02::16",
                "8f00d874 00000001 05000003 ff3e0000 00000000 00000000 0db80007 20010db8 00090000 00000000 00000007 \
                 20010db8 00090000 00000000 00000008 20010db8 00090000 00000000 00000009",
                MldMessage::ReportV2(allowed),
            ),
            (
                host,
                "ff0e::db8:0:1",
                "83006592 00000000 ff0e0000 00000000 00000db8 00000001",
                MldMessage::Report { group },
            ),
            (host, "ff02::2", "84007255 00000000 ff0e0000 00000000 00000db8 00000001", MldMessage::Done { group }),
            (
                "fe80::ff:fe00:b",
                "ff02::1",
                "82007329 012c0000 ff0e0000 00000000 00000db8 00000001",
                MldMessage::Query { max_response: 300, group },
            ),
            (
                "fe80::215:17ff:fecc:e546",
                "ff02::16",
                "8f001fc5 00000001 04000000 ff020000 00000000 00000db8 11223344",
                MldMessage::ReportV2(joined),
            ),
        ] {
            let (pseudo, bytes) = (pseudo(from, to), bytes(hex));
            let packet = Icmpv6Packet::parse(&bytes[..]).unwrap();
            assert!(packet.checksum_is_valid(&pseudo), "{message:?}");
            assert_eq!((MldMessage::parse(&packet), packet.kind()), (Some(Ok(message)), message.kind()));
            let mut buffer = [0; 100];
            let mut built = Headroom::new(&mut buffer, 0).unwrap();
            message.prepend(&pseudo, &mut built).unwrap();
            assert_eq!(built.packet(), bytes);
        }
        assert!(allowed.iter().eq([Ok(allow)]));
        assert!(allow.sources().eq([7, 8, 9].map(|n| Ipv6Addr::new(0x2001, 0xdb8, 9, 0, 0, 0, 0, n))));
        assert_eq!((allow.group(), query.interval()), (address("ff3e::db8:7"), 10));
        assert!(SourceQuery { sources: &source, ..query }.sources().eq([address("2001:db8:9::9")]));
    }

    /// RFC 3810 §8.1: a query of 24 bytes is of version 1, of 28 or more of version 2, of others of none.
    #[test]
    fn lengths() {
        let mut query = [0; 44];
        (query[0], query[27]) = (130, 1);
        for available in 4..44 {
            let packet = Icmpv6Packet::parse(&query[..available]).unwrap();
            let parsed = MldMessage::parse(&packet).unwrap();
            let needed = match available {
                0..24 => 24,
                24 => {
                    assert_eq!(parsed, Ok(MldMessage::Query { max_response: 0, group: Ipv6Addr::UNSPECIFIED }));
                    continue;
                }
                25..28 => 28,
                _ => 44,
            };
            assert_eq!(parsed, Err(Error::Truncated { layer: LayerName::ICMPV6, needed, available }));
        }
        for kind in [131, 132] {
            query[0] = kind;
            let error = Error::Truncated { layer: LayerName::ICMPV6, needed: 24, available: 23 };
            assert_eq!(MldMessage::parse(&Icmpv6Packet::parse(&query[..23]).unwrap()), Some(Err(error)));
            // What is behind it is passed over.
            assert!(MldMessage::parse(&Icmpv6Packet::parse(&query[..]).unwrap()).unwrap().is_ok());
        }
        query[0] = 143;
        let error = Error::Truncated { layer: LayerName::ICMPV6, needed: 8, available: 7 };
        assert_eq!(MldMessage::parse(&Icmpv6Packet::parse(&query[..7]).unwrap()), Some(Err(error)));
        query[0] = 133;
        assert_eq!(MldMessage::parse(&Icmpv6Packet::parse(&query[..]).unwrap()), None);
    }

    /// RFC 3810 §5.1.3, by hand: (mant | 0x1000) << (exp + 3).
    #[test]
    fn times() {
        for (code, number) in [
            (0, 0),
            (10_000, 10_000),
            (0x7fff, 32_767),
            (0x8000, 32_768),
            (0x8001, 32_776),
            (0x9000, 65_536),
            (0xffff, 8_387_584),
        ] {
            assert_eq!((time(code), time_code(number)), (number, code), "{code:#x}");
        }
        assert_eq!(
            [32_769, 32_775, 65_535, 8_387_583, 8_387_585, u32::MAX].map(time_code),
            [0x8000, 0x8000, 0x8fff, 0xfffe, 0xffff, 0xffff]
        );
        assert!((0..=0xffff).all(|code| time_code(time(code)) == code));
    }
}
