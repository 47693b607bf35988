//! Packets changed in place, and every checksum over the change with them.

use core::net::IpAddr;

use ether_ip::ethernet::EtherType;
use ether_ip::ip::Ecn;
use ether_ip::rewrite::{self, Rewriter};
use ether_ip::vlan::VlanHeader;
use ether_ip::{Error, Headroom, LayerName, PacketBuffer};

use crate::border::{answer, owned, place, places, shared, slice, slice_mut};
use crate::error::{CodecError, Status, Wrong};
use crate::memory::{IpAddress, PacketRoom, is_ethernet};

/// What is to be changed of a packet, and afterwards what was. Changes are a sum of these; any other bit is refused.
#[repr(u32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The source address.
    Source = 1,
    /// The destination address.
    Destination = 2,
    /// The source port; of an ICMP question or answer the identifier. A fragment that is not the first has none.
    SourcePort = 4,
    /// The destination port, likewise.
    DestinationPort = 8,
    /// One hop less to live. Not where it is the last one: the packet is to be dropped then (RFC 1812 §5.3.1).
    Hop = 16,
    /// The time to live, or hop limit.
    Ttl = 32,
    /// DSCP.
    Dscp = 64,
    /// ECN.
    Ecn = 128,
    /// The largest segment size that a TCP SYN offers, if it is larger.
    Mss = 256,
    /// A VLAN tag is put in front of all others: 4 bytes must be free in front of the frame.
    PushTag = 512,
    /// The first VLAN tag is taken off, if there is one.
    PopTag = 1024,
    /// The first VLAN tag gets another identifier, if there is one.
    SwapTag = 2048,
}

/// What a packet is to become.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PacketChanges {
    /// The new source address, of the packet's family.
    pub source: IpAddress,
    /// The new destination address, likewise.
    pub destination: IpAddress,
    /// What is to be changed: a sum of `cc_change`s. The others' values are of no account; of the three of tags one at most.
    pub what: u32,
    /// The new source port.
    pub source_port: u16,
    /// The new destination port.
    pub destination_port: u16,
    /// The largest segment size, in bytes.
    pub mss: u16,
    /// What announces a tag that is pushed: 0x8100, or 0x88a8 for a provider's.
    pub tpid: u16,
    /// The tag: priority in the upper 3 bits, then drop eligibility, then the identifier; of one that is swapped the lower 12 bits.
    pub tag: u16,
    /// The time to live, or hop limit.
    pub ttl: u8,
    /// DSCP, 0 to 63.
    pub dscp: u8,
    /// ECN: 0 not capable, 1 ECT(1), 2 ECT(0), 3 congestion experienced.
    pub ecn: u8,
    /// Nothing yet.
    pub reserved: [u8; 3],
}

/// Why a packet is not changed.
enum Refusal {
    Packet(Error),
    Asked { field: &'static str, value: u64, limit: u64 },
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Packet(error)
    }
}

impl Refusal {
    fn status(&self) -> Status {
        match self {
            Self::Packet(error) => Wrong::from(error).status,
            Self::Asked { .. } => Status::Argument,
        }
    }

    fn error(&self) -> CodecError {
        match *self {
            Self::Packet(ref error) => CodecError::of_layer(0, error, error),
            Self::Asked { field, value, limit } => CodecError::argument(field, value, limit),
        }
    }
}

/// The changes of tags.
const TAGS: u32 = Change::PushTag as u32 | Change::PopTag as u32 | Change::SwapTag as u32;
/// All that there are.
const ALL: u32 = 2 * Change::SwapTag as u32 - 1;

impl PacketChanges {
    fn has(&self, change: Change) -> bool {
        self.what & change as u32 != 0
    }

