//! Tables whose memory is bounded, whatever packets say.

use std::collections::HashMap;
use std::hash::Hash;

/// How many rows a table has at most; what comes later is counted together, so that memory stays bounded.
const MAX_ROWS: usize = 10_000;

/// How many bytes the texts that tell rows apart have together at most: a packet of 64 kB can have a stack of thousands of layers.
const MAX_TEXT: usize = 1 << 21;

/// What the row is called that is all others.
pub(super) const OTHERS: &str = "others, beyond what is told apart";

/// Rows by what tells them apart.
#[derive(Debug)]
pub(super) struct Rows<K, V> {
    rows: HashMap<K, V>,
    /// How many bytes of text the keys have.
    text: usize,
    others: V,
}

impl<K, V: Default> Default for Rows<K, V> {
    fn default() -> Self {
        Self { rows: HashMap::new(), text: 0, others: V::default() }
    }
}

/// What tells rows apart.
pub(super) trait Key: Hash + Eq + Ord + Clone {
    /// How many bytes of text it has.
    fn text(&self) -> usize {
        0
    }
}

impl Key for String {
    fn text(&self) -> usize {
        self.len()
    }
}

impl Key for &'static str {}

impl<K: Key, V: Default + PartialEq> Rows<K, V> {
    /// Changes a key's row, which begins as all do; or the one that is all others.
    pub(super) fn change(&mut self, key: &K, change: impl FnOnce(&mut V)) {
        if let Some(row) = self.rows.get_mut(key) {
            return change(row);
        }
        if self.rows.len() == MAX_ROWS || self.text + key.text() > MAX_TEXT {
            return change(&mut self.others);
        }
        self.text += key.text();
        change(self.rows.entry(key.clone()).or_default());
    }

    /// In no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.rows.iter()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What is beyond the rows that are told apart, if anything is.
    pub(super) fn others(&self) -> Option<&V> {
        Some(&self.others).filter(|others| **others != V::default())
    }
}
