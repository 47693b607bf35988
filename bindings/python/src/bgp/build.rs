//! Messages that are built.

use core::net::{IpAddr, Ipv4Addr};

use bgp_codec::attribute::{Community, LargeCommunities, LargeCommunity, NextHop, Origin, PathBuilder};
use bgp_codec::build::{SharedAttributes, Updates};
use bgp_codec::message::KEEPALIVE;
use bgp_codec::message::open::OpenConfig;
use bgp_codec::nlri::{Nlri, Route};
use bgp_codec::{AttributeValue, Capability, Family, IpPrefix, Negotiated, Notification, NotificationCode};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::of_fault;
use super::session::{Session, family};
use crate::buffer::Buffer;
use crate::error::of_layer;

/// An OPEN: with the capabilities of its families (by name: `ipv4 unicast` …) and of AS numbers of four bytes.
#[pyfunction]
#[pyo3(signature = (*, as_number, identifier, hold_time=90, families=vec!["ipv4 unicast".to_owned()], route_refresh=true))]
pub(crate) fn open<'py>(
    py: Python<'py>,
    as_number: u32,
    identifier: IpAddr,
    hold_time: u16,
    families: Vec<String>,
    route_refresh: bool,
) -> PyResult<Bound<'py, PyBytes>> {
    let IpAddr::V4(identifier) = identifier else {
        return Err(PyValueError::new_err("an identifier is written as an IPv4 address"));
    };
    let families = families.iter().map(|name| family(name)).collect::<PyResult<Vec<_>>>()?;
    let mut capabilities: Vec<_> =
        families.into_iter().map(|family| Capability::Multiprotocol { family, reserved: 0 }).collect();
    if route_refresh {
        capabilities.push(Capability::RouteRefresh);
    }
    capabilities.push(Capability::FourOctetAs(as_number));
    let config = OpenConfig { as_number, hold_time, identifier, capabilities: &capabilities };
    let mut room = vec![0; 4096];
    let built = config.build(&mut room).map_err(|error| of_layer(py, &error))?;
    Ok(PyBytes::new(py, built))
}

/// A KEEPALIVE.
#[pyfunction]
pub(crate) fn keepalive(py: Python<'_>) -> Bound<'_, PyBytes> {
    PyBytes::new(py, &KEEPALIVE)
}

/// A NOTIFICATION (RFC 4271 §4.5): code, subcode, and data.
#[pyfunction]
#[pyo3(signature = (code, subcode=0, data=None))]
pub(crate) fn notification<'py>(
    py: Python<'py>,
    code: u8,
    subcode: u8,
    data: Option<Buffer<'py>>,
) -> PyResult<Bound<'py, PyBytes>> {
    let data = data.as_ref().map(Buffer::as_slice).unwrap_or_default();
    let mut room = vec![0; 4096];
    let of = Notification { code: NotificationCode { code, subcode }, data };
    Ok(PyBytes::new(py, of.build(4096, &mut room).map_err(|error| of_layer(py, &error))?))
}

/// What is announced, of either kind.
struct Announcement {
    origin: Origin,
    path: Vec<u8>,
    med: Option<u32>,
    local_pref: Option<u32>,
    communities: Vec<Community>,
    large: Vec<LargeCommunity>,
}

impl Announcement {
    /// The attributes, as they stand in an UPDATE.
    fn write<'b>(
        &self,
        py: Python<'_>,
        plain: Option<Ipv4Addr>,
        session: &Negotiated,
        to: &'b mut [u8],
    ) -> PyResult<SharedAttributes<'b>> {
        let layer = ether_ip::LayerName::new("AS_PATH");
        let path = bgp_codec::attribute::AsPath::parse(layer, bgp_codec::session::AsSize::Four, &self.path);
        let path = path.map_err(|error| of_layer(py, &error))?;
        let mut values = vec![AttributeValue::Origin(self.origin), AttributeValue::AsPath(path)];
        values.extend(plain.map(AttributeValue::NextHop));
        values.extend(self.med.map(AttributeValue::MultiExitDisc));
        values.extend(self.local_pref.map(AttributeValue::LocalPref));
        if !self.communities.is_empty() {
            values.push(AttributeValue::Communities(&self.communities));
        }
        if !self.large.is_empty() {
            values.push(AttributeValue::LargeCommunities(LargeCommunities::new(&self.large)));
        }
        SharedAttributes::write(&values, session, to).map_err(|fault| of_fault(py, &fault))
    }
}

