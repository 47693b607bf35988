//! ATOMIC_AGGREGATE: something of the path was left out (RFC 4271 §4.3 f). No bytes.

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName};

use super::body::Body;
use crate::session::Negotiated;
use crate::value::as_number::AsSize;
use crate::wire::exactly;

/// Something of the path was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AtomicAggregate;

impl Body<'_> for AtomicAggregate {
    #[inline]
    fn read(layer: LayerName, bytes: &[u8], _: &Negotiated) -> Result<Self, Error> {
        exactly::<0>(layer, bytes).map(|_| Self)
    }

    fn write(&self, _: AsSize, _: &mut Writer<'_>) -> Result<(), Error> {
        Ok(())
    }

    fn say(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}
