//! The program, from a capture to what it prints, in every form: an exit code, a line a packet, JSON that is JSON.
#![no_main]

use ether_ip::arbitrary::{Frame, Nearly};
use libfuzzer_sys::fuzz_target;
use packet_dissect::cli::run_on;
use vxlan_codec::arbitrary::VxlanFrame;

#[derive(Debug, arbitrary::Arbitrary)]
enum Input {
    File(Vec<u8>),
    Packets(u8, Vec<Packet>),
}

#[derive(Debug, arbitrary::Arbitrary)]
enum Packet {
    Frame(Nearly<Frame>),
    Vxlan(Nearly<VxlanFrame>),
    Any(Vec<u8>),
}

/// What is asked of it, and whether a line is a packet.
const FORMS: [(&[&str], bool); 9] = [
    (&["-"], true),
    (&["-V", "-x", "-"], false),
    (&["-T", "json", "-"], true),
    (&["-T", "fields", "-e", "ip.src", "-e", "udp.port", "-e", "vxlan.vni", "-E", "quote=d", "-"], true),
    (&["--stats", "-"], false),
    (
        &[
            "--cni",
            "weave",
            "--weave-key",
            "0707070707070707070707070707070707070707070707070707070707070707",
            "-V",
            "-",
        ],
        false,
    ),
    (&["--cni", "cilium", "--color", "always", "-"], true),
    (&["-Y", "ip.addr == 10.0.0.0/8 || !udp && frame.len > 60", "-T", "fields", "-e", "frame.number", "-"], false),
    (&["-d", "udp.port==53,geneve", "-T", "json", "-e", "geneve.vni", "-e", "_ws.malformed", "-"], false),
];

fuzz_target!(|input: (u8, Input)| {
    let (form, input) = input;
    let (arguments, is_line_a_packet) = FORMS[usize::from(form) % FORMS.len()];
    let (file, packets) = match input {
        Input::File(file) => (file, None),
        Input::Packets(link, packets) => {
            let link = [1, 101, 113, 276, 0, 228][usize::from(link) % 6];
            let mut file = [
                &[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0][..],
                &[0; 8],
                &[0, 0, 4, 0, link as u8, (link >> 8) as u8, 0, 0],
            ]
            .concat();
            for packet in &packets {
                let bytes = match packet {
                    Packet::Frame(Nearly(Frame(bytes)))
                    | Packet::Vxlan(Nearly(VxlanFrame(bytes)))
                    | Packet::Any(bytes) => bytes,
                };
                let len = (bytes.len() as u32).to_le_bytes();
                file.extend([&[0; 8][..], &len, &len, bytes].concat());
            }
            (file, Some(packets.len()))
        }
    };
    let Some((status, output)) = run_on(arguments, file) else { return };
    assert!(status <= 2);
    let text = std::str::from_utf8(&output).expect("what is printed is text");
    if let (Some(packets), true) = (packets, is_line_a_packet) {
        assert_eq!((status, text.lines().count()), (0, packets), "{text}");
    }
    if arguments.contains(&"json") {
        for line in text.lines() {
            serde_json::from_str::<serde_json::Value>(line).unwrap();
        }
    }
});
