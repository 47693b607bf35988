//! The fields of UDP and TCP.

use core::net::IpAddr;

use ether_ip::ip::IpProtocol;
use ether_ip::sflow::{FlowSample, SampledHeader, SflowDatagram};
use ether_ip::tcp::{TcpFlags, TcpOption, TcpSegment, TcpStart};
use ether_ip::udp::UdpDatagram;

use super::context::Context;
use super::group::Group;
use super::table::Field;
use super::visitor::{FieldValue, FieldVisitor, Status};
use crate::summary::tcp_len;

#[inline]
pub(super) fn udp(datagram: &UdpDatagram<&[u8]>, context: &Context, v: &mut impl FieldVisitor) {
    v.number(Field::UdpSourcePort, datagram.source_port());
    v.number(Field::UdpPort, datagram.source_port());
    v.number(Field::UdpDestinationPort, datagram.destination_port());
    v.number(Field::UdpPort, datagram.destination_port());
    v.number(Field::UdpLength, datagram.length());
    v.number(Field::UdpChecksum, datagram.checksum());
    v.checksum(Field::UdpChecksumStatus, || {
        let pseudo = context.pseudo_header(IpProtocol::UDP).filter(|_| datagram.missing() == 0);
        match datagram.checksum() {
            0 => Status::NotPresent,
            _ => Status::of(pseudo.map(|pseudo| datagram.checksum_is_valid(&pseudo))),
        }
    });
    if !datagram.payload().is_empty() {
        v.bytes(Field::UdpPayload, datagram.payload());
    }
}

#[inline]
pub(super) fn tcp(segment: &TcpSegment<&[u8]>, context: &Context, v: &mut impl FieldVisitor) {
    v.number(Field::TcpSourcePort, segment.source_port());
    v.number(Field::TcpPort, segment.source_port());
    v.number(Field::TcpDestinationPort, segment.destination_port());
    v.number(Field::TcpPort, segment.destination_port());
    v.size(Field::TcpLen, tcp_len(segment, context.missing));
    v.number(sequence_field(context), segment.sequence());
    v.number(Field::TcpAcknowledgment, segment.acknowledgment());
    v.size(Field::TcpHeaderLength, segment.header_len());
    v.number(Field::TcpFlags, segment.flags().0);
    for (field, flag) in [
        (Field::TcpAe, TcpFlags::AE),
        (Field::TcpCwr, TcpFlags::CWR),
        (Field::TcpEce, TcpFlags::ECE),
        (Field::TcpUrgent, TcpFlags::URG),
        (Field::TcpAck, TcpFlags::ACK),
        (Field::TcpPush, TcpFlags::PSH),
        (Field::TcpReset, TcpFlags::RST),
        (Field::TcpSyn, TcpFlags::SYN),
        (Field::TcpFin, TcpFlags::FIN),
    ] {
        v.flag(field, segment.flags().contains(flag));
    }
    v.number(Field::TcpWindow, segment.window());
    v.number(Field::TcpChecksum, segment.checksum());
    v.checksum(Field::TcpChecksumStatus, || {
        Status::of(context.pseudo_header(IpProtocol::TCP).map(|pseudo| segment.checksum_is_valid(&pseudo)))
    });
    v.number(Field::TcpUrgentPointer, segment.urgent_pointer());
    if !segment.payload().is_empty() {
        v.bytes(Field::TcpPayload, segment.payload());
    }
    if !segment.options_bytes().is_empty() && v.wants_any(Group::TcpOption) {
        tcp_options(segment, v);
    }
}

fn tcp_options(segment: &TcpSegment<&[u8]>, v: &mut impl FieldVisitor) {
    for option in segment.options().flatten() {
        let kind = option.kind();
        v.group(Group::TcpOption, FieldValue::Number(kind.0.into()), kind.name(), |v| match option {
            TcpOption::MaximumSegmentSize(size) => v.number(Field::TcpOptionMss, size),
            TcpOption::WindowScale(shift) => v.number(Field::TcpOptionScale, shift),
            TcpOption::Timestamps { value, echo } => {
                v.number(Field::TcpOptionTimestamp, value);
                v.number(Field::TcpOptionEcho, echo);
            }
            TcpOption::Sack(blocks) => {
                for (left, right) in blocks.iter() {
                    v.number(Field::TcpOptionSackLeft, left);
                    v.number(Field::TcpOptionSackRight, right);
                }
            }
            TcpOption::Other { data, .. } => v.bytes(Field::TcpOptionData, data),
            _ => {}
        });
    }
}

pub(super) fn sflow(datagram: &SflowDatagram<'_>, v: &mut impl FieldVisitor) {
    v.number(Field::SflowVersion, 5_u8);
    match datagram.agent {
        IpAddr::V4(agent) => v.ipv4(Field::SflowAgent, agent),
        IpAddr::V6(agent) => v.ipv6(Field::SflowAgent6, agent),
    }
    v.number(Field::SflowSubAgent, datagram.sub_agent);
    v.number(Field::SflowSequence, datagram.sequence);
    v.number(Field::SflowUptime, datagram.uptime);
    v.number(Field::SflowSamples, datagram.count);
}

pub(super) fn sampled_header(flow: &FlowSample<'_>, header: &SampledHeader<'_>, v: &mut impl FieldVisitor) {
    v.number(Field::SflowRate, flow.rate);
    v.named(Field::SflowProtocol, header.protocol.0, header.protocol.name());
    v.number(Field::SflowFrameLen, header.frame_len);
}

/// Wireshark's names: the raw number, but for what ICMP (and not ICMPv6) quotes.
#[inline]
fn sequence_field(context: &Context) -> Field {
    if context.is_icmpv4_quote { Field::TcpRelativeSequence } else { Field::TcpSequence }
}

pub(super) fn tcp_start(start: &TcpStart, context: &Context, v: &mut impl FieldVisitor) {
    v.number(Field::TcpSourcePort, start.source_port());
    v.number(Field::TcpPort, start.source_port());
    v.number(Field::TcpDestinationPort, start.destination_port());
    v.number(Field::TcpPort, start.destination_port());
    v.number(sequence_field(context), start.sequence());
}
