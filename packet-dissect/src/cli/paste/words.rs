//! Dumps of words, whose bytes stand in the order of the machine where they were made. They are refused: one would read them wrong.

use std::sync::LazyLock;

use regex::Regex;

use super::super::hex;

/// Words of two bytes, or of octal digits, as hexdump and od write them unasked: in an order that nobody knows.
static WORDS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^0{7}[ \t]+(?:[0-9a-fA-F]{4}|[0-7]{6})(?:[ \t]|$)").ok());

/// Groups of bytes with their text behind them, two gaps away: xxd. Whether they are words, the text tells.
static GROUPS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|[ \t])(?:0[xX])?[0-9a-fA-F]{4,16}:[ \t]+(?P<groups>[0-9a-fA-F]{4,16}(?: [0-9a-fA-F]{4,16})*) {2,}(?P<text>.+)$")
        .ok()
});

/// An error for a dump of words.
pub(super) fn refuse(text: &str) -> Result<(), String> {
    let is_found = |line| WORDS.as_ref().is_some_and(|words| words.is_match(line));
    let why = if text.lines().any(is_found) {
        "whose bytes stand in an order that it does not tell: hexdump -C, od -Ax -tx1 and xxd write bytes"
    } else if text.lines().any(is_swapped) {
        "whose bytes stand in reverse, as the text beside them shows: xxd without -e writes bytes"
    } else {
        return Ok(());
    };
    Err(format!("the dump is of words, {why}"))
}

/// Whether the text beside the groups is that of the groups' bytes in reverse, and not that of the bytes as they stand.
fn is_swapped(line: &str) -> bool {
    let Some(found) = GROUPS.as_ref().and_then(|groups| groups.captures(line)) else { return false };
    let Some(groups) = found["groups"].split(' ').map(hex::digits).collect::<Option<Vec<_>>>() else { return false };
    let reversed = groups.iter().map(|group| group.iter().rev().copied().collect::<Vec<_>>()).collect::<Vec<_>>();
    let text = &found["text"];
    !is_text_of(text, &groups.concat()) && is_text_of(text, &reversed.concat())
}

/// Spaces at a line's end may be gone, and tcpdump has a dot for one.
fn is_text_of(text: &str, bytes: &[u8]) -> bool {
    let shown = text.chars().map(Some).chain(std::iter::repeat(None));
    text.chars().count() <= bytes.len()
        && shown.zip(bytes).all(|(shown, byte)| match (shown, byte) {
            (Some('.'), 0x20) | (None, 0x20) => true,
            (shown, 0x20..=0x7e) => shown == Some(char::from(*byte)),
            (shown, _) => shown == Some('.'),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_by_their_text() {
        // xxd -e, and -g 2, of the same bytes; xxd -g 4 has them as they are.
        assert!(is_swapped("00000000: 00000002 00020200 01000000 00450008  ..............E."));
        assert!(is_swapped("00000000: 0002 0000 0000 0202 0000 0000 0001 0045  ..............E."));
        assert!(!is_swapped("00000000: 02000000 00020200 00000001 08004500  ..............E."));
        // Nothing tells, and nothing is said.
        assert!(!is_swapped("00000000: 00000002 00020200  ........"));
        assert!(!is_swapped("00000000: 00000002 00020200 01000000 00450008"));
        // A space at the end is gone.
        assert!(is_swapped("00000000: 20454545  EEE"));
        assert!(refuse("0000000 0045 1c00\n").unwrap_err().contains("does not tell"));
        assert_eq!(refuse("0000000  45 00 1c 00\n"), Ok(()));
    }
}
