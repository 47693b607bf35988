//! Peer Up and Peer Down: a session begins, and ends (RFC 7854 §4.9, §4.10, RFC 9069 §5.3, RFC 9736 §3).
//!
//! ```text
//!  0               16              32
//!  +-------------------------------+- - -
//!  | local address, 16 bytes       …                          Peer Up, behind the peer
//!  +---------------+---------------+- - -
//!  | local port    | peer's port   | the OPEN sent, the OPEN received, TLVs …
//!  +---------------+---------------+- - -
//!
//!  0       8
//!  +-------+---------
//!  | reason| what belongs to it …                             Peer Down, behind the peer
//!  +-------+---------
//! ```

use core::net::IpAddr;

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule, open_set};

use super::frame::{BMP, BmpType, Growing};
use super::information::{InformationTlvs, InformationWriter, Namespace};
use super::peer::{BmpPeer, address_of, octets};
use crate::header::{HEADER_LEN, MessageType};
use crate::message::open::Open;
use crate::wire::Reader;

/// A session began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PeerUp<'a> {
    /// The router's own address.
    pub local: IpAddr,
    /// The router's port, and the peer's.
    pub ports: (u16, u16),
    /// The OPENs, sent and received, back to back, and TLVs behind them.
    pub opens: &'a [u8],
}

impl<'a> PeerUp<'a> {
    pub(super) fn read(peer: &BmpPeer, from: &mut Reader<'a>) -> Result<Self, Error> {
        let local = address_of(from.array()?, peer.address.is_ipv6());
        Ok(Self { local, ports: (from.u16()?, from.u16()?), opens: from.rest() })
    }

    /// Writes a message with everything that it holds, TLVs too; more of them may follow.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if the two addresses are of different families, and as [`BmpPeer::write`]. Nothing is
    /// written then.
    pub fn write<'w, 'b>(&self, peer: &BmpPeer, to: &'w mut Writer<'b>) -> Result<InformationWriter<'w, 'b>, Error> {
        let rule = Rule::Exactly(u32::from(peer.address.is_ipv6()));
        BMP.check("whether the local address is of IPv6", usize::from(self.local.is_ipv6()), &[rule])?;
        let message = Growing::begin(3, BmpType::PEER_UP, to, |to| {
            peer.write(to)?;
            to.put(&octets(self.local))?.u16(self.ports.0)?.u16(self.ports.1)?.put(self.opens).map(drop)
        })?;
        Ok(InformationWriter::new(message))
    }

    /// Writes a message with the OPEN that was sent and the one that was received, each from its marker, in place of those that it holds.
    /// TLVs may follow.
    ///
    /// ```
    /// use bgp_codec::bmp::{BMP, BmpPeer, Information, PeerUp};
    /// use bgp_codec::message::open::OpenConfig;
    /// use bgp_codec::Writer;
    ///
    /// let (mut sent, mut received) = ([0; 29], [0; 29]);
    /// let open = OpenConfig { as_number: 65_000, hold_time: 90, identifier: [192, 0, 2, 9].into(), capabilities: &[] };
    /// let theirs = OpenConfig { as_number: 65_001, identifier: [192, 0, 2, 1].into(), ..open };
    /// let opens = [open.build(&mut sent)?, theirs.build(&mut received)?];
    ///
    /// let mut buffer = [0; 200];
    /// let mut to = Writer::new(BMP, &mut buffer);
    /// let peer = BmpPeer::new([192, 0, 2, 1].into(), 65_001, [192, 0, 2, 1].into());
    /// let up = PeerUp { local: [192, 0, 2, 9].into(), ports: (179, 49_152), opens: &[] };
    /// let mut message = up.begin(&peer, opens, &mut to)?;
    /// message.push(&Information::TableName(b"global"))?;
    /// assert_eq!(to.len(), 6 + 42 + 20 + 2 * 29 + 4 + 6);
    /// # Ok::<(), bgp_codec::FieldError>(())
    /// ```
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn begin<'w, 'b>(
        &self,
        peer: &BmpPeer,
        opens: [&[u8]; 2],
        to: &'w mut Writer<'b>,
    ) -> Result<InformationWriter<'w, 'b>, Error> {
        let [sent, received] = opens;
        let mut message = PeerUp { opens: sent, ..*self }.write(peer, to)?;
        match message.push_bytes(received) {
            Ok(()) => Ok(message),
            Err(error) => {
                message.discard();
                Err(error)
            }
        }
    }

    /// The OPEN that was sent, the one that was received, each from its marker, and the TLVs behind them. `None` if two OPENs are not
    /// there to their ends.
    #[must_use]
    //= RFC 7854 §4.10/opens
    pub fn parts(&self) -> Option<(&'a [u8], &'a [u8], InformationTlvs<'a>)> {
        let (sent, behind) = split_open(self.opens)?;
        let (received, tlvs) = split_open(behind)?;
        Some((sent, received, InformationTlvs::new(Namespace::Peer, tlvs)))
    }

