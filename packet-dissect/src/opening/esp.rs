//! ESP opened (RFC 4303 §3.4), with security associations as Wireshark's table "ESP SAs" has them.
//!
//! ```text
//!  | SPI | sequence | IV … | payload … padding … | pad length | next header | ICV … |
//!                          |<------------------- sealed ------------------>|
//! ```
//!
//! Read are AES-CBC (RFC 3602) and no encryption (RFC 2410) with HMAC (RFC 2404, RFC 4868), and AES-GCM (RFC 4106) with check values of
//! 8, 12 and 16 bytes. Of sequence numbers of 64 bits the upper half is what the association's line says: it is not counted up.

use std::fmt;
use std::net::IpAddr;

use aes::cipher::block_padding::NoPadding;
use aes::cipher::{BlockCipher, BlockDecryptMut, KeyInit, KeyIvInit};
use aes::{Aes128, Aes192, Aes256};
use aes_gcm::aead::AeadInPlace;
use aes_gcm::aead::consts::U12;
use aes_gcm::{AesGcm, Nonce};
use ether_ip::esp::EspPacket;
use ether_ip::ip::IpProtocol;
use ether_ip::zerocopy::IntoBytes;
use hmac::{Hmac, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use super::{LineError, TextError, lines};

/// Associations, in the order in which they were given: of several that fit a packet, the first one's.
#[derive(Debug, Clone, Default)]
pub struct Associations {
    rows: Vec<Association>,
}

impl Associations {
    /// Those of a text, a line each; empty lines and those that begin with `#` are passed by.
    ///
    /// # Errors
    /// Which line is wrong.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let mut all = Self::default();
        for (line, text) in lines(text) {
            all.push(Association::parse(text).map_err(|error| TextError { line, error })?);
        }
        Ok(all)
    }

    /// One more, behind the others.
    pub fn push(&mut self, association: Association) {
        self.rows.push(association);
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The one of a packet between these addresses with this SPI.
    #[must_use]
    pub fn of(&self, addresses: (IpAddr, IpAddr), spi: u32) -> Option<&Association> {
        self.rows.iter().find(|row| row.is_of(addresses, spi))
    }
}

/// One direction's keys and algorithms.
#[derive(Clone)]
pub struct Association {
    is_ipv6: Option<bool>,
    source: Option<IpAddr>,
    destination: Option<IpAddr>,
    spi: Option<u32>,
    cipher: Cipher,
    check: Check,
    /// The upper half of its sequence numbers, where they have 64 bits.
    sequence_high: Option<u32>,
}

/// Without its keys.
impl fmt::Debug for Association {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Association").field("spi", &self.spi).finish_non_exhaustive()
    }
}

type Key = Zeroizing<Vec<u8>>;

#[derive(Clone)]
enum Cipher {
    Null,
    Cbc(Key),
    /// The key with the salt behind it, and how long the check value is.
    Gcm(Key, usize),
}

#[derive(Clone)]
enum Check {
    /// So many bytes that nobody verifies.
    Unverified(usize),
    Hmac(Hash, Key),
}

#[derive(Clone, Copy)]
enum Hash {
    Sha1,
    Sha256,
    /// The first 96 bits of it, as Linux had it before RFC 4868.
    Sha256Of96,
    Sha384,
    Sha512,
}

impl Hash {
    const fn len(self) -> usize {
        match self {
            Self::Sha1 | Self::Sha256Of96 => 12,
            Self::Sha256 => 16,
            Self::Sha384 => 24,
            Self::Sha512 => 32,
        }
    }

    fn is(self, key: &[u8], parts: &[&[u8]], code: &[u8]) -> bool {
        match self {
            Self::Sha1 => is_code::<Hmac<Sha1>>(key, parts, code),
            Self::Sha256 | Self::Sha256Of96 => is_code::<Hmac<Sha256>>(key, parts, code),
            Self::Sha384 => is_code::<Hmac<Sha384>>(key, parts, code),
            Self::Sha512 => is_code::<Hmac<Sha512>>(key, parts, code),
        }
    }
}

