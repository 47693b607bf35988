//! The guide's lines are the example's.
#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

#[test]
fn the_guides_nat_is_the_examples() {
    let (guide, example) = (include_str!("../README.md"), include_str!("../examples/nat/nat.rs"));
    let (_, nat) = example.split_once("// The thirty lines.\n").unwrap();
    assert!(guide.contains(nat));
    assert!(
        nat.lines().filter(|line| !line.trim_start().starts_with("///")).count() <= 32,
        "thirty, and `impl` around them"
    );
}
