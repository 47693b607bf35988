//! What is wrong as it arises, and when it is so no more: packets that come go by two doctors, of whom one began half a window after the other.
//! What the elder finds when its window is over is so; what it found before and finds no more is gone.

use std::collections::BTreeMap;

use crate::Record;

use super::finding::Finding;
use super::report::Form;
use super::{Device, Doctor, Known};

/// Looks at packets as they come.
pub(in super::super) struct Watch<'a> {
    known: Known<'a>,
    /// The elder one.
    elder: Doctor<'a>,
    younger: Doctor<'a>,
    /// How long half a window is, and when the elder one's ends, in nanoseconds.
    half: i128,
    until: Option<i128>,
    /// What is so.
    found: BTreeMap<String, Finding>,
    /// Something was found at some time.
    pub(in super::super) has_found: bool,
    form: Form,
}

impl<'a> Watch<'a> {
    /// One that says what is so of windows of so many seconds.
    pub(in super::super) fn new(known: Known<'a>, window: u32, form: Form) -> Self {
        let half = i128::from(window) * 1_000_000_000 / 2;
        let (elder, younger) = (Doctor::of(known), Doctor::of(known));
        Self { known, elder, younger, half, until: None, found: BTreeMap::new(), has_found: false, form }
    }

    /// Takes the next packet in.
    pub(in super::super) fn take(&mut self, record: &Record<'_>, interface: u32) {
        let device = Device::of(record, 0, interface);
        self.elder.take_of(record, device);
        self.younger.take_of(record, device);
    }

    /// What there is to say at a time, in nanoseconds since 1970 began.
    pub(in super::super) fn told(&mut self, now: i128) -> Vec<u8> {
        let mut out = Vec::new();
        for doctor in [&self.elder, &self.younger] {
            for finding in doctor.noted() {
                Self::find(&mut self.found, finding, now, &self.form, &mut out);
            }
        }
        let until = *self.until.get_or_insert(now + self.half * 2);
        if now >= until {
            // The first window is whole; of each after it half is new.
            self.until = Some(now + self.half);
            self.close(now, &mut out);
        }
        self.has_found |= !self.found.is_empty();
        out
    }

    /// Nothing comes any more.
    pub(in super::super) fn end(&mut self, now: i128) -> Vec<u8> {
        let mut out = Vec::new();
        self.close(now, &mut out);
        self.has_found |= !self.found.is_empty();
        out
    }

    fn close(&mut self, now: i128, out: &mut Vec<u8>) {
        let younger = std::mem::replace(&mut self.younger, Doctor::of(self.known));
        let findings = std::mem::replace(&mut self.elder, younger).named_findings();
        let mut is_so: Vec<String> = self.elder.noted().iter().map(Finding::key).collect();
        is_so.extend(findings.iter().map(Finding::key));
        for finding in findings {
            Self::find(&mut self.found, finding, now, &self.form, out);
        }
        let gone: Vec<String> = self.found.keys().filter(|key| !is_so.contains(key)).cloned().collect();
        for finding in gone.iter().filter_map(|key| self.found.remove(key)) {
            self.form.say(&finding, false, now, out);
        }
    }

    fn find(found: &mut BTreeMap<String, Finding>, finding: Finding, now: i128, form: &Form, out: &mut Vec<u8>) {
        let key = finding.key();
        if !found.contains_key(&key) {
            form.say(&finding, true, now, out);
        }
        found.insert(key, finding);
    }
}

#[cfg(test)]
mod tests {
    use super::super::lab::{A, B, Ip, RST_ACK, SYN, Tcp, frame};
    use super::*;
    use crate::{LinkType, Timestamp, Tunnels};
    use serde_json::Value as Json;

    /// A connection is refused in the second second; it is told at once, and gone when a window has none.
    #[test]
    fn arises_and_goes() {
        let known = Known { tunnels: Tunnels::DEFAULT, cluster: None, mtu: 1500, keys: None };
        let mut watch = Watch::new(known, 10, Form::Json);
        let said = |watch: &mut Watch<'_>, seconds: i64| {
            let text = String::from_utf8(watch.told(i128::from(seconds) * 1_000_000_000)).unwrap();
            text.lines()
                .map(|line| serde_json::from_str::<Json>(line).unwrap())
                .map(|object| {
                    format!(
                        "{} {} {}",
                        object["at"].as_str().unwrap(),
                        object["state"].as_str().unwrap(),
                        object["code"].as_str().unwrap()
                    )
                })
                .collect::<Vec<_>>()
        };
        let take = |watch: &mut Watch<'_>, seconds: i64, bytes: &[u8]| {
            let time = Some(Timestamp { seconds, nanoseconds: 0 });
            let original_len = bytes.len() as u32;
            watch.take(&Record { number: 1, time, original_len, link_type: LinkType::ETHERNET, bytes }, 0);
        };
        assert_eq!(said(&mut watch, 1), [""; 0]);
        take(&mut watch, 2, &frame(&Ip::new(A, B).tcp(Tcp::there(SYN, 100, 0))));
        take(&mut watch, 2, &frame(&Ip::new(B, A).tcp(Tcp::back(RST_ACK, 0, 101))));
        assert_eq!(said(&mut watch, 2), ["2.000000000 found refused"]);
        assert_eq!(said(&mut watch, 3), [""; 0]);
        // Its window ends; the one that began with it goes on for half a window.
        assert_eq!(said(&mut watch, 11), [""; 0]);
        assert_eq!(said(&mut watch, 16), [""; 0]);
        assert_eq!(said(&mut watch, 21), ["21.000000000 gone refused"]);
        assert!(watch.has_found && watch.end(30_000_000_000).is_empty());
    }
}
