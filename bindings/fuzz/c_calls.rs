//! The C interface by sequences of calls, as a C program would make them, good ones and bad ones: nothing is written where there is no room,
//! nothing is said to be where nothing is, and the library never fails by itself. What is handed in stands in memory of exactly its size, so that
//! the sanitizer sees a step too far.
#![no_main]

use core::ffi::CStr;
use core::ptr::{null, null_mut};

use arbitrary::{Arbitrary, Result, Unstructured};
use container_codecs::*;
use libfuzzer_sys::fuzz_target;

/// A call.
#[derive(Debug, Clone, Copy, Arbitrary)]
enum Call {
    Walk,
    WalkBatch,
    Outline,
    Dissect,
    NewDissector,
    Flow,
    Checksum,
    Encapsulate,
    Decapsulate,
    Rewrite,
    Route,
    Flannel,
    Leases,
    BgpFrames,
    BgpDecode,
    BgpMessages,
    BgpBuild,
    Session,
    Dumps,
}

/// What lives from call to call.
struct Program {
    dissector: *mut FieldDissector,
    tunnel: *mut Tunnel,
    decapsulator: *mut Decapsulator,
    routes: *mut FlannelRoutes,
    session: BgpSession,
}

impl Drop for Program {
    fn drop(&mut self) {
        // SAFETY: each is null, or of the function that makes it, and not given back before.
        unsafe {
            cc_dissector_free(self.dissector);
            cc_tunnel_free(self.tunnel);
            cc_decapsulator_free(self.decapsulator);
            cc_flannel_routes_free(self.routes);
        }
    }
}

/// Plain data of C, of any bits: for types that are good whatever they hold.
fn any<T>(u: &mut Unstructured<'_>) -> Result<T> {
    let bytes = u.bytes(size_of::<T>().min(u.len()))?;
    // SAFETY: it is called for structures of integers and pointers alone, of which zeros are good.
    let mut value: T = unsafe { core::mem::zeroed() };
    // SAFETY: as many bytes as the value has, or fewer, go into it; the caller sets its pointers before anybody follows them.
    unsafe { core::ptr::copy_nonoverlapping(bytes.as_ptr(), (&raw mut value).cast(), bytes.len()) };
    Ok(value)
}

/// Bytes in memory of their own.
fn bytes(u: &mut Unstructured<'_>) -> Result<Box<[u8]>> {
    let len = u.int_in_range(0..=u.len().min(1500))?;
    Ok(u.bytes(len)?.into())
}

/// Room for so many of something, of any size.
fn room<T: Copy>(u: &mut Unstructured<'_>, most: usize) -> Result<Box<[T]>> {
    // SAFETY: as of `any`.
    let empty: T = unsafe { core::mem::zeroed() };
    Ok(vec![empty; u.int_in_range(0..=most)?].into())
}

/// Packets, and the bytes that they stand in.
fn packets(u: &mut Unstructured<'_>) -> Result<(Vec<Box<[u8]>>, Box<[PacketRecord]>)> {
    let all = (0..u.int_in_range(0..=3)?).map(|_| bytes(u)).collect::<Result<Vec<_>>>()?;
    let mut records = Vec::new();
    for of in &all {
        let mut record: PacketRecord = any(u)?;
        (record.bytes, record.captured) = (of.as_ptr(), of.len() as u32);
        record.link_type = *u.choose(&[1, 101, record.link_type])?;
        record.nanoseconds %= 1_000_000_000;
        records.push(record);
    }
    Ok((all, records.into()))
}

/// A packet in a buffer, or what says that it is one.
fn buffer(u: &mut Unstructured<'_>, of: &mut [u8]) -> Result<PacketRoom> {
    let start = u.int_in_range(0..=of.len() + 1)?;
    let length = u.int_in_range(0..=of.len().saturating_sub(start) + 1)?;
    Ok(PacketRoom { bytes: of.as_mut_ptr(), room: of.len(), start, length })
}

fn is_within(packet: &PacketRoom) -> bool {
    packet.start.checked_add(packet.length).is_some_and(|end| end <= packet.room)
}

