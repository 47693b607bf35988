//! An UPDATE with one byte changed: the answer is never weaker than what RFC 7606 says, as a plain reading of it, written here apart
//! from the crate, has it. What is given lazily and what is collected agree.
#![no_main]

use bgp_codec::arbitrary::UpdateMessage;
use bgp_codec::{Action, Negotiated, Update};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (UpdateMessage, u16, u8)| {
    let (UpdateMessage(mut message), at, byte) = input;
    let session = Negotiated::assumed();
    let body = &mut message[19..];
    assert_eq!(least(body), Action::Accept, "the reading itself takes what is right");
    let at = usize::from(at) % body.len();
    body[at] = byte;
    let least = least(body);
    let (action, outcome) = match Update::parse(body, &session) {
        Ok(update) => {
            let outcome = update.validate();
            let mut collected = Action::Accept;
            assert_eq!(update.validate_each(|finding| collected = collected.max(finding.action)), outcome);
            assert!(collected <= outcome.action());
            (outcome.action(), Some(outcome))
        }
        Err(_) => (Action::SessionReset, None),
    };
    assert!(action >= least, "byte {at} = {byte:#x}: {outcome:?} is weaker than {least:?}: {body:02x?}");
});

/// The least that RFC 7606 asks for, attribute by attribute. `may_disable_family` is off: what would disable a family resets the session.
fn least(body: &[u8]) -> Action {
    use Action::{Accept, AttributeDiscard, SessionReset, TreatAsWithdraw};
    let number = |at: usize| body.get(at..at + 2).map(|two| usize::from(u16::from_be_bytes([two[0], two[1]])));
    // RFC 4271 §6.3: the two lengths must fit the message; 7606 leaves it a session reset.
    let Some(withdrawn_len) = number(0) else { return SessionReset };
    let Some(attributes_len) = number(2 + withdrawn_len) else { return SessionReset };
    let start = 4 + withdrawn_len;
    let (Some(withdrawn), Some(attributes), Some(nlri)) =
        (body.get(2..2 + withdrawn_len), body.get(start..start + attributes_len), body.get(start + attributes_len..))
    else {
        return SessionReset;
    };
    // §3 j, §5.3: routes that cannot be told apart.
    if !are_prefixes(withdrawn, 32) || !are_prefixes(nlri, 32) {
        return SessionReset;
    }
    let mut worst = Accept;
    let (mut rest, mut seen) = (attributes, Vec::new());
    while !rest.is_empty() {
        let extended = rest[0] & 0x10 != 0;
        let header = if extended { 4 } else { 3 };
        if rest.len() < header {
            // §4: the rest is no attribute.
            worst = worst.max(TreatAsWithdraw);
            break;
        }
        let (flags, kind) = (rest[0], rest[1]);
        let len = if extended { usize::from(u16::from_be_bytes([rest[2], rest[3]])) } else { usize::from(rest[2]) };
        let Some(value) = rest.get(header..header + len) else {
            // §4: it goes past the end.
            worst = worst.max(TreatAsWithdraw);
            break;
        };
        rest = &rest[header + len..];
        if seen.contains(&kind) {
            // §3 g: twice; the multiprotocol two reset the session, others lose all but the first.
            worst = worst.max(if kind == 14 || kind == 15 { SessionReset } else { AttributeDiscard });
            continue;
        }
        seen.push(kind);
        let expected_flags = match kind {
            1 | 2 | 3 | 5 | 6 => Some(0x40),
            4 | 9 | 10 | 14 | 15 => Some(0x80),
            7 | 8 | 16 | 32 => Some(0xc0),
            _ => None,
        };
        let found = match kind {
            // §3 c: optional and transitive must be as the type has them.
            _ if expected_flags.is_some_and(|expected| flags & 0xc0 != expected) => match kind {
                // §7.11, §7.12 have answers of their own; §7.5, §7.9 and §7.10 are discarded whatever they are, from an external peer.
                14 | 15 => Accept,
                5 | 9 | 10 => AttributeDiscard,
                _ => TreatAsWithdraw,
            },
            1 if len != 1 || value[0] > 2 => TreatAsWithdraw,
            2 if !is_path(value) => TreatAsWithdraw,
            3 if len != 4 => TreatAsWithdraw,
            // RFC 4271 §6.3: a host's address.
            3 if !nlri.is_empty() && (matches!(value[0], 0 | 224..=239) || value == [255; 4]) => TreatAsWithdraw,
            4 if len != 4 => TreatAsWithdraw,
            // §7.5: from an external peer.
            5 => AttributeDiscard,
            6 if len != 0 => AttributeDiscard,
            // RFC 7607 §2: nor AS number 0.
            7 if len != 8 || value[..4] == [0; 4] => AttributeDiscard,
            8 if len == 0 || len % 4 != 0 => TreatAsWithdraw,
            // §7.9, §7.10: from an external peer.
            9 | 10 => AttributeDiscard,
            14 => mp_reach(value),
            15 => mp_unreach(value),
            16 if len == 0 || len % 8 != 0 => TreatAsWithdraw,
            // RFC 8092 §6.
            32 if len == 0 || len % 12 != 0 => TreatAsWithdraw,
            // §3 d of RFC 4271 §6.3: well-known by its flags, and unknown.
            11..=13 | 20 | 21 | 30 | 31 | 50.. if flags & 0x80 == 0 && kind != 128 => SessionReset.min(TreatAsWithdraw),
            _ => Accept,
        };
        worst = worst.max(found);
    }
    // §3 d: what must be there, if routes are announced.
    let announces_more = seen.contains(&14);
    let is_missing = |kind: u8| !seen.contains(&kind);
    // RFC 8205 §3: a BGPsec_PATH stands in AS_PATH's place.
    let has_no_path = is_missing(2) && is_missing(33);
    if (!nlri.is_empty() || announces_more) && (is_missing(1) || has_no_path) || (!nlri.is_empty() && is_missing(3)) {
        worst = worst.max(TreatAsWithdraw);
    }
    worst
}

