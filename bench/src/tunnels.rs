//! Geneve beside VXLAN, with options beside what is written by hand; IP in IP beside a copy and a checksum; the sleeve beside its
//! crypto alone.

use std::hint::black_box;

use crypto_secretbox::aead::generic_array::GenericArray;
use crypto_secretbox::aead::{AeadInPlace, KeyInit};
use crypto_secretbox::{Nonce, Tag, XSalsa20Poly1305};
use ether_ip::ethernet::{EtherType, EthernetFrame};
use ether_ip::ip::IpProtocol;
use ether_ip::ip_tunnel::IpTemplate;
use ether_ip::ipv4::Ipv4Packet;
use ether_ip::outer::Outer;
use ether_ip::udp::UdpDatagram;
use ether_ip::{Headroom, vni::Vni, writer::Writer};
use geneve_codec::{GENEVE_OPTION, GenevePacket, GeneveTemplate, GeneveTunnel, KnownOption, PORT};
use weave_codec::crypto::{Direction, SessionKey};
use weave_codec::{PeerName, Sequence, SleeveFrame, SleeveWriter};

use crate::{Found, by_hand, ours, packets};

fn outer() -> Outer {
    let outer = Outer::ipv4([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
    outer.ethernet(packets::MACS[0], packets::MACS[1])
}

pub fn geneve(options: &[KnownOption]) -> GeneveTemplate {
    let mut bytes = [0; 64];
    let mut writer = Writer::new(GENEVE_OPTION, &mut bytes);
    options.iter().for_each(|option| option.write(&mut writer).unwrap());
    GeneveTunnel::new(Vni::from(1), outer()).template(writer.written()).unwrap()
}

/// OVN's logical ports, and Cilium's DSR: 20 bytes.
pub fn two_options() -> [KnownOption; 2] {
    let service = "192.0.2.80:80".parse().unwrap();
    [KnownOption::OvnLogicalPorts { ingress: 1, egress: 2 }, KnownOption::CiliumDsr(service)]
}

/// The TCP packet in Geneve.
pub fn packet(template: &GeneveTemplate) -> Vec<u8> {
    let inner = packets::tcp();
    let mut buffer = [vec![0; template.overhead()], inner.clone()].concat();
    template.encapsulate(&mut Headroom::new(&mut buffer, inner.len()).unwrap()).unwrap();
    buffer
}

#[inline(never)]
pub fn encapsulate(template: &GeneveTemplate, buffer: &mut [u8], inner_len: usize) -> bool {
    Headroom::new(buffer, inner_len).is_ok_and(|mut packet| template.encapsulate(&mut packet).is_ok())
}

#[inline(always)]
fn geneve_in(bytes: &[u8]) -> Option<GenevePacket<&[u8]>> {
    let frame = EthernetFrame::parse(bytes).ok().filter(|frame| frame.ether_type() == EtherType::IPV4)?;
    let ip = Ipv4Packet::parse(frame.into_payload()).ok().filter(|ip| ip.protocol() == IpProtocol::UDP)?;
    let udp = UdpDatagram::parse(ip.into_payload()).ok().filter(|udp| udp.destination_port() == PORT)?;
    GenevePacket::parse(udp.into_payload()).ok()
}

/// Outer, Geneve and inner, as [`ours::vxlan`] reads VXLAN.
#[inline(never)]
pub fn parse(bytes: &[u8]) -> Option<(Found, u32)> {
    let geneve = geneve_in(bytes)?;
    Some((ours::tcp_in(geneve.into_payload())?, geneve.vni().get()))
}

/// The same, and each option's class, type and data looked at.
#[inline(never)]
pub fn parse_options(bytes: &[u8]) -> Option<(Found, u64)> {
    let geneve = geneve_in(bytes)?;
    let mut sum = 0;
    for option in geneve.options() {
        let option = option.ok()?;
        sum += look(option.class.0, option.kind, option.data);
    }
    Some((ours::tcp_in(geneve.into_payload())?, sum))
}

#[inline(always)]
fn look(class: u16, kind: u8, data: &[u8]) -> u64 {
    let data = data.chunks_exact(4).map(|word| u64::from(u32::from_be_bytes([word[0], word[1], word[2], word[3]])));
    u64::from(class) + u64::from(kind) + data.sum::<u64>()
}

#[inline(never)]
pub fn parse_options_by_hand(bytes: &[u8]) -> Option<(Found, u64)> {
    let geneve = by_hand::udp(bytes, PORT)?;
    if geneve.len() < 8 || geneve[0] >> 6 != 0 {
        return None;
    }
    let end = 8 + usize::from(geneve[0] & 0x3f) * 4;
    if end > geneve.len() {
        return None;
    }
    let (mut at, mut sum) = (8, 0);
    while at < end {
        if at + 4 > end {
            return None;
        }
        let data_end = at + 4 + usize::from(geneve[at + 3] & 0x1f) * 4;
        if data_end > end {
            return None;
        }
        sum += look(u16::from_be_bytes([geneve[at], geneve[at + 1]]), geneve[at + 2], &geneve[at + 4..data_end]);
        at = data_end;
    }
    Some((by_hand::tcp_in(&geneve[end..])?, sum))
}

pub fn ipip() -> IpTemplate {
    IpTemplate::new(&Outer::ipv4([192, 0, 2, 1].into(), [192, 0, 2, 2].into()))
}

/// The inner IP packet sits at the buffer's end.
#[inline(never)]
pub fn ipip_encapsulate(template: &IpTemplate, buffer: &mut [u8], inner_len: usize) -> bool {
    Headroom::new(buffer, inner_len).is_ok_and(|mut packet| template.encapsulate(&mut packet).is_ok())
}

/// The 20 outer bytes, and the sum over them.
pub struct IpipByHand {
    bytes: [u8; 20],
    sum: u32,
}

pub fn ipip_template_by_hand() -> IpipByHand {
    let bytes = [0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 0, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];
    let sum = bytes.chunks_exact(2).map(|word| u32::from(u16::from_be_bytes([word[0], word[1]]))).sum();
    IpipByHand { bytes, sum }
}

/// A copy of 20 bytes, the sum over them kept; the inner version and its hops looked at (RFC 2003 §3.1), as ours does.
#[inline(never)]
pub fn ipip_by_hand(template: &IpipByHand, buffer: &mut [u8], inner_len: usize) -> bool {
    let Some(start) = buffer.len().checked_sub(inner_len + 20) else { return false };
    let Ok(total) = u16::try_from(inner_len + 20) else { return false };
    let (outer, inner) = buffer[start..].split_at_mut(20);
    let (protocol, hops) = match inner.first().map(|first| first >> 4) {
        Some(4) => (4, inner.get(8)),
        Some(6) => (41, inner.get(7)),
        _ => return false,
    };
    if hops == Some(&0) {
        return false;
    }
    outer.copy_from_slice(&template.bytes);
    outer[2..4].copy_from_slice(&total.to_be_bytes());
    outer[9] = protocol;
    let sum = template.sum + u32::from(total) + u32::from(protocol);
    let sum = (sum & 0xffff) + (sum >> 16);
    let sum = !((sum & 0xffff) + (sum >> 16)) as u16;
    outer[10..12].copy_from_slice(&sum.to_be_bytes());
    true
}

/// A sleeve packet of 1400 bytes, sealed and opened.
pub struct Sleeve {
    key: SessionKey,
    cipher: XSalsa20Poly1305,
    pub sealed: Vec<u8>,
    pub buffer: Vec<u8>,
}

const SEQUENCE: Sequence = Sequence::new(7, true);

impl Sleeve {
    pub fn new() -> Self {
        let mut sealed = vec![0; 1400];
        let mut packet = SleeveWriter::encrypted(PeerName([1; 6]), &mut sealed).unwrap();
        let ethernet = &[9; 1356];
        packet.push(&SleeveFrame { source: PeerName([1; 6]), destination: PeerName([2; 6]), ethernet }).unwrap();
        assert_eq!(packet.finish().len(), 1400);
        let key = SessionKey::new([3; 32]);
        let cipher = XSalsa20Poly1305::new(&GenericArray::from([3; 32]));
        key.seal(&mut sealed, Direction::Outbound, SEQUENCE).unwrap();
        Self { key, cipher, buffer: sealed.clone(), sealed }
    }

    #[inline(never)]
    pub fn seal(&mut self) -> bool {
        self.key.seal(black_box(&mut self.buffer), Direction::Outbound, SEQUENCE).is_ok()
    }

    #[inline(never)]
    pub fn open(&mut self) -> bool {
        self.buffer.copy_from_slice(&self.sealed);
        self.key.open(black_box(&mut self.buffer), Direction::Outbound).is_ok()
    }

    fn nonce() -> Nonce {
        let mut nonce = [0; 24];
        nonce[0] = 0x80;
        nonce[16..].copy_from_slice(&SEQUENCE.to_bytes());
        nonce.into()
    }

    #[inline(never)]
    pub fn seal_alone(&mut self) -> Option<Tag> {
        self.cipher.encrypt_in_place_detached(&Self::nonce(), &[], black_box(&mut self.buffer[30..])).ok()
    }

    #[inline(never)]
    pub fn open_alone(&mut self) -> bool {
        self.buffer.copy_from_slice(&self.sealed);
        let tag = *Tag::from_slice(&self.sealed[14..30]);
        self.cipher.decrypt_in_place_detached(&Self::nonce(), &[], black_box(&mut self.buffer[30..]), &tag).is_ok()
    }
}

impl Default for Sleeve {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_find_and_build_the_same() {
        let plain = packet(&geneve(&[]));
        assert_eq!(parse(&plain), ours::vxlan(&packets::vxlan()));
        let optional = packet(&geneve(&two_options()));
        assert_eq!(optional.len(), plain.len() + 20);
        let found = parse_options(&optional);
        assert!(found.is_some_and(|(_, sum)| sum > 0));
        assert_eq!(found, parse_options_by_hand(&optional));

        let inner = packets::tcp().split_off(14);
        let (mut a, mut b) = ([vec![0; 20], inner.clone()].concat(), [vec![0; 20], inner.clone()].concat());
        assert!(
            ipip_encapsulate(&ipip(), &mut a, inner.len())
                && ipip_by_hand(&ipip_template_by_hand(), &mut b, inner.len())
        );
        assert_eq!(a, b);

        let mut sleeve = Sleeve::new();
        assert!(sleeve.open());
        let opened = sleeve.buffer.clone();
        assert!(sleeve.open_alone() && sleeve.buffer == opened);
        assert!(sleeve.seal() && sleeve.buffer == sleeve.sealed);
        sleeve.buffer = opened;
        assert_eq!(sleeve.seal_alone().unwrap()[..], sleeve.sealed[14..30]);
    }
}
