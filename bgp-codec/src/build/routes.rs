//! What can be written as a route.

use ether_ip::Error;
use ether_ip::writer::Writer;

use crate::family::{Afi, Family, Safi};
use crate::header::MESSAGE;
use crate::nlri::{Route, RouteFormat};
use crate::value::prefix::{Ipv4Prefix, Ipv6Prefix};

/// What can be written as a route of a family.
pub trait WriteRoute {
    /// Writes it to the start of `to`, with a path identifier if the format has them: 0 where the route has none. How many
    /// bytes it took.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if a part exceeds what its length has room for, or if it is a route of another
    /// family than the format's. What stands in `to` then is of no account.
    fn write_route(&self, format: RouteFormat, to: &mut [u8]) -> Result<usize, Error>;

    /// Whether routes of this kind can be of a family.
    #[must_use]
    fn can_be_of(family: Family) -> bool;

    /// The most bytes that a route takes, with a path identifier or without; `usize::MAX` where that is not known. Routes that
    /// are short are written several between two looks at the room there is.
    #[inline(always)]
    #[must_use]
    fn longest(_has_path_ids: bool) -> usize {
        usize::MAX
    }
}

macro_rules! write_route {
    ($($prefix:ty, $afi:ident, $longest:expr;)*) => {$(
        impl WriteRoute for $prefix {
            #[inline(always)]
            fn longest(has_path_ids: bool) -> usize {
                if has_path_ids { 4 + $longest } else { $longest }
            }

            #[inline(always)]
            fn write_route(&self, format: RouteFormat, to: &mut [u8]) -> Result<usize, Error> {
                if format.has_path_ids { (0, *self).write_route(format, to) } else { self.write_to(to) }
            }

            fn can_be_of(family: Family) -> bool {
                family.afi == Afi::$afi && matches!(family.safi, Safi::UNICAST | Safi::MULTICAST)
            }
        }

        impl WriteRoute for (u32, $prefix) {
            #[inline(always)]
            fn longest(has_path_ids: bool) -> usize {
                <$prefix>::longest(has_path_ids)
            }

            #[inline(always)]
            fn write_route(&self, format: RouteFormat, to: &mut [u8]) -> Result<usize, Error> {
                let (path_id, prefix) = self;
                if !format.has_path_ids {
                    return prefix.write_to(to);
                }
                let available = to.len();
                let no_room = Error::NoRoom { layer: MESSAGE, needed: 4 + prefix.wire_len(), available };
                let (slot, behind) = to.split_first_chunk_mut().ok_or(no_room)?;
                //= RFC 7911 §3/opaque
                *slot = path_id.to_be_bytes();
                prefix.write_to(behind).map(|len| len + 4)
            }

            fn can_be_of(family: Family) -> bool {
                <$prefix>::can_be_of(family)
            }
        }
    )*};
}

write_route! {
    Ipv4Prefix, IPV4, 5;
    Ipv6Prefix, IPV6, 17;
}

impl WriteRoute for Route<'_> {
    fn write_route(&self, format: RouteFormat, to: &mut [u8]) -> Result<usize, Error> {
        let write = |to: &mut Writer<'_>| {
            if format.has_path_ids {
                to.u32(self.path_id.unwrap_or(0))?;
            }
            self.nlri.write(format, to)
        };
        let mut count = Writer::count(MESSAGE);
        write(&mut count)?;
        let (needed, available) = (count.len(), to.len());
        if needed > available {
            return Err(Error::NoRoom { layer: MESSAGE, needed, available });
        }
        write(&mut Writer::new(MESSAGE, to))?;
        Ok(needed)
    }

    fn can_be_of(_: Family) -> bool {
        true
    }
}
