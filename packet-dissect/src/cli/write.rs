//! How values are written: as tshark writes them, and fast.

use std::fmt::{self, Write as _};

use crate::fields::{Field, FieldValue, Kind};
use crate::outside::Escaping;

use super::clock;

/// Appends a value to `out`.
pub(super) fn value(out: &mut Vec<u8>, field: Field, value: FieldValue<'_>) {
    match value {
        FieldValue::Number(number) => match field.kind() {
            Kind::Hex(digits) => hex_number(out, number, digits),
            _ => decimal(out, number),
        },
        FieldValue::Byte(byte) => hex_number(out, u64::from(byte), 2),
        FieldValue::Mac(address) => mac(out, address.0),
        FieldValue::Ipv4(address) => ipv4(out, address.octets()),
        FieldValue::Ipv6(address) => ipv6(out, address),
        FieldValue::Bytes(bytes) => bytes.iter().for_each(|byte| out.extend_from_slice(&HEX_PAIRS[usize::from(*byte)])),
        FieldValue::Nanoseconds(nanoseconds) if field.kind() == Kind::Time => clock::words(&mut Text(out), nanoseconds),
        FieldValue::Nanoseconds(nanoseconds) => out.extend_from_slice(seconds(nanoseconds, 9).as_bytes()),
        // Whoever put it into words, and whatever stands in it: no control character goes out from here. Writing to a vector cannot fail.
        FieldValue::Text(text) => drop(Escaping(Text(out)).write_str(text)),
        FieldValue::Words(words) => drop(write!(Escaping(Text(out)), "{words}")),
    }
}

/// Text, to the end of bytes.
pub(super) struct Text<'a>(pub(super) &'a mut Vec<u8>);

impl fmt::Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

/// So many spaces.
pub(super) fn spaces(out: &mut Vec<u8>, count: usize) {
    const SPACES: [u8; 64] = [b' '; 64];
    match SPACES.get(..count) {
        Some(spaces) => out.extend_from_slice(spaces),
        None => out.resize(out.len() + count, b' '),
    }
}

/// Every byte in two hexadecimal digits.
static HEX_PAIRS: [[u8; 2]; 256] = {
    let digits = b"0123456789abcdef";
    let mut pairs = [[0; 2]; 256];
    let mut byte = 0;
    while byte < 256 {
        pairs[byte] = [digits[byte >> 4], digits[byte & 15]];
        byte += 1;
    }
    pairs
};

/// Every byte in decimal, and how many digits of it count.
static DECIMALS: [([u8; 3], u8); 256] = {
    let mut decimals = [([0; 3], 0); 256];
    let mut byte = 0;
    while byte < 256 {
        let (a, b, c) = (b'0' + (byte / 100) as u8, b'0' + (byte / 10 % 10) as u8, b'0' + (byte % 10) as u8);
        decimals[byte] = match byte {
            100.. => ([a, b, c], 3),
            10.. => ([b, c, 0], 2),
            _ => ([c, 0, 0], 1),
        };
        byte += 1;
    }
    decimals
};

