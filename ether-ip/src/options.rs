//! Kind, length, value: the shape that IPv4, TCP, IPv6 and neighbour discovery options share.

use crate::writer::Writer;
use crate::{Error, LayerName, Rule};

/// Splits an option off: kind, length (of the whole option), data. The data and what follows the option.
#[inline]
pub(crate) fn split_tlv(layer: LayerName, bytes: &[u8]) -> Result<(&[u8], &[u8]), Error> {
    let available = bytes.len();
    let &[_, length, ref behind @ ..] = bytes else {
        return Err(Error::Truncated { layer, needed: 2, available });
    };
    let data_len = usize::from(length).checked_sub(2).ok_or(Error::Malformed {
        layer,
        field: "length",
        value: u32::from(length),
        rule: Rule::AtLeast(2),
    })?;
    let needed = usize::from(length);
    behind.split_at_checked(data_len).ok_or(Error::Truncated { layer, needed, available })
}

impl Writer<'_> {
    /// Writes kind, length and the two parts of the value. The length counts `overhead` bytes beside the value.
    pub(crate) fn tlv(&mut self, kind: u8, [first, second]: [&[u8]; 2], overhead: usize) -> Result<(), Error> {
        let length = first.len().saturating_add(second.len()).saturating_add(overhead);
        let length = self.layer().fit_u8("length", length)?;
        self.write_all(&[&[kind, length], first, second])
    }
}

/// Up to four addresses or blocks, from the bytes a fuzzer has.
#[cfg(feature = "arbitrary")]
pub(crate) fn arbitrary_chunks<'a, const N: usize>(
    u: &mut arbitrary::Unstructured<'a>,
) -> arbitrary::Result<&'a [[u8; N]]> {
    use zerocopy::FromBytes;
    let count = u.int_in_range(0..=4)?;
    let bytes = u.bytes(count * N)?;
    <[[u8; N]]>::ref_from_bytes(bytes).map_err(|_| arbitrary::Error::IncorrectFormat)
}
