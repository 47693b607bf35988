//! Laws that hold for all values.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ether_ip::ethernet::MacAddr;
use ether_ip::outer::{Outer, OuterChecksum, SourcePorts, Underlay};
use ether_ip::{Headroom, PacketBuffer};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use vxlan_codec::{Decapsulator, GroupPolicy, Reading, Vni, VxlanPacket, VxlanTunnel};

prop_compose! {
    fn policies()(id in any::<u16>(), dont_learn in any::<bool>(), applied in any::<bool>()) -> GroupPolicy {
        GroupPolicy { id, dont_learn, applied }
    }
}

prop_compose! {
    fn outers()(
        ends in prop_oneof![
            any::<(Ipv4Addr, Ipv4Addr)>().prop_map(|(from, to)| (IpAddr::V4(from), IpAddr::V4(to))),
            any::<(Ipv6Addr, Ipv6Addr)>().prop_map(|(from, to)| (IpAddr::V6(from), IpAddr::V6(to))),
        ],
        macs in any::<Option<([u8; 6], [u8; 6])>>(),
        ports in any::<(u16, u16)>(),
        class in any::<u8>(),
        hops in 1..=u8::MAX,
        checksum in any::<bool>(),
    ) -> (Outer, bool, SourcePorts) {
        let ports = SourcePorts::new(ports.0, ports.1);
        let outer = Outer::ip(ends.0, ends.1).unwrap().source_ports(ports).traffic_class(class).ttl(hops).checksum(checksum);
        let outer = macs.map_or(outer, |(from, to)| outer.ethernet(MacAddr(from), MacAddr(to)));
        (outer, macs.is_some(), ports)
    }
}

proptest! {
    /// `decapsulate(encapsulate(x)) == x`, with all that the tunnel says of it, over either underlay, checksums verified.
    #[test]
    fn a_frame_comes_out_of_a_tunnel_as_it_went_in(
        (outer, has_link, ports) in outers(), vni in 0..=0xff_ffff_u32, policy in proptest::option::of(policies()),
        port in any::<u16>(), frame in vec(any::<u8>(), 0..300), bit in any::<Index>(),
        entropy in any::<u32>(),
    ) {
        let vni = Vni::new(vni).unwrap();
        let tunnel = VxlanTunnel::new(vni, outer).port(port);
        let template = policy.map_or(tunnel, |policy| tunnel.group_policy(policy)).template();
        let mut buffer = vec![0; template.overhead() + frame.len()];
        let mut packet = Headroom::with_payload(&mut buffer, &frame).unwrap();
        template.encapsulate(&mut packet).unwrap();
        prop_assert_eq!(packet.headroom(), 0);
        let vtep = Decapsulator::new().port(port).vni(vni).checksum(OuterChecksum::VerifiedOrZero);
        let vtep = vtep.reading(if policy.is_some() { Reading::LinuxGroupPolicy } else { Reading::Linux });
        let decapsulate = |packet: &[u8]| if has_link { vtep.decapsulate(packet) } else { vtep.decapsulate_ip(packet) };
        let found = decapsulate(&buffer).unwrap();
        prop_assert_eq!((&buffer[found.inner], found.header.vni(), found.header.group_policy()), (&frame[..], vni, policy));
        let (first, last) = (ports.pick(0), ports.pick(u32::MAX));
        prop_assert!((first..=last).contains(&found.source_port));
        // A flow that the caller has hashed gives the port that the hash gives.
        let mut packet = Headroom::with_payload(&mut buffer, &frame).unwrap();
        template.encapsulate_with(&mut packet, entropy.into()).unwrap();
        prop_assert_eq!(decapsulate(&buffer).unwrap().source_port, ports.pick(entropy));
        // Where nothing of the outer checksum is zero, no bit of the inner frame changes unseen.
        let udp_checksum = buffer.len() - frame.len() - 8 - 2;
        if !frame.is_empty() && buffer[udp_checksum..][..2] != [0, 0] {
            let at = buffer.len() - 1 - bit.index(8 * frame.len()) / 8;
            buffer[at] ^= 1 << (bit.index(8));
            prop_assert!(decapsulate(&buffer).is_err());
        }
    }

    /// A header that is changed field by field to another's is that one.
    #[test]
    fn set_and_get(bytes in any::<[u8; 8]>(), vni in 0..=0xff_ffff_u32, policy in policies()) {
        let mut bytes = bytes;
        bytes[0] |= 8;
        let before = bytes;
        let mut packet = VxlanPacket::parse(&mut bytes[..]).unwrap();
        packet.set_vni(Vni::new(vni).unwrap());
        packet.set_group_policy(Some(policy));
        prop_assert_eq!((packet.vni().get(), packet.group_policy()), (vni, Some(policy)));
        // What is neither stays: reserved flags, the I flag, the last byte.
        prop_assert_eq!((bytes[0] & 0x7f, bytes[1] & 0xb7, bytes[7]), (before[0] & 0x7f, before[1] & 0xb7, before[7]));
    }

    /// The inner MTU and the underlay's say the same.
    #[test]
    fn mtus_agree(mtu in any::<u16>(), is_ipv6 in any::<bool>()) {
        let underlay = if is_ipv6 { Underlay::Ipv6 } else { Underlay::Ipv4 };
        prop_assert_eq!(vxlan_codec::mtu_overhead(underlay), if is_ipv6 { 70 } else { 50 });
        match vxlan_codec::inner_mtu(underlay, mtu) {
            Some(inner) => prop_assert_eq!(underlay.underlay_mtu(inner, 8), u32::from(mtu)),
            None => prop_assert!(mtu <= underlay.overhead(8)),
        }
    }
}
