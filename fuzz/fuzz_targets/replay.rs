//! The window of numbers that were seen: as a set of all numbers and the rule say it, whatever comes in which order.
#![no_main]

use std::collections::HashSet;

use libfuzzer_sys::fuzz_target;
use weave_codec::Sequence;
use weave_codec::replay::{ReplayWindow, SET_LEN, WORDS};

#[derive(Debug, arbitrary::Arbitrary)]
enum Step {
    /// A little ahead of the last one, or behind.
    Near(i8),
    /// Some sets ahead or behind, at any place in one.
    Sets(i8, u16),
    Any(u64),
    /// One that was there, so many steps ago.
    Again(u8),
}

fuzz_target!(|steps: Vec<Step>| {
    let mut words = vec![0; WORDS];
    let mut window = ReplayWindow::new(words.as_mut_slice().try_into().unwrap());
    let (mut seen, mut highest_set, mut last, mut row) = (HashSet::new(), 0, 0_u64, Vec::new());
    for step in steps.iter().take(10_000) {
        last = match *step {
            Step::Near(by) => last.wrapping_add_signed(by.into()),
            Step::Sets(by, place) => {
                let start = (last / SET_LEN).wrapping_add_signed(by.into()).wrapping_mul(SET_LEN);
                start.wrapping_add(u64::from(place) % SET_LEN)
            }
            Step::Any(number) => number,
            Step::Again(ago) => row.iter().rev().nth(ago.into()).copied().unwrap_or(last),
        } & (u64::MAX >> 1);
        row.push(last);
        let set = last / SET_LEN;
        let is_late = set + 1 < highest_set;
        let is_new = !is_late && seen.insert(last);
        highest_set = highest_set.max(set);
        assert_eq!(window.is_new(Sequence::new(last, false)), is_new, "{last:#x}, the highest set is {highest_set:#x}");
    }
});
