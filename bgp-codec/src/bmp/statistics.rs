//! Statistics: counters and gauges of a peer (RFC 7854 §4.8, RFC 8671 §6.2, RFC 9972 §3).
//!
//! ```text
//!  0               16              32
//!  +---------------+---------------+
//!  | how many                      |
//!  +---------------+---------------+---------------+-------+-------
//!  | type          | length        | AFI and SAFI, in some | value …   4 bytes of a counter, 8 of a gauge
//!  +---------------+---------------+---------------+-------+-------
//! ```

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule, open_set};

use super::frame::{BMP, BmpType, Growing, HEADER_LEN};
use super::peer::BmpPeer;
use crate::family::{Afi, Family, Safi};
use crate::tlv::{Shape, Tlv, Tlvs};
use crate::wire::{Reader, hex};

open_set! {
    /// What is counted (IANA's "BMP Statistics Types").
    pub struct StatType(u16) {
        /// Prefixes that inbound policy rejected.
        REJECTED = 0, "prefixes rejected by inbound policy";
        /// Prefixes announced again as they were.
        DUPLICATE_PREFIXES = 1, "duplicate prefix advertisements";
        /// Prefixes withdrawn that were not there.
        DUPLICATE_WITHDRAWS = 2, "duplicate withdraws";
        /// UPDATEs invalid for a loop in CLUSTER_LIST.
        CLUSTER_LIST_LOOPS = 3, "updates invalidated by a CLUSTER_LIST loop";
        /// UPDATEs invalid for a loop in AS_PATH.
        AS_PATH_LOOPS = 4, "updates invalidated by an AS_PATH loop";
        /// UPDATEs invalid for their ORIGINATOR_ID.
        ORIGINATOR_ID = 5, "updates invalidated by ORIGINATOR_ID";
        /// UPDATEs invalid for a loop in a confederation's segments.
        CONFED_LOOPS = 6, "updates invalidated by an AS_CONFED loop";
        /// Routes that came.
        ADJ_RIB_IN = 7, "routes in Adj-RIBs-In";
        /// Routes in the router's own table.
        LOC_RIB = 8, "routes in Loc-RIB";
        /// Routes that came, of a family.
        ADJ_RIB_IN_OF = 9, "routes in Adj-RIB-In of a family";
        /// Routes in the router's own table, of a family.
        LOC_RIB_OF = 10, "routes in Loc-RIB of a family";
        /// UPDATEs treated as withdrawals (RFC 7606).
        TREATED_UPDATES = 11, "updates subjected to treat-as-withdraw";
        /// Prefixes treated as withdrawn.
        TREATED_PREFIXES = 12, "prefixes subjected to treat-as-withdraw";
        /// UPDATEs that came twice.
        DUPLICATE_UPDATES = 13, "duplicate updates received";
        /// Routes to be sent, before policy (RFC 8671 §6.2).
        PRE_OUT = 14, "routes in pre-policy Adj-RIBs-Out";
        /// Routes that are sent.
        POST_OUT = 15, "routes in post-policy Adj-RIBs-Out";
        /// Routes to be sent, before policy, of a family.
        PRE_OUT_OF = 16, "routes in pre-policy Adj-RIB-Out of a family";
        /// Routes that are sent, of a family.
        POST_OUT_OF = 17, "routes in post-policy Adj-RIB-Out of a family";
        /// Routes that came, before policy (RFC 9972 §3).
        PRE_IN = 18, "routes in pre-policy Adj-RIB-In";
        /// Routes that came, before policy, of a family.
        PRE_IN_OF = 19, "routes in pre-policy Adj-RIB-In of a family";
        /// Routes that came, after policy.
        POST_IN = 20, "routes in post-policy Adj-RIB-In";
        /// Routes that came, after policy, of a family.
        POST_IN_OF = 21, "routes in post-policy Adj-RIB-In of a family";
        /// Of them, before policy, those that policy rejects.
        PRE_IN_REJECTED_OF = 22, "routes of a family rejected by inbound policy";
        /// Of them, after policy, those that policy accepts.
        POST_IN_ACCEPTED_OF = 23, "routes of a family accepted by inbound policy";
        /// Routes selected as primary.
        PRIMARY_OF = 24, "routes of a family selected as primary";
        /// Routes selected as backup.
        BACKUP_OF = 25, "routes of a family selected as backup";
        /// Routes suppressed by damping.
        DAMPED_OF = 26, "routes of a family suppressed by damping";
        /// Routes stale by graceful restart.
        STALE_OF = 27, "routes of a family stale by graceful restart";
        /// Routes stale by long-lived graceful restart.
        LONG_LIVED_STALE_OF = 28, "routes of a family stale by long-lived graceful restart";
        /// How many more may come.
        LEFT = 29, "routes left before the threshold of received routes";
        /// How many more of a family may come.
        LEFT_OF = 30, "routes of a family left before the threshold of received routes";
        /// How many more a licence has room for.
        LICENCE_LEFT = 31, "routes left before a licence's threshold";
        /// How many more of a family a licence has room for.
        LICENCE_LEFT_OF = 32, "routes of a family left before a licence's threshold";
        /// Routes rejected for the length of their AS_PATH.
        LONG_PATH_IN = 33, "routes rejected for a long AS_PATH";
        /// Routes of a family rejected for the length of their AS_PATH.
        LONG_PATH_IN_OF = 34, "routes of a family rejected for a long AS_PATH";
        /// Routes that came whose origin is invalid by RPKI.
        RPKI_INVALID_IN_OF = 35, "received routes of a family that RPKI invalidates";
        /// Routes that came whose origin is valid by RPKI.
        RPKI_VALID_IN_OF = 36, "received routes of a family that RPKI validates";
        /// Routes that came whose origin RPKI does not know.
        RPKI_NOT_FOUND_IN_OF = 37, "received routes of a family that RPKI does not know";
        /// Routes that outbound policy rejects.
        PRE_OUT_REJECTED_OF = 38, "routes of a family rejected by outbound policy";
        /// Routes not sent for the length of their AS_PATH.
        LONG_PATH_OUT = 39, "routes not sent for a long AS_PATH";
        /// Routes of a family not sent for the length of their AS_PATH.
        LONG_PATH_OUT_OF = 40, "routes of a family not sent for a long AS_PATH";
        /// Routes that are sent whose origin is invalid by RPKI.
        RPKI_INVALID_OUT_OF = 41, "sent routes of a family that RPKI invalidates";
        /// Routes that are sent whose origin is valid by RPKI.
        RPKI_VALID_OUT_OF = 42, "sent routes of a family that RPKI validates";
        /// Routes that are sent whose origin RPKI does not know.
        RPKI_NOT_FOUND_OUT_OF = 43, "sent routes of a family that RPKI does not know";
    }
}

