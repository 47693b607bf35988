//! What numbers of fields are called.

use bgp_codec::header::MessageType;
use bgp_codec::{Afi, Safi};
use ether_ip::arp::ArpOperation;
use ether_ip::capture_link::PacketType;
use ether_ip::ethernet::EtherType;
use ether_ip::gtp_u::GtpUType;
use ether_ip::icmpv4::Icmpv4Type;
use ether_ip::icmpv6::Icmpv6Type;
use ether_ip::igmp::IgmpType;
use ether_ip::ip::IpProtocol;
use ether_ip::ipv6_extension::RoutingType;
use ether_ip::wireguard;
use vxlan_codec::gpe::NextProtocol;

use super::table::Field;
use super::visitor::Status;

impl Field {
    /// What a number is called as this field's value, if it has a name: `ip.proto` 6 is TCP.
    #[must_use]
    pub fn meaning(self, number: u64) -> Option<&'static str> {
        let (byte, word) = (u8::try_from(number).ok(), u16::try_from(number).ok());
        match self {
            Self::IpProto | Self::Ipv6Next | Self::HopByHopNext | Self::DestinationOptionsNext | Self::RoutingNext => {
                IpProtocol(byte?).name()
            }
            Self::FragmentNext | Self::AhNext => IpProtocol(byte?).name(),
            Self::EthType | Self::VlanType | Self::VnTagType | Self::InstanceType | Self::CiscoProtocol => {
                EtherType(word?).name()
            }
            Self::SllProtocol | Self::SnapType | Self::ArpProtocolType | Self::AristaType | Self::GreProto => {
                EtherType(word?).name()
            }
            Self::GeneveProto => EtherType(word?).name(),
            Self::SllPacketType => PacketType(word?).name(),
            Self::ArpOperation => ArpOperation(word?).name(),
            Self::IcmpType => Icmpv4Type(byte?).name(),
            Self::Icmpv6Type => Icmpv6Type(byte?).name(),
            Self::IgmpType => IgmpType(byte?).name(),
            Self::RoutingType => RoutingType(byte?).name(),
            Self::GtpMessage => GtpUType(byte?).name(),
            Self::VxlanNextProtocol => NextProtocol(byte?).name(),
            Self::WgType => wireguard::MessageType(byte?).name(),
            Self::BgpType => MessageType(byte?).name(),
            Self::BgpReachAfi | Self::BgpUnreachAfi | Self::BgpCapMpAfi | Self::BgpRefreshAfi => Afi(word?).name(),
            Self::BgpReachSafi | Self::BgpUnreachSafi | Self::BgpCapMpSafi | Self::BgpRefreshSafi => Safi(byte?).name(),
            of if of.name().ends_with(".checksum.status") => Status::ALL.get(usize::from(word?)).map(|of| of.name()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_their_names() {
        assert_eq!(Field::IpProto.meaning(6), Some("TCP"));
        assert_eq!(Field::EthType.meaning(0x0806), Some("ARP"));
        assert_eq!(Field::UdpChecksumStatus.meaning(0), Some("bad"));
        assert_eq!(Field::IpChecksumStatus.meaning(3), Some("not present"));
        assert_eq!(Field::IpProto.meaning(0x106), None);
        assert_eq!(Field::IpTtl.meaning(6), None);
    }
}
