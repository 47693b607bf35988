//! What the program opens with the user's keys.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests may fail loudly")]

use std::io::Write;
use std::process::{Output, Stdio};

mod common;
use common::{program, said, testdata, text};

/// The program on a capture of one raw IP packet.
fn on_packet(packet: &[u8], arguments: &[&str]) -> Output {
    on_packets(&[packet], arguments)
}

fn on_packets(packets: &[&[u8]], arguments: &[&str]) -> Output {
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>();
    let mut capture = words(&[0xa1b2_c3d4, 0x0004_0002, 0, 0, 65_535, 101]);
    for packet in packets {
        let len = packet.len() as u32;
        capture.extend([&words(&[1, 0, len, len])[..], packet].concat());
    }
    let mut command = program(&["-"]);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // Who refuses the arguments reads nothing.
    let _ = child.stdin.take().unwrap().write_all(&capture);
    child.wait_with_output().unwrap()
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<_> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(pair).collect()
}

/// RFC 3602 §4, case 5: a ping in transport mode.
const CASE_5: &str = "4500007c 08f20000 4032f9a5 c0a87b03 c0a87b64 00004321 00000001 e96e8c08 ab465763 fd098d45 dd3ff893 \
    f663c25d 325c18c6 a9453e19 4e120849 a4870b66 cc6b9965 330013b4 898dc856 a4699e52 3a55db08 0b59ec3a 8e4b7e52 775b07d1 \
    db34ed9c 538ab50c 551b874a a269add0 47ad2d59 13ac19b7 cfbad4a6";
const CASE_5_KEY: &str = "0x90d382b410eeba7ad938c46cec1a82bf";

#[test]
fn esp_in_transport_mode() {
    let sa = |check: &str| {
        format!("\"IPv4\",\"192.168.123.3\",\"*\",\"0x4321\",\"AES-CBC [RFC3602]\",\"{CASE_5_KEY}\",{check}")
    };
    let packet = unhex(CASE_5);
    let fields = [
        "frame.protocols",
        "esp.pad_len",
        "esp.protocol",
        "esp.icv_good",
        "icmp.ident",
        "icmp.checksum.status",
        "esp.refused",
    ];
    let named = fields.iter().flat_map(|field| ["-e", field]).collect::<Vec<_>>();
    // tshark 4.0.17 has the same, but for the check value that there is not.
    let of_ping = "ip:esp:icmp:data\t14\t0x01\t\t42762\t1\t\n";
    let plain = sa("\"NULL\",\"\"");
    let output = on_packet(&packet, &[&["--esp-sa", &plain, "-T", "fields"], &named[..]].concat());
    assert_eq!((text(&output).as_str(), said(&output).as_str()), (of_ping, ""));
    // Closed: no key, no association, another address, a check value that is none.
    let closed = "ip:esp\t\t\t\t\t\t\n";
    assert_eq!(text(&on_packet(&packet, &[&["-T", "fields"], &named[..]].concat())), closed);
    let other = plain.replace("123.3", "123.4");
    assert_eq!(text(&on_packet(&packet, &[&["-T", "fields", "--esp-sa", &other], &named[..]].concat())), closed);
    let checked = sa("\"HMAC-SHA-1-96 [RFC2404]\",\"0x0b\"");
    let refused = "ip:esp\t\t\t0\t\t\tits check value is wrong\n";
    assert_eq!(text(&on_packet(&packet, &[&["-T", "fields", "--esp-sa", &checked], &named[..]].concat())), refused);
    let line = text(&on_packet(&packet, &["--esp-sa", &checked]));
    assert!(line.contains("ESP spi 0x00004321, sequence 1  ESP stays closed: its check value is wrong"), "{line}");
    let line = text(&on_packet(&packet, &["--esp-sa", &plain]));
    assert!(
        line.contains("192.168.123.3 > 192.168.123.100  ICMP echo request, id 42762, seq 0  esp 0x00004321"),
        "{line}"
    );
    // A fragment's bytes are not all there.
    let mut fragment = packet.clone();
    fragment[6] = 0x20;
    assert!(!text(&on_packet(&fragment, &["--esp-sa", &plain])).contains("ICMP"));
    assert!(!text(&on_packet(&fragment, &["--esp-sa", &plain, "-o", "ip.defragment:false"])).contains("ICMP"));
    // With the other fragment they are.
    let part = |offset: u8, more: u8, bytes: &[u8]| {
        let mut part = [&packet[..20], bytes].concat();
        (part[3], part[6], part[7]) = (part.len() as u8, more, offset);
        // Left to a card.
        part[10..12].fill(0);
        part
    };
    let parts = [part(0, 0x20, &packet[20..68]), part(6, 0, &packet[68..])];
    let lines = text(&on_packets(&[&parts[0], &parts[1]], &["--esp-sa", &plain]));
    let [first, second] = lines.lines().collect::<Vec<_>>()[..] else { panic!("{lines}") };
    assert!(first.ends_with("  ESP, fragment at 0+"), "{first}");
    assert!(
        second.contains("ICMP echo request, id 4") && second.contains("esp 0x00004321  of 2 fragments"),
        "{second}"
    );
}

