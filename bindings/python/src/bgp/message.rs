//! Messages that are read.

use core::net::Ipv4Addr;
use std::net::IpAddr;

use bgp_codec::attribute::NextHop;
use bgp_codec::{Action, AttributeValue, Framer, Negotiated, Outcome, Update};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList};

use super::session::Session;
use super::{notification, of_bgp};
use crate::buffer::Buffer;

/// A route: what it leads to, and which of several paths it is.
#[pyclass(module = "container_codecs.bgp", frozen, eq, hash, from_py_object)]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Route {
    /// What it leads to, in words: a prefix, in most families.
    #[pyo3(get)]
    to: String,
    /// The prefix, where it is one: `192.0.2.0/24`.
    #[pyo3(get)]
    prefix: Option<String>,
    /// The family: `ipv4 unicast` …
    #[pyo3(get)]
    family: String,
    /// Which of several paths, where the session has such numbers.
    #[pyo3(get)]
    path_id: Option<u32>,
    /// Where packets are sent; None of what is withdrawn.
    #[pyo3(get)]
    next_hop: Option<IpAddr>,
}

impl Route {
    fn of(route: &bgp_codec::Route<'_>, next_hop: Option<IpAddr>) -> Self {
        Self {
            to: route.nlri.to_string(),
            prefix: route.nlri.prefix().map(|prefix| prefix.to_string()),
            family: route.family.to_string(),
            path_id: route.path_id,
            next_hop,
        }
    }
}

#[pymethods]
impl Route {
    fn __str__(&self) -> &str {
        &self.to
    }

    fn __repr__(&self) -> String {
        format!("<Route {}: {}>", self.family, self.to)
    }
}

fn address(next_hop: NextHop<'_>) -> Option<IpAddr> {
    match next_hop {
        NextHop::Ipv4(address) | NextHop::VpnIpv4(_, address) => Some(address.into()),
        NextHop::Ipv6(address) | NextHop::Ipv6LinkLocal(address, _) | NextHop::VpnIpv6(_, address) => {
            Some(address.into())
        }
        NextHop::VpnIpv6LinkLocal([(_, address), _]) => Some(address.into()),
        _ => None,
    }
}

