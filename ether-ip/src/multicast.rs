//! What IGMPv3 and MLDv2 have in common: records of groups, lists of sources, and times in eight bits. They differ in the length of an
//! address.
//!
//! ```text
//!  a group record                                    a query, behind the group
//!  +--------+---------+-------------------+          +------+-+-----+--------+-------------------+
//!  | type   | aux len | number of sources |          | resv |S| QRV | QQIC   | number of sources |
//!  +--------+---------+-------------------+          +------+-+-----+--------+-------------------+
//!  | group, 4 or 16 bytes                 |          | sources, 4 or 16 bytes each …             |
//!  | sources, 4 or 16 bytes each …        |
//!  | auxiliary data, aux len words of 4 … |
//! ```
//!
//! RFC 3376 §4.1, §4.2; RFC 3810 §5.1, §5.2. Nobody has defined auxiliary data yet (RFC 3376 §4.2.10).

use core::net::{Ipv4Addr, Ipv6Addr};

use zerocopy::FromBytes;

use crate::writer::Writer;
use crate::{Error, LayerName, Rule};

/// A group record, as [`Error`] names it.
pub const GROUP_RECORD: LayerName = LayerName::new("group record");

crate::open_set! {
    /// What a record says of its group (RFC 3376 §4.2.12, RFC 3810 §5.2.12).
    pub struct RecordType(u8) {
        /// Only these sources are wanted, as they were.
        MODE_IS_INCLUDE = 1, "mode is include";
        /// All but these sources are wanted, as they were.
        MODE_IS_EXCLUDE = 2, "mode is exclude";
        /// Only these sources are wanted from now on.
        CHANGE_TO_INCLUDE = 3, "change to include";
        /// All but these sources are wanted from now on.
        CHANGE_TO_EXCLUDE = 4, "change to exclude";
        /// These sources are wanted too.
        ALLOW_NEW_SOURCES = 5, "allow new sources";
        /// These sources are no longer wanted.
        BLOCK_OLD_SOURCES = 6, "block old sources";
    }
}

/// A group record of IGMPv3 (`N` is 4) or MLDv2 (16).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GroupRecord<'a, const N: usize> {
    /// What it says.
    pub kind: RecordType,
    /// The group's address.
    pub group: [u8; N],
    /// The sources that it names.
    pub sources: &'a [[u8; N]],
    /// Auxiliary data, a multiple of 4 bytes: none, but for experiments.
    pub auxiliary: &'a [u8],
}

impl<'a, const N: usize> GroupRecord<'a, N> {
    /// A record without auxiliary data.
    #[must_use]
    pub const fn new(kind: RecordType, group: [u8; N], sources: &'a [[u8; N]]) -> Self {
        Self { kind, group, sources, auxiliary: &[] }
    }

    /// Writes the record; `to` is as it was if that fails.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if there are over 65535 sources, or the auxiliary data is no multiple of 4 bytes, or
    /// over 1020.
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        let rules = [Rule::MultipleOf(4), Rule::AtMost(1020)];
        GROUP_RECORD.check("length of the auxiliary data", self.auxiliary.len(), &rules)?;
        let words = GROUP_RECORD.fit_u8("auxiliary data length", self.auxiliary.len() / 4)?;
        let count = GROUP_RECORD.fit_u16("number of sources", self.sources.len())?.to_be_bytes();
        to.write_all(&[&[self.kind.0, words], &count, &self.group, self.sources.as_flattened(), self.auxiliary])
    }

    /// The first record, and what is behind it.
    fn split(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Error> {
        let available = bytes.len();
        let truncated = |needed| Error::Truncated { layer: GROUP_RECORD, needed, available };
        let (&[kind, words, high, low], rest) = bytes.split_first_chunk::<4>().ok_or(truncated(4))?;
        let (&group, rest) = rest.split_first_chunk::<N>().ok_or(truncated(4 + N))?;
        let (count, words) = (u16::from_be_bytes([high, low]), usize::from(words) * 4);
        let needed = 4 + N + usize::from(count) * N + words;
        let (sources, rest) = sources(rest, count).ok_or(truncated(needed))?;
        let (auxiliary, rest) = rest.split_at_checked(words).ok_or(truncated(needed))?;
        Ok((Self { kind: RecordType(kind), group, sources, auxiliary }, rest))
    }
}