pub(super) fn decimal(out: &mut Vec<u8>, number: u64) {
    if let Some((digits, count)) = usize::try_from(number).ok().and_then(|number| DECIMALS.get(number)) {
        return extend_fixed(out, digits, usize::from(*count));
    }
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Appends the first `len` bytes of `text`: a copy of a size known when it was compiled, cut to what counts.
#[inline(always)]
pub(super) fn extend_fixed<const N: usize>(out: &mut Vec<u8>, text: &[u8; N], len: usize) {
    let end = out.len() + len;
    out.extend_from_slice(text);
    out.truncate(end);
}

fn hex_number(out: &mut Vec<u8>, number: u64, digits: u8) {
    if let (4, Ok(number)) = (digits, u16::try_from(number)) {
        let [[a, b], [c, d]] = number.to_be_bytes().map(|byte| HEX_PAIRS[usize::from(byte)]);
        return out.extend_from_slice(&[b'0', b'x', a, b, c, d]);
    }
    out.extend_from_slice(b"0x");
    let digits = u32::from(digits).max((67 - number.leading_zeros()) / 4);
    for digit in (0..digits).rev() {
        let nibble = (number >> (4 * digit)) as usize & 15;
        out.push(HEX_PAIRS[nibble][1]);
    }
}

fn mac(out: &mut Vec<u8>, octets: [u8; 6]) {
    let mut text = [b':'; 17];
    for (pair, octet) in text.chunks_mut(3).zip(octets) {
        pair[..2].copy_from_slice(&HEX_PAIRS[usize::from(octet)]);
    }
    out.extend_from_slice(&text);
}

pub(super) fn ipv4(out: &mut Vec<u8>, octets: [u8; 4]) {
    let mut text = [b'.'; 16];
    let mut len = 0;
    for octet in octets {
        let (digits, count) = DECIMALS[usize::from(octet)];
        text[len..len + 3].copy_from_slice(&digits);
        len += usize::from(count);
        text[len] = b'.';
        len += 1;
    }
    extend_fixed(out, &text, len - 1);
}

/// RFC 5952 §4: lower case, no leading zeros, the longest run of zero groups (two or more, the first of several) left
/// out; an IPv4-mapped address ends in dotted decimal.
pub(super) fn ipv6(out: &mut Vec<u8>, address: std::net::Ipv6Addr) {
    if let Some(mapped) = address.to_ipv4_mapped() {
        out.extend_from_slice(b"::ffff:");
        return ipv4(out, mapped.octets());
    }
    let groups = address.segments();
    let (mut start, mut len) = (8, 1);
    let mut at = 0;
    while at < 8 {
        let zeros = groups[at..].iter().take_while(|group| **group == 0).count();
        if zeros > len {
            (start, len) = (at, zeros);
        }
        at += zeros + 1;
    }
    let mut at = 0;
    while at < 8 {
        if at == start {
            out.extend_from_slice(b"::");
            at += len;
        } else {
            if at > 0 && at != start + len {
                out.push(b':');
            }
            let group = groups[at];
            for shift in [12, 8, 4, 0] {
                if group >> shift != 0 || shift == 0 {
                    out.push(HEX_PAIRS[usize::from(group >> shift) & 15][1]);
                }
            }
            at += 1;
        }
    }
}

/// Appends a decimal number, right-aligned.
pub(super) fn aligned(out: &mut Vec<u8>, number: u64, width: usize) {
    let start = out.len();
    decimal(out, number);
    let len = out.len() - start;
    if len < width {
        out.splice(start..start, std::iter::repeat_n(b' ', width - len));
    }
}

/// Nanoseconds as seconds with so many digits behind the point.
pub(super) fn seconds(nanoseconds: i128, digits: usize) -> String {
    const SECOND: u64 = 1_000_000_000;
    let total = nanoseconds.unsigned_abs();
    // Those that are not of all ages are divided in a machine word.
    let (whole, mut fraction) = match u64::try_from(total) {
        Ok(total) => (u128::from(total / SECOND), total % SECOND),
        Err(_) => (total / u128::from(SECOND), (total % u128::from(SECOND)) as u64),
    };
    let mut text = String::with_capacity(24);
    text.push_str(if nanoseconds < 0 { "-" } else { "" });
    text.push_str(itoa::Buffer::new().format(whole));
    text.push('.');
    let mut places = [b'0'; 9];
    for place in places.iter_mut().rev() {
        *place += (fraction % 10) as u8;
        fraction /= 10;
    }
    text.extend(places[..digits.min(9)].iter().map(|digit| char::from(*digit)));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use ether_ip::ethernet::MacAddr;
    use std::net::Ipv4Addr;

    fn written(field: Field, of: FieldValue<'_>) -> String {
        let mut out = Vec::new();
        value(&mut out, field, of);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn as_tshark_writes_them() {
        assert_eq!(written(Field::EthType, FieldValue::Number(0x800)), "0x0800");
        assert_eq!(written(Field::TcpFlags, FieldValue::Number(0x12)), "0x0012");
        assert_eq!(written(Field::TcpFlags, FieldValue::Number(0x12345)), "0x12345");
        assert_eq!(written(Field::GeneveVni, FieldValue::Number(0xa)), "0x00000a");
        assert_eq!(written(Field::IpTtl, FieldValue::Number(64)), "64");
        let mac = MacAddr([0, 0x1b, 0x21, 0xff, 0, 9]);
        assert_eq!(written(Field::EthSource, FieldValue::Mac(mac)), "00:1b:21:ff:00:09");
        for address in [Ipv4Addr::new(10, 244, 1, 2), Ipv4Addr::UNSPECIFIED, Ipv4Addr::BROADCAST] {
            assert_eq!(written(Field::IpSource, FieldValue::Ipv4(address)), address.to_string());
        }
        for text in [
            "::",
            "::1",
            "1::",
            "fe80::1",
            "2001:db8::1:0:0:1",
            "2001:db8:0:1:1:1:1:1",
            "1:0:0:2:0:0:0:3",
            "::ffff:192.0.2.1",
            "1:2:3:4:5:6:7:8",
            "0:1::",
            "ff02::1:ff00:2",
            "1:0:2:0:3:0:4:0",
            "10:200:3000:abcd::",
        ] {
            let address: std::net::Ipv6Addr = text.parse().unwrap();
            assert_eq!(written(Field::Ipv6Source, FieldValue::Ipv6(address)), address.to_string());
        }
        assert_eq!(written(Field::Data, FieldValue::Bytes(&[0, 0xff])), "00ff");
        // Text as it came, and words with such text in them.
        assert_eq!(written(Field::BgpNotifyText, FieldValue::Text("a\n\u{9b}2J ä")), r"a\n\u{9b}2J ä");
        let words = format_args!("{}", "\x1b[2J");
        assert_eq!(written(Field::BgpNotifyText, FieldValue::Words(crate::fields::Words(&words))), r"\x1b[2J");
    }
}
