//! Sends the same datagram as often as the kernel can, to measure what takes it.

use std::fs;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use aya::EbpfLoader;
use aya::programs::{TestRun, TestRunAttrs, TestRunOptions, Xdp};
use clap::Args;
use ether_ip::Headroom;
use ether_ip::ethernet::{EtherType, EthernetHeader, MacAddr};
use ether_ip::ip::IpProtocol;
use ether_ip::ipv4::Ipv4Header;
use ether_ip::udp::{UdpChecksum, UdpHeader};

use crate::device::Device;
use crate::object;

/// What is sent, where, and how long.
#[derive(Debug, Args)]
pub struct Send {
    /// The device
    #[arg(short)]
    interface: String,
    /// To whom
    #[arg(long)]
    to: MacAddr,
    /// The length of the frame, in bytes
    #[arg(long, default_value_t = 64)]
    len: usize,
    /// For so long
    #[arg(long, default_value_t = 3)]
    seconds: u64,
}

/// So many go at a time, as a device's driver hands them out.
const BATCH: u32 = 64;
/// So many go between two looks at the clock: each time the kernel makes ready for long.
const BETWEEN: u32 = 1 << 19;
/// What stands in front of a datagram's data.
const HEADERS: usize = size_of::<EthernetHeader>() + size_of::<Ipv4Header>() + size_of::<UdpHeader>();

impl Send {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let device = Device::named(&self.interface)?;
        let frame = self.frame(device.address)?;
        let object = object::bytes("sink")?;
        let mut ebpf = EbpfLoader::new().override_global("DEVICE", &device.index, true).load(&object)?;
        let program: &mut Xdp = object::program(&mut ebpf, "send")?;
        program.load()?;
        let (start, busy, mut sent) = (Instant::now(), busy()?, 0);
        while start.elapsed() < Duration::from_secs(self.seconds) {
            let attrs = TestRunAttrs::new().xdp_live_frames(BATCH);
            program.test_run(TestRunOptions {
                data_in: Some(&frame),
                repeat: BETWEEN,
                attrs,
                ..TestRunOptions::new()
            })?;
            sent += u64::from(BETWEEN);
        }
        let (seconds, busy) = (start.elapsed().as_secs_f64(), self::busy()? - busy);
        println!("{sent} packets in {seconds:.6} s, {busy:.2} s of processors");
        Ok(())
    }

    /// A datagram of nobody's to nobody's port, with all checksums.
    fn frame(&self, from: MacAddr) -> anyhow::Result<Vec<u8>> {
        ensure!(self.len >= HEADERS, "a frame with a datagram has {HEADERS} bytes, and not {}", self.len);
        let mut buffer = vec![0; self.len];
        let mut packet = Headroom::new(&mut buffer, self.len - HEADERS)?;
        let ip = Ipv4Header::new(Ipv4Addr::new(10, 244, 0, 1), Ipv4Addr::new(10, 244, 0, 2), IpProtocol::UDP);
        UdpHeader::new(40_000, 9).prepend(&mut packet, UdpChecksum::Computed(ip.pseudo_header()))?;
        ip.prepend(&[], &mut packet)?;
        EthernetHeader::new(self.to, from, EtherType::IPV4).prepend(&mut packet)?;
        Ok(buffer)
    }
}

/// For how long all processors together were busy, in seconds: the kernel counts hundredths.
fn busy() -> anyhow::Result<f64> {
    let text = fs::read_to_string("/proc/stat")?;
    let ticks = text.lines().next().context("the kernel counts no processors' time")?.split_whitespace().skip(1);
    let ticks: Vec<f64> = ticks.map(str::parse).collect::<Result<_, _>>()?;
    // The fourth and the fifth are idle, and waiting; the last two are counted before.
    let idle: f64 = ticks.iter().skip(3).take(2).sum();
    Ok((ticks.iter().take(8).sum::<f64>() - idle) / 100.0)
}
