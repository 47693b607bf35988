//! Bare digits, with spaces, colons, hyphens, commas and `0x` between them or without.

use super::super::hex;

/// The packets of a text, an empty line between two.
pub(super) fn parse(text: &str) -> Result<Vec<Vec<u8>>, String> {
    let mut packets = vec![Vec::new()];
    for line in text.lines() {
        if line.trim().is_empty() {
            packets.push(Vec::new());
        }
        let words = line.split(|c: char| c.is_whitespace() || ":-,;\"'".contains(c));
        for word in words.filter(|word| !word.is_empty()) {
            let bytes = bytes(word).ok_or_else(|| format!("{word:?} is not hexadecimal, or half a byte"))?;
            packets.last_mut().into_iter().for_each(|packet| packet.extend(&bytes));
        }
    }
    Ok(packets)
}

/// The bytes of a word. Behind 0x one may have one digit.
fn bytes(word: &str) -> Option<Vec<u8>> {
    match word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")) {
        Some(digit) if digit.len() == 1 => hex::byte(digit).map(|byte| vec![byte]),
        Some(digits) => hex::digits(digits),
        None => hex::digits(word),
    }
}
