//! Several captures as one, in the order of their packets' times.

use std::borrow::Cow;
use std::path::Path;

use crate::capture::{Described, Interface, Origin};
use crate::{Capture, CaptureError, LinkType, Record, Timestamp};

/// Captures of which the next packet is always the earliest.
pub(super) struct Merged<'a> {
    sources: Vec<Source<'a>>,
    number: u64,
    /// What went wrong with a capture since somebody asked; the others go on.
    errors: Vec<(&'a Path, CaptureError)>,
}

struct Source<'a> {
    path: &'a Path,
    capture: Capture,
    /// The packet that comes next of it.
    head: Option<Head>,
}

/// A record on its own, and where it was captured: while it waits the capture is not read on.
struct Head {
    own: u64,
    time: Option<Timestamp>,
    original_len: u32,
    link_type: LinkType,
    bytes: Vec<u8>,
    section: u32,
    number: u32,
    interface: Interface,
    comments: Vec<Cow<'static, [u8]>>,
}

impl<'a> Merged<'a> {
    pub(super) fn new(captures: Vec<(&'a Path, Capture)>) -> Self {
        let sources = captures.into_iter().map(|(path, capture)| Source { path, capture, head: None }).collect();
        let mut merged = Self { sources, number: 0, errors: Vec::new() };
        (0..merged.sources.len()).for_each(|at| merged.advance(at));
        merged
    }

    /// Hands the next packet on, with its capture's name and where it was captured; whether there was one. Of two of the same time the earlier file's comes first, and
    /// what has no time comes before what waits behind it.
    pub(super) fn next<T>(&mut self, take: impl FnOnce(&Path, &Record<'_>, &Origin<'_>) -> T) -> Option<T> {
        let total = self.number + 1;
        let taken = self.next_by(
            |_, time| time.total_nanoseconds(),
            |at, path, record, origin| {
                let record = Record { number: total, ..*record };
                // Interfaces of several files are told apart by their sections.
                let section = origin.section.wrapping_add((at as u32 + 1) << 16);
                take(path, &record, &Origin { section, ..origin })
            },
        )?;
        self.number = total;
        Some(taken)
    }

    /// The same by the times as somebody has them, with the file's place among the others and the packet's own number in it.
    pub(super) fn next_by<T>(
        &mut self,
        time: impl Fn(usize, Timestamp) -> i128,
        take: impl FnOnce(usize, &Path, &Record<'_>, Origin<'_>) -> T,
    ) -> Option<T> {
        let heads = self.sources.iter().enumerate().filter_map(|(at, source)| Some((at, source.head.as_ref()?.time)));
        let (at, _) = heads.min_by_key(|(at, of)| of.map(|of| time(*at, of)))?;
        let (path, head) = (self.sources[at].path, self.sources[at].head.take()?);
        let Head { own, time, original_len, link_type, ref bytes, section, number, ref interface, comments } = head;
        let record = Record { number: own, time, original_len, link_type, bytes };
        let taken = take(at, path, &record, Origin { section, number, interface, comments });
        self.advance(at);
        Some(taken)
    }

    pub(super) fn errors(&mut self) -> impl Iterator<Item = (&'a Path, CaptureError)> + use<'_, 'a> {
        self.errors.drain(..)
    }

    /// The captures, when all is read.
    pub(super) fn captures(&self) -> impl Iterator<Item = (&'a Path, &Capture)> {
        self.sources.iter().map(|source| (source.path, &source.capture))
    }

    fn advance(&mut self, at: usize) {
        let source = &mut self.sources[at];
        match source.capture.next_described() {
            Some(Ok(Described { record: Record { number: own, time, original_len, link_type, bytes }, origin })) => {
                let Origin { section, number, interface, comments } = origin;
                let comments = comments.into_iter().map(|comment| Cow::Owned(comment.into_owned())).collect();
                let (bytes, interface) = (bytes.to_vec(), interface.clone());
                let head = Head { own, time, original_len, link_type, bytes, section, number, interface, comments };
                source.head = Some(head);
            }
            Some(Err(error)) => self.errors.push((source.path, error)),
            None => {}
        }
    }
}
