//! sFlow version 5: what switches and hosts tell of a sample of their packets, whose first bytes stand in it. Read only.
//!
//! ```text
//! datagram  | version 5 | address type | agent's address, 4 or 16 | sub-agent | sequence | uptime | samples |
//! sample    | type | length | …                                      each number has 4 bytes, big-endian
//! flow (1)  | sequence | source | rate | pool | drops | in | out | records |
//!   (3)     | sequence | source, 8 | rate | pool | drops | in, 8 | out, 8 | records |
//! record    | type | length | …
//! header (1)| protocol | frame's length | stripped | bytes | the frame's first bytes, up to a multiple of 4
//! ```
//!
//! sFlow.org's "sFlow Version 5" (2004) §5. A type is an enterprise's number, 0 for sFlow.org's own, above 12 bits of format.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{Error, LayerName, Rule};

/// sFlow, as [`Error`] names it.
pub const SFLOW: LayerName = LayerName::new("sFlow");

/// The UDP port of collectors (IANA).
pub const PORT: u16 = 6343;

/// A datagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SflowDatagram<'a> {
    /// Who tells.
    pub agent: IpAddr,
    /// Which part of it.
    pub sub_agent: u32,
    /// Number of the datagram.
    pub sequence: u32,
    /// How long the agent has been up, in milliseconds.
    pub uptime: u32,
    /// How many samples there are.
    pub count: u32,
    samples: &'a [u8],
    bytes: &'a [u8],
}

impl<'a> SflowDatagram<'a> {
    /// Reads a datagram's head; its samples are read as they are asked for.
    ///
    /// # Errors
    /// [`Error::Malformed`] for another version or type of address; [`Error::Truncated`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut reader = Reader { rest: bytes };
        exactly("version", reader.number()?, 5)?;
        let agent = match reader.number()? {
            1 => IpAddr::V4(Ipv4Addr::from(reader.number()?.to_be_bytes())),
            2 => {
                let (address, rest) = reader.rest.split_first_chunk::<16>().ok_or(reader.truncated(16))?;
                reader.rest = rest;
                IpAddr::V6(Ipv6Addr::from(*address))
            }
            kind => {
                let (field, rule) = ("type of the agent's address", Rule::Either(1, 2));
                return Err(Error::Malformed { layer: SFLOW, field, value: kind, rule });
            }
        };
        let (sub_agent, sequence) = (reader.number()?, reader.number()?);
        let (uptime, count) = (reader.number()?, reader.number()?);
        Ok(Self { agent, sub_agent, sequence, uptime, count, samples: reader.rest, bytes })
    }

    /// The whole datagram.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The samples, as many as there are, in order.
    #[must_use]
    pub const fn samples(&self) -> SflowParts<'a> {
        SflowParts { left: self.count, rest: self.samples }
    }
}

/// A sample, or a record in one: its type and its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SflowPart<'a> {
    /// Enterprise and format.
    pub kind: u32,
    /// What it holds.
    pub bytes: &'a [u8],
}

impl<'a> SflowPart<'a> {
    /// The sample as a sample of packets, if it is one, with sources and interfaces of four bytes or of eight.
    #[must_use]
    pub fn flow(&self) -> Option<Result<FlowSample<'a>, Error>> {
        match self.kind {
            1 => Some(FlowSample::parse(self.bytes, false)),
            3 => Some(FlowSample::parse(self.bytes, true)),
            _ => None,
        }
    }

    /// The record as a packet's first bytes, if it is that.
    #[must_use]
    pub fn header(&self) -> Option<Result<SampledHeader<'a>, Error>> {
        (self.kind == 1).then(|| SampledHeader::parse(self.bytes))
    }
}

/// Samples or records, one by one; after an error none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SflowParts<'a> {
    left: u32,
    rest: &'a [u8],
}

impl<'a> Iterator for SflowParts<'a> {
    type Item = Result<SflowPart<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let mut reader = Reader { rest: self.rest };
        let part = reader.part();
        self.rest = reader.rest;
        if part.is_err() {
            self.left = 0;
        }
        Some(part)
    }
}

