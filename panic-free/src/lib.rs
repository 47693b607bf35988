//! An entry point for every public function of the codec crates, linked with a panic handler that calls what nobody
//! defines. If the optimiser cannot show that no panic is reachable, the symbol stays in the library, and
//! `.ci/panic-free` fails. The profile `checked` has overflow checks on, for which an overflow is a panic.
#![no_std]
#![allow(improper_ctypes_definitions, clippy::all)]

extern "C" {
    fn a_panic_is_reachable() -> !;
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: never linked into a program; the symbol's absence from the library is the proof.
    unsafe { a_panic_is_reachable() }
}

include!(concat!(env!("OUT_DIR"), "/entries.rs"));

/// What macros make, which the sources do not show: the views' own headers and the capture links' views.
mod from_macros {
    use core::hint::black_box;
    use ether_ip::capture_link::{BsdLoopbackPacket, LinuxCooked2Packet, LinuxCookedPacket};

    macro_rules! views {
        ($($parse:ident $header:ident $payload:ident $into:ident $view:ident;)*) => {$(
            #[no_mangle]
            pub fn $parse(bytes: &[u8]) {
                let _ = black_box($view::parse(bytes));
            }
            #[no_mangle]
            pub fn $header(view: &$view<&[u8]>) {
                black_box(view.header());
            }
            #[no_mangle]
            pub fn $payload(view: &$view<&[u8]>) {
                black_box(view.payload());
            }
            #[no_mangle]
            pub fn $into(view: $view<&[u8]>) {
                black_box(view.into_payload());
            }
        )*};
    }

    views! {
        entry_macro_sll_parse entry_macro_sll_header entry_macro_sll_payload entry_macro_sll_into LinuxCookedPacket;
        entry_macro_sll2_parse entry_macro_sll2_header entry_macro_sll2_payload entry_macro_sll2_into LinuxCooked2Packet;
        entry_macro_bsd_parse entry_macro_bsd_header entry_macro_bsd_payload entry_macro_bsd_into BsdLoopbackPacket;
    }
}

/// BGP's prefixes and the fast iterators over them, which macros make; and what is generic over them.
mod from_macros_of_bgp {
    use bgp_codec::attribute::aigp::AigpValue;
    use bgp_codec::attribute::as_path::Merged;
    use bgp_codec::attribute::bfd_discriminator::BfdDiscriminatorValue;
    use bgp_codec::attribute::prefix_sid::{PrefixSidValue, ServiceValue, SidValue};
    use bgp_codec::attribute::tunnel_encapsulation::segment::{
        Ipv4Interface, Ipv4Link, Ipv4Node, Ipv6Interfaces, Ipv6Link, Ipv6Node,
    };
    use bgp_codec::attribute::tunnel_encapsulation::{SegmentValue, SubTlv};
    use bgp_codec::attribute::{PathBuilder, SegmentType};
    use bgp_codec::build::{SharedAttributes, Updates};
    use bgp_codec::nlri::{EvpnRoute, Ipv4Routes, Ipv6Routes, McastVpn, Mup};
    use bgp_codec::tlv::Tlv;
    use bgp_codec::validate::{AttributeSet, UpdateVisitor};
    use bgp_codec::{
        Attribute, AttributeType, AttributeValue, Capability, Family, FamilySet, Finding, Ipv4Prefix, Ipv6Prefix,
        Negotiated, Nlri, Outcome, Route, Update,
    };
    use core::hint::black_box;
    use core::net::{Ipv4Addr, Ipv6Addr};
    use ether_ip::writer::Writer;

    macro_rules! prefixes {
        ($($new:ident $host:ident $parts:ident $contains:ident $write:ident $next:ident $rest:ident $prefix:ident $address:ident $routes:ident;)*) => {$(
            #[no_mangle]
            pub fn $new(address: $address, len: u8) {
                let _ = black_box($prefix::new(address, len));
            }
            #[no_mangle]
            pub fn $host(address: $address) {
                black_box($prefix::host(address));
            }
            #[no_mangle]
            pub fn $parts(prefix: &$prefix) {
                black_box((prefix.address(), prefix.len(), prefix.wire_len()));
            }
            #[no_mangle]
            pub fn $contains(prefix: &$prefix, address: $address) {
                black_box(prefix.contains(address));
            }
            #[no_mangle]
            pub fn $write(prefix: &$prefix, to: &mut Writer<'_>) {
                let _ = black_box(prefix.write(to));
            }
            #[no_mangle]
            pub fn $next(routes: &mut $routes<'_>) {
                black_box(routes.next());
            }
            #[no_mangle]
            pub fn $rest(routes: &$routes<'_>) {
                black_box((routes.as_bytes(), routes.routes()));
            }
        )*};
    }

