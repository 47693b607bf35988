//! What the routes of Ethernet VPNs, multicast VPNs and mobile user planes have in common: a type, a length, a value, and a route
//! distinguisher in front of each value that is known.

use core::fmt;
use core::hash::Hash;

use ether_ip::Error;
use ether_ip::writer::Writer;

use crate::family::{Afi, NLRI};
use crate::value::distinguisher::RouteDistinguisher;
use crate::wire::{Reader, hex};

/// What a family's routes are: what stands behind the distinguisher. Only families of this crate can be such.
pub trait TypedRoute: Copy + Eq + Hash + fmt::Debug {
    /// What stands in front of the length and says what the value is.
    type Kind: Copy + Eq + Hash + fmt::Debug + fmt::Display;

    /// The type.
    fn kind(&self) -> Self::Kind;

    /// Reads type and length, which counts the bytes of the value.
    ///
    /// # Errors
    /// [`Error::Truncated`].
    fn read_header(from: &mut Reader<'_>) -> Result<(Self::Kind, u8), Error>;

    /// Writes the type.
    ///
    /// # Errors
    /// [`Error::NoRoom`].
    fn write_kind(kind: Self::Kind, to: &mut Writer<'_>) -> Result<(), Error>;

    /// Whether what stands behind the distinguisher is known for a type.
    #[must_use]
    fn is_read(kind: Self::Kind) -> bool;

    /// Reads what stands behind the distinguisher, and leaves what is too much.
    ///
    /// # Errors
    /// [`Error::Truncated`], [`Error::Malformed`]: such a route is kept as bytes.
    fn read(kind: Self::Kind, afi: Afi, from: &mut Reader<'_>) -> Result<Self, Error>;

    /// Writes what stands behind the distinguisher.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if a field has a value that it has no room for.
    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error>;

    /// Says it in words, each behind a space.
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

/// A route behind its type and length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Typed<'a, R: TypedRoute> {
    /// One that is known.
    Known {
        /// The VPN that it belongs to.
        distinguisher: RouteDistinguisher,
        /// What stands behind that.
        route: R,
    },
    /// One that is not known, or has another length than its type.
    Other {
        /// The type.
        kind: R::Kind,
        /// The value.
        value: &'a [u8],
    },
}

impl<'a, R: TypedRoute> Typed<'a, R> {
    /// The type.
    #[must_use]
    pub fn kind(&self) -> R::Kind {
        match self {
            Self::Known { route, .. } => route.kind(),
            Self::Other { kind, .. } => *kind,
        }
    }

    pub(crate) fn read(afi: Afi, from: &mut Reader<'a>) -> Result<Self, Error> {
        let (kind, len) = R::read_header(from)?;
        let value = from.take(usize::from(len))?;
        // The length tells where the next route is, so that one that is odd inside is kept and not fatal.
        Ok(Self::known(kind, afi, Reader::new(from.layer(), value)).unwrap_or(Self::Other { kind, value }))
    }

    /// What is wrong inside of a route of a type that is known.
    pub(crate) fn flaw(&self, afi: Afi) -> Option<Error> {
        match *self {
            Self::Other { kind, value } if R::is_read(kind) => Self::known(kind, afi, Reader::new(NLRI, value)).err(),
            _ => None,
        }
    }

    fn known(kind: R::Kind, afi: Afi, mut from: Reader<'a>) -> Result<Self, Error> {
        let distinguisher = RouteDistinguisher::read(&mut from)?;
        let route = R::read(kind, afi, &mut from)?;
        from.finish()?;
        Ok(Self::Known { distinguisher, route })
    }

    /// Writes type, length and value.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if [`Other`](Self::Other) is longer than its length has room for, or a field of the
    /// route has a value that it has no room for.
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        R::write_kind(self.kind(), to)?;
        to.with_len_u8(0, |to| match self {
            Self::Known { distinguisher, route } => route.write(to.put(&distinguisher.0)?),
            Self::Other { value, .. } => to.write_all(&[value]),
        })?;
        Ok(())
    }
}

impl<R: TypedRoute> fmt::Display for Typed<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.kind())?;
        match self {
            Self::Known { distinguisher, route } => {
                fmt::Display::fmt(distinguisher, f)?;
                route.say(f)
            }
            Self::Other { value, .. } => hex(value, f),
        }
    }
}
