//! The doctor: what is wrong in an overlay, from what was captured in it.

// Floor 0: what can be found, and what is kept of packets.
mod bounded;
mod code;

// Floor 1: what a finding is.
mod finding;

// Floor 2: what is noted, what a BGP message says, and what a packet is known by.
mod ledger;
mod passage;
mod said;

// Floor 3: what is looked at.
mod sight;

// Floor 4: what a rule is, how findings are told, what a capture does not allow to be said, and how clocks stand.
mod capture;
mod clocks;
mod report;
mod rule;

// Floor 5: where packets were captured.
mod taps;

// Floor 6: what became of them from tap to tap.
mod paths;
mod pieces;

// Floor 7: the same packets at several taps.
mod matching;

// Floor 8: the rules.
mod bgp;
mod black_hole;
mod checksums;
mod dns;
mod fragments;
mod icmp;
mod loops;
mod malformed;
mod mss;
mod neighbours;
mod policy;
mod routes;
mod tcp;
mod told;
mod tunnels;
mod weave;

#[cfg(test)]
mod lab;

use core::fmt;
use std::sync::Arc;

use crate::bgp::sessions::Overrule;
use crate::{Record, Timestamp, Tunnels};

use super::args::Cni;
use super::cluster::Cluster;
use super::listener::Shown;
use super::network::Network;
use super::opened::Openers;
use super::session::Session;
use capture::Whole;
pub use code::Gravity;
pub use finding::{Evidence, Finding, Frame};
use ledger::Ledger;
use matching::{Compared, Matching};
pub(super) use report::{Report, list, list_json};
use rule::Rule;
use sight::Sight;
pub(super) use taps::Device;
use taps::{Taps, nanoseconds};

/// What is known of the network.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) tunnels: Tunnels<'a>,
    /// What it says of itself.
    pub(super) cluster: Option<&'a Cluster>,
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
    taps: Taps,
    compared: Compared,
}

impl<'a> Doctor<'a> {
    /// One that has seen no packet, with these ports of tunnels and of protocols over TCP. Between nodes packets of 1500 bytes go.
    #[must_use]
    pub fn new(tunnels: Tunnels<'a>) -> Self {
        Self::of(Known { tunnels, cluster: None, mtu: 1500 })
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
            taps: Taps::default(),
            compared: Compared::default(),
        }
    }

    /// The same where packets of so many bytes, the IP header's included, go between nodes.
    #[must_use]
    pub fn with_mtu(self, mtu: u16) -> Self {
        Self::of(Known { mtu, ..self.known })
    }

    /// The same that compares captures with one another, when each was looked at by itself.
    pub(super) fn comparing(mut self) -> Self {
        self.sight.is_compared = true;
        self
    }

    /// What is taken in from now on comes from the capture of this name. Each is judged by itself: what one lacks may have
    /// passed elsewhere.
    pub fn begin(&mut self, file: &str) {
        self.end();
        self.sight.at.frame.file = Arc::from(file);
        self.taps.begin(&self.sight.at.frame.file);
        (self.session, self.rules) = (session(self.known), rules(self.known));
        self.sight.is_in_order = true;
    }

    /// Takes the next packet in.
    pub fn take(&mut self, record: &Record<'_>) {
        self.take_of(record, Device::of(record, 0, 0));
    }

    /// The same of a packet that was captured there.
    pub(super) fn take_of(&mut self, record: &Record<'_>, device: Device) {
        self.packets += 1;
        let packet = self.session.take(record);
        self.sight.take(record, &packet);
        packet.was_shown();
        self.sight.is_in_order = self.whole.see(&self.sight);
        if self.sight.is_compared {
            self.taps.see(record, device, &self.sight);
        }
        self.rules.iter_mut().for_each(|rule| rule.see(&self.sight, &mut self.ledger));
    }

    /// What was found, the gravest first.
    #[must_use]
    pub fn findings(self) -> Vec<Finding> {
        self.report().findings
    }

    /// The same, and what is to be said beside it.
    pub(super) fn report(mut self) -> Report {
        self.end();
        let (mut findings, beyond) = (self.ledger.findings(), self.ledger.beyond());
        if let Some(cluster) = self.known.cluster {
            findings.iter_mut().for_each(|finding| finding.call(|address| cluster.name(address)));
        }
        let Compared { rows, remarks } = self.compared;
        Report { findings, packets: self.packets, beyond, remarks: self.remarks, compared: remarks, rows }
    }

    /// All captures were seen, each by itself. If several can be compared, their packets are to be shown again: of all files the earliest
    /// first, by the shared clock.
    pub(super) fn compare(&mut self) -> Option<Comparison<'a, '_>> {
        self.end();
        let is_several = self.taps.settle();
        self.remarks.extend(self.taps.remarks());
        let Self { known, taps, ledger, compared, .. } = self;
        let sessions = taps.files().map(|_| session(*known)).collect();
        let (mut sight, matching) = (Sight::new(known.tunnels), Matching::new(taps));
        sight.is_compared = true;
        is_several.then_some(Comparison { sessions, sight, matching, ledger, compared })
    }

    /// All of a capture was seen.
    fn end(&mut self) {
        self.rules.drain(..).for_each(|mut rule| rule.end(&mut self.ledger));
        std::mem::take(&mut self.whole).remarks(&self.sight.at.frame.file, &mut self.remarks);
    }
}

/// Captures, as they are compared with one another.
pub(super) struct Comparison<'a, 'b> {
    sessions: Vec<Session<'a>>,
    sight: Sight<'a>,
    matching: Matching<'b>,
    ledger: &'b mut Ledger,
    compared: &'b mut Compared,
}

impl Comparison<'_, '_> {
    /// When a packet of a file comes, by the shared clock, in nanoseconds.
    pub(super) fn clock(&self) -> impl Fn(usize, Timestamp) -> i128 + use<> {
        let clocks = self.matching.clocks();
        move |file, time| match (clocks.get(file), nanoseconds(time)) {
            (Some(clock), Some(time)) => clock.shared(time).into(),
            // What has no such time comes at once.
            _ => i128::MIN,
        }
    }

    /// Takes the next packet in.
    pub(super) fn take(&mut self, file: usize, record: &Record<'_>, device: Device) {
        let Some(session) = self.sessions.get_mut(file) else { return };
        let packet = session.take(record);
        self.sight.take(record, &packet);
        packet.was_shown();
        self.matching.see(file, device, &self.sight);
    }

    /// All packets were seen.
    pub(super) fn end(self) {
        *self.compared = self.matching.end(self.ledger);
    }
}

fn session(known: Known<'_>) -> Session<'_> {
    // Of all fragments it must be known whether their packets are whole, the sleeve's among them.
    let cni = Some(Cni::Weave);
    let network = Network { cni, ..Network::new(known.tunnels) };
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
        Box::new(bgp::Bgp::default()),
        Box::new(routes::Routes::default()),
        Box::new(dns::Resolving::default()),
        Box::new(policy::Policy),
        Box::new(weave::Weave::new(known.cluster)),
    ];
    rules.extend(known.cluster.map(|cluster| Box::new(told::Told::new(cluster)) as Box<dyn Rule + 'a>));
    rules
}

impl fmt::Debug for Doctor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Doctor").finish_non_exhaustive()
    }
}
