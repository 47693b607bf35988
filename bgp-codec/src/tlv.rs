//! Type, length, value: the shape of much that BGP carries beside routes.

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, Rule};

use crate::wire::Reader;

/// How wide a type and a length are, and what the length counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Both one byte: BFD Discriminator (RFC 9026 §3.1.6), SRv6 and segment sub-TLVs.
    Byte,
    /// Both two bytes: BGP-LS (RFC 9552 §5.1), tunnels (RFC 9012 §2).
    Word,
    /// Type one byte, length two: Prefix-SID and its sub-TLVs (RFC 8669 §3, RFC 9252 §2).
    ByteWord,
    /// Type one byte, length two, which counts the three bytes of type and length too: AIGP (RFC 7311 §3).
    ByteWordWhole,
    /// Type one byte, length one for types under 128 and two from there: sub-TLVs of tunnels (RFC 9012 §2).
    ByteByType,
}

/// One TLV.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tlv<'a> {
    /// Its type.
    pub kind: u16,
    /// Its value.
    pub value: &'a [u8],
}

impl fmt::Debug for Tlv<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Tlv<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:0x", self.kind)?;
        self.value.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Tlv<'_> {
    /// Writes it in a shape.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if type or length exceed what the shape has room for.
    pub fn write(&self, shape: Shape, to: &mut Writer<'_>) -> Result<(), Error> {
        shape.write(self.kind, to, |to| to.write_all(&[self.value]))
    }
}

impl Shape {
    /// Writes type, length, and the value that `value` writes.
    pub(crate) fn write(
        self,
        kind: u16,
        to: &mut Writer<'_>,
        value: impl FnOnce(&mut Writer<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let narrow = to.layer().fit_u8("type", usize::from(kind));
        match self {
            Self::Byte => to.u8(narrow?)?.with_len_u8(0, value)?,
            //= RFC 9012 §2/length
            Self::ByteByType if kind < 128 => to.u8(narrow?)?.with_len_u8(0, value)?,
            Self::Word => to.u16(kind)?.with_len_u16(0, value)?,
            Self::ByteWord | Self::ByteByType => to.u8(narrow?)?.with_len_u16(0, value)?,
            Self::ByteWordWhole => to.u8(narrow?)?.with_len_u16(3, value)?,
        };
        Ok(())
    }
}

/// TLVs back to back. An iterator over them; it ends at the first that is cut, and [`as_bytes`](Self::as_bytes) is what was
/// not read.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tlvs<'a> {
    shape: Shape,
    rest: &'a [u8],
}

impl fmt::Debug for Tlvs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(*self).finish()
    }
}

impl<'a> Tlvs<'a> {
    /// TLVs of a shape, not checked.
    #[inline]
    #[must_use]
    pub fn new(shape: Shape, bytes: &'a [u8]) -> Self {
        Self { shape, rest: bytes }
    }

    /// TLVs of a shape, all of which are there to their ends.
    ///
    /// # Errors
    /// [`Error::Truncated`] if one is cut; [`Error::Malformed`] if a length is less than what it counts of itself.
    pub fn parse(layer: LayerName, shape: Shape, bytes: &'a [u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(layer, bytes);
        while !reader.is_empty() {
            read(shape, &mut reader)?;
        }
        Ok(Self::new(shape, bytes))
    }

    /// The shape.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// What was not read yet, as bytes.
    #[inline]
    #[must_use]
    pub fn as_bytes(&self) -> &'a [u8] {
        self.rest
    }

    /// The value of the first TLV of a type.
    #[must_use]
    pub fn find_kind(mut self, kind: u16) -> Option<&'a [u8]> {
        self.find(|tlv| tlv.kind == kind).map(|tlv| tlv.value)
    }
}

impl<'a> Iterator for Tlvs<'a> {
    type Item = Tlv<'a>;

