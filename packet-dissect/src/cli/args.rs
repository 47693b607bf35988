//! What can be said on the command line.

use std::path::{Path, PathBuf};

use crate::{LinkType, TcpProtocol, Tunnel};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::capture_args::CaptureArgs;
use super::habits::Habits;
use super::key::Secret;
use super::limits::Limit;
use super::names;
use super::offset::Given;
use super::preferences::{self, Preferences};

const EXAMPLES: &str = "\
Examples:
  One line a packet, the pods' flow and the tunnel around it:
    packet-dissect node.pcap
  The first packet, every field:
    packet-dissect -V -c 1 node.pcap
  Only some packets:
    packet-dissect -Y 'vxlan.vni == 1 && icmp' node.pcap
  Columns:
    packet-dissect -T fields -e inner.ip.src node.pcap
  A tunnel on a port of its own:
    packet-dissect -d udp.port==14789,vxlan node.pcap
  As it is captured, shown or written:
    packet-dissect -i eth0 -f 'udp port 8472'
    packet-dissect -i eth0 -w a.pcapng -b filesize:100000
  Who talks to whom, and what the tunnels cost:
    packet-dissect --stats node.pcap
    packet-dissect -q -z conv,pods -z io,stat,1,icmp node.pcap
  Pasted bytes, or a dump such as tcpdump -x prints:
    packet-dissect hex '45 00 00 1c …'
    tcpdump -x -c 1 | packet-dissect hex -

Exit status: 0; 1 if a file is missing, broken or cannot be
read (all good packets were printed); 2 for wrong usage.";

/// Captured container traffic, decoded to the bottom: tunnels are opened, and the pods' packets shown.
#[derive(Debug, Parser)]
#[command(name = "packet-dissect", version, disable_version_flag = true, args_conflicts_with_subcommands = true)]
#[command(after_help = EXAMPLES, subcommand_precedence_over_arg = true)]
pub(super) struct Command {
    #[command(subcommand)]
    pub(super) action: Option<Action>,
    #[command(flatten)]
    pub(super) read: ReadArgs,
    /// Print the version
    #[arg(long, action = clap::ArgAction::Version)]
    version: Option<bool>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Decode pasted bytes: a dump of tcpdump, tshark, xxd, hexdump -C, od -tx1 or the kernel's log, of one packet or many; bytes of C,
    /// Go or Python; bare digits
    Hex {
        /// How the bytes begin; without it a guess, which is said
        #[arg(long = "as", value_name = "LINK", value_parser = link_parser())]
        link: Option<Start>,
        /// The form of the output
        #[arg(short = 'T', value_name = "FORM", value_enum, default_value = "text")]
        form: PastedForm,
        #[arg(short = 'd', value_name = "udp.port==PORT,TUNNEL", value_parser = parse_decode_as, help = decode_as_help())]
        decode_as: Vec<DecodeAs>,
        #[arg(short = 'o', value_name = "KEY:VALUE", value_parser = Preferences::parse, help = preferences::HELP)]
        preferences: Vec<Preferences>,
        /// The bytes; - for standard input
        #[arg(required = true, value_name = "HEX")]
        bytes: Vec<String>,
    },
    /// Say what is wrong in the overlay that captures are of: findings, the gravest first, with the packets that show them, what usually
    /// causes them, and what to try
    #[command(after_help = DIAGNOSIS)]
    Diagnose(Box<DiagnoseArgs>),
    /// List all fields that -e, -T json and -Y know
    Fields,
    /// How a test of -Y is written
    #[command(override_help = include_str!("filters.txt"))]
    Filters,
    /// Print the manual page, or that of a command: packet-dissect man | man -l -
    Man {
        /// Of which command
        #[arg(value_name = "COMMAND", value_parser = ["hex", "diagnose", "fields", "filters", "man", "completions"])]
        of: Option<String>,
    },
    /// Print a script that completes the command line
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
}

const DIAGNOSIS: &str = "\
Exit status: 0 if nothing was found; 3 if something was; 1 if nothing
was, and a file is missing, broken or cannot be read; 2 for wrong usage.";

