//! A table of ours against peers, in one run: `NAME ours peer ratio budget ok|SHORT`, times in nanoseconds.
//!
//! Ours and the peer take turns, round by round, and the best round of each counts: what else the machine does hits both.

use std::hint::black_box;
use std::time::Instant;

use bench::mix::{self, Kind, Mix};
use bench::packets::Page;
use bench::{bgp, by_hand, flannel, mixed, ours, packets, peers, rewriting, tunnels};
use ether_ip::rewrite::nat64::{Nat64Prefix, Translator};
use flannel_udp_codec::{FirstMatch, LongestPrefix, Node, SubnetRoute};

const ROUNDS: usize = 60;
const ROUND_NANOSECONDS: f64 = 1_500_000.0;

/// What the ratio of the two must be.
enum Budget {
    /// Ours takes at most so many times the peer's time.
    AtMost(f64),
    /// The peer takes at least so many times ours.
    AtLeast(f64),
    /// Shown, not judged.
    None,
}

struct Table {
    /// Only rows whose name has this in it.
    wanted: String,
    budgets: usize,
    short: usize,
}

impl Table {
    fn row(&mut self, name: &str, mut ours: impl FnMut(), mut peer: impl FnMut(), budget: Budget) {
        if !name.contains(&self.wanted) {
            return;
        }
        let (ours_count, peer_count) = (calibrate(&mut ours), calibrate(&mut peer));
        let (mut best_ours, mut best_peer) = (f64::MAX, f64::MAX);
        let one = time(&mut peer, 1);
        for _ in 0..if one > 1e8 { 5 } else { ROUNDS } {
            best_ours = best_ours.min(time(&mut ours, ours_count));
            best_peer = best_peer.min(time(&mut peer, peer_count));
        }
        let (ratio, text, is_met) = match budget {
            Budget::AtMost(most) => {
                (best_ours / best_peer, format!("<={most:.2}"), Some(best_ours / best_peer <= most))
            }
            Budget::AtLeast(least) => {
                (best_peer / best_ours, format!(">={least:.2}"), Some(best_peer / best_ours >= least))
            }
            Budget::None => (best_peer / best_ours, "-".to_owned(), None),
        };
        let verdict = match is_met {
            Some(true) => "ok",
            Some(false) => "SHORT",
            None => "-",
        };
        self.budgets += usize::from(is_met.is_some());
        self.short += usize::from(is_met == Some(false));
        println!("{name:<44} {best_ours:>9.1} {best_peer:>9.1} {ratio:>7.2} {text:>7} {verdict}");
    }
}

impl Table {
    /// What a part of the work takes, judged as it is: for a budget in nanoseconds.
    fn nanoseconds(&mut self, name: &str, work: &mut impl FnMut(), parts: usize, most: f64) {
        if !name.contains(&self.wanted) {
            return;
        }
        let count = calibrate(work);
        let best = (0..ROUNDS).map(|_| time(work, count)).fold(f64::MAX, f64::min) / parts as f64;
        let is_met = best <= most;
        self.budgets += 1;
        self.short += usize::from(!is_met);
        let verdict = if is_met { "ok" } else { "SHORT" };
        println!("{name:<44} {best:>9.1} {:>9} {:>7} {:>7} {verdict}", "-", "-", format!("<={most} ns"));
    }
}

/// How many calls fill a round.
fn calibrate(work: &mut impl FnMut()) -> u32 {
    let mut count = 16;
    loop {
        let total = time(work, count) * f64::from(count);
        if total > ROUND_NANOSECONDS / 4.0 {
            return (f64::from(count) * ROUND_NANOSECONDS / total) as u32 + 1;
        }
        count *= 4;
    }
}

/// Nanoseconds a call.
#[inline(never)]
fn time(work: &mut impl FnMut(), count: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..count {
        work();
    }
    start.elapsed().as_nanos() as f64 / f64::from(count)
}

