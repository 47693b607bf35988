//! WireGuard opened ("WireGuard: Next Generation Kernel Network Tunnel" §5.4), with keys as Wireshark's key log has them.
//!
//! ```text
//! LOCAL_STATIC_PRIVATE_KEY = AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=     which interface
//! REMOTE_STATIC_PUBLIC_KEY = …                                                and which peer of it
//! LOCAL_EPHEMERAL_PRIVATE_KEY = …                                             a handshake's, and more of them
//! PRESHARED_KEY = …                                                           where the peers have one
//! ```
//!
//! A session's keys are derived from its handshake, both messages of which must have been seen. Either end's keys will do.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use blake2::digest::consts::U16;
use blake2::{Blake2s256, Blake2sMac, Digest};
use chacha20poly1305::aead::AeadInPlace;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit};
use ether_ip::wireguard::{Initiation, Response, TAG_LEN, WireGuardMessage};
use ether_ip::zerocopy::IntoBytes;
use hmac::{Mac, SimpleHmac};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use super::{LineError, TextError, lines};

/// How many handshakes are remembered that were not answered yet, and how many sessions; the oldest makes room.
const MAX_SESSIONS: usize = 1024;
/// How many sessions of one index are tried. Indexes are chosen at random: two of them are rare.
const MAX_TRIED: usize = 4;

const CONSTRUCTION: &[u8] = b"Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s";
const IDENTIFIER: &[u8] = b"WireGuard v1 zx2c4 Jason@zx2c4.com";
const LABEL_MAC1: &[u8] = b"mac1----";

type Key = Zeroizing<[u8; 32]>;

/// The keys of handshakes. Each stands in a box, so that it never moves, which would leave a copy behind.
#[derive(Clone, Default)]
pub struct KeyLog {
    #[allow(clippy::vec_box, reason = "keys do not move")]
    interfaces: Vec<Box<Interface>>,
    /// Handshakes' own keys by their public halves.
    ephemerals: HashMap<[u8; 32], Box<Ephemeral>>,
}

/// Without its keys.
impl fmt::Debug for KeyLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { interfaces, ephemerals } = self;
        write!(f, "KeyLog {{ {} interfaces, {} handshakes }}", interfaces.len(), ephemerals.len())
    }
}

/// A handshake's own key, and which of the interfaces it is of.
#[derive(Clone)]
struct Ephemeral {
    secret: StaticSecret,
    of: usize,
}

/// An interface's key, and what the first code of messages to it is made with.
#[derive(Clone)]
struct Local {
    secret: StaticSecret,
    code_key: [u8; 32],
}

/// What is the same for all handshakes of an interface with a peer.
#[derive(Clone, Default)]
struct Interface {
    local: Option<Local>,
    remote: Option<PublicKey>,
    #[allow(clippy::vec_box, reason = "keys do not move")]
    preshared: Vec<Box<Key>>,
    /// Whether a handshake's key was given already.
    is_begun: bool,
}

impl KeyLog {
    /// Reads a key log. Empty lines and those that begin with `#` are passed by.
    ///
    /// # Errors
    /// Which line is wrong.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let mut log = Self::default();
        for (line, text) in lines(text) {
            log.take(text).map_err(|error| TextError { line, error })?;
        }
        Ok(log)
    }

    fn take(&mut self, line: &str) -> Result<(), LineError> {
        let must = "LOCAL_STATIC_PRIVATE_KEY, REMOTE_STATIC_PUBLIC_KEY, LOCAL_EPHEMERAL_PRIVATE_KEY or PRESHARED_KEY, =, and a key";
        let shape = LineError { what: "the line", must };
        let (name, text) = line.split_once('=').ok_or(shape)?;
        let key = || key(text.trim()).ok_or(LineError { what: "the key", must: "32 bytes in base64" });
        match name.trim() {
            "LOCAL_STATIC_PRIVATE_KEY" => {
                let secret = StaticSecret::from(*key()?);
                let local = Local { code_key: code_key(&PublicKey::from(&secret)), secret };
                self.change(|last| last.is_begun || last.local.is_some(), |of| of.local = Some(local));
            }
            "REMOTE_STATIC_PUBLIC_KEY" => {
                let remote = PublicKey::from(*key()?);
                self.change(|last| last.is_begun || last.remote.is_some(), |of| of.remote = Some(remote));
            }
            "LOCAL_EPHEMERAL_PRIVATE_KEY" => {
                let secret = StaticSecret::from(*key()?);
                self.change(|_| false, |of| of.is_begun = true);
                let of = self.interfaces.len().saturating_sub(1);
                self.ephemerals.insert(PublicKey::from(&secret).to_bytes(), Box::new(Ephemeral { secret, of }));
            }
            "PRESHARED_KEY" => {
                let key = key()?;
                self.change(|_| false, |of| of.preshared.push(Box::new(key)));
            }
            _ => return Err(shape),
        }
        Ok(())
    }

    /// Changes the interface and peer that a line is of: the last ones, or new ones where those have what the line says already. What the
    /// log does not say of the new ones is as it was before: who has one interface and two peers may name the interface once.
    fn change(&mut self, is_another: impl Fn(&Interface) -> bool, change: impl FnOnce(&mut Interface)) {
        if self.interfaces.last().is_none_or(|last| is_another(last)) {
            let before = self.interfaces.last().cloned().unwrap_or_default();
            self.interfaces.push(Box::new(Interface { preshared: Vec::new(), is_begun: false, ..*before }));
        }
        if let Some(last) = self.interfaces.last_mut() {
            change(last);
        }
    }
}

