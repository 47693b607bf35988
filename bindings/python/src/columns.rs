//! Whole captures as columns.

use std::path::{Path, PathBuf};

use container_codecs_core::{Decoder, Place, Value, Values};
use packet_dissect::fields::{Field, Kind};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyMemoryView};

use crate::capture::open;
use crate::error::of_capture;
use crate::value::{Objects, field, wanted};

/// What is kept of a field's values.
trait Column: Default + Send {
    /// A value of the packet that is read.
    fn push(&mut self, value: &Value, packet: &[u8], text: &[u8]);

    /// The packet is through.
    fn end(&mut self);
}

/// All of them: those of a packet behind those of the packets before it.
#[derive(Default)]
struct All {
    values: Vec<Value>,
    /// Their bytes, of those that have some.
    text: Vec<u8>,
    /// For each packet how many values there are up to its last one.
    ends: Vec<usize>,
}

impl Column for All {
    fn push(&mut self, value: &Value, packet: &[u8], text: &[u8]) {
        let all = match value.place {
            Place::Number => {
                self.values.push(*value);
                return;
            }
            Place::Packet => packet,
            Place::Text => text,
        };
        let start = value.number as usize;
        let bytes = all.get(start..start.saturating_add(value.length as usize)).unwrap_or_default();
        let kept = Value { number: 0, place: Place::Text, ..*value };
        self.values.push(kept.behind(self.text.len()));
        self.text.extend_from_slice(bytes);
    }

    fn end(&mut self) {
        self.ends.push(self.values.len());
    }
}

impl All {
    /// The values of each packet.
    fn packets(&self) -> impl Iterator<Item = &[Value]> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| self.values.get(start..*end).unwrap_or_default())
    }
}

/// The first of each packet, as a number, and whether it has one.
#[derive(Default)]
struct First {
    numbers: Vec<u8>,
    present: Vec<u8>,
    of_packet: Option<u64>,
}

impl Column for First {
    fn push(&mut self, value: &Value, _: &[u8], _: &[u8]) {
        if self.of_packet.is_none() && value.place == Place::Number {
            self.of_packet = Some(value.number);
        }
    }

    fn end(&mut self) {
        self.present.push(self.of_packet.is_some().into());
        self.numbers.extend_from_slice(&self.of_packet.take().unwrap_or(0).to_ne_bytes());
    }
}

/// Reads a whole capture, while other threads go on: a column for each field, in the order in which they are asked for.
fn read<C: Column>(py: Python<'_>, path: &Path, names: &[String]) -> PyResult<Vec<C>> {
    let fields = names.iter().map(|name| field(name)).collect::<PyResult<Vec<_>>>()?;
    let decoder = Decoder::new(wanted(Some(names.to_vec()), false)?);
    py.detach(|| read_all(path, &fields, decoder))
}

fn read_all<C: Column>(path: &Path, fields: &[Field], mut decoder: Decoder) -> PyResult<Vec<C>> {
    let mut columns: Vec<C> = fields.iter().map(|_| C::default()).collect();
    // For each field which column is its own: the last, of one that is asked for twice, which replaces the others.
    let mut column_of = vec![usize::MAX; Field::ALL.len()];
    for (at, field) in fields.iter().enumerate() {
        if let Some(place) = column_of.get_mut(*field as usize) {
            *place = at;
        }
    }
    let mut reader = open(path)?;
    while let Some(record) = reader.next_record() {
        let record = record.map_err(|error| of_capture(format!("{}: {error}", path.display())))?;
        let Values { values, text } = decoder.take(&record);
        for value in values {
            let of = column_of.get(usize::from(value.field)).copied().unwrap_or(usize::MAX);
            if let Some(column) = columns.get_mut(of) {
                column.push(value, record.bytes, text);
            }
        }
        columns.iter_mut().for_each(C::end);
    }
    Ok(columns)
}

/// The values of fields of all packets of a capture: a list for each field, with an entry for each packet: its value, None where it has
/// none, a list where it has several. Other threads go on while the capture is read.
#[pyfunction]
pub(crate) fn columns<'py>(py: Python<'py>, path: PathBuf, fields: Vec<String>) -> PyResult<Bound<'py, PyDict>> {
    let read: Vec<All> = read(py, &path, &fields)?;
    let (all, mut objects) = (PyDict::new(py), Objects::default());
    for (name, column) in fields.iter().zip(&read) {
        let mut list = Vec::with_capacity(column.ends.len());
        for values in column.packets() {
            list.push(match values {
                [] => py.None().into_bound(py),
                [value] => objects.object(py, value, &column.text)?,
                several => {
                    let several = several.iter().map(|value| objects.object(py, value, &column.text));
                    PyList::new(py, several.collect::<PyResult<Vec<_>>>()?)?.into_any()
                }
            });
        }
        all.set_item(name, PyList::new(py, list)?)?;
    }
    Ok(all)
}

/// The same as numbers in one piece, for numpy: for each field two memoryviews, `(values, present)`, of 64 bits and a truth value for each packet:
/// the first value that it has, an IPv4 or MAC address as its number, a time in nanoseconds. Raises ValueError for a field of text, bytes or
/// IPv6 addresses. `numpy.asarray` copies none of it.
#[pyfunction]
pub(crate) fn arrays<'py>(py: Python<'py>, path: PathBuf, fields: Vec<String>) -> PyResult<Bound<'py, PyDict>> {
    for name in &fields {
        if matches!(field(name)?.kind(), Kind::Bytes | Kind::Text | Kind::Ipv6) {
            return Err(PyValueError::new_err(format!("{name} is no number: columns has it")));
        }
    }
    let read: Vec<First> = read(py, &path, &fields)?;
    let all = PyDict::new(py);
    for (name, column) in fields.iter().zip(&read) {
        let is_signed = matches!(field(name)?.kind(), Kind::Seconds | Kind::Time);
        let numbers = view(py, &column.numbers, if is_signed { "q" } else { "Q" })?;
        all.set_item(name, (numbers, view(py, &column.present, "?")?))?;
    }
    Ok(all)
}

/// Bytes as a view of what they are.
fn view<'py>(py: Python<'py>, bytes: &[u8], format: &str) -> PyResult<Bound<'py, PyAny>> {
    PyMemoryView::from(PyBytes::new(py, bytes).as_any())?.call_method1("cast", (format,))
}
