//! IGMP: which multicast groups are listened to on a link. Hosts report, queriers ask.
//!
//! ```text
//!  0               8               16                              32
//!  +---------------+---------------+-------------------------------+
//!  | type          | max response  | checksum                      |
//!  +---------------+---------------+-------------------------------+
//!  | group; in a report of version 3: 16 bits reserved, number of records
//!  +---------------------------------------------------------------+
//!  | version 3, query:  flags, interval, number of sources; sources …
//!  |            report: group records …
//! ```
//!
//! RFC 1112 appendix I (version 1), RFC 2236 (version 2), RFC 3376 (version 3). The checksum is over all of the IP payload, without a
//! pseudo-header.

use core::net::Ipv4Addr;
use zerocopy::network_endian::U16;
use zerocopy::{ByteSlice, ByteSliceMut, FromBytes, Immutable, IntoBytes, KnownLayout, Ref, SplitByteSlice, Unaligned};

use crate::checksum::Checksum;
use crate::multicast::{GroupRecords, SourceQuery};
use crate::view::take_header;
use crate::{Error, LayerName, PacketBuffer};

/// IGMP, as [`Error`] names it.
pub const IGMP: LayerName = LayerName::new("IGMP");

/// The length of the header that every message has, in bytes (RFC 3376 §4).
pub const HEADER_LEN: usize = size_of::<IgmpHeader>();

crate::open_set! {
    /// The type of an IGMP message (IANA's "IGMP Type Numbers").
    pub struct IgmpType(u8) {
        /// Who listens?
        QUERY = 0x11, "membership query";
        /// I do, says a host of version 1.
        REPORT_V1 = 0x12, "version 1 membership report";
        /// DVMRP (RFC 1075).
        DVMRP = 0x13, "DVMRP";
        /// I do, says a host of version 2.
        REPORT_V2 = 0x16, "version 2 membership report";
        /// I no longer do.
        LEAVE = 0x17, "leave group";
        /// Who listens to whom, says a host of version 3.
        REPORT_V3 = 0x22, "version 3 membership report";
        /// Multicast router advertisement (RFC 4286).
        ROUTER_ADVERTISEMENT = 0x30, "multicast router advertisement";
        /// Multicast router solicitation (RFC 4286).
        ROUTER_SOLICITATION = 0x31, "multicast router solicitation";
        /// Multicast router termination (RFC 4286).
        ROUTER_TERMINATION = 0x32, "multicast router termination";
    }
}

/// The 8 bytes that every message starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct IgmpHeader {
    kind: u8,
    code: u8,
    checksum: U16,
    rest: [u8; 4],
}

impl IgmpHeader {
    /// A header; its checksum is filled when it is [prepended](Self::prepend).
    #[inline]
    #[must_use]
    pub const fn new(kind: IgmpType, code: u8, rest: [u8; 4]) -> Self {
        Self { kind: kind.0, code, checksum: U16::new(0), rest }
    }

    /// Type.
    #[inline]
    #[must_use]
    pub const fn kind(&self) -> IgmpType {
        IgmpType(self.kind)
    }

    /// The second byte: in a query how long hosts may take, in tenths of a second, which version 3 [codes](crate::multicast::time).
    #[inline]
    #[must_use]
    pub const fn code(&self) -> u8 {
        self.code
    }

    /// The checksum as it stands in the header.
    #[inline]
    #[must_use]
    pub const fn checksum(&self) -> u16 {
        self.checksum.get()
    }

    /// The last 4 bytes: the group, but for a report of version 3.
    #[inline]
    #[must_use]
    pub const fn rest(&self) -> [u8; 4] {
        self.rest
    }

    /// Sets the checksum.
    #[inline]
    pub fn set_checksum(&mut self, checksum: u16) {
        self.checksum.set(checksum);
    }

    /// What the checksum must be, whatever stands in the field now.
    #[inline]
    #[must_use]
    pub fn compute_checksum(&self, body: &[u8]) -> u16 {
        let header = Self { checksum: U16::new(0), ..*self };
        Checksum::new().bytes(header.as_bytes()).bytes(body).finish()
    }

    /// Puts the header in front of `packet`, the body, with the checksum filled.
    ///
    /// # Errors
    /// [`Error::NoRoom`]. Nothing is written then.
    #[inline]
    pub fn prepend(mut self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        self.checksum.set(self.compute_checksum(packet.packet()));
        self.prepend_as_is(packet)
    }

    /// Puts the header in front of `packet` with all fields as they are, be they right or not.
    ///
    /// # Errors
    /// [`Error::NoRoom`]. Nothing is written then.
    #[inline]
    pub fn prepend_as_is(self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        packet.prepend(IGMP, self)
    }
}

