//! Addresses, networks, ports and numbers, as pcap-filter writes them.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::token::{Mistake, Word};

/// An address of some kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Address {
    Ethernet([u8; 6]),
    Ipv4(Ipv4Addr),
    Ipv6(Ipv6Addr),
}

pub(super) fn address(word: Word<'_>) -> Result<Address, Mistake> {
    let Word { text, at } = word;
    if let Some(address) = ethernet(text) {
        return Ok(Address::Ethernet(address));
    }
    let known = text.parse().map(Address::Ipv4).or_else(|_| text.parse().map(Address::Ipv6));
    known.map_err(|_| Mistake::new(at, format!("{text:?} is no address; names of hosts are not looked up")))
}

fn ethernet(text: &str) -> Option<[u8; 6]> {
    let mut octets = [0; 6];
    let mut parts = text.split([':', '-']);
    for octet in &mut octets {
        let part = parts.next()?;
        *octet = (part.len() <= 2).then(|| u8::from_str_radix(part, 16).ok())??;
    }
    parts.next().is_none().then_some(octets)
}

/// A network: its address, and how many bits of it count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Network {
    /// With the mask.
    Ipv4(Ipv4Addr, u32),
    Ipv6(Ipv6Addr, u32),
}

/// `10.244.0.0/16`, or as many octets as count: `10.244`. A mask may be told apart.
pub(super) fn network(word: Word<'_>, mask: Option<Word<'_>>) -> Result<Network, Mistake> {
    let Word { text, at } = word;
    let (start, len) = text.split_once('/').map_or((text, None), |(start, len)| (start, Some(len)));
    let len = |most: u32, or: u32| match len.map(str::parse) {
        None => Ok(or),
        Some(Ok(len)) if len <= most => Ok(len),
        Some(_) => Err(Mistake::new(at, format!("the length of a prefix is a number up to {most}"))),
    };
    let stray = || Mistake::new(at, format!("{text:?} has bits that the network does not count"));
    if let Ok(address) = start.parse::<Ipv6Addr>() {
        let len = len(128, 128)?;
        let mask = u128::MAX.checked_shl(128 - len).unwrap_or(0);
        return if address.to_bits() & !mask == 0 { Ok(Network::Ipv6(address, len)) } else { Err(stray()) };
    }
    let no_network = || Mistake::new(at, format!("{text:?} is no network, which looks like 10.244.0.0/16"));
    let octets: Vec<u8> = start.split('.').map(str::parse).collect::<Result<_, _>>().map_err(|_| no_network())?;
    let count = octets.len();
    if count > 4 {
        return Err(no_network());
    }
    let bits = octets.iter().fold(0_u64, |bits, octet| bits << 8 | u64::from(*octet)) << (8 * (4 - count));
    let mask =
        match mask {
            None => u32::MAX.checked_shl(32 - len(32, 8 * count as u32)?).unwrap_or(0),
            Some(mask) => mask.text.parse::<Ipv4Addr>().map(Ipv4Addr::to_bits).map_err(|_| {
                Mistake::new(mask.at, format!("{:?} is no mask, which looks like 255.255.0.0", mask.text))
            })?,
        };
    let bits = bits as u32;
    if bits & !mask == 0 { Ok(Network::Ipv4(Ipv4Addr::from_bits(bits), mask)) } else { Err(stray()) }
}

/// A number, decimal or hexadecimal, up to `most`.
pub(super) fn number(word: Word<'_>, most: u32) -> Result<u32, Mistake> {
    let Word { text, at } = word;
    let parsed = text.strip_prefix("0x").map_or_else(|| text.parse(), |digits| u32::from_str_radix(digits, 16));
    match parsed {
        Ok(number) if number <= most => Ok(number),
        _ => Err(Mistake::new(at, format!("{text:?} is no number up to {most}; names are not looked up"))),
    }
}

/// `80-443`, either way around.
pub(super) fn ports(word: Word<'_>) -> Result<(u16, u16), Mistake> {
    let shape = || Mistake::new(word.at, format!("{:?} is no range of ports, which looks like 80-443", word.text));
    let (low, high) = word.text.split_once('-').ok_or_else(shape)?;
    let (low, high) = (low.parse().map_err(|_| shape())?, high.parse().map_err(|_| shape())?);
    Ok(if low <= high { (low, high) } else { (high, low) })
}
