//! The walk: a packet's layers, without anything allocated.

use container_codecs_core::layer_number;
use packet_dissect::{LinkType, layers};

use crate::border::{Outcome, answer, owned, slice, slice_mut};
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
        walk(link_type, bytes, places, count)
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

fn walk(link_type: u32, bytes: &[u8], places: &mut [LayerPlace], count: &mut usize) -> Outcome<()> {
    let mut walk = layers(LinkType(link_type), bytes);
    let mut room = places.iter_mut();
    *count = 0;
    while let Some(layer) = walk.next() {
        let layer = layer.map_err(|error| CodecError::of_walk(&error))?;
        let range = walk.range();
        if let Some(place) = room.next() {
            *place = LayerPlace {
                offset: range.start as u32,
                length: range.len() as u32,
                kind: layer_number(layer.name()),
                parent: (*count as u16).wrapping_sub(1),
                is_quoted: walk.is_quoted().into(),
                reserved: [0; 3],
            };
        }
        *count += 1;
    }
    Ok(())
}
