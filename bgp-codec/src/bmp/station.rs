//! A station: what it keeps of each peer, so that the peer's messages are read as the two agreed (RFC 7854 §5).

use core::net::IpAddr;

use ether_ip::Error;

use super::body::{BmpBody, BmpMessage};
use super::frame::BmpType;
use super::peer::{BmpPeer, BmpPeerType};
use super::sessions::PeerUp;
use super::v4::with_paths;
use crate::capability::Capability;
use crate::family::FamilySet;
use crate::session::{Negotiated, Peer};

/// What names a peer among those of a router (RFC 7854 §4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key {
    kind: BmpPeerType,
    distinguisher: u64,
    address: IpAddr,
}

impl Key {
    const fn of(peer: &BmpPeer) -> Self {
        Self { kind: peer.kind, distinguisher: peer.distinguisher, address: peer.address }
    }

    /// Where to look first: FNV-1a over what distinguishes it.
    fn hash(&self) -> usize {
        let address = match self.address {
            IpAddr::V4(address) => u128::from(address.to_bits()),
            IpAddr::V6(address) => address.to_bits(),
        };
        let bytes = address.to_be_bytes().into_iter().chain(self.distinguisher.to_be_bytes());
        let hash =
            bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
        // The low bits of FNV are the best ones, and a slice is rarely longer than they can say.
        (hash ^ hash >> 32) as usize
    }
}

/// Room for what is kept of one peer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PeerSlot(Option<(Key, Negotiated)>);

impl PeerSlot {
    /// Room that is free.
    pub const FREE: Self = Self(None);
}

/// What a station hears from one router, with what each peer's OPENs agreed on. It keeps that in slots that the caller lends: as many peers as
/// there are slots for; where there are more, the last are read as by [`BmpPeer::session`].
///
/// ```
/// use bgp_codec::bmp::{BmpBody, BmpMessage, PeerSlot, Station};
/// use bgp_codec::{Framer, Message};
///
/// fn hear(mut stream: &[u8]) -> Result<(), bgp_codec::FieldError> {
///     let mut slots = [PeerSlot::FREE; 64];
///     let mut station = Station::new(&mut slots);
///     while let Some((message, rest)) = BmpMessage::split(stream)? {
///         stream = rest;
///         let heard = station.hear(&message)?;
///         if let BmpBody::RouteMonitoring(peer, mut update) = heard.body {
///             if let Ok(Some(frame)) = Framer::with_max_len(65_535).next(&mut update) {
///                 let Ok(Message::Update(update)) = frame.parse(&heard.session) else { continue };
///                 println!("{peer}: {} routes", update.announced().count());
///             }
///         }
///     }
///     Ok(())
/// }
/// # hear(&[])?;
/// # Ok::<(), bgp_codec::FieldError>(())
/// ```
#[derive(Debug)]
pub struct Station<'s> {
    slots: &'s mut [PeerSlot],
    len: usize,
}

/// What a message says, and how the messages of BGP in it are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard<'a> {
    /// What it says.
    pub body: BmpBody<'a>,
    /// How what the peer announces, or what is announced to it, is to be read: of what the routes come from, the peer's side. Its `is_known`
    /// is false where no Peer Up was kept, and of what no peer is of.
    pub session: Negotiated,
}

impl<'s> Station<'s> {
    /// A station that has heard nothing. What the slots hold is forgotten.
    #[must_use]
    pub fn new(slots: &'s mut [PeerSlot]) -> Self {
        slots.fill(PeerSlot::FREE);
        Self { slots, len: 0 }
    }