    prefixes! {
        entry_macro_v4_new entry_macro_v4_host entry_macro_v4_parts entry_macro_v4_contains entry_macro_v4_write
            entry_macro_v4_next entry_macro_v4_rest Ipv4Prefix Ipv4Addr Ipv4Routes;
        entry_macro_v6_new entry_macro_v6_host entry_macro_v6_parts entry_macro_v6_contains entry_macro_v6_write
            entry_macro_v6_next entry_macro_v6_rest Ipv6Prefix Ipv6Addr Ipv6Routes;
    }

    macro_rules! typed {
        ($($kind:ident $write:ident $route:ident;)*) => {$(
            #[no_mangle]
            pub fn $kind(route: &$route<'_>) {
                black_box(route.kind());
            }
            #[no_mangle]
            pub fn $write(route: &$route<'_>, to: &mut Writer<'_>) {
                let _ = black_box((route.write(to), route.answered()));
            }
        )*};
    }

    typed! {
        entry_macro_evpn_kind entry_macro_evpn_write EvpnRoute;
        entry_macro_mcast_vpn_kind entry_macro_mcast_vpn_write McastVpn;
        entry_macro_mup_kind entry_macro_mup_write Mup;
    }

    macro_rules! tlv_values {
        ($($parse:ident $write:ident $value:ident;)*) => {$(
            #[no_mangle]
            pub fn $parse(tlv: Tlv<'_>) {
                let _ = black_box($value::parse(tlv));
            }
            #[no_mangle]
            pub fn $write(value: &$value<'_>, to: &mut Writer<'_>) {
                black_box(value.kind());
                let _ = black_box(value.write(to));
            }
        )*};
    }

    tlv_values! {
        entry_macro_sub_tlv_parse entry_macro_sub_tlv_write SubTlv;
        entry_macro_segment_parse entry_macro_segment_write SegmentValue;
        entry_macro_prefix_sid_parse entry_macro_prefix_sid_write PrefixSidValue;
        entry_macro_service_parse entry_macro_service_write ServiceValue;
        entry_macro_sid_parse entry_macro_sid_write SidValue;
        entry_macro_aigp_parse entry_macro_aigp_write AigpValue;
        entry_macro_bfd_parse entry_macro_bfd_write BfdDiscriminatorValue;
    }

    /// What hands out values, one by one: the function alone hands out none.
    #[no_mangle]
    pub fn entry_macro_values(value: &AttributeValue<'_>) {
        match value {
            AttributeValue::TunnelEncapsulation(tunnels) => {
                for tunnel in *tunnels {
                    tunnel.values().for_each(|value| {
                        let _ = black_box(value);
                    });
                    for list in tunnel.segment_lists() {
                        list.values().for_each(|value| {
                            let _ = black_box(value);
                        });
                        black_box(list.weight());
                    }
                }
            }
            AttributeValue::PrefixSid(sid) => {
                sid.services().for_each(|service| {
                    black_box(service);
                });
                for value in sid.values() {
                    let Ok(PrefixSidValue::Layer3Service(service)) = value else { continue };
                    for value in service.values() {
                        let Ok(ServiceValue::SidInformation(sid)) = value else { continue };
                        sid.values().for_each(|value| {
                            let _ = black_box(value);
                        });
                    }
                }
            }
            AttributeValue::AttrSet(set) => set.values().for_each(|value| {
                let _ = black_box(value);
            }),
            AttributeValue::Aigp(aigp) => aigp.values().for_each(|value| {
                let _ = black_box(value);
            }),
            AttributeValue::BfdDiscriminator(of) => of.values().for_each(|value| {
                let _ = black_box(value);
            }),
            _ => {}
        }
    }

