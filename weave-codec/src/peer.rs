//! Who takes part: peers have a name of 6 bytes, and within the mesh a short id of 12 bits.

use core::fmt;

use ether_ip::vni::Vni;
use ether_ip::{Error, LayerName, Rule};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// A peer's name, written like a MAC address.
///
/// ```
/// use weave_codec::PeerName;
///
/// assert_eq!(PeerName([0x4a, 0x0f, 0xf6, 0xec, 0x1c, 0x93]).to_string(), "4a:0f:f6:ec:1c:93");
/// ```
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned,
)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[repr(transparent)]
pub struct PeerName(pub [u8; 6]);

impl fmt::Display for PeerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&ether_ip::ethernet::MacAddr(self.0), f)
    }
}

impl fmt::Debug for PeerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A peer's short id: 12 bits, handed out by the mesh.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShortId(u16);

impl ShortId {
    /// A short id.
    ///
    /// # Errors
    /// [`Error::Unbuildable`] over 4095.
    pub const fn new(id: u16) -> Result<Self, Error> {
        if id < 1 << 12 {
            return Ok(Self(id));
        }
        let (field, value, rule) = ("short id", id as usize, Rule::AtMost(4095));
        Err(Error::Unbuildable { layer: FAST_DATAPATH, field, value, rule })
    }

    /// Its number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

#[cfg(feature = "arbitrary")]
impl<'a> arbitrary::Arbitrary<'a> for ShortId {
    fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        Ok(Self(u.int_in_range(0..=4095)?))
    }
}

/// The fast datapath, as [`ether_ip::Error`] names it.
pub const FAST_DATAPATH: LayerName = LayerName::new("Weave fast datapath");

/// The UDP port of the fast datapath, which is VXLAN.
pub const FAST_DATAPATH_PORT: u16 = 6784;

/// What a VNI of the fast datapath says: for whom a frame is, and from whom. Its [heartbeats](FastDatapathHeartbeat) are not those of
/// the sleeve.
///
/// ```
/// use weave_codec::{FastDatapathPeers, ShortId};
///
/// let peers = FastDatapathPeers { destination: ShortId::new(0x123)?, source: ShortId::new(0xabc)? };
/// assert_eq!(peers.vni().get(), 0x123abc);
/// assert_eq!(FastDatapathPeers::from(peers.vni()), peers);
/// # Ok::<(), ether_ip::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct FastDatapathPeers {
    /// The upper 12 bits.
    pub destination: ShortId,
    /// The lower 12 bits.
    pub source: ShortId,
}

impl FastDatapathPeers {
    /// The VNI.
    #[must_use]
    pub fn vni(self) -> Vni {
        // 24 bits always fit.
        Vni::new(u32::from(self.destination.0) << 12 | u32::from(self.source.0)).unwrap_or(Vni::MAX)
    }
}

impl From<Vni> for FastDatapathPeers {
    fn from(vni: Vni) -> Self {
        let number = vni.get();
        Self { destination: ShortId((number >> 12) as u16), source: ShortId((number & 0xfff) as u16) }
    }
}

/// Where the number stands in a heartbeat of the fast datapath: behind an Ethernet header of zeros.
const ETHERNET_LEN: usize = 14;

/// A heartbeat between two peers of the fast datapath: an Ethernet frame with a header of zeros, then the connection's number and the
/// frame's own length, and zeros up to as many bytes as the MTU lets through, so that a path which takes less is noticed.
///
/// weave router/fastdp.go, `sendHeartbeat` and `handleVxlanSpecialPacket`.
///
/// ```
/// use weave_codec::FastDatapathHeartbeat;
///
/// let mut frame = [7; 14 + 1376];
/// FastDatapathHeartbeat::write(0xaabf_b606_0592_972f, &mut frame)?;
/// let heartbeat = FastDatapathHeartbeat::read(&frame).unwrap();
/// assert_eq!((heartbeat.connection, heartbeat.len), (0xaabf_b606_0592_972f, 1390));
/// # Ok::<(), weave_codec::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct FastDatapathHeartbeat {
    /// The connection's number.
    pub connection: u64,
    /// How long the frame was when it was sent, in bytes; weave drops a heartbeat of another length.
    pub len: u16,
}

impl FastDatapathHeartbeat {
    /// The heartbeat that a frame is. `None` if it is another frame, or shorter than 24 bytes.
    #[must_use]
    pub fn read(frame: &[u8]) -> Option<Self> {
        let (header, behind) = frame.split_first_chunk::<ETHERNET_LEN>()?;
        let (connection, behind) = behind.split_first_chunk()?;
        let len = u16::from_be_bytes(*behind.first_chunk()?);
        (*header == [0; ETHERNET_LEN]).then_some(Self { connection: u64::from_be_bytes(*connection), len })
    }

    /// Makes a heartbeat of a whole frame, whatever stood there: 14 bytes more than the MTU.
    ///
    /// # Errors
    /// [`Error::NoRoom`] if it is shorter than 24 bytes; [`Error::Unbuildable`] over 65535. Nothing is written then.
    pub fn write(connection: u64, frame: &mut [u8]) -> Result<(), Error> {
        let (needed, available) = (ETHERNET_LEN + 10, frame.len());
        let no_room = Error::NoRoom { layer: FAST_DATAPATH, needed, available };
        let len = FAST_DATAPATH.fit_u16("length", available)?;
        let [a, b, c, d, e, f, g, h] = connection.to_be_bytes();
        let [high, low] = len.to_be_bytes();
        let front = frame.get_mut(..needed).ok_or(no_room)?;
        front.fill(0);
        if let Some(slot) = front.last_chunk_mut() {
            *slot = [a, b, c, d, e, f, g, h, high, low];
        }
        frame.iter_mut().skip(needed).for_each(|byte| *byte = 0);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;

    /// router/fastdp.go (at 8c8476381d48), `tunnelIDFor`: the sender's short id in the lower 12 bits, the receiver's above.
    #[test]
    fn a_vni_of_two_peers() {
        let peers =
            FastDatapathPeers { destination: ShortId::new(0xfed).unwrap(), source: ShortId::new(0x001).unwrap() };
        assert_eq!(peers.vni().get(), 0xfed << 12 | 1);
    }

    /// `sendHeartbeat`: the UID at 14, the buffer's length at 22, both high byte first; `handleVxlanSpecialPacket` takes no frame
    /// shorter than 24 bytes.
    #[test]
    fn heartbeats() {
        let mut frame = [7; 26];
        FastDatapathHeartbeat::write(0x0102_0304_0506_0708, &mut frame).unwrap();
        assert_eq!(frame, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 26, 0, 0]);
        let heartbeat = FastDatapathHeartbeat { connection: 0x0102_0304_0506_0708, len: 26 };
        assert_eq!(FastDatapathHeartbeat::read(&frame), Some(heartbeat));
        assert_eq!(FastDatapathHeartbeat::read(&frame[..24]), Some(heartbeat));
        assert_eq!(FastDatapathHeartbeat::read(&frame[..23]), None);
        frame[13] = 1;
        assert_eq!(FastDatapathHeartbeat::read(&frame), None);
        let mut short = [7; 23];
        let no_room = Error::NoRoom { layer: FAST_DATAPATH, needed: 24, available: 23 };
        assert_eq!((FastDatapathHeartbeat::write(1, &mut short), short), (Err(no_room), [7; 23]));
        let mut long = std::vec![7; 65_536];
        assert!(FastDatapathHeartbeat::write(1, &mut long).is_err() && long == [7; 65_536]);
    }
}
