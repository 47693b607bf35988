//! Packets changed in place: what a NAT, a router or a load balancer does to a packet that passes through.
//!
//! ```text
//!  +----------+------+-----+-------+----------+------+-----+------------------
//!  | Ethernet | IPv4 | UDP | VXLAN | Ethernet | IPv4 | TCP | …
//!  +----------+------+-----+-------+----------+------+-----+------------------
//!               own    over all that follows    own   over the rest and the
//!               sum                             sum   addresses in front
//! ```
//!
//! A [`Rewriter`] finds the headers of an IP packet once. Each change goes through it, and patches every checksum that covers the bytes
//! (RFC 1624): the IPv4 header's, the upper layer's with the addresses in its pseudo-header, and those of the tunnels, or of the ICMP
//! error, that the packet is in. A field cannot be changed and its checksum forgotten. A checksum that was right is right afterwards,
//! one that was wrong is wrong by the same difference, and no payload is read: what a change costs does not depend on its length.
//!
//! A [`Rewrite`] is the same for one flow, worked out once and applied to each of its packets in a few nanoseconds.
//!
//! What makes a packet longer or shorter takes a buffer with room around it: [`push_tag`], [`pop_tag`], a
//! [`Translator`](nat64::Translator). In a tunnel, or behind Ethernet, that buffer is a [`Carried`], which keeps the lengths in front right
//! too.
//!
//! RFC 3022 (traditional NAT; fragments, ICMP), RFC 5508 (ICMP errors), RFC 7857 (what NATs ought to do), RFC 1624 (checksums).

// Floor 0: what a flow is, and where in a packet it stands.
mod flow;
mod places;

// Floor 1: a packet changed.
mod rewriter;
mod tags;

// Floor 2: all packets of a flow; those in others that change their length; and those that change their version.
mod carried;
mod compiled;
pub mod nat64;

pub use carried::{Carried, datagram_to};
pub use compiled::{Outcome, Rewrite};
pub use flow::{Flow, Ports};
pub use places::Left;
pub use rewriter::{MAX_NESTED, Rewriter};
pub use tags::{pop_tag, push_tag, swap_tag};
