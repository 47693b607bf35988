//! Every packet at hand, for the programs to run on.

use std::fs;
use std::path::{Path, PathBuf};

use packet_dissect::{Capture, LinkType};

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
