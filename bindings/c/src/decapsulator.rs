//! Tunnels, in: what an outer packet must be, and where in it the inner one stands.

use core::mem::MaybeUninit;
use core::net::{IpAddr, Ipv4Addr};
use core::ops::Range;

use ether_ip::ecn;
use ether_ip::ethernet::EtherType;
use ether_ip::ip::{Ecn, IpProtocol};
use ether_ip::ip_tunnel::IpDecapsulator;
use ether_ip::outer::{OuterChecksum, OuterError};
use ether_ip::rewrite::Flow;
use ether_ip::vni::Vni;
use ether_ip::{Error, LayerName};
use geneve_codec::OptionClass;
use vxlan_codec::Reading;

use crate::border::{Outcome, answer, make, owned, place, places, shared, slice, slice_mut, take_back};
use crate::error::{CodecError, Status};
use crate::memory::{IpAddress, PacketRoom, Segment, is_ethernet};
use crate::segments::{Behind, Shortened};
use crate::tunnel::{Refusal, TunnelKind};

/// How VXLAN's flags are read.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VxlanReading {
    /// I is set, and reserved bits are ignored (RFC 7348 §5).
    Rfc7348 = 0,
    /// As Linux does it: I is set, and no other bit outside the VNI.
    Linux = 1,
    /// As Linux does it with Group Policy.
    LinuxGroup = 2,
}

/// How outer checksums are taken: the IPv4 header's, and UDP's.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OuterSums {
    /// As the tunnel's RFC has it: of Geneve they are verified (RFC 8926 §3.3), of others they are not looked at (RFC 7348 §5).
    ByKind = 0,
    /// They are not looked at: the network card has done so.
    Ignored = 1,
    /// They must be right; UDP's may be 0 over IPv4 (RFC 8200 §8.1).
    Verified = 2,
    /// They must be right; UDP's may be 0 over IPv6 too (RFC 6935).
    VerifiedOrZero = 3,
}

/// What a decapsulator does beside what all do. The flags of a configuration are a sum of these; any other bit is refused.
#[repr(u32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecapsulatorFlag {
    /// It takes packets of one VNI, or GRE key, alone: `key`.
    Key = 1,
    /// It takes packets from `remote` to `local` alone.
    Ends = 2,
    /// It takes VXLAN's inner frames with VLAN tags in RFC 7348's reading too (§6.1).
    Tagged = 4,
    /// It takes Geneve packets with any option: the caller drops those with a critical one that he does not know (RFC 8926 §3.5).
    AnyOption = 8,
    /// It leaves the inner packet's ECN as it is.
    LeavesEcn = 16,
}

/// What an outer packet must be. Of what is 0 the default is taken.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct DecapsulatorConfig {
    /// The tunnel's other end, if `CC_DECAPSULATOR_FLAG_ENDS` is set.
    pub remote: IpAddress,
    /// Its own, likewise.
    pub local: IpAddress,
    /// Geneve's options that the caller knows: class, and type with the critical bit as the lower 8 bits. They are copied. A packet with any
    /// other critical one is refused (RFC 8926 §3.5).
    pub known_options: *const u32,
    /// How many.
    pub known_count: usize,
    /// What packets begin with: 1 is Ethernet, 101 raw IP.
    pub link_type: u32,
    /// What holds: a sum of `cc_decapsulator_flag`s.
    pub flags: u32,
    /// The VNI or the key, if `CC_DECAPSULATOR_FLAG_KEY` is set.
    pub key: u32,
    /// The UDP port; 0 is 4789 of VXLAN and 6081 of Geneve.
    pub port: u16,
    /// What is around a packet: a `cc_tunnel_kind`.
    pub kind: u8,
    /// How VXLAN's flags are read: a `cc_vxlan_reading`.
    pub reading: u8,
    /// How outer checksums are taken: an `cc_outer_sums`.
    pub checksum: u8,
    /// Nothing yet.
    pub reserved: [u8; 7],
}

