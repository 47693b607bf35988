//! What files of names and of leases say of addresses, beside them.

use std::net::IpAddr;

use super::super::cluster::Cluster;
use super::super::hosts::Hosts;
use super::seen::End;

/// What is known of addresses.
#[derive(Debug, Clone, Copy, Default)]
pub(in super::super) struct Labels<'a> {
    pub(in super::super) hosts: Option<&'a Hosts>,
    pub(in super::super) places: Option<&'a Cluster>,
}

impl Labels<'_> {
    /// Whether anything is known of any.
    pub(super) fn are_given(&self) -> bool {
        self.hosts.is_some() || self.places.is_some()
    }

    /// `client.default on 192.0.2.1`; a hyphen of which nothing is known.
    pub(super) fn of(&self, end: End) -> String {
        let Some(address) = end.ip() else { return "-".to_owned() };
        let name = self.hosts.and_then(|hosts| hosts.of(address));
        match (name, self.node(address)) {
            (Some(name), Some(node)) => format!("{name} on {node}"),
            (Some(name), None) => name.to_owned(),
            (None, Some(node)) => format!("on {node}"),
            (None, None) => "-".to_owned(),
        }
    }

    /// The node that a pod's address is on; a node's own address says it itself.
    fn node(&self, address: IpAddr) -> Option<IpAddr> {
        let place = self.places?.of(address)?;
        place.subnet.map(|_| place.node)
    }
}
