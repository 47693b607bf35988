//! Every field of every layer, by Wireshark's name where it has one: what `-V`, `-e`, `-T json` and `-Y` show and test.
//!
//! A protocol has a file of its own here, with one function that visits its fields in the order of the header. Nothing is
//! allocated, and nothing is computed that the visitor does not want.

mod bgp;
mod ip;
mod link;
mod table;
mod transport;
mod tunnel;

use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};

use bgp_codec::attribute::Attributes;
use bgp_codec::{Negotiated, Route};
use ether_ip::checksum::PseudoHeader;
use ether_ip::ethernet::{EtherType, MacAddr};
use ether_ip::ip::IpProtocol;

use crate::Layer;
use crate::bgp::BgpMessage;
pub use table::Field;
use weave_codec::SleeveFrame;

/// How a field's value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A number.
    Dec,
    /// A number in this many hexadecimal digits, with 0x.
    Hex(u8),
    /// A bit: 0 or 1.
    Flag,
    /// A MAC address.
    Mac,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
    /// Bytes, in hexadecimal without gaps.
    Bytes,
    /// Text.
    Text,
}

/// A field's value.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum FieldValue<'a> {
    /// Of [`Kind::Dec`], [`Kind::Hex`] and [`Kind::Flag`].
    Number(u64),
    /// Of [`Kind::Hex`], where the field has 8 bits though its namesake in another protocol has more.
    Byte(u8),
    /// Of [`Kind::Mac`].
    Mac(MacAddr),
    /// Of [`Kind::Ipv4`].
    Ipv4(Ipv4Addr),
    /// Of [`Kind::Ipv6`].
    Ipv6(Ipv6Addr),
    /// Of [`Kind::Bytes`].
    Bytes(&'a [u8]),
    /// Of [`Kind::Text`].
    Text(&'a str),
    /// Of [`Kind::Text`], not put into words yet.
    Words(Words<'a>),
}

/// What can be put into words.
#[derive(Clone, Copy)]
pub struct Words<'a>(pub &'a dyn fmt::Display);

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Who is shown the fields.
pub trait FieldVisitor {
    /// Whether a field's value is wanted. What is not is not computed.
    fn wants(&self, field: Field) -> bool;

    /// A field's value, and what it means where that has a name.
    fn visit(&mut self, field: Field, value: FieldValue<'_>, meaning: Option<&'static str>);

    /// A number.
    #[inline(always)]
    fn number(&mut self, field: Field, value: impl Into<u64>) {
        if self.wants(field) {
            self.visit(field, FieldValue::Number(value.into()), None);
        }
    }

    /// A number of 8 bits, though the field's namesake has more.
    #[inline(always)]
    fn byte(&mut self, field: Field, value: u8) {
        if self.wants(field) {
            self.visit(field, FieldValue::Byte(value), None);
        }
    }

    /// A length or an offset.
    #[inline(always)]
    fn size(&mut self, field: Field, value: usize) {
        self.number(field, value as u64);
    }

    /// A number that has a name.
    #[inline(always)]
    fn named(&mut self, field: Field, value: impl Into<u64>, meaning: Option<&'static str>) {
        if self.wants(field) {
            self.visit(field, FieldValue::Number(value.into()), meaning);
        }
    }

    /// A bit.
    #[inline(always)]
    fn flag(&mut self, field: Field, on: bool) {
        self.number(field, u64::from(on));
    }

    /// A MAC address.
    #[inline(always)]
    fn mac(&mut self, field: Field, address: MacAddr) {
        if self.wants(field) {
            self.visit(field, FieldValue::Mac(address), None);
        }
    }

    /// An IPv4 address.
    #[inline(always)]
    fn ipv4(&mut self, field: Field, address: Ipv4Addr) {
        if self.wants(field) {
            self.visit(field, FieldValue::Ipv4(address), None);
        }
    }

    /// An IPv6 address.
    #[inline(always)]
    fn ipv6(&mut self, field: Field, address: Ipv6Addr) {
        if self.wants(field) {
            self.visit(field, FieldValue::Ipv6(address), None);
        }
    }

    /// Bytes.
    #[inline(always)]
    fn bytes(&mut self, field: Field, bytes: &[u8]) {
        if self.wants(field) {
            self.visit(field, FieldValue::Bytes(bytes), None);
        }
    }

    /// Text.
    #[inline(always)]
    fn text(&mut self, field: Field, text: &str) {
        if self.wants(field) {
            self.visit(field, FieldValue::Text(text), None);
        }
    }

    /// What can be put into words; done only if wanted.
    #[inline(always)]
    fn words(&mut self, field: Field, words: &dyn fmt::Display) {
        if self.wants(field) {
            self.visit(field, FieldValue::Words(Words(words)), None);
        }
    }

    /// A checksum's status, computed only if wanted.
    #[inline(always)]
    fn checksum(&mut self, field: Field, status: impl FnOnce() -> Status) {
        if self.wants(field) {
            let (number, meaning) = match status() {
                Status::Bad => (0, "bad"),
                Status::Good => (1, "good"),
                Status::Unverified => (2, "unverified"),
                Status::NotPresent => (3, "not present"),
            };
            self.visit(field, FieldValue::Number(number), Some(meaning));
        }
    }
}

/// A checksum's status, with Wireshark's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// 0: it is wrong.
    Bad,
    /// 1: it is right.
    Good,
    /// 2: what it covers is not all there: cut, a fragment, or a quote.
    Unverified,
    /// 3: the sender computed none.
    NotPresent,
}

