//! Where a field stands in the header of its layer, of those that always stand at the same place: what the getters of C and Go are made of.

use packet_dissect::fields::Field;

/// The header of a layer.
#[derive(Debug, Clone, Copy)]
pub struct Header {
    /// The layer's short name.
    pub layer: &'static str,
    /// What it is called in Go.
    pub name: &'static str,
    /// How the names of its fields begin.
    pub prefix: &'static str,
    /// The fields, in the order in which they stand.
    pub fields: &'static [Fixed],
}

/// A field that always stands at the same place.
#[derive(Debug, Clone, Copy)]
pub struct Fixed {
    /// The field.
    pub field: Field,
    /// The first of its bits, of those of the header: the highest of the first byte is 0.
    pub first: usize,
    /// How many bits it has.
    pub bits: usize,
    /// How many one stands for.
    pub unit: u64,
}

impl Fixed {
    /// Its bytes: the first, and the one behind the last.
    #[must_use]
    pub const fn bytes(&self) -> (usize, usize) {
        (self.first / 8, (self.first + self.bits).div_ceil(8))
    }

    /// How far the last of its bits is from the last of its bytes.
    #[must_use]
    pub const fn shift(&self) -> usize {
        self.bytes().1 * 8 - self.first - self.bits
    }
}

/// A field of whole bytes.
const fn bytes(field: Field, first: usize, len: usize) -> Fixed {
    bits(field, first, 0, len * 8)
}

/// A field of some bits, from the one with this number in a byte.
const fn bits(field: Field, byte: usize, first: usize, bits: usize) -> Fixed {
    Fixed { field, first: byte * 8 + first, bits, unit: 1 }
}

