//! Changing a received UPDATE on its way: a route server's hot path. One pass over the attributes; what is not changed is
//! copied as it is, and the routes in one piece.

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule};
use zerocopy::IntoBytes;

use crate::attribute::mp_reach::next_hop_parts;
use crate::attribute::{Attribute, AttributeFlags, AttributeType, Community, NextHop, SegmentType, write_header};
use crate::header::{HEADER_LEN, MESSAGE, MessageHeader, MessageType};
use crate::message::update::Update;
use crate::session::Negotiated;
use crate::value::as_number::write_as;

/// What is changed.
///
/// ```
/// use bgp_codec::attribute::Community;
/// use bgp_codec::rewrite::Rewrite;
/// use bgp_codec::{Negotiated, Update};
///
/// let body = [0, 0, 0, 20, 0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xe8, 0x40, 3, 4, 192, 0, 2, 1, 24, 192, 0, 2];
/// let session = Negotiated::assumed();
/// let update = Update::parse(&body, &session)?;
/// let communities = [Community::NO_EXPORT];
/// let change = Rewrite { prepend: &[65_001], communities: &communities, ..Rewrite::default() };
/// let mut buffer = [0; 4096];
/// let message = change.write(&update, &session, &mut buffer)?;
/// let changed = Update::parse(&message[19..], &session)?;
/// assert!(changed.as_path().unwrap().map(|segment| segment.to_string()).eq(["65001 65000"]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rewrite<'a> {
    /// AS numbers to be put in front of the path, in the order in which they will stand there.
    pub prepend: &'a [u32],
    /// The new next hop: in NEXT_HOP if it is an IPv4 address, and in MP_REACH_NLRI.
    pub next_hop: Option<NextHop<'a>>,
    /// Communities to be added, if routes are announced: what withdraws routes or ends a table (RFC 4724 §2) has none.
    pub communities: &'a [Community],
    /// Whether attributes that are not known here are passed on as a speaker has to (RFC 4271 §5): with the Partial flag if
    /// they are transitive, not at all if they are not.
    pub mark_unknown: bool,
}

