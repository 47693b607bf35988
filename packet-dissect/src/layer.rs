//! The typed layers that a walk yields: a row of the table below for each.

use ether_ip::arista::AristaTimestamp;
use ether_ip::arp::ArpPacket;
use ether_ip::capture_link::{BsdLoopbackPacket, LinuxCooked2Packet, LinuxCookedPacket};
use ether_ip::esp::{EspInUdp, EspPacket};
use ether_ip::ethernet::EthernetFrame;
use ether_ip::gre::GrePacket;
use ether_ip::gtp_u::{GtpUPacket, GtpUType};
use ether_ip::icmpv4::Icmpv4Packet;
use ether_ip::icmpv6::Icmpv6Packet;
use ether_ip::igmp::IgmpPacket;
use ether_ip::ipv4::Ipv4Packet;
use ether_ip::ipv6::Ipv6Packet;
use ether_ip::ipv6_extension::{IpAuthentication, Ipv6Fragment, Ipv6OptionsHeader, Ipv6Routing};
use ether_ip::llc::{LlcPdu, SnapPdu};
use ether_ip::mpls::MplsStack;
use ether_ip::nflog::NflogPacket;
use ether_ip::ppp::{CiscoHdlcPacket, PppPacket, PppoePacket};
use ether_ip::service_instance::ServiceInstanceTag;
use ether_ip::sflow::SflowDatagram;
use ether_ip::tcp::{TcpSegment, TcpStart};
use ether_ip::udp::UdpDatagram;
use ether_ip::vlan::VlanTag;
use ether_ip::vn_tag::VnTag;
use ether_ip::wireguard::WireGuardMessage;
#[cfg(feature = "capture")]
use ether_ip::zerocopy::IntoBytes;
use geneve_codec::GenevePacket;
use vxlan_codec::VxlanPacket;
use vxlan_codec::gpe::GpePacket;
use weave_codec::SleevePacket;

use crate::bgp::{BgpMessages, BmpMessages};

/// Declares [`Layer`], how a layer is asked for by type, and what the bytes of its own are: in brackets stand the accessors of its
/// view that give them.
macro_rules! layers {
    ($($(#[$doc:meta])* $variant:ident($view:ty) $name:literal $([$($part:ident)*])? $(by $by_type:ident)?;)*) => {
        /// One layer of a packet, typed.
        #[derive(Debug, Clone, Copy)]
        #[non_exhaustive]
        pub enum Layer<'a> {
            $($(#[$doc])* $variant($view),)*
        }

        /// What a layer is. Its number is the place of its name among [`Layer::NAMES`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u16)]
        #[non_exhaustive]
        pub enum LayerKind {
            $($(#[$doc])* $variant,)*
        }

        impl Layer<'_> {
            /// The short names of all layers. TCP's stands there twice: once for the whole header, once for its start.
            pub const NAMES: &'static [&'static str] = &[$($name,)*];

            /// The layer's short name, Wireshark's where it has one: `eth`, `ip`, `vxlan` …
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $name,)*
                }
            }

            /// What the layer is, without what it says.
            #[inline]
            #[must_use]
            pub const fn kind(&self) -> LayerKind {
                match self {
                    $(Self::$variant(_) => LayerKind::$variant,)*
                }
            }

            /// The bytes of the layer's own, without what it carries, in pieces as its view has them. `None` where a view does not
            /// have all of them.
            #[cfg(feature = "capture")]
            pub(crate) fn pieces(&self) -> Option<[&[u8]; 2]> {
                match self {
                    $($(Self::$variant(view) => Some(layers!(@pieces view $($part)*)),)?)*
                    _ => None,
                }
            }
        }

        $($(layers!(@$by_type $variant $view);)?)*
    };
    (@pieces $view:ident $only:ident) => { [layers!(@piece $view $only), &[]] };
    (@pieces $view:ident $first:ident $second:ident) => { [layers!(@piece $view $first), $view.$second()] };
    (@piece $view:ident header) => { $view.header().as_bytes() };
    (@piece $view:ident all) => { $view.as_bytes() };
    (@piece $view:ident $part:ident) => { $view.$part() };
    (@type $variant:ident $view:ty) => {
        impl<'a> FromLayer<'a> for $view {
            #[inline]
            fn from_layer(layer: &Layer<'a>) -> Option<Self> {
                match layer {
                    Layer::$variant(view) => Some(*view),
                    _ => None,
                }
            }
        }
    };
}

