//! What BGP sessions agreed on, as their OPENs in the capture tell it.

use std::collections::HashMap;

use bgp_codec::session::AsSize;
use bgp_codec::{FamilySet, MessageType, Negotiated, Open, Peer};

use super::BgpMessage;
use super::streams::StreamKey;

/// How many sessions are kept track of. When there are more, all are forgotten.
const MAX_SESSIONS: usize = 1024;

/// What is taken for granted, whatever the OPENs say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Overrule {
    /// How many bytes an AS number has.
    pub as_size: Option<AsSize>,
    /// The families whose routes have path identifiers.
    pub add_path: Option<FamilySet>,
    /// What the peer is.
    pub peer: Option<Peer>,
}

impl Overrule {
    /// A session, whatever it agreed on.
    #[must_use]
    pub fn of(self, session: Negotiated) -> Negotiated {
        let mut session = session;
        session.four_octet_as = self.as_size.map_or(session.four_octet_as, |size| size == AsSize::Four);
        session.add_path_receive = self.add_path.unwrap_or(session.add_path_receive);
        session.peer = self.peer.unwrap_or(session.peer);
        session
    }
}

/// The sessions of a capture: the last OPEN of each direction.
#[derive(Debug, Default)]
pub struct Sessions {
    opens: HashMap<StreamKey, Vec<u8>>,
    /// What each two of them agree on, seen from the receiver of that direction: worked out once, when an OPEN comes.
    agreed: HashMap<StreamKey, Negotiated>,
    overrule: Overrule,
}

impl Sessions {
    /// Sessions, some of whose parameters are taken for granted.
    #[must_use]
    pub fn new(overrule: Overrule) -> Self {
        Self { overrule, ..Self::default() }
    }

    /// What the session agreed on that a message belongs to. An OPEN is kept for those that follow it.
    pub fn of(&mut self, key: StreamKey, message: &BgpMessage<'_>) -> Negotiated {
        if message.kind == MessageType::OPEN.0 {
            if self.opens.len() == MAX_SESSIONS && !self.opens.contains_key(&key) {
                self.opens.clear();
                self.agreed.clear();
            }
            self.opens.insert(key, message.body.to_vec());
            for key in [key, back(key)] {
                match self.agree(key) {
                    Some(session) => self.agreed.insert(key, session),
                    None => self.agreed.remove(&key),
                };
            }
        }
        self.overrule.of(self.agreed.get(&key).copied().unwrap_or_else(|| message.likeliest_session()))
    }

    /// What is told of a session whose OPENs nobody saw.
    #[must_use]
    pub fn told(&self) -> Negotiated {
        self.overrule.of(Negotiated::unknown())
    }

    /// What the two OPENs agree on, seen from the receiver.
    fn agree(&self, key: StreamKey) -> Option<Negotiated> {
        let theirs = Open::parse(self.opens.get(&key)?).ok()?;
        let ours = Open::parse(self.opens.get(&back(key))?).ok()?;
        Negotiated::between(&ours, &theirs).ok()
    }
}

/// The other direction.
fn back(key: StreamKey) -> StreamKey {
    let StreamKey { addresses: (source, destination), ports: (from, to) } = key;
    StreamKey { addresses: (destination, source), ports: (to, from) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::IpAddr;

    fn message(kind: u8, body: &[u8]) -> BgpMessage<'_> {
        BgpMessage { kind, length: 0, body }
    }

    /// Both told of 4-octet AS numbers; the one with port 179 sends several paths, the other takes them.
    #[test]
    fn two_opens_tell() {
        let address = |last| IpAddr::from([192, 0, 2, last]);
        let there = StreamKey { addresses: (address(1), address(2)), ports: (179, 40_000) };
        let back = StreamKey { addresses: (address(2), address(1)), ports: (40_000, 179) };
        let open = |as_number: u8, mode| {
            let head = [4, 0, as_number, 0, 90, 192, 0, 2, as_number, 14];
            [&head[..], &[2, 12, 65, 4, 0, 0, 0, as_number, 69, 4, 0, 1, 1, mode]].concat()
        };
        let mut sessions = Sessions::default();
        sessions.of(there, &message(1, &open(1, 2)));
        let only_one = sessions.of(there, &message(4, &[]));
        assert!(only_one.add_path_receive.is_empty());
        sessions.of(back, &message(1, &open(2, 1)));
        let ipv4 = FamilySet::of(bgp_codec::Family::IPV4_UNICAST);
        let session = sessions.of(there, &message(2, &[]));
        assert_eq!((session.add_path_receive, session.peer_as, session.four_octet_as), (ipv4, 1, true));
        assert!(sessions.of(back, &message(2, &[])).add_path_receive.is_empty());
        let overrule =
            Overrule { as_size: Some(AsSize::Two), add_path: Some(FamilySet::ALL), peer: Some(Peer::Internal) };
        let session = Sessions::new(overrule).of(there, &message(2, &[]));
        assert_eq!((session.add_path_receive, session.four_octet_as), (FamilySet::ALL, false));
        assert_eq!(session.peer, Peer::Internal);
    }
}
