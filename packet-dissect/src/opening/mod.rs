//! What tunnels seal, opened with keys of the caller's: a dissector's view, which tells of each packet what stands in it, and keeps no
//! replay window, no timers and no limits on how long a key serves.
//!
//! Keys come as the texts that Wireshark takes. They are wiped when they are dropped, and no error has them in it.

// Floor 0: one file each.
pub mod esp;
pub mod wireguard;

use std::fmt;

/// What is wrong with a line of keys. The line itself is not told: a key may stand anywhere in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} must be {must}")]
pub struct LineError {
    what: &'static str,
    must: &'static str,
}

/// Which line of a text is wrong, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextError {
    /// The line's number, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub error: LineError,
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, error } = self;
        write!(f, "line {line}: {error}")
    }
}

impl std::error::Error for TextError {}

/// The lines of a text that say something, numbered: neither empty nor a comment.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = text.lines().enumerate().map(|(number, line)| (number + 1, line.trim()));
    numbered.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}
