//! What users of tcpdump and tshark type without thinking: options, times, several files.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests may fail loudly")]

use std::io::Write;
use std::process::Stdio;

mod common;
use common::{program, said, testdata, text};

/// What the program prints of a capture of 18 packets.
fn on(arguments: &[&str]) -> String {
    let output = program(arguments).arg("-r").arg(testdata("calico-vxlan.pcap")).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
    text(&output)
}

#[test]
fn nothing_is_resolved_however_often_it_is_said() {
    assert_eq!([on(&["-n"]), on(&["-nn"]), on(&["-nnl"])], [on(&[]), on(&[]), on(&[])]);
}

/// tcpdump and tshark have a filter behind their options: here stand files, and no packet is shown before that is said.
#[test]
fn a_filter_in_the_place_of_files() {
    let capture = testdata("calico-vxlan.pcap");
    for (words, told) in [
        (&["tcp", "port", "80"][..], "-Y 'tcp.port == 80'"),
        (&["host 10.244.1.2"], "-Y 'ip.addr == 10.244.1.2'"),
        (&["vxlan.vni==7"], "-Y 'vxlan.vni==7'"),
        (&["ip", "proto", "6", "and", "less", "100"], "sees the outer packet alone: -f 'ip proto 6 and less 100'"),
    ] {
        for first in [&["-r", capture.to_str().unwrap()][..], &["-i", "lo"]] {
            let output = program(first).args(["-c", "2"]).args(words).output().unwrap();
            assert_eq!((output.status.code(), text(&output).as_str()), (Some(2), ""), "{words:?}");
            let said = said(&output);
            assert!(said.contains("there is no such file") && said.contains(told), "{said}");
        }
    }
    // What is neither is a file that is missing: the others are read.
    let output = program(&["-q", "-r"]).arg(&capture).arg("nowhere.pcap").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("nowhere.pcap: No such file"), "{}", said(&output));
    // A capture and a file do not go together.
    let output = program(&["-i", "lo", "-c", "1"]).arg(&capture).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

/// A capture filter sees no pod's packet in a tunnel: that is said where it took nothing.
#[test]
fn a_capture_filter_that_takes_nothing() {
    let filtered = |filter: &str| {
        let output = program(&["-f", filter, "-r"]).arg(testdata("calico-vxlan.pcap")).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        (text(&output).lines().count(), said(&output))
    };
    let told = "packet-dissect: -f took none of 18 packets: it sees the outer packet alone, and -Y all that is in it\n";
    assert_eq!(filtered("icmp"), (0, told.to_owned()));
    // As many as tcpdump takes.
    assert_eq!(filtered("udp"), (8, String::new()));
}

/// What other programs have and this one has not says what does it here.
#[test]
fn options_of_other_programs() {
    for (arguments, told) in [
        (&["-A"][..], "-A is no option here: -x prints bytes"),
        (&["-nnXX"], "-X is no option here: -x prints bytes"),
        (&["-R", "tcp"], "-R is no option here: -Y tests packets"),
        (&["-G", "60"], "-G is no option here: -w goes on in another file with -b duration:SECONDS"),
        (&["-2"], "-2 is no option here"),
    ] {
        let output = program(arguments).arg("-r").arg(testdata("calico-vxlan.pcap")).output().unwrap();
        assert_eq!((output.status.code(), text(&output).as_str()), (Some(2), ""), "{arguments:?}");
        assert!(said(&output).starts_with(&format!("packet-dissect: {told}")), "{}", said(&output));
    }
    // Others are told of as before.
    let output = program(&["-%"]).output().unwrap();
    assert!(output.status.code() == Some(2) && said(&output).contains("unexpected argument '-%'"), "{}", said(&output));
}

#[test]
fn quiet_prints_no_packets() {
    assert_eq!(on(&["-q"]), "");
    assert_eq!(on(&["-q", "--stats"]), on(&["--stats"]));
}

