//! The header that each record begins with (RFC 6396 §2, §3), and how a record grows.

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, Rule, open_set};

/// An MRT record, as an error names it.
pub const MRT: LayerName = LayerName::new("MRT record");

/// The bytes of a record's header. Its length counts what stands behind them.
const HEADER_LEN: usize = 12;

open_set! {
    /// What kind of record it is.
    pub struct MrtType(u16) {
        /// A routing table, as it was before version 2.
        TABLE_DUMP = 12, "TABLE_DUMP";
        /// A routing table.
        TABLE_DUMP_V2 = 13, "TABLE_DUMP_V2";
        /// A session.
        BGP4MP = 16, "BGP4MP";
        /// A session, with microseconds.
        BGP4MP_ET = 17, "BGP4MP_ET";
        /// IS-IS.
        ISIS = 32, "ISIS";
        /// IS-IS, with microseconds.
        ISIS_ET = 33, "ISIS_ET";
        /// OSPFv3.
        OSPFV3 = 48, "OSPFv3";
        /// OSPFv3, with microseconds.
        OSPFV3_ET = 49, "OSPFv3_ET";
    }
}

impl MrtType {
    /// Whether microseconds stand in front of the body (RFC 6396 §3).
    //= RFC 6396 §3/microseconds
    const fn has_microseconds(self) -> bool {
        matches!(self, Self::BGP4MP_ET | Self::ISIS_ET | Self::OSPFV3_ET)
    }
}

/// One record: its header, and its body not read yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MrtRecord<'a> {
    /// Seconds since 1970.
    pub timestamp: u32,
    /// Microseconds, in the types that have them.
    pub microseconds: Option<u32>,
    /// The type.
    pub kind: MrtType,
    /// The subtype.
    pub subtype: u16,
    /// What follows the header.
    pub body: &'a [u8],
}

impl<'a> MrtRecord<'a> {
    /// Splits a record off the front: it, and what follows. `None` if its end is not there yet.
    ///
    /// # Errors
    /// [`Error::Malformed`] if the length has no room for the microseconds.
    pub fn split(bytes: &'a [u8]) -> Result<Option<(Self, &'a [u8])>, Error> {
        let Some((header, behind)) = bytes.split_first_chunk::<HEADER_LEN>() else {
            return Ok(None);
        };
        let [a, b, c, d, e, f, g, h, len @ ..] = *header;
        let len = u32::from_be_bytes(len);
        let Some((body, rest)) = behind.split_at_checked(len as usize) else {
            return Ok(None);
        };
        let (timestamp, kind) = (u32::from_be_bytes([a, b, c, d]), MrtType(u16::from_be_bytes([e, f])));
        let record = Self { timestamp, microseconds: None, kind, subtype: u16::from_be_bytes([g, h]), body };
        if !kind.has_microseconds() {
            return Ok(Some((record, rest)));
        }
        let too_short = Error::Malformed { layer: MRT, field: "length", value: len, rule: Rule::AtLeast(4) };
        let (microseconds, body) = body.split_first_chunk().ok_or(too_short)?;
        Ok(Some((Self { microseconds: Some(u32::from_be_bytes(*microseconds)), body, ..record }, rest)))
    }

    /// Writes the record with its body as it is: the reverse of [`split`](Self::split), for any type.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if the type has microseconds and the record none, or the reverse, or if the length
    /// exceeds 32 bits. Nothing is written then.
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        self.write_with(to, |to| to.write_all(&[self.body]))
    }

    /// The same with what `body` writes for its body.
    pub(super) fn write_with(
        &self,
        to: &mut Writer<'_>,
        body: impl FnOnce(&mut Writer<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let start = to.len();
        whole_or_nothing(to, |to| {
            self.write_header(to)?;
            body(to)?;
            fill_length(to, start)
        })
    }

    /// The header, its length still 0.
    #[inline]
    fn write_header(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        let has_microseconds = usize::from(self.microseconds.is_some());
        let rule = Rule::Exactly(u32::from(self.kind.has_microseconds()));
        MRT.check("whether there are microseconds", has_microseconds, &[rule])?;
        let [a, b, c, d] = self.timestamp.to_be_bytes();
        let ([e, f], [g, h]) = (self.kind.0.to_be_bytes(), self.subtype.to_be_bytes());
        to.put(&[a, b, c, d, e, f, g, h, 0, 0, 0, 0])?;
        self.microseconds.map_or(Ok(()), |microseconds| to.u32(microseconds).map(drop))
    }
}

