//! The doctor: what is wrong in an overlay, from what was captured in it.

// Floor 0: what can be found, and what is kept of packets.
mod bounded;
mod code;

// Floor 1: what a finding is.
mod finding;

// Floor 2: what is noted, and what a BGP message says.
mod ledger;
mod said;

// Floor 3: what is looked at.
mod sight;

// Floor 4: what a rule is, how findings are told, and what a capture does not allow to be said.
mod capture;
mod report;
mod rule;

// Floor 5: the rules.
mod bgp;
mod black_hole;
mod checksums;
mod dns;
mod fragments;
mod icmp;
mod leased;
mod loops;
mod malformed;
mod mss;
mod neighbours;
mod policy;
mod questions;
mod tcp;
mod tunnels;

#[cfg(test)]
mod lab;

use core::fmt;
use std::sync::Arc;

use crate::bgp::sessions::Overrule;
use crate::{Record, Tunnels};

use super::args::Cni;
use super::leases::Places;
use super::listener::Shown;
use super::network::Network;
use super::opened::Openers;
use super::session::Session;
use capture::Whole;
pub use code::Gravity;
pub use finding::{Evidence, Finding, Frame};
use ledger::Ledger;
pub(super) use report::{Report, list, list_json};
use rule::Rule;
use sight::Sight;

/// What is known of the network.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) tunnels: Tunnels<'a>,
    pub(super) places: Option<&'a Places>,
    /// The longest IP packet that goes between nodes, in bytes.
    pub(super) mtu: u16,
}

/// Says what is wrong in an overlay, from packets that were captured one after the other, as `packet-dissect diagnose` does. A network
/// that works has no finding: a test asserts that there is none.
///
/// ```
/// use packet_dissect::{Doctor, LinkType, Record, Tunnels};
///
/// # let mut bytes = [
/// #     2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 33, 0, 0, 0x40, 0, 64, 17, 0xb6, 0xc8, 192, 0, 2, 1, 192, 0,
/// #     2, 2, 0x0f, 0xa0, 0, 53, 0, 13, 0x28, 0x29, b'h', b'e', b'l', b'l', b'o',
/// # ];
/// let findings = |bytes: &[u8]| {
///     let mut doctor = Doctor::new(Tunnels::DEFAULT);
///     doctor.take(&Record { number: 1, time: None, original_len: 47, link_type: LinkType::ETHERNET, bytes });
///     doctor.findings()
/// };
/// assert_eq!(findings(&bytes), []);
/// // A byte of UDP's payload changes on the way.
/// bytes[46] ^= 1;
/// assert_eq!(findings(&bytes)[0].code(), "inner-checksum");
/// ```
pub struct Doctor<'a> {
    known: Known<'a>,
    session: Session<'a>,
    sight: Sight<'a>,
    rules: Vec<Box<dyn Rule + 'a>>,
    ledger: Ledger,
    whole: Whole,
    packets: u64,
    remarks: Vec<String>,
}

impl<'a> Doctor<'a> {
    /// One that has seen no packet, with these ports of tunnels and of protocols over TCP. Between nodes packets of 1500 bytes go.
    #[must_use]
    pub fn new(tunnels: Tunnels<'a>) -> Self {
        Self::of(Known { tunnels, places: None, mtu: 1500 })
    }

    pub(super) fn of(known: Known<'a>) -> Self {
        Self {
            known,
            session: session(known),
            sight: Sight::new(known.tunnels),
            rules: rules(known),
            ledger: Ledger::default(),
            whole: Whole::default(),
            packets: 0,
            remarks: Vec::new(),
        }
    }

    /// The same where packets of so many bytes, the IP header's included, go between nodes.
    #[must_use]
    pub fn with_mtu(self, mtu: u16) -> Self {
        Self::of(Known { mtu, ..self.known })
    }

    /// What is taken in from now on comes from the capture of this name. Each is judged by itself: what one lacks may have
    /// passed elsewhere.
    pub fn begin(&mut self, file: &str) {
        self.end();
        self.sight.at.frame.file = Arc::from(file);
        (self.session, self.rules) = (session(self.known), rules(self.known));
        self.sight.is_in_order = true;
    }

    /// Takes the next packet in.
    pub fn take(&mut self, record: &Record<'_>) {
        self.packets += 1;
        let packet = self.session.take(record);
        self.sight.take(record, &packet);
        packet.was_shown();
        self.sight.is_in_order = self.whole.see(&self.sight);
        self.rules.iter_mut().for_each(|rule| rule.see(&self.sight, &mut self.ledger));
    }

    /// What was found, the gravest first.
    #[must_use]
    pub fn findings(mut self) -> Vec<Finding> {
        self.end();
        self.ledger.findings()
    }

    /// The same, and what is to be said beside it.
    pub(super) fn report(mut self) -> Report {
        self.end();
        let (findings, beyond) = (self.ledger.findings(), self.ledger.beyond());
        Report { findings, packets: self.packets, beyond, remarks: self.remarks }
    }

    /// All of a capture was seen.
    fn end(&mut self) {
        self.rules.drain(..).for_each(|mut rule| rule.end(&mut self.ledger));
        std::mem::take(&mut self.whole).remarks(&self.sight.at.frame.file, &mut self.remarks);
    }
}

fn session(known: Known<'_>) -> Session<'_> {
    // Of all fragments it must be known whether their packets are whole, the sleeve's among them.
    let cni = Some(Cni::Weave);
    let network = Network { places: known.places, cni, ..Network::new(known.tunnels) };
    Session::new(network, Overrule::default(), Openers::default())
}

fn rules<'a>(known: Known<'a>) -> Vec<Box<dyn Rule + 'a>> {
    let mut rules: Vec<Box<dyn Rule + 'a>> = vec![
        Box::new(checksums::Checksums),
        Box::new(malformed::Malformed),
        Box::new(icmp::Icmp::default()),
        Box::new(tcp::Tcp::default()),
        Box::new(mss::Mss::new(known.mtu)),
        Box::new(neighbours::Neighbours::default()),
        Box::new(fragments::Fragments::default()),
        Box::new(tunnels::Tunnels::default()),
        Box::new(loops::Loops::default()),
        Box::new(black_hole::BlackHole::new(known.mtu)),
        Box::new(questions::Questions::new(known.mtu)),
        Box::new(bgp::Bgp::default()),
        Box::new(dns::Resolving::default()),
        Box::new(policy::Policy),
    ];
    rules.extend(known.places.map(|places| Box::new(leased::Leased::new(places)) as Box<dyn Rule + 'a>));
    rules
}

impl fmt::Debug for Doctor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Doctor").finish_non_exhaustive()
    }
}
