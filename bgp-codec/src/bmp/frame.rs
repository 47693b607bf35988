//! The header that each message begins with (RFC 7854 §4.1), and how a message grows.

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, Rule, open_set};

/// A BMP message, as an error names it.
pub const BMP: LayerName = LayerName::new("BMP message");

/// The bytes of a message's header. The length counts them.
pub(super) const HEADER_LEN: u32 = 6;

open_set! {
    /// What a message is for.
    pub struct BmpType(u8) {
        /// Routes of a peer, as an UPDATE.
        ROUTE_MONITORING = 0, "route monitoring";
        /// Counters.
        STATISTICS = 1, "statistics";
        /// A session ended.
        PEER_DOWN = 2, "peer down";
        /// A session began.
        PEER_UP = 3, "peer up";
        /// The router begins.
        INITIATION = 4, "initiation";
        /// The router ends.
        TERMINATION = 5, "termination";
        /// Messages as they came.
        ROUTE_MIRRORING = 6, "route mirroring";
    }
}

/// A message that is being written: whole after each thing that is added.
#[derive(Debug)]
pub(super) struct Growing<'w, 'a> {
    to: &'w mut Writer<'a>,
    start: usize,
}

impl<'w, 'a> Growing<'w, 'a> {
    /// A message with what `head` writes for its body.
    pub(super) fn begin(
        version: u8,
        kind: BmpType,
        to: &'w mut Writer<'a>,
        head: impl FnOnce(&mut Writer<'_>) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let mut message = Self { start: to.len(), to };
        message.add(|to| {
            to.put(&[version, 0, 0, 0, 0, kind.0])?;
            head(to)
        })?;
        Ok(message)
    }

    /// Adds what `more` writes, or nothing if it fails.
    pub(super) fn add(&mut self, more: impl FnOnce(&mut Writer<'_>) -> Result<(), Error>) -> Result<(), Error> {
        let before = self.to.len();
        more(self.to).and_then(|()| self.fill_length()).inspect_err(|_| self.to.truncate(before))
    }

    fn fill_length(&mut self) -> Result<(), Error> {
        let (value, rule) = (self.to.len().saturating_sub(self.start), Rule::AtMost(u32::MAX));
        let len = u32::try_from(value).map_err(|_| Error::Unbuildable { layer: BMP, field: "length", value, rule })?;
        self.to.overwrite(self.start.saturating_add(1), len.to_be_bytes());
        Ok(())
    }

    /// Changes bytes at an offset from the message's first one.
    pub(super) fn overwrite<const N: usize>(&mut self, at: usize, bytes: [u8; N]) {
        self.to.overwrite(self.start.saturating_add(at), bytes);
    }

    /// Takes the message back.
    pub(super) fn discard(self) {
        self.to.truncate(self.start);
    }
}