/// Opens what the keys are for, packet by packet, in the order in which they came.
#[derive(Debug, Default)]
pub struct Opener {
    keys: KeyLog,
    handshakes: Recent<Handshake, MAX_SESSIONS>,
    /// A session has two indexes, and a key for each.
    sessions: Recent<Key, { 2 * MAX_SESSIONS }>,
}

/// What a message held.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Opened {
    /// A handshake begins: the initiator's static public key.
    Initiation([u8; 32]),
    /// It is answered, and the session's keys are known.
    Response,
    /// A packet, without the padding behind it: [`LinkType::RAW`](crate::LinkType::RAW) is how it begins. A keepalive is empty.
    Packet(Vec<u8>),
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Initiation(_) => f.write_str("Initiation"),
            Self::Response => f.write_str("Response"),
            Self::Packet(bytes) => write!(f, "Packet of {} bytes", bytes.len()),
        }
    }
}

/// Why a message stays closed, though there are keys for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The handshake's own key is there, and the static ones beside it do not fit.
    #[error("the static keys do not fit")]
    Initiation,
    /// No preshared key fits, and neither does none.
    #[error("no preshared key fits, nor does none")]
    Response,
    /// Sealed with another key, or changed on its way.
    #[error("its session's key does not fit")]
    Packet,
}

impl Opener {
    /// One that has these keys.
    #[must_use]
    pub fn new(keys: KeyLog) -> Self {
        Self { keys, ..Self::default() }
    }

    /// Whether it has no keys.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.interfaces.is_empty()
    }

    /// Opens a message, all of whose bytes must be there. `None` if no key is for it.
    pub fn open(&mut self, message: &WireGuardMessage<'_>) -> Option<Result<Opened, Refusal>> {
        match message {
            WireGuardMessage::Initiation(message) => self.initiation(message),
            WireGuardMessage::Response(message) => self.response(message),
            WireGuardMessage::CookieReply(_) => None,
            WireGuardMessage::Data(header, sealed) => self.data(header.receiver(), header.counter(), sealed),
        }
    }

    fn initiation(&mut self, message: &Initiation) -> Option<Result<Opened, Refusal>> {
        let begun = self.keys.begun_by_us(message).map(|begun| begun.ok_or(Refusal::Initiation));
        let begun = match (begun, self.keys.begun_to_us(message)) {
            (Some(Ok(handshake)), _) | (_, Some(handshake)) => Ok(handshake),
            (begun, None) => begun?,
        };
        Some(begun.map(|handshake| {
            let initiator = handshake.initiator.to_bytes();
            self.handshakes.push(message.sender(), handshake);
            Opened::Initiation(initiator)
        }))
    }

    fn response(&mut self, message: &Response) -> Option<Result<Opened, Refusal>> {
        let Self { keys, handshakes, .. } = self;
        let begun = handshakes.of(message.receiver());
        let mut tried = begun.filter_map(|handshake| keys.answered(handshake, message)).peekable();
        tried.peek()?;
        let answered = tried.find_map(|noise| noise);
        Some(answered.ok_or(Refusal::Response).map(|noise| {
            let [to_responder, to_initiator, _] = kdf(&noise.chain, &[]);
            self.sessions.push(message.sender(), to_responder);
            self.sessions.push(message.receiver(), to_initiator);
            Opened::Response
        }))
    }

    fn data(&self, receiver: u32, counter: u64, sealed: &[u8]) -> Option<Result<Opened, Refusal>> {
        let mut tried = self.sessions.of(receiver).map(|key| open(key, counter, &[], sealed)).peekable();
        tried.peek()?;
        let opened = tried.find_map(|opened| opened);
        Some(opened.ok_or(Refusal::Packet).map(|bytes| Opened::Packet(without_padding(bytes))))
    }
}

