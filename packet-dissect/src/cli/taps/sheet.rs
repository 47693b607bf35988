//! A table as it is written: in columns, as CSV, as an object of JSON.

use std::fmt;
use std::io::Write;

use super::super::palette::Palette;

/// What stands in one place.
#[derive(Debug)]
pub(super) enum Cell {
    Text(String),
    Number(u64),
    /// With so many decimals.
    Seconds(f64, usize),
    /// When the last packet came, in seconds.
    Until(f64),
    /// What tells the row apart, of the row that is all others.
    Others,
    /// What cannot be told of them.
    Unknown,
}

/// As it stands in a column.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.pad(text),
            Self::Number(number) => f.pad(&number.to_string()),
            Self::Seconds(seconds, decimals) => f.pad(&format!("{seconds:.decimals$}")),
            Self::Until(_) => f.pad("Dur"),
            Self::Others => f.pad("others"),
            Self::Unknown => f.pad("-"),
        }
    }
}

/// What is told of a column.
#[derive(Debug)]
pub(super) struct Column {
    head: String,
    /// Its name for machines; none if it is only there to be looked at.
    key: String,
    /// Numbers end where their head ends.
    is_number: bool,
}

impl Column {
    pub(super) fn text(head: &str, key: &str) -> Self {
        Self { head: head.to_owned(), key: key.to_owned(), is_number: false }
    }

    pub(super) fn number(head: &str, key: &str) -> Self {
        Self { is_number: true, ..Self::text(head, key) }
    }
}

/// Hands rows out, one at a time, as often as somebody likes: they are never there all at once.
type Rows<'a> = Box<dyn Fn(&mut dyn FnMut(&[Cell])) + 'a>;

/// A table.
pub(super) struct Sheet<'a> {
    columns: Vec<Column>,
    rows: Rows<'a>,
}

// Writing to a vector cannot fail.
impl<'a> Sheet<'a> {
    pub(super) fn new(columns: Vec<Column>, rows: impl Fn(&mut dyn FnMut(&[Cell])) + 'a) -> Self {
        Self { columns, rows: Box::new(rows) }
    }

    /// In columns that are as wide as what stands in them.
    pub(super) fn write(&self, out: &mut Vec<u8>, palette: &Palette) {
        let mut widths: Vec<_> = self.columns.iter().map(|column| column.head.chars().count()).collect();
        (self.rows)(&mut |cells| {
            for (width, cell) in widths.iter_mut().zip(cells) {
                *width = (*width).max(cell.to_string().chars().count());
            }
        });
        let style = palette.heading;
        let _ = write!(out, "{style}");
        self.line(out, &widths, self.columns.iter().map(|column| &column.head));
        let _ = writeln!(out, "{style:#}");
        (self.rows)(&mut |cells| {
            self.line(out, &widths, cells.iter());
            out.push(b'\n');
        });
    }

    fn line(&self, out: &mut Vec<u8>, widths: &[usize], cells: impl Iterator<Item = impl fmt::Display>) {
        for (number, ((cell, column), width)) in cells.zip(&self.columns).zip(widths).enumerate() {
            let gap = if number > 0 { " " } else { "" };
            let _ =
                if column.is_number { write!(out, "{gap}{cell:>width$}") } else { write!(out, "{gap}{cell:<width$}") };
        }
        // Nothing stands behind the last.
        out.truncate(out.trim_ascii_end().len());
    }

    /// As RFC 4180 has it: the columns' names, then the rows.
    pub(super) fn write_csv(&self, out: &mut Vec<u8>) {
        let mut names = self.columns.iter().filter(|column| !column.key.is_empty()).map(|column| column.key.as_bytes());
        csv_line(out, &mut names);
        (self.rows)(&mut |cells| {
            let of = cells.iter().zip(&self.columns).filter(|(_, column)| !column.key.is_empty());
            let texts: Vec<_> = of.map(|(cell, _)| cell.machine_text()).collect();
            csv_line(out, &mut texts.iter().map(String::as_bytes));
        });
    }

    /// As an array of objects.
    pub(super) fn write_json(&self, out: &mut Vec<u8>) {
        out.push(b'[');
        let mut is_first = true;
        (self.rows)(&mut |cells| {
            out.extend_from_slice(if is_first { b"{" } else { b",{" });
            is_first = false;
            self.members(out, cells);
            out.push(b'}');
        });
        out.push(b']');
    }

    fn members(&self, out: &mut Vec<u8>, cells: &[Cell]) {
        let mut is_first = true;
        let mut add = |out: &mut Vec<u8>, key: &str, cell: &Cell| {
            let gap = if is_first { "" } else { "," };
            is_first = false;
            let _ = match cell {
                Cell::Text(text) => write!(out, "{gap}\"{key}\":{}", serde_json::Value::from(text.as_str())),
                Cell::Others => write!(out, "{gap}\"others\":true"),
                number => write!(out, "{gap}\"{key}\":{}", number.machine_text()),
            };
        };
        let is_others = matches!(cells.first(), Some(Cell::Others));
        if is_others {
            add(out, "", &Cell::Others);
        }
        for (cell, column) in cells.iter().zip(&self.columns) {
            if !column.key.is_empty() && !matches!(cell, Cell::Others | Cell::Unknown) {
                add(out, &column.key, cell);
            }
        }
    }
}

impl Cell {
    /// As a program reads it.
    fn machine_text(&self) -> String {
        match self {
            Self::Until(seconds) => format!("{seconds:.6}"),
            Self::Unknown => String::new(),
            cell => cell.to_string(),
        }
    }
}

fn csv_line(out: &mut Vec<u8>, cells: &mut dyn Iterator<Item = &[u8]>) {
    for (number, cell) in cells.enumerate() {
        if number > 0 {
            out.push(b',');
        }
        let has_quotes = cell.iter().any(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n'));
        let quote = has_quotes.then_some(b'"');
        out.extend(quote);
        for byte in cell {
            // RFC 4180 §2.7: a quote inside stands there twice.
            out.extend(quote.filter(|quote| quote == byte));
            out.push(*byte);
        }
        out.extend(quote);
    }
    out.extend_from_slice(b"\r\n");
}
