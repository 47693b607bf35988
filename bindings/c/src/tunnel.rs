//! Tunnels, out: outer headers that are worked out once a remote, and pushed in front of packets where these stand.

use core::sync::atomic::{AtomicU32, Ordering};

use ether_ip::ecn::ClassMode;
use ether_ip::ethernet::{EtherType, MacAddr};
use ether_ip::gre::Gre;
use ether_ip::ip_tunnel::{GreTemplate, IpTemplate};
use ether_ip::outer::{Outer, OuterError, SourcePorts};
use ether_ip::vni::Vni;
use ether_ip::{Headroom, PacketBuffer};
use geneve_codec::{GeneveTemplate, GeneveTunnel};
use vxlan_codec::{GroupPolicy, VxlanTemplate, VxlanTunnel};

use crate::border::{Outcome, answer, make, owned, places, shared, slice, slice_mut, take_back};
use crate::error::{CodecError, Status, Wrong};
use crate::memory::{IpAddress, PacketRoom, Segment};
use crate::segments::Behind;

/// What is around a packet. Functions take its number, and refuse one that is not here.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TunnelKind {
    /// VXLAN (RFC 7348), with or without Group Policy; inside is Ethernet.
    Vxlan = 1,
    /// Geneve (RFC 8926), with or without options.
    Geneve = 2,
    /// IP in IP, either version in either (RFC 2003, RFC 2473, RFC 4213).
    Ip = 3,
    /// GRE in IP (RFC 2784, RFC 2890).
    Gre = 4,
}

impl TunnelKind {
    /// The kind of a number.
    pub(crate) fn of(kind: u8) -> Outcome<Self> {
        Ok(match kind {
            1 => Self::Vxlan,
            2 => Self::Geneve,
            3 => Self::Ip,
            4 => Self::Gre,
            other => return Err(CodecError::argument("kind", other, 4)),
        })
    }
}

/// What an outer traffic class takes from the inner one.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClassPolicy {
    /// Nothing: the tunnel's DSCP, not ECN-capable (RFC 6040 §4.1, compatibility mode).
    Fixed = 0,
    /// ECN (RFC 6040 §4.1, normal mode); DSCP is the tunnel's (RFC 2983, pipe model).
    CopyEcn = 1,
    /// ECN and DSCP (RFC 2983, uniform model).
    CopyAll = 2,
}

/// Whether an outer UDP checksum is computed.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChecksumPolicy {
    /// Over IPv6 (RFC 8200 §8.1), not over IPv4 (RFC 7348 §5).
    ByFamily = 0,
    /// It is.
    Computed = 1,
    /// It is 0, which over IPv6 needs a receiver that agreed (RFC 6935).
    Zero = 2,
}

/// What a tunnel has beside what all have. The flags of a configuration are a sum of these; any other bit is refused.
#[repr(u32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TunnelFlag {
    /// An outer Ethernet header, with the two MAC addresses. Without it packets begin with IP, as a raw socket takes them.
    Ethernet = 1,
    /// Group Policy with `group`, of VXLAN.
    Group = 2,
    /// Group Policy's D: the receiver is not to learn the sender's address.
    GroupDontLearn = 4,
    /// Group Policy's A: the policy was applied already.
    GroupApplied = 8,
    /// A key, of GRE (RFC 2890 §2.1).
    Key = 16,
    /// Sequence numbers, of GRE, from 0 on, counted by the tunnel (RFC 2890 §2.2). What fails after all uses one up.
    Sequence = 32,
    /// A checksum over all that GRE carries (RFC 2784 §2.5).
    GreChecksum = 64,
    /// Outer IPv4 packets may be fragmented. Without it they may not (RFC 7348 §4.3).
    MayFragment = 128,
    /// An IPv6 flow label for each inner flow (RFC 6438 §3), in the place of `flow_label`.
    LabelByFlow = 256,
    /// Source port and label that are the same for both directions of an inner flow.
    Symmetric = 512,
}