/// A message. What it has not is None, or empty.
#[pyclass(module = "container_codecs.bgp", frozen)]
pub(crate) struct Message {
    /// `OPEN`, `UPDATE`, `NOTIFICATION`, `KEEPALIVE`, `ROUTE-REFRESH`.
    #[pyo3(get)]
    kind: String,
    /// The whole message, from its marker.
    #[pyo3(get)]
    data: Py<PyBytes>,
    /// Of an UPDATE its attributes, by name: numbers, addresses and lists where they are such, else in words. What RFC 7606 discards is not there.
    #[pyo3(get)]
    attributes: Py<PyDict>,
    /// Of an UPDATE the routes that are announced.
    #[pyo3(get)]
    announced: Vec<Route>,
    /// Of an UPDATE the routes that are withdrawn.
    #[pyo3(get)]
    withdrawn: Vec<Route>,
    /// Of an UPDATE what RFC 7606 has done with it: `accept`, `route-discard`, `attribute-discard`, `treat-as-withdraw`, `disable-family`,
    /// `session-reset`.
    #[pyo3(get)]
    outcome: Option<&'static str>,
    /// Of an UPDATE what is wrong with it, each with the clause that says so.
    #[pyo3(get)]
    findings: Vec<(String, &'static str)>,
    /// Of an UPDATE that ends the session the NOTIFICATION to send.
    #[pyo3(get)]
    notification: Option<Py<PyBytes>>,
    /// Of an UPDATE that ends all routes of a family at the beginning (RFC 4724 §2) which.
    #[pyo3(get)]
    end_of_rib: Option<String>,
    /// What else it says, by name: of an OPEN `as_number`, `hold_time`, `identifier`, `capabilities`; of a NOTIFICATION `code`, `subcode`, `text`;
    /// of a ROUTE-REFRESH `family`.
    #[pyo3(get)]
    fields: Py<PyDict>,
}

#[pymethods]
impl Message {
    fn __repr__(&self) -> String {
        format!("<{}: {} announced, {} withdrawn>", self.kind, self.announced.len(), self.withdrawn.len())
    }
}

/// Reads the messages of a stream: they, and how many bytes they have; what is behind is handed in again with what comes later. Raises CodecError,
/// with the `notification` to send, for what ends the session before it could be read, once it stands first: what is in front of it is told.
#[pyfunction]
#[pyo3(signature = (data, session=None))]
pub(crate) fn read(py: Python<'_>, data: Buffer<'_>, session: Option<Session>) -> PyResult<(Vec<Message>, usize)> {
    let session = session.map_or_else(Negotiated::assumed, |session| session.0);
    let (bytes, framer) = (data.as_slice(), Framer::with_max_len(session.max_len_receive));
    let (mut rest, mut messages) = (bytes, Vec::new());
    loop {
        let from = rest;
        let next = framer
            .next(&mut rest)
            .and_then(|frame| frame.map(|frame| frame.parse(&session).map(|message| (frame, message))).transpose());
        let (frame, message) = match next {
            Ok(Some(next)) => next,
            Ok(None) => break,
            Err(error) if messages.is_empty() => return Err(of_bgp(py, &error, from)),
            Err(_) => {
                rest = from;
                break;
            }
        };
        let fields = PyDict::new(py);
        let mut told = Message {
            kind: frame.kind().to_string(),
            data: PyBytes::new(py, frame.bytes()).unbind(),
            attributes: PyDict::new(py).unbind(),
            announced: Vec::new(),
            withdrawn: Vec::new(),
            outcome: None,
            findings: Vec::new(),
            notification: None,
            end_of_rib: None,
            fields: fields.clone().unbind(),
        };
        match message {
            bgp_codec::Message::Open(open) => {
                fields.set_item("as_number", open.as_number())?;
                fields.set_item("hold_time", open.hold_time())?;
                fields.set_item("identifier", open.identifier())?;
                let capabilities = open.capabilities().map(|capability| capability.code().to_string());
                fields.set_item("capabilities", capabilities.collect::<Vec<_>>())?;
            }
            bgp_codec::Message::Update(update) => tell_update(py, &update, frame.bytes(), &mut told)?,
            bgp_codec::Message::Notification(notification) => {
                fields.set_item("code", notification.code.code)?;
                fields.set_item("subcode", notification.code.subcode)?;
                fields.set_item("text", notification.code.to_string())?;
                fields.set_item("communication", notification.text())?;
            }
            bgp_codec::Message::RouteRefresh(refresh) => fields.set_item("family", refresh.family.to_string())?,
            bgp_codec::Message::Keepalive => {}
        }
        messages.push(told);
    }
    Ok((messages, bytes.len() - rest.len()))
}

fn tell_update(py: Python<'_>, update: &Update<'_>, bytes: &[u8], told: &mut Message) -> PyResult<()> {
    let mut findings = Vec::new();
    let outcome = update.validate_each(|finding| findings.push((finding.fault.to_string(), finding.clause)));
    told.findings = findings;
    told.outcome = Some(match outcome.action() {
        Action::Accept => "accept",
        Action::RouteDiscard => "route-discard",
        Action::AttributeDiscard => "attribute-discard",
        Action::TreatAsWithdraw => "treat-as-withdraw",
        Action::DisableFamily => "disable-family",
        Action::SessionReset => "session-reset",
    });
    if let Outcome::SessionReset(error) = outcome {
        told.notification = notification(py, &error, bytes).map(Bound::unbind);
        return Ok(());
    }
    told.end_of_rib = update.end_of_rib().map(|family| family.to_string());
    let hops = update.announced_with_next_hops();
    told.announced = hops.map(|(route, hop)| Route::of(&route, hop.and_then(address))).collect();
    told.withdrawn = update.withdrawn().map(|route| Route::of(&route, None)).collect();
    if matches!(outcome, Outcome::TreatAsWithdraw) {
        told.withdrawn.extend(told.announced.drain(..).map(|route| Route { next_hop: None, ..route }));
    }
    let attributes = told.attributes.bind(py);
    for attribute in update.kept_attributes(&outcome) {
        if let Ok(value) = attribute.parse(update.session()) {
            attributes.set_item(attribute.kind.to_string(), object(py, &value)?)?;
        }
    }
    Ok(())
}

/// A value as Python has such ones.
fn object<'py>(py: Python<'py>, value: &AttributeValue<'_>) -> PyResult<Bound<'py, PyAny>> {
    Ok(match *value {
        AttributeValue::MultiExitDisc(number)
        | AttributeValue::LocalPref(number)
        | AttributeValue::OnlyToCustomer(number) => number.into_pyobject(py)?.into_any(),
        AttributeValue::NextHop(address) | AttributeValue::OriginatorId(address) => {
            let address: Ipv4Addr = address;
            address.into_pyobject(py)?.into_any()
        }
        AttributeValue::AtomicAggregate(_) => true.into_pyobject(py)?.to_owned().into_any(),
        AttributeValue::AsPath(path) | AttributeValue::As4Path(path) => {
            let segments = path.segments().map(|segment| {
                let numbers: Vec<u32> = segment.as_numbers().collect();
                (segment.kind.to_string(), numbers)
            });
            PyList::new(py, segments.collect::<Vec<_>>())?.into_any()
        }
        AttributeValue::Communities(all) => texts(py, all)?,
        AttributeValue::ClusterList(all) => texts(py, all)?,
        AttributeValue::ExtendedCommunities(all) => texts(py, all)?,
        AttributeValue::LargeCommunities(all) => {
            PyList::new(py, all.iter().map(ToString::to_string).collect::<Vec<_>>())?.into_any()
        }
        _ => value.to_string().into_pyobject(py)?.into_any(),
    })
}

fn texts<'py>(py: Python<'py>, all: &[impl ToString]) -> PyResult<Bound<'py, PyAny>> {
    Ok(PyList::new(py, all.iter().map(ToString::to_string).collect::<Vec<_>>())?.into_any())
}
