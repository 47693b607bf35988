//! Several captures beside one another, of packets of which some come to only some of them: nothing panics, what is said is JSON, and no
//! more is lost than was sent.
#![no_main]

use libfuzzer_sys::fuzz_target;
use packet_dissect::cli::diagnose_together;

/// How many taps there are.
const TAPS: usize = 3;

/// Each packet is what so many bytes are; before it stand how long after the one before it comes, in milliseconds, to which taps, and how
/// often.
fuzz_target!(|bytes: &[u8]| {
    let mut captures = vec![Vec::new(); TAPS];
    let (mut rest, mut time) = (bytes, 0);
    while let [wait, taps, times, len, packet @ ..] = rest {
        let (packet, others) = packet.split_at(packet.len().min(usize::from(*len)));
        time += i64::from(*wait) * 1_000_000;
        for (tap, capture) in captures.iter_mut().enumerate().filter(|(tap, _)| taps & (1 << tap) != 0) {
            // The second tap's clock is behind, or the packets that come from it are late.
            let at = time + if tap == 1 { i64::from(taps >> 4) * 500_000_000 } else { tap as i64 * 1_000 };
            (0..times % 3).for_each(|_| capture.push((at, packet.to_vec())));
        }
        rest = others;
    }
    for line in diagnose_together(&captures).lines() {
        let object: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(!line.contains(char::is_control), "{line:?}");
        let Some(counts) = object.get("counts") else { continue };
        let count = |name: &str| counts[name].as_u64().unwrap();
        assert!(count("lost") <= count("sent") && count("arrived") <= count("sent"), "{line}");
    }
});
