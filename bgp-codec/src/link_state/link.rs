//! What is told of a link.

use core::fmt;

use ether_ip::Error;
use ether_ip::writer::Writer;

use super::value::{Part, Value, flags, in_order};
use crate::tlv::Tlvs;
use crate::wire::{Reader, hex};

flags! {
    /// How MPLS labels are told of on a link (RFC 9552 §5.3.2.2).
    MplsProtocols(u8) {
        /// By LDP.
        LDP = 0x80, "LDP";
        /// By RSVP-TE.
        RSVP_TE = 0x40, "RSVP-TE";
    }
}

flags! {
    /// How a link is protected (RFC 5307 §1.2).
    ProtectionKinds(u8) {
        /// It carries what may be dropped for others.
        EXTRA_TRAFFIC = 0x01, "extra-traffic";
        /// Not at all.
        UNPROTECTED = 0x02, "unprotected";
        /// By links that protect others too.
        SHARED = 0x04, "shared";
        /// By one that is used when it fails.
        DEDICATED_ONE_FOR_ONE = 0x08, "1:1";
        /// By one that is used at the same time.
        DEDICATED_ONE_AND_ONE = 0x10, "1+1";
        /// By more than that.
        ENHANCED = 0x20, "enhanced";
    }
}

/// How a link is protected, and a byte behind (RFC 9552 §5.3.2, RFC 5307 §1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Protection {
    /// How.
    pub kinds: ProtectionKinds,
    /// What is sent as zero.
    pub reserved: u8,
}

in_order!(Protection: kinds, reserved);

impl fmt::Display for Protection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.kinds, f)
    }
}

flags! {
    /// Applications that attributes of a link are for (RFC 8919 §4.1, RFC 8920 §5).
    Applications(u8) {
        /// Traffic engineering by RSVP-TE.
        RSVP_TE = 0x80, "RSVP-TE";
        /// Policies of segment routing.
        SR_POLICY = 0x40, "SR-policy";
        /// Loop-free alternates.
        LOOP_FREE_ALTERNATES = 0x20, "LFA";
        /// Flexible algorithms.
        FLEXIBLE_ALGORITHM = 0x10, "flexible-algorithm";
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
    /// The applications, a bit each, the first byte [`Applications`]; 0, 4 or 8 bytes.
    pub standard: &'a [u8],
    /// Those of a user; 0, 4 or 8 bytes.
    pub own: &'a [u8],
    /// The attributes.
    pub sub_tlvs: Tlvs<'a>,
}

impl ForApplications<'_> {
    /// The applications that have a name: none if there are no bits, which means all of them.
    #[must_use]
    pub fn applications(&self) -> Applications {
        Applications(self.standard.first().copied().unwrap_or_default())
    }
}

impl<'a> Part<'a> for ForApplications<'a> {
    fn take(from: &mut Reader<'a>) -> Result<Self, Error> {
        let (standard, own, reserved) = (from.u8()?, from.u8()?, from.u16()?);
        let (standard, own) = (from.take(usize::from(standard))?, from.take(usize::from(own))?);
        Ok(Self { reserved, standard, own, sub_tlvs: Part::take(from)? })
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
}

impl<'a> Value<'a> for ForApplications<'a> {
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.standard {
            [named, 0, 0, 0] => fmt::Display::fmt(&Applications(*named), f)?,
            all => hex(all, f)?,
        }
        if !self.own.is_empty() {
            f.write_str(" own ")?;
            hex(self.own, f)?;
        }
        Ok(())
    }

    fn sub_tlvs(&self) -> Option<Tlvs<'a>> {
        Some(self.sub_tlvs)
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

in_order!(BundleMember<'a>: identifier; sub_tlvs);

impl fmt::Display for BundleMember<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.identifier)
    }
}
