//! Tells why packets would be dropped, and drops them if it is told to.

use std::fs;
use std::path::PathBuf;

use aya::programs::{Xdp, XdpMode};
use clap::Args;
use xdp_maps::{Kind, Settings};

use super::until::{Turn, Until};
use crate::drops::{self, File, Samples};
use crate::object;

const DROP: u32 = 1;
const PASS: u32 = 2;

/// Which devices are looked at, and what becomes of packets that something is wrong with.
#[derive(Debug, Args)]
pub struct Drops {
    /// The devices.
    #[arg(short, required = true)]
    interface: Vec<String>,
    /// Drop them, and do not only tell.
    #[arg(long)]
    drop: bool,
    /// Write some of them to a pcapng file, each with what is wrong as a comment.
    #[arg(short)]
    write: Option<PathBuf>,
    /// One of so many of each kind, on each processor.
    #[arg(long, default_value_t = 1)]
    every: u32,
    #[command(flatten)]
    until: Until,
}

impl Drops {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let mut ebpf = object::load("drops")?;
        let every = if self.write.is_some() { self.every } else { 0 };
        drops::set(&mut ebpf, Settings { verdict: if self.drop { DROP } else { PASS }, every })?;
        let mut samples = Samples::take(&mut ebpf)?;
        let file = self.write.as_ref().map(fs::File::create).transpose()?;
        let mut file = file.map(|file| File::begin(file, &self.interface.join(" "))).transpose()?;
        let program: &mut Xdp = object::program(&mut ebpf, "drops")?;
        program.load()?;
        for interface in &self.interface {
            program.attach(interface, XdpMode::default())?;
        }
        let mut number = 0;
        self.until.each_turn(|turn| {
            for sampled in samples.all() {
                number += 1;
                file.iter_mut().try_for_each(|file| file.write(number, &sampled))?;
            }
            if let Turn::Tell = turn {
                tell(&ebpf)?;
            }
            Ok(())
        })
    }
}

/// A row a kind, the good ones last.
fn tell(ebpf: &aya::Ebpf) -> anyhow::Result<()> {
    println!("{:>10} {:>14} {:>11}  reason", "packets", "bytes", "not sampled");
    let tallies = drops::tallies(ebpf)?;
    let (good, bad): (Vec<_>, Vec<_>) = tallies.into_iter().partition(|(kind, _)| *kind == Kind::Good);
    for (kind, tally) in bad.into_iter().chain(good) {
        println!("{:>10} {:>14} {:>11}  {kind}", tally.packets, tally.bytes, tally.lost);
    }
    Ok(())
}