/// As tcpdump's -v: more of a packet, on its line.
#[test]
fn more_in_each_line() {
    let line = on(&["-v", "-Y", "icmp", "-c", "1"]);
    assert_eq!(line.lines().count(), 1);
    assert!(line.contains("IPv4 192.0.2.1 > 192.0.2.2, UDP, ttl 64") && line.contains(" / VXLAN 4096 / "), "{line}");
    assert!(line.contains("ICMP echo request, id 18975, seq 1"), "{line}");
}

/// Relative numbers and the window in bytes, as tshark 4.0.17 has them of the same frames: a handshake whose windows are then scaled by 10,
/// data, and a reset, of which no window is told.
#[test]
fn where_a_segment_stands() {
    let of = |name: &str, test: &str| {
        let output = text(&program(&["-t", "", "-Y", test]).arg(testdata(name)).output().unwrap());
        output.lines().map(|line| line.split_once("  TCP ").unwrap().1.to_owned()).collect::<Vec<_>>()
    };
    let handshake = [
        "59978 > 5001 [SYN] seq 0 win 64860 len 0  vxlan 1",
        "5001 > 59978 [SYN ACK] seq 0 ack 1 win 64308 len 0  vxlan 1",
        "59978 > 5001 [ACK] seq 1 ack 1 win 65536 len 0  vxlan 1",
        "59978 > 5001 [ACK] seq 1 ack 1 win 65536 len 1398  vxlan 1",
    ];
    assert_eq!(of("flannel-vxlan-underlay.pcap", "tcp and frame.number <= 12"), handshake);
    assert_eq!(of("flannel-vxlan.pcap", "tcp.flags.reset == 1"), ["81 > 48006 [RST ACK] seq 1 ack 1 len 0  vxlan 1"]);
}

/// The line of a frame in which two bytes are 0x1234, and what they were.
fn with_1234(name: &str, number: u64, at: usize, arguments: &[&str]) -> (String, u16) {
    let mut capture = packet_dissect::Capture::open(testdata(name)).unwrap();
    let mut bytes = Vec::new();
    while let Some(frame) = capture.next_record().filter(|_| bytes.is_empty()) {
        let frame = frame.unwrap();
        if frame.number == number {
            bytes = frame.bytes.to_vec();
        }
    }
    let before = u16::from_be_bytes([bytes[at], bytes[at + 1]]);
    bytes[at..at + 2].copy_from_slice(&[0x12, 0x34]);
    let len = bytes.len() as u32;
    let mut file = [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 1].map(u32::to_le_bytes).concat();
    file.extend([0, 0, len, len].map(u32::to_le_bytes).concat());
    file.extend(bytes);
    let mut program = program(&["-r", "-"]);
    let mut child = program.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&file).unwrap();
    (text(&child.wait_with_output().unwrap()), before)
}

/// Each layer's checksum changed, in frames that came from other hosts: what was there is what is said to be right. Where a tunnel has a
/// checksum too it is wrong then, and said first.
#[test]
fn checksums_that_are_wrong() {
    for (name, number, at, layer, count) in [
        ("flannel-vxlan-underlay.pcap", 9, 24, "IPv4", 1),
        ("flannel-vxlan-underlay.pcap", 9, 40, "outer UDP", 1),
        ("flannel-vxlan-underlay.pcap", 9, 74, "IPv4", 2),
        ("flannel-vxlan-underlay.pcap", 9, 100, "TCP", 2),
        ("calico-vxlan.pcap", 7, 86, "ICMP", 1),
        ("calico-vxlan.pcap", 13, 106, "ICMPv6", 1),
        ("flannel-udp-underlay.pcap", 66, 40, "outer UDP", 1),
        ("flannel-udp-underlay.pcap", 66, 68, "UDP", 2),
    ] {
        let (line, before) = with_1234(name, number, at, &[]);
        let told = format!("  {layer} checksum 0x1234 is wrong, {before:#06x} is right");
        assert!(line.contains(&told) && line.matches("checksum").count() == count, "{name} {number} {told}: {line}");
    }
    // What was not captured whole is not judged, but for IPv4's header, which is there.
    let cut = |at| with_1234("flannel-vxlan-underlay.pcap", 12, at, &["-s", "200"]).0;
    assert!(!cut(100).contains("checksum") && cut(24).ends_with(" is right\n"), "{}", cut(24));
}

