//! The NAT of `ether-ip`'s example between two devices, whatever is at their other ends: `interop/run nat`.
//!
//! usage: nat INSIDE OUTSIDE IPV4 IPV6              two TUN devices, made here, and the addresses outside
//!        nat INSIDE OUTSIDE IPV4 IPV6 vxlan PORT   two TAP devices, a wire between VTEPs: the packets inside VXLAN to this UDP port
//!        nat INSIDE OUTSIDE IPV4 IPV6 geneve PORT  the same for Geneve

#[path = "../../../../ether-ip/examples/nat/nat.rs"]
mod nat;

use std::error::Error;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::thread;

use ether_ip::rewrite::Rewriter;
use nat::{Nat, Side};
use tun_rs::{DeviceBuilder, Layer, SyncDevice};
use vxlan_codec::Reading;

/// What stands around the packets that are translated.
#[derive(Debug, Clone, Copy)]
enum Around {
    Nothing,
    Vxlan(u16),
    Geneve(u16),
}

impl Around {
    /// Whether what came is to go on, changed or not.
    fn pass(self, nat: &mut Nat, from: Side, bytes: &mut [u8]) -> bool {
        let mut outer = match self {
            Self::Nothing => return Rewriter::ip(bytes).is_ok_and(|mut packet| nat.pass(from, &mut packet).is_some()),
            // The wire carries ARP too.
            _ => match Rewriter::ethernet(bytes) {
                Ok(outer) => outer,
                Err(_) => return true,
            },
        };
        let inner = match self {
            Self::Vxlan(port) => vxlan_codec::rewrite_inner(&mut outer, port, Reading::Linux).ok(),
            Self::Geneve(port) => geneve_codec::rewrite_inner(&mut outer, port).ok(),
            Self::Nothing => None,
        };
        inner.is_none_or(|mut inner| nat.pass(from, &mut inner).is_some())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (names, addresses, around) = match *arguments {
        [inside, outside, v4, v6] => ([inside, outside], [v4, v6], Around::Nothing),
        [inside, outside, v4, v6, "vxlan", port] => ([inside, outside], [v4, v6], Around::Vxlan(port.parse()?)),
        [inside, outside, v4, v6, "geneve", port] => ([inside, outside], [v4, v6], Around::Geneve(port.parse()?)),
        _ => return Err("usage: nat INSIDE OUTSIDE IPV4 IPV6 [vxlan|geneve PORT]".into()),
    };
    let layer = if matches!(around, Around::Nothing) { Layer::L3 } else { Layer::L2 };
    let device = |name: &str| DeviceBuilder::new().name(name).layer(layer).build_sync().map(Arc::new);
    let [inside, outside] = [device(names[0])?, device(names[1])?];
    let addresses: [IpAddr; 2] = [addresses[0].parse()?, addresses[1].parse()?];
    let nat = Arc::new(Mutex::new(Nat::new(addresses)));
    println!("ready");
    let way = |from: Side, source: &Arc<SyncDevice>, sink: &Arc<SyncDevice>| {
        let (nat, source, sink) = (Arc::clone(&nat), Arc::clone(source), Arc::clone(sink));
        thread::spawn(move || {
            let mut buffer = vec![0; 65_535 + 14];
            loop {
                // A device that is down or gone has nothing, for now.
                let Ok(len) = source.recv(&mut buffer) else { continue };
                let Ok(mut nat) = nat.lock() else { return };
                let goes_on = around.pass(&mut nat, from, &mut buffer[..len]);
                drop(nat);
                if goes_on {
                    let _ = sink.send(&buffer[..len]);
                }
            }
        })
    };
    let ways = [way(Side::Inside, &inside, &outside), way(Side::Outside, &outside, &inside)];
    for way in ways {
        way.join().map_err(|_| "a thread panicked")?;
    }
    Ok(())
}