/// What is wrong with a key is said without it.
#[test]
fn keys_that_are_wrong() {
    let output = on_packet(&unhex(CASE_5), &["--esp-sa", "IPv4,*,*,*,AES-CBC,0x90d382b410eeba7ad938c46cec1a82,NULL,"]);
    let complaint = "packet-dissect: --esp-sa: the encryption key must be 16, 24 or 32 bytes";
    assert_eq!((output.status.code(), said(&output).lines().next()), (Some(2), Some(complaint)));
    let path = std::env::temp_dir().join(format!("packet-dissect-keys-{}", std::process::id()));
    std::fs::write(&path, "# a comment\n\"IPv4\",\"*\",\"*\",\"*\",\"AES-CBC\",\"0xfeedface\",\"NULL\",\"\"\n")
        .unwrap();
    let output = on_packet(&unhex(CASE_5), &["--esp-sas", path.to_str().unwrap()]);
    let complaint =
        format!("packet-dissect: {}: line 2: the encryption key must be 16, 24 or 32 bytes", path.display());
    assert_eq!((output.status.code(), said(&output).lines().next()), (Some(2), Some(complaint.as_str())));
    std::fs::write(&path, vec![b'#'; 1 << 20]).unwrap();
    let told = said(&on_packet(&unhex(CASE_5), &["--esp-sas", path.to_str().unwrap()]));
    assert!(told.contains("it is longer than 1048576 bytes"), "{told}");
    std::fs::remove_file(&path).unwrap();
}

/// Two of wireguard-go, the first with its keys: inner addresses, and what an ICMP checksum says of the bytes.
#[test]
fn wireguard() {
    let on = |arguments: &[&str]| {
        let mut command = program(&["--wireguard-keys"]);
        command.arg(testdata("wireguard.pcap.keys")).arg(testdata("wireguard.pcap"));
        let output = command.args(arguments).output().unwrap();
        assert_eq!(said(&output), "");
        text(&output)
    };
    let lines = on(&[]);
    let lines: Vec<_> = lines.lines().map(|line| line[19..].to_owned()).collect();
    assert_eq!(lines[3], "10.244.1.1 > 10.244.2.1  ICMP echo request, id 6935, seq 1  wireguard");
    assert_eq!(lines[4], "10.244.2.1 > 10.244.1.1  ICMP echo reply, id 6935, seq 1  wireguard");
    assert_eq!(lines[11], "192.0.2.1 > 192.0.2.2  WireGuard data, receiver 2487715785, counter 5, keepalive");
    assert_eq!(lines.iter().filter(|line| line.ends_with("  wireguard")).count(), 8);
    // As tshark 4.0.17 has them.
    let named = ["wg.static", "wg.handshake_ok", "ip.dst", "icmp.checksum.status"].map(|field| ["-e", field]).concat();
    let rows = on(&[&["-T", "fields", "-c", "4"], &named[..]].concat());
    let expected = "VNAM1sLBlwE5ycdepL8/fClS7g/l2oEtA54U+aFEZAY=\t\t192.0.2.2\t\n\t1\t192.0.2.1\t\n\t\t192.0.2.2\t\n\
        \t\t192.0.2.2,10.244.2.1\t1\n";
    assert_eq!(rows, expected);
    let json = on(&["-T", "json", "-c", "4", "-Y", "icmp"]);
    assert!(json.contains("\"layer\":\"opened\"") && json.contains("\"ip.src\":\"10.244.1.1\""), "{json}");
    let tree = on(&["-V", "-Y", "icmp.seq == 2"]);
    assert_eq!(tree.matches("\nOpened, 84 bytes\nIPv4 10.244.").count(), 2, "{tree}");
    let stats = on(&["--stats"]);
    assert!(stats.contains("wireguard 192.0.2.1 - 192.0.2.2"), "{stats}");
}

