//! A message, and what it says by its type.

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule};

use super::frame::{BMP, BmpType, Growing, HEADER_LEN};
use super::information::{Information, InformationTlvs, InformationWriter, Namespace};
use super::peer::BmpPeer;
use super::sessions::{PeerDown, PeerUp};
use super::statistics::{Statistics, StatisticsWriter};
use super::v4::{RouteTlvWriter, RouteTlvs};
use crate::tlv::{Shape, Tlvs};
use crate::wire::Reader;

/// A message of BMP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BmpMessage<'a> {
    /// 3, or 4 (draft-ietf-grow-bmp-tlv).
    pub version: u8,
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
    /// Routes of a peer in version 4: an UPDATE, and what is told of its routes, in TLVs (draft-ietf-grow-bmp-tlv).
    RouteTlvs(BmpPeer, RouteTlvs<'a>),
    /// Counters.
    Statistics(BmpPeer, Statistics<'a>),
    /// A session ended.
    PeerDown(BmpPeer, PeerDown<'a>),
    /// A session began.
    PeerUp(BmpPeer, PeerUp<'a>),
    /// The router begins (4) or ends (5).
    Information(InformationTlvs<'a>),
    /// Messages as they came.
    RouteMirroring(BmpPeer, InformationTlvs<'a>),
    /// Of a type that is not known here.
    Other(&'a [u8]),
}

impl<'a> BmpMessage<'a> {
    /// A message of a type, with a body that was written elsewhere.
    #[must_use]
    pub const fn new(version: u8, kind: BmpType, body: &'a [u8]) -> Self {
        Self { version, kind, body }
    }

    /// Splits a message off the front: it, and what follows. `None` if its end is not there yet.
    ///
    /// # Errors
    /// [`Error::Malformed`] if the version is neither 3 nor 4, or the length under 6.
    pub fn split(bytes: &'a [u8]) -> Result<Option<(Self, &'a [u8])>, Error> {
        let malformed = |field, value, rule| Err(Error::Malformed { layer: BMP, field, value, rule });
        let Some((&[version, a, b, c, d, kind], _)) = bytes.split_first_chunk() else {
            return Ok(None);
        };
        if !matches!(version, 3 | 4) {
            return malformed("version", u32::from(version), Rule::Either(3, 4));
        }
        let len = u32::from_be_bytes([a, b, c, d]);
        if len < HEADER_LEN {
            return malformed("length", len, Rule::AtLeast(HEADER_LEN));
        }
        let Some((message, rest)) = bytes.split_at_checked(len as usize) else {
            return Ok(None);
        };
        let body = message.get(HEADER_LEN as usize..).unwrap_or_default();
        Ok(Some((Self { version, kind: BmpType(kind), body }, rest)))
    }

    /// Writes the message with its body as it is: the reverse of [`split`](Self::split), for any type.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if the version is neither 3 nor 4, or if the length exceeds 32 bits. Nothing is written
    /// then.
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        BMP.check("version", usize::from(self.version), &[Rule::Either(3, 4)])?;
        Growing::begin(self.version, self.kind, to, |to| to.write_all(&[self.body])).map(drop)
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
            //= RFC 7854 §4.5/reason
            BmpBody::Information(told) if self.kind == BmpType::TERMINATION => {
                let mut tlvs = told.tlvs();
                must_be("number of reasons", usize::from(tlvs.find_kind(1).is_some()), Rule::AtLeast(1))?;
                tlvs.try_for_each(|tlv| match tlv.kind {
                    1 => must_be("length of the reason", tlv.value.len(), Rule::Exactly(2)),
                    _ => Ok(()),
                })
            }
            //= RFC 7854 §4.7/last
            BmpBody::RouteMirroring(_, told) => {
                let (mut tlvs, mut behind) = (told.tlvs(), told.tlvs());
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
    /// [`Error::Truncated`] if it does not hold what its type says; [`Error::Malformed`] in version 4, if statistics do not begin with
    /// their own TLV.
    pub fn parse(&self) -> Result<BmpBody<'a>, Error> {
        let mut reader = Reader::new(BMP, self.body);
        let is_v4 = self.version == 4;
        let information = |namespace, reader: &Reader<'a>| {
            Tlvs::parse(BMP, Shape::Word, reader.rest())?;
            Ok(InformationTlvs::new(namespace, reader.rest()))
        };
        Ok(match self.kind {
            BmpType::ROUTE_MONITORING => match BmpPeer::read(&mut reader)? {
                peer if is_v4 => BmpBody::RouteTlvs(peer, RouteTlvs::read(&mut reader)?),
                peer => BmpBody::RouteMonitoring(peer, reader.rest()),
            },
            BmpType::STATISTICS => match BmpPeer::read(&mut reader)? {
                peer if is_v4 => BmpBody::Statistics(peer, Statistics::read_v4(&mut reader)?),
                peer => BmpBody::Statistics(peer, Statistics::read(&mut reader)?),
            },
            BmpType::PEER_DOWN => BmpBody::PeerDown(BmpPeer::read(&mut reader)?, PeerDown::read(&mut reader)?),
            BmpType::PEER_UP => {
                let peer = BmpPeer::read(&mut reader)?;
                BmpBody::PeerUp(peer, PeerUp::read(&peer, &mut reader)?)
            }
            BmpType::INITIATION => BmpBody::Information(information(Namespace::Initiation, &reader)?),
            BmpType::TERMINATION => BmpBody::Information(information(Namespace::Termination, &reader)?),
            BmpType::ROUTE_MIRRORING => {
                let peer = BmpPeer::read(&mut reader)?;
                BmpBody::RouteMirroring(peer, information(Namespace::Mirroring, &reader)?)
            }
            _ => BmpBody::Other(self.body),
        })
    }
}

impl<'a> BmpBody<'a> {
    /// The peer that it is about, if it is about one.
    #[must_use]
    pub const fn peer(&self) -> Option<&BmpPeer> {
        match self {
            Self::RouteMonitoring(peer, _)
            | Self::RouteTlvs(peer, _)
            | Self::Statistics(peer, _)
            | Self::PeerDown(peer, _)
            | Self::PeerUp(peer, _)
            | Self::RouteMirroring(peer, _) => Some(peer),
            Self::Information(_) | Self::Other(_) => None,
        }
    }

    /// Writes it as a message of the version that `of` has, and, where it is not known here, of its type too: the reverse of
    /// [`BmpMessage::parse`]. TLVs and counters are written one by one, and counted. An UPDATE alone is of version 3, and TLVs of routes
    /// are of 4, whatever `of` says.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] as what it holds is written with. Nothing is written then.
    pub fn write(&self, of: &BmpMessage<'_>, to: &mut Writer<'_>) -> Result<(), Error> {
        let start = to.len();
        self.write_with(of, to).inspect_err(|_| to.truncate(start))
    }

    fn write_with(&self, of: &BmpMessage<'_>, to: &mut Writer<'_>) -> Result<(), Error> {
        match *self {
            Self::RouteMonitoring(peer, update) => Growing::begin(3, BmpType::ROUTE_MONITORING, to, |to| {
                peer.write(to)?;
                to.write_all(&[update])
            })
            .map(drop),
            Self::RouteTlvs(peer, mut tlvs) => {
                let mut message = RouteTlvWriter::begin(&peer, to)?;
                tlvs.try_for_each(|tlv| message.push_tlv(&tlv))
            }
            Self::Statistics(peer, mut statistics) => {
                let mut message = match of.version == 4 {
                    true => StatisticsWriter::begin_v4(&peer, to)?,
                    false => StatisticsWriter::begin(&peer, to)?,
                };
                statistics.try_for_each(|statistic| message.push(&statistic))?;
                statistics.behind().try_for_each(|tlv| message.push_behind(&tlv))
            }
            Self::PeerDown(peer, down) => down.begin(&peer, to).map(|message| message.of_version(of.version)).map(drop),
            Self::PeerUp(peer, up) => up.write(&peer, to).map(|message| message.of_version(of.version)).map(drop),
            Self::Information(told) => push_all(information(told.namespace(), to)?.of_version(of.version), told),
            Self::RouteMirroring(peer, told) => {
                push_all(InformationWriter::mirroring(&peer, to)?.of_version(of.version), told)
            }
            Self::Other(body) => BmpMessage { body, ..*of }.write(to),
        }
    }
}

/// What begins a message of TLVs alone.
fn information<'w, 'a>(namespace: Namespace, to: &'w mut Writer<'a>) -> Result<InformationWriter<'w, 'a>, Error> {
    match namespace {
        Namespace::Termination => InformationWriter::termination(to),
        _ => InformationWriter::initiation(to),
    }
}

fn push_all<'a>(
    mut message: InformationWriter<'_, '_>,
    mut told: impl Iterator<Item = Information<'a>>,
) -> Result<(), Error> {
    told.try_for_each(|information| message.push(&information))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bmp::{BmpPeerType, PeerDownReason, StatType, StatValue, Statistic};
    use crate::header::KEEPALIVE;
    use core::net::IpAddr;
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
        let (body, mut buffer) = (message.parse().unwrap(), [0; 200]);
        let mut to = Writer::new(BMP, &mut buffer);
        body.write(&message, &mut to).unwrap();
        assert_eq!(to.written(), bytes);
        let mut raw = Writer::count(BMP);
        message.write(&mut raw).unwrap();
        assert_eq!(raw.len(), bytes.len());
        // Where there is less room nothing is written.
        for room in 0..bytes.len() {
            let mut to = Writer::new(BMP, &mut buffer[..room]);
            assert!(matches!(body.write(&message, &mut to), Err(Error::NoRoom { .. })) && to.is_empty(), "{room}");
        }
        body
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
        let BmpBody::Statistics(_, mut statistics) = parse(&bytes) else { panic!("no statistics") };
        let rejected = Statistic { kind: StatType::REJECTED, value: StatValue::Counter(9) };
        assert_eq!((statistics.count, statistics.next(), statistics.next()), (1, Some(rejected), None));
        let bytes = message(2, &[&PEER, &[1], &KEEPALIVE]);
        let BmpBody::PeerDown(_, down) = parse(&bytes) else { panic!("no end") };
        assert_eq!((down.reason, down.notification()), (PeerDownReason::LOCAL_NOTIFICATION, Some(&KEEPALIVE[..])));
        let local = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2, 0, 179, 0xc0, 0];
        let bytes = message(3, &[&PEER, &local, &KEEPALIVE]);
        let BmpBody::PeerUp(_, up) = parse(&bytes) else { panic!("no session") };
        assert_eq!((up.local, up.ports, up.opens.len()), ([192, 0, 2, 2].into(), (179, 49_152), 19));
        assert_eq!(up.parts(), None, "a KEEPALIVE is no OPEN");
        for kind in [4, 5] {
            let bytes = message(kind, &[&[0, 2, 0, 3, b'r', b't', b'r']]);
            let BmpBody::Information(told) = parse(&bytes) else { panic!("no information") };
            assert_eq!(told.tlvs().find_kind(2), Some(&b"rtr"[..]));
        }
        let bytes = message(6, &[&PEER, &[0, 0, 0, 19], &KEEPALIVE]);
        let BmpBody::RouteMirroring(_, mut told) = parse(&bytes) else { panic!("no mirror") };
        assert_eq!((told.next(), told.next()), (Some(Information::Message(&KEEPALIVE)), None));
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
        assert_eq!(
            (peer.kind, peer.flags, peer.distinguisher, peer.address.is_ipv6()),
            (BmpPeerType::VPN, 0x40, 5, false)
        );
        assert_eq!((peer.session().peer_as, peer.session().four_octet_as), (65_000, true));
        assert!(read(0, 0x80).address.is_ipv6() && !read(0, 0x7f).address.is_ipv6());
        assert!(!read(3, 0x80).address.is_ipv6(), "of a Loc-RIB the bit says whether routes are filtered");
        assert!(!read(0, 0x20).session().four_octet_as && read(0, 0xdf).session().four_octet_as);
        let mut peer = PEER;
        peer[1] = 0x80;
        let bytes = message(3, &[&peer, &[0x20; 16], &[0, 179, 0, 180]]);
        assert!(
            matches!(parse(&bytes), BmpBody::PeerUp(_, up) if up.local == IpAddr::from([0x20; 16]) && up.ports == (179, 180))
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
