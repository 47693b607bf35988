//! `--pods`, `--services`, `--hosts`: what addresses are called.

use std::collections::HashMap;
use std::fs::File;
use std::net::IpAddr;
use std::path::Path;

use serde_json::Value as Json;

use crate::Outside;
use crate::fields::{Field, FieldVisitor};

use super::streams::{complain, read_text};

/// The longest file of names that is read: what a cluster of Kubernetes' largest size tells of all its pods.
const MAX_NAMES: u64 = 1 << 29;

/// Names by addresses. What stands in a file is from outside: names are kept as they may be shown.
#[derive(Debug, Default)]
pub(super) struct Hosts(HashMap<IpAddr, String>);

impl Hosts {
    pub(super) fn of(&self, address: IpAddr) -> Option<&str> {
        self.0.get(&address).map(String::as_str)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The addresses of a name, or the address that it is itself.
    fn addresses(&self, name: &str) -> Vec<IpAddr> {
        if let Ok(address) = name.parse() {
            return vec![address];
        }
        self.0.iter().filter(|(_, of)| *of == name).map(|(address, _)| *address).collect()
    }

    /// The test that is true of a pod's packets, or of those between two: `pod=client.default,10.244.2.2`.
    pub(super) fn follow(&self, text: &str) -> Result<String, String> {
        let pods: Vec<_> = text.strip_prefix("pod=").unwrap_or(text).split(',').collect();
        if pods.len() > 2 {
            return Err("--follow takes one pod, or two with a comma between them".to_owned());
        }
        let test = |pod: &&str| {
            let of = |address: &IpAddr| match address {
                IpAddr::V4(address) => format!("ip.addr == {address}"),
                IpAddr::V6(address) => format!("ipv6.addr == {address}"),
            };
            let tests: Vec<_> = self.addresses(pod).iter().map(of).collect();
            let unknown = || format!("--follow: {pod:?} is neither an address nor a name that a file tells");
            if tests.is_empty() { Err(unknown()) } else { Ok(format!("({})", tests.join(" or "))) }
        };
        Ok(pods.iter().map(test).collect::<Result<Vec<_>, _>>()?.join(" and "))
    }

    /// Adds what `kubectl get … -o json` prints: pods, services and nodes, alone or in a list.
    pub(super) fn read_cluster(&mut self, path: &Path) -> Result<(), String> {
        let in_file = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let json: Json = serde_json::from_str(&text_of(path)?).map_err(|error| in_file(&error))?;
        let (items, kind) = match json.get("items").and_then(Json::as_array) {
            Some(items) => (items.as_slice(), text(&json, "kind").strip_suffix("List").unwrap_or_default()),
            None => (std::slice::from_ref(&json), ""),
        };
        let mut unknown = 0;
        for item in items {
            let of = match text(item, "kind") {
                "" => kind,
                kind => kind,
            };
            unknown += usize::from(!self.add(item, of));
        }
        if unknown > 0 {
            complain(&in_file(&format_args!("{unknown} of {} entries are no pod, service or node", items.len())));
        }
        Ok(())
    }

    /// Adds a pod's, service's or node's addresses; whether it is one.
    fn add(&mut self, item: &Json, kind: &str) -> bool {
        let at = |pointer: &str| item.pointer(pointer);
        let list = |pointer: &str| at(pointer).and_then(Json::as_array).into_iter().flatten();
        let addresses: Vec<&str> = match kind {
            // A pod in the node's own network has the node's address, as others have.
            "Pod" if at("/spec/hostNetwork").and_then(Json::as_bool) == Some(true) => Vec::new(),
            "Pod" => {
                let all = list("/status/podIPs").filter_map(|of| of.get("ip")?.as_str());
                all.chain(at("/status/podIP").and_then(Json::as_str)).collect()
            }
            "Service" => {
                let all = list("/spec/clusterIPs").filter_map(Json::as_str);
                all.chain(at("/spec/clusterIP").and_then(Json::as_str)).collect()
            }
            "Node" => list("/status/addresses").filter_map(|of| of.get("address")?.as_str()).collect(),
            _ => return false,
        };
        let name = at("/metadata/name").and_then(Json::as_str).unwrap_or_default();
        let name = match at("/metadata/namespace").and_then(Json::as_str) {
            Some(namespace) => format!("{name}.{namespace}"),
            None => name.to_owned(),
        };
        let name = Outside(name.as_bytes()).to_string();
        // A service without an address of its own says None there, and a node its host's name.
        for address in addresses.into_iter().filter_map(|address| address.parse().ok()) {
            self.0.insert(address, name.clone());
        }
        true
    }

    /// Adds lines as /etc/hosts has them: an address and names, of which the first counts.
    pub(super) fn read_lines(&mut self, path: &Path) -> Result<(), String> {
        for (number, line) in text_of(path)?.lines().enumerate() {
            let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
            let (Some(address), name) = (words.next(), words.next()) else { continue };
            match (address.parse(), name) {
                (Ok(address), Some(name)) => {
                    self.0.entry(address).or_insert_with(|| Outside(name.as_bytes()).to_string());
                }
                _ => complain(&format!("{}: line {} is no address and a name", path.display(), number + 1)),
            }
        }
        Ok(())
    }
}

fn text_of(path: &Path) -> Result<String, String> {
    let text = File::open(path).map_err(|error| error.to_string()).and_then(|file| read_text(file, MAX_NAMES));
    text.map_err(|error| format!("{}: {error}", path.display()))
}

fn text<'a>(json: &'a Json, key: &str) -> &'a str {
    json.get(key).and_then(Json::as_str).unwrap_or_default()
}

/// What the two ends of an IP packet are called.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends<'a> {
    pub(super) source: Option<&'a str>,
    pub(super) destination: Option<&'a str>,
}

impl Ends<'_> {
    /// The fields of ours that tell it.
    pub(super) fn visit(&self, v: &mut impl FieldVisitor) {
        for (field, name) in [(Field::SourceName, self.source), (Field::DestinationName, self.destination)] {
            name.iter().for_each(|name| v.text(field, name));
        }
    }
}
