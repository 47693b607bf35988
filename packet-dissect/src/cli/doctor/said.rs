//! What a BGP message says of its session.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use bgp_codec::attribute::SegmentType;
use bgp_codec::{Capability, Family, MessageType, Negotiated, Notification, NotificationCode, Open, Update};

use crate::Outside;
use crate::bgp::BgpMessage;

use super::super::line::fault;

/// So many families of an OPEN are kept: there are fewer.
const MAX_FAMILIES: usize = 64;
/// So many AS numbers of a path are told.
const MAX_TOLD: usize = 16;

/// What one says of its session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    Open(Opening),
    /// It ends, by this code.
    Notification {
        code: NotificationCode,
        words: String,
    },
    Malformed(String),
    /// Routes come or go.
    Routes {
        announced: Vec<Announced>,
        withdrawn: Vec<String>,
        path: Path,
    },
}

/// What an OPEN says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Opening {
    pub(super) version: u8,
    pub(super) as_number: u32,
    /// In seconds; 0 for none.
    pub(super) hold_time: u16,
    pub(super) identifier: Ipv4Addr,
    pub(super) families: Vec<Family>,
    /// Why nobody may take it, though it can be read.
    pub(super) refusal: Option<String>,
}

/// A route, and where packets for it go next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Announced {
    pub(super) route: String,
    pub(super) next_hop: Option<IpAddr>,
}

/// The way that routes came: AS_PATH, without what a confederation has within.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Path(pub(super) Vec<u32>);

impl Said {
    /// `None` if it says nothing of that.
    pub(super) fn of(message: &BgpMessage<'_>, session: &Negotiated) -> Option<Self> {
        let kind = MessageType(message.kind);
        let refusal = if kind == MessageType::OPEN { refusal(message) } else { None };
        if let (Some(fault), None) = (fault(message, session), &refusal) {
            return Some(Self::Malformed(fault));
        }
        match kind {
            MessageType::OPEN => {
                let open = Open::parse_lax(message.body).ok()?;
                Some(Self::Open(Opening { refusal, ..Opening::of(&open) }))
            }
            MessageType::NOTIFICATION => Notification::parse(message.body).ok().map(|notification| {
                let inner = notification.hard_reset().and_then(Result::ok);
                let why = inner.as_ref().unwrap_or(&notification);
                let name = why.code.name().map_or_else(|| why.code.to_string(), str::to_owned);
                let text = why.text_bytes().map_or(String::new(), |text| format!(", \"{}\"", Outside(text)));
                Self::Notification { code: why.code, words: format!("{name}{text}") }
            }),
            MessageType::UPDATE => Update::parse(message.body, session).ok().map(|update| Self::Routes {
                announced: announced(&update),
                withdrawn: update.withdrawn().map(|route| route.to_string()).collect(),
                path: Path::of(&update),
            }),
            _ => None,
        }
    }
}

/// Why an OPEN is refused for what it says: all subcodes of RFC 4271 §6.2 but 0.
fn refusal(message: &BgpMessage<'_>) -> Option<String> {
    let error = Open::parse(message.body).err()?;
    let is_of_what_it_says = message.header_error().is_none() && error.code.code == 2 && error.code.subcode != 0;
    is_of_what_it_says.then(|| error.fault.to_string().trim_start_matches("OPEN is refused: ").to_owned())
}

fn announced(update: &Update<'_>) -> Vec<Announced> {
    let routes = update.announced_with_next_hops();
    routes
        .map(|(route, next_hop)| Announced {
            route: route.to_string(),
            next_hop: next_hop.and_then(|next_hop| next_hop.address()),
        })
        .collect()
}

impl Opening {
    fn of(open: &Open<'_>) -> Self {
        let told = open.capabilities().filter_map(|capability| match capability {
            Capability::Multiprotocol { family, .. } => Some(family),
            _ => None,
        });
        let mut families: Vec<_> = told.take(MAX_FAMILIES).collect();
        if families.is_empty() {
            // RFC 4760 §8: who tells of none has that of RFC 4271.
            families.push(Family::IPV4_UNICAST);
        }
        Self {
            version: open.version(),
            as_number: open.as_number(),
            hold_time: open.hold_time(),
            identifier: open.identifier(),
            families,
            refusal: None,
        }
    }

    /// Whether there are routes that both take.
    pub(super) fn has_family_of(&self, other: &Self) -> bool {
        self.families.iter().any(|family| other.families.contains(family))
    }

    /// The families' names, with commas between.
    pub(super) fn family_names(&self) -> String {
        self.families.iter().map(Family::to_string).collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Display for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { as_number, hold_time, identifier, .. } = self;
        write!(f, "AS {as_number}, hold time {hold_time} s, identifier {identifier}")
    }
}

impl Path {
    fn of(update: &Update<'_>) -> Self {
        let is_plain = |kind| matches!(kind, SegmentType::SEQUENCE | SegmentType::SET);
        let segments = update.as_path().into_iter().flatten().filter(|segment| is_plain(segment.kind));
        Self(segments.flat_map(|segment| segment.as_numbers()).collect())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, number) in self.0.iter().take(MAX_TOLD).enumerate() {
            write!(f, "{}{number}", if n == 0 { "" } else { " " })?;
        }
        f.write_str(if self.0.len() > MAX_TOLD { " …" } else { "" })
    }
}
