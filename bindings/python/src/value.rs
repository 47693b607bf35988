//! Values as Python has such ones.

use std::collections::HashMap;

use container_codecs_core::{Form, Place, Value, Wanted};
use packet_dissect::fields::{Field, Kind};
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// The field of a name.
pub(crate) fn field(name: &str) -> PyResult<Field> {
    let found = Field::ALL.iter().find(|field| field.name() == name);
    found.copied().ok_or_else(|| PyKeyError::new_err(format!("there is no field {name:?}")))
}

pub(crate) fn wanted(names: Option<Vec<String>>, has_layers: bool) -> PyResult<Wanted> {
    let numbers = names.unwrap_or_default().into_iter().map(|name| field(&name).map(|field| field as u16));
    let numbers = numbers.collect::<PyResult<Vec<_>>>()?;
    Wanted::new(&numbers, has_layers).ok_or_else(|| PyKeyError::new_err("there is no such field"))
}

/// A value as Python has such ones: int, bool, str, bytes, or an address of `ipaddress`. Times are nanoseconds.
pub(crate) fn object<'py>(py: Python<'py>, value: &Value, packet: &[u8], text: &[u8]) -> PyResult<Bound<'py, PyAny>> {
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

/// The same, with what is dear to make made once: an address has an object of its own, which all values that are it share.
#[derive(Default)]
pub(crate) struct Objects {
    made: HashMap<(u64, Form), Py<PyAny>>,
}

impl Objects {
    pub(crate) fn object<'py>(&mut self, py: Python<'py>, value: &Value, text: &[u8]) -> PyResult<Bound<'py, PyAny>> {
        if !matches!(value.form, Form::Mac | Form::Ipv4) {
            return object(py, value, &[], text);
        }
        if let Some(made) = self.made.get(&(value.number, value.form)) {
            return Ok(made.bind(py).clone());
        }
        let made = object(py, value, &[], text)?;
        self.made.insert((value.number, value.form), made.clone().unbind());
        Ok(made)
    }
}