impl Program {
    fn new() -> Self {
        // SAFETY: as of `any`; and the session is written whole.
        let mut session: BgpSession = unsafe { core::mem::zeroed() };
        // SAFETY: it points to one.
        unsafe { cc_bgp_session_assumed(&mut session) };
        // SAFETY: nobody is told of an error.
        let routes = unsafe { cc_flannel_routes_new(null_mut()) };
        Self { dissector: null_mut(), tunnel: null_mut(), decapsulator: null_mut(), routes, session }
    }

    /// Makes a call. What it says is looked at, since what is not looked at may be wrong.
    fn make(&mut self, call: Call, u: &mut Unstructured<'_>) -> Result<Status> {
        // SAFETY: as of `any`.
        let mut error: CodecError = unsafe { core::mem::zeroed() };
        let error = if u.arbitrary()? { &raw mut error } else { null_mut() };
        let status = match call {
            Call::Walk => {
                let (of, mut layers) = (bytes(u)?, room::<LayerPlace>(u, 20)?);
                let mut count = usize::MAX;
                let other = u.arbitrary()?;
                let link_type = *u.choose(&[1, 101, 113, 276, other])?;
                // SAFETY: all of it is there.
                let status = unsafe {
                    cc_walk(link_type, of.as_ptr(), of.len(), layers.as_mut_ptr(), layers.len(), &mut count, error)
                };
                for layer in layers.iter().take(count) {
                    assert!(layer.offset as usize + layer.length as usize <= of.len());
                    assert!(!cc_layer_name(layer.kind).is_null());
                }
                status
            }
            Call::WalkBatch => {
                let (_of, packets) = packets(u)?;
                let (mut layers, mut done) = (room::<LayerPlace>(u, 60)?, 0);
                let mut ends = vec![0; packets.len()].into_boxed_slice();
                let mut statuses = vec![Status::Ok; packets.len()].into_boxed_slice();
                // SAFETY: all of it is there.
                let status = unsafe {
                    cc_walk_batch(
                        packets.as_ptr(),
                        packets.len(),
                        layers.as_mut_ptr(),
                        layers.len(),
                        ends.as_mut_ptr(),
                        statuses.as_mut_ptr(),
                        &mut done,
                    )
                };
                assert!(done <= packets.len() && ends.iter().take(done).all(|end| *end <= layers.len()));
                status
            }
            Call::Outline => {
                let (of, packets) = packets(u)?;
                // SAFETY: as of `any`: its status is then `Ok`.
                let mut outlines = vec![unsafe { core::mem::zeroed::<Outline>() }; packets.len()].into_boxed_slice();
                // SAFETY: all of it is there.
                let status = unsafe { cc_outline_batch(packets.as_ptr(), packets.len(), outlines.as_mut_ptr()) };
                for (outline, bytes) in outlines.iter().zip(&of) {
                    for at in [outline.outer, outline.tunnel, outline.network, outline.transport] {
                        assert!(at == u32::MAX || (at as usize) <= bytes.len());
                    }
                }
                status
            }
            Call::NewDissector => {
                let fields = room::<u16>(u, 4)?.iter().map(|_| u.int_in_range(0..=600)).collect::<Result<Vec<_>>>()?;
                // SAFETY: it is of `cc_dissector_new`, or null, and replaced below.
                unsafe { cc_dissector_free(self.dissector) };
                // SAFETY: all of it is there.
                self.dissector = unsafe { cc_dissector_new(fields.as_ptr(), fields.len(), u.arbitrary()?, error) };
                Status::Ok
            }
            Call::Dissect => {
                let (of, packets) = packets(u)?;
                let values = room::<[u64; 2]>(u, 600)?.len();
                // SAFETY: as of `any`.
                let mut values = vec![unsafe { core::mem::zeroed() }; values].into_boxed_slice();
                let (mut text, mut ends, mut done) = (room::<u8>(u, 4000)?, vec![0; packets.len()], 0);
                let mut into = ValueRoom {
                    values: values.as_mut_ptr(),
                    values_room: values.len(),
                    values_count: 0,
                    text: text.as_mut_ptr(),
                    text_room: text.len(),
                    text_length: 0,
                    ends: ends.as_mut_ptr(),
                };
                // SAFETY: all of it is there; a null dissector is answered.
                let status =
                    unsafe { cc_dissect(self.dissector, packets.as_ptr(), packets.len(), &mut into, &mut done) };
                if status == Status::Ok {
                    assert!(
                        done == packets.len() && into.values_count <= values.len() && into.text_length <= text.len()
                    );
                }
                let all = ends.iter().take(done).scan(0, |from, end| Some(core::mem::replace(from, *end)..*end));
                for (range, of) in all.zip(&of) {
                    for value in &values[range] {
                        let end = value.number.saturating_add(value.length.into());
                        match value.place as u8 {
                            1 => assert!(end <= of.len() as u64),
                            2 => assert!(end <= text.len() as u64),
                            _ => {}
                        }
                    }
                }
                status
            }
            Call::Flow => {
                let (_of, packets) = packets(u)?;
                let mut statuses = vec![Status::Ok; packets.len()].into_boxed_slice();
                // SAFETY: as of `any`.
                let mut flows = vec![unsafe { core::mem::zeroed::<PacketFlow>() }; packets.len()].into_boxed_slice();
                let mut hashes = vec![0_u32; packets.len()].into_boxed_slice();
                let (count, from, told) = (packets.len(), packets.as_ptr(), statuses.as_mut_ptr());
                // SAFETY: all of it is there.
                unsafe { cc_flow_hash_batch(from, count, u.arbitrary()?, hashes.as_mut_ptr(), told) };
                // SAFETY: all of it is there.
                unsafe { cc_flow_of_batch(from, count, flows.as_mut_ptr(), told) }
            }
            Call::Checksum => {
                let pieces = (0..u.int_in_range(0..=3)?).map(|_| bytes(u)).collect::<Result<Vec<_>>>()?;
                let segments: Vec<_> =
                    pieces.iter().map(|piece| Segment { bytes: piece.as_ptr(), length: piece.len() }).collect();
                let (mut in_pieces, mut at_once, whole) = (0, 0, pieces.concat());
                // SAFETY: all of it is there.
                unsafe { cc_checksum(whole.as_ptr(), whole.len(), &mut at_once) };
                // SAFETY: all of it is there.
                let status = unsafe { cc_checksum_segments(segments.as_ptr(), segments.len(), &mut in_pieces) };
                assert_eq!(in_pieces, at_once);
                status
            }
            Call::Encapsulate => {
                if self.tunnel.is_null() || u.ratio(1, 4)? {
                    let mut config: TunnelConfig = any(u)?;
                    let options = bytes(u)?;
                    (config.options, config.options_length) = (options.as_ptr(), options.len());
                    config.source.family = *u.choose(&[4, 6, config.source.family])?;
                    config.destination.family = *u.choose(&[config.source.family, config.destination.family])?;
                    config.kind %= 6;
                    config.key = *u.choose(&[7, config.key])?;
                    config.flags &= *u.choose(&[0, u32::MAX])?;
                    // SAFETY: it is of `cc_tunnel_new`, or null, and replaced below.
                    unsafe { cc_tunnel_free(self.tunnel) };
                    // SAFETY: all of it is there.
                    self.tunnel = unsafe { cc_tunnel_new(&config, error) };
                }
                let (mut of, behind) = (bytes(u)?, bytes(u)?);
                let mut packet = buffer(u, &mut of)?;
                let others = [Segment { bytes: behind.as_ptr(), length: behind.len() }];
                let count = u.int_in_range(0..=1)?;
                // SAFETY: all of it is there; a null tunnel is answered.
                let status =
                    unsafe { cc_encapsulate_segments(self.tunnel, &mut packet, others.as_ptr(), count, error) };
                assert!(status != Status::Ok || is_within(&packet));
                status
            }
            Call::Decapsulate => {
                if self.decapsulator.is_null() || u.ratio(1, 4)? {
                    let mut config: DecapsulatorConfig = any(u)?;
                    let options = room::<u32>(u, 3)?;
                    (config.known_options, config.known_count) = (options.as_ptr(), options.len());
                    config.link_type = *u.choose(&[1, 101, config.link_type])?;
                    config.kind %= 6;
                    config.flags &= *u.choose(&[0, 0xff, u32::MAX])?;
                    (config.reading, config.checksum) = (config.reading % 4, config.checksum % 5);
                    (config.remote.family, config.local.family) = (*u.choose(&[0, 4, 6])?, *u.choose(&[0, 4, 6])?);
                    // SAFETY: it is of `cc_decapsulator_new`, or null, and replaced below.
                    unsafe { cc_decapsulator_free(self.decapsulator) };
                    // SAFETY: all of it is there.
                    self.decapsulator = unsafe { cc_decapsulator_new(&config, error) };
                }
                let (mut of, behind) = (bytes(u)?, bytes(u)?);
                let mut packet = buffer(u, &mut of)?;
                let others = [Segment { bytes: behind.as_ptr(), length: behind.len() }];
                let count = u.int_in_range(0..=1)?;
                let mut inner: InnerPacket = any(&mut Unstructured::new(&[]))?;
                // SAFETY: all of it is there; a null decapsulator is answered.
                let status = unsafe {
                    cc_decapsulate_segments(self.decapsulator, &mut packet, others.as_ptr(), count, &mut inner, error)
                };
                assert!(status != Status::Ok || is_within(&packet));
                status
            }
            Call::Rewrite => {
                let mut of = bytes(u)?;
                let (mut packet, mut changes, mut made) = (buffer(u, &mut of)?, any::<PacketChanges>(u)?, 0);
                changes.what &= 0x3fff;
                changes.source.family = *u.choose(&[4, 6, changes.source.family])?;
                changes.destination.family = *u.choose(&[4, 6, changes.destination.family])?;
                let link_type = *u.choose(&[1, 101, 7])?;
                // SAFETY: all of it is there.
                let status = unsafe { cc_rewrite(link_type, &mut packet, &changes, &mut made, error) };
                assert!(status != Status::Ok || is_within(&packet));
                status
            }
            Call::Route => {
                let (network, hop) = (u.arbitrary::<[u8; 4]>()?, u.arbitrary::<[u8; 4]>()?);
                let prefix_length = u.int_in_range(0..=33)?;
                if u.arbitrary()? {
                    // SAFETY: all of it is there.
                    unsafe { cc_flannel_routes_remove(self.routes, network.as_ptr(), prefix_length, error) }
                } else {
                    let (routes, port) = (self.routes, u.arbitrary()?);
                    // SAFETY: all of it is there.
                    unsafe { cc_flannel_routes_set(routes, network.as_ptr(), prefix_length, hop.as_ptr(), port, error) }
                }
            }
            Call::Flannel => {
                let (mut packet, mut reply) = (bytes(u)?, room::<u8>(u, 600)?);
                let (node, mut step) = (any::<FlannelNode>(u)?, any::<FlannelStep>(u)?);
                let (of, length, to, room) = (packet.as_mut_ptr(), packet.len(), reply.as_mut_ptr(), reply.len());
                // SAFETY: all of it is there.
                let status = unsafe { cc_flannel_forward(&node, self.routes, of, length, to, room, &mut step, error) };
                assert!(status != Status::Ok || step.answer_length <= reply.len());
                // SAFETY: all of it is there.
                unsafe { cc_flannel_deliver(&node, of, length, to, room, &mut step, error) }
            }
            Call::Leases => {
                let text = bytes(u)?;
                // SAFETY: all of it is there.
                let leases = unsafe { cc_flannel_leases_new(text.as_ptr(), text.len(), error) };
                let (address, mut lease) = (any::<IpAddress>(u)?, any::<FlannelLease>(u)?);
                // SAFETY: all of it is there; null leases are answered.
                unsafe {
                    cc_flannel_leases_routes(leases, self.routes);
                    cc_flannel_leases_refused(leases, 0, error);
                    cc_flannel_leases_of_node(leases, &address, &mut lease, error);
                    let status = cc_flannel_leases_behind(leases, &address, &mut lease, error);
                    cc_flannel_leases_free(leases);
                    status
                }
            }
            Call::BgpFrames => {
                let (stream, mut frames, mut count) = (bgp(u)?, room::<BgpFrame>(u, 8)?, 0);
                let (of, len, max_len) = (stream.as_ptr(), stream.len(), *u.choose(&[4096, 65_535, 19, 0])?);
                // SAFETY: all of it is there.
                let status =
                    unsafe { cc_bgp_frames(of, len, max_len, frames.as_mut_ptr(), frames.len(), &mut count, error) };
                for frame in frames.iter().take(count) {
                    assert!(frame.offset + frame.length as usize <= stream.len());
                }
                status
            }
            Call::BgpDecode => self.decode(u, error)?,
            Call::BgpMessages => {
                let (of, mut count) = (bgp(u)?, 0);
                let (mut capabilities, mut findings) = (room::<BgpCapability>(u, 8)?, room::<BgpFinding>(u, 8)?);
                let (message, len) = (of.as_ptr(), of.len());
                // SAFETY: all of it is there.
                unsafe {
                    let (to, room) = (capabilities.as_mut_ptr(), capabilities.len());
                    cc_bgp_open_read(message, len, &mut any(u)?, to, room, &mut count, error);
                    cc_bgp_notification_read(message, len, &mut any(u)?, error);
                    cc_bgp_refresh_read(&self.session, message, len, &mut any(u)?, error);
                    cc_bgp_findings(
                        &self.session,
                        message,
                        len,
                        findings.as_mut_ptr(),
                        findings.len(),
                        &mut count,
                        error,
                    )
                }
            }
            Call::BgpBuild => {
                let (mut to, mut written, parts) = (room::<u8>(u, 5000)?, 0, bytes(u)?);
                let (at, room) = (to.as_mut_ptr(), to.len());
                let words = room_of_words(u)?;
                let attributes =
                    (0..u.int_in_range(0..=4)?).map(|_| any::<BgpAttribute>(u)).collect::<Result<Vec<_>>>()?;
                let routes = (0..u.int_in_range(0..=4)?).map(|_| any::<BgpRoute>(u)).collect::<Result<Vec<_>>>()?;
                let (family, mut taken) = (any::<BgpFamily>(u)?, 0);
                // SAFETY: all of it is there.
                let status = unsafe {
                    let (of, count) = (attributes.as_ptr(), attributes.len());
                    let (words, words_len) = (words.as_ptr(), words.len());
                    let (bytes, len) = (parts.as_ptr(), parts.len());
                    cc_bgp_attributes_build(
                        &self.session,
                        of,
                        count,
                        words,
                        words_len,
                        bytes,
                        len,
                        at,
                        room,
                        &mut written,
                        error,
                    );
                    cc_bgp_open_build(&any(u)?, bytes, len, at, room, &mut written, error);
                    cc_bgp_notification_build(&any(u)?, bytes, len, 4096, at, room, &mut written, error);
                    cc_bgp_refresh_build(&self.session, &any(u)?, bytes, len, at, room, &mut written, error);
                    cc_bgp_end_of_rib_build(family, at, room, &mut written, error);
                    let (of, count) = (routes.as_ptr(), routes.len());
                    cc_bgp_withdraw(
                        &self.session,
                        family,
                        of,
                        count,
                        bytes,
                        len,
                        at,
                        room,
                        &mut taken,
                        &mut written,
                        error,
                    )
                };
                assert!(status != Status::Ok || written <= to.len() && taken <= routes.len());
                status
            }
            Call::Session => {
                if u.arbitrary()? {
                    self.session = any(u)?;
                    return Ok(Status::Ok);
                }
                let (ours, theirs) = (bgp(u)?, bgp(u)?);
                let (of, len) = (ours.as_ptr(), ours.len());
                // SAFETY: all of it is there.
                unsafe { cc_bgp_negotiate(of, len, theirs.as_ptr(), theirs.len(), &mut self.session, error) }
            }
            Call::Dumps => {
                let (of, mut count) = (bytes(u)?, 0);
                let (mut peers, mut entries, mut tlvs) =
                    (room::<MrtPeer>(u, 5)?, room::<MrtEntry>(u, 5)?, room::<BmpTlv>(u, 5)?);
                let (bytes, len) = (of.as_ptr(), of.len());
                let (mut mrt, mut bmp) =
                    (any::<MrtHead>(&mut Unstructured::new(&[]))?, any::<BmpHead>(&mut Unstructured::new(&[]))?);
                // SAFETY: all of it is there.
                unsafe {
                    if cc_mrt_next(bytes, len, &mut mrt, error) == Status::Ok {
                        assert!(mrt.length <= len && mrt.content_offset + mrt.content_length <= len);
                        cc_mrt_session(&mrt, &mut self.session);
                    }
                    cc_mrt_peers(bytes, len, peers.as_mut_ptr(), peers.len(), &mut count, error);
                    cc_mrt_entries(bytes, len, entries.as_mut_ptr(), entries.len(), &mut count, error);
                    cc_bmp_tlvs(bytes, len, tlvs.as_mut_ptr(), tlvs.len(), &mut count, error);
                    let status = cc_bmp_next(bytes, len, &mut bmp, error);
                    if status == Status::Ok {
                        assert!(bmp.length <= len && bmp.content_offset + bmp.content_length <= len);
                        cc_bmp_session(&bmp, &mut self.session);
                    }
                    status
                }
            }
        };
        if !error.is_null() && status != Status::Ok {
            // SAFETY: it points to one, whose texts end with a zero.
            let _ = unsafe { CStr::from_ptr((*error).text.as_ptr()) };
        }
        Ok(status)
    }

