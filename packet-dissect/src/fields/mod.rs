//! Every field of every layer, by Wireshark's name where it has one: what `-V`, `-e`, `-T json` and `-Y` show and test.
//!
//! A protocol has a file of its own here, with one function that visits its fields in the order of the header. Nothing is
//! allocated, and nothing is computed that the visitor does not want.

// Floor 0: the table of fields, and who is shown them.
mod context;
mod group;
mod meaning;
mod table;
mod visitor;

// Floor 1: a file for each kind of protocols.
mod bgp;
mod bmp;
mod ip;
mod link;
mod multicast;
mod transport;
mod tunnel;
mod width;

// Floor 2: which layer is shown by which.
mod show;

pub use bgp::TableRoute;
pub use context::Context;
pub use group::{Group, GroupSet};
pub use show::{bgp_message, bgp_route, bmp_message, sampled_header, sleeve_frame, visit};
pub use table::{Field, Kind};
pub use visitor::{FieldValue, FieldVisitor, Status, Words};
