//! The per-peer header (RFC 7854 §4.2, RFC 8671 §4, RFC 9069 §4).

use core::fmt;
use core::net::{IpAddr, Ipv4Addr};

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule, open_set};

use super::frame::BMP;
use crate::session::Negotiated;
use crate::wire::Reader;

open_set! {
    /// What kind of peer it is.
    pub struct BmpPeerType(u8) {
        /// A peer of the default instance.
        GLOBAL = 0, "global";
        /// A peer of a VPN, which the distinguisher names.
        VPN = 1, "of a VPN";
        /// A peer of another instance, whose distinguisher has a meaning to the router alone.
        LOCAL = 2, "local";
        /// The router's own table (RFC 9069).
        LOC_RIB = 3, "Loc-RIB";
    }
}

/// The V flag: the address is of IPv6. Of the router's own table the same bit is the F flag: it is filtered (RFC 9069 §4.2).
const IPV6: u8 = 0x80;
/// The L flag.
const POST_POLICY: u8 = 0x40;
/// The A flag.
const TWO_OCTET_AS: u8 = 0x20;
/// The O flag (RFC 8671 §4).
const ADJ_RIB_OUT: u8 = 0x10;

/// The peer that a message is about (RFC 7854 §4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BmpPeer {
    /// What kind of peer it is.
    pub kind: BmpPeerType,
    /// Of the router's own table bit 7: it is filtered (RFC 9069 §4.2). Of others bit 7: IPv6; bit 6: after policy; bit 5: 2-octet AS_PATH; bit 4: what is sent (RFC 8671).
    pub flags: u8,
    /// Which VPN.
    pub distinguisher: u64,
    /// The peer's address; of the router's own table 0.0.0.0.
    pub address: IpAddr,
    /// The peer's AS.
    pub as_number: u32,
    /// The peer's identifier.
    pub identifier: Ipv4Addr,
    /// Seconds since 1970, and microseconds; 0 if it is not known.
    pub time: (u32, u32),
}

impl BmpPeer {
    /// A peer of the default instance: of its routes those that came, before policy, with 4-octet AS numbers. The time is not known.
    #[must_use]
    pub const fn new(address: IpAddr, as_number: u32, identifier: Ipv4Addr) -> Self {
        let flags = if address.is_ipv6() { IPV6 } else { 0 };
        Self { kind: BmpPeerType::GLOBAL, flags, distinguisher: 0, address, as_number, identifier, time: (0, 0) }
    }

