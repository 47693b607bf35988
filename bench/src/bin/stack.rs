//! How much stack a parse uses: a thread's stack is eaten in small bites until what is left is too little, which ends the process; so
//! each try is a process. What doing nothing needs is taken off.
//!
//! usage: stack [CAPTURE...]        a table `NAME bytes budget ok|SHORT`; last line: N budgets, M short

use std::hint::black_box;
use std::process::{Command, ExitCode, Stdio};

use bench::{bgp, ours, packets, tunnels};
use bgp_codec::Update;
use ether_ip::Headroom;
use flannel_udp_codec::{FirstMatch, Forwarding, MAX_ANSWER, Node, SubnetRoute};
use packet_dissect::{LinkType, layers};

const STACK: usize = 256 * 1024;

type Work = Box<dyn FnMut() + Send>;

/// Name, and the most bytes of stack that it may use.
const CASES: [(&str, usize); 7] = [
    ("nothing", usize::MAX),
    ("parse Ethernet/IPv4/TCP, typed", 512),
    ("parse a VXLAN packet, typed", 512),
    ("walk every packet of the captures", 8192),
    ("encapsulate in VXLAN and in Geneve", 1024),
    ("parse and validate a BGP UPDATE", 4096),
    ("Flannel: a step, and an answer to it", 1024),
];

fn work(name: &str, captures: &[String]) -> Work {
    match name {
        "nothing" => Box::new(|| ()),
        "parse Ethernet/IPv4/TCP, typed" => {
            let packet = packets::tcp();
            Box::new(move || assert!(ours::tcp(&packet).is_some()))
        }
        "parse a VXLAN packet, typed" => {
            let packet = packets::vxlan();
            Box::new(move || assert!(ours::vxlan(&packet).is_some()))
        }
        "walk every packet of the captures" => {
            let mut packets: Vec<_> = captures.iter().flat_map(|path| records(&std::fs::read(path).unwrap())).collect();
            // As deep as there are layers, whatever is in them.
            packets.push((LinkType::ETHERNET, [&[2; 12][..], &[0x81, 0, 0, 1].repeat(1000)].concat()));
            Box::new(move || {
                for (link, packet) in &packets {
                    layers(*link, packet).for_each(|layer| _ = black_box(layer.is_ok()));
                }
            })
        }
        "encapsulate in VXLAN and in Geneve" => {
            let (vxlan, geneve) = (ours::template(), tunnels::geneve(&tunnels::two_options()));
            let mut buffer = vec![0; 2000];
            Box::new(move || {
                let mut packet = Headroom::new(&mut buffer, 1400).unwrap();
                vxlan.encapsulate(&mut packet).unwrap();
                let mut packet = Headroom::new(&mut buffer, 1400).unwrap();
                geneve.encapsulate(&mut packet).unwrap();
            })
        }
        "parse and validate a BGP UPDATE" => {
            let (session, message) = (bgp::session(), bgp::packed());
            // Each attribute broken once: what is wrong is told too.
            let broken: Vec<Vec<u8>> = (19..message.len().min(200))
                .map(|at| {
                    let mut message = message.clone();
                    message[at] ^= 0x40;
                    message
                })
                .collect();
            Box::new(move || {
                for message in broken.iter().chain([&message]) {
                    if let Ok(update) = Update::parse(&message[19..], &session) {
                        black_box(update.validate().action());
                    }
                }
            })
        }
        _ => {
            let mut packet = packets::tcp()[14..].to_vec();
            let mut answer = [0; MAX_ANSWER];
            Box::new(move || {
                let mut places = [SubnetRoute::NONE; 1];
                let node = Node::new([10, 244, 1, 0].into());
                let Forwarding::Answer(of) = node.forward(&mut packet, &mut FirstMatch::new(&mut places)) else {
                    panic!("no answer")
                };
                black_box(of.write(&packet, &mut answer).unwrap().len());
            })
        }
    }
}

/// The records of a classic capture in this machine's byte order.
fn records(file: &[u8]) -> Vec<(LinkType, Vec<u8>)> {
    let word = |at: usize| file.get(at..at + 4).map_or(0, |bytes| u32::from_ne_bytes(bytes.try_into().unwrap()));
    let (mut at, mut packets) = (24, Vec::new());
    while let (len @ 1.., true) = (word(at + 8) as usize, word(0) == 0xa1b2_c3d4) {
        let end = (at + 16 + len).min(file.len());
        packets.push((LinkType(word(20)), file[at + 16..end].to_vec()));
        at = end;
    }
    packets
}

/// Takes bites of stack, then does the work.
#[inline(never)]
fn eat(bites: usize, work: &mut dyn FnMut()) {
    let bite = black_box([0_u8; 16]);
    if bites == 0 {
        work()
    } else {
        eat(bites - 1, work)
    }
    black_box(bite);
}

/// Whether the work gets along with what so many bites leave.
fn survives(name: &str, bites: usize, captures: &[String]) -> bool {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["try", name, &bites.to_string()]).args(captures).stderr(Stdio::null());
    command.status().unwrap().success()
}

fn most_bites(name: &str, captures: &[String]) -> usize {
    let (mut good, mut bad) = (0, STACK / 16);
    assert!(survives(name, good, captures), "{name} fails with {STACK} bytes");
    while bad - good > 1 {
        let middle = good.midpoint(bad);
        if survives(name, middle, captures) { good = middle } else { bad = middle }
    }
    good
}

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if let [command, name, bites, captures @ ..] = &arguments[..]
        && command == "try"
    {
        let (mut work, bites) = (work(name, captures), bites.parse().unwrap());
        // Once with all the stack there is: what is set up at the first call does not count.
        work();
        let thread = std::thread::Builder::new().stack_size(STACK);
        thread.spawn(move || eat(bites, &mut *work)).unwrap().join().unwrap();
        return ExitCode::SUCCESS;
    }
    let bare = most_bites("nothing", &[]);
    let bite = STACK / bare;
    let mut short = 0;
    for (name, budget) in &CASES[1..] {
        let used = (bare - most_bites(name, &arguments)) * bite;
        short += usize::from(used > *budget);
        println!("{name:<40} {used:>6} {budget:>6} {}", if used > *budget { "SHORT" } else { "ok" });
    }
    println!("{} budgets, {short} short", CASES.len() - 1);
    ExitCode::from(u8::from(short > 0))
}
