//! pcapng as it is written: blocks, little-endian, of times in nanoseconds (draft-ietf-opsawg-pcapng §3, §4).

use std::borrow::Cow;

use crate::capture::Interface;
use crate::{LinkType, Record};

const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const INTERFACE_DESCRIPTION: u32 = 1;
const ENHANCED_PACKET: u32 = 6;

const OPT_END: u16 = 0;
const OPT_COMMENT: u16 = 1;
const SHB_USERAPPL: u16 = 4;
const IF_NAME: u16 = 2;
const IF_TSRESOL: u16 = 9;
const IF_TSOFFSET: u16 = 14;

/// Powers of ten of a second that a time counts.
const NANOSECONDS: u8 = 9;

/// Packets of one interface, each with a comment: for whoever has them from elsewhere than from a capture.
#[derive(Debug)]
pub struct Commented(Interface);

impl Commented {
    /// Begins a file.
    #[must_use]
    pub fn begin(out: &mut Vec<u8>, link_type: LinkType, name: &str, snap_len: u32) -> Self {
        let of = Interface::plain(link_type, snap_len).named(name);
        section_header(out);
        interface(out, &of, snap_len);
        Self(of)
    }

    /// Goes on with a packet.
    pub fn packet(&self, out: &mut Vec<u8>, record: &Record<'_>, comment: &str) {
        packet(out, 0, &self.0, record, &[Cow::Borrowed(comment.as_bytes())]);
    }
}

/// A section begins: what is before it has nothing to do with what follows.
pub(super) fn section_header(out: &mut Vec<u8>) {
    block(out, SECTION_HEADER, |out| {
        put(out, &[0x1a2b_3c4d, 1]);
        // How long the section is, nobody knows yet.
        put(out, &[u32::MAX; 2]);
        option(out, SHB_USERAPPL, concat!("packet-dissect ", env!("CARGO_PKG_VERSION")).as_bytes());
        option(out, OPT_END, &[]);
    });
}

/// An interface, the next of the section.
pub(super) fn interface(out: &mut Vec<u8>, of: &Interface, snap_len: u32) {
    block(out, INTERFACE_DESCRIPTION, |out| {
        // Two bytes of link type, and two reserved.
        put(out, &[of.link_type.0 & 0xffff, snap_len]);
        if let Some(name) = &of.name {
            option(out, IF_NAME, name);
        }
        option(out, IF_TSRESOL, &[NANOSECONDS]);
        if of.offset != 0 {
            option(out, IF_TSOFFSET, &of.offset.to_le_bytes());
        }
        option(out, OPT_END, &[]);
    });
}

/// A packet of the interface of that number. One without a time is of 1970, as nothing in the format says that there is none.
pub(super) fn packet(out: &mut Vec<u8>, number: u32, of: &Interface, record: &Record<'_>, comments: &[Cow<'_, [u8]>]) {
    block(out, ENHANCED_PACKET, |out| {
        let total = record.time.map_or(0, |time| time.total_nanoseconds() - i128::from(of.offset) * 1_000_000_000);
        // Before 1970, and after 2554, is as far as the format goes.
        let units = u64::try_from(total.max(0)).unwrap_or(u64::MAX);
        let len = record.bytes.len() as u32;
        put(out, &[number, (units >> 32) as u32, units as u32, len, record.original_len]);
        padded(out, record.bytes);
        if !comments.is_empty() {
            comments.iter().for_each(|comment| option(out, OPT_COMMENT, comment));
            option(out, OPT_END, &[]);
        }
    });
}

/// A block: its length stands at both ends.
fn block(out: &mut Vec<u8>, block_type: u32, body: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    put(out, &[block_type, 0]);
    body(out);
    let len = ((out.len() - start + 4) as u32).to_le_bytes();
    out[start + 4..start + 8].copy_from_slice(&len);
    out.extend_from_slice(&len);
}

fn option(out: &mut Vec<u8>, code: u16, value: &[u8]) {
    let value = &value[..value.len().min(usize::from(u16::MAX))];
    out.extend_from_slice(&code.to_le_bytes());
    out.extend_from_slice(&(value.len() as u16).to_le_bytes());
    padded(out, value);
}

/// Bytes, filled up to whole words.
fn padded(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(bytes);
    out.extend_from_slice(&[0; 3][..bytes.len().wrapping_neg() & 3]);
}

fn put(out: &mut Vec<u8>, words: &[u32]) {
    words.iter().for_each(|word| out.extend_from_slice(&word.to_le_bytes()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Capture, Timestamp};

    #[test]
    fn packets_with_comments() {
        let mut file = Vec::new();
        let format = Commented::begin(&mut file, LinkType::ETHERNET, "eth0", 4);
        let time = Some(Timestamp { seconds: 1_700_000_000, nanoseconds: 5 });
        let record = Record { number: 1, time, original_len: 60, link_type: LinkType::ETHERNET, bytes: &[1, 2, 3, 4] };
        format.packet(&mut file, &record, "odd");
        let mut capture = Capture::new(std::io::Cursor::new(file)).unwrap();
        let read = capture.next_described().unwrap().unwrap();
        assert_eq!((read.record.bytes, read.record.original_len, read.record.time), (record.bytes, 60, time));
        assert_eq!((&read.origin.comments[..], read.origin.interface.snap_len), (&[Cow::Borrowed(&b"odd"[..])][..], 4));
        assert_eq!(read.origin.interface.name.as_deref(), Some(&b"eth0"[..]));
    }
}
