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
}

impl Programs {
    pub(super) fn new(filter: CaptureFilter) -> Self {
        Self { filter, compiled: Vec::new() }
    }

    /// Whether the filter takes a packet.
    pub(super) fn accept(&mut self, record: &Record<'_>) -> Result<bool, String> {
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
