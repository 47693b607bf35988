//! The table of TLVs: type, name, and what the value is. Descriptors and attributes have one registry.

/// Hands the table to a macro.
macro_rules! tlvs {
    ($make:ident) => {
        $make! {
            /// The node, or a link's near end.
            LOCAL_NODE = 256, "local-node", LocalNode(NodeDescriptors<'a>);
            /// A link's far end.
            REMOTE_NODE = 257, "remote-node", RemoteNode(NodeDescriptors<'a>);
            /// Numbers of a link at both ends.
            LINK_IDENTIFIERS = 258, "link-identifiers", LinkIdentifiers(LinkIdentifiers);
            /// IPv4 address of an interface.
            IPV4_INTERFACE = 259, "ipv4-interface-address", Ipv4Interface(Ipv4Addr);
            /// IPv4 address of the neighbour.
            IPV4_NEIGHBOR = 260, "ipv4-neighbor-address", Ipv4Neighbor(Ipv4Addr);
            /// IPv6 address of an interface.
            IPV6_INTERFACE = 261, "ipv6-interface-address", Ipv6Interface(Ipv6Addr);
            /// IPv6 address of the neighbour.
            IPV6_NEIGHBOR = 262, "ipv6-neighbor-address", Ipv6Neighbor(Ipv6Addr);
            /// Topologies.
            MULTI_TOPOLOGY = 263, "multi-topology-id", MultiTopology(&'a [Topology]);
            /// How a prefix came into OSPF.
            OSPF_ROUTE_TYPE = 264, "ospf-route-type", OspfRouteType(OspfRouteType);
            /// A prefix.
            IP_REACHABILITY = 265, "ip-reachability", IpReachability(Reachability<'a>);
            /// What a node can put on and look at (RFC 8814).
            NODE_MSD = 266, "node-msd", NodeMsd(&'a [Msd]);
            /// The same of a link.
            LINK_MSD = 267, "link-msd", LinkMsd(&'a [Msd]);
            /// In a node: its AS.
            AUTONOMOUS_SYSTEM = 512, "autonomous-system", AutonomousSystem(u32);
            /// In a node: the BGP-LS domain.
            BGP_LS_IDENTIFIER = 513, "bgp-ls-identifier", BgpLsIdentifier(u32);
            /// In a node: the OSPF area.
            OSPF_AREA = 514, "ospf-area-id", OspfArea(Ipv4Addr);
            /// In a node: its identifier in the IGP.
            IGP_ROUTER_ID = 515, "igp-router-id", IgpRouterId(RouterId<'a>);
            /// In a node: its BGP identifier (RFC 9086).
            BGP_ROUTER_ID = 516, "bgp-router-id", BgpRouterId(Ipv4Addr);
            /// In a node: its confederation member AS (RFC 9086).
            MEMBER_AS = 517, "member-as", MemberAs(u32);
            /// An SRv6 segment identifier (RFC 9514).
            SRV6_SID = 518, "srv6-sid", Srv6Sid(Ipv6Addr);
            /// A candidate path of a segment routing policy (RFC 9857).
            CANDIDATE_PATH = 554, "sr-policy-candidate-path", CandidatePath(CandidatePath);
            /// Flags of a node.
            NODE_FLAGS = 1024, "node-flags", NodeFlags(NodeFlags);
            /// What does not fit elsewhere, of a node.
            OPAQUE_NODE = 1025, "opaque-node", OpaqueNode(&'a [u8]);
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
            SR_ALGORITHM = 1035, "sr-algorithm", SrAlgorithms(&'a [Algorithm]);
            /// Segment routing local block.
            SR_LOCAL_BLOCK = 1036, "sr-local-block", SrLocalBlock(SidRanges<'a>);
            /// Which of several mapping servers is preferred.
            SRMS_PREFERENCE = 1037, "srms-preference", SrmsPreference(u8);
            /// SRv6 capabilities (RFC 9514).
            SRV6_CAPABILITIES = 1038, "srv6-capabilities", Srv6Capabilities(Srv6Capabilities);
            /// A flexible algorithm's definition (RFC 9351).
            FLEX_ALGORITHM = 1039, "flexible-algorithm", FlexAlgorithm(FlexAlgorithm<'a>);
            /// In it: links that do not take part, by their groups.
            EXCLUDE_ANY = 1040, "exclude-any-affinity", ExcludeAny(&'a [AdminGroup]);
            /// In it: links that take part if they are of one of these.
            INCLUDE_ANY = 1041, "include-any-affinity", IncludeAny(&'a [AdminGroup]);
            /// In it: links that take part if they are of all of these.
            INCLUDE_ALL = 1042, "include-all-affinity", IncludeAll(&'a [AdminGroup]);
            /// In it: its flags.
            FLEX_ALGORITHM_FLAGS = 1043, "flexible-algorithm-flags", FlexAlgorithmFlags(&'a [u8]);
            /// A prefix's metric by it (RFC 9351).
            FLEX_ALGORITHM_METRIC = 1044, "flexible-algorithm-prefix-metric", FlexAlgorithmMetric(FlexAlgorithmMetric);
            /// In it: links that do not take part, by the risks that they share.
            EXCLUDE_RISK = 1045, "exclude-srlg", ExcludeRisk(&'a [Number]);
            /// In it: sub-TLVs that the protocol has and this one has not.
            UNSUPPORTED = 1046, "flexible-algorithm-unsupported", Unsupported(&'a [u8]);
            /// Administrative groups.
            ADMIN_GROUP = 1088, "admin-group", AdminGroup(AdminGroup);
            /// The most bandwidth of a link.
            MAX_BANDWIDTH = 1089, "max-bandwidth", MaxBandwidth(Bandwidth);
            /// The most bandwidth that can be reserved.
            MAX_RESERVABLE_BANDWIDTH = 1090, "max-reservable-bandwidth", MaxReservableBandwidth(Bandwidth);
            /// Bandwidth that is not reserved, by priority, the first the highest.
            UNRESERVED_BANDWIDTH = 1091, "unreserved-bandwidth", UnreservedBandwidth(&'a [Bandwidth]);
            /// Metric for traffic engineering.
            TE_METRIC = 1092, "te-metric", TeMetric(u32);
            /// How a link is protected.
            PROTECTION = 1093, "link-protection", Protection(Protection);
            /// MPLS signalling.
            MPLS_PROTOCOLS = 1094, "mpls-protocols", MplsProtocols(MplsProtocols);
            /// The IGP's metric, 1 to 3 bytes.
            IGP_METRIC = 1095, "igp-metric", IgpMetric(IgpMetric);
            /// Links that share a risk.
            SHARED_RISK = 1096, "shared-risk-link-groups", SharedRisk(&'a [Number]);
            /// What does not fit elsewhere, of a link.
            OPAQUE_LINK = 1097, "opaque-link", OpaqueLink(&'a [u8]);
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
            /// How exactly a link tells the time (RFC 8169).
            RTM = 1105, "rtm-capability", Rtm(&'a [u8]);
            /// SRv6 End.X (RFC 9514).
            SRV6_END_X = 1106, "srv6-end-x-sid", Srv6EndX(EndX<'a, 0>);
            /// The same on a LAN of IS-IS.
            SRV6_ISIS_LAN_END_X = 1107, "srv6-isis-lan-end-x-sid", Srv6IsisLanEndX(EndX<'a, 6>);
            /// The same on a LAN of OSPFv3.
            SRV6_OSPFV3_LAN_END_X = 1108, "srv6-ospfv3-lan-end-x-sid", Srv6Ospfv3LanEndX(EndX<'a, 4>);
            /// Delay of a link, one way.
            DELAY = 1114, "unidirectional-delay", Delay(Delay);
            /// Least and most delay.
            MIN_MAX_DELAY = 1115, "min-max-delay", MinMaxDelay(MinMaxDelay);
            /// How much delay varies.
            DELAY_VARIATION = 1116, "delay-variation", DelayVariation(Delay);
            /// The share of packets that are lost.
            LOSS = 1117, "link-loss", Loss(Loss);
            /// Bandwidth that is left of the link's.
            RESIDUAL_BANDWIDTH = 1118, "residual-bandwidth", ResidualBandwidth(Bandwidth);
            /// Bandwidth that is left of that.
            AVAILABLE_BANDWIDTH = 1119, "available-bandwidth", AvailableBandwidth(Bandwidth);
            /// Bandwidth that is used.
            UTILIZED_BANDWIDTH = 1120, "utilized-bandwidth", UtilizedBandwidth(Bandwidth);
            /// A link that is about to be taken away (RFC 8379).
            GRACEFUL_SHUTDOWN = 1121, "graceful-link-shutdown", GracefulShutdown(&'a [u8]);
            /// Attributes that are for some applications alone (RFC 9294).
            FOR_APPLICATIONS = 1122, "application-specific", ForApplications(ForApplications<'a>);
            /// Flags of a prefix.
            IGP_FLAGS = 1152, "igp-flags", IgpFlags(IgpFlags);
            /// Route tags.
            ROUTE_TAG = 1153, "route-tag", RouteTag(&'a [Number]);
            /// Route tags of 8 bytes.
            EXTENDED_TAG = 1154, "extended-route-tag", ExtendedTag(&'a [Number64]);
            /// A prefix's metric.
            PREFIX_METRIC = 1155, "prefix-metric", PrefixMetric(u32);
            /// OSPF forwarding address.
            OSPF_FORWARDING = 1156, "ospf-forwarding-address", OspfForwarding(IpAddr);
            /// What does not fit elsewhere, of a prefix.
            OPAQUE_PREFIX = 1157, "opaque-prefix", OpaquePrefix(&'a [u8]);
            /// Prefix segment identifier.
            PREFIX_SID = 1158, "prefix-sid", PrefixSid(PrefixSid);
            /// A range of prefixes.
            RANGE = 1159, "range", Range(Range<'a>);
            /// A segment identifier by itself.
            SID = 1161, "sid", Sid(Sid);
            /// SRv6 locator (RFC 9514).
            SRV6_LOCATOR = 1162, "srv6-locator", Srv6Locator(Locator<'a>);
            /// Attribute flags of a prefix, as the IGP has them.
            PREFIX_FLAGS = 1170, "prefix-attribute-flags", PrefixFlags(&'a [u8]);
            /// The router that a prefix came from (RFC 9085).
            SOURCE_ROUTER_ID = 1171, "source-router-id", SourceRouterId(IpAddr);
            /// A member of a bundle of links (RFC 9085).
            BUNDLE_MEMBER = 1172, "l2-bundle-member", BundleMember(BundleMember<'a>);
            /// Administrative groups, more than 32 (RFC 9104).
            EXTENDED_ADMIN_GROUP = 1173, "extended-admin-group", ExtendedAdminGroup(&'a [AdminGroup]);
            /// The OSPF router that a prefix came from (RFC 9085).
            SOURCE_OSPF_ROUTER_ID = 1174, "source-ospf-router-id", SourceOspfRouterId(Ipv4Addr);
            /// The segment identifier that stands for a policy (RFC 9857).
            BINDING_SID = 1201, "sr-binding-sid", BindingSid(BindingSid);
            /// What became of a candidate path (RFC 9857).
            CANDIDATE_PATH_STATE = 1202, "sr-candidate-path-state", CandidatePathState(CandidatePathState);
            /// A candidate path's name (RFC 9857).
            CANDIDATE_PATH_NAME = 1203, "sr-candidate-path-name", CandidatePathName(Name<'a>);
            /// What a candidate path has to keep to (RFC 9857).
            CONSTRAINTS = 1204, "sr-candidate-path-constraints", Constraints(Constraints<'a>);
            /// A list of segments (RFC 9857).
            SEGMENT_LIST = 1205, "sr-segment-list", SegmentList(SegmentList<'a>);
            /// In it: a segment.
            SEGMENT = 1206, "sr-segment", Segment(Segment<'a>);
            /// In it: a metric of the whole.
            SEGMENT_LIST_METRIC = 1207, "sr-segment-list-metric", SegmentListMetric(SegmentListMetric);
            /// In constraints: groups of links.
            AFFINITY_CONSTRAINT = 1208, "sr-affinity-constraint", AffinityConstraint(AffinityConstraint<'a>);
            /// In constraints: risks that links share.
            RISK_CONSTRAINT = 1209, "sr-srlg-constraint", RiskConstraint(&'a [Number]);
            /// In constraints: bandwidth.
            BANDWIDTH_CONSTRAINT = 1210, "sr-bandwidth-constraint", BandwidthConstraint(Bandwidth);
            /// In constraints: paths of a group are apart.
            DISJOINT_GROUP = 1211, "sr-disjoint-group-constraint", DisjointGroup(DisjointGroup<'a>);
            /// The SRv6 segment identifier that stands for a policy (RFC 9857).
            SRV6_BINDING_SID = 1212, "srv6-binding-sid", Srv6BindingSid(Srv6BindingSid<'a>);
            /// A policy's name (RFC 9857).
            POLICY_NAME = 1213, "sr-policy-name", PolicyName(Name<'a>);
            /// In constraints: the way back is the same.
            BIDIRECTIONAL_GROUP = 1214, "sr-bidirectional-group-constraint", BidirectionalGroup(BidirectionalGroup<'a>);
            /// In constraints: a metric's bound.
            METRIC_CONSTRAINT = 1215, "sr-metric-constraint", MetricConstraint(MetricConstraint);
            /// In a list of segments: its bandwidth.
            SEGMENT_LIST_BANDWIDTH = 1216, "sr-segment-list-bandwidth", SegmentListBandwidth(Bandwidth);
            /// In a list of segments: its number.
            SEGMENT_LIST_IDENTIFIER = 1217, "sr-segment-list-identifier", SegmentListIdentifier(u32);
            /// SRv6 endpoint behaviour (RFC 9514).
            SRV6_BEHAVIOR = 1250, "srv6-endpoint-behavior", Srv6Behavior(Srv6Behavior);
            /// The BGP peer that an SRv6 segment identifier leads to (RFC 9514).
            SRV6_PEER_NODE = 1251, "srv6-peer-node-sid", Srv6PeerNode(Srv6PeerNode);
            /// SRv6 structure (RFC 9514).
            SRV6_STRUCTURE = 1252, "srv6-sid-structure", Srv6Structure(SidStructure);
        }
    };
}

pub(super) use tlvs;
