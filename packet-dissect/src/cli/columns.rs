//! `-T fields`: the fields that were asked for, one line a packet.

use crate::fields::{Field, FieldValue, FieldVisitor, Group, GroupSet, Kind};

use super::{names, write};

/// How `-T fields` writes, tshark's `-E`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Options {
    separator: u8,
    aggregator: u8,
    occurrence: Occurrence,
    quote: Option<u8>,
    header: bool,
    /// Whether a text that a spreadsheet would take for a formula begins with an apostrophe instead.
    defuses: bool,
    /// RFC 4180: quotes where a value needs them, lines that end in CR and LF.
    is_csv: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Occurrence {
    First,
    Last,
    All,
}

impl Options {
    pub(super) fn parse(pairs: &[(String, String)]) -> Result<Self, String> {
        let mut options = Self {
            separator: b'\t',
            aggregator: b',',
            occurrence: Occurrence::All,
            quote: None,
            header: false,
            defuses: false,
            is_csv: false,
        };
        for (key, value) in pairs {
            let wrong = || format!("-E {key}={value}: not a value of {key}");
            match key.as_str() {
                "separator" => options.separator = character(value).ok_or_else(wrong)?,
                "aggregator" => options.aggregator = character(value).ok_or_else(wrong)?,
                "occurrence" => {
                    options.occurrence = match value.as_str() {
                        "f" => Occurrence::First,
                        "l" => Occurrence::Last,
                        "a" => Occurrence::All,
                        _ => return Err(wrong()),
                    }
                }
                "quote" => {
                    options.quote = match value.as_str() {
                        "d" => Some(b'"'),
                        "s" => Some(b'\''),
                        "n" => None,
                        _ => return Err(wrong()),
                    }
                }
                "defuse" => {
                    options.defuses = match value.as_str() {
                        "y" => true,
                        "n" => false,
                        _ => return Err(wrong()),
                    }
                }
                "header" => {
                    options.header = match value.as_str() {
                        "y" => true,
                        "n" => false,
                        _ => return Err(wrong()),
                    }
                }
                _ => {
                    let known = ["separator", "aggregator", "occurrence", "quote", "header", "defuse"];
                    return Err(format!("-E {key}: unknown; {}", names::known(key, known.into_iter())));
                }
            }
        }
        Ok(options)
    }

    /// As RFC 4180 has it, where those who asked did not say otherwise.
    pub(super) fn csv(self, pairs: &[(String, String)]) -> Self {
        let is_said = |of: &str| pairs.iter().any(|(key, _)| key == of);
        let separator = if is_said("separator") { self.separator } else { b',' };
        Self { separator, header: self.header || !is_said("header"), is_csv: true, ..self }
    }

    fn end_line(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(if self.is_csv { b"\r\n" } else { b"\n" });
    }

    /// The quote that a value gets. RFC 4180 §2.6: one that has a separator, a quote or the end of a line in it.
    fn quote_of(&self, text: &[u8]) -> Option<u8> {
        let needs_one = |byte: &u8| *byte == self.separator || matches!(byte, b'"' | b'\r' | b'\n');
        if self.is_csv && self.quote.is_none() && text.iter().any(needs_one) { Some(b'"') } else { self.quote }
    }

    /// Whether nobody can tell a field's values from the next field's.
    pub(super) fn is_ambiguous(&self) -> bool {
        self.separator == self.aggregator && self.occurrence == Occurrence::All && self.quote.is_none()
    }
}

/// A character as tshark takes it: itself, /t for a tab, /s for a space.
fn character(text: &str) -> Option<u8> {
    match text.as_bytes() {
        b"/t" => Some(b'\t'),
        b"/s" => Some(b' '),
        [byte] => Some(*byte),
        _ => None,
    }
}

/// The columns of a row, filled field by field.
#[derive(Debug)]
pub(super) struct Columns {
    options: Options,
    /// For each field the first column that it stands in, or `NONE`.
    column_of: Vec<u32>,
    groups: GroupSet,
    columns: Vec<Column>,
    /// A bit a column: those that are filled. Most columns of most rows are not.
    filled: Vec<u64>,
    /// Whether every value goes out as it stands in its column, and once.
    is_plain: bool,
}

#[derive(Debug)]
struct Column {
    field: Field,
    /// What stands in it, of so many bytes, and a separator and some room behind them. Of no meaning in a column that is not filled.
    text: Vec<u8>,
    len: usize,
}

const NONE: u32 = u32::MAX;