/// An algorithm by Wireshark's name, without the RFC's number behind it.
type Named<T> = (&'static str, fn(Key) -> T);

const CIPHERS: [Named<Cipher>; 6] = [
    ("NULL", |_| Cipher::Null),
    ("AES-CBC", Cipher::Cbc),
    ("AES-GCM", |key| Cipher::Gcm(key, 16)),
    ("AES-GCM with 8 octet ICV", |key| Cipher::Gcm(key, 8)),
    ("AES-GCM with 12 octet ICV", |key| Cipher::Gcm(key, 12)),
    ("AES-GCM with 16 octet ICV", |key| Cipher::Gcm(key, 16)),
];
const CHECKS: [Named<Check>; 11] = [
    ("NULL", |_| Check::Unverified(0)),
    ("HMAC-SHA-1-96", |key| Check::Hmac(Hash::Sha1, key)),
    ("HMAC-SHA-256-96", |key| Check::Hmac(Hash::Sha256Of96, key)),
    ("HMAC-SHA-256-128", |key| Check::Hmac(Hash::Sha256, key)),
    ("HMAC-SHA-384-192", |key| Check::Hmac(Hash::Sha384, key)),
    ("HMAC-SHA-512-256", |key| Check::Hmac(Hash::Sha512, key)),
    ("ANY 64 bit authentication", |_| Check::Unverified(8)),
    ("ANY 96 bit authentication", |_| Check::Unverified(12)),
    ("ANY 128 bit authentication", |_| Check::Unverified(16)),
    ("ANY 192 bit authentication", |_| Check::Unverified(24)),
    ("ANY 256 bit authentication", |_| Check::Unverified(32)),
];

impl Association {
    /// One line: protocol, source, destination, SPI, encryption and its key, authentication and its key; and where sequence numbers have
    /// 64 bits, `"64-bit"` and their upper half. `*` is any address or SPI. AES-GCM's key has its salt of 4 bytes behind it.
    ///
    /// ```
    /// use packet_dissect::opening::esp::Association;
    ///
    /// let line = r#""IPv4","192.0.2.1","*","0x100","AES-CBC [RFC3602]","0x90d382b410eeba7ad938c46cec1a82bf","NULL","""#;
    /// assert!(Association::parse(line).is_ok());
    /// ```
    ///
    /// # Errors
    /// Which column is wrong.
    pub fn parse(line: &str) -> Result<Self, LineError> {
        let must = "eight, as \"IPv4\",\"192.0.2.1\",\"*\",\"0x100\",\"AES-CBC [RFC3602]\",\"0x…\",\"HMAC-SHA-1-96 [RFC2404]\",\"0x…\"";
        let shape = LineError { what: "the columns", must };
        let columns = columns(line).ok_or(shape)?;
        let (&[protocol, source, destination, spi, cipher, cipher_key, check, check_key], rest) =
            columns.split_first_chunk().ok_or(shape)?;
        let is_ipv6 = match protocol {
            "IPv4" => Some(false),
            "IPv6" => Some(true),
            "*" | "Any" => None,
            _ => return Err(LineError { what: "the protocol", must: "IPv4, IPv6 or *" }),
        };
        let cipher = cipher_of(cipher, key(cipher_key, "the encryption key")?)?;
        let check = named(&CHECKS, check)
            .ok_or(LineError {
                what: "the authentication",
                must: "NULL, HMAC-SHA-1-96, HMAC-SHA-256-128, HMAC-SHA-384-192, HMAC-SHA-512-256, or ANY 96 bit authentication",
            })
            .and_then(|check| Ok(check(key(check_key, "the authentication key")?)))?;
        Ok(Self {
            is_ipv6,
            source: address(source, "the source")?,
            destination: address(destination, "the destination")?,
            spi: number(spi, "the SPI")?,
            cipher,
            check,
            sequence_high: sequence_high(rest).ok_or(LineError {
                what: "what follows the keys",
                must: "\"32-bit\", or \"64-bit\" and the upper half of the sequence numbers",
            })?,
        })
    }

    fn is_of(&self, (source, destination): (IpAddr, IpAddr), spi: u32) -> bool {
        self.spi.is_none_or(|of| of == spi)
            && self.is_ipv6.is_none_or(|is_ipv6| is_ipv6 == source.is_ipv6())
            && self.source.is_none_or(|of| of == source)
            && self.destination.is_none_or(|of| of == destination)
    }

    /// Opens a packet, all of whose bytes must be there.
    ///
    /// # Errors
    /// Why it stays closed.
    pub fn open(&self, packet: &EspPacket<&[u8]>) -> Result<Opened, Refusal> {
        let (header, sealed) = (packet.header().as_bytes(), packet.payload());
        let high = self.sequence_high.map(u32::to_be_bytes);
        let high = high.as_ref().map_or(&[][..], |high| &high[..]);
        if let Cipher::Gcm(key, code_len) = &self.cipher {
            // Wireshark says the length by an authentication that it does not check.
            let code_len = match self.check {
                Check::Unverified(len) if len > 0 && len <= 16 => len,
                _ => *code_len,
            };
            let plain = open_gcm(key, header, high, sealed, code_len)?;
            return Opened::new(plain, true);
        }
        let code_len = match &self.check {
            Check::Unverified(len) => *len,
            Check::Hmac(hash, _) => hash.len(),
        };
        let (sealed, code) = split_end(sealed, code_len)?;
        let is_verified = match &self.check {
            Check::Unverified(_) => false,
            // RFC 4303 §2.2.1: the upper half of the sequence number stands behind, though it is not sent.
            Check::Hmac(hash, key) if hash.is(key, &[header, sealed, high], code) => true,
            Check::Hmac(..) => return Err(Refusal::CheckValue),
        };
        let plain = match &self.cipher {
            Cipher::Cbc(key) => open_cbc(key, sealed)?,
            _ => sealed.to_vec(),
        };
        Opened::new(plain, is_verified)
    }
}

/// What was sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct Opened {
    plain: Vec<u8>,
    payload_len: usize,
    /// What the payload is: [`Layers::of_protocol`](crate::Layers::of_protocol) walks through it.
    pub next_header: IpProtocol,
    /// How many bytes of padding stood behind it.
    pub pad_len: u8,
    /// Whether a check value was there, and right. Without one another key may have made nonsense of the packet.
    pub is_verified: bool,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { payload_len, next_header, pad_len, is_verified, .. } = self;
        write!(f, "Opened {{ {payload_len} bytes of {next_header}, {pad_len} of padding, verified: {is_verified} }}")
    }
}

