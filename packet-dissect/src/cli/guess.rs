//! What bytes begin with, where nobody says.

use std::fmt;

use crate::LinkType;
use ether_ip::checksum;

use super::args::Start;

/// What pasted bytes seem to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guess {
    Bgp,
    Ip,
    Ethernet,
    /// Nothing fits.
    Nothing,
}

impl Guess {
    /// BGP has its marker, IP a length that fits, Ethernet a type or a length; the surest first. The packet may have had more bytes
    /// than are there.
    pub(super) fn of(bytes: &[u8], original_len: usize) -> Self {
        if bytes.starts_with(&[0xff; 16]) && length(bytes, 16).is_some_and(|length| (19..=65_535).contains(&length)) {
            Self::Bgp
        } else if is_ip(bytes, original_len) {
            Self::Ip
        } else if is_ethernet(bytes, original_len) {
            Self::Ethernet
        } else if is_cut_ip(bytes) {
            Self::Ip
        } else {
            Self::Nothing
        }
    }

    pub(super) fn start(self) -> Start {
        match self {
            Self::Bgp => Start::Bgp,
            Self::Ip => Start::Link(LinkType::RAW),
            Self::Ethernet | Self::Nothing => Start::Link(LinkType::ETHERNET),
        }
    }
}

impl fmt::Display for Guess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bgp => "read as BGP, by the marker",
            Self::Ip => "read as raw IP, by version and length",
            Self::Ethernet => "read as Ethernet, by its type or length",
            Self::Nothing => "read as Ethernet, though nothing tells what it is",
        })
    }
}

/// The 16 bits at a place.
fn length(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_be_bytes(*bytes).into())
}

/// An IPv4 header whose length or checksum is right, or an IPv6 header whose length is.
fn is_ip(bytes: &[u8], original_len: usize) -> bool {
    match bytes {
        [first @ 0x45..=0x4f, ..] => {
            let header = bytes.get(..usize::from(first & 15) * 4);
            let is_right = header.is_some_and(|header| checksum::of(header) == 0);
            is_right || length(bytes, 2) == Some(original_len)
        }
        [0x60..=0x6f, ..] => length(bytes, 4).is_some_and(|payload| payload + 40 == original_len),
        _ => false,
    }
}

/// The same of a packet that is cut, or has something behind it: a length that can be.
fn is_cut_ip(bytes: &[u8]) -> bool {
    match bytes {
        [0x45..=0x4f, ..] => length(bytes, 2).is_some_and(|total| total >= 20),
        [0x60..=0x6f, ..] => length(bytes, 4).is_some(),
        _ => false,
    }
}

fn is_ethernet(bytes: &[u8], original_len: usize) -> bool {
    const TYPES: [usize; 13] =
        [0x0800, 0x0806, 0x8035, 0x8100, 0x86dd, 0x8808, 0x8847, 0x8848, 0x8863, 0x8864, 0x88a8, 0x88cc, 0x9100];
    length(bytes, 12).is_some_and(|kind| match kind {
        // A length: what is behind it is padding.
        ..=1500 => kind > 2 && (kind + 14 == original_len || (kind + 14 < original_len && original_len <= 60)),
        kind => TYPES.contains(&kind),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_seems_to_be() {
        let ipv4 = [0x45, 0, 0, 0x1c, 0, 0, 0x40, 0, 0x40, 1, 0xb6, 0xd1, 0xc0, 0, 2, 1, 0xc0, 0, 2, 2];
        let ipv6 = [&[0x60, 0, 0, 0, 0, 1, 59, 64][..], &[0; 33]].concat();
        let frame = [&[0x45, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0][..], &ipv4].concat();
        let stp = [&[1, 0x80, 0xc2, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 38, 0x42, 0x42, 3][..], &[0; 43]].concat();
        let keepalive = [&[0xff; 16][..], &[0, 19, 4]].concat();
        for (bytes, guess) in [
            (&ipv4[..], Guess::Ip),
            (&ipv4[..8], Guess::Ip),
            (&ipv6, Guess::Ip),
            (&frame, Guess::Ethernet),
            (&stp, Guess::Ethernet),
            (&keepalive, Guess::Bgp),
            // A broadcast frame begins with six.
            (&[&[0xff; 6][..], &frame[6..]].concat(), Guess::Ethernet),
            (&[0xff; 16], Guess::Nothing),
            (&[], Guess::Nothing),
        ] {
            assert_eq!(Guess::of(bytes, bytes.len()), guess, "{bytes:02x?}");
        }
        // Cut, where the paste says so.
        assert_eq!(Guess::of(&ipv6[..40], ipv6.len()), Guess::Ip);
        assert_eq!(Guess::of(&stp[..50], stp.len()), Guess::Ethernet);
    }
}
