//! The loop that flannel's proxy runs (pkg/backend/udp/proxy_amd64.c), in shape: one thread, one packet a system call, first the
//! TUN device, then the socket, as long as either gives something, and then `poll`. For `flannel_node.py` to compare with.
//!
//! usage: flannel_loop TUN ADDRESS/LEN PUBLIC-IP SUBNET NEXT-HOP-IP

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

use flannel_udp_codec::ipnet::Ipv4Net;
use flannel_udp_codec::{FirstMatch, Forwarding, MAX_ANSWER, Node, SubnetRoute};
use rustix::event::{PollFd, PollFlags, poll};
use tun_rs::{DeviceBuilder, SyncDevice};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, address, public_ip, subnet, next_hop] = &arguments[..] else {
        return Err("usage: flannel_loop TUN ADDRESS/LEN PUBLIC-IP SUBNET NEXT-HOP-IP".into());
    };
    let address: Ipv4Net = address.parse()?;
    let tun =
        DeviceBuilder::new().name(name).ipv4(address.addr(), address.prefix_len(), None).mtu(1472).build_sync()?;
    tun.set_nonblocking(true)?;
    let socket = UdpSocket::bind((public_ip.parse::<Ipv4Addr>()?, 8285))?;
    socket.set_nonblocking(true)?;
    let node = Node::new(address.addr());
    let mut places = [SubnetRoute::NONE; 8];
    let mut routes = FirstMatch::new(&mut places);
    routes.set(SubnetRoute::new(subnet.parse()?, format!("{next_hop}:8285").parse()?))?;
    println!("ready");
    let mut buffer = [0; 1472];
    loop {
        poll(&mut [PollFd::new(&tun, PollFlags::IN), PollFd::new(&socket, PollFlags::IN)], None)?;
        loop {
            let sent = tun_to_udp(&tun, &socket, &node, &mut routes, &mut buffer)?;
            let delivered = udp_to_tun(&tun, &socket, &node, &mut buffer)?;
            if !sent && !delivered {
                break;
            }
        }
    }
}

fn tun_to_udp(
    tun: &SyncDevice,
    socket: &UdpSocket,
    node: &Node,
    routes: &mut FirstMatch<'_>,
    buffer: &mut [u8],
) -> io::Result<bool> {
    let Some(len) = some(tun.recv(buffer))? else { return Ok(false) };
    let packet = &mut buffer[..len];
    match node.forward(packet, routes) {
        Forwarding::Send(next_hop) => drop(some(socket.send_to(packet, SocketAddr::V4(next_hop)))?),
        Forwarding::Answer(answer) => {
            let mut message = [0; MAX_ANSWER];
            drop(tun.send(answer.write(packet, &mut message).unwrap()));
        }
        _ => {}
    }
    Ok(true)
}

fn udp_to_tun(tun: &SyncDevice, socket: &UdpSocket, node: &Node, buffer: &mut [u8]) -> io::Result<bool> {
    let Some(len) = some(socket.recv(buffer))? else { return Ok(false) };
    let packet = &mut buffer[..len];
    if node.deliver(packet) == Forwarding::Deliver {
        drop(tun.send(packet));
    }
    Ok(true)
}

/// Nothing for now is no error.
fn some(result: io::Result<usize>) -> io::Result<Option<usize>> {
    match result {
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::ConnectionRefused) => Ok(None),
        result => result.map(Some),
    }
}
