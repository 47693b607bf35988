//! BGP: a stream cut into messages, sessions agreed on, messages read and built, and where else they are found.
//!
//! A message is handed in whole, from its marker, and what is told of it says where in the message it stands: nothing is copied.

mod bmp;
mod build;
mod decode;
mod findings;
mod frame;
mod mrt;
mod notification;
mod open;
mod refresh;
mod session;
mod update;

pub use bmp::*;
pub use build::*;
pub use decode::*;
pub use findings::*;
pub use frame::*;
pub use mrt::*;
pub use notification::*;
pub use open::*;
pub use refresh::*;
pub use session::*;
pub use update::*;

use bgp_codec::{Error, Fault, FieldError, Frame, Framer, MessageType};
use container_codecs_core::offset_in;

use crate::border::Outcome;
use crate::error::{CodecError, Status, Wrong};

impl CodecError {
    /// Of what ends a session; `message` is what was read.
    pub(crate) fn of_bgp(error: &Error, message: &[u8]) -> Self {
        let notification = BgpNotification::of(&error.notification(message), message);
        Self { status: Status::Bgp, notification, ..Self::of_fault(&error.fault, error) }
    }

    /// Of what a message is not built with.
    pub(crate) fn of_fault(fault: &Fault, words: impl core::fmt::Display) -> Self {
        let status = match fault {
            Fault::Field(error) => Status::of_layer(error),
            _ => Status::Argument,
        };
        Self::of_wrong(Wrong::of_parts(status, fault.into()), words)
    }

    /// Of bytes whose end has not come.
    pub(crate) fn partial(available: usize, needed: usize) -> Self {
        let words = format_args!("the end is not there yet: {needed} bytes are needed, {available} are there");
        Self { value: available as u64, limit: needed as u64, ..Self::new(Status::Partial, words) }
    }
}

/// The one message of a type that bytes are.
fn whole(bytes: &[u8], max_len: u16, kind: MessageType) -> Outcome<Frame<'_>> {
    let mut rest = bytes;
    let frame = Framer::with_max_len(max_len).next(&mut rest).map_err(|error| CodecError::of_bgp(&error, bytes))?;
    let frame = frame.ok_or_else(|| CodecError::partial(bytes.len(), frame::needed(bytes)))?;
    if !rest.is_empty() {
        return Err(CodecError::argument_in_words("len", bytes.len() as u64, "more stands there than a message"));
    }
    if frame.kind() != kind {
        let words = format_args!("{} stands there, and not {kind}", frame.kind());
        return Err(CodecError::argument_in_words("type", frame.kind().0.into(), words));
    }
    Ok(frame)
}

/// Tells how long a message is that was built.
fn tell_written(built: Result<&[u8], FieldError>, written: &mut usize) -> Outcome<()> {
    *written = built.map_err(|error| CodecError::of_layer(0, &error, error))?.len();
    Ok(())
}
