//! Mobile user plane routes (draft-ietf-bess-mup-safi §3.1).
//!
//! ```text
//!  0       8               24      32
//!  +-------+---------------+-------+-----------------+
//!  | archit| type          | length| value …         |
//!  +-------+---------------+-------+-----------------+
//! ```
//!
//! | type | value of the 3GPP 5G architecture (1), bytes in brackets |
//! | --- | --- |
//! | 1 | RD (8), prefix behind its length in bits |
//! | 2 | RD (8), address (4, 16) |
//! | 3 | RD (8), prefix, TEID (4), QFI (1), endpoint behind its length in bits, source likewise (or left out) |
//! | 4 | RD (8), length in bits of endpoint and TEID together (1), endpoint (4, 16), TEID (0–4) |

use core::fmt;
use core::net::IpAddr;

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule, open_set};

use crate::family::Afi;
use crate::value::address::{read_address, read_bare_address, write_address, write_bare_address};
use crate::value::distinguisher::RouteDistinguisher;
use crate::value::prefix::IpPrefix;
use crate::wire::{Reader, hex};

open_set! {
    /// What a mobile user plane route is for.
    pub struct MupType(u16) {
        /// A segment towards user equipment.
        INTERWORK_SEGMENT = 1, "interwork-segment-discovery";
        /// A segment towards the data network.
        DIRECT_SEGMENT = 2, "direct-segment-discovery";
        /// A session, by the user equipment's address.
        TYPE_1_SESSION = 3, "type-1-session-transformed";
        /// A session, by its tunnel's endpoint.
        TYPE_2_SESSION = 4, "type-2-session-transformed";
    }
}

/// The only architecture that has a number: 3GPP 5G.
pub const ARCHITECTURE_5G: u8 = 1;

/// A mobile user plane route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mup<'a> {
    /// Type 1.
    InterworkSegment {
        /// The VPN that it belongs to.
        distinguisher: RouteDistinguisher,
        /// The user equipment's prefix.
        prefix: IpPrefix,
    },
    /// Type 2.
    DirectSegment {
        /// The VPN that it belongs to.
        distinguisher: RouteDistinguisher,
        /// The segment's address.
        address: IpAddr,
    },
    /// Type 3.
    Type1Session {
        /// The VPN that it belongs to.
        distinguisher: RouteDistinguisher,
        /// The user equipment's prefix.
        prefix: IpPrefix,
        /// Tunnel endpoint identifier.
        teid: u32,
        /// Quality of service flow.
        qfi: u8,
        /// The tunnel's endpoint.
        endpoint: Option<IpAddr>,
        /// The tunnel's source: none if it is left out, none inside if its length is 0.
        source: Option<Option<IpAddr>>,
    },
    /// Type 4.
    Type2Session {
        /// The VPN that it belongs to.
        distinguisher: RouteDistinguisher,
        /// The tunnel's endpoint.
        endpoint: IpAddr,
        /// How many bits of the tunnel endpoint identifier count.
        teid_bits: u8,
        /// The bytes of the identifier that are there, as a number.
        teid: u32,
    },
    /// One that is not known, or has another length than its type.
    Other {
        /// The architecture.
        architecture: u8,
        /// The type.
        kind: MupType,
        /// The value.
        value: &'a [u8],
    },
}

impl<'a> Mup<'a> {
    /// The type.
    #[must_use]
    pub const fn kind(&self) -> MupType {
        match *self {
            Self::InterworkSegment { .. } => MupType::INTERWORK_SEGMENT,
            Self::DirectSegment { .. } => MupType::DIRECT_SEGMENT,
            Self::Type1Session { .. } => MupType::TYPE_1_SESSION,
            Self::Type2Session { .. } => MupType::TYPE_2_SESSION,
            Self::Other { kind, .. } => kind,
        }
    }

    /// The architecture.
    #[must_use]
    pub const fn architecture(&self) -> u8 {
        match *self {
            Self::Other { architecture, .. } => architecture,
            _ => ARCHITECTURE_5G,
        }
    }

    pub(crate) fn read(afi: Afi, from: &mut Reader<'a>) -> Result<Self, Error> {
        let (architecture, kind, len) = (from.u8()?, MupType(from.u16()?), from.u8()?);
        let value = from.take(usize::from(len))?;
        let other = Self::Other { architecture, kind, value };
        if architecture != ARCHITECTURE_5G {
            return Ok(other);
        }
        // The length tells where the next route is, so that one that is odd inside is kept and not fatal.
        Ok(Self::known(afi, kind, Reader::new(from.layer(), value)).unwrap_or(other))
    }

