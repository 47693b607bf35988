//! Errors as values with a text.

use core::ffi::c_char;
use core::fmt::{self, Write};

use container_codecs_core::Parts;
use ether_ip::Error;

use crate::bgp::BgpNotification;

/// How a call ended.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Well.
    Ok = 0,
    /// A pointer is null where none may be.
    Null = 1,
    /// There is no field of that number.
    NoField = 2,
    /// The results do not fit: how much they need is told.
    Room = 3,
    /// The capture has no more packets.
    End = 4,
    /// The capture cannot be read, or is broken here.
    Capture = 5,
    /// A layer's bytes end before its headers say.
    Truncated = 6,
    /// A layer's bytes contradict themselves.
    Malformed = 7,
    /// The packet is nested deeper than a walk goes.
    TooDeep = 8,
    /// The library failed: report it.
    Internal = 9,
    /// A path or a text is no UTF-8.
    Text = 10,
    /// What is asked for is nothing that there is, or does not go together: the field says which.
    Argument = 11,
    /// A field cannot hold what would have to be written. Nothing was.
    Unbuildable = 12,
    /// The packet is good, and not for whom it was given to: of another protocol, port, network or end.
    NotOurs = 13,
    /// The packet is one that a rule has discarded: a fragment, an option that may not be passed over, an inner VLAN tag.
    Refused = 14,
    /// A checksum is wrong.
    Checksum = 15,
    /// The outer packet met congestion and the inner one cannot say so: it is to be dropped (RFC 6040 §4.2).
    Congested = 16,
    /// The end is not there yet: `value` bytes are, and `limit` are needed, as far as is known.
    Partial = 17,
    /// A BGP message, or two, that end the session: `notification` says so to the peer.
    Bgp = 18,
}

/// What is wrong, in parts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wrong {
    pub(crate) status: Status,
    pub(crate) layer: &'static str,
    pub(crate) field: &'static str,
    pub(crate) value: u64,
    pub(crate) limit: u64,
}

impl From<&Error> for Wrong {
    fn from(error: &Error) -> Self {
        Self::of_parts(Status::of_layer(error), error.into())
    }
}

impl Wrong {
    /// What there is none of is empty, or 0.
    pub(crate) fn of_parts(status: Status, parts: Parts) -> Self {
        let Parts { layer, field, value, limit } = parts;
        let (field, value, limit) = (field.unwrap_or(""), value.unwrap_or(0), limit.unwrap_or(0));
        Self { status, layer, field, value, limit }
    }
}

/// What went wrong, in words and in parts. Each text ends with a zero, and is cut where it is too long.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct CodecError {
    /// How the call ended.
    pub status: Status,
    /// Where in the packet the layer begins that cannot be read.
    pub offset: u32,
    /// The field's value, or how many bytes are there.
    pub value: u64,
    /// What it had to be, or how many bytes are needed.
    pub limit: u64,
    /// What to send to a BGP peer, if the status is that.
    pub notification: BgpNotification,
    /// The layer, as its RFC names it.
    pub layer: [c_char; 32],
    /// The field, likewise. Empty, if it is of none.
    pub field: [c_char; 48],
    /// A sentence.
    pub text: [c_char; 192],
}

impl CodecError {
    /// Of a kind, in words.
    pub(crate) fn new(status: Status, words: impl fmt::Display) -> Self {
        let notification = BgpNotification::default();
        let (layer, field, text) = ([0; 32], [0; 48], [0; 192]);
        let mut error = Self { status, offset: 0, value: 0, limit: 0, notification, layer, field, text };
        put(&mut error.text, words);
        error
    }

    /// Of a pointer that is null where none may be.
    pub(crate) fn null() -> Self {
        Self::new(Status::Null, "a pointer is null")
    }

    /// Of a panic, which nothing is known to cause.
    pub(crate) fn internal() -> Self {
        Self::new(Status::Internal, "the library failed")
    }

    /// Of a walk.
    pub(crate) fn of_walk(error: &packet_dissect::Error) -> Self {
        match *error {
            packet_dissect::Error::Layer { offset, error: ref layer } => Self::of_layer(offset, layer, error),
            packet_dissect::Error::TooDeep { offset } => {
                Self { offset: offset as u32, ..Self::new(Status::TooDeep, error) }
            }
            _ => Self::new(Status::Internal, error),
        }
    }

    /// Of a layer that begins there.
    pub(crate) fn of_layer(offset: usize, error: &Error, words: impl fmt::Display) -> Self {
        Self { offset: offset as u32, ..Self::of_wrong(error.into(), words) }
    }

    /// Of what is wrong, in parts and in words.
    pub(crate) fn of_wrong(wrong: Wrong, words: impl fmt::Display) -> Self {
        let Wrong { status, layer, field, value, limit } = wrong;
        let mut of = Self { value, limit, ..Self::new(status, words) };
        put(&mut of.layer, layer);
        put(&mut of.field, field);
        of
    }

    /// Of what was asked for and is not possible; where that has a limit, which.
    pub(crate) fn argument(field: &'static str, value: impl Into<u64>, limit: u64) -> Self {
        let value = value.into();
        let wrong = Wrong { status: Status::Argument, layer: "", field, value, limit };
        Self::of_wrong(wrong, format_args!("{field} cannot be {value}"))
    }

    /// The same, in words of the caller's.
    pub(crate) fn argument_in_words(field: &'static str, value: u64, words: impl fmt::Display) -> Self {
        Self::of_wrong(Wrong { status: Status::Argument, layer: "", field, value, limit: 0 }, words)
    }
}

impl Status {
    /// How a walk ended.
    pub(crate) const fn of_walk(error: &packet_dissect::Error) -> Self {
        match error {
            packet_dissect::Error::Layer { error, .. } => Self::of_layer(error),
            packet_dissect::Error::TooDeep { .. } => Self::TooDeep,
            _ => Self::Internal,
        }
    }

    pub(crate) const fn of_layer(error: &Error) -> Self {
        match error {
            Error::Truncated { .. } => Self::Truncated,
            Error::NoRoom { .. } => Self::Room,
            Error::OtherLayer { .. } => Self::NotOurs,
            Error::Unbuildable { .. } => Self::Unbuildable,
            _ => Self::Malformed,
        }
    }
}

/// Writes words with a zero behind them, as far as there is room.
pub(crate) fn put(room: &mut [c_char], words: impl fmt::Display) {
    struct Room<'r>(core::slice::IterMut<'r, c_char>);
    impl Write for Room<'_> {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            // In this order: what has no byte more takes no place.
            for (from, to) in text.bytes().zip(self.0.by_ref()) {
                *to = from as c_char;
            }
            Ok(())
        }
    }
    let Some((last, room)) = room.split_last_mut() else { return };
    room.fill(0);
    *last = 0;
    // What it writes to takes all that fits and forgets the rest.
    let _ = write!(Room(room.iter_mut()), "{words}");
}
