//! Every packet at hand, for the programs to run on.
#![allow(dead_code, unreachable_pub, reason = "each test has a part of it")]

use std::collections::BTreeSet;
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

/// What becomes of the first packet of each kind that there is, by its layers: cut at each length, and with each byte of its headers another
/// one.
pub fn damaged(frames: &[Frame]) -> Vec<Frame> {
    let mut seen = BTreeSet::new();
    let stack = |bytes: &[u8]| -> String {
        layers(LinkType::ETHERNET, bytes).map_while(Result::ok).map(|layer| format!("{}:", layer.name())).collect()
    };
    frames.iter().filter(|frame| seen.insert(stack(&frame.bytes))).flat_map(Frame::damaged).collect()
}

/// So far the headers are damaged.
const DAMAGED: usize = 160;

impl Frame {
    fn damaged(&self) -> Vec<Self> {
        let Self { file, number, bytes, missing } = self;
        let with = |bytes: Vec<u8>, missing| Self { file: file.clone(), number: *number, bytes, missing };
        let headers = bytes.len().min(DAMAGED);
        let cut = (14..headers).map(|len| with(bytes[..len].to_vec(), missing + bytes.len() - len));
        let changed = (12..headers).flat_map(|at| {
            let was = bytes[at];
            // The lowest bit, the upper half's, all, and the numbers of extension headers, that stand in few captures.
            let others = [was ^ 0x01, was ^ 0x10, was ^ 0x40, !was, 0, 4, 44, 51, 60];
            others.into_iter().filter(move |other| *other != was).map(move |other| {
                let mut bytes = bytes.clone();
                bytes[at] = other;
                with(bytes, *missing)
            })
        });
        cut.chain(changed).collect()
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
        let Range { start, end: behind } = walk.range();
        let is_first = v4.is_none() && v6.is_none();
        let next = match layer {
            Layer::Ethernet(_) | Layer::Vlan(_) => continue,
            Layer::Ipv4(of) if is_first && !of.is_fragment() => {
                (v4, end) = (Some(of.pseudo_header()), start + usize::from(of.total_length()));
                of.protocol()
            }
            Layer::Ipv6(of) if is_first => {
                (v6, end) = (Some(of), start + 40 + usize::from(of.payload_length()));
                of.next_header()
            }
            _ if v6.is_none() || extensions == MAX_EXTENSIONS => return None,
            Layer::HopByHop(of) | Layer::DestinationOptions(of) => of.next_header(),
            Layer::Routing(of) => of.next_header(),
            Layer::Authentication(of) => of.next_header(),
            Layer::Fragment(of) if of.fragment_offset() == 0 && !of.more_fragments() => of.next_header(),
            _ => return None,
        };
        let place = match next {
            IpProtocol::UDP => 6,
            IpProtocol::TCP => 16,
            _ => {
                extensions += usize::from(!is_first);
                continue;
            }
        };
        let pseudo = v4.or_else(|| v6.map(|of| of.pseudo_header(next)))?;
        return Some((pseudo, behind..end, place));
    }
    None
}