/// One counter or gauge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Statistic<'a> {
    /// What is counted.
    pub kind: StatType,
    /// How many.
    pub value: StatValue<'a>,
}

/// How many: what its type has, if it has its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StatValue<'a> {
    /// A counter, which only grows, and begins again behind 2³² − 1.
    Counter(u32),
    /// A gauge.
    Gauge(u64),
    /// A gauge of a family.
    FamilyGauge(Family, u64),
    /// Of a type that is not known here, or of another length than its type has.
    Other(&'a [u8]),
}

impl<'a> Statistic<'a> {
    /// What a TLV says.
    #[must_use]
    pub fn of(tlv: Tlv<'a>) -> Self {
        let other = StatValue::Other(tlv.value);
        let value = match tlv.kind {
            0..=6 | 11..=13 => {
                tlv.value.try_into().map_or(other, |value| StatValue::Counter(u32::from_be_bytes(value)))
            }
            7 | 8 | 14 | 15 | 18 | 20 | 29 | 31 | 33 | 39 => {
                tlv.value.try_into().map_or(other, |value| StatValue::Gauge(u64::from_be_bytes(value)))
            }
            9 | 10 | 16 | 17 | 19 | 21..=28 | 30 | 32 | 34..=38 | 40..=43 => match *tlv.value {
                [a, b, safi, ref value @ ..] => value.try_into().map_or(other, |value| {
                    let family = Family { afi: Afi(u16::from_be_bytes([a, b])), safi: Safi(safi) };
                    StatValue::FamilyGauge(family, u64::from_be_bytes(value))
                }),
                _ => other,
            },
            //= RFC 7854 §4.8/unknown
            _ => other,
        };
        Self { kind: StatType(tlv.kind), value }
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.u16(self.kind.0)?;
        match self.value {
            StatValue::Counter(value) => to.u16(4)?.u32(value)?,
            StatValue::Gauge(value) => to.u16(8)?.put(&value.to_be_bytes())?,
            StatValue::FamilyGauge(family, value) => {
                to.u16(11)?.u16(family.afi.0)?.u8(family.safi.0)?.put(&value.to_be_bytes())?
            }
            StatValue::Other(value) => to.with_len_u16(0, |to| to.write_all(&[value]))?,
        };
        Ok(())
    }
}