impl Status {
    fn of(is_valid: Option<bool>) -> Self {
        match is_valid {
            Some(true) => Self::Good,
            Some(false) => Self::Bad,
            None => Self::Unverified,
        }
    }
}

/// What a layer's fields depend on that stands in the layers before it. One for each packet.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    addresses: Option<Addresses>,
    /// The bytes of the upper layer are not all there: cut, a fragment, or a quote.
    is_partial: bool,
    /// The EtherType that announced this layer.
    announced: EtherType,
    /// Behind an ICMP error, where Wireshark has another name for TCP's sequence number.
    is_icmpv4_quote: bool,
    /// How many of the packet's bytes on the wire were not captured.
    cut: usize,
}

#[derive(Debug, Clone, Copy)]
enum Addresses {
    V4(Ipv4Addr, Ipv4Addr),
    V6(Ipv6Addr, Ipv6Addr),
}

impl Context {
    /// The context of a packet of which `cut` bytes were not captured.
    #[must_use]
    pub fn new(cut: usize) -> Self {
        Self { addresses: None, is_partial: false, announced: EtherType(0), is_icmpv4_quote: false, cut }
    }

    /// What the IP header adds to an upper layer's checksum. `None` if that cannot be verified.
    fn pseudo_header(&self, protocol: IpProtocol) -> Option<PseudoHeader> {
        match self.addresses.filter(|_| !self.is_partial)? {
            Addresses::V4(source, destination) => Some(PseudoHeader::ipv4(source, destination, protocol)),
            Addresses::V6(source, destination) => Some(PseudoHeader::ipv6(source, destination, protocol)),
        }
    }
}

