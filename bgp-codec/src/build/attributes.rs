//! The attributes that routes share.

use ether_ip::Error;
use ether_ip::writer::Writer;

use crate::attribute::{Attribute, AttributeFlags, AttributeType, AttributeValue, Attributes, write_header};
use crate::error::Fault;
use crate::header::MESSAGE;
use crate::session::{Negotiated, Peer};
use crate::validate::AttributeSet;
use crate::validate::check::{check_attribute, check_sender, check_value};
use crate::value::as_number::AsSize;

/// The attributes that routes share, as they stand in each message of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharedAttributes<'b> {
    bytes: &'b [u8],
    kinds: AttributeSet,
    /// What of the session it depends on whether they are good.
    size: AsSize,
    peer: Peer,
}

impl<'b> SharedAttributes<'b> {
    /// Writes attributes to the start of `to`, in ascending order of their types, whatever the order of `values`. To a peer of 2-octet
    /// AS numbers AS4_PATH and AS4_AGGREGATOR are added where they are needed (RFC 6793 §4.2.2).
    ///
    /// # Errors
    /// [`Fault::Field`] if `to` is too short, or for a value that cannot be read back; [`Fault::Repeated`] if a type stands there twice,
    /// one that is added too; [`Fault::NotFromThisPeer`] for MP_REACH_NLRI and MP_UNREACH_NLRI, which [`Updates`](super::Updates)
    /// writes, for what external peers are not told (LOCAL_PREF, ORIGINATOR_ID, CLUSTER_LIST), and for AS4_PATH and AS4_AGGREGATOR
    /// where AS numbers have four bytes; and what [`Update::validate`](crate::Update::validate) finds in a value: AS number 0, a next
    /// hop that is no host, confederation segments for an external peer … What stands in `to` then is of no account.
    pub fn write(values: &[AttributeValue<'_>], session: &Negotiated, to: &'b mut [u8]) -> Result<Self, Fault> {
        Self::write_with(values, core::iter::empty(), session, to)
    }

    /// The same, with attributes between them that are passed on as they came, flags and all: of a received UPDATE
    /// [those that are kept](crate::Update::kept_attributes), but for those that the speaker says itself.
    ///
    /// ```
    /// use bgp_codec::attribute::{AsPath, Origin};
    /// use bgp_codec::build::SharedAttributes;
    /// use bgp_codec::{Attribute, AttributeType, AttributeValue, Negotiated, Update};
    ///
    /// // COMMUNITIES with the Partial flag, and an attribute that nobody knows and that is not to be passed on.
    /// let body = [0, 0, 0, 11, 0xe0, 8, 4, 0, 1, 0, 2, 0x80, 99, 1, 7];
    /// let session = Negotiated::assumed();
    /// let update = Update::parse(&body, &session)?;
    /// let passed_on = update.kept_attributes(&update.validate()).filter_map(Attribute::passed_on);
    /// let own = [AttributeValue::Origin(Origin::Igp), AttributeValue::AsPath(AsPath::EMPTY)];
    /// let mut area = [0; 64];
    /// let attributes = SharedAttributes::write_with(&own, passed_on, &session, &mut area)?;
    /// assert_eq!(attributes.as_bytes(), [0x40, 1, 1, 0, 0x40, 2, 0, 0xe0, 8, 4, 0, 1, 0, 2]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`write`](Self::write), for both.
    pub fn write_with<'p>(
        values: &[AttributeValue<'_>],
        passed_on: impl Iterator<Item = Attribute<'p>> + Clone,
        session: &Negotiated,
        to: &'b mut [u8],
    ) -> Result<Self, Fault> {
        let mut kinds = AttributeSet::EMPTY;
        let mut writer = Writer::new(MESSAGE, to);
        // They are written on the way, until one stands behind another of a higher type.
        let (mut last, mut is_ascending) = (None, true);
        for value in values {
            check(value, session)?;
            for kind in types(value, session.as_size()) {
                add(&mut kinds, kind)?;
                is_ascending &= last.replace(kind).is_none_or(|last| last < kind);
                if is_ascending {
                    write_value(value, kind, session, &mut writer)?;
                }
            }
        }
        for attribute in passed_on.clone() {
            is_ascending = false;
            check_attribute(&attribute, session).map_err(|wrong| wrong.fault(attribute.kind, attribute.flags))?;
            add(&mut kinds, attribute.kind)?;
        }
        if kinds.contains(AttributeType::AS_PATH) && kinds.contains(AttributeType::BGPSEC_PATH) {
            return Err(Fault::TwoPaths);
        }
        if !is_ascending {
            writer.truncate(0);
            // The least type that was not written yet, until there is none: a handful of attributes needs no sorting.
            for kind in kinds.iter() {
                for value in values {
                    if types(value, session.as_size()).any(|of| of == kind) {
                        write_value(value, kind, session, &mut writer)?;
                    }
                }
                passed_on.clone().filter(|of| of.kind == kind).try_for_each(|of| of.write(&mut writer))?;
            }
        }
        Ok(Self { bytes: writer.into_written(), kinds, size: session.as_size(), peer: session.peer })
    }

    /// Attributes that were written before, for a session of this kind.
    ///
    /// # Errors
    /// As [`write`](Self::write); [`Fault::Field`] if the last is cut.
    pub fn from_bytes(bytes: &'b [u8], session: &Negotiated) -> Result<Self, Fault> {
        let (mut kinds, mut attributes) = (AttributeSet::EMPTY, Attributes::new(bytes, 0));
        for attribute in attributes.by_ref() {
            check_attribute(&attribute, session).map_err(|wrong| wrong.fault(attribute.kind, attribute.flags))?;
            add(&mut kinds, attribute.kind)?;
        }
        if kinds.contains(AttributeType::AS_PATH) && kinds.contains(AttributeType::BGPSEC_PATH) {
            return Err(Fault::TwoPaths);
        }
        match attributes.as_bytes().len() {
            0 => Ok(Self { bytes, kinds, size: session.as_size(), peer: session.peer }),
            cut => {
                let layer = attributes.as_bytes().get(1).map_or(MESSAGE, |kind| AttributeType(*kind).layer());
                Err(Error::Truncated { layer, needed: cut.saturating_add(1), available: cut }.into())
            }
        }
    }

    /// The attributes as they stand on the wire.
    #[must_use]
    pub const fn as_bytes(&self) -> &'b [u8] {
        self.bytes
    }

