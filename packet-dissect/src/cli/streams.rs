//! What the program reads and writes beside files, and why it ends early.

use std::io::{self, Read, Write};

/// Why the program ends early, and with which status.
pub(super) enum Stop {
    /// 2: it was called wrongly.
    Usage(String),
    /// 1: the capture is broken, or the output cannot be written.
    Broken(String),
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
