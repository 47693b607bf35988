//! The program: arguments in, packets out. It is a module of the library so that its texts and its whole way from a capture to
//! what is printed can be fuzzed; nobody else is promised anything of it.
#![allow(clippy::indexing_slicing, reason = "the program indexes tables and columns that it made; no packet's bytes")]

// Floor 0: values written, names known, bytes pasted, a cluster, a key and a clock kept.
mod bpf;
mod clock;
mod cluster;
mod hex;
mod hosts;
mod key;
mod limits;
mod offset;
mod paste;
mod pcapng;
mod rows;
mod streams;
mod undecoded;
mod width;
mod write;

// Floor 1: what can be said on the command line, and what it means; files that captures are written to.
mod args;
mod capture_args;
mod checksums;
mod columns;
mod guess;
mod habits;
mod names;
mod network;
mod palette;
mod pcap_filter;
mod preferences;
mod ring;

// Floor 2: what there is to show, and who is shown it.
mod conversation;
mod ends;
mod flows;
mod listener;
mod merge;
mod opened;
mod packet;
mod save;
mod session;

// Floor 3: the forms, and packets for who embeds them.
pub(crate) mod dissector;
pub(crate) mod doctor;
mod filter;
mod json;
mod line;
mod pods;
mod stats;
mod taps;
mod tree;

// Floor 4: where all goes that is read, and what is read beside captures.
mod dump;
mod help;
mod output;
mod pasted;

// Floor 5: what comes in as it happens.
#[cfg(target_os = "linux")]
mod live;

// Floor 6: the program.
mod run;

pub use pcapng::Commented;
pub use run::{diagnose_on, diagnose_together, run, run_on};
pub use stats::{CountedFlow, CountedStats};
