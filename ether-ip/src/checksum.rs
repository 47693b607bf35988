//! The Internet checksum (RFC 1071): whole, over several slices, with a pseudo-header, and incremental (RFC 1624).
//!
//! The sum is taken in the machine's byte order, which RFC 1071 §2(B) allows, and turned round once at the end. The
//! bytes are read eight at a time into a sum that cannot overflow, in a shape that compilers make vector code of.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use zerocopy::{FromBytes, IntoBytes, native_endian};

use crate::ip::IpProtocol;

/// The checksum of `bytes`, as it stands in a header: the complement of the ones' complement sum.
///
/// ```
/// // RFC 1071 §3: the sum of these words is ddf2.
/// assert_eq!(ether_ip::checksum::of(&[0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]), !0xddf2);
/// ```
#[inline]
#[must_use]
pub fn of(bytes: &[u8]) -> u16 {
    if bytes.len() < LONG { Checksum::new().bytes(bytes).finish() } else { of_long(bytes) }
}

/// The last call of whoever asks for no more, so that nothing is kept over it.
#[inline(never)]
fn of_long(bytes: &[u8]) -> u16 {
    Checksum { sum: sum_each(bytes), odd: false }.finish()
}

/// A checksum being taken over several pieces, in the order in which they stand in the packet.
///
/// A piece of odd length is no obstacle: the next one goes on at the odd byte.
///
/// ```
/// use ether_ip::checksum::{self, Checksum};
///
/// let split = Checksum::new().bytes(&[1, 2, 3]).bytes(&[4]).bytes(&[5, 6]);
/// assert_eq!(split.finish(), checksum::of(&[1, 2, 3, 4, 5, 6]));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Checksum {
    /// The sum of the words so far, in the machine's byte order, never folded below 64 bits.
    sum: u64,
    /// Whether an odd number of bytes was added.
    odd: bool,
}

impl Checksum {
    /// Nothing added yet.
    #[inline]
    #[must_use]
    pub const fn new() -> Self {
        Self { sum: 0, odd: false }
    }

    /// Adds bytes.
    #[inline]
    #[must_use]
    pub fn bytes(self, bytes: &[u8]) -> Self {
        let sum = sum_words(bytes);
        let sum = if self.odd { placed(true, fold(sum)) } else { sum };
        Self { sum: add_carry(self.sum, sum), odd: self.odd ^ (bytes.len() % 2 == 1) }
    }

    /// Adds a 16-bit word, given in host terms.
    #[inline]
    #[must_use]
    pub const fn word(self, word: u16) -> Self {
        Self { sum: add_carry(self.sum, placed(self.odd, word.to_be())), odd: self.odd }
    }

    /// The checksum as it stands in a header that has these words beside the whole ones that were added; few, so that nothing overflows.
    #[inline(always)]
    pub(crate) fn finish_with<const N: usize>(self, words: [u16; N]) -> u16 {
        !u16::from_be(fold(words.iter().fold(self.sum, |sum, word| plus(sum, u64::from(word.to_be())))))
    }

    /// The checksum as it stands in a header.
    #[inline]
    #[must_use]
    pub const fn finish(self) -> u16 {
        !u16::from_be(fold(self.sum))
    }
}

/// The part of a UDP, TCP or ICMPv6 checksum that comes from the IP header (RFC 768, RFC 9293 §3.1, RFC 8200 §8.1).
///
/// ```
/// use ether_ip::{checksum::PseudoHeader, ip::IpProtocol};
///
/// let pseudo = PseudoHeader::ipv4([192, 0, 2, 1].into(), [192, 0, 2, 2].into(), IpProtocol::UDP);
/// // A datagram with the right checksum gives zero.
/// assert_eq!(pseudo.checksum(b"\x0f\xa0\x00\x35\x00\x0d\x28\x29hello"), 0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PseudoHeader {
    sum: Checksum,
    ipv6: bool,
    whole: bool,
}

