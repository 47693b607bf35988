//! Ends VXLAN and Geneve tunnels between two devices in user space, over AF_XDP sockets: a thread for each queue.

use std::fs;
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use afxdp_vtep::counts::Counts;
use afxdp_vtep::queue::Queue;
use afxdp_vtep::vtep::Vtep;
use anyhow::{Context, anyhow, ensure};
use aya::maps::XskMap;
use aya::programs::{Xdp, XdpMode};
use aya::{Ebpf, EbpfLoader};
use clap::Parser;
use nix::sys::signal::{SigSet, Signal};
use xdp_loader::commands::tunnels::{Place, Tunnels};
use xdp_loader::device::Device;
use xdp_loader::object;
use xdp_maps::TunnelEnd;

#[derive(Debug, Parser)]
#[command(about = "Ends VXLAN and Geneve tunnels between two devices, over AF_XDP sockets")]
struct Args {
    #[command(flatten)]
    tunnels: Tunnels,
}

fn main() -> anyhow::Result<()> {
    let Args { tunnels } = Args::parse();
    let (underlay, overlay) = tunnels.devices()?;
    let network = tunnels.network()?;
    let mut vtep = Vtep::new(network.clone(), underlay.mtu, overlay.mtu);
    tunnels.remotes().for_each(|remote| vtep.take(remote));
    for Place { receiver, node, next_hop } in tunnels.receivers()? {
        vtep.put(receiver, network.headers(node, next_hop, &underlay)?);
    }

    // A thread takes a queue of both devices: what comes in by one of them goes out by the other.
    let count = queues(&underlay)?;
    ensure!(count == queues(&overlay)?, "the two devices need as many queues: ethtool -L sets them");
    let queues = (0..count).map(|number| Queue::new(&underlay, &overlay, number)).collect::<Result<Vec<_>, _>>()?;
    let bytes = object::bytes("redirect")?;
    let end = TunnelEnd { address: network.local.into(), port: network.port.into() };
    let mut ebpf = EbpfLoader::new().override_global("END", &end, true).load(&bytes)?;
    for (number, queue) in (0..).zip(&queues) {
        sockets(&mut ebpf, "UNDERLAY")?.set(number, queue.underlay.as_fd(), 0)?;
        sockets(&mut ebpf, "OVERLAY")?.set(number, queue.overlay.as_fd(), 0)?;
    }

    // Threads have the signals blocked that this one waits for.
    let signals: SigSet = [Signal::SIGINT, Signal::SIGTERM].into_iter().collect();
    signals.thread_block()?;
    for (name, device) in [("underlay", &underlay), ("overlay", &overlay)] {
        let program: &mut Xdp = object::program(&mut ebpf, name)?;
        program.load()?;
        program.attach(&device.name, XdpMode::default())?;
    }
    println!("{}", work(&vtep, queues, &signals)?);
    Ok(())
}

/// Has all queues work until a signal comes; what became of their frames.
fn work(vtep: &Vtep, queues: Vec<Queue>, signals: &SigSet) -> anyhow::Result<Counts> {
    let ends = &AtomicBool::new(false);
    thread::scope(|scope| {
        let threads: Vec<_> = queues.into_iter().map(|queue| scope.spawn(move || queue.run(vtep, ends))).collect();
        println!("ready");
        let signal = signals.wait();
        ends.store(true, Ordering::Relaxed);
        signal?;
        let mut counts = Counts::default();
        for thread in threads {
            counts += thread.join().map_err(|_| anyhow!("a thread panicked"))??;
        }
        Ok(counts)
    })
}

/// How many queues a device receives by.
fn queues(Device { name, .. }: &Device) -> anyhow::Result<u32> {
    let entries =
        fs::read_dir(format!("/sys/class/net/{name}/queues")).with_context(|| format!("{name} has no queues"))?;
    let is_receiving = |entry: &fs::DirEntry| entry.file_name().as_encoded_bytes().starts_with(b"rx-");
    Ok(u32::try_from(entries.flatten().filter(is_receiving).count())?)
}

fn sockets<'a>(ebpf: &'a mut Ebpf, name: &str) -> anyhow::Result<XskMap<&'a mut aya::maps::MapData>> {
    Ok(ebpf.map_mut(name).with_context(|| format!("the object has no map {name}"))?.try_into()?)
}
