//! What can be said on the command line.

use std::path::PathBuf;

use crate::{LinkType, TcpProtocol, Tunnel};
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::capture_args::CaptureArgs;
use super::key::Secret;
use super::names;
use super::preferences::{self, Preferences};

const EXAMPLES: &str = "\
Examples:
  packet-dissect node.pcap                     one line a packet, the pods' flow and the tunnel around it
  packet-dissect -V -c 1 node.pcap             the first packet, every field
  packet-dissect -Y 'vxlan.vni == 1 && ip.addr == 10.244.1.2' node.pcap
  packet-dissect -T fields -e ip.src -e ip.dst -e vxlan.vni node.pcap
  packet-dissect -d udp.port==14789,vxlan node.pcap
  tcpdump -i eth0 -w - udp port 8472 | packet-dissect -l -r -
  packet-dissect -i eth0 -f 'udp port 8472' -w node.pcapng -b filesize:100000 -b files:10
  packet-dissect --stats node.pcap             who talks to whom, and what the tunnels cost
  packet-dissect hex '45 00 00 1c …'           pasted bytes

Exit status: 0; 1 if the capture is broken or cannot be read (all good packets were printed before); 2 for wrong usage.";

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
    /// Decode pasted bytes: hexadecimal, with spaces, colons and 0x, or a dump of tcpdump -x
    Hex {
        /// How the bytes begin
        #[arg(long = "as", value_name = "LINK", default_value = "ethernet", value_parser = parse_link)]
        link: Start,
        #[arg(short = 'd', value_name = "udp.port==PORT,TUNNEL", value_parser = parse_decode_as, help = decode_as_help())]
        decode_as: Vec<DecodeAs>,
        #[arg(short = 'o', value_name = "KEY:VALUE", value_parser = Preferences::parse, help = preferences::HELP)]
        preferences: Vec<Preferences>,
        /// The bytes; - for standard input
        #[arg(required = true, value_name = "HEX")]
        bytes: Vec<String>,
    },
    /// List all fields that -e, -T json and -Y know
    Fields,
    /// Print a script that completes the command line
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
pub(super) struct ReadArgs {
    /// The capture, pcap or pcapng; an MRT dump; a BMP stream; - for a capture on standard input
    #[arg(value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
    /// The same, as tshark has it
    #[arg(short = 'r', value_name = "FILE", conflicts_with = "file")]
    pub(super) read: Option<PathBuf>,
    /// Every field with its value and meaning
    #[arg(short = 'V')]
    pub(super) verbose: bool,
    /// The bytes, each layer's apart
    #[arg(short = 'x')]
    pub(super) hex: bool,
    /// The form of the output
    #[arg(short = 'T', value_name = "FORM", value_enum, conflicts_with_all = ["verbose", "hex"])]
    pub(super) form: Option<Form>,
    /// A field to print, by Wireshark's name; again for more
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
    /// What kind of network it is, and so what a VNI says: a segment, an identity (cilium), a pair of peers (weave); auto sees by port and
    /// option
    #[arg(long, value_name = "NETWORK", value_enum)]
    pub(super) cni: Option<Cni>,
    /// Weave's session key, 64 hexadecimal digits: opens encrypted sleeve packets. Other users can see it in the list of processes;
    /// the environment and a file are for keys that must stay secret
    #[arg(long, value_name = "HEX", env = "WEAVE_KEY", hide_env_values = true, value_parser = Secret::new)]
    pub(super) weave_key: Option<Secret>,
    /// A file with Weave's session key, which goes before the other two
    #[arg(long, value_name = "FILE")]
    pub(super) weave_key_file: Option<PathBuf>,
    /// Opens ESP: a line of Wireshark's table "ESP SAs", again for more. Other users can see it in the list of processes; a file
    /// is for keys that must stay secret
    #[arg(long, value_name = "LINE", value_parser = Secret::new)]
    pub(super) esp_sa: Vec<Secret>,
    /// A file of such lines, as Wireshark's esp_sa is one; they go before the others
    #[arg(long, value_name = "FILE")]
    pub(super) esp_sas: Option<PathBuf>,
    /// Opens WireGuard: a key log as Wireshark takes one
    #[arg(long, value_name = "FILE")]
    pub(super) wireguard_keys: Option<PathBuf>,
    /// Stop after this many packets
    #[arg(short = 'c', value_name = "COUNT")]
    pub(super) count: Option<u64>,
    /// Only packets that this is true of: vxlan.vni == 1 && ip.addr == 10.244.1.0/24
    #[arg(short = 'Y', value_name = "TEST", allow_hyphen_values = true)]
    pub(super) filter: Option<String>,
    /// Write each packet out at once
    #[arg(short = 'l')]
    pub(super) line_buffered: bool,
    /// Packets, bytes and errors by protocols, network and tunnel
    #[arg(long, conflicts_with_all = ["verbose", "hex", "form", "verify"])]
    pub(super) stats: bool,
    /// Build every packet again from its typed values and compare
    #[arg(long, conflicts_with_all = ["verbose", "hex", "form"])]
    pub(super) verify: bool,
    #[command(flatten)]
    pub(super) capture: CaptureArgs,
    /// Colours: on a terminal, always or never; NO_COLOR is heeded
    #[arg(long, value_name = "WHEN", value_enum, default_value = "auto")]
    pub(super) color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// One line a packet
    Text,
    /// The fields that -e names, one line a packet
    Fields,
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
            let nearest = names::nearest(layer, ["udp.port", "tcp.port"].into_iter());
            Err(format!("unknown selector {layer:?}; the nearest known one is {nearest:?}"))
        }
    }
}

fn by_name<T: Copy>(what: &str, name: &str, all: &[(&str, T)]) -> Result<T, String> {
    all.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, found)| *found).ok_or_else(|| {
        let nearest = names::nearest(name, all.iter().map(|(known, _)| *known));
        format!("unknown {what} {name:?}; the nearest known one is {nearest:?}")
    })
}

fn decode_as_help() -> String {
    fn list<T>(all: &[(&str, T)]) -> String {
        all.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }
    format!("Open a UDP port as a tunnel: {}; follow a TCP port as: {}", list(Tunnel::ALL), list(TcpProtocol::ALL))
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

fn parse_link(text: &str) -> Result<Start, String> {
    if text == "bgp" {
        return Ok(Start::Bgp);
    }
    LINKS.iter().find(|(name, _)| *name == text).map(|(_, link)| Start::Link(*link)).ok_or_else(|| {
        let names: Vec<_> = LINKS.iter().map(|(name, _)| *name).collect();
        format!("unknown link type {text:?}; known are {}, bgp", names.join(", "))
    })
}
