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

// Floor 7: the rules.
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
mod questions;
mod routes;
mod tcp;
mod told;
mod tunnels;
mod weave;

// Floor 8: the same packets at several taps, and what is so as it arises.
mod matching;
mod watch;

#[cfg(test)]
mod lab;

use core::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::bgp::sessions::Overrule;
use crate::capture::{Described, Origin};
use crate::{Capture, CaptureError, LinkType, Record, Timestamp, Tunnels};

use super::args::Cni;
use super::cluster::Cluster;
use super::listener::Shown;
use super::merge::Merged;
use super::network::Network;
use super::offset::Given;
use super::opened::{Keys, Openers};
use super::session::Session;
use capture::Whole;
pub use code::Gravity;
pub use finding::{Evidence, Finding, Frame};
use ledger::Ledger;
use matching::{Compared, Matching};
pub(super) use report::{Form, Report, list, list_json};
use rule::Rule;
use sight::Sight;
pub(super) use taps::Device;
use taps::{Taps, nanoseconds};
pub(super) use watch::Watch;

/// What is known of the network.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) tunnels: Tunnels<'a>,
    /// What it says of itself.
    pub(super) cluster: Option<&'a Cluster>,
    /// The longest IP packet that goes between nodes, in bytes.
    pub(super) mtu: u16,
    /// The keys of what tunnels seal.
    pub(super) keys: Option<&'a Keys>,
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
        Self::of(Known { tunnels, cluster: None, mtu: 1500, keys: None })
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

    /// How the clock of a capture that is yet to come stands to that of the first one.
    pub(super) fn give(&mut self, file: &str, clock: Given) {
        self.taps.give(file.to_owned(), clock);
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
        let (findings, beyond) = (self.noted(), self.ledger.beyond());
        let Compared { mut rows, remarks } = self.compared;
        if let Some(cluster) = self.known.cluster {
            for row in &mut rows {
                let name = |address| Some((address, cluster.name(address)?.to_owned()));
                row.names = [row.pods.0, row.pods.1].into_iter().filter_map(name).collect();
            }
        }
        Report { findings, packets: self.packets, beyond, remarks: self.remarks, compared: remarks, rows }
    }

    /// What was found so far without having to wait for the end, with names.
    fn noted(&self) -> Vec<Finding> {
        let mut findings = self.ledger.findings();
        if let Some(cluster) = self.known.cluster {
            findings.iter_mut().for_each(|finding| finding.call(|address| cluster.name(address)));
        }
        findings
    }

    /// What was found, with names.
    fn named_findings(mut self) -> Vec<Finding> {
        self.end();
        self.noted()
    }

    /// Looks at captures, each by itself and then all beside one another: what one has of the same packets, and another has not. What was found, the
    /// gravest first.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, or is no capture.
    ///
    /// ```no_run
    /// use packet_dissect::{Doctor, Tunnels};
    ///
    /// let findings = Doctor::new(Tunnels::DEFAULT).examine(&["node-1.pcap", "node-2.pcap"])?;
    /// assert_eq!(findings, [], "{findings:#?}");
    /// # Ok::<(), packet_dissect::CaptureError>(())
    /// ```
    pub fn examine<P: AsRef<Path>>(self, paths: &[P]) -> Result<Vec<Finding>, CaptureError> {
        let mut doctor = self.comparing();
        for path in paths.iter().map(AsRef::as_ref) {
            let mut capture = Capture::open(path)?;
            doctor.begin(&path.to_string_lossy());
            while let Some(next) = capture.next_described() {
                let Described { record, origin } = next?;
                doctor.take_of(&record, Device::of(&record, origin.section, origin.number));
            }
        }
        doctor.compare_files(paths.iter().map(AsRef::as_ref));
        Ok(doctor.findings())
    }

    /// Looks at the same files once more, beside one another.
    pub(super) fn compare_files<'p>(&mut self, paths: impl Iterator<Item = &'p Path>) {
        let Some(mut comparison) = self.compare() else { return };
        // What is wrong with a file was said when it was read by itself.
        let mut merged = Merged::new(paths.filter_map(|path| Some((path, Capture::open(path).ok()?))).collect());
        let clock = comparison.clock();
        let mut take = |file, record: &Record<'_>, origin: &Origin<'_>| {
            comparison.take(file, record, Device::of(record, origin.section, origin.number));
        };
        while merged.next_by(&clock, |file, _, record, origin| take(file, record, &origin)).is_some() {}
        comparison.end();
    }

    /// All captures were seen, each by itself. If several can be compared, their packets are to be shown again: of all files the earliest
    /// first, by the shared clock.
    fn compare(&mut self) -> Option<Comparison<'a, '_>> {
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
struct Comparison<'a, 'b> {
    sessions: Vec<Session<'a>>,
    sight: Sight<'a>,
    matching: Matching<'b>,
    ledger: &'b mut Ledger,
    compared: &'b mut Compared,
}

impl Comparison<'_, '_> {
    /// When a packet of a file comes, by the shared clock, in nanoseconds.
    fn clock(&self) -> impl Fn(usize, Timestamp) -> i128 + use<> {
        let clocks = self.matching.clocks();
        move |file, time| match (clocks.get(file), nanoseconds(time)) {
            (Some(clock), Some(time)) => clock.shared(time).into(),
            // What has no such time comes at once.
            _ => i128::MIN,
        }
    }

    /// Takes the next packet in.
    fn take(&mut self, file: usize, record: &Record<'_>, device: Device) {
        let Some(session) = self.sessions.get_mut(file) else { return };
        let packet = session.take(record);
        self.sight.take(record, &packet);
        packet.was_shown();
        self.matching.see(file, device, &self.sight);
    }

    /// All packets were seen.
    fn end(self) {
        *self.compared = self.matching.end(self.ledger);
    }
}

/// A frame, and when it came, in nanoseconds since 1970 began.
type Timed = (i64, Vec<u8>);

/// What several captures of Ethernet, each with its name, say together.
pub(super) fn together(captures: &[(&str, &[Timed])]) -> Report {
    let mut doctor = Doctor::new(Tunnels::DEFAULT).comparing();
    let take = |number, at: i64, bytes: &[u8], take: &mut dyn FnMut(&Record<'_>)| {
        let (time, original_len) = (Some(timestamp(at)), bytes.len() as u32);
        take(&Record { number, time, original_len, link_type: LinkType::ETHERNET, bytes });
    };
    for (name, capture) in captures {
        doctor.begin(name);
        for (number, (at, bytes)) in (1..).zip(*capture) {
            take(number, *at, bytes, &mut |record| doctor.take(record));
        }
    }
    if let Some(mut comparison) = doctor.compare() {
        let clock = comparison.clock();
        let mut all = Vec::new();
        for (file, (_, capture)) in captures.iter().enumerate() {
            all.extend((1..).zip(*capture).map(|(number, of)| (file, number, of)));
        }
        all.sort_by_key(|(file, _, (at, _))| clock(*file, timestamp(*at)));
        for (file, number, (at, bytes)) in all {
            take(number, *at, bytes, &mut |record| comparison.take(file, record, Device::of(record, 0, 0)));
        }
        comparison.end();
    }
    doctor.report()
}

fn timestamp(at: i64) -> Timestamp {
    Timestamp { seconds: at.div_euclid(1_000_000_000), nanoseconds: at.rem_euclid(1_000_000_000) as u32 }
}

fn session(known: Known<'_>) -> Session<'_> {
    // Of all fragments it must be known whether their packets are whole, the sleeve's among them.
    let cni = Some(Cni::Weave);
    let key = known.keys.and_then(|keys| keys.weave.clone());
    let network = Network { cni, key, ..Network::new(known.tunnels) };
    Session::new(network, Overrule::default(), known.keys.map_or_else(Openers::default, Keys::openers))
}

fn rules<'a>(known: Known<'a>) -> Vec<Box<dyn Rule + 'a>> {
    let mut rules: Vec<Box<dyn Rule + 'a>> = vec![
        Box::new(checksums::Checksums::default()),
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
