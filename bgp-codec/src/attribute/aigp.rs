//! AIGP: the sum of IGP metrics along the way (RFC 7311 §3). TLVs whose length counts type and length too; type 1 is the
//! metric, 8 bytes.

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, LayerName, Rule};

use super::body::Body;
use crate::session::Negotiated;
use crate::tlv::{Shape, Tlvs};
use crate::tlv_value::tlv_values;
use crate::value::as_number::AsSize;
use crate::wire::length_must_be;

/// AIGP, as an error names it.
pub const AIGP: LayerName = LayerName::new("AIGP");

tlv_values! {
    /// What a TLV of AIGP tells.
    pub struct AigpType(u8);

    /// What a TLV of AIGP tells, and its value.
    pub enum AigpValue in AIGP, Shape::ByteWordWhole;

    /// The sum.
    METRIC = 1, "metric", Metric(u64);
}

/// The sum of IGP metrics along the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Aigp<'a> {
    /// All TLVs.
    pub tlvs: Tlvs<'a>,
}

impl<'a> Aigp<'a> {
    /// Reads an attribute's value.
    ///
    /// # Errors
    /// RFC 7311 §3: [`Error::Truncated`] if a TLV goes past the end, [`Error::Malformed`] if one is shorter than type and
    /// length, or a metric is not 8 bytes.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let tlvs = Tlvs::parse(AIGP, Shape::ByteWordWhole, bytes)?;
        match tlvs.find_kind(1) {
            Some(metric) if metric.len() != 8 => Err(length_must_be(AIGP, metric.len() + 3, Rule::Exactly(11))),
            _ => Ok(Self { tlvs }),
        }
    }

    /// The metric: the first TLV of type 1.
    #[must_use]
    pub fn metric(&self) -> Option<u64> {
        self.tlvs.find_kind(1)?.try_into().ok().map(u64::from_be_bytes)
    }

    /// What is told, in order; an error for what is malformed.
    pub fn values(&self) -> impl Iterator<Item = Result<AigpValue<'a>, Error>> + use<'a> {
        self.tlvs.map(AigpValue::parse)
    }
}

impl<'a> Body<'a> for Aigp<'a> {
    fn read(_: LayerName, bytes: &'a [u8], _: &Negotiated) -> Result<Self, Error> {
        Self::parse(bytes)
    }

    fn write(&self, _: AsSize, to: &mut Writer<'_>) -> Result<(), Error> {
        to.put(self.tlvs.as_bytes())?;
        Ok(())
    }

    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tlvs.enumerate().try_for_each(|(n, tlv)| {
            f.write_str(if n == 0 { "" } else { " " })?;
            match AigpValue::parse(tlv) {
                Ok(AigpValue::Metric(metric)) => fmt::Display::fmt(&metric, f),
                other => AigpValue::say(other, tlv, f),
            }
        })
    }
}
