//! Which node a pod's packet goes to.
//!
//! flannel's proxy holds a list of (network, next hop) and takes the first that matches ([`FirstMatch`]); with feature `alloc`
//! there is a table of the longest prefix too ([`LongestPrefix`](crate::LongestPrefix)). The two answer alike as long as no
//! route's network lies within another's, as is so with flannel's leases, which never overlap. Where one does, the longest
//! prefix gives the narrower network whatever the order; flannel's list gives whichever stands further in front, and since a
//! hit changes places with the first route, that depends on what was asked before.

use core::net::{Ipv4Addr, SocketAddrV4};

use ether_ip::{Error, Rule};
use ipnet::Ipv4Net;

use crate::FLANNEL_UDP;

/// Where packets to an address are sent: what the forwarding step asks. Bring your own, or take one of ours.
///
/// ```
/// use std::net::{Ipv4Addr, SocketAddrV4};
/// use flannel_udp_codec::Routes;
///
/// /// All pods behind one node.
/// struct Only(SocketAddrV4);
///
/// impl Routes for Only {
///     fn next_hop(&mut self, _: Ipv4Addr) -> Option<SocketAddrV4> {
///         Some(self.0)
///     }
/// }
/// ```
pub trait Routes {
    /// The node behind which `destination` is: its address and port. It may change the table, as flannel's list does.
    fn next_hop(&mut self, destination: Ipv4Addr) -> Option<SocketAddrV4>;
}

impl<R: Routes + ?Sized> Routes for &mut R {
    #[inline]
    fn next_hop(&mut self, destination: Ipv4Addr) -> Option<SocketAddrV4> {
        R::next_hop(self, destination)
    }
}

/// A pod network and the node behind which it is.
///
/// ```
/// use flannel_udp_codec::SubnetRoute;
///
/// let route = SubnetRoute::new("10.244.2.7/24".parse()?, "192.0.2.2:8285".parse()?);
/// assert_eq!(route.subnet(), "10.244.2.0/24".parse()?);
/// assert!(route.contains([10, 244, 2, 9].into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SubnetRoute {
    network: u32,
    mask: u32,
    prefix_len: u8,
    next_hop: SocketAddrV4,
}

impl SubnetRoute {
    /// An empty place in a table.
    pub const NONE: Self =
        Self { network: u32::MAX, mask: 0, prefix_len: 0, next_hop: SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0) };

    /// A route; bits of the network behind its prefix are cleared, as the proxy does.
    #[inline]
    #[must_use]
    pub fn new(subnet: Ipv4Net, next_hop: SocketAddrV4) -> Self {
        let mask = u32::MAX.checked_shl(32_u32.saturating_sub(subnet.prefix_len().into())).unwrap_or(0);
        Self { network: u32::from(subnet.addr()) & mask, mask, prefix_len: subnet.prefix_len(), next_hop }
    }

    /// The pod network.
    #[must_use]
    pub fn subnet(&self) -> Ipv4Net {
        Ipv4Net::new(Ipv4Addr::from(self.network), self.prefix_len).unwrap_or_default()
    }

    /// The node's address and port.
    #[inline]
    #[must_use]
    pub const fn next_hop(&self) -> SocketAddrV4 {
        self.next_hop
    }

    /// Whether the network holds an address.
    #[inline]
    #[must_use]
    pub const fn contains(&self, address: Ipv4Addr) -> bool {
        address.to_bits() & self.mask == self.network
    }

    /// Whether it is the route to this very network.
    #[cfg(feature = "alloc")]
    #[inline]
    pub(crate) const fn is_network(&self, network: u32, len: u8) -> bool {
        self.network == network && self.prefix_len == len
    }

    const fn is_for(&self, other: &Self) -> bool {
        self.network == other.network && self.mask == other.mask
    }
}

#[cfg(feature = "arbitrary")]
impl<'a> arbitrary::Arbitrary<'a> for SubnetRoute {
    fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        let subnet = Ipv4Net::new(u.arbitrary()?, u.int_in_range(0..=32)?).unwrap_or_default();
        Ok(Self::new(subnet, SocketAddrV4::new(u.arbitrary()?, u.int_in_range(1..=u16::MAX)?)))
    }
}

impl Default for SubnetRoute {
    fn default() -> Self {
        Self::NONE
    }
}

/// flannel's own table, over a slice of the caller's: the first match wins, and changes places with the first route, since
/// packets to a node come in bursts.
///
/// ```
/// use flannel_udp_codec::{FirstMatch, SubnetRoute, Routes};
///
/// let mut places = [SubnetRoute::NONE; 16];
/// let mut routes = FirstMatch::new(&mut places);
/// routes.set(SubnetRoute::new("10.244.2.0/24".parse()?, "192.0.2.2:8285".parse()?))?;
/// assert_eq!(routes.next_hop([10, 244, 2, 9].into()), Some("192.0.2.2:8285".parse()?));
/// assert_eq!(routes.next_hop([10, 244, 3, 9].into()), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct FirstMatch<'a> {
    places: &'a mut [SubnetRoute],
    len: usize,
}

impl<'a> FirstMatch<'a> {
    /// An empty table with as many places as the slice has.
    #[must_use]
    pub const fn new(places: &'a mut [SubnetRoute]) -> Self {
        Self { places, len: 0 }
    }

