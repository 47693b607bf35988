//! The Address Resolution Protocol: who has this address, and who is it?
//!
//! ```text
//!  0               2               4       5       6               8
//!  +---------------+---------------+-------+-------+---------------+
//!  | hardware type | protocol type | hlen  | plen  | operation     |
//!  +---------------+---------------+-------+-------+---------------+
//!  | sender hardware address (hlen) | sender protocol address (plen)
//!  | target hardware address (hlen) | target protocol address (plen)
//! ```
//!
//! RFC 826, RFC 5494 (operations), RFC 5227 (probes and announcements).

use core::net::Ipv4Addr;
use zerocopy::network_endian::U16;
use zerocopy::{ByteSlice, FromBytes, Immutable, IntoBytes, KnownLayout, Ref, SplitByteSlice, Unaligned};

use crate::ethernet::{EtherType, MacAddr};
use crate::view::{take, take_header};
use crate::{Error, LayerName, PacketBuffer, Rule};

crate::open_set! {
    /// What an ARP packet is for (IANA's "ARP parameters").
    pub struct ArpOperation(u16) {
        /// Who has the target protocol address?
        REQUEST = 1, "request";
        /// The sender has.
        REPLY = 2, "reply";
        /// RARP request (RFC 903).
        REVERSE_REQUEST = 3, "reverse request";
        /// RARP reply (RFC 903).
        REVERSE_REPLY = 4, "reverse reply";
        /// InARP request (RFC 2390).
        INVERSE_REQUEST = 8, "inverse request";
        /// InARP reply (RFC 2390).
        INVERSE_REPLY = 9, "inverse reply";
    }
}

/// The 8 bytes that every ARP packet starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct ArpHeader {
    hardware_type: U16,
    protocol_type: U16,
    hardware_len: u8,
    protocol_len: u8,
    operation: U16,
}

impl ArpHeader {
    /// Ethernet and IPv4, the lengths being 6 and 4.
    #[inline]
    #[must_use]
    pub const fn new(operation: ArpOperation) -> Self {
        Self {
            hardware_type: U16::new(1),
            protocol_type: U16::new(EtherType::IPV4.0),
            hardware_len: 6,
            protocol_len: 4,
            operation: U16::new(operation.0),
        }
    }

    /// Hardware type; 1 is Ethernet.
    #[inline]
    #[must_use]
    pub const fn hardware_type(&self) -> u16 {
        self.hardware_type.get()
    }

    /// Protocol type.
    #[inline]
    #[must_use]
    pub const fn protocol_type(&self) -> EtherType {
        EtherType(self.protocol_type.get())
    }

    /// Length of a hardware address, in bytes.
    #[inline]
    #[must_use]
    pub const fn hardware_len(&self) -> u8 {
        self.hardware_len
    }

    /// Length of a protocol address, in bytes.
    #[inline]
    #[must_use]
    pub const fn protocol_len(&self) -> u8 {
        self.protocol_len
    }

    /// What the packet is for.
    #[inline]
    #[must_use]
    pub const fn operation(&self) -> ArpOperation {
        ArpOperation(self.operation.get())
    }

    /// Sets what the packet is for.
    #[inline]
    pub fn set_operation(&mut self, operation: ArpOperation) {
        self.operation.set(operation.0);
    }

    /// Length of the header and its four addresses, in bytes.
    #[inline]
    #[must_use]
    pub const fn packet_len(&self) -> usize {
        8 + 2 * (self.hardware_len as usize + self.protocol_len as usize)
    }
}

/// The four addresses of an ARP packet for IPv4 over Ethernet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[repr(C)]
pub struct ArpAddresses {
    /// The sender's hardware address.
    pub sender_hardware: MacAddr,
    sender_protocol: [u8; 4],
    /// The target's hardware address; not known in a request.
    pub target_hardware: MacAddr,
    target_protocol: [u8; 4],
}

