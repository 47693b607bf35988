//! Fields of BMP messages: the header, the peer, and what is not a BGP message in the body.

use core::net::IpAddr;

use bgp_codec::bmp::{BmpBody, BmpMessage, BmpPeer, BmpType};
use ether_ip::Error;

use super::table::Field;
use super::visitor::FieldVisitor;
use crate::Outside;

pub(super) fn message(message: &BmpMessage<'_>, body: &Result<BmpBody<'_>, Error>, v: &mut impl FieldVisitor) {
    v.number(Field::BmpVersion, message.version);
    v.size(Field::BmpLength, 6 + message.body().len());
    v.named(Field::BmpType, message.kind.0, message.kind.name());
    match body {
        Ok(BmpBody::RouteMonitoring(of, _) | BmpBody::RouteTlvs(of, _) | BmpBody::RouteMirroring(of, _)) => peer(of, v),
        Ok(BmpBody::Statistics(of, statistics)) => {
            peer(of, v);
            v.number(Field::BmpStatistics, statistics.count);
        }
        Ok(BmpBody::PeerDown(of, down)) => {
            peer(of, v);
            v.number(Field::BmpDownReason, down.reason.0);
        }
        Ok(BmpBody::PeerUp(of, up)) => {
            peer(of, v);
            address(up.local, [Field::BmpLocalAddress, Field::BmpLocalAddress6], v);
            v.number(Field::BmpLocalPort, up.ports.0);
            v.number(Field::BmpRemotePort, up.ports.1);
        }
        Ok(BmpBody::Information(told)) => {
            // A termination's reason is a number (RFC 7854 §4.5).
            let is_text = |kind: u16| kind != 1 || message.kind == BmpType::INITIATION;
            for tlv in told.tlvs().filter(|tlv| is_text(tlv.kind)) {
                v.words(Field::BmpInformation, &Outside(tlv.value));
            }
        }
        Ok(_) => {}
        Err(error) => v.words(Field::BmpError, error),
    }
}

fn peer(peer: &BmpPeer, v: &mut impl FieldVisitor) {
    v.number(Field::BmpPeerType, peer.kind.0);
    v.number(Field::BmpPeerFlags, peer.flags);
    v.bytes(Field::BmpPeerDistinguisher, &peer.distinguisher.to_be_bytes());
    address(peer.address, [Field::BmpPeerAddress, Field::BmpPeerAddress6], v);
    v.number(Field::BmpPeerAs, peer.as_number);
    v.ipv4(Field::BmpPeerId, peer.identifier);
    v.number(Field::BmpPeerSeconds, peer.time.0);
}

fn address(address: IpAddr, [four, six]: [Field; 2], v: &mut impl FieldVisitor) {
    match address {
        IpAddr::V4(address) => v.ipv4(four, address),
        IpAddr::V6(address) => v.ipv6(six, address),
    }
}