/// A tunnel to one remote. Of what is 0 the default is taken, so that `{.kind = …, .source = …, .destination = …}` is a whole one.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct TunnelConfig {
    /// The outer source.
    pub source: IpAddress,
    /// The outer destination, of the same family.
    pub destination: IpAddress,
    /// Geneve's options, as they stand in a packet: up to 252 bytes, a multiple of 4. They are copied.
    pub options: *const u8,
    /// How many bytes of them.
    pub options_length: usize,
    /// What holds: a sum of `cc_tunnel_flag`s.
    pub flags: u32,
    /// The VNI of VXLAN and Geneve, of 24 bits; the key of GRE.
    pub key: u32,
    /// The flow label of outer IPv6, of 20 bits.
    pub flow_label: u32,
    /// The UDP port it goes to; 0 is 4789 of VXLAN and 6081 of Geneve.
    pub port: u16,
    /// The least UDP source port. Both 0: 49152 to 65535 (RFC 7348 §5).
    pub first_source_port: u16,
    /// The largest.
    pub last_source_port: u16,
    /// The group of VXLAN's Group Policy.
    pub group: u16,
    /// What is inside, of Geneve and GRE: an EtherType; 0 is 0x6558, Ethernet.
    pub inner_type: u16,
    /// The MAC address it comes from.
    pub source_mac: [u8; 6],
    /// The MAC address it goes to.
    pub destination_mac: [u8; 6],
    /// What is around a packet: a `cc_tunnel_kind`.
    pub kind: u8,
    /// Time to live, or hop limit; 0 is 64.
    pub ttl: u8,
    /// DSCP, 0 to 63.
    pub dscp: u8,
    /// What is taken from the inner traffic class: a `cc_class_policy`.
    pub class_policy: u8,
    /// The outer UDP checksum: a `cc_checksum_policy`.
    pub checksum: u8,
    /// Nothing yet.
    pub reserved: [u8; 5],
}

/// The outer headers of a tunnel to one remote. It does not change, but for the sequence number, and any number of threads may use it.
#[derive(Debug)]
pub struct Tunnel {
    template: Template,
    /// How many bytes stand in front of the outer IP header.
    link_length: usize,
    /// Whether Ethernet is inside.
    carries_ethernet: bool,
}

#[derive(Debug)]
enum Template {
    Vxlan(VxlanTemplate),
    Geneve(Box<GeneveTemplate>),
    Ip(IpTemplate),
    Gre(GreTemplate, Option<AtomicU32>),
}

/// Why a packet does not go through a tunnel.
#[derive(Debug)]
pub(crate) enum Refusal {
    Packet(ether_ip::Error),
    Outer(OuterError),
    Vxlan(vxlan_codec::Error),
    Geneve(geneve_codec::Error),
    /// RFC 6040 §4.2.
    Congested,
    /// GRE's key is another.
    OtherKey(u32),
}

impl From<ether_ip::Error> for Refusal {
    fn from(error: ether_ip::Error) -> Self {
        Self::Packet(error)
    }
}

impl From<OuterError> for Refusal {
    fn from(error: OuterError) -> Self {
        match error {
            OuterError::Packet(error) => Self::Packet(error),
            error => Self::Outer(error),
        }
    }
}

impl From<vxlan_codec::Error> for Refusal {
    fn from(error: vxlan_codec::Error) -> Self {
        match error {
            vxlan_codec::Error::Packet(error) => Self::Packet(error),
            vxlan_codec::Error::Outer(error) => Self::Outer(error),
            error => Self::Vxlan(error),
        }
    }
}

impl From<geneve_codec::Error> for Refusal {
    fn from(error: geneve_codec::Error) -> Self {
        match error {
            geneve_codec::Error::Packet(error) => Self::Packet(error),
            geneve_codec::Error::Outer(error) => Self::Outer(error),
            error => Self::Geneve(error),
        }
    }
}

impl Refusal {
    /// How a packet's call ended, which costs no words.
    pub(crate) fn status(&self) -> Status {
        self.wrong().status
    }

