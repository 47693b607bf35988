//! AS_PATH and AS4_PATH: the ASes that a route went through (RFC 4271 §4.3 b, RFC 5065 §3, RFC 6793 §3).
//!
//! ```text
//!  0       8       16
//!  +-------+-------+-----------------------------+
//!  | type  | count | count AS numbers, 2 or 4 bytes each
//!  +-------+-------+-----------------------------+
//! ```

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, Rule};

use super::body::Body;
use crate::session::Negotiated;
use crate::value::as_number::{AsSize, write_as};
pub use crate::value::segment_type::SegmentType;
use crate::wire::Reader;

/// A path: segments, each with one AS number at least.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AsPath<'a> {
    size: AsSize,
    bytes: &'a [u8],
}

/// One segment of a path.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Segment<'a> {
    /// What its AS numbers are.
    pub kind: SegmentType,
    size: AsSize,
    bytes: &'a [u8],
}

/// The AS numbers of a segment. An iterator over them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AsNumbers<'a> {
    size: AsSize,
    bytes: &'a [u8],
}

/// The segments of a path. An iterator over them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Segments<'a> {
    size: AsSize,
    rest: &'a [u8],
}

impl<'a> AsPath<'a> {
    /// The empty path: of a route that begins in this AS.
    pub const EMPTY: Self = Self { size: AsSize::Four, bytes: &[] };

    /// Reads an attribute's value.
    ///
    /// # Errors
    /// RFC 7606 §7.2: [`Error::Malformed`] for a segment type that is not known or a segment without AS numbers,
    /// [`Error::Truncated`] for a segment that goes past the end.
    #[inline]
    pub fn parse(layer: LayerName, size: AsSize, bytes: &'a [u8]) -> Result<Self, Error> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let [1..=4, count @ 1..=255, behind @ ..] = rest else {
                return Err(malformed(layer, rest));
            };
            let Some(next) = behind.get(usize::from(*count) * size.bytes()..) else {
                return Err(truncated(layer, size, bytes));
            };
            rest = next;
        }
        Ok(Self { size, bytes })
    }

    /// A path of segments that are known to be good.
    pub(super) const fn of_segments(size: AsSize, bytes: &'a [u8]) -> Self {
        Self { size, bytes }
    }

    /// How many bytes an AS number has here.
    #[inline]
    #[must_use]
    pub const fn size(&self) -> AsSize {
        self.size
    }

    /// The path as it stands on the wire.
    #[inline]
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The segments.
    #[inline]
    #[must_use]
    pub const fn segments(&self) -> Segments<'a> {
        Segments { size: self.size, rest: self.bytes }
    }

    /// How long the path is where routes are compared: a set counts as one (RFC 4271 §9.1.2.2 a), a confederation's
    /// segment not at all (RFC 5065 §5.3).
    #[must_use]
    pub fn length(&self) -> usize {
        self.segments().fold(0, |sum: usize, segment| sum.saturating_add(segment.path_length()))
    }

    /// Whether a confederation's segment is in it.
    #[inline]
    #[must_use]
    pub fn has_confederation(&self) -> bool {
        self.segments().any(|segment| segment.kind.is_confederation())
    }

    /// The AS at the path's end, where the route began; `None` if a set stands there, or nothing.
    #[must_use]
    pub fn origin(&self) -> Option<u32> {
        let last = self.segments().last()?;
        (last.kind == SegmentType::SEQUENCE).then(|| last.as_numbers().last())?
    }

    /// Whether an AS is in it: a loop, if it is the reader's own.
    #[must_use]
    pub fn contains(&self, as_number: u32) -> bool {
        self.segments().any(|segment| segment.as_numbers().any(|of| of == as_number))
    }

    /// The path that a 2-octet AS_PATH and an AS4_PATH give together (RFC 6793 §4.2.3): the leading AS numbers of this
    /// one, as many as it is longer, and then `as4_path`; this one alone, if `as4_path` is longer. Segments of a confederation stay
    /// where they lead or stand beside one that stays; those in `as4_path` are passed over (§6).
    ///
    /// Whoever merges looks at AGGREGATOR and AS4_AGGREGATOR first: where both came, and the AS of the first is not AS_TRANS, AS4_PATH
    /// is not used at all.
    #[must_use]
    pub fn merged(self, as4_path: Option<Self>) -> Merged<'a> {
        let lead = self.length();
        match as4_path {
            //= RFC 6793 §4.2.3/shorter
            Some(tail) if tail.length() <= lead => {
                Merged { lead: self.segments(), take: lead.saturating_sub(tail.length()), tail: tail.segments() }
            }
            _ => Merged { lead: self.segments(), take: usize::MAX, tail: Self::EMPTY.segments() },
        }
    }

    /// Writes the path with AS numbers of a size: those that have no room in two bytes become AS_TRANS.
    ///
    /// # Errors
    /// [`Error::NoRoom`].
    pub fn write(&self, size: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        if self.size == size {
            return to.write_all(&[self.bytes]);
        }
        self.segments().try_for_each(|segment| segment.write(size, to))
    }

    /// Writes it without a confederation's segments: as AS4_PATH (RFC 6793 §4.2.2), and to who is outside (RFC 5065 §4).
    pub(crate) fn write_without_confederation(&self, size: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        let mut segments = self.segments().filter(|segment| !segment.kind.is_confederation());
        segments.try_for_each(|segment| segment.write(size, to))
    }

    /// Whether an AS number is in it that has no room in two bytes.
    #[must_use]
    pub fn needs_four_octets(&self) -> bool {
        self.size == AsSize::Four
            && self.segments().any(|segment| segment.as_numbers().any(|number| number > u32::from(u16::MAX)))
    }
}

