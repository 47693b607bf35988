//! BMP: what a router tells a monitoring station of its sessions (RFC 7854). Read only.
//!
//! ```text
//!  0       8                               40      48
//!  +-------+-------------------------------+-------+
//!  | versn.| length                        | type  |
//!  +-------+-------+-----------------------+-------+-------------------------------+
//!  | peer t| flags | distinguisher                                                 |    the per-peer header of the
//!  +-------+-------+---------------------------------------------------------------+    types 0 to 3 and 6
//!  | address, 16 bytes                                                             |
//!  +-------------------------------+-------------------------------+---------------+
//!  | AS                            | identifier                    | seconds …     |
//!  +-------------------------------+-------------------------------+---------------+
//! ```

use core::net::{IpAddr, Ipv4Addr};

use ether_ip::{Error, LayerName, Rule, open_set};

use crate::session::Negotiated;
use crate::tlv::{Shape, Tlvs};
use crate::wire::Reader;

/// A BMP message, as an error names it.
pub const BMP: LayerName = LayerName::new("BMP message");

open_set! {
    /// What a message is for.
    pub struct BmpType(u8) {
        /// Routes of a peer, as an UPDATE.
        ROUTE_MONITORING = 0, "route monitoring";
        /// Counters.
        STATISTICS = 1, "statistics";
        /// A session ended.
        PEER_DOWN = 2, "peer down";
        /// A session began.
        PEER_UP = 3, "peer up";
        /// The router begins.
        INITIATION = 4, "initiation";
        /// The router ends.
        TERMINATION = 5, "termination";
        /// Messages as they came.
        ROUTE_MIRRORING = 6, "route mirroring";
    }
}

/// The kind of peer that is the router's own table (RFC 9069).
const LOC_RIB: u8 = 3;

/// The peer that a message is about (RFC 7854 §4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BmpPeer {
    /// 0 global, 1 of a VPN, 2 local, 3 the router's own table (RFC 9069).
    pub kind: u8,
    /// Of the router's own table bit 7: it is filtered (RFC 9069 §4.2). Of others bit 7: IPv6; bit 6: after policy; bit 5: 2-octet AS_PATH; bit 4: what is sent (RFC 8671).
    pub flags: u8,
    /// Which VPN.
    pub distinguisher: u64,
    /// The peer's address.
    pub address: IpAddr,
    /// The peer's AS.
    pub as_number: u32,
    /// The peer's identifier.
    pub identifier: Ipv4Addr,
    /// Seconds since 1970, and microseconds; 0 if it is not known.
    pub time: (u32, u32),
}

impl BmpPeer {
    fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
        let [kind, flags] = from.array()?;
        let distinguisher = from.array().map(u64::from_be_bytes)?;
        let address = from.array::<16>()?;
        let [.., a, b, c, d] = address;
        let is_ipv6 = flags & 0x80 != 0 && kind != LOC_RIB;
        let address = if is_ipv6 { IpAddr::from(address) } else { IpAddr::from([a, b, c, d]) };
        let (as_number, identifier) = (from.u32()?, from.u32().map(Ipv4Addr::from_bits)?);
        Ok(Self { kind, flags, distinguisher, address, as_number, identifier, time: (from.u32()?, from.u32()?) })
    }

    /// How the messages behind it are to be read: the A flag tells the size of AS numbers (RFC 7854 §4.2), but for the router's own
    /// table, where it means nothing and they have four bytes (RFC 9069 §4.2). What the peer is to the router nobody tells.
    #[must_use]
    pub fn session(&self) -> Negotiated {
        let mut session = Negotiated::unknown();
        session.peer_as = self.as_number;
        session.four_octet_as = self.flags & 0x20 == 0 || self.kind == LOC_RIB;
        session
    }
}

/// A message of BMP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BmpMessage<'a> {
    /// What it is for.
    pub kind: BmpType,
    body: &'a [u8],
}

