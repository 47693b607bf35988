//! Values that a test is about, and how they compare.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::fields::{Field, FieldValue, Kind};
use ether_ip::ethernet::MacAddr;

use super::super::{hex, write};

/// What kind of value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Number,
    /// A time or a span, in nanoseconds.
    Time,
    Mac,
    Ipv4,
    Ipv6,
    Bytes,
    Text,
    /// A layer: its bytes.
    Layer,
}

impl Type {
    pub(super) fn of(field: Field) -> Self {
        match field.kind() {
            Kind::Dec | Kind::Hex(_) | Kind::Flag => Self::Number,
            Kind::Seconds => Self::Time,
            Kind::Mac => Self::Mac,
            Kind::Ipv4 => Self::Ipv4,
            Kind::Ipv6 => Self::Ipv6,
            Kind::Bytes => Self::Bytes,
            Kind::Text => Self::Text,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Time => "a time in seconds",
            Self::Mac => "a MAC address",
            Self::Ipv4 => "an IPv4 address",
            Self::Ipv6 => "an IPv6 address",
            Self::Bytes | Self::Layer => "bytes",
            Self::Text => "text",
        }
    }
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    /// Of no value equal, as Wireshark has it since its fourth version.
    NotEqual,
    AllEqual,
    AnyNotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Number(i128),
    Time(i128),
    Mac(MacAddr),
    /// An address, and how many bits of it count.
    Ipv4(Ipv4Addr, u8),
    Ipv6(Ipv6Addr, u8),
    Bytes(Vec<u8>),
    Text(Vec<u8>),
    /// A layer's bytes with what it carries, and how many are its own.
    Layer(Vec<u8>, usize),
}

impl Value {
    /// A field's.
    pub(super) fn of(value: FieldValue<'_>) -> Self {
        match value {
            FieldValue::Number(number) => Self::Number(number.into()),
            FieldValue::Byte(byte) => Self::Number(byte.into()),
            FieldValue::Mac(address) => Self::Mac(address),
            FieldValue::Ipv4(address) => Self::Ipv4(address, 32),
            FieldValue::Ipv6(address) => Self::Ipv6(address, 128),
            FieldValue::Bytes(bytes) => Self::Bytes(bytes.to_vec()),
            FieldValue::Nanoseconds(nanoseconds) => Self::Time(nanoseconds),
            FieldValue::Text(text) => Self::Text(text.as_bytes().to_vec()),
            FieldValue::Words(words) => Self::Text(words.to_string().into_bytes()),
        }
    }