#[derive(Debug, Args)]
pub(super) struct DiagnoseArgs {
    /// A capture, pcap or pcapng; - for one on standard input. Several are looked at each by itself, and then beside one another: what
    /// one has of the same packets, and another has not
    #[arg(required_unless_present_any = ["list", "interfaces"], value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Watch these interfaces, on Linux, and say what is found as it arises and goes: names with commas between them; any is all of them
    #[arg(short = 'i', value_name = "INTERFACE", value_delimiter = ',', conflicts_with_all = ["files", "list"])]
    pub(super) interfaces: Vec<String>,
    /// With -i: in this network namespace, by ip netns's name or by its file
    #[arg(long, value_name = "NAME", requires = "interfaces")]
    pub(super) netns: Option<String>,
    /// With -i: only packets that this is true of, in pcap-filter's syntax
    #[arg(short = 'f', value_name = "FILTER", requires = "interfaces")]
    pub(super) capture_filter: Option<String>,
    /// With -i: stop after duration:SECONDS
    #[arg(short = 'a', value_name = "KEY:VALUE", value_parser = Limit::parse, requires = "interfaces")]
    pub(super) until: Vec<Limit>,
    /// With -i: what was not seen for so many seconds is gone; what takes longer to show is not found
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u32).range(2..=86_400))]
    pub(super) window: u32,
    /// List all that can be found: what it means, when it is raised, and when knowingly not
    #[arg(long, conflicts_with = "files")]
    pub(super) list: bool,
    /// Flannel's leases, as for the captures themselves
    #[arg(long, value_name = "FILE")]
    pub(super) leases: Option<PathBuf>,
    /// What the cluster says of itself: what kubectl get … -o json prints of nodes, pods, services, endpoints, endpointslices,
    /// ippools, blockaffinities, ciliumnodes, ciliumendpoints or configmaps, or what weave report prints; again for more. Then
    /// addresses have names beside them, and packets are compared with what the network should do
    #[arg(long, value_name = "FILE")]
    pub(super) cluster: Vec<PathBuf>,
    /// The longest IP packet that goes between nodes, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = 1500)]
    pub(super) mtu: u16,
    /// The form of the output
    #[arg(short = 'T', value_name = "FORM", value_enum, default_value = "text")]
    pub(super) form: PastedForm,
    /// With -T json: what became of packets from capture to capture too, an object with the key path for each pair of pods
    #[arg(long)]
    pub(super) paths: bool,
    /// How the clock of a capture stood to that of the first one when it began: seconds that it was ahead, such as -0.000012, and
    /// millionths that it gained, if that is known; again for more. Then delays of one way are told as they are; otherwise as if the
    /// shortest ones were the same both ways
    #[arg(long, value_name = "FILE=OFFSET[,PPM]", value_parser = parse_clock)]
    pub(super) clock: Vec<(PathBuf, Given)>,
    #[arg(short = 'd', value_name = "udp.port==PORT,TUNNEL", value_parser = parse_decode_as, help = decode_as_help())]
    pub(super) decode_as: Vec<DecodeAs>,
    #[command(flatten)]
    pub(super) keys: KeyArgs,
    /// Colours: on a terminal, always or never; NO_COLOR is heeded
    #[arg(long, value_name = "WHEN", value_enum, default_value = "auto")]
    pub(super) color: Color,
}

impl DiagnoseArgs {
    /// What is given of captures' clocks; of one that there is not, or of the first, nothing can be.
    pub(super) fn clocks(&self) -> Result<impl Iterator<Item = (&Path, Given)>, String> {
        for (file, _) in &self.clock {
            match self.files.iter().position(|known| known == file) {
                Some(1..) => {}
                Some(0) => {
                    return Err(format!(
                        "--clock {}: it is by the first capture's clock that others are told",
                        file.display()
                    ));
                }
                None => return Err(format!("--clock {}: no such capture is to be read", file.display())),
            }
        }
        Ok(self.clock.iter().map(|(file, clock)| (file.as_path(), *clock)))
    }

    /// How packets are captured.
    pub(super) fn capture(&self) -> CaptureArgs {
        let Self { interfaces, netns, capture_filter, until, .. } = self;
        CaptureArgs {
            interfaces: interfaces.clone(),
            netns: netns.clone(),
            capture_filter: capture_filter.clone(),
            until: until.clone(),
            ..CaptureArgs::default()
        }
    }
}

