//! Labels of routes: MPLS labels (RFC 8277 §2.2), or VNIs in their place (RFC 8365 §5.1).
//!
//! ```text
//!  0                       20      23  24
//!  +-----------------------+-------+---+
//!  | label                 | TC    | S |
//!  +-----------------------+-------+---+
//! ```
//!
//! How many there are is told by [`LabelFormat`].

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, Rule};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::route_format::LabelFormat;
use crate::wire::{Reader, items};

/// The three bytes of a label, which are an MPLS label with traffic class and S bit, or a 24-bit VNI (RFC 8365 §5.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[repr(transparent)]
pub struct Label([u8; 3]);

impl Label {
    /// Stands for no label where a route is withdrawn (RFC 8277 §2.4).
    pub const WITHDRAWN: Self = Self([0x80, 0, 0]);

    /// A label, of which 20 bits count; whether it is the last.
    #[must_use]
    pub const fn new(label: u32, is_last: bool) -> Self {
        Self::of_bits(label << 4 | is_last as u32)
    }

    /// A VNI, of which 24 bits count.
    #[must_use]
    pub const fn of_vni(vni: u32) -> Self {
        Self::of_bits(vni)
    }

    const fn of_bits(bits: u32) -> Self {
        let [_, a, b, c] = bits.to_be_bytes();
        Self([a, b, c])
    }

    /// All 24 bits: the VNI, where it is one.
    #[must_use]
    pub const fn vni(self) -> u32 {
        let [a, b, c] = self.0;
        u32::from_be_bytes([0, a, b, c])
    }

    /// The label, 20 bits.
    #[must_use]
    pub const fn label(self) -> u32 {
        self.vni() >> 4
    }

    /// Traffic class, 3 bits.
    #[must_use]
    pub const fn traffic_class(self) -> u8 {
        (self.vni() >> 1) as u8 & 7
    }

    /// Whether it is the last: the S bit.
    #[must_use]
    pub const fn is_last(self) -> bool {
        self.vni() & 1 != 0
    }

    /// The same with another S bit.
    const fn with_last(self, is_last: bool) -> Self {
        Self::of_bits(self.vni() & !1 | is_last as u32)
    }

    /// The three bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 3] {
        self.0
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, Error> {
        from.array().map(Self)
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.label())
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#08x}", self.vni())
    }
}

/// A stack of labels, the outermost first.
pub type Labels<'a> = &'a [Label];

/// Takes labels off the front, behind which there are at most `longest` bits; how many are left of `bits`.
pub(crate) fn read_labels<'a>(
    format: LabelFormat,
    longest: u8,
    from: &mut Reader<'a>,
    bits: &mut u8,
) -> Result<Labels<'a>, Error> {
    let stack = from.rest();
    let mut len = 0_usize;
    loop {
        *bits = bits
            .checked_sub(24)
            .ok_or_else(|| from.malformed("bits for a label", u32::from(*bits), Rule::AtLeast(24)))?;
        let label = Label::read(from)?;
        len += 3;
        //= RFC 8277 §2.2/s-bit-ignored, §2.3/s-bit, §2.4/ignored
        let is_last = match format {
            LabelFormat::One | LabelFormat::Withdrawn => true,
            LabelFormat::Stack(_) => label.is_last(),
            LabelFormat::Likely => label.is_last() || len == 3 && *bits <= longest,
        };
        if is_last {
            break;
        }
    }
    Ok(stack.get(..len).and_then(items).unwrap_or_default())
}

/// Writes how many bits there are, labels and `others`, and the labels.
pub(crate) fn put_labels(
    labels: Labels<'_>,
    format: LabelFormat,
    others: usize,
    to: &mut Writer<'_>,
) -> Result<(), Error> {
    if format == LabelFormat::Withdrawn {
        //= RFC 8277 §2.4/one-field
        return to.write_all(&[&[to.layer().fit_u8("prefix length", others.saturating_add(24))?], &Label::WITHDRAWN.0]);
    }
    //= RFC 8277 §2.1/not-more
    to.layer().check("number of labels", labels.len(), &format.counts())?;
    to.u8(to.layer().fit_u8("prefix length", labels.len().saturating_mul(24).saturating_add(others))?)?;
    //= RFC 8277 §2.2/s-bit-sent, §2.3/s-bit
    let numbered = labels.iter().rev().enumerate().rev();
    numbered.into_iter().try_for_each(|(behind, label)| to.write_all(&[&label.with_last(behind == 0).0]))
}

pub(crate) fn write_labels(labels: Labels<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (n, label) in labels.iter().enumerate() {
        write!(f, "{}{label}", if n == 0 { " label " } else { "/" })?;
    }
    Ok(())
}
