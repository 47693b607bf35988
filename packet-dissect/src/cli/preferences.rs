//! What can be preferred with `-o`: how BGP is read whatever the OPENs say, and whether fragments are put together.

use crate::bgp::sessions::Overrule;
use bgp_codec::session::AsSize;
use bgp_codec::{Family, FamilySet, Peer};

use super::names;

/// What was said with `-o`, of each what was said last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Preferences {
    pub(super) bgp: Overrule,
    /// Whether fragments are put together: IPv4's; IPv6's, of which that is true too unless something else is said of them.
    defragment: Option<bool>,
    defragment_ipv6: Option<bool>,
}

/// The help of `-o`.
pub(super) const HELP: &str = "How packets are read: bgp.asn:2|4, bgp.add-path:all|none|ipv4-unicast,… and bgp.peer:internal|external, \
whatever the OPENs say; ip.defragment:true|false and ipv6.defragment:true|false";

const KEYS: [&str; 5] = ["bgp.asn", "bgp.add-path", "bgp.peer", "ip.defragment", "ipv6.defragment"];

impl Preferences {
    /// All that was said; of two that differ, the last counts.
    pub(super) fn of(said: &[Self]) -> Self {
        said.iter().fold(Self::default(), |all, one| Self {
            bgp: Overrule {
                as_size: one.bgp.as_size.or(all.bgp.as_size),
                add_path: one.bgp.add_path.or(all.bgp.add_path),
                peer: one.bgp.peer.or(all.bgp.peer),
            },
            defragment: one.defragment.or(all.defragment),
            defragment_ipv6: one.defragment_ipv6.or(all.defragment_ipv6),
        })
    }

    /// Whether fragments of IPv4 and of IPv6 are put together.
    pub(super) fn defragments(&self) -> Defragment {
        let ipv4 = self.defragment.unwrap_or(true);
        Defragment { ipv4, ipv6: self.defragment_ipv6.unwrap_or(ipv4) }
    }

    /// One of them, as it is said.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (key, value) = text.split_once(':').ok_or("it must look like bgp.asn:4 or ip.defragment:false")?;
        let bgp = |bgp| Self { bgp, ..Self::default() };
        Ok(match key {
            "bgp.asn" => bgp(Overrule { as_size: Some(as_size(value)?), ..Overrule::default() }),
            "bgp.add-path" => bgp(Overrule { add_path: Some(families(value)?), ..Overrule::default() }),
            "bgp.peer" => bgp(Overrule { peer: Some(peer(value)?), ..Overrule::default() }),
            "ip.defragment" => Self { defragment: Some(truth(value)?), ..Self::default() },
            "ipv6.defragment" => Self { defragment_ipv6: Some(truth(value)?), ..Self::default() },
            key => {
                return Err(format!("unknown option {key:?}; {}", names::known(key, KEYS.into_iter())));
            }
        })
    }
}

/// Which fragments are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Defragment {
    pub(super) ipv4: bool,
    pub(super) ipv6: bool,
}

/// As Wireshark takes it, in any case.
fn truth(text: &str) -> Result<bool, String> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Ok(true),
        _ if text.eq_ignore_ascii_case("false") => Ok(false),
        other => Err(format!("{other:?} is neither true nor false")),
    }
}

fn as_size(text: &str) -> Result<AsSize, String> {
    match text {
        "2" => Ok(AsSize::Two),
        "4" => Ok(AsSize::Four),
        other => Err(format!("{other:?} is no size of an AS number; it is 2 or 4")),
    }
}

fn peer(text: &str) -> Result<Peer, String> {
    match text {
        "internal" => Ok(Peer::Internal),
        "external" => Ok(Peer::External),
        other => Err(format!("{other:?} is no kind of peer; it is internal or external")),
    }
}

fn families(text: &str) -> Result<FamilySet, String> {
    match text {
        "all" => Ok(FamilySet::ALL),
        "none" => Ok(FamilySet::EMPTY),
        list => list.split(',').map(family).collect(),
    }
}

/// A family by its name with a hyphen for the gap.
fn family(text: &str) -> Result<Family, String> {
    let name = |family: &Family| family.to_string().replace(' ', "-");
    Family::KNOWN.iter().copied().find(|family| name(family) == text).ok_or_else(|| {
        let names: Vec<_> = Family::KNOWN.iter().map(name).collect();
        format!("unknown family {text:?}; {}", names::known(text, names.iter().map(String::as_str)))
    })
}
