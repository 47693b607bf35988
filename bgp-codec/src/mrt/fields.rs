//! What the bodies of several records have: addresses, AS numbers, and a next hop without its routes.

use core::net::IpAddr;

use ether_ip::Error;
use ether_ip::writer::Writer;

use crate::attribute::{Attribute, AttributeFlags, AttributeType, Attributes, NextHop};
use crate::wire::Reader;

pub(super) fn read_address(is_ipv6: bool, from: &mut Reader<'_>) -> Result<IpAddr, Error> {
    match is_ipv6 {
        false => from.array::<4>().map(IpAddr::from),
        true => from.array::<16>().map(IpAddr::from),
    }
}

pub(super) fn write_address(address: IpAddr, to: &mut Writer<'_>) -> Result<(), Error> {
    match address {
        IpAddr::V4(address) => to.put(&address.octets()),
        IpAddr::V6(address) => to.put(&address.octets()),
    }
    .map(drop)
}

/// The number that an address family has in records: AFI.
pub(super) const fn afi_of(address: IpAddr) -> u16 {
    if address.is_ipv4() { 1 } else { 2 }
}

pub(super) fn read_as(has_four_octets: bool, from: &mut Reader<'_>) -> Result<u32, Error> {
    if has_four_octets { from.u32() } else { from.u16().map(u32::from) }
}

pub(super) fn write_as(has_four_octets: bool, number: u32, to: &mut Writer<'_>) -> Result<(), Error> {
    if has_four_octets {
        return to.u32(number).map(drop);
    }
    let number = to.layer().fit_u16("AS number", number as usize)?;
    to.u16(number).map(drop)
}

pub(super) fn next_hop<'a>(attributes: Attributes<'a>) -> Option<NextHop<'a>> {
    let find = |kind| attributes.into_iter().find(|attribute: &Attribute<'a>| attribute.kind == kind);
    match find(AttributeType::MP_REACH_NLRI).map(|attribute| attribute.value) {
        // An AFI begins with 0, or 0x40 for link state; a next hop has another length.
        Some(&[0 | 0x40, _, _, len, ref behind @ ..]) => behind.get(..usize::from(len)).map(NextHop::parse),
        Some(&[len, ref behind @ ..]) => behind.get(..usize::from(len)).map(NextHop::parse),
        Some([]) => None,
        None => find(AttributeType::NEXT_HOP).map(|attribute| NextHop::parse(attribute.value)),
    }
}

/// Writes MP_REACH_NLRI as an entry of a table has it, the next hop and its length alone (RFC 6396 §4.3.4): for
/// [`RibWriter::push_with`](super::RibWriter::push_with). A route of IPv4 whose next hop is of IPv4 has NEXT_HOP for it.
///
/// # Errors
/// [`Error::NoRoom`]; [`Error::Unbuildable`] if the next hop exceeds 254 bytes.
//= RFC 6396 §4.3.4/next-hop
pub fn write_next_hop(next_hop: &NextHop<'_>, to: &mut Writer<'_>) -> Result<(), Error> {
    to.put(&[AttributeFlags::OPTIONAL.0, AttributeType::MP_REACH_NLRI.0])?;
    to.with_len_u8(0, |to| to.with_len_u8(0, |to| next_hop.write(to)).map(drop))?;
    Ok(())
}
