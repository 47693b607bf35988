//! Link state: whatever bytes are read as a TLV, what was read is written back, and what netgauze reads of it too means the same.
//!
//! Where the two differ, and who is right:
//! - netgauze does not look at what stands behind a value that is whole; RFC 9552 §5.3 has lengths for all: such TLVs are errors here;
//! - it takes lists of nothing and metrics of any length; the same: of IGP metrics §5.3.2.4 has 1 to 3 bytes;
//! - it takes a link's protection from the second of two bytes, of which RFC 5307 §1.2 has the first: it is not compared;
//! - it reads route tags from behind the TLV that they stand in: they are not compared;
//! - the V flag of a BGP peer's segment identifier tells it whether a label stands there; here the length does, which RFC 9086 §5 has
//!   agree with it: those that do not are errors there;
//! - names that are no UTF-8 are errors there; RFC 9552 §5.3.1.3 has ASCII, and says nothing of others: here they are kept.
#![no_main]

use bgp_codec::LayerName;
use bgp_codec::link_state::{AdjacencySid, IgpFlags, LinkStateValue as Ours, MplsProtocols, NodeFlags, Sid};
use bgp_codec::tlv::{Shape, Tlv};
use ether_ip::writer::Writer;
use libfuzzer_sys::fuzz_target;
use netgauze_bgp_pkt::path_attribute::{BgpLsAttributeValue as Theirs, BgpLsPeerSid};
use netgauze_parse_utils::reader::SliceReader;
use netgauze_parse_utils::traits::ParseFrom;

#[derive(Debug, arbitrary::Arbitrary)]
enum Input<'a> {
    Value(Ours<'a>),
    Bytes(u16, &'a [u8]),
}

fuzz_target!(|input: Input<'_>| {
    let layer = LayerName::new("test");
    let (mut area, mut again) = ([0; 2048], [0; 2048]);
    let (mut to, mut whole) = (Writer::new(layer, &mut area), Writer::new(layer, &mut again));
    let ours = match input {
        Input::Value(value) => {
            if value.write(&mut whole).is_err() {
                return;
            }
            Ok(value)
        }
        Input::Bytes(kind, value) => {
            let tlv = Tlv { kind, value };
            if tlv.write(Shape::Word, &mut whole).is_err() {
                return;
            }
            Ours::parse(tlv)
        }
    };
    let bytes = whole.written();
    let theirs = Theirs::parse(&mut SliceReader::new(bytes));
    let Ok(ours) = ours else { return };
    ours.write(&mut to).unwrap();
    assert_eq!(to.written(), bytes, "{ours}");
    assert!(!ours.to_string().is_empty());
    let Ok(theirs) = theirs else {
        // What is right here and wrong there.
        let is_name =
            matches!(ours, Ours::NodeName(name) | Ours::LinkName(name) if std::str::from_utf8(name.0).is_err());
        let is_sid = matches!(ours, Ours::PeerNodeSid(sid) | Ours::PeerAdjacencySid(sid) | Ours::PeerSetSid(sid) if has_value(&sid) != matches!(sid.sid, Sid::Label(_)));
        let is_tag = matches!(ours, Ours::RouteTag(_) | Ours::ExtendedTag(_));
        // Priorities are eight (RFC 9552 §5.3.2): fewer are a list here too.
        let is_short = matches!(ours, Ours::UnreservedBandwidth(all) if all.len() < 8);
        // Types that are reserved are errors there.
        let is_unknown = matches!(ours, Ours::Other(_));
        assert!(is_name || is_sid || is_tag || is_short || is_unknown, "{ours}: {theirs:?}");
        return;
    };
    same(&ours, &theirs);
});

/// Flag V of RFC 9086 §5.
fn has_value(sid: &AdjacencySid) -> bool {
    sid.flags & 0x80 != 0
}

