//! Every checksum of a packet, by hand: what the sums over all that they cover come to. Right ones come to 0.
//!
//! Nothing here is the crate's own: the laws of rewriting are held against it, in the tests and in the fuzz targets.

/// Where a checksum stands, and what the sum over all that it covers comes to, itself in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sum {
    pub at: usize,
    pub rest: u16,
}

/// RFC 1071 §1, word by word. 0xffff is the other zero.
fn sum(pieces: &[&[u8]]) -> u16 {
    let mut total = 0_u64;
    for piece in pieces {
        for pair in piece.chunks(2) {
            total += u64::from(pair[0]) << 8 | u64::from(*pair.get(1).unwrap_or(&0));
        }
    }
    (total % 0xffff) as u16
}

fn word(bytes: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([bytes[at], bytes[at + 1]])
}

/// The checksums of the IP packet at `ip`; of what an ICMP error quotes, and of what a tunnel carries as `inside` says: how many
/// bytes behind the upper layer's first one.
pub(crate) fn of(bytes: &[u8], ip: usize, inside: Option<usize>) -> Vec<Sum> {
    let mut sums = Vec::new();
    add(bytes, ip, inside, &mut sums);
    sums
}

/// The bytes, where a checksum of ones is one of zeros: both stand for the same sum.
#[allow(dead_code, reason = "not all that have sums undo what they did")]
pub(crate) fn with_one_zero(mut bytes: Vec<u8>, sums: &[Sum]) -> Vec<u8> {
    for sum in sums {
        if bytes[sum.at..sum.at + 2] == [0xff; 2] {
            bytes[sum.at..sum.at + 2].fill(0);
        }
    }
    bytes
}

fn add(bytes: &[u8], ip: usize, inside: Option<usize>, sums: &mut Vec<Sum>) {
    let packet = &bytes[ip..];
    let Some(first) = packet.first() else { return };
    match first >> 4 {
        4 if packet.len() >= 20 => {
            let len = usize::from(first & 15) * 4;
            let total = match usize::from(word(packet, 2)) {
                0 => packet.len(),
                total => total.min(packet.len()),
            };
            if len < 20 || total < len {
                return;
            }
            sums.push(Sum { at: ip + 10, rest: sum(&[&packet[..len]]) });
            // A source route that has not ended: the checksum is over its last stop.
            let mut destination = &packet[16..20];
            let mut at = 20;
            while at + 3 <= len && packet[at] != 0 {
                let option = usize::from(packet[at + 1]);
                match packet[at] {
                    1 => at += 1,
                    _ if option < 2 || at + option > len => break,
                    131 | 137 if option >= 7 && option % 4 == 3 && usize::from(packet[at + 2]) <= option => {
                        destination = &packet[at + option - 4..at + option];
                        at += option;
                    }
                    _ => at += option,
                }
            }
            if word(packet, 6) & 0x1fff == 0 {
                let addresses = [&packet[12..16], destination].concat();
                upper(bytes, (packet[9], 4), (ip + len, ip + total), &addresses, inside, sums);
            }
        }
        6 if packet.len() >= 40 => {
            let end = match usize::from(word(packet, 4)) {
                0 => bytes.len(),
                len => bytes.len().min(ip + 40 + len),
            };
            let (mut next, mut at) = (packet[6], ip + 40);
            let mut addresses = packet[8..40].to_vec();
            loop {
                let len = match next {
                    0 | 43 | 60 if at + 8 <= end => usize::from(bytes[at + 1]) * 8 + 8,
                    44 if at + 8 <= end => 8,
                    51 if at + 8 <= end => usize::from(bytes[at + 1]) * 4 + 8,
                    0 | 43 | 60 | 44 | 51 => return,
                    _ => break,
                };
                if at + len > end {
                    return;
                }
                let header = &bytes[at..at + len];
                match next {
                    // Types 0 and 2, and segment routing, whose last stop stands first.
                    43 if header[3] > 0 && matches!(header[2], 0 | 2 | 4) && len >= 24 => {
                        let last = if header[2] == 4 { 8..24 } else { len - 16..len };
                        addresses[16..].copy_from_slice(&header[last]);
                    }
                    60 => {
                        if let Some(home) = home_address(&header[2..]) {
                            addresses[..16].copy_from_slice(home);
                        }
                    }
                    44 if word(header, 2) & 0xfff8 != 0 => return,
                    _ => {}
                }
                (next, at) = (header[0], at + len);
            }
            upper(bytes, (next, 6), (at, end), &addresses, inside, sums);
        }
        _ => {}
    }
}

fn home_address(mut options: &[u8]) -> Option<&[u8]> {
    while let Some(kind) = options.first() {
        let len = if *kind == 0 { 1 } else { usize::from(*options.get(1)?) + 2 };
        let option = options.get(..len)?;
        if *kind == 201 && len == 18 {
            return Some(&option[2..]);
        }
        options = &options[len..];
    }
    None
}

fn upper(
    bytes: &[u8],
    (protocol, version): (u8, u8),
    (at, end): (usize, usize),
    addresses: &[u8],
    inside: Option<usize>,
    sums: &mut Vec<Sum>,
) {
    let upper = &bytes[at..end];
    let kind = upper.first().copied().unwrap_or(0);
    // Where the checksum stands, and whether it is over the addresses.
    let row = match (protocol, version) {
        (6, _) => Some((16, true)),
        (17 | 136 | 33, _) => Some((6, true)),
        (1, 4) => Some((2, false)),
        (58 | 103, 6) => Some((2, true)),
        (89, 6) => Some((12, true)),
        (112, 6) => Some((6, true)),
        (135, 6) | (139, _) => Some((4, true)),
        (47, _) if kind & 0x80 != 0 => Some((4, false)),
        _ => None,
    };
    if let Some((field, has_pseudo)) = row.filter(|(field, _)| field + 2 <= upper.len()) {
        let is_none = matches!(protocol, 17 | 136) && word(upper, field) == 0;
        let pseudo: &[u8] = if has_pseudo { addresses } else { &[] };
        if !is_none {
            let length = (upper.len() as u32).to_be_bytes();
            let behind: &[u8] = if has_pseudo { &[0, protocol] } else { &[] };
            let length: &[u8] = if has_pseudo { &length } else { &[] };
            sums.push(Sum { at: at + field, rest: sum(&[pseudo, behind, length, upper]) });
        }
    }
    let is_error = match (protocol, version) {
        (1, 4) => matches!(kind, 3 | 4 | 5 | 11 | 12),
        (58, 6) => kind < 128,
        _ => false,
    };
    if is_error && upper.len() > 8 {
        add(&bytes[..end], at + 8, None, sums);
    }
    if let Some(inside) = inside.filter(|inside| at + inside < end) {
        add(&bytes[..end], at + inside, None, sums);
    }
}
