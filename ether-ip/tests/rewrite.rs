//! Laws of rewriting, over packets of all kinds: what was right is right, what was wrong is wrong by the same difference, and what was
//! undone is as it was.
#![cfg(feature = "arbitrary")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unreachable,
    reason = "a test fails loudly"
)]

mod random;
mod sums;

use core::net::IpAddr;

use arbitrary::{Arbitrary, Unstructured};
use ether_ip::arbitrary::{IpPacket, Nearly};
use ether_ip::ip::IpProtocol;
use ether_ip::rewrite::{Flow, Outcome, Ports, Rewrite, Rewriter};
use random::Random;
use sums::with_one_zero;

impl Random {
    fn address(&mut self, like: IpAddr) -> IpAddr {
        match like {
            IpAddr::V4(_) => IpAddr::V4((self.next() as u32).into()),
            IpAddr::V6(_) => IpAddr::V6((u128::from(self.next()) << 64 | u128::from(self.next())).into()),
        }
    }

    /// A packet that is right, and one that is but nearly so.
    fn packets(&mut self) -> [Vec<u8>; 2] {
        [self.made::<IpPacket>().0, self.made::<Nearly<IpPacket>>().0.0]
    }

    /// What is made of noise; not of any is anything made.
    fn made<T: for<'a> Arbitrary<'a>>(&mut self) -> T {
        loop {
            let noise: Vec<u8> = (0..200).flat_map(|_| self.next().to_le_bytes()).collect();
            if let Ok(made) = T::arbitrary(&mut Unstructured::new(&noise)) {
                return made;
            }
        }
    }
}

const ROUNDS: usize = 20_000;

/// One change of a packet, and what undoes it.
fn change(packet: &mut Rewriter<'_>, random: &mut Random) -> Box<dyn Fn(&mut Rewriter<'_>)> {
    let flow = packet.flow();
    let number = random.next();
    match number % 12 {
        0 => {
            packet.change_source(random.address(flow.source)).unwrap();
            Box::new(move |packet| packet.change_source(flow.source).unwrap())
        }
        1 => {
            packet.change_destination(random.address(flow.destination)).unwrap();
            Box::new(move |packet| packet.change_destination(flow.destination).unwrap())
        }
        2 => {
            let before = packet.change_source_port((number >> 8) as u16);
            Box::new(move |packet| assert!(before.map(|port| packet.change_source_port(port)) != Some(None)))
        }
        3 => {
            let before = packet.change_destination_port((number >> 8) as u16);
            Box::new(move |packet| assert!(before.map(|port| packet.change_destination_port(port)) != Some(None)))
        }
        4 => {
            let before = packet.ttl();
            packet.change_ttl((number >> 8) as u8);
            Box::new(move |packet| packet.change_ttl(before))
        }
        5 => {
            let after = packet.decrement_ttl();
            Box::new(move |packet| after.into_iter().for_each(|ttl| packet.change_ttl(ttl + 1)))
        }
        6 => {
            let before = packet.traffic_class();
            packet.change_traffic_class((number >> 8) as u8);
            Box::new(move |packet| packet.change_traffic_class(before))
        }
        7 => {
            let before = packet.change_flow_label((number >> 8) as u32);
            Box::new(move |packet| assert!(before.map(|label| packet.change_flow_label(label)) != Some(None)))
        }
        8 => {
            let before = packet.change_identification((number >> 8) as u16);
            Box::new(move |packet| assert!(before.map(|number| packet.change_identification(number)) != Some(None)))
        }
        9 => {
            let by = (number >> 8) as u32;
            let is_tcp = packet.shift_sequence(by);
            assert!(!is_tcp || flow.protocol == IpProtocol::TCP);
            Box::new(move |packet| assert_eq!(packet.shift_sequence(by.wrapping_neg()), is_tcp))
        }
        10 => {
            let by = (number >> 8) as u32;
            let acknowledges = packet.shift_acknowledgment(by);
            Box::new(move |packet| assert_eq!(packet.shift_acknowledgment(by.wrapping_neg()), acknowledges))
        }
        _ => {
            let to = Flow { source: random.address(flow.source), destination: random.address(flow.source), ..flow };
            packet.change_flow(&to).unwrap();
            assert_eq!(packet.flow(), to);
            Box::new(move |packet| packet.change_flow(&flow).unwrap())
        }
    }
}

