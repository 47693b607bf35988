//! VXLAN to fuzz with (feature `arbitrary`), in the manner of [`ether_ip::arbitrary`]: whole and right, or, as
//! [`Nearly`](ether_ip::arbitrary::Nearly) of it, nearly so.

use std::vec::Vec;

use ::arbitrary::{Arbitrary, Result, Unstructured};
use ether_ip::arbitrary::{Frame, built, wrapped};
use ether_ip::outer::Outer;

use crate::{GroupPolicy, Vni, VxlanHeader, VxlanTunnel};

/// What UDP carries: a VXLAN header, with a group policy or without, and an inner [`Frame`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VxlanPayload(pub Vec<u8>);

/// The whole frame of an underlay, to port 4789.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VxlanFrame(pub Vec<u8>);

impl AsMut<Vec<u8>> for VxlanPayload {
    fn as_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl AsMut<Vec<u8>> for VxlanFrame {
    fn as_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl<'a> Arbitrary<'a> for VxlanPayload {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let (vni, policy): (Vni, Option<GroupPolicy>) = u.arbitrary()?;
        let header = policy.map_or(VxlanHeader::new(vni), |policy| VxlanHeader::with_group_policy(vni, policy));
        wrapped(&Frame::arbitrary(u)?.0, 8, |packet| built(header.prepend(packet))).map(Self)
    }
}

impl<'a> Arbitrary<'a> for VxlanFrame {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let outer = Outer::arbitrary(u)?.ethernet(u.arbitrary()?, u.arbitrary()?);
        let mut tunnel = VxlanTunnel::new(u.arbitrary()?, outer);
        if u.arbitrary()? {
            tunnel = tunnel.group_policy(u.arbitrary()?);
        }
        wrapped(&Frame::arbitrary(u)?.0, 70, |packet| built(tunnel.template().encapsulate(packet))).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Decapsulator, OuterChecksum, VxlanPacket};

    #[test]
    fn both_are_taken() {
        let mut made = 0;
        for first in 0..=255 {
            let input: Vec<u8> = (0..999_u32).map(|n| (n.wrapping_mul(0x9e37_79b1) >> 24) as u8 ^ first).collect();
            // A long payload may take all there is.
            let Ok(VxlanPayload(bytes)) = Arbitrary::arbitrary(&mut Unstructured::new(&input)) else { continue };
            assert!(VxlanPacket::parse(&bytes[..]).is_ok());
            let Ok(VxlanFrame(bytes)) = Arbitrary::arbitrary(&mut Unstructured::new(&input)) else { continue };
            made += 1;
            let vtep = Decapsulator::new().tagged().checksum(OuterChecksum::VerifiedOrZero);
            assert_eq!(vtep.decapsulate(&bytes).unwrap().inner.end, bytes.len());
        }
        assert!(made > 128, "{made}");
    }
}
