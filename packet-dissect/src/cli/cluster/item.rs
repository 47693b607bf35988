//! An object of a file, as readers ask it.

use std::net::IpAddr;

use serde_json::Value as Json;

use flannel_udp_codec::ipnet::IpNet;

/// An object, or a part of one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'a>(pub(super) &'a Json);

impl<'a> Item<'a> {
    /// What stands at a JSON pointer (RFC 6901).
    pub(super) fn at(self, pointer: &str) -> Option<&'a Json> {
        self.0.pointer(pointer)
    }

    /// The text there; none, if it is empty.
    pub(super) fn text(self, pointer: &str) -> Option<&'a str> {
        self.at(pointer)?.as_str().filter(|text| !text.is_empty())
    }

    pub(super) fn is(self, pointer: &str) -> bool {
        self.at(pointer).and_then(Json::as_bool) == Some(true)
    }

    /// The members of the list there.
    pub(super) fn list(self, pointer: &str) -> impl Iterator<Item = Item<'a>> + use<'a> {
        self.at(pointer).and_then(Json::as_array).into_iter().flatten().map(Item)
    }

    /// The members of the list there that are texts.
    pub(super) fn texts(self, pointer: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.list(pointer).filter_map(|item| item.0.as_str())
    }

    pub(super) fn name(self) -> &'a str {
        self.text("/metadata/name").unwrap_or_default()
    }

    /// `namespace/name`.
    pub(super) fn full_name(self) -> String {
        match self.text("/metadata/namespace") {
            Some(namespace) => format!("{namespace}/{}", self.name()),
            None => self.name().to_owned(),
        }
    }

    /// An annotation of a node.
    pub(super) fn annotation(self, name: &str) -> Option<&'a str> {
        self.0.pointer("/metadata/annotations")?.get(name)?.as_str().filter(|text| !text.is_empty())
    }
}

pub(super) fn address(text: &str) -> Result<IpAddr, String> {
    text.parse().map_err(|_| format!("{text:?} is no address"))
}

pub(super) fn network(text: &str) -> Result<IpNet, String> {
    text.parse().map_err(|_| format!("{text:?} is no network"))
}

/// An address with or without its network's length.
pub(super) fn address_on_link(text: &str) -> Result<(IpAddr, Option<IpNet>), String> {
    match text.parse::<IpNet>() {
        Ok(link) => Ok((link.addr(), Some(link))),
        Err(_) => address(text).map(|address| (address, None)),
    }
}
