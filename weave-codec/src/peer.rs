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

/// What a VNI of the fast datapath says: for whom a frame is, and from whom. Heartbeats between the two are
/// [special frames](crate::sleeve::FrameKind) in it, as in the sleeve.
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
