//! Captures as iterators, and packets with their layers by attribute.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use container_codecs_core::{Decoder, Form, Value, Values};
use packet_dissect::fields::Field;
use packet_dissect::{Capture as Reader, Layer, LinkType, Record, Timestamp};
use pyo3::exceptions::{PyAttributeError, PyIndexError, PyKeyError, PyOSError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::buffer::Buffer;
use crate::error::of_capture;
use crate::value::{field, object, wanted};

pub(crate) fn open(path: &Path) -> PyResult<Reader> {
    let file = File::open(path)
        .map_err(|error| PyOSError::new_err((error.raw_os_error(), error.to_string(), path.to_path_buf())))?;
    Reader::new(file).map_err(|error| of_capture(format!("{}: {error}", path.display())))
}

/// A capture: an iterator of its packets. pcap and pcapng, compressed or not.
///
/// `fields` names those that are wanted, which is faster; else each packet has all.
#[pyclass(module = "container_codecs")]
pub(crate) struct Capture {
    state: Mutex<(Reader, Decoder)>,
}

#[pymethods]
impl Capture {
    #[new]
    #[pyo3(signature = (path, fields=None))]
    fn new(path: PathBuf, fields: Option<Vec<String>>) -> PyResult<Self> {
        let decoder = Decoder::new(wanted(fields, true)?);
        Ok(Self { state: Mutex::new((open(&path)?, decoder)) })
    }

    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&self) -> PyResult<Option<Packet>> {
        let mut state = self.state.lock().map_err(|_| of_capture("the library failed"))?;
        let (reader, decoder) = &mut *state;
        let Some(record) = reader.next_record() else { return Ok(None) };
        let record = record.map_err(of_capture)?;
        Ok(Some(Packet::new(&record, decoder)))
    }
}

/// Packets that come from elsewhere than a capture, one after the other: what came before adds to a packet.
///
/// `fields` names those that are wanted, which is faster; else each packet has all.
#[pyclass(module = "container_codecs")]
pub(crate) struct Dissector {
    state: Mutex<(u64, Decoder)>,
}

#[pymethods]
impl Dissector {
    #[new]
    #[pyo3(signature = (fields=None))]
    fn new(fields: Option<Vec<String>>) -> PyResult<Self> {
        Ok(Self { state: Mutex::new((0, Decoder::new(wanted(fields, true)?))) })
    }

    /// Takes a packet in: its bytes, which may be a memoryview or a numpy array; how it begins (1 is Ethernet, 101 raw IP); when it came, in
    /// nanoseconds since 1970; how long it was on the wire.
    #[pyo3(signature = (data, link_type=1, time=None, length=None))]
    fn take(&self, data: Buffer<'_>, link_type: u32, time: Option<i64>, length: Option<u32>) -> PyResult<Packet> {
        let mut state = self.state.lock().map_err(|_| of_capture("the library failed"))?;
        let (number, decoder) = &mut *state;
        let bytes = data.as_slice();
        *number += 1;
        let time = time.map(|time| Timestamp {
            seconds: time.div_euclid(1_000_000_000),
            nanoseconds: time.rem_euclid(1_000_000_000) as u32,
        });
        let original_len = length.unwrap_or(bytes.len() as u32);
        let record = Record { number: *number, time, original_len, link_type: LinkType(link_type), bytes };
        Ok(Packet::new(&record, decoder))
    }
}

/// One packet, whatever came before it: see `Dissector.take`.
#[pyfunction]
#[pyo3(signature = (data, link_type=1, fields=None))]
pub(crate) fn dissect(data: Buffer<'_>, link_type: u32, fields: Option<Vec<String>>) -> PyResult<Packet> {
    Dissector::new(fields)?.take(data, link_type, None, None)
}

/// A packet, with the fields of its layers.
///
/// `packet.vxlan.vni` is the first VXLAN header's, `packet.ip[1].src` the second IPv4 header's; `packet["ip.src"]` the first value of a
/// field, `packet.all("ip.src")` all of them.
#[pyclass(module = "container_codecs", frozen)]
pub(crate) struct Packet {
    number: u64,
    time: Option<i128>,
    length: u32,
    link_type: u32,
    bytes: Vec<u8>,
    values: Vec<Value>,
    text: Vec<u8>,
}

impl Packet {
    fn new(record: &Record<'_>, decoder: &mut Decoder) -> Self {
        let Values { values, text } = decoder.take(record);
        Self {
            number: record.number,
            time: record.time.map(Timestamp::total_nanoseconds),
            length: record.original_len,
            link_type: record.link_type.0,
            bytes: record.bytes.to_vec(),
            values: values.clone(),
            text: text.clone(),
        }
    }