/// What holds of a packet that was taken apart.
#[repr(u16)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InnerFlag {
    /// It has a key: a VNI, or GRE's.
    Key = 1,
    /// It has a sequence number, of GRE.
    Sequence = 2,
    /// It has a group, of VXLAN's Group Policy.
    Group = 4,
    /// Group Policy's D.
    GroupDontLearn = 8,
    /// Group Policy's A.
    GroupApplied = 16,
    /// Geneve's O: a control packet, which is not for the inner network (RFC 8926 §3.4).
    Control = 32,
    /// Geneve's C: it has critical options.
    Critical = 64,
    /// Outer and inner mark are none that RFC 6040 §4.2 expects: worth telling.
    OddEcn = 128,
}

/// What a packet held. Offsets are from the first byte of the outer packet as it was given.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InnerPacket {
    /// The outer source: the tunnel's other end.
    pub source: IpAddress,
    /// The outer destination: the own end, or a group.
    pub destination: IpAddress,
    /// Where the inner packet begins.
    pub offset: u32,
    /// How long it is.
    pub length: u32,
    /// Where the outer IP packet begins.
    pub outer_offset: u32,
    /// How long it says it is.
    pub outer_length: u32,
    /// Where Geneve's options begin.
    pub options_offset: u32,
    /// How long they are.
    pub options_length: u32,
    /// The VNI, or the key of GRE.
    pub key: u32,
    /// The sequence number of GRE.
    pub sequence: u32,
    /// What is inside, as an EtherType: 0x6558 is Ethernet, 0x0800 IPv4, 0x86dd IPv6.
    pub inner_type: u16,
    /// The outer UDP source port; 0 where there is no UDP.
    pub source_port: u16,
    /// The group of VXLAN's Group Policy.
    pub group: u16,
    /// What holds: a sum of `cc_inner_flag`s.
    pub flags: u16,
    /// The outer traffic class, DSCP and ECN.
    pub traffic_class: u8,
    /// The inner packet's ECN as it leaves the tunnel: 0 not capable, 1 ECT(1), 2 ECT(0), 3 congestion experienced; 0 of what is no IP.
    pub ecn: u8,
    /// Nothing yet.
    pub reserved: [u8; 6],
}

/// What takes a tunnel's packets apart. It does not change, and any number of threads may use it.
#[derive(Debug)]
pub struct Decapsulator {
    kind: Kind,
    is_ethernet: bool,
    ends: Option<(IpAddress, IpAddress)>,
    leaves_ecn: bool,
    /// Whether checksums over what is carried are looked at.
    reads_sums: bool,
}

#[derive(Debug)]
enum Kind {
    Vxlan(vxlan_codec::Decapsulator),
    /// And the options that are known; `None` if the caller looks at them.
    Geneve(geneve_codec::Decapsulator<'static>, Option<Vec<(OptionClass, u8)>>),
    Ip(IpDecapsulator),
    Gre(IpDecapsulator, Option<u32>),
}

impl DecapsulatorConfig {
    fn has(&self, flag: DecapsulatorFlag) -> bool {
        self.flags & flag as u32 != 0
    }

    fn vni(&self) -> Outcome<Option<Vni>> {
        if !self.has(DecapsulatorFlag::Key) {
            return Ok(None);
        }
        Vni::new(self.key).map(Some).map_err(|_| CodecError::argument("key", self.key, Vni::MAX.get().into()))
    }

    /// How checksums are taken, or `None` for the kind's own way.
    fn sums(&self) -> Outcome<Option<OuterChecksum>> {
        Ok(match self.checksum {
            0 => None,
            1 => Some(OuterChecksum::Ignored),
            2 => Some(OuterChecksum::Verified),
            3 => Some(OuterChecksum::VerifiedOrZero),
            other => return Err(CodecError::argument("checksum", other, 3)),
        })
    }

    /// The flags that go with this kind.
    fn possible_flags(kind: TunnelKind) -> u32 {
        let shared = [DecapsulatorFlag::Ends, DecapsulatorFlag::LeavesEcn];
        let own: &[DecapsulatorFlag] = match kind {
            TunnelKind::Vxlan => &[DecapsulatorFlag::Key, DecapsulatorFlag::Tagged],
            TunnelKind::Geneve => &[DecapsulatorFlag::Key, DecapsulatorFlag::AnyOption],
            TunnelKind::Ip => &[],
            TunnelKind::Gre => &[DecapsulatorFlag::Key],
        };
        shared.iter().chain(own).fold(0, |all, flag| all | *flag as u32)
    }