/// So many sources from the beginning of the bytes, and what is behind them.
pub(crate) fn sources<const N: usize>(bytes: &[u8], count: u16) -> Option<(&[[u8; N]], &[u8])> {
    <[[u8; N]]>::ref_from_prefix_with_elems(bytes, count.into()).ok()
}

/// The records of a report: as many as it says, and the bytes that they stand in.
///
/// ```
/// use ether_ip::multicast::{GroupRecord, GroupRecords, RecordType};
/// use ether_ip::writer::Writer;
///
/// let mut buffer = [0; 12];
/// let mut writer = Writer::new(ether_ip::multicast::GROUP_RECORD, &mut buffer);
/// let record = GroupRecord::new(RecordType::CHANGE_TO_INCLUDE, [232, 0, 0, 7], &[[198, 51, 100, 7]]);
/// record.write(&mut writer)?;
/// let records = GroupRecords::<4>::of(writer.written())?;
/// assert_eq!(records.count(), 1);
/// assert!(records.iter().eq([Ok(record)]));
/// # Ok::<(), ether_ip::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GroupRecords<'a, const N: usize> {
    count: u16,
    bytes: &'a [u8],
}

impl<'a, const N: usize> GroupRecords<'a, N> {
    /// As a report has them: what stands behind so many records is nobody's (RFC 3376 §4.2.11).
    #[must_use]
    pub const fn new(count: u16, bytes: &'a [u8]) -> Self {
        Self { count, bytes }
    }

    /// As they were written, one behind the other: they are counted.
    ///
    /// # Errors
    /// [`Error::Truncated`] if the last one is; [`Error::Unbuildable`] if there are over 65535.
    pub fn of(bytes: &'a [u8]) -> Result<Self, Error> {
        let (mut count, mut rest) = (0_usize, bytes);
        while !rest.is_empty() {
            (_, rest) = GroupRecord::<N>::split(rest)?;
            count = count.saturating_add(1);
        }
        Ok(Self { count: GROUP_RECORD.fit_u16("number of records", count)?, bytes })
    }

    /// How many there are, as the report says.
    #[must_use]
    pub const fn count(&self) -> u16 {
        self.count
    }

    /// The bytes that they stand in, with what is behind them.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The records; the last one is an error if the bytes end before it does.
    pub fn iter(&self) -> impl Iterator<Item = Result<GroupRecord<'a, N>, Error>> + Clone + use<'a, N> {
        Records { left: self.count, rest: self.bytes }
    }
}

#[derive(Clone)]
struct Records<'a, const N: usize> {
    left: u16,
    rest: &'a [u8],
}

impl<'a, const N: usize> Iterator for Records<'a, N> {
    type Item = Result<GroupRecord<'a, N>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        Some(match GroupRecord::split(self.rest) {
            Ok((record, rest)) => {
                self.rest = rest;
                Ok(record)
            }
            Err(error) => {
                self.left = 0;
                Err(error)
            }
        })
    }
}

/// What a query of IGMPv3 or MLDv2 says beside its group and its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SourceQuery<'a, const N: usize> {
    /// Four reserved bits, S (0x08), and the robustness variable (0x07).
    pub flags: u8,
    /// The querier's interval, [coded](time): seconds.
    pub interval_code: u8,
    /// The sources that are asked for; none asks for all.
    pub sources: &'a [[u8; N]],
}

impl<'a, const N: usize> SourceQuery<'a, N> {
    /// Routers that hear the query leave their timers as they are (RFC 3376 §4.1.5).
    #[must_use]
    pub const fn suppresses(&self) -> bool {
        self.flags & 8 != 0
    }

    /// The querier's robustness variable: how often what may get lost is sent. 0 is more than 7, or not told.
    #[must_use]
    pub const fn robustness(&self) -> u8 {
        self.flags & 7
    }

    /// How often the querier asks, in seconds.
    #[must_use]
    pub const fn interval(&self) -> u32 {
        time(self.interval_code)
    }

