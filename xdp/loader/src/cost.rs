//! What a program costs.

use std::fmt;

use aya::programs::{ProgramError, ProgramInfo};

/// How large a program is, and how much the verifier had to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Its instructions, as the kernel has them.
    pub instructions: u32,
    /// Those that the verifier went through, on all ways.
    pub verified: u32,
}

impl Cost {
    /// The cost of a program that is loaded; zero where the kernel does not tell.
    ///
    /// # Errors
    ///
    /// If the kernel says nothing of it.
    pub fn of(info: Result<ProgramInfo, ProgramError>) -> Result<Self, ProgramError> {
        let info = info?;
        let instructions = info.size_translated().unwrap_or(0) / 8;
        Ok(Self { instructions, verified: info.verified_instruction_count().unwrap_or(0) })
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { instructions, verified } = self;
        write!(f, "{instructions} instructions, {verified} verified")
    }
}
