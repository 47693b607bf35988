//! IPv4 fragments put together, within bounds: for what cannot be opened in part.

use std::collections::{HashMap, VecDeque};
use std::net::Ipv4Addr;

use ether_ip::ipv4::Ipv4Packet;

/// How many packets are waited for at most; the oldest makes room.
const MAX_PACKETS: usize = 64;
/// How many bytes a packet's payload has at most.
const MAX_LEN: usize = 65_535;

type Key = (Ipv4Addr, Ipv4Addr, u8, u16);

/// Packets that are not whole yet.
#[derive(Debug, Default)]
pub(super) struct Fragments {
    waiting: HashMap<Key, Parts>,
    order: VecDeque<Key>,
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
    pub(super) fn add(&mut self, ip: &Ipv4Packet<&[u8]>) -> Option<Vec<u8>> {
        let key = (ip.source(), ip.destination(), ip.protocol().0, ip.identification());
        if !self.waiting.contains_key(&key) {
            if self.order.len() == MAX_PACKETS {
                let oldest = self.order.pop_front()?;
                self.waiting.remove(&oldest);
            }
            self.order.push_back(key);
        }
        let packet = self.waiting.entry(key).or_default();
        packet.held += ip.payload().len();
        // What is empty adds nothing, or memory could be filled with it.
        if packet.held <= MAX_LEN && ip.missing() == 0 && !ip.payload().is_empty() {
            packet.parts.push((ip.fragment_offset(), ip.payload().to_vec()));
        }
        if !ip.more_fragments() {
            packet.len = Some(ip.fragment_offset() + ip.payload().len());
        }
        let whole = packet.whole()?;
        self.waiting.remove(&key);
        self.order.retain(|of| *of != key);
        Some(whole)
    }
}

impl Parts {
    /// All parts in a row, if none is missing. Where two overlap, the first that came counts.
    fn whole(&mut self) -> Option<Vec<u8>> {
        // Not looked at before as much is there as is needed: late parts would each cost a look at all.
        let len = self.len.filter(|len| *len <= self.held)?;
        self.parts.sort_by_key(|(offset, _)| *offset);
        let mut whole = Vec::with_capacity(len.min(MAX_LEN));
        for (offset, bytes) in &self.parts {
            let skip = whole.len().checked_sub(*offset)?;
            whole.extend_from_slice(bytes.get(skip..).unwrap_or_default());
        }
        (whole.len() == len).then_some(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ether_ip::Headroom;
    use ether_ip::ip::IpProtocol;
    use ether_ip::ipv4::Ipv4Header;

    fn fragment(offset: u16, more: bool, payload: &[u8]) -> Vec<u8> {
        let mut header = Ipv4Header::new([192, 0, 2, 1].into(), [192, 0, 2, 2].into(), IpProtocol::UDP);
        header.set_dont_fragment(false);
        header.set_more_fragments(more);
        header.set_fragment_offset(offset);
        let mut buffer = vec![0; 20 + payload.len()];
        header.prepend(&[], &mut Headroom::with_payload(&mut buffer, payload).unwrap()).unwrap();
        buffer
    }

    fn add(fragments: &mut Fragments, packet: &[u8]) -> Option<Vec<u8>> {
        fragments.add(&Ipv4Packet::parse(packet).unwrap())
    }

    /// RFC 791 §3.2: by offset, in any order; what is sent twice changes nothing, and what is missing is waited for.
    #[test]
    fn in_any_order() {
        let parts = [fragment(0, true, &[1; 8]), fragment(8, true, &[2; 16]), fragment(24, false, &[3; 5])];
        let whole = [&[1; 8][..], &[2; 16], &[3; 5]].concat();
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            let mut fragments = Fragments::default();
            assert_eq!(add(&mut fragments, &parts[order[0]]), None);
            assert_eq!(add(&mut fragments, &parts[order[0]]), None);
            assert_eq!(add(&mut fragments, &parts[order[1]]), None);
            assert_eq!(add(&mut fragments, &parts[order[2]]), Some(whole.clone()));
            assert!(fragments.waiting.is_empty() && fragments.order.is_empty());
        }
    }

    #[test]
    fn memory_is_bounded() {
        let mut fragments = Fragments::default();
        for _ in 0..1000 {
            assert_eq!(add(&mut fragments, &fragment(0, true, &[])), None);
            assert_eq!(add(&mut fragments, &fragment(8, true, &[7; 800])), None);
        }
        let held = &fragments.waiting[&fragments.order[0]];
        assert_eq!(held.parts.iter().map(|(_, part)| part.len()).sum::<usize>(), 800 * (MAX_LEN / 800));
        assert_eq!(held.parts.len(), MAX_LEN / 800);
        for id in 0..1000 {
            let mut other = fragment(0, true, &[1; 8]);
            let mut view = Ipv4Packet::parse(&mut other[..]).unwrap();
            view.set_identification(id);
            assert_eq!(add(&mut fragments, &other), None);
        }
        assert_eq!((fragments.waiting.len(), fragments.order.len()), (MAX_PACKETS, MAX_PACKETS));
    }
}
