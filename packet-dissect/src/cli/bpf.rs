//! Classic BPF, as the kernel's sockets take it for a filter (McCanne and Jacobson 1993; Linux's `networking/filter.rst`): the
//! instructions that filters here consist of, and a machine for them.

/// An instruction: what it does, how many are jumped over if it is true and if it is false, and a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Instruction {
    pub(super) code: u16,
    pub(super) jt: u8,
    pub(super) jf: u8,
    pub(super) k: u32,
}

pub(super) const LOAD_WORD: u16 = 0x20;
pub(super) const LOAD_HALF: u16 = 0x28;
pub(super) const LOAD_BYTE: u16 = 0x30;
/// The same from behind where the index register points.
pub(super) const INDEXED: u16 = 0x20;
pub(super) const LOAD_LEN: u16 = 0x80;
/// Four times a byte's lower half into the index register: how long an IPv4 header is.
pub(super) const LOAD_HEADER_LEN: u16 = 0xb1;
pub(super) const AND: u16 = 0x54;
pub(super) const JUMP: u16 = 0x05;
pub(super) const IF_EQUAL: u16 = 0x15;
pub(super) const IF_GREATER: u16 = 0x25;
pub(super) const IF_GREATER_OR_EQUAL: u16 = 0x35;
pub(super) const IF_SET: u16 = 0x45;
pub(super) const RETURN: u16 = 0x06;

/// Those that are loaded from behind the index register.
const LOAD_WORD_INDEXED: u16 = LOAD_WORD + INDEXED;
const LOAD_HALF_INDEXED: u16 = LOAD_HALF + INDEXED;
const LOAD_BYTE_INDEXED: u16 = LOAD_BYTE + INDEXED;

/// Instructions that end with a verdict, and only jump forwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Program(pub(super) Vec<Instruction>);

impl Program {
    pub(super) fn instructions(&self) -> &[Instruction] {
        &self.0
    }

    /// Whether it takes a packet that was so long on the wire. What reaches behind the bytes is refused, as the kernel does.
    pub(super) fn accepts(&self, bytes: &[u8], original_len: u32) -> bool {
        self.run(bytes, original_len).is_some_and(|verdict| verdict > 0)
    }

    fn run(&self, bytes: &[u8], original_len: u32) -> Option<u32> {
        let (mut accumulator, mut index, mut at) = (0, 0_u32, 0);
        loop {
            let Instruction { code, jt, jf, k } = *self.0.get(at)?;
            at += 1;
            let skips = |holds: bool| usize::from(if holds { jt } else { jf });
            match code {
                LOAD_WORD | LOAD_HALF | LOAD_BYTE => accumulator = load(code, bytes, k as usize)?,
                LOAD_WORD_INDEXED | LOAD_HALF_INDEXED | LOAD_BYTE_INDEXED => {
                    accumulator = load(code - INDEXED, bytes, (k as usize).checked_add(index as usize)?)?;
                }
                LOAD_LEN => accumulator = original_len,
                LOAD_HEADER_LEN => index = u32::from(*bytes.get(k as usize)? & 0xf) * 4,
                AND => accumulator &= k,
                JUMP => at += k as usize,
                IF_EQUAL => at += skips(accumulator == k),
                IF_GREATER => at += skips(accumulator > k),
                IF_GREATER_OR_EQUAL => at += skips(accumulator >= k),
                IF_SET => at += skips(accumulator & k != 0),
                RETURN => return Some(k),
                _ => return None,
            }
        }
    }
}

fn load(code: u16, bytes: &[u8], at: usize) -> Option<u32> {
    let from = bytes.get(at..)?;
    match code {
        LOAD_WORD => from.first_chunk().copied().map(u32::from_be_bytes),
        LOAD_HALF => from.first_chunk().copied().map(u16::from_be_bytes).map(u32::from),
        _ => from.first().copied().map(u32::from),
    }
}