/// Shows a layer's fields to `visitor`. To be called for each layer of a packet in turn; `is_quoted` is
/// [`Layers::is_quoted`](crate::Layers::is_quoted).
#[inline]
pub fn visit<V: FieldVisitor>(layer: &Layer<'_>, is_quoted: bool, context: &mut Context, visitor: &mut V) {
    match layer {
        Layer::Ethernet(frame) => link::ethernet(frame, visitor),
        Layer::Ipv4(packet) => ip::ipv4(packet, is_quoted, context, visitor),
        Layer::Ipv6(packet) => ip::ipv6(packet, is_quoted, context, visitor),
        Layer::Udp(datagram) => transport::udp(datagram, context, visitor),
        Layer::Tcp(segment) => transport::tcp(segment, context, visitor),
        Layer::Vxlan(packet) => tunnel::vxlan(packet, visitor),
        layer => visit_rarer(layer, context, visitor),
    }
    match layer {
        Layer::Ethernet(frame) => context.announced = frame.ether_type(),
        Layer::Vlan(tag) => context.announced = tag.ether_type(),
        Layer::Icmpv4(_) => context.is_icmpv4_quote = true,
        _ => {}
    }
}

#[inline(never)]
fn visit_rarer<V: FieldVisitor>(layer: &Layer<'_>, context: &mut Context, visitor: &mut V) {
    match layer {
        Layer::LinuxCooked(packet) => link::linux_cooked(packet, visitor),
        Layer::LinuxCooked2(packet) => link::linux_cooked_2(packet, visitor),
        Layer::BsdLoopback(packet) => visitor.number(Field::NullFamily, packet.family().0),
        Layer::Vlan(tag) => link::vlan(tag, context.announced, visitor),
        Layer::Arista(stamp) => link::arista(stamp, visitor),
        Layer::Llc(pdu) => link::llc(pdu, visitor),
        Layer::Snap(pdu) => link::snap(pdu, visitor),
        Layer::Arp(packet) => link::arp(packet, visitor),
        Layer::Mpls(stack) => link::mpls(stack, visitor),
        Layer::HopByHop(header) => {
            let fields = [Field::HopByHopNext, Field::HopByHopLength];
            ip::options_header(header, fields, visitor);
        }
        Layer::DestinationOptions(header) => {
            let fields = [Field::DestinationOptionsNext, Field::DestinationOptionsLength];
            ip::options_header(header, fields, visitor);
        }
        Layer::Routing(header) => ip::routing(header, context, visitor),
        Layer::Fragment(header) => ip::fragment(header, context, visitor),
        Layer::Authentication(header) => ip::authentication(header, visitor),
        Layer::TcpStart(start) => transport::tcp_start(start, context, visitor),
        Layer::Icmpv4(packet) => ip::icmpv4(packet, context, visitor),
        Layer::Icmpv6(packet) => ip::icmpv6(packet, context, visitor),
        Layer::Gre(packet) => tunnel::gre(packet, context, visitor),
        Layer::VxlanGpe(packet) => tunnel::vxlan_gpe(packet, visitor),
        Layer::Geneve(packet) => tunnel::geneve(packet, visitor),
        Layer::Bgp(messages) => {
            for message in *messages {
                bgp_message(&message, &message.likeliest_session(), visitor);
            }
        }
        // The lengths that it checks are the inner packet's, whose layer shows them.
        Layer::FlannelUdp(_) => {}
        Layer::Sleeve(packet) => tunnel::sleeve(packet, visitor),
        Layer::Payload(bytes) => {
            visitor.bytes(Field::Data, bytes);
            visitor.size(Field::DataLength, bytes.len());
        }
        _ => {}
    }
}

/// The fields of one BGP message, wherever its bytes were put together, read as its session agreed.
pub fn bgp_message<V: FieldVisitor>(message: &BgpMessage<'_>, session: &Negotiated, visitor: &mut V) {
    bgp::message(message, session, visitor);
}

/// The fields of one frame of Weave's sleeve, plain or opened.
pub fn sleeve_frame<V: FieldVisitor>(frame: &SleeveFrame<'_>, visitor: &mut V) {
    tunnel::sleeve_frame(frame, visitor);
}

/// The fields of a route with its attributes, as a dump of a table has them: AS numbers have four bytes.
pub fn bgp_route<V: FieldVisitor>(route: &Route<'_>, attributes: Attributes<'_>, visitor: &mut V) {
    bgp::table_route(route, attributes, visitor);
}
