//! Fields: packets in batches, values in the caller's memory.

use core::mem::MaybeUninit;

use container_codecs_core::{Decoder, Value, Values, Wanted};
use packet_dissect::{LinkType, Record, Timestamp};

use crate::border::{answer, make, owned, places, slice, slice_mut, take_back};
use crate::capture::PacketRecord;
use crate::error::{CodecError, Status};

/// What was seen so far: of each packet come the fields that `packet-dissect -T fields` writes.
#[derive(Debug)]
pub struct FieldDissector {
    decoder: Decoder,
    /// How long the packet is that was taken in and whose values did not fit.
    waiting: Option<u32>,
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
/// reason in `error`, if there is no such field. What it gives goes to `cc_dissector_free`. Any number of threads may call it.
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
    let work = || {
        // SAFETY: the caller's promise of the fields.
        let fields = unsafe { slice(fields, count) }?;
        let none = || CodecError::new(Status::NoField, "there is no field of that number");
        let wanted = Wanted::new(fields, has_layers != 0).ok_or_else(none)?;
        Ok(FieldDissector { decoder: Decoder::new(wanted), waiting: None })
    };
    // SAFETY: the caller's promise of the error.
    unsafe { make(error, work) }
}

/// Takes packets in, in their order, and writes the values of as many as fit; `done` gets how many. `CC_STATUS_ROOM` if those of the next do not:
/// it is the first of the next call, where it is not taken in again; if another is, the values are lost. Values that stand in a packet tell where in it.
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
    let work = || {
        // SAFETY: the caller's promise of the dissector.
        let dissector = unsafe { owned(dissector) }?;
        // SAFETY: the caller's promise of the packets.
        let packets = unsafe { slice(packets, count) }?;
        // SAFETY: the caller's promise of the room.
        let room = unsafe { owned(room) }?;
        // SAFETY: the caller's promise of the room.
        let values = unsafe { places(room.values, room.values_room) }?;
        // SAFETY: the caller's promise of the room.
        let text = unsafe { slice_mut(room.text, room.text_room) }?;
        // SAFETY: the caller's promise of the room.
        let ends = unsafe { slice_mut(room.ends, count) }?;
        // SAFETY: the caller's promise of the number.
        let done = unsafe { owned(done) }?;
        *done = 0;
        (room.values_count, room.text_length) = (0, 0);
        for (packet, end) in packets.iter().zip(ends) {
            // SAFETY: the caller's promise of each packet's bytes.
            let bytes = unsafe { slice(packet.bytes, packet.captured as usize) }?;
            // One of another length is not the one that waits, whose values would point past its end.
            if dissector.waiting != Some(packet.captured) {
                dissector.decoder.take(&record(packet, bytes));
            }
            let of = dissector.decoder.values();
            let free = values.get_mut(room.values_count..).zip(text.get_mut(room.text_length..));
            let fits = free.is_some_and(|(values, text)| put(of, values, text, room.text_length));
            dissector.waiting = (!fits).then_some(packet.captured);
            if !fits {
                if *done == 0 {
                    (room.values_count, room.text_length) = (of.values.len(), of.text.len());
                }
                return Err(CodecError::new(Status::Room, "the values of a packet do not fit"));
            }
            room.values_count += of.values.len();
            room.text_length += of.text.len();
            *done += 1;
            *end = room.values_count;
        }
        Ok(())
    };
    // SAFETY: nobody is told but by the status.
    unsafe { answer(core::ptr::null_mut(), work) }
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

/// Writes a packet's values behind those of others, if they fit.
fn put(of: &Values, values: &mut [MaybeUninit<Value>], text: &mut [u8], behind: usize) -> bool {
    let (Some(values), Some(text)) = (values.get_mut(..of.values.len()), text.get_mut(..of.text.len())) else {
        return false;
    };
    text.copy_from_slice(&of.text);
    for (to, from) in values.iter_mut().zip(&of.values) {
        to.write(from.behind(behind));
    }
    true
}

/// Frees a dissector; of null nothing. By one thread, once no other uses it.
///
/// # Safety
/// `dissector` is null, or of `cc_dissector_new` and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_dissector_free(dissector: *mut FieldDissector) {
    // SAFETY: the caller's promise.
    unsafe { take_back(dissector) };
}
