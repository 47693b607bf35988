//! What users of tcpdump and tshark type without thinking: options, times, several files.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests may fail loudly")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata").join(name)
}

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_packet-dissect"));
    command.args(arguments).env_remove("NO_COLOR").env("TZ", "UTC");
    command
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

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

/// Numbers go on from file to file.
#[test]
fn several_files_are_read_one_after_the_other() {
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
        for arguments in [&["--help"][..], &["-h"], &["hex", "--help"], &["help", "filters"], &["filters"]] {
            let output = program(arguments).env("COLUMNS", width).output().unwrap();
            let text = text(&output);
            assert!(output.status.success() && text.lines().count() > 10, "{arguments:?}: {text}");
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
    assert!(tree.contains("BGP NOTIFICATION, which ends in this segment\n"), "{tree}");
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
