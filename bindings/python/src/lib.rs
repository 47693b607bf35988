//! The codecs for Python: captures as iterators, packets with their layers by attribute, whole captures as columns.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use container_codecs_core::{Decoder, Form, Place, Value, Values, Wanted, limit};
use ether_ip::Error;
use packet_dissect::fields::{Field, Kind};
use packet_dissect::{Capture as Reader, Layer, LinkType, Record, Timestamp, layers};
use pyo3::create_exception;
use pyo3::exceptions::{PyAttributeError, PyException, PyIndexError, PyKeyError, PyOSError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList};

create_exception!(
    _native,
    CodecError,
    PyException,
    "A packet or a capture that cannot be read: `layer`, `field`, `value`, `limit` and `offset` say where and why, or are None."
);

/// The field of a name.
fn field(name: &str) -> PyResult<Field> {
    let found = Field::ALL.iter().find(|field| field.name() == name);
    found.copied().ok_or_else(|| PyKeyError::new_err(format!("there is no field {name:?}")))
}

fn wanted(names: Option<Vec<String>>, has_layers: bool) -> PyResult<Wanted> {
    let numbers = names.unwrap_or_default().into_iter().map(|name| field(&name).map(|field| field as u16));
    let numbers = numbers.collect::<PyResult<Vec<_>>>()?;
    Wanted::new(&numbers, has_layers).ok_or_else(|| PyKeyError::new_err("there is no such field"))
}

fn open(path: &Path) -> PyResult<Reader> {
    let file = File::open(path)
        .map_err(|error| PyOSError::new_err((error.raw_os_error(), error.to_string(), path.to_path_buf())))?;
    Reader::new(file).map_err(|error| CodecError::new_err(format!("{}: {error}", path.display())))
}

/// A value as Python has such ones: int, bool, str, bytes, or an address of `ipaddress`. Times are nanoseconds.
fn object<'py>(py: Python<'py>, value: &Value, packet: &[u8], text: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let start = value.number as usize;
    let all = if value.place == Place::Packet { packet } else { text };
    let bytes = || all.get(start..start.saturating_add(value.length as usize)).unwrap_or_default();
    let kind = Field::ALL.get(usize::from(value.field)).map(|field| field.kind());
    Ok(match value.form {
        Form::Number if kind == Some(Kind::Flag) => (value.number != 0).into_pyobject(py)?.to_owned().into_any(),
        Form::Number | Form::Byte | Form::Layer => value.number.into_pyobject(py)?.into_any(),
        Form::Mac => {
            let [_, _, octets @ ..] = value.number.to_be_bytes();
            let [a, b, c, d, e, f] = octets;
            format!("{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{f:02x}").into_pyobject(py)?.into_any()
        }
        Form::Ipv4 => core::net::Ipv4Addr::from_bits(value.number as u32).into_pyobject(py)?.into_any(),
        Form::Ipv6 => {
            let octets: [u8; 16] = bytes().try_into().unwrap_or_default();
            core::net::Ipv6Addr::from(octets).into_pyobject(py)?.into_any()
        }
        Form::Bytes => PyBytes::new(py, bytes()).into_any(),
        Form::Text => String::from_utf8_lossy(bytes()).into_pyobject(py)?.into_any(),
        Form::Time => (value.number as i64).into_pyobject(py)?.into_any(),
    })
}

/// A capture: an iterator of its packets. pcap and pcapng, compressed or not.
///
/// `fields` names those that are wanted, which is faster; else each packet has all.
#[pyclass(module = "container_codecs")]
struct Capture {
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
        let mut state = self.state.lock().map_err(|_| CodecError::new_err("the library failed"))?;
        let (reader, decoder) = &mut *state;
        let Some(record) = reader.next_record() else { return Ok(None) };
        let record = record.map_err(|error| CodecError::new_err(error.to_string()))?;
        Ok(Some(Packet::new(&record, decoder)))
    }
}

