//! The step of flannel's UDP backend: routes by prefix, and what a node does with a packet.

use core::net::{Ipv4Addr, SocketAddrV4};

use flannel_udp_codec::{Answer, Forwarding, LongestPrefix, Node, Reason, Style, SubnetRoute, ipnet::Ipv4Net};

use crate::border::{Outcome, answer, make, owned, place, shared, slice_mut, take_back};
use crate::error::{CodecError, Status};

/// Pod networks and the nodes behind which they are: the narrowest that holds an address wins.
#[derive(Debug)]
pub struct FlannelRoutes(LongestPrefix);

impl FlannelRoutes {
    /// Adds a route, or takes the place of the one to the same network.
    pub(crate) fn set(&mut self, route: SubnetRoute) {
        self.0.set(route);
    }
}

/// A node of flannel. Of what is 0 the default is taken, which is what flannel's proxy does.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct FlannelNode {
    /// The address that its ICMP answers come from.
    pub address: [u8; 4],
    /// The tunnel's MTU, over which a packet that may not be fragmented is answered; 0: it is not looked at.
    pub mtu: u16,
    /// How ICMP answers look: a `cc_flannel_style`.
    pub style: u8,
    /// Not 0: a packet whose hops are used up is answered.
    pub time_exceeded: u8,
    /// Not 0: the IPv4 header's checksum is verified.
    pub checksum: u8,
    /// Nothing yet.
    pub reserved: [u8; 3],
}

/// How ICMP answers look.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlannelStyle {
    /// As flannel's proxy has them: the header and 8 bytes quoted, a time to live of 8.
    Flannel = 0,
    /// As RFC 1812 §4.3.2 has them: as much quoted as 576 bytes hold.
    Rfc1812 = 1,
}

/// What becomes of a packet.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlannelOutcome {
    /// It is sent to the next hop, with a hop less to live.
    Send = 0,
    /// It is delivered to the pods, with a hop less to live.
    Deliver = 1,
    /// It is dropped.
    Drop = 2,
    /// It is dropped, and its sender is answered.
    Answer = 3,
}

/// Why a packet is dropped, or answered.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlannelReason {
    /// It is not.
    None = 0,
    /// It is no whole IPv4 packet.
    Malformed = 1,
    /// Its checksum is wrong.
    Checksum = 2,
    /// No network holds its destination.
    NoRoute = 3,
    /// Its hops are used up.
    TtlExpired = 4,
    /// It is longer than the tunnel's MTU, and may not be fragmented.
    TooLong = 5,
}

/// The step that was taken.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlannelStep {
    /// How long the answer is: an IPv4 packet to the sender.
    pub answer_length: usize,
    /// The node that the packet is sent to.
    pub next_hop: [u8; 4],
    /// Its UDP port.
    pub port: u16,
    /// What becomes of the packet: a `cc_flannel_outcome`.
    pub outcome: u8,
    /// Why it is dropped or answered: a `cc_flannel_reason`.
    pub reason: u8,
}

/// The largest answer, in bytes (RFC 1812 §4.3.2.3).
pub const CC_FLANNEL_MAX_ANSWER: usize = 576;
const _: () = assert!(CC_FLANNEL_MAX_ANSWER == flannel_udp_codec::MAX_ANSWER);

impl FlannelNode {
    fn node(&self) -> Outcome<Node> {
        let style = match self.style {
            0 => Style::Flannel,
            1 => Style::Rfc1812,
            other => return Err(CodecError::argument("style", other, 1)),
        };
        let node = Node::new(self.address.into()).style(style).time_exceeded(self.time_exceeded != 0);
        let node = node.checksum(self.checksum != 0);
        Ok(if self.mtu == 0 { node } else { node.mtu(self.mtu) })
    }
}