/// Captures of real hosts, with their own packets among them, fragments, quotes and cut ones. Two are wrong: Linux answers a GTP-U echo
/// with the checksum of the question.
#[test]
fn nobody_is_accused_of_a_checksum() {
    for entry in testdata("").read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "pcap") {
            let lines = text(&program(&[]).arg(&path).output().unwrap());
            let count = if path.ends_with("gtp-u-linux.pcap") { 2 } else { 0 };
            assert_eq!(lines.matches("checksum").count(), count, "{}", path.display());
        }
    }
}

#[test]
fn times() {
    let second = |form: &[&str]| {
        let line = on(&[form, &["-Y", "frame.number <= 2"]].concat());
        line.lines().nth(1).unwrap()[6..].split(" fe80").next().unwrap().trim().to_owned()
    };
    for (forms, time) in [
        (&["r", "tttt"][..], "0.011932"),
        (&["d", "dd", "tt"], "0.011932"),
        (&["e", "t"], "1795499030.277431"),
        (&["a", "u"], "05:43:50.277431"),
        (&["ad", "ud", "ttt"], "2026-11-24 05:43:50.277431"),
        (&["adoy", "udoy"], "2026/328 05:43:50.277431"),
        (&[""], ""),
    ] {
        for form in forms {
            assert_eq!(second(&[&format!("-t{form}")]), time, "-t{form}");
        }
    }
    assert_eq!(second(&["-t", "ad"]), "2026-11-24 05:43:50.277431");
    let output = program(&["-t", "x"]).arg(testdata("calico-vxlan.pcap")).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("known are a, ad, adoy"), "{}", said(&output));
}

/// As tshark 4.0.17 has them with the same TZ.
#[test]
fn the_zone_is_that_of_tz() {
    let with = |zone: &str, arguments: &[&str]| {
        let mut program = program(arguments);
        text(&program.env("TZ", zone).args(["-c", "1", "-r"]).arg(testdata("calico-vxlan.pcap")).output().unwrap())
    };
    let frame_time = ["-T", "fields", "-e", "frame.time"];
    assert_eq!(with("UTC", &frame_time), "Nov 24, 2026 05:43:50.265499000 UTC\n");
    assert_eq!(with("Europe/Berlin", &frame_time), "Nov 24, 2026 06:43:50.265499000 CET\n");
    assert_eq!(with("Asia/Kathmandu", &frame_time), "Nov 24, 2026 11:28:50.265499000 +0545\n");
    assert!(with("Europe/Berlin", &["-t", "a"]).contains(" 06:43:50.265499 "));
    assert!(with("Europe/Berlin", &["-t", "u"]).contains(" 05:43:50.265499 "));
}

