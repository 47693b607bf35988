//! BGP messages in recorded sessions: each field as tshark has it (`.bgp.tsv`, made by `interop/lib/bgp_fields.sh`), and what
//! the program says of them in words.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests may fail loudly")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("testdata").join(name)
}

fn run(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_packet-dissect")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The fields' names, in the order of the script that made the expected decodes.
fn fields() -> Vec<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("interop/lib/bgp_fields.sh");
    let script = std::fs::read_to_string(script).unwrap();
    let words: Vec<_> = script.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect();
    words.windows(2).filter(|pair| pair[0] == "-e").map(|pair| pair[1].to_owned()).collect()
}

#[test]
fn every_field_as_tshark_has_it() {
    //= RFC 4760 §8/capability
    //= RFC 6793 §4.1/capability
    //= RFC 7911 §3/identifier, §4/capability
    let fields = fields();
    assert_eq!(fields.len(), 32);
    let mut values = 0;
    for name in ["bird", "bird-add-path", "frr", "frr-families", "gobgp", "gobgp-families", "openbgpd", "exabgp"] {
        let capture = testdata(&format!("bgp-{name}.pcap"));
        let mut arguments = vec![capture.to_str().unwrap(), "-T", "fields"];
        fields.iter().for_each(|field| arguments.extend(["-e", field]));
        let ours = run(&arguments);
        let theirs = std::fs::read_to_string(testdata(&format!("bgp-{name}.pcap.bgp.tsv"))).unwrap();
        for (number, (ours, theirs)) in ours.lines().zip(theirs.lines()).enumerate() {
            for ((ours, theirs), field) in ours.split('\t').zip(theirs.split('\t')).zip(&fields) {
                assert_eq!(ours, theirs, "{name}, frame {}, {field}", number + 1);
                values += usize::from(!theirs.is_empty());
            }
        }
        assert_eq!(ours.lines().count(), theirs.lines().count());
    }
    assert!(values > 600, "only {values} values were compared");
}

/// RFC 7854 §4.1: GoBGP's messages to its station, cut into segments of 113 bytes, on the default port and on another. The decode is
/// tshark's, told of the port.
#[test]
fn bmp_over_tcp() {
    let theirs = std::fs::read_to_string(testdata("bgp-gobgp-bmp.pcap.bmp.tsv")).unwrap();
    let (fields, theirs) = theirs.split_once('\n').unwrap();
    let capture = testdata("bgp-gobgp-bmp.pcap");
    let mut arguments = vec![capture.to_str().unwrap(), "-T", "fields"];
    fields.split('\t').for_each(|field| arguments.extend(["-e", field]));
    assert_eq!(run(&arguments), theirs);
    assert!(theirs.lines().count() == 27 && theirs.contains("\t1,1\t65,65\n"), "{theirs}");

    // From the middle of a message on it goes on at the next one's header; on a port of nobody's it is followed where that is asked for.
    let mut bytes = std::fs::read(&capture).unwrap();
    let (mut at, mut records) = (24, Vec::new());
    while at < bytes.len() {
        let length = u32::from_le_bytes(bytes[at + 8..at + 12].try_into().unwrap()) as usize;
        records.push(at..at + 16 + length);
        // Behind the record's header and IPv4's: the destination port.
        bytes[at + 38..at + 40].copy_from_slice(&5000_u16.to_be_bytes());
        at += 16 + length;
    }
    let whole =
        [&bytes[..24], &records[2..].iter().flat_map(|of| &bytes[of.clone()]).copied().collect::<Vec<_>>()].concat();
    let moved = std::env::temp_dir().join(format!("packet-dissect-bmp-{}.pcap", std::process::id()));
    std::fs::write(&moved, whole).unwrap();
    let lines = |more: &[&str]| run(&[&[moved.to_str().unwrap(), "-T", "fields", "-e", "bmp.type"], more].concat());
    assert_eq!(lines(&[]).trim(), "");
    let types: Vec<_> = theirs.lines().skip(3).map(|line| line.split('\t').nth(1).unwrap().to_owned()).collect();
    let ours = lines(&["-d", "tcp.port==5000,bmp"]);
    assert_eq!(ours.lines().skip(1).collect::<Vec<_>>(), types);
    std::fs::remove_file(&moved).unwrap();
}

