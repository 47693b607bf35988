# Made by `cargo run -p generate`: do not change it.
from ipaddress import IPv4Address, IPv6Address
from typing import Literal, TypeAlias

FieldName: TypeAlias = Literal[
    "frame.number",  # Number in the capture
    "frame.time",  # Captured at
    "frame.time_epoch",  # Captured at, seconds since 1970
    "frame.time_relative",  # Seconds since the first packet
    "frame.time_delta",  # Seconds since the packet before
    "frame.time_delta_displayed",  # Seconds since the packet shown before
    "frame.len",  # Length on the wire
    "frame.cap_len",  # Length captured
    "frame.protocols",  # Protocols
    "frame.error",  # Error
    "inner.eth.src",  # Innermost packet's source
    "inner.eth.dst",  # Innermost packet's destination
    "inner.ip.src",  # Innermost packet's source address
    "inner.ip.dst",  # Innermost packet's destination address
    "inner.ip.ttl",  # Innermost packet's time to live
    "inner.ip.proto",  # Innermost packet's protocol
    "inner.ipv6.src",  # Innermost packet's source address
    "inner.ipv6.dst",  # Innermost packet's destination address
    "inner.ipv6.hlim",  # Innermost packet's hop limit
    "inner.ipv6.nxt",  # Innermost packet's next header
    "inner.tcp.srcport",  # Innermost packet's source port
    "inner.tcp.dstport",  # Innermost packet's destination port
    "inner.udp.srcport",  # Innermost packet's source port
    "inner.udp.dstport",  # Innermost packet's destination port
    "outer.eth.src",  # Outermost packet's source
    "outer.eth.dst",  # Outermost packet's destination
    "outer.ip.src",  # Outermost packet's source address
    "outer.ip.dst",  # Outermost packet's destination address
    "outer.ip.ttl",  # Outermost packet's time to live
    "outer.ip.proto",  # Outermost packet's protocol
    "outer.ipv6.src",  # Outermost packet's source address
    "outer.ipv6.dst",  # Outermost packet's destination address
    "outer.ipv6.hlim",  # Outermost packet's hop limit
    "outer.ipv6.nxt",  # Outermost packet's next header
    "outer.tcp.srcport",  # Outermost packet's source port
    "outer.tcp.dstport",  # Outermost packet's destination port
    "outer.udp.srcport",  # Outermost packet's source port
    "outer.udp.dstport",  # Outermost packet's destination port
    "sll.pkttype",  # Packet type
    "sll.hatype",  # ARPHRD type
    "sll.ifindex",  # Interface index
    "sll.src.other",  # Source address
    "sll.etype",  # Protocol
    "null.family",  # Address family
    "eth.dst",  # Destination
    "eth.src",  # Source
    "eth.addr",  # Address
    "eth.dst.lg",  # Destination is locally administered
    "eth.dst.ig",  # Destination is a group
    "eth.src.lg",  # Source is locally administered
    "eth.src.ig",  # Source is a group
    "eth.lg",  # Address is locally administered
    "eth.ig",  # Address is a group's
    "eth.type",  # Type
    "eth.len",  # Length
    "eth.invalid_lentype",  # Neither type nor length
    "eth.trailer",  # Trailer
    "vlan.priority",  # Priority
    "vlan.dei",  # Drop eligible
    "vlan.id",  # VLAN identifier
    "vlan.etype",  # Type
    "vlan.len",  # Length
    "ieee8021ad.priority",  # Priority
    "ieee8021ad.dei",  # Drop eligible
    "ieee8021ad.id",  # Service VLAN identifier
    "vntag.dir",  # From the bridge
    "vntag.ptr",  # Destination is a list
    "vntag.dst",  # Destination interface
    "vntag.looped",  # Looped
    "vntag.version",  # Version
    "vntag.src",  # Source interface
    "vntag.etype",  # Type
    "vntag.len",  # Length
    "ieee8021ah.priority",  # Priority
    "ieee8021ah.drop",  # Drop eligible
    "ieee8021ah.nca",  # Customer's addresses
    "ieee8021ah.isid",  # Service instance identifier
    "ieee8021ah.cdst",  # Customer's destination
    "ieee8021ah.csrc",  # Customer's source
    "ieee8021ah.etype",  # Type
    "pppoe.version",  # Version
    "pppoe.type",  # Type
    "pppoe.code",  # Code
    "pppoe.session_id",  # Session
    "pppoe.payload_length",  # Payload length
    "ppp.protocol",  # Protocol
    "chdlc.address",  # Address
    "chdlc.control",  # Control
    "chdlc.protocol",  # Protocol
    "nflog.family",  # Address family
    "nflog.version",  # Version
    "nflog.res_id",  # Group
    "nflog.prefix",  # Prefix
    "avsp.type",  # Subtype
    "avsp.version",  # Version
    "avsp.timestamp",  # Time stamp
    "avsp.etype",  # Type
    "llc.dsap",  # Destination service access point
    "llc.ssap",  # Source service access point
    "llc.control",  # Control
    "llc.oui",  # Organisation
    "llc.type",  # Type
    "llc.pid",  # Protocol identifier
    "arp.hw.type",  # Hardware type
    "arp.proto.type",  # Protocol type
    "arp.hw.size",  # Hardware address size
    "arp.proto.size",  # Protocol address size
    "arp.opcode",  # Operation
    "arp.src.hw_mac",  # Sender MAC address
    "arp.src.proto_ipv4",  # Sender IP address
    "arp.dst.hw_mac",  # Target MAC address
    "arp.dst.proto_ipv4",  # Target IP address
    "mpls.label",  # Label
    "mpls.exp",  # Traffic class
    "mpls.bottom",  # Bottom of the stack
    "mpls.ttl",  # Time to live
    "ip.version",  # Version
    "ip.hdr_len",  # Header length
    "ip.dsfield.dscp",  # Differentiated services code point
    "ip.dsfield.ecn",  # Explicit congestion notification
    "ip.len",  # Total length
    "ip.id",  # Identification
    "ip.flags.rb",  # Reserved flag
    "ip.flags.df",  # Don't fragment
    "ip.flags.mf",  # More fragments
    "ip.frag_offset",  # Fragment offset, in units of 8
    "ip.ttl",  # Time to live
    "ip.proto",  # Protocol
    "ip.checksum",  # Header checksum
    "ip.checksum.status",  # Header checksum status
    "ip.src",  # Source address
    "ip.dst",  # Destination address
    "ip.addr",  # Address
    "ip.fragment.error",  # What is wrong with the fragment
    "ip.fragment.count",  # Fragments that make the packet whole
    "ip.reassembled.length",  # Length of what they carry
    "ip.opt.type",  # Option
    "ip.opt.data",  # Option data
    "ip.opt.ra",  # Router alert
    "ipv6.version",  # Version
    "ipv6.tclass",  # Traffic class
    "ipv6.tclass.dscp",  # Differentiated services code point
    "ipv6.tclass.ecn",  # Explicit congestion notification
    "ipv6.flow",  # Flow label
    "ipv6.plen",  # Payload length
    "ipv6.nxt",  # Next header
    "ipv6.hlim",  # Hop limit
    "ipv6.src",  # Source address
    "ipv6.dst",  # Destination address
    "ipv6.addr",  # Address
    "ipv6.hopopts.nxt",  # Next header
    "ipv6.hopopts.len",  # Length, in units of 8 without the first
    "ipv6.dstopts.nxt",  # Next header
    "ipv6.dstopts.len",  # Length, in units of 8 without the first
    "ipv6.opt.type",  # Option
    "ipv6.opt.length",  # Option length
    "ipv6.opt.jumbo",  # Jumbo payload length
    "ipv6.opt.router_alert",  # Router alert
    "ipv6.opt.data",  # Option data
    "ipv6.routing.nxt",  # Next header
    "ipv6.routing.len",  # Length, in units of 8 without the first
    "ipv6.routing.type",  # Routing type
    "ipv6.routing.segleft",  # Segments left
    "ipv6.routing.src.addr",  # Address
    "ipv6.routing.srh.addr",  # Segment
    "ipv6.fraghdr.nxt",  # Next header
    "ipv6.fraghdr.offset",  # Offset, in units of 8
    "ipv6.fraghdr.more",  # More fragments
    "ipv6.fraghdr.ident",  # Identification
    "ipv6.fragment.error",  # What is wrong with the fragment
    "ipv6.fragment.count",  # Fragments that make the packet whole
    "ipv6.reassembled.length",  # Length of what they carry
    "ah.next_header",  # Next header
    "ah.length",  # Length, in units of 4 without the first two
    "ah.spi",  # Security parameters index
    "ah.sequence",  # Sequence number
    "ah.icv",  # Integrity check value
    "icmp.type",  # Type
    "icmp.code",  # Code
    "icmp.checksum",  # Checksum
    "icmp.checksum.status",  # Checksum status
    "icmp.ident",  # Identifier
    "icmp.seq",  # Sequence number
    "icmp.resp_to",  # Answers the request in packet
    "icmp.mtu",  # MTU of the next hop
    "icmp.redir_gw",  # Gateway
    "icmp.pointer",  # Pointer
    "icmpv6.type",  # Type
    "icmpv6.code",  # Code
    "icmpv6.checksum",  # Checksum
    "icmpv6.checksum.status",  # Checksum status
    "icmpv6.echo.identifier",  # Identifier
    "icmpv6.echo.sequence_number",  # Sequence number
    "icmpv6.resp_to",  # Answers the request in packet
    "icmpv6.mtu",  # MTU of the next link
    "icmpv6.pointer",  # Pointer
    "icmpv6.nd.ra.cur_hop_limit",  # Hop limit for hosts
    "icmpv6.nd.ra.flag",  # Flags
    "icmpv6.nd.ra.router_lifetime",  # Router lifetime, in seconds
    "icmpv6.nd.ra.reachable_time",  # Reachable time, in milliseconds
    "icmpv6.nd.ra.retrans_timer",  # Retransmission timer, in milliseconds
    "icmpv6.nd.ns.target_address",  # Target address
    "icmpv6.nd.na.flag",  # Flags
    "icmpv6.nd.na.target_address",  # Target address
    "icmpv6.nd.rd.target_address",  # Target address
    "icmpv6.rd.na.destination_address",  # Destination address
    "icmpv6.opt.type",  # Option
    "icmpv6.opt.linkaddr",  # Link-layer address
    "icmpv6.opt.prefix",  # Prefix
    "icmpv6.opt.prefix.length",  # Prefix length
    "icmpv6.opt.mtu",  # MTU
    "icmpv6.mld.maximum_response_delay",  # Maximum response delay, in milliseconds
    "icmpv6.mld.maximum_response_code",  # Maximum response code
    "icmpv6.mld.multicast_address",  # Group
    "icmpv6.mld.flag",  # Flags
    "icmpv6.mld.flag.s",  # Timers are left as they are
    "icmpv6.mld.flag.qrv",  # Querier's robustness
    "icmpv6.mld.qqi",  # Querier's interval code
    "icmpv6.mld.nb_sources",  # Sources
    "icmpv6.mld.source_address",  # Source
    "icmpv6.mldr.nb_mcast_records",  # Group records
    "icmpv6.mldr.mar.record_type",  # Record
    "icmpv6.mldr.mar.aux_data_len",  # Auxiliary data's length, in units of 4
    "icmpv6.mldr.mar.nb_sources",  # Sources
    "icmpv6.mldr.mar.multicast_address",  # Group
    "icmpv6.mldr.mar.source_address",  # Source
    "icmpv6.mldr.mar.auxiliary_data",  # Auxiliary data
    "igmp.version",  # Version
    "igmp.type",  # Type
    "igmp.max_resp",  # Maximum response code, in tenths of a second
    "igmp.checksum",  # Checksum
    "igmp.checksum.status",  # Checksum status
    "igmp.s",  # Timers are left as they are
    "igmp.qrv",  # Querier's robustness
    "igmp.qqic",  # Querier's interval code
    "igmp.num_grp_recs",  # Group records
    "igmp.record_type",  # Record
    "igmp.aux_data_len",  # Auxiliary data's length, in units of 4
    "igmp.num_src",  # Sources
    "igmp.maddr",  # Group
    "igmp.saddr",  # Source
    "igmp.aux_data",  # Auxiliary data
    "udp.srcport",  # Source port
    "udp.dstport",  # Destination port
    "udp.port",  # Port
    "udp.length",  # Length
    "udp.checksum",  # Checksum
    "udp.checksum.status",  # Checksum status
    "udp.stream",  # Conversation
    "udp.payload",  # Payload
    "tcp.srcport",  # Source port
    "tcp.dstport",  # Destination port
    "tcp.port",  # Port
    "tcp.len",  # Length of the data
    "tcp.seq_raw",  # Sequence number
    "tcp.seq",  # Sequence number, from the beginning
    "tcp.ack_raw",  # Acknowledgment number
    "tcp.hdr_len",  # Header length
    "tcp.flags",  # Flags
    "tcp.flags.fin",  # FIN
    "tcp.flags.syn",  # SYN
    "tcp.flags.reset",  # RST
    "tcp.flags.push",  # PSH
    "tcp.flags.ack",  # ACK
    "tcp.flags.urg",  # URG
    "tcp.flags.ece",  # ECE
    "tcp.flags.cwr",  # CWR
    "tcp.flags.ae",  # AE
    "tcp.window_size_value",  # Window
    "tcp.checksum",  # Checksum
    "tcp.checksum.status",  # Checksum status
    "tcp.urgent_pointer",  # Urgent pointer
    "tcp.payload",  # Payload
    "tcp.stream",  # Conversation
    "tcp.nxtseq",  # Sequence number behind it, from the beginning
    "tcp.ack",  # Acknowledgment number, from the beginning
    "tcp.window_size",  # Window in bytes
    "tcp.analysis.flags",  # What it looks like
    "tcp.analysis.retransmission",  # Retransmission
    "tcp.analysis.fast_retransmission",  # Fast retransmission
    "tcp.analysis.spurious_retransmission",  # Spurious retransmission
    "tcp.analysis.out_of_order",  # Out of order
    "tcp.analysis.lost_segment",  # Segment before it not seen
    "tcp.analysis.ack_lost_segment",  # Acknowledges what was not seen
    "tcp.analysis.duplicate_ack",  # Duplicate ACK
    "tcp.analysis.duplicate_ack_num",  # Which duplicate
    "tcp.analysis.zero_window",  # Zero window
    "tcp.analysis.zero_window_probe",  # Zero window probe
    "tcp.analysis.zero_window_probe_ack",  # Zero window probe's ACK
    "tcp.analysis.keep_alive",  # Keep-alive
    "tcp.analysis.keep_alive_ack",  # Keep-alive's ACK
    "tcp.analysis.window_update",  # Window update
    "tcp.analysis.window_full",  # Window full
    "tcp.analysis.reused_ports",  # Ports used again
    "tcp.option_kind",  # Option
    "tcp.options.mss_val",  # Maximum segment size
    "tcp.options.wscale.shift",  # Window scale
    "tcp.options.sack_le",  # SACK left edge
    "tcp.options.sack_re",  # SACK right edge
    "tcp.options.timestamp.tsval",  # Timestamp
    "tcp.options.timestamp.tsecr",  # Timestamp echo
    "tcp.options.data",  # Option data
    "gre.flags_and_version",  # Flags and version
    "gre.flags.checksum",  # Has a checksum
    "gre.flags.key",  # Has a key
    "gre.flags.sequence_number",  # Has a sequence number
    "gre.flags.ack",  # Has an acknowledgment number
    "gre.flags.version",  # Version
    "gre.proto",  # Protocol type
    "gre.checksum",  # Checksum
    "gre.checksum.status",  # Checksum status
    "gre.key",  # Key
    "gre.sequence_number",  # Sequence number
    "gre.ack_number",  # Acknowledgment number
    "esp.spi",  # Security parameters index
    "esp.sequence",  # Sequence number
    "esp.pad_len",  # Padding's length
    "esp.protocol",  # Next header
    "esp.icv_good",  # Check value is right
    "esp.refused",  # Stays closed
    "sflow_245.version",  # Version
    "sflow_245.agent",  # Agent
    "sflow_245.agent.v6",  # Agent
    "sflow_245.sub_agent_id",  # Part of the agent
    "sflow_245.sequence_number",  # Sequence number
    "sflow_245.sysuptime",  # Up for, in milliseconds
    "sflow_245.numsamples",  # Samples
    "sflow_5.sampling_rate",  # Of so many packets one is sampled
    "sflow_245.header_protocol",  # Sampled packet's protocol
    "sflow_245.header.frame_length",  # Sampled packet's length
    "gtp.flags",  # Flags
    "gtp.flags.version",  # Version
    "gtp.flags.payload",  # Protocol type
    "gtp.flags.reserved",  # Reserved
    "gtp.flags.e",  # An extension header follows
    "gtp.flags.s",  # The sequence number counts
    "gtp.flags.pn",  # The N-PDU number counts
    "gtp.message",  # Message
    "gtp.length",  # Length
    "gtp.teid",  # Tunnel endpoint identifier
    "gtp.seq_number",  # Sequence number
    "gtp.npdu_number",  # N-PDU number
    "gtp.ext_hdr.length",  # Extension header's length, in units of 4
    "gtp.ext_hdr.udp_port",  # UDP port
    "gtp.ext_hdr.pdcp_sn",  # PDCP sequence number
    "gtp.ext_hdr.pdu_ses_con.pdu_type",  # PDU session's direction
    "gtp.ext_hdr.pdu_ses_cont.ppp",  # A paging policy is told
    "gtp.ext_hdr.pdu_ses_cont.rqi",  # Answers have the same quality
    "gtp.ext_hdr.pdu_ses_con.qos_flow_id",  # Quality of service flow
    "gtp.ext_hdr.next",  # Next extension header
    "gtp.recovery",  # Restarts
    "gtp.teid_data",  # Tunnel that there is not
    "gtp.gsn_ipv4",  # Peer
    "gtp.gsn_ipv6",  # Peer
    "wg.type",  # Type
    "wg.sender",  # Sender's index
    "wg.receiver",  # Receiver's index
    "wg.ephemeral",  # Ephemeral key
    "wg.static",  # Initiator's static key, opened
    "wg.handshake_ok",  # Handshake opened
    "wg.mac1",  # First code
    "wg.mac2",  # Second code
    "wg.nonce",  # Nonce
    "wg.encrypted_cookie",  # Cookie, sealed
    "wg.counter",  # Counter
    "wg.refused",  # Stays closed
    "src.name",  # Source's name
    "dst.name",  # Destination's name
    "flannel.src.node",  # Source's node, by its lease
    "flannel.src.backend",  # Source's backend
    "flannel.dst.node",  # Destination's node, by its lease
    "flannel.dst.backend",  # Destination's backend
    "weave.sender",  # Sender
    "weave.sequence",  # Sequence number
    "weave.df",  # Sent not to be fragmented
    "weave.frame.src",  # Frame from peer
    "weave.frame.dst",  # Frame to peer
    "weave.frame.len",  # Frame's length
    "weave.frame.kind",  # Frame's kind
    "weave.frame.sealed",  # Frame came sealed
    "weave.fastdp.src",  # From short id
    "weave.fastdp.dst",  # To short id
    "cilium.identity",  # Source's identity
    "cilium.cluster",  # Source's cluster
    "cilium.dsr",  # Service to answer from
    "vxlan.flags",  # Flags
    "vxlan.gbp",  # Group policy ID
    "vxlan.vni",  # Network identifier
    "vxlan.reserved8",  # Reserved
    "vxlan.next_proto",  # Next protocol
    "geneve.version",  # Version
    "geneve.option.length_total",  # Options length
    "geneve.flags.oam",  # Control packet
    "geneve.flags.critical",  # Critical options
    "geneve.proto_type",  # Protocol type
    "geneve.vni",  # Network identifier
    "geneve.option.class",  # Option class
    "geneve.option.type",  # Option type
    "geneve.option.type.critical",  # Option is critical
    "geneve.option.unknown.data",  # Option data
    "geneve.option.gcp.vnid",  # Google's network
    "geneve.option.gcp.direction",  # Google's traffic direction
    "geneve.option.gcp.profile",  # Google's profile
    "bmp.version",  # Version
    "bmp.length",  # Length
    "bmp.type",  # Type
    "bmp.peer.type",  # Peer's kind
    "bmp.peer.flags",  # Peer's flags
    "bmp.peer.distinguisher",  # Peer's distinguisher
    "bmp.peer.ip.addr",  # Peer's address
    "bmp.peer.ipv6.addr",  # Peer's address
    "bmp.peer.asn",  # Peer's AS
    "bmp.peer.id",  # Peer's identifier
    "bmp.peer.timestamp.sec",  # Told at, seconds since 1970
    "bmp.peer.up.ip.addr",  # Local address
    "bmp.peer.up.ipv6.addr",  # Local address
    "bmp.peer.up.port.local",  # Local port
    "bmp.peer.up.port.remote",  # Remote port
    "bmp.peer.down.reason",  # Reason
    "bmp.stats.count",  # Counters
    "bmp.init.info",  # Information
    "bmp.error",  # Error
    "bgp.length",  # Length
    "bgp.type",  # Type
    "bgp.stream.skipped",  # Not followed
    "bgp.open.version",  # Version
    "bgp.open.myas",  # My AS
    "bgp.open.holdtime",  # Hold time
    "bgp.open.identifier",  # BGP identifier
    "bgp.open.opt.len",  # Optional parameters length
    "bgp.open.opt.param.type",  # Parameter type
    "bgp.open.opt.param.len",  # Parameter length
    "bgp.cap.type",  # Capability
    "bgp.cap.length",  # Capability length
    "bgp.cap.mp.afi",  # Multiprotocol AFI
    "bgp.cap.mp.safi",  # Multiprotocol SAFI
    "bgp.cap.4as",  # 4-octet AS
    "bgp.cap.gr.timers.restart_time",  # Restart time
    "bgp.cap.gr.afi",  # Graceful restart AFI
    "bgp.cap.gr.safi",  # Graceful restart SAFI
    "bgp.cap.ap.afi",  # ADD-PATH AFI
    "bgp.cap.ap.safi",  # ADD-PATH SAFI
    "bgp.cap.ap.sendreceive",  # ADD-PATH send/receive
    "bgp.cap.enh.afi",  # Extended next hop AFI
    "bgp.cap.enh.safi",  # Extended next hop SAFI
    "bgp.cap.enh.nhafi",  # Extended next hop's AFI
    "bgp.cap.role",  # Role
    "bgp.cap.fqdn.hostname",  # Host name
    "bgp.cap.fqdn.domain_name",  # Domain name
    "bgp.cap.software_version",  # Software version
    "bgp.cap.unknown",  # Capability value
    "bgp.update.withdrawn_routes.length",  # Withdrawn routes length
    "bgp.withdrawn_prefix",  # Withdrawn prefix
    "bgp.update.path_attributes.length",  # Path attributes length
    "bgp.update.path_attribute.flags",  # Attribute flags
    "bgp.update.path_attribute.type_code",  # Attribute
    "bgp.update.path_attribute.length",  # Attribute length
    "bgp.update.path_attribute.unknown",  # Attribute value, as it stands
    "bgp.update.path_attribute.origin",  # Origin
    "bgp.update.path_attribute.as_path_segment.type",  # AS path segment
    "bgp.update.path_attribute.as_path_segment.length",  # Segment length
    "bgp.update.path_attribute.as_path_segment.as2",  # AS, 2 octets
    "bgp.update.path_attribute.as_path_segment.as4",  # AS, 4 octets
    "bgp.update.path_attribute.next_hop",  # Next hop
    "bgp.update.path_attribute.multi_exit_disc",  # Multi exit discriminator
    "bgp.update.path_attribute.local_pref",  # Local preference
    "bgp.update.path_attribute.aggregator_as",  # Aggregator's AS
    "bgp.update.path_attribute.aggregator_origin",  # Aggregator
    "bgp.update.path_attribute.community_as",  # Community's AS
    "bgp.update.path_attribute.community_value",  # Community's value
    "bgp.update.path_attribute.originator_id",  # Originator
    "bgp.path_attribute.cluster_id",  # Cluster
    "bgp.update.path_attribute.mp_reach_nlri.afi",  # Reachable AFI
    "bgp.update.path_attribute.mp_reach_nlri.safi",  # Reachable SAFI
    "bgp.update.path_attribute.mp_reach_nlri.next_hop",  # Next hop
    "bgp.update.path_attribute.mp_reach_nlri.next_hop.ipv4",  # Next hop, IPv4
    "bgp.update.path_attribute.mp_reach_nlri.next_hop.ipv6",  # Next hop, IPv6
    "bgp.update.path_attribute.mp_unreach_nlri.afi",  # Unreachable AFI
    "bgp.update.path_attribute.mp_unreach_nlri.safi",  # Unreachable SAFI
    "bgp.large_communities.ga",  # Large community, global
    "bgp.large_communities.ldp1",  # Large community, local 1
    "bgp.large_communities.ldp2",  # Large community, local 2
    "bgp.attribute",  # Value
    "bgp.prefix_length",  # Prefix length
    "bgp.nlri_path_id",  # Path identifier
    "bgp.nlri_prefix",  # Prefix
    "bgp.mp_reach_nlri_ipv4_prefix",  # Reachable prefix, IPv4
    "bgp.mp_reach_nlri_ipv6_prefix",  # Reachable prefix, IPv6
    "bgp.mp_unreach_nlri_ipv4_prefix",  # Unreachable prefix, IPv4
    "bgp.mp_unreach_nlri_ipv6_prefix",  # Unreachable prefix, IPv6
    "bgp.announced",  # Announced
    "bgp.withdrawn",  # Withdrawn
    "bgp.outcome",  # RFC 7606
    "bgp.finding",  # Wrong
    "bgp.notify.major_error",  # Error
    "bgp.notify.minor_error",  # Header error
    "bgp.notify.minor_error_open",  # OPEN error
    "bgp.notify.minor_error_update",  # UPDATE error
    "bgp.notify.minor_error_expired",  # Hold timer error
    "bgp.notify.minor_error_state",  # State error
    "bgp.notify.minor_error_cease",  # Cease
    "bgp.notify.minor_error_unknown",  # Subcode
    "bgp.notify.communication",  # Shutdown communication
    "bgp.notify.minor_data",  # Data
    "bgp.notify.hard_reset.major_error",  # Reset for error
    "bgp.notify.hard_reset.minor_error",  # Reset for subcode
    "bgp.notify.hard_reset.communication",  # Reset's communication
    "bgp.route_refresh.afi",  # Refresh AFI
    "bgp.route_refresh.subtype",  # Refresh subtype
    "bgp.route_refresh.safi",  # Refresh SAFI
    "bgp.route_refresh.orf.flag",  # Outbound route filters
    "bgp.route_refresh.orf.type",  # Filters of type
    "bgp.route_refresh.orf.length",  # Filters' length
    "bgp.route_refresh.orf.entry.action",  # Filter's action
    "bgp.route_refresh.orf.entry.match",  # Filter's match
    "bgp.route_refresh.orf.entry.sequence",  # Filter's sequence
    "bgp.route_refresh.orf.entry.prefixmask_lower",  # Filter's least prefix length
    "bgp.route_refresh.orf.entry.prefixmask_upper",  # Filter's most prefix length
    "bgp.route_refresh.orf.entry.prefix",  # Filter's prefix
    "bgp.error",  # Error
    "bgp.inferred",  # Read as if agreed, which nobody told
    "data.data",  # Data
    "data.len",  # Length
]

LayerName: TypeAlias = Literal[
    "ah",
    "arp",
    "avsp",
    "bgp",
    "bmp",
    "chdlc",
    "data",
    "esp",
    "eth",
    "flannel_udp",
    "geneve",
    "gre",
    "gtp",
    "icmp",
    "icmpv6",
    "ieee8021ah",
    "igmp",
    "ip",
    "ipv6",
    "ipv6.dstopts",
    "ipv6.fraghdr",
    "ipv6.hopopts",
    "ipv6.routing",
    "llc",
    "mpls",
    "nflog",
    "null",
    "ppp",
    "pppoe",
    "sflow",
    "sll",
    "sll2",
    "snap",
    "tcp",
    "udp",
    "udpencap",
    "vlan",
    "vntag",
    "vxlan",
    "vxlan_gpe",
    "weave",
    "wg",
]

Value: TypeAlias = int | bool | str | bytes | IPv4Address | IPv6Address
