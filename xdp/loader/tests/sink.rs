//! What counts, lets pass, drops and sends.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use aya::programs::{TestRun, TestRunOptions, Xdp};
use xdp_loader::{object, sink};
use xdp_maps::Sunk;

#[test]
fn verdicts() {
    for (name, verdict, counted) in [("pass", 2, 1), ("drop", 1, 1), ("send", 4, 0)] {
        let mut ebpf = object::load("sink").unwrap();
        let program: &mut Xdp = object::program(&mut ebpf, name).unwrap();
        program.load().unwrap();
        let options = TestRunOptions { data_in: Some(&[0; 60]), ..TestRunOptions::new() };
        assert_eq!(program.test_run(options).unwrap().return_value, verdict, "{name}");
        assert_eq!(sink::sunk(&ebpf).unwrap(), Sunk { packets: counted, bytes: 60 * counted }, "{name}");
    }
}
