//! What Linux's netfilter logs, as captures have it (LINKTYPE_NFLOG, 239): a header, attributes, and among them the packet.
//!
//! ```text
//!  0       1       2               4               6               8
//!  +-------+-------+---------------+---------------+---------------+----------- - -
//!  |address|version| resource      | length        | type          | value, up to a multiple of 4 …
//!  |family |       | (big-endian)  | an attribute, in the writer's byte order
//!  +-------+-------+---------------+---------------+---------------+----------- - -
//! ```
//!
//! An attribute's length counts its own 4 bytes. The format is that of libpcap's link-layer header types; the attributes are those of
//! Linux's `nfnetlink_log.h`.

use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Ref, Unaligned};

use crate::ethernet::EtherType;
use crate::view::take_header;
use crate::{Error, LayerName, PacketBuffer, Rule};

/// A logged packet, as [`Error`] names it.
pub const NFLOG: LayerName = LayerName::new("netfilter log");

crate::open_set! {
    /// What an attribute tells.
    pub struct NflogType(u16) {
        /// EtherType, hook.
        PACKET_HEADER = 1, "packet header";
        /// The packet's mark.
        MARK = 2, "mark";
        /// When the packet came.
        TIMESTAMP = 3, "timestamp";
        /// The interface it came in by.
        IN_INTERFACE = 4, "in interface";
        /// The interface it goes out by.
        OUT_INTERFACE = 5, "out interface";
        /// The bridge's port that it came in by.
        IN_PORT = 6, "in port";
        /// The bridge's port that it goes out by.
        OUT_PORT = 7, "out port";
        /// The sender's link-layer address.
        ADDRESS = 8, "link-layer address";
        /// The packet.
        PAYLOAD = 9, "packet";
        /// What the rule has the log line begin with.
        PREFIX = 10, "prefix";
        /// Whose socket it came from.
        USER = 11, "user";
    }
}

/// The 4 bytes in front of the attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct NflogHeader {
    family: u8,
    version: u8,
    resource: U16,
}

impl NflogHeader {
    /// A header of an address family of Linux's (2 IPv4, 10 IPv6), logged for this group.
    #[must_use]
    pub const fn new(family: u8, group: u16) -> Self {
        Self { family, version: 0, resource: U16::new(group) }
    }

    /// Linux's address family: 2 IPv4, 10 IPv6, 7 a bridge's frames.
    #[must_use]
    pub const fn family(&self) -> u8 {
        self.family
    }

    /// Version: 0.
    #[must_use]
    pub const fn version(&self) -> u8 {
        self.version
    }

    /// The group that it was logged for.
    #[must_use]
    pub const fn group(&self) -> u16 {
        self.resource.get()
    }

    /// What the packet is, by its family.
    #[must_use]
    pub const fn ether_type(&self) -> Option<EtherType> {
        match self.family {
            2 => Some(EtherType::IPV4),
            10 => Some(EtherType::IPV6),
            _ => None,
        }
    }

    /// Puts the header in front of `packet`, and between the two the attributes' bytes and the packet's own attribute, little-endian.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] if the attributes are no multiple of 4 bytes, or the packet is longer than 65531; [`Error::NoRoom`].
    pub fn prepend(self, attributes: &[u8], packet: &mut impl PacketBuffer) -> Result<(), Error> {
        NFLOG.check("length of the attributes", attributes.len(), &[Rule::Modulo { rest: 0, unit: 4 }])?;
        let [a, b] = NFLOG.fit_u16("length", packet.len().saturating_add(4))?.to_le_bytes();
        let [c, d] = NflogType::PAYLOAD.0.to_le_bytes();
        let len = size_of::<Self>().saturating_add(attributes.len()).saturating_add(4);
        let space = packet.prepend_space(NFLOG, len)?;
        let own = [a, b, c, d];
        let header = self.as_bytes().iter().chain(attributes).chain(&own);
        space.iter_mut().zip(header).for_each(|(to, from)| *to = *from);
        Ok(())
    }
}

/// An attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NflogAttribute<'a> {
    /// What it tells.
    pub kind: NflogType,
    /// Its value, without padding.
    pub value: &'a [u8],
}

/// A logged packet with what is told of it.
#[derive(Debug, Clone, Copy)]
pub struct NflogPacket<'a> {
    header: &'a NflogHeader,
    /// Header and attributes, those of the packet's own included.
    front: &'a [u8],
    attributes: NflogAttributes<'a>,
    payload: Option<&'a [u8]>,
}