/// An empty table of routes. Null, with the reason in `error`, only if the library fails. What it gives goes to `cc_flannel_routes_free`.
/// Any number of threads may call it.
///
/// # Safety
/// `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_flannel_routes_new(error: *mut CodecError) -> *mut FlannelRoutes {
    // SAFETY: the caller's promise of the error.
    unsafe { make(error, || Ok(FlannelRoutes(LongestPrefix::new()))) }
}

/// Frees a table; of null nothing. By one thread, once no other uses it.
///
/// # Safety
/// `routes` is null, or of `cc_flannel_routes_new` and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_flannel_routes_free(routes: *mut FlannelRoutes) {
    // SAFETY: the caller's promise.
    unsafe { take_back(routes) };
}

/// How many routes there are; 0 of null. Any number of threads may call it while nobody changes the table.
///
/// # Safety
/// `routes` is null, or of `cc_flannel_routes_new`, not freed, and not changed meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_flannel_routes_count(routes: *const FlannelRoutes) -> usize {
    // SAFETY: the caller's promise.
    unsafe { shared(routes) }.map_or(0, |routes| routes.0.len())
}

/// Adds a route to a network, or gives it another next hop. Bits of the network behind its prefix are of no account. `CC_STATUS_ARGUMENT` of
/// a prefix over 32, `CC_STATUS_NULL` of a null pointer; only `error` may be null.
///
/// # Safety
/// `routes` is of `cc_flannel_routes_new` and not freed, and nobody else uses it; `network` and `next_hop` point to 4 bytes, as they stand
/// in a packet; `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_flannel_routes_set(
    routes: *mut FlannelRoutes,
    network: *const u8,
    prefix_length: u8,
    next_hop: *const u8,
    port: u16,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the routes.
        let routes = unsafe { owned(routes) }?;
        // SAFETY: the caller's promise of the network.
        let network = unsafe { shared(network.cast::<[u8; 4]>()) }?;
        // SAFETY: the caller's promise of the next hop.
        let next_hop = unsafe { shared(next_hop.cast::<[u8; 4]>()) }?;
        let to = SocketAddrV4::new(Ipv4Addr::from(*next_hop), port);
        routes.0.set(SubnetRoute::new(subnet(*network, prefix_length)?, to));
        Ok(())
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

/// Takes the route to a network away. `CC_STATUS_END` if there is none, `CC_STATUS_ARGUMENT` of a prefix over 32, `CC_STATUS_NULL` of a null
/// pointer; only `error` may be null. One thread at a time may change a table, and no other may use it meanwhile.
///
/// # Safety
/// As `cc_flannel_routes_set`'s.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_flannel_routes_remove(
    routes: *mut FlannelRoutes,
    network: *const u8,
    prefix_length: u8,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the routes.
        let routes = unsafe { owned(routes) }?;
        // SAFETY: the caller's promise of the network.
        let network = unsafe { shared(network.cast::<[u8; 4]>()) }?;
        let none = || CodecError::new(Status::End, "there is no route to that network");
        routes.0.remove(subnet(*network, prefix_length)?).map(drop).ok_or_else(none)
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

fn subnet(network: [u8; 4], prefix_length: u8) -> Outcome<Ipv4Net> {
    Ipv4Net::new(network.into(), prefix_length).map_err(|_| CodecError::argument("prefix_length", prefix_length, 32))
}

