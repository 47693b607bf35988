//! Checksums that the sender's kernel left to the device.
//!
//! A virtual link has no device: what Linux sends over a veth carries in TCP's and UDP's checksum the sum of the pseudo-header alone, and
//! beside the packet a note that the rest is still to be added. XDP does not see the note, and what it sends on goes without it: somebody has
//! to add the rest first. A checksum that holds that sum is one of these, or is right as it is, by chance; added up it is right in both cases.

use core::hint::black_box;

use ether_ip::checksum::{Checksum, PseudoHeader};
use ether_ip::ip::IpProtocol;
use zerocopy::IntoBytes;
use zerocopy::network_endian::U16;

use crate::{Cursor, Ip, IpHeader};

/// No segment is longer that fits into one page beside what the kernel keeps around a packet.
const LONGEST: usize = 0xfff;

/// So many bytes are added at a time, as the kernel adds at most; and how often, until what is left is less than the halves of that, one
/// after the other, down to four bytes.
const LARGEST: usize = 512;
const PIECES: usize = LONGEST / LARGEST + 7;

/// Where TCP has its checksum (RFC 9293 §3.1), and UDP (RFC 768).
const IN_TCP: usize = 16;
const IN_UDP: usize = 6;

impl Cursor<'_> {
    /// Completes the checksum of the TCP segment or UDP datagram that begins here, if it is partial. `None` if it is, and cannot be: a part
    /// is missing, or it is longer than a page.
    #[inline(always)]
    pub fn complete(&mut self, ip: &Ip<'_>) -> Option<()> {
        let place = match ip.protocol {
            IpProtocol::TCP => IN_TCP,
            IpProtocol::UDP => IN_UDP,
            _ => return Some(()),
        };
        // Who cuts a packet up adds first.
        if ip.is_fragment {
            return Some(());
        }
        let len = ip.packet_len().wrapping_sub(ip.header_len());
        let Some(checksum) = self.peek::<U16>(place) else { return Some(()) };
        if checksum.get() != !ip.pseudo_header().with_length(len).finish() {
            return Some(());
        }
        let sum = self.sum(Checksum::new(), len, checksum.get())?.finish();
        // A datagram's zero would be none (RFC 768); of a segment both zeros are the same.
        let complete = if sum == 0 { 0xffff } else { sum };
        self.put(place, U16::new(complete))
    }

    /// Adds so many bytes from here on to a checksum; `None` if they are not there, or more than a page holds. The salt is any number that
    /// the verifier does not know.
    #[inline(always)]
    pub fn sum(&self, before: Checksum, len: usize, salt: u16) -> Option<Checksum> {
        if len > LONGEST {
            return None;
        }
        // Which way was gone the verifier must not remember: then all ways are one state for what follows.
        let forget = |number: usize| (black_box(number ^ usize::from(salt)) ^ usize::from(salt)) & LONGEST;
        let (mut at, mut len, mut size, mut sum) = (0, len, LARGEST, 0);
        for turn in 0..black_box(PIECES) {
            if at + size <= len {
                sum = self.add(at, size, sum)?;
                at += size;
            }
            (at, len) = (forget(at), forget(len));
            size >>= u32::from(turn >= LONGEST / LARGEST - 1);
        }
        let sum = before.bytes(&sum.to_ne_bytes());
        let sum = if len & 2 != 0 { sum.bytes(&self.peek::<[u8; 2]>(len & !3)?) } else { sum };
        let sum = if len & 1 != 0 { sum.bytes(&self.peek::<[u8; 1]>(len & !1)?) } else { sum };
        Some(sum)
    }
}

impl Ip<'_> {
    /// Whether an IPv4 header without options has the right checksum (RFC 1122 §3.2.1.2); IPv6 has none.
    #[inline(always)]
    #[must_use]
    pub fn has_valid_checksum(&self) -> bool {
        match &self.header {
            IpHeader::V4(header) => Checksum::new().bytes(header.as_bytes()).finish() == 0,
            IpHeader::V6(_) => true,
        }
    }

    /// What of the header TCP's and UDP's checksums cover.
    #[inline(always)]
    fn pseudo_header(&self) -> PseudoHeader {
        match &self.header {
            IpHeader::V4(header) => header.pseudo_header(),
            IpHeader::V6(header) => header.pseudo_header(self.protocol),
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use ether_ip::checksum;
    use std::vec::Vec;

    /// IPv4 from 192.0.2.1 to 192.0.2.2, UDP from 4000 to 53, `hello`: the sum of the pseudo-header is 0x8422, the checksum 0x2829.
    const DATAGRAM: &[u8; 33] =
        b"\x45\0\0\x21\0\0\x40\0\x40\x11\xb6\xc8\xc0\0\x02\x01\xc0\0\x02\x02\x0f\xa0\0\x35\0\x0d\x84\x22hello";

    fn completed(mut bytes: Vec<u8>) -> (Option<()>, Vec<u8>) {
        let mut cursor = Cursor::over(&mut bytes);
        let ip = cursor.ipv4().unwrap();
        let done = cursor.complete(&ip);
        (done, bytes)
    }

    #[test]
    fn a_partial_checksum_is_completed_and_others_are_left() {
        let (done, bytes) = completed(DATAGRAM.to_vec());
        assert_eq!((done, &bytes[26..28]), (Some(()), &[0x28, 0x29][..]));
        // Complete, missing, wrong.
        for checksum in [[0x28, 0x29], [0, 0], [0x84, 0x23]] {
            let mut bytes = DATAGRAM.to_vec();
            bytes[26..28].copy_from_slice(&checksum);
            assert_eq!(completed(bytes.clone()), (Some(()), bytes));
        }
    }

    #[test]
    fn what_is_not_whole_is_not_completed() {
        let (done, bytes) = completed(DATAGRAM[..32].to_vec());
        assert_eq!((done, &bytes[..]), (None, &DATAGRAM[..32]));
    }

    #[test]
    fn what_comes_to_zero_is_all_ones() {
        // Two bytes of the data are what the rest sums up to, complemented: then all is ones, and its complement zero.
        let mut bytes = DATAGRAM.to_vec();
        bytes.truncate(28);
        bytes.extend([0; 4]);
        bytes[3] = 32;
        bytes[25] = 12;
        bytes[26..28].copy_from_slice(&[0x84, 0x21]);
        let rest = checksum::of(&bytes[20..]);
        bytes[28..30].copy_from_slice(&rest.to_be_bytes());
        let (done, bytes) = completed(bytes);
        assert_eq!((done, &bytes[26..28]), (Some(()), &[0xff, 0xff][..]));
    }

    #[test]
    fn sums_of_every_length() {
        let mut bytes: Vec<u8> = (0..LONGEST).map(|at| (at * 7 % 251) as u8).collect();
        let all = bytes.clone();
        let cursor = Cursor::over(&mut bytes);
        for len in 0..=LONGEST {
            assert_eq!(
                cursor.sum(Checksum::new(), len, 0x1234).map(Checksum::finish),
                Some(checksum::of(&all[..len])),
                "{len}"
            );
        }
        assert_eq!(cursor.sum(Checksum::new(), LONGEST + 1, 0x1234), None);
    }
}