    /// The 4 bytes in front of the sources.
    pub(crate) fn start(&self) -> Result<[u8; 4], Error> {
        let [high, low] = QUERY.fit_u16("number of sources", self.sources.len())?.to_be_bytes();
        Ok([self.flags, self.interval_code, high, low])
    }

    /// What is behind the group; if it is not all there, how many bytes it needs.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, usize> {
        let (&[flags, interval_code, high, low], rest) = bytes.split_first_chunk::<4>().ok_or(4_usize)?;
        let count = u16::from_be_bytes([high, low]);
        let (sources, _) = sources(rest, count).ok_or(4 + usize::from(count) * N)?;
        Ok(Self { flags, interval_code, sources })
    }
}

const QUERY: LayerName = LayerName::new("multicast query");

/// A number in eight bits (RFC 3376 §4.1.1, §4.1.7): itself below 128; else three bits are an exponent, four a mantissa.
///
/// ```
/// use ether_ip::multicast::{time, time_code};
///
/// assert_eq!([0, 127, 128, 0x8b, 0xff].map(time), [0, 127, 128, 216, 31_744]);
/// // What cannot be said is rounded down.
/// assert_eq!(time(time_code(220)), 216);
/// ```
#[must_use]
pub const fn time(code: u8) -> u32 {
    if code < 128 {
        return code as u32;
    }
    ((code & 0xf) as u32 | 0x10) << ((code >> 4 & 7) + 3)
}

/// The code of a number; of one that has none, the next smaller one's. 31744 is the largest.
#[must_use]
pub const fn time_code(number: u32) -> u8 {
    if number < 128 {
        return number as u8;
    }
    if number > 31_744 {
        return 0xff;
    }
    // Its highest bit is the 1 that is left out, the seventh at least.
    let exponent = 24_u32.saturating_sub(number.leading_zeros());
    let mantissa = number >> (exponent + 3) & 0xf;
    (0x80 | exponent << 4 | mantissa) as u8
}

impl<'a> GroupRecord<'a, 4> {
    /// The group.
    #[must_use]
    pub fn group(&self) -> Ipv4Addr {
        self.group.into()
    }

    /// The sources.
    pub fn sources(&self) -> impl Iterator<Item = Ipv4Addr> + use<'a> {
        self.sources.iter().map(|source| (*source).into())
    }
}

impl<'a> SourceQuery<'a, 4> {
    /// The sources.
    pub fn sources(&self) -> impl Iterator<Item = Ipv4Addr> + use<'a> {
        self.sources.iter().map(|source| (*source).into())
    }
}

impl<'a> GroupRecord<'a, 16> {
    /// The group.
    #[must_use]
    pub fn group(&self) -> Ipv6Addr {
        self.group.into()
    }

    /// The sources.
    pub fn sources(&self) -> impl Iterator<Item = Ipv6Addr> + use<'a> {
        self.sources.iter().map(|source| (*source).into())
    }
}

impl<'a> SourceQuery<'a, 16> {
    /// The sources.
    pub fn sources(&self) -> impl Iterator<Item = Ipv6Addr> + use<'a> {
        self.sources.iter().map(|source| (*source).into())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::vec::Vec;

    /// RFC 3376 §4.1.1, by hand: (mant | 0x10) << (exp + 3).
    #[test]
    fn times() {
        for (code, number) in [
            (0, 0),
            (100, 100),
            (127, 127),
            (0x80, 128),
            (0x8f, 248),
            (0x90, 256),
            (0xc0, 2048),
            (0xfe, 30_720),
            (0xff, 31_744),
        ] {
            assert_eq!((time(code), time_code(number)), (number, code), "{code:#x}");
        }
        assert_eq!(
            [129, 135, 136, 255, 31_743, 31_745, u32::MAX].map(time_code),
            [0x80, 0x80, 0x81, 0x8f, 0xfe, 0xff, 0xff]
        );
        assert!((0..=255).all(|code| time_code(time(code)) == code));
    }

    /// RFC 3376 §4.2: two records, the first with a source and a word of auxiliary data.
    const RECORDS: [u8; 24] =
        [6, 1, 0, 1, 232, 0, 0, 7, 198, 51, 100, 8, 0xaa, 0xbb, 0xcc, 0xdd, 4, 0, 0, 0, 233, 252, 0, 1];

