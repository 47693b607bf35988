//! What is handed to sockets, of every packet at hand, beside what `ether-ip` says in user space; and a socket that gets too much.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../loader/tests/common/mod.rs"]
mod common;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::os::fd::AsFd;

use afxdp_vtep::socket::{FRAMES, RING, Socket};
use aya::maps::XskMap;
use aya::programs::{TestRun, TestRunOptions, Xdp};
use aya::{Ebpf, EbpfLoader};
use ether_ip::ethernet::MacAddr;
use ether_ip::outer::{OuterChecksum, UdpDecapsulator};
use nix::sched::{CloneFlags, unshare};
use xdp::umem::{FrameSize, UmemCfgBuilder};
use xdp::{Packet, Umem};
use xdp_loader::device::Device;
use xdp_loader::object;
use xdp_maps::TunnelEnd;

const PASS: u32 = 2;
const REDIRECT: u32 = 4;

/// A socket where the kernel runs programs that are tried: loopback's one queue, in a namespace of this thread's own.
fn socket() -> (Umem, Socket) {
    unshare(CloneFlags::CLONE_NEWNET).unwrap();
    let config = UmemCfgBuilder {
        frame_size: FrameSize::TwoK,
        frame_count: u32::try_from(FRAMES).unwrap(),
        ..UmemCfgBuilder::default()
    };
    let mut umem = Umem::map(config.build().unwrap()).unwrap();
    let device = Device { name: "lo".into(), index: 1, address: MacAddr([0; 6]), mtu: u16::MAX };
    // SAFETY: who has both drops the memory last, as it stands first.
    let socket = unsafe { Socket::bind(&device, 0, &mut umem) }.unwrap();
    (umem, socket)
}

/// The end of a tunnel that a packet goes to, and the port there.
fn end(bytes: &[u8]) -> Option<(IpAddr, u16)> {
    [vxlan_codec::PORT, vxlan_codec::PORT_LINUX, geneve_codec::PORT].into_iter().find_map(|port| {
        let end = UdpDecapsulator::new(port).checksum(OuterChecksum::Ignored);
        end.decapsulate(bytes).ok().map(|outer| (outer.destination, port))
    })
}

#[test]
fn sockets_get_what_is_for_the_tunnels_end() {
    let (_umem, socket) = socket();
    let frames: Vec<_> = common::frames().into_iter().filter(|frame| frame.missing == 0).collect();
    let mut ends = BTreeMap::<(IpAddr, u16), u64>::new();
    frames.iter().filter_map(|frame| end(&frame.bytes)).for_each(|end| *ends.entry(end).or_default() += 1);
    // One of each family, that most packets are for.
    for is_v4 in [true, false] {
        let (ours, count) = ends
            .iter()
            .filter(|((address, _), _)| address.is_ipv4() == is_v4)
            .max_by_key(|(_, count)| **count)
            .unwrap();
        for object in [object::bytes("redirect").unwrap(), object::bytes_c("redirect").unwrap()] {
            let given = TunnelEnd { address: ours.0.into(), port: ours.1.into() };
            let mut ebpf = EbpfLoader::new().override_global("END", &given, true).load(&object).unwrap();
            assert_eq!(verdict(&mut ebpf, "underlay", &tunnelled(&frames, *ours)), PASS, "there is no socket yet");
            for name in ["UNDERLAY", "OVERLAY"] {
                XskMap::try_from(ebpf.map_mut(name).unwrap()).unwrap().set(0, socket.as_fd(), 0).unwrap();
            }
            let (mut handed, mut differing) = (0, 0);
            for frame in &frames {
                let expected = if end(&frame.bytes) == Some(*ours) { REDIRECT } else { PASS };
                let verdict = verdict(&mut ebpf, "underlay", &frame.bytes);
                handed += u64::from(verdict == REDIRECT);
                if verdict != expected {
                    differing += 1;
                    println!("{} {}: {verdict}", frame.file.display(), frame.number);
                }
            }
            println!("handed over: {handed} of {} packets, {differing} differ", frames.len());
            assert_eq!((differing, handed), (0, *count));
            assert_eq!(verdict(&mut ebpf, "overlay", &frames[0].bytes), REDIRECT);
        }
    }
}

#[test]
fn a_socket_holds_as_many_as_it_says() {
    let (mut umem, mut socket) = socket();
    assert_eq!((socket.frames(), umem.allocatable()), (RING, FRAMES - RING));
    // SAFETY: all of these are gone before the memory.
    let mut next = || -> Packet { unsafe { umem.alloc() }.unwrap() };
    for _ in 0..RING {
        assert!(socket.send(next()).is_ok());
    }
    let one_more = socket.send(next()).expect_err("there is no room");
    assert!(socket.is_sending());
    umem.free_packet(one_more);
    socket.turn(&mut umem).unwrap();
    assert_eq!((socket.frames(), umem.allocatable()), (2 * RING, FRAMES - 2 * RING));
    assert_eq!(socket.missed().unwrap(), 0);
}

fn tunnelled(frames: &[common::Frame], ours: (IpAddr, u16)) -> Vec<u8> {
    frames.iter().find(|frame| end(&frame.bytes) == Some(ours)).unwrap().bytes.clone()
}

fn verdict(ebpf: &mut Ebpf, name: &str, frame: &[u8]) -> u32 {
    let program: &mut Xdp = object::program(ebpf, name).unwrap();
    if program.fd().is_err() {
        program.load().unwrap();
    }
    program.test_run(TestRunOptions { data_in: Some(frame), ..TestRunOptions::new() }).unwrap().return_value
}
