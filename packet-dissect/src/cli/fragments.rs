//! IPv4 fragments put together, within bounds: for what cannot be opened in part.

use std::collections::{HashMap, VecDeque};
use std::net::Ipv4Addr;

use ether_ip::ipv4::Ipv4Packet;

/// How many packets are waited for at most; the oldest makes room.
const MAX_PACKETS: usize = 64;
/// How many bytes a packet's payload has at most.
const MAX_LEN: usize = 65_535;

type Key = (Ipv4Addr, Ipv4Addr, u8, u16);

/// Packets that are not whole yet, and the one that was made whole last, since a packet is walked more than once.
#[derive(Debug, Default)]
pub(super) struct Fragments {
    waiting: HashMap<Key, Parts>,
    order: VecDeque<Key>,
    last: Option<(Key, Vec<u8>)>,
}

#[derive(Debug, Default)]
struct Parts {
    parts: Vec<(usize, Vec<u8>)>,
    /// Known when the last fragment has come.
    len: Option<usize>,
    held: usize,
}

impl Fragments {
    /// Takes a fragment in: the whole payload, if this is the one that was missing.
    pub(super) fn add(&mut self, ip: &Ipv4Packet<&[u8]>, is_first_walk: bool) -> Option<Vec<u8>> {
        let key = (ip.source(), ip.destination(), ip.protocol().0, ip.identification());
        if !is_first_walk {
            return self.last.as_ref().filter(|(of, _)| *of == key).map(|(_, whole)| whole.clone());
        }
        self.last = None;
        if !self.waiting.contains_key(&key) {
            if self.order.len() == MAX_PACKETS {
                let oldest = self.order.pop_front()?;
                self.waiting.remove(&oldest);
            }
            self.order.push_back(key);
        }
        let packet = self.waiting.entry(key).or_default();
        packet.held += ip.payload().len();
        if packet.held <= MAX_LEN && ip.missing() == 0 {
            packet.parts.push((ip.fragment_offset(), ip.payload().to_vec()));
        }
        if !ip.more_fragments() {
            packet.len = Some(ip.fragment_offset() + ip.payload().len());
        }
        let whole = packet.whole()?;
        self.waiting.remove(&key);
        self.order.retain(|of| *of != key);
        self.last = Some((key, whole.clone()));
        Some(whole)
    }
}

impl Parts {
    /// All parts in a row, if none is missing. Where two overlap, the first that came counts.
    fn whole(&mut self) -> Option<Vec<u8>> {
        let len = self.len?;
        self.parts.sort_by_key(|(offset, _)| *offset);
        let mut whole = Vec::with_capacity(len.min(MAX_LEN));
        for (offset, bytes) in &self.parts {
            let skip = whole.len().checked_sub(*offset)?;
            whole.extend_from_slice(bytes.get(skip..).unwrap_or_default());
        }
        (whole.len() == len).then_some(whole)
    }
}
