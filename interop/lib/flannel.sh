# Two nodes with two pods each, wired as Flannel wires them; the cases say what stands between the nodes. Sourced by
# flannel-udp.sh and flannel-vxlan.sh.
#
#   pod-1a 10.244.1.2 ┐                                                                   ┌ pod-2a 10.244.2.2
#                     ├ cni0 10.244.1.1 ─ [tunnel] ─ 192.0.2.1 ─ 192.0.2.2 ─ [tunnel] ─ cni0 ┤
#   pod-1b 10.244.1.3 ┘                                                                   └ pod-2b 10.244.2.3

need traceroute traceroute
if [ "${#missing[@]}" -gt 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
fi
cargo build --quiet --release --locked --manifest-path "$here/../Cargo.toml" -p flannel-udp-codec --examples --features lease
entries="$here/../target/release/examples/entries"
work=$(mktemp -d "/tmp/$prefix.XXXXXX")
trap 'cleanup; rm -rf "$work"' EXIT
. "$here/lib/check.sh"

# Nodes and pods, without what stands between them. MTU is that of the tunnel.
nodes() { # MTU
    cleanup
    local node pod number
    for node in 1 2; do ip netns add "$prefix-$node"; done
    ip -n "$prefix-1" link add name eth0 type veth peer name eth0 netns "$prefix-2"
    for node in 1 2; do
        ip -n "$prefix-$node" link set lo up
        ip -n "$prefix-$node" link set eth0 address "02:00:00:00:00:0$node" up
        ip -n "$prefix-$node" addr add "192.0.2.$node/24" dev eth0
        ns "$node" ethtool -K eth0 tx off tso off gso off gro off >/dev/null 2>&1 || true
        ns "$node" sysctl -qw net.ipv4.ip_forward=1
        ip -n "$prefix-$node" link add name cni0 type bridge
        ip -n "$prefix-$node" addr add "10.244.$node.1/24" dev cni0
        number=2
        for pod in a b; do
            ip netns add "$prefix-$node$pod"
            ip -n "$prefix-$node$pod" link set lo up
            ip -n "$prefix-$node" link add name "veth-$pod" type veth peer name eth0 netns "$prefix-$node$pod"
            ip -n "$prefix-$node" link set "veth-$pod" master cni0 up
            ip -n "$prefix-$node$pod" link set eth0 mtu "$1" up
            ip -n "$prefix-$node$pod" addr add "10.244.$node.$number/24" dev eth0
            ip -n "$prefix-$node$pod" route add default via "10.244.$node.1"
            ns "$node$pod" ethtool -K eth0 tx off tso off gso off gro off >/dev/null 2>&1 || true
            ns "$node" ethtool -K "veth-$pod" tx off tso off gso off gro off >/dev/null 2>&1 || true
            number=$((number + 1))
        done
        ip -n "$prefix-$node" link set cni0 up
    done
}

lease() { # NODE BACKEND [DATA]: a key and a value of the file of leases
    local data=${3:+,\"BackendData\":$3}
    printf '"/coreos.com/network/subnets/10.244.%s.0-24": {"PublicIP":"192.0.2.%s","PublicIPv6":null,"BackendType":"%s"%s}' "$1" "$1" "$2" "$data"
}

ping_() { # POD ADDRESS OPTION …
    ns "$1" ping -q -c 2 -i 0.1 -W 2 "${@:3}" "$2"
}
# What ping prints for one question; that there is no answer is no failure here.
asked() { # POD ADDRESS OPTION …
    ns "$1" ping -c 1 -W 1 "${@:3}" "$2" || true
}
# The TTL with which an answer comes back: 64 less the hops.
ttl_is() { # POD ADDRESS TTL
    grep -q "ttl=$3 " <<<"$(asked "$1" "$2")"
}
# Who says that a packet's time to live is over.
expires_at() { # POD TTL ADDRESS WHO
    grep -q "^From $4 .*Time to live exceeded" <<<"$(asked "$1" "$3" -t "$2")"
}
is_silent() { # POD TTL ADDRESS
    ! grep -E "^From|bytes from" <<<"$(asked "$1" "$3" -t "$2")"
}
is_unreachable() { # POD ADDRESS WHO
    grep -q "^From $3 .*Destination Net Unreachable" <<<"$(asked "$1" "$2")"
}
route_is() { # POD ADDRESS HOP …: what traceroute prints, a star for silence
    local pod=$1 address=$2
    shift 2
    [ "$(ns "$pod" traceroute -n -q 1 -w 1 -m "$#" "$address" | tail -n +2 | awk '{ printf "%s ", $2 }')" = "$* " ]
}

# Bytes over TCP from one pod to another, compared by their digest. With a third number: in pieces of that size.
transfer() { # FROM TO ADDRESS BYTES
    python3 - "$prefix-$1" "$prefix-$2" "$3" "$4" <<'PY'
import subprocess, sys
source, sink, address, count = sys.argv[1:]
receive = f"""
import hashlib, socket
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(({address!r}, 5001)); s.listen(1); s.settimeout(20); print("listening", flush=True)
c, _ = s.accept(); c.settimeout(20); d = hashlib.sha256(); n = 0
while True:
    b = c.recv(1 << 20)
    if not b: break
    d.update(b); n += len(b)
print(n, d.hexdigest())
"""
send = f"""
import hashlib, os, socket
c = socket.create_connection(({address!r}, 5001), 20); b = os.urandom({count}); c.sendall(b); c.close()
print(len(b), hashlib.sha256(b).hexdigest())
"""
r = subprocess.Popen(["ip", "netns", "exec", sink, "python3", "-c", receive], stdout=subprocess.PIPE, text=True)
assert r.stdout.readline() == "listening\n"
sent = subprocess.run(["ip", "netns", "exec", source, "python3", "-c", send], stdout=subprocess.PIPE, text=True, timeout=120)
got, _ = r.communicate(timeout=30)
assert sent.returncode == 0 and sent.stdout == got and got.startswith(count + " "), (sent.stdout, got)
PY
}

# Datagrams of several lengths from one pod to another and back: each comes back as it was sent.
echoes() { # FROM TO ADDRESS LARGEST
    python3 - "$prefix-$1" "$prefix-$2" "$3" "$4" <<'PY'
import subprocess, sys
source, sink, address, largest = sys.argv[1:]
answer = f"""
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(({address!r}, 5002)); s.settimeout(20); print("listening", flush=True)
while True:
    b, a = s.recvfrom(65536)
    s.sendto(b, a)
    if b == b"end": break
"""
ask = f"""
import os, socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.connect(({address!r}, 5002)); s.settimeout(3)
for n in (0, 1, 2, 7, 64, 511, 512, 1000, {largest} - 1, {largest}, 4000):
    b = os.urandom(n); s.send(b)
    assert s.recv(65536) == b, n
s.send(b"end"); assert s.recv(9) == b"end"
"""
r = subprocess.Popen(["ip", "netns", "exec", sink, "python3", "-c", answer], stdout=subprocess.PIPE, text=True)
assert r.stdout.readline() == "listening\n"
try:
    subprocess.run(["ip", "netns", "exec", source, "python3", "-c", ask], check=True, timeout=60)
    assert r.wait(5) == 0
finally:
    r.kill()
PY
}

# The error that a datagram to a place gets back.
error_of() { # POD ADDRESS PORT ERRNO
    ns "$1" python3 -c '
import errno, socket, sys
address, port, want = sys.argv[1:]
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(2)
s.setsockopt(socket.IPPROTO_IP, 11, 1)  # IP_RECVERR: unreachables of every kind are told
s.connect((address, int(port)))
s.send(b"anyone?")
try: s.recv(9)
except TimeoutError: got = "silence"
except OSError as error: got = errno.errorcode[error.errno]
assert got == want, got' "${@:2}"
}

# What is captured while something happens: FILE is NAME-WHERE.pcap.
declare -A dumps=()
# A slot of the ring is as long as what is kept of a packet: short enough for a burst to fit.
capture() { # NAME NAMESPACE DEVICE
    ip netns exec "$prefix-$2" tcpdump -q -U --immediate-mode -i "$3" -s 2048 -B 16384 -w "$work/$1.pcap" not ip6 2>/dev/null &
    dumps[$1]=$!
    pids+=($!)
}
end_captures() {
    sleep 0.5
    for dump in "${dumps[@]}"; do kill -INT "$dump" && wait "$dump" || true; done
    dumps=()
    [ -z "${RECORD:-}" ] || cp "$work"/flannel-*.pcap "$RECORD"
}

# What one pod sent is what the other got, packet for packet, but for the hops.
arrived() { # FROM-FILE TO-FILE SOURCE DESTINATION HOPS
    python3 - "$work/$1.pcap" "$work/$2.pcap" "${@:3}" <<'PY'
import socket, struct, sys
sent, got, source, destination, hops = sys.argv[1:]
def packets(path):
    data = open(path, "rb").read()
    at = 24
    while at < len(data):
        length = struct.unpack_from("<I", data, at + 8)[0]
        frame = data[at + 16 : at + 16 + length]
        at += 16 + length
        if frame[12:14] == b"\x08\x00" and frame[26:34] == socket.inet_aton(source) + socket.inet_aton(destination):
            ip = frame[14 : 14 + struct.unpack_from(">H", frame, 16)[0]]
            total = sum(struct.unpack(">10H", ip[:20]))
            assert (total & 0xFFFF) + (total >> 16) in (0xFFFF, 0x1FFFE), "checksum"
            yield ip[8], ip[:8] + ip[9:10] + ip[12:]
sent, got = list(packets(sent)), list(packets(got))
assert sorted(body for _, body in sent) == sorted(body for _, body in got), (len(sent), len(got))
assert {ttl for ttl, _ in got} == {ttl - int(hops) for ttl, _ in sent}
assert len(sent) > 20, len(sent)
PY
}
