//! `hex`: bytes as people paste them. A paste is a dump with offsets, bytes of a program's source, or bare digits; each says in its
//! own way where one packet ends and the next begins.

// Floor 0: what a paste gives, and what it must not be.
mod given;
mod words;

// Floor 1: the kinds of paste.
mod dump;
mod literal;
mod stream;

pub(super) use given::Given;

/// The packets of a text.
pub(super) fn parse(text: &str) -> Result<Vec<Given>, String> {
    let mut packets = match dump::parse(text) {
        Some(packets) => packets?,
        None => literal::parse(text).unwrap_or_else(|| stream::parse(text))?.into_iter().map(Given::from).collect(),
    };
    packets.retain(|packet| !packet.bytes.is_empty());
    if packets.is_empty() { Err("no bytes were given".to_owned()) } else { Ok(packets) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_in_every_dress() {
        for text in [
            "4500001c",
            "45 00 00 1c",
            "45:00:00:1c",
            "0x45 0x00, 0x00 0x1C",
            "4500 001c",
            "0x4500001c\n",
            r"\x45\x00\x00\x1c",
            r#"pkt = b"E\x00\0\x1c""#,
            "{0x45, 0, 0, 28}",
            "[]byte{0x45, 0x0, 0x0, 0x1c}",
            "let packet: [u8; 4] = [0x45u8, 0, 0, 0x1c]; // four",
            "char peer[] = \"\\x45\\x00\"\n    \"\\x00\\x1c\";",
        ] {
            assert_eq!(parse(text), Ok(vec![vec![0x45, 0, 0, 0x1c].into()]), "{text:?}");
        }
    }

    #[test]
    fn several_packets() {
        let two = Ok(vec![vec![0x45, 0].into(), vec![0x60].into()]);
        for text in ["4500\n\n60\n", "{0x45, 0x00}, {0x60}", r"[b'\x45\x00', b'\x60']", "0000  45 00\n0000  60\n"] {
            assert_eq!(parse(text), two, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_bytes() {
        assert!(parse("45 0").unwrap_err().contains("\"0\""));
        assert!(parse("hello").is_err());
        assert!(parse("4é").is_err());
        assert!(parse("{0x45, 256}").unwrap_err().contains("\"256\""));
        assert_eq!(parse(" \n"), Err("no bytes were given".to_owned()));
        assert_eq!(parse("{}"), Err("no bytes were given".to_owned()));
    }
}
