//! The table of TLVs: type, name, and what the value is.

/// Hands the table to a macro.
macro_rules! tlvs {
    ($make:ident) => {
        $make! {
            /// Topologies.
            MULTI_TOPOLOGY = 263, "multi-topology-id", MultiTopology(&'a [Number16]);
            /// What a node can put on and look at (RFC 8814).
            NODE_MSD = 266, "node-msd", NodeMsd(&'a [Msd]);
            /// The same of a link.
            LINK_MSD = 267, "link-msd", LinkMsd(&'a [Msd]);
            /// Flags of a node.
            NODE_FLAGS = 1024, "node-flags", NodeFlags(&'a NodeFlags);
            /// What does not fit elsewhere, of a node.
            OPAQUE_NODE = 1025, "opaque-node", OpaqueNode(Opaque<'a>);
            /// A node's name.
            NODE_NAME = 1026, "node-name", NodeName(Name<'a>);
            /// A node's IS-IS area.
            ISIS_AREA = 1027, "isis-area", IsisArea(IsisArea<'a>);
            /// Near end's IPv4 router identifier.
            LOCAL_IPV4_ROUTER_ID = 1028, "local-ipv4-router-id", LocalIpv4RouterId(Ipv4Addr);
            /// Near end's IPv6 router identifier.
            LOCAL_IPV6_ROUTER_ID = 1029, "local-ipv6-router-id", LocalIpv6RouterId(Ipv6Addr);
            /// Far end's IPv4 router identifier.
            REMOTE_IPV4_ROUTER_ID = 1030, "remote-ipv4-router-id", RemoteIpv4RouterId(Ipv4Addr);
            /// Far end's IPv6 router identifier.
            REMOTE_IPV6_ROUTER_ID = 1031, "remote-ipv6-router-id", RemoteIpv6RouterId(Ipv6Addr);
            /// Discriminators of seamless BFD (RFC 9247).
            SBFD_DISCRIMINATORS = 1032, "s-bfd-discriminators", SbfdDiscriminators(&'a [Number]);
            /// Segment routing capabilities: the global block.
            SR_CAPABILITIES = 1034, "sr-capabilities", SrCapabilities(SidRanges<'a>);
            /// Segment routing algorithms.
            SR_ALGORITHM = 1035, "sr-algorithm", SrAlgorithms(&'a [Number8]);
            /// Segment routing local block.
            SR_LOCAL_BLOCK = 1036, "sr-local-block", SrLocalBlock(SidRanges<'a>);
            /// Which of several mapping servers is preferred.
            SRMS_PREFERENCE = 1037, "srms-preference", SrmsPreference(&'a Number8);
            /// SRv6 capabilities (RFC 9514).
            SRV6_CAPABILITIES = 1038, "srv6-capabilities", Srv6Capabilities(&'a Srv6Capabilities);
            /// A flexible algorithm's definition (RFC 9351).
            FLEX_ALGORITHM = 1039, "flexible-algorithm", FlexAlgorithm(FlexAlgorithm<'a>);
            /// In it: links that do not take part, by their groups.
            EXCLUDE_ANY = 1040, "exclude-any-affinity", ExcludeAny(&'a [AdminGroup]);
            /// In it: links that take part if they are of one of these.
            INCLUDE_ANY = 1041, "include-any-affinity", IncludeAny(&'a [AdminGroup]);
            /// In it: links that take part if they are of all of these.
            INCLUDE_ALL = 1042, "include-all-affinity", IncludeAll(&'a [AdminGroup]);
            /// In it: its flags.
            FLEX_ALGORITHM_FLAGS = 1043, "flexible-algorithm-flags", FlexAlgorithmFlags(Opaque<'a>);
            /// A prefix's metric by it (RFC 9351).
            FLEX_ALGORITHM_METRIC = 1044, "flexible-algorithm-prefix-metric", FlexAlgorithmMetric(&'a FlexAlgorithmMetric);
            /// In it: links that do not take part, by the risks that they share.
            EXCLUDE_RISK = 1045, "exclude-srlg", ExcludeRisk(&'a [Number]);
            /// In it: sub-TLVs that the protocol has and this one has not.
            UNSUPPORTED = 1046, "flexible-algorithm-unsupported", Unsupported(Opaque<'a>);
            /// Administrative groups.
            ADMIN_GROUP = 1088, "admin-group", AdminGroup(&'a AdminGroup);
            /// The most bandwidth of a link.
            MAX_BANDWIDTH = 1089, "max-bandwidth", MaxBandwidth(&'a Bandwidth);
            /// The most bandwidth that can be reserved.
            MAX_RESERVABLE_BANDWIDTH = 1090, "max-reservable-bandwidth", MaxReservableBandwidth(&'a Bandwidth);
            /// Bandwidth that is not reserved, by priority, the first the highest.
            UNRESERVED_BANDWIDTH = 1091, "unreserved-bandwidth", UnreservedBandwidth(&'a [Bandwidth]);
            /// Metric for traffic engineering.
            TE_METRIC = 1092, "te-metric", TeMetric(&'a Number);
            /// How a link is protected.
            PROTECTION = 1093, "link-protection", Protection(&'a Protection);
            /// MPLS signalling.
            MPLS_PROTOCOLS = 1094, "mpls-protocols", MplsProtocols(&'a MplsProtocols);
            /// The IGP's metric, 1 to 3 bytes.
            IGP_METRIC = 1095, "igp-metric", IgpMetric(IgpMetric);
            /// Links that share a risk.
            SHARED_RISK = 1096, "shared-risk-link-groups", SharedRisk(&'a [Number]);
            /// What does not fit elsewhere, of a link.
            OPAQUE_LINK = 1097, "opaque-link", OpaqueLink(Opaque<'a>);
            /// A link's name.
            LINK_NAME = 1098, "link-name", LinkName(Name<'a>);
            /// Adjacency segment identifier.
            ADJACENCY_SID = 1099, "adjacency-sid", AdjacencySid(AdjacencySid);
            /// The same on a LAN.
            LAN_ADJACENCY_SID = 1100, "lan-adjacency-sid", LanAdjacencySid(LanAdjacencySid<'a>);
            /// Peer node segment identifier (RFC 9086).
            PEER_NODE_SID = 1101, "peer-node-sid", PeerNodeSid(AdjacencySid);
            /// Peer adjacency segment identifier (RFC 9086).
            PEER_ADJACENCY_SID = 1102, "peer-adjacency-sid", PeerAdjacencySid(AdjacencySid);
            /// Peer set segment identifier (RFC 9086).
            PEER_SET_SID = 1103, "peer-set-sid", PeerSetSid(AdjacencySid);
            /// SRv6 End.X (RFC 9514).
            SRV6_END_X = 1106, "srv6-end-x-sid", Srv6EndX(EndX<'a, 0>);
            /// The same on a LAN of IS-IS.
            SRV6_ISIS_LAN_END_X = 1107, "srv6-isis-lan-end-x-sid", Srv6IsisLanEndX(EndX<'a, 6>);
            /// The same on a LAN of OSPFv3.
            SRV6_OSPFV3_LAN_END_X = 1108, "srv6-ospfv3-lan-end-x-sid", Srv6Ospfv3LanEndX(EndX<'a, 4>);
            /// Delay of a link, one way.
            DELAY = 1114, "unidirectional-delay", Delay(&'a Delay);
            /// Least and most delay.
            MIN_MAX_DELAY = 1115, "min-max-delay", MinMaxDelay(&'a MinMaxDelay);
            /// How much delay varies.
            DELAY_VARIATION = 1116, "delay-variation", DelayVariation(&'a Delay);
            /// The share of packets that are lost.
            LOSS = 1117, "link-loss", Loss(&'a Loss);
            /// Bandwidth that is left of the link's.
            RESIDUAL_BANDWIDTH = 1118, "residual-bandwidth", ResidualBandwidth(&'a Bandwidth);
            /// Bandwidth that is left of that.
            AVAILABLE_BANDWIDTH = 1119, "available-bandwidth", AvailableBandwidth(&'a Bandwidth);
            /// Bandwidth that is used.
            UTILIZED_BANDWIDTH = 1120, "utilized-bandwidth", UtilizedBandwidth(&'a Bandwidth);
            /// Attributes that are for some applications alone (RFC 9294).
            FOR_APPLICATIONS = 1122, "application-specific", ForApplications(ForApplications<'a>);
            /// Flags of a prefix.
            IGP_FLAGS = 1152, "igp-flags", IgpFlags(&'a IgpFlags);
            /// Route tags.
            ROUTE_TAG = 1153, "route-tag", RouteTags(&'a [Number]);
            /// Route tags of 8 bytes.
            EXTENDED_TAG = 1154, "extended-route-tag", ExtendedTags(&'a [Number64]);
            /// A prefix's metric.
            PREFIX_METRIC = 1155, "prefix-metric", PrefixMetric(&'a Number);
            /// OSPF forwarding address.
            OSPF_FORWARDING = 1156, "ospf-forwarding-address", OspfForwarding(IpAddr);
            /// What does not fit elsewhere, of a prefix.
            OPAQUE_PREFIX = 1157, "opaque-prefix", OpaquePrefix(Opaque<'a>);
            /// Prefix segment identifier.
            PREFIX_SID = 1158, "prefix-sid", PrefixSid(PrefixSid);
            /// A range of prefixes.
            RANGE = 1159, "range", Range(Range<'a>);
            /// A segment identifier by itself.
            SID = 1161, "sid", Sid(Sid);
            /// SRv6 locator (RFC 9514).
            SRV6_LOCATOR = 1162, "srv6-locator", Srv6Locator(Locator<'a>);
            /// Attribute flags of a prefix, as the IGP has them.
            PREFIX_FLAGS = 1170, "prefix-attribute-flags", PrefixFlags(Opaque<'a>);
            /// The router that a prefix came from (RFC 9085).
            SOURCE_ROUTER_ID = 1171, "source-router-id", SourceRouterId(IpAddr);
            /// A member of a bundle of links (RFC 9085).
            BUNDLE_MEMBER = 1172, "l2-bundle-member", BundleMember(BundleMember<'a>);
            /// Administrative groups, more than 32 (RFC 9104).
            EXTENDED_ADMIN_GROUP = 1173, "extended-admin-group", ExtendedAdminGroup(&'a [AdminGroup]);
            /// The OSPF router that a prefix came from (RFC 9085).
            SOURCE_OSPF_ROUTER_ID = 1174, "source-ospf-router-id", SourceOspfRouterId(Ipv4Addr);
            /// SRv6 endpoint behaviour (RFC 9514).
            SRV6_BEHAVIOR = 1250, "srv6-endpoint-behavior", Srv6Behavior(&'a EndpointBehavior);
            /// The BGP peer that an SRv6 segment identifier leads to (RFC 9514).
            SRV6_PEER_NODE = 1251, "srv6-peer-node-sid", Srv6PeerNode(&'a Srv6PeerNode);
            /// SRv6 structure (RFC 9514).
            SRV6_STRUCTURE = 1252, "srv6-sid-structure", Srv6Structure(&'a SidStructure);
        }
    };
}

pub(super) use tlvs;