/// What both ends know of a handshake behind its first message, and what makes the rest of it.
struct Handshake {
    noise: Noise,
    /// The initiator's keys.
    initiator: PublicKey,
    ephemeral: PublicKey,
    /// The initiator's private keys, its own and the handshake's, and its interface; `None` where the responder's are known.
    secrets: Option<(StaticSecret, StaticSecret, usize)>,
}

impl KeyLog {
    /// A handshake that the interface with its own key began: nothing if there is no such key, and no handshake if the others do not fit.
    fn begun_by_us(&self, message: &Initiation) -> Option<Option<Handshake>> {
        let Ephemeral { secret, of } = &**self.ephemerals.get(&message.ephemeral)?;
        let Interface { local: Some(local), remote: Some(remote), .. } = &**self.interfaces.get(*of)? else {
            return None;
        };
        let mut noise = Noise::new(remote);
        let (shared, between) = (secret.diffie_hellman(remote), local.secret.diffie_hellman(remote));
        let initiator = noise.initiation(message, shared.as_bytes(), |_| between.to_bytes());
        let secrets = Some((local.secret.clone(), secret.clone(), *of));
        Some(initiator.map(|initiator| Handshake { noise, initiator, ephemeral: message.ephemeral.into(), secrets }))
    }

    /// A handshake with an interface whose private key is known: the message's first code tells which.
    fn begun_to_us(&self, message: &Initiation) -> Option<Handshake> {
        let about = message.as_bytes().get(..116)?;
        let is_to = |local: &&Local| code(&local.code_key, about) == Some(message.mac1);
        let Local { secret, .. } = self.interfaces.iter().filter_map(|of| of.local.as_ref()).find(is_to)?;
        let ephemeral = PublicKey::from(message.ephemeral);
        let mut noise = Noise::new(&PublicKey::from(secret));
        let shared = secret.diffie_hellman(&ephemeral);
        let between = |initiator: &PublicKey| secret.diffie_hellman(initiator).to_bytes();
        let initiator = noise.initiation(message, shared.as_bytes(), between)?;
        Some(Handshake { noise, initiator, ephemeral, secrets: None })
    }

    /// What both ends have in common behind the answer: nothing if a key is missing, and nothing in it if none fits.
    fn answered(&self, handshake: &Handshake, message: &Response) -> Option<Option<Noise>> {
        let responder = PublicKey::from(message.ephemeral);
        let (shared, with_static, of) = match &handshake.secrets {
            Some((local, ephemeral, of)) => {
                (ephemeral.diffie_hellman(&responder), local.diffie_hellman(&responder), *of)
            }
            None => {
                let Ephemeral { secret, of } = &**self.ephemerals.get(&message.ephemeral)?;
                (secret.diffie_hellman(&handshake.ephemeral), secret.diffie_hellman(&handshake.initiator), *of)
            }
        };
        let mut noise = handshake.noise.clone();
        noise.mix_hash(&message.ephemeral);
        for input in [&message.ephemeral, shared.as_bytes(), with_static.as_bytes()] {
            noise.mix_key(input);
        }
        let none = Box::new(Key::default());
        let preshared = self.interfaces.get(of).into_iter().flat_map(|interface| &interface.preshared);
        let mut tried = std::iter::once(&none).chain(preshared).map(|key| {
            let mut noise = noise.clone();
            let key = noise.mix_preshared(key);
            noise.open(&key, &message.sealed_empty).map(|_| noise)
        });
        Some(tried.find_map(|noise| noise))
    }
}

/// The state of Noise's handshake (§5.4.2, §5.4.3): the chaining key and the hash of all that was said.
#[derive(Clone)]
struct Noise {
    chain: Key,
    hash: [u8; 32],
}