/// What opens what tunnels seal.
#[derive(Debug, Args)]
pub(super) struct KeyArgs {
    /// Weave's session key, 64 hexadecimal digits: opens encrypted sleeve packets. Other users can see it in the list of processes;
    /// the environment and a file are for keys that must stay secret
    #[arg(long, value_name = "HEX", env = "WEAVE_KEY", hide_env_values = true, value_parser = Secret::new)]
    pub(super) weave_key: Option<Secret>,
    /// A file with Weave's session key, which goes before the other two
    #[arg(long, value_name = "FILE")]
    pub(super) weave_key_file: Option<PathBuf>,
    /// Opens ESP: a line of protocol, source, destination, SPI, cipher and keys in quotes with commas between them, which is Wireshark's
    /// table "ESP SAs"; again for more. Other users can see it in the list of processes; a file
    /// is for keys that must stay secret
    #[arg(long, value_name = "LINE", value_parser = Secret::new)]
    pub(super) esp_sa: Vec<Secret>,
    /// A file of such lines, Wireshark's esp_sa among them; they go before the others
    #[arg(long, value_name = "FILE")]
    pub(super) esp_sas: Option<PathBuf>,
    /// Opens WireGuard: a key log, lines of a key's name, an equals sign and the key in base64
    #[arg(long, value_name = "FILE")]
    pub(super) wireguard_keys: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct ReadArgs {
    /// The capture, pcap or pcapng; an MRT dump; a BMP stream; - for a capture on standard input. Several are read one after the other,
    /// as one: numbers, times and conversations go on
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// A file to be read; again for more, which come before those without -r
    #[arg(short = 'r', value_name = "FILE")]
    pub(super) read: Vec<PathBuf>,
    /// Several captures in the order of their packets' times
    #[arg(long)]
    pub(super) merge: bool,
    /// Every field with its value and meaning
    #[arg(short = 'V')]
    pub(super) verbose: bool,
    /// The bytes, each layer's apart
    #[arg(short = 'x')]
    pub(super) hex: bool,
    /// The form of the output
    #[arg(short = 'T', value_name = "FORM", value_enum, conflicts_with_all = ["verbose", "hex"])]
    pub(super) form: Option<Form>,
    /// A field to print, again for more: packet-dissect fields lists them
    #[arg(short = 'e', value_name = "FIELD")]
    pub(super) fields: Vec<String>,
    /// How -T fields writes: separator=, aggregator=, occurrence=f|l|a, quote=d|s|n, header=y|n,
    /// defuse=y|n (a text that a spreadsheet would take for a formula gets an apostrophe in front)
    #[arg(short = 'E', value_name = "KEY=VALUE", value_parser = parse_key_value)]
    pub(super) options: Vec<(String, String)>,
    #[arg(short = 'd', value_name = "udp.port==PORT,TUNNEL", value_parser = parse_decode_as)]
    #[arg(help = decode_as_help())]
    pub(super) decode_as: Vec<DecodeAs>,
    #[arg(short = 'o', value_name = "KEY:VALUE", value_parser = Preferences::parse, help = preferences::HELP)]
    pub(super) preferences: Vec<Preferences>,
    /// Flannel's leases, which tell the node behind an address: what etcdctl get --prefix -w json prints, or a JSON object of
    /// keys and values, or kubectl get nodes -o json
    #[arg(long, value_name = "FILE")]
    pub(super) leases: Option<PathBuf>,
    /// Names of pods, shown instead of their addresses: what kubectl get pods -A -o json prints; again for more
    #[arg(long, value_name = "FILE")]
    pub(super) pods: Vec<PathBuf>,
    /// The same of services: kubectl get services -A -o json
    #[arg(long, value_name = "FILE")]
    pub(super) services: Vec<PathBuf>,
    /// Names of other addresses, in lines as /etc/hosts has them
    #[arg(long, value_name = "FILE")]
    pub(super) hosts: Vec<PathBuf>,
    /// What kind of network it is, and so what a VNI says: a segment, an identity (cilium), a pair of peers (weave); auto sees by port and
    /// option
    #[arg(long, value_name = "NETWORK", value_enum)]
    pub(super) cni: Option<Cni>,
    #[command(flatten)]
    pub(super) keys: KeyArgs,
    #[command(flatten)]
    pub(super) habits: Habits,
    /// Stop after this many packets
    #[arg(short = 'c', value_name = "COUNT")]
    pub(super) count: Option<u64>,
    /// Only packets that this is true of, such as vxlan.vni == 1 && ip.addr == 10.244.1.0/24; packet-dissect help filters says more
    #[arg(short = 'Y', value_name = "TEST", allow_hyphen_values = true)]
    pub(super) filter: Option<String>,
    /// Only packets of a pod, or between two: --follow pod=10.244.1.2 or pod=client.default,web-0.shop, by address or by a name that
    /// --pods, --services or --hosts tell
    #[arg(long, value_name = "pod=POD[,POD]")]
    pub(super) follow: Option<String>,
    /// Write each packet out at once
    #[arg(short = 'l')]
    pub(super) line_buffered: bool,
    /// Packets, bytes and errors by protocols, network and tunnel; with -T json as one object
    #[arg(long, conflicts_with_all = ["verbose", "hex", "verify"])]
    pub(super) stats: bool,
    /// Statistics at the end, as tshark has them, of all that is read, whatever -Y shows: conv,TYPE[,TEST] or
    /// endpoints,TYPE[,TEST], of which TYPE is eth, ip, ipv6, tcp, udp, pods (the innermost addresses) or nodes (the
    /// outermost); io,stat,SECONDS[,TEST[,TEST…]]; again for more. -q leaves the packets out
    #[arg(short = 'z', value_name = "STATISTIC")]
    pub(super) taps: Vec<String>,
    /// Build every packet again from its typed values and compare
    #[arg(long, conflicts_with_all = ["verbose", "hex", "form"])]
    pub(super) verify: bool,
    #[command(flatten)]
    pub(super) capture: CaptureArgs,
    /// Colours: on a terminal, always or never; NO_COLOR is heeded
    #[arg(long, value_name = "WHEN", value_enum, default_value = "auto")]
    pub(super) color: Color,
}

impl ReadArgs {
    /// Whether something is written at the end that packets are counted for.
    pub(super) fn counts(&self) -> bool {
        self.stats || self.verify || !self.taps.is_empty()
    }

