//! The JSON texts of a file, an object at a time: of a whole cluster's only one is held.

use std::fmt;

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::de::StrRead;
use serde_json::{Deserializer, Map, Value as Json};

use super::item::Item;

/// What such files hold.
pub(super) const EXPECTED: &str = "what kubectl get -o json prints, or Weave's report";

/// Texts one behind the other.
pub(super) struct Texts<'t>(Deserializer<StrRead<'t>>);

impl<'t> Texts<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self(Deserializer::from_str(text))
    }

    /// The next text. A list's members are told one by one, with the kind that the list has for them; what is none is given back, by itself.
    pub(super) fn next(
        &mut self,
        each: &mut dyn FnMut(Item<'_>, &str),
    ) -> Option<Result<Option<Json>, serde_json::Error>> {
        self.0.end().is_err().then(|| Text { each }.deserialize(&mut self.0))
    }
}

/// One of them.
struct Text<'e> {
    each: &'e mut dyn FnMut(Item<'_>, &str),
}

impl<'de> DeserializeSeed<'de> for Text<'_> {
    type Value = Option<Json>;

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Text<'_> {
    type Value = Option<Json>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut rest, mut is_list) = (Map::new(), false);
        while let Some(key) = map.next_key::<String>()? {
            if key == "items" {
                let kind = rest.get("kind").and_then(Json::as_str).and_then(|kind| kind.strip_suffix("List"));
                map.next_value_seed(Items { each: self.each, kind: kind.unwrap_or_default() })?;
                is_list = true;
            } else {
                rest.insert(key, map.next_value()?);
            }
        }
        Ok(Some(Json::Object(rest)).filter(|_| !is_list))
    }
}

/// A list's members.
struct Items<'e> {
    each: &'e mut dyn FnMut(Item<'_>, &str),
    kind: &'e str,
}

impl<'de> DeserializeSeed<'de> for Items<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Items<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(json) = items.next_element::<Json>()? {
            let item = Item(&json);
            (self.each)(item, item.text("/kind").unwrap_or(self.kind));
        }
        Ok(())
    }
}