    fn wrong(&self) -> Wrong {
        let of = |status, layer, field, value: u64, limit: u64| Wrong { status, layer, field, value, limit };
        match *self {
            Self::Packet(ref error) => error.into(),
            Self::Outer(ref error) => of_outer(error),
            Self::Congested => of(Status::Congested, "IP", "ECN", 0, 0),
            Self::OtherKey(key) => of(Status::NotOurs, "GRE", "key", key.into(), 0),
            Self::Vxlan(ref error) => match *error {
                vxlan_codec::Error::OtherVni { vni, expected } => {
                    of(Status::NotOurs, "VXLAN", "VNI", vni.get().into(), expected.get().into())
                }
                vxlan_codec::Error::NoVni { flags } => of(Status::Malformed, "VXLAN", "I flag", flags.into(), 1),
                vxlan_codec::Error::ReservedBits { flags, .. } => {
                    of(Status::Refused, "VXLAN", "flags", flags.into(), 0)
                }
                vxlan_codec::Error::InnerVlan { ether_type } => {
                    of(Status::Refused, "VXLAN", "EtherType of the inner frame", ether_type.0.into(), 0)
                }
                _ => of(Status::Refused, "VXLAN", "", 0, 0),
            },
            Self::Geneve(ref error) => match *error {
                geneve_codec::Error::OtherVni { vni, expected } => {
                    of(Status::NotOurs, "Geneve", "VNI", vni.get().into(), expected.get().into())
                }
                geneve_codec::Error::UnknownCritical { class, kind } => {
                    of(Status::Refused, "Geneve option", "type", u64::from(class.0) << 8 | u64::from(kind), 0)
                }
                _ => of(Status::Refused, "Geneve", "", 0, 0),
            },
        }
    }

    pub(crate) fn error(&self) -> CodecError {
        let wrong = self.wrong();
        match self {
            Self::Packet(error) => CodecError::of_wrong(wrong, error),
            Self::Outer(error) => CodecError::of_wrong(wrong, error),
            Self::Vxlan(error) => CodecError::of_wrong(wrong, error),
            Self::Geneve(error) => CodecError::of_wrong(wrong, error),
            Self::Congested => CodecError::of_wrong(
                wrong,
                "the outer packet met congestion, which the inner one cannot be marked with",
            ),
            Self::OtherKey(key) => {
                CodecError::of_wrong(wrong, format_args!("not this tunnel's: the key of GRE is {key}"))
            }
        }
    }
}

fn of_outer(error: &OuterError) -> Wrong {
    let (status, layer, field, value, limit) = match *error {
        OuterError::Packet(ref error) => return error.into(),
        OuterError::NotIp { ether_type } => (Status::NotOurs, "Ethernet", "EtherType", ether_type.0, 0),
        OuterError::OtherProtocol { protocol } => (Status::NotOurs, "IP", "protocol", protocol.0.into(), 0),
        OuterError::OtherPort { port, expected } => (Status::NotOurs, "UDP", "destination port", port, expected),
        OuterError::OtherEnds { .. } => (Status::NotOurs, "IP", "addresses", 0, 0),
        OuterError::Fragment => (Status::Refused, "IP", "fragment", 0, 0),
        OuterError::EnRoute { segments_left } => {
            (Status::Refused, "IPv6 routing header", "segments left", segments_left.into(), 0)
        }
        OuterError::UnknownOption { kind } => (Status::Refused, "IPv6 option", "type", kind.0.into(), 0),
        OuterError::Checksum { layer, checksum } => (Status::Checksum, layer.name(), "checksum", checksum, 0),
        _ => (Status::Refused, "IP", "", 0, 0),
    };
    Wrong { status, layer, field, value: value.into(), limit: limit.into() }
}

impl TunnelConfig {
    /// Whether a flag is set.
    fn has(&self, flag: TunnelFlag) -> bool {
        self.flags & flag as u32 != 0
    }

    fn outer(&self) -> Outcome<Outer> {
        let (source, destination) = (self.source.ip("source")?, self.destination.ip("destination")?);
        let unlike =
            || CodecError::argument("family of destination", self.destination.family, self.source.family.into());
        let mut outer = Outer::ip(source, destination)
            .ok_or_else(unlike)?
            .ttl(if self.ttl == 0 { 64 } else { self.ttl })
            .traffic_class(at_most("dscp", self.dscp.into(), 63)? as u8 * 4)
            .class_mode(self.class_mode()?)
            .flow_label(at_most("flow_label", self.flow_label, 0x000f_ffff)?)
            .dont_fragment(!self.has(TunnelFlag::MayFragment));
        if self.has(TunnelFlag::Ethernet) {
            outer = outer.ethernet(MacAddr(self.source_mac), MacAddr(self.destination_mac));
        }
        if self.has(TunnelFlag::LabelByFlow) {
            outer = outer.label_by_flow();
        }
        if self.has(TunnelFlag::Symmetric) {
            outer = outer.symmetric();
        }
        if self.first_source_port != 0 || self.last_source_port != 0 {
            outer = outer.source_ports(SourcePorts::new(self.first_source_port, self.last_source_port));
        }
        Ok(match at_most("checksum", self.checksum.into(), 2)? {
            0 => outer,
            policy => outer.checksum(policy == ChecksumPolicy::Computed as u32),
        })
    }

