//! BGP4MP: a session's messages, and the changes of its state (RFC 6396 §4.4, RFC 8050 §3).
//!
//! ```text
//!  0               16 or 32        32 or 64
//!  +---------------+---------------+---------------+---------------+
//!  | peer's AS     | collector's AS| interface     | address family|
//!  +---------------+---------------+---------------+---------------+
//!  | peer's address, 4 or 16 bytes | collector's address           |
//!  +-------------------------------+-------------------------------+
//!  | a message from its marker; or the state before and the state now
//!  +---------------------------------------------------------------
//! ```

use core::net::IpAddr;

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule};

use super::fields::{afi_of, read_address, read_as, write_address, write_as};
use super::record::{MRT, MrtRecord, MrtType};
use crate::family::FamilySet;
use crate::session::{Negotiated, Peer};
use crate::wire::Reader;

/// The two ends of a session (RFC 6396 §4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ends {
    /// The peer's AS.
    pub peer_as: u32,
    /// The collector's AS.
    pub local_as: u32,
    /// The interface's number.
    pub interface: u16,
    /// The peer's address.
    pub peer: IpAddr,
    /// The collector's address.
    pub local: IpAddr,
}

impl Ends {
    fn read(has_four_octets: bool, from: &mut Reader<'_>) -> Result<Self, Error> {
        let (peer_as, local_as) = (read_as(has_four_octets, from)?, read_as(has_four_octets, from)?);
        let (interface, afi) = (from.u16()?, from.u16()?);
        if !matches!(afi, 1 | 2) {
            return Err(from.malformed("address family", u32::from(afi), Rule::Either(1, 2)));
        }
        let (peer, local) = (read_address(afi == 2, from)?, read_address(afi == 2, from)?);
        Ok(Self { peer_as, local_as, interface, peer, local })
    }

    fn write(&self, has_four_octets: bool, to: &mut Writer<'_>) -> Result<(), Error> {
        //= RFC 6396 §4.4/one-family
        let (afi, local) = (afi_of(self.peer), afi_of(self.local));
        MRT.check("address family of the collector", usize::from(local), &[Rule::Exactly(afi.into())])?;
        write_as(has_four_octets, self.peer_as, to)?;
        write_as(has_four_octets, self.local_as, to)?;
        to.u16(self.interface)?.u16(afi)?;
        write_address(self.peer, to)?;
        write_address(self.local, to)
    }
}

/// The header of a record: BGP4MP_ET if microseconds are told.
const fn header(timestamp: u32, microseconds: Option<u32>, subtype: u16) -> MrtRecord<'static> {
    let kind = if microseconds.is_some() { MrtType::BGP4MP_ET } else { MrtType::BGP4MP };
    MrtRecord { timestamp, microseconds, kind, subtype, body: &[] }
}

/// A message of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionMessage<'a> {
    /// Between whom.
    pub ends: Ends,
    /// Whether the collector sent it.
    pub is_local: bool,
    /// Whether AS numbers have four bytes in it.
    pub four_octet_as: bool,
    /// Whether its routes have path identifiers (RFC 8050 §3).
    pub has_path_ids: bool,
    /// The message from its marker: a [`Framer`](crate::Framer) reads it.
    pub message: &'a [u8],
}

impl<'a> SessionMessage<'a> {
    pub(super) fn read(subtype: u16, mut from: Reader<'a>) -> Result<Self, Error> {
        let four_octet_as = matches!(subtype, 4 | 7 | 9 | 11);
        Ok(Self {
            ends: Ends::read(four_octet_as, &mut from)?,
            is_local: matches!(subtype, 6 | 7 | 10 | 11),
            four_octet_as,
            has_path_ids: subtype >= 8,
            message: from.rest(),
        })
    }

    //= RFC 8050 §3/messages
    const fn subtype(&self) -> u16 {
        match (self.has_path_ids, self.is_local, self.four_octet_as) {
            (false, false, false) => 1,
            (false, false, true) => 4,
            (false, true, false) => 6,
            (false, true, true) => 7,
            (true, false, false) => 8,
            (true, false, true) => 9,
            (true, true, false) => 10,
            (true, true, true) => 11,
        }
    }

    /// Writes it as a record, of type BGP4MP_ET if microseconds are told and else BGP4MP.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if the two addresses are of different families, or an AS number exceeds the two bytes
    /// that it has without `four_octet_as`. Nothing is written then.
    pub fn write(&self, timestamp: u32, microseconds: Option<u32>, to: &mut Writer<'_>) -> Result<(), Error> {
        header(timestamp, microseconds, self.subtype()).write_with(to, |to| {
            self.ends.write(self.four_octet_as, to)?;
            to.write_all(&[self.message])
        })
    }

    /// How the message is to be read.
    #[must_use]
    pub fn session(&self) -> Negotiated {
        let mut session = Negotiated::unknown();
        (session.local_as, session.peer_as) = (self.ends.local_as, self.ends.peer_as);
        if self.ends.local_as == self.ends.peer_as {
            session.peer = Peer::Internal;
        }
        session.four_octet_as = self.four_octet_as;
        session.add_path_receive = if self.has_path_ids { FamilySet::ALL } else { FamilySet::EMPTY };
        session
    }
}

/// A change of a session's state (RFC 4271 §8.2.2 has the states: 1 Idle to 6 Established).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StateChange {
    /// Between whom.
    pub ends: Ends,
    /// Whether their AS numbers stand in four bytes.
    pub four_octet_as: bool,
    /// The state before.
    pub old: u16,
    /// The state now.
    pub new: u16,
}

impl StateChange {
    pub(super) fn read(subtype: u16, mut from: Reader<'_>) -> Result<Self, Error> {
        let four_octet_as = subtype == 5;
        Ok(Self { ends: Ends::read(four_octet_as, &mut from)?, four_octet_as, old: from.u16()?, new: from.u16()? })
    }

    /// Writes it as a record, of type BGP4MP_ET if microseconds are told and else BGP4MP.
    ///
    /// # Errors
    /// As [`SessionMessage::write`].
    pub fn write(&self, timestamp: u32, microseconds: Option<u32>, to: &mut Writer<'_>) -> Result<(), Error> {
        header(timestamp, microseconds, if self.four_octet_as { 5 } else { 0 }).write_with(to, |to| {
            self.ends.write(self.four_octet_as, to)?;
            to.u16(self.old)?.u16(self.new).map(drop)
        })
    }
}
