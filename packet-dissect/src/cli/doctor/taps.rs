//! Where packets were captured: each file, or each of its interfaces, is a tap.

use std::net::IpAddr;
use std::sync::Arc;

use crate::{LinkType, Record, Timestamp};

use super::super::offset::Given;
use super::bounded::fingerprint;
use super::clocks::{Clock, Kind, Samples, clocks};
use super::passage::{Flow, Passage};
use super::sight::Sight;

/// So many taps are compared.
pub(super) const MAX_TAPS: usize = 8;
/// So far behind its time a packet may come, in nanoseconds, where taps are compared.
const LATE: i64 = 1_000_000_000;

/// Where a record was captured, within its file: the section, the interface in it, and the kernel's number of the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in super::super) struct Device {
    section: u32,
    interface: u32,
    index: Option<u32>,
}

impl Device {
    pub(in super::super) fn of(record: &Record<'_>, section: u32, interface: u32) -> Self {
        let index = match (record.link_type, record.bytes) {
            // draft-ietf-opsawg-pcaplinktype: behind the protocol and two bytes.
            (LinkType::LINUX_SLL2, [_, _, _, _, a, b, c, d, ..]) => Some(u32::from_be_bytes([*a, *b, *c, *d])),
            _ => None,
        };
        Self { section, interface, index }
    }
}

/// All files, and the taps that they are.
#[derive(Debug, Default)]
pub(super) struct Taps {
    files: Vec<File>,
    taps: Vec<Tap>,
    /// What the user says of files' clocks.
    given: Vec<(String, Given)>,
    /// Some capture has not all of its packets' bytes.
    pub(super) is_cut: bool,
}

#[derive(Debug)]
struct File {
    name: Arc<str>,
    samples: Samples,
    /// Its devices; `None` if there are too many.
    devices: Option<Vec<(Device, Watch)>>,
    whole: Watch,
    /// It is what several devices see, and tells not which.
    is_of_several: bool,
    /// It is what netfilter logged: some packets that came by, and others did not.
    is_log: bool,
    latest: i64,
    has_times: bool,
    is_in_order: bool,
    given: Option<Given>,
    clock: Clock,
}

/// What goes by somewhere.
#[derive(Debug, Clone, Default)]
struct Watch {
    /// From when to when, by its own clock.
    span: Option<(i64, i64)>,
    /// The addresses that all packets go to or come from, of IPv4 and of IPv6; `None` before the first.
    common: [Option<[Option<IpAddr>; 2]>; 2],
}

impl Watch {
    fn see(&mut self, time: i64, sight: &Sight<'_>) {
        self.span = Some(self.span.map_or((time, time), |(first, last)| (first.min(time), last.max(time))));
        for Passage { nodes, flow, .. } in &sight.passages {
            let (from, to) = nodes.unwrap_or(flow.addresses);
            // What is said on a link alone is nobody's own.
            if to.is_multicast() || is_of_link(from) || is_of_link(to) {
                continue;
            }
            let [of_ipv4, of_ipv6] = &mut self.common;
            let common = if to.is_ipv4() { of_ipv4 } else { of_ipv6 }.get_or_insert([Some(from), Some(to)]);
            common.iter_mut().for_each(|of| *of = of.filter(|of| *of == from || *of == to));
        }
    }
}

/// Where packets were captured.
#[derive(Debug)]
pub(super) struct Tap {
    file: usize,
    device: Option<Device>,
    name: String,
    watch: Watch,
    /// A packet may come by several times, at several devices.
    pub(super) is_of_several: bool,
}

impl Taps {
    /// How a file's clock stands to the first one's.
    pub(super) fn give(&mut self, file: String, clock: Given) {
        self.given.push((file, clock));
    }

    /// What follows is of this file.
    pub(super) fn begin(&mut self, name: &Arc<str>) {
        self.files.push(File {
            name: name.clone(),
            samples: Samples::default(),
            devices: Some(Vec::new()),
            whole: Watch::default(),
            is_of_several: false,
            is_log: false,
            latest: i64::MIN,
            has_times: true,
            is_in_order: true,
            given: self.given.iter().rfind(|(file, _)| **file == **name).map(|(_, given)| *given),
            clock: Clock::of_first(self.files.len()),
        });
    }

