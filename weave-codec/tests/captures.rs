//! `../shared/captures/weave`: what two routers of weave's own code sent each other. Every packet parses, every encrypted one
//! opens with the key given there and no other, and every inner frame is one that the pods sent and got.
#![cfg(feature = "crypto")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;

use ether_ip::ethernet::EthernetFrame;
use ether_ip::ipv4::Ipv4Packet;
use ether_ip::udp::UdpDatagram;
use pcap_file::pcap::PcapReader;
use weave_codec::crypto::{Direction, OpenError, SessionKey};
use weave_codec::replay::{ReplayWindow, WORDS};
use weave_codec::{FrameKind, Frames, PORT, PeerName, SleeveFrame, SleevePacket, SleeveWriter};

/// The folder; `None` where it is not, which is said.
fn folder() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/captures/weave");
    if !path.exists() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

fn records(path: PathBuf) -> Vec<Vec<u8>> {
    let mut reader = PcapReader::new(File::open(path).unwrap()).unwrap();
    let mut records = Vec::new();
    while let Some(record) = reader.next_packet() {
        records.push(record.unwrap().data.into_owned());
    }
    records
}

/// The payloads of the sleeve's datagrams, and whether each was sent not to be fragmented; fragments put together.
fn datagrams(records: &[Vec<u8>]) -> (Vec<(bool, Vec<u8>)>, usize) {
    let (mut found, mut parts, mut fragmented) = (Vec::new(), BTreeMap::<_, Vec<u8>>::new(), 0);
    for record in records {
        let frame = EthernetFrame::parse(&record[..]).unwrap();
        let Ok(ip) = Ipv4Packet::parse(frame.into_payload()) else { continue };
        if ip.protocol().0 != 17 {
            continue;
        }
        let key = (ip.source(), ip.identification());
        let whole = if ip.is_fragment() {
            // They stand in order in these captures.
            let part = parts.entry(key).or_default();
            assert_eq!(part.len(), ip.fragment_offset());
            part.extend_from_slice(ip.payload());
            if ip.more_fragments() {
                continue;
            }
            fragmented += 1;
            parts.remove(&key).unwrap()
        } else {
            ip.payload().to_vec()
        };
        let udp = UdpDatagram::parse(&whole[..]).unwrap();
        if udp.source_port() == PORT || udp.destination_port() == PORT {
            found.push((ip.dont_fragment(), udp.payload().to_vec()));
        }
    }
    assert!(parts.is_empty());
    (found, fragmented)
}

const A: PeerName = PeerName([0x4a, 0x0f, 0xf6, 0xec, 0x1c, 0x93]);
/// The router that opened the connection.
const B: PeerName = PeerName([0x72, 0xb9, 0xb3, 0xf0, 0x2a, 0x5d]);

/// The frames of one capture by where they came from, the special ones counted; those of pods are compared.
fn compare(name: &str, frames: &[(PeerName, PeerName, Vec<u8>)], connection: u64) -> (usize, usize) {
    let folder = folder().unwrap();
    let mut pods = [A, B].map(|peer| {
        let pod = if peer == A { "a" } else { "b" };
        records(folder.join(format!("{name}-pod-{pod}.pcap")))
    });
    let (mut inner, mut special) = (0, 0);
    for (source, destination, ethernet) in frames {
        let frame = SleeveFrame { source: *source, destination: *destination, ethernet };
        assert!([(A, B), (B, A)].contains(&(*source, *destination)));
        match frame.kind() {
            FrameKind::Ethernet => {
                // Each frame stands once in the capture of either pod.
                for pod in &mut pods {
                    let at = pod.iter().position(|of| of == ethernet);
                    pod.remove(at.unwrap_or_else(|| panic!("no pod sent or got {ethernet:02x?}")));
                }
                inner += 1;
            }
            FrameKind::Heartbeat { connection: of } => {
                assert_eq!(of, connection);
                assert_eq!(SleeveFrame::heartbeat(of), ethernet[..]);
                special += 1;
            }
            FrameKind::FragmentationTest => {
                assert!(ethernet.iter().all(|byte| *byte == 0));
                special += 1;
            }
            // weave router/sleeve.go: what the underlay's MTU of 1500 has room for.
            FrameKind::PmtuTest => {
                assert_eq!(ethernet.len(), if name == "plain" { 1452 } else { 1428 });
                special += 1;
            }
        }
    }
    (inner, special)
}

