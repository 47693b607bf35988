//! `decapsulate(encapsulate(x)) == x`, over both underlays; and any bytes decapsulate to a range inside them, or an error.
#![no_main]

use std::net::{Ipv4Addr, Ipv6Addr};

use ether_ip::Headroom;
use ether_ip::ethernet::MacAddr;
use ether_ip::outer::{Outer, SourcePorts};
use libfuzzer_sys::fuzz_target;
use vxlan_codec::{Decapsulator, GroupPolicy, OuterChecksum, Reading, Vni, VxlanTunnel};

#[derive(Debug, arbitrary::Arbitrary)]
struct Input<'a> {
    vni: Vni,
    policy: Option<GroupPolicy>,
    is_ipv6: bool,
    is_checked: bool,
    has_link: bool,
    port: u16,
    ports: (u16, u16),
    inner: &'a [u8],
}

fuzz_target!(|input: Input<'_>| {
    let outer = if input.is_ipv6 {
        Outer::ipv6(Ipv6Addr::LOCALHOST, Ipv6Addr::UNSPECIFIED)
    } else {
        Outer::ipv4(Ipv4Addr::LOCALHOST, Ipv4Addr::BROADCAST)
    };
    let outer = outer.checksum(input.is_checked);
    let outer = if input.has_link { outer.ethernet(MacAddr([2; 6]), MacAddr([4; 6])) } else { outer };
    let outer = outer.source_ports(SourcePorts::new(input.ports.0, input.ports.1));
    let tunnel = VxlanTunnel::new(input.vni, outer).port(input.port);
    let tunnel = input.policy.map_or(tunnel, |policy| tunnel.group_policy(policy));
    let template = tunnel.template();
    let mut buffer = vec![0; template.overhead() + input.inner.len()];
    let mut packet = Headroom::with_payload(&mut buffer, input.inner).unwrap();
    template.encapsulate(&mut packet).unwrap();

    let reading = if input.policy.is_some() { Reading::LinuxGroupPolicy } else { Reading::Linux };
    let checksum = if input.is_checked { OuterChecksum::Verified } else { OuterChecksum::VerifiedOrZero };
    let vtep = Decapsulator::new().port(input.port).vni(input.vni).reading(reading).checksum(checksum);
    let found = if input.has_link { vtep.decapsulate(&buffer) } else { vtep.decapsulate_ip(&buffer) }.unwrap();
    assert_eq!(&buffer[found.inner], input.inner);
    assert_eq!(found.header.group_policy(), input.policy);

    for found in [Decapsulator::new().decapsulate(input.inner), Decapsulator::new().decapsulate_ip(input.inner)] {
        assert!(found.is_err() || found.is_ok_and(|found| found.inner.end <= input.inner.len()));
    }
});