    macro_rules! found {
        ($($new:ident $parts:ident $type:ident($($part:ident: $of:ty),*);)*) => {$(
            #[no_mangle]
            pub fn $new(flags: u8, algorithm: u8, $($part: $of),*) {
                black_box($type::new(flags, algorithm, $($part),*));
            }
            #[no_mangle]
            pub fn $parts(of: &$type) {
                black_box((of.flags(), of.algorithm(), $(of.$part()),*));
            }
        )*};
    }

    found! {
        entry_macro_ipv4_node entry_macro_ipv4_node_parts Ipv4Node(node: Ipv4Addr);
        entry_macro_ipv6_node entry_macro_ipv6_node_parts Ipv6Node(node: Ipv6Addr);
        entry_macro_ipv4_interface entry_macro_ipv4_interface_parts Ipv4Interface(interface: u32, node: Ipv4Addr);
        entry_macro_ipv4_link entry_macro_ipv4_link_parts Ipv4Link(local: Ipv4Addr, remote: Ipv4Addr);
        entry_macro_ipv6_interfaces entry_macro_ipv6_interfaces_parts
            Ipv6Interfaces(local_interface: u32, local: Ipv6Addr, remote_interface: u32, remote: Ipv6Addr);
        entry_macro_ipv6_link entry_macro_ipv6_link_parts Ipv6Link(local: Ipv6Addr, remote: Ipv6Addr);
    }

    #[no_mangle]
    pub fn entry_macro_capability_code(capability: &Capability<'_>) {
        black_box(capability.code());
    }

    #[no_mangle]
    pub fn entry_macro_path_segment(path: PathBuilder<'_>, kind: SegmentType, numbers: &[u32]) {
        let _ = black_box(path.segment(kind, numbers.iter().copied()));
    }

    #[no_mangle]
    pub fn entry_macro_path_segments(path: PathBuilder<'_>, merged: Merged<'_>) {
        let _ = black_box(path.segments(merged));
    }

    #[no_mangle]
    pub fn entry_macro_shared_attributes(
        values: &[AttributeValue<'_>],
        update: &Update<'_>,
        outcome: &Outcome,
        session: &Negotiated,
        to: &mut [u8],
    ) {
        let passed_on = update.kept_attributes(outcome).filter_map(Attribute::passed_on);
        let _ = black_box(SharedAttributes::write_with(values, passed_on, session, to));
    }

    #[no_mangle]
    pub fn entry_macro_attribute_set(kinds: &[AttributeType]) {
        black_box(kinds.iter().copied().collect::<AttributeSet>());
    }

    #[no_mangle]
    pub fn entry_macro_nlri_write(nlri: &Nlri<'_>, format: bgp_codec::nlri::RouteFormat, to: &mut Writer<'_>) {
        let _ = black_box(nlri.write(format, to));
    }

    #[no_mangle]
    pub fn entry_macro_family_set(families: [Family; 4]) {
        black_box(families.into_iter().collect::<FamilySet>());
    }

    /// Looks at everything.
    struct Everything;

    impl<'a> UpdateVisitor<'a> for Everything {
        fn withdrawn(&mut self, path_id: Option<u32>, prefix: Ipv4Prefix) {
            black_box((path_id, prefix));
        }

        fn attribute(&mut self, attribute: &Attribute<'a>, value: AttributeValue<'a>) {
            black_box((attribute, value));
        }

        fn announced(&mut self, path_id: Option<u32>, prefix: Ipv4Prefix) {
            black_box((path_id, prefix));
        }

        fn finding(&mut self, finding: &Finding) {
            black_box(finding);
        }
    }

    #[no_mangle]
    pub fn entry_macro_walk(update: &Update<'_>) {
        black_box(update.walk(&mut Everything));
    }

    macro_rules! updates {
        ($($next:ident $item:ty;)*) => {$(
            #[no_mangle]
            pub fn $next(updates: &mut Updates<'_, core::iter::Copied<core::slice::Iter<'_, $item>>>, to: &mut [u8]) {
                let _ = black_box(updates.next(to));
            }
        )*};
    }

    updates! {
        entry_macro_updates_v4 Ipv4Prefix;
        entry_macro_updates_v4_path (u32, Ipv4Prefix);
        entry_macro_updates_v6 Ipv6Prefix;
        entry_macro_updates_v6_path (u32, Ipv6Prefix);
        entry_macro_updates_route Route<'_>;
    }

    #[no_mangle]
    pub fn entry_macro_updates_new(
        family: Family,
        attributes: SharedAttributes<'_>,
        routes: &[Ipv4Prefix],
        session: &Negotiated,
    ) {
        let _ = black_box(Updates::announce_ipv4(attributes, routes.iter().copied(), session));
        let _ = black_box(Updates::withdraw(family, routes.iter().copied(), session));
    }
}

/// Flannel's step, which is generic over the table, and the lookup of the table that allocates as it grows. The allocator is
/// there to be linked: nothing that is entered reaches it.
mod over_tables {
    use core::alloc::{GlobalAlloc, Layout};
    use core::hint::black_box;
    use core::net::Ipv4Addr;
    use flannel_udp_codec::{FirstMatch, LongestPrefix, Node};