impl<'a> NflogPacket<'a> {
    /// Reads a logged packet, of which there may be less than its attribute says. The byte order is the one in which the attributes come
    /// out right: where both do, little-endian.
    ///
    /// # Errors
    /// [`Error::Truncated`] under 4 bytes; [`Error::Malformed`] if the attributes before the packet do not.
    pub fn parse_lax(bytes: &'a [u8]) -> Result<Self, Error> {
        let truncated = Error::Truncated { layer: NFLOG, needed: 4, available: bytes.len() };
        let (header, rest) = take_header::<NflogHeader, _>(bytes).ok_or(truncated)?;
        let little = NflogAttributes { rest, is_big_endian: false };
        let attributes = if little.is_plausible() { little } else { NflogAttributes { is_big_endian: true, ..little } };
        let mut walk = attributes;
        let payload = loop {
            match walk.next() {
                Some(Ok(NflogAttribute { kind: NflogType::PAYLOAD, value })) => break Some(value),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error),
                None => break None,
            }
        };
        // Where in the bytes the packet begins.
        let begins = |payload: &[u8]| (payload.as_ptr() as usize).wrapping_sub(bytes.as_ptr() as usize);
        let front_len = payload.map_or(bytes.len(), begins);
        let front = bytes.get(..front_len).unwrap_or(bytes);
        Ok(Self { header: Ref::into_ref(header), front, attributes, payload })
    }

    /// The header.
    #[must_use]
    pub const fn header(&self) -> &'a NflogHeader {
        self.header
    }

    /// Header and attributes up to where the packet begins; all, where there is no packet.
    #[must_use]
    pub const fn front(&self) -> &'a [u8] {
        self.front
    }

    /// The attributes, the packet's own included.
    #[must_use]
    pub const fn attributes(&self) -> NflogAttributes<'a> {
        self.attributes
    }

    /// The packet, if one was logged.
    #[must_use]
    pub const fn payload(&self) -> Option<&'a [u8]> {
        self.payload
    }
}

/// The attributes, one by one; after an error none.
#[derive(Debug, Clone, Copy)]
pub struct NflogAttributes<'a> {
    rest: &'a [u8],
    is_big_endian: bool,
}

impl<'a> NflogAttributes<'a> {
    /// Whether all attributes up to the packet are of types that there are and of lengths that fit, in this byte order.
    fn is_plausible(self) -> bool {
        let mut walk = self;
        loop {
            match walk.next() {
                None => return true,
                Some(Err(_)) => return false,
                Some(Ok(NflogAttribute { kind: NflogType::PAYLOAD, .. })) => return true,
                Some(Ok(NflogAttribute { kind: NflogType(kind), .. })) if kind >= 256 => return false,
                Some(Ok(_)) => {}
            }
        }
    }

    fn number(&self, bytes: [u8; 2]) -> u16 {
        if self.is_big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) }
    }
}

impl<'a> Iterator for NflogAttributes<'a> {
    type Item = Result<NflogAttribute<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let (&[a, b, c, d], behind) = self.rest.split_first_chunk::<4>()?;
        let (length, kind) = (usize::from(self.number([a, b])), NflogType(self.number([c, d])));
        let Some(len) = length.checked_sub(4) else {
            self.rest = &[];
            let (field, value, rule) = ("length of an attribute", length as u32, Rule::AtLeast(4));
            return Some(Err(Error::Malformed { layer: NFLOG, field, value, rule }));
        };
        let available = behind.len();
        // Of the packet there may be less: the capture ends in it.
        let taken = if kind == NflogType::PAYLOAD { len.min(available) } else { len };
        let Some((value, rest)) = behind.split_at_checked(taken) else {
            self.rest = &[];
            return Some(Err(Error::Truncated {
                layer: NFLOG,
                needed: length,
                available: available.saturating_add(4),
            }));
        };
        let padding = (4 - taken % 4) % 4;
        self.rest = rest.get(padding..).or(rest.get(rest.len()..)).unwrap_or_default();
        Some(Ok(NflogAttribute { kind, value }))
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::Headroom;
    use std::vec::Vec;

