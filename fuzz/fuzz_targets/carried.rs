//! What a tunnel carries, made longer and shorter: the packet is what it would be if it were built anew around it, a checksum that was wrong
//! is wrong by the same difference, and what does not fit changes nothing.
#![no_main]

#[path = "../../ether-ip/tests/carrying/mod.rs"]
mod carrying;
#[path = "../../ether-ip/tests/sums/mod.rs"]
mod sums;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|case: carrying::Case| case.hold());
