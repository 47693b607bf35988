//! How findings are told: to a person, to a program.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::IpAddr;

use crate::Timestamp;
use crate::outside::Escaping;
use anstyle::Style;
use serde_json::{Value as Json, json};

use super::super::palette::Palette;
use super::super::width;
use super::code::{Code, Gravity, Row};
use super::finding::{Evidence, Finding};

/// How wide a text is where nobody says.
const WIDTH: usize = 100;
/// How far what is said of a finding stands in, behind its name.
const INDENT: usize = 12;
/// How many findings of one code a person is shown.
const MAX_SHOWN: usize = 10;

/// All that is told.
#[derive(Debug)]
pub(in super::super) struct Report {
    pub(in super::super) findings: Vec<Finding>,
    /// How many packets were looked at, and how many notes there was no room for.
    pub(super) packets: u64,
    pub(super) beyond: u64,
    /// What the captures do not allow to be said.
    pub(in super::super) remarks: Vec<String>,
    /// How clocks stand to one another, and what became of packets from tap to tap.
    pub(super) compared: Vec<String>,
    pub(super) rows: Vec<PathRow>,
}

/// What became of the packets of one way, from the first tap to the last.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PathRow {
    pub(super) pods: (IpAddr, IpAddr),
    /// What they are between on another part of the way.
    pub(super) translated: Option<(IpAddr, IpAddr)>,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) counts: PathCounts,
    /// Which field was changed on the way of how many.
    pub(super) changed: Vec<(&'static str, u64)>,
    /// The least, the median and the 99th percentile, in nanoseconds.
    pub(super) one_way: Option<[i64; 3]>,
    pub(super) round_trip: Option<[i64; 3]>,
    /// What the pods are called, if anybody says so.
    pub(super) names: Vec<(IpAddr, String)>,
}

/// How many packets there are of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct PathCounts {
    pub(super) sent: u64,
    pub(super) arrived: u64,
    pub(super) lost: u64,
    pub(super) duplicated: u64,
    pub(super) reordered: u64,
    /// The first tap has them not, though they must have come by.
    pub(super) unseen: u64,
    /// The last tap did not run when they would have come.
    pub(super) unjudged: u64,
    /// They are the same in every field: counted, and not told apart.
    pub(super) ambiguous: u64,
}

impl PathCounts {
    pub(super) fn named(&self) -> [(&'static str, u64); 8] {
        let Self { sent, arrived, lost, duplicated, reordered, unseen, unjudged, ambiguous } = *self;
        [
            ("sent", sent),
            ("arrived", arrived),
            ("lost", lost),
            ("duplicated", duplicated),
            ("reordered", reordered),
            ("unseen", unseen),
            ("unjudged", unjudged),
            ("ambiguous", ambiguous),
        ]
    }
}

impl Report {
    /// For a person: what became of packets from tap to tap; all of one code together, then what is said of the code.
    pub(in super::super) fn write(&self, out: &mut Vec<u8>, palette: &Palette) {
        self.compared.iter().for_each(|said| paragraph(out, "", said));
        self.rows.iter().for_each(|row| paragraph(out, "", &row.told()));
        if !self.compared.is_empty() || !self.rows.is_empty() {
            out.push(b'\n');
        }
        for findings in self.findings.chunk_by(|one, other| one.code == other.code) {
            let Some(row) = findings.first().map(|finding| finding.code.row()) else { continue };
            heading(out, palette, row);
            for finding in findings.iter().take(MAX_SHOWN) {
                paragraph(out, "", &finding.sentence);
                paragraph(out, "  seen", &seen(&finding.evidence));
            }
            if let more @ 1.. = findings.len().saturating_sub(MAX_SHOWN) {
                paragraph(out, "", &format!("And {more} more of these: -T json has all."));
            }
            paragraph(out, "  cause", row.cause);
            paragraph(out, "  try", row.advice);
            out.push(b'\n');
        }
        // Writing to a vector cannot fail.
        if self.beyond > 0 {
            let _ = writeln!(out, "{} more were noted than are told apart.", self.beyond);
        }
        let packets = several(self.packets, "packet");
        let _ = match self.findings.len() {
            0 => writeln!(out, "Nothing found in {packets}."),
            found => writeln!(out, "{} in {packets}.", several(found as u64, "finding")),
        };
    }

