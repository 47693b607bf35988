# Writes testdata/gtp-u.pcap with Scapy's contributed GTP (2.5.0): every message of GTP-U that it has, with optional fields and extension
# headers. usage: python3 gtp_u.py FILE
import sys

from scapy.all import IP, UDP, Ether, ICMP, ICMPv6EchoRequest, IPv6, Raw, wrpcap
from scapy.contrib.gtp import (
    GTP_PDCP_PDU_ExtensionHeader,
    GTP_U_Header,
    GTP_UDPPort_ExtensionHeader,
    GTPEchoRequest,
    GTPEchoResponse,
    GTPErrorIndication,
    GTPPDUSessionContainer,
    IE_GSNAddress,
    IE_Recovery,
    IE_TEIDI,
)

A, B = "02:00:00:00:00:01", "02:00:00:00:00:02"


def out(packet, six=False):
    ip = IPv6(src="2001:db8::1", dst="2001:db8::2") if six else IP(src="192.0.2.1", dst="192.0.2.2")
    return Ether(src=A, dst=B) / ip / UDP(sport=2152, dport=2152) / packet


def header(**fields):
    return GTP_U_Header(**{"gtp_type": 255, **fields})


four = IP(src="10.45.0.2", dst="198.51.100.7") / ICMP(id=7, seq=1) / b"hello"
six = IPv6(src="2001:db8:45::2", dst="2001:db8:9::7") / ICMPv6EchoRequest(id=7, seq=2, data=b"hello")
port = GTP_UDPPort_ExtensionHeader
wrpcap(
    sys.argv[1],
    [
        out(header(teid=0x12345678) / four),
        out(header(teid=0x12345678) / six),
        out(header(teid=1, S=1, seq=0x1234) / four, six=True),
        out(header(teid=1, PN=1, npdu=0x2A) / four),
        out(header(teid=1, S=1, seq=9, PN=1, npdu=7) / six),
        # PDU session containers, to the core and back.
        out(header(teid=0x100, E=1, next_ex=0x85) / GTPPDUSessionContainer(type=1, QFI=9) / four),
        out(header(teid=0x100, E=1, next_ex=0x85) / GTPPDUSessionContainer(type=0, QFI=5, R=1) / six),
        out(header(teid=0, S=1, seq=1, gtp_type=1) / GTPEchoRequest()),
        out(header(teid=0, S=1, seq=1, gtp_type=2) / GTPEchoResponse(IE_list=[IE_Recovery(restart_counter=0)])),
        out(
            header(teid=0, S=1, seq=0, E=1, next_ex=0x40, gtp_type=26)
            / port(udp_port=0xC001)
            / GTPErrorIndication(
                IE_list=[IE_TEIDI(TEIDI=0x12345678), IE_GSNAddress(ietype=133, length=4, ipv4_address="192.0.2.2")]
            )
        ),
        # Two extension headers.
        out(
            header(teid=5, E=1, next_ex=0xC0)
            / GTP_PDCP_PDU_ExtensionHeader(pdcp_pdu=0x123, next_ex=0x40)
            / port(udp_port=4000)
            / four
        ),
        # Neither IPv4 nor IPv6: an Ethernet frame.
        out(header(teid=6, length=30) / Raw(bytes(Ether(src=B, dst=A, type=0x88B5) / b"unopened12345678"))),
        out(header(teid=0x12345678, gtp_type=254)),
    ],
)