    /// Whether they are changes.
    fn check(&self, is_ethernet: bool) -> Result<(), Refusal> {
        let asked = |field, value: u32, limit| Err(Refusal::Asked { field, value: value.into(), limit });
        let possible = if is_ethernet { ALL } else { ALL & !TAGS };
        if self.what & !possible != 0 || (self.what & TAGS).count_ones() > 1 {
            return asked("what", self.what, possible.into());
        }
        if self.has(Change::PushTag) && !EtherType(self.tpid).is_vlan() {
            return asked("tpid", self.tpid.into(), EtherType::VLAN.0.into());
        }
        if self.has(Change::Dscp) && self.dscp > 63 {
            return asked("dscp", self.dscp.into(), 63);
        }
        if self.has(Change::Ecn) && self.ecn > 3 {
            return asked("ecn", self.ecn.into(), 3);
        }
        Ok(())
    }

    /// Makes the changes: which were made. All that can be wrong is found before the first is.
    fn make(&self, is_ethernet: bool, packet: &mut Headroom<'_>) -> Result<u32, Refusal> {
        self.check(is_ethernet)?;
        let (needed, available) = (4, packet.headroom());
        if self.has(Change::PushTag) && available < needed {
            return Err(Error::NoRoom { layer: LayerName::VLAN, needed, available }.into());
        }
        let of_ip = match self.what & !TAGS {
            0 => 0,
            _ if is_ethernet => self.make_in(&mut Rewriter::ethernet(packet.packet_mut())?)?,
            _ => self.make_in(&mut Rewriter::ip(packet.packet_mut())?)?,
        };
        Ok(of_ip | self.make_tag(packet)?)
    }

    fn make_in(&self, packet: &mut Rewriter<'_>) -> Result<u32, Refusal> {
        let family = if packet.flow().source.is_ipv4() { 4 } else { 6 };
        let source = self.address(Change::Source, &self.source, "family of source", family)?;
        let destination = self.address(Change::Destination, &self.destination, "family of destination", family)?;
        let mut made = 0;
        let mut note = |change: Change, is_made: bool| made |= if is_made { change as u32 } else { 0 };
        // First, since its options may be cut.
        if self.has(Change::Mss) {
            note(Change::Mss, packet.clamp_mss(self.mss)?.is_some());
        }
        if let Some(source) = source {
            packet.change_source(source)?;
            note(Change::Source, true);
        }
        if let Some(destination) = destination {
            packet.change_destination(destination)?;
            note(Change::Destination, true);
        }
        if self.has(Change::SourcePort) {
            note(Change::SourcePort, packet.change_source_port(self.source_port).is_some());
        }
        if self.has(Change::DestinationPort) {
            note(Change::DestinationPort, packet.change_destination_port(self.destination_port).is_some());
        }
        if self.has(Change::Ttl) {
            packet.change_ttl(self.ttl);
            note(Change::Ttl, true);
        }
        if self.has(Change::Hop) {
            note(Change::Hop, packet.ttl() > 1 && packet.decrement_ttl().is_some());
        }
        if self.has(Change::Dscp) {
            packet.change_dscp(self.dscp);
            note(Change::Dscp, true);
        }
        if self.has(Change::Ecn) {
            packet.change_ecn(Ecn::from_bits(self.ecn));
            note(Change::Ecn, true);
        }
        Ok(made)
    }

    /// The address that one is changed to, if it is.
    fn address(
        &self,
        change: Change,
        to: &IpAddress,
        field: &'static str,
        family: u8,
    ) -> Result<Option<IpAddr>, Refusal> {
        if !self.has(change) {
            return Ok(None);
        }
        let other = Refusal::Asked { field, value: to.family.into(), limit: family.into() };
        let address = to.ip(field).ok().filter(|_| to.family == family);
        address.map(Some).ok_or(other)
    }

    fn make_tag(&self, packet: &mut Headroom<'_>) -> Result<u32, Refusal> {
        let change = match self.what & TAGS {
            0 => return Ok(0),
            push if push == Change::PushTag as u32 => {
                rewrite::push_tag(packet, EtherType(self.tpid), self.vlan())?;
                return Ok(push);
            }
            other => other,
        };
        let is_made = match change == Change::PopTag as u32 {
            true => rewrite::pop_tag(packet)?.is_some(),
            false => rewrite::swap_tag(packet.packet_mut(), self.tag)?.is_some(),
        };
        Ok(if is_made { change } else { 0 })
    }

