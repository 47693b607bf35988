//! What two speakers agreed on.

use bgp_codec::{Family, Framer, MessageType, Negotiated, Open};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::of_bgp;
use crate::buffer::Buffer;

/// What two speakers agreed on, which an UPDATE is read and built by.
///
/// `Session()` is what most have: AS numbers of four bytes, every family, no path identifiers; `add_path` names families that have them, both ways.
/// `Session.between(ours, theirs)` is what two OPENs say.
#[pyclass(module = "container_codecs.bgp", frozen, from_py_object)]
#[derive(Clone)]
pub(crate) struct Session(pub(crate) Negotiated);

#[pymethods]
impl Session {
    #[new]
    #[pyo3(signature = (*, four_octet_as=true, add_path=Vec::new(), extended_messages=false, internal=false))]
    fn new(four_octet_as: bool, add_path: Vec<String>, extended_messages: bool, internal: bool) -> PyResult<Self> {
        let Self(mut session) = Self::default();
        session.four_octet_as = four_octet_as;
        for name in add_path {
            let family = family(&name)?;
            session.add_path_receive = session.add_path_receive.with(family);
            session.add_path_send = session.add_path_send.with(family);
        }
        if extended_messages {
            (session.max_len_receive, session.max_len_send) = (65_535, 65_535);
        }
        if internal {
            session.peer = bgp_codec::Peer::Internal;
        }
        Ok(Self(session))
    }

    /// What two OPENs agree on, each a whole message: raises CodecError if they do not.
    #[staticmethod]
    fn between(py: Python<'_>, ours: Buffer<'_>, theirs: Buffer<'_>) -> PyResult<Self> {
        let session = Negotiated::between(&open(py, ours.as_slice())?, &open(py, theirs.as_slice())?);
        session.map(Self).map_err(|error| of_bgp(py, &error, theirs.as_slice()))
    }

    /// The peer's AS number; 0 if nobody told it.
    #[getter]
    fn peer_as(&self) -> u32 {
        self.0.peer_as
    }

    /// Whether AS numbers have four bytes.
    #[getter]
    fn four_octet_as(&self) -> bool {
        self.0.four_octet_as
    }

    /// How many seconds it holds without a message; 0: for ever.
    #[getter]
    fn hold_time(&self) -> u16 {
        self.0.hold_time
    }

    /// The longest message that may come.
    #[getter]
    fn max_length(&self) -> u16 {
        self.0.max_len_receive
    }

    /// The families, by name.
    #[getter]
    fn families(&self) -> Vec<String> {
        names(|family| self.0.families.contains(family))
    }

    /// The families whose routes come with path identifiers.
    #[getter]
    fn add_path(&self) -> Vec<String> {
        names(|family| self.0.add_path_receive.contains(family))
    }
}

impl Default for Session {
    /// What is built for whom nothing is known of: no message is longer than 4096 bytes (RFC 4271 §4).
    fn default() -> Self {
        let mut session = Negotiated::assumed();
        (session.max_len_receive, session.max_len_send) = (4096, 4096);
        Self(session)
    }
}

fn names(is_among: impl Fn(Family) -> bool) -> Vec<String> {
    Family::KNOWN.iter().copied().filter(|family| is_among(*family)).map(|family| family.to_string()).collect()
}

/// The family of a name: `ipv4 unicast`, `l2vpn evpn` …, in any case.
pub(super) fn family(name: &str) -> PyResult<Family> {
    let found = Family::KNOWN.iter().copied().find(|family| family.to_string().eq_ignore_ascii_case(name));
    found.ok_or_else(|| {
        let known: Vec<_> = Family::KNOWN.iter().map(ToString::to_string).collect();
        PyValueError::new_err(format!("there is no family {name:?}, but {}", known.join(", ")))
    })
}

fn open<'a>(py: Python<'_>, bytes: &'a [u8]) -> PyResult<Open<'a>> {
    let failed = |error: &bgp_codec::Error| of_bgp(py, error, bytes);
    let frame = Framer::new().next(&mut { bytes }).map_err(|error| failed(&error))?;
    let frame = frame.filter(|frame| frame.kind() == MessageType::OPEN);
    let frame = frame.ok_or_else(|| PyValueError::new_err("the bytes are no whole OPEN"))?;
    Open::parse(frame.body()).map_err(|error| failed(&error))
}
