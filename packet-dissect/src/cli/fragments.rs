//! IPv4 fragments put together, within bounds: for what cannot be opened in part.

use std::collections::{BTreeMap, HashMap, VecDeque};
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
    /// What has come, by where it stands: no two overlap.
    parts: BTreeMap<usize, Vec<u8>>,
    /// How many bytes of that there are.
    covered: usize,
    /// Known when the last fragment has come.
    len: Option<usize>,
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
        let end = ip.fragment_offset() + ip.payload().len();
        if end <= MAX_LEN && ip.missing() == 0 {
            packet.add(ip.fragment_offset(), ip.payload());
        }
        if !ip.more_fragments() {
            packet.len = Some(end);
        }
        let whole = packet.whole()?;
        self.waiting.remove(&key);
        self.order.retain(|of| *of != key);
        Some(whole)
    }
}

impl Parts {
    /// Takes in what is new of a part: where two overlap, the first that came counts. What adds nothing is not kept, and costs a look.
    fn add(&mut self, offset: usize, bytes: &[u8]) {
        let (mut at, end) = (offset, offset + bytes.len());
        while at < end {
            let before = self.parts.range(..=at).next_back().map_or(0, |(start, part)| start + part.len());
            if before > at {
                at = before;
                continue;
            }
            let gap = self.parts.range(at..end).next().map_or(end, |(start, _)| *start);
            self.parts.insert(at, bytes.get(at - offset..gap - offset).unwrap_or_default().to_vec());
            self.covered += gap - at;
            at = gap;
        }
    }

    /// All parts in a row, if none is missing: as many bytes as there should be, none of which stands behind the end.
    fn whole(&mut self) -> Option<Vec<u8>> {
        let len = self.len.filter(|len| *len == self.covered)?;
        let end = self.parts.last_key_value().map_or(0, |(start, part)| start + part.len());
        (end == len).then(|| self.parts.values().flatten().copied().collect())
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

    /// Where two overlap, the first that came counts; one that fills several gaps is kept in pieces. Bytes behind the end make a packet
    /// that is never whole.
    #[test]
    fn what_overlaps() {
        let mut fragments = Fragments::default();
        assert_eq!(add(&mut fragments, &fragment(8, true, &[1; 8])), None);
        assert_eq!(add(&mut fragments, &fragment(24, false, &[2; 4])), None);
        let whole = [&[3; 8][..], &[1; 8], &[3; 8], &[2; 4]].concat();
        assert_eq!(add(&mut fragments, &fragment(0, true, &[3; 32])), None, "four bytes stand behind the end");
        let mut fragments = Fragments::default();
        assert_eq!(add(&mut fragments, &fragment(8, true, &[1; 8])), None);
        assert_eq!(add(&mut fragments, &fragment(24, false, &[2; 4])), None);
        assert_eq!(add(&mut fragments, &fragment(0, true, &[3; 24])), Some(whole));
        assert!(fragments.waiting.is_empty() && fragments.order.is_empty());
    }

    #[test]
    fn memory_is_bounded() {
        let mut fragments = Fragments::default();
        for _ in 0..1000 {
            assert_eq!(add(&mut fragments, &fragment(0, true, &[])), None);
            assert_eq!(add(&mut fragments, &fragment(8, true, &[7; 800])), None);
        }
        let held = &fragments.waiting[&fragments.order[0]];
        // What came before adds nothing, however often it comes.
        assert_eq!((held.parts.len(), held.covered, held.parts[&8].len()), (1, 800, 800));
        for id in 0..1000 {
            let mut other = fragment(0, true, &[1; 8]);
            let mut view = Ipv4Packet::parse(&mut other[..]).unwrap();
            view.set_identification(id);
            assert_eq!(add(&mut fragments, &other), None);
        }
        assert_eq!((fragments.waiting.len(), fragments.order.len()), (MAX_PACKETS, MAX_PACKETS));
    }
}
