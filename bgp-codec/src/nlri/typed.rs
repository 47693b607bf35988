//! What the routes of Ethernet VPNs, multicast VPNs and mobile user planes have in common: a type, a length, a value, and a route
//! distinguisher in front of each value that is known.

use core::fmt;
use core::hash::Hash;
use core::net::IpAddr;

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule};

use crate::family::{Afi, NLRI};
use crate::value::address::{read_address, read_bare_address, write_address, write_bare_address};
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

    /// The type of the answer to another route of the family, if there is one: see [`Typed::Leaf`].
    const LEAF: Option<Self::Kind> = None;

    /// Whether an answer's originator stands behind its length in bits.
    const HAS_LEAF_LEN: bool = false;
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
    /// An answer to another route of the family (RFC 6514 §4.4, RFC 9572 §3.3).
    Leaf {
        /// The type.
        kind: R::Kind,
        /// That route's bytes, type and length included: [`answered`](Self::answered) reads them.
        key: &'a [u8],
        /// The router that says so.
        originator: IpAddr,
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
            Self::Leaf { kind, .. } | Self::Other { kind, .. } => *kind,
        }
    }

    /// The route that a leaf answers.
    #[must_use]
    pub fn answered(&self) -> Option<Self> {
        match *self {
            // No family that has answers asks for the address family.
            Self::Leaf { key, .. } => Self::read(Afi::L2VPN, &mut Reader::new(NLRI, key)).ok(),
            _ => None,
        }
    }

    pub(crate) fn read(afi: Afi, from: &mut Reader<'a>) -> Result<Self, Error> {
        let (kind, len) = R::read_header(from)?;
        let value = from.take(usize::from(len))?;
        // The length tells where the next route is, so that one that is odd inside is kept and not fatal.
        let inner = Reader::new(from.layer(), value);
        let read = if R::LEAF == Some(kind) { Self::leaf(kind, inner) } else { Self::known(kind, afi, inner) };
        Ok(read.unwrap_or(Self::Other { kind, value }))
    }

    //= RFC 6514 §4.4/key
    //= RFC 9572 §3.3/key
    /// The route that is answered tells its own length; what is behind it is the originator.
    fn leaf(kind: R::Kind, mut from: Reader<'a>) -> Result<Self, Error> {
        let (whole, mut behind) = (from.rest(), from);
        let (_, len) = R::read_header(&mut behind)?;
        behind.take(usize::from(len))?;
        let key = from.take(whole.len().saturating_sub(behind.rest().len()))?;
        let originator = match R::HAS_LEAF_LEN {
            false => read_bare_address(&mut from)?,
            true => {
                read_address(&mut from)?.ok_or_else(|| from.malformed("address length", 0, Rule::Either(32, 128)))?
            }
        };
        from.finish()?;
        Ok(Self::Leaf { kind, key, originator })
    }

    /// What is wrong inside of a route of a type that is known.
    pub(crate) fn flaw(&self, afi: Afi) -> Option<Error> {
        match *self {
            Self::Other { kind, value } if R::is_read(kind) => Self::known(kind, afi, Reader::new(NLRI, value)).err(),
            _ => None,
        }
    }

    //= RFC 7432 §7/lengths
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
            Self::Leaf { key, originator, .. } if R::HAS_LEAF_LEN => write_address(Some(*originator), to.put(key)?),
            Self::Leaf { key, originator, .. } => write_bare_address(*originator, to.put(key)?),
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
            Self::Leaf { key, originator, .. } => {
                write!(f, "originator {originator} of ")?;
                // An answer to an answer, and so on, is not said to its end: there may be many.
                match self.answered() {
                    Some(Self::Known { distinguisher, route }) => {
                        write!(f, "{} {distinguisher}", route.kind())?;
                        route.say(f)
                    }
                    _ => hex(key, f),
                }
            }
            Self::Other { value, .. } => hex(value, f),
        }
    }
}
