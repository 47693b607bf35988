//! The checksum's laws: whole, plain and in pieces agree; a change patched in equals the sum taken anew.
#![no_main]

use ether_ip::checksum::{self, Change, Checksum};
use libfuzzer_sys::fuzz_target;

fn plain(bytes: &[u8]) -> u16 {
    let mut sum = 0_u64;
    for pair in bytes.chunks(2) {
        sum += u64::from(pair[0]) << 8 | u64::from(*pair.get(1).unwrap_or(&0));
    }
    while sum >> 16 != 0 {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

fuzz_target!(|input: (&[u8], u16, u16, u16)| {
    let (bytes, first, at, new) = input;
    let whole = checksum::of(bytes);
    assert_eq!(whole, plain(bytes));
    let split = usize::from(first) % (bytes.len() + 1);
    let (a, b) = bytes.split_at(split);
    assert_eq!(Checksum::new().bytes(a).bytes(b).finish(), whole);

    if bytes.len() >= 2 {
        let at = usize::from(at) % (bytes.len() - 1);
        let old = u16::from_be_bytes([bytes[at], bytes[at + 1]]);
        let mut changed = bytes.to_vec();
        changed[at..at + 2].copy_from_slice(&new.to_be_bytes());
        let patched = Change::new().word(at, old, new).apply(whole);
        let anew = checksum::of(&changed);
        // Both zeros of ones' complement stand for the same sum (RFC 1624 §3), where all words are zero.
        assert!(patched == anew || (patched ^ anew == 0xffff && (patched == 0 || anew == 0)), "{patched:#x} {anew:#x}");
    }
});
