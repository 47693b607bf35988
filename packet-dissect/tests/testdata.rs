//! Every capture at hand: decoded as the reference has it, and built again byte for byte.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests may fail loudly")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use packet_dissect::Capture;
use packet_dissect::verify::verify;

/// The columns of the expected decodes, `interop/lib/fields.sh`.
const FIELDS: &str = "frame.number frame.len eth.src eth.dst eth.type vlan.id arp.opcode ip.src ip.dst ip.proto ip.ttl ip.len \
    ip.frag_offset ip.checksum.status ipv6.src ipv6.dst ipv6.nxt ipv6.hlim ipv6.plen udp.srcport udp.dstport udp.length \
    tcp.srcport tcp.dstport tcp.seq_raw tcp.flags icmp.type icmp.code icmpv6.type icmpv6.code gre.proto mpls.label \
    vxlan.vni vxlan.flags geneve.vni bgp.type bgp.length";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn captures(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_capture = |path: &PathBuf| path.extension().is_some_and(|end| end == "pcap" || end == "pcapng");
    let mut captures: Vec<_> = entries.filter(is_capture).collect();
    captures.sort();
    captures
}

/// The foreign captures, where they are.
fn foreign() -> Vec<PathBuf> {
    let folders = root().join("../shared/captures");
    if !folders.is_dir() {
        eprintln!("SKIPPED: the foreign captures are not beside the project");
        return Vec::new();
    }
    ["tcpdump", "flannel-udp", "weave"].iter().flat_map(|name| captures(&folders.join(name))).collect()
}

#[test]
fn every_frame_is_decoded_as_tshark_does() {
    let captures = captures(&root().join("testdata"));
    assert!(captures.len() >= 5, "{captures:?}");
    for capture in captures {
        let mut command = Command::new(env!("CARGO_BIN_EXE_packet-dissect"));
        command.arg("-r").arg(&capture).args(["-T", "fields", "-o", "ip.defragment:false"]);
        command.args(FIELDS.split_whitespace().flat_map(|field| ["-e", field]));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{capture:?}");
        let expected = fs::read_to_string(capture.with_extension("pcap.tsv")).unwrap();
        let ours = String::from_utf8(output.stdout).unwrap();
        for (number, (ours, expected)) in ours.lines().zip(expected.lines()).enumerate() {
            // tshark leaves Flannel's UDP backend closed: what we see is what it sees, and then what is inside.
            if capture.ends_with("flannel-udp-underlay.pcap") {
                let begins =
                    ours.split('\t').zip(expected.split('\t')).all(|(ours, expected)| ours.starts_with(expected));
                assert!(begins, "frame {}: {ours} should begin with {expected}", number + 1);
                continue;
            }
            assert_eq!(ours, expected, "{} frame {}", capture.display(), number + 1);
        }
        assert_eq!(ours.lines().count(), expected.lines().count());
    }
}

/// What the decodes above have no column for: `NAME.pcap.fields.tsv`, by tshark too, says in its first line which fields it has.
#[test]
fn every_other_field_is_what_tshark_has() {
    let mut frames = 0;
    for capture in captures(&root().join("testdata")) {
        let Ok(expected) = fs::read_to_string(capture.with_extension("pcap.fields.tsv")) else { continue };
        let (fields, expected) = expected.split_once('\n').unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_packet-dissect"));
        command.arg(&capture).args(["-T", "fields"]).args(fields.split('\t').flat_map(|field| ["-e", field]));
        let ours = String::from_utf8(command.output().unwrap().stdout).unwrap();
        for (ours, expected) in ours.lines().zip(expected.lines()) {
            assert_eq!(ours, expected, "{}", capture.display());
            frames += 1;
        }
        assert_eq!(ours.lines().count(), expected.lines().count());
    }
    assert!(frames >= 80, "{frames} frames");
}

