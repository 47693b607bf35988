//! `-z io,stat,…`: frames and bytes by the time at which they came.

use super::super::filter::Filter;
use super::super::listener::Shown;
use super::seen::When;
use super::sheet::{Cell, Column, Sheet};

/// How many numbers are kept at most; the last interval goes on to the end, so that memory stays bounded.
const MAX_CELLS: usize = 1 << 17;

const MICROSECONDS: u64 = 1_000_000;

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    frames: u64,
    bytes: u64,
}

/// How long an interval is, in microseconds, and with how many decimals it was given. `None` is as long as all packets take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Interval(Option<u64>, usize);

impl Interval {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("-z io,stat: {text:?} is no interval; it is 0, for all, or from 0.000001 seconds on");
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
            return Err(wrong());
        }
        let seconds: f64 = text.parse().map_err(|_| wrong())?;
        let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len().min(6));
        match (seconds * MICROSECONDS as f64).round() as u64 {
            0 if seconds > 0.0 => Err(wrong()),
            0 => Ok(Self(None, 0)),
            length => Ok(Self(Some(length), decimals)),
        }
    }
}

/// Frames and bytes by intervals, of all packets and of those that tests are true of.
#[derive(Debug)]
pub(super) struct Io {
    interval: Interval,
    /// A column each: its test, if it has one.
    columns: Vec<Option<Filter>>,
    /// The columns of the first interval, then those of the next, as far as packets came.
    counts: Vec<Count>,
    /// When the last packet came.
    last: u64,
}

impl Io {
    pub(super) fn new(interval: Interval, columns: Vec<Option<Filter>>) -> Self {
        Self { interval, columns, counts: Vec::new(), last: 0 }
    }

    pub(super) fn add(&mut self, shown: &impl Shown, When { since_first, bytes }: When) {
        // To the nearest, as tshark has it. What is from before the first packet is in the first interval.
        let at = u64::try_from(since_first.saturating_add(500) / 1000).unwrap_or(0);
        self.last = self.last.max(at);
        let first = self.number(at) * self.columns.len();
        for (number, column) in self.columns.iter_mut().enumerate() {
            if column.as_mut().is_none_or(|filter| filter.accepts(shown)) {
                if self.counts.len() <= first + number {
                    self.counts.resize(first + number + 1, Count::default());
                }
                let count = &mut self.counts[first + number];
                count.frames += 1;
                count.bytes += bytes;
            }
        }
    }

    /// Which interval a time is in.
    fn number(&self, at: u64) -> usize {
        let Interval(Some(length), _) = self.interval else { return 0 };
        let last = (MAX_CELLS / self.columns.len()).saturating_sub(1);
        usize::try_from(at / length).map_or(last, |number| number.min(last))
    }

    /// How long all took, in seconds.
    pub(super) fn duration(&self) -> f64 {
        self.last as f64 / MICROSECONDS as f64
    }

    pub(super) fn sheet(&self) -> Sheet<'_> {
        let mut columns = vec![Column::number("from", "from"), Column::text("<>", ""), Column::number("to", "to")];
        for number in 1..=self.columns.len() {
            columns.push(Column::number(&format!("frames {number}"), &format!("frames_{number}")));
            columns.push(Column::number(&format!("bytes {number}"), &format!("bytes_{number}")));
        }
        let (intervals, Interval(length, decimals)) = (self.number(self.last) + 1, self.interval);
        let seconds = move |number: usize| {
            let at = length.unwrap_or(0).saturating_mul(number as u64);
            Cell::Seconds(at as f64 / MICROSECONDS as f64, decimals)
        };
        Sheet::new(columns, move |write| {
            for number in 0..intervals {
                let to = if number + 1 == intervals { Cell::Until(self.duration()) } else { seconds(number + 1) };
                let mut cells = vec![seconds(number), Cell::Text("<>".to_owned()), to];
                for column in 0..self.columns.len() {
                    let at = number * self.columns.len() + column;
                    let Count { frames, bytes } = self.counts.get(at).copied().unwrap_or_default();
                    cells.extend([frames, bytes].map(Cell::Number));
                }
                write(&cells);
            }
        })
    }
}
