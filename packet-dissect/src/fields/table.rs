//! The table of fields: names, how they are written, and what they are.

/// How a field's value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A number.
    Dec,
    /// A number in this many hexadecimal digits, with 0x.
    Hex(u8),
    /// A bit: 0 or 1.
    Flag,
    /// A MAC address.
    Mac,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
    /// Bytes, in hexadecimal without gaps.
    Bytes,
    /// Text.
    Text,
    /// A time or a span, in seconds with nine digits behind the point.
    Seconds,
    /// A time with its date and time of day, in the zone of whoever reads it.
    Time,
}

macro_rules! fields {
    ($($id:ident $name:literal $kind:expr, $label:literal $($hidden:ident)?;)*) => {
        /// A field, by what it is called.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u16)]
        #[non_exhaustive]
        #[allow(missing_docs, reason = "the table says what each one is")]
        pub enum Field {
            $($id,)*
        }

        impl Field {
            /// All fields, in the order of their protocols.
            pub const ALL: &'static [Self] = &[$(Self::$id,)*];

            /// The field's name, Wireshark's where it has one.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$id => $name,)*
                }
            }

            /// How its value is written.
            #[inline]
            #[must_use]
            pub const fn kind(self) -> Kind {
                match self {
                    $(Self::$id => $kind,)*
                }
            }

            /// What it is, for a person.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self {
                    $(Self::$id => $label,)*
                }
            }

            /// Whether it repeats what another field says, as `ip.addr` does.
            #[must_use]
            pub const fn is_alias(self) -> bool {
                match self {
                    $(Self::$id => fields!(@alias $($hidden)?),)*
                }
            }
        }
    };
    (@alias alias) => { true };
    (@alias) => { false };
}

use Kind::{Bytes, Dec, Flag, Hex, Ipv4, Ipv6, Mac, Seconds, Text, Time};