    fn object<'py>(&self, py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
        object(py, value, &self.bytes, &self.text)
    }

    /// The values of each layer of a name: from where to where.
    fn layers(&self, name: &str) -> Vec<(usize, usize)> {
        let is_layer = |value: &Value| value.form == Form::Layer;
        let starts: Vec<_> =
            self.values.iter().enumerate().filter(|(_, value)| is_layer(value)).map(|(at, _)| at).collect();
        let ends = starts.iter().skip(1).copied().chain([self.values.len()]);
        let named = |start: usize| {
            self.values
                .get(start)
                .and_then(|value| Layer::NAMES.get(value.number as usize))
                .is_some_and(|known| *known == name)
        };
        starts.iter().copied().zip(ends).filter(|(start, _)| named(*start)).collect()
    }
}

#[pymethods]
impl Packet {
    /// Its number in the capture, from 1.
    #[getter]
    fn number(&self) -> u64 {
        self.number
    }

    /// When it was captured, in nanoseconds since 1970; None if it is not known.
    #[getter]
    fn time(&self) -> Option<i128> {
        self.time
    }

    /// How long it was on the wire.
    #[getter]
    fn length(&self) -> u32 {
        self.length
    }

    /// How it begins: 1 is Ethernet, 101 raw IP.
    #[getter]
    fn link_type(&self) -> u32 {
        self.link_type
    }

    /// The short names of its layers, outermost first.
    #[getter]
    fn layers_(&self) -> Vec<&'static str> {
        let layers = self.values.iter().filter(|value| value.form == Form::Layer);
        layers.filter_map(|value| Layer::NAMES.get(value.number as usize).copied()).collect()
    }

    /// All fields with their values, in the order of the layers.
    #[getter]
    fn fields<'py>(&self, py: Python<'py>) -> PyResult<Vec<(&'static str, Bound<'py, PyAny>)>> {
        let values = self.values.iter().filter(|value| value.form != Form::Layer);
        values
            .map(|value| {
                let name = Field::ALL.get(usize::from(value.field)).map_or("", |field| field.name());
                Ok((name, self.object(py, value)?))
            })
            .collect()
    }

    fn __bytes__<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.bytes)
    }

    fn __len__(&self) -> usize {
        self.bytes.len()
    }

    /// The first value of a field.
    fn __getitem__<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let number = field(name)? as u16;
        let found = self.values.iter().find(|value| value.form != Form::Layer && value.field == number);
        self.object(py, found.ok_or_else(|| PyKeyError::new_err(name.to_owned()))?)
    }

    /// Whether it has the field.
    fn __contains__(&self, name: &str) -> PyResult<bool> {
        let number = field(name)? as u16;
        Ok(self.values.iter().any(|value| value.form != Form::Layer && value.field == number))
    }

    /// All values of a field.
    fn all<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let number = field(name)? as u16;
        let found = self.values.iter().filter(|value| value.form != Form::Layer && value.field == number);
        found.map(|value| self.object(py, value)).collect()
    }

    fn __getattr__(slf: Bound<'_, Self>, name: &str) -> PyResult<Layers> {
        let places = slf.get().layers(name);
        match places.first().copied() {
            Some(_) => Ok(Layers { packet: slf.unbind(), name: name.to_owned(), places }),
            None if Layer::NAMES.contains(&name) => {
                Err(PyAttributeError::new_err(format!("the packet has no layer {name}")))
            }
            None => Err(PyAttributeError::new_err(format!("there is no layer {name}"))),
        }
    }

    fn __repr__(&self) -> String {
        format!("<Packet {}: {}>", self.number, self.layers_().join(":"))
    }
}

/// The layers of one name in a packet: its first one's fields are attributes, the others are in brackets.
#[pyclass(module = "container_codecs", frozen)]
pub(crate) struct Layers {
    packet: Py<Packet>,
    name: String,
    places: Vec<(usize, usize)>,
}

#[pymethods]
impl Layers {
    fn __len__(&self) -> usize {
        self.places.len()
    }

    fn __getitem__(&self, py: Python<'_>, at: isize) -> PyResult<Self> {
        let at = if at < 0 { self.places.len().checked_add_signed(at) } else { Some(at as usize) };
        let place = at.and_then(|at| self.places.get(at)).ok_or_else(|| PyIndexError::new_err("no such layer"))?;
        Ok(Self { packet: self.packet.clone_ref(py), name: self.name.clone(), places: vec![*place] })
    }

    fn __getattr__<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let packet = self.packet.bind(py).get();
        let of = |field: &Field| field.name().strip_prefix(&self.name).and_then(|rest| rest.strip_prefix('.'));
        let is_asked = |rest: &str| rest == name || rest.replace('.', "_") == name;
        let (start, end) = self.places.first().copied().unwrap_or_default();
        let values = packet.values.get(start..end).unwrap_or_default();
        let found = values.iter().find(|value| {
            let field = Field::ALL.get(usize::from(value.field));
            value.form != Form::Layer && field.and_then(of).is_some_and(is_asked)
        });
        match found {
            Some(value) => packet.object(py, value),
            None => Err(PyAttributeError::new_err(format!("{} has no {name}", self.name))),
        }
    }

    fn __repr__(&self) -> String {
        format!("<{} of {}>", self.places.len(), self.name)
    }
}
