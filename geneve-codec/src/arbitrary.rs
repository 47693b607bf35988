//! Geneve to fuzz with (feature `arbitrary`), in the manner of [`ether_ip::arbitrary`]: whole and right, or, as
//! [`Nearly`](ether_ip::arbitrary::Nearly) of it, nearly so.

use std::vec::Vec;

use ::arbitrary::{Arbitrary, Result, Unstructured};
use ether_ip::arbitrary::{Frame, built, wrapped};
use ether_ip::ethernet::EtherType;
use ether_ip::outer::Outer;
use ether_ip::writer::Writer;

use crate::{GENEVE_OPTION, GeneveHeader, GeneveOption, GeneveTunnel, KnownOption};

/// What UDP carries: a Geneve header, up to four options, known and unknown, and an inner [`Frame`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GenevePayload(pub Vec<u8>);

/// The whole frame of an underlay, to port 6081.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GeneveFrame(pub Vec<u8>);

impl AsMut<Vec<u8>> for GenevePayload {
    fn as_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl AsMut<Vec<u8>> for GeneveFrame {
    fn as_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl<'a> Arbitrary<'a> for GenevePayload {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let header = GeneveHeader::new(u.arbitrary()?, EtherType::TRANSPARENT_ETHERNET);
        let options = options(u)?;
        let room = 8 + options.len();
        wrapped(&Frame::arbitrary(u)?.0, room, |packet| built(header.prepend(&options, packet))).map(Self)
    }
}

impl<'a> Arbitrary<'a> for GeneveFrame {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let outer = Outer::arbitrary(u)?.ethernet(u.arbitrary()?, u.arbitrary()?);
        let tunnel = GeneveTunnel::new(u.arbitrary()?, outer);
        let template = built(tunnel.template(&options(u)?))?;
        wrapped(&Frame::arbitrary(u)?.0, template.overhead(), |packet| built(template.encapsulate(packet))).map(Self)
    }
}

/// Up to four of them, as long as there is room.
fn options(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let mut options = Vec::new();
    for _ in 0..u.int_in_range(0..=4)? {
        let mut one = [0; 128];
        let mut one = Writer::new(GENEVE_OPTION, &mut one);
        // What cannot be written leaves the writer empty.
        let _ = if u.arbitrary()? {
            u.arbitrary::<KnownOption>()?.write(&mut one)
        } else {
            u.arbitrary::<GeneveOption<'_>>()?.write(&mut one)
        };
        if options.len() + one.len() <= 252 {
            options.extend(one.written());
        }
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Decapsulator, GenevePacket, OuterChecksum};

    #[test]
    fn both_are_taken() {
        let (mut made, mut with_options) = (0, 0);
        for first in 0..=255 {
            let input: Vec<u8> = (0..900_u32).map(|n| (n.wrapping_mul(0x9e37_79b1) >> 24) as u8 ^ first).collect();
            // A long option may take all there is.
            let Ok(GenevePayload(bytes)) = Arbitrary::arbitrary(&mut Unstructured::new(&input)) else { continue };
            let packet = GenevePacket::parse(&bytes[..]).unwrap();
            assert!(packet.options().all(|option| option.is_ok()));
            with_options += u32::from(packet.options().next().is_some());
            let Ok(GeneveFrame(bytes)) = Arbitrary::arbitrary(&mut Unstructured::new(&input)) else { continue };
            made += 1;
            let vtep = Decapsulator::new().any_option().checksum(OuterChecksum::VerifiedOrZero);
            assert_eq!(vtep.decapsulate(&bytes).unwrap().inner.end, bytes.len());
        }
        assert!(made > 100 && with_options > 50, "{made}, {with_options} with options");
    }
}
