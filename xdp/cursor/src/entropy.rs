//! The entropy of a flow, by headers that a cursor passed, for a tunnel's source port (RFC 7348 §5, RFC 8926 §3.3) or to choose among
//! several: as `ether_ip::flow` has it of the same bytes.

use ether_ip::flow;
use ether_ip::ip::IpProtocol;
use zerocopy::network_endian::U16;

use crate::{Cursor, Ethernet, Ip, IpHeader};

impl Cursor<'_> {
    /// Of the packet whose IP header was passed just now.
    #[inline(always)]
    #[must_use]
    pub fn entropy(&self, ip: &Ip<'_>) -> u32 {
        let ports = self.ports(ip);
        match &ip.header {
            IpHeader::V4(header) => flow::ipv4_entropy(header.source(), header.destination(), ip.protocol, ports),
            IpHeader::V6(header) => {
                let protocol = if ip.is_fragment { IpProtocol::FRAGMENT } else { ip.protocol };
                flow::ipv6_entropy(header.source(), header.destination(), protocol, ports)
            }
        }
    }

    /// The ports of what has two in front, or zero; those of a fragment are not looked at.
    #[inline(always)]
    fn ports(&self, ip: &Ip<'_>) -> [u16; 2] {
        let has_ports = matches!(ip.protocol, IpProtocol::TCP | IpProtocol::UDP | IpProtocol::SCTP);
        let ports = if has_ports && !ip.is_fragment { self.peek::<[U16; 2]>(0) } else { None };
        ports.map_or([0; 2], |[source, destination]| [source.get(), destination.get()])
    }
}

impl Ethernet<'_> {
    /// Of a frame that carries no IP.
    #[inline(always)]
    #[must_use]
    pub fn entropy(&self) -> u32 {
        flow::mac_entropy(self.header.source(), self.header.destination(), self.ether_type)
    }
}
