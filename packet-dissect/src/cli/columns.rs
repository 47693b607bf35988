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
                    let nearest = names::nearest(key, known.into_iter());
                    return Err(format!("-E {key}: unknown; the nearest known one is {nearest}"));
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
    /// For each field the column that it fills, or `NONE`.
    column_of: Vec<u8>,
    groups: GroupSet,
    columns: Vec<Column>,
}

#[derive(Debug)]
struct Column {
    field: Field,
    /// The column that holds the values, where a field is asked for twice.
    same_as: Option<usize>,
    text: Vec<u8>,
    is_filled: bool,
}

const NONE: u8 = u8::MAX;

impl Columns {
    pub(super) fn new(fields: &[Field], options: Options) -> Self {
        let mut column_of = vec![NONE; Field::ALL.len()];
        let mut columns: Vec<Column> = Vec::new();
        for &field in fields {
            let same_as = columns.iter().position(|column| column.field == field);
            if same_as.is_none() {
                column_of[field as usize] = columns.len() as u8;
            }
            columns.push(Column { field, same_as, text: Vec::with_capacity(64), is_filled: false });
        }
        let groups = GroupSet::of(|field| fields.contains(&field));
        Self { options, column_of, groups, columns }
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
        let separator = self.options.separator;
        for number in 0..self.columns.len() {
            let column = &self.columns[self.columns[number].same_as.unwrap_or(number)];
            if column.is_filled {
                let quote = self.options.quote_of(&column.text);
                out.extend(quote);
                match quote {
                    // RFC 4180 §2.7: a quote inside stands there twice.
                    Some(quote) if column.text.contains(&quote) => {
                        column.text.iter().for_each(|byte| match *byte == quote {
                            true => out.extend([quote; 2]),
                            false => out.push(*byte),
                        });
                    }
                    _ => append(out, &column.text),
                }
                out.extend(quote);
            }
            out.push(separator);
        }
        // The last separator is the end of the line.
        out.pop();
        self.options.end_line(out);
        for column in &mut self.columns {
            column.text.clear();
            column.is_filled = false;
        }
    }
}

/// Appends a value: most are a few bytes, for which a call to copy them costs more than the copy.
#[inline]
fn append(out: &mut Vec<u8>, text: &[u8]) {
    match text.split_first_chunk::<8>() {
        None => out.extend(text.iter().copied()),
        Some((first, rest)) if rest.len() <= 8 => {
            out.extend_from_slice(first);
            out.extend(rest.iter().copied());
        }
        Some(_) => out.extend_from_slice(text),
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
        let Some(column) = self.columns.get_mut(usize::from(self.column_of[field as usize])) else {
            return;
        };
        match (column.is_filled, self.options.occurrence) {
            (true, Occurrence::First) => return,
            (true, Occurrence::All) => column.text.push(self.options.aggregator),
            (true, Occurrence::Last) => column.text.clear(),
            (false, _) => column.is_filled = true,
        }
        if self.options.defuses && field.kind() == Kind::Text {
            let start = column.text.len();
            write::value(&mut column.text, field, value);
            if matches!(column.text.get(start), Some(b'=' | b'+' | b'-' | b'@')) {
                column.text.insert(start, b'\'');
            }
        } else {
            write::value(&mut column.text, field, value);
        }
    }
}
