//! What Flannel's UDP backend sends, to fuzz with (feature `arbitrary`), in the manner of [`ether_ip::arbitrary`]: whole and right,
//! or, as [`Nearly`](ether_ip::arbitrary::Nearly) of it, nearly so.

use std::vec::Vec;

use ::arbitrary::{Arbitrary, Error, Result, Unstructured};
use ether_ip::arbitrary::IpPacket;

/// A pod's packet, which is what UDP carries: IPv4, with hops left.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FlannelPayload(pub Vec<u8>);

impl AsMut<Vec<u8>> for FlannelPayload {
    fn as_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl<'a> Arbitrary<'a> for FlannelPayload {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let IpPacket(bytes) = u.arbitrary()?;
        let has_hops = bytes.get(8).is_some_and(|hops| *hops > 1);
        if bytes.first().is_some_and(|first| first >> 4 == 4) && has_hops {
            Ok(Self(bytes))
        } else {
            Err(Error::IncorrectFormat)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FlannelFrame;

    #[test]
    fn is_taken() {
        let mut made = 0;
        for first in 0..=255 {
            let input: Vec<u8> = (0..400_u32).map(|n| (n.wrapping_mul(0x9e37_79b1) >> 24) as u8 ^ first).collect();
            let Ok(FlannelPayload(bytes)) = Arbitrary::arbitrary(&mut Unstructured::new(&input)) else { continue };
            assert!(FlannelFrame::parse(&bytes[..]).is_ok());
            made += 1;
        }
        assert!(made > 50, "{made}");
    }
}
