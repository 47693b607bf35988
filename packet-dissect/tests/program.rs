//! The program as a person meets it: outputs, exit codes, what it says when something is wrong.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests may fail loudly")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

mod common;
use common::{program, said, testdata, text};

fn on(name: &str, arguments: &[&str]) -> Output {
    program(arguments).arg(testdata(name)).output().unwrap()
}

#[test]
fn a_line_a_packet() {
    let output = on("flannel-vxlan.pcap", &[]);
    assert_eq!(output.status.code(), Some(0));
    let text = text(&output);
    assert_eq!(text.lines().count(), 52);
    assert!(text.lines().all(|line| !line.contains(['…', '\u{1b}'])));
    let ping = text.lines().find(|line| line.contains("echo request")).unwrap();
    assert!(ping.contains("10.244.1.2 > 10.244.2.2  ICMP echo request, id ") && ping.ends_with("vxlan 1"), "{ping}");
    assert!(text.contains("10.244.2.0 > 10.244.1.2  ICMP time exceeded, time to live exceeded in transit  vxlan 1"));
    assert!(text.contains("ICMP, fragment at 1408+  vxlan 1"));
    assert!(text.contains("  vxlan 1  of 3 fragments\n"), "{text}");
}

#[test]
fn colours_when_asked_for_and_not_otherwise() {
    assert!(text(&on("calico-vxlan.pcap", &["--color", "always"])).contains("\u{1b}["));
    assert!(!text(&on("calico-vxlan.pcap", &["--color", "never"])).contains('\u{1b}'));
    assert!(!text(&on("calico-vxlan.pcap", &[])).contains('\u{1b}'));
}

#[test]
fn the_tree_and_the_bytes() {
    let text = text(&on("vxlan-gbp.pcap", &["-V", "-x", "-c", "1", "-Y", "vxlan.gbp == 7"]));
    for line in [
        "VXLAN 1, group 7  [bytes 42..50]",
        "    Group policy ID                            7  vxlan.gbp",
        "       vxlan  002a  88 00 00 07 00 00 01 00                          ........",
        "    Header checksum status                     1 (good)  ip.checksum.status",
    ] {
        assert!(text.lines().any(|of| of == line), "{line:?} is not in\n{text}");
    }
}

#[test]
fn fields_with_tsharks_conventions() {
    let fields = ["-T", "fields", "-e", "frame.number", "-e", "ip.src", "-e", "vxlan.vni", "-c", "1", "-Y", "icmp"];
    let run = |more: &[&str]| text(&on("vxlan-gbp.pcap", &[&fields[..], more].concat()));
    let number = run(&[]).split('\t').next().unwrap().to_owned();
    assert_eq!(run(&[]), format!("{number}\t192.0.2.1,10.244.1.1\t1\n"));
    assert_eq!(run(&["-E", "separator=,", "-E", "aggregator=;"]), format!("{number},192.0.2.1;10.244.1.1,1\n"));
    assert_eq!(run(&["-E", "occurrence=f", "-E", "separator=/s"]), format!("{number} 192.0.2.1 1\n"));
    assert_eq!(run(&["-E", "occurrence=l", "-E", "quote=d"]), format!("\"{number}\"\t\"10.244.1.1\"\t\"1\"\n"));
    assert!(run(&["-E", "header=y"]).starts_with("frame.number\tip.src\tvxlan.vni\n"));
    let twice = text(&on(
        "calico-vxlan.pcap",
        &["-T", "fields", "-e", "vxlan.vni", "-e", "vxlan.vni", "-Y", "vxlan", "-c", "1"],
    ));
    assert_eq!(twice, "4096\t4096\n");
}

/// As in Wireshark, every packet is a frame.
#[test]
fn a_frame_is_every_packet() {
    assert_eq!(text(&on("flannel-vxlan.pcap", &["-Y", "frame"])).lines().count(), 52);
    assert_eq!(text(&on("flannel-vxlan.pcap", &["-Y", "!frame"])), "");
    assert_eq!(
        on("flannel-vxlan.pcap", &["-Y", "frame && vxlan"]).stdout,
        on("flannel-vxlan.pcap", &["-Y", "vxlan"]).stdout
    );
}

#[test]
fn json_an_object_a_line() {
    let text = text(&on("calico-vxlan.pcap", &["-T", "json", "-Y", "icmp && vxlan.vni == 4096"]));
    assert_eq!(text.lines().count(), 4);
    for line in text.lines() {
        let object: serde_json::Value = serde_json::from_str(line).unwrap();
        let layers = object["layers"].as_array().unwrap();
        let names: Vec<_> = layers.iter().map(|layer| layer["layer"].as_str().unwrap()).collect();
        assert_eq!(names, ["eth", "ip", "udp", "vxlan", "eth", "ip", "icmp", "data"]);
        assert_eq!(
            (&layers[3]["vxlan.vni"], &layers[3]["start"], &layers[3]["end"]),
            (&4096.into(), &42.into(), &50.into())
        );
        assert_eq!(layers[3]["vxlan.flags"], "0x0800");
    }
    let some = self::text(&on(
        "calico-vxlan.pcap",
        &["-T", "json", "-e", "vxlan.vni", "-e", "ip.src", "-Y", "vxlan", "-c", "1"],
    ));
    assert_eq!(some, "{\"ip.src\":[\"192.0.2.1\",\"10.244.1.2\"],\"vxlan.vni\":[4096]}\n");
}