impl ArpAddresses {
    /// The four addresses.
    #[must_use]
    pub const fn new(sender: (MacAddr, Ipv4Addr), target: (MacAddr, Ipv4Addr)) -> Self {
        Self {
            sender_hardware: sender.0,
            sender_protocol: sender.1.octets(),
            target_hardware: target.0,
            target_protocol: target.1.octets(),
        }
    }

    /// The sender's protocol address.
    #[inline]
    #[must_use]
    pub fn sender_protocol(&self) -> Ipv4Addr {
        self.sender_protocol.into()
    }

    /// The target's protocol address.
    #[inline]
    #[must_use]
    pub fn target_protocol(&self) -> Ipv4Addr {
        self.target_protocol.into()
    }
}

/// An ARP packet, over the bytes `B`.
///
/// ```
/// use ether_ip::{Headroom, arp::{ArpAddresses, ArpOperation, ArpPacket}, ethernet::MacAddr};
///
/// let sender = (MacAddr([2, 0, 0, 0, 0, 1]), [10, 244, 1, 1].into());
/// let addresses = ArpAddresses::new(sender, (MacAddr::UNSPECIFIED, [10, 244, 1, 2].into()));
/// let mut buffer = [0; 28];
/// let mut packet = Headroom::new(&mut buffer, 0)?;
/// addresses.prepend(ArpOperation::REQUEST, &mut packet)?;
/// let arp = ArpPacket::parse(packet.packet())?;
/// assert_eq!(arp.operation(), ArpOperation::REQUEST);
/// assert_eq!(arp.addresses(), Some(&addresses));
/// # Ok::<(), ether_ip::Error>(())
/// ```
pub struct ArpPacket<B> {
    header: Ref<B, ArpHeader>,
    addresses: B,
    trailer: B,
}

crate::view!(ArpPacket => ArpHeader { addresses, trailer });

impl ArpAddresses {
    /// Puts an ARP packet with these addresses in front of `packet`, which is empty or padding.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if there are not 28 bytes free.
    pub fn prepend(self, operation: ArpOperation, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        ArpHeader::new(operation).prepend(self.as_bytes(), packet)
    }
}

impl ArpHeader {
    /// Puts the header and its addresses, of any type, in front of `packet`, as they are.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] if the addresses are not as long as the header says; [`Error::NoRoom`].
    pub fn prepend(self, addresses: &[u8], packet: &mut impl PacketBuffer) -> Result<(), Error> {
        let rule = Rule::Exactly((self.packet_len() - size_of::<Self>()) as u32);
        LayerName::ARP.check("length of the addresses", addresses.len(), &[rule])?;
        packet.prepend_with(LayerName::ARP, self, addresses)
    }
}

impl<B: SplitByteSlice> ArpPacket<B> {
    /// Reads a packet. Address lengths other than 6 and 4 are legal (RFC 826).
    ///
    /// # Errors
    /// [`Error::Truncated`] if the header or the addresses do not fit in the bytes.
    #[inline]
    pub fn parse(bytes: B) -> Result<Self, Error> {
        let available = bytes.len();
        let truncated = |needed| Error::Truncated { layer: LayerName::ARP, needed, available };
        let (header, rest) = take_header::<ArpHeader, _>(bytes).ok_or(truncated(8))?;
        let needed = header.packet_len();
        let (addresses, trailer) = take(rest, needed - 8).ok_or(truncated(needed))?;
        Ok(Self { header, addresses, trailer })
    }
}

impl<B: ByteSlice> ArpPacket<B> {
    /// The addresses of IPv4 over Ethernet, which may call itself IEEE 802 (hardware type 6), as Linux takes it. `None` if the packet
    /// is about others, be their addresses as long.
    #[inline]
    pub fn addresses(&self) -> Option<&ArpAddresses> {
        let lens = (self.header.hardware_len(), self.header.protocol_len());
        match (self.header.hardware_type(), self.header.protocol_type(), lens) {
            (1 | 6, EtherType::IPV4, (6, 4)) => ArpAddresses::ref_from_bytes(&self.addresses).ok(),
            _ => None,
        }
    }

