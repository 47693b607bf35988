//! `--decapsulate`: the pods' packets, out of all tunnels that were around them.

use std::ops::Range;

use crate::reassembly::{Fragment, Outcome};
use crate::{Layer, LinkType};
use ether_ip::sflow::{FlowSample, SampledHeader};
use weave_codec::SleeveFrame;

use super::listener::{Listener, Shown};

/// The packets in a packet's tunnels, with how each begins; none if there was no tunnel. Several only where one packet of the
/// sleeve carries several.
pub(super) fn in_tunnels(shown: &impl Shown) -> Vec<(LinkType, Vec<u8>)> {
    let mut search = Search::default();
    shown.show(&mut search);
    search.found.extend(search.current.take());
    search.found
}

/// Walks along, and keeps what begins last.
#[derive(Default)]
struct Search {
    found: Vec<(LinkType, Vec<u8>)>,
    current: Option<(LinkType, Vec<u8>)>,
    /// How what comes next would begin, if it begins a packet: its bytes are told after it.
    begins: Option<LinkType>,
    /// Whether a layer was shown, and whether an IP packet's since a packet began.
    has_begun: bool,
    in_ip: bool,
    /// Whether it is within a frame of the sleeve.
    in_frames: bool,
    /// Whether what follows is of another packet: a sample, or what a fragment is a part of.
    is_elsewhere: bool,
}

impl Listener for Search {
    fn layer(&mut self, layer: &Layer<'_>, _: Range<usize>, is_quoted: bool) {
        let link_type = match layer {
            Layer::Ethernet(_) if self.has_begun => Some(LinkType::ETHERNET),
            Layer::Ipv4(_) | Layer::Ipv6(_) if self.in_ip => Some(LinkType::RAW),
            _ => None,
        };
        self.begins = link_type.filter(|_| !is_quoted && !self.is_elsewhere);
        self.has_begun = true;
        self.in_ip = match layer {
            Layer::Ethernet(_) => false,
            Layer::Ipv4(_) | Layer::Ipv6(_) => true,
            _ => self.in_ip,
        };
    }

    fn layer_bytes(&mut self, _: usize, bytes: &[u8]) {
        if let Some(link_type) = self.begins.take() {
            self.current = Some((link_type, bytes.to_vec()));
        }
    }

    fn sleeve_frame(&mut self, _: &SleeveFrame<'_>, _: bool) {
        // Each frame is a packet; what is around them all is none of the pods'.
        let before = self.current.take();
        self.found.extend(before.filter(|_| self.in_frames));
        self.in_frames = true;
        self.in_ip = false;
    }

    fn sample(&mut self, _: &FlowSample<'_>, _: &SampledHeader<'_>) {
        self.is_elsewhere = true;
    }

    fn fragment(&mut self, _: &Fragment<'_>, outcome: &Outcome) {
        // What is in a fragment comes again when its packet is whole.
        self.is_elsewhere |= !matches!(outcome, Outcome::Whole(_));
    }
}