#[test]
fn statistics() {
    let text = text(&on("calico-vxlan.pcap", &["--stats"]));
    assert!(text.contains("vxlan 4096") && text.contains("vxlan 192.0.2.1 - 192.0.2.2"), "{text}");
    // Eight pings and answers of 98 bytes (IPv4) or 118 (IPv6) in 50 bytes of encapsulation each.
    let row = text.lines().find(|line| line.ends_with("vxlan 4096")).unwrap();
    let numbers: Vec<u64> = row.split_whitespace().take(4).map(|number| number.parse().unwrap()).collect();
    assert_eq!(numbers, [8, 4 * (98 + 50) + 4 * (118 + 50), 0, 8 * 50]);
}

#[test]
fn decode_as() {
    let fields = ["-T", "fields", "-e", "vxlan.vni"];
    // Flannel's port, decoded as something else first: no VXLAN is seen.
    let text = text(&on("flannel-vxlan.pcap", &[&fields[..], &["-d", "udp.port==8472,geneve"]].concat()));
    assert!(text.lines().all(str::is_empty));
}

#[test]
fn verify_counts() {
    let output = on("flannel-vxlan.pcap", &["--verify"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output).starts_with("52 packets, 52 built the same; "), "{}", text(&output));
}

#[test]
fn pasted_bytes() {
    let ping = "45 00 00 1c 00 00 40 00 40 01 b6 d1 c0 00 02 01 c0 00 02 02 08 00 f7 f7 00 07 00 01";
    let output = program(&["hex", "--as", "ipv4", ping]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output).contains("ICMP echo request, id 7, seq 1  [bytes 20..28]"), "{}", text(&output));
    let mut child = program(&["hex", "--as", "ip", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b"\t0x0000:  4500 001c 0000 4000 4001 b6d1 c000 0201\n\t0x0010:  c000 0202 0800 f7f7 0007 0001\n")
        .unwrap();
    assert!(text(&child.wait_with_output().unwrap()).contains("ICMP echo request, id 7, seq 1"));
    assert_eq!(program(&["hex", "4x"]).output().unwrap().status.code(), Some(2));
}

#[test]
fn wrong_usage_is_status_2_and_named() {
    let file = testdata("calico-vxlan.pcap");
    let file = file.to_str().unwrap();
    for (arguments, says) in [
        (&["-T", "fields", "-e", "vxlan.vnii", file][..], "the nearest known one is \"vxlan.vni\""),
        (
            &["-Y", "ip.adr == 1.2.3.4", file],
            "there is no field \"ip.adr\"; is \"ip.addr\" meant?\n  ip.adr == 1.2.3.4\n  ^~~~~~\n",
        ),
        (&["-d", "udp.port==1,vxlann", file], "the nearest known one is \"vxlan\""),
        (&["-d", "udp.prt==1,vxlan", file], "the nearest known one is \"udp.port\""),
        (&["-E", "seperator=,", "-T", "fields", "-e", "ip.src", file], "the nearest known one is \"separator\""),
        (&["-E", "colour=y", "-T", "fields", "-e", "ip.src", file], "known are separator, aggregator, occurrence, "),
        (
            &["-T", "fields", "-e", "_ws.col.Info", file],
            "packet-dissect: unknown field \"_ws.col.Info\"; packet-dissect fields lists those that are known\n",
        ),
        (
            &["-T", "fields", "-e", "ipv4.src", file],
            "unknown field \"ipv4.src\"; the nearest known one is \"ip.src\"\n",
        ),
        (&["-T", "fields", "-e", "dns.qry.name", file], "unknown field \"dns.qry.name\": dns is not decoded here\n"),
        (&["-d", "udp.port==1,http", file], "known are vxlan, "),
        (&["-T", "fields", file], "-T fields needs a field"),
        (&[], "no capture was given"),
        (&["--nonsense"], "unexpected argument"),
    ] {
        let output = program(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(said(&output).contains(says), "{arguments:?}: {}", said(&output));
    }
}

/// A capture that is cut: all packets before the cut, then status 1.
#[test]
fn a_broken_capture_is_status_1_behind_all_good_packets() {
    let whole = std::fs::read(testdata("calico-vxlan.pcap")).unwrap();
    let mut child =
        program(&["-r", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&whole[..whole.len() - 1]).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output).lines().count(), 17);
    assert_eq!(
        said(&output),
        "packet-dissect: -: the capture is cut short: it ends within the record behind packet 17\n"
    );
    let mut child = program(&["-r", "-"]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"no capture at all").unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(1));
    // Nothing is counted of what cannot be read.
    let output = on("README.md", &["--stats"]);
    assert_eq!((output.status.code(), text(&output)), (Some(1), String::new()));
}

