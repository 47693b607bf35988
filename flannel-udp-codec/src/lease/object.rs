//! JSON objects that are read into fields and written back equal.
//!
//! Go reads a field's name in any case, and flannel's users write their configurations by hand. So an object is kept as it was
//! read, and only what a field no longer says is written anew.

use alloc::string::{String, ToString};

use ipnet::{Ipv4Net, Ipv6Net};
use serde_json::{Map, Value};

use super::error::LeaseError;

/// An object as it was read, and what it is, for errors.
#[derive(Debug, Clone)]
pub(super) struct Object {
    pub(super) what: &'static str,
    pub(super) fields: Map<String, Value>,
}

impl Object {
    pub(super) fn new(what: &'static str) -> Self {
        Self { what, fields: Map::new() }
    }

    pub(super) fn parse(what: &'static str, text: &str) -> Result<Self, LeaseError> {
        let fields = serde_json::from_str(text).map_err(|error| LeaseError::Json { what, error })?;
        Ok(Self { what, fields })
    }

    /// The name as it stands in the object: as it is, or else in another case.
    fn spelling(&self, name: &str) -> Option<&String> {
        let exact = self.fields.get_key_value(name).map(|(key, _)| key);
        exact.or_else(|| self.fields.keys().find(|key| key.eq_ignore_ascii_case(name)))
    }

    /// A field; `None` if it is not there, or null.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.fields.get(self.spelling(name)?).filter(|value| !value.is_null())
    }

    /// A field as what `read` makes of it.
    pub(super) fn read<T>(
        &self,
        field: &'static str,
        rule: &'static str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<Option<T>, LeaseError> {
        let Some(value) = self.get(field) else { return Ok(None) };
        let malformed = || LeaseError::Malformed { what: self.what, field, value: value.to_string(), rule };
        read(value).map(Some).ok_or_else(malformed)
    }

    /// A field that is the text of an address or a network.
    pub(super) fn text<T: Text>(&self, field: &'static str) -> Result<Option<T>, LeaseError> {
        self.read(field, T::RULE, |value| T::from_text(value.as_str()?))
    }

    /// Sets a field to what it says now, unless it says so already; takes it away if there is nothing to say.
    pub(super) fn set(&mut self, name: &str, value: Option<Value>, is_same: bool) {
        if is_same {
            return;
        }
        let spelling = self.spelling(name).cloned();
        match (value, spelling) {
            (Some(value), spelling) => drop(self.fields.insert(spelling.unwrap_or_else(|| name.to_string()), value)),
            (None, Some(spelling)) => drop(self.fields.shift_remove(&spelling)),
            (None, None) => {}
        }
    }

    /// The same for a field that is a text: the same if it reads as the same.
    pub(super) fn set_text<T: Text>(&mut self, name: &'static str, value: Option<&T>) {
        let is_same = self.text::<T>(name).is_ok_and(|now| now.as_ref() == value);
        self.set(name, value.map(|value| Value::from(value.to_string())), is_same);
    }
}

/// serde's two traits for what is read from an object and written to one.
macro_rules! as_object {
    ($kind:ty, $what:expr) => {
        impl serde::Serialize for $kind {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.to_object().fields.serialize(serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $kind {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let fields = serde_json::Map::deserialize(deserializer)?;
                Self::read(Object { what: $what, fields }).map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(super) use as_object;

/// What stands in JSON as a text.
pub(super) trait Text: PartialEq + ToString + Sized {
    const RULE: &'static str;
    fn from_text(text: &str) -> Option<Self>;
}

macro_rules! texts {
    ($($kind:ty, $rule:expr;)*) => {$(
        impl Text for $kind {
            const RULE: &'static str = $rule;
            fn from_text(text: &str) -> Option<Self> {
                text.parse().ok()
            }
        }
    )*};
}

texts! {
    core::net::Ipv4Addr, "the text of an IPv4 address";
    core::net::Ipv6Addr, "the text of an IPv6 address";
    Ipv4Net, "the text of an IPv4 network";
    Ipv6Net, "the text of an IPv6 network";
    ether_ip::ethernet::MacAddr, "the text of a MAC address, six bytes";
    String, "a text";
}
