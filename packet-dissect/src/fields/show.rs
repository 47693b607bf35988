//! Which layer's fields are shown by which function.

use bgp_codec::Negotiated;
use bgp_codec::bmp::{BmpBody, BmpMessage};
use ether_ip::Error;
use ether_ip::sflow::{FlowSample, SampledHeader};
use weave_codec::SleeveFrame;

use super::bgp::TableRoute;
use super::context::Context;
use super::table::Field;
use super::visitor::FieldVisitor;
use super::{bgp, bmp, ip, link, multicast, transport, tunnel};
use crate::Layer;
use crate::bgp::BgpMessage;

/// Shows a layer's fields to `visitor`. To be called for each layer of a packet in turn; `is_quoted` is
/// [`Layers::is_quoted`](crate::Layers::is_quoted).
#[inline(always)]
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
        Layer::VnTag(tag) => context.announced = tag.ether_type(),
        Layer::ServiceInstance(tag) => context.announced = tag.ether_type(),
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
        Layer::Nflog(packet) => link::nflog(packet, visitor),
        Layer::Ppp(packet) => visitor.named(Field::PppProtocol, packet.protocol().0, packet.protocol().name()),
        Layer::Pppoe(packet) => link::pppoe(packet, visitor),
        Layer::CiscoHdlc(packet) => link::cisco_hdlc(packet, visitor),
        Layer::VnTag(tag) => link::vn_tag(tag, visitor),
        Layer::ServiceInstance(tag) => link::service_instance(tag, visitor),
        Layer::Sflow(datagram) => transport::sflow(datagram, visitor),
        Layer::Arista(stamp) => link::arista(stamp, visitor),
        Layer::Llc(pdu) => link::llc(pdu, visitor),
        Layer::Snap(pdu) => link::snap(pdu, visitor),
        Layer::Arp(packet) => link::arp(packet, visitor),
        Layer::Mpls(stack) => link::mpls(stack, visitor),
        Layer::HopByHop(header) => {
            let fields = [Field::HopByHopNext, Field::HopByHopLength];
            ip::options_header(header, fields, context, visitor);
        }
        Layer::DestinationOptions(header) => {
            let fields = [Field::DestinationOptionsNext, Field::DestinationOptionsLength];
            ip::options_header(header, fields, context, visitor);
        }
        Layer::Routing(header) => ip::routing(header, context, visitor),
        Layer::Fragment(header) => ip::fragment(header, context, visitor),
        Layer::Authentication(header) => ip::authentication(header, visitor),
        Layer::TcpStart(start) => transport::tcp_start(start, context, visitor),
        Layer::Icmpv4(packet) => ip::icmpv4(packet, context, visitor),
        Layer::Icmpv6(packet) => ip::icmpv6(packet, context, visitor),
        Layer::Igmp(packet) => multicast::igmp(packet, context, visitor),
        Layer::Gre(packet) => tunnel::gre(packet, context, visitor),
        Layer::GtpU(packet) => tunnel::gtp_u(packet, visitor),
        Layer::VxlanGpe(packet) => tunnel::vxlan_gpe(packet, visitor),
        Layer::Geneve(packet) => tunnel::geneve(packet, visitor),
        Layer::Esp(packet) => {
            visitor.number(Field::EspSpi, packet.spi());
            visitor.number(Field::EspSequence, packet.sequence());
        }
        Layer::WireGuard(message) => tunnel::wireguard(message, visitor),
        Layer::Bgp(messages) => {
            for message in *messages {
                bgp_message(&message, &message.likeliest_session(), visitor);
            }
        }
        Layer::Bmp(messages) => {
            for message in *messages {
                bmp_message(&message, &message.parse(), visitor);
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

/// The fields of one BMP message and of its body, but for the BGP messages in it.
pub fn bmp_message<V: FieldVisitor>(message: &BmpMessage<'_>, body: &Result<BmpBody<'_>, Error>, visitor: &mut V) {
    bmp::message(message, body, visitor);
}

/// The fields of one frame of Weave's sleeve, which stood there plain, or was opened: only then is it known who made it.
pub fn sleeve_frame<V: FieldVisitor>(frame: &SleeveFrame<'_>, is_sealed: bool, visitor: &mut V) {
    tunnel::sleeve_frame(frame, is_sealed, visitor);
}

/// The fields of a packet that an sFlow datagram samples, and of its sample.
pub fn sampled_header<V: FieldVisitor>(flow: &FlowSample<'_>, header: &SampledHeader<'_>, visitor: &mut V) {
    transport::sampled_header(flow, header, visitor);
}

/// The fields of a route with its attributes, as a dump of a table has them, read as its session says.
pub fn bgp_route<V: FieldVisitor>(of: &TableRoute<'_>, visitor: &mut V) {
    bgp::table_route(of, visitor);
}
