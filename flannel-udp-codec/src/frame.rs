//! A datagram of Flannel's UDP backend: nothing but the pod's IPv4 packet.
//!
//! ```text
//!   20 bytes   8             20 or more
//!  +----------+-----+---------------------+----------------
//!  | IPv4     | UDP | the pod's IPv4      | its payload …
//!  +----------+-----+---------------------+----------------
//!   node to    8285  pod to pod: no header of Flannel's own
//! ```
//!
//! flannel pkg/backend/udp/proxy_amd64.c.

use core::ops::{Deref, DerefMut};

use ether_ip::ipv4::{self, Ipv4Packet};
use ether_ip::{Error, LayerName, Rule, udp};
use zerocopy::{ByteSlice, ByteSliceMut, CopyableByteSlice, SplitByteSlice};

/// Flannel's UDP backend, as [`ether_ip::Error`] names it.
pub const FLANNEL_UDP: LayerName = LayerName::new("Flannel UDP");

/// The UDP port that flannel sends to unless its configuration says another.
pub const PORT: u16 = 8285;

/// What the tunnel costs of the underlay's MTU, in bytes: an IPv4 header and UDP's.
pub const OVERHEAD: u16 = (ipv4::HEADER_LEN + udp::HEADER_LEN) as u16;

/// The MTU of the TUN device, given the underlay's. `None` if not even a header is left.
///
/// ```
/// assert_eq!(flannel_udp_codec::inner_mtu(1500), Some(1472));
/// ```
#[must_use]
pub const fn inner_mtu(underlay_mtu: u16) -> Option<u16> {
    match underlay_mtu.checked_sub(OVERHEAD) {
        Some(mtu) if mtu as usize >= ipv4::HEADER_LEN => Some(mtu),
        _ => None,
    }
}

/// The payload of a datagram, read as what it must be: one whole IPv4 packet, as long as it says.
///
/// ```
/// use flannel_udp_codec::FlannelFrame;
///
/// let payload = [0x45, 0, 0, 22, 0, 0, 0, 0, 63, 17, 0x61, 0xeb, 10, 244, 1, 2, 10, 244, 2, 2, 7, 8];
/// let frame = FlannelFrame::parse(&payload[..])?;
/// assert_eq!((frame.destination().to_string(), frame.ttl(), frame.payload()), ("10.244.2.2".into(), 63, &[7, 8][..]));
/// # Ok::<(), ether_ip::Error>(())
/// ```
#[derive(Debug)]
pub struct FlannelFrame<B: ByteSlice> {
    packet: Ipv4Packet<B>,
}

impl<B: SplitByteSlice> FlannelFrame<B> {
    /// Reads a datagram's payload, or a packet that a TUN device gave.
    ///
    /// # Errors
    /// [`Error::Truncated`] under 20 bytes, or if the options or the total length reach past the end; [`Error::Malformed`] if
    /// the version is not 4, the header length is under 20, or the total length is not that of the bytes. flannel's proxy
    /// checks only that there are 20 bytes, and leaves the rest to the kernel behind it.
    #[inline(always)]
    pub fn parse(bytes: B) -> Result<Self, Error> {
        let len = bytes.len();
        Self::of_length(Ipv4Packet::parse(bytes)?, len)
    }

    /// Reads a payload that a capture cut short behind its header and options.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), but for a total length past the end.
    #[inline]
    pub fn parse_lax(bytes: B) -> Result<Self, Error> {
        let len = bytes.len();
        let packet = Ipv4Packet::parse_lax(bytes)?;
        let missing = packet.missing();
        Self::of_length(packet, len + missing)
    }

    #[inline(always)]
    fn of_length(packet: Ipv4Packet<B>, len: usize) -> Result<Self, Error> {
        let total_length = usize::from(packet.total_length());
        if total_length != len {
            let (field, rule) = ("total length", Rule::Exactly(len as u32));
            return Err(Error::Malformed { layer: FLANNEL_UDP, field, value: total_length as u32, rule });
        }
        Ok(Self { packet })
    }
}

impl<B: ByteSlice> FlannelFrame<B> {
    /// The pod's packet.
    #[inline]
    pub fn into_packet(self) -> Ipv4Packet<B> {
        self.packet
    }
}

impl<B: ByteSlice> Deref for FlannelFrame<B> {
    type Target = Ipv4Packet<B>;

    #[inline(always)]
    fn deref(&self) -> &Ipv4Packet<B> {
        &self.packet
    }
}

impl<B: ByteSliceMut> DerefMut for FlannelFrame<B> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut Ipv4Packet<B> {
        &mut self.packet
    }
}

impl<B: CopyableByteSlice> Copy for FlannelFrame<B> {}

impl<B: CopyableByteSlice> Clone for FlannelFrame<B> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}
