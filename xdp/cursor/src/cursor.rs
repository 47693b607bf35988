//! A place in a packet, and how far the packet goes.

use core::hint::black_box;
use core::marker::PhantomData;

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// A header that may stand at any address and whose every bit pattern is one: all headers of the codec crates are.
pub trait Header: FromBytes + IntoBytes + KnownLayout + Immutable + Unaligned {}

impl<T: FromBytes + IntoBytes + KnownLayout + Immutable + Unaligned> Header for T {}

/// Goes through a packet from the front, and hands out the headers that it passes.
///
/// Each is handed out once, so that several can be held and written at a time.
#[derive(Debug)]
pub struct Cursor<'a> {
    at: *mut u8,
    end: *mut u8,
    packet: PhantomData<&'a mut [u8]>,
}

impl<'a> Cursor<'a> {
    /// At the front of what lies between two addresses, as `xdp_md` and `__sk_buff` have them.
    ///
    /// # Safety
    /// The bytes between the two are a packet's, that nobody else reads or writes while the cursor and what it handed out live: not across
    /// a helper that moves the packet, as `bpf_xdp_adjust_head`.
    #[inline(always)]
    pub const unsafe fn new(data: usize, data_end: usize) -> Self {
        Self { at: data as *mut u8, end: data_end as *mut u8, packet: PhantomData }
    }

    /// The same over bytes in user space.
    #[must_use]
    pub fn over(bytes: &'a mut [u8]) -> Self {
        let range = bytes.as_mut_ptr_range();
        Self { at: range.start, end: range.end, packet: PhantomData }
    }

    /// The next header, if it is there.
    #[inline(always)]
    pub fn take<T: Header>(&mut self) -> Option<&'a mut T> {
        let next = self.at.wrapping_add(size_of::<T>());
        // The verifier follows this comparison: behind it `T` may be read and written.
        if next > self.end {
            return None;
        }
        let header = self.at.cast::<T>();
        self.at = next;
        // SAFETY: its bytes lie within the packet, which nobody else touches (`new`); no other header has any of them, as the cursor never goes
        // back; and `T` may have any bits at any address (`Header`).
        Some(unsafe { &mut *header })
    }

    /// What stands so many bytes ahead, without passing it. As with [`skip`](Self::skip), the verifier must see that these are few.
    #[inline(always)]
    pub fn peek<T: Header>(&self, ahead: usize) -> Option<T> {
        let start = self.at.wrapping_add(ahead);
        if start.wrapping_add(size_of::<T>()) > self.end {
            return None;
        }
        // SAFETY: as in `take`; and it is a copy, of bytes that were not handed out.
        Some(unsafe { start.cast::<T>().read_unaligned() })
    }

    /// Writes over what stands so many bytes ahead, without passing it.
    #[inline(always)]
    pub fn put<T: Header>(&mut self, ahead: usize, value: T) -> Option<()> {
        let start = self.at.wrapping_add(ahead);
        if start.wrapping_add(size_of::<T>()) > self.end {
            return None;
        }
        // SAFETY: as in `take`, of bytes that were not handed out.
        unsafe { start.cast::<T>().write_unaligned(value) };
        Some(())
    }

    /// Adds so many bytes, fours of them and at most 512, from so many ahead on, to a sum: by a helper of the kernel, as the verifier would
    /// follow every turn of a loop. The sum is in the machine's byte order, folded or not.
    #[inline(always)]
    pub(crate) fn add(&self, ahead: usize, len: usize, sum: u32) -> Option<u32> {
        let start = self.at.wrapping_add(ahead);
        if start.wrapping_add(len) > self.end {
            return None;
        }
        #[cfg(target_arch = "bpf")]
        {
            // SAFETY: the kernel's helpers are called by number; this one has had its own since Linux 4.6, and these arguments.
            let bpf_csum_diff: unsafe extern "C" fn(*const u32, u32, *const u8, u32, u32) -> i64 =
                unsafe { core::mem::transmute(28_usize) };
            // SAFETY: it reads `len` bytes, which are there, and nothing else.
            Some(unsafe { bpf_csum_diff(core::ptr::null(), 0, start, len as u32, sum) } as u32)
        }
        #[cfg(not(target_arch = "bpf"))]
        {
            // SAFETY: as in `peek`.
            let bytes = unsafe { core::slice::from_raw_parts(start, len) };
            let words = <[zerocopy::native_endian::U16]>::ref_from_bytes(bytes).ok()?;
            let (sum, is_over) = words.iter().fold(0, |sum, word| sum + u32::from(word.get())).overflowing_add(sum);
            Some(sum + u32::from(is_over))
        }
    }

    /// Passes so many bytes, if they are there. What the verifier cannot see to be small it refuses: a length from a packet has to be of few
    /// bits.
    #[inline(always)]
    pub fn skip(&mut self, len: usize) -> Option<()> {
        let next = self.at.wrapping_add(len);
        if next > self.end {
            return None;
        }
        self.at = next;
        Some(())
    }

    /// How many bytes are left.
    #[inline(always)]
    #[must_use]
    pub fn left(&self) -> usize {
        // A number from here on: of a difference of two of these the compiler would make sums of pointers, which the verifier does not take.
        black_box((self.end as usize).wrapping_sub(self.at as usize))
    }
}

#[cfg(feature = "aya")]
impl<'a> Cursor<'a> {
    /// At the front of a packet that XDP sees.
    #[inline(always)]
    #[must_use]
    pub fn of(context: &'a mut aya_ebpf::programs::XdpContext) -> Self {
        // SAFETY: the two are the packet's first address and the one behind its last, and the context is borrowed as long as the cursor
        // and what it hands out. Helpers that move the packet are `unsafe` to call with the context's pointer.
        unsafe { Self::new(context.data(), context.data_end()) }
    }

    /// The same of what TC sees: of a packet in several pieces the first one, unless it was pulled (`bpf_skb_pull_data`).
    #[inline(always)]
    #[must_use]
    pub fn of_tc(context: &'a mut aya_ebpf::programs::TcContext) -> Self {
        // SAFETY: as above.
        unsafe { Self::new(context.data(), context.data_end()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_handed_out_once() {
        let mut bytes = *b"abcdefg";
        let mut cursor = Cursor::over(&mut bytes);
        let one = cursor.take::<[u8; 2]>().unwrap();
        cursor.skip(1).unwrap();
        let other = cursor.take::<[u8; 3]>().unwrap();
        core::mem::swap(&mut one[0], &mut other[2]);
        assert_eq!(cursor.left(), 1);
        assert_eq!((cursor.take::<[u8; 2]>(), cursor.skip(2), cursor.left()), (None, None, 1));
        assert_eq!(cursor.take::<[u8; 1]>(), Some(&mut [b'g']));
        assert_eq!(cursor.take::<[u8; 0]>(), Some(&mut []));
        assert_eq!(&bytes, b"fbcdeag");
    }
}
