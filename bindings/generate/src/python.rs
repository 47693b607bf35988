//! Python's stubs.

use std::fmt::Write as _;

use packet_dissect::Layer;
use packet_dissect::fields::Field;

/// The attributes of layers: a protocol for each first part of the names.
pub(crate) fn stubs() -> String {
    let mut out = String::from(
        "# Made by `cargo run -p generate`: do not change it.\nfrom ipaddress import IPv4Address, IPv6Address\nfrom typing import Literal, TypeAlias\n\nFieldName: TypeAlias = Literal[\n",
    );
    for field in Field::ALL {
        let _ = writeln!(out, "    \"{}\",  # {}", field.name(), field.label());
    }
    out.push_str("]\n\nLayerName: TypeAlias = Literal[\n");
    let mut names: Vec<_> = Layer::NAMES.to_vec();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let _ = writeln!(out, "    \"{name}\",");
    }
    out.push_str("]\n\nValue: TypeAlias = int | bool | str | bytes | IPv4Address | IPv6Address\n");
    out
}