impl Noise {
    fn new(responder: &PublicKey) -> Self {
        let chain = Key::new(Blake2s256::digest(CONSTRUCTION).into());
        let mut noise = Self { hash: *chain, chain };
        noise.mix_hash(IDENTIFIER);
        noise.mix_hash(responder.as_bytes());
        noise
    }

    fn mix_hash(&mut self, bytes: &[u8]) {
        self.hash = Blake2s256::new().chain_update(self.hash).chain_update(bytes).finalize().into();
    }

    /// The key that is made beside the next chaining key.
    fn mix_key(&mut self, input: &[u8]) -> Key {
        let [chain, key, _] = kdf(&self.chain, input);
        self.chain = chain;
        key
    }

    fn mix_preshared(&mut self, preshared: &Key) -> Key {
        let [chain, said, key] = kdf(&self.chain, &preshared[..]);
        self.chain = chain;
        self.mix_hash(&said[..]);
        key
    }

    /// Opens what is sealed within the handshake.
    fn open(&mut self, key: &Key, sealed: &[u8]) -> Option<Vec<u8>> {
        let plain = open(key, 0, &self.hash, sealed)?;
        self.mix_hash(sealed);
        Some(plain)
    }

    /// The first message: from the two secrets that the ends have in common, the initiator's static key.
    fn initiation(
        &mut self,
        message: &Initiation,
        shared: &[u8],
        between: impl FnOnce(&PublicKey) -> [u8; 32],
    ) -> Option<PublicKey> {
        self.mix_hash(&message.ephemeral);
        self.mix_key(&message.ephemeral);
        let key = self.mix_key(shared);
        let initiator: [u8; 32] = self.open(&key, &message.sealed_static)?.try_into().ok()?;
        let initiator = PublicKey::from(initiator);
        let key = self.mix_key(&Key::new(between(&initiator))[..]);
        self.open(&key, &message.sealed_timestamp)?;
        Some(initiator)
    }
}

/// HKDF over HMAC-BLAKE2s (§5.4: KDF1 to KDF3 are its first keys).
fn kdf(chain: &Key, input: &[u8]) -> [Key; 3] {
    let secret = hmac(chain, &[input]);
    let first = hmac(&secret, &[&[1]]);
    let second = hmac(&secret, &[&first[..], &[2]]);
    let third = hmac(&secret, &[&second[..], &[3]]);
    [first, second, third]
}

fn hmac(key: &Key, parts: &[&[u8]]) -> Key {
    // A key of any length will do, so that there is always a code.
    let Ok(mut mac) = <SimpleHmac<Blake2s256> as Mac>::new_from_slice(&key[..]) else { return Key::default() };
    parts.iter().for_each(|part| mac.update(part));
    Key::new(mac.finalize().into_bytes().into())
}

/// What seals everything: a nonce of 4 zero bytes and the counter.
fn open(key: &Key, counter: u64, about: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (sealed, tag) = sealed.split_last_chunk::<TAG_LEN>()?;
    let mut nonce = [0; 12];
    nonce.iter_mut().skip(4).zip(counter.to_le_bytes()).for_each(|(to, byte)| *to = byte);
    let mut bytes = sealed.to_vec();
    let cipher = ChaCha20Poly1305::new((&**key).into());
    cipher.decrypt_in_place_detached(&nonce.into(), about, &mut bytes, tag.into()).ok()?;
    Some(bytes)
}

/// What the first code of messages to the owner of a key is made with (§5.4.4).
fn code_key(of: &PublicKey) -> [u8; 32] {
    Blake2s256::new().chain_update(LABEL_MAC1).chain_update(of.as_bytes()).finalize().into()
}

fn code(key: &[u8; 32], about: &[u8]) -> Option<[u8; 16]> {
    let mac = <Blake2sMac<U16> as Mac>::new_from_slice(key).ok()?;
    Some(mac.chain_update(about).finalize().into_bytes().into())
}

/// An IP packet without the zeros that fill it up to a multiple of 16 bytes (§5.4.6).
fn without_padding(mut bytes: Vec<u8>) -> Vec<u8> {
    let len = match *bytes {
        [first, _, a, b, ..] if first >> 4 == 4 => usize::from(u16::from_be_bytes([a, b])),
        [first, _, _, _, a, b, ..] if first >> 4 == 6 => 40 + usize::from(u16::from_be_bytes([a, b])),
        _ => bytes.len(),
    };
    bytes.truncate(len);
    bytes
}

