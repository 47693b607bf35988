//! `-z endpoints,…`: what each one sends and gets.

use super::super::rows::{Key, Rows};
use super::labels::Labels;
use super::seen::{End, Of, Pair, When};
use super::sheet::{Cell, Column, Sheet};

impl Key for End {}

/// What one came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Row {
    /// Its place among those that have as many packets: in the order in which they were seen.
    place: u64,
    sent: u64,
    sent_bytes: u64,
    got: u64,
    got_bytes: u64,
}

/// The endpoints of one kind.
#[derive(Debug)]
pub(super) struct Endpoints {
    pub(super) of: Of,
    rows: Rows<End, Row>,
    /// How many ends were counted.
    counted: u64,
}

impl Endpoints {
    pub(super) fn new(of: Of) -> Self {
        Self { of, rows: Rows::default(), counted: 0 }
    }

    /// Counts a header at both ends: one that talks to itself sends and gets it.
    pub(super) fn add(&mut self, pair: &Pair, When { bytes, .. }: When) {
        self.end(pair.source, |row| (row.sent, row.sent_bytes) = (row.sent + 1, row.sent_bytes + bytes));
        self.end(pair.destination, |row| (row.got, row.got_bytes) = (row.got + 1, row.got_bytes + bytes));
    }

    fn end(&mut self, end: End, count: impl FnOnce(&mut Row)) {
        self.counted += 1;
        self.rows.change(&end, |row| {
            if row.place == 0 {
                row.place = self.counted;
            }
            count(row);
        });
    }

    /// Those with most packets first, as tshark has them.
    pub(super) fn sheet<'a>(&'a self, labels: &'a Labels<'a>) -> Sheet<'a> {
        let mut columns = vec![Column::text("address", "address")];
        if self.of.has_ports() {
            columns.push(Column::number("port", "port"));
        }
        columns.extend([
            Column::number("packets", "packets"),
            Column::number("bytes", "bytes"),
            Column::number("tx packets", "tx_packets"),
            Column::number("tx bytes", "tx_bytes"),
            Column::number("rx packets", "rx_packets"),
            Column::number("rx bytes", "rx_bytes"),
        ]);
        if labels.are_given() {
            columns.push(Column::text("name", "name"));
        }
        let mut rows: Vec<_> = self.rows.iter().collect();
        rows.sort_by_key(|(_, row)| (u64::MAX - row.sent - row.got, row.place));
        Sheet::new(columns, move |write| {
            for (end, row) in &rows {
                let mut cells = match **end {
                    End::Port(address, port) => vec![Cell::Text(address.to_string()), Cell::Number(port.into())],
                    end => vec![Cell::Text(end.to_string())],
                };
                cells.extend(counts(row));
                if labels.are_given() {
                    cells.push(Cell::Text(labels.of(**end)));
                }
                write(&cells);
            }
            if let Some(row) = self.rows.others() {
                let mut cells = vec![Cell::Others];
                if self.of.has_ports() {
                    cells.push(Cell::Others);
                }
                cells.extend(counts(row));
                write(&cells);
            }
        })
    }
}

fn counts(row: &Row) -> [Cell; 6] {
    let Row { sent, sent_bytes, got, got_bytes, .. } = *row;
    [sent + got, sent_bytes + got_bytes, sent, sent_bytes, got, got_bytes].map(Cell::Number)
}
