//! Addresses as routes of several families have them: behind their length in bits, or alone where their length is known otherwise.

use core::net::IpAddr;

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule};

use crate::wire::Reader;

/// Reads an address behind its length in bits: 0, 32 or 128. `None` for 0.
pub(crate) fn read_address(from: &mut Reader<'_>) -> Result<Option<IpAddr>, Error> {
    match from.u8()? {
        0 => Ok(None),
        32 => Ok(Some(IpAddr::from(from.array::<4>()?))),
        128 => Ok(Some(IpAddr::from(from.array::<16>()?))),
        other => Err(from.malformed("address length", u32::from(other), Rule::Either(32, 128))),
    }
}

/// Writes an address behind its length in bits.
pub(crate) fn write_address(address: Option<IpAddr>, to: &mut Writer<'_>) -> Result<(), Error> {
    match address {
        None => to.u8(0)?,
        Some(IpAddr::V4(address)) => to.u8(32)?.put(&address.octets())?,
        Some(IpAddr::V6(address)) => to.u8(128)?.put(&address.octets())?,
    };
    Ok(())
}

/// Writes an address alone, where its length is known otherwise.
pub(crate) fn write_bare_address(address: IpAddr, to: &mut Writer<'_>) -> Result<(), Error> {
    match address {
        IpAddr::V4(address) => to.put(&address.octets())?,
        IpAddr::V6(address) => to.put(&address.octets())?,
    };
    Ok(())
}

/// Reads an address that fills the rest: 4 or 16 bytes.
pub(crate) fn read_bare_address(from: &mut Reader<'_>) -> Result<IpAddr, Error> {
    match from.rest().len() {
        4 => Ok(IpAddr::from(from.array::<4>()?)),
        16 => Ok(IpAddr::from(from.array::<16>()?)),
        other => Err(from.malformed("address length", other as u32, Rule::Either(4, 16))),
    }
}