impl PseudoHeader {
    /// Of an IPv4 packet.
    #[inline]
    #[must_use]
    pub fn ipv4(source: Ipv4Addr, destination: Ipv4Addr, protocol: IpProtocol) -> Self {
        let sum = Checksum::new().bytes(&source.octets()).bytes(&destination.octets()).word(u16::from(protocol.0));
        Self { sum, ipv6: false, whole: true }
    }

    /// Of an IPv6 packet. With a routing header, `destination` is the final one (RFC 8200 §8.1).
    #[inline]
    #[must_use]
    pub fn ipv6(source: Ipv6Addr, destination: Ipv6Addr, protocol: IpProtocol) -> Self {
        let sum = Checksum::new().bytes(&source.octets()).bytes(&destination.octets()).word(u16::from(protocol.0));
        Self { sum, ipv6: true, whole: true }
    }

    /// Of either, or `None` if the addresses are of different families.
    #[must_use]
    pub fn ip(source: IpAddr, destination: IpAddr, protocol: IpProtocol) -> Option<Self> {
        match (source, destination) {
            (IpAddr::V4(source), IpAddr::V4(destination)) => Some(Self::ipv4(source, destination, protocol)),
            (IpAddr::V6(source), IpAddr::V6(destination)) => Some(Self::ipv6(source, destination, protocol)),
            _ => None,
        }
    }

    /// Whether it is of an IPv6 packet.
    #[inline]
    #[must_use]
    pub const fn is_ipv6(&self) -> bool {
        self.ipv6
    }

    /// Whether the packet was whole, as far as who made this could know: a fragment, or what was cut, holds a part of the bytes that the
    /// checksum covers, and none can be filled from it.
    #[inline]
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.whole
    }

    /// The same of a packet that is whole or not.
    #[inline]
    pub(crate) const fn of_whole(self, whole: bool) -> Self {
        Self { whole, ..self }
    }

    /// The sum with an upper-layer length in it, to which the upper layer's bytes are then added.
    #[inline]
    #[must_use]
    pub const fn with_length(&self, length: usize) -> Checksum {
        // The length is 32 bits wide in IPv6 (a jumbogram), 16 in IPv4; both add up the same.
        let length = length as u32;
        self.sum.word((length >> 16) as u16).word(length as u16)
    }

    /// The checksum over the pseudo-header and a whole upper-layer packet: what its checksum field must hold if that
    /// field is zero now, and zero if it holds the right one.
    #[inline]
    #[must_use]
    pub fn checksum(&self, upper_layer: &[u8]) -> u16 {
        self.with_length(upper_layer.len()).bytes(upper_layer).finish()
    }
}

/// What a change of some bytes does to a checksum that covers them (RFC 1624, equation 3). Each change says at which offset it
/// stands, counted from the first byte that the checksum covers: at an odd one, every byte stands in the other half of its word.
///
/// ```
/// use ether_ip::checksum::{self, Change};
///
/// // RFC 1624 §4: the word 5555 becomes 3285, the checksum dd2f becomes 0000.
/// assert_eq!(Change::new().word(8, 0x5555, 0x3285).apply(0xdd2f), 0x0000);
/// // At an odd offset, as a TCP option behind one NOP may stand.
/// let (before, after) = ([1, 2, 3, 4, 5, 6], [1, 2, 3, 7, 8, 6]);
/// let change = Change::new().bytes(3, &[4, 5], &[7, 8]);
/// assert_eq!(change.apply(checksum::of(&before)), checksum::of(&after));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Change {
    sum: u64,
}

impl Change {
    /// No change.
    #[inline]
    #[must_use]
    pub const fn new() -> Self {
        Self { sum: 0 }
    }

    /// The 16-bit word at `offset`, given in host terms, becomes another.
    #[inline]
    #[must_use]
    pub const fn word(self, offset: usize, old: u16, new: u16) -> Self {
        self.sums(offset, old.to_be(), new.to_be())
    }

    /// The bytes at `offset` become others, as many.
    #[inline]
    #[must_use]
    pub fn bytes<const N: usize>(self, offset: usize, old: &[u8; N], new: &[u8; N]) -> Self {
        self.sums(offset, fold(sum_words(old)), fold(sum_words(new)))
    }

