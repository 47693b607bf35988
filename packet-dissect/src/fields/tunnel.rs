//! The fields of GRE, VXLAN and Geneve.

use ether_ip::gre::GrePacket;
use geneve_codec::{GenevePacket, KnownOption};
use vxlan_codec::VxlanPacket;
use vxlan_codec::gpe::GpePacket;
use weave_codec::{FrameKind, SleeveFrame, SleevePacket};

use super::context::Context;
use super::group::Group;
use super::table::Field;
use super::visitor::{FieldValue, FieldVisitor, Status};

pub(super) fn gre(packet: &GrePacket<&[u8]>, context: &Context, v: &mut impl FieldVisitor) {
    v.number(Field::GreFlags, packet.flags_version());
    v.named(Field::GreProto, packet.protocol_type().0, packet.protocol_type().name());
    if let Some(checksum) = packet.checksum() {
        v.number(Field::GreChecksum, checksum);
        v.checksum(Field::GreChecksumStatus, || Status::of((!context.is_partial).then(|| packet.checksum_is_valid())));
    }
    if let Some(key) = packet.key() {
        v.number(Field::GreKey, key);
    }
    if let Some(sequence) = packet.sequence() {
        v.number(Field::GreSequence, sequence);
    }
    if let Some(acknowledgment) = packet.acknowledgment() {
        v.number(Field::GreAcknowledgment, acknowledgment);
    }
}

#[inline]
pub(super) fn vxlan(packet: &VxlanPacket<&[u8]>, v: &mut impl FieldVisitor) {
    v.number(Field::VxlanFlags, packet.flags());
    v.number(Field::VxlanGroup, packet.group_id());
    v.number(Field::VxlanVni, packet.vni());
    v.number(Field::VxlanReserved, packet.reserved());
}

pub(super) fn vxlan_gpe(packet: &GpePacket<&[u8]>, v: &mut impl FieldVisitor) {
    v.byte(Field::VxlanFlags, packet.flags());
    v.named(Field::VxlanNextProtocol, packet.next_protocol().0, packet.next_protocol().name());
    v.number(Field::VxlanVni, packet.vni());
}

pub(super) fn sleeve(packet: &SleevePacket<&[u8]>, v: &mut impl FieldVisitor) {
    v.words(Field::WeaveSender, &packet.sender());
    if let (false, Ok(body)) = (packet.looks_plain(), packet.encrypted()) {
        v.number(Field::WeaveSequence, body.sequence.number());
        v.flag(Field::WeaveDontFragment, body.sequence.dont_fragment());
    }
}

/// The fields of one frame of the sleeve, opened or plain.
pub(super) fn sleeve_frame(frame: &SleeveFrame<'_>, is_sealed: bool, v: &mut impl FieldVisitor) {
    v.words(Field::WeaveSource, &frame.source);
    v.words(Field::WeaveDestination, &frame.destination);
    v.size(Field::WeaveLength, frame.ethernet.len());
    let kind = match frame.kind() {
        FrameKind::Ethernet => "Ethernet",
        FrameKind::Heartbeat { .. } => "heartbeat",
        FrameKind::FragmentationTest => "fragmentation test",
        FrameKind::PmtuTest => "PMTU test",
    };
    v.text(Field::WeaveKind, kind);
    v.flag(Field::WeaveSealed, is_sealed);
}

pub(super) fn geneve(packet: &GenevePacket<&[u8]>, v: &mut impl FieldVisitor) {
    v.number(Field::GeneveVersion, packet.version());
    v.size(Field::GeneveOptionsLength, packet.options_bytes().len());
    v.flag(Field::GeneveOam, packet.is_oam());
    v.flag(Field::GeneveCritical, packet.has_critical_options());
    v.named(Field::GeneveProto, packet.protocol_type().0, packet.protocol_type().name());
    v.number(Field::GeneveVni, packet.vni());
    for option in packet.options().map_while(Result::ok) {
        let class = option.class;
        v.group(Group::GeneveOption, FieldValue::Number(class.0.into()), class.name(), |v| {
            v.number(Field::GeneveOptionType, option.kind);
            v.flag(Field::GeneveOptionCritical, option.is_critical());
            // What Wireshark has names for is not data of an unknown option to it.
            match option.known() {
                Some(KnownOption::GoogleNetwork { id, direction }) => {
                    v.number(Field::GeneveGoogleNetwork, id);
                    v.flag(Field::GeneveGoogleDirection, direction);
                }
                Some(KnownOption::GoogleProfile(profile)) => v.number(Field::GeneveGoogleProfile, profile),
                known => {
                    v.bytes(Field::GeneveOptionData, option.data);
                    if let Some(KnownOption::CiliumDsr(service)) = known {
                        v.words(Field::CiliumService, &service);
                    }
                }
            }
        });
    }
}
