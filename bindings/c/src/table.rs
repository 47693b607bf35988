//! The tables of fields and layers, by number.

use core::ffi::{CStr, c_char};
use std::ffi::CString;
use std::sync::OnceLock;

use packet_dissect::Layer;
use packet_dissect::fields::{Field, Kind};

/// How a field's values are written.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// There is no such field.
    None = 0,
    /// A number.
    Decimal = 1,
    /// A number in hexadecimal.
    Hexadecimal = 2,
    /// A bit.
    Flag = 3,
    /// A MAC address.
    MacAddress = 4,
    /// An IPv4 address.
    Ipv4Address = 5,
    /// An IPv6 address.
    Ipv6Address = 6,
    /// Bytes.
    ByteString = 7,
    /// Text.
    String = 8,
    /// A span of time, or a time since 1970, in seconds.
    Seconds = 9,
    /// A date and time of day.
    Date = 10,
}

/// Texts that end with a zero, and stay where they are.
struct Texts {
    names: Vec<CString>,
    labels: Vec<CString>,
    layers: Vec<CString>,
}

fn texts() -> &'static Texts {
    static TEXTS: OnceLock<Texts> = OnceLock::new();
    TEXTS.get_or_init(|| {
        let with_zero = |text: &str| CString::new(text).unwrap_or_default();
        Texts {
            names: Field::ALL.iter().map(|field| with_zero(field.name())).collect(),
            labels: Field::ALL.iter().map(|field| with_zero(field.label())).collect(),
            layers: Layer::NAMES.iter().map(|name| with_zero(name)).collect(),
        }
    })
}

fn text(texts: &'static [CString], number: u16) -> *const c_char {
    texts.get(usize::from(number)).map_or(core::ptr::null(), |text| text.as_ptr())
}

/// How many fields there are: their numbers go from 0 up to this one. Any number of threads may call it.
#[unsafe(no_mangle)]
pub extern "C" fn cc_field_count() -> usize {
    Field::ALL.len()
}

/// A field's name, Wireshark's where it has one, for as long as the program runs. Null, if there is no such field.
/// Any number of threads may call it.
#[unsafe(no_mangle)]
pub extern "C" fn cc_field_name(field: u16) -> *const c_char {
    text(&texts().names, field)
}

/// What a field is, for a person. Null, if there is no such field. Any number of threads may call it.
#[unsafe(no_mangle)]
pub extern "C" fn cc_field_label(field: u16) -> *const c_char {
    text(&texts().labels, field)
}

/// How a field's values are written. Any number of threads may call it.
#[unsafe(no_mangle)]
pub extern "C" fn cc_field_kind(field: u16) -> FieldKind {
    match Field::ALL.get(usize::from(field)).map(|field| field.kind()) {
        None => FieldKind::None,
        Some(Kind::Dec) => FieldKind::Decimal,
        Some(Kind::Hex(_)) => FieldKind::Hexadecimal,
        Some(Kind::Flag) => FieldKind::Flag,
        Some(Kind::Mac) => FieldKind::MacAddress,
        Some(Kind::Ipv4) => FieldKind::Ipv4Address,
        Some(Kind::Ipv6) => FieldKind::Ipv6Address,
        Some(Kind::Bytes) => FieldKind::ByteString,
        Some(Kind::Seconds) => FieldKind::Seconds,
        Some(Kind::Time) => FieldKind::Date,
        Some(_) => FieldKind::String,
    }
}

/// How many digits a hexadecimal field has at least; 0 of others. Any number of threads may call it.
#[unsafe(no_mangle)]
pub extern "C" fn cc_field_digits(field: u16) -> u8 {
    match Field::ALL.get(usize::from(field)).map(|field| field.kind()) {
        Some(Kind::Hex(digits)) => digits,
        _ => 0,
    }
}

/// The number of the field with a name; -1 if there is none, or the name is null. Any number of threads may call it.
///
/// # Safety
/// A name that is not null ends with a zero.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_field_by_name(name: *const c_char) -> i32 {
    if name.is_null() {
        return -1;
    }
    // SAFETY: it is not null, and the rest is the caller's promise.
    let name = unsafe { CStr::from_ptr(name) };
    texts().names.iter().position(|known| known.as_c_str() == name).map_or(-1, |at| at as i32)
}

/// A layer's short name: `eth`, `ip`, `vxlan` … Null, if there is no such layer. Any number of threads may call it.
#[unsafe(no_mangle)]
pub extern "C" fn cc_layer_name(layer: u16) -> *const c_char {
    text(&texts().layers, layer)
}

/// The version of the library, as `1.2.3`. Any number of threads may call it.
#[unsafe(no_mangle)]
pub extern "C" fn cc_version() -> *const c_char {
    const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(version) => version,
        Err(_) => c"",
    };
    VERSION.as_ptr()
}