/// A message, as its type has it. Bytes behind what it says are nobody's, though the checksum is over them too (RFC 2236 §2.5).
///
/// ```
/// use ether_ip::Headroom;
/// use ether_ip::igmp::{IgmpMessage, IgmpPacket};
///
/// let mut buffer = [0; 8];
/// let mut packet = Headroom::new(&mut buffer, 0)?;
/// IgmpMessage::Leave { group: [233, 252, 0, 1].into() }.prepend(&mut packet)?;
/// let packet = IgmpPacket::parse(packet.packet())?;
/// assert!(packet.checksum_is_valid());
/// assert_eq!(IgmpMessage::parse(&packet)?, IgmpMessage::Leave { group: [233, 252, 0, 1].into() });
/// # Ok::<(), ether_ip::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IgmpMessage<'a> {
    /// Type 0x11 of 8 bytes: a query of version 1 if it gives no time, else of version 2 (RFC 3376 §7.1).
    Query {
        /// How long hosts may take, in tenths of a second.
        max_response: u8,
        /// The group in question; 0.0.0.0 for all.
        group: Ipv4Addr,
    },
    /// Type 0x11 of 12 bytes or more.
    QueryV3 {
        /// How long hosts may take, in tenths of a second, [coded](crate::multicast::time).
        max_response_code: u8,
        /// The group in question; 0.0.0.0 for all.
        group: Ipv4Addr,
        /// The sources in question, and how the querier does it.
        query: SourceQuery<'a, 4>,
    },
    /// Type 0x12.
    ReportV1 {
        /// The group that is listened to.
        group: Ipv4Addr,
    },
    /// Type 0x16.
    ReportV2 {
        /// The group that is listened to.
        group: Ipv4Addr,
    },
    /// Type 0x17.
    Leave {
        /// The group that is left.
        group: Ipv4Addr,
    },
    /// Type 0x22: group records.
    ReportV3(GroupRecords<'a, 4>),
    /// Any other.
    Other {
        /// Its type.
        kind: IgmpType,
        /// Its second byte.
        code: u8,
        /// The header's last 4 bytes.
        rest: [u8; 4],
    },
}

impl<'a> IgmpMessage<'a> {
    /// Reads the message. A report's records are read one by one, by who goes through them.
    ///
    /// # Errors
    /// [`Error::Truncated`] if a query has 9 to 11 bytes, which is of no version (RFC 3376 §7.1), or fewer sources than it says.
    pub fn parse(packet: &'a IgmpPacket<&[u8]>) -> Result<Self, Error> {
        let (header, body) = (&packet.header, packet.payload);
        let group = header.rest.into();
        let [_, _, high, low] = header.rest;
        Ok(match header.kind() {
            IgmpType::QUERY if body.is_empty() => Self::Query { max_response: header.code, group },
            IgmpType::QUERY => {
                let available = body.len().saturating_add(HEADER_LEN);
                let truncated = |needed: usize| {
                    let needed = needed.saturating_add(HEADER_LEN);
                    Error::Truncated { layer: IGMP, needed, available }
                };
                let query = SourceQuery::read(body).map_err(truncated)?;
                Self::QueryV3 { max_response_code: header.code, group, query }
            }
            IgmpType::REPORT_V1 => Self::ReportV1 { group },
            IgmpType::REPORT_V2 => Self::ReportV2 { group },
            IgmpType::LEAVE => Self::Leave { group },
            IgmpType::REPORT_V3 => Self::ReportV3(GroupRecords::new(u16::from_be_bytes([high, low]), body)),
            kind => Self::Other { kind, code: header.code, rest: header.rest },
        })
    }

    /// The message's type.
    #[must_use]
    pub const fn kind(&self) -> IgmpType {
        match *self {
            Self::Query { .. } | Self::QueryV3 { .. } => IgmpType::QUERY,
            Self::ReportV1 { .. } => IgmpType::REPORT_V1,
            Self::ReportV2 { .. } => IgmpType::REPORT_V2,
            Self::Leave { .. } => IgmpType::LEAVE,
            Self::ReportV3(_) => IgmpType::REPORT_V3,
            Self::Other { kind, .. } => kind,
        }
    }

    /// Which version of IGMP it is a message of, if it is of one.
    #[must_use]
    pub const fn version(&self) -> Option<u8> {
        match self {
            Self::Query { max_response: 0, .. } | Self::ReportV1 { .. } => Some(1),
            Self::Query { .. } | Self::ReportV2 { .. } | Self::Leave { .. } => Some(2),
            Self::QueryV3 { .. } | Self::ReportV3(_) => Some(3),
            Self::Other { .. } => None,
        }
    }

