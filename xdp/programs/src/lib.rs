//! What the programs share.
#![no_std]

// Floor 0: packets changed.
pub mod rewrite;

// Floor 1: and made longer.
pub mod dsr;

/// Nothing here panics; what cannot be left out is never called.
#[cfg(target_arch = "bpf")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