    #[test]
    fn records_there_and_back() {
        let first = GroupRecord {
            kind: RecordType::BLOCK_OLD_SOURCES,
            group: [232, 0, 0, 7],
            sources: &[[198, 51, 100, 8]],
            auxiliary: &[0xaa, 0xbb, 0xcc, 0xdd],
        };
        let second = GroupRecord::new(RecordType::CHANGE_TO_EXCLUDE, [233, 252, 0, 1], &[]);
        let records = GroupRecords::<4>::of(&RECORDS).unwrap();
        assert_eq!((records.count(), records.bytes()), (2, &RECORDS[..]));
        assert!(records.iter().eq([Ok(first), Ok(second)]));
        assert_eq!(
            (first.group(), first.sources().collect::<Vec<_>>()),
            ([232, 0, 0, 7].into(), [[198, 51, 100, 8].into()].into())
        );
        let mut buffer = [0; 24];
        let mut writer = Writer::new(GROUP_RECORD, &mut buffer);
        first.write(&mut writer).unwrap();
        second.write(&mut writer).unwrap();
        assert_eq!(writer.written(), RECORDS);
        let query = SourceQuery { flags: 0x0a, interval_code: 0x8f, sources: first.sources };
        assert!(query.sources().eq([Ipv4Addr::new(198, 51, 100, 8)]));
        assert_eq!((query.suppresses(), query.robustness(), query.interval()), (true, 2, 248));
        // Of more bytes than there are records for, the rest is nobody's.
        assert!(GroupRecords::<4>::new(1, &RECORDS).iter().eq([Ok(first)]));
    }

    #[test]
    fn records_that_are_cut() {
        for available in 0..16 {
            let needed = if available < 4 {
                4
            } else if available < 8 {
                8
            } else {
                16
            };
            let error = Error::Truncated { layer: GROUP_RECORD, needed, available };
            assert!(GroupRecords::<4>::new(2, &RECORDS[..available]).iter().eq([Err(error)]), "{available}");
            let counted = GroupRecords::<4>::of(&RECORDS[..available]);
            assert_eq!(counted.err(), (available > 0).then_some(error));
        }
        // More records than bytes, and more sources: a report may say anything.
        let most = GroupRecords::<4>::new(0xffff, &RECORDS);
        assert_eq!((most.iter().count(), most.iter().filter(Result::is_err).count()), (3, 1));
        let many = [1, 0xff, 0xff, 0xff, 232, 0, 0, 7];
        let error = Error::Truncated { layer: GROUP_RECORD, needed: 8 + 4 * 65_535 + 1020, available: 8 };
        assert!(GroupRecords::<4>::new(1, &many).iter().eq([Err(error)]));
    }

    #[test]
    fn records_that_cannot_be_written() {
        let sources = std::vec![[1; 4]; 65_536];
        let kind = RecordType::ALLOW_NEW_SOURCES;
        let write = |record: GroupRecord<'_, 4>| record.write(&mut Writer::count(GROUP_RECORD));
        let refused = |field, value, rule| Err(Error::Unbuildable { layer: GROUP_RECORD, field, value, rule });
        let most = Rule::AtMost(65_535);
        assert_eq!(write(GroupRecord::new(kind, [1; 4], &sources)), refused("number of sources", 65_536, most));
        assert_eq!(write(GroupRecord::new(kind, [1; 4], &sources[1..])), Ok(()));
        let with = |auxiliary| write(GroupRecord { auxiliary, ..GroupRecord::new(kind, [1; 4], &[]) });
        let field = "length of the auxiliary data";
        assert_eq!(with(&[0; 5]), refused(field, 5, Rule::MultipleOf(4)));
        assert_eq!((with(&[0; 1024]), with(&[0; 1020])), (refused(field, 1024, Rule::AtMost(1020)), Ok(())));
        let mut buffer = [0; 11];
        let mut writer = Writer::new(GROUP_RECORD, &mut buffer);
        let no_room = Error::NoRoom { layer: GROUP_RECORD, needed: 12, available: 11 };
        assert_eq!(GroupRecord::new(kind, [1; 4], &[[2; 4]]).write(&mut writer), Err(no_room));
        assert!(writer.is_empty());
    }
}