#[cold]
fn malformed(layer: LayerName, segment: &[u8]) -> Error {
    match *segment {
        [1..=4, 0, ..] => Error::Malformed { layer, field: "segment length", value: 0, rule: Rule::AtLeast(1) },
        [kind, _, ..] => {
            Error::Malformed { layer, field: "segment type", value: u32::from(kind), rule: Rule::AtMost(4) }
        }
        _ => Error::Truncated { layer, needed: 2, available: segment.len() },
    }
}

#[cold]
fn truncated(layer: LayerName, size: AsSize, bytes: &[u8]) -> Error {
    let mut reader = Reader::new(layer, bytes);
    loop {
        let segment = reader.array().and_then(|[_, count]| reader.take(usize::from(count) * size.bytes()));
        if let Err(error) = segment {
            return error;
        }
        if reader.is_empty() {
            return Error::Truncated { layer, needed: bytes.len(), available: bytes.len() };
        }
    }
}

impl<'a> Segment<'a> {
    /// How many AS numbers it has.
    #[inline]
    #[must_use]
    pub const fn count(&self) -> usize {
        self.bytes.len() / self.size.bytes()
    }

    /// The AS numbers.
    #[inline]
    #[must_use]
    pub const fn as_numbers(&self) -> AsNumbers<'a> {
        AsNumbers { size: self.size, bytes: self.bytes }
    }

    /// What it adds to a path's length.
    #[inline]
    #[must_use]
    pub const fn path_length(&self) -> usize {
        match self.kind {
            SegmentType::SEQUENCE => self.count(),
            SegmentType::SET => 1,
            _ => 0,
        }
    }

    /// Whether AS number 0 is in it, which nobody has (RFC 7607 §2).
    #[inline(always)]
    pub(crate) fn has_zero(&self) -> bool {
        match self.size {
            AsSize::Four => self.bytes.chunks_exact(4).any(|number| number == [0; 4]),
            AsSize::Two => self.bytes.chunks_exact(2).any(|number| number == [0; 2]),
        }
    }

    fn write(&self, size: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        to.u8(self.kind.0)?.u8(self.count() as u8)?;
        self.as_numbers().try_for_each(|number| write_as(number, size, to))
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Segment<'a>;

    #[inline]
    fn next(&mut self) -> Option<Segment<'a>> {
        let [kind, count, behind @ ..] = self.rest else {
            return None;
        };
        let (bytes, rest) = behind.split_at_checked(usize::from(*count) * self.size.bytes())?;
        self.rest = rest;
        Some(Segment { kind: SegmentType(*kind), size: self.size, bytes })
    }
}

impl Iterator for AsNumbers<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        match self.size {
            AsSize::Four => {
                let (number, rest) = self.bytes.split_first_chunk()?;
                self.bytes = rest;
                Some(u32::from_be_bytes(*number))
            }
            AsSize::Two => {
                let (number, rest) = self.bytes.split_first_chunk()?;
                self.bytes = rest;
                Some(u32::from(u16::from_be_bytes(*number)))
            }
        }
    }
}

/// The segments of AS_PATH and AS4_PATH merged. An iterator over them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Merged<'a> {
    lead: Segments<'a>,
    take: usize,
    tail: Segments<'a>,
}

