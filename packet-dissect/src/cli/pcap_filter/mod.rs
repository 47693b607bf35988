//! `-f`: what the kernel lets through, in a subset of pcap-filter(7), as a program of classic BPF.

// Floor 0: words, and what they come to in the end.
mod check;
mod token;

// Floor 1: what words mean, and instructions.
mod compile;
mod primitive;
mod value;

// Floor 2: how they go together.
mod syntax;

use crate::{LinkType, Record};

use super::bpf::Program;
use check::Node;
use compile::Link;
use syntax::Parser;
use token::Mistake;

/// A filter that was understood.
#[derive(Debug)]
pub(super) struct CaptureFilter(Node);

/// Reads a filter. What is wrong with it is told in three lines, the last of which points at it.
pub(super) fn parse(text: &str) -> Result<CaptureFilter, Vec<String>> {
    let words = token::words(text);
    let node = words.and_then(|words| Parser::new(&words, text.len()).whole());
    node.map(CaptureFilter).map_err(|Mistake { at, sentence }| {
        let column = text.get(..at).map_or(at, |before| before.chars().count());
        vec![format!("-f: {sentence}"), format!("  {text}"), format!("  {:column$}^", "")]
    })
}

impl CaptureFilter {
    /// The program for packets that begin so; `None` if nothing is known of them.
    pub(super) fn compile(&self, link_type: LinkType) -> Option<Program> {
        Link::of(link_type).map(|link| compile::compile(&self.0, link))
    }

    /// The same for a socket that the kernel takes the link layer off for.
    #[cfg(target_os = "linux")]
    pub(super) fn compile_cooked(&self) -> Program {
        compile::compile(&self.0, Link::cooked())
    }

    /// Whether it is of a VLAN's tag.
    #[cfg(target_os = "linux")]
    pub(super) fn asks_for_tags(&self) -> bool {
        self.0.asks_for_tags()
    }
}

/// A filter with the programs that it comes to, one a link type.
pub(super) struct Programs {
    filter: CaptureFilter,
    compiled: Vec<(LinkType, Program)>,
    /// How many packets it was asked of, and how many it took.
    asked: u64,
    taken: u64,
}

impl Programs {
    pub(super) fn new(filter: CaptureFilter) -> Self {
        Self { filter, compiled: Vec::new(), asked: 0, taken: 0 }
    }

    /// Whether the filter takes a packet.
    pub(super) fn accept(&mut self, record: &Record<'_>) -> Result<bool, String> {
        let accepts = self.accepts(record)?;
        self.asked += 1;
        self.taken += u64::from(accepts);
        Ok(accepts)
    }

    /// How many packets it was asked of, if it took none.
    pub(super) fn in_vain(&self) -> Option<u64> {
        (self.asked > 0 && self.taken == 0).then_some(self.asked)
    }

    fn accepts(&mut self, record: &Record<'_>) -> Result<bool, String> {
        let accepts = |(_, program): &(LinkType, Program)| program.accepts(record.bytes, record.original_len);
        if let Some(compiled) = self.compiled.iter().find(|(link_type, _)| *link_type == record.link_type) {
            return Ok(accepts(compiled));
        }
        let LinkType(number) = record.link_type;
        let program = self.filter.compile(record.link_type);
        let program =
            program.ok_or_else(|| format!("-f does not know how packets of link type {number} begin; -Y does"))?;
        self.compiled.push((record.link_type, program));
        Ok(self.compiled.last().is_some_and(accepts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `tcpdump -ddd` has it of version 4.99, but for what its optimizer leaves out.
    #[test]
    fn what_libpcap_makes_of_it() {
        let codes = |text: &str| {
            let program = parse(text).unwrap().compile(LinkType::ETHERNET).unwrap();
            let of = program.instructions().iter().map(|of| (of.code, of.jt, of.jf, of.k));
            of.collect::<Vec<_>>()
        };
        assert_eq!(codes("ip"), [(40, 0, 0, 12), (21, 0, 1, 2048), (6, 0, 0, 262_144), (6, 0, 0, 0)]);
        assert_eq!(codes(""), [(6, 0, 0, 262_144), (6, 0, 0, 0)]);
        assert_eq!(codes("greater 100")[..2], [(128, 0, 0, 0), (53, 0, 1, 100)]);
    }

    /// More than a comparison can jump over: every address is found, and no other.
    #[test]
    fn long_filters() {
        let text = (1..=200).map(|of| format!("ip host 10.0.0.{of}")).collect::<Vec<_>>().join(" or ");
        let program = parse(&text).unwrap().compile(LinkType::RAW).unwrap();
        assert!(program.instructions().len() > 600);
        let inside = |source: u8| {
            let mut packet = [0; 20];
            packet[0] = 0x45;
            packet[12..16].copy_from_slice(&[10, 0, 0, source]);
            program.accepts(&packet, 20)
        };
        assert!((1..=200).all(inside) && !inside(0) && !(201..=255).any(inside));
        let text = format!("not ({text})");
        let program = parse(&text).unwrap().compile(LinkType::RAW).unwrap();
        let packet = [0x45; 20];
        assert!(program.accepts(&packet, 20) && !program.accepts(&packet[..10], 20));
    }

    #[test]
    fn qualifiers_go_on() {
        let same = |one: &str, other: &str| {
            let [one, other] = [one, other].map(|text| parse(text).unwrap().compile(LinkType::ETHERNET));
            assert_eq!(one, other);
        };
        same("tcp port 80 or 443", "tcp port 80 or tcp port 443");
        same("port (80 or 443)", "port 80 or port 443");
        same("src 10.0.0.1 or 10.0.0.2", "src host 10.0.0.1 or src host 10.0.0.2");
        same("udp or tcp and ip", "(udp or tcp) and ip");
        same("10.0.0.1", "host 10.0.0.1");
        same("net 10.244", "net 10.244.0.0/16");
        same("! udp && arp", "not udp and arp");
    }
}