    fn known(afi: Afi, kind: MupType, mut from: Reader<'a>) -> Result<Self, Error> {
        let distinguisher = RouteDistinguisher::read(&mut from)?;
        let route = match kind {
            MupType::INTERWORK_SEGMENT => {
                Self::InterworkSegment { distinguisher, prefix: IpPrefix::read(afi, &mut from)? }
            }
            MupType::DIRECT_SEGMENT => {
                return Ok(Self::DirectSegment { distinguisher, address: read_bare_address(&mut from)? });
            }
            MupType::TYPE_1_SESSION => Self::Type1Session {
                distinguisher,
                prefix: IpPrefix::read(afi, &mut from)?,
                teid: from.u32()?,
                qfi: from.u8()?,
                endpoint: read_address(&mut from)?,
                source: if from.is_empty() { None } else { Some(read_address(&mut from)?) },
            },
            MupType::TYPE_2_SESSION => {
                let bits = from.u8()?;
                let of_address = if afi == Afi::IPV6 { 128 } else { 32 };
                let teid_bits = bits.checked_sub(of_address).filter(|bits| *bits <= 32);
                let rule = Rule::AtMost(u32::from(of_address) + 32);
                let teid_bits = teid_bits.ok_or_else(|| from.malformed("endpoint length", u32::from(bits), rule))?;
                let endpoint = match afi {
                    Afi::IPV6 => from.array::<16>()?.into(),
                    _ => from.array::<4>()?.into(),
                };
                let bytes = from.take(usize::from(teid_bits).div_ceil(8))?;
                let teid = bytes.iter().fold(0, |teid, byte| teid << 8 | u32::from(*byte));
                Self::Type2Session { distinguisher, endpoint, teid_bits, teid }
            }
            _ => return Err(from.malformed("type", u32::from(kind.0), Rule::Known)),
        };
        from.finish()?;
        Ok(route)
    }

    /// Writes architecture, type, length and value.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if [`Other`](Self::Other) is longer than its length has room for, or a
    /// tunnel endpoint identifier would have more than 32 bits.
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.u8(self.architecture())?.u16(self.kind().0)?.with_len_u8(0, |to| self.write_value(to))?;
        Ok(())
    }

    fn write_value(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        match *self {
            Self::InterworkSegment { distinguisher, prefix } => {
                to.put(&distinguisher.0)?;
                prefix.write(to)
            }
            Self::DirectSegment { distinguisher, address } => {
                to.put(&distinguisher.0)?;
                write_bare_address(address, to)
            }
            Self::Type1Session { distinguisher, prefix, teid, qfi, endpoint, source } => {
                to.put(&distinguisher.0)?;
                prefix.write(to)?;
                to.u32(teid)?.u8(qfi)?;
                write_address(endpoint, to)?;
                source.map_or(Ok(()), |source| write_address(source, to))
            }
            Self::Type2Session { distinguisher, endpoint, teid_bits, teid } => {
                to.layer().check("TEID length", usize::from(teid_bits), &[Rule::AtMost(32)])?;
                let of_address = if endpoint.is_ipv6() { 128 } else { 32 };
                to.put(&distinguisher.0)?.u8(of_address + teid_bits)?;
                write_bare_address(endpoint, to)?;
                let len = usize::from(teid_bits).div_ceil(8);
                let bytes = teid.to_be_bytes();
                to.write_all(&[bytes.get(4 - len..).unwrap_or_default()])
            }
            Self::Other { value, .. } => to.write_all(&[value]),
        }
    }
}

impl fmt::Display for Mup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.kind())?;
        match self {
            Self::InterworkSegment { distinguisher, prefix } => write!(f, "{distinguisher} {prefix}"),
            Self::DirectSegment { distinguisher, address } => write!(f, "{distinguisher} {address}"),
            Self::Type1Session { distinguisher, prefix, teid, qfi, endpoint, source } => {
                write!(f, "{distinguisher} {prefix} teid {teid} qfi {qfi}")?;
                endpoint.map_or(Ok(()), |at| write!(f, " endpoint {at}"))?;
                source.flatten().map_or(Ok(()), |at| write!(f, " source {at}"))
            }
            Self::Type2Session { distinguisher, endpoint, teid_bits, teid } => {
                write!(f, "{distinguisher} endpoint {endpoint} teid {teid}/{teid_bits}")
            }
            Self::Other { value, .. } => hex(value, f),
        }
    }
}
