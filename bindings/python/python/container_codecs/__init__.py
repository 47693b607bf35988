"""The packet codecs of container networking: every layer of a packet, through every tunnel.

    from container_codecs import Capture

    for packet in Capture("node.pcap"):
        if hasattr(packet, "vxlan"):
            print(packet.vxlan.vni, packet.ip[-1].src, packet.ip[-1].dst)
"""
from ._native import (
    ARP,
    GRE,
    TCP,
    UDP,
    VLAN,
    VXLAN,
    Capture,
    CodecError,
    Dissector,
    Ethernet,
    Frame,
    Geneve,
    Header,
    ICMPv4,
    ICMPv6,
    IPv4,
    IPv6,
    Layers,
    Lease,
    Leases,
    Packet,
    __version__,
    arrays,
    columns,
    dissect,
    fields,
    walk,
)

__all__ = [
    "ARP",
    "Capture",
    "CodecError",
    "Dissector",
    "Ethernet",
    "Frame",
    "GRE",
    "Geneve",
    "Header",
    "ICMPv4",
    "ICMPv6",
    "IPv4",
    "IPv6",
    "Layers",
    "Lease",
    "Leases",
    "Packet",
    "TCP",
    "UDP",
    "VLAN",
    "VXLAN",
    "__version__",
    "arrays",
    "columns",
    "dissect",
    "fields",
    "walk",
]