#[test]
fn filters_of_times() {
    for (test, count) in [
        (r#"frame.time >= "2026-11-24 05:43:50.9""#, 8),
        (r#"frame.time < "2026-11-24T05:43:50.9Z""#, 10),
        (r#"frame.time >= "Nov 24, 2026 06:43:50.9 +0100""#, 8),
        (r#"frame.time >= "2026-11-24" and frame.time < "2026-11-25""#, 18),
        (r#"frame.time > 1795499032"#, 0),
    ] {
        assert_eq!(on(&["-Y", test]).lines().count(), count, "{test}");
    }
    let output = program(&["-Y", r#"frame.time > "now""#]).arg(testdata("calico-vxlan.pcap")).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("2015-01-01 00:00:00"), "{}", said(&output));
}

/// Since the packet before, whatever becomes of it; and since the one that was shown.
#[test]
fn time_since_the_packet_shown_before() {
    let fields = ["-T", "fields", "-e", "frame.number", "-e", "frame.time_delta", "-e", "frame.time_delta_displayed"];
    let rows = on(&[&fields[..], &["-Y", "icmp"]].concat());
    let rows: Vec<Vec<_>> = rows.lines().map(|row| row.split('\t').collect()).collect();
    assert_eq!((rows[0][0], rows[0][2]), ("7", "0.000000000"));
    assert_eq!((rows[2][0], rows[2][1], rows[2][2]), ("11", "0.028075000", "0.204126000"));
}

/// Two packets a day apart, of Ethernet without content.
fn far_apart() -> Vec<u8> {
    let mut file = [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 1].map(u32::to_le_bytes).concat();
    for second in [0_u32, 310_000] {
        file.extend([second, 0, 14, 14].map(u32::to_le_bytes).concat());
        file.extend([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 6]);
    }
    file
}

#[test]
fn columns_keep_their_space() {
    let path = std::env::temp_dir().join(format!("packet-dissect-apart-{}.pcap", std::process::id()));
    std::fs::write(&path, far_apart()).unwrap();
    let lines = text(&program(&[]).arg(&path).output().unwrap());
    let words: Vec<_> = lines.lines().map(|line| line.split_whitespace().take(2).collect::<Vec<_>>()).collect();
    assert_eq!(words, [["1", "0.000000"], ["2", "310000.000000"]]);
    std::fs::remove_file(path).unwrap();
}

/// On a terminal of 80 columns, and of 40; how wide it is is asked of it, not of COLUMNS, unless it does not know.
#[test]
fn lines_fit_a_terminal() {
    const PTY: &str = "
import fcntl, os, struct, subprocess, sys, termios
master, slave = os.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', 24, int(sys.argv[1]), 0, 0))
child = subprocess.Popen(sys.argv[2:], stdout=slave)
os.close(slave)
try:
    while data := os.read(master, 65536):
        sys.stdout.buffer.write(data)
except OSError:
    pass
sys.exit(child.wait())
";
    let on_terminal = |columns: &str, told: &str, name: &str, arguments: &[&str]| {
        let mut python = std::process::Command::new("python3");
        python.args(["-c", PTY, columns, env!("CARGO_BIN_EXE_packet-dissect")]).args(arguments).arg(testdata(name));
        // Where CI is said to run, colours are taken for wanted.
        let output = python.env("TERM", "dumb").env_remove("CI").env("COLUMNS", told).output().ok()?;
        assert!(output.status.success(), "{}", said(&output));
        Some(text(&output).replace("\r\n", "\n"))
    };
    let pipe = |name: &str, arguments: &[&str]| text(&program(arguments).arg(testdata(name)).output().unwrap());
    let Some(lines) = on_terminal("80", "200", "flannel-vxlan-underlay.pcap", &["-Y", "tcp"]) else {
        return eprintln!("SKIPPED: python3 makes the terminal, and is not there");
    };
    // What it says gives way to the tunnel.
    assert_eq!(
        lines.lines().next(),
        Some("     9    1.095498 10.244.1.2 > 10.244.2.2  TCP 59978 > 5001 [SYN] seq…  vxlan 1")
    );
    assert_eq!(lines.lines().map(|line| line.chars().count()).max(), Some(80));
    assert_eq!(lines.lines().count(), pipe("flannel-vxlan-underlay.pcap", &["-Y", "tcp"]).lines().count());
    // And where that is not enough the end goes; colours do not count.
    let colored = on_terminal("40", "", "flannel-vxlan-underlay.pcap", &["--color=always", "-c", "1"]).unwrap();
    let plain = anstream::adapter::strip_str(&colored).to_string();
    assert_eq!(plain, "     1    0.000000 :: > ff02::1:ffef:c3…\n");
    assert!(colored.ends_with("\u{1b}[0m\n") && colored.matches("\u{1b}[0m").count() >= 2, "{colored:?}");
    let dump = on_terminal("60", "", "bgp-bird-rib.mrt", &[]).unwrap();
    assert_eq!(dump.lines().map(|line| line.chars().count()).max(), Some(60));
    // Not where somebody wants it all, nor in a pipe.
    for whole in [&["--no-cut"][..], &["-v"], &["-V"]] {
        let name = "flannel-vxlan-underlay.pcap";
        assert_eq!(on_terminal("40", "", name, whole).unwrap(), pipe(name, whole), "{whole:?}");
    }
    let told = on_terminal("0", "50", "flannel-vxlan-underlay.pcap", &[]).unwrap();
    assert_eq!(told.lines().map(|line| line.chars().count()).max(), Some(50));
    assert_eq!(on_terminal("0", "", "calico-vxlan.pcap", &[]).unwrap(), on(&[]));
    let mut in_pipe = program(&["-r"]);
    let in_pipe = in_pipe.arg(testdata("calico-vxlan.pcap")).env("COLUMNS", "40").output().unwrap();
    assert_eq!(text(&in_pipe), on(&[]));
}

/// Numbers go on from file to file, and times count from the first packet of all, as in what mergecap -a makes of them: a file that began
/// earlier has negative ones, as tshark has them.
#[test]
fn several_files_are_read_one_after_the_other() {
    let two = ["vxlan-gbp.pcap", "calico-vxlan.pcap"].map(testdata);
    let times =
        ["-T", "fields", "-e", "frame.time_relative", "-e", "frame.time_delta", "-Y", "frame.number in {22..24}"];
    let rows = text(&program(&times).args(&two).output().unwrap());
    let expected = "1.044088000\t0.000052000\n-3.104036000\t-4.148124000\n-3.092104000\t0.011932000\n";
    assert_eq!(rows, expected);
    let [calico, gbp] = ["calico-vxlan.pcap", "vxlan-gbp.pcap"].map(testdata);
    let both = text(&program(&[]).args([&calico, &gbp]).output().unwrap());
    assert_eq!(text(&program(&["-r"]).arg(&calico).arg("-r").arg(&gbp).output().unwrap()), both);
    let second = text(&program(&[]).arg(&gbp).output().unwrap());
    assert_eq!(both.lines().count(), 18 + second.lines().count());
    let numbers: Vec<usize> =
        both.lines().map(|line| line.split_whitespace().next().unwrap().parse().unwrap()).collect();
    assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>());
}

#[test]
fn several_files_are_merged_by_time() {
    let names = ["flannel-udp-underlay.pcap", "flannel-udp-pod.pcap", "flannel-udp-tun.pcap"];
    let times = |arguments: &[&str]| {
        let mut program = program(&["-T", "fields", "-e", "frame.time_epoch", "-e", "frame.number"]);
        let output = text(&program.args(arguments).args(names.map(testdata)).output().unwrap());
        output
            .lines()
            .map(|line| line.split_once('\t').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap())
            .collect::<Vec<_>>()
    };
    let (in_turn, merged) = (times(&[]), times(&["--merge"]));
    assert_eq!(merged.len(), in_turn.len());
    assert!(merged.is_sorted_by_key(|(time, _)| time.clone()) && !in_turn.is_sorted_by_key(|(time, _)| time.clone()));
    assert!(merged.iter().zip(1..).all(|((_, number), of)| *number == of.to_string()));
}

/// What is missing or broken is named, and the others are shown: status 1, and no hint how to call the program.
#[test]
fn a_file_that_fails_leaves_the_others() {
    let good = testdata("calico-vxlan.pcap");
    for arguments in [&[][..], &["--merge"]] {
        let mut program = program(arguments);
        let output = program.args(["/nonexistent.pcap", "/"]).arg(testdata("README.md")).arg(&good).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(text(&output).lines().count(), 18);
        let said = said(&output);
        assert!(said.contains("/nonexistent.pcap: ") && said.contains("/: ") && said.contains("README.md: "), "{said}");
        assert!(!said.contains("--help") && said.lines().count() == 3, "{said}");
    }
    let output = program(&["/nonexistent.pcap"]).output().unwrap();
    assert_eq!((output.status.code(), text(&output)), (Some(1), String::new()));
    assert_eq!(program(&["-", "-"]).stdin(std::fs::File::open(good).unwrap()).output().unwrap().status.code(), Some(1));
}

/// The pods' packet and the nodes', a value each: rows have the same columns with a tunnel and without.
#[test]
fn inner_and_outer_packets() {
    let fields =
        ["-T", "fields", "-e", "inner.ip.src", "-e", "inner.ip.dst", "-e", "outer.ip.src", "-e", "outer.udp.dstport"];
    let rows = on(&[&fields[..], &["-Y", "icmp", "-c", "1"]].concat());
    assert_eq!(rows, "10.244.1.2\t10.244.2.2\t192.0.2.1\t4789\n");
    assert!(on(&fields).lines().all(|row| row.matches('\t').count() == 3 && !row.contains(',')));
    // Only the pods' packet is tested; and without a tunnel it is the nodes'.
    assert_eq!(on(&["-Y", "inner.ip.src == 192.0.2.1"]), "");
    assert_eq!(on(&["-Y", "inner.ipv6.src == fd00:10:244:1::2"]).lines().count(), 2);
    let plain = on(&["-T", "json", "-e", "inner.eth.src", "-e", "outer.eth.src", "-Y", "arp && !vxlan", "-c", "1"]);
    assert_eq!(plain, "{\"inner.eth.src\":[\"02:00:00:00:00:01\"],\"outer.eth.src\":[\"02:00:00:00:00:01\"]}\n");
    let mut program = program(&[
        "-T",
        "fields",
        "-e",
        "inner.tcp.dstport",
        "-e",
        "inner.udp.dstport",
        "-Y",
        "inner.tcp.flags or inner.tcp.srcport",
    ]);
    assert_eq!(program.arg(testdata("flannel-vxlan.pcap")).output().unwrap().status.code(), Some(2));
}

#[test]
fn what_no_packet_can_have_is_refused() {
    let file = testdata("calico-vxlan.pcap");
    for (arguments, says) in [
        (&["-Y", "tcp.port == 99999"][..], "tcp.port is at most 65535, and this is 99999"),
        (&["-Y", "ip.ttl in {64, 256}"], "ip.ttl is at most 255, and this is 256"),
        (&["-Y", "vxlan.vni > 0x1000000"], "vxlan.vni is at most 16777215"),
        (&["-T", "fields", "-e", "bgp.cap.length"], "-e bgp.cap.length would always be empty"),
    ] {
        let output = program(arguments).arg(&file).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(said(&output).contains(says), "{arguments:?}: {}", said(&output));
    }
    let both = ["-T", "fields", "-e", "ip.src", "-E", "separator=,"];
    let output = program(&both).arg(&file).output().unwrap();
    assert!(
        output.status.success() && said(&output).contains("aggregator and separator are the same"),
        "{}",
        said(&output)
    );
    let output = program(&[&both[..], &["-E", "aggregator=;"]].concat()).arg(&file).output().unwrap();
    assert_eq!(said(&output), "");
}

/// RFC 4180: a header, quotes where they are needed, CR and LF.
#[test]
fn csv() {
    let fields = ["-T", "csv", "-e", "frame.number", "-e", "ip.src", "-e", "vxlan.vni", "-Y", "icmp", "-c", "1"];
    assert_eq!(on(&fields), "frame.number,ip.src,vxlan.vni\r\n7,\"192.0.2.1,10.244.1.2\",4096\r\n");
    let other = on(&[&fields[..], &["-E", "separator=;", "-E", "header=n", "-E", "occurrence=l"]].concat());
    assert_eq!(other, "7;10.244.1.2;4096\r\n");
    // Every row has the fields that the header has.
    let all = on(&["-T", "csv", "-e", "inner.ip.src", "-e", "frame.protocols"]);
    assert!(all.split_terminator("\r\n").all(|row| row.matches(',').count() == 1), "{all}");
    let output = program(&["-T", "csv"]).arg(testdata("calico-vxlan.pcap")).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn statistics_for_machines() {
    let object: serde_json::Value = serde_json::from_str(&on(&["--stats", "-T", "json"])).unwrap();
    let network = &object["networks"][0];
    assert_eq!(
        (&network["network"], &network["packets"], &network["overhead"]),
        (&"vxlan 4096".into(), &8.into(), &400.into())
    );
    assert_eq!(object["tunnels"][0]["ends"], serde_json::json!(["192.0.2.1", "192.0.2.2"]));
    assert_eq!(object["total"]["packets"], 18);
    for wrong in [&["--stats", "-T", "csv", "-e", "ip.src"][..], &["--stats", "-T", "json", "-e", "ip.src"]] {
        assert_eq!(program(wrong).arg(testdata("calico-vxlan.pcap")).output().unwrap().status.code(), Some(2));
    }
}

/// In narrow terminals too.
#[test]
fn help_fits() {
    for width in ["60", "80"] {
        for arguments in
            [&["--help"][..], &["-h"], &["hex", "--help"], &["man", "--help"], &["help", "filters"], &["filters"]]
        {
            let output = program(arguments).env("COLUMNS", width).output().unwrap();
            let text = text(&output);
            assert!(output.status.success() && text.lines().count() > 8, "{arguments:?}: {text}");
            let wide: Vec<_> = text.lines().filter(|line| line.chars().count() > width.parse().unwrap()).collect();
            assert!(wide.is_empty(), "{arguments:?} in {width}: {wide:#?}");
        }
    }
}

#[test]
fn the_manual_page_and_completions_come_from_the_same_source() {
    let page = text(&program(&["man"]).output().unwrap());
    assert!(
        page.contains(".TH packet-dissect 1") && page.contains("\\-\\-merge") && page.contains("vxlan.vni"),
        "{page}"
    );
    // Each command has one of its own, which the first page names.
    for name in ["hex", "diagnose", "fields", "filters", "man", "completions"] {
        assert!(page.contains(&format!("packet\\-dissect\\-{name}(1)")), "{name}: {page}");
        let output = program(&["man", name]).output().unwrap();
        let own = text(&output);
        assert!(own.contains(&format!(".TH packet-dissect-{name} 1")) && own.contains(".SH SYNOPSIS"), "{own}");
    }
    let own = text(&program(&["man", "hex"]).output().unwrap());
    assert!(own.contains("\\fBpacket\\-dissect hex\\fR") && own.contains("\\-\\-as"), "{own}");
    let own = text(&program(&["man", "filters"]).output().unwrap());
    assert!(own.contains(".SH LANGUAGE") && own.contains("ip.addr =="), "{own}");
    assert_eq!(program(&["man", "hexx"]).output().unwrap().status.code(), Some(2));
    let (_, synopsis) = page.split_once(".SH SYNOPSIS\n").unwrap();
    let of_some = r"\fBpacket\-dissect\fR [\fB\-r\fR \fIFILE\fR]... [\fB\-\-merge\fR] [\fB\-V\fR] ";
    assert!(synopsis.starts_with(of_some) && synopsis.contains(r" [\fB\-t\fR [\fIFORM\fR]] "), "{synopsis}");
    assert!(synopsis.contains(" [\\fIFILE\\fR]...\n.br\n"), "{synopsis}");
    for shell in ["bash", "zsh", "fish"] {
        let script = text(&program(&["completions", shell]).output().unwrap());
        for word in ["inner.tcp.dstport", "vxlan.vni", "merge", "ipv6.hopopts", "sll2"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}

/// `help -Y` says of the option alone; of -Y with the language.
#[test]
fn help_of_an_option() {
    let merge = "      --merge  Several captures in the order of their packets' times\n";
    assert_eq!(text(&program(&["help", "--merge"]).output().unwrap()), merge);
    let filter = text(&program(&["help", "-Y"]).output().unwrap());
    assert!(filter.starts_with("  -Y <TEST>  ") && filter.contains("\nA test after -Y says"), "{filter}");
    assert_eq!(program(&["help", "-Z"]).output().unwrap().status.code(), Some(2));
}

/// `-t none` is what help calls it, and what -t alone is.
#[test]
fn no_times() {
    let line = "     1 fe80::ff:fe00:1 > ff02::16  ICMPv6 multicast listener report v2, 4 groups";
    for arguments in [&["-t", "none", "-c", "1"][..], &["-t", "-c", "1"]] {
        let lines = text(&program(arguments).arg(testdata("vxlan-gbp.pcap")).output().unwrap());
        assert_eq!(lines.trim_end(), line, "{arguments:?}");
    }
}

/// Every test in the short form is one.
#[test]
fn the_short_form_of_filters_holds() {
    let text = text(&program(&["help", "filters"]).output().unwrap());
    let rows = text.split("Numbers are").next().unwrap().lines().skip(3).filter_map(|line| line.get(15..));
    let is_test = |cell: &&str| cell.contains('.') && cell.contains([' ', '[']);
    let tests: Vec<_> = rows.map(|row| row.split("  ").next().unwrap()).filter(is_test).collect();
    assert!(tests.len() > 10, "{tests:?}");
    tests.iter().for_each(|test| drop(on(&["-c", "0", "-Y", test])));
}

/// The line of a BGP message says what it is about, whole in a pipe.
#[test]
fn lines_of_bgp() {
    let lines =
        text(&program(&["-Y", "bgp.type == 2 or bgp.type == 3"]).arg(testdata("bgp-bird.pcap")).output().unwrap());
    assert!(lines.lines().any(|line| line.contains("BGP UPDATE +") && line.contains(" more")), "{lines}");
    assert!(lines.contains("BGP NOTIFICATION, ") && lines.contains(": bye"), "{lines}");
    assert!(!lines.contains('…'), "{lines}");
    let tree = text(&program(&["-V", "-Y", "bgp.type == 3"]).arg(testdata("bgp-bird.pcap")).output().unwrap());
    assert!(tree.contains("\nBGP NOTIFICATION, which ends in this segment\n"), "{tree}");
    // A heading has something under it.
    assert_eq!(tree.matches("\nBGP").count(), 1, "{tree}");
    let bmp = ["-V", "-Y", "frame.number == 2"];
    let tree = text(&program(&bmp).arg(testdata("bgp-gobgp-bmp.pcap")).output().unwrap());
    assert!(tree.contains("\nBMP initiation, which ends in this segment\n    Version "), "{tree}");
    assert_eq!(tree.matches("\nBMP").count(), 1, "{tree}");
    let message = "ffffffffffffffffffffffffffffffff 0013 04";
    assert!(text(&program(&["hex", message]).output().unwrap()).starts_with("BGP KEEPALIVE\n"));
}

/// What ICMP's codes are called (IANA), in lines and beside the field; the numbers are those of icmp-errors.pcap.tsv.
#[test]
fn codes_of_icmp_have_names() {
    let errors = |test: &str, more: &[&str]| {
        text(&program(&[&["-Y", test], more].concat()).arg(testdata("icmp-errors.pcap")).output().unwrap())
    };
    let lines = errors("icmp.type in {3, 5, 11, 12} or icmpv6.type in {1 .. 4}", &[]);
    let said: Vec<_> = lines.lines().map(|line| &line[line.find("  ICMP").unwrap() + 2..]).collect();
    let expected = [
        "ICMP time exceeded, time to live exceeded in transit",
        "ICMPv6 time exceeded, hop limit exceeded in transit",
        "ICMP destination unreachable, fragmentation needed, mtu 1280",
        "ICMPv6 packet too big, mtu 1280",
        "ICMPv6 destination unreachable, administratively prohibited",
        "ICMP destination unreachable, net unreachable",
        "ICMPv6 destination unreachable, no route to destination",
        "ICMP redirect, for the host, gateway 192.0.2.3",
        "ICMP destination unreachable, port unreachable",
        "ICMPv6 destination unreachable, port unreachable",
        "ICMP destination unreachable, host unreachable",
        "ICMP destination unreachable, host unreachable",
        "ICMPv6 destination unreachable, address unreachable",
    ];
    assert_eq!(said, expected);
    let tree = errors("icmp.type == 3 and icmp.code == 4", &["-V"]);
    assert!(
        tree.contains("\n    Code                                       4 (fragmentation needed)  icmp.code\n"),
        "{tree}"
    );
    let numbers = errors("icmpv6.code == 4", &["-T", "fields", "-e", "icmpv6.type", "-e", "icmpv6.code"]);
    assert_eq!(numbers, "1\t4\n");
}
