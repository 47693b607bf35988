//! What the program reads and writes beside files, and why it ends early.

use std::fmt::Write as _;
use std::io::{self, Read, Write};

use crate::outside::Escaping;

/// Why the program ends early, and with which status.
pub(super) enum Stop {
    /// 2: it was called wrongly.
    Usage(String),
    /// 2 as well, told in several lines.
    Test(Vec<String>),
    /// 1: the capture is broken, or the output cannot be written.
    Broken(String),
    /// 1 as well, and what was wrong was said when it was found.
    Told,
    /// 3: something was found that is wrong with what was captured.
    Found,
    /// 0: nobody reads the output any more.
    Closed,
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Broken(format!("standard output: {error}")),
        }
    }
}

/// What the program reads and writes beside files.
pub(super) struct Streams<'a> {
    pub(super) input: Box<dyn Read + Send>,
    pub(super) output: &'a mut dyn Write,
    /// Whether a person watches: nothing is held back then.
    pub(super) is_terminal: bool,
}

impl Streams<'_> {
    pub(super) fn put(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        self.output.write_all(bytes)?;
        Ok(self.output.flush()?)
    }
}

/// A whole text from outside, of no more than so many bytes.
pub(super) fn read_text(from: impl Read, most: u64) -> Result<String, String> {
    let mut text = String::new();
    from.take(most + 1).read_to_string(&mut text).map_err(|error| error.to_string())?;
    if text.len() as u64 > most { Err(format!("it is longer than {} MiB", most >> 20)) } else { Ok(text) }
}

/// The most of a message that is said: it may quote what is wrong, as long as that is.
const MAX_CHARS: usize = 1000;

/// Says the same in several lines, each of which is one.
pub(super) fn complain_in_lines(lines: &[String]) {
    for (number, line) in lines.iter().enumerate() {
        let name = if number == 0 { "packet-dissect: " } else { "" };
        eprintln!("{name}{}", escaped(line));
    }
}

/// Says on standard error what is wrong. Names of files and what stands in them are from outside: nothing but text goes out.
pub(super) fn complain(message: &str) {
    eprintln!("packet-dissect: {}", escaped(message));
}

fn escaped(message: &str) -> String {
    let end = message.char_indices().nth(MAX_CHARS).map(|(end, _)| end);
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = Escaping(&mut text).write_str(message.get(..end.unwrap_or(message.len())).unwrap_or_default());
    text.push_str(if end.is_some() { " …" } else { "" });
    text
}