    struct Nothing;

    // SAFETY: it gives nothing out, which an allocator may.
    unsafe impl GlobalAlloc for Nothing {
        unsafe fn alloc(&self, _: Layout) -> *mut u8 {
            core::ptr::null_mut()
        }
        unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
    }

    #[global_allocator]
    static NOTHING: Nothing = Nothing;

    #[no_mangle]
    pub fn entry_macro_forward_first_match(node: &Node, packet: &mut [u8], routes: &mut FirstMatch<'_>) {
        let _ = black_box(node.forward(packet, routes));
    }

    #[no_mangle]
    pub fn entry_macro_forward_longest_prefix(node: &Node, packet: &mut [u8], mut routes: &LongestPrefix) {
        let _ = black_box(node.forward(packet, &mut routes));
    }

    #[no_mangle]
    pub fn entry_macro_longest_prefix_get(routes: &LongestPrefix, address: Ipv4Addr) {
        black_box((routes.get(address), routes.len(), routes.is_empty()));
    }
}

/// Stacks of layers, each of which stands in one of them in front of another, and last; and stacks of headers, in the same way.
mod stacks {
    use core::hint::black_box;
    use ether_ip::ethernet::EtherType;
    use ether_ip::ethernet::EthernetHeader;
    use ether_ip::icmpv4::Icmpv4Header;
    use ether_ip::icmpv6::Icmpv6Header;
    use ether_ip::ipv4::Ipv4Header;
    use ether_ip::ipv6::Ipv6Header;
    use ether_ip::rewrite::nat64::{Nat64Prefix, Translator};
    use ether_ip::rewrite::{pop_tag, push_tag, Carried};
    use ether_ip::stack::{quoted, Arp, Ethernet, Icmpv4, Icmpv6, Ip, Ipv4, Ipv6, Tcp, Udp, Vlans};
    use ether_ip::tcp::TcpHeader;
    use ether_ip::udp::UdpHeader;
    use ether_ip::vlan::VlanHeader;
    use ether_ip::Headroom;
    use geneve_codec::{Geneve, GeneveHeader};
    use vxlan_codec::{Vxlan, VxlanHeader};

    macro_rules! stacks {
        ($($parse:ident $parse_mut:ident $stack:expr;)*) => {$(
            #[no_mangle]
            pub fn $parse(bytes: &[u8], port: u16) {
                let _ = black_box(($stack)(port).parse(bytes));
            }
            #[no_mangle]
            pub fn $parse_mut(bytes: &mut [u8], port: u16) {
                let _ = black_box(($stack)(port).parse_mut(bytes));
            }
        )*};
    }

