//! The options that networks of today send, typed.
//!
//! | who | class, type | what |
//! | --- | --- | --- |
//! | Cilium | 0x014b, 0x81 | DSR: to which address and port an answer is to be sent from |
//! | OVN | 0x0102, 0x80 | the logical ports that a packet came in by and goes out by |
//! | AWS Gateway Load Balancer | 0x0108, 1–3 | endpoint, attachment, flow cookie |
//! | Google Cloud | 0x0132, 1–3 | network and direction, endpoint, profile |
//!
//! cilium bpf/lib/tunnel.h, bpf/lib/encap.h; ovn-architecture(7), controller/physical.c; AWS's gateway load balancer tunnel handler;
//! Wireshark's names for Google's. Which file says what, and at which version: `docs/sources.md`.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ether_ip::Error;
use ether_ip::writer::Writer;

use crate::geneve::{GeneveOption, OptionClass};

/// What an option says, if its class, type and length are known here.
///
/// ```
/// use ether_ip::writer::Writer;
/// use geneve_codec::{GENEVE_OPTION, GeneveOptions, KnownOption};
///
/// let dsr = KnownOption::CiliumDsr("10.0.0.1:8080".parse().unwrap());
/// let mut buffer = [0; 24];
/// let mut options = Writer::new(GENEVE_OPTION, &mut buffer);
/// dsr.write(&mut options)?;
/// assert_eq!(options.written(), [0x01, 0x4b, 0x81, 2, 10, 0, 0, 1, 0x1f, 0x90, 0, 0]);
/// let option = GeneveOptions::new(options.written()).next().unwrap()?;
/// assert_eq!(option.known(), Some(dsr));
/// # Ok::<(), ether_ip::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[non_exhaustive]
pub enum KnownOption {
    /// Cilium's direct server return: the service's address and port. Critical.
    CiliumDsr(SocketAddr),
    /// OVN's logical ports. Critical.
    OvnLogicalPorts {
        /// By which port the packet came in; 15 bits.
        ingress: u16,
        /// By which port it goes out, or the number of a multicast group from 0x8000 on.
        egress: u16,
    },
    /// The endpoint of a Gateway Load Balancer that a packet came by.
    AwsEndpoint(u64),
    /// The attachment that a packet came by.
    AwsAttachment(u64),
    /// The flow, which is to come back unchanged.
    AwsFlowCookie(u32),
    /// Google Cloud: the network, 28 bits; and whether the packet goes out of it.
    GoogleNetwork {
        /// The network.
        id: u32,
        /// The lowest bit, as Wireshark calls it: the traffic's direction.
        direction: bool,
    },
    /// Google Cloud: the profile.
    GoogleProfile(u64),
}

const CILIUM_DSR: u8 = 0x81;
const OVN_PORTS: u8 = 0x80;

impl GeneveOption<'_> {
    /// What the option says. `None` if it is not known, or not as long as it must be.
    #[must_use]
    pub fn known(&self) -> Option<KnownOption> {
        let Self { class, kind, data, .. } = *self;
        Some(match (class, kind, data) {
            (OptionClass::CILIUM, CILIUM_DSR, &[a, b, c, d, p0, p1, _, _]) => {
                let address = IpAddr::V4(Ipv4Addr::new(a, b, c, d));
                KnownOption::CiliumDsr(SocketAddr::new(address, u16::from_be_bytes([p0, p1])))
            }
            (OptionClass::CILIUM, CILIUM_DSR, data) if data.len() == 20 => {
                let (address, port) = data.split_first_chunk::<16>()?;
                let port = u16::from_be_bytes(*port.first_chunk()?);
                KnownOption::CiliumDsr(SocketAddr::new(IpAddr::V6(Ipv6Addr::from(*address)), port))
            }
            (OptionClass::OVN, OVN_PORTS, &[a, b, c, d]) => KnownOption::OvnLogicalPorts {
                ingress: u16::from_be_bytes([a, b]) & 0x7fff,
                egress: u16::from_be_bytes([c, d]),
            },
            (OptionClass::AWS_GATEWAY_LOAD_BALANCER, 1, data) => KnownOption::AwsEndpoint(number(data)?),
            (OptionClass::AWS_GATEWAY_LOAD_BALANCER, 2, data) => KnownOption::AwsAttachment(number(data)?),
            (OptionClass::AWS_GATEWAY_LOAD_BALANCER, 3, &[a, b, c, d]) => {
                KnownOption::AwsFlowCookie(u32::from_be_bytes([a, b, c, d]))
            }
            (OptionClass::GOOGLE, 1, &[a, b, c, d]) => {
                let word = u32::from_be_bytes([a, b, c, d]);
                KnownOption::GoogleNetwork { id: word >> 4, direction: word & 1 != 0 }
            }
            (OptionClass::GOOGLE, 3, data) => KnownOption::GoogleProfile(number(data)?),
            _ => return None,
        })
    }
}

fn number(data: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(data.try_into().ok()?))
}