/// Takes back what was written if not all of it could be.
#[inline]
fn whole_or_nothing(
    to: &mut Writer<'_>,
    write: impl FnOnce(&mut Writer<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let start = to.len();
    write(to).inspect_err(|_| to.truncate(start))
}

/// Writes the length of the record that began at `start` and ends here.
#[inline]
fn fill_length(to: &mut Writer<'_>, start: usize) -> Result<(), Error> {
    let value = to.len().saturating_sub(start).saturating_sub(HEADER_LEN);
    let rule = Rule::AtMost(u32::MAX);
    let len = u32::try_from(value).map_err(|_| Error::Unbuildable { layer: MRT, field: "length", value, rule })?;
    to.overwrite(start.saturating_add(8), len.to_be_bytes());
    Ok(())
}

/// A record that ends in a count and so many entries. It is whole after each.
#[derive(Debug)]
pub(super) struct Entries<'w, 'a> {
    to: &'w mut Writer<'a>,
    start: usize,
    count_at: usize,
    count: u16,
}

impl<'w, 'a> Entries<'w, 'a> {
    /// A record with no entries: its header, what `head` writes, and a count of 0.
    #[inline]
    pub(super) fn begin(
        record: &MrtRecord<'_>,
        to: &'w mut Writer<'a>,
        head: impl FnOnce(&mut Writer<'_>) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let start = to.len();
        record.write_with(to, |to| {
            head(to)?;
            to.write_all(&[&[0, 0]])
        })?;
        let count_at = to.len().saturating_sub(2);
        Ok(Self { to, start, count_at, count: 0 })
    }

    /// One entry more: what `entry` writes.
    #[inline]
    pub(super) fn push(&mut self, entry: impl FnOnce(&mut Writer<'_>) -> Result<(), Error>) -> Result<(), Error> {
        let count = usize::from(self.count).saturating_add(1);
        let count = MRT.fit_u16("number of entries", count)?;
        let start = self.start;
        whole_or_nothing(self.to, |to| {
            entry(to)?;
            fill_length(to, start)
        })?;
        self.count = count;
        self.to.overwrite(self.count_at, count.to_be_bytes());
        Ok(())
    }

    pub(super) fn count(&self) -> u16 {
        self.count
    }

    /// Takes the record back, its header too.
    pub(super) fn discard(self) {
        self.to.truncate(self.start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6396 §3: the microseconds are counted by the length. A record that does not fit leaves nothing behind.
    #[test]
    fn records_are_written_as_they_were_read() {
        //= RFC 6396 §3/microseconds
        let bytes = [0, 0, 0, 9, 0, 33, 0, 99, 0, 0, 0, 6, 0, 0, 0, 5, 7, 8];
        let (record, rest) = MrtRecord::split(&bytes).unwrap().unwrap();
        assert_eq!((record.microseconds, record.body, rest), (Some(5), &[7, 8][..], &[][..]));
        let mut buffer = [0; 18];
        let mut to = Writer::new(MRT, &mut buffer);
        record.write(&mut to).unwrap();
        assert_eq!(to.written(), bytes);
        for room in 0..18 {
            let mut to = Writer::new(MRT, &mut buffer[..room]);
            assert!(matches!(record.write(&mut to), Err(Error::NoRoom { .. })), "{room}");
            assert!(to.is_empty());
        }
        let field = "whether there are microseconds";
        for (kind, microseconds) in [(MrtType::ISIS, Some(5)), (MrtType::ISIS_ET, None)] {
            let record = MrtRecord { kind, microseconds, ..record };
            let value = usize::from(microseconds.is_some());
            let rule = Rule::Exactly(u32::from(microseconds.is_none()));
            let error = Error::Unbuildable { layer: MRT, field, value, rule };
            assert_eq!(record.write(&mut Writer::count(MRT)), Err(error));
        }
    }
}
