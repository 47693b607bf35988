//! Writing a field at a time, to the start of a slice or only to count.

use crate::{Error, LayerName};

/// Writes to the start of a slice, or counts how many bytes would be written.
///
/// What writes one field gives the writer back, so that the next one follows: `to.u8(4)?.u16(7)?`. A function that writes
/// a whole returns `Result<(), Error>`, and may end with [`write_all`](Self::write_all).
///
/// ```
/// use ether_ip::{LayerName, writer::Writer};
///
/// let write = |writer: &mut Writer<'_>| writer.u8(4)?.write_all(&[&65_000_u16.to_be_bytes()]);
/// let mut count = Writer::count(LayerName::PACKET);
/// write(&mut count)?;
/// let mut buffer = [0; 4];
/// let mut writer = Writer::new(LayerName::PACKET, &mut buffer);
/// write(&mut writer)?;
/// assert_eq!((writer.written(), count.len()), (&[4, 0xfd, 0xe8][..], 3));
/// # Ok::<(), ether_ip::Error>(())
/// ```
#[derive(Debug)]
pub struct Writer<'a> {
    layer: LayerName,
    to: Option<&'a mut [u8]>,
    /// What stands in memory is shorter than a number can say, and to count so many bytes would take for ever: nothing is checked
    /// where it grows.
    len: usize,
}

impl<'a> Writer<'a> {
    /// A writer to the start of `to`, whose errors speak of `layer`.
    #[inline]
    #[must_use]
    pub fn new(layer: LayerName, to: &'a mut [u8]) -> Self {
        Self { layer, to: Some(to), len: 0 }
    }

    /// A writer that only counts.
    #[inline]
    #[must_use]
    pub fn count(layer: LayerName) -> Self {
        Self { layer, to: None, len: 0 }
    }

    /// The layer that errors speak of.
    #[inline]
    #[must_use]
    pub fn layer(&self) -> LayerName {
        self.layer
    }

    /// How many bytes were written.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing was written.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Changes a byte that was written; nothing happens if it was not, or was only counted.
    #[inline]
    pub fn set(&mut self, at: usize, byte: u8) {
        if let Some(slot) = self.to.as_mut().and_then(|to| to.get_mut(at)) {
            *slot = byte;
        }
    }

    /// Changes bytes that were written: a length or a count that is known only later. Nothing happens if they were not all written, or
    /// were only counted.
    #[inline]
    pub fn overwrite<const N: usize>(&mut self, at: usize, bytes: [u8; N]) {
        let written = self.to.as_mut().and_then(|to| to.get_mut(..self.len));
        if let Some(slot) = written.and_then(|to| to.get_mut(at..)).and_then(|to| to.first_chunk_mut()) {
            *slot = bytes;
        }
    }

    /// Takes back what was written behind the first `len` bytes.
    #[inline]
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// What was written; nothing if it was only counted.
    #[inline]
    #[must_use]
    pub fn written(&self) -> &[u8] {
        self.to.as_ref().and_then(|to| to.get(..self.len)).unwrap_or_default()
    }

