//! What a cluster says of itself, and packets beside it: a text is taken or refused with a sentence, and what is found is JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use packet_dissect::cli::diagnose_on;

/// A ping of 10.244.1.2 to 10.244.2.2 in VXLAN of network 1 from 192.0.2.1 to 192.0.2.2, and without it.
fn frames() -> [Vec<u8>; 2] {
    let ping =
        [0x45, 0, 0, 28, 0, 0, 0x40, 0, 64, 1, 0x23, 0xf6, 10, 244, 1, 2, 10, 244, 2, 2, 8, 0, 0xf7, 0xfd, 0, 1, 0, 1];
    let between = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0];
    let outer = [
        0x45, 0, 0, 78, 0, 0, 0x40, 0, 64, 17, 0xb6, 0x9b, 192, 0, 2, 1, 192, 0, 2, 2, 0xc3, 0x50, 0x21, 0x18, 0, 58,
        0, 0,
    ];
    let vxlan = [8, 0, 0, 0, 0, 0, 1, 0, 0x0a, 0, 0, 0, 0, 2, 0x0a, 0, 0, 0, 0, 1, 8, 0];
    [[&between[..], &outer, &vxlan, &ping].concat(), [&between[..], &ping].concat()]
}

fuzz_target!(|text: &str| {
    match diagnose_on(text, &frames()) {
        Ok(found) => found.lines().for_each(|line| {
            let object: serde_json::Value = serde_json::from_str(line).unwrap();
            assert!(object["code"].is_string() && object["evidence"]["names"].is_object(), "{line}");
            assert!(!line.contains(char::is_control), "{line:?}");
        }),
        Err(sentence) => assert!(!sentence.is_empty()),
    }
});
