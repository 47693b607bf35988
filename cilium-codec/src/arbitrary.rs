//! Packets with Cilium's DSR option to fuzz with (feature `arbitrary`), in the manner of [`ether_ip::arbitrary`]: whole and right,
//! or, as [`Nearly`](ether_ip::arbitrary::Nearly) of it, nearly so.

use core::net::{SocketAddr, SocketAddrV4, SocketAddrV6};
use std::vec::Vec;

use ::arbitrary::{Arbitrary, Result, Unstructured};
use ether_ip::arbitrary::{IpPacket, built, wrapped};

use crate::dsr;

/// An [`IpPacket`] that tells the service it was sent to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DsrPacket(pub Vec<u8>);

impl AsMut<Vec<u8>> for DsrPacket {
    fn as_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl<'a> Arbitrary<'a> for DsrPacket {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let port = u.arbitrary()?;
        let IpPacket(packet) = u.arbitrary()?;
        let service: SocketAddr = if packet.first().is_some_and(|first| first >> 4 == 4) {
            SocketAddrV4::new(u.arbitrary()?, port).into()
        } else {
            SocketAddrV6::new(u.arbitrary()?, port, 0, 0).into()
        };
        wrapped(&packet, 24, |packet| built(dsr::insert(packet, service))).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_in_it() {
        let mut made = 0;
        for first in 0..=255 {
            let input: Vec<u8> = (0..400_u32).map(|n| (n.wrapping_mul(0x9e37_79b1) >> 24) as u8 ^ first).collect();
            // One with 36 bytes of options has no room for another.
            let Ok(DsrPacket(bytes)) = Arbitrary::arbitrary(&mut Unstructured::new(&input)) else { continue };
            assert!(matches!(dsr::find(&bytes), Ok(Some(_))));
            made += 1;
        }
        assert!(made > 200, "{made}");
    }
}