impl fmt::Display for Statistic<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind.name() {
            Some(name) => write!(f, "{name}: ")?,
            None => write!(f, "statistic {}: ", self.kind.0)?,
        }
        match self.value {
            StatValue::Counter(value) => write!(f, "{value}"),
            StatValue::Gauge(value) => write!(f, "{value}"),
            StatValue::FamilyGauge(family, value) => write!(f, "{value} ({family})"),
            StatValue::Other(value) => hex(value, f),
        }
    }
}

/// The counters and gauges of a message. An iterator over them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Statistics<'a> {
    /// How many there should be.
    pub count: u32,
    tlvs: Tlvs<'a>,
    behind: Tlvs<'a>,
}

impl<'a> Statistics<'a> {
    pub(super) fn read(from: &mut Reader<'a>) -> Result<Self, Error> {
        let tlvs = |bytes| Tlvs::parse(BMP, Shape::Word, bytes);
        Ok(Self { count: from.u32()?, tlvs: tlvs(from.rest())?, behind: tlvs(&[])? })
    }

    /// Of version 4: in a TLV, with others behind it.
    pub(super) fn read_v4(from: &mut Reader<'a>) -> Result<Self, Error> {
        let (kind, len) = (from.u16()?, from.u16()?);
        if kind != STATS {
            return Err(from.malformed("type of the first TLV", kind.into(), Rule::Exactly(STATS.into())));
        }
        let mut inside = Reader::new(BMP, from.take(usize::from(len))?);
        Ok(Self { behind: Tlvs::parse(BMP, Shape::Word, from.rest())?, ..Self::read(&mut inside)? })
    }

    /// What was not read yet, as TLVs.
    #[must_use]
    pub const fn tlvs(&self) -> Tlvs<'a> {
        self.tlvs
    }

    /// The TLVs behind them, in version 4 (draft-ietf-grow-bmp-tlv-21 §5.4).
    #[must_use]
    pub const fn behind(&self) -> Tlvs<'a> {
        self.behind
    }
}

impl<'a> Iterator for Statistics<'a> {
    type Item = Statistic<'a>;

    fn next(&mut self) -> Option<Statistic<'a>> {
        self.tlvs.next().map(Statistic::of)
    }
}