    /// All that is to be read, in order.
    pub(super) fn paths(&self) -> Vec<&Path> {
        self.read.iter().chain(&self.files).map(PathBuf::as_path).collect()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// One line a packet
    Text,
    /// The fields that -e names, one line a packet
    Fields,
    /// The fields that -e names as CSV: a header, quotes where they are needed, lines that end as RFC 4180 has it
    Csv,
    /// One JSON object a line
    Json,
}

/// The forms for a person and for a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PastedForm {
    /// All that is known, in lines
    Text,
    /// One JSON object a line
    Json,
}

/// A container network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Cni {
    Flannel,
    Calico,
    Weave,
    Cilium,
    Auto,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

/// A port to be opened as a tunnel, or followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DecodeAs {
    Udp(u16, Tunnel),
    Tcp(u16, TcpProtocol),
}

fn parse_decode_as(text: &str) -> Result<DecodeAs, String> {
    let shape = "it must look like udp.port==14789,vxlan or tcp.port==10179,bgp";
    let (selector, name) = text.split_once(',').ok_or(shape)?;
    let (layer, port) = selector.split_once("==").ok_or(shape)?;
    let (layer, port, name) = (layer.trim(), port.trim(), name.trim());
    let port = || port.parse().map_err(|_| format!("{port:?} is not a port"));
    match layer {
        "udp.port" => Ok(DecodeAs::Udp(port()?, by_name("tunnel", name, Tunnel::ALL)?)),
        "tcp.port" => Ok(DecodeAs::Tcp(port()?, by_name("protocol", name, TcpProtocol::ALL)?)),
        layer => {
            let known = names::known(layer, ["udp.port", "tcp.port"].into_iter());
            Err(format!("unknown selector {layer:?}; {known}"))
        }
    }
}

fn by_name<T: Copy>(what: &str, name: &str, all: &[(&str, T)]) -> Result<T, String> {
    all.iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, found)| *found)
        .ok_or_else(|| format!("unknown {what} {name:?}; {}", names::known(name, all.iter().map(|(known, _)| *known))))
}

fn decode_as_help() -> String {
    fn list<T>(all: &[(&str, T)]) -> String {
        all.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }
    format!("Open a UDP port as a tunnel: {}; follow a TCP port as: {}", list(Tunnel::ALL), list(TcpProtocol::ALL))
}

fn parse_clock(text: &str) -> Result<(PathBuf, Given), String> {
    let (file, clock) = text.rsplit_once('=').ok_or("it must look like node-2.pcap=-0.000012")?;
    Ok((file.into(), Given::parse(clock)?))
}

fn parse_key_value(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("it must look like separator=,")?;
    Ok((key.to_owned(), value.to_owned()))
}

const LINKS: [(&str, LinkType); 10] = [
    ("ethernet", LinkType::ETHERNET),
    ("ip", LinkType::RAW),
    ("raw", LinkType::RAW),
    ("ipv4", LinkType::IPV4),
    ("ipv6", LinkType::IPV6),
    ("sll", LinkType::LINUX_SLL),
    ("sll2", LinkType::LINUX_SLL2),
    ("null", LinkType::NULL),
    ("loop", LinkType::LOOP),
    ("eth", LinkType::ETHERNET),
];

/// How pasted bytes begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    Link(LinkType),
    /// With a BGP message.
    Bgp,
}

/// Takes a name of a start, of which help and completions have the list.
fn link_parser() -> impl TypedValueParser<Value = Start> {
    let names = LINKS.iter().map(|(name, _)| *name).chain(["bgp"]);
    PossibleValuesParser::new(names)
        .map(|name| LINKS.iter().find(|(known, _)| *known == name).map_or(Start::Bgp, |(_, link)| Start::Link(*link)))
}
