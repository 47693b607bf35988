//! Laws that hold for all values.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

use std::collections::HashSet;

use proptest::collection::vec;
use proptest::prelude::*;
use weave_codec::replay::{ReplayWindow, SET_LEN, WORDS};
use weave_codec::{FastDatapathPeers, PeerName, Sequence, ShortId, SleeveFrame, SleevePacket, SleeveWriter};

type Frame = ([u8; 6], [u8; 6], Vec<u8>);

fn frames() -> impl Strategy<Value = Vec<Frame>> {
    vec(any::<([u8; 6], [u8; 6])>().prop_flat_map(|(from, to)| (Just(from), Just(to), vec(any::<u8>(), 0..80))), 0..8)
}

fn frame(frame: &Frame) -> SleeveFrame<'_> {
    SleeveFrame { source: PeerName(frame.0), destination: PeerName(frame.1), ethernet: &frame.2 }
}

/// weave's net/mac.go: a name is written as a MAC address.
#[test]
fn names_are_written_as_addresses() {
    let name = PeerName([0x0a, 0x1b, 0x2c, 0x3d, 0x4e, 0x5f]);
    assert_eq!((name.to_string(), format!("{name:?}")), ("0a:1b:2c:3d:4e:5f".into(), "0a:1b:2c:3d:4e:5f".into()));
}

/// What weave's router/frame_crypto.go keeps: the set before the highest one's; a number of the one before that is late.
#[test]
fn the_window_keeps_two_sets() {
    let mut words = vec![0; WORDS];
    let mut window = ReplayWindow::new(words.as_mut_slice().try_into().unwrap());
    let mut is_new = |set: u64, offset: u64| window.is_new(Sequence::new(set * SET_LEN + offset, false));
    assert!(is_new(1, 7) && is_new(0, 7) && !is_new(1, 7) && !is_new(0, 7));
    assert!(is_new(2, 7) && !is_new(0, 8) && !is_new(1, 7) && is_new(1, 8));
    // Far ahead: both sets are new.
    assert!(is_new(5, 8) && is_new(4, 7) && is_new(4, 8) && !is_new(3, 9));
}

proptest! {
    /// The two short ids are the two halves of a VNI.
    #[test]
    fn peers_are_halves_of_a_vni(destination in 0_u16..4096, source in 0_u16..4096) {
        let [destination, source] = [destination, source].map(|id| ShortId::new(id).unwrap());
        let peers = FastDatapathPeers { destination, source };
        prop_assert_eq!(peers.vni().get(), u32::from(destination.get()) * 4096 + u32::from(source.get()));
        prop_assert_eq!(FastDatapathPeers::from(peers.vni()), peers);
    }

    /// What is packed is split into the same; what does not fit leaves the packet as it was, and goes into the next.
    #[test]
    fn frames_split_as_they_were_packed(frames in frames(), sender in any::<[u8; 6]>(), most in 100_usize..300) {
        let (mut packets, mut rest) = (Vec::new(), &frames[..]);
        while !rest.is_empty() {
            let mut buffer = vec![0; most];
            let mut packet = SleeveWriter::plain(PeerName(sender), &mut buffer).unwrap();
            prop_assert!(packet.is_empty());
            let taken = rest.iter().take_while(|of| packet.push(&frame(of)).is_ok()).count();
            prop_assert!(taken > 0 && !packet.is_empty());
            rest = &rest[taken..];
            packets.push(packet.finish().to_vec());
        }
        let mut split = Vec::new();
        for packet in &packets {
            let packet = SleevePacket::parse(&packet[..]).unwrap();
            prop_assert_eq!(packet.sender(), PeerName(sender));
            split.extend(packet.frames().map(|of| of.unwrap()).map(|of| (of.source.0, of.destination.0, of.ethernet.to_vec())));
        }
        prop_assert_eq!(split, frames);
    }

    /// The window is the set of all numbers seen, as long as they are not too old; it takes each number once.
    #[test]
    fn a_number_is_new_once(numbers in vec((0_u64..4, 0_u64..20), 1..60)) {
        let mut words = vec![0; WORDS];
        let mut window = ReplayWindow::new(words.as_mut_slice().try_into().unwrap());
        let (mut seen, mut highest) = (HashSet::new(), 0);
        for (set, offset) in numbers {
            let number = set * SET_LEN + offset;
            highest = highest.max(number / SET_LEN);
            let is_new = number / SET_LEN + 1 >= highest && seen.insert(number);
            prop_assert_eq!(window.is_new(Sequence::new(number, false)), is_new, "{}", number);
        }
    }
}

#[cfg(feature = "crypto")]
mod sealed {
    use super::*;
    use proptest::sample::Index;
    use weave_codec::crypto::{Direction, OpenError, SessionKey};

    /// A key that is printed by mistake says nothing of itself.
    #[test]
    fn a_key_is_not_shown() {
        let text = format!("{:?}", SessionKey::new([0x5a; 32]));
        assert!(text.starts_with("SessionKey") && !text.contains("90") && !text.contains("5a"), "{text}");
    }

    proptest! {
        /// `open(seal(x)) == x`; and with a bit changed, another direction or another key it is forged, and stays as it is.
        #[test]
        fn a_packet_opens_as_it_was_sealed(
            frames in frames(), key in any::<[u8; 32]>(), number in 0..1_u64 << 63, dont_fragment in any::<bool>(), bit in any::<Index>(),
        ) {
            let mut buffer = vec![0; 2000];
            let mut packet = SleeveWriter::encrypted(PeerName([1; 6]), &mut buffer).unwrap();
            prop_assert!(packet.is_empty());
            frames.iter().for_each(|of| packet.push(&frame(of)).unwrap());
            let len = packet.finish().len();
            let packet = &mut buffer[..len];
            let (key, sequence) = (SessionKey::new(key), Sequence::new(number, dont_fragment));
            key.seal(packet, Direction::Outbound, sequence).unwrap();
            let sealed = packet.to_vec();

            // The sender's name, the first six bytes, is not sealed.
            let at = 48 + bit.index(8 * (len - 6));
            packet[at / 8] ^= 0x80 >> (at % 8);
            let changed = packet.to_vec();
            let is_forged = matches!(key.open(packet, Direction::Outbound), Err(OpenError::Forged { .. }));
            prop_assert!(is_forged);
            prop_assert_eq!(&*packet, &changed[..]);
            packet.copy_from_slice(&sealed);
            prop_assert!(key.open(packet, Direction::Inbound).is_err());
            prop_assert!(SessionKey::new([0x5a; 32]).open(packet, Direction::Outbound).is_err());

            let (found, opened) = key.open(packet, Direction::Outbound).unwrap();
            prop_assert_eq!((found.number(), found.dont_fragment()), (number, dont_fragment));
            let opened: Vec<_> = opened.map(|of| of.unwrap()).map(|of| (of.source.0, of.destination.0, of.ethernet.to_vec())).collect();
            prop_assert_eq!(opened, frames);
            key.seal(packet, Direction::Outbound, sequence).unwrap();
            prop_assert_eq!(&*packet, &sealed[..]);
        }
    }
}
