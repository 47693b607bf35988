//! Keys and what they open: any text as a key log and as associations, any bytes as packets, and recorded ones with bits changed. What
//! a check value or a tag covers opens unchanged or not at all.
#![no_main]

use std::net::IpAddr;

use ether_ip::esp::EspPacket;
use ether_ip::wireguard::WireGuardMessage;
use libfuzzer_sys::fuzz_target;
use packet_dissect::opening::esp::{Associations, Opened};
use packet_dissect::opening::wireguard::{self, KeyLog, Opener};
use packet_dissect::{Layer, Layers, LinkType, Packet, Tunnels};

const WIREGUARD: (&[u8], &str) =
    (include_bytes!("../../testdata/wireguard.pcap"), include_str!("../../testdata/wireguard.pcap.keys"));
const IPSEC: (&[u8], &str) =
    (include_bytes!("../../testdata/ipsec.pcap"), include_str!("../../testdata/ipsec.pcap.sas"));

#[derive(Debug, arbitrary::Arbitrary)]
struct Input<'a> {
    log: &'a str,
    lines: &'a str,
    addresses: (IpAddr, IpAddr),
    packets: Vec<&'a [u8]>,
    /// Which recorded frame, and what is changed in it.
    changes: Vec<(u8, u16, u8)>,
}

fuzz_target!(|input: Input<'_>| {
    let Input { log, lines, addresses, packets, changes } = input;
    let log = KeyLog::parse(log).unwrap_or_else(|error| {
        assert!(error.line > 0 && error.to_string().contains(" must be "));
        KeyLog::default()
    });
    let mut associations = Associations::parse(lines).unwrap_or_default();
    if associations.is_empty() {
        associations = Associations::parse("*,*,*,*,NULL,,NULL,").unwrap();
    }
    let mut opener = Opener::new(log);
    for packet in packets.iter().take(40) {
        if let Ok(message) = WireGuardMessage::parse(packet) {
            walk_message(&opener.open(&message));
        }
        if let Ok(packet) = EspPacket::parse(*packet) {
            let opened = associations.of(addresses, packet.spi()).map(|association| association.open(&packet));
            walk(opened.and_then(Result::ok));
        }
    }
    // A handshake takes its time.
    let recorded = frames(WIREGUARD.0);
    if changes.iter().any(|change| usize::from(change.0) < recorded.len()) {
        changed_messages(&recorded, &changes);
    }
    changed_packets(&changes);
});

/// WireGuard's messages with changes, in their order, so that the handshake is known.
fn changed_messages(frames: &[&[u8]], changes: &[(u8, u16, u8)]) {
    let mut opener = Opener::new(KeyLog::parse(WIREGUARD.1).unwrap());
    for (number, frame) in frames.iter().enumerate() {
        let message = &frame[42..];
        let opened = opener.open(&WireGuardMessage::parse(message).unwrap());
        assert!(matches!(opened, Some(Ok(_))));
        walk_message(&opened);
        for change in changes.iter().take(8).filter(|change| usize::from(change.0) == number) {
            let changed = change_of(message, *change);
            let Ok(parsed) = WireGuardMessage::parse(&changed) else { continue };
            let opened = opener.open(&parsed);
            let is_packet = matches!(opened, Some(Ok(wireguard::Opened::Packet(_))));
            assert!(!is_packet || changed == message);
        }
    }
}

/// A kernel's ESP with changes.
fn changed_packets(changes: &[(u8, u16, u8)]) {
    let (frames, associations) = (frames(IPSEC.0), Associations::parse(IPSEC.1).unwrap());
    for change in changes.iter().take(8) {
        let frame = frames[usize::from(change.0) % frames.len()];
        let mut addresses = None;
        for layer in Packet::new(LinkType::ETHERNET, frame).layers() {
            match layer {
                Ok(Layer::Ipv4(ip)) => addresses = Some((ip.source().into(), ip.destination().into())),
                Ok(Layer::Ipv6(ip)) => addresses = Some((ip.source().into(), ip.destination().into())),
                Ok(Layer::Esp(packet)) => {
                    let association = associations.of(addresses.unwrap(), packet.spi()).unwrap();
                    walk(Some(association.open(&packet).unwrap()));
                    let sealed = &frame[frame.len() - 8 - packet.payload().len()..];
                    let changed = change_of(sealed, *change);
                    let opened = association.open(&EspPacket::parse(&changed[..]).unwrap());
                    assert!(opened.is_err() || changed == sealed);
                }
                _ => {}
            }
        }
    }
}

fn change_of(bytes: &[u8], (_, at, with): (u8, u16, u8)) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    let at = usize::from(at) % changed.len();
    changed[at] ^= with;
    changed
}

fn frames(capture: &[u8]) -> Vec<&[u8]> {
    let (mut rest, mut frames) = (&capture[24..], Vec::new());
    while let Some((header, behind)) = rest.split_first_chunk::<16>() {
        let len = u32::from_le_bytes(header[8..12].try_into().unwrap()) as usize;
        let (frame, behind) = behind.split_at(len);
        frames.push(frame);
        rest = behind;
    }
    frames
}

fn walk(opened: Option<Opened>) {
    let Some(opened) = opened else { return };
    Layers::of_protocol(opened.next_header, opened.payload(), Tunnels::DEFAULT).for_each(drop);
}

fn walk_message(opened: &Option<Result<wireguard::Opened, wireguard::Refusal>>) {
    if let Some(Ok(wireguard::Opened::Packet(packet))) = opened {
        Layers::new(LinkType::RAW, packet, Tunnels::DEFAULT).for_each(drop);
    }
}