    fn decode(&self, u: &mut Unstructured<'_>, error: *mut CodecError) -> Result<Status> {
        let stream = bgp(u)?;
        let mut frames = vec![any::<BgpFrame>(&mut Unstructured::new(&[]))?; 4].into_boxed_slice();
        let mut count = 0;
        let (of, len) = (stream.as_ptr(), stream.len());
        // SAFETY: all of it is there.
        unsafe { cc_bgp_frames(of, len, 4096, frames.as_mut_ptr(), frames.len(), &mut count, null_mut()) };
        if u.ratio(1, 8)? {
            // What no framer says.
            count = frames.len();
            for frame in &mut frames {
                *frame = any(u)?;
            }
        }
        let (mut routes, mut attributes) = (room::<BgpRoute>(u, 300)?, room::<BgpAttribute>(u, 20)?);
        let (mut words, mut done) = (room::<u32>(u, 60)?, 0);
        // SAFETY: as of `any`: its action is then `Accept`.
        let mut updates = vec![unsafe { core::mem::zeroed::<BgpUpdate>() }; count].into_boxed_slice();
        let mut into = BgpRoom {
            routes: routes.as_mut_ptr(),
            routes_room: routes.len(),
            routes_count: 0,
            attributes: attributes.as_mut_ptr(),
            attributes_room: attributes.len(),
            attributes_count: 0,
            words: words.as_mut_ptr(),
            words_room: words.len(),
            words_count: 0,
        };
        let (session, from, to) = (&self.session, frames.as_ptr(), updates.as_mut_ptr());
        // SAFETY: all of it is there.
        let status = unsafe { cc_bgp_decode(session, of, len, from, to, count, &mut into, &mut done, error) };
        if status == Status::Ok {
            assert!(done == count && into.routes_count <= routes.len() && into.attributes_count <= attributes.len());
            for attribute in attributes.iter().take(into.attributes_count) {
                assert!((attribute.words_start + attribute.words_count) as usize <= words.len());
            }
        }
        // SAFETY: all of it is there.
        unsafe { cc_bgp_attributes_read(session, of, len, &mut into, null_mut()) };
        Ok(status)
    }
}

