//! `-z`: tshark's tap statistics: conversations, endpoints, frames by time. Every packet that is read is counted, whatever `-Y` shows; a
//! statistic's own test leaves packets out.

mod asked;
mod conversations;
mod endpoints;
mod io;
mod labels;
mod seen;
mod sheet;

use std::io::Write;

use crate::{Outside, Timestamp};
use serde_json::json;

use super::args::Form;
use super::filter::Filter;
use super::listener::Shown;
use super::palette::Palette;
use super::streams::Stop;
use asked::{Asked, What};
use conversations::Conversations;
use endpoints::Endpoints;
use io::Io;
pub(super) use labels::Labels;
use seen::{Seen, When};
use sheet::Sheet;

/// The statistics that were asked for, in that order.
#[derive(Debug)]
pub(super) struct Taps {
    taps: Vec<Tap>,
    seen: Seen,
    first_time: Option<Timestamp>,
}

/// One of them.
#[derive(Debug)]
struct Tap {
    asked: Asked,
    /// What must be true of all that is counted.
    filter: Option<Filter>,
    table: Table,
}

#[derive(Debug)]
enum Table {
    Conversations(Conversations),
    Endpoints(Endpoints),
    Io(Io),
}

impl Taps {
    /// `None` if none is asked for.
    pub(super) fn new(all: &[String]) -> Result<Option<Self>, Stop> {
        let taps = all.iter().map(|text| Tap::new(Asked::parse(text).map_err(Stop::Usage)?));
        let taps = taps.collect::<Result<Vec<_>, Stop>>()?;
        let mut seen = Seen::default();
        for tap in &taps {
            if let What::Conversations(of) | What::Endpoints(of) = tap.asked.what {
                seen.look_for(of);
            }
        }
        Ok(Some(Self { taps, seen, first_time: None }).filter(|of| !of.taps.is_empty()))
    }

    /// Counts a packet; what is none is passed by.
    pub(super) fn add(&mut self, shown: &impl Shown) {
        let Some(record) = shown.record() else { return };
        let since_first = record.time.map(|time| time.nanoseconds_since(*self.first_time.get_or_insert(time)));
        // A file can claim times that no clock has.
        let since_first = since_first.unwrap_or(0).clamp(i64::MIN.into(), i64::MAX.into()) as i64;
        let when = When { since_first, bytes: record.original_len.into() };
        self.seen.take(shown);
        self.taps.iter_mut().for_each(|tap| tap.add(shown, &self.seen, when));
    }

    /// Writes all, apart from what stands before if something does.
    pub(super) fn write(&self, out: &mut Vec<u8>, form: Form, labels: &Labels<'_>, palette: &Palette, is_first: bool) {
        for (number, tap) in self.taps.iter().enumerate() {
            if form != Form::Json && !(is_first && number == 0) {
                out.extend_from_slice(if form == Form::Csv { b"\r\n" } else { b"\n" });
            }
            tap.write(out, form, labels, palette);
        }
    }
}

impl Tap {
    fn new(asked: Asked) -> Result<Self, Stop> {
        let parse = |test: &String| {
            let filter = (!test.trim().is_empty()).then(|| Filter::parse_of("-z", test));
            filter.transpose().map_err(Stop::Test)
        };
        let mut filters = asked.tests.iter().map(parse).collect::<Result<Vec<_>, _>>()?;
        let (filter, table) = match asked.what {
            What::Conversations(of) => (filters.pop().flatten(), Table::Conversations(Conversations::new(of))),
            What::Endpoints(of) => (filters.pop().flatten(), Table::Endpoints(Endpoints::new(of))),
            What::Io(interval) => (None, Table::Io(Io::new(interval, filters))),
        };
        Ok(Self { asked, filter, table })
    }

    fn add(&mut self, shown: &impl Shown, seen: &Seen, when: When) {
        if self.filter.as_mut().is_some_and(|filter| !filter.accepts(shown)) {
            return;
        }
        match &mut self.table {
            Table::Conversations(of) => seen.pairs(of.of).for_each(|pair| of.add(pair, when)),
            Table::Endpoints(of) => seen.pairs(of.of).for_each(|pair| of.add(pair, when)),
            Table::Io(io) => io.add(shown, when),
        }
    }

    fn write(&self, out: &mut Vec<u8>, form: Form, labels: &Labels<'_>, palette: &Palette) {
        let sheet = match &self.table {
            Table::Conversations(of) => of.sheet(labels),
            Table::Endpoints(of) => of.sheet(labels),
            Table::Io(io) => io.sheet(),
        };
        match form {
            Form::Text | Form::Fields => {
                self.title(out, palette);
                sheet.write(out, palette);
            }
            Form::Csv => sheet.write_csv(out),
            Form::Json => self.object(out, &sheet),
        }
    }

    // Writing to a vector cannot fail.

    fn title(&self, out: &mut Vec<u8>, palette: &Palette) {
        let (style, tests) = (palette.heading, &self.asked.tests);
        let shown = |test: &String| match test.trim() {
            "" => "all frames".to_owned(),
            test => Outside(test.as_bytes()).to_string(),
        };
        let _ = match &self.table {
            Table::Conversations(_) | Table::Endpoints(_) => {
                let of = self.asked.heading();
                let test = tests.iter().map(|test| format!(", of {}", shown(test))).collect::<String>();
                writeln!(out, "{style}{of}{test}{style:#}")
            }
            Table::Io(io) => {
                let _ = writeln!(out, "{style}Frames and bytes in {:.6} s{style:#}", io.duration());
                let tests = tests.iter().zip(1..).map(|(test, number)| format!("{number}: {}\n", shown(test)));
                write!(out, "{}", tests.collect::<String>())
            }
        };
    }

    fn object(&self, out: &mut Vec<u8>, sheet: &Sheet<'_>) {
        let (name, tests) = (json!(self.asked.name()), json!(self.asked.tests));
        let _ = write!(out, "{{\"statistic\":{name},\"tests\":{tests},\"rows\":");
        sheet.write_json(out);
        out.extend_from_slice(b"}\n");
    }
}
