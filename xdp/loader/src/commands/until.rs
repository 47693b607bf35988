//! How long a command goes on, and how often it tells what it counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use clap::Args;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// How long, and how often.
#[derive(Debug, Args)]
pub(super) struct Until {
    /// For so many seconds; without it, until it is interrupted.
    #[arg(long)]
    seconds: Option<u64>,
    /// Tell what was counted every so many seconds, and not only at the end.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    interval: Option<u64>,
}

/// What a turn is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// To see what has come.
    Look,
    /// And to tell it.
    Tell,
}

/// In so much time a ring buffer is not filled by what one wants to read.
const TURN: Duration = Duration::from_millis(20);

impl Until {
    /// Does something until the time is over, or it is interrupted; the last turn tells.
    pub(super) fn each_turn(&self, mut of: impl FnMut(Turn) -> anyhow::Result<()>) -> anyhow::Result<()> {
        let is_over = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            flag::register(signal, Arc::clone(&is_over))?;
        }
        let (began, mut told) = (Instant::now(), Instant::now());
        let has_passed = |since: Instant, seconds: Option<u64>| {
            seconds.is_some_and(|seconds| since.elapsed() >= Duration::from_secs(seconds))
        };
        while !is_over.load(Ordering::Relaxed) && !has_passed(began, self.seconds) {
            if has_passed(told, self.interval) {
                told = Instant::now();
                of(Turn::Tell)?;
            } else {
                of(Turn::Look)?;
            }
            sleep(TURN);
        }
        of(Turn::Tell)
    }
}

/// Says that all is in place, and waits so long, or until it is interrupted: the kernel takes the programs off the devices when this ends.
pub(super) fn wait(seconds: Option<u64>) -> anyhow::Result<()> {
    println!("ready");
    Until { seconds, interval: None }.each_turn(|_| Ok(()))
}