    /// Puts the message in front of `packet`, which is empty in most: receivers ignore what is behind a message. The checksum is
    /// filled.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] if a query has over 65535 sources; [`Error::NoRoom`]. Nothing is written then.
    pub fn prepend(&self, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        let start;
        let (header, parts) = match *self {
            Self::Query { max_response: code, group } => {
                (IgmpHeader::new(self.kind(), code, group.octets()), [&[][..]; 2])
            }
            Self::QueryV3 { max_response_code, group, query } => {
                start = query.start()?;
                let header = IgmpHeader::new(self.kind(), max_response_code, group.octets());
                (header, [&start[..], query.sources.as_flattened()])
            }
            Self::ReportV1 { group } | Self::ReportV2 { group } | Self::Leave { group } => {
                (IgmpHeader::new(self.kind(), 0, group.octets()), [&[][..]; 2])
            }
            Self::ReportV3(records) => {
                let [high, low] = records.count().to_be_bytes();
                (IgmpHeader::new(self.kind(), 0, [0, 0, high, low]), [&[][..], records.bytes()])
            }
            Self::Other { kind, code, rest } => (IgmpHeader::new(kind, code, rest), [&[][..]; 2]),
        };
        let [first, second] = parts;
        let (needed, available) =
            (first.len().saturating_add(second.len()).saturating_add(HEADER_LEN), packet.headroom());
        if needed > available {
            return Err(Error::NoRoom { layer: IGMP, needed, available });
        }
        packet.prepend_bytes(IGMP, second)?;
        packet.prepend_bytes(IGMP, first)?;
        header.prepend(packet)
    }
}

/// An IGMP message, over the bytes `B`.
pub struct IgmpPacket<B> {
    header: Ref<B, IgmpHeader>,
    payload: B,
}

crate::view!(IgmpPacket => IgmpHeader { payload } payload "What follows the header of 8 bytes");

impl<B: SplitByteSlice> IgmpPacket<B> {
    /// Reads a message: all the bytes are it, since IGMP has no length of its own.
    ///
    /// # Errors
    /// [`Error::Truncated`] under 8 bytes.
    #[inline]
    pub fn parse(bytes: B) -> Result<Self, Error> {
        let truncated = Error::Truncated { layer: IGMP, needed: HEADER_LEN, available: bytes.len() };
        let (header, payload) = take_header(bytes).ok_or(truncated)?;
        Ok(Self { header, payload })
    }
}

impl<B: ByteSlice> IgmpPacket<B> {
    /// Whether the checksum is right: the sum over all is zero, of which ones' complement has two (RFC 1071 §1). What is wrong is
    /// dropped by receivers (RFC 3376 §4.1.2).
    pub fn checksum_is_valid(&self) -> bool {
        Checksum::new().bytes(self.header.as_bytes()).bytes(&self.payload).finish() == 0
    }
}

