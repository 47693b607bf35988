//! What is kept from packet to packet, and goes on with each that is taken in.

use std::cell::{Cell, OnceCell, RefCell};

use crate::bgp::sessions::Overrule;
use crate::reassembly::Unfinished;
use crate::{Record, Timestamp};

use super::flows::Flows;
use super::network::Network;
use super::opened::Openers;
use super::packet::Packet;

/// What is kept from packet to packet.
pub(super) struct Session<'a> {
    network: Network<'a>,
    flows: RefCell<Flows>,
    first_time: Option<Timestamp>,
    last_time: Option<Timestamp>,
    last_shown: Cell<Option<Timestamp>>,
}

impl<'a> Session<'a> {
    pub(super) fn new(network: Network<'a>, overrule: Overrule, openers: Openers) -> Self {
        Self {
            network,
            flows: RefCell::new(Flows::new(overrule, openers)),
            first_time: None,
            last_time: None,
            last_shown: Cell::default(),
        }
    }

    /// Of which packets not all fragments came.
    pub(super) fn unfinished(&self) -> Unfinished {
        self.flows.borrow().unfinished()
    }

    /// Takes a packet in. It shows itself as often as somebody likes; the next is taken in after that.
    #[inline]
    pub(super) fn take<'p>(&'p mut self, record: &Record<'p>) -> Packet<'p> {
        let since_first = record.time.map(|time| time.nanoseconds_since(*self.first_time.get_or_insert(time)));
        let since_before = record.time.map(|time| time.nanoseconds_since(self.last_time.replace(time).unwrap_or(time)));
        let Self { network, flows, last_shown, .. } = self;
        Packet {
            network,
            record: *record,
            since_first,
            since_before,
            last_shown,
            beyond: OnceCell::new(),
            standings: RefCell::default(),
            flows,
        }
    }
}
