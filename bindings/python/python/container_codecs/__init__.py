"""The packet codecs of container networking: every layer of a packet, through every tunnel.

    from container_codecs import Capture

    for packet in Capture("node.pcap"):
        if hasattr(packet, "vxlan"):
            print(packet.vxlan.vni, packet.ip[-1].src, packet.ip[-1].dst)
"""
from ._native import Capture, CodecError, Layers, Packet, __version__, columns, fields, walk

__all__ = ["Capture", "CodecError", "Layers", "Packet", "__version__", "columns", "fields", "walk"]