/// A packet, with the fields of its layers.
///
/// `packet.vxlan.vni` is the first VXLAN header's, `packet.ip[1].src` the second IPv4 header's; `packet["ip.src"]` the first value of a
/// field, `packet.all("ip.src")` all of them.
#[pyclass(module = "container_codecs", frozen)]
struct Packet {
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
struct Layers {
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

/// The values of fields of all packets of a capture: a list for each field, with an entry for each packet: its value, None where it has
/// none, a list where it has several. Other threads go on meanwhile.
#[pyfunction]
fn columns<'py>(py: Python<'py>, path: PathBuf, fields: Vec<String>) -> PyResult<Bound<'py, PyDict>> {
    let numbers = fields.iter().map(|name| field(name).map(|field| field as u16)).collect::<PyResult<Vec<_>>>()?;
    let wanted = wanted(Some(fields.clone()), false)?;
    let all = py.detach(|| read_all(&path, Decoder::new(wanted)))?;
    let columns = PyDict::new(py);
    for (name, number) in fields.iter().zip(numbers) {
        let mut column = Vec::with_capacity(all.len());
        for (values, bytes) in &all {
            let mut found = values.values.iter().filter(|value| value.field == number);
            column.push(match (found.next(), found.next()) {
                (None, _) => py.None().into_bound(py),
                (Some(value), None) => object(py, value, bytes, &values.text)?,
                (Some(first), Some(second)) => {
                    let several = [first, second].into_iter().chain(found);
                    let several =
                        several.map(|value| object(py, value, bytes, &values.text)).collect::<PyResult<Vec<_>>>()?;
                    PyList::new(py, several)?.into_any()
                }
            });
        }
        columns.set_item(name, PyList::new(py, column)?)?;
    }
    Ok(columns)
}

/// Each packet's values, and its bytes where a value stands in them.
fn read_all(path: &Path, mut decoder: Decoder) -> PyResult<Vec<(Values, Vec<u8>)>> {
    let mut reader = open(path)?;
    let mut all = Vec::new();
    while let Some(record) = reader.next_record() {
        let record = record.map_err(|error| CodecError::new_err(format!("{}: {error}", path.display())))?;
        let Values { values, text } = decoder.take(&record);
        let needs_bytes = values.iter().any(|value| value.place == Place::Packet);
        let bytes = if needs_bytes { record.bytes.to_vec() } else { Vec::new() };
        all.push((Values { values: values.clone(), text: text.clone() }, bytes));
    }
    Ok(all)
}

/// Where the layers of a packet are: name, offset, and how many bytes are its own. Raises CodecError at what cannot be read.
#[pyfunction]
#[pyo3(signature = (data, link_type=1))]
fn walk(py: Python<'_>, data: &[u8], link_type: u32) -> PyResult<Vec<(&'static str, usize, usize)>> {
    let mut walk = layers(LinkType(link_type), data);
    let mut found = Vec::new();
    while let Some(layer) = walk.next() {
        match layer {
            Ok(layer) => found.push((layer.name(), walk.range().start, walk.range().len())),
            Err(error) => return Err(raised(py, &error)),
        }
    }
    Ok(found)
}

fn raised(py: Python<'_>, error: &packet_dissect::Error) -> PyErr {
    let raised = CodecError::new_err(error.to_string());
    let value = raised.value(py);
    let (offset, of) = match *error {
        packet_dissect::Error::Layer { offset, error } => (Some(offset), Some(error)),
        packet_dissect::Error::TooDeep { offset } => (Some(offset), None),
        _ => (None, None),
    };
    let (field, number, limit) = match of {
        Some(Error::Truncated { needed, available, .. }) => (None, Some(available as u64), Some(needed as u64)),
        Some(Error::Malformed { field, value, rule, .. }) => (Some(field), Some(value.into()), limit(rule)),
        _ => (None, None, None),
    };
    let set = value.setattr("layer", of.map(|of| of.layer().to_string())).and_then(|()| value.setattr("field", field));
    let set = set.and_then(|()| value.setattr("value", number)).and_then(|()| value.setattr("limit", limit));
    match set.and_then(|()| value.setattr("offset", offset)) {
        Ok(()) => raised,
        Err(other) => other,
    }
}

/// The names of all fields, with what each is.
#[pyfunction]
fn fields() -> Vec<(&'static str, &'static str)> {
    Field::ALL.iter().map(|field| (field.name(), field.label())).collect()
}

#[pymodule]
fn _native(py: Python<'_>, module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("CodecError", py.get_type::<CodecError>())?;
    module.add_class::<Capture>()?;
    module.add_class::<Packet>()?;
    module.add_class::<Layers>()?;
    module.add_function(wrap_pyfunction!(columns, module)?)?;
    module.add_function(wrap_pyfunction!(walk, module)?)?;
    module.add_function(wrap_pyfunction!(fields, module)?)
}
