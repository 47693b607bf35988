//! The walk: a packet's layers, without anything allocated.

use packet_dissect::{Error, LayerKind, LinkType, layers};

use crate::border::{answer, owned, places, slice, slice_mut};
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
    layers: *mut LayerPlace,
    room: usize,
    count: *mut usize,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the bytes.
        let bytes = unsafe { slice(bytes, len) }?;
        // SAFETY: the caller's promise of the layers.
        let layers = unsafe { slice_mut(layers, room) }?;
        // SAFETY: the caller's promise of the count.
        let count = unsafe { owned(count) }?;
        let mut wrong = None;
        *count = walk(LinkType(link_type), bytes, layers, &mut wrong);
        wrong.map_or(Ok(()), |error| Err(CodecError::of_walk(&error)))
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

/// Walks through packets, and writes the layers of one behind those of the other. Of each packet, `ends` gets how many layers there are up to its
/// last one, and `statuses` how its walk ended, as `cc_walk` would tell it. `done` gets how many packets that were: `CC_STATUS_ROOM` if the layers
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
        let statuses = unsafe { places(statuses, count) }?;
        // SAFETY: the caller's promise of the number.
        let done = unsafe { owned(done) }?;
        *done = 0;
        let mut used = 0;
        for ((packet, end), status) in packets.iter().zip(ends).zip(statuses) {
            // SAFETY: the caller's promise of each packet's bytes.
            let bytes = unsafe { slice(packet.bytes, packet.captured as usize) }?;
            let free = layers.get_mut(used..).unwrap_or_default();
            let room = free.len();
            let mut wrong = None;
            let found = walk(LinkType(packet.link_type), bytes, free, &mut wrong);
            if found > room {
                return Err(CodecError::new(Status::Room, "the layers of a packet do not fit"));
            }
            used += found;
            *end = used;
            status.write(wrong.as_ref().map_or(Status::Ok, Status::of_walk));
            *done += 1;
        }
        Ok(())
    };
    // SAFETY: nobody is told but by the status.
    unsafe { answer(core::ptr::null_mut(), work) }
}

/// Where in a packet stands what most ask for: each by its offset and its layer's number, both all ones where the packet has none. What an ICMP
/// error quotes is not of the packet.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outline {
    /// The outermost IP header.
    pub outer: u32,
    /// The innermost tunnel's header.
    pub tunnel: u32,
    /// The innermost IP header: the outermost too, where there is no tunnel.
    pub network: u32,
    /// What that carries: TCP, UDP, ICMP, IGMP, ESP.
    pub transport: u32,
    /// `CC_LAYER_IP` or `CC_LAYER_IPV6`.
    pub outer_kind: u16,
    /// `CC_LAYER_VXLAN`, `CC_LAYER_GENEVE` …
    pub tunnel_kind: u16,
    /// As the outermost's.
    pub network_kind: u16,
    /// `CC_LAYER_TCP` …
    pub transport_kind: u16,
    /// How the walk ended.
    pub status: Status,
    /// How many layers there are.
    pub layers: u32,
}

impl Outline {
    const NONE: Self = Self {
        outer: u32::MAX,
        tunnel: u32::MAX,
        network: u32::MAX,
        transport: u32::MAX,
        outer_kind: u16::MAX,
        tunnel_kind: u16::MAX,
        network_kind: u16::MAX,
        transport_kind: u16::MAX,
        status: Status::Ok,
        layers: 0,
    };

    /// Writes where a layer is: nothing is read again that was just written, which a processor waits for.
    #[inline(always)]
    const fn add(&mut self, seen: Seen, layer: &Place) -> Seen {
        use LayerKind as Kind;
        let seen = Seen { layers: seen.layers + 1, ..seen };
        let (offset, kind) = (layer.offset as u32, layer.kind as u16);
        match layer.kind {
            _ if layer.is_quoted => seen,
            Kind::Ipv4 | Kind::Ipv6 => {
                (self.network, self.network_kind) = (offset, kind);
                if !seen.network {
                    (self.outer, self.outer_kind) = (offset, kind);
                }
                Seen { network: true, ..seen }
            }
            Kind::Udp | Kind::Tcp | Kind::TcpStart | Kind::Icmpv4 | Kind::Icmpv6 | Kind::Igmp | Kind::Esp => {
                (self.transport, self.transport_kind) = (offset, kind);
                seen
            }
            Kind::Vxlan | Kind::VxlanGpe | Kind::Geneve | Kind::Gre | Kind::GtpU | Kind::FlannelUdp => {
                (self.tunnel, self.tunnel_kind) = (offset, kind);
                seen
            }
            _ => seen,
        }
    }
}

/// What was seen of a packet so far.
#[derive(Clone, Copy, Default)]
struct Seen {
    layers: u32,
    network: bool,
}

/// Finds of each packet where what most ask for stands: faster than a walk, whose layers are looked through. Any number of threads may call it.
/// Nothing is allocated.
///
/// # Safety
/// `packets` points to `count` packets, whose bytes are there; `outlines` to a place for each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_outline_batch(
    packets: *const PacketRecord,
    count: usize,
    outlines: *mut Outline,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the packets.
        let packets = unsafe { slice(packets, count) }?;
        // SAFETY: the caller's promise of the outlines.
        let outlines = unsafe { places(outlines, count) }?;
        for (packet, outline) in packets.iter().zip(outlines) {
            // SAFETY: the caller's promise of each packet's bytes.
            let bytes = unsafe { slice(packet.bytes, packet.captured as usize) }?;
            let mut wrong = None;
            let link_type = LinkType(packet.link_type);
            let outline = outline.write(Outline::NONE);
            let seen = fold(link_type, bytes, &mut wrong, Seen::default(), |seen, layer| outline.add(seen, &layer));
            outline.layers = seen.layers;
            if let Some(error) = &wrong {
                outline.status = Status::of_walk(error);
            }
        }
        Ok(())
    };
    // SAFETY: nobody is told but by the status.
    unsafe { answer(core::ptr::null_mut(), work) }
}

/// Writes as many layers as there is room for: how many there are. What is wrong behind them is put into `wrong`.
#[inline(always)]
fn walk(link_type: LinkType, bytes: &[u8], places: &mut [LayerPlace], wrong: &mut Option<Error>) -> usize {
    // How many there are goes from layer to layer, so that it can stay in a register.
    fold(link_type, bytes, wrong, 0, |count, layer| {
        if let Some(place) = places.get_mut(count) {
            *place = LayerPlace {
                offset: layer.offset as u32,
                length: layer.length as u32,
                kind: layer.kind as u16,
                parent: (count as u16).wrapping_sub(1),
                is_quoted: layer.is_quoted.into(),
                reserved: [0; 3],
            };
        }
        count + 1
    })
}

/// Where a layer is.
struct Place {
    offset: usize,
    length: usize,
    kind: LayerKind,
    is_quoted: bool,
}

/// Goes through the layers of a packet. What is wrong behind them is put into `wrong`, which is none before: as a result it would be copied, which
/// takes longer than half a walk.
#[inline(always)]
fn fold<B>(
    link_type: LinkType,
    bytes: &[u8],
    wrong: &mut Option<Error>,
    init: B,
    mut take: impl FnMut(B, Place) -> B,
) -> B {
    layers(link_type, bytes).fold_ranges(init, |folded, layer, range, is_quoted| match layer {
        Ok(layer) => take(folded, Place { offset: range.start, length: range.len(), kind: layer.kind(), is_quoted }),
        Err(error) => {
            *wrong = Some(error);
            folded
        }
    })
}