macro_rules! call {
    ($function:path, $bytes:expr) => {
        || {
            // What is hidden is where the slice stands, not the slice: its two words, stored and read back as one, would wait.
            black_box($function(&black_box(&$bytes)[..]));
        }
    };
}

fn main() {
    let mut table = Table { wanted: std::env::args().nth(1).unwrap_or_default(), budgets: 0, short: 0 };
    println!("{:<44} {:>9} {:>9} {:>7} {:>7}", "NAME", "ours", "peer", "ratio", "budget");

    let bytes = packets::tcp();
    table.row(
        "parse Ethernet/IPv4/TCP, by hand",
        call!(ours::tcp, bytes),
        call!(by_hand::tcp, bytes),
        Budget::AtMost(1.2),
    );
    table.row(
        "parse Ethernet/IPv4/TCP as a stack, ours",
        call!(ours::tcp_stack, bytes),
        call!(ours::tcp_no_fragment, bytes),
        Budget::AtMost(1.05),
    );
    table.row(
        "parse Ethernet/IPv4/TCP, smoltcp",
        call!(ours::tcp, bytes),
        call!(peers::smoltcp_tcp, bytes),
        Budget::AtLeast(1.0),
    );
    table.row(
        "parse Ethernet/IPv4/TCP, etherparse",
        call!(ours::tcp, bytes),
        call!(peers::etherparse_tcp, bytes),
        Budget::AtLeast(6.0),
    );
    table.row(
        "parse Ethernet/IPv4/TCP, pnet (unchecked)",
        call!(ours::tcp, bytes),
        call!(peers::pnet_tcp, bytes),
        Budget::None,
    );

    let bytes = packets::vxlan();
    table.row(
        "parse outer/VXLAN/inner, by hand",
        call!(ours::vxlan, bytes),
        call!(by_hand::vxlan, bytes),
        Budget::AtMost(1.2),
    );
    table.row(
        "parse outer/VXLAN/inner as a stack, ours",
        call!(ours::vxlan_stack, bytes),
        call!(ours::vxlan_no_fragment, bytes),
        Budget::AtMost(1.05),
    );
    table.row(
        "parse outer/VXLAN/inner, smoltcp",
        call!(ours::vxlan, bytes),
        call!(peers::smoltcp_vxlan, bytes),
        Budget::AtLeast(1.4),
    );
    table.row(
        "parse outer/VXLAN/inner, etherparse",
        call!(ours::vxlan, bytes),
        call!(peers::etherparse_vxlan, bytes),
        Budget::AtLeast(6.0),
    );
    table.row(
        "parse outer/VXLAN/inner, pnet (unchecked)",
        call!(ours::vxlan, bytes),
        call!(peers::pnet_vxlan, bytes),
        Budget::None,
    );
    table.row(
        "walk VXLAN, etherparse",
        call!(ours::walk, bytes),
        call!(peers::etherparse_walk, bytes),
        Budget::AtLeast(3.0),
    );
    table.row(
        "walk VXLAN, packet-strata's packet",
        call!(ours::walk, bytes),
        call!(peers::strata_packet, bytes),
        Budget::AtLeast(3.0),
    );
    let strata = call!(peers::strata_walk, bytes);
    table.row("walk VXLAN, packet-strata's iterator", call!(ours::walk, bytes), strata, Budget::AtLeast(1.5));
    let straight = call!(ours::straight, bytes);
    table.row("walk VXLAN, parsed in a straight line", call!(ours::walk, bytes), straight, Budget::AtMost(1.5));
    let by_ports = call!(ours::straight_by_ports, bytes);
    table.row("walk VXLAN, the same with tables of ports", call!(ours::walk, bytes), by_ports, Budget::None);
    table.row(
        "walk VXLAN by next, in a straight line",
        call!(ours::walk_by_next, bytes),
        straight,
        Budget::AtMost(3.5),
    );

    let (template, by_hand_template) = (ours::template(), by_hand::template());
    let run_ours = |buffer: &mut Page, len: usize| {
        black_box(ours::encapsulate(black_box(&template), black_box(buffer), black_box(len)));
    };
    let run_by_hand = |buffer: &mut Page, len: usize| {
        black_box(by_hand::encapsulate(black_box(&by_hand_template), black_box(buffer), black_box(len)));
    };
    let buffer_of = |payload| {
        let inner = packets::tcp_with(payload);
        (inner.len(), Page::with(50, &inner))
    };
    for payload in [1400 - 66, 14] {
        let ((len, mut a), (_, mut b)) = (buffer_of(payload), buffer_of(payload));
        let name = format!("encapsulate {len} bytes, by hand");
        table.row(&name, || run_ours(&mut a, len), || run_by_hand(&mut b, len), Budget::AtMost(1.2));
    }
    // A short inner frame may cost no more than a long one; a twentieth is the clock's.
    let ((short, mut a), (long, mut b)) = (buffer_of(0), buffer_of(1400 - 66));
    table.row(
        "encapsulate 66 bytes, ours of 1400",
        || run_ours(&mut a, short),
        || run_ours(&mut b, long),
        Budget::AtMost(1.05),
    );

    let noise: Vec<u8> = (0..65_535_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for (len, least) in [(20, 1.0), (64, 1.0), (576, 1.0), (1500, 2.5), (9000, 2.5), (65_535, 2.5)] {
        let bytes = &noise[..len];
        let ours = call!(ours::checksum, bytes);
        assert_eq!(ours::checksum(bytes), peers::etherparse_checksum(bytes));
        assert_eq!(ours::checksum(bytes), peers::smoltcp_checksum(bytes));
        let name = format!("checksum of {len} bytes, etherparse");
        table.row(&name, ours, call!(peers::etherparse_checksum, bytes), Budget::AtLeast(least));
        let name = format!("checksum of {len} bytes, smoltcp");
        table.row(&name, ours, call!(peers::smoltcp_checksum, bytes), Budget::AtLeast(1.0));
        let by_hand = call!(by_hand::checksum, bytes);
        let budget = if len < 64 { Budget::None } else { Budget::AtMost(1.05) };
        table.row(&format!("checksum of {len} bytes, by hand"), ours, by_hand, budget);
    }
    mixed_rows(&mut table);
    rewriting_rows(&mut table);
    tunnel_rows(&mut table);
    flannel_rows(&mut table);
    bgp_rows(&mut table);
    println!("{} budgets, {} short", table.budgets, table.short);
}

/// What is measured on one packet, whose every branch is known by heart, on 4096 different ones: of a kind, and of all.
fn mixed_rows(table: &mut Table) {
    macro_rules! turn {
        ($mix:ident, $function:path) => {
            || {
                black_box($function(black_box($mix.turn())));
            }
        };
    }
    let each = [
        ("TCP", &[Kind::Tcp][..]),
        ("UDP", &[Kind::Udp]),
        ("ICMP", &[Kind::Icmp]),
        ("IPv6", &[Kind::Ipv6]),
        ("VLAN", &[Kind::Vlan]),
        ("VXLAN", &[Kind::Vxlan]),
        ("all kinds", &mix::ALL),
    ];
    for (name, kinds) in each {
        let (mut a, mut b) = (Mix::new(kinds, 0, 400), Mix::new(kinds, 0, 400));
        let ours = turn!(a, mixed::ours::parse);
        table.row(
            &format!("parse 4096, {name}, smoltcp"),
            ours,
            turn!(b, mixed::smoltcp::parse),
            Budget::AtLeast(1.25),
        );
        let (ours, by_hand) = (turn!(a, mixed::ours::parse), turn!(b, mixed::by_hand::parse));
        table.row(&format!("parse 4096, {name}, by hand"), ours, by_hand, Budget::None);
        let ours = turn!(a, mixed::ours::parse);
        let theirs = turn!(b, mixed::etherparse::parse);
        table.row(&format!("parse 4096, {name}, etherparse's layers"), ours, theirs, Budget::AtLeast(1.25));
        let (ours, theirs) = (turn!(a, ours::walk), turn!(b, peers::strata_walk));
        table.row(&format!("walk 4096, {name}, packet-strata's iterator"), ours, theirs, Budget::AtLeast(1.2));
        let (ours, theirs) = (turn!(a, ours::walk_by_next), turn!(b, peers::strata_walk));
        table.row(&format!("walk 4096 by next, {name}, the same"), ours, theirs, Budget::None);
    }
    let (ours_template, by_hand_template) = (ours::template(), by_hand::template());
    let (mut a, mut b) = (Mix::new(&[Kind::Tcp, Kind::Udp], 50, 1400), Mix::new(&[Kind::Tcp, Kind::Udp], 50, 1400));
    table.row(
        "encapsulate 4096, by hand",
        || {
            let (buffer, len) = a.turn_mut(50);
            black_box(ours::encapsulate(black_box(&ours_template), black_box(buffer), len));
        },
        || {
            let (buffer, len) = b.turn_mut(50);
            black_box(by_hand::encapsulate(black_box(&by_hand_template), black_box(buffer), len));
        },
        Budget::AtMost(1.2),
    );
}

fn rewriting_rows(table: &mut Table) {
    let packet = rewriting::packet(1400);
    let both = rewriting::both_ways(&packet);
    // Each packet is rewritten and the next one back, so that every one is of the flow.
    let turns = |packet: &[u8]| (Page::with(0, packet), 0);
    let ours = |(page, turn): &mut (Box<Page>, usize)| {
        *turn ^= 1;
        black_box(rewriting::ours(black_box(&both[*turn ^ 1]), black_box(page)));
    };
    let hands = both.map(|rewrite| rewriting::ByHand::between(&rewrite.before(), &rewrite.after()));
    let (mut a, mut b) = (turns(&packet), turns(&packet));
    table.row(
        "rewrite a flow of IPv4/TCP, by hand",
        || ours(&mut a),
        || {
            b.1 ^= 1;
            black_box(rewriting::by_hand(black_box(&hands[b.1 ^ 1]), black_box(&mut b.0)));
        },
        Budget::AtMost(1.3),
    );
    let (mut a, mut b) = (turns(&packet), turns(&packet));
    table.row(
        "rewrite IPv4/TCP of 1400 bytes, etherparse",
        || ours(&mut a),
        || {
            b.1 ^= 1;
            black_box(rewriting::etherparse(black_box(&both[b.1 ^ 1].after()), black_box(&mut b.0)));
        },
        Budget::AtLeast(5.0),
    );
    let (mut a, mut b) = (turns(&packet), turns(&rewriting::packet(60)));
    let name = "rewrite IPv4/TCP of 1400 bytes, ours of 60";
    table.row(name, || ours(&mut a), || ours(&mut b), Budget::AtMost(1.05));
    nat64_rows(table);
}

/// Each packet is translated as it came: 64 bytes in front of the payload are put back before.
fn nat64_rows(table: &mut Table) {
    let (translator, prefix) = (Translator::new(), Nat64Prefix::WELL_KNOWN);
    let by_hand = rewriting::Nat64ByHand::new(&prefix);
    let ipv4 = rewriting::packet(1400);
    let mut ipv6 = Page::with(20, &ipv4);
    assert_eq!(rewriting::nat64(&translator, &prefix, &mut ipv6, ipv4.len()), Some(ipv4.len() + 20));
    let ipv4 = Page::with(20, &ipv4);
    for (name, page, len, ours, hand) in [
        (
            "NAT64 of IPv4/TCP of 1400 bytes, by hand",
            &ipv4,
            1400,
            rewriting::nat64 as Ours,
            rewriting::nat64_by_hand as ByHand,
        ),
        ("NAT64 of IPv6/TCP of 1420 bytes, by hand", &ipv6, 1420, rewriting::nat46, rewriting::nat46_by_hand),
    ] {
        let start: [u8; 64] = page[..64].try_into().unwrap();
        let (mut a, mut b) = (Page::with(0, page), Page::with(0, page));
        table.row(
            name,
            || {
                a[..64].copy_from_slice(black_box(&start));
                black_box(ours(black_box(&translator), black_box(&prefix), black_box(&mut a), black_box(len)));
            },
            || {
                b[..64].copy_from_slice(black_box(&start));
                black_box(hand(black_box(&by_hand), black_box(&mut b), black_box(len)));
            },
            Budget::AtMost(2.0),
        );
    }
}

type Ours = fn(&Translator, &Nat64Prefix, &mut [u8], usize) -> Option<usize>;
type ByHand = fn(&rewriting::Nat64ByHand, &mut [u8], usize) -> Option<usize>;

fn tunnel_rows(table: &mut Table) {
    let (plain, vxlan) = (tunnels::geneve(&[]), packets::vxlan());
    let packet = tunnels::packet(&plain);
    table.row(
        "parse outer/Geneve/inner, ours of VXLAN",
        call!(tunnels::parse, packet),
        call!(ours::vxlan, vxlan),
        Budget::AtMost(1.2),
    );
    let optional = tunnels::packet(&tunnels::geneve(&tunnels::two_options()));
    table.row(
        "parse Geneve with two options, by hand",
        call!(tunnels::parse_options, optional),
        call!(tunnels::parse_options_by_hand, optional),
        Budget::AtMost(1.3),
    );
    let template = ours::template();
    for payload in [1400 - 66, 14] {
        let inner = packets::tcp_with(payload);
        let (mut a, mut b, len) = (Page::with(50, &inner), Page::with(50, &inner), inner.len());
        table.row(
            &format!("encapsulate {len} bytes in Geneve, ours in VXLAN"),
            || {
                black_box(tunnels::encapsulate(black_box(&plain), black_box(&mut a), black_box(len)));
            },
            || {
                black_box(ours::encapsulate(black_box(&template), black_box(&mut b), black_box(len)));
            },
            Budget::AtMost(1.2),
        );
    }
    let (template, inner) = (tunnels::ipip(), packets::tcp_with(1400 - 66).split_off(14));
    let by_hand = tunnels::ipip_template_by_hand();
    let (mut a, mut b, len) = (Page::with(20, &inner), Page::with(20, &inner), inner.len());
    table.row(
        "encapsulate 1386 bytes in IP, by hand",
        || {
            black_box(tunnels::ipip_encapsulate(black_box(&template), black_box(&mut a), black_box(len)));
        },
        || {
            black_box(tunnels::ipip_by_hand(black_box(&by_hand), black_box(&mut b), black_box(len)));
        },
        Budget::AtMost(1.2),
    );
    let (mut ours, mut alone) = (tunnels::Sleeve::new(), tunnels::Sleeve::new());
    table.row(
        "seal a sleeve packet, the crypto alone",
        || {
            black_box(ours.seal());
        },
        || {
            black_box(alone.seal_alone());
        },
        Budget::AtLeast(0.95),
    );
    let (mut ours, mut alone) = (tunnels::Sleeve::new(), tunnels::Sleeve::new());
    table.row(
        "open a sleeve packet, the crypto alone",
        || {
            black_box(ours.open());
        },
        || {
            black_box(alone.open_alone());
        },
        Budget::AtLeast(0.95),
    );
}

fn flannel_rows(table: &mut Table) {
    let node = Node::new([10, 0, 0, 0].into());
    for count in [10, 1000, 100_000] {
        let routes = flannel::routes(count);
        let longest: LongestPrefix = routes.iter().copied().collect();
        let (mut a, mut b) = (flannel::Ring::over(&routes), flannel::Ring::over(&routes));
        table.row(
            &format!("forward, {count} leases in a table, by hand"),
            || {
                black_box(flannel::table_ours(black_box(a.turn()), &node, black_box(&longest)));
            },
            || {
                black_box(flannel::table_by_hand(black_box(b.turn()), black_box(&longest)));
            },
            Budget::AtMost(1.3),
        );
    }
    let routes = flannel::routes(10);
    let mut places = [SubnetRoute::NONE; 10];
    let mut list = FirstMatch::new(&mut places);
    for route in &routes {
        list.set(*route).unwrap();
    }
    let mut plain = flannel::ByHand::new(&routes);
    let (mut a, mut b) = (flannel::Ring::over(&routes), flannel::Ring::over(&routes));
    table.row(
        "forward, 10 leases in flannel's list, by hand",
        || {
            black_box(flannel::list_ours(black_box(a.turn()), &node, black_box(&mut list)));
        },
        || {
            black_box(flannel::list_by_hand(black_box(b.turn()), black_box(&mut plain)));
        },
        Budget::AtMost(1.3),
    );
    // Its parse of the frame that the packet came in, as budgeted; and of the packet alone, which melts into the caller.
    let frame = packets::tcp();
    table.row(
        "forward, 10 leases, etherparse of the frame",
        || {
            black_box(flannel::list_ours(black_box(a.turn()), &node, black_box(&mut list)));
        },
        call!(peers::etherparse_tcp, frame),
        Budget::AtLeast(2.5),
    );
    table.row(
        "forward, 10 leases, etherparse of the packet",
        || {
            black_box(flannel::list_ours(black_box(a.turn()), &node, black_box(&mut list)));
        },
        || {
            black_box(flannel::etherparse(black_box(b.turn())));
        },
        Budget::None,
    );
}

fn bgp_rows(table: &mut Table) {
    // "Validated" is not equal work: beside the times stands what each lets pass.
    if "malformed UPDATEs".contains(&table.wanted) {
        let taken = bgp::taken_malformed().map(|(name, count)| format!("{name} {count}")).join(", ");
        println!("of 8 malformed UPDATEs are taken: {taken}");
    }
    let session = bgp::session();
    let params = bgp::peers::zettabgp_params();
    let modern = routecore::bgp::message::SessionConfig::modern();
    let mut context = bgp::peers::netgauze_context();
    for (name, message, least) in [("small", bgp::small(), 5.0), ("packed", bgp::packed(), 4.0)] {
        let ours = || {
            black_box(bgp::ours::update(black_box(&message), &session));
        };
        let by_hand = call!(bgp::by_hand::update, message);
        table.row(&format!("{name} UPDATE, by hand"), ours, by_hand, Budget::AtMost(1.3));
        let zettabgp = || {
            black_box(bgp::peers::zettabgp(black_box(&message), &params));
        };
        table.row(&format!("{name} UPDATE, zettabgp"), ours, zettabgp, Budget::AtLeast(least));
        let netgauze = || {
            black_box(bgp::peers::netgauze(black_box(&message), &mut context));
        };
        table.row(&format!("{name} UPDATE, netgauze"), ours, netgauze, Budget::AtLeast(least));
        let routecore = || {
            black_box(bgp::peers::routecore(black_box(&message), &modern));
        };
        table.row(&format!("{name} UPDATE, routecore's views"), ours, routecore, Budget::AtLeast(least));
        let owned = || {
            black_box(bgp::peers::routecore_owned(black_box(&message), &modern));
        };
        table.row(&format!("{name} UPDATE, routecore's owned values"), ours, owned, Budget::AtLeast(least));
        let bytes = bytes::Bytes::copy_from_slice(&message);
        let bgpkit = || {
            black_box(bgp::peers::bgpkit(black_box(&bytes)));
        };
        table.row(&format!("{name} UPDATE, bgpkit"), ours, bgpkit, Budget::AtLeast(least));
    }

    update_mix_rows(table);
    link_state_rows(table);

    let (message, routes, path) = (bgp::packed(), bgp::packed_routes(), bgp::packed_path());
    let communities = [65_001 << 16 | 1, 65_001 << 16 | 2].map(From::<u32>::from);
    let values = bgp::packed_values(&path, &communities);
    let (mut a, mut b) = (vec![0; 4096], vec![0; 4096]);
    let mut build = || {
        black_box(bgp::ours::build(black_box(&values), black_box(&routes), &session, &mut a));
    };
    let template = bgp::peers::zettabgp_message(&message, &params);
    let theirs: Vec<_> =
        routes.iter().map(|route| zettabgp::prelude::BgpAddrV4::new(route.address(), route.len())).collect();
    let zettabgp = || {
        black_box(bgp::peers::zettabgp_build(&template, black_box(&theirs), &params, &mut b));
    };
    table.row("build packed UPDATE, zettabgp", &mut build, zettabgp, Budget::AtLeast(3.0));
    let made = bgp::peers::zettabgp_message(&message, &params);
    let mut c = vec![0; 4096];
    let encoding = || {
        black_box(bgp::peers::zettabgp_encode(black_box(&made), &params, &mut c));
    };
    table.row("build packed UPDATE, zettabgp's encoding alone", &mut build, encoding, Budget::AtLeast(3.0));
    let template = bgp::peers::bgpkit_message(&message);
    let bgpkit = || {
        black_box(bgp::peers::bgpkit_build(&template, black_box(&template.announced_prefixes)));
    };
    table.row("build packed UPDATE, bgpkit", &mut build, bgpkit, Budget::AtLeast(3.0));
    table.nanoseconds("build packed UPDATE, a route", &mut build, routes.len(), 4.0);

    for (name, message, budget) in [("small", bgp::small(), Budget::None), ("packed", message, Budget::AtMost(2.0))] {
        let (mut a, mut b) = (vec![0; 4096], vec![0; 4096]);
        let rewrite = || {
            black_box(bgp::ours::rewrite(black_box(&message), &session, black_box(&mut a)));
        };
        let copy = || black_box(&mut b)[..message.len()].copy_from_slice(black_box(&message));
        table.row(&format!("rewrite {name} UPDATE, a copy"), rewrite, copy, budget);
    }

    let different = bgp::packed_different();
    let (mut c, mut d) = (different.iter().cycle(), different.iter().cycle());
    let (mut a, mut b) = (vec![0; 4096], vec![0; 4096]);
    table.row(
        "rewrite 64 packed UPDATEs, a copy",
        || {
            let message = c.next().map(Vec::as_slice).unwrap_or_default();
            black_box(bgp::ours::rewrite(black_box(message), &session, black_box(&mut a)));
        },
        || {
            let message = d.next().map(Vec::as_slice).unwrap_or_default();
            black_box(&mut b)[..message.len()].copy_from_slice(black_box(message));
        },
        Budget::AtMost(2.5),
    );

    let stream = bgp::table(1_000_000);
    let bytes = bytes::Bytes::copy_from_slice(&stream);
    let ours = || {
        black_box(bgp::ours::table(black_box(&stream), &session));
    };
    let bgpkit = || {
        black_box(bgp::peers::bgpkit_table(black_box(&bytes)));
    };
    table.row("full table of 1 M routes, bgpkit", ours, bgpkit, Budget::AtLeast(5.0));
    let routecore = || {
        black_box(bgp::peers::routecore_table(black_box(&stream), &modern));
    };
    table.row("full table of 1 M routes, routecore's views", ours, routecore, Budget::AtLeast(3.5));

    let (routes, mut buffer, mut dump) = (bgp::dumps::routes(&stream, &session), vec![0; 65_536], Vec::new());
    bgp::dumps::write(&routes, &mut buffer, |records| dump.extend_from_slice(records));
    let mut write = || {
        black_box(bgp::dumps::write(black_box(&routes), &mut buffer, |records| {
            black_box(records);
        }));
    };
    table.nanoseconds("MRT of 1 M routes written, a route", &mut write, routes.len(), 30.0);
    let mut read = || {
        black_box(bgp::dumps::read(black_box(&dump)));
    };
    table.nanoseconds("MRT of 1 M routes read, a route", &mut read, routes.len(), 120.0);
    let bgpkit = || {
        black_box(bgp::dumps::bgpkit(black_box(&dump)));
    };
    table.row("MRT of 1 M routes, bgpkit", &mut read, bgpkit, Budget::AtLeast(5.0));
}

/// Link state: one link, and 1024 nodes, links and prefixes, all that is told of them read as values. Whole UPDATEs, which ours validates, are
/// not judged: what is asked of a codec of link state is the route and its attribute.
fn link_state_rows(table: &mut Table) {
    use bgp::link_state::{link, netgauze, netgauze_parts, ours, ours_parts, parts, updates};
    let session = bgp::session();
    let mut context = bgp::peers::netgauze_context();
    let (mix, link) = (updates(), parts(&link(7, 9)));
    let ours_of_link = || {
        black_box(ours_parts(black_box(&link)));
    };
    let theirs_of_link = || {
        black_box(netgauze_parts(black_box(&link)));
    };
    table.row("link state, a link, netgauze", ours_of_link, theirs_of_link, Budget::AtLeast(5.0));
    let all: Vec<_> = mix.iter().map(parts).collect();
    let (mut a, mut b) = (all.iter().cycle(), all.iter().cycle());
    let ours_of_all = || {
        black_box(a.next().map(|parts| ours_parts(black_box(parts))));
    };
    let theirs_of_all = || {
        black_box(b.next().map(|parts| netgauze_parts(black_box(parts))));
    };
    table.row("link state, 1024 routes, netgauze", ours_of_all, theirs_of_all, Budget::AtLeast(5.0));
    let (mut a, mut b) = (mix.iter().cycle(), mix.iter().cycle());
    let ours_of_all = || {
        black_box(ours(black_box(a.next().unwrap_or_default()), &session));
    };
    let theirs_of_all = || {
        black_box(netgauze(black_box(b.next().unwrap_or_default()), &mut context));
    };
    table.row("link state, 1024 UPDATEs, netgauze", ours_of_all, theirs_of_all, Budget::None);
}

/// What is measured on one UPDATE on 4096 different ones: all find the same in them, and ours alone validates.
fn update_mix_rows(table: &mut Table) {
    let session = bgp::session();
    let params = bgp::peers::zettabgp_params();
    let modern = routecore::bgp::message::SessionConfig::modern();
    let mut context = bgp::peers::netgauze_context();
    // The same memory for both: two mixes would drive each other out of the cache.
    let mix = bgp::mix::updates();
    let (mut a, mut b) = (mix.iter().cycle(), mix.iter().cycle());
    let mut ours = || {
        black_box(bgp::ours::update(black_box(a.next().unwrap_or_default()), &session));
    };
    let by_hand = || {
        black_box(bgp::by_hand::update(black_box(b.next().unwrap_or_default())));
    };
    table.row("4096 UPDATEs, by hand", &mut ours, by_hand, Budget::None);
    let zettabgp = || {
        black_box(bgp::peers::zettabgp(black_box(b.next().unwrap_or_default()), &params));
    };
    table.row("4096 UPDATEs, zettabgp", &mut ours, zettabgp, Budget::AtLeast(4.5));
    let netgauze = || {
        black_box(bgp::peers::netgauze(black_box(b.next().unwrap_or_default()), &mut context));
    };
    table.row("4096 UPDATEs, netgauze", &mut ours, netgauze, Budget::AtLeast(4.5));
    let routecore = || {
        black_box(bgp::peers::routecore(black_box(b.next().unwrap_or_default()), &modern));
    };
    table.row("4096 UPDATEs, routecore's views", &mut ours, routecore, Budget::AtLeast(4.5));
}
