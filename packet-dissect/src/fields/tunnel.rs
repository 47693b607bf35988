//! The fields of GRE, GTP-U, WireGuard, VXLAN and Geneve.

use core::fmt::{self, Write};
use core::net::IpAddr;

use ether_ip::gre::GrePacket;
use ether_ip::gtp_u::{GtpUElement, GtpUExtension, GtpUExtensionType, GtpUPacket};
use ether_ip::wireguard::WireGuardMessage;
use geneve_codec::{GenevePacket, KnownOption};
use vxlan_codec::VxlanPacket;
use vxlan_codec::gpe::GpePacket;
use weave_codec::{FrameKind, SleeveFrame, SleevePacket};

use super::context::Context;
use super::group::Group;
use super::table::Field;
use super::visitor::{FieldValue, FieldVisitor, Status};

pub(super) fn gre(packet: &GrePacket<&[u8]>, context: &Context, v: &mut impl FieldVisitor) {
    let flags = packet.flags_version();
    v.number(Field::GreFlags, flags);
    for (field, bit) in [
        (Field::GreHasChecksum, 0x8000),
        (Field::GreHasKey, 0x2000),
        (Field::GreHasSequence, 0x1000),
        (Field::GreHasAcknowledgment, 0x0080),
    ] {
        v.flag(field, flags & bit != 0);
    }
    v.number(Field::GreVersion, flags & 7);
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

pub(super) fn gtp_u(packet: &GtpUPacket<&[u8]>, v: &mut impl FieldVisitor) {
    let flags = packet.flags();
    v.number(Field::GtpFlags, flags);
    v.number(Field::GtpVersion, packet.version());
    v.number(Field::GtpProtocol, flags >> 4 & 1);
    v.number(Field::GtpReserved, flags >> 3 & 1);
    v.flag(Field::GtpHasExtension, flags & 4 != 0);
    v.flag(Field::GtpHasSequence, flags & 2 != 0);
    v.flag(Field::GtpHasNpdu, flags & 1 != 0);
    v.named(Field::GtpMessage, packet.kind().0, packet.kind().name());
    v.number(Field::GtpLength, packet.length());
    v.number(Field::GtpTeid, packet.teid());
    packet.sequence().iter().for_each(|sequence| v.number(Field::GtpSequence, *sequence));
    packet.npdu_number().iter().for_each(|number| v.number(Field::GtpNpdu, *number));
    packet.next_extension().iter().for_each(|next| v.named(Field::GtpExtensionNext, next.0, next.name()));
    if v.wants_any(Group::GtpExtension) {
        // Each says what the next one is.
        let kinds = packet.extensions().skip(1).map(|extension| extension.kind);
        let kinds = kinds.chain([GtpUExtensionType::NONE]);
        packet.extensions().zip(kinds).for_each(|(extension, next)| gtp_u_extension(&extension, next, v));
    }
    for element in packet.elements().map_while(Result::ok) {
        match element {
            GtpUElement::Recovery(counter) => v.number(Field::GtpRecovery, counter),
            GtpUElement::Teid(teid) => v.number(Field::GtpTeidData, teid),
            GtpUElement::PeerAddress(IpAddr::V4(address)) => v.ipv4(Field::GtpPeer4, address),
            GtpUElement::PeerAddress(IpAddr::V6(address)) => v.ipv6(Field::GtpPeer6, address),
            _ => {}
        }
    }
}

fn gtp_u_extension(extension: &GtpUExtension<'_>, next: GtpUExtensionType, v: &mut impl FieldVisitor) {
    let words = FieldValue::Number(extension.content.len() as u64 / 4 + 1);
    v.group(Group::GtpExtension, words, extension.kind.name(), |v| {
        extension.udp_port().iter().for_each(|port| v.number(Field::GtpExtensionPort, *port));
        extension.pdcp_number().iter().for_each(|number| v.number(Field::GtpExtensionPdcp, *number));
        if let Some(session) = extension.pdu_session() {
            v.number(Field::GtpSessionType, session.kind);
            if session.kind == 0 {
                v.flag(Field::GtpSessionPolicy, session.flags & 2 != 0);
                v.flag(Field::GtpSessionReflective, session.flags & 1 != 0);
            }
            v.number(Field::GtpSessionFlow, session.qos_flow);
        }
        v.named(Field::GtpExtensionNext, next.0, next.name());
    });
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

pub(super) fn wireguard(message: &WireGuardMessage<'_>, v: &mut impl FieldVisitor) {
    v.named(Field::WgType, message.kind().0, message.kind().name());
    message.sender().iter().for_each(|sender| v.number(Field::WgSender, *sender));
    message.receiver().iter().for_each(|receiver| v.number(Field::WgReceiver, *receiver));
    let mut key_and_codes = |ephemeral, [mac1, mac2]: [&[u8; 16]; 2]| {
        v.words(Field::WgEphemeral, &Base64(ephemeral));
        v.bytes(Field::WgMac1, mac1);
        v.bytes(Field::WgMac2, mac2);
    };
    match message {
        WireGuardMessage::Initiation(message) => key_and_codes(&message.ephemeral, [&message.mac1, &message.mac2]),
        WireGuardMessage::Response(message) => key_and_codes(&message.ephemeral, [&message.mac1, &message.mac2]),
        WireGuardMessage::CookieReply(message) => {
            v.bytes(Field::WgNonce, &message.nonce);
            v.bytes(Field::WgCookie, &message.sealed_cookie);
        }
        WireGuardMessage::Data(header, _) => v.number(Field::WgCounter, header.counter()),
    }
}

/// A key as WireGuard's own tools write it (RFC 4648 §4).
struct Base64<'a>(&'a [u8; 32]);

impl fmt::Display for Base64<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for three in self.0.chunks(3) {
            let word = three.iter().chain(&[0; 2]).take(3).fold(0, |word, byte| word << 8 | usize::from(*byte));
            for digit in 0..4 {
                // As many bits as there are: a byte needs two digits.
                let digit = match digit <= three.len() {
                    true => DIGITS.get(word >> (18 - 6 * digit) & 63).map_or('=', |digit| char::from(*digit)),
                    false => '=',
                };
                f.write_char(digit)?;
            }
        }
        Ok(())
    }
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
