//! Text that somebody else wrote: a peer's shutdown message, a router's name, a lease, a file's name. Its only way out escapes what would
//! move a terminal's cursor, forge a line or turn a sentence round.

use core::fmt::{self, Write};

/// Bytes that should be UTF-8, from outside. [`Display`](fmt::Display) is the way out, and it escapes: control characters (C0, DEL, C1) and
/// the characters that reorder or break lines (Unicode's bidirectional controls, line and paragraph separators), the backslash that
/// escapes them, and each byte that is no UTF-8.
///
/// ```
/// use packet_dissect::Outside;
///
/// assert_eq!(Outside(b"back at 5\n\x1b[2J\xff").to_string(), r"back at 5\n\x1b[2J\xff");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Outside<'a>(pub &'a [u8]);

impl fmt::Display for Outside<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.utf8_chunks().try_for_each(|chunk| {
            escape(chunk.valid(), true, f)?;
            chunk.invalid().iter().try_for_each(|byte| write!(f, "\\x{byte:02x}"))
        })
    }
}

impl fmt::Debug for Outside<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Writes a text, and escapes what may not be in an output; `backslash` too, where it was not escaped before.
fn escape(text: &str, backslash: bool, to: &mut impl Write) -> fmt::Result {
    let mut plain = 0;
    for (at, character) in text.char_indices() {
        if !is_odd(character) && (character != '\\' || !backslash) {
            continue;
        }
        to.write_str(&text[plain..at])?;
        plain = at + character.len_utf8();
        match character {
            '\n' => to.write_str("\\n")?,
            '\r' => to.write_str("\\r")?,
            '\t' => to.write_str("\\t")?,
            '\\' => to.write_str("\\\\")?,
            '\0'..='\x7f' => write!(to, "\\x{:02x}", u32::from(character))?,
            other => write!(to, "\\u{{{:x}}}", u32::from(other))?,
        }
    }
    to.write_str(&text[plain..])
}

/// What a terminal, a line or a reader would be led astray by.
const fn is_odd(character: char) -> bool {
    matches!(
        character,
        '\0'..='\x1f'
            | '\x7f'..='\u{9f}'
            | '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
    )
}

/// Escapes what passes through to it: what was put into words elsewhere, perhaps with text from outside in it.
#[cfg(feature = "cli")]
pub(crate) struct Escaping<W>(pub(crate) W);

#[cfg(feature = "cli")]
impl<W: Write> Write for Escaping<W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // Nearly always there is nothing to be escaped.
        match text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            true => self.0.write_str(text),
            false => escape(text, false, &mut self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;
    use std::string::ToString;

    #[test]
    fn what_is_escaped() {
        for (bytes, words) in [
            (&b"plain, \xc3\xa4 \xe2\x82\xac"[..], "plain, ä €"),
            (b"a\nb\rc\td", r"a\nb\rc\td"),
            (b"\x1b]0;title\x07\x7f\0", r"\x1b]0;title\x07\x7f\x00"),
            // C1: CSI in one character.
            (b"\xc2\x9b2J", r"\u{9b}2J"),
            // Right to left, and a line separator.
            (b"\xe2\x80\xae\xe2\x80\xa8\xe2\x81\xa6\xd8\x9c", r"\u{202e}\u{2028}\u{2066}\u{61c}"),
            (b"\xff\xfe\xc3", r"\xff\xfe\xc3"),
            (b"C:\\n", r"C:\\n"),
            (b"", ""),
        ] {
            assert_eq!(Outside(bytes).to_string(), words);
            assert_eq!(format!("{:?}", Outside(bytes)), words);
        }
    }

    #[cfg(feature = "cli")]
    #[test]
    fn what_passes_through() {
        let mut through = ToString::to_string("");
        write!(Escaping(&mut through), "{}\x1b[0m ä", Outside(b"a\\\n")).unwrap();
        assert_eq!(through, r"a\\\n\x1b[0m ä");
    }
}
