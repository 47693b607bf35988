//! What an attribute says, by its type.

use core::fmt;
use core::net::Ipv4Addr;

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, Rule};

use super::aggregator::Aggregator;
use super::aigp::Aigp;
use super::as_path::AsPath;
use super::atomic_aggregate::AtomicAggregate;
use super::attr_set::AttrSet;
use super::bfd_discriminator::BfdDiscriminator;
use super::bgpsec_path::BgpsecPath;
use super::body::Body;
use super::community::{Community, LargeCommunities};
use super::kind::{AttributeFlags, AttributeType, write_header};
use super::list::Attribute;
use super::mp_reach::{MpReach, MpUnreach};
use super::origin::Origin;
use super::pmsi_tunnel::PmsiTunnel;
use super::prefix_sid::PrefixSid;
use super::reflection::ClusterId;
use super::table::attributes;
use super::tunnel_encapsulation::TunnelEncapsulation;
use crate::session::Negotiated;
use crate::tlv::Tlvs;
use crate::value::as_number::AsSize;
use crate::value::extended_community::{ExtendedCommunity, Ipv6ExtendedCommunity};
use crate::wire::{hex, length_must_be};

impl<'a> Attribute<'a> {
    /// Reads the value.
    ///
    /// # Errors
    /// What is wrong with the value: see each attribute's file. What that means for the UPDATE is worked out in
    /// [`validate`](crate::validate).
    #[inline]
    pub fn parse(&self, session: &Negotiated) -> Result<AttributeValue<'a>, Error> {
        AttributeValue::parse_for(self.kind, self.flags, self.value, session, Keep)
    }
}

/// Someone who takes a value: see [`AttributeValue::parse_for`].
pub(crate) trait Take<'a> {
    type Taken;
    type Wrong: From<Error>;

    /// Looks at what it is before it is read.
    fn admit(&mut self, kind: AttributeType, flags: AttributeFlags) -> Result<(), Self::Wrong>;

    fn take(self, value: AttributeValue<'a>) -> Result<Self::Taken, Self::Wrong>;
}

/// Takes a value to keep it.
struct Keep;

impl<'a> Take<'a> for Keep {
    type Taken = AttributeValue<'a>;
    type Wrong = Error;

    #[inline(always)]
    fn admit(&mut self, _: AttributeType, _: AttributeFlags) -> Result<(), Error> {
        Ok(())
    }

    #[inline(always)]
    fn take(self, value: AttributeValue<'a>) -> Result<AttributeValue<'a>, Error> {
        Ok(value)
    }
}

/// What is made of the table: the sum of all values, and what is done with each.
macro_rules! attribute_values {
    ($($(#[$doc:meta])* $name:ident = $value:literal, $text:literal, $flags:ident, $often:ident $variant:ident($body:ty);)*) => {
        /// An attribute's value.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum AttributeValue<'a> {
            $($(#[$doc])* $variant($body),)*
            /// One that is not known.
            Other {
                /// The flags that it came with, or goes with.
                flags: AttributeFlags,
                /// The type.
                kind: AttributeType,
                /// The value.
                value: &'a [u8],
            },
        }

        impl<'a> AttributeValue<'a> {
            /// The type.
            #[must_use]
            pub const fn kind(&self) -> AttributeType {
                match *self {
                    $(Self::$variant(_) => AttributeType::$name,)*
                    Self::Other { kind, .. } => kind,
                }
            }

            /// Reads an attribute's value for someone who takes it. Each type has a path of its own, so that what is done is
            /// worked out for that type, and the value is not put together in memory to be taken apart again.
            #[inline(always)]
            pub(crate) fn parse_for<T: Take<'a>>(
                kind: AttributeType,
                flags: AttributeFlags,
                bytes: &'a [u8],
                session: &Negotiated,
                mut taker: T,
            ) -> Result<T::Taken, T::Wrong> {
                match kind {
                    $(AttributeType::$name if is!($often often) => {
                        taker.admit(AttributeType::$name, flags)?;
                        let layer = AttributeType::$name.layer();
                        taker.take(Self::$variant(<$body>::read(layer, bytes, session)?))
                    })*
                    _ => {
                        taker.admit(kind, flags)?;
                        taker.take(Self::parse_rare(kind, flags, bytes, session)?)
                    }
                }
            }

            /// What is seldom seen, out of the way of what is not.
            #[inline(never)]
            fn parse_rare(
                kind: AttributeType,
                flags: AttributeFlags,
                bytes: &'a [u8],
                session: &Negotiated,
            ) -> Result<Self, Error> {
                //= RFC 7606 §4/zero
                if bytes.is_empty() && kind.is_known() {
                    return Err(length_must_be(kind.layer(), 0, Rule::AtLeast(1)));
                }
                let (layer, four_octet_as) = (kind.layer(), size_in(kind, session.as_size()) == AsSize::Four);
                let session = &Negotiated { four_octet_as, ..*session };
                Ok(match kind {
                    $(AttributeType::$name if is!($often seldom) => {
                        Self::$variant(<$body>::read(layer, bytes, session)?)
                    })*
                    _ => Self::Other { flags, kind, value: bytes },
                })
            }

            /// Whether it is seen often. What is not is read by its bytes alone, and may have been made of any.
            #[inline]
            pub(crate) const fn is_often(&self) -> bool {
                match self {
                    $(Self::$variant(_) => is!($often often),)*
                    Self::Other { .. } => false,
                }
            }

            /// Writes the value alone.
            ///
            /// # Errors
            /// As [`write`](Self::write).
            pub fn write_value(&self, size: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
                let size = size_in(self.kind(), size);
                match self {
                    $(Self::$variant(value) => Body::write(value, size, to),)*
                    Self::Other { value, .. } => to.write_all(&[value]),
                }
            }
        }

        impl fmt::Display for AttributeValue<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant(value) => value.say(f),)*
                    Self::Other { value, .. } => hex(value, f),
                }
            }
        }
    };
}