    /// How many peers are kept.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether none is.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether no more can be kept.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.len >= self.slots.len()
    }

    /// Forgets all peers: the router's session has ended.
    pub fn clear(&mut self) {
        self.slots.fill(PeerSlot::FREE);
        self.len = 0;
    }

    /// Reads a message. A peer is kept from its Peer Up to its Peer Down, and all are forgotten where the router ends: it may
    /// say anew who it is at any time (RFC 7854 §4.3).
    ///
    /// # Errors
    /// As [`BmpMessage::parse`].
    pub fn hear<'a>(&mut self, message: &BmpMessage<'a>) -> Result<Heard<'a>, Error> {
        let body = message.parse()?;
        if let BmpBody::PeerUp(peer, up) = &body {
            match agreed(peer, up) {
                Some(session) => self.insert(Key::of(peer), session),
                None => self.remove(&Key::of(peer)),
            }
        }
        let mut session = body.peer().map_or(Negotiated::unknown(), |peer| self.session(peer));
        match &body {
            BmpBody::RouteTlvs(_, tlvs) => session = tlvs.session(session),
            BmpBody::PeerDown(peer, _) => self.remove(&Key::of(peer)),
            //= RFC 7854 §4.3/anew
            BmpBody::Information(_) if message.kind == BmpType::TERMINATION => self.clear(),
            _ => {}
        }
        Ok(Heard { body, session })
    }

    /// How the messages of BGP are to be read that are told of a peer: what its OPENs agreed on, as its flags say. The size of AS numbers is
    /// the A flag's, since a router may write AS_PATH anew (RFC 7854 §4.2). Of what is sent it is the peer's view: what the router announces is
    /// what is received. Policy may give a route what no peer of its kind would send: what the peer is to the router is told before it
    /// comes in and after it goes out only, and of the router's own table not at all.
    #[must_use]
    pub fn session(&self, peer: &BmpPeer) -> Negotiated {
        let Some(kept) = self.find(&Key::of(peer)) else {
            return peer.session();
        };
        //= RFC 8671 §4/o-flag
        let mut session = if peer.is_adj_rib_out() { kept.reversed() } else { kept };
        session.four_octet_as = !peer.has_two_octet_as();
        if peer.is_loc_rib() || peer.is_adj_rib_out() != peer.is_post_policy() {
            session.peer = Peer::Unknown;
        }
        session
    }

    /// Where to look for a key: every slot, from the one that its hash names.
    fn places(&self, key: &Key) -> impl Iterator<Item = usize> + use<> {
        let len = self.slots.len();
        let first = key.hash().checked_rem(len).unwrap_or_default();
        (first..len).chain(0..first)
    }

    fn find(&self, key: &Key) -> Option<Negotiated> {
        for place in self.places(key) {
            match self.slots.get(place)?.0 {
                Some((of, session)) if of == *key => return Some(session),
                Some(_) => {}
                None => return None,
            }
        }
        None
    }

    fn insert(&mut self, key: Key, session: Negotiated) {
        for place in self.places(&key) {
            let Some(slot) = self.slots.get_mut(place) else {
                return;
            };
            match slot.0 {
                Some((of, _)) if of != key => {}
                of => {
                    self.len = self.len.saturating_add(usize::from(of.is_none()));
                    slot.0 = Some((key, session));
                    return;
                }
            }
        }
    }

    /// Takes a peer out, and moves up those behind it that would not be found over the gap.
    fn remove(&mut self, key: &Key) {
        let Some(place) = self.places(key).find(|place| self.slots.get(*place).is_some_and(|slot| slot.is_of(key)))
        else {
            return;
        };
        let mut next = place;
        if let Some(slot) = self.slots.get_mut(place) {
            *slot = PeerSlot::FREE;
            self.len = self.len.saturating_sub(1);
        }
        for _ in 1..self.slots.len() {
            next = if next.saturating_add(1) < self.slots.len() { next.saturating_add(1) } else { 0 };
            let Some((moved, session)) = self.slots.get_mut(next).and_then(|slot| slot.0.take()) else {
                return;
            };
            self.len = self.len.saturating_sub(1);
            self.insert(moved, session);
        }
    }
}

impl PeerSlot {
    fn is_of(&self, key: &Key) -> bool {
        self.0.is_some_and(|(of, _)| of == *key)
    }
}

/// What the two OPENs of a Peer Up agree on, as the router sees it. Those of its own table are made up to say how its routes stand (RFC
/// 9069 §5.2): they have path identifiers where one of them speaks of them at all.
fn agreed(peer: &BmpPeer, up: &PeerUp<'_>) -> Option<Negotiated> {
    let (sent, received) = up.open_messages()?;
    let mut session = Negotiated::of(&sent, &received);
    //= RFC 9069 §5.2/opens
    if peer.is_loc_rib() {
        let told = sent.capabilities().chain(received.capabilities());
        session.add_path_receive = told.fold(FamilySet::EMPTY, |families, capability| match capability {
            Capability::AddPath(entries) => with_paths(families, entries),
            _ => families,
        });
    }
    Some(session)
}
