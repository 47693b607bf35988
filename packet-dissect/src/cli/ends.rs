//! `inner.…` and `outer.…`: the pods' packet and the nodes', each with one value a field, whatever tunnels are between them. A datagram of
//! Weave's sleeve has several frames, and so several packets of pods.

use std::net::IpAddr;
use std::ops::Range;

use crate::Layer;
use crate::fields::{Field, FieldValue, FieldVisitor, Group};
use ether_ip::ethernet::MacAddr;
use ether_ip::ip::IpProtocol;
use ether_ip::sflow::{FlowSample, SampledHeader};
use weave_codec::SleeveFrame;

use super::listener::{Listener, Shown};

/// What one of the two packets is known by.
#[derive(Debug, Clone, Copy, Default)]
struct End {
    macs: Option<(MacAddr, MacAddr)>,
    addresses: Option<(IpAddr, IpAddr)>,
    hops: Option<u8>,
    protocol: Option<u8>,
    ports: Option<(IpProtocol, u16, u16)>,
}

/// The innermost packet that none quotes and none samples, and the outermost. Without a tunnel they are the same.
#[derive(Debug, Default)]
struct Ends {
    outer: Option<End>,
    inner: End,
    /// Those in the frames of the sleeve before the last.
    before: Vec<End>,
    in_frame: bool,
    is_sampled: bool,
}

impl Ends {
    /// Another packet begins within.
    fn enter(&mut self) {
        let around = std::mem::take(&mut self.inner);
        self.outer.get_or_insert(around);
    }

    fn ip(&mut self, addresses: (IpAddr, IpAddr), hops: u8, protocol: IpProtocol) {
        if self.inner.addresses.is_some() {
            self.enter();
        }
        self.inner.addresses = Some(addresses);
        (self.inner.hops, self.inner.protocol) = (Some(hops), Some(protocol.0));
    }
}

impl Listener for Ends {
    fn layer(&mut self, layer: &Layer<'_>, _: Range<usize>, is_quoted: bool) {
        if is_quoted || self.is_sampled {
            return;
        }
        match layer {
            Layer::Ethernet(frame) => {
                if self.inner.macs.is_some() || self.inner.addresses.is_some() {
                    self.enter();
                }
                self.inner.macs = Some((frame.source(), frame.destination()));
            }
            Layer::Ipv4(ip) => self.ip((ip.source().into(), ip.destination().into()), ip.ttl(), ip.protocol()),
            Layer::Ipv6(ip) => self.ip((ip.source().into(), ip.destination().into()), ip.hop_limit(), ip.next_header()),
            Layer::Tcp(segment) => {
                self.inner.ports = Some((IpProtocol::TCP, segment.source_port(), segment.destination_port()));
            }
            Layer::Udp(datagram) => {
                self.inner.ports = Some((IpProtocol::UDP, datagram.source_port(), datagram.destination_port()));
            }
            _ => {}
        }
    }

    fn sleeve_frame(&mut self, _: &SleeveFrame<'_>, _: bool) {
        if std::mem::replace(&mut self.in_frame, true) {
            self.before.push(std::mem::take(&mut self.inner));
        } else {
            self.enter();
        }
    }

    fn sample(&mut self, _: &FlowSample<'_>, _: &SampledHeader<'_>) {
        self.is_sampled = true;
    }
}

/// The addresses of both packets, the inner one's first.
pub(super) fn addresses(shown: &impl Shown) -> [Option<(IpAddr, IpAddr)>; 2] {
    let mut ends = Ends::default();
    shown.show(&mut ends);
    [ends.inner.addresses, ends.outer.unwrap_or(ends.inner).addresses]
}

/// The fields of one end: source and destination by turns, then what there is one of.
struct Names {
    eth: [Field; 2],
    ip: [Field; 2],
    ipv6: [Field; 2],
    tcp: [Field; 2],
    udp: [Field; 2],
    ttl: Field,
    proto: Field,
    hlim: Field,
    nxt: Field,
}

const INNER: Names = Names {
    eth: [Field::InnerEthSource, Field::InnerEthDestination],
    ip: [Field::InnerIpSource, Field::InnerIpDestination],
    ipv6: [Field::InnerIpv6Source, Field::InnerIpv6Destination],
    tcp: [Field::InnerTcpSourcePort, Field::InnerTcpDestinationPort],
    udp: [Field::InnerUdpSourcePort, Field::InnerUdpDestinationPort],
    ttl: Field::InnerIpTtl,
    proto: Field::InnerIpProto,
    hlim: Field::InnerIpv6HopLimit,
    nxt: Field::InnerIpv6Next,
};

const OUTER: Names = Names {
    eth: [Field::OuterEthSource, Field::OuterEthDestination],
    ip: [Field::OuterIpSource, Field::OuterIpDestination],
    ipv6: [Field::OuterIpv6Source, Field::OuterIpv6Destination],
    tcp: [Field::OuterTcpSourcePort, Field::OuterTcpDestinationPort],
    udp: [Field::OuterUdpSourcePort, Field::OuterUdpDestinationPort],
    ttl: Field::OuterIpTtl,
    proto: Field::OuterIpProto,
    hlim: Field::OuterIpv6HopLimit,
    nxt: Field::OuterIpv6Next,
};

impl Names {
    fn visit(&self, of: &End, v: &mut impl FieldVisitor) {
        let mut put = |field, value: FieldValue<'_>| {
            if v.wants(field) {
                v.visit(field, value, None);
            }
        };
        if let Some((source, destination)) = of.macs {
            self.eth.into_iter().zip([source, destination]).for_each(|(field, mac)| put(field, FieldValue::Mac(mac)));
        }
        let number = |number: u8| FieldValue::Number(number.into());
        if let Some((source, destination)) = of.addresses {
            for (at, address) in [source, destination].into_iter().enumerate() {
                match address {
                    IpAddr::V4(address) => put(self.ip[at], FieldValue::Ipv4(address)),
                    IpAddr::V6(address) => put(self.ipv6[at], FieldValue::Ipv6(address)),
                }
            }
            let [hops, protocol] = if source.is_ipv4() { [self.ttl, self.proto] } else { [self.hlim, self.nxt] };
            of.hops.into_iter().for_each(|value| put(hops, number(value)));
            of.protocol.into_iter().for_each(|value| put(protocol, number(value)));
        }
        if let Some((protocol, source, destination)) = of.ports {
            let fields = if protocol == IpProtocol::TCP { self.tcp } else { self.udp };
            fields
                .into_iter()
                .zip([source, destination])
                .for_each(|(field, port)| put(field, FieldValue::Number(port.into())));
        }
    }
}

/// The fields of both ends, as far as somebody wants one.
pub(super) fn visit(shown: &impl Shown, v: &mut impl FieldVisitor) {
    if !v.wants_any(Group::Ends) {
        return;
    }
    let mut ends = Ends::default();
    shown.show(&mut ends);
    ends.before.iter().chain([&ends.inner]).for_each(|inner| INNER.visit(inner, v));
    OUTER.visit(&ends.outer.unwrap_or(ends.inner), v);
}
