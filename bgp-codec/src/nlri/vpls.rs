//! VPLS: a block of labels for a site's peers (RFC 4761 §3.2.2), or a member that was discovered (RFC 6074 §3.2.2.1).
//!
//! ```text
//!  0               16                               80      96     112     128         152
//!  +---------------+--------------------------------+-------+-------+-------+-----------+
//!  | length        | route distinguisher            | VE ID | offset| size  | label base|
//!  +---------------+--------------------------------+-------+-------+-------+-----------+
//! ```

use core::fmt;
use core::net::Ipv4Addr;

use ether_ip::Error;
use ether_ip::writer::Writer;

use crate::value::distinguisher::RouteDistinguisher;
use crate::value::label::Label;
use crate::wire::{Reader, hex};

/// A VPLS route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Vpls<'a> {
    /// A block of labels.
    Block {
        /// The VPN that it belongs to.
        distinguisher: RouteDistinguisher,
        /// The site.
        endpoint: u16,
        /// The first peer site that the block is for.
        offset: u16,
        /// How many labels it has.
        size: u16,
        /// The first label.
        base: Label,
    },
    /// A member.
    Member {
        /// The VPN that it belongs to.
        distinguisher: RouteDistinguisher,
        /// The member's address.
        address: Ipv4Addr,
    },
    /// One of another length.
    Other(&'a [u8]),
}

impl<'a> Vpls<'a> {
    pub(crate) fn read(from: &mut Reader<'a>) -> Result<Self, Error> {
        let len = from.u16()?;
        let value = from.take(usize::from(len))?;
        let mut inner = Reader::new(from.layer(), value);
        Ok(match len {
            17 => Self::Block {
                distinguisher: RouteDistinguisher::read(&mut inner)?,
                endpoint: inner.u16()?,
                offset: inner.u16()?,
                size: inner.u16()?,
                base: Label::read(&mut inner)?,
            },
            12 => Self::Member {
                distinguisher: RouteDistinguisher::read(&mut inner)?,
                address: inner.u32().map(Ipv4Addr::from_bits)?,
            },
            _ => Self::Other(value),
        })
    }

    /// Writes length and value.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if [`Other`](Self::Other) is longer than its length has room for.
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.with_len_u16(0, |to| {
            match self {
                Self::Block { distinguisher, endpoint, offset, size, base } => {
                    to.put(&distinguisher.0)?.u16(*endpoint)?.u16(*offset)?.u16(*size)?.put(&base.to_bytes())?
                }
                Self::Member { distinguisher, address } => to.put(&distinguisher.0)?.put(&address.octets())?,
                Self::Other(value) => to.put(value)?,
            };
            Ok(())
        })?;
        Ok(())
    }
}

impl fmt::Display for Vpls<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Block { distinguisher, endpoint, offset, size, base } => {
                write!(f, "{distinguisher} endpoint {endpoint} offset {offset} size {size} base {base}")
            }
            Self::Member { distinguisher, address } => write!(f, "{distinguisher} {address}"),
            Self::Other(value) => hex(value, f),
        }
    }
}
