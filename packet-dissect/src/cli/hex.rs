//! `hex`: bytes as people paste them.

/// The bytes of a text: hexadecimal digits with spaces, colons, hyphens and `0x` between them; or a hexadecimal dump, as
/// `tcpdump -x`, `tcpdump -X` and `xxd` write it, of which the offsets and the text at the right are left out.
pub(super) fn parse(text: &str) -> Result<Vec<u8>, String> {
    let is_dump = text.lines().any(|line| offset(line).is_some());
    let mut bytes = Vec::new();
    for line in text.lines() {
        let line = if is_dump {
            let Some((_, line)) = offset(line) else { continue };
            // Two gaps part the bytes from the text.
            let line = line.trim_start();
            line.find("  ").map_or(line, |end| &line[..end])
        } else {
            line
        };
        for word in line.split(|c: char| c.is_whitespace() || ":-,".contains(c)).filter(|word| !word.is_empty()) {
            let word = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")).unwrap_or(word);
            bytes.extend(digits(word).ok_or_else(|| format!("{word:?} is not hexadecimal, or half a byte"))?);
        }
    }
    if bytes.is_empty() { Err("no bytes were given".to_owned()) } else { Ok(bytes) }
}

/// An offset and a colon at the start of a line of a dump, `0x0010:` or `00000010:`; and what is behind it.
fn offset(line: &str) -> Option<(usize, &str)> {
    let (offset, rest) = line.trim_start().split_once(':')?;
    let digits = offset.strip_prefix("0x").unwrap_or(offset);
    // A MAC address begins with two digits and a colon.
    let is_offset = digits.len() >= 4 && rest.starts_with([' ', '\t']);
    is_offset.then(|| usize::from_str_radix(digits, 16).ok().map(|offset| (offset, rest))).flatten()
}

/// Pairs of digits; colons between them are allowed.
pub(super) fn digits(text: &str) -> Option<Vec<u8>> {
    let text: String = text.chars().filter(|c| *c != ':').collect();
    if !text.is_ascii() || text.len() % 2 != 0 {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_in_every_dress() {
        for text in ["4500001c", "45 00 00 1c", "45:00:00:1c", "0x45 0x00, 0x00 0x1C", "4500 001c", "0x4500001c\n"] {
            assert_eq!(parse(text), Ok(vec![0x45, 0, 0, 0x1c]), "{text:?}");
        }
    }

    #[test]
    fn dumps() {
        let tcpdump =
            "12:00:00.1 IP 10.0.0.1 > 10.0.0.2: ICMP echo request\n\t0x0000:  4500 001c 1c46\n\t0x0010:  4000\n";
        assert_eq!(parse(tcpdump), Ok(vec![0x45, 0, 0, 0x1c, 0x1c, 0x46, 0x40, 0]));
        let with_text = "\t0x0000:  4500 001c                                E...\n";
        assert_eq!(parse(with_text), Ok(vec![0x45, 0, 0, 0x1c]));
        assert_eq!(parse("00000000: 4500 001c  E...\n00000004: ff      .\n"), Ok(vec![0x45, 0, 0, 0x1c, 0xff]));
    }

    #[test]
    fn what_is_no_bytes() {
        assert!(parse("45 0").unwrap_err().contains("\"0\""));
        assert!(parse("hello").is_err());
        assert!(parse("4é").is_err());
        assert_eq!(parse(" \n"), Err("no bytes were given".to_owned()));
    }
}
