//! What can be said of capturing and writing.

use std::path::{Path, PathBuf};

use clap::Args;

use super::limits::{Limit, ROTATE_HELP, UNTIL_HELP};

#[derive(Debug, Args, Default)]
pub(super) struct CaptureArgs {
    /// Capture on these interfaces, on Linux: names with commas between them; any is all of them
    #[arg(short = 'i', value_name = "INTERFACE", value_delimiter = ',', conflicts_with = "read")]
    pub(super) interfaces: Vec<String>,
    /// With -i and -D: in this network namespace, by ip netns's name or by its file
    #[arg(long, value_name = "NAME")]
    pub(super) netns: Option<String>,
    /// List the interfaces
    #[arg(short = 'D', conflicts_with_all = ["files", "read", "interfaces"])]
    pub(super) list: bool,
    /// With -i: leave what is for others; otherwise interfaces are promiscuous
    #[arg(short = 'p', requires = "interfaces")]
    pub(super) no_promiscuous: bool,
    /// Only packets that this is true of, told before anything is decoded, with -i by the kernel: a subset of pcap-filter's syntax.
    /// host, net, port and portrange, src, dst, ether, ip, ip6, arp, rarp, tcp, udp, sctp, icmp, icmp6, proto, vlan, less, greater,
    /// broadcast, multicast, and, or, not, parentheses: udp port 8472 and host 192.0.2.1
    #[arg(short = 'f', value_name = "FILTER")]
    pub(super) capture_filter: Option<String>,
    /// Write the packets to a pcapng file instead of printing them; - is standard output
    #[arg(short = 'w', value_name = "FILE")]
    pub(super) write: Option<PathBuf>,
    /// With -w: print them as well
    #[arg(short = 'P', requires = "write")]
    pub(super) print: bool,
    /// Take no more than so many bytes of a packet; 0 is all
    #[arg(short = 's', value_name = "LENGTH", value_parser = parse_snap_len)]
    pub(super) snap_len: Option<SnapLen>,
    #[arg(short = 'a', value_name = "KEY:VALUE", value_parser = Limit::parse, help = UNTIL_HELP)]
    pub(super) until: Vec<Limit>,
    #[arg(short = 'b', value_name = "KEY:VALUE", value_parser = Limit::parse, requires = "write", help = ROTATE_HELP)]
    pub(super) rotate: Vec<Limit>,
    /// With -w: write the pods' packets, out of all tunnels that were around them, and no others. One interface a link type
    #[arg(long, requires = "write")]
    pub(super) decapsulate: bool,
}

impl CaptureArgs {
    /// Whether packets are written and not shown.
    pub(super) fn is_quiet(&self) -> bool {
        self.write.is_some() && !self.print
    }

    /// What does not go together.
    pub(super) fn check(&self, prints: bool, inputs: &[&Path]) -> Result<(), String> {
        let Some(path) = &self.write else { return Ok(()) };
        if path == Path::new("-") {
            let what = "-w - writes packets to standard output, where nothing else can go";
            return if prints || self.print || !self.rotate.is_empty() { Err(what.to_owned()) } else { Ok(()) };
        }
        let is_same =
            |input: &Path| input.canonicalize().is_ok_and(|input| path.canonicalize().is_ok_and(|to| to == input));
        if inputs.iter().copied().any(is_same) {
            return Err(format!("{}: it is what is read, and -w would empty it", path.display()));
        }
        Ok(())
    }
}

/// The most that is taken of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SnapLen(pub(super) u32);

impl SnapLen {
    /// What there is of a packet as if no more had been captured.
    pub(super) fn cut(of: Option<Self>, bytes: &[u8]) -> &[u8] {
        of.and_then(|Self(len)| bytes.get(..len as usize)).unwrap_or(bytes)
    }
}

/// The longest packet that is ever captured whole, as libpcap has it.
pub(super) const MAX_SNAP_LEN: u32 = 262_144;

fn parse_snap_len(text: &str) -> Result<SnapLen, String> {
    match text.parse() {
        Ok(0) => Ok(SnapLen(MAX_SNAP_LEN)),
        Ok(len @ ..=MAX_SNAP_LEN) => Ok(SnapLen(len)),
        _ => Err(format!("it must be a number up to {MAX_SNAP_LEN}")),
    }
}