    /// The two OPENs, sent and received, whatever their numbers are: read as [`Open::parse_lax`] does.
    #[must_use]
    pub fn open_messages(&self) -> Option<(Open<'a>, Open<'a>)> {
        let (sent, received, _) = self.parts()?;
        let open = |bytes: &'a [u8]| Open::parse_lax(bytes.get(HEADER_LEN..)?).ok();
        Some((open(sent)?, open(received)?))
    }
}

/// A message by its own length, if it is an OPEN.
fn split_open(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, kind) = split_len(bytes)?;
    if kind != MessageType::OPEN {
        return None;
    }
    bytes.split_at_checked(len)
}

/// The length that a message of BGP tells, and its type.
fn split_len(bytes: &[u8]) -> Option<(usize, MessageType)> {
    let [.., a, b, kind] = *bytes.first_chunk::<HEADER_LEN>()?;
    let len = usize::from(u16::from_be_bytes([a, b]));
    (len >= HEADER_LEN).then_some((len, MessageType(kind)))
}

open_set! {
    /// Why a session ended.
    pub struct PeerDownReason(u8) {
        /// The router closed it, with a NOTIFICATION.
        LOCAL_NOTIFICATION = 1, "local system closed, NOTIFICATION follows";
        /// The router closed it without; an event of RFC 4271 §8.1 says why.
        LOCAL_EVENT = 2, "local system closed, event follows";
        /// The peer closed it, with a NOTIFICATION.
        REMOTE_NOTIFICATION = 3, "remote system closed, NOTIFICATION follows";
        /// The peer closed it without.
        REMOTE_NO_DATA = 4, "remote system closed, no data";
        /// The router tells of this peer no more; the session goes on.
        DECONFIGURED = 5, "peer de-configured";
        /// The router's own table is told of no more; TLVs follow (RFC 9069 §5.3).
        LOCAL_TLVS = 6, "local system closed, TLVs follow";
    }
}

/// A session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PeerDown<'a> {
    /// Why.
    pub reason: PeerDownReason,
    /// What belongs to it: of 1 and 3 a NOTIFICATION, of 2 an event's number, of 6 TLVs; in version 4 TLVs behind that.
    pub data: &'a [u8],
}

impl<'a> PeerDown<'a> {
    pub(super) fn read(from: &mut Reader<'a>) -> Result<Self, Error> {
        Ok(Self { reason: from.u8().map(PeerDownReason)?, data: from.rest() })
    }

    /// Writes a message; TLVs may follow where it has any.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] as [`BmpPeer::write`]. Nothing is written then.
    pub fn begin<'w, 'b>(&self, peer: &BmpPeer, to: &'w mut Writer<'b>) -> Result<InformationWriter<'w, 'b>, Error> {
        let message = Growing::begin(3, BmpType::PEER_DOWN, to, |to| {
            peer.write(to)?;
            to.u8(self.reason.0)?.put(self.data).map(drop)
        })?;
        Ok(InformationWriter::new(message))
    }

    /// The NOTIFICATION from its marker, of the reasons that have one: what its length says, or all there is if that is less.
    #[must_use]
    pub fn notification(&self) -> Option<&'a [u8]> {
        let has = matches!(self.reason, PeerDownReason::LOCAL_NOTIFICATION | PeerDownReason::REMOTE_NOTIFICATION);
        let (notification, _) = has.then(|| self.split())?;
        (!notification.is_empty()).then_some(notification)
    }

    /// The event's number (RFC 4271 §8.1), of the reason that has one; 0 says that none is known.
    #[must_use]
    pub fn event(&self) -> Option<u16> {
        let (event, _) = matches!(self.reason, PeerDownReason::LOCAL_EVENT).then(|| self.split())?;
        event.try_into().ok().map(u16::from_be_bytes)
    }

    /// The TLVs: of reason 6, and behind what belongs to the others in version 4 (draft-ietf-grow-bmp-tlv-21 §5.3).
    #[must_use]
    pub fn information(&self) -> InformationTlvs<'a> {
        InformationTlvs::new(Namespace::Peer, self.split().1)
    }

    /// What belongs to the reason, and what is behind that.
    fn split(&self) -> (&'a [u8], &'a [u8]) {
        let len = match self.reason {
            PeerDownReason::LOCAL_NOTIFICATION | PeerDownReason::REMOTE_NOTIFICATION => {
                split_len(self.data).map_or(self.data.len(), |(len, _)| len)
            }
            PeerDownReason::LOCAL_EVENT => 2,
            //= RFC 9069 §5.3/tlvs
            _ => 0,
        };
        self.data.split_at_checked(len).unwrap_or((self.data, &[]))
    }
}