    stacks! {
        entry_stack_arp entry_stack_arp_mut |_| Ethernet / Vlans / Arp;
        entry_stack_vlans entry_stack_vlans_mut |_| Ethernet / Vlans;
        entry_stack_vxlan entry_stack_vxlan_mut
            |port| Ethernet / Vlans / Ip / Udp / Vxlan(port) / Ethernet / Vlans / Ip / Tcp;
        entry_stack_geneve entry_stack_geneve_mut |port| Ip / Ipv4 / Ipv6 / Ip / Udp / Geneve(port) / Ip;
        entry_stack_bridged entry_stack_bridged_mut |port| Udp / Geneve(port) / Ethernet / Ipv6;
        entry_stack_inner entry_stack_inner_mut |port| Udp / Vxlan(port);
        entry_stack_icmp entry_stack_icmp_mut |_| Ipv4 / Icmpv4 / quoted::Ipv4 / quoted::Udp;
        entry_stack_echo entry_stack_echo_mut |_| Ipv4 / Icmpv4 / quoted::Ipv4 / quoted::Icmpv4;
        entry_stack_icmp6 entry_stack_icmp6_mut |_| Ethernet / Ipv6 / Icmpv6 / quoted::Ipv6 / quoted::Tcp;
        entry_stack_echo6 entry_stack_echo6_mut |_| Ipv6 / Icmpv6 / quoted::Ipv6 / quoted::Icmpv6;
    }

    macro_rules! headers {
        ($($name:ident($($header:ident: $of:ident),+);)*) => {$(
            #[no_mangle]
            pub fn $name(packet: &mut Headroom<'_>, $($header: $of),+) {
                let _ = black_box(headers!(@ $($header)+).prepend(packet));
            }
        )*};
        (@ $first:ident $($behind:ident)+) => { ($first $(/ $behind)+) };
    }

    headers! {
        entry_headers_udp(ethernet: EthernetHeader, tag: VlanHeader, ip: Ipv4Header, udp: UdpHeader);
        entry_headers_udp6(ethernet: EthernetHeader, ip: Ipv6Header, udp: UdpHeader);
        entry_headers_tcp(tag: VlanHeader, other: VlanHeader, outer: Ipv6Header, ip: Ipv4Header, tcp: TcpHeader);
        entry_headers_tcp6(outer: Ipv4Header, ip: Ipv6Header, tcp: TcpHeader);
        entry_headers_icmp(outer: Ipv4Header, ip: Ipv4Header, icmp: Icmpv4Header);
        entry_headers_icmp6(outer: Ipv6Header, ip: Ipv6Header, icmp: Icmpv6Header);
        entry_headers_vxlan(ip: Ipv4Header, udp: UdpHeader, vxlan: VxlanHeader, link: EthernetHeader, inner: Ipv6Header);
        entry_headers_in_vxlan(vxlan: VxlanHeader, link: EthernetHeader);
        entry_headers_geneve(ip: Ipv6Header, udp: UdpHeader, geneve: GeneveHeader, link: EthernetHeader, inner: Ipv4Header);
        entry_headers_geneve4(udp: UdpHeader, geneve: GeneveHeader, inner: Ipv4Header);
        entry_headers_in_geneve(geneve: GeneveHeader, inner: Ipv6Header);
    }

    /// What changes a packet's length, in a frame in a tunnel in a frame.
    #[no_mangle]
    pub fn entry_carried(packet: &mut Headroom<'_>, at: usize, tag: VlanHeader, prefix: &Nat64Prefix, by: &Translator) {
        let Ok(mut outer) = Carried::in_ethernet(packet) else { return };
        let Ok(mut frame) = Carried::in_ip(&mut outer, at) else { return };
        let _ = black_box(push_tag(&mut frame, EtherType::VLAN, tag));
        let _ = black_box(pop_tag(&mut frame));
        let Ok(mut inner) = Carried::in_ethernet(&mut frame) else { return };
        let _ = black_box(by.to_ipv6(&mut inner, |address| Some(prefix.embed(address))));
        let _ = black_box(by.to_ipv4(&mut inner, 7, |address| prefix.extract(address)));
    }

    #[no_mangle]
    pub fn entry_stack_quoted_tcp(tcp: quoted::QuotedTcp<&mut [u8]>) {
        black_box((tcp.header(), tcp.payload()));
        black_box(tcp.into_parts());
    }
}

/// Planted by `.ci/panic-free --self-test`: an index that may be out of bounds, and a sum that may overflow.
#[cfg(feature = "planted")]
mod planted {
    #[no_mangle]
    pub fn entry_planted_index(bytes: &[u8], at: usize) -> u8 {
        bytes[at]
    }

    #[no_mangle]
    pub fn entry_planted_sum(one: usize, other: usize) -> usize {
        one + other
    }
}