    /// The router's own table, with the router's AS and identifier (RFC 9069 §4.1). The time is not known.
    #[must_use]
    pub const fn loc_rib(as_number: u32, identifier: Ipv4Addr) -> Self {
        let of = Self::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), as_number, identifier);
        Self { kind: BmpPeerType::LOC_RIB, ..of }
    }

    pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
        let [kind, flags] = from.array()?;
        let kind = BmpPeerType(kind);
        let distinguisher = from.array().map(u64::from_be_bytes)?;
        let address = address_of(from.array()?, is_ipv6(kind, flags));
        let (as_number, identifier) = (from.u32()?, from.u32().map(Ipv4Addr::from_bits)?);
        Ok(Self { kind, flags, distinguisher, address, as_number, identifier, time: (from.u32()?, from.u32()?) })
    }

    /// Writes the header. An address of IPv4 stands in the last four of 16 bytes.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if the flags say another family than the address is of.
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        let rule = Rule::Exactly(u32::from(self.address.is_ipv6()));
        BMP.check("V flag", usize::from(self.is_ipv6()), &[rule])?;
        to.put(&[self.kind.0, self.flags])?.put(&self.distinguisher.to_be_bytes())?;
        to.put(&octets(self.address))?.u32(self.as_number)?.put(&self.identifier.octets())?;
        to.u32(self.time.0)?.u32(self.time.1).map(drop)
    }

    /// Whether its address is of IPv6: the V flag.
    #[must_use]
    pub const fn is_ipv6(&self) -> bool {
        is_ipv6(self.kind, self.flags)
    }

    /// Whether its routes are told as they are after policy: the L flag.
    #[must_use]
    pub const fn is_post_policy(&self) -> bool {
        !self.is_loc_rib() && self.flags & POST_POLICY != 0
    }

    /// Whether AS_PATH has 2-octet AS numbers: the A flag. In the router's own table it never has (RFC 9069 §4.2).
    #[must_use]
    pub const fn has_two_octet_as(&self) -> bool {
        !self.is_loc_rib() && self.flags & TWO_OCTET_AS != 0
    }

    /// Whether its routes are those that the router sends to it: the O flag (RFC 8671 §4). It says nothing in Peer Up and Peer Down (§5.3).
    #[must_use]
    pub const fn is_adj_rib_out(&self) -> bool {
        !self.is_loc_rib() && self.flags & ADJ_RIB_OUT != 0
    }

    /// Whether it is the router's own table.
    #[must_use]
    pub const fn is_loc_rib(&self) -> bool {
        matches!(self.kind, BmpPeerType::LOC_RIB)
    }

    /// Whether it is the router's own table, and not all of it: the F flag (RFC 9069 §4.2).
    #[must_use]
    pub const fn is_filtered(&self) -> bool {
        self.is_loc_rib() && self.flags & IPV6 != 0
    }

    /// The same after policy, or before it.
    #[must_use]
    pub const fn with_post_policy(self, is_post_policy: bool) -> Self {
        self.with_flag(POST_POLICY, is_post_policy)
    }

    /// The same with the routes that are sent to it, or those that came.
    #[must_use]
    pub const fn with_adj_rib_out(self, is_adj_rib_out: bool) -> Self {
        self.with_flag(ADJ_RIB_OUT, is_adj_rib_out)
    }

    /// The same with AS_PATHs of 2-octet AS numbers, or of 4-octet ones.
    #[must_use]
    pub const fn with_two_octet_as(self, has_two_octet_as: bool) -> Self {
        self.with_flag(TWO_OCTET_AS, has_two_octet_as)
    }

    const fn with_flag(self, flag: u8, is_set: bool) -> Self {
        Self { flags: if is_set { self.flags | flag } else { self.flags & !flag }, ..self }
    }

    /// How the messages behind it are to be read: the A flag tells the size of AS numbers (RFC 7854 §4.2), but for the router's own
    /// table, where it means nothing and they have four bytes (RFC 9069 §4.2). What the peer is to the router, and what the two agreed
    /// on, a [`Station`](super::Station) knows.
    #[must_use]
    pub fn session(&self) -> Negotiated {
        let mut session = Negotiated::unknown();
        session.peer_as = self.as_number;
        //= RFC 7854 §4.2/a-flag
        //= RFC 9069 §4.2/four-octet
        session.four_octet_as = !self.has_two_octet_as();
        session
    }
}

impl fmt::Display for BmpPeer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_loc_rib() {
            let filtered = if self.is_filtered() { ", filtered" } else { "" };
            return write!(f, "Loc-RIB of AS{} {}{filtered}", self.as_number, self.identifier);
        }
        let table = if self.is_adj_rib_out() { "Adj-RIB-Out" } else { "Adj-RIB-In" };
        let policy = if self.is_post_policy() { "post-policy" } else { "pre-policy" };
        write!(f, "{} AS{} {}, {policy} {table}", self.address, self.as_number, self.identifier)
    }
}

//= RFC 9069 §4.2/flags
const fn is_ipv6(kind: BmpPeerType, flags: u8) -> bool {
    flags & IPV6 != 0 && !matches!(kind, BmpPeerType::LOC_RIB)
}

/// The address that 16 bytes hold: of IPv4 the last four.
pub(super) fn address_of(bytes: [u8; 16], is_ipv6: bool) -> IpAddr {
    let [.., a, b, c, d] = bytes;
    if is_ipv6 { IpAddr::from(bytes) } else { IpAddr::from([a, b, c, d]) }
}

/// The reverse.
//= RFC 7854 §4.2/v-flag
pub(super) fn octets(address: IpAddr) -> [u8; 16] {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()).to_be_bytes(),
        IpAddr::V6(address) => address.octets(),
    }
}