    /// What was written, for as long as the slice lives; nothing if it was only counted.
    #[inline]
    #[must_use]
    pub fn into_written(self) -> &'a [u8] {
        let to: &'a [u8] = self.to.unwrap_or_default();
        to.get(..self.len).unwrap_or_default()
    }

    /// Writes bytes as they are.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if they do not fit. None of them is written then.
    #[inline]
    pub fn put(&mut self, bytes: &[u8]) -> Result<&mut Self, Error> {
        if let Some(to) = &mut self.to {
            let room = to.len();
            let Some(slot) = to.get_mut(self.len..).and_then(|free| free.get_mut(..bytes.len())) else {
                let (needed, available) = (bytes.len(), room.saturating_sub(self.len));
                return Err(Error::NoRoom { layer: self.layer, needed, available });
            };
            slot.copy_from_slice(bytes);
        }
        self.len = self.len.wrapping_add(bytes.len());
        Ok(self)
    }

    /// Writes `parts` back to back: all of them, or none.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if they do not fit. Nothing is written then.
    #[inline]
    pub fn write_all(&mut self, parts: &[&[u8]]) -> Result<(), Error> {
        let needed = parts.iter().fold(0_usize, |sum, part| sum.saturating_add(part.len()));
        let available = self.to.as_ref().map_or(usize::MAX, |to| to.len().saturating_sub(self.len));
        if needed > available {
            return Err(Error::NoRoom { layer: self.layer, needed, available });
        }
        for part in parts {
            self.put(part)?;
        }
        Ok(())
    }

    /// Writes the first `len` of `bytes`: all of them, as one store, where there is room, and counts `len`. For short
    /// fields whose length varies, as prefixes.
    ///
    /// # Errors
    /// As [`put`](Self::put), if there is no room for `len`.
    #[inline(always)]
    pub fn put_first<const N: usize>(&mut self, bytes: &[u8; N], len: usize) -> Result<&mut Self, Error> {
        let free = self.to.as_mut().and_then(|to| to.get_mut(self.len..)).and_then(|free| free.first_chunk_mut());
        match free {
            Some(slot) if len <= N => *slot = *bytes,
            _ => return self.put_last(bytes.get(..len).unwrap_or(bytes)),
        }
        self.len = self.len.wrapping_add(len);
        Ok(self)
    }

    /// [`put`](Self::put), out of line: the compiler would make one copy of unknown length of this and of the store it stands beside.
    #[cold]
    #[inline(never)]
    fn put_last(&mut self, bytes: &[u8]) -> Result<&mut Self, Error> {
        self.put(bytes)
    }

    /// Writes one byte.
    ///
    /// # Errors
    /// As [`put`](Self::put).
    #[inline]
    pub fn u8(&mut self, value: u8) -> Result<&mut Self, Error> {
        self.put(&[value])
    }

    /// Writes 16 bits, the high byte first.
    ///
    /// # Errors
    /// As [`put`](Self::put).
    #[inline]
    pub fn u16(&mut self, value: u16) -> Result<&mut Self, Error> {
        self.put(&value.to_be_bytes())
    }

    /// Writes 32 bits, the high byte first.
    ///
    /// # Errors
    /// As [`put`](Self::put).
    #[inline]
    pub fn u32(&mut self, value: u32) -> Result<&mut Self, Error> {
        self.put(&value.to_be_bytes())
    }

    /// Writes what `write` writes behind a length of one byte. The length counts `overhead` bytes more.
    ///
    /// # Errors
    /// As [`put`](Self::put); [`Error::Unbuildable`] if the length exceeds 255; what `write` fails with.
    pub fn with_len_u8(
        &mut self,
        overhead: usize,
        write: impl FnOnce(&mut Self) -> Result<(), Error>,
    ) -> Result<&mut Self, Error> {
        let at = self.len;
        let start = self.u8(0)?.len;
        write(self)?;
        let len = self.layer.fit_u8("length", self.len.saturating_sub(start).saturating_add(overhead))?;
        self.set(at, len);
        Ok(self)
    }

    /// Writes what `write` writes behind a length of two bytes. The length counts `overhead` bytes more.
    ///
    /// # Errors
    /// As [`put`](Self::put); [`Error::Unbuildable`] if the length exceeds 65535; what `write` fails with.
    pub fn with_len_u16(
        &mut self,
        overhead: usize,
        write: impl FnOnce(&mut Self) -> Result<(), Error>,
    ) -> Result<&mut Self, Error> {
        let at = self.len;
        let start = self.u16(0)?.len;
        write(self)?;
        let len = self.layer.fit_u16("length", self.len.saturating_sub(start).saturating_add(overhead))?;
        self.overwrite(at, len.to_be_bytes());
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rule;

    /// Any overhead can be given, and any of the bytes taken back: no sum overflows.
    #[test]
    fn lengths_that_nobody_can_write() {
        let mut buffer = [0; 4];
        let mut writer = Writer::new(LayerName::PACKET, &mut buffer);
        let (field, value, rule) = ("length", usize::MAX, Rule::AtMost(255));
        let error = Error::Unbuildable { layer: LayerName::PACKET, field, value, rule };
        assert_eq!(writer.with_len_u8(usize::MAX, |writer| writer.write_all(&[&[7]])).err(), Some(error));
        writer.truncate(0);
        let take_back = |writer: &mut Writer<'_>| {
            writer.truncate(0);
            Ok(())
        };
        assert!(writer.with_len_u8(0, take_back).is_ok() && writer.with_len_u16(3, take_back).is_ok());
        assert_eq!(writer.len(), 0);
    }

    /// What was not written is not changed, wherever it is said to stand.
    #[test]
    fn bytes_are_changed_where_they_were_written() {
        let mut buffer = [9; 4];
        let mut writer = Writer::new(LayerName::PACKET, &mut buffer);
        writer.put(&[1, 2, 3]).unwrap();
        writer.overwrite(1, [7, 8]);
        for at in [2, 3, usize::MAX] {
            writer.overwrite(at, [5, 5]);
        }
        assert_eq!(writer.written(), [1, 7, 8]);
        assert_eq!(buffer, [1, 7, 8, 9]);
        let mut count = Writer::count(LayerName::PACKET);
        count.u16(1).unwrap().overwrite(0, [1]);
        assert_eq!((count.len(), count.written()), (2, &[][..]));
    }

    #[test]
    fn lengths_are_filled_in() {
        let mut buffer = [0; 9];
        let mut writer = Writer::new(LayerName::PACKET, &mut buffer);
        let four = |writer: &mut Writer<'_>| writer.write_all(&[&[0, 0], &[0, 7]]);
        writer.with_len_u8(2, |writer| writer.with_len_u16(0, four)?.write_all(&[])).unwrap();
        assert_eq!(writer.written(), [8, 0, 4, 0, 0, 0, 7]);
        let no_room = Error::NoRoom { layer: LayerName::PACKET, needed: 3, available: 2 };
        assert_eq!((writer.write_all(&[&[1], &[2, 3]]), writer.len()), (Err(no_room), 7));
        assert_eq!(writer.u32(1).unwrap_err(), Error::NoRoom { layer: LayerName::PACKET, needed: 4, available: 2 });
        assert_eq!(writer.len(), 7);
        let long = [0; 256];
        let rule = Rule::AtMost(255);
        let error = Error::Unbuildable { layer: LayerName::PACKET, field: "length", value: 256, rule };
        let put = |writer: &mut Writer<'_>| writer.write_all(&[&long]);
        assert_eq!(Writer::count(LayerName::PACKET).with_len_u8(0, put).err(), Some(error));
        assert_eq!(Writer::count(LayerName::PACKET).with_len_u16(0, put).unwrap().len(), 258);
    }
}
