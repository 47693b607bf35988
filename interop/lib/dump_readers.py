"""The routes of an MRT file as other readers have them, a line each as bgp-codec's example `dumps list` has them: prefix, next hop, AS path.

usage: dump_readers.py mrtparse|bgpkit FILE
"""
import ipaddress
import sys


def mrtparse(path):
    from mrtparse import Reader

    def path_of(attributes):
        segments = [segment["value"] for one in attributes if 2 in one["type"] for segment in one["value"]]
        return " ".join(" ".join(segment) for segment in segments)

    def next_hop_of(attributes):
        for one in attributes:
            if 3 in one["type"]:
                return one["value"]
            if 14 in one["type"]:
                return one["value"]["next_hop"][0]

    for record in Reader(path):
        if record.err:
            sys.exit(f"mrtparse: {record.err_msg}")
        data = record.data
        kind = next(iter(data["type"]))
        if kind == 12:
            # The prefix's length stands in the place of the record's.
            attributes = data["path_attributes"]
            yield f"{data['prefix']}/{data['length']}", next_hop_of(attributes), path_of(attributes)
        elif kind == 13:
            for entry in data.get("rib_entries", []):
                attributes = entry["path_attributes"]
                yield f"{data['prefix']}/{data['length']}", next_hop_of(attributes), path_of(attributes)
        elif kind in (16, 17) and 2 in data.get("bgp_message", {}).get("type", {}):
            attributes = data["bgp_message"]["path_attributes"]
            for nlri in data["bgp_message"]["nlri"]:
                yield f"{nlri['prefix']}/{nlri['length']}", next_hop_of(attributes), path_of(attributes)


def bgpkit(path):
    from pybgpkit_parser import Parser

    for element in Parser(url=path):
        if element.elem_type == "A":
            yield str(ipaddress.ip_network(element.prefix)), str(element.next_hop), element.as_path


if __name__ == "__main__":
    for prefix, next_hop, as_path in {"mrtparse": mrtparse, "bgpkit": bgpkit}[sys.argv[1]](sys.argv[2]):
        print(prefix, next_hop, as_path)
