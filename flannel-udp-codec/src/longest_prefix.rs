//! Routes by the longest prefix, for as many leases as there are.

use alloc::vec::Vec;
use core::hash::BuildHasher;
use core::net::{Ipv4Addr, SocketAddrV4};

use foldhash::fast::RandomState;
use ipnet::Ipv4Net;

use crate::routes::{Routes, SubnetRoute};

/// A table in which the narrowest network that holds an address wins, whatever the order in which the routes came. It may be
/// shared: `&LongestPrefix` has [`Routes`] too.
///
/// One hash table for all routes, probed once for each prefix length that is in use, from the longest. flannel hands out
/// subnets of one length, so that a packet costs one probe, with ten routes as with 100 000. Networks that meet in one place,
/// as who writes leases could choose them, are parted by a hash that nobody knows.
///
/// ```
/// use flannel_udp_codec::{LongestPrefix, SubnetRoute, Routes};
///
/// let mut table = LongestPrefix::new();
/// table.set(SubnetRoute::new("10.244.0.0/16".parse()?, "192.0.2.1:8285".parse()?));
/// table.set(SubnetRoute::new("10.244.2.0/24".parse()?, "192.0.2.2:8285".parse()?));
/// assert_eq!(table.next_hop([10, 244, 2, 9].into()), Some("192.0.2.2:8285".parse()?));
/// assert_eq!(table.next_hop([10, 244, 3, 9].into()), Some("192.0.2.1:8285".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct LongestPrefix {
    /// Open addressing, a power of two places, at most half of them taken. A route stands at its hash or behind it, with no
    /// free place between.
    places: Vec<Option<SubnetRoute>>,
    /// How many routes have each prefix length.
    counts: [u32; 33],
    /// Bit n: some route has prefix length n.
    lengths: u64,
    len: usize,
    /// What the hash multiplies by: odd.
    multiplier: u64,
}

/// 2^64 by the golden ratio: of networks that follow each other, as flannel hands them out, no two meet.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// How far from its place a route may stand before the hash is changed for one that is random, once.
const MAX_STEPS: usize = 16;

impl LongestPrefix {
    /// An empty table.
    #[must_use]
    pub const fn new() -> Self {
        Self { places: Vec::new(), counts: [0; 33], lengths: 0, len: 0, multiplier: GOLDEN }
    }

