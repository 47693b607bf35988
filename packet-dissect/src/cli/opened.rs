//! What tunnels seal, with the keys that the user gave: what came of opening it, and how that is told.

use std::net::IpAddr;

use crate::fields::{Field, FieldVisitor};
use crate::opening::{esp, wireguard};
use crate::{Layers, LinkType, Tunnels};
use base64::display::Base64Display;
use base64::engine::general_purpose::STANDARD;
use ether_ip::esp::EspPacket;
use ether_ip::ip::IpProtocol;
use ether_ip::wireguard::WireGuardMessage;
use weave_codec::crypto::SessionKey;

/// The keys of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Keys {
    /// Weave's session key.
    pub(super) weave: Option<SessionKey>,
    pub(super) associations: esp::Associations,
    pub(super) wireguard: wireguard::KeyLog,
}

impl Keys {
    /// Who opens with them what comes from a capture's beginning on.
    pub(super) fn openers(&self) -> Openers {
        let Self { associations, wireguard, .. } = self.clone();
        Openers { associations, wireguard: wireguard::Opener::new(wireguard) }
    }
}

/// Who opens it.
#[derive(Default)]
pub(super) struct Openers {
    pub(super) associations: esp::Associations,
    pub(super) wireguard: wireguard::Opener,
}

/// What is sealed, as a packet has it.
#[derive(Clone, Copy)]
pub(super) enum Sealed<'a> {
    Esp(EspPacket<&'a [u8]>, (IpAddr, IpAddr)),
    WireGuard(WireGuardMessage<'a>),
}

impl Openers {
    /// Whether a key may be there.
    pub(super) fn have(&self, sealed: &Sealed<'_>) -> bool {
        match sealed {
            Sealed::Esp(..) => !self.associations.is_empty(),
            Sealed::WireGuard(_) => !self.wireguard.is_empty(),
        }
    }

    /// Opens what there is a key for.
    pub(super) fn open(&mut self, sealed: &Sealed<'_>) -> Option<Opening> {
        match sealed {
            Sealed::Esp(packet, addresses) => {
                let association = self.associations.of(*addresses, packet.spi())?;
                Some(Opening::Esp(packet.spi(), association.open(packet)))
            }
            Sealed::WireGuard(message) => self.wireguard.open(message).map(Opening::WireGuard),
        }
    }
}

/// What came of it.
pub(super) enum Opening {
    /// ESP of this SPI.
    Esp(u32, Result<esp::Opened, esp::Refusal>),
    WireGuard(Result<wireguard::Opened, wireguard::Refusal>),
}

impl Opening {
    /// The packet in a message of WireGuard's, if there is one: a keepalive has none.
    fn packet(&self) -> Option<&[u8]> {
        match self {
            Self::WireGuard(Ok(wireguard::Opened::Packet(packet))) if !packet.is_empty() => Some(packet),
            _ => None,
        }
    }

    /// The walk through what stood inside.
    pub(super) fn layers<'a>(&'a self, tunnels: Tunnels<'a>) -> Option<Layers<'a>> {
        match self {
            Self::Esp(_, Ok(opened)) => Some(Layers::of_protocol(opened.next_header, opened.payload(), tunnels)),
            Self::Esp(_, Err(_)) => None,
            Self::WireGuard(_) => self.packet().map(|packet| Layers::new(LinkType::RAW, packet, tunnels)),
        }
    }

    /// How many bytes stood inside.
    pub(super) fn len(&self) -> Option<usize> {
        match self {
            Self::Esp(_, opened) => opened.as_ref().ok().map(|opened| opened.payload().len()),
            Self::WireGuard(_) => self.packet().map(<[u8]>::len),
        }
    }

    /// Why it stays closed.
    pub(super) fn refusal(&self) -> Option<String> {
        match self {
            Self::Esp(_, opened) => opened.as_ref().err().map(|refusal| format!("ESP stays closed: {refusal}")),
            Self::WireGuard(opened) => {
                opened.as_ref().err().map(|refusal| format!("WireGuard stays closed: {refusal}"))
            }
        }
    }

    /// The tunnel that it was sealed in, and whether a packet with addresses of its own stood inside.
    pub(super) fn tunnel(&self) -> Option<(&'static str, bool)> {
        match self {
            Self::Esp(_, Ok(opened)) => {
                Some(("esp", matches!(opened.next_header, IpProtocol::IPV4 | IpProtocol::IPV6)))
            }
            Self::Esp(_, Err(_)) => None,
            Self::WireGuard(_) => self.packet().map(|_| ("wireguard", true)),
        }
    }

    /// Which of several keys opened it.
    pub(super) fn spi(&self) -> Option<u32> {
        match self {
            Self::Esp(spi, _) => Some(*spi),
            Self::WireGuard(_) => None,
        }
    }

    pub(super) fn visit(&self, v: &mut impl FieldVisitor) {
        match self {
            Self::Esp(_, Ok(opened)) => {
                v.number(Field::EspPadLength, opened.pad_len);
                v.named(Field::EspProtocol, opened.next_header.0, opened.next_header.name());
                if opened.is_verified {
                    v.flag(Field::EspCodeGood, true);
                }
            }
            Self::Esp(_, Err(refusal)) => {
                if *refusal == esp::Refusal::CheckValue {
                    v.flag(Field::EspCodeGood, false);
                }
                v.words(Field::EspRefused, refusal);
            }
            Self::WireGuard(Ok(wireguard::Opened::Initiation(key))) => {
                v.words(Field::WgStatic, &Base64Display::new(key, &STANDARD));
            }
            Self::WireGuard(Ok(wireguard::Opened::Response)) => v.flag(Field::WgHandshakeGood, true),
            Self::WireGuard(Ok(_)) => {}
            Self::WireGuard(Err(refusal)) => v.words(Field::WgRefused, refusal),
        }
    }
}
