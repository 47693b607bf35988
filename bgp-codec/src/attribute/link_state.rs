//! BGP-LS: what is told of a node, a link or a prefix of an IGP (RFC 9552 §5.3). TLVs of two bytes type and length; their
//! numbers are [`LinkStateAttribute`].

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, open_set};

use super::body::Body;
use crate::session::Negotiated;
use crate::tlv::{Shape, Tlvs};
use crate::value::as_number::AsSize;
use crate::wire::hex;

/// The BGP-LS attribute, as an error names it.
pub const LINK_STATE: LayerName = LayerName::new("BGP-LS");

open_set! {
    /// What a TLV tells (RFC 9552 §5.3, RFC 9085, RFC 8571, RFC 9514).
    pub struct LinkStateAttribute(u16) {
        /// Link MSD or node MSD's neighbour (RFC 8814).
        NODE_MSD = 266, "node-msd";
        /// Link MSD (RFC 8814).
        LINK_MSD = 267, "link-msd";
        /// Flags of a node.
        NODE_FLAGS = 1024, "node-flags";
        /// What does not fit elsewhere, of a node.
        OPAQUE_NODE = 1025, "opaque-node";
        /// A node's name.
        NODE_NAME = 1026, "node-name";
        /// A node's IS-IS area.
        ISIS_AREA = 1027, "isis-area";
        /// Near end's IPv4 router identifier.
        LOCAL_IPV4_ROUTER_ID = 1028, "local-ipv4-router-id";
        /// Near end's IPv6 router identifier.
        LOCAL_IPV6_ROUTER_ID = 1029, "local-ipv6-router-id";
        /// Far end's IPv4 router identifier.
        REMOTE_IPV4_ROUTER_ID = 1030, "remote-ipv4-router-id";
        /// Far end's IPv6 router identifier.
        REMOTE_IPV6_ROUTER_ID = 1031, "remote-ipv6-router-id";
        /// Segment routing capabilities.
        SR_CAPABILITIES = 1034, "sr-capabilities";
        /// Segment routing algorithms.
        SR_ALGORITHM = 1035, "sr-algorithm";
        /// Segment routing local block.
        SR_LOCAL_BLOCK = 1036, "sr-local-block";
        /// SRv6 capabilities.
        SRV6_CAPABILITIES = 1038, "srv6-capabilities";
        /// Administrative groups.
        ADMIN_GROUP = 1088, "admin-group";
        /// The most bandwidth of a link.
        MAX_BANDWIDTH = 1089, "max-bandwidth";
        /// The most bandwidth that can be reserved.
        MAX_RESERVABLE_BANDWIDTH = 1090, "max-reservable-bandwidth";
        /// Bandwidth that is not reserved, by priority.
        UNRESERVED_BANDWIDTH = 1091, "unreserved-bandwidth";
        /// Metric for traffic engineering.
        TE_METRIC = 1092, "te-metric";
        /// How a link is protected.
        PROTECTION = 1093, "link-protection";
        /// MPLS signalling.
        MPLS_PROTOCOLS = 1094, "mpls-protocols";
        /// The IGP's metric, 1 to 3 bytes.
        IGP_METRIC = 1095, "igp-metric";
        /// Links that share a risk.
        SHARED_RISK = 1096, "shared-risk-link-groups";
        /// What does not fit elsewhere, of a link.
        OPAQUE_LINK = 1097, "opaque-link";
        /// A link's name.
        LINK_NAME = 1098, "link-name";
        /// Adjacency segment identifier.
        ADJACENCY_SID = 1099, "adjacency-sid";
        /// The same on a LAN.
        LAN_ADJACENCY_SID = 1100, "lan-adjacency-sid";
        /// Peer node segment identifier (RFC 9086).
        PEER_NODE_SID = 1101, "peer-node-sid";
        /// Peer adjacency segment identifier (RFC 9086).
        PEER_ADJACENCY_SID = 1102, "peer-adjacency-sid";
        /// Peer set segment identifier (RFC 9086).
        PEER_SET_SID = 1103, "peer-set-sid";
        /// SRv6 End.X (RFC 9514).
        SRV6_END_X = 1106, "srv6-end-x-sid";
        /// Delay of a link.
        DELAY = 1114, "unidirectional-delay";
        /// Least and most delay.
        MIN_MAX_DELAY = 1115, "min-max-delay";
        /// Flags of a prefix.
        IGP_FLAGS = 1152, "igp-flags";
        /// Route tag.
        ROUTE_TAG = 1153, "route-tag";
        /// Route tag, 8 bytes.
        EXTENDED_TAG = 1154, "extended-route-tag";
        /// A prefix's metric.
        PREFIX_METRIC = 1155, "prefix-metric";
        /// OSPF forwarding address.
        OSPF_FORWARDING = 1156, "ospf-forwarding-address";
        /// What does not fit elsewhere, of a prefix.
        OPAQUE_PREFIX = 1157, "opaque-prefix";
        /// Prefix segment identifier.
        PREFIX_SID = 1158, "prefix-sid";
        /// A range of prefixes.
        RANGE = 1159, "range";
        /// Attribute flags of a prefix.
        PREFIX_FLAGS = 1170, "prefix-attribute-flags";
        /// SRv6 locator (RFC 9514).
        SRV6_LOCATOR = 1162, "srv6-locator";
        /// SRv6 endpoint behaviour (RFC 9514).
        SRV6_BEHAVIOR = 1250, "srv6-endpoint-behavior";
        /// SRv6 structure (RFC 9514).
        SRV6_STRUCTURE = 1252, "srv6-sid-structure";
    }
}

/// The attribute is its TLVs.
impl<'a> Body<'a> for Tlvs<'a> {
    fn read(layer: LayerName, bytes: &'a [u8], _: &Negotiated) -> Result<Self, Error> {
        Self::parse(layer, Shape::Word, bytes)
    }

    fn write(&self, _: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        to.put(self.as_bytes())?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.into_iter().enumerate().try_for_each(|(n, tlv)| {
            write!(f, "{}{}=", if n == 0 { "" } else { " " }, LinkStateAttribute(tlv.kind))?;
            hex(tlv.value, f)
        })
    }
}
