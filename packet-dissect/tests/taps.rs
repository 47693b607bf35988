//! `-z`, beside what tshark counts of the same captures.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests may fail loudly")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata").join(name)
}

fn program(capture: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_packet-dissect"));
    command.args(arguments).arg("-r").arg(testdata(capture)).output().unwrap()
}

/// What the program prints, with one space for many.
fn on(capture: &str, arguments: &[&str]) -> String {
    let output = program(capture, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ") + "\n").collect()
}

/// The rows of the tables: what stands under a title and a head.
fn rows(capture: &str, statistic: &str) -> Vec<String> {
    on(capture, &["-q", "-z", statistic]).lines().skip(2).map(str::to_owned).collect()
}

fn refused(capture: &str, arguments: &[&str]) -> String {
    let output = program(capture, arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// tshark 4.0.17's numbers, of `tshark -n -q -d udp.port==8472,vxlan -z …`: it counts every header but those that an ICMP error quotes, and
/// the bytes are the frame's. Bytes of conversations, which it rounds, are those of its endpoints.
#[test]
fn every_header_counts() {
    let underlay = "flannel-vxlan-underlay.pcap";
    assert_eq!(
        rows(underlay, "conv,ip"),
        [
            "192.0.2.2 <-> 192.0.2.1 48 56963 46 16803 94 73766 0.000000000 1.2375",
            "10.244.1.2 <-> 10.244.2.2 42 16267 48 56963 90 73230 0.860850000 0.3767",
        ]
    );
    assert_eq!(
        rows(underlay, "conv,tcp"),
        ["10.244.1.2:59978 <-> 10.244.2.2:5001 26 3024 32 43720 58 46744 1.095498000 0.0085"]
    );
    assert_eq!(
        rows(underlay, "endpoints,tcp"),
        ["10.244.1.2 59978 58 46744 32 43720 26 3024", "10.244.2.2 5001 58 46744 26 3024 32 43720"]
    );
    assert_eq!(rows(underlay, "endpoints,eth")[4], "33:33:00:00:00:16 2 280 0 0 2 280");
    assert_eq!(
        rows("icmp-errors.pcap", "conv,ip"),
        [
            "192.0.2.2 <-> 192.0.2.1 0 0 6 1220 6 1220 0.581666000 5.3703",
            "192.0.2.1 <-> 198.51.100.2 1 84 3 1596 4 1680 0.581633000 2.2787",
            "192.0.2.1 <-> 203.0.113.1 0 0 1 98 1 98 0.610519000 0.0000",
            "192.0.2.1 <-> 10.9.9.9 0 0 1 98 1 98 1.622440000 0.0000",
            "192.0.2.1 <-> 192.0.2.3 0 0 1 98 1 98 1.630314000 0.0000",
            "192.0.2.1 <-> 198.51.100.9 0 0 1 98 1 98 2.878881000 0.0000",
        ]
    );
    // Nor what sFlow samples.
    assert_eq!(rows("sflow.pcap", "conv,ip"), ["192.0.2.1 <-> 192.0.2.2 0 0 3 922 3 922 0.000000000 2.0000"]);
}

/// The same, of what comes in fragments: a UDP header counts where its packet is whole, an IPv4 header in every fragment, an IPv6 header in
/// the last alone.
#[test]
fn fragments() {
    assert_eq!(
        rows("fragments-ipv6.pcap", "endpoints,ipv6")[..4],
        [
            "2001:db8::1 49 54196 25 27178 24 27018",
            "2001:db8::2 49 54196 24 27018 25 27178",
            "fd00:10:244::1 8 5888 4 2944 4 2944",
            "fd00:10:244::2 7 5732 4 2944 3 2788",
        ]
    );
    assert_eq!(
        rows("fragments-ipv6.pcap", "endpoints,ip"),
        ["10.244.0.1 22 26464 11 13232 11 13232", "10.244.0.2 22 26464 11 13232 11 13232"]
    );
}

/// tshark's too: each stream is one, the ports may be the same.
#[test]
fn streams_apart() {
    assert_eq!(
        rows("tcp-trouble.pcap", "endpoints,ip"),
        ["192.0.2.1 340 324444 223 276462 117 47982", "192.0.2.2 340 324444 117 47982 223 276462"]
    );
    let frames: Vec<_> = rows("tcp-trouble.pcap", "conv,tcp")
        .iter()
        .map(|row| {
            row.split(' ')
                .enumerate()
                .filter(|(at, _)| [0, 3, 5, 7, 9].contains(at))
                .map(|(_, cell)| cell.to_owned())
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    let expected = [
        "192.0.2.1:39142 53 110 163 0.206623000",
        "192.0.2.1:39138 38 63 101 0.000000000",
        "192.0.2.1:39154 26 50 76 3.422251000",
    ];
    assert_eq!(frames, expected);
}

/// tshark's of `-z conv,tcp,tcp.analysis.retransmission`: what is not counted is followed too, and what -Y leaves out.
#[test]
fn tests_of_conversations() {
    let text =
        on("tcp-trouble.pcap", &["-q", "-Y", "frame.number == 300", "-z", "conv,tcp,tcp.analysis.retransmission"]);
    let expected = [
        "192.0.2.1:39142 <-> 192.0.2.2:5001 0 0 6 9084 6 9084 0.213879000 3.2080",
        "192.0.2.1:39154 <-> 192.0.2.2:5001 0 0 4 6056 4 6056 3.422495000 0.0004",
        "192.0.2.1:39138 <-> 192.0.2.2:5001 0 0 2 3028 2 3028 0.000847000 0.2051",
    ];
    assert_eq!(text.lines().skip(2).collect::<Vec<_>>(), expected);
}

/// tshark's of `-z io,stat,0.5,icmp,,udp`: 19 rows, of which few have something in them.
#[test]
fn frames_by_time() {
    let text = on("icmp-errors.pcap", &["-q", "-z", "io,stat,0.5,icmp,,udp"]);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(
        lines[..5],
        [
            "Frames and bytes in 9.023938 s",
            "1: icmp",
            "2: all frames",
            "3: udp",
            "from <> to frames 1 bytes 1 frames 2 bytes 2 frames 3 bytes 3"
        ]
    );
    assert_eq!(lines.len(), 5 + 19);
    assert_eq!(lines[6], "0.5 <> 1.0 5 2354 13 5650 0 0");
    assert_eq!(lines[23], "9.0 <> Dur 0 0 1 166 0 0");
    // What comes when an interval ends is of the next one; tshark leaves it out where it is the last.
    let text = on("sflow.pcap", &["-q", "-z", "io,stat,1"]);
    assert_eq!(text.lines().skip(3).collect::<Vec<_>>(), ["0 <> 1 1 538", "1 <> 2 1 214", "2 <> Dur 1 170"]);
    let text = on("sflow.pcap", &["-q", "-z", "io,stat,0"]);
    assert_eq!(text.lines().last().unwrap(), "0 <> Dur 3 922");
}

/// Packets are counted whatever -Y shows, as tshark does it; a test of the statistic's own leaves some out. The tables follow the packets.
#[test]
fn beside_packets() {
    let of_all = on("calico-vxlan.pcap", &["-q", "-z", "conv,ip"]);
    let text = on("calico-vxlan.pcap", &["-Y", "arp", "-z", "conv,ip", "-z", "conv,ip,icmp"]);
    let (packets, tables) = text.split_once("\n\n").unwrap();
    assert!(packets.lines().count() < 18 && packets.lines().all(|line| line.contains("ARP")), "{packets}");
    let (all, some) = tables.split_once("\n\n").unwrap();
    assert_eq!(format!("{all}\n"), of_all);
    assert!(some.starts_with("IPv4 conversations, of icmp\n"), "{some}");
    assert!(some.lines().count() == 4 && some.contains(" 4 592 "), "{some}");
    // -c stops both.
    assert_eq!(
        on("calico-vxlan.pcap", &["-q", "-c", "1", "-z", "io,stat,0"]).lines().last().unwrap(),
        "0 <> Dur 1 150"
    );
}

/// A name of ours: one pair a packet, the innermost and the outermost; and what files say of addresses beside them.
#[test]
fn pods_and_nodes_by_name() {
    let leases = testdata("flannel-leases.json");
    let file = std::env::temp_dir().join(format!("packet-dissect-taps-{}.hosts", std::process::id()));
    std::fs::write(&file, "10.244.1.2 client.default\n192.0.2.2 node-2\n").unwrap();
    let told = |statistic: &str| {
        let names = ["--hosts", file.to_str().unwrap(), "--leases", leases.to_str().unwrap()];
        let text = on("flannel-udp-underlay.pcap", &[&["-q", "-z", statistic], &names[..]].concat());
        text.lines().skip(2).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        told("conv,pods,udp.port == 8285")[0],
        "10.244.1.2 <-> 10.244.2.2 42 15442 50 56198 92 71640 0.000017000 1.4969 client.default on 192.0.2.1 on 192.0.2.2"
    );
    assert_eq!(told("endpoints,nodes")[1], "192.0.2.2 92 71640 42 15442 50 56198 node-2");
    let names = ["-T", "json", "--hosts", file.to_str().unwrap(), "--leases", leases.to_str().unwrap()];
    let text = on("flannel-udp-underlay.pcap", &[&["-q", "-z", "conv,pods"], &names[..]].concat());
    let object: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(object["rows"][0]["name_a"], "client.default on 192.0.2.1");
    std::fs::remove_file(file).unwrap();
}

#[test]
fn for_machines() {
    let text = on("calico-vxlan.pcap", &["-q", "-T", "json", "-z", "conv,ip,icmp", "-z", "io,stat,1,,icmp"]);
    let objects: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let row = serde_json::json!({
        "a": "192.0.2.1", "b": "192.0.2.2", "frames_from_b": 2, "bytes_from_b": 296, "frames_from_a": 2, "bytes_from_a": 296,
        "frames": 4, "bytes": 592, "start": 0.431_839, "duration": 0.2042,
    });
    assert_eq!(
        (&objects[0]["statistic"], &objects[0]["tests"], &objects[0]["rows"][0]),
        (&"conv,ip".into(), &serde_json::json!(["icmp"]), &row)
    );
    assert_eq!(
        (&objects[1]["tests"], &objects[1]["rows"][0]["frames_2"]),
        (&serde_json::json!(["", "icmp"]), &4.into())
    );
    // Behind the packets' objects, a line each as well.
    let text = on("calico-vxlan.pcap", &["-T", "json", "-z", "endpoints,eth"]);
    assert_eq!(text.lines().count(), 19);
    let csv = program("calico-vxlan.pcap", &["-q", "-T", "csv", "-z", "endpoints,ip,icmp"]).stdout;
    let csv = String::from_utf8(csv).unwrap();
    assert!(
        csv.starts_with(
            "address,packets,bytes,tx_packets,tx_bytes,rx_packets,rx_bytes\r\n192.0.2.1,4,592,2,296,2,296\r\n"
        ),
        "{csv}"
    );
}

#[test]
fn what_is_wrong_is_refused() {
    let said = |statistic: &str| refused("calico-vxlan.pcap", &["-q", "-z", statistic]);
    for unknown in ["conv,foo", "foo", "io,phs"] {
        assert!(
            said(unknown).contains("eth, ip, ipv6, tcp, udp, pods, nodes, and io,stat,SECONDS"),
            "{}",
            said(unknown)
        );
    }
    assert!(said("io,stat,0.0000001").contains("from 0.000001 seconds on"));
    // As -Y says it, with the place.
    let of_filter = "there is no field \"ip.adr\"; is \"ip.addr\" meant?\n  ip.adr == 1\n  ^~~~~~\n";
    assert_eq!(said("conv,ip,ip.adr == 1"), format!("packet-dissect: -z: {of_filter}"));
    assert_eq!(
        said("io,stat,1,ip.addr in {10.0.0.1, 10.0.0.2},ip.adr == 1"),
        format!("packet-dissect: -z: {of_filter}")
    );
    assert_eq!(refused("calico-vxlan.pcap", &["-Y", "ip.adr == 1"]), format!("packet-dissect: -Y: {of_filter}"));
    // Nothing else goes where packets are written to; and a dump has no packets.
    refused("calico-vxlan.pcap", &["-w", "-", "-z", "conv,ip"]);
    refused("bgp-bird-rib.mrt", &["-z", "conv,ip"]);
}

/// A capture of IP headers, each from another address and two seconds after the one before.
fn of_many(count: u32) -> Vec<u8> {
    let mut file = [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 101].map(u32::to_le_bytes).concat();
    for number in 0..count {
        file.extend([2 * number, 0, 20, 20].map(u32::to_le_bytes).concat());
        file.extend([0x45, 0, 0, 20, 0, 0, 0, 0, 64, 255, 0, 0]);
        file.extend([(0x0a00_0001 + number).to_be_bytes(), [192, 0, 2, 1]].concat());
    }
    file
}

/// Memory is bounded: what is beyond is counted together, and the sums are right.
#[test]
fn many_rows() {
    let path = std::env::temp_dir().join(format!("packet-dissect-taps-{}.pcap", std::process::id()));
    std::fs::write(&path, of_many(10_003)).unwrap();
    let path = path.to_str().unwrap();
    let table = rows(path, "conv,ip");
    assert_eq!(table.len(), 10_001);
    assert_eq!(table[9_999], "10.0.39.16 <-> 192.0.2.1 0 0 1 20 1 20 19998.000000000 0.0000");
    assert_eq!(table[10_000], "others <-> others - - - - 3 60 20000.000000000 4.0000");
    let table = rows(path, "endpoints,ip");
    assert_eq!(
        (table[0].as_str(), table[10_000].as_str()),
        ("192.0.2.1 10003 200060 0 0 10003 200060", "others 4 80 4 80 0 0")
    );
    let text = on(path, &["-q", "-T", "json", "-z", "conv,ip"]);
    let object: serde_json::Value = serde_json::from_str(&text).unwrap();
    let others = serde_json::json!({ "others": true, "frames": 3, "bytes": 60, "start": 20_000.0, "duration": 4.0 });
    assert_eq!(object["rows"][10_000], others);
    // The last interval is as long as it has to be.
    let text = on(path, &["-q", "-z", "io,stat,0.1"]);
    assert_eq!(text.lines().count(), 3 + 131_072);
    assert_eq!(text.lines().last().unwrap(), "13107.1 <> Dur 3449 68980");
    std::fs::remove_file(path).unwrap();
}

const KINDS: [&str; 5] = ["eth", "ip", "ipv6", "tcp", "udp"];

/// The statistics of both programs are asked for in one run.
fn all_statistics() -> Vec<String> {
    let tables = ["conv", "endpoints"].into_iter().flat_map(|table| KINDS.map(|kind| format!("{table},{kind}")));
    tables.chain(["io,stat,0.1,ip,,arp".to_owned()]).flat_map(|statistic| ["-z".to_owned(), statistic]).collect()
}

/// tshark's tables by their titles, each row's cells.
fn of_tshark(capture: &Path) -> Vec<(String, Vec<Vec<String>>)> {
    let output = Command::new("tshark")
        .args(["-n", "-q", "-d", "udp.port==8472,vxlan"])
        .args(all_statistics())
        .arg("-r")
        .arg(capture)
        .output()
        .unwrap();
    let mut tables: Vec<(String, Vec<Vec<String>>)> = Vec::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let cells: Vec<_> = line.split([' ', '|']).filter(|cell| !cell.is_empty()).map(str::to_owned).collect();
        match line {
            _ if line.ends_with(" Conversations") || line.ends_with(" Endpoints") => {
                tables.push((line.to_lowercase(), Vec::new()));
            }
            _ if line.starts_with("| IO Statistics") => tables.push(("io".to_owned(), Vec::new())),
            // An interval's ends may stand close together: what counts are the numbers behind.
            _ if line.starts_with('|') && line.contains("<>") => {
                tables.last_mut().unwrap().1.push(cells[cells.len() - 6..].to_vec());
            }
            _ if line.starts_with(['|', '=', ' ']) || line.starts_with("Filter:") || cells.is_empty() => {}
            _ => tables.last_mut().unwrap().1.push(in_bytes(cells)),
        }
    }
    tables
}

/// A conversation's row without the words behind its bytes; what tshark rounded keeps its unit.
fn in_bytes(cells: Vec<String>) -> Vec<String> {
    let mut whole: Vec<String> = Vec::new();
    for cell in cells {
        match cell.as_str() {
            "bytes" | "byte" => {}
            "kB" | "MB" => whole.last_mut().unwrap().push_str(&cell),
            _ => whole.push(cell),
        }
    }
    whole
}

/// Whether the two are the same number, as far as tshark tells it.
fn is_same(theirs: &str, ours: &str) -> bool {
    let number = || ours.parse::<u64>().unwrap();
    if let Some(thousands) = theirs.strip_suffix("kB") {
        return thousands == (number() / 1000).to_string();
    }
    // tshark has no brackets around IPv6 addresses.
    theirs == ours || theirs == ours.replace(['[', ']'], "")
}

/// What tshark leaves closed.
const OTHERS: [&str; 1] = ["flannel-udp-underlay.pcap"];

/// Every capture: every row that tshark has, in its order, its numbers in its columns.
#[test]
fn every_row_as_tshark_has_it() {
    if Command::new("tshark").arg("--version").output().is_err() {
        eprintln!("SKIPPED: tshark is not here");
        return;
    }
    let mut compared = 0;
    for entry in testdata("").read_dir().unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.extension().is_none_or(|extension| extension != "pcap") || OTHERS.contains(&name) {
            continue;
        }
        let statistics = all_statistics();
        let arguments: Vec<_> = ["-q"].into_iter().chain(statistics.iter().map(String::as_str)).collect();
        let text = on(name, &arguments);
        let ours: Vec<Vec<_>> = text.trim_end().split("\n\n").map(|table| table.lines().collect()).collect();
        let theirs = of_tshark(&path);
        assert_eq!((theirs.len(), ours.len()), (11, 11), "{name}");
        for (title, rows) in theirs {
            let is_io = title == "io";
            let is_it =
                |table: &&Vec<&str>| table[0].to_lowercase() == title || is_io && table[0].starts_with("Frames");
            let table = ours.iter().find(is_it).unwrap_or_else(|| panic!("{name}: {title}"));
            let ours: Vec<Vec<_>> = table[if is_io { 5 } else { 2 }..]
                .iter()
                .map(|row| row.split(' ').skip(if is_io { 3 } else { 0 }).collect())
                .collect();
            // tshark leaves out a last packet that comes exactly when an interval ends.
            assert!(
                ours.len() == rows.len() || is_io && ours.len() == rows.len() + 1,
                "{name}: {title}: {ours:#?} {rows:#?}"
            );
            for (theirs, ours) in rows.iter().zip(&ours) {
                let is_same =
                    theirs.len() == ours.len() && theirs.iter().zip(ours).all(|(theirs, ours)| is_same(theirs, ours));
                assert!(is_same, "{name}: {title}: tshark {theirs:?}, and {ours:?}");
                compared += 1;
            }
        }
    }
    assert!(compared > 1000, "{compared} rows");
}