/// A session on another port than BGP's, where that is asked for.
#[test]
fn bgp_on_another_port() {
    let mut bytes = std::fs::read(testdata("bgp-gobgp.pcap")).unwrap();
    let mut at = 24;
    while at < bytes.len() {
        let length = u32::from_le_bytes(bytes[at + 8..at + 12].try_into().unwrap()) as usize;
        // Behind the record's header, Ethernet's and IPv4's: the ports.
        for port in [at + 50, at + 52] {
            if bytes[port..port + 2] == [0, 179] {
                bytes[port..port + 2].copy_from_slice(&10_179_u16.to_be_bytes());
            }
        }
        at += 16 + length;
    }
    let moved = std::env::temp_dir().join(format!("packet-dissect-bgp-{}.pcap", std::process::id()));
    std::fs::write(&moved, bytes).unwrap();
    let types =
        |path: &Path, more: &[&str]| run(&[&[path.to_str().unwrap(), "-T", "fields", "-e", "bgp.type"], more].concat());
    let expected = types(&testdata("bgp-gobgp.pcap"), &[]);
    assert!(expected.contains('2'), "{expected}");
    assert_eq!(types(&moved, &[]).trim(), "");
    assert_eq!(types(&moved, &["-d", "tcp.port==10179,bgp"]), expected);
    std::fs::remove_file(&moved).unwrap();
}

/// The families that Wireshark's fields have no room for, in words; and the whole of an UPDATE as JSON.
#[test]
fn routes_in_words_and_in_json() {
    let capture = testdata("bgp-frr-families.pcap");
    let words = run(&[capture.to_str().unwrap(), "-T", "fields", "-e", "bgp.announced", "-Y", "bgp.announced"]);
    assert_eq!(
        words,
        "l2vpn evpn inclusive-multicast 192.0.2.2:7 tag 0 192.0.2.2,ipv4 vpn 192.0.2.2:7 10.99.0.0/24 label 100\n"
    );
    let json = run(&[capture.to_str().unwrap(), "-T", "json", "-Y", "bgp.announced contains vpn"]);
    let packets: Vec<serde_json::Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let layers = packets.last().unwrap()["layers"].as_array().unwrap();
    let update = layers.iter().rfind(|layer| layer["layer"] == "bgp").unwrap();
    let attribute = |name: &str| {
        let attributes = update["attributes"].as_array().unwrap();
        attributes.iter().find(|attribute| attribute["name"] == name).unwrap()
    };
    let announced = serde_json::json!([{
        "bgp.announced": "ipv4 vpn 192.0.2.2:7 10.99.0.0/24 label 100",
        "bgp.prefix_length": 112,
        "bgp.mp_reach_nlri_ipv4_prefix": "10.99.0.0",
    }]);
    assert_eq!(attribute("MP_REACH_NLRI")["announced"], announced);
    let next_hop = &attribute("MP_REACH_NLRI")["bgp.update.path_attribute.mp_reach_nlri.next_hop.ipv4"];
    assert_eq!(next_hop, "192.0.2.2");
    assert_eq!(attribute("AS_PATH")["bgp.attribute"], "65002");
    assert_eq!(attribute("EXTENDED COMMUNITIES")["bgp.attribute"], "target:65002:7");
    // Asked for by name, fields stand side by side.
    let asked = ["-T", "json", "-e", "bgp.update.path_attribute.type_code", "-Y", "bgp.announced contains vpn"];
    let json = run(&[&[capture.to_str().unwrap()][..], &asked].concat());
    assert_eq!(json, "{\"bgp.update.path_attribute.type_code\":[14,1,2,16,14,1,2,16]}\n");
}

/// What repeats shows its members under it: a path's segments under their attribute, and AS numbers under their segment; two attributes
/// of one type stay two.
#[test]
fn members_stand_under_their_group() {
    // RFC 4271 §4.3: ORIGIN, AS_PATH of a sequence and a set, COMMUNITIES twice (which RFC 7606 §3 g says to take the first of).
    let update = "ffffffffffffffffffffffffffffffff 0043 02 0000 0028 40010100 40020c0201 0000fde8 0101 0000fde9 \
        c00804fde80001 c00804fde80002 400304c0000201 18c00002";
    let tree = run(&["hex", "--as", "bgp", "-o", "bgp.asn:4", update]);
    let at = |label: &str| {
        let lines = tree.lines().filter(|line| line.trim_start().starts_with(label));
        lines.map(|line| line.len() - line.trim_start().len()).collect::<Vec<_>>()
    };
    assert_eq!(at("Attribute  "), [4; 5], "{tree}");
    assert_eq!((at("AS path segment"), at("AS, 4 octets")), (vec![8, 8], vec![12, 12]), "{tree}");
    assert_eq!((at("Community's value"), at("Announced")), (vec![8, 8], vec![4]), "{tree}");
}