fn key(text: &str) -> Option<Key> {
    // The longest that 44 digits can be.
    let mut bytes = Zeroizing::new([0; 33]);
    let len = STANDARD.decode_slice(text, &mut bytes[..]).ok()?;
    let (key, _) = bytes.split_first_chunk()?;
    (len == key.len()).then(|| Key::new(*key))
}

/// Values by indexes that several may have; the oldest makes room. They do not move either.
struct Recent<T, const MOST: usize> {
    by_index: BTreeMap<(u32, u64), Box<T>>,
    order: VecDeque<(u32, u64)>,
    count: u64,
}

/// Without the values: keys.
impl<T, const MOST: usize> fmt::Debug for Recent<T, MOST> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {MOST}", self.order.len())
    }
}

impl<T, const MOST: usize> Default for Recent<T, MOST> {
    fn default() -> Self {
        Self { by_index: BTreeMap::new(), order: VecDeque::new(), count: 0 }
    }
}

impl<T, const MOST: usize> Recent<T, MOST> {
    fn push(&mut self, index: u32, value: T) {
        if self.order.len() == MOST {
            self.order.pop_front().and_then(|oldest| self.by_index.remove(&oldest));
        }
        let at = (index, self.count);
        self.count += 1;
        self.order.push_back(at);
        self.by_index.insert(at, Box::new(value));
    }

    /// Those of an index, the newest first.
    fn of(&self, index: u32) -> impl Iterator<Item = &T> {
        self.by_index.range((index, 0)..=(index, u64::MAX)).rev().map(|(_, value)| &**value).take(MAX_TRIED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Capture, Layer};

    const LOG: &str = include_str!("../../../testdata/wireguard.pcap.keys");

    /// What two of wireguard-go sent each other, opened: of each packet what came of it, in words.
    fn opened(log: &str) -> Vec<String> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/wireguard.pcap");
        let mut opener = Opener::new(KeyLog::parse(log).unwrap());
        let mut of = |packet: crate::CapturedPacket| match packet.packet().layers().last() {
            Some(Ok(Layer::WireGuard(message))) => match opener.open(&message) {
                Some(Ok(opened)) => format!("{opened:?}"),
                Some(Err(refusal)) => refusal.to_string(),
                None => "no key".to_owned(),
            },
            _ => "no message".to_owned(),
        };
        Capture::open(path).unwrap().map(|packet| of(packet.unwrap())).collect()
    }

    /// The log with another value for a key.
    fn with(name: &str, value: &str) -> String {
        let line = |line: &str| match line.split_once(" = ") {
            Some((of, _)) if of == name => format!("{name} = {value}\n"),
            _ => format!("{line}\n"),
        };
        LOG.lines().map(line).collect()
    }

    const OTHER: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    /// §5.4 of the paper: three pings of 84 bytes and one of 1028, both ways, and keepalives, which are what the peers sent: tshark
    /// 4.0.17 opens the same (`interop/run wireguard`).
    #[test]
    fn what_wireguard_go_sends() {
        let ping = ["Packet of 84 bytes"; 6];
        let (begin, long, keepalive) =
            (["Initiation", "Response", "Packet of 0 bytes"], ["Packet of 1028 bytes"; 2], ["Packet of 0 bytes"; 2]);
        let expected = [&begin[..], &ping, &long, &keepalive].concat();
        assert_eq!(opened(LOG), expected);
    }