/// The frames packed again: the very body.
fn packed(sender: PeerName, frames: Frames<'_>, len: usize, is_encrypted: bool) -> Vec<u8> {
    let mut buffer = vec![0; len];
    let writer = if is_encrypted { SleeveWriter::encrypted } else { SleeveWriter::plain };
    let mut packet = writer(sender, &mut buffer).unwrap();
    frames.for_each(|frame| packet.push(&frame.unwrap()).unwrap());
    packet.finish().to_vec()
}

fn owned(frame: SleeveFrame<'_>) -> (PeerName, PeerName, Vec<u8>) {
    (frame.source, frame.destination, frame.ethernet.to_vec())
}

#[test]
fn plain() {
    let Some(folder) = folder() else { return };
    let (datagrams, fragmented) = datagrams(&records(folder.join("plain-underlay.pcap")));
    let dont = datagrams.iter().filter(|(dont_fragment, _)| *dont_fragment).count();
    assert_eq!((datagrams.len(), dont, fragmented), (117, 71, 8));
    let mut all = Vec::new();
    for (_, bytes) in &datagrams {
        let packet = SleevePacket::parse(&bytes[..]).unwrap();
        all.extend(packet.frames().map(Result::unwrap).map(owned));
        assert_eq!(packed(packet.sender(), packet.frames(), bytes.len(), false), *bytes);
    }
    let counts = compare("plain", &all, 0xaabf_b606_0592_972f);
    assert_eq!(counts, (198, 10));
    println!("plain: {} packets, {} frames of pods, {} special ones", datagrams.len(), counts.0, counts.1);
}

#[test]
fn encrypted() {
    let Some(folder) = folder() else { return };
    let mut key = [0; 32];
    let text = "44adb6ffe89bdd69d2d8458040f28f8a018d9704f122c860b44c07e23e1cd894";
    (0..32).for_each(|at| key[at] = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap());
    let (right, wrong) = (SessionKey::new(key), SessionKey::new([key[0] ^ 1; 32]));
    let (datagrams, fragmented) = datagrams(&records(folder.join("encrypted-underlay.pcap")));
    let dont = datagrams.iter().filter(|(dont_fragment, _)| *dont_fragment).count();
    assert_eq!((datagrams.len(), dont, fragmented), (114, 73, 8));
    let mut all = Vec::new();
    let mut memory = vec![0; 4 * WORDS];
    let mut windows: Vec<_> =
        memory.chunks_mut(WORDS).map(|words| ReplayWindow::new(words.try_into().unwrap())).collect();
    for (dont_fragment, bytes) in &datagrams {
        let sender = SleevePacket::parse(&bytes[..]).unwrap().sender();
        let (direction, other) = match sender == B {
            true => (Direction::Outbound, Direction::Inbound),
            false => (Direction::Inbound, Direction::Outbound),
        };
        // Another key, the other direction: nothing of the plaintext is shown, and nothing is changed.
        for (key, direction) in [(&wrong, direction), (&right, other)] {
            let mut copy = bytes.clone();
            assert!(matches!(key.open(&mut copy, direction), Err(OpenError::Forged { .. })));
            assert_eq!(copy, *bytes);
        }
        let mut opened = bytes.clone();
        let (sequence, frames) = right.open(&mut opened, direction).unwrap();
        assert_eq!(sequence.dont_fragment(), *dont_fragment, "the top bit says what the outer header says");
        let window = 2 * usize::from(sender == B) + usize::from(*dont_fragment);
        assert!(windows[window].is_new(sequence) && !windows[window].is_new(sequence));
        all.extend(frames.clone().map(Result::unwrap).map(owned));
        let mut sealed = packed(sender, frames, bytes.len(), true);
        right.seal(&mut sealed, direction, sequence).unwrap();
        assert_eq!(sealed, *bytes);
    }
    let counts = compare("encrypted", &all, 0x5dbf_bc60_25f3_96b6);
    assert_eq!(counts, (200, 10));
    println!("encrypted: {} packets, {} frames of pods, {} special ones", datagrams.len(), counts.0, counts.1);
}