impl Rewrite<'_> {
    /// Writes the changed message to the start of `to`.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if `to` is too short. [`Error::Unbuildable`] if the message would be longer than the session to it is
    /// sent allows, if that session has AS numbers of another size or path identifiers where this one has none, if more
    /// than 255 AS numbers are to be put in front, or one that takes four bytes in a session that has two: that would need an
    /// AS4_PATH of its own (RFC 6793 §4.2.2), which [`SharedAttributes`](crate::build::SharedAttributes) builds. Attributes are
    /// to be good: see [`Update::validate`].
    pub fn write<'b>(&self, update: &Update<'_>, session: &Negotiated, to: &'b mut [u8]) -> Result<&'b [u8], Error> {
        let from = update.session();
        let unbuildable = |field, value, rule| Err(Error::Unbuildable { layer: MESSAGE, field, value, rule });
        if from.four_octet_as != session.four_octet_as {
            let (has, value) = (from.as_size().bytes(), session.as_size().bytes());
            return unbuildable("AS number size", value, Rule::Exactly(has as u32));
        }
        if from.add_path_receive != session.add_path_send {
            return unbuildable("families with path identifiers", 1, Rule::Exactly(0));
        }
        if let Some(number) = self.prepend.iter().find(|number| !session.four_octet_as && **number > 0xffff) {
            return unbuildable("AS number", *number as usize, Rule::AtMost(0xffff));
        }
        let (withdrawn, _, nlri) = update.parts();
        let mut writer = Writer::new(MESSAGE, &mut *to);
        writer.put(MessageHeader::new(MessageType::UPDATE, 0).as_bytes())?;
        writer.u16(withdrawn.len() as u16)?.put(withdrawn)?;
        writer.with_len_u16(0, |writer| self.write_attributes(update, writer))?;
        writer.put(nlri)?;
        let len = writer.len();
        if len > usize::from(session.max_len_send) {
            return unbuildable("length", len, Rule::AtMost(u32::from(session.max_len_send)));
        }
        if let Some(slot) = to.get_mut(HEADER_LEN - 3..).and_then(|from| from.first_chunk_mut()) {
            *slot = (len as u16).to_be_bytes();
        }
        Ok(to.get(..len).unwrap_or_default())
    }

    fn write_attributes(&self, update: &Update<'_>, to: &mut Writer<'_>) -> Result<(), Error> {
        // Until they are written: into the ones that are there, or in their place among the types.
        let mut communities = if announces(update) { self.communities } else { &[] };
        let mut attributes = update.attributes();
        loop {
            let here = attributes.as_bytes();
            let Some(attribute) = attributes.next() else { break };
            let pass_on = |to: &mut Writer<'_>| put_start(here, attribute.wire_len(), to);
            if !communities.is_empty() && is_behind_communities(attribute.kind) {
                write_communities(AttributeFlags::OPTIONAL_TRANSITIVE, &[], communities, to)?;
                communities = &[];
            }
            match attribute.kind {
                AttributeType::AS_PATH if !self.prepend.is_empty() => self.write_path(&attribute, here, update, to)?,
                AttributeType::NEXT_HOP => match self.next_hop {
                    Some(NextHop::Ipv4(address)) => {
                        write_header(attribute.flags, attribute.kind, 4, to)?;
                        to.put(&address.octets())?;
                    }
                    _ => pass_on(to)?,
                },
                AttributeType::MP_REACH_NLRI => match self.next_hop {
                    Some(next_hop) => write_reach(&attribute, next_hop, to)?,
                    None => pass_on(to)?,
                },
                AttributeType::COMMUNITIES if !communities.is_empty() => {
                    write_communities(attribute.flags, attribute.value, communities, to)?;
                    communities = &[];
                }
                kind if self.mark_unknown && !kind.is_known() => {
                    if attribute.flags.is_transitive() {
                        //= RFC 4271 §4.3/partial
                        Attribute { flags: attribute.flags.partial(), ..attribute }.write(to)?;
                    }
                }
                _ => pass_on(to)?,
            }
        }
        if !communities.is_empty() {
            write_communities(AttributeFlags::OPTIONAL_TRANSITIVE, &[], communities, to)?;
        }
        Ok(())
    }

    /// The path with AS numbers in front: in its first segment, if that is a sequence with room for them.
    fn write_path(
        &self,
        attribute: &Attribute<'_>,
        here: &[u8],
        update: &Update<'_>,
        to: &mut Writer<'_>,
    ) -> Result<(), Error> {
        let size = update.session().as_size();
        let count = self.prepend.len();
        let short = MESSAGE.fit_u8("segment length", count)?;
        let (joined, rest) = match attribute.value {
            [2, first, rest @ ..] if usize::from(*first) + count <= 255 => (first + short, rest),
            all => (short, all),
        };
        let len = 2 + count * size.bytes() + rest.len();
        write_header(attribute.flags, attribute.kind, len, to)?;
        to.put(&[SegmentType::SEQUENCE.0, joined])?;
        for as_number in self.prepend {
            write_as(*as_number, size, to)?;
        }
        let rest_at = attribute.wire_len() - rest.len();
        put_start(here.get(rest_at..).unwrap_or_default(), rest.len(), to)
    }
}

/// Writes the first `len` of `bytes`; with room behind them, a few of them as one store.
#[inline(always)]
fn put_start(bytes: &[u8], len: usize, to: &mut Writer<'_>) -> Result<(), Error> {
    match bytes.first_chunk::<16>() {
        Some(chunk) if len <= 16 => to.put_first(chunk, len)?,
        _ => to.put(bytes.get(..len).unwrap_or(bytes))?,
    };
    Ok(())
}

/// Whether routes are announced, in either place.
fn announces(update: &Update<'_>) -> bool {
    update.has_nlri() || update.attribute(AttributeType::MP_REACH_NLRI).is_some()
}

/// Whether a type stands behind COMMUNITIES in ascending order; MP_REACH_NLRI and MP_UNREACH_NLRI stand in front of all.
fn is_behind_communities(kind: AttributeType) -> bool {
    kind > AttributeType::COMMUNITIES && !matches!(kind, AttributeType::MP_REACH_NLRI | AttributeType::MP_UNREACH_NLRI)
}

fn write_communities(
    flags: AttributeFlags,
    before: &[u8],
    added: &[Community],
    to: &mut Writer<'_>,
) -> Result<(), Error> {
    let added = added.as_bytes();
    write_header(flags, AttributeType::COMMUNITIES, before.len() + added.len(), to)?;
    to.put(before)?.put(added)?;
    Ok(())
}

fn write_reach(attribute: &Attribute<'_>, next_hop: NextHop<'_>, to: &mut Writer<'_>) -> Result<(), Error> {
    let Some((family, behind)) = next_hop_parts(attribute.value) else {
        return attribute.write(to);
    };
    let mut count = Writer::count(MESSAGE);
    next_hop.write(&mut count)?;
    write_header(attribute.flags, attribute.kind, family.len() + 1 + count.len() + behind.len(), to)?;
    to.put(family)?.with_len_u8(0, |to| next_hop.write(to))?.put(behind)?;
    Ok(())
}
