//! The sleeve to fuzz with (feature `arbitrary`), in the manner of [`ether_ip::arbitrary`]: whole and right, or, as
//! [`Nearly`](ether_ip::arbitrary::Nearly) of it, nearly so.

use std::vec::Vec;

use ::arbitrary::{Arbitrary, Result, Unstructured};
use ether_ip::arbitrary::{Frame, built};

use crate::{SleeveFrame, SleeveWriter};

/// What UDP carries between peers without a password: a sender, and up to four frames.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SleevePayload(pub Vec<u8>);

impl AsMut<Vec<u8>> for SleevePayload {
    fn as_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl<'a> Arbitrary<'a> for SleevePayload {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut buffer = std::vec![0; 8192];
        let mut packet = built(SleeveWriter::plain(u.arbitrary()?, &mut buffer))?;
        for _ in 0..u.int_in_range(1..=4)? {
            let (source, destination, Frame(ethernet)) = u.arbitrary()?;
            built(packet.push(&SleeveFrame { source, destination, ethernet: &ethernet }))?;
        }
        Ok(Self(packet.finish().to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SleevePacket;

    #[test]
    fn frames_are_whole() {
        let mut made = 0;
        for first in 0..=255 {
            let input: Vec<u8> = (0..999_u32).map(|n| (n.wrapping_mul(0x9e37_79b1) >> 24) as u8 ^ first).collect();
            // A long payload may take all there is.
            let Ok(SleevePayload(bytes)) = Arbitrary::arbitrary(&mut Unstructured::new(&input)) else { continue };
            made += 1;
            let packet = SleevePacket::parse(&bytes[..]).unwrap();
            assert!(packet.looks_plain() && (1..=4).contains(&packet.frames().count()));
        }
        assert!(made > 128, "{made}");
    }
}
