//! What a program costs.

use std::fmt;

use anyhow::Context;
use aya::programs::{ProgramError, ProgramInfo};
use aya_obj::Object;
use aya_obj::generated::{BPF_LD, BPF_LDX, BPF_ST, BPF_STX, bpf_insn};

/// How large a program is, and how much the verifier had to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Its instructions, as the kernel has them.
    pub instructions: u32,
    /// Those that the verifier went through, on all ways.
    pub verified: u32,
    /// The bytes of its stack.
    pub stack: u32,
}

impl Cost {
    /// The cost of a program that is loaded, of an object that was read from these bytes; zero where the kernel does not tell.
    ///
    /// # Errors
    ///
    /// If the kernel says nothing of it, or the object has it not.
    pub fn of(info: Result<ProgramInfo, ProgramError>, object: &[u8]) -> anyhow::Result<Self> {
        let info = info?;
        let instructions = info.size_translated().unwrap_or(0) / 8;
        let stack = stack_of(object, info.name_as_str().context("a program without a name")?)?;
        Ok(Self { instructions, verified: info.verified_instruction_count().unwrap_or(0), stack })
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { instructions, verified, stack } = self;
        write!(f, "{instructions} instructions, {verified} verified, {stack} bytes of stack")
    }
}

/// The register that points behind the stack.
const FRAME: u8 = 10;

/// The stack of a program, as the verifier counts it: as far down as anything is read, written or pointed to.
fn stack_of(object: &[u8], name: &str) -> anyhow::Result<u32> {
    let object = Object::parse(object)?;
    // The kernel keeps fifteen letters of a name.
    let is_named = |of: &str| of == name || name.len() == 15 && of.starts_with(name);
    let (_, program) =
        object.programs.iter().find(|(of, _)| is_named(of)).with_context(|| format!("no program {name}"))?;
    let function = object.functions.get(&program.function_key()).with_context(|| format!("no function of {name}"))?;
    let lowest = function.instructions.windows(2).map(lowest).min();
    Ok(lowest.unwrap_or(0).unsigned_abs().next_multiple_of(8))
}

/// How far below the frame two instructions reach: the first by its offset, or both, as they make an address.
fn lowest(pair: &[bpf_insn]) -> i32 {
    let [one, next] = pair else { return 0 };
    let base = match u32::from(one.code & 7) {
        BPF_LDX | BPF_LD => one.src_reg(),
        BPF_ST | BPF_STX => one.dst_reg(),
        // `rX = r10`, `rX += imm`
        _ if one.code == 0xbf && one.src_reg() == FRAME && next.code == 0x07 && next.dst_reg() == one.dst_reg() => {
            return next.imm.min(0);
        }
        _ => return 0,
    };
    if base == FRAME { i32::from(one.off).min(0) } else { 0 }
}
