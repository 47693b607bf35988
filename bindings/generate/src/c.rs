//! The C header.

use std::fmt::Write as _;
use std::path::Path;

use container_codecs_core::layout::{Fixed, HEADERS, Header};
use packet_dissect::fields::{Field, Kind};

use crate::{layers, short, snake};

/// What cbindgen makes of the functions, a number for each field and layer, and the getters.
pub(crate) fn header(root: &Path) -> String {
    let mut trailer = String::from("\n/* The fields, by what `packet-dissect -e` calls them. */\nenum cc_field {\n");
    for (number, field) in Field::ALL.iter().enumerate() {
        let name = snake(&format!("{field:?}")).to_uppercase();
        let _ = writeln!(trailer, "  /* {}: {} */\n  CC_FIELD_{name} = {number},", field.name(), field.label());
    }
    trailer.push_str("};\n\n/* The layers, by what `cc_layer_name` calls them. */\nenum cc_layer_kind {\n");
    for (number, name) in layers().iter().enumerate() {
        let _ = writeln!(trailer, "  CC_LAYER_{} = {number},", name.to_uppercase().replace('.', "_"));
    }
    trailer.push_str(GETTERS);
    for header in HEADERS {
        let _ = writeln!(trailer, "\n/* A layer {}. */", header.layer);
        for fixed in header.fields {
            trailer.push_str(&getter(header, fixed));
        }
    }
    let config = cbindgen::Config::from_file(root.join("c/cbindgen.toml")).unwrap_or_default();
    let config = cbindgen::Config { trailer: Some(trailer), ..config };
    let mut out = Vec::new();
    match cbindgen::Builder::new().with_crate(root.join("c")).with_config(config).generate() {
        Ok(bindings) => bindings.write(&mut out),
        Err(error) => eprintln!("cbindgen: {error}"),
    }
    String::from_utf8_lossy(&out).into_owned()
}

const GETTERS: &str = "};

/*
 What stands in a header, as it stands there: each takes where a layer of its kind begins, which a walk has told. Numbers and IPv4 addresses
 are in the host's order, MAC and IPv6 addresses stay where they are, 6 and 16 bytes.
 */
";

/// A row for each getter, for the test that compares it with what a dissector says.
pub(crate) fn getters_test() -> String {
    let mut out = String::from("/* Made by `cargo run -p generate`: do not change it. */\n");
    for header in HEADERS {
        for fixed in header.fields {
            let form = if is_pointer(fixed) { "ADDRESS" } else { "NUMBER" };
            let field = snake(&format!("{:?}", fixed.field)).to_uppercase();
            let layer = header.layer.to_uppercase().replace('.', "_");
            let _ = writeln!(out, "{form}(CC_LAYER_{layer}, CC_FIELD_{field}, {})", getter_name(header, fixed));
        }
    }
    out
}

fn is_pointer(fixed: &Fixed) -> bool {
    matches!(fixed.field.kind(), Kind::Mac | Kind::Ipv6)
}

fn getter_name(header: &Header, fixed: &Fixed) -> String {
    format!("cc_{}_{}", header.name.to_lowercase(), snake(&short(header, fixed)))
}

/// A function for a field of a header.
fn getter(header: &Header, fixed: &Fixed) -> String {
    let of = header.name.to_lowercase();
    let name = getter_name(header, fixed);
    let label = fixed.field.label();
    let (start, end) = fixed.bytes();
    if is_pointer(fixed) {
        return format!(
            "/* {label}. */\nstatic inline const uint8_t *{name}(const uint8_t *{of})\n{{\n  return {of} + {start};\n}}\n"
        );
    }
    let width = match fixed.bits {
        ..=8 => 8,
        9..=16 => 16,
        _ => 32,
    };
    let bytes = (start..end).map(|at| match (end - at - 1) * 8 {
        0 => format!("{of}[{at}]"),
        shift => format!("(uint32_t){of}[{at}] << {shift}"),
    });
    let bytes = bytes.collect::<Vec<_>>().join(" | ");
    let bytes = if end - start > 1 { format!("({bytes})") } else { bytes };
    let shifted = match fixed.shift() {
        0 => bytes,
        shift => format!("({bytes} >> {shift})"),
    };
    let is_whole = fixed.bits == (end - start) * 8;
    let value = if is_whole { shifted } else { format!("({shifted} & {:#x})", (1_u64 << fixed.bits) - 1) };
    let value = if fixed.unit == 1 { value } else { format!("({value} * {})", fixed.unit) };
    format!(
        "/* {label}. */\nstatic inline uint{width}_t {name}(const uint8_t *{of})\n{{\n  return (uint{width}_t){value};\n}}\n"
    )
}
