//! What a capture as a whole allows to be said, and what it does not.

use std::net::IpAddr;

use crate::Timestamp;
use ether_ip::tcp::TcpFlags;

use super::super::packet::Addresses;
use super::bounded::Bounded;
use super::report::several;
use super::sight::{Segment, Sight};

/// So far behind its time a packet may come, in nanoseconds, as where several queues are captured.
const LATE: i128 = 100_000_000;
/// Of so many segments it is looked at whether their connections began before.
const FIRST: u32 = 1_000;
/// So many packets have an answer among them, if answers are captured.
const LEAST: u64 = 20;

/// What is to be known of a capture.
#[derive(Debug, Default)]
pub(super) struct Whole {
    packets: u64,
    without_time: u64,
    latest: Option<Timestamp>,
    is_out_of_order: bool,
    /// Who sends to whom, until one answers.
    ways: Bounded<Addresses, ()>,
    has_answers: bool,
    addressed: u64,
    /// Connections by their clients and servers, and how many of them began before.
    connections: Bounded<(Addresses, (u16, u16)), ()>,
    segments: u32,
    before: u64,
}

impl Whole {
    /// Takes a packet in; whether they are in order.
    pub(super) fn see(&mut self, sight: &Sight<'_>) -> bool {
        self.packets += 1;
        self.without_time += u64::from(sight.at.time.is_none());
        if let (Some(time), Some(latest)) = (sight.at.time, self.latest) {
            self.is_out_of_order |= latest.nanoseconds_since(time) > LATE;
        }
        self.latest = self.latest.into_iter().chain(sight.at.time).max_by_key(|time| time.total_nanoseconds());
        if let (Some(header), false) = (sight.headers.last(), self.has_answers) {
            let (source, destination) = header.addresses;
            self.has_answers = self.ways.has(&(destination, source));
            self.addressed += u64::from(!is_to_many(destination));
            self.ways.of((source, destination));
        }
        sight.segments.iter().for_each(|segment| self.connection(segment));
        !self.is_out_of_order
    }

    /// Whether the connection of a segment began before the capture.
    fn connection(&mut self, segment: &Segment) {
        if self.segments == FIRST {
            return;
        }
        self.segments += 1;
        let (addresses, ports) = (segment.header.addresses, segment.ports);
        let is_known = self.connections.has(&(addresses, ports));
        // Who resets a connection may refuse what came before.
        let begins = [TcpFlags::SYN, TcpFlags::RST].iter().any(|flag| segment.flags.contains(*flag));
        self.before += u64::from(!is_known && !begins);
        self.connections.of((addresses, ports));
        self.connections.of((segment.header.way_back(), (ports.1, ports.0)));
    }

    /// What cannot be said of it, and why.
    pub(super) fn remarks(&self, file: &str, into: &mut Vec<String>) {
        let file = if file.is_empty() { "The capture" } else { file };
        if self.without_time > 0 {
            into.push(format!(
                "{file} has packets without times: nothing is said of what takes time, as answers that do not come."
            ));
        }
        if self.is_out_of_order {
            into.push(format!("{file} is not in the order of its times: nothing is said of what is sent again."));
        }
        if self.before > 0 {
            into.push(format!(
                "{file} begins in the middle of {}: what was agreed on before is not known.",
                several(self.before, "TCP connection")
            ));
        }
        if self.addressed >= LEAST && !self.has_answers {
            into.push(format!("{file} has one direction only: nothing is said of answers that do not come."));
        }
    }
}

fn is_to_many(address: IpAddr) -> bool {
    address.is_multicast() || address == IpAddr::from([255; 4])
}

#[cfg(test)]
mod tests {
    use super::super::lab::{A, ACK, B, Capture, Ip, SYN, Tcp, frame, remarks};

    /// Pings from A, one of them answered.
    fn pings(times: impl IntoIterator<Item = u64>) -> Capture {
        let mut capture: Capture = times.into_iter().map(|at| (at, frame(&Ip::new(A, B).ping(at as u16)))).collect();
        capture.push((9_999, frame(&Ip::new(B, A).ping(1))));
        capture
    }

    #[test]
    fn nothing_to_be_said() {
        assert!(remarks(&pings(0..30), true).is_empty());
        // A few packets late by less than queues are.
        assert!(remarks(&pings([0, 200, 110, 300]), true).is_empty());
        assert!(remarks(&pings(0..30)[..19].to_vec(), true).is_empty());
    }

    #[test]
    fn one_direction() {
        let remark = "lab.pcap has one direction only: nothing is said of answers that do not come.";
        assert_eq!(remarks(&pings(0..30)[..20].to_vec(), true), [remark]);
    }

    #[test]
    fn without_times() {
        let remark =
            "lab.pcap has packets without times: nothing is said of what takes time, as answers that do not come.";
        assert_eq!(remarks(&pings(0..30), false), [remark]);
    }

    /// The same segments in another order look as if they were sent again.
    #[test]
    fn out_of_order() {
        let segment = |at: u64| {
            let data = Tcp { len: 100, ..Tcp::there(ACK, 100 + 100 * at as u32, 300) };
            (1_000 * at, frame(&Ip { id: at as u16, ..Ip::new(A, B) }.tcp(data)))
        };
        let mut capture: Capture = (0..20).rev().map(segment).collect();
        capture.extend(pings(0..2));
        let remark = "lab.pcap is not in the order of its times: nothing is said of what is sent again.";
        assert_eq!(remarks(&capture, true)[0], remark);
        assert!(super::super::lab::codes(&capture).is_empty());
    }

    /// Two connections, of which one is asked for in the capture.
    #[test]
    fn from_the_middle() {
        let segment = |at, of| (at, frame(&Ip::new(A, B).tcp(of)));
        let mut capture = vec![
            segment(0, Tcp { ports: (40_001, 80), ..Tcp::there(SYN, 100, 0) }),
            segment(1, Tcp { ports: (40_001, 80), ..Tcp::there(ACK, 101, 300) }),
        ];
        assert!(remarks(&capture, true).is_empty());
        capture.extend([segment(2, Tcp::there(ACK, 100, 300)), segment(3, Tcp::there(ACK, 100, 301))]);
        let remark = "lab.pcap begins in the middle of 1 TCP connection: what was agreed on before is not known.";
        assert_eq!(remarks(&capture, true), [remark]);
    }
}