    /// Takes a packet of the last file in.
    pub(super) fn see(&mut self, record: &Record<'_>, device: Device, sight: &Sight<'_>) {
        let Some(file) = self.files.last_mut() else { return };
        // Beyond this a payload has told what it is.
        self.is_cut |= record.missing() > 0 && record.bytes.len() < 256;
        file.is_of_several |= record.link_type == LinkType::LINUX_SLL;
        file.is_log |= record.link_type == LinkType::NFLOG;
        let Some(time) = sight.at.time.and_then(nanoseconds) else {
            file.has_times = false;
            return;
        };
        file.is_in_order &= file.latest.saturating_sub(time) <= LATE;
        file.latest = file.latest.max(time);
        file.whole.see(time, sight);
        if let Some(devices) = &mut file.devices {
            let is_full = devices.len() == MAX_TAPS;
            match devices.iter_mut().find(|(known, _)| *known == device) {
                Some((_, watch)) => watch.see(time, sight),
                None if is_full => file.devices = None,
                None => {
                    let mut watch = Watch::default();
                    watch.see(time, sight);
                    devices.push((device, watch));
                }
            }
        }
        for passage in sight.passages.iter().filter(|passage| passage.is_unique(false)) {
            let kind = if passage.is_numbered() { Kind::Numbered } else { Kind::Alike };
            let Flow { addresses, ports: (from, to), .. } = passage.flow;
            // Some answer with what they are asked.
            let identity = fingerprint(&(passage.identity(false), from < to));
            file.samples.add(identity, time, addresses, kind);
        }
    }

    /// All files were seen: what the taps are, and how their clocks stand to one another. Whether there are several.
    pub(super) fn settle(&mut self) -> bool {
        let samples: Vec<_> = self.files.iter().map(|file| &file.samples).collect();
        let given = |file: &File| Some((file.given?, file.whole.span?.0));
        let clocks = clocks(&samples, &self.files.iter().map(given).collect::<Vec<_>>());
        for (file, clock) in self.files.iter_mut().zip(clocks) {
            (file.clock, file.samples) = (clock, Samples::default());
        }
        let is_fit = |file: &File| file.has_times && file.is_in_order && !file.is_log && file.whole.span.is_some();
        let devices = |file: &File| file.devices.as_ref().map_or(MAX_TAPS + 1, Vec::len);
        let total: usize = self.files.iter().filter(|file| is_fit(file)).map(devices).sum();
        let names = self.names();
        for ((number, file), name) in self.files.iter().enumerate().zip(names).filter(|((_, file), _)| is_fit(file)) {
            match &file.devices {
                Some(devices) if devices.len() > 1 && total <= MAX_TAPS => {
                    self.taps.extend(devices.iter().map(|(device, watch)| Tap {
                        file: number,
                        device: Some(*device),
                        name: name_of(&name, device),
                        watch: watch.clone(),
                        is_of_several: file.is_of_several,
                    }));
                }
                devices => self.taps.push(Tap {
                    file: number,
                    device: None,
                    name,
                    watch: file.whole.clone(),
                    is_of_several: file.is_of_several || devices.as_ref().is_none_or(|devices| devices.len() > 1),
                }),
            }
        }
        self.taps.truncate(MAX_TAPS);
        self.taps.len() > 1
    }

    /// What cannot be said of files, and why; and how their clocks stand.
    pub(super) fn remarks(&self) -> Vec<String> {
        let mut said = Vec::new();
        for file in &self.files {
            if !file.has_times {
                said.push(format!("{} has packets without times: it is not compared with the others.", file.name));
            } else if !file.is_in_order {
                said.push(format!(
                    "{} is not in the order of its times: it is not compared with the others.",
                    file.name
                ));
            }
        }
        let beyond: Vec<_> = (0..self.files.len()).filter(|at| self.taps.iter().all(|tap| tap.file != *at)).collect();
        if self.taps.len() == MAX_TAPS && !beyond.is_empty() {
            said.push(format!("{MAX_TAPS} taps are compared, and no more."));
        }
        said
    }

    /// How each file's clock stands to the first one's, in words.
    pub(super) fn clocks(&self) -> Vec<String> {
        let names = self.names();
        let others = names.iter().zip(&self.files).skip(1).filter(|(_, file)| !file.is_log);
        let told = |(name, file): (&String, &File)| {
            let Clock { first: of, offset, drift, is_known, doubt, is_given, .. } = file.clock;
            let Some(first) = names.get(of).filter(|first| *first != name) else {
                return format!(
                    "{name} has too few packets, or none, that those before it have: how their clocks stand is not known."
                );
            };
            if !is_known {
                return format!(
                    "{name} and {first} have packets of one direction alone in common: how far their clocks are apart and how long \
                     the packets took cannot be told from one another."
                );
            }
            let seconds = |of: i64| of.unsigned_abs() as f64 / 1e9;
            let side = if offset < 0 { "behind" } else { "ahead of" };
            let mut text = if is_given && offset == 0 {
                format!("The clocks of {name} and {first} show the same")
            } else if offset.abs() <= doubt {
                format!("The clocks of {name} and {first} show the same, or are at most {:.6} s apart", seconds(doubt))
            } else {
                format!("{name}'s clock is {:.6} s {side} that of {first}", seconds(offset))
            };
            if drift != 0.0 {
                let gains = if drift < 0.0 { "loses" } else { "gains" };
                text.push_str(&format!(", and {gains} {:.1} us a second", (drift * 1e6).abs()));
            }
            text.push_str(if is_given { ", as is given." } else { "." });
            text
        };
        let mut said: Vec<String> = others.map(told).collect();
        for (name, _) in names.iter().zip(&self.files).filter(|(_, file)| file.given.is_some() && !file.clock.is_given)
        {
            said.push(format!(
                "What is given of {name}'s clock cannot be, and is not heeded: by it packets come before they are sent."
            ));
        }
        let is_assumed =
            |(at, file): (usize, &File)| file.clock.first != at && file.clock.is_known && !file.clock.is_given;
        if self.files.iter().enumerate().any(is_assumed) {
            said.push(
                "Clocks and delays of one way are told as if the shortest delays were the same both ways.".to_owned(),
            );
        }
        said
    }