/// A message of statistics that is being written, one counter or gauge at a time. It is whole after each.
///
/// ```
/// use bgp_codec::Writer;
/// use bgp_codec::bmp::{BMP, BmpPeer, StatType, StatValue, Statistic, StatisticsWriter};
///
/// let mut buffer = [0; 100];
/// let mut to = Writer::new(BMP, &mut buffer);
/// let peer = BmpPeer::new([192, 0, 2, 1].into(), 65_001, [192, 0, 2, 1].into());
/// let mut statistics = StatisticsWriter::begin(&peer, &mut to)?;
/// statistics.push(&Statistic { kind: StatType::ADJ_RIB_IN, value: StatValue::Gauge(1_000_000) })?;
/// assert_eq!(to.len(), 6 + 42 + 4 + 4 + 8);
/// # Ok::<(), bgp_codec::FieldError>(())
/// ```
#[derive(Debug)]
pub struct StatisticsWriter<'w, 'a> {
    message: Growing<'w, 'a>,
    count: u32,
    /// Of version 4 how many bytes its TLV has behind the count; version 3 has no such TLV.
    len: Option<u16>,
    /// Whether TLVs stand behind it.
    is_full: bool,
}

/// Where the count stands, from the message's first byte: behind its header and the peer's.
const COUNT_AT: usize = HEADER_LEN as usize + 42;
/// The TLV that version 4 has the counters in, and how many bytes are in front of its value.
const STATS: u16 = 1;
const STATS_HEADER: usize = 4;

impl<'w, 'a> StatisticsWriter<'w, 'a> {
    /// A message without counters yet.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] as [`BmpPeer::write`]. Nothing is written then.
    pub fn begin(peer: &BmpPeer, to: &'w mut Writer<'a>) -> Result<Self, Error> {
        let message = Growing::begin(3, BmpType::STATISTICS, to, |to| {
            peer.write(to)?;
            to.u32(0).map(drop)
        })?;
        Ok(Self { message, count: 0, len: None, is_full: false })
    }

    /// A message of version 4, whose counters stand in a TLV (draft-ietf-grow-bmp-tlv-21 §5.4).
    ///
    /// # Errors
    /// As [`begin`](Self::begin).
    pub fn begin_v4(peer: &BmpPeer, to: &'w mut Writer<'a>) -> Result<Self, Error> {
        let message = Growing::begin(4, BmpType::STATISTICS, to, |to| {
            peer.write(to)?;
            to.u16(STATS)?.u16(4)?.u32(0).map(drop)
        })?;
        Ok(Self { message, count: 0, len: Some(4), is_full: false })
    }

    /// Writes one more.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if a value exceeds 65535 bytes, or all of them do in version 4, or if a TLV stands behind
    /// them. The message is as it was then.
    pub fn push(&mut self, statistic: &Statistic<'_>) -> Result<(), Error> {
        BMP.check("number of TLVs behind the counters", usize::from(self.is_full), &[Rule::Exactly(0)])?;
        let mut count = Writer::count(BMP);
        statistic.write(&mut count)?;
        let len = match self.len {
            Some(len) => Some(BMP.fit_u16("length", usize::from(len).saturating_add(count.len()))?),
            None => None,
        };
        self.message.add(|to| statistic.write(to))?;
        (self.len, self.count) = (len, self.count.saturating_add(1));
        match len {
            Some(len) => {
                self.message.overwrite(COUNT_AT.saturating_add(2), len.to_be_bytes());
                self.message.overwrite(COUNT_AT.saturating_add(STATS_HEADER), self.count.to_be_bytes());
            }
            None => self.message.overwrite(COUNT_AT, self.count.to_be_bytes()),
        }
        Ok(())
    }

    /// Writes a TLV behind all counters, which only version 4 has (draft-ietf-grow-bmp-tlv-21 §5.4): no counter can follow.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] in version 3, or if the value exceeds 65535 bytes. The message is as it was then.
    pub fn push_behind(&mut self, tlv: &Tlv<'_>) -> Result<(), Error> {
        BMP.check("version", if self.len.is_some() { 4 } else { 3 }, &[Rule::Exactly(4)])?;
        self.message.add(|to| tlv.write(Shape::Word, to))?;
        self.is_full = true;
        Ok(())
    }

    /// How many there are.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// Takes the message back.
    pub fn discard(self) {
        self.message.discard();
    }
}