    /// Words come in at `offset`, and what stood there stands behind them: whole words, so that it stays in its half of its word.
    #[inline]
    #[must_use]
    pub fn inserted(self, offset: usize, words: &[[u8; 2]]) -> Self {
        self.sums(offset, 0, fold(sum_words(words.as_flattened())))
    }

    /// The words at `offset` go out, and what stood behind them moves up.
    #[inline]
    #[must_use]
    pub fn removed(self, offset: usize, words: &[[u8; 2]]) -> Self {
        self.sums(offset, fold(sum_words(words.as_flattened())), 0)
    }

    /// Bytes at `offset` become others, more or less of them by whole words, or all up to the end.
    #[inline]
    pub(crate) fn swapped(self, offset: usize, old: &[u8], new: &[u8]) -> Self {
        self.sums(offset, fold(sum_words(old)), fold(sum_words(new)))
    }

    /// Whole words at an even offset become others, more or less of them: given are their [sums](words_of), so that no number goes through
    /// memory.
    #[inline(always)]
    pub(crate) const fn summed(self, old: u64, new: u64) -> Self {
        self.sums(0, fold(old).to_be(), fold(new).to_be())
    }

    /// The change as the one word that is to be added to a sum, in host terms: for who keeps it where no code of this crate is, as a map of
    /// a program in the kernel. [`of_difference`](Self::of_difference) makes a change of it again.
    ///
    /// ```
    /// use ether_ip::checksum::Change;
    ///
    /// // RFC 1624 §4, equation 3: ~5555 + 3285 is aaaa + 3285.
    /// let change = Change::new().word(8, 0x5555, 0x3285);
    /// assert_eq!(change.difference(), 0xdd2f);
    /// assert_eq!(Change::of_difference(0xdd2f).apply(0xdd2f), change.apply(0xdd2f));
    /// ```
    #[inline]
    #[must_use]
    pub const fn difference(self) -> u16 {
        u16::from_be(fold(self.sum))
    }

    /// What adds this word to a sum.
    #[inline]
    #[must_use]
    pub const fn of_difference(difference: u16) -> Self {
        Self { sum: difference.to_be() as u64 }
    }

    /// Both changes.
    #[inline]
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { sum: add_carry(self.sum, other.sum) }
    }

    /// Whether it changes nothing: both zeros do.
    #[inline]
    pub(crate) const fn is_none(self) -> bool {
        matches!(fold(self.sum), 0 | 0xffff)
    }

    /// The checksum after the change.
    #[inline]
    #[must_use]
    pub const fn apply(self, checksum: u16) -> u16 {
        !u16::from_be(fold(add_carry(self.sum, !checksum.to_be() as u64)))
    }

    /// Bytes at `offset` whose sum was `old` have the sum `new`, both in the machine's byte order.
    #[inline(always)]
    const fn sums(self, offset: usize, old: u16, new: u16) -> Self {
        let is_odd = offset % 2 == 1;
        Self { sum: add_carry(self.sum, plus(placed(is_odd, !old), placed(is_odd, new))) }
    }
}

/// The sum of a number's words, or of more where they stand for each other. Few of them can be added.
#[inline(always)]
pub(crate) const fn words_of(number: u128) -> u64 {
    plus(halves((number >> 64) as u64), halves(number as u64))
}

/// From so many bytes on the sum is taken by a loop that is vector code, once for all callers. A header is summed where it stands.
const LONG: usize = 64;

/// The ones' complement sum of all words in the machine's byte order, wider than a word.
#[inline]
fn sum_words(bytes: &[u8]) -> u64 {
    if bytes.len() < LONG { sum_short(bytes) } else { sum_long(bytes) }
}

#[inline(never)]
fn sum_long(bytes: &[u8]) -> u64 {
    sum_each(bytes)
}

/// Eight bytes a turn, their halves added in a lane of 64 bits: the one shape of which compilers make vectors of any width without
/// moving bytes about in them.
#[inline(always)]
fn sum_each(mut bytes: &[u8]) -> u64 {
    let mut sum = 0;
    while let Some((lane, rest)) = bytes.split_first_chunk::<8>() {
        sum = plus(sum, halves(u64::from_ne_bytes(*lane)));
        bytes = rest;
    }
    sum_tail(sum, bytes)
}

