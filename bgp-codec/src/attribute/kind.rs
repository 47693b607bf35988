//! An attribute's type and flags, and what a writer puts in front of its value (RFC 4271 §4.3).

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, open_set};

use super::table::attributes;

/// An attribute of a type without a name, as an error names it.
pub const ATTRIBUTE: LayerName = LayerName::new("path attribute");

macro_rules! attribute_types {
    ($($(#[$doc:meta])* $name:ident = $value:literal, $text:literal, $flags:ident, $often:ident $variant:ident($body:ty);)*) => {
        open_set! {
            /// An attribute's type.
            pub struct AttributeType(u8) {
                $($(#[$doc])* $name = $value, $text;)*
                // What IANA lists, and what is not read here: it has a name, and is as unknown as what has none.
                /// A preference of long ago.
                DPA = 11, "DPA";
                /// Of long ago (RFC 1863, historic).
                ADVERTISER = 12, "ADVERTISER";
                /// Of long ago (RFC 1863, historic).
                RCID_PATH = 13, "RCID_PATH";
                /// What a SAFI has for itself; no longer in use.
                SAFI_SPECIFIC = 19, "SAFI Specific Attribute";
                /// The other end of a multicast VPN's tunnel; no longer in use (RFC 6037 §5.2).
                CONNECTOR = 20, "Connector";
                /// How far a route goes; no longer in use.
                AS_PATHLIMIT = 21, "AS_PATHLIMIT";
                /// Traffic engineering of VPNs (RFC 5543).
                TRAFFIC_ENGINEERING = 24, "Traffic Engineering";
                /// Labels that tell provider edges apart (RFC 6514 §8).
                PE_DISTINGUISHER_LABELS = 27, "PE Distinguisher Labels";
                /// Whether a node looks at entropy labels; no longer in use (RFC 7447).
                ENTROPY_LABEL_CAPABILITY = 28, "Entropy Label Capability";
                /// Containers of communities (draft-ietf-idr-wide-bgp-communities).
                COMMUNITY_CONTAINER = 34, "Community Container";
                /// The domains that a route went through (draft-ietf-bess-evpn-ipvpn-interworking).
                DOMAIN_PATH = 36, "D-PATH";
                /// Paths of service functions (RFC 9015 §3.2).
                SERVICE_FUNCTION_PATH = 37, "SFP";
                /// BIER (RFC 9793).
                BIER = 41, "BIER";
            }
        }

        impl AttributeType {
            /// The attribute, as an error names it.
            #[must_use]
            pub const fn layer(self) -> LayerName {
                match self {
                    $(Self::$name => LayerName::new($text),)*
                    _ => ATTRIBUTE,
                }
            }

            /// Whether it is one of those named here.
            #[inline(always)]
            #[must_use]
            pub const fn is_known(self) -> bool {
                matches!(self, $(Self::$name)|*)
            }

            /// The Optional and Transitive flags that its RFC gives it; `None` if it is not known.
            #[inline]
            #[must_use]
            pub const fn flags(self) -> Option<AttributeFlags> {
                match self {
                    $(Self::$name => Some(AttributeFlags::$flags),)*
                    _ => None,
                }
            }
        }
    };
}

attributes!(attribute_types);

/// An attribute's flags.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct AttributeFlags(pub u8);

impl AttributeFlags {
    /// Every speaker knows it.
    //= RFC 4271 §4.3/well-known-transitive, §4.3/partial, §4.3/unused-flags-zero
    pub const WELL_KNOWN: Self = Self(0x40);
    /// Not every speaker knows it, and one that does not drops it.
    pub const OPTIONAL: Self = Self(0x80);
    /// Not every speaker knows it, and one that does not passes it on.
    pub const OPTIONAL_TRANSITIVE: Self = Self(0xc0);

    /// Whether not every speaker knows it.
    #[inline]
    #[must_use]
    pub const fn is_optional(self) -> bool {
        self.0 & 0x80 != 0
    }

    /// Whether a speaker passes it on.
    #[inline]
    #[must_use]
    pub const fn is_transitive(self) -> bool {
        self.0 & 0x40 != 0
    }

    /// Whether a speaker that did not know it has passed it on.
    #[inline]
    #[must_use]
    pub const fn is_partial(self) -> bool {
        self.0 & 0x20 != 0
    }

    /// Whether the length has two bytes.
    #[inline]
    #[must_use]
    pub const fn is_extended(self) -> bool {
        self.0 & 0x10 != 0
    }

    /// The same with the Partial flag.
    #[must_use]
    pub const fn partial(self) -> Self {
        Self(self.0 | 0x20)
    }

    /// Whether the two flags that an attribute's RFC gives it are the same in both.
    #[inline]
    #[must_use]
    //= RFC 4271 §4.3/unused-flags-ignored
    pub const fn is_same_category(self, other: Self) -> bool {
        (self.0 ^ other.0) & 0xc0 == 0
    }
}

impl fmt::Debug for AttributeFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#04x}", self.0)
    }
}

/// Writes flags, type and length. Two bytes of length if the flags have that bit, or they are needed.
#[inline]
pub(crate) fn write_header(
    flags: AttributeFlags,
    kind: AttributeType,
    len: usize,
    to: &mut Writer<'_>,
) -> Result<(), Error> {
    match u8::try_from(len) {
        //= RFC 4271 §4.3/extended-length
        Ok(len) if !flags.is_extended() => to.put(&[flags.0, kind.0, len])?,
        _ => {
            let [high, low] = kind.layer().fit_u16("length", len)?.to_be_bytes();
            to.put(&[flags.0 | 0x10, kind.0, high, low])?
        }
    };
    Ok(())
}
