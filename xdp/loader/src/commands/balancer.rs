//! Balances services between the devices of clients and pods.

use std::path::PathBuf;

use aya::Ebpf;
use aya::programs::tc::TcAttachOptions;
use aya::programs::{LinkOrder, SchedClassifier, TcAttachType, Xdp, XdpMode};
use clap::Args;

use super::until::wait;
use crate::balancer::{Table, turned};
use crate::object;

/// Between which devices, and what.
#[derive(Debug, Args)]
pub struct Balancer {
    /// A device that clients or pods are behind
    #[arg(short, required = true)]
    interface: Vec<String>,
    /// The services and their pods, as JSON:
    /// {"services": [{"protocol": "tcp", "end": "10.96.0.1:80", "pods": ["10.244.1.2:8080"], "dsr": false}],
    /// "pods": {"10.244.1.2": {"device": "pod1", "address": "02:00:00:00:01:02"}}}
    #[arg(long, value_name = "FILE", verbatim_doc_comment)]
    table: PathBuf,
    /// At TC's hook in place of XDP's
    #[arg(long)]
    tcx: bool,
    /// Ends after so long, and says what was turned [default: when it is told to]
    #[arg(long)]
    seconds: Option<u64>,
}

impl Balancer {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let mut ebpf = object::load("balancer")?;
        Table::read(&self.table)?.fill(&mut ebpf)?;
        if self.tcx { self.attach_tcx(&mut ebpf) } else { self.attach_xdp(&mut ebpf) }?;
        wait(self.seconds)?;
        for (what, count) in turned(&ebpf)? {
            println!("{what:?}: {count}");
        }
        Ok(())
    }

    fn attach_xdp(&self, ebpf: &mut Ebpf) -> anyhow::Result<()> {
        let program: &mut Xdp = object::program(ebpf, "balance")?;
        program.load()?;
        for device in &self.interface {
            program.attach(device, XdpMode::default())?;
        }
        Ok(())
    }

    fn attach_tcx(&self, ebpf: &mut Ebpf) -> anyhow::Result<()> {
        let program: &mut SchedClassifier = object::program(ebpf, "balance_skb")?;
        program.load()?;
        for device in &self.interface {
            let first = TcAttachOptions::TcxOrder(LinkOrder::first());
            program.attach_with_options(device, TcAttachType::Ingress, first)?;
        }
        Ok(())
    }
}
