//! How many bits the numbers have that stand in headers: what no packet can hold, no test should ask for.

use super::table::{Field, Kind};

impl Field {
    /// The largest number that the field can hold, if a header limits it. What is counted or worked out has no limit here.
    #[must_use]
    pub const fn max(self) -> Option<u64> {
        match bits(self) {
            Some(bits @ 0..=63) => Some((1 << bits) - 1),
            _ => None,
        }
    }
}

/// The header's bits; of a group of bits within an octet, those of the octet, as Wireshark counts them.
const fn bits(field: Field) -> Option<u8> {
    use Field::*;
    match field {
        IpVersion
        | IpHeaderLength
        | IpDscp
        | IpEcn
        | IpTtl
        | IpProto
        | IpOptionType
        | Ipv6Version
        | Ipv6Dscp
        | Ipv6Ecn
        | Ipv6Next
        | Ipv6HopLimit
        | HopByHopNext
        | DestinationOptionsNext
        | RoutingNext
        | RoutingType
        | RoutingSegmentsLeft
        | FragmentNext
        | AhNext
        | IcmpType
        | IcmpCode
        | Icmpv6Type
        | Icmpv6Code
        | MplsClass
        | MplsTtl
        | TcpOptionKind
        | TcpOptionScale
        | BgpType
        | InnerIpTtl
        | InnerIpProto
        | OuterIpTtl
        | OuterIpProto => Some(8),
        VlanPriority
        | VlanId
        | VlanLength
        | ServicePriority
        | ServiceId
        | EthLength
        | ArpHardwareType
        | ArpOperation
        | IpLength
        | IpFragmentOffset
        | Ipv6PayloadLength
        | FragmentOffset
        | UdpSourcePort
        | UdpDestinationPort
        | UdpPort
        | UdpLength
        | TcpSourcePort
        | TcpDestinationPort
        | TcpPort
        | TcpWindow
        | TcpUrgentPointer
        | TcpOptionMss
        | IcmpMtu
        | BgpLength
        | VxlanGroup
        | InnerTcpSourcePort
        | InnerTcpDestinationPort
        | InnerUdpSourcePort
        | InnerUdpDestinationPort
        | OuterTcpSourcePort
        | OuterTcpDestinationPort
        | OuterUdpSourcePort
        | OuterUdpDestinationPort => Some(16),
        MplsLabel => Some(20),
        InstanceId | VxlanVni => Some(24),
        AhSequence | Icmpv6Mtu | TcpSequence | TcpAcknowledgment | TcpOptionTimestamp | TcpOptionEcho | EspSequence
        | GreSequence => Some(32),
        // As many as its digits have; the flags of TCP and the traffic class are written wider than they are.
        TcpFlags => Some(16),
        _ => match field.kind() {
            Kind::Hex(digits) => Some(digits * 4),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits() {
        assert_eq!(Field::TcpPort.max(), Some(65_535));
        assert_eq!(Field::IpTtl.max(), Some(255));
        assert_eq!(Field::VxlanVni.max(), Some(0xff_ffff));
        assert_eq!(Field::GreSequence.max(), Some(0xffff_ffff));
        assert_eq!(Field::EthType.max(), Some(0xffff));
        assert_eq!([Field::FrameLen.max(), Field::TcpStream.max()], [None, None]);
    }
}