/// Of less than 64 bytes: each bit of the length is a piece.
#[inline(always)]
fn sum_short(bytes: &[u8]) -> u64 {
    let (sum, bytes) = sum_piece::<32>(0, bytes);
    let (sum, bytes) = sum_piece::<16>(sum, bytes);
    let (sum, bytes) = sum_piece::<8>(sum, bytes);
    sum_tail(sum, bytes)
}

/// Adds the last bytes, less than 8.
#[inline(always)]
fn sum_tail(mut sum: u64, mut bytes: &[u8]) -> u64 {
    if let Some((word, rest)) = bytes.split_first_chunk::<4>() {
        sum = plus(sum, u64::from(u32::from_ne_bytes(*word)));
        bytes = rest;
    }
    if let Some((word, rest)) = bytes.split_first_chunk::<2>() {
        sum = plus(sum, u64::from(u16::from_ne_bytes(*word)));
        bytes = rest;
    }
    // An odd last byte stands in front of a zero (RFC 1071 §4.1).
    plus(sum, bytes.first().map_or(0, |last| u64::from(u16::from_ne_bytes([*last, 0]))))
}

/// Adds the first `N` bytes, if there are so many. The sum, and the bytes behind them.
#[inline(always)]
fn sum_piece<const N: usize>(sum: u64, bytes: &[u8]) -> (u64, &[u8]) {
    let Some((piece, rest)) = bytes.split_first_chunk::<N>() else { return (sum, bytes) };
    let lanes = <[native_endian::U64]>::ref_from_bytes(piece).unwrap_or_default();
    (lanes.iter().fold(sum, |sum, lane| plus(sum, halves(lane.get()))), rest)
}

/// A plain sum that cannot overflow for as long as memory is finite (2^36 bytes of ones would have to be summed), in the one form
/// that asks nothing in a build that looks for overflows.
#[inline(always)]
const fn plus(sum: u64, part: u64) -> u64 {
    sum.wrapping_add(part)
}

/// The two halves of a word, added: at most 2^33, so that 2^31 of them fit in the sum.
#[inline(always)]
const fn halves(word: u64) -> u64 {
    (word >> 32) + (word & 0xffff_ffff)
}

/// Ones' complement addition in 64 bits. A sum that gave a carry has room for it.
#[inline(always)]
const fn add_carry(a: u64, b: u64) -> u64 {
    let (sum, carry) = a.overflowing_add(b);
    sum.wrapping_add(carry as u64)
}

/// What a sum comes to where the bytes stand: at an odd offset every one stands in the other half of its word (RFC 1071 §2(B)).
#[inline(always)]
const fn placed(is_odd: bool, sum: u16) -> u64 {
    if is_odd { sum.swap_bytes() as u64 } else { sum as u64 }
}

/// Folds the carries back in until 16 bits remain. A half added to the other one in both places leaves in the upper one
/// their sum with the carry of the lower one in it: the ones' complement sum.
#[inline(always)]
const fn fold(sum: u64) -> u16 {
    let sum = (sum.wrapping_add(sum.rotate_right(32)) >> 32) as u32;
    (sum.wrapping_add(sum.rotate_right(16)) >> 16) as u16
}

