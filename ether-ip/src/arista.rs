//! Arista's time stamp: a vendor's header that its switches put behind the Ethernet addresses of mirrored frames.
//!
//! ```text
//!  0               2               4                       10 or 12
//!  +---------------+---------------+-----------------------+---------------+----------
//!  | subtype: 1    | version       | time stamp            | EtherType     | payload …
//!  +---------------+---------------+-----------------------+---------------+----------
//!    version: 0x0010 TAI, 64 bits; 0x0020 TAI, 48 bits; 0x0110 UTC, 64 bits; 0x0120 UTC, 48 bits
//! ```
//!
//! There is no RFC; the format is what captures show. 64 bits are seconds and nanoseconds, 32 bits each; in 48 bits there
//! are the lower 16 of the seconds. Other versions are known to exist, whose length this module does not guess.

use zerocopy::network_endian::U16;
use zerocopy::{ByteSlice, FromBytes, Immutable, IntoBytes, KnownLayout, Ref, SplitByteSlice, Unaligned};

use crate::ethernet::EtherType;
use crate::view::{take, take_header};
use crate::{Error, LayerName, PacketBuffer, Rule};

/// Arista's header, as [`Error`] names it.
pub const ARISTA: LayerName = LayerName::new("Arista time stamp");

/// The 4 bytes that the header starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct AristaHeader {
    subtype: U16,
    version: U16,
}

impl AristaHeader {
    /// A header of a time stamp.
    #[must_use]
    pub const fn new(version: u16) -> Self {
        Self { subtype: U16::new(1), version: U16::new(version) }
    }

    /// Subtype; 1 is a time stamp.
    #[must_use]
    pub const fn subtype(&self) -> u16 {
        self.subtype.get()
    }

    /// Version: time scale and format.
    #[must_use]
    pub const fn version(&self) -> u16 {
        self.version.get()
    }

    /// Length of the time stamp in bytes, where subtype and version are known.
    #[must_use]
    pub const fn timestamp_len(&self) -> Option<usize> {
        match (self.subtype.get(), self.version.get()) {
            (1, 0x0010 | 0x0110) => Some(8),
            (1, 0x0020 | 0x0120) => Some(6),
            _ => None,
        }
    }

    /// Puts the header, a time stamp and an EtherType in front of `packet`.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] if the time stamp is not as long as the version says; [`Error::NoRoom`]. Nothing is
    /// written then.
    pub fn prepend(self, timestamp: &[u8], ether_type: EtherType, packet: &mut impl PacketBuffer) -> Result<(), Error> {
        let value = timestamp.len();
        let expected = self.timestamp_len().unwrap_or_default();
        if value != expected || expected == 0 {
            let rule = Rule::Exactly(expected as u32);
            return Err(Error::Unbuildable { layer: ARISTA, field: "length of the time stamp", value, rule });
        }
        // The longest time stamp has 8 bytes.
        let (mut tail, len) = ([0; 10], value + 2);
        let both = timestamp.iter().copied().chain(ether_type.0.to_be_bytes());
        tail.iter_mut().zip(both).for_each(|(to, from)| *to = from);
        packet.prepend_with(ARISTA, self, tail.get(..len).unwrap_or(&tail))
    }
}

/// A time stamp and what it is on, over the bytes `B` behind the EtherType that announced it.
pub struct AristaTimestamp<B> {
    header: Ref<B, AristaHeader>,
    timestamp: B,
    ether_type: Ref<B, U16>,
    payload: B,
}

crate::view!(AristaTimestamp => AristaHeader { timestamp, payload } payload "What the time stamp is on");

impl<B: SplitByteSlice> AristaTimestamp<B> {
    /// Reads a time stamp.
    ///
    /// # Errors
    /// [`Error::Truncated`] if it does not fit in the bytes; [`Error::Malformed`] if subtype and version are not known.
    pub fn parse(bytes: B) -> Result<Self, Error> {
        let available = bytes.len();
        let truncated = |needed| Error::Truncated { layer: ARISTA, needed, available };
        let (header, rest) = take_header::<AristaHeader, _>(bytes).ok_or(truncated(4))?;
        let value = u32::from(header.version());
        let unknown = Error::Malformed { layer: ARISTA, field: "version", value, rule: Rule::Known };
        let len = header.timestamp_len().ok_or(unknown)?;
        let (timestamp, rest) = take(rest, len).ok_or(truncated(len + 6))?;
        let (ether_type, payload) = take_header(rest).ok_or(truncated(len + 6))?;
        Ok(Self { header, timestamp, ether_type, payload })
    }
}

impl<B: ByteSlice> AristaTimestamp<B> {
    /// The time stamp's bytes: 6 or 8.
    pub fn timestamp(&self) -> &[u8] {
        &self.timestamp
    }

    /// What follows.
    pub fn ether_type(&self) -> EtherType {
        EtherType(self.ether_type.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Headroom;

    /// tcpdump's arista_ether.pcap, frame 1, from byte 14.
    const STAMP: [u8; 15] = [0, 1, 0, 0x10, 0x5c, 0xee, 0xed, 0x57, 0x38, 0x4f, 0x59, 0xc8, 8, 0, 0x45];

    #[test]
    fn reads_and_builds() {
        let stamp = AristaTimestamp::parse(&STAMP[..]).unwrap();
        assert_eq!((stamp.subtype(), stamp.version(), stamp.ether_type()), (1, 0x10, EtherType::IPV4));
        assert_eq!((stamp.timestamp(), stamp.payload()), (&STAMP[4..12], &[0x45][..]));
        let mut buffer = [0; 15];
        let mut packet = Headroom::with_payload(&mut buffer, &[0x45]).unwrap();
        AristaHeader::new(0x10).prepend(stamp.timestamp(), EtherType::IPV4, &mut packet).unwrap();
        assert_eq!(packet.packet(), STAMP);
        let field = "length of the time stamp";
        let refused = Error::Unbuildable { layer: ARISTA, field, value: 8, rule: Rule::Exactly(6) };
        let mut packet = Headroom::new(&mut buffer, 0).unwrap();
        assert_eq!(AristaHeader::new(0x20).prepend(&[0; 8], EtherType::IPV4, &mut packet), Err(refused));
    }

    #[test]
    fn cut_and_unknown() {
        for available in 0..14 {
            let needed = if available < 4 { 4 } else { 14 };
            let error = AristaTimestamp::parse(&STAMP[..available]).unwrap_err();
            assert_eq!(error, Error::Truncated { layer: ARISTA, needed, available });
        }
        let mut bytes = STAMP;
        bytes[3] = 0x11;
        let unknown = Error::Malformed { layer: ARISTA, field: "version", value: 0x11, rule: Rule::Known };
        assert_eq!(AristaTimestamp::parse(&bytes[..]).unwrap_err(), unknown);
    }
}
