//! Flows: what a packet's is known by, and its hash.

use core::mem::MaybeUninit;

use ether_ip::ethernet::EthernetFrame;
use ether_ip::flow;
use ether_ip::ip::{Version, version};
use ether_ip::ipv4::Ipv4Packet;
use ether_ip::ipv6::Ipv6Packet;
use ether_ip::ipv6_extension::Extension;
use ether_ip::rewrite::{Flow, Ports};
use ether_ip::vlan::VlanTags;
use ether_ip::{Error, LayerName, Rule};

use crate::border::{answer, place, places, slice};
use crate::capture::PacketRecord;
use crate::error::{CodecError, Status, Wrong};
use crate::memory::{IpAddress, is_ethernet};

/// What a packet's flow is known by.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PacketFlow {
    /// Where it comes from.
    pub source: IpAddress,
    /// Where it goes; with a route in the packet, the next stop.
    pub destination: IpAddress,
    /// What all fragments of the packet have in common, of 16 bits over IPv4 and 32 over IPv6; 0 of no fragment.
    pub identification: u32,
    /// The sender's port; of an ICMP question or answer the identifier; else 0.
    pub source_port: u16,
    /// The receiver's port; else 0.
    pub destination_port: u16,
    /// The upper layer's protocol, behind IPv6's extension headers.
    pub protocol: u8,
    /// What holds of it: a sum of `cc_flow_flag`s.
    pub flags: u8,
    /// Nothing yet.
    pub reserved: [u8; 2],
}

/// What can hold of a flow.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowFlag {
    /// There are ports.
    Ports = 1,
    /// There is the identifier of an ICMP question or answer (RFC 3022 §2.2), where the source port stands.
    Identifier = 2,
    /// The packet is a fragment.
    Fragment = 4,
    /// The packet is a fragment that is not the first: its ports are in another packet.
    LaterFragment = 8,
}

/// The flow of a packet of a link type (1 is Ethernet, with VLAN tags or without, 101 raw IP). Of the innermost it is, where `cc_walk` says
/// that this begins. Only the headers need be there.
///
/// `CC_STATUS_TRUNCATED` and `CC_STATUS_MALFORMED` as the headers have it, `CC_STATUS_NOT_OURS` if the frame carries no IP,
/// `CC_STATUS_ARGUMENT` of another link type, `CC_STATUS_NULL` of a null pointer; only `error` may be null. Any number of threads may call
/// it. Nothing is allocated.
///
/// # Safety
/// `bytes` points to `length` bytes, `flow` to a flow, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_flow_of(
    link_type: u32,
    bytes: *const u8,
    length: usize,
    flow: *mut PacketFlow,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the bytes.
        let bytes = unsafe { slice(bytes, length) }?;
        // SAFETY: the caller's promise of the flow.
        let to = unsafe { place(flow) }?;
        let (at, flow) = flow_of(is_ethernet(link_type)?, bytes);
        to.write(flow.map_err(|error| CodecError::of_layer(at, &error, error))?);
        Ok(())
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

/// The flows of many packets, as `cc_flow_of` has it, and for each how it ended; where that was not well, its flow is not written.
/// `CC_STATUS_NULL` if a pointer is null, and nothing is written then. Any number of threads may call it.
///
/// # Safety
/// `packets` points to `count` packets, whose bytes are there; `flows` and `statuses` point to room for as many.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_flow_of_batch(
    packets: *const PacketRecord,
    count: usize,
    flows: *mut PacketFlow,
    statuses: *mut Status,
) -> Status {
    let one = |link_type, bytes: &[u8], to: &mut MaybeUninit<PacketFlow>| {
        let Ok(is_ethernet) = is_ethernet(link_type) else { return Status::Argument };
        match flow_of(is_ethernet, bytes).1 {
            Ok(flow) => {
                to.write(flow);
                Status::Ok
            }
            Err(error) => Wrong::from(&error).status,
        }
    };
    // SAFETY: the caller's promise.
    unsafe { each(packets, count, flows, statuses, one) }
}

/// The hash of a packet's flow, of which a tunnel makes its source port (RFC 7348 §5): over addresses, protocol and ports, without the
/// ports of fragments, and over the MAC addresses and EtherType of what is no IP. Any bytes have one. It is the same on every machine, and
/// no secret. With `is_symmetric` not 0 it is the same for both directions of a flow. `CC_STATUS_ARGUMENT` of another link type than 1,
/// Ethernet, and 101, raw IP, `CC_STATUS_NULL` of a null pointer. Any number of threads may call it.
///
/// # Safety
/// `bytes` points to `length` bytes, `hash` to a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_flow_hash(
    link_type: u32,
    bytes: *const u8,
    length: usize,
    is_symmetric: u8,
    hash: *mut u32,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the bytes.
        let bytes = unsafe { slice(bytes, length) }?;
        // SAFETY: the caller's promise of the number.
        let to = unsafe { place(hash) }?;
        to.write(hash_of(is_ethernet(link_type)?, is_symmetric != 0, bytes));
        Ok(())
    };
    // SAFETY: nobody is told but by the status.
    unsafe { answer(core::ptr::null_mut(), work) }
}

