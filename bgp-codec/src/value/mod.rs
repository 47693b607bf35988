//! The values that messages, capabilities, attributes and routes are made of.
//!
//! | value | RFC | file |
//! | --- | --- | --- |
//! | AS numbers of two and four bytes | 6793 | [`as_number`] |
//! | prefixes, addresses | 4271 §4.3 | [`prefix`] |
//! | labels, VNIs in their place | 8277 §2.2, 8365 §5.1 | [`label`] |
//! | how routes stand on the wire | 7911 §3, 8277 §2 | [`route_format`] |
//! | route distinguishers | 4364 §4.2 | [`distinguisher`] |
//! | extended communities, route targets among them | 4360, 5701 | [`extended_community`] |
//! | what a path's segments are | 4271 §4.3 b, 5065 §3 | [`segment_type`] |
//! | kinds of tunnels | 9012 §2 | [`tunnel_type`] |
//! | what SRv6 endpoints do | 8986 §10.2 | [`srv6`] |
//! | roles | 9234 §4.1 | [`role`] |
//! | kinds of outbound route filters | 5291 §3 | [`orf_type`] |

// Floor 0: what stands alone.
pub(crate) mod address;
pub mod as_number;
pub mod distinguisher;
pub mod label;
pub mod orf_type;
pub mod prefix;
pub mod role;
pub mod route_format;
pub mod segment_type;
pub mod srv6;
pub mod tunnel_type;

// Floor 1: what is made of them.
pub mod extended_community;
