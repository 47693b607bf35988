//! Flannel's subnet leases: which node has which pods.

use std::net::IpAddr;

use flannel_udp_codec::lease;
use pyo3::prelude::*;

use crate::error::of_words;

/// The leases of a network, of the JSON that etcd or Kubernetes has: what `packet-dissect --leases` reads.
#[pyclass(module = "container_codecs", frozen)]
pub(crate) struct Leases(lease::Leases);

#[pymethods]
impl Leases {
    /// Reads the JSON. What is wrong with a single lease is told in `refused`.
    #[new]
    fn new(py: Python<'_>, text: &str) -> PyResult<Self> {
        lease::Leases::parse(text).map(Self).map_err(|error| of_words(py, error))
    }

    /// The network, as text; None if it was not there.
    #[getter]
    fn network(&self) -> Option<String> {
        self.0.config.as_ref().and_then(|config| config.network).map(|network| network.to_string())
    }

    /// The keys that could not be read, and why.
    #[getter]
    fn refused(&self) -> Vec<(String, String)> {
        self.0.refused.iter().map(|(key, error)| (key.clone(), error.to_string())).collect()
    }

    /// The lease behind which a pod's address is, or None.
    fn behind(&self, pod: IpAddr) -> Option<Lease> {
        self.0.behind(pod).map(|found| self.lease(found))
    }

    /// The lease of the node that has an address, or None.
    fn of_node(&self, node: IpAddr) -> Option<Lease> {
        self.0.of_node(node).map(|found| self.lease(found))
    }

    fn __len__(&self) -> usize {
        self.0.leases.len()
    }

    fn __getitem__(&self, at: isize) -> PyResult<Lease> {
        let all = &self.0.leases;
        let at = if at < 0 { all.len().checked_add_signed(at) } else { Some(at as usize) };
        let found = at.and_then(|at| all.get(at));
        found.map(|found| self.lease(found)).ok_or_else(|| pyo3::exceptions::PyIndexError::new_err("no such lease"))
    }
}

impl Leases {
    fn lease(&self, of: &lease::Lease) -> Lease {
        Lease { of: of.clone(), backend: self.0.backend_of(of) }
    }
}

/// A node's lease.
#[pyclass(module = "container_codecs", frozen)]
pub(crate) struct Lease {
    of: lease::Lease,
    backend: lease::BackendConfig,
}

#[pymethods]
impl Lease {
    /// The pods' network, as text.
    #[getter]
    fn subnet(&self) -> String {
        self.of.key.ipv4.to_string()
    }

    /// The pods' IPv6 network, as text, or None.
    #[getter]
    fn subnet6(&self) -> Option<String> {
        self.of.key.ipv6.map(|network| network.to_string())
    }

    /// The node.
    #[getter]
    fn node(&self) -> IpAddr {
        self.of.value.public_ip.into()
    }

    /// How the node is reached: `vxlan`, `udp`, `host-gw` …
    #[getter]
    fn backend(&self) -> &str {
        &self.of.value.backend_type
    }

    /// The network's number, where the backend has one.
    #[getter]
    fn vni(&self) -> Option<u32> {
        let of_lease = self.of.value.vxlan().ok().and_then(|vxlan| vxlan.vni);
        let is_vxlan = self.backend.kind == lease::Backend::Vxlan;
        of_lease.or_else(|| is_vxlan.then_some(self.backend.vni)).map(|vni| vni.get())
    }

    /// What it makes another node set up, as commands of Linux.
    #[getter]
    fn entries(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        let entries = self.of.entries(&self.backend).map_err(|error| of_words(py, error))?;
        Ok(entries.iter().map(ToString::to_string).collect())
    }

    fn __repr__(&self) -> String {
        format!("<Lease of {} at {}>", self.subnet(), self.node())
    }
}