/// Takes the step with a packet that comes from the pods: finds its way, and takes a hop off it, in place. Whatever becomes of it, `step` says
/// so and the call ends well.
///
/// An answer is written to `room` bytes at `reply`, for which `CC_FLANNEL_MAX_ANSWER` are enough: `CC_STATUS_ROOM` if it does not fit, with
/// how much it needs. `CC_STATUS_ARGUMENT` of a style that is none, `CC_STATUS_NULL` of a null pointer; only `error` may be null. Any number
/// of threads may call it while nobody changes the routes, each with a packet of its own. Nothing is allocated.
///
/// # Safety
/// `node` points to a node; `routes` is of `cc_flannel_routes_new` and not freed; `packet` points to `length` bytes, `reply` to `room`, and
/// nobody else uses either; `step` points to a step, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_flannel_forward(
    node: *const FlannelNode,
    routes: *const FlannelRoutes,
    packet: *mut u8,
    length: usize,
    reply: *mut u8,
    room: usize,
    step: *mut FlannelStep,
    error: *mut CodecError,
) -> Status {
    let take = |node: &Node, packet: &mut [u8]| {
        // SAFETY: the caller's promise of the routes.
        let routes = unsafe { shared(routes) }?;
        Ok(node.forward(packet, &mut &routes.0))
    };
    // SAFETY: the caller's promise.
    unsafe { step_with(node, (packet, length), (reply, room), step, error, take) }
}

/// The same with a packet that comes out of the tunnel, which is delivered to the pods. Any number of threads may call it.
///
/// # Safety
/// As `cc_flannel_forward`'s.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_flannel_deliver(
    node: *const FlannelNode,
    packet: *mut u8,
    length: usize,
    reply: *mut u8,
    room: usize,
    step: *mut FlannelStep,
    error: *mut CodecError,
) -> Status {
    let take = |node: &Node, packet: &mut [u8]| Ok(node.deliver(packet));
    // SAFETY: the caller's promise.
    unsafe { step_with(node, (packet, length), (reply, room), step, error, take) }
}

/// A step, whichever it is.
///
/// # Safety
/// As `cc_flannel_forward`'s, but for the routes.
unsafe fn step_with(
    node: *const FlannelNode,
    (packet, length): (*mut u8, usize),
    (reply, room): (*mut u8, usize),
    step: *mut FlannelStep,
    error: *mut CodecError,
    take: impl Fn(&Node, &mut [u8]) -> Outcome<Forwarding>,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the node.
        let node = unsafe { shared(node) }?.node()?;
        // SAFETY: the caller's promise of the packet.
        let packet = unsafe { slice_mut(packet, length) }?;
        // SAFETY: the caller's promise of the room.
        let reply = unsafe { slice_mut(reply, room) }?;
        // SAFETY: the caller's promise of the step.
        let step = unsafe { place(step) }?;
        let taken = take(&node, packet)?;
        step.write(told(&taken, packet, reply)?);
        Ok(())
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

fn told(taken: &Forwarding, packet: &[u8], reply: &mut [u8]) -> Outcome<FlannelStep> {
    let step = |outcome: FlannelOutcome, reason: FlannelReason| FlannelStep {
        answer_length: 0,
        next_hop: [0; 4],
        port: 0,
        outcome: outcome as u8,
        reason: reason as u8,
    };
    Ok(match taken {
        Forwarding::Send(to) => FlannelStep {
            next_hop: to.ip().octets(),
            port: to.port(),
            ..step(FlannelOutcome::Send, FlannelReason::None)
        },
        Forwarding::Deliver => step(FlannelOutcome::Deliver, FlannelReason::None),
        Forwarding::Drop(reason) => step(FlannelOutcome::Drop, why(reason)),
        Forwarding::Answer(answer) => FlannelStep {
            answer_length: write(answer, packet, reply)?,
            ..step(FlannelOutcome::Answer, why(&answer.reason))
        },
    })
}

fn write(answer: &Answer, packet: &[u8], reply: &mut [u8]) -> Outcome<usize> {
    let written = answer.write(packet, reply);
    written.map(|answer| answer.len()).map_err(|error| CodecError::of_layer(0, &error, error))
}

fn why(reason: &Reason) -> FlannelReason {
    match reason {
        Reason::Checksum { .. } => FlannelReason::Checksum,
        Reason::NoRoute { .. } => FlannelReason::NoRoute,
        Reason::TtlExpired { .. } => FlannelReason::TtlExpired,
        Reason::TooLong { .. } => FlannelReason::TooLong,
        _ => FlannelReason::Malformed,
    }
}