fields! {
    FrameNumber "frame.number" Dec, "Number in the capture";
    FrameTime "frame.time" Time, "Captured at" alias;
    FrameTimeEpoch "frame.time_epoch" Seconds, "Captured at, seconds since 1970";
    FrameTimeRelative "frame.time_relative" Seconds, "Seconds since the first packet";
    FrameTimeDelta "frame.time_delta" Seconds, "Seconds since the packet before";
    FrameTimeDeltaShown "frame.time_delta_displayed" Seconds, "Seconds since the packet shown before";
    FrameLen "frame.len" Dec, "Length on the wire";
    FrameCapLen "frame.cap_len" Dec, "Length captured";
    FrameProtocols "frame.protocols" Text, "Protocols";
    FrameError "frame.error" Text, "Error";

    InnerEthSource "inner.eth.src" Mac, "Innermost packet's source" alias;
    InnerEthDestination "inner.eth.dst" Mac, "Innermost packet's destination" alias;
    InnerIpSource "inner.ip.src" Ipv4, "Innermost packet's source address" alias;
    InnerIpDestination "inner.ip.dst" Ipv4, "Innermost packet's destination address" alias;
    InnerIpTtl "inner.ip.ttl" Dec, "Innermost packet's time to live" alias;
    InnerIpProto "inner.ip.proto" Dec, "Innermost packet's protocol" alias;
    InnerIpv6Source "inner.ipv6.src" Ipv6, "Innermost packet's source address" alias;
    InnerIpv6Destination "inner.ipv6.dst" Ipv6, "Innermost packet's destination address" alias;
    InnerIpv6HopLimit "inner.ipv6.hlim" Dec, "Innermost packet's hop limit" alias;
    InnerIpv6Next "inner.ipv6.nxt" Dec, "Innermost packet's next header" alias;
    InnerTcpSourcePort "inner.tcp.srcport" Dec, "Innermost packet's source port" alias;
    InnerTcpDestinationPort "inner.tcp.dstport" Dec, "Innermost packet's destination port" alias;
    InnerUdpSourcePort "inner.udp.srcport" Dec, "Innermost packet's source port" alias;
    InnerUdpDestinationPort "inner.udp.dstport" Dec, "Innermost packet's destination port" alias;
    OuterEthSource "outer.eth.src" Mac, "Outermost packet's source" alias;
    OuterEthDestination "outer.eth.dst" Mac, "Outermost packet's destination" alias;
    OuterIpSource "outer.ip.src" Ipv4, "Outermost packet's source address" alias;
    OuterIpDestination "outer.ip.dst" Ipv4, "Outermost packet's destination address" alias;
    OuterIpTtl "outer.ip.ttl" Dec, "Outermost packet's time to live" alias;
    OuterIpProto "outer.ip.proto" Dec, "Outermost packet's protocol" alias;
    OuterIpv6Source "outer.ipv6.src" Ipv6, "Outermost packet's source address" alias;
    OuterIpv6Destination "outer.ipv6.dst" Ipv6, "Outermost packet's destination address" alias;
    OuterIpv6HopLimit "outer.ipv6.hlim" Dec, "Outermost packet's hop limit" alias;
    OuterIpv6Next "outer.ipv6.nxt" Dec, "Outermost packet's next header" alias;
    OuterTcpSourcePort "outer.tcp.srcport" Dec, "Outermost packet's source port" alias;
    OuterTcpDestinationPort "outer.tcp.dstport" Dec, "Outermost packet's destination port" alias;
    OuterUdpSourcePort "outer.udp.srcport" Dec, "Outermost packet's source port" alias;
    OuterUdpDestinationPort "outer.udp.dstport" Dec, "Outermost packet's destination port" alias;

    SllPacketType "sll.pkttype" Dec, "Packet type";
    SllHardwareType "sll.hatype" Dec, "ARPHRD type";
    SllInterface "sll.ifindex" Dec, "Interface index";
    SllAddress "sll.src.other" Bytes, "Source address";
    SllProtocol "sll.etype" Hex(4), "Protocol";
    NullFamily "null.family" Dec, "Address family";

    EthDestination "eth.dst" Mac, "Destination";
    EthSource "eth.src" Mac, "Source";
    EthAddress "eth.addr" Mac, "Address" alias;
    EthDestinationLocal "eth.dst.lg" Flag, "Destination is locally administered" alias;
    EthDestinationGroup "eth.dst.ig" Flag, "Destination is a group" alias;
    EthSourceLocal "eth.src.lg" Flag, "Source is locally administered" alias;
    EthSourceGroup "eth.src.ig" Flag, "Source is a group" alias;
    EthLocal "eth.lg" Flag, "Address is locally administered" alias;
    EthGroup "eth.ig" Flag, "Address is a group's" alias;
    EthType "eth.type" Hex(4), "Type";
    EthLength "eth.len" Dec, "Length";
    EthInvalid "eth.invalid_lentype" Hex(4), "Neither type nor length";
    EthTrailer "eth.trailer" Bytes, "Trailer";

    VlanPriority "vlan.priority" Dec, "Priority";
    VlanDropEligible "vlan.dei" Flag, "Drop eligible";
    VlanId "vlan.id" Dec, "VLAN identifier";
    VlanType "vlan.etype" Hex(4), "Type";
    VlanLength "vlan.len" Dec, "Length";

    ServicePriority "ieee8021ad.priority" Dec, "Priority";
    ServiceDropEligible "ieee8021ad.dei" Flag, "Drop eligible";
    ServiceId "ieee8021ad.id" Dec, "Service VLAN identifier";

    VnTagDirection "vntag.dir" Flag, "From the bridge";
    VnTagPointer "vntag.ptr" Flag, "Destination is a list";
    VnTagDestination "vntag.dst" Dec, "Destination interface";
    VnTagLooped "vntag.looped" Flag, "Looped";
    VnTagVersion "vntag.version" Dec, "Version";
    VnTagSource "vntag.src" Dec, "Source interface";
    VnTagType "vntag.etype" Hex(4), "Type";
    VnTagLength "vntag.len" Dec, "Length";

    InstancePriority "ieee8021ah.priority" Dec, "Priority";
    InstanceDropEligible "ieee8021ah.drop" Flag, "Drop eligible";
    InstanceCustomer "ieee8021ah.nca" Flag, "Customer's addresses";
    InstanceId "ieee8021ah.isid" Dec, "Service instance identifier";
    InstanceDestination "ieee8021ah.cdst" Mac, "Customer's destination";
    InstanceSource "ieee8021ah.csrc" Mac, "Customer's source";
    InstanceType "ieee8021ah.etype" Hex(4), "Type";

    PppoeVersion "pppoe.version" Dec, "Version";
    PppoeType "pppoe.type" Dec, "Type";
    PppoeCode "pppoe.code" Hex(2), "Code";
    PppoeSession "pppoe.session_id" Hex(4), "Session";
    PppoeLength "pppoe.payload_length" Dec, "Payload length";
    PppProtocol "ppp.protocol" Hex(4), "Protocol";
    CiscoAddress "chdlc.address" Hex(2), "Address";
    CiscoControl "chdlc.control" Hex(2), "Control";
    CiscoProtocol "chdlc.protocol" Hex(4), "Protocol";

    NflogFamily "nflog.family" Dec, "Address family";
    NflogVersion "nflog.version" Dec, "Version";
    NflogGroup "nflog.res_id" Dec, "Group";
    NflogPrefix "nflog.prefix" Text, "Prefix";

    AristaSubtype "avsp.type" Hex(4), "Subtype";
    AristaVersion "avsp.version" Hex(4), "Version";
    AristaTime "avsp.timestamp" Bytes, "Time stamp";
    AristaType "avsp.etype" Hex(4), "Type";

    LlcDestination "llc.dsap" Hex(2), "Destination service access point";
    LlcSource "llc.ssap" Hex(2), "Source service access point";
    LlcControl "llc.control" Hex(4), "Control";
    SnapOui "llc.oui" Dec, "Organisation";
    SnapType "llc.type" Hex(4), "Type";
    SnapProtocol "llc.pid" Hex(4), "Protocol identifier";

    ArpHardwareType "arp.hw.type" Dec, "Hardware type";
    ArpProtocolType "arp.proto.type" Hex(4), "Protocol type";
    ArpHardwareSize "arp.hw.size" Dec, "Hardware address size";
    ArpProtocolSize "arp.proto.size" Dec, "Protocol address size";
    ArpOperation "arp.opcode" Dec, "Operation";
    ArpSenderHardware "arp.src.hw_mac" Mac, "Sender MAC address";
    ArpSenderProtocol "arp.src.proto_ipv4" Ipv4, "Sender IP address";
    ArpTargetHardware "arp.dst.hw_mac" Mac, "Target MAC address";
    ArpTargetProtocol "arp.dst.proto_ipv4" Ipv4, "Target IP address";

    MplsLabel "mpls.label" Dec, "Label";
    MplsClass "mpls.exp" Dec, "Traffic class";
    MplsBottom "mpls.bottom" Flag, "Bottom of the stack";
    MplsTtl "mpls.ttl" Dec, "Time to live";

    IpVersion "ip.version" Dec, "Version";
    IpHeaderLength "ip.hdr_len" Dec, "Header length";
    IpDscp "ip.dsfield.dscp" Dec, "Differentiated services code point";
    IpEcn "ip.dsfield.ecn" Dec, "Explicit congestion notification";
    IpLength "ip.len" Dec, "Total length";
    IpId "ip.id" Hex(4), "Identification";
    IpReserved "ip.flags.rb" Flag, "Reserved flag";
    IpDontFragment "ip.flags.df" Flag, "Don't fragment";
    IpMoreFragments "ip.flags.mf" Flag, "More fragments";
    IpFragmentOffset "ip.frag_offset" Dec, "Fragment offset, in units of 8";
    IpTtl "ip.ttl" Dec, "Time to live";
    IpProto "ip.proto" Dec, "Protocol";
    IpChecksum "ip.checksum" Hex(4), "Header checksum";
    IpChecksumStatus "ip.checksum.status" Dec, "Header checksum status";
    IpSource "ip.src" Ipv4, "Source address";
    IpDestination "ip.dst" Ipv4, "Destination address";
    IpAddress "ip.addr" Ipv4, "Address" alias;
    IpFragmentError "ip.fragment.error" Text, "What is wrong with the fragment";
    IpFragmentCount "ip.fragment.count" Dec, "Fragments that make the packet whole";
    IpReassembledLength "ip.reassembled.length" Dec, "Length of what they carry";
    IpOptionType "ip.opt.type" Dec, "Option";
    IpOptionData "ip.opt.data" Bytes, "Option data";
    IpOptionAlert "ip.opt.ra" Dec, "Router alert";

    Ipv6Version "ipv6.version" Dec, "Version";
    Ipv6TrafficClass "ipv6.tclass" Hex(8), "Traffic class";
    Ipv6Dscp "ipv6.tclass.dscp" Dec, "Differentiated services code point";
    Ipv6Ecn "ipv6.tclass.ecn" Dec, "Explicit congestion notification";
    Ipv6FlowLabel "ipv6.flow" Hex(5), "Flow label";
    Ipv6PayloadLength "ipv6.plen" Dec, "Payload length";
    Ipv6Next "ipv6.nxt" Dec, "Next header";
    Ipv6HopLimit "ipv6.hlim" Dec, "Hop limit";
    Ipv6Source "ipv6.src" Ipv6, "Source address";
    Ipv6Destination "ipv6.dst" Ipv6, "Destination address";
    Ipv6Address "ipv6.addr" Ipv6, "Address" alias;
    HopByHopNext "ipv6.hopopts.nxt" Dec, "Next header";
    HopByHopLength "ipv6.hopopts.len" Dec, "Length, in units of 8 without the first";
    DestinationOptionsNext "ipv6.dstopts.nxt" Dec, "Next header";
    DestinationOptionsLength "ipv6.dstopts.len" Dec, "Length, in units of 8 without the first";
    Ipv6OptionType "ipv6.opt.type" Hex(2), "Option";
    Ipv6OptionLength "ipv6.opt.length" Dec, "Option length";
    Ipv6OptionJumbo "ipv6.opt.jumbo" Dec, "Jumbo payload length";
    Ipv6OptionAlert "ipv6.opt.router_alert" Dec, "Router alert";
    Ipv6OptionData "ipv6.opt.data" Bytes, "Option data";
    RoutingNext "ipv6.routing.nxt" Dec, "Next header";
    RoutingLength "ipv6.routing.len" Dec, "Length, in units of 8 without the first";
    RoutingType "ipv6.routing.type" Dec, "Routing type";
    RoutingSegmentsLeft "ipv6.routing.segleft" Dec, "Segments left";
    RoutingAddress "ipv6.routing.src.addr" Ipv6, "Address";
    RoutingSegment "ipv6.routing.srh.addr" Ipv6, "Segment";
    FragmentNext "ipv6.fraghdr.nxt" Dec, "Next header";
    FragmentOffset "ipv6.fraghdr.offset" Dec, "Offset, in units of 8";
    FragmentMore "ipv6.fraghdr.more" Flag, "More fragments";
    FragmentId "ipv6.fraghdr.ident" Hex(8), "Identification";
    Ipv6FragmentError "ipv6.fragment.error" Text, "What is wrong with the fragment";
    Ipv6FragmentCount "ipv6.fragment.count" Dec, "Fragments that make the packet whole";
    Ipv6ReassembledLength "ipv6.reassembled.length" Dec, "Length of what they carry";
    AhNext "ah.next_header" Dec, "Next header";
    AhLength "ah.length" Dec, "Length, in units of 4 without the first two";
    AhSpi "ah.spi" Hex(8), "Security parameters index";
    AhSequence "ah.sequence" Dec, "Sequence number";
    AhIcv "ah.icv" Bytes, "Integrity check value";

    IcmpType "icmp.type" Dec, "Type";
    IcmpCode "icmp.code" Dec, "Code";
    IcmpChecksum "icmp.checksum" Hex(4), "Checksum";
    IcmpChecksumStatus "icmp.checksum.status" Dec, "Checksum status";
    IcmpIdentifier "icmp.ident" Dec, "Identifier";
    IcmpSequence "icmp.seq" Dec, "Sequence number";
    IcmpResponseTo "icmp.resp_to" Dec, "Answers the request in packet";
    IcmpMtu "icmp.mtu" Dec, "MTU of the next hop";
    IcmpGateway "icmp.redir_gw" Ipv4, "Gateway";
    IcmpPointer "icmp.pointer" Dec, "Pointer";

    Icmpv6Type "icmpv6.type" Dec, "Type";
    Icmpv6Code "icmpv6.code" Dec, "Code";
    Icmpv6Checksum "icmpv6.checksum" Hex(4), "Checksum";
    Icmpv6ChecksumStatus "icmpv6.checksum.status" Dec, "Checksum status";
    Icmpv6Identifier "icmpv6.echo.identifier" Hex(4), "Identifier";
    Icmpv6Sequence "icmpv6.echo.sequence_number" Dec, "Sequence number";
    Icmpv6ResponseTo "icmpv6.resp_to" Dec, "Answers the request in packet";
    Icmpv6Mtu "icmpv6.mtu" Dec, "MTU of the next link";
    Icmpv6Pointer "icmpv6.pointer" Dec, "Pointer";
    NdHopLimit "icmpv6.nd.ra.cur_hop_limit" Dec, "Hop limit for hosts";
    NdRouterFlags "icmpv6.nd.ra.flag" Hex(2), "Flags";
    NdRouterLifetime "icmpv6.nd.ra.router_lifetime" Dec, "Router lifetime, in seconds";
    NdReachableTime "icmpv6.nd.ra.reachable_time" Dec, "Reachable time, in milliseconds";
    NdRetransmission "icmpv6.nd.ra.retrans_timer" Dec, "Retransmission timer, in milliseconds";
    NdSolicitationTarget "icmpv6.nd.ns.target_address" Ipv6, "Target address";
    NdAdvertisementFlags "icmpv6.nd.na.flag" Hex(8), "Flags";
    NdAdvertisementTarget "icmpv6.nd.na.target_address" Ipv6, "Target address";
    NdRedirectTarget "icmpv6.nd.rd.target_address" Ipv6, "Target address";
    NdRedirectDestination "icmpv6.rd.na.destination_address" Ipv6, "Destination address";
    NdOptionType "icmpv6.opt.type" Dec, "Option";
    NdOptionLinkAddress "icmpv6.opt.linkaddr" Mac, "Link-layer address";
    NdOptionPrefix "icmpv6.opt.prefix" Ipv6, "Prefix";
    NdOptionPrefixLength "icmpv6.opt.prefix.length" Dec, "Prefix length";
    NdOptionMtu "icmpv6.opt.mtu" Dec, "MTU";

    MldDelay "icmpv6.mld.maximum_response_delay" Dec, "Maximum response delay, in milliseconds";
    MldResponse "icmpv6.mld.maximum_response_code" Dec, "Maximum response code";
    MldGroup "icmpv6.mld.multicast_address" Ipv6, "Group";
    MldFlags "icmpv6.mld.flag" Hex(2), "Flags";
    MldSuppress "icmpv6.mld.flag.s" Flag, "Timers are left as they are";
    MldRobustness "icmpv6.mld.flag.qrv" Dec, "Querier's robustness";
    MldInterval "icmpv6.mld.qqi" Dec, "Querier's interval code";
    MldSourceCount "icmpv6.mld.nb_sources" Dec, "Sources";
    MldSource "icmpv6.mld.source_address" Ipv6, "Source";
    MldRecordCount "icmpv6.mldr.nb_mcast_records" Dec, "Group records";
    MldRecordType "icmpv6.mldr.mar.record_type" Dec, "Record";
    MldRecordAuxLength "icmpv6.mldr.mar.aux_data_len" Dec, "Auxiliary data's length, in units of 4";
    MldRecordSourceCount "icmpv6.mldr.mar.nb_sources" Dec, "Sources";
    MldRecordGroup "icmpv6.mldr.mar.multicast_address" Ipv6, "Group";
    MldRecordSource "icmpv6.mldr.mar.source_address" Ipv6, "Source";
    MldRecordAux "icmpv6.mldr.mar.auxiliary_data" Bytes, "Auxiliary data";

    IgmpVersion "igmp.version" Dec, "Version";
    IgmpType "igmp.type" Hex(2), "Type";
    IgmpResponse "igmp.max_resp" Dec, "Maximum response code, in tenths of a second";
    IgmpChecksum "igmp.checksum" Hex(4), "Checksum";
    IgmpChecksumStatus "igmp.checksum.status" Dec, "Checksum status";
    IgmpSuppress "igmp.s" Flag, "Timers are left as they are";
    IgmpRobustness "igmp.qrv" Dec, "Querier's robustness";
    IgmpInterval "igmp.qqic" Dec, "Querier's interval code";
    IgmpRecordCount "igmp.num_grp_recs" Dec, "Group records";
    IgmpRecordType "igmp.record_type" Dec, "Record";
    IgmpRecordAuxLength "igmp.aux_data_len" Dec, "Auxiliary data's length, in units of 4";
    IgmpSourceCount "igmp.num_src" Dec, "Sources";
    IgmpGroup "igmp.maddr" Ipv4, "Group";
    IgmpSource "igmp.saddr" Ipv4, "Source";
    IgmpRecordAux "igmp.aux_data" Bytes, "Auxiliary data";

    UdpSourcePort "udp.srcport" Dec, "Source port";
    UdpDestinationPort "udp.dstport" Dec, "Destination port";
    UdpPort "udp.port" Dec, "Port" alias;
    UdpLength "udp.length" Dec, "Length";
    UdpChecksum "udp.checksum" Hex(4), "Checksum";
    UdpChecksumStatus "udp.checksum.status" Dec, "Checksum status";
    UdpStream "udp.stream" Dec, "Conversation";
    UdpPayload "udp.payload" Bytes, "Payload" alias;

    TcpSourcePort "tcp.srcport" Dec, "Source port";
    TcpDestinationPort "tcp.dstport" Dec, "Destination port";
    TcpPort "tcp.port" Dec, "Port" alias;
    TcpLen "tcp.len" Dec, "Length of the data";
    TcpSequence "tcp.seq_raw" Dec, "Sequence number";
    TcpRelativeSequence "tcp.seq" Dec, "Sequence number, from the beginning";
    TcpAcknowledgment "tcp.ack_raw" Dec, "Acknowledgment number";
    TcpHeaderLength "tcp.hdr_len" Dec, "Header length";
    TcpFlags "tcp.flags" Hex(4), "Flags";
    TcpFin "tcp.flags.fin" Flag, "FIN";
    TcpSyn "tcp.flags.syn" Flag, "SYN";
    TcpReset "tcp.flags.reset" Flag, "RST";
    TcpPush "tcp.flags.push" Flag, "PSH";
    TcpAck "tcp.flags.ack" Flag, "ACK";
    TcpUrgent "tcp.flags.urg" Flag, "URG";
    TcpEce "tcp.flags.ece" Flag, "ECE";
    TcpCwr "tcp.flags.cwr" Flag, "CWR";
    TcpAe "tcp.flags.ae" Flag, "AE";
    TcpWindow "tcp.window_size_value" Dec, "Window";
    TcpChecksum "tcp.checksum" Hex(4), "Checksum";
    TcpChecksumStatus "tcp.checksum.status" Dec, "Checksum status";
    TcpUrgentPointer "tcp.urgent_pointer" Dec, "Urgent pointer";
    TcpPayload "tcp.payload" Bytes, "Payload" alias;
    TcpStream "tcp.stream" Dec, "Conversation";
    TcpNextSequence "tcp.nxtseq" Dec, "Sequence number behind it, from the beginning";
    TcpRelativeAck "tcp.ack" Dec, "Acknowledgment number, from the beginning";
    TcpScaledWindow "tcp.window_size" Dec, "Window in bytes";
    TcpAnalysis "tcp.analysis.flags" Text, "What it looks like";
    TcpRetransmission "tcp.analysis.retransmission" Flag, "Retransmission" alias;
    TcpFastRetransmission "tcp.analysis.fast_retransmission" Flag, "Fast retransmission" alias;
    TcpSpuriousRetransmission "tcp.analysis.spurious_retransmission" Flag, "Spurious retransmission" alias;
    TcpOutOfOrder "tcp.analysis.out_of_order" Flag, "Out of order" alias;
    TcpLostSegment "tcp.analysis.lost_segment" Flag, "Segment before it not seen" alias;
    TcpAckLostSegment "tcp.analysis.ack_lost_segment" Flag, "Acknowledges what was not seen" alias;
    TcpDuplicateAck "tcp.analysis.duplicate_ack" Flag, "Duplicate ACK" alias;
    TcpDuplicateAckNumber "tcp.analysis.duplicate_ack_num" Dec, "Which duplicate" alias;
    TcpZeroWindow "tcp.analysis.zero_window" Flag, "Zero window" alias;
    TcpZeroWindowProbe "tcp.analysis.zero_window_probe" Flag, "Zero window probe" alias;
    TcpZeroWindowProbeAck "tcp.analysis.zero_window_probe_ack" Flag, "Zero window probe's ACK" alias;
    TcpKeepAlive "tcp.analysis.keep_alive" Flag, "Keep-alive" alias;
    TcpKeepAliveAck "tcp.analysis.keep_alive_ack" Flag, "Keep-alive's ACK" alias;
    TcpWindowUpdate "tcp.analysis.window_update" Flag, "Window update" alias;
    TcpWindowFull "tcp.analysis.window_full" Flag, "Window full" alias;
    TcpReusedPorts "tcp.analysis.reused_ports" Flag, "Ports used again" alias;
    TcpOptionKind "tcp.option_kind" Dec, "Option";
    TcpOptionMss "tcp.options.mss_val" Dec, "Maximum segment size";
    TcpOptionScale "tcp.options.wscale.shift" Dec, "Window scale";
    TcpOptionSackLeft "tcp.options.sack_le" Dec, "SACK left edge";
    TcpOptionSackRight "tcp.options.sack_re" Dec, "SACK right edge";
    TcpOptionTimestamp "tcp.options.timestamp.tsval" Dec, "Timestamp";
    TcpOptionEcho "tcp.options.timestamp.tsecr" Dec, "Timestamp echo";
    TcpOptionData "tcp.options.data" Bytes, "Option data";

    GreFlags "gre.flags_and_version" Hex(4), "Flags and version";
    GreHasChecksum "gre.flags.checksum" Flag, "Has a checksum" alias;
    GreHasKey "gre.flags.key" Flag, "Has a key" alias;
    GreHasSequence "gre.flags.sequence_number" Flag, "Has a sequence number" alias;
    GreHasAcknowledgment "gre.flags.ack" Flag, "Has an acknowledgment number" alias;
    GreVersion "gre.flags.version" Dec, "Version" alias;
    GreProto "gre.proto" Hex(4), "Protocol type";
    GreChecksum "gre.checksum" Hex(4), "Checksum";
    GreChecksumStatus "gre.checksum.status" Dec, "Checksum status";
    GreKey "gre.key" Hex(8), "Key";
    GreSequence "gre.sequence_number" Dec, "Sequence number";
    GreAcknowledgment "gre.ack_number" Dec, "Acknowledgment number";

    EspSpi "esp.spi" Hex(8), "Security parameters index";
    EspSequence "esp.sequence" Dec, "Sequence number";
    EspPadLength "esp.pad_len" Dec, "Padding's length";
    EspProtocol "esp.protocol" Hex(2), "Next header";
    EspCodeGood "esp.icv_good" Flag, "Check value is right";
    EspRefused "esp.refused" Text, "Stays closed";

    SflowVersion "sflow_245.version" Dec, "Version";
    SflowAgent "sflow_245.agent" Ipv4, "Agent";
    SflowAgent6 "sflow_245.agent.v6" Ipv6, "Agent";
    SflowSubAgent "sflow_245.sub_agent_id" Dec, "Part of the agent";
    SflowSequence "sflow_245.sequence_number" Dec, "Sequence number";
    SflowUptime "sflow_245.sysuptime" Dec, "Up for, in milliseconds";
    SflowSamples "sflow_245.numsamples" Dec, "Samples";
    SflowRate "sflow_5.sampling_rate" Dec, "Of so many packets one is sampled";
    SflowProtocol "sflow_245.header_protocol" Dec, "Sampled packet's protocol";
    SflowFrameLen "sflow_245.header.frame_length" Dec, "Sampled packet's length";
    GtpFlags "gtp.flags" Hex(2), "Flags";
    GtpVersion "gtp.flags.version" Dec, "Version";
    GtpProtocol "gtp.flags.payload" Dec, "Protocol type";
    GtpReserved "gtp.flags.reserved" Dec, "Reserved";
    GtpHasExtension "gtp.flags.e" Flag, "An extension header follows";
    GtpHasSequence "gtp.flags.s" Flag, "The sequence number counts";
    GtpHasNpdu "gtp.flags.pn" Flag, "The N-PDU number counts";
    GtpMessage "gtp.message" Hex(2), "Message";
    GtpLength "gtp.length" Dec, "Length";
    GtpTeid "gtp.teid" Hex(8), "Tunnel endpoint identifier";
    GtpSequence "gtp.seq_number" Hex(4), "Sequence number";
    GtpNpdu "gtp.npdu_number" Hex(2), "N-PDU number";
    GtpExtensionLength "gtp.ext_hdr.length" Dec, "Extension header's length, in units of 4";
    GtpExtensionPort "gtp.ext_hdr.udp_port" Dec, "UDP port";
    GtpExtensionPdcp "gtp.ext_hdr.pdcp_sn" Dec, "PDCP sequence number";
    GtpSessionType "gtp.ext_hdr.pdu_ses_con.pdu_type" Dec, "PDU session's direction";
    GtpSessionPolicy "gtp.ext_hdr.pdu_ses_cont.ppp" Flag, "A paging policy is told";
    GtpSessionReflective "gtp.ext_hdr.pdu_ses_cont.rqi" Flag, "Answers have the same quality";
    GtpSessionFlow "gtp.ext_hdr.pdu_ses_con.qos_flow_id" Dec, "Quality of service flow";
    GtpExtensionNext "gtp.ext_hdr.next" Hex(2), "Next extension header";
    GtpRecovery "gtp.recovery" Dec, "Restarts";
    GtpTeidData "gtp.teid_data" Hex(8), "Tunnel that there is not";
    GtpPeer4 "gtp.gsn_ipv4" Ipv4, "Peer";
    GtpPeer6 "gtp.gsn_ipv6" Ipv6, "Peer";

    WgType "wg.type" Dec, "Type";
    WgSender "wg.sender" Hex(8), "Sender's index";
    WgReceiver "wg.receiver" Hex(8), "Receiver's index";
    WgEphemeral "wg.ephemeral" Text, "Ephemeral key";
    WgStatic "wg.static" Text, "Initiator's static key, opened";
    WgHandshakeGood "wg.handshake_ok" Flag, "Handshake opened";
    WgMac1 "wg.mac1" Bytes, "First code";
    WgMac2 "wg.mac2" Bytes, "Second code";
    WgNonce "wg.nonce" Bytes, "Nonce";
    WgCookie "wg.encrypted_cookie" Bytes, "Cookie, sealed";
    WgCounter "wg.counter" Dec, "Counter";
    WgRefused "wg.refused" Text, "Stays closed";

    SourceName "src.name" Text, "Source's name";
    DestinationName "dst.name" Text, "Destination's name";

    FlannelSourceNode "flannel.src.node" Text, "Source's node, by its lease";
    FlannelSourceBackend "flannel.src.backend" Text, "Source's backend";
    FlannelDestinationNode "flannel.dst.node" Text, "Destination's node, by its lease";
    FlannelDestinationBackend "flannel.dst.backend" Text, "Destination's backend";

    WeaveSender "weave.sender" Text, "Sender";
    WeaveSequence "weave.sequence" Dec, "Sequence number";
    WeaveDontFragment "weave.df" Flag, "Sent not to be fragmented";
    WeaveSource "weave.frame.src" Text, "Frame from peer";
    WeaveDestination "weave.frame.dst" Text, "Frame to peer";
    WeaveLength "weave.frame.len" Dec, "Frame's length";
    WeaveKind "weave.frame.kind" Text, "Frame's kind";
    WeaveSealed "weave.frame.sealed" Flag, "Frame came sealed";
    WeaveFastSource "weave.fastdp.src" Dec, "From short id";
    WeaveFastDestination "weave.fastdp.dst" Dec, "To short id";

    CiliumIdentity "cilium.identity" Dec, "Source's identity";
    CiliumCluster "cilium.cluster" Dec, "Source's cluster";
    CiliumService "cilium.dsr" Text, "Service to answer from";

    VxlanFlags "vxlan.flags" Hex(4), "Flags";
    VxlanGroup "vxlan.gbp" Dec, "Group policy ID";
    VxlanVni "vxlan.vni" Dec, "Network identifier";
    VxlanReserved "vxlan.reserved8" Dec, "Reserved";
    VxlanNextProtocol "vxlan.next_proto" Dec, "Next protocol";

    GeneveVersion "geneve.version" Dec, "Version";
    GeneveOptionsLength "geneve.option.length_total" Dec, "Options length";
    GeneveOam "geneve.flags.oam" Flag, "Control packet";
    GeneveCritical "geneve.flags.critical" Flag, "Critical options";
    GeneveProto "geneve.proto_type" Hex(4), "Protocol type";
    GeneveVni "geneve.vni" Hex(6), "Network identifier";
    GeneveOptionClass "geneve.option.class" Hex(4), "Option class";
    GeneveOptionType "geneve.option.type" Hex(2), "Option type";
    GeneveOptionCritical "geneve.option.type.critical" Flag, "Option is critical";
    GeneveOptionData "geneve.option.unknown.data" Bytes, "Option data";
    GeneveGoogleNetwork "geneve.option.gcp.vnid" Dec, "Google's network";
    GeneveGoogleDirection "geneve.option.gcp.direction" Flag, "Google's traffic direction";
    GeneveGoogleProfile "geneve.option.gcp.profile" Dec, "Google's profile";

    BmpVersion "bmp.version" Dec, "Version";
    BmpLength "bmp.length" Dec, "Length";
    BmpType "bmp.type" Dec, "Type";
    BmpPeerType "bmp.peer.type" Dec, "Peer's kind";
    BmpPeerFlags "bmp.peer.flags" Hex(2), "Peer's flags";
    BmpPeerDistinguisher "bmp.peer.distinguisher" Bytes, "Peer's distinguisher";
    BmpPeerAddress "bmp.peer.ip.addr" Ipv4, "Peer's address";
    BmpPeerAddress6 "bmp.peer.ipv6.addr" Ipv6, "Peer's address";
    BmpPeerAs "bmp.peer.asn" Dec, "Peer's AS";
    BmpPeerId "bmp.peer.id" Ipv4, "Peer's identifier";
    BmpPeerSeconds "bmp.peer.timestamp.sec" Dec, "Told at, seconds since 1970";
    BmpLocalAddress "bmp.peer.up.ip.addr" Ipv4, "Local address";
    BmpLocalAddress6 "bmp.peer.up.ipv6.addr" Ipv6, "Local address";
    BmpLocalPort "bmp.peer.up.port.local" Dec, "Local port";
    BmpRemotePort "bmp.peer.up.port.remote" Dec, "Remote port";
    BmpDownReason "bmp.peer.down.reason" Dec, "Reason";
    BmpStatistics "bmp.stats.count" Dec, "Counters";
    BmpInformation "bmp.init.info" Text, "Information";
    BmpError "bmp.error" Text, "Error";

    BgpLength "bgp.length" Dec, "Length";
    BgpType "bgp.type" Dec, "Type";
    BgpSkipped "bgp.stream.skipped" Text, "Not followed";
    BgpOpenVersion "bgp.open.version" Dec, "Version";
    BgpOpenMyAs "bgp.open.myas" Dec, "My AS";
    BgpOpenHoldTime "bgp.open.holdtime" Dec, "Hold time";
    BgpOpenIdentifier "bgp.open.identifier" Ipv4, "BGP identifier";
    BgpOpenOptLen "bgp.open.opt.len" Dec, "Optional parameters length";
    BgpOpenParamType "bgp.open.opt.param.type" Dec, "Parameter type";
    BgpOpenParamLen "bgp.open.opt.param.len" Dec, "Parameter length";
    BgpCapType "bgp.cap.type" Dec, "Capability";
    BgpCapLength "bgp.cap.length" Dec, "Capability length";
    BgpCapMpAfi "bgp.cap.mp.afi" Dec, "Multiprotocol AFI";
    BgpCapMpSafi "bgp.cap.mp.safi" Dec, "Multiprotocol SAFI";
    BgpCapAs "bgp.cap.4as" Dec, "4-octet AS";
    BgpCapGrTime "bgp.cap.gr.timers.restart_time" Dec, "Restart time";
    BgpCapGrAfi "bgp.cap.gr.afi" Dec, "Graceful restart AFI";
    BgpCapGrSafi "bgp.cap.gr.safi" Dec, "Graceful restart SAFI";
    BgpCapApAfi "bgp.cap.ap.afi" Dec, "ADD-PATH AFI";
    BgpCapApSafi "bgp.cap.ap.safi" Dec, "ADD-PATH SAFI";
    BgpCapApMode "bgp.cap.ap.sendreceive" Dec, "ADD-PATH send/receive";
    BgpCapEnhAfi "bgp.cap.enh.afi" Dec, "Extended next hop AFI";
    BgpCapEnhSafi "bgp.cap.enh.safi" Dec, "Extended next hop SAFI";
    BgpCapEnhNextHop "bgp.cap.enh.nhafi" Dec, "Extended next hop's AFI";
    BgpCapRole "bgp.cap.role" Dec, "Role";
    BgpCapHost "bgp.cap.fqdn.hostname" Text, "Host name";
    BgpCapDomain "bgp.cap.fqdn.domain_name" Text, "Domain name";
    BgpCapSoftware "bgp.cap.software_version" Text, "Software version";
    BgpCapUnknown "bgp.cap.unknown" Bytes, "Capability value";
    BgpWithdrawnLength "bgp.update.withdrawn_routes.length" Dec, "Withdrawn routes length";
    BgpWithdrawnPrefix "bgp.withdrawn_prefix" Ipv4, "Withdrawn prefix";
    BgpAttributesLength "bgp.update.path_attributes.length" Dec, "Path attributes length";
    BgpAttributeFlags "bgp.update.path_attribute.flags" Hex(2), "Attribute flags";
    BgpAttributeType "bgp.update.path_attribute.type_code" Dec, "Attribute";
    BgpAttributeLength "bgp.update.path_attribute.length" Dec, "Attribute length";
    BgpAttributeBytes "bgp.update.path_attribute.unknown" Bytes, "Attribute value, as it stands";
    BgpOrigin "bgp.update.path_attribute.origin" Dec, "Origin";
    BgpSegmentType "bgp.update.path_attribute.as_path_segment.type" Dec, "AS path segment";
    BgpSegmentLength "bgp.update.path_attribute.as_path_segment.length" Dec, "Segment length";
    BgpSegmentAs2 "bgp.update.path_attribute.as_path_segment.as2" Dec, "AS, 2 octets";
    BgpSegmentAs4 "bgp.update.path_attribute.as_path_segment.as4" Dec, "AS, 4 octets";
    BgpNextHop "bgp.update.path_attribute.next_hop" Ipv4, "Next hop";
    BgpMed "bgp.update.path_attribute.multi_exit_disc" Dec, "Multi exit discriminator";
    BgpLocalPref "bgp.update.path_attribute.local_pref" Dec, "Local preference";
    BgpAggregatorAs "bgp.update.path_attribute.aggregator_as" Dec, "Aggregator's AS";
    BgpAggregator "bgp.update.path_attribute.aggregator_origin" Ipv4, "Aggregator";
    BgpCommunityAs "bgp.update.path_attribute.community_as" Dec, "Community's AS";
    BgpCommunityValue "bgp.update.path_attribute.community_value" Dec, "Community's value";
    BgpOriginatorId "bgp.update.path_attribute.originator_id" Ipv4, "Originator";
    BgpClusterId "bgp.path_attribute.cluster_id" Ipv4, "Cluster";
    BgpReachAfi "bgp.update.path_attribute.mp_reach_nlri.afi" Dec, "Reachable AFI";
    BgpReachSafi "bgp.update.path_attribute.mp_reach_nlri.safi" Dec, "Reachable SAFI";
    BgpReachNextHop "bgp.update.path_attribute.mp_reach_nlri.next_hop" Bytes, "Next hop";
    BgpReachNextHop4 "bgp.update.path_attribute.mp_reach_nlri.next_hop.ipv4" Ipv4, "Next hop, IPv4";
    BgpReachNextHop6 "bgp.update.path_attribute.mp_reach_nlri.next_hop.ipv6" Ipv6, "Next hop, IPv6";
    BgpUnreachAfi "bgp.update.path_attribute.mp_unreach_nlri.afi" Dec, "Unreachable AFI";
    BgpUnreachSafi "bgp.update.path_attribute.mp_unreach_nlri.safi" Dec, "Unreachable SAFI";
    BgpLargeGlobal "bgp.large_communities.ga" Dec, "Large community, global";
    BgpLargeLocal1 "bgp.large_communities.ldp1" Dec, "Large community, local 1";
    BgpLargeLocal2 "bgp.large_communities.ldp2" Dec, "Large community, local 2";
    BgpAttribute "bgp.attribute" Text, "Value";
    BgpPrefixLength "bgp.prefix_length" Dec, "Prefix length";
    BgpPathId "bgp.nlri_path_id" Dec, "Path identifier";
    BgpPrefix "bgp.nlri_prefix" Ipv4, "Prefix";
    BgpReachPrefix4 "bgp.mp_reach_nlri_ipv4_prefix" Ipv4, "Reachable prefix, IPv4";
    BgpReachPrefix6 "bgp.mp_reach_nlri_ipv6_prefix" Ipv6, "Reachable prefix, IPv6";
    BgpUnreachPrefix4 "bgp.mp_unreach_nlri_ipv4_prefix" Ipv4, "Unreachable prefix, IPv4";
    BgpUnreachPrefix6 "bgp.mp_unreach_nlri_ipv6_prefix" Ipv6, "Unreachable prefix, IPv6";
    BgpAnnounced "bgp.announced" Text, "Announced";
    BgpWithdrawn "bgp.withdrawn" Text, "Withdrawn";
    BgpOutcome "bgp.outcome" Text, "RFC 7606";
    BgpFinding "bgp.finding" Text, "Wrong";
    BgpMajorError "bgp.notify.major_error" Dec, "Error";
    BgpMinorHeader "bgp.notify.minor_error" Dec, "Header error";
    BgpMinorOpen "bgp.notify.minor_error_open" Dec, "OPEN error";
    BgpMinorUpdate "bgp.notify.minor_error_update" Dec, "UPDATE error";
    BgpMinorExpired "bgp.notify.minor_error_expired" Dec, "Hold timer error";
    BgpMinorState "bgp.notify.minor_error_state" Dec, "State error";
    BgpMinorCease "bgp.notify.minor_error_cease" Dec, "Cease";
    BgpMinorUnknown "bgp.notify.minor_error_unknown" Dec, "Subcode";
    BgpNotifyText "bgp.notify.communication" Text, "Shutdown communication";
    BgpNotifyData "bgp.notify.minor_data" Bytes, "Data";
    BgpResetMajor "bgp.notify.hard_reset.major_error" Dec, "Reset for error";
    BgpResetMinor "bgp.notify.hard_reset.minor_error" Dec, "Reset for subcode";
    BgpResetText "bgp.notify.hard_reset.communication" Text, "Reset's communication";
    BgpRefreshAfi "bgp.route_refresh.afi" Dec, "Refresh AFI";
    BgpRefreshSubtype "bgp.route_refresh.subtype" Dec, "Refresh subtype";
    BgpRefreshSafi "bgp.route_refresh.safi" Dec, "Refresh SAFI";
    BgpOrfFlag "bgp.route_refresh.orf.flag" Dec, "Outbound route filters";
    BgpOrfType "bgp.route_refresh.orf.type" Dec, "Filters of type";
    BgpOrfLength "bgp.route_refresh.orf.length" Dec, "Filters' length";
    BgpOrfAction "bgp.route_refresh.orf.entry.action" Dec, "Filter's action";
    BgpOrfMatch "bgp.route_refresh.orf.entry.match" Dec, "Filter's match";
    BgpOrfSequence "bgp.route_refresh.orf.entry.sequence" Dec, "Filter's sequence";
    BgpOrfLower "bgp.route_refresh.orf.entry.prefixmask_lower" Dec, "Filter's least prefix length";
    BgpOrfUpper "bgp.route_refresh.orf.entry.prefixmask_upper" Dec, "Filter's most prefix length";
    BgpOrfPrefix "bgp.route_refresh.orf.entry.prefix" Text, "Filter's prefix";
    BgpError "bgp.error" Text, "Error";
    BgpInferred "bgp.inferred" Text, "Read as if agreed, which nobody told";

    Data "data.data" Bytes, "Data";
    DataLength "data.len" Dec, "Length";
}