impl Opened {
    /// Reads the trailer (RFC 4303 §2.4 to §2.6).
    fn new(plain: Vec<u8>, is_verified: bool) -> Result<Self, Refusal> {
        let (payload, trailer) = plain.split_last_chunk::<2>().ok_or(Refusal::TooShort)?;
        let [pad_len, next_header] = *trailer;
        let (payload, padding) = split_end(payload, pad_len.into()).map_err(|_| Refusal::Padding)?;
        // RFC 4303 §2.4: 1, 2, 3 and so on. Where nothing was verified, that tells a wrong key.
        if !is_verified && !padding.iter().zip(1..).all(|(byte, expected)| *byte == expected) {
            return Err(Refusal::Padding);
        }
        let payload_len = payload.len();
        Ok(Self { payload_len, next_header: IpProtocol(next_header), pad_len, is_verified, plain })
    }

    /// The payload: a packet in tunnel mode, what an IP packet carries in transport mode.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        self.plain.get(..self.payload_len).unwrap_or_default()
    }
}

/// Why a packet stays closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// There are not as many bytes as the algorithms need.
    #[error("it is too short for its association's algorithms")]
    TooShort,
    /// Another key sealed it, or somebody changed it.
    #[error("its check value is wrong")]
    CheckValue,
    /// It is not whole blocks of the cipher.
    #[error("its length is not one of its association's cipher")]
    Uneven,
    /// The padding does not fit, or is not what it has to be, and nothing else tells that the key is right.
    #[error("its padding is wrong")]
    Padding,
}