/// UPDATEs that announce and withdraw prefixes: as few as hold them. IPv4 prefixes with an IPv4 next hop stand in the NLRI, others in MP_REACH_NLRI.
///
/// `as_path` is a list of AS numbers, the nearest first; `origin` is `IGP`, `EGP` or `INCOMPLETE`; `communities` are texts, `65000:1`, or
/// `65000:1:2` of large ones.
#[pyfunction]
#[pyo3(signature = (*, announced=Vec::new(), withdrawn=Vec::new(), next_hop=None, as_path=Vec::new(), origin="IGP", med=None, local_pref=None, communities=Vec::new(), session=None))]
#[allow(clippy::too_many_arguments, reason = "keywords")]
pub(crate) fn update<'py>(
    py: Python<'py>,
    announced: Vec<String>,
    withdrawn: Vec<String>,
    next_hop: Option<IpAddr>,
    as_path: Vec<u32>,
    origin: &str,
    med: Option<u32>,
    local_pref: Option<u32>,
    communities: Vec<String>,
    session: Option<Session>,
) -> PyResult<Vec<Bound<'py, PyBytes>>> {
    let Session(session) = session.unwrap_or_default();
    let (announced, withdrawn) = (prefixes(&announced)?, prefixes(&withdrawn)?);
    let mut room = vec![0; 6 + 6 * as_path.len()];
    let path = PathBuilder::new(&mut room).sequence(&as_path).map_err(|error| of_layer(py, &error))?.build();
    let (communities, large) = self::communities(&communities)?;
    let path = path.as_bytes().to_vec();
    let of = Announcement { origin: self::origin(origin)?, path, med, local_pref, communities, large };
    let mut built = Vec::new();
    for (is_ipv4, family) in [(true, Family::IPV4_UNICAST), (false, Family::IPV6_UNICAST)] {
        let of_family = |prefix: &&IpPrefix| matches!(prefix, IpPrefix::V4(_)) == is_ipv4;
        let gone: Vec<_> = withdrawn.iter().filter(of_family).collect();
        if !gone.is_empty() {
            let updates = Updates::withdraw(family, gone.into_iter().map(|prefix| route(*prefix, family)), &session);
            all(py, updates.map_err(|fault| of_fault(py, &fault))?, &mut built)?;
        }
        let come: Vec<_> = announced.iter().filter(of_family).collect();
        if come.is_empty() {
            continue;
        }
        let hop = next_hop.ok_or_else(|| PyValueError::new_err("what is announced needs a next_hop"))?;
        let routes = come.into_iter().map(|prefix| route(*prefix, family));
        let mut area = vec![0; 4096];
        let updates = match hop {
            IpAddr::V4(plain) if is_ipv4 => {
                Updates::announce_ipv4(of.write(py, Some(plain), &session, &mut area)?, routes, &session)
            }
            IpAddr::V4(hop) => {
                let attributes = of.write(py, None, &session, &mut area)?;
                Updates::announce(family, NextHop::Ipv4(hop), attributes, routes, &session)
            }
            IpAddr::V6(hop) => {
                let attributes = of.write(py, None, &session, &mut area)?;
                Updates::announce(family, NextHop::Ipv6(hop), attributes, routes, &session)
            }
        };
        all(py, updates.map_err(|fault| of_fault(py, &fault))?, &mut built)?;
    }
    Ok(built)
}

fn route(prefix: IpPrefix, family: Family) -> Route<'static> {
    let nlri = match prefix {
        IpPrefix::V4(prefix) => Nlri::Ipv4(prefix),
        IpPrefix::V6(prefix) => Nlri::Ipv6(prefix),
    };
    Route { family, path_id: None, nlri }
}

fn all<'py>(
    py: Python<'py>,
    mut updates: Updates<'_, impl Iterator<Item = Route<'static>>>,
    built: &mut Vec<Bound<'py, PyBytes>>,
) -> PyResult<()> {
    let mut room = vec![0; 65_535];
    while let Some(message) = updates.next(&mut room).map_err(|error| of_layer(py, &error))? {
        built.push(PyBytes::new(py, message));
    }
    Ok(())
}

fn prefixes(texts: &[String]) -> PyResult<Vec<IpPrefix>> {
    let read = |text: &String| text.parse().map_err(|_| PyValueError::new_err(format!("{text:?} is no prefix")));
    texts.iter().map(read).collect()
}

fn origin(name: &str) -> PyResult<Origin> {
    match name.to_ascii_uppercase().as_str() {
        "IGP" => Ok(Origin::Igp),
        "EGP" => Ok(Origin::Egp),
        "INCOMPLETE" => Ok(Origin::Incomplete),
        _ => Err(PyValueError::new_err(format!("an origin is IGP, EGP or INCOMPLETE, not {name:?}"))),
    }
}

/// The communities, and the large ones.
fn communities(texts: &[String]) -> PyResult<(Vec<Community>, Vec<LargeCommunity>)> {
    let (mut plain, mut large) = (Vec::new(), Vec::new());
    for text in texts {
        let numbers: Result<Vec<u32>, _> = text.split(':').map(str::parse).collect();
        match numbers.as_deref() {
            Ok([of, number]) if *of <= 0xffff && *number <= 0xffff => {
                plain.push(Community::new(*of as u16, *number as u16));
            }
            Ok([global, local_1, local_2]) => large.push(LargeCommunity::new(*global, *local_1, *local_2)),
            _ => return Err(PyValueError::new_err(format!("{text:?} is no community"))),
        }
    }
    Ok((plain, large))
}
