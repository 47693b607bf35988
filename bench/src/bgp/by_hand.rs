//! What one would write by hand for just these messages of this session: the checks that RFC 7606 asks for, and no types. Whatever is
//! wrong, or not expected here, ends it.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{Found, bits};

/// ORIGIN and AS_PATH, a bit each; with NEXT_HOP; and that MP_REACH_NLRI has routes, where no type that is expected has its bit.
const MANDATORY: u64 = 1 << 1 | 1 << 2;
const WITH_NEXT_HOP: u64 = MANDATORY | 1 << 3;
const REACHES: u64 = 1 << 63;

#[inline(always)]
fn be16(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (number, behind) = bytes.split_first_chunk()?;
    Some((usize::from(u16::from_be_bytes(*number)), behind))
}

#[inline(always)]
fn be32(value: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(value.try_into().ok()?))
}

pub fn update(message: &[u8]) -> Option<Found> {
    let (header, body) = message.split_first_chunk::<19>()?;
    let [marker @ .., high, low, kind] = header;
    if *marker != [0xff; 16] || usize::from(u16::from_be_bytes([*high, *low])) != message.len() || *kind != 2 {
        return None;
    }
    let (len, body) = be16(body)?;
    let (withdrawn, body) = body.split_at_checked(len)?;
    let (len, body) = be16(body)?;
    let (attributes, nlri) = body.split_at_checked(len)?;
    let mut found = Found::default();
    routes_ipv4(withdrawn, |address, len| found.withdrawn(address, len))?;
    let seen = read_attributes(attributes, !nlri.is_empty(), &mut found)?;
    let mandatory = if !nlri.is_empty() {
        WITH_NEXT_HOP
    } else if seen & REACHES != 0 {
        MANDATORY
    } else {
        0
    };
    if seen & mandatory != mandatory {
        return None;
    }
    routes_ipv4(nlri, |address, len| found.announced(address, len))?;
    Some(found)
}

/// The types that were seen, a bit each.
#[inline(always)]
fn read_attributes(mut rest: &[u8], has_nlri: bool, found: &mut Found) -> Option<u64> {
    let mut seen = 0_u64;
    while let [flags, kind, len, behind @ ..] = rest {
        let (len, behind) = match flags & 0x10 {
            0 => (usize::from(*len), behind),
            _ => (usize::from(*len) << 8 | usize::from(*behind.first()?), &behind[1..]),
        };
        let (value, next) = behind.split_at_checked(len)?;
        if *kind >= 63 || seen >> kind & 1 != 0 {
            return None;
        }
        seen |= 1 << kind;
        match (kind, flags & 0xc0) {
            (1, 0x40) => match value {
                [origin @ 0..=2] => found.origin = *origin,
                _ => return None,
            },
            (2, 0x40) => {
                let mut path = value;
                while !path.is_empty() {
                    let [2 | 3, count @ 1..=255, numbers @ ..] = path else { return None };
                    let (numbers, next) = numbers.split_at_checked(usize::from(*count) * 4)?;
                    for number in numbers.chunks_exact(4) {
                        let number = be32(number)?;
                        if number == 0 {
                            return None;
                        }
                        found.path += u64::from(number);
                    }
                    path = next;
                }
            }
            (3, 0x40) => {
                let address = be32(value)?;
                if has_nlri && (matches!(address >> 24, 0 | 224..=239) || address == u32::MAX) {
                    return None;
                }
                found.next_hop = u64::from(address);
            }
            (4, 0x80) => found.med = be32(value)?,
            (5, 0x40) => found.local_pref = be32(value)?,
            (6, 0x40) if value.is_empty() => found.other += 1,
            (7, 0xc0) => {
                let (number, identifier) = value.split_first_chunk()?;
                let number = u32::from_be_bytes(*number);
                if number == 0 {
                    return None;
                }
                found.other += u64::from(number) + u64::from(be32(identifier)?);
            }
            (35, 0xc0) => found.other += u64::from(be32(value)?),
            // IPv6 unicast; a global next hop, alone or with a link-local one.
            (14, 0x80) => {
                let [0, 2, 1, len @ (16 | 32), behind @ ..] = value else { return None };
                let (next_hop, behind) = behind.split_at_checked(usize::from(*len))?;
                found.next_hop = bits(Ipv6Addr::from(*next_hop.first_chunk()?));
                let (_, routes) = behind.split_first()?;
                routes_ipv6(routes, |address, len| found.announced(address, len))?;
                seen |= if routes.is_empty() { 0 } else { REACHES };
            }
            (15, 0x80) => {
                let [0, 2, 1, routes @ ..] = value else { return None };
                routes_ipv6(routes, |address, len| found.withdrawn(address, len))?;
            }
            (8, 0xc0) if !value.is_empty() && value.len() % 4 == 0 => {
                found.communities += value.chunks_exact(4).filter_map(be32).map(u64::from).sum::<u64>();
            }
            (16, 0xc0) if !value.is_empty() && value.len() % 8 == 0 => {
                for of in value.chunks_exact(8) {
                    found.communities = found.communities.wrapping_add(u64::from_be_bytes(of.try_into().ok()?));
                }
            }
            (32, 0xc0) if !value.is_empty() && value.len() % 12 == 0 => {
                found.communities += value.chunks_exact(4).filter_map(be32).map(u64::from).sum::<u64>();
            }
            _ => return None,
        }
        rest = next;
    }
    rest.is_empty().then_some(seen)
}

