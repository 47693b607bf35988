//! The end of a tunnel in user space, over AF_XDP sockets: what `xdp-loader vtep` does in the kernel, by the codecs' own templates and
//! decapsulators, in place, in memory that is shared with the kernel.

// Floor 0: what becomes of a frame, whatever memory it is in.
pub mod counts;
pub mod vtep;

// Floor 1: the memory and the sockets.
pub mod frame;
pub mod queue;
pub mod socket;
