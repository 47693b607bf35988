//! The words of a filter.

/// What is wrong with a filter, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) at: usize,
    pub(super) sentence: String,
}

impl Mistake {
    pub(super) fn new(at: usize, sentence: impl Into<String>) -> Self {
        Self { at, sentence: sentence.into() }
    }
}

/// A word, and where it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

/// Parentheses and operators are words of their own; so is what holds together: names, numbers, addresses.
pub(super) fn words(text: &str) -> Result<Vec<Word<'_>>, Mistake> {
    let mut words = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let Some(first) = rest.chars().next() else { return Ok(words) };
        let at = text.len() - rest.len();
        let len = match first {
            '(' | ')' | '!' => 1,
            '&' | '|' if rest[1..].starts_with(first) => 2,
            _ => rest.find(|of| !is_of_word(of)).unwrap_or(rest.len()),
        };
        if len == 0 || rest[len..].starts_with('[') || (first == '!' && rest[len..].starts_with('=')) {
            return Err(Mistake::new(
                at,
                "bytes of packets, arithmetic and comparisons are not of the subset of pcap-filter that -f takes; -Y compares fields",
            ));
        }
        words.push(Word { text: &rest[..len], at });
        rest = &rest[len..];
    }
}

fn is_of_word(of: char) -> bool {
    of.is_alphanumeric() || matches!(of, '.' | ':' | '/' | '-' | '_' | '\\')
}
