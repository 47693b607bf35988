//! For `gobgp.py`: `link_state messages` writes the measured messages as hex, a line each; without a word it parses them, and tells the
//! nanoseconds of one, the best of five rounds through all, and how many TLVs were told of routes that GoBGP knows too.

use std::time::Instant;

use bench::bgp;
use bgp_codec::link_state::LinkStateTlv;
use bgp_codec::{AttributeValue, Framer, Update};

fn main() {
    let (mix, session) = (bgp::link_state::updates(), bgp::session());
    if std::env::args().nth(1).is_some() {
        for message in mix.iter() {
            let hex: String = message.iter().map(|byte| format!("{byte:02x}")).collect();
            println!("{hex}");
        }
        return;
    }
    let count = mix.iter().count();
    let mut best = f64::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        for message in mix.iter() {
            std::hint::black_box(bgp::link_state::ours(std::hint::black_box(message), &session));
        }
        best = best.min(start.elapsed().as_secs_f64() * 1e9 / count as f64);
    }
    println!("{best:.1} {}", mix.iter().map(tlvs).sum::<usize>());
}

fn tlvs(message: &[u8]) -> usize {
    let session = bgp::session();
    let frame = Framer::new().next(&mut &*message).unwrap().unwrap();
    let update = Update::parse(frame.body(), &session).unwrap();
    let values = update.attributes().filter_map(|attribute| attribute.parse(&session).ok());
    values
        .map(|value| {
            if let AttributeValue::LinkState(told) = value {
                told.filter(|tlv| tlv.kind != LinkStateTlv::PREFIX_METRIC.0).count()
            } else {
                0
            }
        })
        .sum()
}
