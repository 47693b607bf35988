//! Laws that hold for all values.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]

use core::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use cilium_codec::{Identity, Mesh, dsr};
use ether_ip::Headroom;
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::{Ipv4Header, Ipv4Packet};
use ether_ip::ipv6::Ipv6Header;
use ether_ip::vni::Vni;
use proptest::collection::vec;
use proptest::prelude::*;

fn with_service(packet: &[u8], service: SocketAddr) -> Result<Vec<u8>, ether_ip::Error> {
    let mut buffer = vec![0; packet.len() + 24];
    let mut packet = Headroom::with_payload(&mut buffer, packet).unwrap();
    dsr::insert(&mut packet, service)?;
    Ok(packet.packet().to_vec())
}

/// With the service in it, it is found; taken out, the packet is as it was.
fn there_and_back(before: &[u8], service: SocketAddr) -> Result<(), TestCaseError> {
    let mut packet = with_service(before, service).unwrap();
    prop_assert_eq!(dsr::find(&packet), Ok(Some(service)));
    let (found, gone) = dsr::remove(&mut packet).unwrap().unwrap();
    prop_assert_eq!((found, &packet[gone..]), (service, before));
    Ok(())
}

/// RFC 791 §3.1: behind the end of the options nothing counts, whatever it looks like.
#[test]
fn behind_the_end_of_the_options() {
    let behind = [0, 2, 0x9a, 8, 80, 0, 80, 2, 0, 192, 0, 0];
    assert_eq!(dsr::in_ipv4_options(&behind), None);
    assert_eq!(dsr::in_ipv4_options(&behind[2..]), Some(([192, 0, 2, 80], 80).into()));
}

proptest! {
    #[test]
    fn a_service_goes_in_and_comes_out_of_ipv4(
        ends in any::<(Ipv4Addr, Ipv4Addr)>(), protocol in any::<u8>(), service in any::<(Ipv4Addr, u16)>(), words in 0_usize..=10,
        payload in vec(any::<u8>(), 0..200),
    ) {
        let mut buffer = vec![0; 60 + payload.len()];
        let mut packet = Headroom::with_payload(&mut buffer, &payload).unwrap();
        let options = vec![1; 4 * words];
        Ipv4Header::new(ends.0, ends.1, IpProtocol(protocol)).prepend(&options, &mut packet).unwrap();
        let (before, service) = (packet.packet().to_vec(), SocketAddr::from(service));
        if words > 8 {
            prop_assert!(with_service(&before, service).is_err(), "60 bytes of header are the most");
        } else {
            there_and_back(&before, service)?;
            let packet = with_service(&before, service).unwrap();
            prop_assert!(Ipv4Packet::parse(&packet[..]).unwrap().checksum_is_valid());
        }
    }

    #[test]
    fn a_service_goes_in_and_comes_out_of_ipv6(
        ends in any::<(Ipv6Addr, Ipv6Addr)>(), service in any::<(Ipv6Addr, u16)>(), payload in vec(any::<u8>(), 0..200),
    ) {
        let mut buffer = vec![0; 40 + payload.len()];
        let mut packet = Headroom::with_payload(&mut buffer, &payload).unwrap();
        Ipv6Header::new(ends.0, ends.1, IpProtocol::UDP).prepend(&mut packet).unwrap();
        let before = packet.packet().to_vec();
        there_and_back(&before, SocketAddr::from(service))?;
    }

    /// A VNI and an identity are the same 24 bits, cluster and number; but the worlds of IPv4 and IPv6 travel as the world.
    #[test]
    fn an_identity_is_its_vni(vni in 0..=0xff_ffff_u32) {
        let vni = Vni::new(vni).unwrap();
        let identity = Identity::from_vni(vni);
        prop_assert_eq!(identity.vni(), Ok(if matches!(vni.get(), 9 | 10) { Vni::from(2) } else { vni }));
        for (mesh, bits) in [(Mesh::Clusters255, 16), (Mesh::Clusters511, 15)] {
            let (cluster, number) = (u32::from(identity.cluster(mesh)), u32::from(identity.in_cluster(mesh)));
            prop_assert_eq!(cluster << bits | number, vni.get());
        }
    }
}
