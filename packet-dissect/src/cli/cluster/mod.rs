//! `--leases`, `--cluster`: whose an address is, what it is called, and how pods' packets travel between nodes, as the cluster says it.
//!
//! ```text
//! flannel's leases ──┐
//! kubectl's objects ─┼──> Cluster ──> which node has this pod, is this a node's address, what is its tunnel's device,
//! weave's report ────┘                how do these two nodes' pods travel, what is this address called
//! ```

// Floor 0: what is known.
mod model;

// Floor 1: who says it; how a packet's way is told.
mod calico;
mod cilium;
mod flannel;
mod item;
mod kubernetes;
mod place;
mod texts;
mod weave;

// Floor 2: where it is read.
mod files;

pub(super) use model::{Carriage, Cluster, Place};
pub(super) use place::Way;
