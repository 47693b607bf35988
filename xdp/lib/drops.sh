# What is wrong with packets, between two namespaces: told, and dropped. Sourced by ../run.

work=$(mktemp -d "/tmp/$prefix.XXXXXX")

# A link whose two ends say nothing by themselves; what passes XDP at the far one is counted.
drops_link() {
    cleanup
    ip netns add "$prefix-a"
    ip netns add "$prefix-b"
    for name in a b; do ns $name sysctl -qw net.ipv6.conf.default.disable_ipv6=1; done
    ip -n "$prefix-a" link add name wire type veth peer name wire netns "$prefix-b"
    for name in a b; do ip -n "$prefix-$name" link set wire up; done
    ns b nft -f - <<'NFT'
table netdev seen {
    counter frames { }
    chain ingress { type filter hook ingress device "wire" priority 0; counter name frames; }
}
NFT
}

# So many frames of each kind: "COUNT REASON" a line is what has to be told of them.
drops_send() { # FILE: the frames go out, and what they are goes there
    ns a python3 - "$1" <<'PY'
import socket, struct, sys

def summed(header):
    words = sum(struct.unpack("!%dH" % (len(header) // 2), header))
    while words >> 16:
        words = (words & 0xffff) + (words >> 16)
    return header[:10] + struct.pack("!H", words ^ 0xffff) + header[12:]

def ip(payload, version=4, words=5, length=None, protocol=17):
    length = 20 + len(payload) if length is None else length
    header = struct.pack("!BBHHHBBH4s4s", version << 4 | words, 0, length, 1, 0, 64, protocol, 0, b"\xc0\0\2\1", b"\xc0\0\2\2")
    return summed(header) + payload

def udp(payload, port=9, length=None):
    return struct.pack("!HHHH", 40000, port, 8 + len(payload) if length is None else length, 0) + payload

def frame(packet, kind=0x0800):
    return b"\2\0\0\0\0\2\2\0\0\0\0\1" + struct.pack("!H", kind) + packet

def vxlan(inner):
    return frame(ip(udp(b"\x08\0\0\0\0\0\x2a\0" + inner, 4789)))

good = frame(ip(udp(b"hello")))
odd = bytearray(good)
odd[22] ^= 1
rows = [
    (5, "good", good),
    (2, "good", vxlan(good)),
    (3, "IPv4 is malformed: version", frame(ip(udp(b""), version=7))),
    (1, "IPv4 is malformed: header length", frame(ip(udp(b""), words=4))),
    (2, "IPv4 is malformed: total length", vxlan(frame(ip(udp(b""), length=19)))),
    (4, "IPv4 is malformed: header checksum", bytes(odd)),
    (2, "IPv4 is truncated", frame(ip(udp(b"x" * 1000), length=1029))),
    (1, "UDP is malformed: length", frame(ip(udp(b"", length=7)))),
    (2, "Ethernet is truncated", vxlan(good[:13])),
    (1, "TCP is truncated", vxlan(frame(ip(b"x" * 19, protocol=6)))),
    (1, "IPv6 is malformed: version", vxlan(frame(b"\x40" + bytes(39), 0x86dd))),
    (6, "IPv6 is truncated", frame(b"\x60" + bytes(30), 0x86dd)),
]
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
link.bind(("wire", 0))
with open(sys.argv[1], "w") as told:
    for count, reason, sent in rows:
        for _ in range(count):
            link.send(sent)
            print(len(sent), min(len(sent), 256), reason, sep="\t", file=told)
PY
}

drops_run() { # OPTIONS …: the frames go through the program; what it tells is in $work/told
    drops_link
    ip netns exec "$prefix-b" "$loader" drops -i wire "$@" >"$work/told" &
    local pid=$!
    pids+=("$pid")
    for _ in $(seq 100); do ip -n "$prefix-b" link show wire | grep -q prog/xdp && break; sleep 0.05; done
    drops_send "$work/sent"
    sleep 0.5
    kill -INT "$pid"
    wait "$pid"
    pids=()
}

# Of each reason as many packets, and as many bytes, as were sent.
drops_counts() {
    diff <(awk -F'\t' '{ packets[$3]++; bytes[$3] += $1 } END { for (reason in packets) print packets[reason], bytes[reason], reason }' "$work/sent" | sort) \
        <(sed 1d "$work/told" | awk '{ packets = $1; bytes = $2; $1 = $2 = $3 = ""; sub(/^ */, ""); print packets, bytes, $0 }' | sort)
}
# What passed is this many.
drops_passed() { ns b nft list counter netdev seen frames | grep "packets $1 "; }
# Another program's reading of the file: in the order of sending, each with its length, what is there of it, and the comment.
drops_file() {
    diff <(grep -v 'good$' "$work/sent") <(tshark -r "$work/drops.pcapng" -T fields -e frame.len -e frame.cap_len -e frame.comment 2>/dev/null)
}

check "drops: observes" drops_run -w "$work/drops.pcapng"
check "drops: observes, and counts each reason" drops_counts
check "drops: observes, and all 30 pass" drops_passed 30
check "drops: a file with reasons, as tshark reads it" drops_file
check "drops: drops" drops_run --drop
check "drops: drops, and counts each reason" drops_counts
check "drops: drops, and the good 7 pass" drops_passed 7
rm -rf "$work"
