//! What is told of a link.

use core::fmt;

use ether_ip::Error;
use ether_ip::writer::Writer;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::node::flags;
use super::value::Value;
use super::{LINK_STATE, say_all};
use crate::tlv::{Shape, Tlvs};
use crate::wire::{Reader, hex};

flags! {
    /// How MPLS labels are told of on a link (RFC 9552 §5.3.2.2).
    MplsProtocols {
        /// By LDP.
        LDP = 0x80, "LDP";
        /// By RSVP-TE.
        RSVP_TE = 0x40, "RSVP-TE";
    }
}

/// How a link is protected (RFC 5307 §1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Protection {
    /// 0x01 extra traffic, 0x02 not at all, 0x04 shared, 0x08 one for one, 0x10 one and one, 0x20 more than that.
    pub kinds: u8,
    /// What is sent as zero.
    pub reserved: u8,
}

impl fmt::Display for Protection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#04x}", self.kinds)
    }
}

/// Attributes of a link that are for some applications alone (RFC 9294 §2).
///
/// ```text
///  0       8       16              32
///  +-------+-------+---------------+------------------------+------------------------+----------
///  | len 1 | len 2 | reserved      | standard applications  | a user's own           | sub-TLVs …
///  +-------+-------+---------------+------------------------+------------------------+----------
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ForApplications<'a> {
    /// What is sent as zero.
    pub reserved: u16,
    /// The applications, a bit each: 0x80 RSVP-TE, 0x40 SR policy, 0x20 loop-free alternates, 0x10 flexible algorithms; 0, 4 or 8 bytes.
    pub standard: &'a [u8],
    /// Those of a user; 0, 4 or 8 bytes.
    pub own: &'a [u8],
    /// The attributes.
    pub sub_tlvs: Tlvs<'a>,
}

impl<'a> Value<'a> for ForApplications<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut from = Reader::new(LINK_STATE, bytes);
        let (standard, own, reserved) = (from.u8()?, from.u8()?, from.u16()?);
        let (standard, own) = (from.take(usize::from(standard))?, from.take(usize::from(own))?);
        Ok(Self { reserved, standard, own, sub_tlvs: Tlvs::parse(LINK_STATE, Shape::Word, from.rest())? })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        let standard = to.layer().fit_u8("standard applications' length", self.standard.len())?;
        let own = to.layer().fit_u8("a user's own applications' length", self.own.len())?;
        to.u8(standard)?
            .u8(own)?
            .u16(self.reserved)?
            .put(self.standard)?
            .put(self.own)?
            .put(self.sub_tlvs.as_bytes())?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex(self.standard, f)?;
        f.write_str(" own ")?;
        hex(self.own, f)?;
        say_all(self.sub_tlvs, f)
    }
}

/// A link of layer 2 that is a member of a bundle (RFC 9085 §2.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BundleMember<'a> {
    /// Its identifier.
    pub identifier: u32,
    /// Its attributes.
    pub sub_tlvs: Tlvs<'a>,
}

impl<'a> Value<'a> for BundleMember<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut from = Reader::new(LINK_STATE, bytes);
        Ok(Self { identifier: from.u32()?, sub_tlvs: Tlvs::parse(LINK_STATE, Shape::Word, from.rest())? })
    }

    fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        to.u32(self.identifier)?.put(self.sub_tlvs.as_bytes())?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.identifier)?;
        say_all(self.sub_tlvs, f)
    }
}
