//! How every view is made: a typed header laid over the first bytes, the rest split where the header says.
//!
//! A view `XPacket<B>` works over any byte slice `B`: `&[u8]` to read, `&mut [u8]` to change in place. It derefs to its
//! header, so that `packet.ttl()` reads and, over `&mut [u8]`, `packet.set_ttl(63)` writes. Views over `&[u8]` are
//! `Copy`. What a view was split into at `parse` stays so, whatever is written to its fields: no accessor can fail.
//!
//! The crates that build on this one make their views with the same three pieces.

use zerocopy::{FromBytes, Immutable, KnownLayout, Ref, SplitByteSlice, Unaligned};

/// Lays the header `H` over the first bytes: the header and what follows it. `None` when there are too few bytes.
///
/// ```
/// use ether_ip::{udp::UdpHeader, view::take_header};
///
/// let (header, rest) = take_header::<UdpHeader, _>(&[0x12, 0xb5, 0x12, 0xb5, 0, 9, 0, 0, 42][..]).unwrap();
/// assert_eq!(header.destination_port(), 4789);
/// assert_eq!(rest, [42]);
/// ```
#[inline(always)]
pub fn take_header<H, B>(bytes: B) -> Option<(Ref<B, H>, B)>
where
    H: FromBytes + KnownLayout + Immutable + Unaligned,
    B: SplitByteSlice,
{
    Ref::from_prefix(bytes).map_err(|_| unlikely()).ok()
}

/// The first `len` bytes, and the others. `None` when there are too few bytes.
#[inline(always)]
pub fn take<B: SplitByteSlice>(bytes: B, len: usize) -> Option<(B, B)> {
    bytes.split_at(len).map_err(|_| unlikely()).ok()
}

/// Tells the optimiser that the path it stands on is seldom taken, so that good packets run straight through.
#[cold]
#[inline]
pub const fn unlikely() {}

/// Gives a view what all views have: it derefs to its header, prints, and is `Copy` over `&[u8]`. With `payload` and what that is,
/// it gives it to be read, to be changed, and for as long as the bytes live.
#[macro_export]
macro_rules! view {
    ($view:ident => $header:ty { $($part:ident),* } $(plain { $($plain:ident),* })? $(payload $what:literal)?) => {
        impl<B: $crate::zerocopy::ByteSlice> core::ops::Deref for $view<B> {
            type Target = $header;
            #[inline(always)]
            fn deref(&self) -> &$header {
                &self.header
            }
        }
        impl<B: $crate::zerocopy::ByteSliceMut> core::ops::DerefMut for $view<B> {
            #[inline(always)]
            fn deref_mut(&mut self) -> &mut $header {
                &mut self.header
            }
        }
        impl<B: $crate::zerocopy::CopyableByteSlice> Copy for $view<B> {}
        impl<B: $crate::zerocopy::CopyableByteSlice> Clone for $view<B> {
            #[inline(always)]
            fn clone(&self) -> Self {
                *self
            }
        }
        impl<B: $crate::zerocopy::ByteSlice> core::fmt::Debug for $view<B> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($view))
                    .field("header", &*self.header)
                    $(.field(stringify!($part), &&*self.$part))*
                    $($(.field(stringify!($plain), &self.$plain))*)?
                    .finish()
            }
        }
        impl<B: $crate::zerocopy::ByteSlice> $view<B> {
            /// The header, laid over the bytes that were parsed.
            #[inline(always)]
            pub fn header(&self) -> &$header {
                &self.header
            }
        }
        $(
            impl<B: $crate::zerocopy::ByteSlice> $view<B> {
                #[doc = concat!($what, ".")]
                #[inline]
                pub fn payload(&self) -> &[u8] {
                    &self.payload
                }

                #[doc = concat!($what, ", for as long as the bytes live.")]
                #[inline]
                pub fn into_payload(self) -> B {
                    self.payload
                }
            }
            impl<B: $crate::zerocopy::ByteSliceMut> $view<B> {
                #[doc = concat!($what, ", to be changed.")]
                #[inline]
                pub fn payload_mut(&mut self) -> &mut [u8] {
                    &mut self.payload
                }
            }
            impl<'a> $view<&'a mut [u8]> {
                /// The header and the payload, both to be changed for as long as the bytes live.
                #[inline]
                pub fn into_parts(self) -> (&'a mut $header, &'a mut [u8]) {
                    ($crate::zerocopy::Ref::into_mut(self.header), self.payload)
                }
            }
        )?
    };
}