    fn decapsulator(&self, known: &[u32]) -> Outcome<Decapsulator> {
        let kind = TunnelKind::of(self.kind)?;
        let possible = Self::possible_flags(kind);
        if self.flags & !possible != 0 {
            return Err(CodecError::argument("flags", self.flags, possible.into()));
        }
        let reads_sums = match (kind, self.sums()?) {
            (TunnelKind::Vxlan, None) | (TunnelKind::Vxlan | TunnelKind::Geneve, Some(OuterChecksum::Ignored)) => false,
            // GRE's is verified always.
            _ => true,
        };
        let kind = match kind {
            TunnelKind::Vxlan => Kind::Vxlan(self.vxlan()?),
            TunnelKind::Geneve => self.geneve(known)?,
            TunnelKind::Ip => Kind::Ip(self.ip()?),
            TunnelKind::Gre => Kind::Gre(self.ip()?, self.has(DecapsulatorFlag::Key).then_some(self.key)),
        };
        let ends = match self.has(DecapsulatorFlag::Ends) {
            true => Some((self.remote.ip("remote")?.into(), self.local.ip("local")?.into())),
            false => None,
        };
        let leaves_ecn = self.has(DecapsulatorFlag::LeavesEcn);
        Ok(Decapsulator { kind, is_ethernet: is_ethernet(self.link_type)?, ends, leaves_ecn, reads_sums })
    }

    fn vxlan(&self) -> Outcome<vxlan_codec::Decapsulator> {
        let mut of = vxlan_codec::Decapsulator::new();
        if self.port != 0 {
            of = of.port(self.port);
        }
        if let Some(vni) = self.vni()? {
            of = of.vni(vni);
        }
        if let Some(checksum) = self.sums()? {
            of = of.checksum(checksum);
        }
        if self.has(DecapsulatorFlag::Tagged) {
            of = of.tagged();
        }
        Ok(of.reading(match self.reading {
            0 => Reading::Rfc7348,
            1 => Reading::Linux,
            2 => Reading::LinuxGroupPolicy,
            other => return Err(CodecError::argument("reading", other, 2)),
        }))
    }

    fn geneve(&self, known: &[u32]) -> Outcome<Kind> {
        let mut of = geneve_codec::Decapsulator::new();
        if self.port != 0 {
            of = of.port(self.port);
        }
        if let Some(vni) = self.vni()? {
            of = of.vni(vni);
        }
        if let Some(checksum) = self.sums()? {
            of = of.checksum(checksum);
        }
        let option = |&number: &u32| match number.to_be_bytes() {
            [0, high, low, kind] => Ok((OptionClass(u16::from_be_bytes([high, low])), kind)),
            _ => Err(CodecError::argument("known_options", number, 0x00ff_ffff)),
        };
        let known = match self.has(DecapsulatorFlag::AnyOption) {
            true => None,
            false => Some(known.iter().map(option).collect::<Outcome<_>>()?),
        };
        Ok(Kind::Geneve(of, known))
    }

    fn ip(&self) -> Outcome<IpDecapsulator> {
        Ok(IpDecapsulator::new().checksum(self.sums()?.unwrap_or_default()))
    }
}

impl Decapsulator {
    /// Takes a packet apart, of which `bytes` are all or the first piece, and leaves the outer mark in the inner packet.
    fn decapsulate(&self, bytes: &mut [u8], shortened: Option<&Shortened>) -> Result<InnerPacket, Refusal> {
        let mut found = self.find(bytes)?;
        if self.ends.is_some_and(|ends| ends != (found.source, found.destination)) {
            return Err(other_ends(&found));
        }
        if let Some(shortened) = shortened {
            self.lengthen(&mut found, shortened)?;
        }
        if !self.leaves_ecn {
            self.leave(bytes, &mut found)?;
        }
        Ok(found)
    }

    /// The same of a packet in several pieces.
    fn decapsulate_before(&self, bytes: &mut [u8], behind: &Behind<'_>) -> Result<InnerPacket, Refusal> {
        let shortened = behind.shorten(bytes, self.is_ethernet, self.reads_sums)?;
        let found = self.decapsulate(bytes, shortened.as_ref());
        if let Some(shortened) = shortened {
            shortened.undo(bytes);
        }
        found
    }

