//! Bytes as source code has them: lists of numbers in brackets, and strings with escapes, of C, Go, Python and Rust.

use std::iter::Peekable;
use std::str::Chars;

use super::super::hex;

/// The packets of a text, one a list or a string; `None` if it has neither.
pub(super) fn parse(text: &str) -> Option<Result<Vec<Vec<u8>>, String>> {
    if text.contains("\\x") {
        return Some(Ok(strings(text)));
    }
    let text = without_comments(text);
    // A Go slice and a C array have brackets before the braces.
    let brackets = if text.contains('{') { ('{', '}') } else { ('[', ']') };
    text.contains(brackets.0).then(|| lists(&text, brackets))
}

/// The texts between quotes; strings with nothing but space between them are one, as in C. Without quotes the whole text is one.
fn strings(text: &str) -> Vec<Vec<u8>> {
    let Some(first) = text.find(['"', '\'']).filter(|first| text.find("\\x").is_some_and(|escape| *first < escape))
    else {
        return vec![unescaped(&mut text.trim().chars().peekable(), None)];
    };
    let mut packets = vec![Vec::new()];
    let mut rest = text[first..].chars().peekable();
    let mut is_apart = false;
    while let Some(character) = rest.next() {
        match character {
            '"' | '\'' => {
                let bytes = unescaped(&mut rest, Some(character));
                match packets.last_mut().filter(|_| !is_apart) {
                    Some(packet) => packet.extend(bytes),
                    None => packets.push(bytes),
                }
                is_apart = false;
            }
            // Python goes on behind a backslash, and says b before each.
            '\\' | 'b' | '+' => {}
            other => is_apart |= !other.is_whitespace(),
        }
    }
    packets
}

/// The bytes of a string up to the quote that ends it.
fn unescaped(text: &mut Peekable<Chars<'_>>, end: Option<char>) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(character) = text.next() {
        match character {
            _ if Some(character) == end => break,
            '\\' => bytes.extend(escape(text)),
            // A line that breaks between escapes is none of the bytes.
            '\n' | '\r' | ' ' if end.is_none() => {}
            other => bytes.extend(other.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    bytes
}

/// What stands behind a backslash.
fn escape(text: &mut Peekable<Chars<'_>>) -> Option<u8> {
    let character = text.next()?;
    Some(match character {
        'x' => {
            let mut digits = String::new();
            while digits.len() < 2 && text.peek().is_some_and(char::is_ascii_hexdigit) {
                digits.extend(text.next());
            }
            hex::byte(&digits)?
        }
        '0'..='7' => {
            let mut octal = character.to_string();
            while octal.len() < 3 && text.peek().is_some_and(|digit| digit.is_digit(8)) {
                octal.extend(text.next());
            }
            u8::from_str_radix(&octal, 8).ok()?
        }
        'a' => 7,
        'b' => 8,
        't' => b'\t',
        'n' => b'\n',
        'v' => 11,
        'f' => 12,
        'r' => b'\r',
        // A line goes on in the next one.
        '\n' => return None,
        other => u8::try_from(other).ok()?,
    })
}

/// What C, Go and Rust write for people between their bytes.
fn without_comments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("/*") {
        out.push_str(before);
        rest = behind.split_once("*/").map_or("", |(_, behind)| behind);
    }
    out.push_str(rest);
    out.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The numbers between brackets. What stands in brackets within is a packet of its own, and a length is none.
fn lists(text: &str, (open, close): (char, char)) -> Result<Vec<Vec<u8>>, String> {
    let parts =
        text.split(open).skip(1).filter_map(|part| part.split_once(close).map(|(inside, _)| inside).or(Some(part)));
    parts.filter(|inside| !inside.contains(';')).map(list).collect()
}

fn list(inside: &str) -> Result<Vec<u8>, String> {
    let words = inside.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
    words.map(|word| number(word).ok_or_else(|| format!("{word:?} is no byte"))).collect()
}

/// A byte as a number in source code, perhaps with its type.
fn number(word: &str) -> Option<u8> {
    let word = word.strip_suffix("u8").unwrap_or(word);
    match word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")) {
        Some(digits) => hex::byte(digits),
        None => word.parse().ok().filter(|_| !word.starts_with('+')),
    }
}
