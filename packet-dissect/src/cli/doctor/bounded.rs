//! What rules keep, however many packets come.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher, Hash};

use foldhash::quality::{FixedState, RandomState};

/// A map whose hashes cost little: rules look several things up a packet.
pub(super) type Map<K, V> = HashMap<K, V, RandomState>;

/// The same for the same values, whichever map asks.
pub(super) fn fingerprint(of: &impl Hash) -> u64 {
    FixedState::default().hash_one(of)
}

/// How many a rule keeps; of what comes later it says nothing.
const MAX_KEPT: usize = 10_000;

/// Values by keys, and no more than so many.
#[derive(Debug)]
pub(super) struct Bounded<K, V>(Map<K, V>);

impl<K, V> Default for Bounded<K, V> {
    fn default() -> Self {
        Self(Map::default())
    }
}

impl<K: Hash + Eq, V> Bounded<K, V> {
    /// The value of a key, a new one if there is none; `None` if there is no room.
    pub(super) fn or(&mut self, key: K, make: impl FnOnce() -> V) -> Option<&mut V> {
        let is_full = self.0.len() >= MAX_KEPT;
        match self.0.entry(key) {
            Entry::Occupied(known) => Some(known.into_mut()),
            Entry::Vacant(_) if is_full => None,
            Entry::Vacant(place) => Some(place.insert(make())),
        }
    }

    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.0.get(key)
    }

    pub(super) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.0.get_mut(key)
    }

    pub(super) fn has(&self, key: &K) -> bool {
        self.0.contains_key(key)
    }

    pub(super) fn remove(&mut self, key: &K) -> Option<V> {
        self.0.remove(key)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &K> {
        self.0.keys()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, in the order of something that they have; none are left.
    pub(super) fn drain_by<O: Ord>(&mut self, order: impl Fn(&V) -> O) -> Vec<(K, V)> {
        let mut all: Vec<_> = std::mem::take(&mut self.0).into_iter().collect();
        all.sort_by_key(|(_, value)| order(value));
        all
    }
}

impl<K: Hash + Eq, V: Default> Bounded<K, V> {
    /// The value of a key, the default if there is none; `None` if there is no room.
    pub(super) fn of(&mut self, key: K) -> Option<&mut V> {
        self.or(key, V::default)
    }
}

/// What was used last, in twice the room at most: what was not used while as many others came is forgotten.
#[derive(Debug)]
pub(super) struct Recent<K, V> {
    room: usize,
    young: Map<K, V>,
    old: Map<K, V>,
}

impl<K: Hash + Eq, V: Default> Recent<K, V> {
    pub(super) fn new(room: usize) -> Self {
        Self { room, young: Map::default(), old: Map::default() }
    }

    /// The value of a key, the default if there is none.
    pub(super) fn of(&mut self, key: K) -> &mut V {
        if self.young.len() >= self.room && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        let old = &mut self.old;
        match self.young.entry(key) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let value = old.remove(place.key()).unwrap_or_default();
                place.insert(value)
            }
        }
    }

    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.young.get(key).or_else(|| self.old.get(key))
    }
}
