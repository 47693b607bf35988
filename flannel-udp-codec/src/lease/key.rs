//! A lease's key in etcd: the pod networks, written so that they fit into a path.

use alloc::string::ToString;
use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};
use core::str::FromStr;

use ipnet::{Ipv4Net, Ipv6Net};

use super::error::LeaseError;

/// The pod networks of a node: `10.244.2.0-24`, or dual-stack `10.244.2.0-24&fc00:0:0:2::-64`. On a network of IPv6 alone
/// flannel writes `0.0.0.0-0` for the first.
///
/// ```
/// use flannel_udp_codec::lease::LeaseKey;
///
/// let key = LeaseKey::parse("/coreos.com/network/subnets/10.244.2.0-24&fc00:0:0:2::-64")?;
/// assert_eq!(key.ipv6.unwrap().to_string(), "fc00:0:0:2::/64");
/// assert_eq!(key.to_string(), "10.244.2.0-24&fc00:0:0:2::-64");
/// # Ok::<(), flannel_udp_codec::lease::LeaseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LeaseKey {
    /// The IPv4 network, `0.0.0.0/0` if there is none.
    pub ipv4: Ipv4Net,
    /// The IPv6 network.
    pub ipv6: Option<Ipv6Net>,
}

impl LeaseKey {
    /// Reads a key; what stands in front of its last `/` is not looked at.
    ///
    /// # Errors
    /// [`LeaseError::Malformed`] unless it is as above; if a prefix length exceeds 31 (IPv6: 127), which is where flannel's own
    /// reading ends; or if a bit behind the prefix is set, which flannel lets pass.
    pub fn parse(key: &str) -> Result<Self, LeaseError> {
        let last = key.rsplit('/').next().unwrap_or(key);
        let malformed =
            |rule| LeaseError::Malformed { what: "lease key", field: "subnet", value: key.to_string(), rule };
        let (first, second) = last.split_once('&').map_or((last, None), |(first, second)| (first, Some(second)));
        let (address, len) = half::<Ipv4Addr>(first, 31).map_err(malformed)?;
        let ipv4 = Ipv4Net::new(address, len).map_err(|_| malformed(HALVES))?;
        let ipv6 = match second {
            None => None,
            Some(second) => {
                let (address, len) = half::<Ipv6Addr>(second, 127).map_err(malformed)?;
                Some(Ipv6Net::new(address, len).map_err(|_| malformed(HALVES))?)
            }
        };
        if ipv4.trunc() != ipv4 || ipv6.is_some_and(|ipv6| ipv6.trunc() != ipv6) {
            return Err(malformed("a network, without a bit behind its prefix"));
        }
        Ok(Self { ipv4, ipv6 })
    }
}

const HALVES: &str = "as 10.244.2.0-24 or 10.244.2.0-24&fc00::-64";

/// Address, hyphen, prefix length.
fn half<A: FromStr>(text: &str, longest: u8) -> Result<(A, u8), &'static str> {
    let (address, len) = text.rsplit_once('-').ok_or(HALVES)?;
    let address = address.parse().map_err(|_| HALVES)?;
    let is_number = !len.is_empty() && len.bytes().all(|byte| byte.is_ascii_digit());
    match len.parse() {
        Ok(len) if is_number && len <= longest => Ok((address, len)),
        _ => Err("of a prefix length up to 31, or 127 for IPv6"),
    }
}

impl fmt::Display for LeaseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.ipv4.addr(), self.ipv4.prefix_len())?;
        self.ipv6.map_or(Ok(()), |ipv6| write!(f, "&{}-{}", ipv6.addr(), ipv6.prefix_len()))
    }
}