/// A pcap of one packet of raw IP with a BGP message in it.
fn capture_of(message: &[u8]) -> Vec<u8> {
    use ether_ip::Headroom;
    use ether_ip::ip::IpProtocol;
    use ether_ip::ipv4::Ipv4Header;
    use ether_ip::tcp::{TcpFlags, TcpHeader};
    let mut buffer = vec![0; 40 + message.len()];
    let mut packet = Headroom::with_payload(&mut buffer, message).unwrap();
    let ip = Ipv4Header::new([192, 0, 2, 1].into(), [192, 0, 2, 2].into(), IpProtocol::TCP);
    TcpHeader::new(40_000, 179, 1, TcpFlags::ACK).prepend(&[], &ip.pseudo_header(), &mut packet).unwrap();
    ip.prepend(&[], &mut packet).unwrap();
    let len = packet.len() as u32;
    let mut file = [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 101].map(u32::to_le_bytes).concat();
    file.extend([7, 0, len, len].map(u32::to_le_bytes).concat());
    file.extend(packet.packet());
    file
}

/// Whoever asks for a field is shown it all, whatever else is asked for: groups are only passed by where nothing in them is wanted.
#[test]
fn a_field_alone_is_what_it_is_among_all() {
    // RFC 4271 §4.3, RFC 4760 §3, §4, RFC 6368 §5, RFC 7911 §3: each place where a field may stand.
    let set = [0, 0, 0xfd, 0xea, 0x40, 1, 1, 0, 0x40, 5, 4, 0, 0, 0, 7, 0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xeb];
    let attributes = [
        &[0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xe8, 0x40, 3, 4, 192, 0, 2, 1][..],
        &[0xc0, 8, 4, 0xfd, 0xe8, 0, 1, 0xc0, 8, 4, 0xfd, 0xe8, 0, 2],
        &[0x80, 14, 14, 0, 1, 128, 0, 0, 32, 32, 1, 13, 184, 32, 32, 1, 13],
        &[0xc0, 128, set.len() as u8],
        &set,
    ]
    .concat();
    let withdrawn = [24, 198, 51, 100];
    let body =
        [&[0, 4][..], &withdrawn, &(attributes.len() as u16).to_be_bytes(), &attributes, &[24, 192, 0, 2]].concat();
    let message = [&[0xff; 16][..], &(19 + body.len() as u16).to_be_bytes(), &[2], &body].concat();
    let path = temporary("set.pcap", &capture_of(&message));
    let mut captures = vec![path.clone()];
    captures.extend(["bgp-bird-add-path.pcap", "bgp-frr-families.pcap", "bgp-gobgp-families.pcap"].map(testdata));
    let fields: Vec<String> = run(&["fields"])
        .lines()
        .filter(|line| line.starts_with("bgp"))
        .map(|line| line.split_whitespace().next().unwrap().to_owned())
        .collect();
    for capture in captures {
        let file = capture.to_str().unwrap();
        let shown = |fields: &[String]| {
            let mut arguments = vec!["-r", file, "-T", "fields"];
            fields.iter().for_each(|field| arguments.extend(["-e", field]));
            let text = run(&arguments);
            text.lines().map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>()).collect::<Vec<_>>()
        };
        for some in fields.chunks(200) {
            let together = shown(some);
            for (column, field) in some.iter().enumerate() {
                let alone: Vec<_> = shown(std::slice::from_ref(field)).concat();
                let among: Vec<_> = together.iter().map(|row| row[column].clone()).collect();
                assert_eq!(alone, among, "{field} of {file}");
            }
        }
    }
    // Two attributes of one type stay two in JSON.
    let json: serde_json::Value = serde_json::from_str(&run(&["-r", path.to_str().unwrap(), "-T", "json"])).unwrap();
    let layers = json["layers"].as_array().unwrap();
    let attributes = layers.iter().find_map(|layer| layer["attributes"].as_array()).unwrap();
    let values: Vec<_> = attributes
        .iter()
        .filter(|of| of["name"] == "COMMUNITIES")
        .map(|of| &of["bgp.update.path_attribute.community_value"])
        .collect();
    assert_eq!(values, [1, 2]);
    let of_set = &attributes.iter().find(|of| of["name"] == "ATTR_SET").unwrap()["attributes"];
    assert_eq!(of_set[1]["bgp.update.path_attribute.local_pref"], 7);
    std::fs::remove_file(path).unwrap();
}