    fn class_mode(&self) -> Outcome<ClassMode> {
        Ok(match self.class_policy {
            0 => ClassMode::Fixed,
            1 => ClassMode::CopyEcn,
            2 => ClassMode::CopyAll,
            other => return Err(CodecError::argument("class_policy", other, 2)),
        })
    }

    fn vni(&self) -> Outcome<Vni> {
        Vni::new(self.key).map_err(|_| CodecError::argument("key", self.key, Vni::MAX.get().into()))
    }

    /// The flags that go with this kind, beside those that go with each.
    fn possible_flags(kind: TunnelKind) -> u32 {
        let shared = [TunnelFlag::Ethernet, TunnelFlag::MayFragment, TunnelFlag::LabelByFlow, TunnelFlag::Symmetric];
        let own: &[TunnelFlag] = match kind {
            TunnelKind::Vxlan => &[TunnelFlag::Group, TunnelFlag::GroupDontLearn, TunnelFlag::GroupApplied],
            TunnelKind::Gre => &[TunnelFlag::Key, TunnelFlag::Sequence, TunnelFlag::GreChecksum],
            TunnelKind::Geneve | TunnelKind::Ip => &[],
        };
        shared.iter().chain(own).fold(0, |all, flag| all | *flag as u32)
    }

    fn tunnel(&self, options: &[u8]) -> Outcome<Tunnel> {
        let kind = TunnelKind::of(self.kind)?;
        let possible = Self::possible_flags(kind);
        if self.flags & !possible != 0 {
            return Err(CodecError::argument("flags", self.flags, possible.into()));
        }
        if kind != TunnelKind::Geneve && !options.is_empty() {
            return Err(CodecError::argument("options_length", options.len() as u64, 0));
        }
        let outer = self.outer()?;
        let inner_type = EtherType(if self.inner_type == 0 { 0x6558 } else { self.inner_type });
        let template = match kind {
            TunnelKind::Vxlan => Template::Vxlan(self.vxlan(outer)?),
            TunnelKind::Geneve => Template::Geneve(Box::new(self.geneve(outer, inner_type, options)?)),
            TunnelKind::Ip => Template::Ip(IpTemplate::new(&outer)),
            TunnelKind::Gre => self.gre(&outer, inner_type),
        };
        let carries_ethernet = match kind {
            TunnelKind::Vxlan => true,
            TunnelKind::Ip => false,
            TunnelKind::Geneve | TunnelKind::Gre => inner_type == EtherType::TRANSPARENT_ETHERNET,
        };
        let link_length = if self.has(TunnelFlag::Ethernet) { 14 } else { 0 };
        Ok(Tunnel { template, link_length, carries_ethernet })
    }

    fn vxlan(&self, outer: Outer) -> Outcome<VxlanTemplate> {
        let mut tunnel = VxlanTunnel::new(self.vni()?, outer);
        if self.port != 0 {
            tunnel = tunnel.port(self.port);
        }
        if self.has(TunnelFlag::Group) {
            tunnel = tunnel.group_policy(GroupPolicy {
                id: self.group,
                dont_learn: self.has(TunnelFlag::GroupDontLearn),
                applied: self.has(TunnelFlag::GroupApplied),
            });
        }
        Ok(tunnel.template())
    }

    fn geneve(&self, outer: Outer, inner_type: EtherType, options: &[u8]) -> Outcome<GeneveTemplate> {
        let mut tunnel = GeneveTunnel::new(self.vni()?, outer).carrying(inner_type);
        if self.port != 0 {
            tunnel = tunnel.port(self.port);
        }
        tunnel.template(options).map_err(|error| Refusal::from(error).error())
    }

