//! Every packet at hand, for the programs to run on.
#![allow(dead_code, unreachable_pub, reason = "each test has a part of it")]

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use ether_ip::checksum::PseudoHeader;
use ether_ip::ip::IpProtocol;
use packet_cursor::MAX_EXTENSIONS;
use packet_dissect::{Capture, Layer, LinkType, layers};

/// No more of a packet than this goes into one page beside what the kernel keeps in front of it and behind.
pub const LONGEST: usize = 3_000;

/// A packet of Ethernet, and which it is.
pub struct Frame {
    pub file: PathBuf,
    pub number: u64,
    pub bytes: Vec<u8>,
    /// How many bytes it had behind these.
    pub missing: usize,
}

/// All packets of Ethernet of this project's captures, and of `../shared` where that is. What the kernel would not take, as it is shorter than
/// an Ethernet header, is left out.
pub fn frames() -> Vec<Frame> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let mut files = Vec::new();
    for folder in ["testdata", "../shared/captures", "../shared/cases"] {
        let folder = root.join(folder);
        if folder.is_dir() {
            collect(&folder, &mut files);
        } else {
            println!("skipped: {} is not here", folder.display());
        }
    }
    files.sort();
    let mut frames = Vec::new();
    for file in files {
        let Ok(mut capture) = Capture::open(&file) else { continue };
        while let Some(Ok(record)) = capture.next_record() {
            if record.link_type == LinkType::ETHERNET && record.bytes.len() >= 14 {
                let bytes = record.bytes[..record.bytes.len().min(LONGEST)].to_vec();
                let missing = record.original_len as usize - bytes.len();
                frames.push(Frame { file: file.clone(), number: record.number, bytes, missing });
            }
        }
    }
    assert!(frames.len() > 1_000, "only {} packets", frames.len());
    frames
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|of| of == "pcap" || of == "pcapng") {
            files.push(path);
        }
    }
}

/// What becomes of the checksum that a sender's kernel left to the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checksum {
    /// It was none, and nothing was changed.
    Left,
    /// It was, and is complete now.
    Completed,
    /// It is, and what it covers is not all there.
    Missing,
}

/// Completes the checksum of a frame's TCP segment or UDP datagram if it holds the pseudo-header's sum.
pub fn complete(frame: &mut [u8]) -> Checksum {
    let Some((pseudo, range, place)) = segment(frame) else { return Checksum::Left };
    let Some(field) = frame.get(range.start + place..range.start + place + 2) else { return Checksum::Left };
    if u16::from_be_bytes([field[0], field[1]]) != !pseudo.with_length(range.len()).finish() {
        return Checksum::Left;
    }
    let Some(segment) = frame.get_mut(range) else { return Checksum::Missing };
    segment[place..place + 2].fill(0);
    let checksum = match pseudo.checksum(segment) {
        0 => 0xffff,
        other => other,
    };
    segment[place..place + 2].copy_from_slice(&checksum.to_be_bytes());
    Checksum::Completed
}

/// The first TCP segment or UDP datagram of a frame that is in no fragment: its pseudo-header, where it is, and where in it the checksum.
fn segment(frame: &[u8]) -> Option<(PseudoHeader, Range<usize>, usize)> {
    let (mut v4, mut v6, mut end, mut extensions) = (None, None, 0, 0);
    let mut walk = layers(LinkType::ETHERNET, frame).with_missing(usize::from(u16::MAX));
    while let Some(Ok(layer)) = walk.next() {
        let Range { start, .. } = walk.range();
        let is_ip = matches!(layer, Layer::Ipv4(_) | Layer::Ipv6(_));
        if is_ip && (v4.is_some() || v6.is_some()) {
            return None;
        }
        match layer {
            Layer::Ethernet(_) | Layer::Vlan(_) => {}
            Layer::Ipv4(of) if !of.is_fragment() => {
                (v4, end) = (Some(of.pseudo_header()), start + usize::from(of.total_length()));
            }
            Layer::Ipv6(of) => (v6, end) = (Some(of), start + 40 + usize::from(of.payload_length())),
            Layer::HopByHop(_) | Layer::DestinationOptions(_) | Layer::Routing(_) if extensions < MAX_EXTENSIONS => {
                extensions += 1;
            }
            Layer::Udp(_) | Layer::Tcp(_) => {
                let (protocol, place) =
                    if matches!(layer, Layer::Udp(_)) { (IpProtocol::UDP, 6) } else { (IpProtocol::TCP, 16) };
                let pseudo = v4.or_else(|| v6.map(|of| of.pseudo_header(protocol)))?;
                return Some((pseudo, start..end, place));
            }
            _ => return None,
        }
    }
    None
}
