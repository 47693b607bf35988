//! An entry point for every public function of the codec crates, linked with a panic handler that calls what nobody
//! defines. If the optimiser cannot show that no panic is reachable, the symbol stays in the library, and
//! `.ci/panic-free` fails.
#![no_std]
#![allow(improper_ctypes_definitions, clippy::all)]

extern "C" {
    fn a_panic_is_reachable() -> !;
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: never linked into a program; the symbol's absence from the library is the proof.
    unsafe { a_panic_is_reachable() }
}

include!(concat!(env!("OUT_DIR"), "/entries.rs"));

/// What macros make, which the sources do not show: the views' own headers and the capture links' views.
mod from_macros {
    use core::hint::black_box;
    use ether_ip::capture_link::{BsdLoopbackPacket, LinuxCooked2Packet, LinuxCookedPacket};

    macro_rules! views {
        ($($parse:ident $header:ident $payload:ident $into:ident $view:ident;)*) => {$(
            #[no_mangle]
            pub fn $parse(bytes: &[u8]) {
                let _ = black_box($view::parse(bytes));
            }
            #[no_mangle]
            pub fn $header(view: &$view<&[u8]>) {
                black_box(view.header());
            }
            #[no_mangle]
            pub fn $payload(view: &$view<&[u8]>) {
                black_box(view.payload());
            }
            #[no_mangle]
            pub fn $into(view: $view<&[u8]>) {
                black_box(view.into_payload());
            }
        )*};
    }

    views! {
        entry_macro_sll_parse entry_macro_sll_header entry_macro_sll_payload entry_macro_sll_into LinuxCookedPacket;
        entry_macro_sll2_parse entry_macro_sll2_header entry_macro_sll2_payload entry_macro_sll2_into LinuxCooked2Packet;
        entry_macro_bsd_parse entry_macro_bsd_header entry_macro_bsd_payload entry_macro_bsd_into BsdLoopbackPacket;
    }
}

/// Planted by `.ci/panic-free --self-test`: an index that may be out of bounds.
#[cfg(feature = "planted")]
#[no_mangle]
pub fn entry_planted(bytes: &[u8], at: usize) -> u8 {
    bytes[at]
}