/// ESP of a kernel, in both modes: of each group of 8 packets the padding's length (RFC 4303 §2.4: to 4 bytes with AES-GCM, to a block
/// of 16 with AES-CBC), the next header, and whose addresses are inside. tshark 4.0.17 has the same (`interop/run ipsec`).
#[test]
fn esp_of_a_kernel() {
    let on = |arguments: &[&str]| {
        let mut command = program(&["--esp-sas"]);
        command.arg(testdata("ipsec.pcap.sas")).arg(testdata("ipsec.pcap"));
        let output = command.args(arguments).output().unwrap();
        assert_eq!(said(&output), "");
        text(&output)
    };
    let names = [
        "esp.pad_len",
        "esp.protocol",
        "esp.icv_good",
        "ip.src",
        "ipv6.src",
        "icmp.checksum.status",
        "icmpv6.checksum.status",
    ];
    let rows = on(&[&["-T", "fields"], &names.map(|name| ["-e", name]).concat()[..]].concat());
    let rows: Vec<_> = rows.lines().collect();
    assert_eq!(rows.len(), 128);
    let tunnels = [
        "0x04\t1\t192.0.2.1,10.244.1.1\t\t1\t",
        "0x04\t1\t192.0.2.1,10.244.1.1\t\t1\t",
        "0x29\t1\t\t2001:db8::1,fd00:244:1::1\t\t1",
        "0x29\t1\t\t2001:db8::1,fd00:244:1::1\t\t1",
    ];
    let transports = [
        "0x01\t1\t192.0.2.1\t\t1\t",
        "0x01\t1\t192.0.2.1\t\t1\t",
        "0x3a\t1\t\t2001:db8::1\t\t1",
        "0x3a\t1\t\t2001:db8::1\t\t1",
    ];
    let groups = [tunnels, transports, tunnels, transports].concat();
    let paddings = [[2; 8], [10, 10, 6, 6, 14, 14, 14, 14]].concat();
    for (group, (behind, pad_len)) in groups.iter().zip(paddings).enumerate() {
        assert_eq!(rows[8 * group], format!("{pad_len}\t{behind}"), "{group}");
    }
    // In UDP the tree has the layer between; what is in it is walked all the same.
    let protocols = on(&["-T", "fields", "-e", "frame.protocols", "-Y", "frame.number == 9"]);
    assert_eq!(protocols, "eth:ip:udp:udpencap:esp:ip:icmp:data\n");
    let tree = on(&["-V", "-Y", "frame.number == 9"]);
    assert!(
        tree.contains(
            "Check value is right                       yes  esp.icv_good\nOpened, 84 bytes\nIPv4 10.244.1.1 > "
        ),
        "{tree}"
    );
    assert_eq!(on(&["-Y", "icmp || icmpv6"]).lines().count(), 128);
}