/// Takes so many bytes from the end.
fn split_end(bytes: &[u8], len: usize) -> Result<(&[u8], &[u8]), Refusal> {
    bytes.len().checked_sub(len).and_then(|at| bytes.split_at_checked(at)).ok_or(Refusal::TooShort)
}

/// Whether a code is the start of what a key makes of these parts.
fn is_code<M: Mac + KeyInit>(key: &[u8], parts: &[&[u8]], code: &[u8]) -> bool {
    let Ok(mut mac) = <M as Mac>::new_from_slice(key) else { return false };
    parts.iter().for_each(|part| mac.update(part));
    mac.verify_truncated_left(code).is_ok()
}

/// RFC 3602 §3.
fn open_cbc(key: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Refusal> {
    fn open<C: BlockDecryptMut + BlockCipher + KeyInit>(key: &[u8], iv: &[u8], mut bytes: Vec<u8>) -> Option<Vec<u8>> {
        let cipher = cbc::Decryptor::<C>::new_from_slices(key, iv).ok()?;
        let len = cipher.decrypt_padded_mut::<NoPadding>(&mut bytes).ok()?.len();
        bytes.truncate(len);
        Some(bytes)
    }
    let (iv, sealed) = sealed.split_at_checked(16).ok_or(Refusal::TooShort)?;
    let sealed = sealed.to_vec();
    let plain = match key.len() {
        16 => open::<Aes128>(key, iv, sealed),
        24 => open::<Aes192>(key, iv, sealed),
        _ => open::<Aes256>(key, iv, sealed),
    };
    plain.ok_or(Refusal::Uneven)
}

/// RFC 4106 §3 to §5.
fn open_gcm(key: &[u8], header: &[u8], high: &[u8], sealed: &[u8], code_len: usize) -> Result<Vec<u8>, Refusal> {
    // The codes that are shorter than GCM's are its start. Its cipher is the same both ways: sealed once more, the bytes are plain; and
    // sealed from there, they have the code that there ought to be.
    fn open<C: AeadInPlace + KeyInit>(
        key: &[u8],
        nonce: &[u8],
        about: &[u8],
        bytes: &[u8],
    ) -> Option<(Vec<u8>, Vec<u8>)> {
        let cipher = C::new_from_slice(key).ok()?;
        let mut plain = bytes.to_vec();
        let nonce = aes_gcm::aead::Nonce::<C>::from_slice(nonce);
        cipher.encrypt_in_place_detached(nonce, about, &mut plain).ok()?;
        let code = cipher.encrypt_in_place_detached(nonce, about, &mut plain.clone()).ok()?;
        Some((plain, code.to_vec()))
    }
    let (iv, sealed) = sealed.split_at_checked(8).ok_or(Refusal::TooShort)?;
    let (sealed, code) = split_end(sealed, code_len)?;
    let (key, salt) = split_end(key, 4)?;
    let nonce = Nonce::<U12>::from_iter(salt.iter().chain(iv).copied());
    // RFC 4106 §5: the upper half of the sequence number stands between SPI and lower half.
    let (spi, low) = header.split_at_checked(4).ok_or(Refusal::TooShort)?;
    let about = [spi, high, low].concat();
    let opened = match key.len() {
        16 => open::<AesGcm<Aes128, U12>>(key, &nonce, &about, sealed),
        24 => open::<AesGcm<Aes192, U12>>(key, &nonce, &about, sealed),
        _ => open::<AesGcm<Aes256, U12>>(key, &nonce, &about, sealed),
    };
    let (plain, right) = opened.ok_or(Refusal::CheckValue)?;
    if right.starts_with(code) { Ok(plain) } else { Err(Refusal::CheckValue) }
}

/// A line's columns, with quotation marks around them or without.
fn columns(mut line: &str) -> Option<Vec<&str>> {
    let mut columns = Vec::new();
    loop {
        line = line.trim_start();
        let (column, rest) = match line.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => line.split_at_checked(line.find(',').unwrap_or(line.len()))?,
        };
        columns.push(column.trim());
        let rest = rest.trim_start();
        match rest.strip_prefix(',') {
            Some(behind) => line = behind,
            None => return rest.is_empty().then_some(columns),
        }
    }
}

