//! The link layer's fields.

use ether_ip::arista::AristaTimestamp;
use ether_ip::arp::ArpPacket;
use ether_ip::capture_link::{LinuxCooked2Packet, LinuxCookedPacket};
use ether_ip::ethernet::{EtherType, EthernetFrame};
use ether_ip::llc::{LlcPdu, SnapPdu};
use ether_ip::mpls::MplsStack;
use ether_ip::nflog::{NflogPacket, NflogType};
use ether_ip::ppp::{CiscoHdlcPacket, PppoePacket};
use ether_ip::service_instance::ServiceInstanceTag;
use ether_ip::vlan::VlanTag;
use ether_ip::vn_tag::VnTag;

use super::group::Group;
use super::table::Field;
use super::visitor::{FieldValue, FieldVisitor};
use crate::Outside;

#[inline]
pub(super) fn ethernet(frame: &EthernetFrame<&[u8]>, v: &mut impl FieldVisitor) {
    let (destination, source) = (frame.destination(), frame.source());
    v.mac(Field::EthDestination, destination);
    v.mac(Field::EthAddress, destination);
    v.flag(Field::EthDestinationLocal, destination.is_local());
    v.flag(Field::EthDestinationGroup, destination.is_multicast());
    v.flag(Field::EthLocal, destination.is_local());
    v.flag(Field::EthGroup, destination.is_multicast());
    v.mac(Field::EthSource, source);
    v.mac(Field::EthAddress, source);
    v.flag(Field::EthSourceLocal, source.is_local());
    v.flag(Field::EthSourceGroup, source.is_multicast());
    v.flag(Field::EthLocal, source.is_local());
    v.flag(Field::EthGroup, source.is_multicast());
    match frame.ether_type().as_length() {
        Some(length) => v.number(Field::EthLength, length),
        // IEEE 802.3 §3.2.6 leaves these undefined: neither a type nor a length.
        None if frame.ether_type().0 < 1536 => v.number(Field::EthInvalid, frame.ether_type().0),
        None => v.named(Field::EthType, frame.ether_type().0, frame.ether_type().name()),
    }
    if !frame.trailer().is_empty() {
        v.bytes(Field::EthTrailer, frame.trailer());
    }
}

/// Wireshark has names of their own for the tags that 0x88a8 announces.
pub(super) fn vlan(tag: &VlanTag<&[u8]>, announced: EtherType, v: &mut impl FieldVisitor) {
    let [priority, drop_eligible, id] = match announced {
        EtherType::SERVICE_VLAN => [Field::ServicePriority, Field::ServiceDropEligible, Field::ServiceId],
        _ => [Field::VlanPriority, Field::VlanDropEligible, Field::VlanId],
    };
    v.number(priority, tag.priority());
    v.flag(drop_eligible, tag.drop_eligible());
    v.number(id, tag.id());
    match tag.ether_type().as_length() {
        Some(length) => v.number(Field::VlanLength, length),
        None => v.named(Field::VlanType, tag.ether_type().0, tag.ether_type().name()),
    }
}

pub(super) fn vn_tag(tag: &VnTag<&[u8]>, v: &mut impl FieldVisitor) {
    v.flag(Field::VnTagDirection, tag.is_from_bridge());
    v.flag(Field::VnTagPointer, tag.is_list());
    v.number(Field::VnTagDestination, tag.destination_interface());
    v.flag(Field::VnTagLooped, tag.is_looped());
    v.number(Field::VnTagVersion, tag.version());
    v.number(Field::VnTagSource, tag.source_interface());
    match tag.ether_type().as_length() {
        Some(length) => v.number(Field::VnTagLength, length),
        None => v.named(Field::VnTagType, tag.ether_type().0, tag.ether_type().name()),
    }
}

pub(super) fn service_instance(tag: &ServiceInstanceTag<&[u8]>, v: &mut impl FieldVisitor) {
    v.number(Field::InstancePriority, tag.priority());
    v.flag(Field::InstanceDropEligible, tag.drop_eligible());
    v.flag(Field::InstanceCustomer, tag.use_customer_addresses());
    v.number(Field::InstanceId, tag.id());
    v.mac(Field::InstanceDestination, tag.destination());
    v.mac(Field::InstanceSource, tag.source());
    v.named(Field::InstanceType, tag.ether_type().0, tag.ether_type().name());
}

pub(super) fn pppoe(packet: &PppoePacket<&[u8]>, v: &mut impl FieldVisitor) {
    v.number(Field::PppoeVersion, packet.version());
    v.number(Field::PppoeType, packet.kind());
    v.number(Field::PppoeCode, packet.code());
    v.number(Field::PppoeSession, packet.session());
    v.number(Field::PppoeLength, packet.length());
}

