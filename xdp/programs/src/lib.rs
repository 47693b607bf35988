//! What the programs share.
#![no_std]

pub mod too_long;

/// Nothing here panics; what cannot be left out is never called.
#[cfg(not(test))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