/// Whether two words are the same.
macro_rules! is {
    (often often) => {
        true
    };
    (seldom seldom) => {
        true
    };
    ($one:ident $other:ident) => {
        false
    };
}

attributes!(attribute_values);

/// The attributes inside.
impl<'a> AttrSet<'a> {
    /// The attributes in order, each with its value; an error for one that cannot be read. A set may be in a set, thousands deep: whoever
    /// goes into it counts how deep.
    //= RFC 6368 §5/four-octets
    pub fn values(&self) -> impl Iterator<Item = (Attribute<'a>, Result<AttributeValue<'a>, Error>)> + use<'a> {
        self.attributes.map(|attribute| (attribute, attribute.parse(&Negotiated::assumed())))
    }
}

impl<'a> Body<'a> for AttrSet<'a> {
    fn read(_: LayerName, bytes: &'a [u8], _: &Negotiated) -> Result<Self, Error> {
        Self::parse(bytes)
    }

    fn write(&self, _: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        to.u32(self.origin_as)?.put(self.attributes.as_bytes())?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {{", self.origin_as)?;
        for (n, (attribute, value)) in self.values().enumerate() {
            write!(f, "{}{} ", if n == 0 { "" } else { ", " }, attribute.kind)?;
            match value {
                // A set in a set is not said: there may be many.
                Ok(AttributeValue::AttrSet(_)) | Err(_) => hex(attribute.value, f)?,
                Ok(value) => fmt::Display::fmt(&value, f)?,
            }
        }
        f.write_str("}")
    }
}

/// How many bytes an AS number has in an attribute: four in those that are there for it, whatever the session says.
fn size_in(kind: AttributeType, size: AsSize) -> AsSize {
    match kind {
        AttributeType::AS4_PATH | AttributeType::AS4_AGGREGATOR => AsSize::Four,
        _ => size,
    }
}

impl<'a> AttributeValue<'a> {
    /// Reads an attribute's value, where its flags are what its RFC gives it.
    ///
    /// # Errors
    /// As [`Attribute::parse`].
    #[inline]
    pub fn parse(kind: AttributeType, bytes: &'a [u8], session: &Negotiated) -> Result<Self, Error> {
        let flags = kind.flags().unwrap_or(AttributeFlags::OPTIONAL_TRANSITIVE);
        Self::parse_for(kind, flags, bytes, session, Keep)
    }

    /// The flags that its RFC gives it, or those that one which is not known has.
    #[must_use]
    pub fn flags(&self) -> AttributeFlags {
        match self {
            Self::Other { flags, .. } => *flags,
            _ => self.kind().flags().unwrap_or(AttributeFlags::OPTIONAL_TRANSITIVE),
        }
    }

    /// Writes the whole attribute: its [flags](Self::flags), type, length, value. AS numbers have `size` bytes. An attribute that
    /// came with the Partial flag is passed on as [`Attribute`], and keeps it so.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if the value exceeds 65535 bytes.
    pub fn write(&self, size: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        self.write_with(self.flags(), size, to)
    }

    /// The same with flags of the caller's.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn write_with(&self, flags: AttributeFlags, size: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        let start = to.len();
        if !flags.is_extended() {
            to.put(&[flags.0, self.kind().0, 0])?;
            self.write_value(size, to)?;
            // Nearly always one byte of length is enough, which is known now.
            if let Ok(len) = u8::try_from(to.len().saturating_sub(start).saturating_sub(3)) {
                to.set(start.saturating_add(2), len);
                return Ok(());
            }
            to.truncate(start);
        }
        let mut count = Writer::count(to.layer());
        self.write_value(size, &mut count)?;
        write_header(flags, self.kind(), count.len(), to)?;
        self.write_value(size, to)
    }
}