/// What a kernel's fragments make whole, outer and inner, and in which frame (RFC 791 §3.2, RFC 8200 §4.5): tshark's decode, with
/// reassembly on, of `fragments-ipv4.pcap` and `fragments-ipv6.pcap`. What a first fragment
/// carries is shown where its packet is whole, and only there.
#[test]
fn fragments_are_put_together_as_tshark_does() {
    let (mut wholes, mut pings, mut nested) = (0, 0, 0);
    for name in ["fragments-ipv4", "fragments-ipv6"] {
        let capture = root().join(format!("testdata/{name}.pcap"));
        let expected = fs::read_to_string(root().join(format!("testdata/{name}.pcap.wholes.tsv"))).unwrap();
        let (fields, expected) = expected.split_once('\n').unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_packet-dissect"));
        command.arg(&capture).args(["-T", "fields", "-Y", "ip.fragment.count || ipv6.fragment.count"]);
        command.args(fields.split('\t').flat_map(|field| ["-e", field]));
        let output = command.output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "nothing is missing");
        let ours = String::from_utf8(output.stdout).unwrap();
        assert_eq!(ours.lines().count(), expected.lines().count());
        for (ours, expected) in ours.lines().zip(expected.lines()) {
            let (ours, expected): (Vec<_>, Vec<_>) = (ours.split('\t').collect(), expected.split('\t').collect());
            let is_ping = expected[8..].iter().any(|column| !column.is_empty());
            assert_eq!(ours, expected, "{name} frame {}", expected[0]);
            wholes += 1;
            pings += usize::from(is_ping);
            nested += usize::from(expected[4] == "2,2");
        }
    }
    assert_eq!((wholes, pings, nested), (30, 26, 4));
    // Four pings were sent, three of them in fragments: each is one packet to a test.
    let mut command = Command::new(env!("CARGO_BIN_EXE_packet-dissect"));
    let capture = root().join("testdata/fragments-ipv4.pcap");
    let output =
        command.arg(capture).args(["-Y", "icmp.type == 8", "-T", "fields", "-e", "icmp.seq"]).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 4);
}

/// What lies inside Flannel's datagrams is in the capture of the TUN device, which tshark can open: each packet that went
/// over the wire is one of those, but for the hop.
#[test]
fn what_is_inside_flannels_datagrams_is_what_tshark_sees_at_the_tun_device() {
    const COLUMNS: [(usize, &str); 12] = [
        (7, "ip.src"),
        (8, "ip.dst"),
        (9, "ip.proto"),
        (11, "ip.len"),
        (12, "ip.frag_offset"),
        (19, "udp.srcport"),
        (20, "udp.dstport"),
        (21, "udp.length"),
        (22, "tcp.srcport"),
        (24, "tcp.seq_raw"),
        (25, "tcp.flags"),
        (26, "icmp.type"),
    ];
    let reference = fs::read_to_string(root().join("testdata/flannel-udp-tun.pcap.tsv")).unwrap();
    let mut at_the_tun_device = reference
        .lines()
        .map(|line| {
            let all: Vec<_> = line.split('\t').collect();
            COLUMNS.map(|(column, _)| all[column].to_owned()).join("\t")
        })
        .collect::<Vec<_>>();
    let mut command = Command::new(env!("CARGO_BIN_EXE_packet-dissect"));
    command
        .args(["-T", "fields", "-o", "ip.defragment:false", "-Y", "flannel_udp", "-r"])
        .arg(root().join("testdata/flannel-udp-underlay.pcap"));
    command.args(COLUMNS.iter().flat_map(|(_, field)| ["-e", field]));
    let ours = String::from_utf8(command.output().unwrap().stdout).unwrap();
    let mut inside = 0;
    for line in ours.lines() {
        let mut columns: Vec<_> = line.split('\t').map(str::to_owned).collect();
        // The first of each is the outer one.
        for column in columns.iter_mut().take(8) {
            *column = column.split_once(',').map(|(_, inner)| inner.to_owned()).unwrap_or_default();
        }
        let line = columns.join("\t");
        let found = at_the_tun_device.iter().position(|of| *of == line);
        at_the_tun_device.swap_remove(found.unwrap_or_else(|| panic!("{line:?} was not at the TUN device")));
        inside += 1;
    }
    assert_eq!(inside, 92);
}

#[test]
fn every_packet_is_built_again() {
    let (mut packets, mut built) = (0, 0);
    for capture in captures(&root().join("testdata")).into_iter().chain(foreign()) {
        for packet in Capture::open(&capture).unwrap() {
            let Ok(packet) = packet else { break };
            let verdict = verify(&packet.packet());
            assert!(verdict.is_same, "{} packet {}: {verdict:?}", capture.display(), packet.number);
            packets += 1;
            built += verdict.built;
        }
    }
    assert!(packets >= 118 && built >= 6 * 118, "{packets} packets, {built} layers");
}

/// A test that cannot fail is none: a layer that does not come back is told.
#[test]
fn what_cannot_be_built_again_is_told() {
    // An odd header is kept, and counted apart: the checksum of this one is wrong.
    let bytes = [0x45, 0, 0, 20, 0, 0, 0x40, 0, 64, 99, 0xff, 0xff, 192, 0, 2, 1, 192, 0, 2, 2];
    let verdict = verify(&packet_dissect::Packet::new(packet_dissect::LinkType::RAW, &bytes));
    assert_eq!((verdict.built, verdict.kept, verdict.different, verdict.is_same), (0, 1, 0, true));
}

