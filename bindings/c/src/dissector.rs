//! Fields: packets in batches, values in the caller's memory.

use container_codecs_core::{Decoder, Value, Values, Wanted};
use packet_dissect::{LinkType, Record, Timestamp};

use crate::border::{self, guarded};
use crate::capture::PacketRecord;
use crate::error::{CodecError, Status, tell};

/// What was seen so far: of each packet come the fields that `packet-dissect -T fields` writes.
#[derive(Debug)]
pub struct FieldDissector {
    decoder: Decoder,
    /// A packet was taken in whose values did not fit.
    is_waiting: bool,
}

/// Where values go. What is behind the room of each is the caller's; what is used of it is written at each call.
#[repr(C)]
#[derive(Debug)]
pub struct ValueRoom {
    /// Values, one packet's behind the other's.
    pub values: *mut Value,
    /// For how many values there is room.
    pub values_room: usize,
    /// How many there are; if nothing was written since the first packet does not fit, how many that has.
    pub values_count: usize,
    /// What is not in the packets: what was put into words, opened, or put together of several.
    pub text: *mut u8,
    /// For how many bytes there is room.
    pub text_room: usize,
    /// How many there are; likewise.
    pub text_length: usize,
    /// For each packet how many values there are up to its last one. Room for as many as packets are given.
    pub ends: *mut usize,
}

/// A dissector that shows these fields, or all if `count` is 0; with `has_layers` not 0 a value tells where each layer begins. Null, with the
/// reason in `error`, if there is no such field. What it gives goes to `cc_dissector_free`.
///
/// # Safety
/// `fields` points to `count` numbers; `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_dissector_new(
    fields: *const u16,
    count: usize,
    has_layers: u8,
    error: *mut CodecError,
) -> *mut FieldDissector {
    // SAFETY: the caller's promise of the fields.
    let fields = unsafe { border::slice(fields, count) };
    let made = match fields {
        None => Err(CodecError::new(Status::Null, "the fields are null")),
        Some(fields) => guarded(None, || Wanted::new(fields, has_layers != 0))
            .ok_or_else(|| CodecError::new(Status::NoField, "there is no field of that number")),
    };
    match made {
        Ok(wanted) => Box::into_raw(Box::new(FieldDissector { decoder: Decoder::new(wanted), is_waiting: false })),
        Err(wrong) => {
            // SAFETY: the caller's promise of the error.
            unsafe { tell(error, wrong) };
            core::ptr::null_mut()
        }
    }
}

/// Takes packets in, in their order, and writes the values of as many as fit; `done` gets how many. `Status::Room` if those of the next do not:
/// it is the first of the next call, where it is not taken in again. Values that stand in a packet tell where in it.
///
/// # Safety
/// `dissector` is of `cc_dissector_new`, not freed, and nobody else uses it; `packets` points to `count` packets, whose bytes are there; `room`
/// points to a room, whose pointers point to so much as it says; `done` points to a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_dissect(
    dissector: *mut FieldDissector,
    packets: *const PacketRecord,
    count: usize,
    room: *mut ValueRoom,
    done: *mut usize,
) -> Status {
    // SAFETY: the caller's promise of the packets.
    let packets = unsafe { border::slice(packets, count) };
    let (Some(packets), false) = (packets, dissector.is_null() || room.is_null() || done.is_null()) else {
        return Status::Null;
    };
    // SAFETY: it is not null, and the rest is the caller's promise.
    let dissector = unsafe { &mut *dissector };
    // SAFETY: it is not null, and the rest is the caller's promise.
    let room = unsafe { &mut *room };
    // SAFETY: the caller's promise of the room.
    let values = unsafe { border::slice_mut(room.values, room.values_room) };
    // SAFETY: the caller's promise of the room.
    let text = unsafe { border::slice_mut(room.text, room.text_room) };
    // SAFETY: the caller's promise of the room.
    let ends = unsafe { border::slice_mut(room.ends, count) };
    let (Some(values), Some(text), Some(ends)) = (values, text, ends) else { return Status::Null };
    let mut to = Places { values, text, values_count: 0, text_length: 0 };
    let mut taken = 0;
    let status = guarded(Status::Internal, || {
        for (packet, end) in packets.iter().zip(ends) {
            // SAFETY: the caller's promise of each packet's bytes.
            let bytes = unsafe { border::slice(packet.bytes, packet.captured as usize) };
            let Some(bytes) = bytes else { return Status::Null };
            if !dissector.is_waiting {
                dissector.decoder.take(&record(packet, bytes));
            }
            dissector.is_waiting = !to.put(dissector.decoder.values());
            if dissector.is_waiting {
                return Status::Room;
            }
            taken += 1;
            *end = to.values_count;
        }
        Status::Ok
    });
    (room.values_count, room.text_length) = (to.values_count, to.text_length);
    if taken == 0 && dissector.is_waiting {
        let Values { values, text } = dissector.decoder.values();
        (room.values_count, room.text_length) = (values.len(), text.len());
    }
    // SAFETY: it is not null, and the rest is the caller's promise.
    unsafe { done.write(taken) };
    status
}

fn record<'a>(packet: &PacketRecord, bytes: &'a [u8]) -> Record<'a> {
    let time = Timestamp { seconds: packet.seconds, nanoseconds: packet.nanoseconds };
    Record {
        number: packet.number,
        time: (packet.has_time != 0).then_some(time),
        original_len: packet.original,
        link_type: LinkType(packet.link_type),
        bytes,
    }
}

struct Places<'p> {
    values: &'p mut [Value],
    text: &'p mut [u8],
    values_count: usize,
    text_length: usize,
}

impl Places<'_> {
    /// Writes a packet's values behind those of others, if they fit.
    fn put(&mut self, of: &Values) -> bool {
        let values = self.values.get_mut(self.values_count..).and_then(|free| free.get_mut(..of.values.len()));
        let text = self.text.get_mut(self.text_length..).and_then(|free| free.get_mut(..of.text.len()));
        let (Some(values), Some(text)) = (values, text) else { return false };
        text.copy_from_slice(&of.text);
        for (to, from) in values.iter_mut().zip(&of.values) {
            *to = from.behind(self.text_length);
        }
        self.values_count += of.values.len();
        self.text_length += of.text.len();
        true
    }
}

/// Frees a dissector; of null nothing.
///
/// # Safety
/// `dissector` is null, or of `cc_dissector_new` and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_dissector_free(dissector: *mut FieldDissector) {
    if !dissector.is_null() {
        // SAFETY: it was made by `Box::into_raw`, and is the caller's to give back, once.
        drop(unsafe { Box::from_raw(dissector) });
    }
}
