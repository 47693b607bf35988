//! `-z conv,…`: who talks to whom, how much each way, from when and for how long.

use super::super::rows::{Key, Rows};
use super::labels::Labels;
use super::seen::{End, Of, Pair, When};
use super::sheet::{Cell, Column, Sheet};

/// Both ends, the lesser first, and the stream.
type Between = (End, End, u64);

impl Key for Between {}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Count {
    frames: u64,
    bytes: u64,
}

/// What one came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Row {
    /// Its place among those that have as many frames: in the order in which they began.
    place: u64,
    /// Whether its first packet came from the greater end.
    is_turned: bool,
    to_a: Count,
    to_b: Count,
    start: i64,
    stop: i64,
}

impl Row {
    fn frames(&self) -> u64 {
        self.to_a.frames + self.to_b.frames
    }
}

/// The conversations of one kind.
#[derive(Debug)]
pub(super) struct Conversations {
    pub(super) of: Of,
    rows: Rows<Between, Row>,
    /// How many headers were counted.
    counted: u64,
}

impl Conversations {
    pub(super) fn new(of: Of) -> Self {
        Self { of, rows: Rows::default(), counted: 0 }
    }

    /// Counts a header. A is whose packet comes first.
    pub(super) fn add(&mut self, pair: &Pair, When { since_first, bytes }: When) {
        self.counted += 1;
        let is_turned = pair.source > pair.destination;
        let (lesser, greater) =
            if is_turned { (pair.destination, pair.source) } else { (pair.source, pair.destination) };
        self.rows.change(&(lesser, greater, pair.stream), |row| {
            if row.frames() == 0 {
                *row = Row { place: self.counted, is_turned, start: since_first, stop: since_first, ..Row::default() };
            }
            let way = if row.is_turned == is_turned { &mut row.to_b } else { &mut row.to_a };
            way.frames += 1;
            way.bytes += bytes;
            row.start = row.start.min(since_first);
            row.stop = row.stop.max(since_first);
        });
    }

    /// Those with most frames first, as tshark has them.
    pub(super) fn sheet<'a>(&'a self, labels: &'a Labels<'a>) -> Sheet<'a> {
        let mut columns = vec![
            Column::text("address A", "a"),
            Column::text("<->", ""),
            Column::text("address B", "b"),
            Column::number("frames <-", "frames_from_b"),
            Column::number("bytes <-", "bytes_from_b"),
            Column::number("frames ->", "frames_from_a"),
            Column::number("bytes ->", "bytes_from_a"),
            Column::number("frames", "frames"),
            Column::number("bytes", "bytes"),
            Column::number("start", "start"),
            Column::number("duration", "duration"),
        ];
        if labels.are_given() {
            columns.extend([Column::text("A is", "name_a"), Column::text("B is", "name_b")]);
        }
        let mut rows: Vec<_> = self.rows.iter().collect();
        rows.sort_by_key(|(_, row)| (u64::MAX - row.frames(), row.place));
        Sheet::new(columns, move |write| {
            for ((lesser, greater, _), row) in &rows {
                let (a, b) = if row.is_turned { (*greater, *lesser) } else { (*lesser, *greater) };
                let mut cells = cells(row, Cell::Text(a.to_string()), Cell::Text(b.to_string()));
                if labels.are_given() {
                    cells.extend([a, b].map(|end| Cell::Text(labels.of(end))));
                }
                write(&cells);
            }
            if let Some(row) = self.rows.others() {
                let mut cells = cells(row, Cell::Others, Cell::Others);
                // Nobody is A among many.
                cells[3..7].fill_with(|| Cell::Unknown);
                write(&cells);
            }
        })
    }
}

fn cells(row: &Row, a: Cell, b: Cell) -> Vec<Cell> {
    let Row { to_a, to_b, start, stop, .. } = *row;
    let count = |Count { frames, bytes }| [frames, bytes].map(Cell::Number);
    let total = Count { frames: to_a.frames + to_b.frames, bytes: to_a.bytes + to_b.bytes };
    let seconds = |nanoseconds: i64| {
        // Whole ones and the rest apart, as tshark has them: what is rounded is rounded the same way.
        nanoseconds.div_euclid(1_000_000_000) as f64 + nanoseconds.rem_euclid(1_000_000_000) as f64 / 1e9
    };
    let mut cells = vec![a, Cell::Text("<->".to_owned()), b];
    cells.extend([to_a, to_b, total].into_iter().flat_map(count));
    cells.extend([Cell::Seconds(seconds(start), 9), Cell::Seconds(seconds(stop) - seconds(start), 4)]);
    cells
}