    fn gre(&self, outer: &Outer, inner_type: EtherType) -> Template {
        let key = self.has(TunnelFlag::Key).then_some(self.key);
        let checksum = self.has(TunnelFlag::GreChecksum);
        let template = GreTemplate::new(outer, Gre { checksum, key, ..Gre::new(inner_type) });
        Template::Gre(template, self.has(TunnelFlag::Sequence).then(|| AtomicU32::new(0)))
    }
}

/// A value of a field that has a limit.
fn at_most(field: &'static str, value: u32, limit: u32) -> Outcome<u32> {
    if value > limit { Err(CodecError::argument(field, value, limit.into())) } else { Ok(value) }
}

impl Tunnel {
    fn encapsulate(&self, packet: &mut impl PacketBuffer) -> Result<(), Refusal> {
        match &self.template {
            Template::Vxlan(template) => Ok(template.encapsulate(packet)?),
            Template::Geneve(template) => Ok(template.encapsulate(packet)?),
            Template::Ip(template) => Ok(template.encapsulate(packet)?),
            Template::Gre(template, None) => Ok(template.encapsulate(packet)?),
            Template::Gre(template, Some(next)) => {
                Ok(template.encapsulate_with(packet, next.fetch_add(1, Ordering::Relaxed))?)
            }
        }
    }

    /// Of a packet whose first bytes are `packet`: outer lengths and checksums are over the others too.
    fn encapsulate_before(&self, packet: &mut Headroom<'_>, behind: &Behind) -> Result<(), Refusal> {
        let inner_length = packet.len();
        self.encapsulate(packet)?;
        let lengthened = behind.lengthen(packet.packet_mut(), self.link_length);
        if lengthened.is_err() {
            packet.take_back(inner_length);
        }
        Ok(lengthened?)
    }

    fn overhead(&self) -> usize {
        match &self.template {
            Template::Vxlan(template) => template.overhead(),
            Template::Geneve(template) => template.overhead(),
            Template::Ip(template) => template.overhead(),
            Template::Gre(template, sequence) => {
                template.overhead().saturating_add(if sequence.is_some() { 4 } else { 0 })
            }
        }
    }
}

/// Works out the outer headers of a tunnel. Null, with the reason in `error`, if there is no such tunnel: `CC_STATUS_ARGUMENT` names the field,
/// `CC_STATUS_UNBUILDABLE`, `CC_STATUS_TRUNCATED` and `CC_STATUS_MALFORMED` say what is wrong with the options. What it gives goes to
/// `cc_tunnel_free`. Any number of threads may call it.
///
/// # Safety
/// `config` points to a configuration, whose options are there; `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_tunnel_new(config: *const TunnelConfig, error: *mut CodecError) -> *mut Tunnel {
    let work = || {
        // SAFETY: the caller's promise of the configuration.
        let config = unsafe { shared(config) }?;
        // SAFETY: the caller's promise of the options.
        let options = unsafe { slice(config.options, config.options_length) }?;
        config.tunnel(options)
    };
    // SAFETY: the caller's promise of the error.
    unsafe { make(error, work) }
}

/// Frees a tunnel; of null nothing. By one thread, once no other uses it.
///
/// # Safety
/// `tunnel` is null, or of `cc_tunnel_new` and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_tunnel_free(tunnel: *mut Tunnel) {
    // SAFETY: the caller's promise.
    unsafe { take_back(tunnel) };
}

/// How many bytes encapsulation adds, and so how many must be free in front of a packet; 0 of null. It is 8 more where an IPv6 packet that
/// has a tunnel encapsulation limit goes through IPv6 (RFC 2473 §4.1.1). Any number of threads may call it.
///
/// # Safety
/// `tunnel` is null, or of `cc_tunnel_new` and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_tunnel_overhead(tunnel: *const Tunnel) -> usize {
    // SAFETY: the caller's promise.
    unsafe { shared(tunnel) }.map_or(0, Tunnel::overhead)
}

