//! Building paths: by segments, from numbers and from paths that were read (RFC 4271 §5.1.2, RFC 5065 §4).

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, Rule};

use super::as_path::{AsPath, Segment, SegmentType};
use crate::value::as_number::AsSize;

/// A path, as an error names it.
const AS_PATH: LayerName = LayerName::new("AS_PATH");

/// Builds a path in a buffer, the segment nearest to the speaker first, with AS numbers of four bytes. A sequence that stands behind
/// one of its kind joins it, as far as a segment has room, so that numbers are put in front as RFC 4271 §5.1.2 b says.
///
/// ```
/// use bgp_codec::attribute::{AsPath, PathBuilder};
/// use bgp_codec::session::AsSize;
/// use bgp_codec::{LayerName, Negotiated, Update};
///
/// let mut area = [0; 64];
/// let path = PathBuilder::new(&mut area).sequence(&[65_010, 65_010])?.set(&[7, 8])?.build();
/// assert_eq!(path.to_string(), "65010 65010 {7,8}");
///
/// // In front of a path that was received, of either size, AS4_PATH merged in.
/// let body = [0, 0, 0, 9, 0x40, 2, 6, 2, 1, 0, 0, 0, 9];
/// let session = Negotiated::assumed();
/// let update = Update::parse(&body, &session)?;
/// let mut area = [0; 64];
/// let path = PathBuilder::new(&mut area).sequence(&[65_010])?.segments(update.as_path().unwrap())?.build();
/// assert_eq!(path.to_string(), "65010 9");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct PathBuilder<'b> {
    to: Writer<'b>,
    /// Where the last segment begins.
    last: Option<usize>,
}

impl<'b> PathBuilder<'b> {
    /// The empty path, with room for four bytes an AS number and two a segment.
    #[must_use]
    pub fn new(to: &'b mut [u8]) -> Self {
        Self { to: Writer::new(AS_PATH, to), last: None }
    }

    /// ASes in the order in which the route came back through them, the last first: an AS_SEQUENCE.
    ///
    /// # Errors
    /// As [`segment`](Self::segment).
    pub fn sequence(self, numbers: &[u32]) -> Result<Self, Error> {
        self.segment(SegmentType::SEQUENCE, numbers.iter().copied())
    }

    /// ASes in no order: an AS_SET, which nobody is to send any more (RFC 9774 §3).
    ///
    /// # Errors
    /// As [`segment`](Self::segment).
    pub fn set(self, numbers: &[u32]) -> Result<Self, Error> {
        self.segment(SegmentType::SET, numbers.iter().copied())
    }

    /// The members of a confederation that the route came back through, the last first: an AS_CONFED_SEQUENCE.
    ///
    /// # Errors
    /// As [`segment`](Self::segment).
    pub fn confederation(self, numbers: &[u32]) -> Result<Self, Error> {
        self.segment(SegmentType::CONFED_SEQUENCE, numbers.iter().copied())
    }

    /// A segment of any kind; nothing if there are no numbers. Sequences of more than 255 are split.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] for a set of more than 255 numbers.
    pub fn segment(mut self, kind: SegmentType, numbers: impl IntoIterator<Item = u32>) -> Result<Self, Error> {
        let mut is_first = true;
        for number in numbers {
            // Sets that stand behind each other stay two.
            self.number(kind, !kind.is_set() || !is_first, number)?;
            is_first = false;
        }
        Ok(self)
    }

