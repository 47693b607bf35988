//! Which sequence numbers were seen: weave's window, which slides by half of itself.
//!
//! Two sets of 2^20 numbers, the upper of which holds the highest that was seen. A number above both moves the window up,
//! however far it is ahead; one below both is taken for a replay. To be asked only about packets that could be opened, or
//! anybody could move the window.
//!
//! weave router/frame_crypto.go, advanceState.

use crate::sleeve::Sequence;

/// How many numbers a set holds.
pub const SET_LEN: u64 = 1 << 20;
/// How many words a window needs: a bit a number, two sets.
pub const WORDS: usize = (2 * SET_LEN / 64) as usize;

/// The window of one row of numbers, over memory of the caller's. A direction has two rows: one for packets that may be
/// fragmented, one for those that may not.
///
/// ```
/// use weave_codec::replay::{ReplayWindow, WORDS};
/// use weave_codec::Sequence;
///
/// let mut words = vec![0; WORDS];
/// let mut window = ReplayWindow::new(words.as_mut_slice().try_into().unwrap());
/// let number = |number| Sequence::new(number, false);
/// assert!(window.is_new(number(5)));
/// assert!(window.is_new(number(3)), "late, but new");
/// assert!(!window.is_new(number(5)), "a replay");
/// ```
#[derive(Debug)]
pub struct ReplayWindow<'a> {
    words: &'a mut [u64; WORDS],
    /// Which set of numbers the upper half is: the highest number by [`SET_LEN`].
    current: u64,
}

impl<'a> ReplayWindow<'a> {
    /// A window that has seen nothing. The memory is cleared.
    #[must_use]
    pub fn new(words: &'a mut [u64; WORDS]) -> Self {
        words.fill(0);
        Self { words, current: 0 }
    }

    /// Whether a number is new. It is not from now on.
    pub fn is_new(&mut self, sequence: Sequence) -> bool {
        let (set, offset) = (sequence.number() / SET_LEN, (sequence.number() % SET_LEN) as usize);
        if set > self.current {
            // The set that takes the place of the one before the last; and of the last, where one was left out.
            self.half(set).fill(0);
            if set > self.current + 1 {
                self.half(set + 1).fill(0);
            }
            self.current = set;
        } else if set + 1 < self.current {
            return false;
        }
        let Some(word) = self.half(set).get_mut(offset / 64) else { return false };
        let bit = 1 << (offset % 64);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    /// Where a set's bits are: sets take turns.
    fn half(&mut self, set: u64) -> &mut [u64] {
        let (even, odd) = self.words.split_at_mut(WORDS / 2);
        if set % 2 == 0 { even } else { odd }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::vec;

    fn window(numbers: &[(u64, bool)]) {
        let mut words = vec![u64::MAX; WORDS];
        let mut window = ReplayWindow::new(words.as_mut_slice().try_into().unwrap());
        for (step, (number, is_new)) in numbers.iter().enumerate() {
            assert_eq!(window.is_new(Sequence::new(*number, step % 2 == 0)), *is_new, "step {step}: {number}");
        }
    }

    #[test]
    fn replayed_late_and_far_future() {
        let top = (1 << 63) - 1;
        window(&[(0, true), (0, false), (7, true), (3, true), (3, false)]);
        // The window slides by 2^20: what is in the set below is known still, what is below that is not asked.
        window(&[(5, true), (SET_LEN, true), (5, false), (6, true), (2 * SET_LEN, true), (7, false), (SET_LEN, false)]);
        window(&[(2 * SET_LEN - 1, true), (0, true), (2 * SET_LEN, true), (0, false), (SET_LEN + 1, true)]);
        // A jump leaves nothing of what was, and all of the set below the new one free.
        window(&[(5, true), (4 * SET_LEN, true), (3 * SET_LEN, true), (5, false), (3 * SET_LEN, false)]);
        window(&[
            (5, true),
            (SET_LEN + 1, true),
            (4 * SET_LEN, true),
            (3 * SET_LEN + 1, true),
            (3 * SET_LEN + 1, false),
        ]);
        // Each number has a bit of its own.
        window(&[
            (1, true),
            (65, true),
            (64, true),
            (1, false),
            (65, false),
            (SET_LEN + 65, true),
            (SET_LEN + 1, true),
        ]);
        assert_eq!(WORDS * 64, 2 << 20);
        window(&[(1, true), (top, true), (top, false), (top - SET_LEN, true), (top - 2 * SET_LEN, false), (1, false)]);
    }
}