    fn vlan(&self) -> VlanHeader {
        // What it is on, the frame says.
        let mut tag = VlanHeader::new(self.tag, EtherType(0));
        tag.set_priority((self.tag >> 13) as u8);
        tag.set_drop_eligible(self.tag & 0x1000 != 0);
        tag
    }
}

/// Changes a packet of a link type (1 is Ethernet, with VLAN tags or without, 101 raw IP) in place: addresses, ports, hops, classes, a SYN's
/// segment size, and a tag; every checksum that covers a change is patched with it (RFC 1624). `made` gets which changes were made: what
/// the packet has not is not changed, such as the ports of a later fragment.
///
/// `CC_STATUS_ARGUMENT` names what goes with no such packet, `CC_STATUS_ROOM` is of a tag that has no room, `CC_STATUS_TRUNCATED` and
/// `CC_STATUS_MALFORMED` are of the headers, `CC_STATUS_NULL` of a null pointer; only `error` may be null. Nothing is changed then. Any
/// number of threads may call it, each with a packet of its own. Nothing is allocated.
///
/// # Safety
/// `packet` points to a buffer that is there, and that nobody else uses; `changes` points to changes, `made` to a number, `error` is null
/// or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_rewrite(
    link_type: u32,
    packet: *mut PacketRoom,
    changes: *const PacketChanges,
    made: *mut u32,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the packet.
        let packet = unsafe { owned(packet) }?;
        // SAFETY: the caller's promise of the buffer.
        let mut opened = unsafe { packet.open() }?;
        // SAFETY: the caller's promise of the changes.
        let changes = unsafe { shared(changes) }?;
        // SAFETY: the caller's promise of the number.
        let made = unsafe { place(made) }?;
        let is_ethernet = is_ethernet(link_type)?;
        made.write(changes.make(is_ethernet, &mut opened).map_err(|refusal| refusal.error())?);
        packet.close(&opened);
        Ok(())
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

/// Changes many packets, as `cc_rewrite` does, each in its own way, and says of each which changes were made, and how that ended; where it
/// was not well, none was made. `CC_STATUS_NULL` and `CC_STATUS_ARGUMENT`, of another link type, are of the call, and nothing is written
/// then. Any number of threads may call it, each with packets of its own.
///
/// # Safety
/// `packets` points to `count` buffers that are there, no two of them the same, and that nobody else uses; `changes` points to as many
/// changes, `made` and `statuses` to room for as many.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_rewrite_batch(
    link_type: u32,
    packets: *mut PacketRoom,
    changes: *const PacketChanges,
    count: usize,
    made: *mut u32,
    statuses: *mut Status,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the packets.
        let packets = unsafe { slice_mut(packets, count) }?;
        // SAFETY: the caller's promise of the changes.
        let changes = unsafe { slice(changes, count) }?;
        // SAFETY: the caller's promise of the numbers.
        let made = unsafe { slice_mut(made, count) }?;
        // SAFETY: the caller's promise of the statuses.
        let statuses = unsafe { places(statuses, count) }?;
        let is_ethernet = is_ethernet(link_type)?;
        for (((packet, changes), made), status) in packets.iter_mut().zip(changes).zip(made).zip(statuses) {
            // SAFETY: the caller's promise of the buffer.
            let opened = unsafe { packet.open() }.map_err(|error| error.status);
            let changed = opened.and_then(|mut opened| {
                let made = changes.make(is_ethernet, &mut opened).map_err(|refusal| refusal.status())?;
                packet.close(&opened);
                Ok(made)
            });
            *made = changed.unwrap_or(0);
            status.write(changed.err().unwrap_or(Status::Ok));
        }
        Ok(())
    };
    // SAFETY: nobody is told but by the status.
    unsafe { answer(core::ptr::null_mut(), work) }
}
