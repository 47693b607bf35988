//! A test's words, quoted texts and signs, and where each stands.

use super::mistake::Mistake;

/// A piece of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) what: What,
    /// Where it stands in the text, in bytes.
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// A name, a number, an address: whatever stands there without quotes.
    Word(String),
    /// In double quotes, its escapes resolved.
    Text(Vec<u8>),
    /// In single quotes.
    Character(u8),
    /// What stands in brackets.
    Bracket(String),
    Sign(&'static str),
}

/// All signs, those that begin with another before it.
const SIGNS: [&str; 29] = [
    "===", "!==", "==", "!=", "~=", "<=", ">=", "&&", "||", "^^", "..", "<", ">", "!", "~", "(", ")", "{", "}", ",",
    "&", "+", "-", "*", "/", "%", "#", "^", "|",
];

pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Mistake> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|c: char| !c.is_whitespace()).map(|gap| at + gap) {
        let rest = &text[start..];
        let (what, len) = next(rest).map_err(|(message, len)| Mistake::new(message, start, start + len))?;
        tokens.push(Token { what, start, end: start + len });
        at = start + len;
    }
    Ok(tokens)
}

/// The first token and how long it is; or what is wrong, and with how many bytes.
fn next(rest: &str) -> Result<(What, usize), (String, usize)> {
    if let Some(raw) = rest.strip_prefix("r\"").or_else(|| rest.strip_prefix("R\"")) {
        let len = raw.find('"').ok_or_else(|| unclosed("a quote", rest))?;
        return Ok((What::Text(raw.as_bytes()[..len].to_vec()), len + 3));
    }
    match rest.as_bytes()[0] {
        b'"' => {
            let (text, len) = quoted(rest, b'"').ok_or_else(|| unclosed("a quote", rest))?;
            Ok((What::Text(text), len))
        }
        b'\'' => {
            let (text, len) = quoted(rest, b'\'').ok_or_else(|| unclosed("a quote", rest))?;
            match text[..] {
                [character] => Ok((What::Character(character), len)),
                _ => Err(("single quotes hold one character".to_owned(), len)),
            }
        }
        b'[' => {
            let len = rest.find(']').ok_or_else(|| unclosed("a bracket", rest))?;
            Ok((What::Bracket(rest[1..len].to_owned()), len + 1))
        }
        _ => match word(rest) {
            0 => match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
                Some(sign) => Ok((What::Sign(sign), sign.len())),
                None if rest.starts_with('=') => Err(("\"=\" compares nothing; is \"==\" meant?".to_owned(), 1)),
                None => {
                    let first = rest.chars().next().map_or(0, char::len_utf8);
                    Err((format!("{:?} was not expected", &rest[..first]), first))
                }
            },
            len => Ok((What::Word(rest[..len].to_owned()), len)),
        },
    }
}

fn unclosed(what: &str, rest: &str) -> (String, usize) {
    (format!("{what} is not closed"), rest.len())
}

/// How long the word is that the text begins with. Two dots end it, and so does a hyphen but in a MAC address; a slash goes on if a
/// prefix length follows an address.
fn word(rest: &str) -> usize {
    let is_part = |c: char| c.is_alphanumeric() || "._:".contains(c);
    let mut len = 0;
    loop {
        len += rest[len..].find(|c: char| !is_part(c)).unwrap_or(rest.len() - len);
        if let Some(dots) = rest[..len].find("..") {
            return dots;
        }
        let behind = &rest[len..];
        let is_pair = len % 3 == 2 && rest[..len].split('-').all(|pair| pair.len() == 2 && is_hexadecimal(pair));
        let goes_on = match behind.as_bytes() {
            [b'-', a, b, ..] => is_pair && is_hexadecimal(&[*a, *b].map(char::from).iter().collect::<String>()),
            [b'/', digit, ..] => digit.is_ascii_digit() && is_address(&rest[..len]),
            _ => false,
        };
        if !goes_on {
            return len;
        }
        len += 1;
    }
}

fn is_hexadecimal(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether it may be an address, or the beginning of one.
fn is_address(text: &str) -> bool {
    let is_ipv4 = text.contains('.') && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_ipv4 || text.parse::<std::net::Ipv6Addr>().is_ok()
}

/// The text between quotes, and how long it is with them.
fn quoted(rest: &str, quote: u8) -> Option<(Vec<u8>, usize)> {
    let (bytes, mut text, mut at) = (rest.as_bytes(), Vec::new(), 1);
    loop {
        match (*bytes.get(at)?, bytes.get(at + 1)) {
            (b'\\', Some(escaped)) => {
                let (byte, len) = escape(*escaped, rest.get(at + 2..).unwrap_or_default());
                text.extend(byte);
                at += len + 2;
            }
            (byte, _) if byte == quote => return Some((text, at + 1)),
            (byte, _) => {
                text.push(byte);
                at += 1;
            }
        }
    }
}

/// What an escape stands for, and how many bytes of `behind` belong to it. What is none of C's stays as it is: a pattern has its own.
fn escape(escaped: u8, behind: &str) -> (Vec<u8>, usize) {
    let number = |len: usize, radix| u8::from_str_radix(behind.get(..len)?, radix).ok();
    match escaped {
        b'n' => (vec![b'\n'], 0),
        b'r' => (vec![b'\r'], 0),
        b't' => (vec![b'\t'], 0),
        b'a' => (vec![7], 0),
        b'f' => (vec![12], 0),
        b'v' => (vec![11], 0),
        b'\\' | b'"' | b'\'' => (vec![escaped], 0),
        b'x' => match number(2, 16) {
            Some(byte) => (vec![byte], 2),
            None => (vec![b'\\', b'x'], 0),
        },
        b'0' => (vec![number(2, 8).unwrap_or(0)], if number(2, 8).is_some() { 2 } else { 0 }),
        other => (vec![b'\\', other], 0),
    }
}