/// The MTU for what is inside, given the underlay's; both are the length of an IP packet. 0 if nothing is left, and of null.
/// Any number of threads may call it.
///
/// # Safety
/// `tunnel` is null, or of `cc_tunnel_new` and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_tunnel_inner_mtu(tunnel: *const Tunnel, underlay_mtu: u32) -> u32 {
    // SAFETY: the caller's promise.
    let Ok(tunnel) = (unsafe { shared(tunnel) }) else { return 0 };
    let inner_link = if tunnel.carries_ethernet { 14 } else { 0 };
    let added = tunnel.overhead().saturating_add(inner_link).saturating_sub(tunnel.link_length);
    underlay_mtu.saturating_sub(added as u32)
}

/// Pushes the outer headers in front of a packet, in place: `packet` begins with them then. Inside is what the tunnel carries, Ethernet or
/// IP; the source port comes of its flow.
///
/// `CC_STATUS_ROOM` if too few bytes are free in front of it, `CC_STATUS_UNBUILDABLE` if the outer packet would be too long or the inner
/// one has no hop left, `CC_STATUS_TRUNCATED` and `CC_STATUS_MALFORMED` if what must be IP is none, `CC_STATUS_NULL` of a null pointer;
/// only `error` may be null. The packet is as it was then; bytes in front of it may be others. Any number of threads may call it, each with
/// a packet of its own. Nothing is allocated.
///
/// # Safety
/// `tunnel` is of `cc_tunnel_new` and not freed; `packet` points to a buffer that is there, and that nobody else uses; `error` is null or
/// points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_encapsulate(
    tunnel: *const Tunnel,
    packet: *mut PacketRoom,
    error: *mut CodecError,
) -> Status {
    // SAFETY: the caller's promise; there are no more pieces.
    unsafe { cc_encapsulate_segments(tunnel, packet, core::ptr::null(), 0, error) }
}

/// The same of a packet in several pieces, of which `packet` is the first and holds the inner headers: no piece is moved, and none but the
/// first is written. The others are read only where a checksum is over what is carried. A piece of null that is not empty is
/// `CC_STATUS_NULL`, too. Any number of threads may call it.
///
/// # Safety
/// As `cc_encapsulate`'s; `others` points to `count` pieces, whose bytes are there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_encapsulate_segments(
    tunnel: *const Tunnel,
    packet: *mut PacketRoom,
    others: *const Segment,
    count: usize,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the tunnel.
        let tunnel = unsafe { shared(tunnel) }?;
        // SAFETY: the caller's promise of the packet.
        let packet = unsafe { owned(packet) }?;
        // SAFETY: the caller's promise of the buffer.
        let mut opened = unsafe { packet.open() }?;
        // SAFETY: the caller's promise of the other pieces.
        let others = unsafe { slice(others, count) }?;
        let encapsulated = if others.is_empty() {
            tunnel.encapsulate(&mut opened)
        } else {
            // SAFETY: the caller's promise of their bytes.
            let behind = unsafe { Behind::new(others) }?;
            tunnel.encapsulate_before(&mut opened, &behind)
        };
        encapsulated.map_err(|refusal| refusal.error())?;
        packet.close(&opened);
        Ok(())
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

/// Pushes the outer headers in front of many packets, as `cc_encapsulate` does, and says of each how that ended. `CC_STATUS_NULL` if a
/// pointer is null, and nothing is written then. Any number of threads may call it, each with packets of its own.
///
/// # Safety
/// `tunnel` is of `cc_tunnel_new` and not freed; `packets` points to `count` buffers that are there, no two of them the same, and that
/// nobody else uses; `statuses` points to room for as many.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_encapsulate_batch(
    tunnel: *const Tunnel,
    packets: *mut PacketRoom,
    count: usize,
    statuses: *mut Status,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the tunnel.
        let tunnel = unsafe { shared(tunnel) }?;
        // SAFETY: the caller's promise of the packets.
        let packets = unsafe { slice_mut(packets, count) }?;
        // SAFETY: the caller's promise of the statuses.
        let statuses = unsafe { places(statuses, count) }?;
        for (packet, status) in packets.iter_mut().zip(statuses) {
            // SAFETY: the caller's promise of the buffer.
            let opened = unsafe { packet.open() };
            status.write(match opened {
                Ok(mut opened) => match tunnel.encapsulate(&mut opened) {
                    Ok(()) => {
                        packet.close(&opened);
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