    /// What files are called: without their folders, if that tells them apart.
    fn names(&self) -> Vec<String> {
        let short = |file: &File| file.name.rsplit('/').next().unwrap_or(&file.name).to_owned();
        let names: Vec<String> = self.files.iter().map(short).collect();
        let is_short = names.iter().enumerate().all(|(at, name)| !names.iter().take(at).any(|other| other == name));
        if is_short { names } else { self.files.iter().map(|file| file.name.to_string()).collect() }
    }

    pub(super) fn files(&self) -> impl Iterator<Item = &Arc<str>> {
        self.files.iter().map(|file| &file.name)
    }

    pub(super) fn len(&self) -> usize {
        self.taps.len()
    }

    /// Which tap a file's device is.
    pub(super) fn at(&self, file: usize, device: Device) -> Option<usize> {
        self.taps.iter().position(|tap| tap.file == file && tap.device.is_none_or(|of| of == device))
    }

    pub(super) fn get(&self, at: usize) -> Option<&Tap> {
        self.taps.get(at)
    }

    /// How a file's clock stands.
    pub(super) fn clock(&self, file: usize) -> Clock {
        self.files.get(file).map_or(Clock::of_first(file), |file| file.clock)
    }

    fn clock_of(&self, at: usize) -> Clock {
        self.clock(self.taps.get(at).map_or(at, |tap| tap.file))
    }

    /// Whether its clock is known.
    pub(super) fn is_known(&self, at: usize) -> bool {
        self.clock_of(at).is_known
    }

    /// Whether two taps are known to see the same packets.
    pub(super) fn is_beside(&self, one: usize, other: usize) -> bool {
        self.clock_of(one).first == self.clock_of(other).first
    }

    /// Whether a tap saw packets before that time, by the shared clock.
    pub(super) fn is_begun(&self, at: usize, time: i64) -> bool {
        let span = self.taps.get(at).and_then(|tap| tap.watch.span);
        span.is_some_and(|(first, _)| self.clock_of(at).shared(first) <= time)
    }

    /// Whether a tap saw packets before that time and after it, by the shared clock.
    pub(super) fn is_watching(&self, at: usize, time: i64) -> bool {
        let (clock, span) = (self.clock_of(at), self.taps.get(at).and_then(|tap| tap.watch.span));
        let is_behind = |(_, last)| time <= clock.shared(last).saturating_sub(clock.spread);
        self.is_begun(at, time) && span.is_some_and(is_behind)
    }

    /// Whether all packets of a tap go to one of these addresses, or come from it.
    pub(super) fn is_home(&self, at: usize, of: &[Option<IpAddr>]) -> bool {
        let common = self.taps.get(at).map_or([None; 2], |tap| tap.watch.common);
        common.into_iter().flatten().any(|common| match common {
            [home @ Some(_), None] | [None, home @ Some(_)] => of.contains(&home),
            _ => false,
        })
    }

    /// What taps are called.
    pub(super) fn name(&self, taps: &[usize]) -> String {
        let names: Vec<&str> = taps.iter().filter_map(|at| self.taps.get(*at)).map(|tap| &*tap.name).collect();
        names.join(" and ")
    }

    pub(super) fn file(&self, at: usize) -> Arc<str> {
        let file = self.taps.get(at).and_then(|tap| self.files.get(tap.file));
        file.map_or_else(|| Arc::from(""), |file| file.name.clone())
    }

    /// What a tap's clock shows at a time of the shared one.
    pub(super) fn shown(&self, at: usize, time: i64) -> Option<Timestamp> {
        let own = self.clock_of(at).own(time);
        Some(Timestamp {
            seconds: own.div_euclid(1_000_000_000),
            nanoseconds: u32::try_from(own.rem_euclid(1_000_000_000)).ok()?,
        })
    }
}

fn is_of_link(address: IpAddr) -> bool {
    matches!(address, IpAddr::V6(address) if address.is_unicast_link_local())
}

/// A time in nanoseconds since 1970 began.
pub(super) fn nanoseconds(time: Timestamp) -> Option<i64> {
    i64::try_from(time.total_nanoseconds()).ok()
}

fn name_of(file: &str, device: &Device) -> String {
    match device.index {
        Some(index) => format!("{file} (device {index})"),
        None => format!("{file} (interface {})", device.interface),
    }
}