impl Columns {
    pub(super) fn new(fields: &[Field], options: Options) -> Self {
        let mut column_of = vec![NONE; Field::ALL.len()];
        let mut is_plain = !options.is_csv && options.quote.is_none();
        for (number, &field) in fields.iter().enumerate() {
            match &mut column_of[field as usize] {
                column if *column == NONE => *column = number as u32,
                _ => is_plain = false,
            }
        }
        let columns =
            fields.iter().map(|&field| Column { field, text: Vec::with_capacity(2 * ROOM), len: 0 }).collect();
        let groups = GroupSet::of(|field| fields.contains(&field));
        let filled = vec![0; fields.len().div_ceil(64)];
        Self { options, column_of, groups, columns, filled, is_plain }
    }

    /// The names of the columns, if `-E header=y` wants them.
    pub(super) fn header(&self, out: &mut Vec<u8>) {
        if !self.options.header {
            return;
        }
        for (number, column) in self.columns.iter().enumerate() {
            if number > 0 {
                out.push(self.options.separator);
            }
            out.extend_from_slice(column.field.name().as_bytes());
        }
        self.options.end_line(out);
    }

    /// Writes the row out and empties it.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        if self.is_plain {
            self.write(out);
        } else {
            self.write_quoted(out);
        }
        // The last separator is the end of the line.
        out.pop();
        self.options.end_line(out);
        self.filled.fill(0);
    }

    /// Writes what stands in the columns as it is, and separators in place of what is between.
    fn write(&mut self, out: &mut Vec<u8>) {
        let separators = [self.options.separator; ROOM];
        let mut next = 0;
        for (word, bits) in self.filled.iter().enumerate() {
            let mut bits = *bits;
            while bits != 0 {
                let number = 64 * word + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let Column { text, len, .. } = &self.columns[number];
                append(out, &separators, number - next);
                append(out, text, len + 1);
                next = number + 1;
            }
        }
        append(out, &separators, self.columns.len() - next);
    }

    /// Writes the values with their quotes, and those of a field that is asked for twice.
    fn write_quoted(&self, out: &mut Vec<u8>) {
        for column in &self.columns {
            let of = self.column_of[column.field as usize] as usize;
            if self.is_filled(of) {
                let text = &self.columns[of].text[..self.columns[of].len];
                let quote = self.options.quote_of(text);
                out.extend(quote);
                for byte in text {
                    // RFC 4180 §2.7: a quote inside stands there twice.
                    out.extend(quote.filter(|quote| quote == byte));
                    out.push(*byte);
                }
                out.extend(quote);
            }
            out.push(self.options.separator);
        }
    }

    #[inline(always)]
    fn is_filled(&self, column: usize) -> bool {
        self.filled[column / 64] >> (column % 64) & 1 == 1
    }
}

/// How long nearly every value is at most: so much is copied without asking how long it is, with what happens to stand behind it.
const ROOM: usize = 32;

/// Appends the first `len` bytes of `text`.
#[inline(always)]
fn append(out: &mut Vec<u8>, text: &[u8], len: usize) {
    match text.first_chunk::<ROOM>() {
        Some(text) if len <= ROOM => write::extend_fixed(out, text, len),
        _ => append_long(out, text, len),
    }
}

#[cold]
fn append_long(out: &mut Vec<u8>, text: &[u8], len: usize) {
    match text.get(..len) {
        Some(text) => out.extend_from_slice(text),
        // More separators than there are at once.
        None => out.resize(out.len() + len, text[0]),
    }
}

/// Keeps a spreadsheet from taking a text for a formula.
#[cold]
fn defuse(column: &mut Vec<u8>, start: usize, field: Field) {
    if field.kind() == Kind::Text && matches!(column.get(start), Some(b'=' | b'+' | b'-' | b'@')) {
        column.insert(start, b'\'');
    }
}

impl FieldVisitor for Columns {
    #[inline(always)]
    fn wants(&self, field: Field) -> bool {
        self.column_of[field as usize] != NONE
    }

    #[inline(always)]
    fn wants_any(&self, group: Group) -> bool {
        self.groups.contains(group)
    }

    #[inline]
    fn visit(&mut self, field: Field, value: FieldValue<'_>, _: Option<&'static str>) {
        let number = self.column_of[field as usize] as usize;
        let Some(column) = self.columns.get_mut(number) else { return };
        let (word, bit) = (&mut self.filled[number / 64], 1 << (number % 64));
        if *word & bit == 0 || self.options.occurrence == Occurrence::Last {
            *word |= bit;
            column.text.clear();
        } else if self.options.occurrence == Occurrence::First {
            return;
        } else {
            column.text.truncate(column.len);
            column.text.push(self.options.aggregator);
        }
        let start = column.text.len();
        write::value(&mut column.text, field, value);
        if self.options.defuses {
            defuse(&mut column.text, start, field);
        }
        column.len = column.text.len();
        column.text.extend_from_slice(&[self.options.separator; ROOM]);
    }
}