impl<'a> Iterator for Merged<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        // RFC 6793 §4.2.3: segments of a confederation go with what they stand beside, and lead where they did.
        //= RFC 6793 §4.2.3/merge
        let segment = self.lead.next().filter(|segment| self.take > 0 || segment.kind.is_confederation());
        let Some(mut segment) = segment else {
            self.lead.rest = &[];
            // RFC 6793 §6: they do not belong in AS4_PATH.
            //= RFC 6793 §6/confederation
            return self.tail.by_ref().find(|segment| !segment.kind.is_confederation());
        };
        if segment.kind == SegmentType::SEQUENCE && segment.count() > self.take {
            segment.bytes = segment.bytes.get(..self.take * segment.size.bytes()).unwrap_or(segment.bytes);
            self.lead.rest = &[];
        }
        self.take = self.take.saturating_sub(segment.path_length());
        Some(segment)
    }
}

impl fmt::Display for Segment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (open, between, close) = match self.kind {
            SegmentType::SET => ("{", ",", "}"),
            SegmentType::CONFED_SEQUENCE => ("(", " ", ")"),
            SegmentType::CONFED_SET => ("[", ",", "]"),
            _ => ("", " ", ""),
        };
        f.write_str(open)?;
        for (n, number) in self.as_numbers().enumerate() {
            write!(f, "{}{number}", if n == 0 { "" } else { between })?;
        }
        f.write_str(close)
    }
}

impl fmt::Debug for Segment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for AsPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.segments().enumerate().try_for_each(|(n, segment)| write!(f, "{}{segment}", if n == 0 { "" } else { " " }))
    }
}

impl fmt::Debug for AsPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

