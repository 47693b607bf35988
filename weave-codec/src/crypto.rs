//! Opening and sealing encrypted packets in place: NaCl's secretbox (XSalsa20-Poly1305), by RustCrypto.
//!
//! ```text
//!  nonce: byte 0                                       bytes 16–23
//!  +-+-------+-----------------------------------------+----------------+
//!  |o| 0 …                                             | the sequence number as sent
//!  +-+-------+-----------------------------------------+----------------+
//!   o: sent by the side that opened the connection
//! ```
//!
//! weave router/frame_crypto.go.

use crypto_secretbox::aead::generic_array::GenericArray;
use crypto_secretbox::aead::{AeadInPlace, KeyInit};
use crypto_secretbox::{Nonce, Tag, XSalsa20Poly1305};
use ether_ip::Error;

use crate::sleeve::{
    ENCRYPTED_OVERHEAD, EncryptedBody, Frames, PACKET_OVERHEAD, SEQUENCE_LEN, SLEEVE, Sequence, SleevePacket, TAG_LEN,
};

/// Who sent a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum Direction {
    /// The peer that opened the connection.
    Outbound,
    /// The peer that took it.
    Inbound,
}

/// The key of a connection.
///
/// ```
/// use weave_codec::crypto::{Direction, SessionKey};
/// use weave_codec::{PeerName, Sequence, SleeveFrame, SleeveWriter};
///
/// let key = SessionKey::new([7; 32]);
/// let peer = PeerName([1; 6]);
/// let frame = SleeveFrame { source: peer, destination: PeerName([2; 6]), ethernet: &[9; 60] };
/// let mut buffer = [0; 200];
/// let mut packet = SleeveWriter::encrypted(peer, &mut buffer)?;
/// packet.push(&frame)?;
/// let len = packet.len();
/// packet.finish();
/// key.seal(&mut buffer[..len], Direction::Outbound, Sequence::new(0, true))?;
///
/// let mut frames = key.open(&mut buffer[..len], Direction::Outbound)?.1;
/// assert_eq!(frames.next().unwrap()?, frame);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SessionKey {
    cipher: XSalsa20Poly1305,
}

impl core::fmt::Debug for SessionKey {
    /// Without the key.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("SessionKey").finish_non_exhaustive()
    }
}

/// Why a packet could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum OpenError {
    /// The packet is too short.
    #[error(transparent)]
    Packet(#[from] Error),
    /// It was not sealed with this key, in this direction, or its number, tag or frames were changed on the way. Nothing of it was changed
    /// here.
    #[error("Weave sleeve is forged: the tag of packet {number} is not that of this key and direction")]
    Forged {
        /// The packet's sequence number.
        number: u64,
    },
}

impl SessionKey {
    /// A key.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self { cipher: XSalsa20Poly1305::new(&GenericArray::from(key)) }
    }

    /// Opens a packet in place: its number, and the frames. Whether the number is new is for the
    /// [replay window](crate::replay) to say. The sender's name in front (bytes 0 to 5) is not under the tag, in weave neither: that the
    /// key fits says from whom a packet is, its first bytes do not.
    ///
    /// # Errors
    /// [`OpenError::Packet`] if it is too short; [`OpenError::Forged`], and then the packet is as it was.
    pub fn open<'p>(&self, packet: &'p mut [u8], direction: Direction) -> Result<(Sequence, Frames<'p>), OpenError> {
        let sequence = EncryptedBody::parse(SleevePacket::parse(&packet[..])?.into_body())?.sequence;
        let forged = OpenError::Forged { number: sequence.number() };
        let (front, frames) = packet.split_at_mut_checked(ENCRYPTED_OVERHEAD).ok_or(forged)?;
        let tag: [u8; TAG_LEN] = *front.last_chunk().ok_or(forged)?;
        // The tag is compared before anything is deciphered.
        let opened = self.cipher.decrypt_in_place_detached(&nonce(direction, sequence), &[], frames, &Tag::from(tag));
        opened.map_err(|_| forged)?;
        Ok((sequence, Frames::new(frames)))
    }

    /// Seals a packet in place, which was [packed](crate::SleeveWriter::encrypted) with room for number and tag. Each number is to be
    /// used once in a direction.
    ///
    /// # Errors
    /// [`Error::Truncated`] under 30 bytes.
    pub fn seal(&self, packet: &mut [u8], direction: Direction, sequence: Sequence) -> Result<(), Error> {
        let truncated = Error::Truncated { layer: SLEEVE, needed: ENCRYPTED_OVERHEAD, available: packet.len() };
        let (front, frames) = packet.split_at_mut_checked(ENCRYPTED_OVERHEAD).ok_or(truncated)?;
        let body = front.get_mut(PACKET_OVERHEAD..).ok_or(truncated)?;
        let (number, tag) = body.split_first_chunk_mut::<SEQUENCE_LEN>().ok_or(truncated)?;
        let tag = tag.first_chunk_mut::<TAG_LEN>().ok_or(truncated)?;
        let made = self.cipher.encrypt_in_place_detached(&nonce(direction, sequence), &[], frames);
        *tag = made.map_err(|_| truncated)?.into();
        *number = sequence.to_bytes();
        Ok(())
    }
}

fn nonce(direction: Direction, sequence: Sequence) -> Nonce {
    let mut nonce = [0; 24];
    if let (Direction::Outbound, [first, ..]) = (direction, &mut nonce) {
        *first = 0x80;
    }
    if let Some(slot) = nonce.last_chunk_mut() {
        *slot = sequence.to_bytes();
    }
    nonce.into()
}
