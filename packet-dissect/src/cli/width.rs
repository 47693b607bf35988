//! How wide a terminal is, and lines that fit it.

use std::io;

use terminal_size::{Width, terminal_size_of};
use unicode_width::UnicodeWidthChar;

/// The columns of the terminal that standard output is: by what it says itself, or else by COLUMNS.
pub(super) fn of_terminal() -> Option<usize> {
    let told = terminal_size_of(io::stdout()).map(|(Width(columns), _)| usize::from(columns));
    let named = || std::env::var("COLUMNS").ok()?.trim().parse().ok();
    told.filter(|columns| *columns > 0).or_else(named).filter(|columns| *columns > 0)
}

/// How many columns a text takes. Escape sequences take none.
pub(super) fn of(text: &str) -> usize {
    pieces(text).filter(|piece| !piece.is_sequence).map(|piece| piece.columns).sum()
}

/// A text cut to so many columns, the last an ellipsis; whole, if it fits. The sequences behind the cut stay, so that no style goes on.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if of(text) <= columns {
        return text.to_owned();
    }
    let (mut cut, mut left, mut is_full) = (String::new(), columns.saturating_sub(1), false);
    for Piece { text, columns, is_sequence } in pieces(text) {
        if !is_sequence && !is_full {
            is_full = columns > left;
            left = left.saturating_sub(columns);
            cut.push_str(if is_full { "…" } else { text });
        } else if is_sequence {
            cut.push_str(text);
        }
    }
    cut
}

/// Cuts the line that begins at a place of `out` and is not ended yet.
pub(super) fn cut_line(out: &mut Vec<u8>, start: usize, columns: usize) {
    // Nothing but text is written there.
    if let Some(Ok(line)) = out.get(start..).map(std::str::from_utf8) {
        if of(line) > columns {
            let line = cut(line, columns);
            out.truncate(start);
            out.extend_from_slice(line.as_bytes());
        }
    }
}

/// A character, or an escape sequence.
struct Piece<'a> {
    text: &'a str,
    columns: usize,
    is_sequence: bool,
}

fn pieces(mut text: &str) -> impl Iterator<Item = Piece<'_>> {
    std::iter::from_fn(move || {
        let first = text.chars().next()?;
        let is_sequence = text.starts_with("\u{1b}[");
        // A sequence ends with its first letter (ECMA-48 §5.4).
        let len = match text.get(2..).filter(|_| is_sequence).and_then(|of| of.find(|end| matches!(end, '@'..='~'))) {
            Some(end) => 3 + end,
            None => first.len_utf8(),
        };
        let (piece, rest) = text.split_at(len);
        text = rest;
        Some(Piece { text: piece, columns: first.width().unwrap_or(0), is_sequence })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns() {
        assert_eq!(of("a\u{1b}[1m\u{1b}[31mb\u{1b}[0m"), 2);
        // Wide ones take two columns, combining ones none.
        assert_eq!(["日本", "e\u{301}", "…", ""].map(of), [4, 1, 1, 0]);
    }

    #[test]
    fn cuts() {
        assert_eq!([5, 4, 3, 1].map(|columns| cut("abcd", columns)), ["abcd", "abcd", "ab…", "…"]);
        assert_eq!(cut("a\u{1b}[32mbcd\u{1b}[0m e", 3), "a\u{1b}[32mb…\u{1b}[0m");
        // A wide one that would stand on the edge goes.
        assert_eq!([5, 4, 3].map(|columns| cut("日本語", columns)), ["日本…", "日…", "日…"]);
        assert_eq!([5, 3].map(|columns| of(&cut("日本語", columns))), [5, 3]);
        let mut out = "before ".as_bytes().to_vec();
        out.extend("line".as_bytes());
        cut_line(&mut out, 7, 3);
        assert_eq!(out, "before li…".as_bytes());
    }
}