    #[inline]
    fn next(&mut self) -> Option<Tlv<'a>> {
        // The shape of most is looked at at once: link state has some dozen of them a route.
        if let (Shape::Word, Some((&[a, b, c, d], rest))) = (self.shape, self.rest.split_first_chunk()) {
            let (value, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes([c, d])))?;
            self.rest = rest;
            return Some(Tlv { kind: u16::from_be_bytes([a, b]), value });
        }
        if self.rest.is_empty() {
            return None;
        }
        let mut reader = Reader::new(LayerName::PACKET, self.rest);
        let tlv = read(self.shape, &mut reader).ok()?;
        self.rest = reader.rest();
        Some(tlv)
    }
}

fn read<'a>(shape: Shape, from: &mut Reader<'a>) -> Result<Tlv<'a>, Error> {
    let kind = match shape {
        Shape::Word => from.u16()?,
        _ => u16::from(from.u8()?),
    };
    let len = match shape {
        Shape::Byte => u16::from(from.u8()?),
        Shape::ByteByType if kind < 128 => u16::from(from.u8()?),
        Shape::Word | Shape::ByteWord | Shape::ByteByType => from.u16()?,
        Shape::ByteWordWhole => {
            let whole = from.u16()?;
            whole.checked_sub(3).ok_or_else(|| from.malformed("length", u32::from(whole), Rule::AtLeast(3)))?
        }
    };
    Ok(Tlv { kind, value: from.take(usize::from(len))? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn shapes_are_read_and_written() {
        let cases: [(Shape, &[u8]); 5] = [
            (Shape::Byte, &[1, 2, 7, 8]),
            (Shape::Word, &[0, 1, 0, 2, 7, 8]),
            (Shape::ByteWord, &[1, 0, 2, 7, 8]),
            (Shape::ByteWordWhole, &[1, 0, 5, 7, 8]),
            (Shape::ByteByType, &[1, 2, 7, 8]),
        ];
        for (shape, bytes) in cases {
            let tlvs: Vec<_> = Tlvs::parse(LayerName::PACKET, shape, bytes).unwrap().collect();
            assert_eq!(tlvs, [Tlv { kind: 1, value: &[7, 8] }], "{shape:?}");
            let mut buffer = [0; 6];
            let mut writer = Writer::new(LayerName::PACKET, &mut buffer);
            tlvs[0].write(shape, &mut writer).unwrap();
            assert_eq!(writer.written(), bytes);
            for cut in 1..bytes.len() {
                assert!(Tlvs::parse(LayerName::PACKET, shape, &bytes[..cut]).unwrap_err().is_truncated());
                assert_eq!(
                    (Tlvs::new(shape, &bytes[..cut]).count(), Tlvs::new(shape, &bytes[..cut]).as_bytes().len()),
                    (0, cut)
                );
            }
        }
        // RFC 9012 §2: from type 128 the length has two bytes.
        for long in [&[127, 1, 9][..], &[0x80, 0, 1, 9]] {
            let tlvs = Tlvs::new(Shape::ByteByType, long);
            let tlv = Tlv { kind: u16::from(long[0]), value: &[9] };
            assert_eq!((tlvs.shape(), tlvs.into_iter().next()), (Shape::ByteByType, Some(tlv)));
            let mut buffer = [0; 4];
            let mut writer = Writer::new(LayerName::PACKET, &mut buffer);
            tlv.write(Shape::ByteByType, &mut writer).unwrap();
            assert_eq!((writer.written(), std::format!("{tlvs:?}")), (long, std::format!("[{}:0x09]", long[0])));
        }
        let short = Error::Malformed { layer: LayerName::PACKET, field: "length", value: 2, rule: Rule::AtLeast(3) };
        assert_eq!(Tlvs::parse(LayerName::PACKET, Shape::ByteWordWhole, &[1, 0, 2]), Err(short));
        let wide = Tlv { kind: 256, value: &[] }.write(Shape::Byte, &mut Writer::count(LayerName::PACKET));
        let rule = Rule::AtMost(255);
        assert_eq!(wide, Err(Error::Unbuildable { layer: LayerName::PACKET, field: "type", value: 256, rule }));
    }
}