    /// `nfnetlink_log.h`: a prefix of 5 bytes with its padding, a mark, and a packet of 5 bytes.
    fn bytes(is_big_endian: bool) -> Vec<u8> {
        let number = |value: u16| if is_big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
        let mut bytes = std::vec![2, 0, 0, 30];
        for (kind, value) in [(10, &b"drop\0"[..]), (2, &[0, 0, 0, 7]), (9, &[0x45, 1, 2, 3, 4])] {
            bytes.extend(number(4 + value.len() as u16));
            bytes.extend(number(kind));
            bytes.extend(value);
            bytes.resize(bytes.len().next_multiple_of(4), 0);
        }
        bytes
    }

    #[test]
    fn reads_in_both_byte_orders() {
        for is_big_endian in [false, true] {
            let bytes = bytes(is_big_endian);
            let packet = NflogPacket::parse_lax(&bytes).unwrap();
            let header = packet.header();
            assert_eq!((header.family(), header.version(), header.group()), (2, 0, 30));
            assert_eq!((header.ether_type(), packet.payload()), (Some(EtherType::IPV4), Some(&[0x45, 1, 2, 3, 4][..])));
            assert_eq!(packet.front(), &bytes[..28]);
            let values: Vec<_> = packet.attributes().map(|of| of.map(|of| (of.kind, of.value))).collect();
            assert_eq!(values[0], Ok((NflogType::PREFIX, &b"drop\0"[..])));
            assert_eq!(values[1], Ok((NflogType::MARK, &[0, 0, 0, 7][..])));
            assert_eq!(values.len(), 3);
            // Cut in the packet, it is read as far as it goes; cut before that, it is truncated.
            assert_eq!(NflogPacket::parse_lax(&bytes[..30]).unwrap().payload(), Some(&[0x45, 1][..]));
        }
        for available in 0..4 {
            let error = NflogPacket::parse_lax(&[0; 4][..available]).unwrap_err();
            assert_eq!(error, Error::Truncated { layer: NFLOG, needed: 4, available });
        }
        let nothing = NflogPacket::parse_lax(&[2, 0, 0, 0]).unwrap();
        assert_eq!((nothing.payload(), nothing.front()), (None, &[2, 0, 0, 0][..]));
        assert!(NflogPacket::parse_lax(&[2, 0, 0, 0, 3, 0, 3, 0]).is_err());
        assert!(NflogPacket::parse_lax(&[2, 0, 0, 0, 9, 0, 1, 0, 7]).unwrap_err().is_truncated());
    }

    /// `nfnetlink_log.h`, Linux's address families: 2 and 10 are IP's, 7 a bridge's.
    #[test]
    fn families() {
        let types = [2, 10, 7].map(|family| NflogHeader::new(family, 0).ether_type());
        assert_eq!(types, [Some(EtherType::IPV4), Some(EtherType::IPV6), None]);
    }

    /// Where the lengths fit in both orders the types tell them apart: no attribute has a number of 256 or more.
    #[test]
    fn a_byte_order_that_only_the_types_tell() {
        let [little, big] = [[4, 0, 9, 0], [0, 4, 0, 9]];
        for (start, is_big_endian) in [([8, 0, 2, 0], false), ([0, 8, 0, 2], true)] {
            let end = if is_big_endian { big } else { little };
            let bytes = [&[2, 0, 0, 0][..], &start, &[0, 0, 0, 7], &end].concat();
            let packet = NflogPacket::parse_lax(&bytes).unwrap();
            assert_eq!(
                packet.attributes().map(|of| of.unwrap().kind).collect::<Vec<_>>(),
                [NflogType::MARK, NflogType::PAYLOAD]
            );
        }
        // 0404 is so long in both; 0009 is the packet in one, and 2304 in the other.
        let mut bytes = std::vec![2, 0, 0, 0, 4, 4, 0, 9];
        bytes.resize(4 + 0x0404, 7);
        assert_eq!(NflogPacket::parse_lax(&bytes).unwrap().payload().map(<[u8]>::len), Some(0x0400));
        (bytes[6], bytes[7]) = (9, 0);
        assert_eq!(NflogPacket::parse_lax(&bytes).unwrap().payload().map(<[u8]>::len), Some(0x0400));
    }

    #[test]
    fn builds() {
        let bytes = bytes(false);
        let mut buffer = [0; 40];
        let mut packet = Headroom::with_payload(&mut buffer, &[0x45, 1, 2, 3, 4]).unwrap();
        NflogHeader::new(2, 30).prepend(&bytes[4..24], &mut packet).unwrap();
        assert_eq!(packet.packet(), &bytes[..33]);
        assert!(NflogHeader::new(2, 30).prepend(&[0; 3], &mut packet).is_err());
    }
}