    /// A handshake and a packet each way that Python's cryptography 48 made, with keys of one byte each: tshark 4.0.17 opens them with
    /// either log.
    #[test]
    fn by_either_end() {
        let messages = [
            "01000000070000007b0d47d93427f8311160781c7c733fd89f88970aef490d8aa0ee19a4cb8a1b1481e498317da959fb\
            a46669572516a5e6c021bfa620bb6c56ca0082e1feae14988c2c64d024c617734a263f76a008df04d0f94bad8ee75ec2\
            e1c26955be88ee7b6ffd2a9fc2ab097f712a4b3b2111232d60b3e721bf75156e25ac139d000000000000000000000000\
            00000000",
            "020000000900000007000000ff2ee45601ec1b67310c7790404585ae697331eee1c1f8cf2419731c1fff3e6b43b0fc9b\
            2ea7bd8689ada6da4605ed86ecac0622e9395e08a8d7df8db7c6872900000000000000000000000000000000",
            "0400000009000000000000000000000049504a8b1f2defcdfd4c064c7de52a4c15baf4a2b17a8d49d501917cb5763553\
            ceedb8a11ab18c65170cf05b1bd86ad6",
            "0400000007000000030000000000000097d84b325e90fff092fc761b9d94348fccb89311717ae6040c58a032b50a8f66\
            dee7be674c29b66de86eeb13fc49a30e",
        ];
        let packet = [&[0x45, 0, 0, 21, 0, 0, 0, 0, 64, 17, 0, 0, 10, 244, 1, 1, 10, 244, 2, 1][..], b"x"].concat();
        let key = |first: u8| STANDARD.encode([first; 32]);
        let public = |first: u8| STANDARD.encode(PublicKey::from(&StaticSecret::from([first; 32])));
        for [local, remote, ephemeral] in [[0x11, 0x22, 0x33], [0x22, 0x11, 0x44]] {
            let log = format!(
                "LOCAL_STATIC_PRIVATE_KEY = {}\nREMOTE_STATIC_PUBLIC_KEY = {}\n\
                 LOCAL_EPHEMERAL_PRIVATE_KEY = {}\nPRESHARED_KEY = {}\n",
                key(local),
                public(remote),
                key(ephemeral),
                key(0x55)
            );
            let mut opener = Opener::new(KeyLog::parse(&log).unwrap());
            let opened = messages.map(|message| opener.open(&WireGuardMessage::parse(&unhex(message)).unwrap()));
            let initiator = PublicKey::from(&StaticSecret::from([0x11; 32])).to_bytes();
            let packet = Some(Ok(Opened::Packet(packet.clone())));
            assert_eq!(
                opened,
                [Some(Ok(Opened::Initiation(initiator))), Some(Ok(Opened::Response)), packet.clone(), packet]
            );
            // One bit changed, and a counter that is another.
            for at in [8, 16, 40, 63] {
                let mut changed = unhex(messages[2]);
                changed[at] ^= 1;
                let opened = opener.open(&WireGuardMessage::parse(&changed).unwrap());
                assert_eq!(opened, Some(Err(Refusal::Packet)), "{at}");
            }
            // The responder's static key alone tells who begins.
            let alone = log.lines().next().unwrap();
            let mut opener = Opener::new(KeyLog::parse(alone).unwrap());
            let opened = opener.open(&WireGuardMessage::parse(&unhex(messages[0])).unwrap());
            assert_eq!(opened, (local == 0x22).then_some(Ok(Opened::Initiation(initiator))));
            assert_eq!(opener.open(&WireGuardMessage::parse(&unhex(messages[1])).unwrap()), None);
        }
    }

    fn unhex(text: &str) -> Vec<u8> {
        let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        text.as_bytes().chunks(2).map(pair).collect()
    }

    #[test]
    fn other_keys() {
        let expect = |log: &str, first: &str, second: &str, others: &str| {
            let opened = opened(log);
            assert_eq!((opened[0].as_str(), opened[1].as_str()), (first, second), "{log}");
            assert!(opened[2..].iter().all(|of| of == others), "{opened:?}");
        };
        expect(&with("LOCAL_STATIC_PRIVATE_KEY", OTHER), "the static keys do not fit", "no key", "no key");
        expect(&with("REMOTE_STATIC_PUBLIC_KEY", OTHER), "the static keys do not fit", "no key", "no key");
        expect(&with("LOCAL_EPHEMERAL_PRIVATE_KEY", OTHER), "no key", "no key", "no key");
        expect(&with("PRESHARED_KEY", OTHER), "Initiation", "no preshared key fits, nor does none", "no key");
        expect("", "no key", "no key", "no key");
        // Several preshared keys are tried, and other interfaces change nothing.
        let more = format!(
            "{LOG}PRESHARED_KEY = {OTHER}\n# another\nLOCAL_STATIC_PRIVATE_KEY={OTHER}\nLOCAL_EPHEMERAL_PRIVATE_KEY={OTHER}\n"
        );
        assert_eq!(opened(&more), opened(LOG));
        assert_eq!(opened(&format!("PRESHARED_KEY = {OTHER}\n{LOG}")), opened(LOG));
    }

