//! Capabilities in words: the name, and what is told with it.

use core::fmt;

use super::{Capability, CapabilityCode, ExtendedNextHop};
use crate::wire::hex;

impl fmt::Display for Capability<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.code(), f)?;
        match *self {
            Self::Multiprotocol { family, .. } => write!(f, " {family}"),
            Self::Orf(families) => listed(families, f, |family, f| {
                write!(f, "{}", family.family)?;
                family.modes.iter().try_for_each(|of| write!(f, " {}: {}", of.kind(), of.mode()))
            }),
            Self::ExtendedNextHop(families) => listed(families, f, next_hop),
            Self::Bgpsec { flags, afi } => {
                let direction = if flags & 0x08 == 0 { "receive" } else { "send" };
                write!(f, " version {} {direction} {afi}", flags >> 4)
            }
            Self::MultipleLabels(families) => listed(families, f, |of, f| write!(f, "{} {}", of.family(), of.count())),
            Self::Role(role) => write!(f, " {role}"),
            Self::GracefulRestart(restart) => {
                write!(f, " {} s", restart.restart_time())?;
                f.write_str(if restart.is_restarting() { ", restarting" } else { "" })?;
                f.write_str(if restart.covers_notifications() { ", also after NOTIFICATIONs" } else { "" })?;
                restart
                    .families
                    .iter()
                    .try_for_each(|of| write!(f, ", {}{}", of.family(), forwarding(of.is_forwarding())))
            }
            Self::FourOctetAs(number) => write!(f, " {number}"),
            Self::Dynamic(codes) => listed(codes, f, |code, f| write!(f, "{}", CapabilityCode(*code))),
            Self::Multisession { flags, codes } => {
                write!(f, " flags {flags:#04x}")?;
                listed(codes, f, |code, f| write!(f, "{}", CapabilityCode(*code)))
            }
            Self::AddPath(families) => listed(families, f, |of, f| write!(f, "{} {}", of.family(), of.mode())),
            Self::LongLivedGracefulRestart(families) => listed(families, f, |of, f| {
                write!(f, "{} {} s{}", of.family(), of.stale_time(), forwarding(of.is_forwarding()))
            }),
            Self::Fqdn { host, domain } => {
                write!(f, " {}", host.escape_ascii())?;
                if domain.is_empty() { Ok(()) } else { write!(f, ".{}", domain.escape_ascii()) }
            }
            Self::SoftwareVersion(text) => write!(f, " \"{}\"", text.escape_ascii()),
            Self::PathsLimit(limits) => listed(limits, f, |of, f| write!(f, "{} {}", of.family(), of.limit())),
            Self::Other { value, .. } => {
                f.write_str(" ")?;
                hex(value, f)
            }
            Self::RouteRefresh | Self::ExtendedMessage | Self::EnhancedRouteRefresh | Self::LinkLocalNextHop => Ok(()),
        }
    }
}

fn forwarding(is_forwarding: bool) -> &'static str {
    if is_forwarding { " forwarding" } else { "" }
}

fn next_hop(of: &ExtendedNextHop, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match of.family() {
        Some(family) => write!(f, "{family} over {}", of.next_hop()),
        None => hex(zerocopy::IntoBytes::as_bytes(of), f),
    }
}

/// Items behind a space, with commas between them.
fn listed<I: IntoIterator>(
    items: I,
    f: &mut fmt::Formatter<'_>,
    say: impl Fn(I::Item, &mut fmt::Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    items.into_iter().enumerate().try_for_each(|(n, item)| {
        f.write_str(if n == 0 { " " } else { ", " })?;
        say(item, f)
    })
}