    /// The routes, in the order in which they are tried.
    #[inline]
    #[must_use]
    pub fn routes(&self) -> &[SubnetRoute] {
        self.places.get(..self.len).unwrap_or_default()
    }

    #[inline]
    fn routes_mut(&mut self) -> &mut [SubnetRoute] {
        self.places.get_mut(..self.len).unwrap_or_default()
    }

    /// Adds a route at the end, or gives the one to the same network another next hop: the one it had.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if all places are taken; needed and available are counted in places.
    pub fn set(&mut self, route: SubnetRoute) -> Result<Option<SocketAddrV4>, Error> {
        if let Some(known) = self.routes_mut().iter_mut().find(|known| known.is_for(&route)) {
            return Ok(Some(core::mem::replace(known, route).next_hop));
        }
        let (needed, available) = (self.len.saturating_add(1), self.places.len());
        let no_room = Error::NoRoom { layer: FLANNEL_UDP, needed, available };
        *self.places.get_mut(self.len).ok_or(no_room)? = route;
        self.len = needed;
        Ok(None)
    }

    /// Takes the route to a network away, and gives its next hop. The last route takes its place.
    pub fn remove(&mut self, subnet: Ipv4Net) -> Option<SocketAddrV4> {
        let gone = SubnetRoute::new(subnet, SubnetRoute::NONE.next_hop);
        let last = *self.routes().last()?;
        let known = self.routes_mut().iter_mut().find(|known| known.is_for(&gone))?;
        let next_hop = core::mem::replace(known, last).next_hop;
        self.len = self.len.saturating_sub(1);
        Some(next_hop)
    }
}

impl Routes for FirstMatch<'_> {
    #[inline]
    fn next_hop(&mut self, destination: Ipv4Addr) -> Option<SocketAddrV4> {
        let routes = self.routes_mut();
        let at = routes.iter().position(|route| route.contains(destination))?;
        routes.swap(0, at);
        routes.first().map(|route| route.next_hop)
    }
}

/// The rule for a prefix length of IPv4.
pub(crate) const PREFIX_LEN: Rule = Rule::AtMost(32);

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::ToString;
    use std::vec::Vec;

    fn route(subnet: &str, last: u8) -> SubnetRoute {
        SubnetRoute::new(subnet.parse().unwrap(), SocketAddrV4::new([192, 0, 2, last].into(), 8285))
    }

    fn order(table: &FirstMatch<'_>) -> Vec<std::string::String> {
        table.routes().iter().map(|route| route.subnet().to_string()).collect()
    }

    /// proxy_amd64.c set_route, find_route, del_route: replace, append; a hit changes places with the first; the last fills
    /// the gap.
    #[test]
    fn the_list_is_kept_as_flannel_keeps_it() {
        let mut places = [SubnetRoute::NONE; 3];
        let mut table = FirstMatch::new(&mut places);
        assert_eq!(table.next_hop([255; 4].into()), None);
        for (subnet, last) in [("10.1.0.0/24", 1), ("10.2.0.0/24", 2), ("10.3.0.0/24", 3)] {
            assert_eq!(table.set(route(subnet, last)), Ok(None));
        }
        let no_room = Error::NoRoom { layer: FLANNEL_UDP, needed: 4, available: 3 };
        assert_eq!(table.set(route("10.1.0.0/25", 9)), Err(no_room));
        assert_eq!(table.set(route("10.2.0.9/24", 22)), Ok(Some("192.0.2.2:8285".parse().unwrap())));
        assert_eq!(table.next_hop([10, 3, 0, 255].into()), Some("192.0.2.3:8285".parse().unwrap()));
        assert_eq!(order(&table), ["10.3.0.0/24", "10.2.0.0/24", "10.1.0.0/24"]);
        assert_eq!(table.next_hop([10, 3, 1, 0].into()), None);
        assert_eq!(table.remove("10.3.0.0/25".parse().unwrap()), None);
        assert_eq!(table.remove("10.3.0.0/24".parse().unwrap()), Some("192.0.2.3:8285".parse().unwrap()));
        assert_eq!(order(&table), ["10.1.0.0/24", "10.2.0.0/24"]);
    }

    /// Where networks overlap, what was asked before decides.
    #[test]
    fn the_first_match_wins_and_the_order_changes() {
        let mut places = [SubnetRoute::NONE; 3];
        let mut table = FirstMatch::new(&mut places);
        for (subnet, last) in [("10.9.0.0/24", 9), ("10.1.0.0/24", 1), ("10.0.0.0/8", 8)] {
            table.set(route(subnet, last)).unwrap();
        }
        let mut ask = |address: [u8; 4]| table.next_hop(address.into()).map(|hop| hop.ip().octets()[3]);
        assert_eq!(ask([10, 1, 0, 1]), Some(1));
        assert_eq!(ask([10, 7, 0, 1]), Some(8));
        assert_eq!(ask([10, 1, 0, 1]), Some(8), "10.0.0.0/8 stands in front now");
        assert!(!SubnetRoute::NONE.contains([255; 4].into()));
        assert!(route("0.0.0.0/0", 1).contains([1, 2, 3, 4].into()));
    }
}
