//! Writes what other languages have of the tables: the C header, Go's constants, Python's stubs. With `--check` it writes nothing, and fails
//! where a file is not what the tables give.

mod c;
mod go;
mod python;

use std::path::Path;
use std::process::ExitCode;

use container_codecs_core::layout::{Fixed, Header};
use packet_dissect::Layer;

fn main() -> ExitCode {
    let is_check = std::env::args().nth(1).as_deref() == Some("--check");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let files = [
        ("c/include/container_codecs.h", c::header(&root)),
        ("go/dissect/fields.go", go::fields()),
        ("go/layers/headers.go", go::headers()),
        ("go/layers/getters_test.go", go::getters_test()),
        ("c/tests/getters.inc", c::getters_test()),
        ("python/python/container_codecs/_fields.pyi", python::stubs()),
    ];
    let mut is_same = true;
    for (path, made) in files {
        let there = std::fs::read_to_string(root.join(path)).unwrap_or_default();
        if there == made {
            continue;
        }
        if is_check {
            eprintln!("{path} is not what the tables give: cargo run -p generate");
            is_same = false;
        } else if let Err(error) = std::fs::write(root.join(path), made) {
            eprintln!("{path}: {error}");
            return ExitCode::FAILURE;
        }
    }
    if is_same { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The names of the layers, each once: the second `tcp` is the start of a header that is cut.
fn layers() -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in Layer::NAMES {
        let is_second = names.iter().any(|known| known == name);
        names.push(if is_second { format!("{name}_start") } else { (*name).to_owned() });
    }
    names
}

/// What a field is called within its header: `Source` of `IpSource`.
fn short(header: &Header, fixed: &Fixed) -> String {
    let name = format!("{:?}", fixed.field);
    name.strip_prefix(header.prefix).unwrap_or(&name).to_owned()
}

/// `IpSource` as `ip_source`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for (at, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && at > 0 {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