    /// The bytes that it consists of. A number has none of its own: how many they are depends on where it stands.
    pub(super) fn bytes(&self) -> Cow<'_, [u8]> {
        match self {
            Self::Number(_) | Self::Time(_) => Cow::Borrowed(&[]),
            Self::Mac(address) => Cow::Borrowed(&address.0),
            Self::Ipv4(address, _) => address.octets().to_vec().into(),
            Self::Ipv6(address, _) => address.octets().to_vec().into(),
            Self::Bytes(bytes) | Self::Text(bytes) => bytes.into(),
            Self::Layer(bytes, own) => bytes.get(..*own).unwrap_or(bytes).into(),
        }
    }

    /// Where a text or a pattern is looked for: of a layer in what it carries too.
    pub(super) fn searched(&self) -> Cow<'_, [u8]> {
        match self {
            Self::Layer(bytes, _) => bytes.into(),
            other => other.bytes(),
        }
    }

    /// As it is written.
    pub(super) fn text(&self) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            Self::Number(number) => out.extend_from_slice(number.to_string().as_bytes()),
            Self::Time(nanoseconds) => out.extend_from_slice(write::seconds(*nanoseconds, 9).as_bytes()),
            Self::Mac(address) => out.extend_from_slice(address.to_string().as_bytes()),
            Self::Ipv4(address, _) => out.extend_from_slice(address.to_string().as_bytes()),
            Self::Ipv6(address, _) => out.extend_from_slice(address.to_string().as_bytes()),
            Self::Text(text) => out.extend_from_slice(text),
            Self::Bytes(bytes) | Self::Layer(bytes, _) => {
                write::value(&mut out, Field::Data, FieldValue::Bytes(bytes));
            }
        }
        out
    }

    /// The same kind of value, of another number. What is no number stays as it is.
    pub(super) fn map(&self, change: impl FnOnce(i128) -> i128) -> Self {
        match self {
            Self::Number(number) => Self::Number(change(*number)),
            Self::Time(nanoseconds) => Self::Time(change(*nanoseconds)),
            other => other.clone(),
        }
    }

    /// What comes of two numbers, of the first one's kind; of bytes one by one.
    pub(super) fn combine(&self, other: &Self, of: impl Fn(i128, i128) -> Option<i128>) -> Option<Self> {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => of(*a, *b).map(Self::Number),
            (Self::Bytes(a), Self::Bytes(b)) => {
                let pairs = a.iter().zip(b).map(|(a, b)| of((*a).into(), (*b).into()));
                pairs.map(|byte| u8::try_from(byte?).ok()).collect::<Option<_>>().map(Self::Bytes)
            }
            (Self::Time(a) | Self::Number(a), Self::Time(b) | Self::Number(b)) => of(*a, *b).map(Self::Time),
            _ => None,
        }
    }

    /// Whether there is anything to it, as a test by itself.
    pub(super) fn is_something(&self) -> bool {
        match self {
            Self::Number(number) | Self::Time(number) => *number != 0,
            Self::Bytes(bytes) => bytes.iter().any(|byte| *byte != 0),
            _ => true,
        }
    }

    pub(super) fn compares(&self, comparison: Comparison, other: &Self) -> bool {
        let ordering = self.ordering(other);
        match comparison {
            Comparison::Equal | Comparison::AllEqual => ordering == Ordering::Equal,
            Comparison::NotEqual | Comparison::AnyNotEqual => ordering != Ordering::Equal,
            Comparison::Less => ordering == Ordering::Less,
            Comparison::AtMost => ordering != Ordering::Greater,
            Comparison::Greater => ordering == Ordering::Greater,
            Comparison::AtLeast => ordering != Ordering::Less,
        }
    }

    /// Of addresses as many bits count as of the shorter prefix.
    fn ordering(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a) | Self::Time(a), Self::Number(b) | Self::Time(b)) => a.cmp(b),
            (Self::Ipv4(a, bits), Self::Ipv4(b, others)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(*bits.min(others))).unwrap_or(0);
                (a.to_bits() & mask).cmp(&(b.to_bits() & mask))
            }
            (Self::Ipv6(a, bits), Self::Ipv6(b, others)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(*bits.min(others))).unwrap_or(0);
                (a.to_bits() & mask).cmp(&(b.to_bits() & mask))
            }
            (Self::Mac(a), Self::Mac(b)) => a.cmp(b),
            (a, b) => a.bytes().cmp(&b.bytes()),
        }
    }
}

/// A time in seconds, as nanoseconds.
pub(super) fn time(text: &str) -> Option<i128> {
    let (is_negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let fraction: i128 = format!("{fraction:0<9.9}").parse().ok()?;
    let nanoseconds = whole.checked_mul(1_000_000_000)?.checked_add(fraction)?;
    Some(if is_negative { -nanoseconds } else { nanoseconds })
}

/// A number, as C writes them: 64, 0x40, 0100, 0b1000000.
pub(super) fn number(text: &str) -> Option<i128> {
    let lower = text.to_ascii_lowercase();
    let (digits, radix) = match lower.as_bytes() {
        [b'0', b'x', ..] => (&lower[2..], 16),
        [b'0', b'b', ..] => (&lower[2..], 2),
        [b'0', _, ..] => (&lower[1..], 8),
        _ => (&lower[..], 10),
    };
    u64::from_str_radix(digits, radix).ok().filter(|_| !digits.starts_with('+')).map(i128::from)
}

/// An address, and how many bits of it count.
pub(super) fn network<A: std::str::FromStr>(text: &str, whole: u8) -> Option<(A, u8)> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, bits.parse().ok().filter(|bits| *bits <= whole)?),
        None => (text, whole),
    };
    Some((address.parse().ok()?, bits))
}

/// Bytes in hexadecimal, with colons, hyphens or dots between them or without.
pub(super) fn bytes(text: &str) -> Option<Vec<u8>> {
    let parts: Vec<_> = text.split([':', '-', '.']).collect();
    match parts[..] {
        // One byte may be one digit, with 0x or not.
        [one] => {
            let one = one.strip_prefix("0x").unwrap_or(one);
            if one.len() == 1 { hex::digits(&format!("0{one}")) } else { hex::digits(one) }
        }
        // A colon behind a single byte tells that it is one.
        [one, ""] => hex::digits(one),
        _ => parts
            .iter()
            .map(|part| hex::digits(part).filter(|bytes| !bytes.is_empty()))
            .collect::<Option<Vec<_>>>()
            .map(|all| all.concat()),
    }
}
