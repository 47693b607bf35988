//! What one would write by hand for just these messages: the checks that RFC 7606 asks for, and no types.

use std::net::Ipv4Addr;

use super::Found;

fn be16(bytes: &[u8]) -> Option<usize> {
    Some(usize::from(u16::from_be_bytes(*bytes.first_chunk()?)))
}

fn be32(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.first_chunk()?))
}

pub fn update(message: &[u8]) -> Option<Found> {
    if message.get(..16)? != [0xff; 16] || be16(&message[16..])? != message.len() || *message.get(18)? != 2 {
        return None;
    }
    let mut found = Found::default();
    let withdrawn = be16(message.get(19..)?)?;
    let start = 21 + withdrawn;
    let len = be16(message.get(start..)?)?;
    let mut rest = message.get(start + 2..start + 2 + len)?;
    let mut nlri = &message[start + 2 + len..];
    let mut seen = 0_u64;
    while let [flags, kind, len, behind @ ..] = rest {
        let (len, behind) = match flags & 0x10 {
            0 => (usize::from(*len), behind),
            _ => (usize::from(*len) << 8 | usize::from(*behind.first()?), &behind[1..]),
        };
        let (value, next) = behind.split_at_checked(len)?;
        if *kind >= 64 || seen & 1 << kind != 0 {
            return None;
        }
        seen |= 1 << kind;
        let expected = match kind {
            1 | 2 | 3 | 5 => 0x40,
            4 => 0x80,
            _ => 0xc0,
        };
        if flags & 0xc0 != expected {
            return None;
        }
        match (kind, value.len()) {
            (1, 1) if value[0] <= 2 => found.origin = value[0],
            (2, _) => {
                let mut path = value;
                while !path.is_empty() {
                    let [1..=4, count, numbers @ ..] = path else { return None };
                    let (numbers, next) = numbers.split_at_checked(usize::from(*count) * 4)?;
                    if *count == 0 {
                        return None;
                    }
                    for number in numbers.chunks_exact(4).filter_map(be32) {
                        if number == 0 {
                            return None;
                        }
                        found.path += u64::from(number);
                    }
                    path = next;
                }
            }
            (3, 4) => {
                if matches!(value[0], 0 | 224..=239) || value == [255; 4] {
                    return None;
                }
                found.next_hop = be32(value)?;
            }
            (4, 4) => found.med = be32(value)?,
            (5, 4) => found.local_pref = be32(value)?,
            (8 | 32, len) if len > 0 && len % if *kind == 8 { 4 } else { 12 } == 0 => {
                found.communities += value.chunks_exact(4).filter_map(be32).map(u64::from).sum::<u64>();
            }
            (16, len) if len > 0 && len % 8 == 0 => {
                for chunk in value.chunks_exact(8) {
                    let number = u64::from_be_bytes(*chunk.first_chunk()?);
                    found.communities = found.communities.wrapping_add(number);
                }
            }
            _ => return None,
        }
        rest = next;
    }
    if !rest.is_empty() || !nlri.is_empty() && seen & 0b1110 != 0b1110 {
        return None;
    }
    while let [len, behind @ ..] = nlri {
        if *len > 32 {
            return None;
        }
        let (bytes, next) = behind.split_at_checked(usize::from(*len).div_ceil(8))?;
        let mut address = [0; 4];
        address[..bytes.len()].copy_from_slice(bytes);
        let mask = u32::MAX.checked_shl(32 - u32::from(*len)).unwrap_or(0);
        found.route(Ipv4Addr::from_bits(u32::from_be_bytes(address) & mask), *len);
        nlri = next;
    }
    Some(found)
}
