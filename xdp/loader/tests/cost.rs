//! What the programs cost, beside the same ones in C.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use aya::programs::Program;
use xdp_loader::cost::Cost;
use xdp_loader::object;

/// All programs: the object, and the name in it.
const PROGRAMS: [(&str, &str); 11] = [
    ("balancer", "balance"),
    ("balancer", "balance_skb"),
    ("drops", "drops"),
    ("meter", "meter"),
    ("redirect", "overlay"),
    ("redirect", "underlay"),
    ("sink", "drop"),
    ("sink", "pass"),
    ("sink", "send"),
    ("vtep", "decapsulate"),
    ("vtep", "encapsulate"),
];

/// A program may have so many instructions for a hundred of C's.
const MOST: u32 = 120;

fn cost(object: &[u8], name: &str) -> Cost {
    let mut ebpf = object::load_bytes(object).unwrap();
    let program = ebpf.program_mut(name).unwrap();
    match program {
        Program::Xdp(program) => program.load().unwrap(),
        Program::SchedClassifier(program) => program.load().unwrap(),
        other => panic!("{name} is {:?}", other.prog_type()),
    }
    Cost::of(program.info(), object).unwrap()
}

#[test]
fn the_verifier_takes_them() {
    for (file, name) in PROGRAMS {
        println!("{file} {name}: {}", cost(&object::bytes(file).unwrap(), name));
    }
}

#[test]
fn no_more_instructions_than_c_needs() {
    let mut long = Vec::new();
    // What only counts and sends there is not in C.
    for (file, name) in PROGRAMS.into_iter().filter(|(file, _)| *file != "sink") {
        let ours = cost(&object::bytes(file).unwrap(), name);
        let c = cost(&object::bytes_c(file).unwrap(), name);
        println!("{name}: {} instructions, in C {}", ours.instructions, c.instructions);
        if ours.instructions * 100 > c.instructions * MOST {
            long.push(name);
        }
    }
    assert_eq!(long, [""; 0]);
}