/// A name without what stands in brackets behind it.
fn named<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    let name = name.split('[').next().unwrap_or_default().trim();
    table.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

fn cipher_of(name: &str, key: Key) -> Result<Cipher, LineError> {
    let must = "NULL, AES-CBC or AES-GCM, with 8, 12 or 16 octet ICV";
    let cipher = named(&CIPHERS, name).ok_or(LineError { what: "the encryption", must })?(key);
    let (fits, must) = match &cipher {
        Cipher::Null => (true, ""),
        Cipher::Cbc(key) => (matches!(key.len(), 16 | 24 | 32), "16, 24 or 32 bytes"),
        Cipher::Gcm(key, _) => (matches!(key.len(), 20 | 28 | 36), "16, 24 or 32 bytes and the salt of 4"),
    };
    if fits { Ok(cipher) } else { Err(LineError { what: "the encryption key", must }) }
}

fn key(text: &str, what: &'static str) -> Result<Key, LineError> {
    let error = LineError { what, must: "0x and pairs of hexadecimal digits" };
    if text.is_empty() {
        return Ok(Key::default());
    }
    let digits = text.strip_prefix("0x").ok_or(error)?;
    if digits.len() % 2 != 0 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(error);
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(digits.len() / 2));
    for at in (0..digits.len()).step_by(2) {
        let pair = digits.get(at..at + 2).ok_or(error)?;
        bytes.push(u8::from_str_radix(pair, 16).map_err(|_| error)?);
    }
    Ok(bytes)
}

/// `None` is any.
fn address(text: &str, what: &'static str) -> Result<Option<IpAddr>, LineError> {
    match text {
        "*" => Ok(None),
        text => text.parse().map(Some).map_err(|_| LineError { what, must: "an address or *" }),
    }
}

/// `None` is any.
fn number(text: &str, what: &'static str) -> Result<Option<u32>, LineError> {
    let number = match text.strip_prefix("0x") {
        _ if text == "*" => return Ok(None),
        Some(digits) => u32::from_str_radix(digits, 16),
        None => text.parse(),
    };
    number.map(Some).map_err(|_| LineError { what, must: "a number of 32 bits or *" })
}

