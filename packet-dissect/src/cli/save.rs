//! `-w`: packets written to a pcapng file, or to several, each as it was captured.

use std::io::Write;
use std::path::Path;
#[cfg(target_os = "linux")]
use std::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::capture::{Interface, Origin};
use crate::{LinkType, Record, Timestamp};

use super::limits::Limits;
use super::pcapng;
use super::ring::Ring;
use super::streams::Stop;

/// What is gathered before it is written out.
const CHUNK: usize = 1 << 18;
/// In nanoseconds.
const SECOND: i128 = 1_000_000_000;

/// Where packets are written to.
pub(super) struct Save {
    /// `None` is standard output.
    ring: Option<Ring>,
    rotate: Limits,
    until: Limits,
    snap_len: Option<u32>,
    /// All interfaces that packets came from: each file describes them.
    known: Vec<Known>,
    gathered: Vec<u8>,
    file: Filled,
    /// Whether `-a` says that it was enough.
    pub(super) is_full: bool,
    /// In nanoseconds since 1970 began: the last that a packet had.
    time: i128,
}

/// What a file has so far.
#[derive(Default)]
struct Filled {
    since: Option<i128>,
    bytes: u64,
    packets: u64,
}

/// An interface, and what tells it from others.
struct Known {
    section: u32,
    number: u32,
    interface: Interface,
}

impl Save {
    pub(super) fn new(path: &Path, rotate: Limits, until: Limits, snap_len: Option<u32>) -> Result<Self, Stop> {
        let is_stdout = path == Path::new("-");
        let mut ring = (!is_stdout).then(|| Ring::new(path, rotate.end_files(), rotate.files));
        // A file that cannot be written is told before anything is captured. What is numbered begins with its first packet.
        if let Some(ring) = ring.as_mut().filter(|_| !rotate.end_files()) {
            ring.next(seconds(now()))?;
        }
        let mut save = Self {
            ring,
            rotate,
            until,
            snap_len,
            known: Vec::new(),
            gathered: Vec::with_capacity(CHUNK + (1 << 16)),
            file: Filled::default(),
            is_full: false,
            time: now(),
        };
        if !rotate.end_files() {
            pcapng::section_header(&mut save.gathered);
        }
        Ok(save)
    }

    /// Tells of an interface before a packet of it comes.
    pub(super) fn describe(&mut self, origin: &Origin<'_>) -> u32 {
        let Origin { section, number, interface, .. } = *origin;
        let is_it =
            |of: &Known| (of.section, of.number, of.interface.link_type) == (section, number, interface.link_type);
        // A capture has one, or a few, and packets of one in a row.
        if let Some(at) = self.known.iter().position(is_it) {
            return at as u32;
        }
        self.known.push(Known { section, number, interface: interface.clone() });
        if self.has_begun() {
            pcapng::interface(&mut self.gathered, interface, snap_len(interface, self.snap_len));
        }
        self.known.len() as u32 - 1
    }

    /// The interface of what has none of its own: one a link type.
    pub(super) fn plain(&mut self, link_type: LinkType) -> u32 {
        let interface = Interface::plain(link_type, 0);
        self.describe(&Origin { section: u32::MAX, number: 0, interface: &interface, comments: Vec::new() })
    }

    /// Writes a packet of an interface that was described.
    pub(super) fn write(
        &mut self,
        record: &Record<'_>,
        number: u32,
        comments: &[std::borrow::Cow<'_, [u8]>],
        stdout: &mut dyn Write,
    ) -> Result<(), Stop> {
        self.time = record.time.map_or(self.time, Timestamp::total_nanoseconds);
        if self.is_to_rotate() {
            self.rotate(stdout)?;
            if self.is_full {
                return Ok(());
            }
        }
        let before = self.gathered.len();
        let Some(Known { interface, .. }) = self.known.get(number as usize) else { return Ok(()) };
        pcapng::packet(&mut self.gathered, number, interface, record, comments);
        self.file.bytes += (self.gathered.len() - before) as u64;
        self.file.packets += 1;
        self.file.since.get_or_insert(self.time);
        self.is_full |= self.until.file_size.is_some_and(|most| self.file.bytes >= most);
        if self.gathered.len() >= CHUNK { self.flush(stdout) } else { Ok(()) }
    }

    /// Goes on to another file where the last took long enough, though nothing comes. The first one begins at once.
    #[cfg(target_os = "linux")]
    pub(super) fn heed_time(&mut self, stdout: &mut dyn Write) -> Result<(), Stop> {
        if self.until_next().is_none_or(|left| !left.is_zero()) {
            return Ok(());
        }
        self.time = now();
        self.rotate(stdout)?;
        self.file.since.get_or_insert(self.time);
        Ok(())
    }

    /// In how long that is, if it is ever.
    #[cfg(target_os = "linux")]
    pub(super) fn until_next(&self) -> Option<Duration> {
        let after = self.rotate.duration.filter(|_| self.ring.is_some() && !self.is_full);
        let Some(since) = self.file.since.filter(|_| self.has_begun()) else {
            return self.rotate.end_files().then_some(Duration::ZERO).filter(|_| !self.has_begun());
        };
        let left = since + i128::from(after?) * SECOND - now();
        Some(Duration::from_nanos(u64::try_from(left.max(0)).unwrap_or(u64::MAX)))
    }

    /// Writes out what is gathered.
    pub(super) fn flush(&mut self, stdout: &mut dyn Write) -> Result<(), Stop> {
        let written = match &mut self.ring {
            Some(ring) => ring.write(&self.gathered),
            None => stdout.write_all(&self.gathered).and_then(|()| stdout.flush()).map_err(Stop::from),
        };
        self.gathered.clear();
        written
    }

    /// Writes what is left. A capture without a packet has a file, too.
    pub(super) fn end(&mut self, stdout: &mut dyn Write) -> Result<(), Stop> {
        if !self.has_begun() {
            self.rotate(stdout)?;
        }
        self.flush(stdout)
    }

    /// Whether there is a file, or a stream, that interfaces can be written to.
    fn has_begun(&self) -> bool {
        self.ring.as_ref().is_none_or(Ring::is_open)
    }

    fn is_to_rotate(&self) -> bool {
        let Filled { since, bytes, packets } = self.file;
        let seconds = since.map_or(0, |since| seconds(self.time.saturating_sub(since)).max(0) as u64);
        !self.has_begun() || (self.ring.is_some() && self.rotate.are_reached(seconds, bytes, packets))
    }

    fn rotate(&mut self, stdout: &mut dyn Write) -> Result<(), Stop> {
        self.flush(stdout)?;
        let Some(ring) = &mut self.ring else { return Ok(()) };
        if self.until.files.is_some_and(|most| ring.count >= most) {
            self.is_full = true;
            return Ok(());
        }
        ring.next(seconds(self.time))?;
        pcapng::section_header(&mut self.gathered);
        for Known { interface, .. } in &self.known {
            pcapng::interface(&mut self.gathered, interface, snap_len(interface, self.snap_len));
        }
        self.file = Filled { bytes: self.gathered.len() as u64, ..Filled::default() };
        Ok(())
    }
}

/// What an interface's becomes where `-s` asks for less.
fn snap_len(interface: &Interface, most: Option<u32>) -> u32 {
    match (interface.snap_len, most) {
        (0, most) => most.unwrap_or(0),
        (len, most) => most.map_or(len, |most| most.min(len)),
    }
}

fn seconds(nanoseconds: i128) -> i64 {
    nanoseconds.div_euclid(SECOND) as i64
}

fn now() -> i128 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as i128)
}
