//! The table of attributes: type, name, flags, how often one is seen, and what its value is.
//!
//! What is seen often is read on a path of its own; what is seen seldom stays out of its way. A value is anything that is a
//! [`Body`](super::body::Body).

/// Hands the table to a macro.
macro_rules! attributes {
    ($make:ident) => {
        $make! {
            /// Where a route came from.
            ORIGIN = 1, "ORIGIN", WELL_KNOWN, often Origin(Origin);
            /// The ASes that it went through.
            AS_PATH = 2, "AS_PATH", WELL_KNOWN, often AsPath(AsPath<'a>);
            /// Where packets go next.
            NEXT_HOP = 3, "NEXT_HOP", WELL_KNOWN, often NextHop(Ipv4Addr);
            /// Which of several links to an AS is preferred: the least.
            MULTI_EXIT_DISC = 4, "MULTI_EXIT_DISC", OPTIONAL, often MultiExitDisc(u32);
            /// Which of several routes is preferred inside of an AS: the highest.
            LOCAL_PREF = 5, "LOCAL_PREF", WELL_KNOWN, often LocalPref(u32);
            /// Something of the path was left out.
            ATOMIC_AGGREGATE = 6, "ATOMIC_AGGREGATE", WELL_KNOWN, often AtomicAggregate(AtomicAggregate);
            /// Who formed an aggregate.
            AGGREGATOR = 7, "AGGREGATOR", OPTIONAL_TRANSITIVE, often Aggregator(Aggregator);
            /// Communities: what a route is marked with.
            COMMUNITIES = 8, "COMMUNITIES", OPTIONAL_TRANSITIVE, often Communities(&'a [Community]);
            /// Who brought a reflected route in.
            ORIGINATOR_ID = 9, "ORIGINATOR_ID", OPTIONAL, often OriginatorId(Ipv4Addr);
            /// The clusters that reflected it.
            CLUSTER_LIST = 10, "CLUSTER_LIST", OPTIONAL, often ClusterList(&'a [ClusterId]);
            /// Routes of any family, announced.
            MP_REACH_NLRI = 14, "MP_REACH_NLRI", OPTIONAL, often MpReach(MpReach<'a>);
            /// Routes of any family, withdrawn.
            MP_UNREACH_NLRI = 15, "MP_UNREACH_NLRI", OPTIONAL, often MpUnreach(MpUnreach<'a>);
            /// Communities of 8 bytes, each with a type: route targets and others.
            EXTENDED_COMMUNITIES = 16, "EXTENDED COMMUNITIES", OPTIONAL_TRANSITIVE, often ExtendedCommunities(&'a [ExtendedCommunity]);
            /// The path with 4-octet AS numbers, past speakers that know two.
            AS4_PATH = 17, "AS4_PATH", OPTIONAL_TRANSITIVE, seldom As4Path(AsPath<'a>);
            /// The aggregator with a 4-octet AS number.
            AS4_AGGREGATOR = 18, "AS4_AGGREGATOR", OPTIONAL_TRANSITIVE, seldom As4Aggregator(Aggregator);
            /// The tunnel for multicast.
            PMSI_TUNNEL = 22, "PMSI_TUNNEL", OPTIONAL_TRANSITIVE, seldom PmsiTunnel(PmsiTunnel<'a>);
            /// How packets are encapsulated.
            TUNNEL_ENCAPSULATION = 23, "Tunnel Encapsulation", OPTIONAL_TRANSITIVE, seldom TunnelEncapsulation(TunnelEncapsulation<'a>);
            /// Communities of 20 bytes with an IPv6 address.
            IPV6_EXTENDED_COMMUNITIES = 25, "IPv6 EXTENDED COMMUNITIES", OPTIONAL_TRANSITIVE, seldom Ipv6ExtendedCommunities(&'a [Ipv6ExtendedCommunity]);
            /// The sum of IGP metrics.
            AIGP = 26, "AIGP", OPTIONAL, seldom Aigp(Aigp<'a>);
            /// What is told of an IGP's nodes, links and prefixes.
            LINK_STATE = 29, "BGP-LS", OPTIONAL, seldom LinkState(Tlvs<'a>);
            /// Communities of three 4-byte numbers.
            LARGE_COMMUNITY = 32, "LARGE_COMMUNITY", OPTIONAL_TRANSITIVE, often LargeCommunities(LargeCommunities<'a>);
            /// The path with signatures.
            BGPSEC_PATH = 33, "BGPsec_PATH", OPTIONAL, seldom BgpsecPath(BgpsecPath<'a>);
            /// The AS behind which a route only goes to customers.
            ONLY_TO_CUSTOMER = 35, "Only to Customer", OPTIONAL_TRANSITIVE, often OnlyToCustomer(u32);
            /// Which BFD session watches a tunnel.
            BFD_DISCRIMINATOR = 38, "BFD Discriminator", OPTIONAL_TRANSITIVE, seldom BfdDiscriminator(BfdDiscriminator<'a>);
            /// Segment routing's label or SRv6 service.
            PREFIX_SID = 40, "Prefix-SID", OPTIONAL_TRANSITIVE, seldom PrefixSid(PrefixSid<'a>);
            /// A customer's attributes, through a provider's network.
            ATTR_SET = 128, "ATTR_SET", OPTIONAL_TRANSITIVE, seldom AttrSet(AttrSet<'a>);
        }
    };
}

pub(super) use attributes;