    /// How many routes there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All routes, in no order.
    pub fn iter(&self) -> impl Iterator<Item = SubnetRoute> + '_ {
        self.places.iter().filter_map(|place| *place)
    }

    /// Adds a route, or gives the one to the same network another next hop: the one it had.
    pub fn set(&mut self, route: SubnetRoute) -> Option<SocketAddrV4> {
        if let Some(known) = self.find_mut(route.subnet()) {
            return Some(core::mem::replace(known, route).next_hop());
        }
        if self.places.len() < 2 * (self.len + 1) {
            self.place_again((2 * self.places.len()).max(16));
        }
        if self.put(route) > MAX_STEPS && self.multiplier == GOLDEN {
            // Of what differs from one process to the next, such as where things are in memory.
            self.multiplier = RandomState::default().hash_one(GOLDEN) | 1;
            self.place_again(self.places.len());
        }
        self.len += 1;
        self.count(route.subnet(), 1);
        None
    }

    /// Takes the route to a network away, and gives its next hop.
    pub fn remove(&mut self, subnet: Ipv4Net) -> Option<SocketAddrV4> {
        let subnet = subnet.trunc();
        let mut gap = self.position(u32::from(subnet.addr()), subnet.prefix_len())?;
        let next_hop = self.places.get_mut(gap)?.take()?.next_hop();
        self.len -= 1;
        self.count(subnet, -1);
        // What stands behind the gap and was pushed there by what stood in it moves up.
        let mask = self.places.len() - 1;
        let mut at = gap;
        loop {
            at = (at + 1) & mask;
            let Some(route) = self.places.get(at).copied().flatten() else {
                return Some(next_hop);
            };
            let home = self.home(u32::from(route.subnet().addr()), route.subnet().prefix_len());
            if (at.wrapping_sub(home) & mask) >= (at.wrapping_sub(gap) & mask) {
                self.places.swap(gap, at);
                gap = at;
            }
        }
    }

    fn count(&mut self, subnet: Ipv4Net, change: i32) {
        let len = subnet.prefix_len();
        if let Some(count) = self.counts.get_mut(usize::from(len)) {
            *count = count.saturating_add_signed(change);
            self.lengths = self.lengths & !(1 << len) | (u64::from(*count != 0) << len);
        }
    }

    fn place_again(&mut self, count: usize) {
        let old = core::mem::replace(&mut self.places, alloc::vec![None; count]);
        for route in old.into_iter().flatten() {
            self.put(route);
        }
    }

    /// Into the first free place from its hash on, of which there is one: how far that is.
    fn put(&mut self, route: SubnetRoute) -> usize {
        let home = self.home(u32::from(route.subnet().addr()), route.subnet().prefix_len());
        let mask = self.places.len().wrapping_sub(1);
        let is_free = |step: &usize| matches!(self.places.get((home + step) & mask), Some(None));
        let steps = (0..=mask).find(is_free).unwrap_or(mask);
        if let Some(place) = self.places.get_mut((home + steps) & mask) {
            *place = Some(route);
        }
        steps
    }

    /// Where a network belongs: the upper bits of a product, into which all bits of it have gone.
    #[inline]
    fn home(&self, network: u32, len: u8) -> usize {
        let whole = (u64::from(network) << 8) | u64::from(len);
        (whole.wrapping_mul(self.multiplier) >> 32) as usize & self.places.len().wrapping_sub(1)
    }

    #[inline]
    fn position(&self, network: u32, len: u8) -> Option<usize> {
        let mask = self.places.len().wrapping_sub(1);
        let mut at = self.home(network, len);
        loop {
            match self.places.get(at)? {
                Some(route) if route.is_network(network, len) => return Some(at),
                Some(_) => at = (at + 1) & mask,
                None => return None,
            }
        }
    }

    fn find_mut(&mut self, subnet: Ipv4Net) -> Option<&mut SubnetRoute> {
        let at = self.position(u32::from(subnet.network()), subnet.prefix_len())?;
        self.places.get_mut(at)?.as_mut()
    }

    /// The next hop for an address.
    #[inline]
    #[must_use]
    pub fn get(&self, destination: Ipv4Addr) -> Option<SocketAddrV4> {
        let mut lengths = self.lengths;
        while lengths != 0 {
            let len = lengths.ilog2();
            lengths ^= 1 << len;
            // No prefix is longer than 32 bits, and a shift by 32 leaves nothing of 32 in 64.
            let behind = 32_u32.wrapping_sub(len);
            let network = u64::from(destination.to_bits()).wrapping_shr(behind).wrapping_shl(behind) as u32;
            if let Some(at) = self.position(network, len as u8) {
                return self.places.get(at)?.map(|route| route.next_hop());
            }
        }
        None
    }
}

impl Default for LongestPrefix {
    fn default() -> Self {
        Self::new()
    }
}

impl Routes for LongestPrefix {
    #[inline]
    fn next_hop(&mut self, destination: Ipv4Addr) -> Option<SocketAddrV4> {
        self.get(destination)
    }
}

impl Routes for &LongestPrefix {
    #[inline]
    fn next_hop(&mut self, destination: Ipv4Addr) -> Option<SocketAddrV4> {
        self.get(destination)
    }
}

impl FromIterator<SubnetRoute> for LongestPrefix {
    fn from_iter<I: IntoIterator<Item = SubnetRoute>>(routes: I) -> Self {
        let mut table = Self::new();
        for route in routes {
            table.set(route);
        }
        table
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::collections::BTreeMap;

    fn next_hop(n: u32) -> SocketAddrV4 {
        SocketAddrV4::new(Ipv4Addr::from_bits(n), 8285)
    }

    /// A noise of steps against the plainest table there is: a map that is searched from the longest prefix.
    #[test]
    fn it_answers_as_the_plainest_table_does() {
        let mut table = LongestPrefix::new();
        let mut plain = BTreeMap::new();
        let mut random = 0x9e37_79b9_7f4a_7c15_u64;
        for step in 0..20_000 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let bits = (random >> 32) as u32;
            // Few networks, so that many overlap, come again and go.
            let address = Ipv4Addr::from_bits(0x0a00_0000 | bits & 0x0000_0f0f);
            let subnet = Ipv4Net::new(address, [0, 8, 20, 24, 28, 32][(random >> 20) as usize % 6]).unwrap().trunc();
            match random >> 28 & 3 {
                0 => assert_eq!(table.remove(subnet), plain.remove(&subnet), "step {step}"),
                1 => assert_eq!(
                    table.set(SubnetRoute::new(subnet, next_hop(step))),
                    plain.insert(subnet, next_hop(step))
                ),
                _ => {
                    let longest =
                        (0..=32).rev().find_map(|len| plain.get(&Ipv4Net::new(address, len).unwrap().trunc()).copied());
                    assert_eq!(table.get(address), longest, "step {step}");
                }
            }
            assert_eq!((table.len(), table.is_empty()), (plain.len(), plain.is_empty()));
        }
        assert!(plain.len() > 100);
        let all: BTreeMap<_, _> = table.iter().map(|route| (route.subnet(), route.next_hop())).collect();
        assert_eq!(all, plain);
    }

