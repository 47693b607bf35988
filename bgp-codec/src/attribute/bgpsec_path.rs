//! BGPsec_PATH: the path with signatures (RFC 8205 §3). What is signed, and whether rightly, is not for a codec: the parts are
//! read, and their lengths checked.
//!
//! ```text
//!  0               16
//!  +---------------+-----------------------------------------------+
//!  | length        | segments: pCount (1), flags (1), AS (4)       |
//!  +---------------+-----------------------------------------------+
//!  | length        | algorithm (1), signatures: SKI (20), length (2), signature …     one or two such blocks
//!  +---------------+-----------------------------------------------+
//! ```

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, Rule};
use zerocopy::network_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::body::{Body, spaced};
use crate::session::Negotiated;
use crate::value::as_number::AsSize;
use crate::wire::{Reader, length_must_be};

/// BGPsec_PATH, as an error names it.
pub const BGPSEC_PATH: LayerName = LayerName::new("BGPsec_PATH");

/// One AS of the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct SecurePathSegment {
    count: u8,
    flags: u8,
    as_number: U32,
}

impl SecurePathSegment {
    /// How many times the AS counts.
    #[must_use]
    pub const fn count(&self) -> u8 {
        self.count
    }

    /// Flags: bit 7 says that it is of a confederation.
    #[must_use]
    pub const fn flags(&self) -> u8 {
        self.flags
    }

    /// The AS.
    #[must_use]
    pub const fn as_number(&self) -> u32 {
        self.as_number.get()
    }
}

/// The path, the last AS first, and the blocks of signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BgpsecPath<'a> {
    /// The ASes.
    pub segments: &'a [SecurePathSegment],
    blocks: &'a [u8],
    bytes: &'a [u8],
}

/// The signatures of one algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SignatureBlock<'a> {
    /// The algorithm suite.
    pub algorithm: u8,
    signatures: &'a [u8],
}

/// One signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Signature<'a> {
    /// The key's identifier.
    pub key: [u8; 20],
    /// The signature.
    pub signature: &'a [u8],
}

impl<'a> BgpsecPath<'a> {
    /// Reads an attribute's value.
    ///
    /// # Errors
    /// RFC 8205 §5.2: [`Error::Truncated`] or [`Error::Malformed`] if lengths do not fit; [`Error::Malformed`] if there are
    /// not as many signatures in each block as there are ASes, or not one block or two.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(BGPSEC_PATH, bytes);
        let segments = reader.u16()?;
        let len = usize::from(segments)
            .checked_sub(2)
            .ok_or_else(|| reader.malformed("length", u32::from(segments), Rule::AtLeast(8)))?;
        // Told how many there are, the optimiser sees that items of six bytes fill the bytes.
        let count = len / size_of::<SecurePathSegment>();
        let segments = <[SecurePathSegment]>::ref_from_bytes_with_elems(reader.take(len)?, count);
        let segments = segments.ok().filter(|segments| !segments.is_empty()).ok_or_else(|| {
            length_must_be(BGPSEC_PATH, len, Rule::PositiveMultipleOf(size_of::<SecurePathSegment>() as u32))
        })?;
        let path = Self { segments, blocks: reader.rest(), bytes };
        let mut count = 0_u32;
        while !reader.is_empty() {
            let len = reader.u16()?;
            let inner = usize::from(len).checked_sub(3);
            reader.u8()?;
            let inner = inner.ok_or_else(|| reader.malformed("length", u32::from(len), Rule::AtLeast(3)))?;
            let mut signatures = Reader::new(BGPSEC_PATH, reader.take(inner)?);
            let mut found = 0_usize;
            while !signatures.is_empty() {
                signatures.take(20)?;
                let len = signatures.u16()?;
                signatures.take(usize::from(len))?;
                found = found.saturating_add(1);
            }
            if found != segments.len() {
                return Err(reader.malformed("signatures", found as u32, Rule::Exactly(segments.len() as u32)));
            }
            count = count.saturating_add(1);
        }
        if matches!(count, 1 | 2) { Ok(path) } else { Err(reader.malformed("blocks", count, Rule::Either(1, 2))) }
    }

    /// The path as it stands on the wire.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The blocks.
    pub fn blocks(&self) -> impl Iterator<Item = SignatureBlock<'a>> + use<'a> {
        let mut reader = Reader::new(BGPSEC_PATH, self.blocks);
        core::iter::from_fn(move || {
            let len = reader.u16().ok()?;
            let algorithm = reader.u8().ok()?;
            Some(SignatureBlock { algorithm, signatures: reader.take(usize::from(len).checked_sub(3)?).ok()? })
        })
    }
}

impl<'a> SignatureBlock<'a> {
    /// The signatures, one for each AS.
    pub fn signatures(&self) -> impl Iterator<Item = Signature<'a>> + use<'a> {
        let mut reader = Reader::new(BGPSEC_PATH, self.signatures);
        core::iter::from_fn(move || {
            let key = reader.array().ok()?;
            let len = reader.u16().ok()?;
            Some(Signature { key, signature: reader.take(usize::from(len)).ok()? })
        })
    }
}

impl<'a> Body<'a> for BgpsecPath<'a> {
    fn read(_: LayerName, bytes: &'a [u8], _: &Negotiated) -> Result<Self, Error> {
        Self::parse(bytes)
    }

    fn write(&self, _: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        to.put(self.as_bytes())?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        spaced(self.segments.iter().map(SecurePathSegment::as_number), f)
    }
}