    /// Segments that were read, as they are: [`AsPath::segments`], or what [`Update::as_path`](crate::Update::as_path) gives.
    ///
    /// # Errors
    /// As [`segment`](Self::segment).
    pub fn segments<'s>(self, segments: impl IntoIterator<Item = Segment<'s>>) -> Result<Self, Error> {
        segments.into_iter().try_fold(self, |path, segment| path.segment(segment.kind, segment.as_numbers()))
    }

    /// One number more: into the last segment if it is of the kind, `joins`, and has room.
    fn number(&mut self, kind: SegmentType, joins: bool, number: u32) -> Result<(), Error> {
        let last = self.last.and_then(|at| Some((at, *self.to.written().get(at)?, *self.to.written().get(at + 1)?)));
        match last {
            Some((at, of, count @ ..=254)) if joins && of == kind.0 => {
                self.to.write_all(&[&number.to_be_bytes()])?;
                self.to.set(at + 1, count + 1);
            }
            Some((_, of, 255)) if joins && of == kind.0 && kind.is_set() => {
                let (field, rule) = ("numbers of a set", Rule::AtMost(255));
                return Err(Error::Unbuildable { layer: AS_PATH, field, value: 256, rule });
            }
            _ => {
                let at = self.to.len();
                self.to.write_all(&[&[kind.0, 1], &number.to_be_bytes()])?;
                self.last = Some(at);
            }
        }
        Ok(())
    }

    /// The path.
    #[must_use]
    pub fn build(self) -> AsPath<'b> {
        AsPath::of_segments(AsSize::Four, self.to.into_written())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;
    use std::vec::Vec;

    /// RFC 4271 §5.1.2, RFC 5065 §4: what joins and what does not.
    #[test]
    fn segments_join() {
        let mut area = [0; 64];
        let path = PathBuilder::new(&mut area).sequence(&[1]).unwrap().sequence(&[2, 65_536]).unwrap().build();
        assert_eq!(path.as_bytes(), [2, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1, 0, 0]);
        let mut area = [0; 64];
        let builder = PathBuilder::new(&mut area).confederation(&[7]).unwrap().sequence(&[]).unwrap();
        let path = builder.sequence(&[1]).unwrap().set(&[2, 3]).unwrap().set(&[4]).unwrap().build();
        assert_eq!(path.to_string(), "(7) 1 {2,3} {4}");
        assert_eq!(PathBuilder::new(&mut []).build(), AsPath::EMPTY);
    }

    /// RFC 4271 §5.1.2: a segment has at most 255 numbers.
    #[test]
    fn segments_that_are_full() {
        let numbers: Vec<u32> = (1..=256).collect();
        let mut area = [0; 2000];
        let path = PathBuilder::new(&mut area).sequence(&numbers).unwrap().sequence(&[9]).unwrap().build();
        let counts: Vec<_> = path.segments().map(|segment| segment.count()).collect();
        assert_eq!((counts, path.length()), (std::vec![255, 2], 257));
        let error = PathBuilder::new(&mut area).set(&numbers).unwrap_err().to_string();
        assert_eq!(error, "AS_PATH cannot be built: numbers of a set would be 256, it must be at most 255");
        assert!(PathBuilder::new(&mut [0; 2000]).set(&numbers[..255]).is_ok());
        for len in 0..10 {
            let is_room = PathBuilder::new(&mut [0; 10][..len]).sequence(&[1, 2]).is_ok();
            assert_eq!(is_room, len == 10, "{len}");
        }
    }

    /// What was read is given back, of either size.
    #[test]
    fn paths_that_were_read() {
        let two = AsPath::parse(AS_PATH, AsSize::Two, &[3, 1, 0, 9, 2, 1, 0, 1, 1, 2, 0, 2, 0, 3]).unwrap();
        let mut area = [0; 64];
        let path = PathBuilder::new(&mut area).segments(two.segments()).unwrap().build();
        assert_eq!((path.to_string(), path.size()), (two.to_string(), AsSize::Four));
        // RFC 6793 §4.2.3.
        let two = AsPath::parse(AS_PATH, AsSize::Two, &[2, 2, 0, 9, 0x5b, 0xa0]).unwrap();
        let four = AsPath::parse(AS_PATH, AsSize::Four, &[2, 1, 0, 1, 0, 0]).unwrap();
        let mut area = [0; 64];
        let builder = PathBuilder::new(&mut area).sequence(&[7]).unwrap();
        assert_eq!(builder.segments(two.merged(Some(four))).unwrap().build().to_string(), "7 9 65536");
    }
}