    /// Sender hardware, sender protocol, target hardware and target protocol address, of whatever length they are.
    #[inline]
    pub fn raw_addresses(&self) -> &[u8] {
        &self.addresses
    }

    /// Whether it announces the sender's own address (RFC 5227 §3): sender and target protocol address are the same.
    pub fn is_gratuitous(&self) -> bool {
        self.addresses().is_some_and(|a| a.sender_protocol == a.target_protocol)
    }

    /// What stands behind the addresses: Ethernet's padding.
    #[inline]
    pub fn trailer(&self) -> &[u8] {
        &self.trailer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Headroom;

    const REPLY: [u8; 28] = [0, 1, 8, 0, 6, 4, 0, 2, 2, 0, 0, 0, 0, 1, 10, 244, 1, 1, 2, 0, 0, 0, 0, 2, 10, 244, 1, 2];

    #[test]
    fn reads_and_builds() {
        let arp = ArpPacket::parse(&REPLY[..]).unwrap();
        assert_eq!((arp.hardware_type(), arp.protocol_type()), (1, EtherType::IPV4));
        assert_eq!(arp.operation(), ArpOperation::REPLY);
        let addresses = arp.addresses().unwrap();
        assert_eq!(addresses.sender_hardware, MacAddr([2, 0, 0, 0, 0, 1]));
        assert_eq!(addresses.sender_protocol(), Ipv4Addr::new(10, 244, 1, 1));
        assert_eq!(addresses.target_hardware, MacAddr([2, 0, 0, 0, 0, 2]));
        assert_eq!(addresses.target_protocol(), Ipv4Addr::new(10, 244, 1, 2));
        assert!(!arp.is_gratuitous());
        let mut buffer = [0; 28];
        let mut packet = Headroom::new(&mut buffer, 0).unwrap();
        addresses.prepend(ArpOperation::REPLY, &mut packet).unwrap();
        assert_eq!(packet.packet(), REPLY);
    }

    #[test]
    fn cut_anywhere_is_truncated() {
        for available in 0..28 {
            let needed = if available < 8 { 8 } else { 28 };
            let error = ArpPacket::parse(&REPLY[..available]).unwrap_err();
            assert_eq!(error, Error::Truncated { layer: LayerName::ARP, needed, available });
        }
    }

    /// RFC 826: the types say what the addresses are. AppleTalk's have four bytes too (0x809b), and AX.25 is no Ethernet.
    #[test]
    fn addresses_of_other_types() {
        for (types, is_ipv4) in
            [([0, 1, 8, 0], true), ([0, 6, 8, 0], true), ([0, 1, 0x80, 0x9b], false), ([0, 3, 8, 0], false)]
        {
            let mut bytes = REPLY;
            bytes[..4].copy_from_slice(&types);
            let arp = ArpPacket::parse(&bytes[..]).unwrap();
            assert_eq!((arp.addresses().is_some(), arp.raw_addresses().len()), (is_ipv4, 20), "{types:x?}");
        }
    }

    /// RFC 826: the lengths say how long the addresses are, whatever they are.
    #[test]
    fn other_address_lengths() {
        let mut bytes = REPLY;
        bytes[4..6].copy_from_slice(&[2, 8]);
        let arp = ArpPacket::parse(&bytes[..]).unwrap();
        assert_eq!((arp.addresses(), arp.raw_addresses().len()), (None, 20));
        let mut buffer = [0; 28];
        let mut packet = Headroom::new(&mut buffer, 0).unwrap();
        arp.header().prepend(arp.raw_addresses(), &mut packet).unwrap();
        assert_eq!(packet.packet(), bytes);
        bytes[4] = 255;
        let error = ArpPacket::parse(&bytes[..]).unwrap_err();
        assert_eq!(error, Error::Truncated { layer: LayerName::ARP, needed: 8 + 2 * (255 + 8), available: 28 });
    }
}
