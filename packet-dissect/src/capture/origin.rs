//! Where a packet was captured, as the capture has it, and what somebody remarked on it.

#![cfg_attr(not(feature = "cli"), allow(dead_code, reason = "only who writes captures wants to know it all"))]

use std::borrow::Cow;
use std::sync::Arc;

use pcap_parser::{InterfaceDescriptionBlock, PcapNGOption};

use super::time::{Resolution, Timestamp};
use crate::LinkType;

/// Options of pcapng (draft-ietf-opsawg-pcapng §3.5, §4.2), some of which pcap-parser does not read.
const OPT_COMMENT: u16 = 1;
const IF_NAME: u16 = 2;
const IF_TSRESOL: u16 = 9;
const IF_TSOFFSET: u16 = 14;

/// Where a packet comes from.
#[derive(Debug)]
pub(crate) struct Origin<'a> {
    /// The section of the capture, and the interface in it: together they tell interfaces apart.
    pub(crate) section: u32,
    pub(crate) number: u32,
    pub(crate) interface: &'a Interface,
    /// In UTF-8, if whoever wrote them kept to the format.
    pub(crate) comments: Vec<Cow<'a, [u8]>>,
}

/// An interface: what its packets' numbers mean.
#[derive(Debug, Clone)]
pub(crate) struct Interface {
    pub(crate) link_type: LinkType,
    /// The most that is captured of a packet; 0 is no limit.
    pub(crate) snap_len: u32,
    /// In UTF-8 likewise.
    pub(crate) name: Option<Arc<[u8]>>,
    resolution: Resolution,
    /// Seconds to be added to its times.
    pub(crate) offset: i64,
}

impl Interface {
    /// One that has no name.
    pub(crate) fn plain(link_type: LinkType, snap_len: u32) -> Self {
        Self { link_type, snap_len, name: None, resolution: Resolution::MICROSECONDS, offset: 0 }
    }

    /// The same with a name.
    pub(crate) fn named(self, name: &str) -> Self {
        Self { name: Some(name.as_bytes().into()), ..self }
    }

    pub(super) fn new(block: &InterfaceDescriptionBlock<'_>, is_big_endian: bool) -> Self {
        // pcap-parser takes powers of two for unknown, and an offset for little-endian in every section.
        let option = |code| block.options.iter().find(|option| option.code.0 == code);
        let value = |code| option(code).map(|option| &*option.value);
        let resolution =
            value(IF_TSRESOL).and_then(<[u8]>::first).copied().map_or(Resolution::MICROSECONDS, Resolution);
        let offset = value(IF_TSOFFSET).and_then(<[u8]>::first_chunk).map_or(0, |bytes| match is_big_endian {
            true => i64::from_be_bytes(*bytes),
            false => i64::from_le_bytes(*bytes),
        });
        let name = option(IF_NAME).and_then(|option| option.as_bytes().ok()).map(Arc::from);
        Self { link_type: LinkType(block.linktype.0 as u32), snap_len: block.snaplen, name, resolution, offset }
    }

    pub(super) fn time(&self, units: u64) -> Timestamp {
        self.resolution.time(units, self.offset)
    }
}

/// The comments among a block's options, without what pads them.
pub(super) fn comments<'a>(options: &[PcapNGOption<'a>]) -> Vec<Cow<'a, [u8]>> {
    let comments = options.iter().filter(|option| option.code.0 == OPT_COMMENT);
    comments.map(|option| cut(option.value.clone(), option.len.into())).collect()
}

fn cut(value: Cow<'_, [u8]>, len: usize) -> Cow<'_, [u8]> {
    match value {
        Cow::Borrowed(bytes) => Cow::Borrowed(bytes.get(..len).unwrap_or(bytes)),
        Cow::Owned(mut bytes) => {
            bytes.truncate(len);
            Cow::Owned(bytes)
        }
    }
}