/// RFC 6368 §5: an ATTR_SET may hold another. They are shown nine deep, and what is deeper is told in words.
#[test]
fn sets_within_sets() {
    let mut set = vec![0x40, 1, 1, 0];
    for _ in 0..2000 {
        let value = [&[0, 0, 0xfd, 0xe8][..], &set].concat();
        set = [&[0xd0, 128][..], &(value.len() as u16).to_be_bytes(), &value].concat();
    }
    let body = [&[0, 0][..], &(set.len() as u16).to_be_bytes(), &set].concat();
    let message = [&[0xff; 16][..], &(19 + body.len() as u16).to_be_bytes(), &[2], &body].concat();
    let hex: String = message.iter().map(|byte| format!("{byte:02x}")).collect();
    let tree = run(&["hex", "--as", "bgp", &hex]);
    assert_eq!(tree.matches(" 128 (ATTR_SET)  bgp.update.path_attribute.type_code").count(), 9, "{tree}");
}

/// An UPDATE of 192.0.2.0/24 as path 7, pasted: `-o` decides how it is read.
#[test]
fn pasted_messages_and_what_overrules() {
    let update = "ffffffffffffffffffffffffffffffff 0033 02 0000 0014 40010100 40020602010000fde8 400304c0000201 00000007 18c00002";
    let plain = run(&["hex", "--as", "bgp", "-o", "bgp.add-path:none", update]);
    assert!(plain.contains("session reset 3/10") && plain.contains("RFC 7606 §5.3"), "{plain}");
    let with_ids = run(&["hex", "--as", "bgp", "-o", "bgp.add-path:ipv4-unicast", "-o", "bgp.asn:4", update]);
    assert!(with_ids.contains("192.0.2.0/24 path 7") && !with_ids.contains("session reset"), "{with_ids}");
    // Without being told: the reading by which least is wrong.
    assert!(run(&["hex", "--as", "bgp", update]).contains("192.0.2.0/24 path 7"));
    let output =
        Command::new(env!("CARGO_BIN_EXE_packet-dissect")).args(["hex", "-o", "bgp.as:4", "00"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("the nearest known one is \"bgp.asn\""));
}

fn temporary(name: &str, bytes: &[u8]) -> PathBuf {
    let path = std::env::temp_dir().join(format!("packet-dissect-{}-{name}", std::process::id()));
    std::fs::write(&path, bytes).unwrap();
    path
}

fn mrt(kind: u8, subtype: u8, body: &[u8]) -> Vec<u8> {
    [&[0, 0, 0, 9, 0, kind, 0, subtype][..], &(body.len() as u32).to_be_bytes(), body].concat()
}

/// RFC 6396: a table of one peer and one prefix, and a KEEPALIVE of a session; then a record that is cut.
#[test]
fn mrt_dumps() {
    let peers = [192, 0, 2, 9, 0, 0, 0, 1, 2, 1, 1, 1, 1, 192, 0, 2, 1, 0, 0, 0xfd, 0xe8];
    let attributes = [0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 1, 0, 0, 0x40, 3, 4, 192, 0, 2, 7];
    let route = [&[0, 0, 0, 5, 24, 198, 51, 100, 0, 1, 0, 0, 0, 0, 0, 7, 0, 20][..], &attributes].concat();
    let ends = [0xfd, 0xe8, 0xfd, 0xe9, 0, 0, 0, 1, 192, 0, 2, 1, 192, 0, 2, 2];
    let mut keepalive = [0xff; 19];
    keepalive[16..].copy_from_slice(&[0, 19, 4]);
    let mut bytes = [mrt(13, 1, &peers), mrt(13, 2, &route), mrt(16, 1, &[&ends[..], &keepalive].concat())].concat();
    let path = temporary("rib.mrt", &bytes);
    let file = path.to_str().unwrap();
    let lines = "      1 9.000000 192.0.2.9  1 peers\n\
                 \x20     2 9.000000 192.0.2.1 AS65000  198.51.100.0/24 via 192.0.2.7 path 65536\n\
                 \x20     3 9.000000 192.0.2.1 > 192.0.2.2  BGP KEEPALIVE\n";
    assert_eq!(run(&["-r", file]), lines);
    let fields =
        ["-T", "fields", "-e", "bgp.nlri_prefix", "-e", "bgp.update.path_attribute.as_path_segment.as4", "-c", "2"];
    assert_eq!(run(&[&["-r", file][..], &fields].concat()), "\t\n198.51.100.0\t65536\n");
    // -E, -Y and -c go for dumps as for captures.
    assert_eq!(run(&["-r", file, "-c", "1", "-Y", "bgp.type == 4"]).lines().count(), 1);
    assert_eq!(
        run(&["-r", file, "-c", "2"]),
        lines.lines().take(2).map(|line| line.to_owned() + "\n").collect::<String>()
    );
    let header = [&["-r", file, "-E", "header=y"][..], &fields[..4], &["-Y", "bgp.nlri_prefix"]].concat();
    assert_eq!(run(&header), "bgp.nlri_prefix\n198.51.100.0\n");
    assert_eq!(run(&["-r", file, "-Y", "bgp.type == 4"]), lines.lines().last().unwrap().to_owned() + "\n");
    assert!(run(&["-r", file, "-T", "json"]).contains(r#""bgp.update.path_attribute.next_hop":"192.0.2.7""#));
    bytes.pop();
    std::fs::write(&path, &bytes).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_packet-dissect")).args(["-r", file]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 2);
    assert!(String::from_utf8_lossy(&output.stderr).contains("the last record is cut"));
    std::fs::remove_file(path).unwrap();
}

/// RFC 7854: a router's name, and an End-of-RIB of a peer.
#[test]
fn bmp_streams() {
    let bmp = |kind: u8, body: &[u8]| [&[3][..], &(6 + body.len() as u32).to_be_bytes(), &[kind], body].concat();
    let mut peer = [0; 42];
    peer[22..34].copy_from_slice(&[192, 0, 2, 1, 0, 0, 0xfd, 0xe8, 192, 0, 2, 9]);
    peer[37] = 7;
    let mut update = [0xff; 23];
    update[16..].copy_from_slice(&[0, 23, 2, 0, 0, 0, 0]);
    let bytes = [bmp(4, &[0, 2, 0, 3, b'r', b't', b'r']), bmp(0, &[&peer[..], &update].concat())].concat();
    let path = temporary("station.bmp", &bytes);
    let lines = "      1 0.000000 router  initiation: rtr\n\
                 \x20     2 7.000000 192.0.2.1 AS65000  BGP UPDATE, 0 announced, 0 withdrawn\n";
    assert_eq!(run(&["-r", path.to_str().unwrap()]), lines);
    let header = ["-T", "fields", "-e", "frame.number", "-e", "bgp.type", "-E", "header=y", "-Y", "bgp"];
    assert_eq!(run(&[&["-r", path.to_str().unwrap()][..], &header].concat()), "frame.number\tbgp.type\n2\t2\n");
    std::fs::remove_file(path).unwrap();
}

/// What GoBGP tells its station of a session: every field of the messages in it as tshark has it, which makes one line of a record
/// where two OPENs make two of ours.
#[test]
fn what_gobgp_tells_a_station() {
    let (capture, fields) = (testdata("bgp-gobgp.bmp"), fields());
    let mut arguments = vec!["-r", capture.to_str().unwrap(), "-T", "fields", "-e", "frame.number"];
    fields.iter().for_each(|field| arguments.extend(["-e", field]));
    let mut records: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for line in run(&arguments).lines() {
        let (number, values) = line.split_once('\t').unwrap();
        let record = records.entry(number.parse().unwrap()).or_insert_with(|| vec![String::new(); fields.len()]);
        for (so_far, value) in record.iter_mut().zip(values.split('\t')) {
            if !so_far.is_empty() && !value.is_empty() {
                so_far.push(',');
            }
            so_far.push_str(value);
        }
    }
    let theirs = std::fs::read_to_string(testdata("bgp-gobgp.bmp.tsv")).unwrap();
    let ours: String = records.values().map(|values| values.join("\t") + "\n").collect();
    assert_eq!((ours, records.len()), (theirs, 28));
    let told = run(&["-r", capture.to_str().unwrap()]);
    for line in
        ["router  initiation: GoBGP, 3.10.0", "192.0.2.2 AS65002  4 counters", "192.0.2.2 AS65002  peer down, reason 3"]
    {
        assert!(told.contains(line), "{told}");
    }
}

/// What FRR dumped of a session: its states, of which RFC 6396 §4.4.1 has the numbers up to 6 and FRR one more, and each message that it
/// got. Of numbers of two bytes (subtype 1) as long as none were agreed on, then of four.
#[test]
fn messages_that_frr_dumped() {
    let capture = testdata("bgp-frr-messages.mrt");
    let fields = ["bgp.type", "bgp.length", "bgp.announced"].map(|field| ["-e", field]).concat();
    let shown = run(&[&["-r", capture.to_str().unwrap(), "-T", "fields"], &fields[..]].concat());
    assert_eq!(
        shown.lines().collect::<Vec<_>>(),
        [
            "\t\t",
            "\t\t",
            "1\t59\t",
            "\t\t",
            "4\t19\t",
            "\t\t",
            "\t\t",
            "4\t19\t",
            "2\t78\tl2vpn evpn inclusive-multicast 192.0.2.2:7 tag 0 192.0.2.2",
            "2\t82\tipv4 vpn 192.0.2.2:7 10.99.0.0/24 label 100",
        ]
    );
    let lines = run(&["-r", capture.to_str().unwrap()]);
    let states: Vec<_> =
        lines.lines().filter_map(|line| line.split_once("  state ")).map(|(_, states)| states).collect();
    assert_eq!(states, ["1 to 3", "3 to 4", "4 to 5", "5 to 6", "1 to 8"]);
}

/// A table that BIRD has dumped: what the speaker announced, three paths to each of ten prefixes, each a hop longer.
#[test]
fn a_table_that_bird_dumped() {
    let capture = testdata("bgp-bird-rib.mrt");
    let shown = run(&[
        "-r",
        capture.to_str().unwrap(),
        "-T",
        "fields",
        "-e",
        "bgp.nlri_prefix",
        "-e",
        "bgp.nlri_path_id",
        "-e",
        "bgp.update.path_attribute.as_path_segment.as4",
    ]);
    let mut routes: Vec<_> = shown.lines().filter(|line| line.ends_with("65002")).map(str::to_owned).collect();
    let mut expected = Vec::new();
    for n in 0..10 {
        for path in 1..=3 {
            expected.push(format!("10.0.{n}.0\t{path}\t{}", vec!["65002"; path].join(",")));
        }
    }
    routes.sort();
    expected.sort();
    assert_eq!(routes, expected);
}

/// A peer's text, a router's and a file's name: nothing of them moves a cursor, forges a line or begins a formula, in any output.
#[test]
fn text_from_outside() {
    // RFC 9003: a shutdown with a text of 16 bytes, among them a line feed, an escape, C1's CSI, a quote, a tab and what is no UTF-8.
    let text = b"=1+1\n\x1b[2J\xc2\x9b\"\t\xff";
    let notification = [&[0xff; 16][..], &[0, 22 + text.len() as u8, 3, 6, 2, text.len() as u8], text].concat();
    let ends =
        [&[0, 0, 0xfd, 0xe8, 0, 0, 0xfd, 0xe9, 0, 0, 0, 1][..], &[192, 0, 2, 1, 192, 0, 2, 2], &notification].concat();
    let path = temporary("odd\x1b[2Jname.mrt", &mrt(16, 4, &ends));
    let file = path.to_str().unwrap();
    let escaped = r#"=1+1\n\x1b[2J\u{9b}"\t\xff"#;
    let field = "bgp.notify.communication";
    let columns = run(&["-r", file, "-T", "fields", "-e", field]);
    assert_eq!(columns, format!("{escaped}\n"));
    let quoted = run(&["-r", file, "-T", "fields", "-e", field, "-E", "quote=d", "-E", "defuse=y"]);
    assert_eq!(quoted, format!("\"'{}\"\n", escaped.replace('"', "\"\"")));
    let json: serde_json::Value = serde_json::from_str(&run(&["-r", file, "-T", "json", "-e", field])).unwrap();
    assert_eq!(json[field][0], escaped);
    assert!(run(&["-r", file, "-V"]).contains(escaped));
    // BMP: a router that says its name (RFC 7854 §4.4).
    let name = b"r1\n99.0 forged\x1b[2J";
    let tlv = [&[0, 2, 0, name.len() as u8][..], name].concat();
    let message = [&[3, 0, 0, 0, 6 + tlv.len() as u8, 4][..], &tlv].concat();
    let bmp = temporary("odd.bmp", &message);
    let lines = run(&["-r", bmp.to_str().unwrap()]);
    assert!(lines.ends_with("initiation: r1\\n99.0 forged\\x1b[2J\n"), "{lines:?}");
    assert_eq!(lines.lines().count(), 1);
    // A file's name, in a complaint.
    let cut = temporary("odd\x1b[2Jcut.mrt", &mrt(16, 4, &ends)[..40]);
    let output = Command::new(env!("CARGO_BIN_EXE_packet-dissect")).arg("-r").arg(&cut).output().unwrap();
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(complaint.contains(r"odd\x1b[2Jcut.mrt") && !complaint.contains('\x1b'), "{complaint:?}");
    for path in [path, bmp, cut] {
        std::fs::remove_file(path).unwrap();
    }
}

/// A capture of one Ethernet frame, as a file.
fn file_of(name: &str, frame: &str) -> PathBuf {
    let digits: Vec<_> = frame.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    let frame: Vec<_> = digits.chunks(2).map(byte).collect();
    let header = [[0xa1b2_c3d4, 0x0002_0004, 0, 0, 65_535, 1].map(u32::to_be_bytes).concat(), vec![0; 8]].concat();
    let len = (frame.len() as u32).to_be_bytes();
    let path = std::env::temp_dir().join(format!("packet-dissect-{name}-{}.pcap", std::process::id()));
    std::fs::write(&path, [&header[..], &len, &len, &frame].concat()).unwrap();
    path
}

/// RFC 8538 §3: the reason of a hard reset is another NOTIFICATION. Wireshark leaves it among the data:
/// its fields say what they do there.
#[test]
fn hard_resets() {
    let addresses = "020000000002 020000000001 0800 45c0003f000040000106f4f5c0000201c0000202";
    let segment = "9c4000b30000000100000001501802007d990000";
    let frame = format!("{addresses} {segment} {} 0017 03 0609 0603", "ff".repeat(16));
    let path = file_of("hard-reset", &frame);
    let path = path.to_str().unwrap();
    let line = "     1    0.000000 192.0.2.1 > 192.0.2.2  BGP NOTIFICATION, 6/9 Hard Reset: 6/3 Peer De-configured\n";
    assert_eq!(run(&[path]), line);
    let tree = run(&["-V", path]);
    let of_message = "
    Error                                      6 (Cease)  bgp.notify.major_error
    Cease                                      9 (Hard Reset)  bgp.notify.minor_error_cease
    Data                                       0603  bgp.notify.minor_data
    Reset for error                            6 (Cease)  bgp.notify.hard_reset.major_error
        Reset for subcode                      3 (Peer De-configured)  bgp.notify.hard_reset.minor_error
";
    assert!(tree.contains(of_message), "{tree}");
    let cells = ["-T", "fields", "-e", "bgp.notify.major_error", "-e", "bgp.notify.minor_error_cease"];
    assert_eq!(run(&[&cells[..], &[path]].concat()), "6\t9\n");
    assert_eq!(run(&["-Y", "bgp.notify.hard_reset.minor_error == 3", path]), line);
    let json: serde_json::Value = serde_json::from_str(&run(&["-T", "json", path])).unwrap();
    let layers = json["layers"].as_array().unwrap();
    let message = layers.iter().find(|layer| layer["bgp.type"] == 3).unwrap();
    assert_eq!(message["reasons"][0]["bgp.notify.hard_reset.minor_error"], 3);

    let addresses = "020000000002 020000000001 0800 45c0003d000040000106f4f7c0000201c0000202";
    let segment = "9c4000b300000001000000015018020080a30000";
    let path = file_of("malformed-hard-reset", &format!("{addresses} {segment} {} 0015 03 0609", "ff".repeat(16)));
    let path = path.to_str().unwrap();
    let why = "BGP hard reset is truncated: 2 bytes are needed, 0 are there";
    let line =
        format!("     1    0.000000 192.0.2.1 > 192.0.2.2  BGP NOTIFICATION, 6/9 Hard Reset, malformed: {why}\n");
    assert_eq!(run(&[path]), line);
    assert_eq!(run(&["-T", "fields", "-e", "bgp.error", path]), format!("{why}\n"));
}
