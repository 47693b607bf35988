//! The walk: a packet's layers, without anything allocated.

use packet_dissect::{Error, LinkType, layers};

use crate::border::{answer, owned, slice, slice_mut};
use crate::capture::PacketRecord;
use crate::error::{CodecError, Status};

/// A layer of a packet.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LayerPlace {
    /// Where it begins in the packet.
    pub offset: u32,
    /// How many bytes are its own, without what it carries.
    pub length: u32,
    /// Its number: `cc_layer_name` has its name.
    pub kind: u16,
    /// The layer that carries it, by its place in the walk; 65535 of the first.
    pub parent: u16,
    /// 1 if an ICMP error quotes it.
    pub is_quoted: u8,
    /// Nothing yet.
    pub reserved: [u8; 3],
}

/// Walks through a packet of a link type (1 is Ethernet, 101 raw IP), and writes where its layers are, as many as there is room for; `count`
/// gets how many there are. What is wrong with the packet is told as the status and in `error`, which may be null; the layers in front of that
/// are good. Any number of threads may call it. Nothing is allocated.
///
/// # Safety
/// `bytes` points to `len` bytes, `layers` to `room` places for a layer, `count` to a number, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_walk(
    link_type: u32,
    bytes: *const u8,
    len: usize,
    places: *mut LayerPlace,
    room: usize,
    count: *mut usize,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the bytes.
        let bytes = unsafe { slice(bytes, len) }?;
        // SAFETY: the caller's promise of the layers.
        let places = unsafe { slice_mut(places, room) }?;
        // SAFETY: the caller's promise of the count.
        let count = unsafe { owned(count) }?;
        let wrong;
        (*count, wrong) = walk(link_type, bytes, places);
        wrong.map_or(Ok(()), |error| Err(CodecError::of_walk(&error)))
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

/// Walks through packets, and writes the layers of one behind those of the other. Of each packet, `ends` gets how many layers there are up to its
/// last one, and `statuses` how its walk ended, as `cc_walk` would tell it. `done` gets how many packets that were: `Status::Room` if the layers
/// of the next do not fit, of which there are 256 at most. Any number of threads may call it. Nothing is allocated.
///
/// # Safety
/// `packets` points to `count` packets, whose bytes are there; `layers` to `room` places for a layer; `ends` and `statuses` to a place for each
/// packet; `done` to a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_walk_batch(
    packets: *const PacketRecord,
    count: usize,
    layers: *mut LayerPlace,
    room: usize,
    ends: *mut usize,
    statuses: *mut Status,
    done: *mut usize,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the packets.
        let packets = unsafe { slice(packets, count) }?;
        // SAFETY: the caller's promise of the layers.
        let layers = unsafe { slice_mut(layers, room) }?;
        // SAFETY: the caller's promise of the ends.
        let ends = unsafe { slice_mut(ends, count) }?;
        // SAFETY: the caller's promise of the statuses.
        let statuses = unsafe { slice_mut(statuses, count) }?;
        // SAFETY: the caller's promise of the number.
        let done = unsafe { owned(done) }?;
        *done = 0;
        let mut used = 0;
        for ((packet, end), status) in packets.iter().zip(ends).zip(statuses) {
            // SAFETY: the caller's promise of each packet's bytes.
            let bytes = unsafe { slice(packet.bytes, packet.captured as usize) }?;
            let free = layers.get_mut(used..).unwrap_or_default();
            let room = free.len();
            let (found, wrong) = walk(packet.link_type, bytes, free);
            if found > room {
                return Err(CodecError::new(Status::Room, "the layers of a packet do not fit"));
            }
            used += found;
            *end = used;
            *status = wrong.map_or(Status::Ok, |error| Status::of_walk(&error));
            *done += 1;
        }
        Ok(())
    };
    // SAFETY: nobody is told but by the status.
    unsafe { answer(core::ptr::null_mut(), work) }
}

/// Writes as many layers as there is room for: how many there are, and what is wrong behind them.
#[inline]
fn walk(link_type: u32, bytes: &[u8], places: &mut [LayerPlace]) -> (usize, Option<Error>) {
    let mut walk = layers(LinkType(link_type), bytes);
    let (mut count, mut room) = (0, places.iter_mut());
    while let Some(layer) = walk.next() {
        let kind = match layer {
            Ok(layer) => layer.number(),
            Err(error) => return (count, Some(error)),
        };
        let range = walk.range();
        if let Some(place) = room.next() {
            *place = LayerPlace {
                offset: range.start as u32,
                length: range.len() as u32,
                kind,
                parent: (count as u16).wrapping_sub(1),
                is_quoted: walk.is_quoted().into(),
                reserved: [0; 3],
            };
        }
        count += 1;
    }
    (count, None)
}