impl KnownOption {
    /// Class and type, the critical bit included.
    #[must_use]
    pub const fn kind(&self) -> (OptionClass, u8) {
        match self {
            Self::CiliumDsr(_) => (OptionClass::CILIUM, CILIUM_DSR),
            Self::OvnLogicalPorts { .. } => (OptionClass::OVN, OVN_PORTS),
            Self::AwsEndpoint(_) => (OptionClass::AWS_GATEWAY_LOAD_BALANCER, 1),
            Self::AwsAttachment(_) => (OptionClass::AWS_GATEWAY_LOAD_BALANCER, 2),
            Self::AwsFlowCookie(_) => (OptionClass::AWS_GATEWAY_LOAD_BALANCER, 3),
            Self::GoogleNetwork { .. } => (OptionClass::GOOGLE, 1),
            Self::GoogleProfile(_) => (OptionClass::GOOGLE, 3),
        }
    }

    /// Writes the option; `to` is as it was if that fails. Bits that a number has too many are left out.
    ///
    /// # Errors
    /// [`Error::NoRoom`].
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        let (class, kind) = self.kind();
        //= RFC 8926 §3.5/option-reserved-zero
        let mut write = |data: &[u8]| GeneveOption { class, kind, reserved: 0, data }.write(to);
        match *self {
            Self::CiliumDsr(SocketAddr::V4(service)) => {
                let ([a, b, c, d], [p0, p1]) = (service.ip().octets(), service.port().to_be_bytes());
                write(&[a, b, c, d, p0, p1, 0, 0])
            }
            Self::CiliumDsr(SocketAddr::V6(service)) => {
                let mut data = [0; 20];
                if let Some((address, rest)) = data.split_first_chunk_mut::<16>() {
                    *address = service.ip().octets();
                    if let Some(port) = rest.first_chunk_mut() {
                        *port = service.port().to_be_bytes();
                    }
                }
                write(&data)
            }
            Self::OvnLogicalPorts { ingress, egress } => {
                let ([a, b], [c, d]) = ((ingress & 0x7fff).to_be_bytes(), egress.to_be_bytes());
                write(&[a, b, c, d])
            }
            Self::AwsEndpoint(number) | Self::AwsAttachment(number) | Self::GoogleProfile(number) => {
                write(&number.to_be_bytes())
            }
            Self::AwsFlowCookie(cookie) => write(&cookie.to_be_bytes()),
            Self::GoogleNetwork { id, direction } => write(&(id << 4 | u32::from(direction)).to_be_bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::geneve::{GENEVE_OPTION, GeneveOptions, GenevePacket};

    /// WIRE-FACTS: Cilium's two; the others by their sources named above.
    #[test]
    fn each_is_read_and_written() {
        //= RFC 8926 §3.5/option-reserved-zero
        let dsr6 = [0x01, 0x4b, 0x81, 5, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0x1f, 0x90, 0, 0];
        let cases: [(&[u8], KnownOption); 8] = [
            (
                &[0x01, 0x4b, 0x81, 2, 10, 0, 0, 1, 0x1f, 0x90, 0, 0],
                KnownOption::CiliumDsr("10.0.0.1:8080".parse().unwrap()),
            ),
            (&dsr6, KnownOption::CiliumDsr("[2001:db8::9]:8080".parse().unwrap())),
            (&[0x01, 0x02, 0x80, 1, 0, 3, 0x80, 1], KnownOption::OvnLogicalPorts { ingress: 3, egress: 0x8001 }),
            (&[0x01, 0x08, 1, 2, 1, 2, 3, 4, 5, 6, 7, 8], KnownOption::AwsEndpoint(0x0102_0304_0506_0708)),
            (&[0x01, 0x08, 2, 2, 0, 0, 0, 0, 0, 0, 0, 8], KnownOption::AwsAttachment(8)),
            (&[0x01, 0x08, 3, 1, 0xde, 0xad, 0, 1], KnownOption::AwsFlowCookie(0xdead_0001)),
            (&[0x01, 0x32, 1, 1, 0, 0, 0, 0x71], KnownOption::GoogleNetwork { id: 7, direction: true }),
            (&[0x01, 0x32, 3, 2, 0, 0, 0, 0, 0, 0, 0, 5], KnownOption::GoogleProfile(5)),
        ];
        for (bytes, known) in cases {
            let option = GeneveOptions::new(bytes).next().unwrap().unwrap();
            assert_eq!(option.known(), Some(known));
            let mut buffer = [0; 24];
            let mut writer = Writer::new(GENEVE_OPTION, &mut buffer);
            known.write(&mut writer).unwrap();
            assert_eq!(writer.written(), bytes);
            assert!(known.write(&mut Writer::new(GENEVE_OPTION, &mut buffer[..bytes.len() - 1])).is_err());
            // Another length, and another class, are not it.
            let other = |len| GeneveOption { data: &[0; 24][..len], ..option }.known();
            assert_eq!((other(12), other(24), other(0)), (None, None, None));
            assert_eq!(
                (option.known(), GeneveOption { class: OptionClass(0xffff), ..option }.known()),
                (Some(known), None)
            );
        }
    }

    /// A packet that Google's load balancer sent, tcpdump's geneve-gcp.pcap frame 1 (at 39b50f76672b), from Geneve's header to the
    /// inner one. tshark 4.0.17 has network 134217741, egress, endpoint 0800000dc0a86402…, profile 4660.
    #[test]
    fn a_packet_of_googles() {
        let bytes = [
            0x0a, 0, 0x08, 0, 0, 0, 0, 0, // Geneve
            0x01, 0x32, 0x01, 0x01, 0x80, 0, 0, 0xd1, // network
            0x01, 0x32, 0x02, 0x04, 0x08, 0, 0, 0x0d, 0xc0, 0xa8, 0x64, 2, 0, 0, 0, 0, 0, 0, 0, 0, // endpoint
            0x01, 0x32, 0x03, 0x02, 0, 0, 0, 0, 0, 0, 0x12, 0x34, // profile
        ];
        let packet = GenevePacket::parse(&bytes[..]).unwrap();
        let known: std::vec::Vec<_> = packet.options().map(|option| option.unwrap().known()).collect();
        let network = KnownOption::GoogleNetwork { id: 134_217_741, direction: true };
        assert_eq!(known, [Some(network), None, Some(KnownOption::GoogleProfile(4660))]);
    }

    /// What Cilium's own tests expect of Cilium: bpf/tests/scapy/kpr_dsr_pkt_defs.py (at 1eb674bfff4d), the frames
    /// kpr_v4_dsr_lb1_syn_post_geneve_xdp and kpr_v6_…, for the services 172.16.10.1:80 and [fd10::1]:80: in network order.
    #[test]
    fn options_of_ciliums_tests() {
        let v4 = [0x01, 0x4b, 0x81, 0x02, 172, 16, 10, 1, 0, 80, 0, 0];
        let v6 = [0x01, 0x4b, 0x81, 0x05, 0xfd, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 80, 0, 0];
        for (bytes, service) in [(&v4[..], "172.16.10.1:80"), (&v6, "[fd10::1]:80")] {
            let option = GeneveOptions::new(bytes).next().unwrap().unwrap();
            assert_eq!(option.known(), Some(KnownOption::CiliumDsr(service.parse().unwrap())));
            assert!(option.is_critical());
        }
    }

    /// ovn controller/physical.c (at 2411e964d3e2), `put_encapsulation`: the ingress port goes to bits 16 to 30 of the value, the
    /// egress port, of 16 bits, below; controller/physical.h: class 0x0102, type 0x80, 4 bytes.
    #[test]
    fn ovns_value() {
        let value: u32 = 0x7abc << 16 | 0x8123;
        let [a, b, c, d] = value.to_be_bytes();
        let option = GeneveOption { class: OptionClass(0x0102), kind: 0x80, reserved: 0, data: &[a, b, c, d] };
        assert_eq!(option.known(), Some(KnownOption::OvnLogicalPorts { ingress: 0x7abc, egress: 0x8123 }));
    }

    /// What AWS's own tunnel handler reads (GenevePacket.cpp at 5e12604c85e9): class 0x108, type 1 of 8 bytes the endpoint, type 2 of 8
    /// the attachment, type 3 of 4 the flow's cookie, high byte first; all three must be there. Its README names an endpoint
    /// 2b8ee1d4db0c51c4.
    #[test]
    fn awss_three_options() {
        let bytes = [
            0x01, 0x08, 0x01, 0x02, 0x2b, 0x8e, 0xe1, 0xd4, 0xdb, 0x0c, 0x51, 0xc4, // endpoint
            0x01, 0x08, 0x02, 0x02, 0, 0, 0, 0, 0, 0, 0, 1, // attachment
            0x01, 0x08, 0x03, 0x01, 0xfe, 0xdc, 0xba, 0x98, // cookie
        ];
        let known: std::vec::Vec<_> =
            GeneveOptions::new(&bytes).map(|option| option.unwrap().known().unwrap()).collect();
        let expected = [
            KnownOption::AwsEndpoint(0x2b8e_e1d4_db0c_51c4),
            KnownOption::AwsAttachment(1),
            KnownOption::AwsFlowCookie(0xfedc_ba98),
        ];
        assert_eq!(known, expected);
    }

    /// OVN's ingress port has 15 bits, behind one that is reserved.
    #[test]
    fn a_reserved_bit_is_no_port() {
        let option = GeneveOption { class: OptionClass::OVN, kind: 0x80, reserved: 0, data: &[0xff, 0xfe, 0, 1] };
        assert_eq!(option.known(), Some(KnownOption::OvnLogicalPorts { ingress: 0x7ffe, egress: 1 }));
        let mut written = [0; 8];
        KnownOption::OvnLogicalPorts { ingress: 0xffff, egress: 1 }
            .write(&mut Writer::new(GENEVE_OPTION, &mut written))
            .unwrap();
        assert_eq!(written, [1, 2, 0x80, 1, 0x7f, 0xff, 0, 1]);
        // A direction is the last bit alone.
        let option = GeneveOption { class: OptionClass::GOOGLE, kind: 1, reserved: 0, data: &[0, 0, 0, 0x7e] };
        assert_eq!(option.known(), Some(KnownOption::GoogleNetwork { id: 7, direction: false }));
    }
}