impl<'a> Body<'a> for AsPath<'a> {
    #[inline]
    fn read(layer: LayerName, bytes: &'a [u8], session: &Negotiated) -> Result<Self, Error> {
        let size = session.as_size();
        Self::parse(layer, size, bytes)?;
        // Put together anew: from where an error would stand it would be read back in words of which one byte was written.
        Ok(Self { size, bytes })
    }

    fn write(&self, size: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        self.write(size, to)
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;
    use std::string::ToString;
    use std::vec::Vec;

    const PATH: LayerName = LayerName::new("AS_PATH");

    fn two(bytes: &[u8]) -> AsPath<'_> {
        AsPath::parse(PATH, AsSize::Two, bytes).unwrap()
    }

    fn four(bytes: &[u8]) -> AsPath<'_> {
        AsPath::parse(PATH, AsSize::Four, bytes).unwrap()
    }

    /// RFC 4271 §9.1.2.2 a; RFC 5065 §5.3.
    #[test]
    fn all_segment_types_and_the_length() {
        let path = two(&[3, 1, 0, 9, 2, 2, 0, 1, 0, 2, 1, 3, 0, 3, 0, 4, 0, 5, 4, 1, 0, 8]);
        assert_eq!(path.to_string(), "(9) 1 2 {3,4,5} [8]");
        assert_eq!((path.length(), path.has_confederation(), path.origin()), (3, true, None));
        assert!(path.contains(5) && !path.contains(6));
        let path = four(&[2, 2, 0, 1, 0, 0, 0, 0, 0, 7]);
        assert_eq!((path.to_string().as_str(), path.origin(), path.needs_four_octets()), ("65536 7", Some(7), true));
        let mut buffer = [0; 6];
        let mut writer = Writer::new(PATH, &mut buffer);
        path.write(AsSize::Two, &mut writer).unwrap();
        assert_eq!(writer.written(), [2, 2, 0x5b, 0xa0, 0, 7]);
        assert_eq!(AsPath::EMPTY.length(), 0);
    }

    /// RFC 7606 §7.2.
    /// RFC 6793 §4.2.2: a path in the other size, and what of it needs four bytes.
    #[test]
    fn sizes() {
        let [short, long] =
            [two(&[2, 2, 0, 1, 0, 2, 1, 1, 0, 3]), four(&[2, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 1, 0, 0, 0, 3])];
        assert_eq!((short.size(), long.size()), (AsSize::Two, AsSize::Four));
        for (path, size, expected) in [
            (short, AsSize::Two, short),
            (short, AsSize::Four, long),
            (long, AsSize::Two, short),
            (long, AsSize::Four, long),
        ] {
            let mut buffer = [0; 32];
            let mut writer = Writer::new(PATH, &mut buffer);
            path.write(size, &mut writer).unwrap();
            assert_eq!(writer.written(), expected.as_bytes());
        }
        assert!(!short.needs_four_octets() && !long.needs_four_octets());
        let most = four(&[2, 1, 0, 0, 0xff, 0xff]);
        assert!(!most.needs_four_octets() && four(&[2, 1, 0, 1, 0, 0]).needs_four_octets());
        let segments: Vec<_> = short.segments().map(|of| (of.kind, of.count(), of.path_length())).collect();
        assert_eq!(segments, [(SegmentType::SEQUENCE, 2, 2), (SegmentType::SET, 1, 1)]);
        assert_eq!((short.origin(), short.contains(3), short.contains(4)), (None, true, false));
        assert_eq!(format!("{short:?}"), "\"1 2 {3}\"");
        assert!(!short.has_confederation() && !SegmentType::SET.is_confederation());
        assert!(SegmentType::CONFED_SEQUENCE.is_confederation() && SegmentType::CONFED_SET.is_confederation());
        let mut buffer = [0; 32];
        let mut writer = Writer::new(PATH, &mut buffer);
        two(&[3, 1, 0, 9, 2, 1, 0, 7, 4, 1, 0, 8]).write_without_confederation(AsSize::Four, &mut writer).unwrap();
        assert_eq!(writer.written(), [2, 1, 0, 0, 0, 7]);
    }

    #[test]
    fn malformed_paths() {
        let error = |bytes| AsPath::parse(PATH, AsSize::Two, bytes).unwrap_err().to_string();
        assert_eq!(error(&[5, 1, 0, 1]), "AS_PATH is malformed: segment type is 5, it must be at most 4");
        assert_eq!(error(&[0, 1, 0, 1]), "AS_PATH is malformed: segment type is 0, it must be at most 4");
        assert_eq!(error(&[2, 0]), "AS_PATH is malformed: segment length is 0, it must be at least 1");
        assert_eq!(error(&[2, 2, 0, 1]), "AS_PATH is truncated: 6 bytes are needed, 4 are there");
        assert_eq!(error(&[2, 1, 0, 1, 2]), "AS_PATH is truncated: 2 bytes are needed, 1 are there");
        assert_eq!(error(&[2, 1, 0, 1, 1, 2, 0, 1]), "AS_PATH is truncated: 10 bytes are needed, 8 are there");
        assert_eq!(error(&[2, 1, 0, 1, 4, 0]), "AS_PATH is malformed: segment length is 0, it must be at least 1");
        assert_eq!(error(&[5, 0]), "AS_PATH is malformed: segment type is 5, it must be at most 4");
    }

    /// RFC 6793 §4.2.3.
    #[test]
    fn merging() {
        //= RFC 6793 §4.2.3/shorter, §4.2.3/merge
        let merge = |lead: &[u8], tail: &[u8]| {
            let segments: Vec<_> = two(lead).merged(Some(four(tail))).map(|segment| segment.to_string()).collect();
            segments.join(" ")
        };
        let lead = [2, 3, 0, 1, 0x5b, 0xa0, 0x5b, 0xa0];
        assert_eq!(merge(&lead, &[2, 2, 0, 1, 0, 0, 0, 1, 0, 1]), "1 65536 65537");
        assert_eq!(merge(&lead, &[2, 3, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1]), "1 65536 65537");
        let five = [2, 5, 0, 1, 0, 2, 0, 3, 0x5b, 0xa0, 0x5b, 0xa0];
        assert_eq!(merge(&five, &[2, 2, 0, 1, 0, 0, 0, 1, 0, 1]), "1 2 3 65536 65537");
        // AS4_PATH longer than AS_PATH: it is not used.
        assert_eq!(merge(&lead, &[2, 4, 0, 0, 0, 9, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1]), "1 23456 23456");
        // A set counts as one, a confederation's segment as none and stays in front.
        assert_eq!(merge(&[3, 1, 0, 8, 1, 2, 0, 1, 0, 2, 2, 1, 0x5b, 0xa0], &[2, 1, 0, 1, 0, 0]), "(8) {1,2} 65536");
        // One that leads stays where the rest is AS4_PATH's, one beside what stays too; what is beyond goes.
        let both = [2, 2, 0, 0, 0, 7, 0, 1, 0, 0];
        assert_eq!(merge(&[3, 1, 0, 8, 2, 2, 0, 7, 0x5b, 0xa0], &both), "(8) 7 65536");
        let beside = [2, 1, 0, 1, 4, 1, 0, 8, 2, 2, 0, 7, 0x5b, 0xa0];
        assert_eq!(merge(&beside, &both), "1 [8] 7 65536");
        let beyond = [2, 2, 0, 1, 0, 7, 3, 1, 0, 8, 2, 1, 0x5b, 0xa0];
        assert_eq!(merge(&beyond, &both), "1 7 65536");
        assert_eq!(merge(&[2, 1, 0, 7], &[3, 1, 0, 0, 0, 8, 2, 1, 0, 1, 0, 0]), "65536");
        assert_eq!(format!("{:?}", two(&lead).merged(None).collect::<Vec<_>>()), "[1 23456 23456]");
    }
}