/// The hashes of many packets' flows, and for each how it ended. `CC_STATUS_NULL` if a pointer is null, and nothing is written then. Any
/// number of threads may call it.
///
/// # Safety
/// `packets` points to `count` packets, whose bytes are there; `hashes` and `statuses` point to room for as many.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_flow_hash_batch(
    packets: *const PacketRecord,
    count: usize,
    is_symmetric: u8,
    hashes: *mut u32,
    statuses: *mut Status,
) -> Status {
    let one = |link_type, bytes: &[u8], to: &mut MaybeUninit<u32>| {
        let Ok(is_ethernet) = is_ethernet(link_type) else { return Status::Argument };
        to.write(hash_of(is_ethernet, is_symmetric != 0, bytes));
        Status::Ok
    };
    // SAFETY: the caller's promise.
    unsafe { each(packets, count, hashes, statuses, one) }
}

/// Works out something of each packet.
///
/// # Safety
/// `packets` points to `count` packets, whose bytes are there; `results` and `statuses` point to room for as many.
unsafe fn each<T>(
    packets: *const PacketRecord,
    count: usize,
    results: *mut T,
    statuses: *mut Status,
    one: impl Fn(u32, &[u8], &mut MaybeUninit<T>) -> Status,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the packets.
        let packets = unsafe { slice(packets, count) }?;
        // SAFETY: the caller's promise of the results.
        let results = unsafe { places(results, count) }?;
        // SAFETY: the caller's promise of the statuses.
        let statuses = unsafe { places(statuses, count) }?;
        for ((packet, result), status) in packets.iter().zip(results).zip(statuses) {
            // SAFETY: the caller's promise of each packet's bytes.
            let bytes = unsafe { slice(packet.bytes, packet.captured as usize) };
            status.write(bytes.map_or(Status::Null, |bytes| one(packet.link_type, bytes, result)));
        }
        Ok(())
    };
    // SAFETY: nobody is told but by the status.
    unsafe { answer(core::ptr::null_mut(), work) }
}

fn hash_of(is_ethernet: bool, is_symmetric: bool, bytes: &[u8]) -> u32 {
    match (is_ethernet, is_symmetric) {
        (true, false) => flow::entropy(bytes),
        (true, true) => flow::symmetric_entropy(bytes),
        (false, false) => flow::ip_entropy(bytes),
        (false, true) => flow::symmetric_ip_entropy(bytes),
    }
}

/// The flow of a packet, and where its IP header begins, or what is wrong in front of that.
fn flow_of(is_ethernet: bool, bytes: &[u8]) -> (usize, Result<PacketFlow, Error>) {
    let packet = match is_ethernet {
        true => ip_in(bytes),
        false => Ok(bytes),
    };
    match packet {
        Ok(packet) => (bytes.len().saturating_sub(packet.len()), of_ip(packet)),
        Err(error) => (0, Err(error)),
    }
}

/// The IP packet in a frame.
pub(crate) fn ip_in(frame: &[u8]) -> Result<&[u8], Error> {
    let frame = EthernetFrame::parse(frame)?;
    let tags = VlanTags::parse(frame.ether_type(), frame.into_payload())?;
    match tags.ether_type().0 {
        0x0800 | 0x86dd => Ok(tags.into_payload()),
        other => Err(Error::OtherLayer {
            layer: LayerName::ETHERNET,
            field: "EtherType",
            value: other.into(),
            rule: Rule::Either(0x0800, 0x86dd),
        }),
    }
}

fn of_ip(packet: &[u8]) -> Result<PacketFlow, Error> {
    let flow = Flow::of(packet)?;
    let (source_port, destination_port, has) = match flow.ports {
        Ports::Pair { source, destination } => (source, destination, FlowFlag::Ports as u8),
        Ports::Identifier(identifier) => (identifier, 0, FlowFlag::Identifier as u8),
        Ports::None => (0, 0, 0),
    };
    let fragment = fragment_of(packet)?;
    let is = match fragment {
        None => 0,
        Some((_, 0)) => FlowFlag::Fragment as u8,
        Some(_) => FlowFlag::Fragment as u8 | FlowFlag::LaterFragment as u8,
    };
    Ok(PacketFlow {
        source: flow.source.into(),
        destination: flow.destination.into(),
        identification: fragment.map_or(0, |(identification, _)| identification),
        source_port,
        destination_port,
        protocol: flow.protocol.0,
        flags: has | is,
        reserved: [0; 2],
    })
}

/// The identification of a fragment, and its offset.
fn fragment_of(packet: &[u8]) -> Result<Option<(u32, usize)>, Error> {
    if version(packet)? == Version::V4 {
        let ip = Ipv4Packet::parse_lax(packet)?;
        return Ok(ip.is_fragment().then(|| (ip.identification().into(), ip.fragment_offset())));
    }
    let ip = Ipv6Packet::parse_lax(packet)?;
    let fragments = ip.extensions().map_while(Result::ok).filter_map(|extension| match extension {
        Extension::Fragment(fragment) if !fragment.is_atomic() => {
            Some((fragment.identification(), fragment.fragment_offset()))
        }
        _ => None,
    });
    Ok({ fragments }.next())
}
