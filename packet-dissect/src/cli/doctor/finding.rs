//! A finding, and what it is found by.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use crate::Timestamp;

use super::code::{Code, Gravity};

/// How many frames are told at most: the first ones.
const MAX_FRAMES: usize = 10;

/// A packet of a capture.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Frame {
    /// The capture's name.
    pub file: Arc<str>,
    /// The packet's number in it, from 1.
    pub number: u64,
}

/// Where in a capture something is seen, and when.
#[derive(Debug, Clone)]
pub(in super::super) struct At {
    pub(super) frame: Frame,
    pub(super) time: Option<Timestamp>,
}

/// What a finding is found by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Evidence {
    /// The first packets that show it.
    pub frames: Vec<Frame>,
    /// How often it is seen: a packet may have several that show it within.
    pub count: u64,
    /// When the first was captured, and the last.
    pub first: Option<Timestamp>,
    /// See [`first`](Self::first).
    pub last: Option<Timestamp>,
    /// From which pod to which, if it is between two.
    pub pods: Option<(IpAddr, IpAddr)>,
    /// The same of the nodes around.
    pub nodes: Option<(IpAddr, IpAddr)>,
    /// Numbers that the sentence is made of, each with its name.
    pub numbers: Vec<(&'static str, u64)>,
    /// What addresses in it are called: `default/client`, by what the cluster says.
    pub names: Vec<(IpAddr, String)>,
}

impl Evidence {
    /// Adds a packet that shows it.
    pub(super) fn add(&mut self, at: &At) {
        self.count += 1;
        // A packet may show it several times.
        if self.frames.len() < MAX_FRAMES && self.frames.last() != Some(&at.frame) {
            self.frames.push(at.frame.clone());
        }
        self.span(at.time, at.time);
    }

    /// Takes in that something was seen from one time to another.
    fn span(&mut self, first: Option<Timestamp>, last: Option<Timestamp>) {
        let nanoseconds = |time: &Timestamp| time.total_nanoseconds();
        self.first = self.first.into_iter().chain(first).min_by_key(nanoseconds);
        self.last = self.last.into_iter().chain(last).max_by_key(nanoseconds);
    }

    /// Adds what another capture shows of the same.
    pub(super) fn join(&mut self, other: Self) {
        self.count += other.count;
        self.frames.extend(other.frames);
        self.frames.sort_by(|one, other| (&one.file, one.number).cmp(&(&other.file, other.number)));
        self.frames.truncate(MAX_FRAMES);
        self.span(other.first, other.last);
    }

    /// The number of the first packet that shows it.
    pub(super) fn begin(&self) -> u64 {
        self.frames.first().map_or(0, |frame| frame.number)
    }

    /// How long it went on, in nanoseconds.
    pub(super) fn lasted(&self) -> Option<i128> {
        Some(self.last?.nanoseconds_since(self.first?))
    }
}

/// What is wrong, or looks so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub(super) code: Code,
    pub(super) sentence: String,
    pub(super) evidence: Evidence,
    /// What tells it from others of its code between the same pods and nodes.
    pub(super) detail: String,
}

impl Finding {
    /// Puts names beside addresses: of the pods and nodes, and of all others in the sentence, each where it stands first.
    pub(super) fn call<'a>(&mut self, name: impl Fn(IpAddr) -> Option<&'a str>) {
        let Evidence { pods, nodes, names, .. } = &mut self.evidence;
        for address in [*pods, *nodes].into_iter().flatten().flat_map(|(from, to)| [from, to]) {
            if !names.iter().any(|(known, _)| *known == address) {
                names.extend(name(address).map(|name| (address, name.to_owned())));
            }
        }
        let (mut sentence, mut called) = (String::new(), Vec::new());
        for word in self.sentence.split_inclusive(' ') {
            let (before, text, behind) = address_in(word);
            sentence.push_str(before);
            sentence.push_str(text);
            if let Some((address, name)) = text.parse().ok().and_then(|address| Some((address, name(address)?))) {
                if !called.contains(&address) {
                    called.push(address);
                    sentence.push_str(&format!(" ({name})"));
                }
                if !names.iter().any(|(known, _)| *known == address) {
                    names.push((address, name.to_owned()));
                }
            }
            sentence.push_str(behind);
        }
        self.sentence = sentence;
    }

    /// The same for the same thing, however often it is seen.
    pub(super) fn key(&self) -> String {
        let Evidence { pods, nodes, .. } = &self.evidence;
        format!("{} {pods:?} {nodes:?} {}", self.code(), self.detail)
    }

    /// What it is known by: `packet-dissect diagnose --list` has them all.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code.row().name
    }

    /// How grave it is.
    #[must_use]
    pub const fn gravity(&self) -> Gravity {
        self.code.row().gravity
    }

    /// What was found.
    #[must_use]
    pub fn sentence(&self) -> &str {
        &self.sentence
    }

    /// By what.
    #[must_use]
    pub const fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// What usually causes it.
    #[must_use]
    pub const fn cause(&self) -> &'static str {
        self.code.row().cause
    }

    /// What to try.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        self.code.row().advice
    }
}

/// What of a word may be an address, what stands before and behind; a network is none.
fn address_in(word: &str) -> (&str, &str, &str) {
    let (before, rest) = word.split_at(word.len() - word.trim_start_matches('(').len());
    let is_of_address = |c: char| c.is_ascii_hexdigit() || matches!(c, '.' | ':');
    let end = rest.find(|c| !is_of_address(c)).unwrap_or(rest.len());
    let (text, behind) = rest.split_at(end);
    // What ends a clause is none of it.
    let (text, behind) =
        rest.split_at(if behind.starts_with('/') { 0 } else { text.trim_end_matches(['.', ':']).len() });
    (before, text, behind)
}

/// `outer-checksum: 12 packets …`.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code(), self.sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name stands behind an address the first time, wherever that ends; a port's number, a time or a word is no address.
    #[test]
    fn names() {
        let called = |sentence: &str| {
            let mut finding = Finding {
                code: Code::Malformed,
                sentence: sentence.to_owned(),
                evidence: Evidence::default(),
                detail: String::new(),
            };
            finding.call(|address| match address.to_string().as_str() {
                "192.0.2.1" => Some("node-a"),
                "fd00::1" => Some("default/client"),
                _ => None,
            });
            (finding.sentence, finding.evidence.names.len())
        };
        for (before, after, names) in [
            ("192.0.2.1 asks 192.0.2.1.", "192.0.2.1 (node-a) asks 192.0.2.1.", 1),
            ("It is (192.0.2.1), fd00::1: no.", "It is (192.0.2.1 (node-a)), fd00::1 (default/client): no.", 2),
            ("192.0.2.1's lease", "192.0.2.1 (node-a)'s lease", 1),
            ("192.0.2.11 has 192.0.2.1.2, 192.0.2.1/24.", "192.0.2.11 has 192.0.2.1.2, 192.0.2.1/24.", 0),
            ("a bad face: dead::beef at 8, add", "a bad face: dead::beef at 8, add", 0),
            ("", "", 0),
        ] {
            assert_eq!(called(before), (after.to_owned(), names));
        }
    }
}