#[test]
fn a_reader_that_goes_away_is_no_reason_to_complain() {
    let mut child = program(&["-V", "-x"])
        .arg(testdata("flannel-vxlan.pcap"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), said(&output)), (Some(0), String::new()));
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_is_full_is_told() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = program(&["-V"]).arg(testdata("flannel-vxlan.pcap")).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("No space left on device"), "{}", said(&output));
}

#[test]
fn fields_and_completions_are_listed() {
    let fields = text(&program(&["fields"]).output().unwrap());
    assert!(fields.lines().any(|line| line.starts_with("vxlan.vni ")) && fields.lines().count() > 150);
    let script = text(&program(&["completions", "bash"]).output().unwrap());
    assert!(script.contains("packet-dissect"));
}

/// Ctrl-C while a live capture is read: the program ends by that signal, what it printed before stays.
#[cfg(target_os = "linux")]
#[test]
fn an_interrupt_ends_it() {
    use std::io::Read;
    use std::os::unix::process::ExitStatusExt;
    let capture = std::fs::read(testdata("calico-vxlan.pcap")).unwrap();
    // Whoever runs tests in the background has them ignore the signal, and their children too.
    let mut program = Command::new("env");
    program.args(["--default-signal=INT", env!("CARGO_BIN_EXE_packet-dissect"), "-l", "-r", "-"]);
    let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(&capture).unwrap();
    let mut first = [0; 7];
    child.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
    assert_eq!(&first[..6], b"     1");
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().signal(), Some(2));
    drop(input);
}

/// Two KEEPALIVEs in three segments, the second cut in half.
fn bgp_capture() -> Vec<u8> {
    let mut keepalive = [0xff; 19];
    keepalive[16..].copy_from_slice(&[0, 19, 4]);
    bgp_segments(&[(1, &keepalive, 0), (20, &keepalive[..10], 0), (30, &keepalive[10..], 0)])
}

/// Segments of a sequence number and data, in a pcap of raw IP; the checksum is changed by so much.
fn bgp_segments(segments: &[(u32, &[u8], u8)]) -> Vec<u8> {
    use ether_ip::Headroom;
    use ether_ip::ip::IpProtocol;
    use ether_ip::ipv4::Ipv4Header;
    use ether_ip::tcp::{TcpFlags, TcpHeader};
    let mut file = [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 101].map(u32::to_le_bytes).concat();
    for &(sequence, data, wrong) in segments {
        let mut buffer = [0; 128];
        let mut packet = Headroom::with_payload(&mut buffer, data).unwrap();
        let ip = Ipv4Header::new([192, 0, 2, 1].into(), [192, 0, 2, 2].into(), IpProtocol::TCP);
        TcpHeader::new(40_000, 179, sequence, TcpFlags::ACK).prepend(&[], &ip.pseudo_header(), &mut packet).unwrap();
        ip.prepend(&[], &mut packet).unwrap();
        let len = packet.len() as u32;
        file.extend([7, 0, len, len].map(u32::to_le_bytes).concat());
        file.extend(packet.packet());
        let checksum = file.len() - data.len() - 4;
        file[checksum] ^= wrong;
    }
    file
}

