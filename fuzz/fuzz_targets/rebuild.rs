//! What parses is built again byte for byte.
#![no_main]

use libfuzzer_sys::fuzz_target;
use packet_dissect::verify::verify;
use packet_dissect::{LinkType, Packet};

fuzz_target!(|bytes: &[u8]| {
    for link in [LinkType::ETHERNET, LinkType::RAW] {
        let packet = Packet::new(link, bytes);
        let verdict = verify(&packet);
        assert!(verdict.is_same, "{packet}: {verdict:?}");
    }
});