/// A sample of packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FlowSample<'a> {
    /// Number of the sample.
    pub sequence: u32,
    /// Of how many packets one is sampled.
    pub rate: u32,
    /// How many packets could have been.
    pub pool: u32,
    /// How many samples were lost.
    pub drops: u32,
    records: SflowParts<'a>,
}

impl<'a> FlowSample<'a> {
    fn parse(bytes: &'a [u8], is_expanded: bool) -> Result<Self, Error> {
        let mut reader = Reader { rest: bytes };
        let sequence = reader.number()?;
        reader.skip(if is_expanded { 2 } else { 1 })?;
        let (rate, pool, drops) = (reader.number()?, reader.number()?, reader.number()?);
        reader.skip(if is_expanded { 4 } else { 2 })?;
        let left = reader.number()?;
        Ok(Self { sequence, rate, pool, drops, records: SflowParts { left, rest: reader.rest } })
    }

    /// What is told of the packet.
    #[must_use]
    pub const fn records(&self) -> SflowParts<'a> {
        self.records
    }
}

crate::open_set! {
    /// How a sampled packet begins.
    pub struct SampledProtocol(u32) {
        /// Ethernet.
        ETHERNET = 1, "Ethernet";
        /// PPP.
        PPP = 7, "PPP";
        /// IPv4.
        IPV4 = 11, "IPv4";
        /// IPv6.
        IPV6 = 12, "IPv6";
        /// MPLS.
        MPLS = 13, "MPLS";
    }
}

/// The first bytes of a sampled packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SampledHeader<'a> {
    /// How they begin.
    pub protocol: SampledProtocol,
    /// How long the packet was, in bytes, with a frame's check sequence.
    pub frame_len: u32,
    /// How many of its bytes were left out, at its end mostly.
    pub stripped: u32,
    /// The bytes.
    pub bytes: &'a [u8],
}

impl<'a> SampledHeader<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut reader = Reader { rest: bytes };
        let protocol = SampledProtocol(reader.number()?);
        let (frame_len, stripped) = (reader.number()?, reader.number()?);
        Ok(Self { protocol, frame_len, stripped, bytes: reader.bytes()? })
    }

    /// How many bytes of the packet are not here.
    #[must_use]
    pub const fn missing(&self) -> usize {
        (self.frame_len.saturating_sub(self.stripped) as usize).saturating_sub(self.bytes.len())
    }
}

fn exactly(field: &'static str, value: u32, right: u32) -> Result<(), Error> {
    let rule = Rule::Exactly(right);
    if rule.allows(value as usize) { Ok(()) } else { Err(Error::Malformed { layer: SFLOW, field, value, rule }) }
}

