//! Services and their pods, and who talks to which of them.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use crate::Address;

/// Where somebody is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct End {
    /// Its address.
    pub address: Address,
    /// Its port.
    pub port: u32,
    /// TCP or UDP, by IP's number.
    pub protocol: u32,
}

/// Which pods a service has: so many, one behind the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Service {
    /// The number of the first.
    pub first: u32,
    /// How many there are.
    pub count: u32,
}

/// Where a packet goes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C, align(8))]
pub struct Hop {
    /// Ethernet's addresses, the destination first, as they stand in a frame.
    pub addresses: [[u8; 6]; 2],
    /// The device that it goes out by.
    pub device: u32,
}

/// What a rewrite adds to checksums, as `ether_ip::rewrite::Rewrite::changes` has it, in the order in which bytes stand in a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Changes {
    /// The address, to one that is over it.
    pub address: u16,
    /// And the port.
    pub port: u16,
}

/// Cilium's option of IPv4 has 8 bytes, and its header of IPv6 24.
pub const MAX_DSR: usize = 24;

/// A pod, as one of those that answer for a service: one that answers for two is there twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Pod {
    /// The end that clients know.
    pub service: End,
    /// The pod's own.
    pub pod: End,
    /// The way to it.
    pub hop: Hop,
    /// The longest IP packet on that way.
    pub mtu: u32,
    /// What is added to checksums when the service's end becomes the pod's, and the other way round.
    pub to_pod: Changes,
    /// See above.
    pub to_service: Changes,
    /// What tells the pod's node the service's end, if the pod answers clients itself: as Cilium writes it, but for the number of what follows
    /// IPv6's header.
    pub dsr: [u8; MAX_DSR],
    /// How many bytes of that there are: none if answers come back this way.
    pub dsr_len: u16,
    /// What they and their length add to the checksum of IPv4's header, as above.
    pub dsr_change: u16,
}

/// Who talks to which pod: a flow as it is between the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Talk {
    /// Who asks.
    pub client: Address,
    /// Who answers.
    pub pod: Address,
    /// The client's port, and the pod's.
    pub ports: [u16; 2],
    /// TCP or UDP, by IP's number.
    pub protocol: u32,
}

/// Whom a client talks to, and the way back to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Client {
    /// Where the client's packets came from.
    pub hop: Hop,
    /// The number of the pod.
    pub pod: u32,
    /// Nothing.
    pub unused: u32,
}

/// What becomes of a packet: there is a counter of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Turn {
    /// A client's went to a pod.
    ToPod,
    /// A pod's went back to a client.
    FromPod,
    /// An error went to whom it is about.
    Error,
    /// The kernel got it, as it was.
    Passed,
    /// It was turned, and the kernel refused what was to be done then: there was no room for Cilium's option.
    Dropped,
}

impl Turn {
    /// All of them, in the order of the counters.
    pub const ALL: [Self; 5] = [Self::ToPod, Self::FromPod, Self::Error, Self::Passed, Self::Dropped];
}

/// They are values of aya's maps: plain numbers without padding, as `IntoBytes` proves, and `FromBytes` that any bytes are one.
#[cfg(feature = "user")]
mod values {
    use super::{Client, End, Pod, Service, Talk};

    // SAFETY: as above.
    unsafe impl aya::Pod for End {}
    // SAFETY: as above.
    unsafe impl aya::Pod for Service {}
    // SAFETY: as above.
    unsafe impl aya::Pod for Pod {}
    // SAFETY: as above.
    unsafe impl aya::Pod for Talk {}
    // SAFETY: as above.
    unsafe impl aya::Pod for Client {}
}