fn room_of_words(u: &mut Unstructured<'_>) -> Result<Vec<u32>> {
    (0..u.int_in_range(0..=8)?).map(|_| u.arbitrary()).collect()
}

/// A message of BGP, or what could be the beginning of one.
fn bgp(u: &mut Unstructured<'_>) -> Result<Box<[u8]>> {
    let body = bytes(u)?;
    if u.ratio(1, 8)? {
        return Ok(body);
    }
    let kind = u.int_in_range(0..=6)?;
    let mut message = vec![0xff; 16];
    message.extend((body.len() as u16 + 19).to_be_bytes());
    message.push(kind);
    message.extend(&body);
    Ok(message.into())
}

fn program(u: &mut Unstructured<'_>) -> Result<()> {
    let mut program = Program::new();
    while !u.is_empty() {
        let call = u.arbitrary()?;
        let status = program.make(call, u)?;
        assert!(status != Status::Internal, "{call:?}");
    }
    Ok(())
}

fuzz_target!(|data: &[u8]| {
    let _ = program(&mut Unstructured::new(data));
    // Null where nothing may be null is answered, whatever else is handed in.
    // SAFETY: nothing is handed in.
    let status = unsafe { cc_walk(1, null(), 1, null_mut(), 0, null_mut(), null_mut()) };
    assert_eq!(status, Status::Null);
});