/// Every prefix of every packet, as a capture with any snap length has it: nothing panics, layers stand back to back, and
/// an error comes last.
#[test]
fn every_prefix_of_every_packet() {
    for capture in captures(&root().join("testdata")) {
        for packet in Capture::open(&capture).unwrap() {
            let packet = packet.unwrap();
            for len in 0..=packet.bytes.len() {
                let mut layers = packet_dissect::layers(packet.link_type, &packet.bytes[..len]);
                let (mut end, mut failed) = (0, false);
                let mut one_by_one = Vec::new();
                while let Some(layer) = layers.next() {
                    one_by_one.push(layer.map(|layer| layer.name()));
                    assert!(!failed, "an error is the last");
                    match layer {
                        Ok(_) => {
                            assert_eq!(layers.range().start, end);
                            assert!(layers.range().end <= len);
                            end = layers.range().end;
                        }
                        Err(_) => failed = true,
                    }
                }
                // Internal iteration is code of its own: it has the same to say.
                let mut all_at_once = Vec::new();
                packet_dissect::layers(packet.link_type, &packet.bytes[..len])
                    .for_each(|layer| all_at_once.push(layer.map(|layer| layer.name())));
                assert_eq!(all_at_once, one_by_one);
            }
            let one_by_one: Vec<_> = std::iter::from_fn({
                let mut layers = packet_dissect::layers(packet.link_type, &packet.bytes);
                move || layers.next()
            })
            .map(|layer| format!("{layer:?}"))
            .collect();
            let mut all_at_once = Vec::new();
            packet_dissect::layers(packet.link_type, &packet.bytes)
                .for_each(|layer| all_at_once.push(format!("{layer:?}")));
            assert_eq!(all_at_once, one_by_one);
        }
    }
}

/// A snap length is no fault of a packet, and lengths are what the headers say: of every capture, cut at 60, 96 and 128 bytes as `editcap -s`
/// does, each length is the whole packet's as far as there are layers, and no error comes in.
#[test]
fn what_is_cut_is_no_worse() {
    let fields = ["frame.error", "frame.len", "ip.len", "ipv6.plen", "udp.length", "tcp.hdr_len", "tcp.len"];
    let cut_file = std::env::temp_dir().join(format!("packet-dissect-cut-{}.pcap", std::process::id()));
    let read = |capture: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_packet-dissect"));
        command
            // Of fragments that are put together only the packet has lengths; one that is cut is shown as it is.
            .args(["-T", "fields", "-o", "bgp.asn:4", "-o", "ip.defragment:false", "-o", "ipv6.defragment:false"])
            .args(fields.iter().flat_map(|field| ["-e", field]))
            .arg(capture);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let mut cut_packets = 0;
    for capture in captures(&root().join("testdata")).into_iter().chain(foreign()) {
        let packets: Vec<_> = Capture::open(&capture).unwrap().map_while(Result::ok).collect();
        let Some(first) = packets.first() else { continue };
        let whole = read(&capture);
        for snap in [60, 96, 128] {
            let mut file = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0];
            file.extend(first.link_type.0.to_le_bytes());
            for packet in &packets {
                let len = packet.bytes.len().min(snap);
                let original = packet.original_len.max(packet.bytes.len() as u32);
                file.extend([0, 0, len as u32, original].map(u32::to_le_bytes).concat());
                file.extend(&packet.bytes[..len]);
            }
            fs::write(&cut_file, file).unwrap();
            for (number, (cut, whole)) in read(&cut_file).lines().zip(whole.lines()).enumerate() {
                let (cut, whole): (Vec<_>, Vec<_>) = (cut.split('\t').collect(), whole.split('\t').collect());
                let place = format!("{} packet {} at {snap}", capture.display(), number + 1);
                assert!(cut[0].is_empty() || !whole[0].is_empty(), "{place}: {}", cut[0]);
                for ((cut, whole), field) in cut.iter().zip(&whole).zip(fields).skip(1) {
                    assert!(whole.starts_with(cut), "{place}: {field} {cut} is not {whole}");
                }
                cut_packets += 1;
            }
        }
    }
    fs::remove_file(&cut_file).unwrap();
    assert!(cut_packets > 3000, "{cut_packets}");
}