fn are_prefixes(mut bytes: &[u8], most: u8) -> bool {
    while let Some((&len, rest)) = bytes.split_first() {
        match rest.get(usize::from(len).div_ceil(8)..) {
            Some(rest) if len <= most => bytes = rest,
            _ => return false,
        }
    }
    true
}

/// §7.2: segments of a known type, not empty, to the end; RFC 7607 §2: without AS number 0; RFC 9774 §3: no sets.
fn is_path(mut bytes: &[u8]) -> bool {
    while !bytes.is_empty() {
        let [2..=3, count @ 1..=255, ..] = *bytes else { return false };
        match bytes[2..].split_at_checked(4 * usize::from(count)) {
            Some((numbers, rest)) if numbers.chunks(4).all(|number| number != [0; 4]) => bytes = rest,
            _ => return false,
        }
    }
    true
}

/// §7.11, and RFC 4760 §3: for IPv6 unicast; other families are not read here.
fn mp_reach(value: &[u8]) -> Action {
    match value {
        [0, 2, 1, len, rest @ ..] => match rest.split_at_checked(usize::from(*len)) {
            // A next hop of 16 or 32 bytes (RFC 2545 §3), or of 4, since the session has agreed on next hops of the other kind (RFC 8950 §4); a
            // reserved byte; routes.
            Some((_, [_, routes @ ..])) if matches!(len, 4 | 16 | 32) && are_prefixes(routes, 128) => Action::Accept,
            _ => Action::SessionReset,
        },
        [_, _, _, _, ..] => Action::Accept,
        _ => Action::SessionReset,
    }
}

/// §7.12, and RFC 4760 §4.
fn mp_unreach(value: &[u8]) -> Action {
    match value {
        [0, 2, 1, routes @ ..] if !are_prefixes(routes, 128) => Action::SessionReset,
        [_, _, _, ..] => Action::Accept,
        _ => Action::SessionReset,
    }
}
