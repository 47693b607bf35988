//! Hexadecimal digits, as people type them.

/// Pairs of digits; colons between them are allowed.
pub(super) fn digits(text: &str) -> Option<Vec<u8>> {
    let text: String = text.chars().filter(|c| *c != ':').collect();
    if !text.is_ascii() || text.len() % 2 != 0 {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| byte(text.get(at..at + 2)?)).collect()
}

/// A byte of one or two digits, and nothing but digits.
pub(super) fn byte(text: &str) -> Option<u8> {
    // from_str_radix takes a sign too.
    text.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u8::from_str_radix(text, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_and_nothing_else() {
        assert_eq!(digits("45:00001c"), Some(vec![0x45, 0, 0, 0x1c]));
        for wrong in ["4", "+4", "4é", "zz"] {
            assert_eq!(digits(wrong), None, "{wrong}");
        }
        assert_eq!([byte("a"), byte("ff"), byte("+f"), byte("100")], [Some(10), Some(255), None, None]);
    }
}