    /// What is in the other pieces comes behind what was found. Where the inner packet's own length was looked at, it must have been all.
    fn lengthen(&self, found: &mut InnerPacket, shortened: &Shortened) -> Result<(), Refusal> {
        let is_ip = matches!(EtherType(found.inner_type), EtherType::IPV4 | EtherType::IPV6);
        let available = found.length as usize;
        if is_ip && matches!(self.kind, Kind::Ip(_) | Kind::Gre(..)) {
            let needed = available.saturating_add(shortened.by_upper);
            return Err(Error::Truncated { layer: LayerName::IP, needed, available }.into());
        }
        found.length = available.saturating_add(shortened.by_upper) as u32;
        found.outer_length = (found.outer_length as usize).saturating_add(shortened.by) as u32;
        Ok(())
    }

    fn find(&self, bytes: &[u8]) -> Result<InnerPacket, Refusal> {
        match &self.kind {
            Kind::Vxlan(of) => {
                let found = if self.is_ethernet { of.decapsulate(bytes) } else { of.decapsulate_ip(bytes) }?;
                Ok(of_vxlan(&found))
            }
            Kind::Geneve(of, known) => {
                let of = known.as_ref().map_or(of.any_option(), |known| of.known(known));
                let found = if self.is_ethernet { of.decapsulate(bytes) } else { of.decapsulate_ip(bytes) }?;
                Ok(of_geneve(&found))
            }
            Kind::Ip(of) => self.find_ip(of, bytes, false),
            Kind::Gre(of, key) => {
                let found = self.find_ip(of, bytes, true)?;
                match key {
                    Some(key) if found.flags & InnerFlag::Key as u16 == 0 || found.key != *key => {
                        Err(Refusal::OtherKey(found.key))
                    }
                    _ => Ok(found),
                }
            }
        }
    }

    fn find_ip(&self, of: &IpDecapsulator, bytes: &[u8], is_gre: bool) -> Result<InnerPacket, Refusal> {
        let found = if self.is_ethernet { of.decapsulate(bytes) } else { of.decapsulate_ip(bytes) }?;
        let protocol = Flow::of(bytes.get(found.outer.clone()).unwrap_or_default())?.protocol;
        if (protocol == IpProtocol::GRE) != is_gre {
            return Err(OuterError::OtherProtocol { protocol }.into());
        }
        Ok(of_ip(&found))
    }