/// The headers, from the link layer on.
pub const HEADERS: &[Header] = &[
    Header {
        layer: "eth",
        name: "Ethernet",
        prefix: "Eth",
        fields: &[bytes(Field::EthDestination, 0, 6), bytes(Field::EthSource, 6, 6), bytes(Field::EthType, 12, 2)],
    },
    Header {
        layer: "vlan",
        name: "VLAN",
        prefix: "Vlan",
        fields: &[
            bits(Field::VlanPriority, 0, 0, 3),
            bits(Field::VlanDropEligible, 0, 3, 1),
            bits(Field::VlanId, 0, 4, 12),
            bytes(Field::VlanType, 2, 2),
        ],
    },
    Header {
        layer: "arp",
        name: "ARP",
        prefix: "Arp",
        fields: &[
            bytes(Field::ArpHardwareType, 0, 2),
            bytes(Field::ArpProtocolType, 2, 2),
            bytes(Field::ArpHardwareSize, 4, 1),
            bytes(Field::ArpProtocolSize, 5, 1),
            bytes(Field::ArpOperation, 6, 2),
        ],
    },
    Header {
        layer: "mpls",
        name: "MPLS",
        prefix: "Mpls",
        fields: &[
            bits(Field::MplsLabel, 0, 0, 20),
            bits(Field::MplsClass, 2, 4, 3),
            bits(Field::MplsBottom, 2, 7, 1),
            bytes(Field::MplsTtl, 3, 1),
        ],
    },
    Header {
        layer: "ip",
        name: "IPv4",
        prefix: "Ip",
        fields: &[
            bits(Field::IpVersion, 0, 0, 4),
            Fixed { unit: 4, ..bits(Field::IpHeaderLength, 0, 4, 4) },
            bits(Field::IpDscp, 1, 0, 6),
            bits(Field::IpEcn, 1, 6, 2),
            bytes(Field::IpLength, 2, 2),
            bytes(Field::IpId, 4, 2),
            bits(Field::IpReserved, 6, 0, 1),
            bits(Field::IpDontFragment, 6, 1, 1),
            bits(Field::IpMoreFragments, 6, 2, 1),
            bits(Field::IpFragmentOffset, 6, 3, 13),
            bytes(Field::IpTtl, 8, 1),
            bytes(Field::IpProto, 9, 1),
            bytes(Field::IpChecksum, 10, 2),
            bytes(Field::IpSource, 12, 4),
            bytes(Field::IpDestination, 16, 4),
        ],
    },
    Header {
        layer: "ipv6",
        name: "IPv6",
        prefix: "Ipv6",
        fields: &[
            bits(Field::Ipv6Version, 0, 0, 4),
            bits(Field::Ipv6TrafficClass, 0, 4, 8),
            bits(Field::Ipv6Dscp, 0, 4, 6),
            bits(Field::Ipv6Ecn, 1, 2, 2),
            bits(Field::Ipv6FlowLabel, 1, 4, 20),
            bytes(Field::Ipv6PayloadLength, 4, 2),
            bytes(Field::Ipv6Next, 6, 1),
            bytes(Field::Ipv6HopLimit, 7, 1),
            bytes(Field::Ipv6Source, 8, 16),
            bytes(Field::Ipv6Destination, 24, 16),
        ],
    },
    Header {
        layer: "ipv6.fraghdr",
        name: "Fragment",
        prefix: "Fragment",
        fields: &[
            bytes(Field::FragmentNext, 0, 1),
            bits(Field::FragmentOffset, 2, 0, 13),
            bits(Field::FragmentMore, 3, 7, 1),
            bytes(Field::FragmentId, 4, 4),
        ],
    },
    Header {
        layer: "ah",
        name: "Authentication",
        prefix: "Ah",
        fields: &[
            bytes(Field::AhNext, 0, 1),
            bytes(Field::AhLength, 1, 1),
            bytes(Field::AhSpi, 4, 4),
            bytes(Field::AhSequence, 8, 4),
        ],
    },
    Header {
        layer: "udp",
        name: "UDP",
        prefix: "Udp",
        fields: &[
            bytes(Field::UdpSourcePort, 0, 2),
            bytes(Field::UdpDestinationPort, 2, 2),
            bytes(Field::UdpLength, 4, 2),
            bytes(Field::UdpChecksum, 6, 2),
        ],
    },
    Header {
        layer: "tcp",
        name: "TCP",
        prefix: "Tcp",
        fields: &[
            bytes(Field::TcpSourcePort, 0, 2),
            bytes(Field::TcpDestinationPort, 2, 2),
            bytes(Field::TcpSequence, 4, 4),
            bytes(Field::TcpAcknowledgment, 8, 4),
            Fixed { unit: 4, ..bits(Field::TcpHeaderLength, 12, 0, 4) },
            bits(Field::TcpFlags, 12, 4, 12),
            bits(Field::TcpAe, 12, 7, 1),
            bits(Field::TcpCwr, 13, 0, 1),
            bits(Field::TcpEce, 13, 1, 1),
            bits(Field::TcpUrgent, 13, 2, 1),
            bits(Field::TcpAck, 13, 3, 1),
            bits(Field::TcpPush, 13, 4, 1),
            bits(Field::TcpReset, 13, 5, 1),
            bits(Field::TcpSyn, 13, 6, 1),
            bits(Field::TcpFin, 13, 7, 1),
            bytes(Field::TcpWindow, 14, 2),
            bytes(Field::TcpChecksum, 16, 2),
            bytes(Field::TcpUrgentPointer, 18, 2),
        ],
    },
    Header {
        layer: "icmp",
        name: "ICMPv4",
        prefix: "Icmp",
        fields: &[bytes(Field::IcmpType, 0, 1), bytes(Field::IcmpCode, 1, 1), bytes(Field::IcmpChecksum, 2, 2)],
    },
    Header {
        layer: "icmpv6",
        name: "ICMPv6",
        prefix: "Icmpv6",
        fields: &[bytes(Field::Icmpv6Type, 0, 1), bytes(Field::Icmpv6Code, 1, 1), bytes(Field::Icmpv6Checksum, 2, 2)],
    },
    Header {
        layer: "gre",
        name: "GRE",
        prefix: "Gre",
        fields: &[
            bytes(Field::GreFlags, 0, 2),
            bits(Field::GreHasChecksum, 0, 0, 1),
            bits(Field::GreHasKey, 0, 2, 1),
            bits(Field::GreHasSequence, 0, 3, 1),
            bits(Field::GreVersion, 1, 5, 3),
            bytes(Field::GreProto, 2, 2),
        ],
    },
    Header {
        layer: "esp",
        name: "ESP",
        prefix: "Esp",
        fields: &[bytes(Field::EspSpi, 0, 4), bytes(Field::EspSequence, 4, 4)],
    },
    Header {
        layer: "gtp",
        name: "GTPU",
        prefix: "Gtp",
        fields: &[
            bytes(Field::GtpFlags, 0, 1),
            bits(Field::GtpVersion, 0, 0, 3),
            bits(Field::GtpProtocol, 0, 3, 1),
            bits(Field::GtpReserved, 0, 4, 1),
            bits(Field::GtpHasExtension, 0, 5, 1),
            bits(Field::GtpHasSequence, 0, 6, 1),
            bits(Field::GtpHasNpdu, 0, 7, 1),
            bytes(Field::GtpMessage, 1, 1),
            bytes(Field::GtpLength, 2, 2),
            bytes(Field::GtpTeid, 4, 4),
        ],
    },
    Header {
        layer: "vxlan",
        name: "VXLAN",
        prefix: "Vxlan",
        fields: &[
            bytes(Field::VxlanFlags, 0, 2),
            bytes(Field::VxlanGroup, 2, 2),
            bytes(Field::VxlanVni, 4, 3),
            bytes(Field::VxlanReserved, 7, 1),
        ],
    },
    Header {
        layer: "vxlan_gpe",
        name: "GPE",
        prefix: "Vxlan",
        fields: &[bytes(Field::VxlanNextProtocol, 3, 1), bytes(Field::VxlanVni, 4, 3)],
    },
    Header {
        layer: "geneve",
        name: "Geneve",
        prefix: "Geneve",
        fields: &[
            bits(Field::GeneveVersion, 0, 0, 2),
            Fixed { unit: 4, ..bits(Field::GeneveOptionsLength, 0, 2, 6) },
            bits(Field::GeneveOam, 1, 0, 1),
            bits(Field::GeneveCritical, 1, 1, 1),
            bytes(Field::GeneveProto, 2, 2),
            bytes(Field::GeneveVni, 4, 3),
        ],
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs::File;
    use std::path::{Path, PathBuf};

    use packet_dissect::{Capture, Layer, LinkType, Record, layers};

    use super::*;
    use crate::{Decoder, Form, Place, Value, Values, Wanted};

    /// What a getter would read.
    fn read(fixed: &Fixed, header: &[u8]) -> Vec<u8> {
        let (start, end) = fixed.bytes();
        let bytes = &header[start..end];
        if fixed.bits > 64 || fixed.bits % 8 == 0 && fixed.first % 8 == 0 {
            return bytes.to_vec();
        }
        let whole = bytes.iter().fold(0, |whole, byte| whole << 8 | u64::from(*byte));
        ((whole >> fixed.shift() & ((1 << fixed.bits) - 1)) * fixed.unit).to_be_bytes().to_vec()
    }

    /// What the program shows.
    fn shown<'v>(value: &Value, packet: &'v [u8], text: &'v [u8]) -> Vec<u8> {
        let (start, length) = (value.number as usize, value.length as usize);
        match value.place {
            Place::Number => value.number.to_be_bytes().to_vec(),
            Place::Packet => packet[start..start + length].to_vec(),
            Place::Text => text[start..start + length].to_vec(),
        }
    }

    fn without_zeros(bytes: &[u8]) -> &[u8] {
        &bytes[bytes.iter().take_while(|byte| **byte == 0).count()..]
    }

    /// The captures of this project, and of others where they are.
    fn captures() -> Vec<PathBuf> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut folders = vec![root.join("testdata")];
        match std::fs::read_dir(root.join("../shared/captures")) {
            Ok(others) => folders.extend(others.map(|folder| folder.unwrap().path())),
            Err(_) => println!("skipped: ../shared/captures is not here"),
        }
        let files = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten();
        let files = files.map(|file| file.unwrap().path());
        files.filter(|path| path.extension().is_some_and(|kind| kind == "pcap" || kind == "pcapng")).collect()
    }

    /// Raw IPv4, and an authentication header with nothing behind it (RFC 4302 §2), which no capture at hand has.
    const AUTHENTICATED: [u8; 44] = [
        0x45, 0, 0, 44, 0, 0, 0x40, 0, 64, 51, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2, 59, 4, 0, 0, 0x12, 0x34, 0x56, 0x78,
        0, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
    ];

    type Seen = BTreeMap<(&'static str, u16), usize>;

    /// What the program shows of a packet's layers is where the table says.
    fn compare(decoder: &mut Decoder, record: &Record<'_>, what: &str, seen: &mut Seen) {
        let Values { values, text } = decoder.take(record);
        let mut parts = values.split(|value| value.form == Form::Layer).skip(1);
        let names = values.iter().filter(|value| value.form == Form::Layer);
        let names = names.map(|value| Layer::NAMES[value.number as usize]);
        let mut walk = layers(record.link_type, record.bytes);
        for name in names {
            let (Some(Ok(layer)), Some(of)) = (walk.next(), parts.next()) else { break };
            // What was put together or opened stands elsewhere, and is another layer.
            if layer.name() != name {
                break;
            }
            let is_start = matches!(layer, Layer::TcpStart(_));
            let header = HEADERS.iter().find(|header| header.layer == name && !is_start);
            for fixed in header.map(|header| header.fields).unwrap_or_default() {
                let Some(value) = of.iter().find(|value| value.field == fixed.field as u16) else { continue };
                let there = read(fixed, &record.bytes[walk.range().start..]);
                // Too long for its header, which the program tells the length of in its place.
                if fixed.field == Field::IpLength && without_zeros(&there).is_empty() {
                    continue;
                }
                let shown = shown(value, record.bytes, text);
                assert_eq!(without_zeros(&there), without_zeros(&shown), "{what} {} {:?}", record.number, fixed.field);
                *seen.entry((header.unwrap().layer, fixed.field as u16)).or_default() += 1;
            }
        }
    }

    /// Of every frame at hand each field is where the table says.
    #[test]
    fn every_field_stands_where_the_table_says() {
        let mut seen = Seen::new();
        let decoder = || Decoder::new(Wanted::new(&[], true).unwrap());
        for path in captures() {
            let mut decoder = decoder();
            let mut capture = Capture::new(File::open(&path).unwrap()).unwrap();
            while let Some(record) = capture.next_record() {
                compare(&mut decoder, &record.unwrap(), &path.display().to_string(), &mut seen);
            }
        }
        let bytes = &AUTHENTICATED;
        let record = Record { number: 1, time: None, original_len: 44, link_type: LinkType::RAW, bytes };
        compare(&mut decoder(), &record, "AH", &mut seen);
        let all = HEADERS.iter().flat_map(|header| header.fields.iter().map(|fixed| (header.layer, fixed.field)));
        let unseen = all.filter(|(layer, field)| !seen.contains_key(&(*layer, *field as u16))).collect::<Vec<_>>();
        assert_eq!(unseen, []);
    }

    #[test]
    fn each_header_is_of_a_layer() {
        for header in HEADERS {
            assert!(Layer::NAMES.contains(&header.layer), "{}", header.layer);
            for fixed in header.fields {
                assert!(format!("{:?}", fixed.field).starts_with(header.prefix), "{:?}", fixed.field);
            }
        }
    }
}
