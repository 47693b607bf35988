//! The programs beside the same ones in C.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use aya::programs::Program;
use xdp_loader::cost::Cost;
use xdp_loader::object;

/// A program may have so many instructions for a hundred of C's.
const MOST: u32 = 120;

#[test]
fn no_more_instructions_than_c_needs() {
    let mut long = Vec::new();
    for (file, name) in [
        ("meter", "meter"),
        ("vtep", "decapsulate"),
        ("vtep", "encapsulate"),
        ("balancer", "balance"),
        ("balancer", "balance_skb"),
    ] {
        let cost = |mut ebpf: aya::Ebpf| {
            let program = ebpf.program_mut(name).unwrap();
            match program {
                Program::Xdp(program) => program.load().unwrap(),
                Program::SchedClassifier(program) => program.load().unwrap(),
                other => panic!("{name} is {:?}", other.prog_type()),
            }
            Cost::of(program.info()).unwrap()
        };
        let (ours, c) = (cost(object::load(file).unwrap()), cost(object::load_c(file).unwrap()));
        println!("{name}: {ours}; in C: {c}");
        if ours.instructions * 100 > c.instructions * MOST {
            long.push(name);
        }
    }
    assert_eq!(long, [""; 0]);
}