    /// What makes it fast with many routes: no more than half of the places are taken, no less than an eighth once it has grown, and
    /// routes stand close behind where they belong.
    #[test]
    fn routes_stand_near_their_places() {
        let mut table = LongestPrefix::new();
        for n in 0..20_000_u32 {
            let subnet = Ipv4Net::new(Ipv4Addr::from_bits(0x0a00_0000 + (n << 8)), 24).unwrap();
            assert_eq!(table.set(SubnetRoute::new(subnet, next_hop(n))), None);
            let places = table.places.len();
            assert!(places.is_power_of_two() && 2 * table.len <= places && places <= (8 * table.len).max(16));
        }
        let (sum, most) = steps(&table);
        assert!(sum < 20_000 && most < 64, "{sum} steps, {most} at most");
    }

    /// How far routes stand from where they belong: together, and the farthest.
    fn steps(table: &LongestPrefix) -> (usize, usize) {
        let mask = table.places.len() - 1;
        let steps = table.places.iter().enumerate().filter_map(|(at, place)| {
            let subnet = (*place)?.subnet();
            Some(at.wrapping_sub(table.home(u32::from(subnet.addr()), subnet.prefix_len())) & mask)
        });
        steps.fold((0, 0), |(sum, most), steps| (sum + steps, most.max(steps)))
    }

    /// Networks that were chosen to meet in one place meet no more.
    #[test]
    fn chosen_networks_are_parted() {
        let mut table = LongestPrefix::new();
        table.places = std::vec![None; 4096];
        let subnets = (0..1 << 23_u32).map(|n| Ipv4Net::new(Ipv4Addr::from_bits(n << 1), 31).unwrap());
        let chosen: Vec<_> = subnets.filter(|net| table.home(u32::from(net.addr()), 31) == 7).take(2000).collect();
        for (at, subnet) in chosen.iter().enumerate() {
            assert_eq!(table.set(SubnetRoute::new(*subnet, next_hop(1))), None);
            // The first is at home, and the 18th would be 17 steps from there.
            assert_eq!(table.multiplier == GOLDEN, at < 17, "{at}");
        }
        assert!(chosen.iter().all(|subnet| table.get(subnet.addr()) == Some(next_hop(1))));
        assert!(table.multiplier % 2 == 1 && table.multiplier > 1);
        for random in [0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3211, 0x5555_aaaa_3333_cccd] {
            table.multiplier = random;
            table.place_again(4096);
            let (sum, most) = steps(&table);
            assert!(sum < 16_000 && most < 128, "{random:x}: {sum} steps, {most} at most");
        }
    }

    /// A length that no route has any longer is not looked for.
    #[test]
    fn lengths_come_and_go() {
        let mut table = LongestPrefix::new();
        let subnets = ["0.0.0.0/0", "10.0.0.0/8", "10.244.1.0/24", "10.244.2.0/24", "10.244.2.7/32"]
            .map(|text| text.parse().unwrap());
        subnets.iter().for_each(|subnet| assert_eq!(table.set(SubnetRoute::new(*subnet, next_hop(1))), None));
        assert_eq!(table.next_hop([192, 0, 2, 1].into()), Some(next_hop(1)));
        let left = subnets.map(|subnet| {
            assert!(table.remove(subnet).is_some());
            table.lengths
        });
        let bits = |lens: &[u32]| lens.iter().fold(0, |bits, len| bits | 1_u64 << len);
        assert_eq!(left, [bits(&[8, 24, 32]), bits(&[24, 32]), bits(&[24, 32]), bits(&[32]), 0]);
    }

    #[test]
    fn an_empty_table_has_no_route() {
        assert_eq!((&LongestPrefix::new()).next_hop([10, 0, 0, 1].into()), None);
        assert_eq!(LongestPrefix::new().remove(Ipv4Net::default()), None);
    }
}