impl<B: ByteSliceMut> IgmpPacket<B> {
    /// Computes and sets the checksum over the bytes that are here. The message itself cannot know whether those are all: the packet
    /// does, and gives them with [`Ipv4Packet::whole_payload_mut`](crate::ipv4::Ipv4Packet::whole_payload_mut) only then.
    pub fn fill_checksum(&mut self) {
        let checksum = self.header.compute_checksum(&self.payload);
        self.header.set_checksum(checksum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Headroom;
    use crate::Rule;
    use crate::multicast::{GroupRecord, RecordType};

    const GROUP: Ipv4Addr = Ipv4Addr::new(233, 252, 0, 1);

    /// Linux 6.18, of `testdata/multicast.pcap`: frames 4, 27, 24, 63, 67, 68, 72 and 75.
    const GENERAL_V3: [u8; 12] = [0x11, 0x14, 0xec, 0xe1, 0, 0, 0, 0, 2, 10, 0, 0];
    const SOURCE_V3: [u8; 16] = [0x11, 3, 0xd8, 0xb6, 233, 252, 0, 1, 2, 10, 0, 1, 198, 51, 100, 9];
    const REPORT_V3: [u8; 20] = [0x22, 0, 0xc3, 0xc2, 0, 0, 0, 1, 6, 0, 0, 1, 233, 252, 0, 1, 198, 51, 100, 9];
    const REPORT_V2: [u8; 8] = [0x16, 0, 0, 2, 233, 252, 0, 1];
    const LEAVE: [u8; 8] = [0x17, 0, 0xff, 1, 233, 252, 0, 1];
    const SPECIFIC_V2: [u8; 8] = [0x11, 3, 4, 0xff, 233, 252, 0, 1];
    const GENERAL_V2: [u8; 8] = [0x11, 0x14, 0xee, 0xeb, 0, 0, 0, 0];
    const REPORT_V1: [u8; 8] = [0x12, 0, 4, 2, 233, 252, 0, 1];
    /// RFC 1112 appendix I, its sum by hand: a query of version 1.
    const GENERAL_V1: [u8; 8] = [0x11, 0, 0xee, 0xff, 0, 0, 0, 0];

    #[test]
    fn what_linux_sends() {
        let all = Ipv4Addr::UNSPECIFIED;
        let query = |sources| SourceQuery { flags: 2, interval_code: 10, sources };
        let records = GroupRecords::new(1, &REPORT_V3[8..]);
        for (bytes, version, message) in [
            (&GENERAL_V3[..], 3, IgmpMessage::QueryV3 { max_response_code: 20, group: all, query: query(&[]) }),
            (
                &SOURCE_V3,
                3,
                IgmpMessage::QueryV3 { max_response_code: 3, group: GROUP, query: query(&[[198, 51, 100, 9]]) },
            ),
            (&REPORT_V3, 3, IgmpMessage::ReportV3(records)),
            (&REPORT_V2, 2, IgmpMessage::ReportV2 { group: GROUP }),
            (&LEAVE, 2, IgmpMessage::Leave { group: GROUP }),
            (&SPECIFIC_V2, 2, IgmpMessage::Query { max_response: 3, group: GROUP }),
            (&GENERAL_V2, 2, IgmpMessage::Query { max_response: 20, group: all }),
            (&REPORT_V1, 1, IgmpMessage::ReportV1 { group: GROUP }),
            (&GENERAL_V1, 1, IgmpMessage::Query { max_response: 0, group: all }),
        ] {
            let packet = IgmpPacket::parse(bytes).unwrap();
            assert!(packet.checksum_is_valid());
            assert_eq!((IgmpMessage::parse(&packet), message.version()), (Ok(message), Some(version)));
            assert_eq!((packet.kind(), packet.code()), (message.kind(), bytes[1]));
            let mut buffer = [0; 20];
            let mut built = Headroom::new(&mut buffer, 0).unwrap();
            message.prepend(&mut built).unwrap();
            assert_eq!(built.packet(), bytes);
        }
        let record = GroupRecord::new(RecordType::BLOCK_OLD_SOURCES, [233, 252, 0, 1], &[[198, 51, 100, 9]]);
        assert!(records.iter().eq([Ok(record)]));
        let query = query(&[]);
        assert_eq!((query.robustness(), query.suppresses(), query.interval()), (2, false, 10));
        assert!(SourceQuery { flags: 0xf8, ..query }.suppresses());
    }

    /// RFC 3376 §7.1: a query of 9 to 11 bytes is of no version; and §4.1.10, §4.2.11: bytes behind what is counted are passed over.
    #[test]
    fn lengths() {
        for available in 0..8 {
            let error = IgmpPacket::parse(&SOURCE_V3[..available]).unwrap_err();
            assert_eq!(error, Error::Truncated { layer: IGMP, needed: 8, available });
        }
        for available in 9..16 {
            let packet = IgmpPacket::parse(&SOURCE_V3[..available]).unwrap();
            let needed = if available < 12 { 12 } else { 16 };
            assert_eq!(IgmpMessage::parse(&packet), Err(Error::Truncated { layer: IGMP, needed, available }));
        }
        let longer = [&SOURCE_V3[..], &[7; 3]].concat();
        let message = IgmpPacket::parse(&SOURCE_V3[..]).unwrap();
        assert_eq!(IgmpMessage::parse(&IgmpPacket::parse(&longer[..]).unwrap()), IgmpMessage::parse(&message));
    }

    #[test]
    fn others_and_changes_in_place() {
        let mut bytes = [0x30, 20, 0, 0, 0, 2, 0, 1, 0xff];
        let mut packet = IgmpPacket::parse(&mut bytes[..]).unwrap();
        assert!(!packet.checksum_is_valid());
        packet.fill_checksum();
        // By hand: 3014, 0002, 0001 and ff00 are 12f17, which is 2f18 with its carry, complemented.
        assert_eq!((packet.checksum(), packet.checksum_is_valid()), (0xd0e7, true));
        let packet = IgmpPacket::parse(&bytes[..]).unwrap();
        let other = IgmpMessage::Other { kind: IgmpType::ROUTER_ADVERTISEMENT, code: 20, rest: [0, 2, 0, 1] };
        assert_eq!((IgmpMessage::parse(&packet), other.version()), (Ok(other), None));
        let mut buffer = [0; 9];
        let mut built = Headroom::with_payload(&mut buffer, &[0xff]).unwrap();
        other.prepend(&mut built).unwrap();
        assert_eq!(built.packet(), bytes);
        let sources = std::vec![[1; 4]; 65_536];
        let query = SourceQuery { flags: 0, interval_code: 0, sources: &sources };
        let message = IgmpMessage::QueryV3 { max_response_code: 1, group: GROUP, query };
        let (layer, field, rule) = (LayerName::new("multicast query"), "number of sources", Rule::AtMost(65_535));
        let refused = Error::Unbuildable { layer, field, value: 65_536, rule };
        assert_eq!(message.prepend(&mut Headroom::new(&mut buffer, 0).unwrap()), Err(refused));
    }
}
