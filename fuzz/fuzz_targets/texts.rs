//! What a person types: tests (-Y), decode-as (-d), overrules (-o), separators (-E), keys, and pasted bytes. Each is taken or refused with
//! an exit code, and never ends the program otherwise.
#![no_main]

use libfuzzer_sys::fuzz_target;
use packet_dissect::cli::run_on;

/// One packet, so that a test is asked too: an ICMP echo.
const CAPTURE: &[u8] = &[
    0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 101, 0, 0, 0, //
    0, 0, 0, 0, 0, 0, 0, 0, 28, 0, 0, 0, 28, 0, 0, 0, //
    0x45, 0, 0, 28, 0, 0, 0x40, 0, 64, 1, 0xb6, 0xdc, 192, 0, 2, 1, 192, 0, 2, 2, 8, 0, 0xf7, 0xfd, 0, 1, 0, 1,
];

fuzz_target!(|input: (u8, &str)| {
    let (what, text) = input;
    let run = |arguments: &[&str]| run_on(arguments, CAPTURE.to_vec()).map(|(status, output)| (status, output.len()));
    let outcome = match what % 7 {
        0 => run(&["-Y", text, "-"]),
        1 => run(&["-d", text, "-"]),
        2 => run(&["-o", text, "-"]),
        3 => run(&["-T", "fields", "-e", "ip.src", "-E", text, "-"]),
        4 => run(&["-T", "fields", "-e", text, "-"]),
        5 => run(&["--weave-key", text, "-"]),
        _ => run(&["hex", "--", text]),
    };
    if let Some((status, printed)) = outcome {
        assert!(status == 0 || (status == 2 && printed == 0) || what % 7 == 6, "{status} after {printed} bytes");
    }
});