/// The sum of a header's own bytes, for headers that are a zerocopy struct.
#[inline]
pub(crate) fn header<H: IntoBytes + zerocopy::Immutable>(header: &H) -> Checksum {
    Checksum::new().bytes(header.as_bytes())
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::vec::Vec;

    /// RFC 1071 §1, word by word, as slow as it is plain.
    fn plain(bytes: &[u8]) -> u16 {
        let mut sum = 0_u32;
        for pair in bytes.chunks(2) {
            sum += u32::from(pair[0]) << 8 | u32::from(*pair.get(1).unwrap_or(&0));
            sum = (sum & 0xffff) + (sum >> 16);
        }
        !(sum as u16)
    }

    fn noise(len: usize) -> Vec<u8> {
        let mut state = 0x2545_f491_u32;
        (0..len)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                state as u8
            })
            .collect()
    }

    #[test]
    fn every_length_equals_the_plain_sum() {
        let bytes = noise(400);
        for len in 0..bytes.len() {
            assert_eq!(of(&bytes[..len]), plain(&bytes[..len]), "{len} bytes");
        }
        let ones = std::vec![0xff; 65_535];
        assert_eq!(of(&ones), plain(&ones));
    }

    #[test]
    fn every_split_equals_the_whole() {
        let bytes = noise(131);
        for first in 0..=bytes.len() {
            for second in (first..=bytes.len()).step_by(7) {
                let split = Checksum::new().bytes(&bytes[..first]).bytes(&bytes[first..second]).bytes(&bytes[second..]);
                assert_eq!(split.finish(), of(&bytes), "split at {first} and {second}");
            }
        }
    }

    /// RFC 1624 §4: equation 3 gives 0000 where the older one gives ffff.
    #[test]
    fn incremental_never_gives_negative_zero_wrongly() {
        let change = Change::new().word(0, 0x5555, 0x3285);
        assert_eq!(change.apply(0xdd2f), 0x0000);
        // ~5555 is aaaa, and 3285 more dd2f.
        assert_eq!((change.difference(), Change::of_difference(0xdd2f).apply(0xdd2f)), (0xdd2f, 0x0000));
        assert_eq!(Change::of_difference(0x1234).apply(!0x0101), !0x1335);
        // RFC 1071 §1: ones' complement has two zeros; what is undone comes to the other one.
        let undone = change.word(0, 0x3285, 0x5555);
        assert_eq!([Change::new(), undone, change].map(Change::is_none), [true, true, false]);
        assert_eq!((Change::new().difference(), undone.difference()), (0, 0xffff));
        let mut bytes = noise(40);
        for at in 0..39 {
            let before = of(&bytes);
            let old = [bytes[at], bytes[at + 1]];
            let new = [old[1], !old[0]];
            bytes[at..at + 2].copy_from_slice(&new);
            assert_eq!(Change::new().bytes(at, &old, &new).apply(before), of(&bytes), "word at {at}");
            let words = (u16::from_be_bytes(old), u16::from_be_bytes(new));
            assert_eq!(Change::new().word(at, words.0, words.1).apply(before), of(&bytes), "word at {at}");
        }
    }

    /// RFC 1071 §2(B), by hand: 0001 f203 f4f5 sums to e6fa. With 03f4 at offset 3 become 0000 it is 0001 f200 00f5: f2f6.
    #[test]
    fn a_change_at_an_odd_offset() {
        assert_eq!(of(&[0, 1, 0xf2, 3, 0xf4, 0xf5]), !0xe6fa);
        assert_eq!(Change::new().bytes(3, &[3, 0xf4], &[0, 0]).apply(!0xe6fa), !0xf2f6);
        assert_eq!(Change::new().word(3, 0x03f4, 0).apply(!0xe6fa), !0xf2f6);
        assert_eq!(Change::new().word(2, 0x03f4, 0).apply(!0xe6fa), !0xe306, "what an even offset would have come to");
    }

    /// Words that come in or go out anywhere; a word that is added to a sum of odd length.
    #[test]
    fn words_in_and_out_at_every_offset() {
        let bytes = noise(30);
        let words = [[0x9a, 8], [0x50, 0], [2, 10], [16, 172]];
        for at in 0..=bytes.len() {
            let grown = [&bytes[..at], words.as_flattened(), &bytes[at..]].concat();
            assert_eq!(Change::new().inserted(at, &words).apply(of(&bytes)), of(&grown), "at {at}");
            assert_eq!(Change::new().removed(at, &words).apply(of(&grown)), of(&bytes), "at {at}");
            let summed = Checksum::new().bytes(&bytes[..at]).word(0x9a08).bytes(&bytes[at..]).finish();
            assert_eq!(summed, of(&[&bytes[..at], &[0x9a, 8], &bytes[at..]].concat()), "at {at}");
        }
    }
}
