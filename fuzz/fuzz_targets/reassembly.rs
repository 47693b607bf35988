//! Fragments: however a packet is cut, and in whatever order its fragments come, once or more often, it is whole with the last one that
//! was missing, and as it was; and whatever else comes, what is kept stays within its bounds and nothing panics.
#![no_main]

use std::net::{IpAddr, Ipv4Addr};

use ether_ip::ip::IpProtocol;
use libfuzzer_sys::fuzz_target;
use packet_dissect::Timestamp;
use packet_dissect::reassembly::{Fragment, Outcome, PacketId, Reassembly};

type Noise = (u8, u16, bool, Vec<u8>, u8, i8);

fuzz_target!(|input: (Vec<u8>, Vec<u8>, Vec<u8>, Vec<Noise>)| {
    let (payload, cuts, order, noise) = input;
    let addresses = (IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V4(Ipv4Addr::LOCALHOST));
    let id = |identification| PacketId { addresses, protocol: None, identification, network: 0 };
    let mut reassembly = Reassembly::default();

    // Cut at multiples of 8.
    let (mut at, mut parts) = (0, Vec::new());
    for cut in cuts.iter().copied().chain(std::iter::repeat(255)) {
        let end = (at + 8 * (1 + usize::from(cut))).min(payload.len());
        parts.push((at, &payload[at..end]));
        at = end;
        if at == payload.len() {
            break;
        }
    }
    let fragment = |part: usize| {
        let (offset, bytes) = parts[part];
        let more = part + 1 < parts.len();
        Fragment { of: id(u32::MAX), protocol: IpProtocol::UDP, offset, more, bytes, missing: 0, before: 20 }
    };
    // In the order that is asked for, some of them often; and then those that did not come yet.
    let mut came = vec![false; parts.len()];
    let chosen: Vec<_> = order.iter().map(|part| usize::from(*part) % parts.len()).chain(0..parts.len()).collect();
    for part in chosen {
        if came.iter().all(|came| *came) {
            break;
        }
        let was_new = !std::mem::replace(&mut came[part], true);
        match reassembly.add(&fragment(part), None) {
            Outcome::Whole(whole) => {
                assert!(was_new && came.iter().all(|came| *came));
                assert_eq!((whole.payload, whole.protocol), (payload.clone(), IpProtocol::UDP));
            }
            Outcome::Waiting => assert!(was_new && !came.iter().all(|came| *came)),
            Outcome::Repeated => assert!(!came.iter().all(|came| *came)),
            Outcome::Refused(why) => panic!("{why}"),
        }
    }
    assert_eq!(reassembly.unfinished().packets, 0);

    let mut seconds = 0;
    for (of, offset, more, bytes, missing, later) in &noise {
        seconds += i64::from(*later);
        let (offset, missing) = (8 * usize::from(offset % 8192), usize::from(*missing));
        let (of, protocol) = (id((*of).into()), IpProtocol::UDP);
        let fragment = Fragment { of, protocol, offset, more: *more, bytes, missing, before: 20 };
        let _ = reassembly.add(&fragment, Some(Timestamp { seconds, nanoseconds: 0 }));
    }
    assert!(reassembly.unfinished().packets <= noise.len() as u64);
    let _ = reassembly.unfinished().to_string();
});