    /// RFC 6040 §4.2.
    fn leave(&self, bytes: &mut [u8], found: &mut InnerPacket) -> Result<(), Refusal> {
        let (start, outer) = (found.offset as usize, Ecn::from_bits(found.traffic_class));
        let end = start.saturating_add(found.length as usize).min(bytes.len());
        let inner = bytes.get_mut(start..end).unwrap_or_default();
        let left = match EtherType(found.inner_type) {
            EtherType::TRANSPARENT_ETHERNET => ecn::leave_frame(inner, outer),
            EtherType::IPV4 | EtherType::IPV6 => ecn::leave_ip(inner, outer),
            _ => return Ok(()),
        };
        let left = left.ok_or(Refusal::Congested)?;
        found.ecn = left.ecn as u8;
        if left.is_odd {
            found.flags |= InnerFlag::OddEcn as u16;
        }
        Ok(())
    }
}

#[cold]
fn other_ends(found: &InnerPacket) -> Refusal {
    // They are of a packet, and so they are addresses.
    let address = |of: &IpAddress| of.ip("").unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let (source_address, destination) = (address(&found.source), address(&found.destination));
    OuterError::OtherEnds { source_address, destination }.into()
}

/// A flag, if something holds.
fn flag(holds: bool, flag: InnerFlag) -> u16 {
    if holds { flag as u16 } else { 0 }
}

/// Where things are in a packet.
fn between(inner: &Range<usize>, outer: &Range<usize>, (source, destination): (IpAddr, IpAddr)) -> InnerPacket {
    InnerPacket {
        source: source.into(),
        destination: destination.into(),
        offset: inner.start as u32,
        length: inner.len() as u32,
        outer_offset: outer.start as u32,
        outer_length: outer.len() as u32,
        ..InnerPacket::default()
    }
}

fn of_vxlan(found: &vxlan_codec::Decapsulated) -> InnerPacket {
    let policy = found.header.group_policy();
    let has = |of: fn(&vxlan_codec::GroupPolicy) -> bool| policy.as_ref().is_some_and(of);
    InnerPacket {
        key: found.header.vni().get(),
        inner_type: EtherType::TRANSPARENT_ETHERNET.0,
        source_port: found.source_port,
        group: policy.map_or(0, |policy| policy.id),
        flags: InnerFlag::Key as u16
            | flag(policy.is_some(), InnerFlag::Group)
            | flag(has(|policy| policy.dont_learn), InnerFlag::GroupDontLearn)
            | flag(has(|policy| policy.applied), InnerFlag::GroupApplied),
        traffic_class: found.traffic_class,
        ..between(&found.inner, &found.outer, (found.source, found.destination))
    }
}

fn of_geneve(found: &geneve_codec::Decapsulated) -> InnerPacket {
    InnerPacket {
        options_offset: found.options.start as u32,
        options_length: found.options.len() as u32,
        key: found.header.vni().get(),
        inner_type: found.header.protocol_type().0,
        source_port: found.source_port,
        flags: InnerFlag::Key as u16
            | flag(found.header.is_oam(), InnerFlag::Control)
            | flag(found.header.has_critical_options(), InnerFlag::Critical),
        traffic_class: found.traffic_class,
        ..between(&found.inner, &found.outer, (found.source, found.destination))
    }
}

fn of_ip(found: &ether_ip::ip_tunnel::Decapsulated) -> InnerPacket {
    InnerPacket {
        key: found.key.unwrap_or(0),
        sequence: found.sequence.unwrap_or(0),
        inner_type: found.protocol_type.0,
        flags: flag(found.key.is_some(), InnerFlag::Key) | flag(found.sequence.is_some(), InnerFlag::Sequence),
        traffic_class: found.traffic_class,
        ..between(&found.inner, &found.outer, (found.source, found.destination))
    }
}

/// Makes a decapsulator. Null, with the reason in `error`, if the configuration is none: `CC_STATUS_ARGUMENT` names the field. What it gives
/// goes to `cc_decapsulator_free`. Any number of threads may call it.
///
/// # Safety
/// `config` points to a configuration, whose known options are there; `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_decapsulator_new(
    config: *const DecapsulatorConfig,
    error: *mut CodecError,
) -> *mut Decapsulator {
    let work = || {
        // SAFETY: the caller's promise of the configuration.
        let config = unsafe { shared(config) }?;
        // SAFETY: the caller's promise of the options.
        let known = unsafe { slice(config.known_options, config.known_count) }?;
        config.decapsulator(known)
    };
    // SAFETY: the caller's promise of the error.
    unsafe { make(error, work) }
}

/// Frees a decapsulator; of null nothing. By one thread, once no other uses it.
///
/// # Safety
/// `decapsulator` is null, or of `cc_decapsulator_new` and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_decapsulator_free(decapsulator: *mut Decapsulator) {
    // SAFETY: the caller's promise.
    unsafe { take_back(decapsulator) };
}

/// Takes a packet apart, in place: `packet` is the inner one then, with the outer mark left in it (RFC 6040 §4.2), and `inner` says what
/// was around it.
///
/// `CC_STATUS_NOT_OURS`, `CC_STATUS_REFUSED`, `CC_STATUS_CHECKSUM` and `CC_STATUS_CONGESTED` say why it is none, or is to be dropped,
/// `CC_STATUS_TRUNCATED` and `CC_STATUS_MALFORMED` what is wrong with its headers, `CC_STATUS_NULL` is of a null pointer; only `error` may
/// be null. Nothing is changed then. Any number of threads may call it, each with a packet of its own. Nothing is allocated.
///
/// # Safety
/// `decapsulator` is of `cc_decapsulator_new` and not freed; `packet` points to a buffer that is there, and that nobody else uses; `inner`
/// points to room for what is found, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_decapsulate(
    decapsulator: *const Decapsulator,
    packet: *mut PacketRoom,
    inner: *mut InnerPacket,
    error: *mut CodecError,
) -> Status {
    // SAFETY: the caller's promise; there are no more pieces.
    unsafe { cc_decapsulate_segments(decapsulator, packet, core::ptr::null(), 0, inner, error) }
}