/// All bytes that an address can have are read at once, where they are there. Most prefixes have three: a branch on that is foreseen.
#[inline(always)]
fn routes_ipv4(mut rest: &[u8], mut each: impl FnMut(Ipv4Addr, u8)) -> Option<()> {
    let kept = |len: u8| u32::MAX.checked_shl(32 - u32::from(len)).unwrap_or(0);
    while let Some(([len, address @ ..], _)) = rest.split_first_chunk::<5>() {
        let bits = u32::from_be_bytes(*address);
        if matches!(len, 17..=24) {
            each((bits & u32::MAX << (32 - len)).into(), *len);
            rest = &rest[4..];
            continue;
        }
        if *len > 32 {
            return None;
        }
        each((bits & kept(*len)).into(), *len);
        rest = &rest[1 + usize::from(len.div_ceil(8))..];
    }
    while let [len @ 0..=32, behind @ ..] = rest {
        let (bytes, behind) = behind.split_at_checked(usize::from(len.div_ceil(8)))?;
        let bits = bytes.iter().rev().fold(0, |bits, byte| bits >> 8 | u32::from(*byte) << 24);
        each((bits & kept(*len)).into(), *len);
        rest = behind;
    }
    rest.is_empty().then_some(())
}

/// Most are of 56 bits at most, which are read at once where they are there.
#[inline(always)]
fn routes_ipv6(mut rest: &[u8], mut each: impl FnMut(Ipv6Addr, u8)) -> Option<()> {
    let kept = |len: u8| u128::MAX.checked_shl(128 - u32::from(len)).unwrap_or(0);
    while let Some(word) = rest.first_chunk() {
        let (word, len) = (u64::from_be_bytes(*word), rest[0]);
        if len > 56 {
            break;
        }
        each((u128::from(word << 8) << 64 & kept(len)).into(), len);
        rest = &rest[1 + usize::from(len.div_ceil(8))..];
    }
    while let [len @ 0..=128, behind @ ..] = rest {
        let (bytes, behind) = behind.split_at_checked(usize::from(len.div_ceil(8)))?;
        let bits = bytes.iter().rev().fold(0, |bits, byte| bits >> 8 | u128::from(*byte) << 120);
        each((bits & kept(*len)).into(), *len);
        rest = behind;
    }
    rest.is_empty().then_some(())
}
