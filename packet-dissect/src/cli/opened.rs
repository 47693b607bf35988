//! What tunnels seal, with the keys that the user gave: what came of opening it, and how that is told.

use std::net::IpAddr;

use crate::fields::{Field, FieldVisitor};
use crate::opening::esp;
use crate::{Layers, Tunnels};
use ether_ip::esp::EspPacket;
use ether_ip::ip::IpProtocol;

/// Who opens it.
#[derive(Default)]
pub(super) struct Openers {
    pub(super) associations: esp::Associations,
}

/// What is sealed, as a packet has it.
#[derive(Clone, Copy)]
pub(super) enum Sealed<'a> {
    Esp(EspPacket<&'a [u8]>, (IpAddr, IpAddr)),
}

impl Openers {
    /// Whether a key may be there.
    pub(super) fn have(&self, sealed: &Sealed<'_>) -> bool {
        match sealed {
            Sealed::Esp(..) => !self.associations.is_empty(),
        }
    }

    /// Opens what there is a key for.
    pub(super) fn open(&self, sealed: &Sealed<'_>) -> Option<Opening> {
        match sealed {
            Sealed::Esp(packet, addresses) => {
                let association = self.associations.of(*addresses, packet.spi())?;
                Some(Opening::Esp(packet.spi(), association.open(packet)))
            }
        }
    }
}

/// What came of it.
pub(super) enum Opening {
    /// ESP of this SPI.
    Esp(u32, Result<esp::Opened, esp::Refusal>),
}

impl Opening {
    /// The walk through what stood inside.
    pub(super) fn layers<'a>(&'a self, tunnels: Tunnels<'a>) -> Option<Layers<'a>> {
        match self {
            Self::Esp(_, Ok(opened)) => Some(Layers::of_protocol(opened.next_header, opened.payload(), tunnels)),
            Self::Esp(_, Err(_)) => None,
        }
    }

    /// How many bytes stood inside.
    pub(super) fn len(&self) -> Option<usize> {
        match self {
            Self::Esp(_, opened) => opened.as_ref().ok().map(|opened| opened.payload().len()),
        }
    }

    /// Why it stays closed.
    pub(super) fn refusal(&self) -> Option<String> {
        match self {
            Self::Esp(_, opened) => opened.as_ref().err().map(|refusal| format!("ESP stays closed: {refusal}")),
        }
    }

    /// The tunnel that it was sealed in, and whether a packet with addresses of its own stood inside.
    pub(super) fn tunnel(&self) -> Option<(&'static str, bool)> {
        match self {
            Self::Esp(_, Ok(opened)) => {
                Some(("esp", matches!(opened.next_header, IpProtocol::IPV4 | IpProtocol::IPV6)))
            }
            Self::Esp(_, Err(_)) => None,
        }
    }

    /// Which of several keys opened it.
    pub(super) fn spi(&self) -> Option<u32> {
        match self {
            Self::Esp(spi, _) => Some(*spi),
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
        }
    }
}
