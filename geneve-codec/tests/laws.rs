//! Laws that hold for all values.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

use core::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use ether_ip::Headroom;
use ether_ip::ethernet::EtherType;
use ether_ip::outer::{Outer, Underlay};
use ether_ip::writer::Writer;
use geneve_codec::{
    Decapsulator, GENEVE_OPTION, GeneveOption, GeneveOptions, GeneveTunnel, KnownOption, OptionClass, Vni,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// Options, none too long for all to have room: class, type, data in words.
fn options() -> impl Strategy<Value = Vec<(u16, u8, Vec<u8>)>> {
    vec((any::<u16>(), any::<u8>(), vec(any::<[u8; 4]>(), 0..6).prop_map(|words| words.concat())), 0..9)
}

fn written(options: &[(u16, u8, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (class, kind, data) in options {
        let mut buffer = [0; 128];
        let option = GeneveOption { class: OptionClass(*class), kind: *kind, reserved: 0, data };
        let mut writer = Writer::new(GENEVE_OPTION, &mut buffer);
        option.write(&mut writer).unwrap();
        bytes.extend(writer.written());
    }
    bytes
}

fn known() -> impl Strategy<Value = KnownOption> {
    prop_oneof![
        any::<SocketAddr>()
            .prop_map(|service| match service {
                SocketAddr::V6(of) => SocketAddr::from((*of.ip(), of.port())),
                of => of,
            })
            .prop_map(KnownOption::CiliumDsr),
        (0..0x8000_u16, any::<u16>()).prop_map(|(ingress, egress)| KnownOption::OvnLogicalPorts { ingress, egress }),
        any::<u64>().prop_map(KnownOption::AwsEndpoint),
        any::<u64>().prop_map(KnownOption::AwsAttachment),
        any::<u32>().prop_map(KnownOption::AwsFlowCookie),
        any::<u64>().prop_map(KnownOption::GoogleProfile),
    ]
}

proptest! {
    /// `decapsulate(encapsulate(x)) == x`, options and all.
    #[test]
    fn a_packet_comes_out_of_a_tunnel_as_it_went_in(
        ends in any::<(Ipv6Addr, Ipv6Addr)>(), ends_4 in any::<Option<(Ipv4Addr, Ipv4Addr)>>(), vni in 0..=0xff_ffff_u32,
        ether_type in any::<u16>(), options in options(), inner in vec(any::<u8>(), 0..200),
    ) {
        let options = written(&options);
        prop_assume!(options.len() <= 252);
        let outer = ends_4.map_or(Outer::ipv6(ends.0, ends.1), |(from, to)| Outer::ipv4(from, to).checksum(true));
        let vni = Vni::new(vni).unwrap();
        let template = GeneveTunnel::new(vni, outer).carrying(EtherType(ether_type)).template(&options).unwrap();
        let mut buffer = vec![0; template.overhead() + inner.len()];
        let mut packet = Headroom::with_payload(&mut buffer, &inner).unwrap();
        template.encapsulate(&mut packet).unwrap();
        let found = Decapsulator::new().vni(vni).any_option().decapsulate_ip(&buffer).unwrap();
        prop_assert_eq!((&buffer[found.inner], &buffer[found.options]), (&inner[..], &options[..]));
        prop_assert_eq!((found.header.vni(), found.header.protocol_type().0), (vni, ether_type));
        let is_critical = GeneveOptions::new(&options).any(|option| option.unwrap().is_critical());
        prop_assert_eq!(found.header.has_critical_options(), is_critical);
    }

    /// The inner MTU and what the tunnel costs say the same: 50 bytes over IPv4, 70 over IPv6, and the options.
    #[test]
    fn mtus_agree(mtu in any::<u16>(), is_ipv6 in any::<bool>(), options in prop_oneof![0..=252_u16, any::<u16>()]) {
        let underlay = if is_ipv6 { Underlay::Ipv6 } else { Underlay::Ipv4 };
        let cost = if is_ipv6 { 70 } else { 50_u16 }.saturating_add(options);
        prop_assert_eq!(geneve_codec::mtu_overhead(underlay, options), cost);
        prop_assert_eq!(geneve_codec::inner_mtu(underlay, mtu, options), mtu.checked_sub(cost).filter(|left| *left > 0));
    }

    /// Options longer than any MTU leave nothing.
    #[test]
    fn options_that_leave_nothing(underlay in prop_oneof![Just(Underlay::Ipv4), Just(Underlay::Ipv6)], short in 0_u16..50) {
        prop_assert_eq!(geneve_codec::inner_mtu(underlay, 1500, u16::MAX - short), None);
    }

    /// Options that are joined are split into the same.
    #[test]
    fn options_split_as_they_were_joined(options in options()) {
        let bytes = written(&options);
        let split: Vec<_> = GeneveOptions::new(&bytes)
            .map(|option| option.map(|of| (of.class.0, of.kind, of.data.to_vec())).unwrap())
            .collect();
        prop_assert_eq!(split, options);
    }

    /// An option whose meaning is known is read as it was written.
    #[test]
    fn known_options_are_read_as_written(option in known()) {
        let mut buffer = [0; 64];
        let mut writer = Writer::new(GENEVE_OPTION, &mut buffer);
        option.write(&mut writer).unwrap();
        let read = GeneveOptions::new(writer.written()).next().unwrap().unwrap();
        prop_assert_eq!((read.known(), read.class, read.kind), (Some(option), option.kind().0, option.kind().1));
    }
}
