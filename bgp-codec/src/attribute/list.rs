//! Attributes whose values are not read yet, one or back to back.

use ether_ip::Error;
use ether_ip::writer::Writer;

use super::kind::{AttributeFlags, AttributeType, write_header};

/// One attribute, its value not read yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Attribute<'a> {
    /// The flags.
    pub flags: AttributeFlags,
    /// The type.
    pub kind: AttributeType,
    /// The value.
    pub value: &'a [u8],
    /// Where it begins, in bytes from the message's marker.
    pub offset: usize,
}

impl<'a> Attribute<'a> {
    /// How many bytes it takes, flags, type and length included.
    #[inline]
    #[must_use]
    pub const fn wire_len(&self) -> usize {
        self.value.len().saturating_add(if self.flags.is_extended() { 4 } else { 3 })
    }

    /// As a speaker passes it on (RFC 4271 §5): one that is known here as it is; one that is not with the Partial flag if it is
    /// transitive, and not at all if it is not.
    #[must_use]
    pub fn passed_on(self) -> Option<Self> {
        match self.kind.is_known() {
            true => Some(self),
            //= RFC 4271 §4.3/partial
            false => self.flags.is_transitive().then(|| Self { flags: self.flags.partial(), ..self }),
        }
    }

    /// Writes it as it is: with its own flags, and with two bytes for the length only if the flags say so or it needs them.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] over 65535 bytes.
    #[inline]
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        write_header(self.flags, self.kind, self.value.len(), to)?;
        to.put(self.value)?;
        Ok(())
    }
}

/// Attributes back to back. An iterator over them; it ends at the first that is cut, and [`as_bytes`](Self::as_bytes) is what was
/// not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Attributes<'a> {
    rest: &'a [u8],
    /// The offset of the end, from which that of each attribute is counted.
    end: usize,
}

impl<'a> Attributes<'a> {
    /// Attributes, not checked. `offset` is where they begin.
    #[inline]
    #[must_use]
    pub const fn new(bytes: &'a [u8], offset: usize) -> Self {
        Self { rest: bytes, end: offset.wrapping_add(bytes.len()) }
    }

    /// What was not read yet, as bytes.
    #[inline]
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.rest
    }

    /// Where the next one begins.
    #[inline]
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.end.wrapping_sub(self.rest.len())
    }

    /// Passes over those whose types are in `kinds`, one bit each, up to the first of another or of 64 and more.
    #[inline(always)]
    pub(crate) fn skip_all(&mut self, kinds: u64) {
        while let Some(&[_, kind]) = self.rest.first_chunk() {
            if kind >= 64 || kinds >> kind & 1 == 0 || self.next().is_none() {
                break;
            }
        }
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Attribute<'a>;

    #[inline(always)]
    fn next(&mut self) -> Option<Attribute<'a>> {
        let &[flags, kind, short, ref behind @ ..] = self.rest else {
            return None;
        };
        let flags = AttributeFlags(flags);
        let (len, behind) = match flags.is_extended() {
            false => (usize::from(short), behind),
            true => {
                let (&low, behind) = behind.split_first()?;
                (usize::from(u16::from_be_bytes([short, low])), behind)
            }
        };
        let (value, rest) = behind.split_at_checked(len)?;
        let offset = self.offset();
        self.rest = rest;
        Some(Attribute { flags, kind: AttributeType(kind), value, offset })
    }
}