/// Rewrites the packet at one place in every way, and undoes it all.
fn rewrite_and_undo(packet: &[u8], inside: Option<usize>, random: &mut Random) {
    let before = sums::of(packet, 0, inside);
    let mut bytes = packet.to_vec();
    let mut undo = Vec::new();
    let is_quoted = random.next() % 2 == 0;
    // What is rewritten: the packet, what it quotes, or what is inside.
    let with = |bytes: &mut Vec<u8>, act: &mut dyn FnMut(&mut Rewriter<'_>)| {
        let Ok(mut outer) = Rewriter::ip(bytes) else { return };
        match (outer.quoted(), inside) {
            (Some(mut quote), _) if is_quoted => act(&mut quote),
            (_, Some(at)) => {
                if let Ok(mut inner) = outer.inside(at) {
                    act(&mut inner);
                }
            }
            _ => act(&mut outer),
        }
    };
    for _ in 0..random.next() % 6 {
        with(&mut bytes, &mut |packet| undo.push(change(packet, random)));
    }
    assert_eq!(sums::of(&bytes, 0, inside), before, "{packet:02x?} became {bytes:02x?}");
    while let Some(step) = undo.pop() {
        with(&mut bytes, &mut |packet| step(packet));
    }
    assert_eq!(with_one_zero(bytes, &before), with_one_zero(packet.to_vec(), &before), "{packet:02x?}");
}

#[test]
fn sums_stay_and_changes_can_be_undone() {
    let (mut random, mut whole) = (Random(1), 0);
    for _ in 0..ROUNDS {
        let [right, nearly] = random.packets();
        // All but fragments, whose sums are over what is in other packets too.
        whole += usize::from(sums::of(&right, 0, None).first().is_none_or(|sum| sum.rest == 0));
        rewrite_and_undo(&right, None, &mut random);
        rewrite_and_undo(&nearly, None, &mut random);
    }
    assert!(whole > ROUNDS * 9 / 10, "{whole} of {ROUNDS}");
}

/// The same in IP in IP, in UDP with a checksum, and in GRE with one, at odd and even places.
#[test]
fn sums_around_stay_too() {
    let mut random = Random(2);
    for round in 0..ROUNDS {
        let [right, nearly] = random.packets();
        let inner = if round % 2 == 0 { right } else { nearly };
        let at = round / 2 % 3;
        let (protocol, header) = match round % 3 {
            0 => (4, vec![]),
            1 => (17, [&[0x12, 0xb5, 0x12, 0xb5, 0, 0, 0x12, 0x34][..], &[7; 3][..at]].concat()),
            _ => (47, [&[0x80, 0, 8, 0, 0x43, 0x21, 0, 0][..], &[7; 3][..at]].concat()),
        };
        let mut header = header;
        if protocol == 17 {
            let length = (header.len() + inner.len()) as u16;
            header[4..6].copy_from_slice(&length.to_be_bytes());
        }
        let total = (20 + header.len() + inner.len()) as u16;
        let mut packet = vec![0x45, 0, 0, 0, 0, 0, 0, 0, 64, protocol, 0x11, 0x22, 192, 0, 2, 1, 192, 0, 2, 2];
        packet[2..4].copy_from_slice(&total.to_be_bytes());
        packet.extend(&header);
        packet.extend(&inner);
        rewrite_and_undo(&packet, Some(header.len()), &mut random);
    }
}

/// A compiled rewrite does what a rewriter does, and its inverse gives the packet back.
#[test]
fn compiled_rewrites_are_the_same() {
    let mut random = Random(3);
    let (mut later, mut rewritten) = (0, 0);
    for round in 0..ROUNDS {
        let packet = random.packets()[round % 2].clone();
        let Ok(flow) = Flow::of(&packet) else { continue };
        let ports = match flow.ports {
            Ports::Pair { .. } if flow.protocol == IpProtocol::SCTP => flow.ports,
            Ports::Pair { .. } => Ports::Pair { source: random.next() as u16, destination: random.next() as u16 },
            Ports::Identifier(_) => Ports::Identifier(random.next() as u16),
            Ports::None => Ports::None,
        };
        let (source, destination) = (random.address(flow.source), random.address(flow.source));
        let new = Flow { source, destination, ports, ..flow };
        let rewrite = Rewrite::between(&flow, &new).unwrap();
        let (mut fast, mut slow) = (packet.clone(), packet.clone());
        let outcome = rewrite.apply(&mut fast).unwrap();
        assert_ne!(outcome, Outcome::OtherFlow);
        let mut rewriter = Rewriter::ip(&mut slow).unwrap();
        rewriter.change_flow(&new).unwrap();
        assert_eq!(rewriter.is_later_fragment(), outcome == Outcome::LaterFragment);
        let before = sums::of(&packet, 0, None);
        assert_eq!(with_one_zero(fast.clone(), &before), with_one_zero(slow, &before));
        assert_eq!(sums::of(&fast, 0, None), before);
        assert_eq!(Flow::of(&fast), Ok(new));
        let _ = rewrite.inverse().apply(&mut fast).unwrap();
        assert_eq!(with_one_zero(fast, &before), with_one_zero(packet, &before));
        later += usize::from(outcome == Outcome::LaterFragment);
        rewritten += usize::from(outcome == Outcome::Rewritten);
    }
    assert!(rewritten > ROUNDS / 2, "{rewritten} rewritten, {later} later fragments");
}