/// What a message says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BmpBody<'a> {
    /// Routes of a peer: an UPDATE from its marker.
    RouteMonitoring(BmpPeer, &'a [u8]),
    /// Counters: how many there should be, and they as TLVs of two bytes type and length.
    Statistics(BmpPeer, u32, Tlvs<'a>),
    /// A session ended: the reason, and what belongs to it (1, 3: a NOTIFICATION; 2: an event's number).
    PeerDown(BmpPeer, u8, &'a [u8]),
    /// A session began: the router's own address and ports, and the two OPENs, sent and received, back to back.
    PeerUp {
        /// The peer.
        peer: BmpPeer,
        /// The router's own address.
        local: IpAddr,
        /// The router's port, and the peer's.
        ports: (u16, u16),
        /// The OPENs, and TLVs behind them: a [`Framer`](crate::Framer) takes the two off.
        opens: &'a [u8],
    },
    /// The router begins (4) or ends (5): TLVs; 0 is text, 1 its description, 2 its name.
    Information(Tlvs<'a>),
    /// Messages as they came: TLVs; 0 is a BGP message, 1 tells of losses.
    RouteMirroring(BmpPeer, Tlvs<'a>),
    /// Of a type that is not known here.
    Other(&'a [u8]),
}

impl<'a> BmpMessage<'a> {
    /// Splits a message off the front: it, and what follows. `None` if its end is not there yet.
    ///
    /// # Errors
    /// [`Error::Malformed`] if the version is not 3, or the length under 6.
    pub fn split(bytes: &'a [u8]) -> Result<Option<(Self, &'a [u8])>, Error> {
        let malformed = |field, value, rule| Err(Error::Malformed { layer: BMP, field, value, rule });
        let Some((&[version, a, b, c, d, kind], _)) = bytes.split_first_chunk() else {
            return Ok(None);
        };
        if version != 3 {
            return malformed("version", u32::from(version), Rule::Exactly(3));
        }
        let len = u32::from_be_bytes([a, b, c, d]);
        if len < 6 {
            return malformed("length", len, Rule::AtLeast(6));
        }
        let Some((message, rest)) = bytes.split_at_checked(len as usize) else {
            return Ok(None);
        };
        Ok(Some((Self { kind: BmpType(kind), body: message.get(6..).unwrap_or_default() }, rest)))
    }

    /// What RFC 7854 asks of a message beyond what is needed to read it: a termination says why, in two bytes (§4.5); of a mirrored
    /// route the BGP message is the last TLV, there is one where the code is 0, an errored PDU, and the code has two bytes (§4.7).
    /// Nothing is asked of the other types here.
    ///
    /// # Errors
    /// As [`parse`](Self::parse); [`Error::Malformed`].
    pub fn check(&self) -> Result<(), Error> {
        let must_be = |field, value: usize, rule: Rule| match rule.allows(value) {
            true => Ok(()),
            false => Err(Error::Malformed { layer: BMP, field, value: value.try_into().unwrap_or(u32::MAX), rule }),
        };
        match self.parse()? {
            BmpBody::Information(mut tlvs) if self.kind == BmpType::TERMINATION => {
                must_be("number of reasons", usize::from(tlvs.find_kind(1).is_some()), Rule::AtLeast(1))?;
                tlvs.try_for_each(|tlv| match tlv.kind {
                    1 => must_be("length of the reason", tlv.value.len(), Rule::Exactly(2)),
                    _ => Ok(()),
                })
            }
            BmpBody::RouteMirroring(_, mut tlvs) => {
                let mut behind = tlvs;
                let message = behind.find(|tlv| tlv.kind == 0);
                let is_last = behind.next().is_none();
                must_be("whether the BGP message is the last TLV", usize::from(is_last), Rule::Exactly(1))?;
                let messages = usize::from(message.is_some());
                tlvs.try_for_each(|tlv| match (tlv.kind, tlv.value) {
                    (1, [0, 0]) => must_be("number of BGP messages", messages, Rule::Exactly(1)),
                    (1, code) => must_be("length of the code", code.len(), Rule::Exactly(2)),
                    _ => Ok(()),
                })
            }
            _ => Ok(()),
        }
    }

    /// What stands behind the header's 6 bytes.
    #[must_use]
    pub const fn body(&self) -> &'a [u8] {
        self.body
    }

    /// Reads the body.
    ///
    /// # Errors
    /// [`Error::Truncated`] if it does not hold what its type says.
    pub fn parse(&self) -> Result<BmpBody<'a>, Error> {
        let mut reader = Reader::new(BMP, self.body);
        let tlvs = |reader: &Reader<'a>| Tlvs::parse(BMP, Shape::Word, reader.rest());
        Ok(match self.kind {
            BmpType::ROUTE_MONITORING => {
                let peer = BmpPeer::read(&mut reader)?;
                BmpBody::RouteMonitoring(peer, reader.rest())
            }
            BmpType::STATISTICS => {
                let (peer, count) = (BmpPeer::read(&mut reader)?, reader.u32()?);
                BmpBody::Statistics(peer, count, tlvs(&reader)?)
            }
            BmpType::PEER_DOWN => {
                let (peer, reason) = (BmpPeer::read(&mut reader)?, reader.u8()?);
                BmpBody::PeerDown(peer, reason, reader.rest())
            }
            BmpType::PEER_UP => {
                let (peer, local) = (BmpPeer::read(&mut reader)?, reader.array::<16>()?);
                let [.., a, b, c, d] = local;
                let local = if peer.address.is_ipv6() { local.into() } else { [a, b, c, d].into() };
                let ports = (reader.u16()?, reader.u16()?);
                BmpBody::PeerUp { peer, local, ports, opens: reader.rest() }
            }
            BmpType::INITIATION | BmpType::TERMINATION => BmpBody::Information(tlvs(&reader)?),
            BmpType::ROUTE_MIRRORING => {
                let peer = BmpPeer::read(&mut reader)?;
                BmpBody::RouteMirroring(peer, tlvs(&reader)?)
            }
            _ => BmpBody::Other(self.body),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::KEEPALIVE;
    use std::vec::Vec;

    /// A peer at 192.0.2.1, AS 65000, identifier 192.0.2.9, at second 7.
    const PEER: [u8; 42] = [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1, 0, 0, 0xfd, 0xe8, 192, 0, 2, 9,
        0, 0, 0, 7, 0, 0, 0, 8,
    ];

    fn message(kind: u8, body: &[&[u8]]) -> Vec<u8> {
        let body = body.concat();
        [&[3][..], &(6 + body.len() as u32).to_be_bytes(), &[kind], &body].concat()
    }

    fn parse(bytes: &[u8]) -> BmpBody<'_> {
        let (message, rest) = BmpMessage::split(bytes).unwrap().unwrap();
        assert!(rest.is_empty());
        message.parse().unwrap()
    }

    /// RFC 7854 §4.6, §4.2: the A flag, and an IPv6 peer.
    #[test]
    fn routes_of_a_peer() {
        let bytes = message(0, &[&PEER, &KEEPALIVE]);
        let BmpBody::RouteMonitoring(peer, update) = parse(&bytes) else { panic!("no routes") };
        assert_eq!((peer.address, peer.as_number, peer.time), ([192, 0, 2, 1].into(), 65_000, (7, 8)));
        assert_eq!((update, peer.identifier), (&KEEPALIVE[..], [192, 0, 2, 9].into()));
        assert!(peer.session().four_octet_as);
        let mut other = PEER;
        other[1] = 0xa0;
        let bytes = message(0, &[&other]);
        let BmpBody::RouteMonitoring(peer, _) = parse(&bytes) else { panic!("no routes") };
        assert!(peer.address.is_ipv6() && !peer.session().four_octet_as);
        // RFC 9069 §4.2: of the router's own table these bits are other ones.
        other[0] = 3;
        let bytes = message(0, &[&other]);
        let BmpBody::RouteMonitoring(peer, _) = parse(&bytes) else { panic!("no routes") };
        assert!(peer.address.is_ipv4() && peer.session().four_octet_as);
        // LOCAL_PREF is nobody's fault there (RFC 7606 §7.5 is about external peers).
        assert_eq!(peer.session().peer, crate::Peer::Unknown);
    }

    /// RFC 7854 §4.3, §4.8–4.10, §4.7.
    #[test]
    fn all_other_types() {
        let bytes = message(1, &[&PEER, &[0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 9]]);
        assert!(matches!(parse(&bytes), BmpBody::Statistics(_, 1, tlvs) if tlvs.count() == 1));
        let bytes = message(2, &[&PEER, &[1], &KEEPALIVE]);
        assert!(matches!(parse(&bytes), BmpBody::PeerDown(_, 1, notification) if notification.len() == 19));
        let local = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2, 0, 179, 0xc0, 0];
        let bytes = message(3, &[&PEER, &local, &KEEPALIVE]);
        let BmpBody::PeerUp { local, ports, opens, .. } = parse(&bytes) else { panic!("no session") };
        assert_eq!((local, ports, opens.len()), ([192, 0, 2, 2].into(), (179, 49_152), 19));
        for kind in [4, 5] {
            let bytes = message(kind, &[&[0, 2, 0, 3, b'r', b't', b'r']]);
            let BmpBody::Information(tlvs) = parse(&bytes) else { panic!("no information") };
            assert_eq!(tlvs.find_kind(2), Some(&b"rtr"[..]));
        }
        let bytes = message(6, &[&PEER, &[0, 0, 0, 19], &KEEPALIVE]);
        assert!(matches!(parse(&bytes), BmpBody::RouteMirroring(_, tlvs) if tlvs.find_kind(0) == Some(&KEEPALIVE)));
        assert_eq!(parse(&message(99, &[&[7]])), BmpBody::Other(&[7]));
    }

    /// RFC 7854 §4.2, RFC 9069 §4.1: what the flags of a peer say.
    #[test]
    fn peers() {
        let read = |kind: u8, flags: u8| {
            let mut bytes = PEER;
            (bytes[0], bytes[1], bytes[9]) = (kind, flags, 5);
            BmpPeer::read(&mut Reader::new(BMP, &bytes)).unwrap()
        };
        let peer = read(1, 0x40);
        assert_eq!((peer.kind, peer.flags, peer.distinguisher, peer.address.is_ipv6()), (1, 0x40, 5, false));
        assert_eq!((peer.session().peer_as, peer.session().four_octet_as), (65_000, true));
        assert!(read(0, 0x80).address.is_ipv6() && !read(0, 0x7f).address.is_ipv6());
        assert!(!read(3, 0x80).address.is_ipv6(), "of a Loc-RIB the bit says whether routes are filtered");
        assert!(!read(0, 0x20).session().four_octet_as && read(0, 0xdf).session().four_octet_as);
        let mut peer = PEER;
        peer[1] = 0x80;
        let bytes = message(3, &[&peer, &[0x20; 16], &[0, 179, 0, 180]]);
        assert!(
            matches!(parse(&bytes), BmpBody::PeerUp { local, ports: (179, 180), .. } if local == IpAddr::from([0x20; 16]))
        );
    }

    #[test]
    fn what_is_cut_or_odd() {
        let whole = message(3, &[&PEER, &[0; 20]]);
        for len in 0..whole.len() {
            assert_eq!(BmpMessage::split(&whole[..len]), Ok(None));
        }
        let (shortest, rest) = BmpMessage::split(&[3, 0, 0, 0, 6, 99, 7]).unwrap().unwrap();
        assert_eq!((shortest.parse(), rest), (Ok(BmpBody::Other(&[])), &[7][..]));
        for (at, byte, field) in [(0, 1, "version"), (4, 5, "length")] {
            let mut bytes = whole.clone();
            bytes[at] = byte;
            let error = BmpMessage::split(&bytes).unwrap_err();
            assert!(matches!(error, Error::Malformed { field: of, .. } if of == field));
        }
        for (kind, body) in [(0, &PEER[..41]), (1, &PEER), (2, &PEER), (3, &PEER), (4, &[0, 2, 0, 3, b'r'])] {
            let bytes = message(kind, &[body]);
            assert!(BmpMessage::split(&bytes).unwrap().unwrap().0.parse().unwrap_err().is_truncated(), "{kind}");
        }
    }
}