pub(super) fn cisco_hdlc(packet: &CiscoHdlcPacket<&[u8]>, v: &mut impl FieldVisitor) {
    v.number(Field::CiscoAddress, packet.address());
    v.number(Field::CiscoControl, packet.control());
    v.named(Field::CiscoProtocol, packet.protocol().0, packet.protocol().name());
}

pub(super) fn nflog(packet: &NflogPacket<'_>, v: &mut impl FieldVisitor) {
    v.number(Field::NflogFamily, packet.header().family());
    v.number(Field::NflogVersion, packet.header().version());
    v.number(Field::NflogGroup, packet.header().group());
    for attribute in packet.attributes().map_while(Result::ok) {
        if attribute.kind == NflogType::PREFIX {
            // As C has its strings.
            let text = attribute.value.split(|byte| *byte == 0).next().unwrap_or_default();
            v.words(Field::NflogPrefix, &Outside(text));
        }
    }
}

pub(super) fn arista(stamp: &AristaTimestamp<&[u8]>, v: &mut impl FieldVisitor) {
    v.number(Field::AristaSubtype, stamp.subtype());
    v.number(Field::AristaVersion, stamp.version());
    v.bytes(Field::AristaTime, stamp.timestamp());
    v.named(Field::AristaType, stamp.ether_type().0, stamp.ether_type().name());
}

pub(super) fn linux_cooked(packet: &LinuxCookedPacket<&[u8]>, v: &mut impl FieldVisitor) {
    v.named(Field::SllPacketType, packet.packet_type().0, packet.packet_type().name());
    v.number(Field::SllHardwareType, packet.hardware_type());
    v.bytes(Field::SllAddress, packet.address());
    v.named(Field::SllProtocol, packet.protocol().0, packet.protocol().name());
}

pub(super) fn linux_cooked_2(packet: &LinuxCooked2Packet<&[u8]>, v: &mut impl FieldVisitor) {
    v.named(Field::SllProtocol, packet.protocol().0, packet.protocol().name());
    v.number(Field::SllInterface, packet.interface());
    v.number(Field::SllHardwareType, packet.hardware_type());
    v.named(Field::SllPacketType, packet.packet_type().0, packet.packet_type().name());
    v.bytes(Field::SllAddress, packet.address());
}

pub(super) fn llc(pdu: &LlcPdu<&[u8]>, v: &mut impl FieldVisitor) {
    v.number(Field::LlcDestination, pdu.destination());
    v.number(Field::LlcSource, pdu.source());
    let control = u16::from(pdu.control()) | u16::from(pdu.second_control().unwrap_or(0)) << 8;
    v.number(Field::LlcControl, control);
}

pub(super) fn snap(pdu: &SnapPdu<&[u8]>, v: &mut impl FieldVisitor) {
    let [a, b, c] = pdu.oui();
    v.number(Field::SnapOui, u32::from_be_bytes([0, a, b, c]));
    match pdu.ether_type() {
        Some(ether_type) => v.named(Field::SnapType, ether_type.0, ether_type.name()),
        None => v.number(Field::SnapProtocol, pdu.protocol()),
    }
}

pub(super) fn arp(arp: &ArpPacket<&[u8]>, v: &mut impl FieldVisitor) {
    v.number(Field::ArpHardwareType, arp.hardware_type());
    v.named(Field::ArpProtocolType, arp.protocol_type().0, arp.protocol_type().name());
    v.number(Field::ArpHardwareSize, arp.hardware_len());
    v.number(Field::ArpProtocolSize, arp.protocol_len());
    v.named(Field::ArpOperation, arp.operation().0, arp.operation().name());
    if let Some(addresses) = arp.addresses() {
        v.mac(Field::ArpSenderHardware, addresses.sender_hardware);
        v.ipv4(Field::ArpSenderProtocol, addresses.sender_protocol());
        v.mac(Field::ArpTargetHardware, addresses.target_hardware);
        v.ipv4(Field::ArpTargetProtocol, addresses.target_protocol());
    }
}

pub(super) fn mpls(stack: &MplsStack<&[u8]>, v: &mut impl FieldVisitor) {
    for entry in stack.labels() {
        v.group(Group::MplsEntry, FieldValue::Number(entry.label().into()), None, |v| {
            v.number(Field::MplsClass, entry.traffic_class());
            v.flag(Field::MplsBottom, entry.is_bottom());
            v.number(Field::MplsTtl, entry.ttl());
        });
    }
}
