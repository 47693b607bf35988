//! Any file: packets, then an error or the end.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use packet_dissect::Capture;

fuzz_target!(|file: &[u8]| {
    let len = file.len();
    if let Ok(mut capture) = Capture::new(Cursor::new(file.to_vec())) {
        let mut packets = 0;
        while let Some(record) = capture.next_record() {
            let Ok(record) = record else { break };
            packets += 1;
            assert_eq!(record.number, packets);
            assert!(record.bytes.len() <= len && packets as usize <= len);
        }
        assert!(capture.next_record().is_none());
    }
});
