//! What became of frames, counted.

use std::fmt;
use std::ops::AddAssign;

/// What becomes of a frame, which was changed in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It goes out by the other device.
    Across,
    /// It goes back: it is an answer.
    Back,
    /// It is dropped.
    Drop(Reason),
}

/// Why a frame is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// It came out of a tunnel and is not whole, or no frame.
    Malformed,
    /// It came from a node that is no remote, or is of another network.
    Stranger,
    /// A router marked it, and whoever sent the packet inside does not know marks (RFC 6040 §4.2).
    Congested,
    /// It is for a receiver that nobody knows.
    Unknown,
    /// It is too long for the way, and its sender may not be told.
    TooLong,
    /// It is not whole, and so is its checksum not.
    Incomplete,
    /// The device that it should go out by does not keep up.
    Crowded,
}

impl Reason {
    const ALL: [(Self, &str); 7] = [
        (Self::Malformed, "malformed"),
        (Self::Stranger, "of no known remote and network"),
        (Self::Congested, "congested, and not told"),
        (Self::Unknown, "for no known receiver"),
        (Self::TooLong, "too long, and not told"),
        (Self::Incomplete, "with a checksum that cannot be completed"),
        (Self::Crowded, "the device does not keep up"),
    ];
}

/// How many frames there were of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Taken out of a tunnel.
    pub taken_apart: u64,
    /// Put into one.
    pub put_in: u64,
    /// Whose sender was told that they are too long.
    pub answered: u64,
    /// Dropped, by [`Reason`].
    pub dropped: [u64; Reason::ALL.len()],
    /// That the kernel had no room for.
    pub missed: u64,
    /// That are neither here nor with the kernel: there must be none.
    pub lost: u64,
}

impl Counts {
    /// One more that is dropped.
    pub fn drop(&mut self, reason: Reason) {
        if let Some(count) = self.dropped.get_mut(reason as usize) {
            *count += 1;
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.taken_apart += other.taken_apart;
        self.put_in += other.put_in;
        self.answered += other.answered;
        self.dropped.iter_mut().zip(other.dropped).for_each(|(one, other)| *one += other);
        self.missed += other.missed;
        self.lost += other.lost;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "taken apart: {}", self.taken_apart)?;
        writeln!(f, "put in: {}", self.put_in)?;
        writeln!(f, "answered: {}", self.answered)?;
        for ((_, reason), count) in Reason::ALL.iter().zip(self.dropped) {
            writeln!(f, "dropped, {reason}: {count}")?;
        }
        writeln!(f, "dropped by the kernel: {}", self.missed)?;
        write!(f, "lost: {}", self.lost)
    }
}
