//! BGP-LS: what is told of a node, a link or a prefix of an IGP (RFC 9552 §5.3). Its TLVs are [`link_state`](crate::link_state)'s.

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName};

use super::body::Body;
use crate::link_state::{SHAPE, say};
use crate::session::Negotiated;
use crate::tlv::Tlvs;
use crate::value::as_number::AsSize;

pub use crate::link_state::{LINK_STATE, LinkStateTlv, LinkStateValue};

/// The attribute is its TLVs.
impl<'a> Body<'a> for Tlvs<'a> {
    fn read(layer: LayerName, bytes: &'a [u8], _: &Negotiated) -> Result<Self, Error> {
        Self::parse(layer, SHAPE, bytes)
    }

    fn write(&self, _: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        to.put(self.as_bytes())?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.into_iter().enumerate().try_for_each(|(n, tlv)| {
            f.write_str(if n == 0 { "" } else { ", " })?;
            say(tlv, f)
        })
    }
}
