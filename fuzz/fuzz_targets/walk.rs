//! Any bytes, as any link type: layers stand back to back inside the input, work is bounded, an error is the last.
#![no_main]

use libfuzzer_sys::fuzz_target;
use packet_dissect::{LinkType, MAX_LAYERS, layers};

const LINKS: [LinkType; 10] = [
    LinkType::ETHERNET,
    LinkType::RAW,
    LinkType::LINUX_SLL,
    LinkType::LINUX_SLL2,
    LinkType::NULL,
    LinkType::IPV6,
    LinkType::NFLOG,
    LinkType::PPP,
    LinkType::PPP_ETHER,
    LinkType::C_HDLC,
];

fuzz_target!(|input: (u8, &[u8])| {
    let (link, bytes) = input;
    let mut layers = layers(LINKS[usize::from(link) % LINKS.len()], bytes);
    let (mut end, mut steps, mut failed) = (0, 0, false);
    while let Some(layer) = layers.next() {
        assert!(!failed, "an error is the last");
        steps += 1;
        assert!(steps <= MAX_LAYERS + 1);
        match layer {
            Ok(layer) => {
                let range = layers.range();
                assert!(range.start == end && range.end >= range.start && range.end <= bytes.len(), "{layer:?}");
                end = range.end;
                // A summary of any layer can be written.
                assert!(!layer.to_string().is_empty());
            }
            Err(_) => failed = true,
        }
    }
});