    /// Whether a message of a session may have them, and has all that it must have.
    pub(super) fn check(&self, with_next_hop: bool, session: &Negotiated) -> Result<(), Fault> {
        if (self.size, self.peer) != (session.as_size(), session.peer) {
            return Err(Fault::OtherSession(self.size.bytes()));
        }
        match self.kinds.missing(with_next_hop) {
            Some(kind) => Err(Fault::Missing(kind.layer())),
            None => Ok(()),
        }
    }
}

/// What a peer would find fault with in a value. Its flags are those of its type; one that was not read is read back when it is written.
#[inline]
fn check(value: &AttributeValue<'_>, session: &Negotiated) -> Result<(), Fault> {
    let wrong = check_sender(value.kind(), session).and_then(|()| check_value(*value, session, true));
    wrong.map_err(|wrong| wrong.fault(value.kind(), value.flags()))
}

/// Each type once, and routes not at all.
#[inline]
fn add(kinds: &mut AttributeSet, kind: AttributeType) -> Result<(), Fault> {
    if matches!(kind, AttributeType::MP_REACH_NLRI | AttributeType::MP_UNREACH_NLRI) {
        return Err(Fault::NotFromThisPeer(kind.layer()));
    }
    if kinds.insert(kind) { Err(Fault::Repeated(kind.layer())) } else { Ok(()) }
}

/// Writes what a value becomes under a type: itself, or what stands beside it for a 2-octet peer.
#[inline]
fn write_value(
    value: &AttributeValue<'_>,
    kind: AttributeType,
    session: &Negotiated,
    to: &mut Writer<'_>,
) -> Result<(), Fault> {
    let start = to.len();
    match value {
        //= RFC 6793 §4.2.2/as4-path
        AttributeValue::AsPath(path) if kind == AttributeType::AS4_PATH => {
            let mut count = Writer::count(MESSAGE);
            //= RFC 6793 §3/no-confederation
            path.write_without_confederation(AsSize::Four, &mut count)?;
            // One of nothing but confederation segments has none (RFC 6793 §6).
            if !count.is_empty() {
                write_header(AttributeFlags::OPTIONAL_TRANSITIVE, kind, count.len(), to)?;
                path.write_without_confederation(AsSize::Four, to)?;
            }
            return Ok(());
        }
        //= RFC 6793 §4.2.2/aggregator
        AttributeValue::Aggregator(of) if kind == AttributeType::AS4_AGGREGATOR => {
            AttributeValue::As4Aggregator(*of).write(session.as_size(), to)?;
            return Ok(());
        }
        _ => value.write(session.as_size(), to)?,
    }
    // What a peer would find fault with though it has a type of its own here: what is empty, and what was not read by anyone.
    let may_be_empty = matches!(kind, AttributeType::AS_PATH | AttributeType::ATOMIC_AGGREGATE);
    let written = to.written().get(start..).unwrap_or_default();
    if written.len() == 3 && !may_be_empty || !value.is_often() {
        check_written(written, session)?;
    }
    Ok(())
}

/// Reads back what was written.
#[cold]
fn check_written(bytes: &[u8], session: &Negotiated) -> Result<(), Fault> {
    Attributes::new(bytes, 0).try_for_each(|attribute| {
        check_attribute(&attribute, session).map_err(|wrong| wrong.fault(attribute.kind, attribute.flags))
    })
}

/// The types of the attributes that a value becomes: itself, and what a 2-octet peer needs beside it.
fn types(value: &AttributeValue<'_>, size: AsSize) -> impl Iterator<Item = AttributeType> + use<> {
    let beside = match value {
        AttributeValue::AsPath(_) => AttributeType::AS4_PATH,
        _ => AttributeType::AS4_AGGREGATOR,
    };
    core::iter::once(value.kind()).chain(needs_four_octets(value, size).then_some(beside))
}

fn needs_four_octets(value: &AttributeValue<'_>, size: AsSize) -> bool {
    //= RFC 6793 §4.1/not-sent, §4.2.2/not-needed
    size == AsSize::Two
        && match value {
            AttributeValue::AsPath(path) => path.needs_four_octets(),
            AttributeValue::Aggregator(aggregator) => aggregator.as_number > u32::from(u16::MAX),
            _ => false,
        }
}