// Variant, view, short name; where the bytes of its own are; whether it can be asked for by its view.
layers! {
    /// Linux cooked capture v1.
    LinuxCooked(LinuxCookedPacket<&'a [u8]>) "sll" [header] by type;
    /// Linux cooked capture v2.
    LinuxCooked2(LinuxCooked2Packet<&'a [u8]>) "sll2" [header] by type;
    /// BSD null or loop.
    BsdLoopback(BsdLoopbackPacket<&'a [u8]>) "null" [header] by type;
    /// What netfilter logged.
    Nflog(NflogPacket<'a>) "nflog" [front] by type;
    /// PPP.
    Ppp(PppPacket<'a>) "ppp" [header_bytes] by type;
    /// PPP over Ethernet.
    Pppoe(PppoePacket<&'a [u8]>) "pppoe" [header] by type;
    /// Cisco's HDLC.
    CiscoHdlc(CiscoHdlcPacket<&'a [u8]>) "chdlc" [header] by type;
    /// Ethernet II or 802.3.
    Ethernet(EthernetFrame<&'a [u8]>) "eth" [header] by type;
    /// A VLAN tag, one of a stack.
    Vlan(VlanTag<&'a [u8]>) "vlan" [header] by type;
    /// A VN-Tag.
    VnTag(VnTag<&'a [u8]>) "vntag" [header] by type;
    /// A backbone service instance tag, with the customer's addresses in it.
    ServiceInstance(ServiceInstanceTag<&'a [u8]>) "ieee8021ah" [header] by type;
    /// Arista's time stamp.
    Arista(AristaTimestamp<&'a [u8]>) "avsp" by type;
    /// Logical link control.
    Llc(LlcPdu<&'a [u8]>) "llc" by type;
    /// SNAP, behind LLC.
    Snap(SnapPdu<&'a [u8]>) "snap" [header] by type;
    /// ARP.
    Arp(ArpPacket<&'a [u8]>) "arp" [header raw_addresses] by type;
    /// A whole MPLS label stack.
    Mpls(MplsStack<&'a [u8]>) "mpls" by type;
    /// IPv4.
    Ipv4(Ipv4Packet<&'a [u8]>) "ip" [header options_bytes] by type;
    /// IPv6's fixed header.
    Ipv6(Ipv6Packet<&'a [u8]>) "ipv6" [header] by type;
    /// Hop-by-hop options.
    HopByHop(Ipv6OptionsHeader<&'a [u8]>) "ipv6.hopopts" [header options_bytes];
    /// Destination options.
    DestinationOptions(Ipv6OptionsHeader<&'a [u8]>) "ipv6.dstopts" [header options_bytes];
    /// A routing header.
    Routing(Ipv6Routing<&'a [u8]>) "ipv6.routing" [header data] by type;
    /// A fragment header.
    Fragment(Ipv6Fragment<&'a [u8]>) "ipv6.fraghdr" [header] by type;
    /// An authentication header.
    Authentication(IpAuthentication<&'a [u8]>) "ah" [header integrity] by type;
    /// UDP.
    Udp(UdpDatagram<&'a [u8]>) "udp" [header] by type;
    /// TCP.
    Tcp(TcpSegment<&'a [u8]>) "tcp" [header options_bytes] by type;
    /// The first 8 bytes of a TCP header that is cut, by an ICMP error's quote say, or contradicts itself.
    TcpStart(&'a TcpStart) "tcp" [all] by type;
    /// ICMP for IPv4. The packet that an error quotes follows.
    Icmpv4(Icmpv4Packet<&'a [u8]>) "icmp" [header] by type;
    /// ICMP for IPv6. The packet that an error quotes follows.
    Icmpv6(Icmpv6Packet<&'a [u8]>) "icmpv6" by type;
    /// IGMP: a message to its end.
    Igmp(IgmpPacket<&'a [u8]>) "igmp" [header payload] by type;
    /// GRE.
    Gre(GrePacket<&'a [u8]>) "gre" [header fields_bytes] by type;
    /// ESP: what is sealed in it, and all behind it, stays closed.
    Esp(EspPacket<&'a [u8]>) "esp" by type;
    /// What goes over the UDP port of ESP. An ESP packet follows, or an IKE message's bytes.
    EspInUdp(EspInUdp<'a>) "udpencap" by type;
    /// A message of WireGuard.
    WireGuard(WireGuardMessage<'a>) "wg" by type;
    /// GTP-U. An IP packet follows, or what else is carried; other messages are read to their end.
    GtpU(GtpUPacket<&'a [u8]>) "gtp" by type;
    /// VXLAN.
    Vxlan(VxlanPacket<&'a [u8]>) "vxlan" [header] by type;
    /// VXLAN-GPE.
    VxlanGpe(GpePacket<&'a [u8]>) "vxlan_gpe" [header] by type;
    /// Geneve.
    Geneve(GenevePacket<&'a [u8]>) "geneve" [header options_bytes] by type;
    /// A datagram of Flannel's UDP backend: no bytes of its own, but the packet that follows must be as long as it says.
    FlannelUdp(&'a [u8]) "flannel_udp";
    /// A packet of Weave's sleeve. Its frames, several perhaps, or encrypted, are for whoever asks it for them.
    Sleeve(SleevePacket<&'a [u8]>) "weave" by type;
    /// An sFlow datagram. The packets that are sampled in it, several perhaps, are for whoever asks it for them.
    Sflow(SflowDatagram<'a>) "sflow" [all] by type;
    /// BGP messages in a TCP segment, those that are whole.
    Bgp(BgpMessages<'a>) "bgp" by type;
    /// BMP messages in a TCP segment, those that are whole.
    Bmp(BmpMessages<'a>) "bmp" by type;
    /// What is carried by the layer before and not opened further.
    Payload(&'a [u8]) "data" [all];
}

impl Layer<'_> {
    /// The tunnel whose header the layer is: what it is called, and the network's number where it has one.
    #[must_use]
    pub fn tunnel(&self) -> Option<(&'static str, Option<u32>)> {
        match self {
            Self::Vxlan(packet) => Some(("vxlan", Some(packet.vni().get()))),
            Self::VxlanGpe(packet) => Some(("vxlan-gpe", Some(packet.vni().get()))),
            Self::Geneve(packet) => Some(("geneve", Some(packet.vni().get()))),
            Self::GtpU(packet) if packet.kind() == GtpUType::G_PDU => Some(("gtp-u", Some(packet.teid()))),
            Self::Gre(packet) => Some(("gre", packet.key())),
            _ => None,
        }
    }
}

/// A view that a [`Layer`] can hold, to ask for a layer by its type.
///
/// Hop-by-hop and destination options have the same type, and a payload has none of its own: those are found by
/// matching on [`Layer`].
pub trait FromLayer<'a>: Sized {
    /// The view, if the layer holds it.
    fn from_layer(layer: &Layer<'a>) -> Option<Self>;
}