/// The upper half of sequence numbers, which stays out where they have 32 bits.
fn sequence_high(columns: &[&str]) -> Option<Option<u32>> {
    match columns {
        [] | ["32-bit"] | ["32-bit", _] => Some(None),
        ["64-bit", high] => number(high, "").ok().filter(Option::is_some),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unhex(text: &str) -> Vec<u8> {
        let digits: Vec<_> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
        let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        digits.chunks(2).map(pair).collect()
    }

    fn open(line: &str, packet: &[u8]) -> Result<Opened, Refusal> {
        Association::parse(line).unwrap().open(&EspPacket::parse(packet).unwrap())
    }

    /// A line with these algorithms and keys.
    fn line(cipher: &str, key: &str, check: &str, check_key: &str) -> String {
        format!("\"IPv4\",\"*\",\"*\",\"*\",\"{cipher}\",\"{key}\",\"{check}\",\"{check_key}\"")
    }

    /// RFC 3602 §4, case 5: a ping in transport mode.
    const CASE_5: &str = "00004321 00000001 e96e8c08 ab465763 fd098d45 dd3ff893 f663c25d 325c18c6 a9453e19 4e120849 a4870b66 \
        cc6b9965 330013b4 898dc856 a4699e52 3a55db08 0b59ec3a 8e4b7e52 775b07d1 db34ed9c 538ab50c 551b874a a269add0 47ad2d59 \
        13ac19b7 cfbad4a6";
    const CASE_5_KEY: &str = "0x90d382b410eeba7ad938c46cec1a82bf";

    const CODES: [(&str, usize, &str); 5] = [
        ("HMAC-SHA-1-96 [RFC2404]", 20, "cf264838385a370fec0fbf47"),
        ("HMAC-SHA-256-96 [draft-ietf-ipsec-ciph-sha-256-00]", 32, "1731896e10aaf60f5e4bd414"),
        ("HMAC-SHA-256-128 [RFC4868]", 32, "1731896e10aaf60f5e4bd414d67e268d"),
        ("HMAC-SHA-384-192 [RFC4868]", 48, "1e29242b0b522b1e541368f4e3b8c573d96878d673404a60"),
        ("HMAC-SHA-512-256 [RFC4868]", 64, "32c14ae80f6c383967b825c2e73a3d07c86f965bf52f52179292f014c92d7ad7"),
    ];

    #[test]
    fn aes_cbc() {
        let packet = unhex(CASE_5);
        let opened = open(&line("AES-CBC [RFC3602]", CASE_5_KEY, "NULL", ""), &packet).unwrap();
        let ping = "08000ebd a70a0000 8e9c083d b95b0700 08090a0b 0c0d0e0f 10111213 14151617 18191a1b 1c1d1e1f 20212223 \
            24252627 28292a2b 2c2d2e2f 30313233 34353637";
        assert_eq!(opened.payload(), unhex(ping));
        assert_eq!((opened.next_header, opened.pad_len, opened.is_verified), (IpProtocol::ICMP, 14, false));
        // Another key: the padding tells.
        let other = line("AES-CBC [RFC3602]", "0x90d382b410eeba7ad938c46cec1a82be", "NULL", "");
        assert_eq!(open(&other, &packet), Err(Refusal::Padding));
        let cut = &packet[..packet.len() - 1];
        assert_eq!(open(&line("AES-CBC", CASE_5_KEY, "NULL", ""), cut), Err(Refusal::Uneven));
        assert_eq!(open(&line("AES-CBC", CASE_5_KEY, "NULL", ""), &packet[..20]), Err(Refusal::TooShort));
        assert_eq!(open(&line("AES-CBC", CASE_5_KEY, "NULL", ""), &packet[..24]), Err(Refusal::TooShort));
    }

    /// The same with the check values that Python's hmac 3.11 makes of it, with the keys of RFC 4868 §2.7.2's first cases for the
    /// authentication: 20 bytes of 0x0b and so on, as long as each hash.
    #[test]
    fn check_values() {
        for (name, key_len, code) in CODES {
            let key = format!("0x{}", "0b".repeat(key_len));
            let packet = [unhex(CASE_5), unhex(code)].concat();
            let line = line("AES-CBC [RFC3602]", CASE_5_KEY, name, &key);
            let opened = open(&line, &packet).unwrap();
            assert_eq!((opened.payload().len(), opened.is_verified), (64, true), "{name}");
            for at in [0, 8, packet.len() - 1] {
                let mut other = packet.clone();
                other[at] ^= 1;
                assert_eq!(open(&line, &other), Err(Refusal::CheckValue), "{name}");
            }
            assert_eq!(open(&line, &packet[..8 + unhex(code).len() - 1]), Err(Refusal::TooShort), "{name}");
        }
        // Nobody checks, but the code's length is told.
        let packet = [unhex(CASE_5), vec![7; 12]].concat();
        let line = line("AES-CBC", CASE_5_KEY, "ANY 96 bit authentication [no checking]", "");
        assert!(!open(&line, &packet).unwrap().is_verified);
    }

    /// draft-mcgrew-gcm-test-01 §4, cases 2 and 7: packets in tunnel mode, under keys of 128 and 192 bits; and case 1, whose sequence
    /// number has 64 bits.
    #[test]
    fn aes_gcm() {
        let cases = [
            (
                "feffe9928665731c6d6a8f9467308308cafebabe",
                "",
                "0000a5f8 0000000a facedbaddecaf888 deb22cd9b07c72c16e3a65beeb8df304a5a5897d33ae530f1ba76d5d114d2a5c\
                 3de81827c10e9a4f51330d0eec416642cfbb85a5b47e48a4ec3b9ba95d918bd183b70d3aa8bc6ee4c309e9d85a41ad4a",
                "4500003e698f000080114dccc0a80102c0a801010a980035002a2343b2d0010000010000000000000373697009637962\
                 65726369747902646b0000010001",
                (IpProtocol(1), 0),
            ),
            (
                "feffe9928665731c6d6a8f9467308308feffe9928665731ccafebabe",
                ",\"32-bit\"",
                "0000a5f8 0000000a facedbaddecaf888 a5b1f8066029aea40e598b8122de02420938b3ab33f828e687b8858b5bfbdbd0\
                 315b27452144cc7795457b9652037f5318027b5b4cd7a636",
                "45000028a4ad4000400678800a01038f0a010612802306b8cb712602dd6bb03e501016d07568",
                (IpProtocol(1), 0),
            ),
            (
                "4c80cdefbb5d10da906ac73c3613a6342e443b68",
                ",\"64-bit\",\"0x87654321\"",
                "00004321 00000000 4956ed7e3b244cfe fecf537e729d5b07dc30df528dd22b768d1b98736696a6fd348509fa13ceac34\
                 cfa2436f14a3f3cf65925bf1f4a13c5d15b21e1884f5ff6247aeabb786b93bce61bc17d768fd9732459018148f6cbe72\
                 2fd04796562dfdb4",
                "45000048699a000080114db7c0a80102c0a801010a9bf15638d301000001000000000000045f736970045f7564700373\
                 69700963796265726369747902646b0000210001",
                (IpProtocol(1), 2),
            ),
        ];
        for (key, behind, packet, payload, (next_header, pad_len)) in cases {
            let (packet, payload) = (unhex(packet), unhex(payload));
            let gcm = |len: &str| line(&format!("AES-GCM{len} [RFC4106]"), &format!("0x{key}"), "NULL", "") + behind;
            let opened = open(&gcm(""), &packet).unwrap();
            assert_eq!(opened.payload(), &payload[..]);
            let Opened { next_header: next, pad_len: pad, is_verified, .. } = opened;
            assert_eq!((next, pad, is_verified), (next_header, pad_len, true));
            // RFC 4106 §6: the shorter check values are its start.
            for (name, cut) in [(" with 8 octet ICV", 8), (" with 12 octet ICV", 4), (" with 16 octet ICV", 0)] {
                let cut = &packet[..packet.len() - cut];
                assert_eq!(open(&gcm(name), cut).unwrap().payload(), &payload[..], "{name}");
            }
            // Or told by an authentication that Wireshark does not check.
            let any = gcm("").replace("\"NULL\"", "\"ANY 96 bit authentication [no checking]\"");
            assert_eq!(open(&any, &packet[..packet.len() - 4]).unwrap().payload(), &payload[..]);
            for at in [0, 7, 8, 16, packet.len() - 1] {
                let mut other = packet.clone();
                other[at] ^= 1;
                assert_eq!(open(&gcm(""), &other), Err(Refusal::CheckValue), "{at}");
            }
            assert_eq!(open(&gcm(""), &packet[..31]), Err(Refusal::TooShort));
        }
    }

    /// RFC 4303 §2.4, §2.6: what stands behind the payload, where nothing is sealed.
    #[test]
    fn trailers() {
        let null = line("NULL", "", "NULL", "");
        let opened = |sealed: &[u8]| {
            let opened = open(&null, &[&[0, 0, 1, 0, 0, 0, 0, 1], sealed].concat());
            opened.map(|opened| (opened.payload().to_vec(), opened.pad_len, opened.next_header))
        };
        assert_eq!(opened(&[9, 9, 1, 2, 2, 17]), Ok((vec![9, 9], 2, IpProtocol::UDP)));
        assert_eq!(opened(&[1, 2, 2, 59]), Ok((vec![], 2, IpProtocol(59))));
        assert_eq!(opened(&[0, 59]), Ok((vec![], 0, IpProtocol(59))));
        assert_eq!(opened(&[1, 3, 2, 59]), Err(Refusal::Padding));
        assert_eq!(opened(&[1, 2, 3, 59]), Err(Refusal::Padding));
        assert_eq!(opened(&[59]), Err(Refusal::TooShort));
    }

    #[test]
    fn which_association() {
        let text = "# Wireshark writes its name and version here\n\n\
            \"IPv4\",\"192.0.2.1\",\"192.0.2.2\",\"0x00000100\",\"NULL\",\"\",\"NULL\",\"\"\n\
            \"IPv4\", \"*\" ,\"*\",\"256\",\"NULL\",\"\",\"ANY 64 bit authentication [no checking]\",\"\"\n\
            IPv6,2001:db8::1,*,*,NULL,,NULL,\n";
        let all = Associations::parse(text).unwrap();
        let ends = |a: &str, b: &str| (a.parse().unwrap(), b.parse().unwrap());
        let at = |ends, spi| {
            all.of(ends, spi).map(|found| all.rows.iter().position(|row| std::ptr::eq(row, found)).unwrap())
        };
        assert_eq!(at(ends("192.0.2.1", "192.0.2.2"), 0x100), Some(0));
        assert_eq!(at(ends("192.0.2.2", "192.0.2.1"), 0x100), Some(1));
        assert_eq!(at(ends("192.0.2.1", "192.0.2.2"), 0x101), None);
        assert_eq!(at(ends("2001:db8::1", "2001:db8::2"), 7), Some(2));
        assert_eq!(at(ends("2001:db8::2", "2001:db8::1"), 0x100), None);
    }

    /// What is wrong is said without what stands there.
    #[test]
    fn lines_that_are_wrong() {
        let good = ["IPv4", "*", "*", "*", "AES-CBC", CASE_5_KEY, "HMAC-SHA-1-96", "0x0b0b"];
        let with = |at: usize, value: &str| {
            let mut columns = good.to_vec();
            columns[at] = value;
            Association::parse(&columns.join(",")).unwrap_err().to_string()
        };
        let secret = "0x90d382b410eeba7ad938c46cec1a82bg";
        for (at, value, words) in [
            (0, secret, "the protocol must be IPv4, IPv6 or *"),
            (1, secret, "the source must be an address or *"),
            (2, secret, "the destination must be an address or *"),
            (3, secret, "the SPI must be a number of 32 bits or *"),
            (5, secret, "the encryption key must be 0x and pairs of hexadecimal digits"),
            (5, "90d3", "the encryption key must be 0x and pairs of hexadecimal digits"),
            (5, "0x90d", "the encryption key must be 0x and pairs of hexadecimal digits"),
            (5, "0x90d3", "the encryption key must be 16, 24 or 32 bytes"),
            (7, "0xäb", "the authentication key must be 0x and pairs of hexadecimal digits"),
            (
                7,
                "0x0b,64-bit",
                "what follows the keys must be \"32-bit\", or \"64-bit\" and the upper half of the sequence numbers",
            ),
            (
                7,
                "0x0b,64-bit,*",
                "what follows the keys must be \"32-bit\", or \"64-bit\" and the upper half of the sequence numbers",
            ),
        ] {
            assert_eq!(with(at, value), words);
        }
        for (at, value) in [(4, secret), (6, secret), (4, ""), (0, "\"IPv4"), (0, "IPv4\"x\",")] {
            let said = with(at, value);
            assert!(!said.contains("90d3") && said.contains(" must be "), "{said}");
        }
        let error = Associations::parse("#\nIPv4").unwrap_err().to_string();
        assert!(error.starts_with("line 2: the columns must be eight"), "{error}");
        assert_eq!(format!("{:?}", Association::parse(&good.join(",")).unwrap()), "Association { spi: None, .. }");
    }
}
