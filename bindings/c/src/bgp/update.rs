//! What an UPDATE holds, as values of fixed sizes (RFC 4271 §4.3, RFC 4760).

use super::{BgpFamily, BgpNotification};

/// Where in an UPDATE a route stands.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BgpPlace {
    /// Among the withdrawn routes in front: IPv4 unicast.
    Withdrawn = 0,
    /// In the NLRI at the end, announced: IPv4 unicast. Its next hop is NEXT_HOP.
    Nlri = 1,
    /// In MP_REACH_NLRI, announced.
    Reach = 2,
    /// In MP_UNREACH_NLRI, withdrawn.
    Unreach = 3,
}

/// A route: what it leads to.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BgpRoute {
    /// The prefix's first address, if it is a prefix: of IPv4 the first four bytes. What stands behind its length is 0.
    pub address: [u8; 16],
    /// The route distinguisher, in the families of VPNs (RFC 4364 §4.2).
    pub distinguisher: [u8; 8],
    /// Which of several paths (RFC 7911 §3), if it has a path identifier.
    pub path_id: u32,
    /// The first label, 20 bits, if it has one (RFC 8277 §2.2).
    pub label: u32,
    /// Where it begins behind its path identifier, in bytes from the message's marker.
    pub offset: u32,
    /// How many bytes it has, without a path identifier.
    pub length: u16,
    /// The family's AFI.
    pub afi: u16,
    /// The family's SAFI.
    pub safi: u8,
    /// The prefix's length, in bits.
    pub prefix_length: u8,
    /// 1 if it leads to a prefix: IPv4 and IPv6, with labels, of VPNs. Of other families there are its bytes.
    pub is_prefix: u8,
    /// 1 if it has a path identifier.
    pub has_path_id: u8,
    /// How many labels it has. Of a withdrawn one, one, which means nothing (RFC 8277 §2.4).
    pub labels: u8,
    /// Where it stands: a `cc_bgp_place`.
    pub place: u8,
    /// Nothing yet.
    pub reserved: [u8; 2],
}

/// A path attribute, with its value as numbers of 32 bits in host order:
///
/// - ORIGIN, NEXT_HOP, MULTI_EXIT_DISC, LOCAL_PREF, ORIGINATOR_ID, Only to Customer: one;
/// - AGGREGATOR: the AS, the identifier, with AS4_AGGREGATOR in its place as RFC 6793 §4.2.3 has it;
/// - AS_PATH: for each segment a number, type << 8 | count, and so many AS numbers, AS4_PATH merged in as RFC 6793 §4.2.3 has it;
/// - COMMUNITIES, CLUSTER_LIST: one each; EXTENDED COMMUNITIES: two each; LARGE_COMMUNITY: three each, and twice what stands
///   there twice (RFC 8092 §3 drops the second); IPv6 EXTENDED COMMUNITIES: five each;
/// - AS4_PATH, AS4_AGGREGATOR: as the two above, by themselves;
/// - all others: none, but their bytes.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BgpAttribute {
    /// Where its numbers begin.
    pub words_start: u32,
    /// How many there are.
    pub words_count: u32,
    /// Where its value begins, in bytes from the message's marker.
    pub offset: u32,
    /// How many bytes the value has.
    pub length: u16,
    /// Its type.
    pub kind: u8,
    /// Its flags: 0x80 optional, 0x40 transitive, 0x20 partial, 0x10 a length of two bytes.
    pub flags: u8,
}

/// What a speaker does with an UPDATE (RFC 7606 §2), the weakest first.
#[repr(u8)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum BgpAction {
    /// Takes it as it is.
    #[default]
    Accept = 0,
    /// Takes it without the routes that cannot be read inside, which lead to nothing.
    RouteDiscard = 1,
    /// Takes it without some attributes, which are not among those that are told.
    AttributeDiscard = 2,
    /// Withdraws all of its routes, the announced ones too.
    TreatAsWithdraw = 3,
    /// Exchanges no more routes of `families`, and withdraws those that it has of them; takes what is told.
    DisableFamily = 4,
    /// Ends the session with `notification`. Neither routes nor attributes are told.
    SessionReset = 5,
}

/// What an UPDATE says, beside its routes and attributes.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BgpUpdate {
    /// Where its routes end among those of the batch: they begin where those before it end.
    pub routes_end: usize,
    /// Where its attributes end, likewise.
    pub attributes_end: usize,
    /// What to send, if the session ends.
    pub notification: BgpNotification,
    /// The next hop of the routes in MP_REACH_NLRI: of IPv4 the first four bytes, of IPv6 the global address.
    pub next_hop: [u8; 16],
    /// The link-local address beside it (RFC 2545 §3).
    pub link_local: [u8; 16],
    /// The next hop of the routes in the NLRI: NEXT_HOP. 0.0.0.0 if there is none.
    pub plain_next_hop: [u8; 4],
    /// The families that end, if that is what is done; the second may be none.
    pub families: [BgpFamily; 2],
    /// The family of which all routes have been sent, if this says so (RFC 4724 §2).
    pub end_of_rib: BgpFamily,
    /// How many bytes `next_hop` and `link_local` have: 0, 4, 16 or 32. 0 too of one that is none of these.
    pub next_hop_length: u8,
    /// What is done with it.
    pub action: BgpAction,
    /// The message's type: what is no UPDATE has nothing but this.
    pub kind: u8,
    /// Nothing yet.
    pub reserved: [u8; 5],
}

/// Where results go, and how much they came to.
#[repr(C)]
#[derive(Debug)]
pub struct BgpRoom {
    /// Places for routes.
    pub routes: *mut BgpRoute,
    /// How many there are.
    pub routes_room: usize,
    /// How many routes there are. If not even the first message's fit: how many it has.
    pub routes_count: usize,
    /// Places for attributes.
    pub attributes: *mut BgpAttribute,
    /// How many there are.
    pub attributes_room: usize,
    /// How many attributes there are, likewise.
    pub attributes_count: usize,
    /// Places for the attributes' numbers.
    pub words: *mut u32,
    /// How many there are.
    pub words_room: usize,
    /// How many numbers there are, likewise.
    pub words_count: usize,
}
