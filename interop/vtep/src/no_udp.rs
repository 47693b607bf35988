//! IP in IP and GRE.

use std::error::Error;
use std::sync::Arc;

use clap::ValueEnum;
use ether_ip::Headroom;
use ether_ip::ecn::ClassMode;
use ether_ip::ethernet::EtherType;
use ether_ip::gre::Gre;
use ether_ip::ip_tunnel::{GreTemplate, IpDecapsulator, IpTemplate};
use ether_ip::outer::{Outer, OuterChecksum, OuterError};
use tun_rs::SyncDevice;

use crate::{Args, carry, other};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Tunnel {
    /// IPv4 and IPv6 in IP
    Ip,
    /// IPv4 and IPv6 in GRE
    Gre,
    /// Ethernet in GRE
    Gretap,
}

impl Tunnel {
    pub fn carries_ip(self) -> bool {
        self != Self::Gretap
    }
}

pub fn over_wire(
    args: &Args,
    tunnel: Tunnel,
    overlay: &Arc<SyncDevice>,
    underlay: &Arc<SyncDevice>,
) -> Result<(), Box<dyn Error>> {
    let outer = Outer::ip(args.local, args.remote).ok_or("two address families")?;
    let outer = outer.ethernet(args.local_mac, args.remote_mac).class_mode(ClassMode::CopyEcn);
    let gre = |protocol| GreTemplate::new(&outer, Gre { checksum: args.checksum, key: args.key, ..Gre::new(protocol) });
    let ends = IpDecapsulator::new().ends(args.remote, args.local).checksum(OuterChecksum::Verified);
    let (key, in_order) = (args.key, args.sequence);
    // RFC 2890 §2.2: the first is 0, and one that is no later than the last is out of order.
    let mut last: Option<u32> = None;
    let take_apart = move |frame: &[u8]| {
        let found = match ends.decapsulate(frame) {
            Ok(found) => found,
            // The hosts have neighbours to ask for.
            Err(OuterError::OtherEnds { .. }) => return Ok(None),
            Err(error) => return other(error),
        };
        if found.key != key {
            return Err(format!("key {:?}", found.key));
        }
        match (in_order, found.sequence, last) {
            (false, _, _) => {}
            (true, None, _) => return Err("no sequence number".into()),
            (true, Some(next), Some(last)) if (next.wrapping_sub(last) as i32) <= 0 => {
                return Err(format!("sequence number {next} after {last}"));
            }
            (true, next, _) => last = next,
        }
        let is_ip = [EtherType::IPV4, EtherType::IPV6].contains(&found.protocol_type);
        if is_ip != tunnel.carries_ip() {
            return Err(format!("it carries {}", found.protocol_type));
        }
        Ok(Some((found.inner, found.traffic_class)))
    };
    if tunnel == Tunnel::Ip {
        let template = IpTemplate::new(&outer);
        let encapsulate = move |packet: &mut Headroom<'_>| template.encapsulate(packet).map_err(Into::into);
        return carry(args, overlay, underlay, template.overhead(), encapsulate, take_apart);
    }
    let templates = [EtherType::IPV4, EtherType::IPV6, EtherType::TRANSPARENT_ETHERNET].map(gre);
    let mut sequence = 0_u32;
    let encapsulate = move |packet: &mut Headroom<'_>| {
        let [v4, v6, ethernet] = &templates;
        let template = match (tunnel, packet.packet().first().map(|first| first >> 4)) {
            (Tunnel::Gretap, _) => ethernet,
            (_, Some(6)) => v6,
            _ => v4,
        };
        if !in_order {
            return template.encapsulate(packet).map_err(Into::into);
        }
        template.encapsulate_with(packet, sequence)?;
        sequence = sequence.wrapping_add(1);
        Ok(())
    };
    let overhead = templates[0].overhead() + if in_order { 4 } else { 0 };
    carry(args, overlay, underlay, overhead, encapsulate, take_apart)
}