/// The same of a packet in several pieces, of which `packet` is the first and holds the outer headers, and of the inner ones as far as IP:
/// no piece is moved, and none but the first is written. The others are read only where a checksum over what is carried is looked at.
/// `packet` is what the first piece holds of the inner packet then; where the outer one ends in the others is `inner`'s to tell.
///
/// IP in IP, and IP in GRE, must be all in the first piece, or it is `CC_STATUS_TRUNCATED`: its own length is looked at. A piece of null
/// that is not empty is `CC_STATUS_NULL`, too. Any number of threads may call it.
///
/// # Safety
/// As `cc_decapsulate`'s; `others` points to `count` pieces, whose bytes are there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_decapsulate_segments(
    decapsulator: *const Decapsulator,
    packet: *mut PacketRoom,
    others: *const Segment,
    count: usize,
    inner: *mut InnerPacket,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the decapsulator.
        let decapsulator = unsafe { shared(decapsulator) }?;
        // SAFETY: the caller's promise of the packet.
        let packet = unsafe { owned(packet) }?;
        // SAFETY: the caller's promise of the buffer.
        let mut opened = unsafe { packet.open() }?;
        // SAFETY: the caller's promise of the other pieces.
        let others = unsafe { slice(others, count) }?;
        // SAFETY: the caller's promise of the room.
        let inner = unsafe { place(inner) }?;
        // SAFETY: the caller's promise of the other pieces' bytes.
        let behind = unsafe { Behind::new(others) }?;
        let found = match others {
            [] => decapsulator.decapsulate(opened.packet_mut(), None),
            _ => decapsulator.decapsulate_before(opened.packet_mut(), &behind),
        };
        put(packet, inner, found.map_err(|refusal| refusal.error())?);
        Ok(())
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

/// Takes many packets apart, as `cc_decapsulate` does, and says of each how that ended; where that was not well, nothing else is written of
/// it. `CC_STATUS_NULL` if a pointer is null, and nothing is written then. Any number of threads may call it, each with packets of its own.
///
/// # Safety
/// `decapsulator` is of `cc_decapsulator_new` and not freed; `packets` points to `count` buffers that are there, no two of them the same,
/// and that nobody else uses; `inner` and `statuses` point to room for as many.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_decapsulate_batch(
    decapsulator: *const Decapsulator,
    packets: *mut PacketRoom,
    count: usize,
    inner: *mut InnerPacket,
    statuses: *mut Status,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the decapsulator.
        let decapsulator = unsafe { shared(decapsulator) }?;
        // SAFETY: the caller's promise of the packets.
        let packets = unsafe { slice_mut(packets, count) }?;
        // SAFETY: the caller's promise of the room.
        let inner = unsafe { places(inner, count) }?;
        // SAFETY: the caller's promise of the statuses.
        let statuses = unsafe { places(statuses, count) }?;
        for ((packet, inner), status) in packets.iter_mut().zip(inner).zip(statuses) {
            // SAFETY: the caller's promise of the buffer.
            let opened = unsafe { packet.open() };
            status.write(match opened {
                Ok(mut opened) => match decapsulator.decapsulate(opened.packet_mut(), None) {
                    Ok(found) => {
                        put(packet, inner, found);
                        Status::Ok
                    }
                    Err(refusal) => refusal.status(),
                },
                Err(error) => error.status,
            });
        }
        Ok(())
    };
    // SAFETY: nobody is told but by the status.
    unsafe { answer(core::ptr::null_mut(), work) }
}

/// The packet is the inner one.
fn put(packet: &mut PacketRoom, to: &mut MaybeUninit<InnerPacket>, found: InnerPacket) {
    let offset = found.offset as usize;
    packet.start = packet.start.saturating_add(offset);
    // In the first of several pieces there is less than all.
    packet.length = packet.length.saturating_sub(offset).min(found.length as usize);
    to.write(found);
}