fn on_input(input: &[u8], arguments: &[&str]) -> String {
    let mut child = program(arguments).args(["-r", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    text(&child.wait_with_output().unwrap())
}

/// However often a packet is walked, by a filter, for its protocols, for its output: its BGP messages are told each time.
#[test]
fn bgp_is_told_in_every_output() {
    let capture = bgp_capture();
    let fields = ["-T", "fields", "-e", "frame.number", "-e", "bgp.type", "-e", "bgp.length"];
    assert_eq!(on_input(&capture, &fields), "1\t4\t19\n2\t\t\n3\t4\t19\n");
    let filtered = on_input(&capture, &[&fields[..], &["-Y", "bgp.type == 4"]].concat());
    assert_eq!(filtered, "1\t4\t19\n3\t4\t19\n");
    let with_protocols = on_input(&capture, &["-T", "fields", "-e", "frame.protocols", "-e", "bgp.type"]);
    assert_eq!(with_protocols, "ip:tcp:bgp\t4\nip:tcp:data\t\nip:tcp:data\t4\n");
    let tree = on_input(&capture, &["-V", "-Y", "bgp.length == 19"]);
    assert_eq!(tree.matches("BGP KEEPALIVE, which ends in this segment").count(), 2);
    let json = on_input(&capture, &["-T", "json"]);
    assert_eq!(json.matches("\"bgp.type\":4").count(), 2);
    assert_eq!(on_input(&capture, &[]).matches("BGP KEEPALIVE").count(), 2);
}

/// A segment whose checksum is wrong, in the place of the next one, and one from 2^30 ahead hide nothing, and are said in every output.
#[test]
fn what_is_skipped_of_a_stream_is_said() {
    let mut keepalive = [0xff; 19];
    keepalive[16..].copy_from_slice(&[0, 19, 4]);
    let capture = bgp_segments(&[(1, &keepalive, 0), (20, &[7], 1), (1 << 30, &[7], 0), (20, &keepalive, 0)]);
    let (damaged, gap) =
        ("TCP checksum is wrong, this segment is followed apart", "1073741804 bytes before this segment were not seen");
    let fields = ["-T", "fields", "-e", "bgp.type", "-e", "bgp.stream.skipped"];
    assert_eq!(on_input(&capture, &fields), format!("4\t\n\t{damaged}\n\t{gap}\n4\t\n"));
    let lines = on_input(&capture, &[]);
    let ends: Vec<_> = lines.lines().filter_map(|line| line.split_once("zero window  ")).map(|(_, end)| end).collect();
    // Both sums stand on the line before.
    assert_eq!(ends, ["this segment is followed apart", gap]);
    let second = lines.lines().nth(1).unwrap();
    assert!(second.contains("  TCP checksum 0x") && second.matches("checksum").count() == 1, "{second}");
    assert!(lines.lines().last().is_some_and(|line| line.contains("BGP KEEPALIVE")), "{lines}");
    for (arguments, before) in [(&["-V"][..], "Not followed"), (&["-T", "json"], "\"bgp.stream.skipped\":\"")] {
        let told = on_input(&capture, arguments);
        let behind: Vec<_> = told.split(before).skip(1).map(str::trim_start).collect();
        assert!(matches!(behind[..], [a, b] if a.starts_with(damaged) && b.starts_with(gap)), "{told}");
    }
    // The sum of the pseudo-header is left by a sender whose network card works out the rest.
    let mut offloaded = bgp_segments(&[(1, &keepalive, 0)]);
    let at = offloaded.len() - 19 - 4;
    // c000 + 0201 + c000 + 0202 + 0006 + 0027 (RFC 9293 §3.1) is 18430: 8431.
    offloaded[at..at + 2].copy_from_slice(&[0x84, 0x31]);
    assert_eq!(on_input(&offloaded, &fields), "4\t\n");
    offloaded[at + 1] = 0x32;
    assert_eq!(on_input(&offloaded, &fields), format!("4\t{damaged}\n"));
}

/// Why a message is broken stands on its line: one that cannot be read, and one of which RFC 7606 says what to do.
#[test]
fn a_broken_message_is_told_on_its_line() {
    let message = |body: &[u8]| [&[0xff; 16][..], &[0, 19 + body.len() as u8, 2], body].concat();
    // 9 bytes of withdrawn routes that are not there; ORIGIN 3, an empty AS_PATH, NEXT_HOP 192.0.2.1, 10.0.0.0/8.
    let cut = message(&[0, 9, 0, 0]);
    let origin = message(&[0, 0, 0, 14, 0x40, 1, 1, 3, 0x40, 2, 0, 0x40, 3, 4, 192, 0, 2, 1, 8, 10]);
    let keepalive = [&[0xff; 16][..], &[0, 19, 4]].concat();
    let segments = [(1, &cut[..], 0), (24, &origin, 0), (24 + origin.len() as u32, &keepalive, 0)];
    let lines = on_input(&bgp_segments(&segments), &[]);
    let ends: Vec<_> = lines.lines().map(|line| line.split_once("BGP ").unwrap().1).collect();
    let [cut, origin] = [
        "UPDATE is malformed: 9 bytes of withdrawn routes and 0 of attributes do not fit into 4 (NOTIFICATION 3/1 Malformed Attribute List)",
        "treat as withdraw: ORIGIN is malformed: value is 3, it must be at most 2 (RFC 7606 §7.1)",
    ];
    let expected = [
        &format!("UPDATE  zero window  {cut}"),
        &format!("UPDATE +10.0.0.0/8  zero window  {origin}"),
        "KEEPALIVE  zero window",
    ];
    assert_eq!(ends, expected);
}

/// Flannel's UDP backend: pod to pod, with the nodes beside it; and what the tables say of it.
#[test]
fn flannels_datagrams_are_opened() {
    let lines = text(&on("flannel-udp-underlay.pcap", &["-Y", "icmp"]));
    let first = lines.lines().next().unwrap();
    assert!(first.contains("10.244.1.2 > 10.244.2.2  ICMP echo request, id "), "{first}");
    assert!(first.ends_with("  flannel-udp 192.0.2.1 > 192.0.2.2"), "{first}");
    let protocols = text(&on("flannel-udp-underlay.pcap", &["-T", "fields", "-e", "frame.protocols", "-Y", "icmp"]));
    assert_eq!(protocols.lines().next(), Some("eth:ip:udp:flannel_udp:ip:icmp:data"));

    let stats = text(&on("flannel-udp-underlay.pcap", &["--stats"]));
    let has = |line: &str| stats.lines().any(|of| of.split_whitespace().skip(4).collect::<Vec<_>>().join(" ") == line);
    assert!(has("flannel-udp 192.0.2.1 - 192.0.2.2"), "{stats}");
    assert!(has("10.244.1.0/24 behind 192.0.2.1") && has("10.244.2.0/24 behind 192.0.2.2"), "{stats}");
    // The sender's kernel and its proxy took a hop each; one ping was to end in the other proxy.
    assert!(
        has("62, 2 of 64 gone, 192.0.2.1 > 192.0.2.2") && has("62, 2 of 64 gone, 192.0.2.2 > 192.0.2.1"),
        "{stats}"
    );
    assert!(has("1, 63 of 64 gone, 192.0.2.1 > 192.0.2.2"), "{stats}");

    // Another port is left closed until it is said to be one.
    let bytes = "4500003600004000 4011b6b7 c0000201 c0000202 3039303900220000 \
        4500001600000000 3f1161eb 0af40102 0af40202 0708 00000000"
        .replace(['\\', '\n'], "");
    let hex = |arguments: &[&str]| {
        let output = program(&["hex", "--as", "raw"]).args(arguments).arg(&bytes).output().unwrap();
        text(&output)
    };
    assert!(!hex(&[]).contains("Flannel"));
    // 26 bytes where the packet says 22.
    let odd = hex(&["-d", "udp.port==12345,flannel-udp"]);
    assert!(odd.contains("Flannel UDP is malformed: total length is 22, it must be 26"), "{odd}");
}

/// Leases name the node and the backend behind an address, in every output.
#[test]
fn leases_name_the_nodes() {
    let leases = testdata("flannel-leases.json");
    let leases = ["--leases", leases.to_str().unwrap()];
    let with = |name: &str, more: &[&str]| text(&on(name, &[&leases[..], more].concat()));

    let line = with("flannel-udp-tun.pcap", &["-c", "1"]);
    assert!(line.ends_with("  at 192.0.2.1 > 192.0.2.2 by udp, host-gw\n"), "{line}");
    let fields = ["-T", "fields", "-e", "flannel.src.node", "-e", "flannel.dst.backend", "-c", "1"];
    assert_eq!(with("flannel-udp-tun.pcap", &fields), "192.0.2.1\thost-gw\n");
    let to_node_1 = ["-T", "fields", "-e", "ip.dst", "-Y", "flannel.dst.node == \"192.0.2.1\""];
    let addresses = with("flannel-udp-pod.pcap", &to_node_1);
    assert!(
        addresses.lines().count() > 30 && addresses.lines().all(|line| line.starts_with("10.244.1.2")),
        "{addresses}"
    );
    let json: serde_json::Value =
        serde_json::from_str(&with("flannel-udp-tun.pcap", &["-T", "json", "-c", "1"])).unwrap();
    assert_eq!(json["layers"][1]["layer"], "flannel");
    assert_eq!(json["layers"][1]["flannel.dst.node"], "192.0.2.2");
    let tree = with("flannel-udp-tun.pcap", &["-V", "-c", "1"]);
    assert!(tree.contains("    Source's node, by its lease                192.0.2.1  flannel.src.node\n"), "{tree}");
    let stats = with("flannel-udp-tun.pcap", &["--stats"]);
    assert!(stats.contains("10.244.2.0/24 behind 192.0.2.2\n"), "{stats}");
    // In VXLAN just so: it is the innermost packet's addresses that the line tells of.
    let line = with("flannel-vxlan-underlay.pcap", &["-c", "1", "-Y", "icmp"]);
    assert!(line.ends_with("  vxlan 1  at 192.0.2.1 > 192.0.2.2 by udp, host-gw\n"), "{line}");

    let output = on("flannel-udp-tun.pcap", &["--leases", "/nowhere"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).starts_with("packet-dissect: /nowhere: "), "{}", said(&output));
    let broken = testdata("README.md");
    let output = on("flannel-udp-tun.pcap", &["--leases", broken.to_str().unwrap()]);
    assert!(said(&output).contains("the file of leases is not JSON: "), "{}", said(&output));
}

/// Weave's captures, where they are: the counts are those of their README.
#[test]
fn the_sleeve_is_opened_with_its_key_and_not_without() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/captures/weave");
    if !folder.exists() {
        eprintln!("SKIPPED: the foreign captures are not beside the project");
        return;
    }
    let key = "44adb6ffe89bdd69d2d8458040f28f8a018d9704f122c860b44c07e23e1cd894";
    let kinds = |name: &str, more: &[&str]| {
        let fields = ["-T", "fields", "-e", "weave.frame.kind"];
        let output = program(&[&fields[..], more].concat()).arg(folder.join(name)).output().unwrap();
        let text = text(&output);
        ["Ethernet", "heartbeat", "PMTU test", "fragmentation test"].map(|kind| text.matches(kind).count())
    };
    assert_eq!(kinds("plain-underlay.pcap", &["--cni", "weave"]), [198, 6, 2, 2]);
    assert_eq!(kinds("encrypted-underlay.pcap", &["--weave-key", key]), [200, 6, 2, 2]);
    // Without the key, and with another, a packet is shown as what it is; and without fragments put together fewer are whole.
    assert_eq!(kinds("encrypted-underlay.pcap", &[]), [0; 4]);
    assert_eq!(kinds("encrypted-underlay.pcap", &["--weave-key", &key.replace('4', "5")]), [0; 4]);
    let [whole, ..] = kinds("plain-underlay.pcap", &[]);
    assert_eq!(kinds("plain-underlay.pcap", &["--cni", "weave", "-o", "ip.defragment:FALSE"])[0], whole);
    assert!(whole > 100 && whole < 198, "{whole}");

    let on = |more: &[&str]| {
        text(&program(more).args(["--weave-key", key]).arg(folder.join("encrypted-underlay.pcap")).output().unwrap())
    };
    let line = on(&["-Y", "ip.addr == 10.32.0.1 && icmp", "-c", "1"]);
    assert!(line.contains("10.40.0.1") && line.contains("  sleeve ") && line.contains(", sealed"), "{line}");
    // With a key too it is said which frames came under a tag: anybody can have made the others.
    let sealed = |name: &str| {
        let fields = ["-T", "fields", "-e", "weave.frame.sealed", "--weave-key", key];
        let told = text(&program(&fields).arg(folder.join(name)).output().unwrap());
        let count = |value: &str| told.split([',', '\n']).filter(|of| *of == value).count();
        (count("1") > 0, count("0") > 0)
    };
    assert_eq!(sealed("encrypted-underlay.pcap"), (true, false));
    assert_eq!(sealed("plain-underlay.pcap"), (false, true));
    assert!(on(&["--stats"]).lines().any(|line| line.ends_with("  weave, sleeve")));
    let json: serde_json::Value = serde_json::from_str(on(&["-T", "json", "-Y", "weave", "-c", "1"]).trim()).unwrap();
    let layers = json["layers"].as_array().unwrap();
    assert!(layers.iter().any(|layer| layer["layer"] == "weave.frame" && layer["weave.frame.kind"] == "heartbeat"));
    // In a file and in the environment nobody else sees the key; of the two the file counts.
    let file = std::env::temp_dir().join(format!("packet-dissect-key-{}", std::process::id()));
    std::fs::write(&file, format!("{key}\n")).unwrap();
    let with = |by: &[&str], environment: &str| {
        let mut command = program(&["-T", "fields", "-e", "weave.frame.kind"]);
        command.env("WEAVE_KEY", environment).args(by).arg(folder.join("encrypted-underlay.pcap"));
        text(&command.output().unwrap()).matches("Ethernet").count()
    };
    assert_eq!(with(&[], key), 200);
    assert_eq!(with(&["--weave-key-file", file.to_str().unwrap()], &key.replace('4', "5")), 200);
    std::fs::remove_file(file).unwrap();
}

/// Nor is it repeated where it is wrong.
#[test]
fn a_key_is_not_said() {
    let short = "44adb6ffe89bdd69d2d8458040f28f8a018d9704f122c860b44c07e23e1cd89";
    for wrong in [short.to_owned(), format!("{short}x"), format!("{short}44")] {
        let output = on("flannel-vxlan.pcap", &["--weave-key", &wrong]);
        let expected = format!("must have 64 hexadecimal digits, and this has {} characters", wrong.len());
        assert_eq!(output.status.code(), Some(2));
        assert!(said(&output).contains(&expected) && !said(&output).contains("44ad"), "{}", said(&output));
    }
    let output = on("flannel-vxlan.pcap", &["--weave-key-file", "/nowhere/key"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("/nowhere/key: No such file"), "{}", said(&output));
}

/// A long argument is not repeated whole: it would fill the screen.
#[test]
fn a_message_ends() {
    let output = program(&["hex", &"zz".repeat(50_000)]).output().unwrap();
    assert!(said(&output).chars().count() < 1200, "{} characters", said(&output).len());
}

/// A capture of a sleeve packet that has these Ethernet frames.
fn sleeve(frames: &[&[u8]]) -> Vec<u8> {
    use ether_ip::Headroom;
    use ether_ip::ip::IpProtocol;
    use ether_ip::ipv4::Ipv4Header;
    use ether_ip::udp::{UdpChecksum, UdpHeader};
    let peer = [2, 0, 0, 0, 0, 1];
    let frames = frames.iter().map(|frame| [&peer[..], &peer, &[0, frame.len() as u8], frame].concat());
    let body = [&peer[..], &frames.collect::<Vec<_>>().concat()].concat();
    let mut buffer = [0; 256];
    let mut packet = Headroom::with_payload(&mut buffer, &body).unwrap();
    UdpHeader::new(6783, 6783).prepend(&mut packet, UdpChecksum::Zero).unwrap();
    let ip = Ipv4Header::new([192, 0, 2, 1].into(), [192, 0, 2, 2].into(), IpProtocol::UDP);
    ip.prepend(&[], &mut packet).unwrap();
    let len = packet.len() as u32;
    let mut file = [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 101].map(u32::to_le_bytes).concat();
    file.extend([7, 0, len, len].map(u32::to_le_bytes).concat());
    file.extend(packet.packet());
    file
}

const ETHERNET: [u8; 14] = [2, 0, 0, 0, 0, 3, 2, 0, 0, 0, 0, 4, 8, 0];

/// A sleeve packet of two frames: the pods' packet is each of them, and the line shows the last and says so.
#[test]
fn frames_of_the_sleeve_are_packets_of_pods() {
    // IPv4 with a protocol for experiments (RFC 3692), from two pods.
    let frame =
        |pod: u8| [&ETHERNET[..], &[0x45, 0, 0, 20, 0, 0, 0, 0, 64, 253, 0, 0, 10, 32, 0, pod, 10, 40, 0, 1]].concat();
    let file = sleeve(&[&frame(1), &frame(2)]);
    let fields = ["-T", "fields", "-e", "inner.ip.src", "-e", "inner.ip.dst", "-e", "outer.ip.src"];
    assert_eq!(on_input(&file, &fields), "10.32.0.1,10.32.0.2\t10.40.0.1,10.40.0.1\t192.0.2.1\n");
    for pod in ["10.32.0.1", "10.32.0.2"] {
        let line = on_input(&file, &["--follow", &format!("pod={pod}")]);
        assert!(line.contains("10.32.0.2 > 10.40.0.1") && line.ends_with(", the last of 2 frames\n"), "{line}");
    }
}

/// A sleeve packet of two frames, in each of which an IPv4 header is cut: each form tells both.
#[test]
fn every_error_of_a_packet_is_told() {
    let frame = [&ETHERNET[..], &[0x45, 0, 0, 20]].concat();
    let file = sleeve(&[&frame, &frame]);
    let error = "at byte 14: IPv4 is truncated: 20 bytes are needed, 4 are there";
    assert_eq!(on_input(&file, &["-T", "fields", "-e", "frame.error"]), format!("{error},{error}\n"));
    let json: serde_json::Value = serde_json::from_str(on_input(&file, &["-T", "json"]).trim()).unwrap();
    assert_eq!(json["frame.error"], serde_json::json!([error, error]));
    assert_eq!(on_input(&file, &["-V"]).matches(error).count(), 2);
}

/// What a VNI says is the network's own: Cilium's identity of the source, a segment elsewhere.
#[test]
fn a_vni_means_what_the_network_says() {
    let fields = ["-T", "fields", "-e", "cilium.identity", "-e", "vxlan.vni", "-Y", "vxlan", "-c", "1"];
    let with = |more: &[&str]| text(&on("flannel-vxlan.pcap", &[&fields[..], more].concat()));
    assert_eq!([with(&[]), with(&["--cni", "flannel"]), with(&["--cni", "auto"])], ["\t1\n", "\t1\n", "\t1\n"]);
    assert_eq!(with(&["--cni", "cilium"]), "1\t1\n");
    let line = text(&on("flannel-vxlan.pcap", &["--cni", "cilium", "-Y", "icmp", "-c", "1"]));
    assert!(line.ends_with("  vxlan 1 (host)\n"), "{line}");
    let seen = |name: &str| text(&on(name, &["--stats"]));
    assert!(seen("flannel-vxlan.pcap").contains("  flannel, VXLAN\n"));
    assert!(seen("calico-vxlan.pcap").contains("  calico, VXLAN\n"));
    assert!(seen("flannel-udp-underlay.pcap").contains("  flannel, UDP\n"));
}

/// RFC 5722 §4, RFC 8200 §4.5, RFC 1122 §3.3.2: what overlaps and what is late is said on the packet's line and as a field, and what is
/// missing at the end; a packet that the capture cut is nobody's fault. The whole packet's bytes are shown where it is whole.
#[test]
fn fragments_that_do_not_count() {
    let fragment = |id: u8, offset: u8, more: bool, payload: &[u8]| {
        let flags = if more { 0x20 } else { 0 };
        let header =
            [0x45, 0, 0, 20 + payload.len() as u8, 0, id, flags, offset, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];
        [&header[..], payload].concat()
    };
    let datagram = [15, 160, 39, 15, 0, 16, 0, 0];
    let packets = [
        (0_u32, fragment(1, 0, true, &datagram)),
        (1, fragment(1, 1, false, b"whole...")),
        // Another that overlaps itself.
        (2, fragment(2, 0, true, &[datagram, datagram].concat())),
        (3, fragment(2, 1, false, b"another.")),
        // One whose second comes too late, and one whose second does not come.
        (4, fragment(3, 0, true, &datagram)),
        (65, fragment(3, 1, false, b"late....")),
        (66, fragment(4, 1, false, b"second..")),
    ];
    let mut bytes = [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 101].map(u32::to_le_bytes).concat();
    for (second, packet) in packets {
        let len = packet.len() as u32;
        bytes.extend([second, 0, len, len].map(u32::to_le_bytes).concat());
        bytes.extend(packet);
    }
    let path = std::env::temp_dir().join(format!("packet-dissect-fragments-{}.pcap", std::process::id()));
    std::fs::write(&path, bytes).unwrap();
    let on = |arguments: &[&str]| program(arguments).arg(&path).output().unwrap();
    let output = on(&[]);
    let lines: Vec<_> =
        text(&output).lines().map(|line| line.split_whitespace().skip(2).collect::<Vec<_>>().join(" ")).collect();
    let ends = "192.0.2.1 > 192.0.2.2";
    assert_eq!(lines[1], format!("{ends} UDP 4000 > 9999 len 8 of 2 fragments"));
    assert_eq!(
        lines[3],
        format!("{ends} UDP, fragment at 8 fragments overlap: nothing of the packet counts (RFC 5722)")
    );
    assert_eq!(lines[5], format!("{ends} UDP, fragment at 8 the fragment is late: its packet was given up after 60 s"));
    let missing = "of 2 packets not all fragments came; the first: 192.0.2.1 > 192.0.2.2, identification 0x0003, where all from byte 8 is missing";
    assert_eq!(said(&output), format!("packet-dissect: {}: {missing}\n", path.display()));
    let fields = text(&on(&[
        "-T",
        "fields",
        "-e",
        "ip.fragment.count",
        "-e",
        "ip.reassembled.length",
        "-e",
        "ip.fragment.error",
    ]));
    let rows: Vec<Vec<_>> = fields.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!((rows[0].concat(), &rows[1][..]), (String::new(), &["2", "16", ""][..]));
    assert_eq!(rows[3][2], "fragments overlap: nothing of the packet counts (RFC 5722)");
    assert_eq!(rows[5][2], "the fragment is late: its packet was given up after 60 s");
    let dump = text(&on(&["-x", "-Y", "frame.number == 2"]));
    assert!(
        dump.contains("       whole  0000  0f a0 27 0f 00 10 00 00 77 68 6f 6c 65 2e 2e 2e  ..'.....whole...\n"),
        "{dump}"
    );
    let off = on(&["-o", "ip.defragment:false"]);
    assert!(!text(&off).contains("of 2 fragments") && said(&off).is_empty());
    assert_eq!(on(&["-o", "ip.defragment:maybe"]).status.code(), Some(2));
    std::fs::remove_file(&path).unwrap();
}

/// Pods, services and hosts are called by their names, and followed by them; what is none is told once.
#[test]
fn names_of_pods() {
    let folder = std::env::temp_dir().join(format!("packet-dissect-names-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let [pods, hosts] = ["pods.json", "hosts"].map(|name| folder.join(name));
    let list = r#"{"kind":"List","items":[
        {"kind":"Pod","metadata":{"name":"client","namespace":"default"},"status":{"podIPs":[{"ip":"10.244.1.2"}]}},
        {"kind":"Pod","metadata":{"name":"proxy","namespace":"kube-system"},"spec":{"hostNetwork":true},"status":{"podIP":"10.244.2.2"}},
        {"kind":"ConfigMap","metadata":{"name":"none"}}]}"#;
    std::fs::write(&pods, list).unwrap();
    std::fs::write(&hosts, "# nodes\n10.244.2.2 web.example\u{1b}[2J alias\nnonsense\n").unwrap();
    let with = |more: &[&str]| {
        let names = ["--pods", pods.to_str().unwrap(), "--hosts", hosts.to_str().unwrap()];
        on("flannel-vxlan-underlay.pcap", &[&names[..], more].concat())
    };
    let output = with(&["-c", "1", "-Y", "tcp"]);
    let line = r"     9    1.095498 client.default > web.example\x1b[2J  TCP 59978 > 5001 [SYN] seq 0 win 64860 len 0  vxlan 1";
    assert!(text(&output).starts_with(line), "{}", text(&output));
    let told = said(&output);
    assert!(told.contains("1 of 3 entries are no pod, service or node"), "{told}");
    assert!(told.contains("hosts: line 3 is no address and a name"), "{told}");
    let fields = ["-T", "fields", "-e", "src.name", "-e", "dst.name", "-c", "1"];
    assert_eq!(text(&with(&[&fields[..], &["-Y", "tcp"]].concat())), "client.default\tweb.example\\x1b[2J\n");
    // Followed by name as by address, alone and as a pair.
    let count = |more: &[&str]| text(&with(more)).lines().count();
    let pair = count(&["-Y", "ip.addr == 10.244.1.2 && ip.addr == 10.244.2.2"]);
    assert_eq!(pair, 90);
    assert_eq!(count(&["--follow", "pod=client.default,10.244.2.2"]), pair);
    assert_eq!(count(&["--follow", "pod=client.default", "-Y", "tcp"]), 58);
    let output = with(&["--follow", "pod=nobody"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("\"nobody\" is neither an address nor a name that a file tells"));
    std::fs::remove_dir_all(folder).unwrap();
}