    #[test]
    fn logs_that_are_wrong() {
        let said = |log: &str| KeyLog::parse(log).unwrap_err().to_string();
        for key in
            ["", "AAEC", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g"]
        {
            assert_eq!(said(&format!("#\nPRESHARED_KEY = {key}")), "line 2: the key must be 32 bytes in base64");
        }
        for line in [OTHER.trim_end_matches('='), &format!("PRIVATE_KEY = {OTHER}"), "x"] {
            let said = said(line);
            assert!(
                said.starts_with("line 1: the line must be LOCAL_STATIC_PRIVATE_KEY, ") && !said.contains("AAEC"),
                "{said}"
            );
        }
        assert!(Opener::default().is_empty() && !Opener::new(KeyLog::parse(LOG).unwrap()).is_empty());
        assert_eq!(
            format!("{:?}", Opener::new(KeyLog::parse(LOG).unwrap()).keys),
            "KeyLog { 1 interfaces, 1 handshakes }"
        );
    }

    /// An interface may be named once for all its peers; each peer's keys are its own.
    #[test]
    fn whose_keys() {
        let key = |first: u8| STANDARD.encode([first; 32]);
        let log = format!(
            "LOCAL_STATIC_PRIVATE_KEY = {}\nREMOTE_STATIC_PUBLIC_KEY = {}\nPRESHARED_KEY = {}\nLOCAL_EPHEMERAL_PRIVATE_KEY = {}\n\
             LOCAL_EPHEMERAL_PRIVATE_KEY = {}\nREMOTE_STATIC_PUBLIC_KEY = {}\nLOCAL_EPHEMERAL_PRIVATE_KEY = {}\nPRESHARED_KEY = {}\n",
            key(1),
            key(2),
            key(3),
            key(4),
            key(5),
            key(6),
            key(7),
            key(8)
        );
        // A new interface is not begun: what follows is its.
        let local = "LOCAL_STATIC_PRIVATE_KEY";
        let both = format!(
            "{local}={}\nLOCAL_EPHEMERAL_PRIVATE_KEY={}\n{local}={}\nREMOTE_STATIC_PUBLIC_KEY={}",
            key(1),
            key(2),
            key(3),
            key(4)
        );
        assert_eq!(KeyLog::parse(&both).unwrap().interfaces.len(), 2);
        let log = KeyLog::parse(&log).unwrap();
        let of = |first: u8| log.ephemerals[&PublicKey::from(&StaticSecret::from([first; 32])).to_bytes()].of;
        assert_eq!([of(4), of(5), of(7)], [0, 0, 1]);
        let [one, other] = log.interfaces.as_slice() else { panic!("{log:?}") };
        assert_eq!([one, other].map(|of| of.remote.unwrap().to_bytes()[0]), [2, 6]);
        assert_eq!([one, other].map(|of| of.preshared.iter().map(|key| key[0]).collect::<Vec<_>>()), [[3], [8]]);
        assert_eq!([one, other].map(|of| of.local.as_ref().unwrap().secret.to_bytes()[0]), [1, 1]);
    }

    /// §5.4.6: what fills a packet up is no part of it.
    #[test]
    fn padding() {
        let ipv4 = [&[0x45, 0, 0, 21][..], &[0; 28]].concat();
        assert_eq!(without_padding(ipv4.clone()), &ipv4[..21]);
        let ipv6 = [&[0x60, 0, 0, 0, 0, 1][..], &[0; 42]].concat();
        assert_eq!(without_padding(ipv6.clone()), &ipv6[..41]);
        // Longer than it is, or nothing that is known.
        for other in [vec![0x45, 0, 1, 0], vec![0x45], vec![0x60, 0, 0, 0, 0], vec![0x55, 0, 0, 1], vec![]] {
            assert_eq!(without_padding(other.clone()), other);
        }
    }

    #[test]
    fn memory_is_bounded() {
        let mut recent = Recent::<u32, 4>::default();
        (0..10).for_each(|value| recent.push(value % 3, value));
        assert_eq!((recent.by_index.len(), recent.order.len()), (4, 4));
        assert_eq!(
            [0, 1, 2, 3].map(|index| recent.of(index).copied().collect::<Vec<_>>()),
            [vec![9, 6], vec![7], vec![8], vec![]]
        );
    }
}
