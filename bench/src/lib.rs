//! The work that is measured, ours, hand-written and the peers', each doing the same on the same bytes.

pub mod bgp;
pub mod by_hand;
pub mod flannel;
pub mod mix;
pub mod mixed;
pub mod ours;
pub mod packets;
pub mod peers;
pub mod rewriting;
pub mod tunnels;

/// What every parser must find in a packet: read into one number, so that all of it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    pub source: u32,
    pub destination: u32,
    pub ports: (u16, u16),
    pub payload_len: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The comparison is fair only if all find the same.
    #[test]
    fn all_find_the_same() {
        let (tcp, vxlan) = (packets::tcp(), packets::vxlan());
        let expected = by_hand::tcp(&tcp);
        assert!(expected.is_some_and(|found| found.payload_len == 100 && found.ports == (40_000, 80)));
        assert_eq!(ours::tcp(&tcp), expected);
        assert_eq!(ours::tcp_stack(&tcp), expected);
        assert_eq!(peers::smoltcp_tcp(&tcp), expected);
        assert_eq!(peers::etherparse_tcp(&tcp), expected);
        assert_eq!(peers::pnet_tcp(&tcp), expected);
        let inside = by_hand::vxlan(&vxlan);
        assert_eq!(inside, expected.map(|found| (found, 1)));
        assert_eq!(ours::vxlan(&vxlan), inside);
        assert_eq!(ours::vxlan_stack(&vxlan), inside);
        assert_eq!(peers::smoltcp_vxlan(&vxlan), inside);
        assert_eq!(peers::etherparse_vxlan(&vxlan), inside);
        assert_eq!(peers::pnet_vxlan(&vxlan), inside);
        // The last bytes of the source MACs, addresses, ports and VNI, both packets'.
        let sum = 2 + 0xc000_0201 + 0x0af4_0102 + 4789 + 80 + 1;
        assert_eq!(ours::walk(&vxlan), Some(sum));
        assert_eq!(ours::straight_by_ports(&vxlan), Some(sum));
        assert_eq!(peers::strata_walk(&vxlan), Some(sum));
        // Without the MACs and the outer port, which it does not keep.
        assert_eq!(peers::strata_packet(&vxlan), Some(sum - 2 - 4789));
        assert_eq!(peers::etherparse_walk(&vxlan), Some(sum));
    }

    #[test]
    fn all_build_the_same() {
        let inner = packets::tcp();
        let (mut a, mut b) = (vec![0; 50 + inner.len()], vec![0; 50 + inner.len()]);
        a[50..].copy_from_slice(&inner);
        b[50..].copy_from_slice(&inner);
        ours::encapsulate(&ours::template(), &mut a, inner.len());
        by_hand::encapsulate(&by_hand::template(), &mut b, inner.len());
        assert_eq!(a, b);
    }

    #[test]
    fn all_find_the_same_routes() {
        let (session, modern) = (bgp::session(), routecore::bgp::message::SessionConfig::modern());
        let only = |found: Option<bgp::Found>| found.map(|found| (found.routes, found.withdrawn, found.prefixes));
        let mix = bgp::mix::updates();
        let two = [bgp::small(), bgp::packed()];
        for message in two.iter().map(Vec::as_slice).chain(mix.iter()) {
            let ours = bgp::ours::update(message, &session);
            assert!(ours.is_some(), "{message:02x?}");
            assert_eq!(bgp::by_hand::update(message), ours);
            assert_eq!(bgp::peers::routecore(message, &modern), ours);
            assert_eq!(only(bgp::peers::zettabgp(message, &bgp::peers::zettabgp_params())), only(ours));
            assert_eq!(only(bgp::peers::netgauze(message, &mut bgp::peers::netgauze_context())), only(ours));
        }
        for message in &two {
            let ours = only(bgp::ours::update(message, &session));
            assert_eq!(only(bgp::peers::bgpkit(&bytes::Bytes::copy_from_slice(message))), ours);
            assert_eq!(only(bgp::peers::routecore_owned(message, &modern)), ours);
        }
        let table = bgp::table(10_000);
        let ours = bgp::ours::table(&table, &session);
        assert_eq!(ours.map(|found| found.routes), Some(10_000));
        assert_eq!(bgp::peers::routecore_table(&table, &modern), ours);
        assert_eq!(only(bgp::peers::bgpkit_table(&table.into())), only(ours));
    }

    #[test]
    fn all_find_the_same_link_state() {
        let (session, mut context) = (bgp::session(), bgp::peers::netgauze_context());
        let mix = bgp::link_state::updates();
        let link = bgp::link_state::link(7, 9);
        for message in mix.iter().chain([&link[..]]) {
            let ours = bgp::link_state::ours(message, &session);
            assert!(ours.is_some_and(|sum| sum > 0), "{message:02x?}");
            assert_eq!(bgp::link_state::netgauze(message, &mut context), ours, "{message:02x?}");
            let parts = bgp::link_state::parts(message);
            assert_eq!([bgp::link_state::ours_parts(&parts), bgp::link_state::netgauze_parts(&parts)], [ours; 2]);
        }
    }

    #[test]
    fn all_find_the_same_in_a_dump() {
        let (session, stream) = (bgp::session(), bgp::table(10_000));
        let (routes, mut buffer, mut dump) = (bgp::dumps::routes(&stream, &session), vec![0; 65_536], Vec::new());
        let len = bgp::dumps::write(&routes, &mut buffer, |records| dump.extend_from_slice(records));
        assert_eq!((len, routes.len()), (Some(dump.len()), 10_000));
        let ours = bgp::dumps::read(&dump).unwrap();
        let sent = bgp::ours::table(&stream, &session).unwrap();
        assert_eq!((ours.routes, ours.prefixes), (sent.routes, sent.prefixes));
        let theirs = bgp::dumps::bgpkit(&dump).unwrap();
        assert_eq!((theirs.routes, theirs.prefixes), (ours.routes, ours.prefixes));
    }

    /// "Validated" is not equal work.
    #[test]
    fn who_takes_what_is_malformed() {
        let taken = [("ours", 0), ("by hand", 0), ("netgauze", 4), ("routecore", 6), ("zettabgp", 5), ("bgpkit", 8)];
        assert_eq!(bgp::taken_malformed(), taken);
    }

    #[test]
    fn all_build_the_same_update() {
        let (message, session) = (bgp::packed(), bgp::session());
        let (path, communities) = (bgp::packed_path(), [65_001 << 16 | 1, 65_001 << 16 | 2].map(From::<u32>::from));
        let mut buffer = [0; 4096];
        let values = bgp::packed_values(&path, &communities);
        assert_eq!(bgp::ours::build(&values, &bgp::packed_routes(), &session, &mut buffer), Some(&message[..]));
        let params = bgp::peers::zettabgp_params();
        let template = bgp::peers::zettabgp_message(&message, &params);
        let routes: Vec<_> = bgp::packed_routes()
            .iter()
            .map(|route| zettabgp::prelude::BgpAddrV4::new(route.address(), route.len()))
            .collect();
        // It gives two attributes two bytes of length, and makes a set of the path, which RFC 9774 has ended: what is in the message is
        // the same.
        let len = bgp::peers::zettabgp_build(&template, &routes, &params, &mut buffer).unwrap();
        let mut lenient = session;
        lenient.may_have_as_sets = true;
        assert_eq!(bgp::ours::update(&buffer[..len], &lenient), bgp::ours::update(&message, &session));
    }
}
