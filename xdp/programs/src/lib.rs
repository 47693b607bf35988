//! What the programs share.
#![no_std]

// Floor 0: packets changed, and what is said of those that are too long.
pub mod rewrite;
pub mod too_long;

// Floor 1: packets made longer.
pub mod dsr;

/// Nothing here panics; what cannot be left out is never called.
#[cfg(not(test))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
