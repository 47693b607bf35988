//! A packet with what a capture says of it.

use core::fmt;

use crate::summary::Summaries;
use crate::{Error, FromLayer, Layers, LinkType, Tunnels};

/// A packet's bytes and how they begin.
///
/// ```
/// use packet_dissect::{LinkType, Packet};
/// use ether_ip::ipv4::Ipv4Packet;
///
/// # let bytes = [0x45, 0, 0, 20, 0, 0, 0x40, 0, 64, 99, 0, 0, 10, 244, 1, 2, 10, 244, 2, 3];
/// let packet = Packet::new(LinkType::RAW, &bytes);
/// let ip = packet.layer::<Ipv4Packet<_>>().unwrap();
/// assert_eq!(ip.source().to_string(), "10.244.1.2");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Packet<'a> {
    link_type: LinkType,
    bytes: &'a [u8],
    tunnels: Tunnels<'a>,
    missing: usize,
}

impl<'a> Packet<'a> {
    /// A packet, with the tunnels on their default ports.
    #[must_use]
    pub const fn new(link_type: LinkType, bytes: &'a [u8]) -> Self {
        Self { link_type, bytes, tunnels: Tunnels::DEFAULT, missing: 0 }
    }

    /// The same with other tunnels.
    #[must_use]
    pub const fn with_tunnels(self, tunnels: Tunnels<'a>) -> Self {
        Self { tunnels, ..self }
    }

    /// The same with so many bytes on the wire that were not captured: see [`Layers::with_missing`].
    #[must_use]
    pub const fn with_missing(self, missing: usize) -> Self {
        Self { missing, ..self }
    }

    /// How the bytes begin.
    #[must_use]
    pub const fn link_type(&self) -> LinkType {
        self.link_type
    }

    /// The captured bytes.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The layers, outermost first.
    #[must_use]
    pub fn layers(&self) -> Layers<'a> {
        Layers::new(self.link_type, self.bytes, self.tunnels).with_missing(self.missing)
    }

    /// The outermost layer of a type, of the packet itself and not of one that it quotes.
    #[must_use]
    pub fn layer<T: FromLayer<'a>>(&self) -> Option<T> {
        self.all().next()
    }

    /// The innermost layer of a type: of the pod's packet, where it is in a tunnel.
    #[must_use]
    pub fn innermost<T: FromLayer<'a>>(&self) -> Option<T> {
        self.all().last()
    }

    /// All layers of a type, outermost first, but for those of a packet that is quoted.
    pub fn all<T: FromLayer<'a>>(&self) -> impl Iterator<Item = T> + use<'a, T> {
        let mut layers = self.layers();
        core::iter::from_fn(move || {
            loop {
                let layer = layers.next()?.ok()?;
                if layers.is_quoted() {
                    return None;
                }
                if let Some(found) = T::from_layer(&layer) {
                    return Some(found);
                }
            }
        })
    }

    /// What was wrong with the packet, if anything was.
    #[must_use]
    pub fn error(&self) -> Option<Error> {
        self.layers().find_map(Result::err)
    }
}

/// The summaries of all layers, with ` / ` between them; fit for snapshot tests.
impl fmt::Display for Packet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut gap, mut summaries) = ("", Summaries::default());
        for layer in self.layers() {
            match layer {
                Ok(layer) => write!(f, "{gap}{}", summaries.of(&layer))?,
                Err(error) => write!(f, "{gap}{error}")?,
            }
            gap = " / ";
        }
        Ok(())
    }
}