    /// For a program: an object a finding.
    pub(in super::super) fn write_json(&self, out: &mut Vec<u8>) {
        // Writing to a vector cannot fail.
        self.findings.iter().for_each(|finding| _ = writeln!(out, "{}", object(finding)));
    }

    /// For a program: an object a way.
    pub(in super::super) fn write_paths(&self, out: &mut Vec<u8>) {
        self.rows.iter().for_each(|row| _ = writeln!(out, "{}", path(row)));
    }
}

/// How findings are said as they arise and go.
#[derive(Debug, Clone)]
pub(in super::super) enum Form {
    Text(Palette),
    Json,
}

impl Form {
    /// A line: when, whether it is so from now on or no more, and what.
    pub(super) fn say(&self, finding: &Finding, is_found: bool, now: i128, out: &mut Vec<u8>) {
        let (seconds, nanoseconds) = (now.div_euclid(1_000_000_000), now.rem_euclid(1_000_000_000));
        let (at, state) = (format!("{seconds}.{nanoseconds:09}"), if is_found { "found" } else { "gone" });
        // Writing to a vector cannot fail.
        let _ = match self {
            Self::Json => {
                let mut object = object(finding);
                if let Some(object) = object.as_object_mut() {
                    object.extend([("state".to_owned(), json!(state)), ("at".to_owned(), json!(at))]);
                }
                writeln!(out, "{object}")
            }
            Self::Text(palette) => {
                let style = style(palette, finding.gravity());
                let mut sentence = String::new();
                let _ = Escaping(&mut sentence).write_str(&finding.sentence);
                writeln!(out, "{at} {state:<5} {style}{}{style:#}: {sentence}", finding.code())
            }
        };
    }
}

/// All codes, for a person.
pub(in super::super) fn list(palette: &Palette) -> Vec<u8> {
    let mut out = Vec::new();
    for code in Code::ALL {
        let row = code.row();
        heading(&mut out, palette, row);
        paragraph(&mut out, "", row.means);
        paragraph(&mut out, "  when", row.raised);
        paragraph(&mut out, "  not when", row.not_raised);
        paragraph(&mut out, "  cause", row.cause);
        paragraph(&mut out, "  try", row.advice);
        out.push(b'\n');
    }
    out
}

/// The same for a program: an object a code.
pub(in super::super) fn list_json() -> Vec<u8> {
    let mut out = Vec::new();
    for code in Code::ALL {
        let Row { name, gravity, means, raised, not_raised, cause, advice } = code.row();
        let object = json!({
            "code": name, "gravity": gravity.name(), "means": means, "raised": raised, "not_raised": not_raised,
            "cause": cause, "try": advice,
        });
        let _ = writeln!(out, "{object}");
    }
    out
}

impl PathRow {
    fn told(&self) -> String {
        let Self { pods, translated, from, to, changed, one_way, round_trip, names, .. } = self;
        let called = |address| names.iter().find(|(known, _)| *known == address).map(|(_, name)| format!(" ({name})"));
        let [source, destination] =
            [pods.0, pods.1].map(|address| format!("{address}{}", called(address).unwrap_or_default()));
        let named =
            |of: Option<(IpAddr, IpAddr)>| of.map_or(String::new(), |(from, to)| format!(" (as {from} > {to})"));
        let mut text = format!("{source} > {destination}{}, from {from} to {to}:", named(*translated));
        let counts = self.counts.named();
        let told = counts.iter().enumerate().filter(|(at, (_, count))| *at < 3 || *count > 0);
        let told: Vec<String> = told.map(|(_, (name, count))| format!(" {count} {name}")).collect();
        text.push_str(&told.join(","));
        for (name, count) in changed {
            let _ = write!(text, ", {name} changed of {count}");
        }
        for (name, times) in [("one way", one_way), ("round trip", round_trip)] {
            if let Some([least, median, most]) = times.map(|times| times.map(|time| time as f64 / 1e6)) {
                let _ = write!(text, "; {name} {least:.3}, {median:.3}, {most:.3} ms (least, median, 99 of 100)");
            }
        }
        text.push('.');
        text
    }
}

fn path(row: &PathRow) -> Json {
    let PathRow { pods, translated, from, to, counts, changed, one_way, round_trip, names } = row;
    let names: serde_json::Map<_, _> = names.iter().map(|(of, name)| (of.to_string(), json!(name))).collect();
    let pair = |(source, destination): &(IpAddr, IpAddr)| json!([source, destination]);
    let times = |of: &Option<[i64; 3]>| {
        of.map(|[least, median, most]| json!({ "least": least, "median": median, "p99": most }))
    };
    let numbers = |of: &[(&'static str, u64)]| -> Json {
        of.iter().map(|(name, count)| ((*name).to_owned(), json!(count))).collect::<serde_json::Map<_, _>>().into()
    };
    json!({
        "path": { "from": from, "to": to }, "pods": pair(pods), "translated": translated.as_ref().map(pair),
        "counts": numbers(&counts.named()), "changed": numbers(changed),
        "one_way_ns": times(one_way), "round_trip_ns": times(round_trip), "names": names,
    })
}

fn object(finding: &Finding) -> Json {
    let Evidence { frames, count, first, last, pods, nodes, numbers, names } = &finding.evidence;
    let frames: Vec<_> = frames.iter().map(|of| json!({ "file": *of.file, "number": of.number })).collect();
    let numbers: serde_json::Map<_, _> = numbers.iter().map(|(name, of)| ((*name).to_owned(), json!(of))).collect();
    let names: serde_json::Map<_, _> = names.iter().map(|(of, name)| (of.to_string(), json!(name))).collect();
    let time = |time: &Option<Timestamp>| time.map(|time| time.to_string());
    let pair = |of: &Option<(IpAddr, IpAddr)>| of.map(|(source, destination)| [source, destination]);
    json!({
        "code": finding.code(),
        "gravity": finding.gravity().name(),
        "sentence": finding.sentence,
        "evidence": {
            "frames": frames, "count": count, "first": time(first), "last": time(last),
            "pods": pair(pods), "nodes": pair(nodes), "numbers": numbers, "names": names,
        },
        "cause": finding.cause(),
        "try": finding.advice(),
    })
}

fn heading(out: &mut Vec<u8>, palette: &Palette, row: Row) {
    let style = style(palette, row.gravity);
    let _ = writeln!(out, "{style}{}{style:#} ({})", row.name, row.gravity.name());
}

const fn style(palette: &Palette, gravity: Gravity) -> Style {
    match gravity {
        Gravity::Fault => palette.error,
        Gravity::Trouble => palette.heading,
        Gravity::Note => Style::new(),
    }
}

/// Which packets show it, and when.
fn seen(evidence: &Evidence) -> String {
    let mut text = several(evidence.count, "time");
    let mut file = None;
    for frame in &evidence.frames {
        if file.replace(&frame.file) == Some(&frame.file) {
            let _ = write!(text, ", {}", frame.number);
        } else if frame.file.is_empty() {
            let _ = write!(text, ": frame {}", frame.number);
        } else {
            let _ = write!(text, "; {}: frame {}", frame.file, frame.number);
        }
    }
    if evidence.count > evidence.frames.len() as u64 {
        text.push_str(", …");
    }
    if let (Some(first), Some(lasted)) = (evidence.first, evidence.lasted()) {
        let _ = write!(text, "; at {first}");
        let _ = if lasted > 0 { write!(text, " and for {:.3} s on", lasted as f64 / 1e9) } else { Ok(()) };
    }
    if let Some((source, destination)) = evidence.nodes {
        let named = |address: IpAddr| match evidence.names.iter().find(|(of, _)| *of == address) {
            Some((_, name)) => format!("{address} ({name})"),
            None => address.to_string(),
        };
        let _ = write!(text, "; nodes {} > {}", named(source), named(destination));
    }
    text
}

pub(super) fn several(count: u64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// Writes a text in lines that fit, its name in front, or none where a finding begins. Names of files are from outside: nothing but text
/// goes out.
fn paragraph(out: &mut Vec<u8>, name: &str, text: &str) {
    let columns = width::of_terminal().unwrap_or(WIDTH).clamp(3 * INDENT, WIDTH);
    let indent = if name.is_empty() { 2 } else { INDENT };
    let mut escaped = String::new();
    // Writing to a string cannot fail.
    let _ = Escaping(&mut escaped).write_str(text);
    let (mut line, mut is_begun) = (format!("{name:<indent$}"), false);
    for word in escaped.split(' ') {
        if is_begun && width::of(&line) + 1 + width::of(word) > columns {
            let _ = writeln!(out, "{line}");
            (line, is_begun) = (" ".repeat(indent), false);
        }
        line.push_str(if is_begun { " " } else { "" });
        line.push_str(word);
        is_begun = true;
    }
    let _ = writeln!(out, "{line}");
}
