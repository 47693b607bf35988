//! A packet as a paste gives it.

/// The bytes that are there, and how many there were, where the paste says it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(in super::super) struct Given {
    pub(in super::super) bytes: Vec<u8>,
    pub(super) len: Option<usize>,
}

impl Given {
    /// The packet's length before it was cut.
    pub(in super::super) fn original_len(&self) -> usize {
        self.len.unwrap_or_default().max(self.bytes.len())
    }
}

impl From<Vec<u8>> for Given {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, len: None }
    }
}