/// Numbers of four bytes, in a row.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    const fn truncated(&self, needed: usize) -> Error {
        Error::Truncated { layer: SFLOW, needed, available: self.rest.len() }
    }

    fn number(&mut self) -> Result<u32, Error> {
        let (number, rest) = self.rest.split_first_chunk::<4>().ok_or(self.truncated(4))?;
        self.rest = rest;
        Ok(u32::from_be_bytes(*number))
    }

    fn skip(&mut self, numbers: usize) -> Result<(), Error> {
        (0..numbers).try_for_each(|_| self.number().map(|_| ()))
    }

    /// Bytes behind their length, and what fills them up to a multiple of 4, if that is there.
    fn bytes(&mut self) -> Result<&'a [u8], Error> {
        let len = self.number()? as usize;
        let (bytes, rest) = self.rest.split_at_checked(len).ok_or(self.truncated(len))?;
        self.rest = rest.get((4 - len % 4) % 4..).unwrap_or_default();
        Ok(bytes)
    }

    fn part(&mut self) -> Result<SflowPart<'a>, Error> {
        Ok(SflowPart { kind: self.number()?, bytes: self.bytes()? })
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::ToString;
    use std::vec::Vec;

    fn numbers(of: &[u32]) -> Vec<u8> {
        of.iter().flat_map(|number| number.to_be_bytes()).collect()
    }

    /// sFlow Version 5 §5.3: a counter sample that is passed by, and a flow sample of each form with six bytes of a frame.
    fn datagram() -> Vec<u8> {
        let header = [&numbers(&[1, 64, 4, 6])[..], &[1, 2, 3, 4, 5, 6, 0, 0]].concat();
        let record = [&numbers(&[1, header.len() as u32])[..], &header].concat();
        let mut bytes = numbers(&[5, 1, 0xc000_0201, 0, 9, 1000, 3, 2, 4, 0]);
        for (kind, front) in [(1, &[7, 3, 256, 1000, 0, 1, 2, 1][..]), (3, &[8, 0, 3, 256, 1000, 0, 0, 1, 0, 2, 1])] {
            let sample = [&numbers(front)[..], &record].concat();
            bytes.extend(numbers(&[kind, sample.len() as u32]));
            bytes.extend(sample);
        }
        bytes
    }

    #[test]
    fn both_forms_of_a_sample() {
        let bytes = datagram();
        let datagram = SflowDatagram::parse(&bytes).unwrap();
        let SflowDatagram { agent, sub_agent, sequence, uptime, count, .. } = datagram;
        assert_eq!((agent, sub_agent, sequence), (IpAddr::from([192, 0, 2, 1]), 0, 9));
        assert_eq!((uptime, count, datagram.samples().count()), (1000, 3, 3));
        assert_eq!(datagram.as_bytes(), bytes);
        let flows: Vec<_> =
            datagram.samples().filter_map(|sample| sample.unwrap().flow()).map(Result::unwrap).collect();
        assert_eq!(flows.iter().map(|flow| flow.sequence).collect::<Vec<_>>(), [7, 8]);
        for flow in flows {
            assert_eq!((flow.rate, flow.pool, flow.drops), (256, 1000, 0));
            let header = flow.records().next().unwrap().unwrap().header().unwrap().unwrap();
            assert_eq!((header.protocol, header.frame_len, header.stripped), (SampledProtocol::ETHERNET, 64, 4));
            assert_eq!((header.bytes, header.missing()), (&[1, 2, 3, 4, 5, 6][..], 54));
        }
    }

    /// The same §5: an agent's address of type 2 is IPv6's.
    #[test]
    fn an_agent_of_ipv6() {
        let bytes = numbers(&[5, 2, 0x2001_0db8, 0, 0, 1, 7, 8, 9, 0]);
        let datagram = SflowDatagram::parse(&bytes).unwrap();
        assert_eq!(datagram.agent, IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1]));
        assert_eq!((datagram.sub_agent, datagram.sequence, datagram.uptime, datagram.count), (7, 8, 9, 0));
        let error = SflowDatagram::parse(&bytes[..20]).unwrap_err();
        assert_eq!(error, Error::Truncated { layer: SFLOW, needed: 16, available: 12 });
    }

    /// Lengths and counts that reach past the end are truncated, wherever the datagram ends; another version is told.
    #[test]
    fn what_is_cut_or_wrong() {
        let bytes = datagram();
        for available in 0..bytes.len() {
            let read = SflowDatagram::parse(&bytes[..available]);
            let Ok(datagram) = read else { continue };
            let error = datagram.samples().find_map(Result::err).unwrap();
            assert!(error.is_truncated(), "{available}: {error}");
        }
        let error = SflowDatagram::parse(&numbers(&[4, 1])).unwrap_err();
        assert_eq!(error.to_string(), "sFlow is malformed: version is 4, it must be 5");
        assert!(SflowDatagram::parse(&numbers(&[5, 3, 0, 0, 0, 0, 0])).is_err());
        // A count that nothing stands behind ends at once.
        let endless = numbers(&[5, 1, 0, 0, 0, 0, u32::MAX]);
        assert_eq!(SflowDatagram::parse(&endless).unwrap().samples().count(), 1);
    }
}