fn same(ours: &Ours<'_>, theirs: &Theirs) {
    match (ours, theirs) {
        (Ours::LocalIpv4RouterId(a), Theirs::LocalNodeIpv4RouterId(b))
        | (Ours::RemoteIpv4RouterId(a), Theirs::RemoteNodeIpv4RouterId(b)) => assert_eq!(a, b),
        (Ours::LocalIpv6RouterId(a), Theirs::LocalNodeIpv6RouterId(b))
        | (Ours::RemoteIpv6RouterId(a), Theirs::RemoteNodeIpv6RouterId(b)) => assert_eq!(a, b),
        (Ours::AdminGroup(a), Theirs::RemoteNodeAdministrativeGroupColor(b)) => assert_eq!(a.bits(), *b),
        (Ours::MaxBandwidth(a), Theirs::MaximumLinkBandwidth(b))
        | (Ours::MaxReservableBandwidth(a), Theirs::MaximumReservableLinkBandwidth(b)) => {
            assert_eq!(a.bytes_per_second().to_bits(), b.to_bits());
        }
        (Ours::UnreservedBandwidth(a), Theirs::UnreservedBandwidth(b)) => {
            assert!(a.iter().take(8).map(|of| of.bytes_per_second().to_bits()).eq(b.iter().map(|of| of.to_bits())));
        }
        (Ours::TeMetric(a), Theirs::TeDefaultMetric(b)) | (Ours::PrefixMetric(a), Theirs::PrefixMetric(b)) => {
            assert_eq!(a, b);
        }
        (Ours::MplsProtocols(a), Theirs::MplsProtocolMask { ldp, rsvp_te }) => {
            assert_eq!((a.has(MplsProtocols::LDP), a.has(MplsProtocols::RSVP_TE)), (*ldp, *rsvp_te));
        }
        (Ours::IgpMetric(a), Theirs::IgpMetric(b)) => {
            let number = b.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
            assert_eq!(a.get(), if b.len() == 1 { number & 0x3f } else { number });
        }
        (Ours::SharedRisk(a), Theirs::SharedRiskLinkGroup(b)) => {
            assert!(a.iter().map(|of| of.get()).eq(b.iter().map(|of| of.value())));
        }
        (Ours::OpaqueLink(a), Theirs::OpaqueLinkAttribute(b))
        | (Ours::OpaqueNode(a), Theirs::OpaqueNodeAttribute(b))
        | (Ours::OpaquePrefix(a), Theirs::OpaquePrefixAttribute(b)) => assert_eq!(*a, &**b),
        (Ours::IsisArea(a), Theirs::IsIsArea(b)) => assert_eq!(a.0, &**b),
        (Ours::NodeName(a), Theirs::NodeNameTlv(b)) | (Ours::LinkName(a), Theirs::LinkName(b)) => {
            assert_eq!(a.0, b.as_bytes());
        }
        (
            Ours::IgpFlags(a),
            Theirs::IgpFlags { isis_up_down, ospf_no_unicast, ospf_local_address, ospf_propagate_nssa },
        ) => {
            let flags = [IgpFlags::DOWN, IgpFlags::NO_UNICAST, IgpFlags::LOCAL_ADDRESS, IgpFlags::PROPAGATE];
            let theirs = [*isis_up_down, *ospf_no_unicast, *ospf_local_address, *ospf_propagate_nssa];
            assert_eq!(flags.map(|flag| a.has(flag)), theirs);
        }
        (Ours::NodeFlags(a), Theirs::NodeFlagBits { overload, attached, external, abr, router, v6 }) => {
            let flags = [
                NodeFlags::OVERLOAD,
                NodeFlags::ATTACHED,
                NodeFlags::EXTERNAL,
                NodeFlags::BORDER,
                NodeFlags::ROUTER,
                NodeFlags::V6,
            ];
            let theirs = [*overload, *attached, *external, *abr, *router, *v6];
            assert_eq!(flags.map(|flag| a.has(flag)), theirs);
        }
        (Ours::OspfForwarding(a), Theirs::OspfForwardingAddress(b)) => assert_eq!(a, b),
        (Ours::MultiTopology(a), Theirs::MultiTopologyIdentifier(b)) => {
            assert!(a.iter().map(|of| of.id()).eq(b.id().iter().map(|of| of.value())));
        }
        (Ours::PeerNodeSid(a), Theirs::PeerNodeSid(b))
        | (Ours::PeerAdjacencySid(a), Theirs::PeerAdjSid(b))
        | (Ours::PeerSetSid(a), Theirs::PeerSetSid(b)) => {
            assert_eq!((a.flags, a.weight), (b.flags(), b.weight()));
            match (a.sid, b) {
                (Sid::Label(label), BgpLsPeerSid::LabelValue { label: theirs, .. }) => {
                    assert_eq!(label.to_be_bytes()[1..], *theirs.value());
                }
                (Sid::Index(index), BgpLsPeerSid::IndexValue { index: theirs, .. }) => assert_eq!(index, *theirs),
                (ours, theirs) => panic!("{ours:?} {theirs:?}"),
            }
        }
        (Ours::RouteTag(_), Theirs::IgpRouteTag(_))
        | (Ours::ExtendedTag(_), Theirs::IgpExtendedRouteTag(_))
        | (Ours::Protection(_), Theirs::LinkProtectionType { .. }) => {}
        // What they do not know.
        (ours, Theirs::Unknown { code, .. }) => assert_eq!(ours.kind().0, *code),
        (ours, theirs) => panic!("{ours:?} {theirs:?}"),
    }
}
