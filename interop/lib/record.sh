# Records testdata/ between two kernel nodes, wired as Flannel and Calico wire them. Sourced by interop/run.

need dig dnsutils
out=$(cd "$here/.." && pwd)/testdata
captures=(flannel-vxlan calico-vxlan vxlan-gbp vxlan-ipv6-underlay vxlan-inner-vlan vxlan-gpe linux-cooked-2 icmp-errors)

# Two nodes, a and b: a pod behind a bridge each, VXLAN between them, everything static as Flannel has it.
nodes() { # FAMILY VNI PORT DEVICE-OPTIONS …
    local family=$1 vni=$2 port=$3
    shift 3
    cleanup
    for node in a b pod-a pod-b; do ip netns add "$prefix-$node"; done
    ip -n "$prefix-a" link add name eth0 type veth peer name eth0 netns "$prefix-b"
    local number=1
    for node in a b; do
        local other=$((3 - number)) local_ip=192.0.2.$number remote_ip=192.0.2.$((3 - number)) length=24
        [ "$family" = 6 ] && local_ip=2001:db8::$number remote_ip=2001:db8::$other length=64
        ip -n "$prefix-$node" link set lo up
        ip -n "$prefix-$node" link set eth0 address "02:00:00:00:00:0$number" up
        ip -n "$prefix-$node" addr add "$local_ip/$length" dev eth0 $([ "$family" = 6 ] && echo nodad)
        ns "$node" ethtool -K eth0 tx off tso off gso off gro off >/dev/null 2>&1 || true
        ns "$node" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
        ip -n "$prefix-$node" link add name vxlan type vxlan id "$vni" local "$local_ip" dstport "$port" nolearning "$@"
        ip -n "$prefix-$node" link set vxlan address "0a:00:00:00:00:0$number" mtu 1430 up
        ip -n "$prefix-$node" addr add "10.244.$number.0/32" dev vxlan
        ip -n "$prefix-$node" addr add "fd00:10:244:$number::/128" dev vxlan nodad
        # The lease of the other node: a route, a neighbour and an FDB entry.
        ip -n "$prefix-$node" neigh replace "10.244.$other.0" lladdr "0a:00:00:00:00:0$other" dev vxlan nud permanent
        ip -n "$prefix-$node" neigh replace "fd00:10:244:$other::" lladdr "0a:00:00:00:00:0$other" dev vxlan nud permanent
        bridge -n "$prefix-$node" fdb replace "0a:00:00:00:00:0$other" dev vxlan dst "$remote_ip" self permanent
        ip -n "$prefix-$node" route add "10.244.$other.0/24" via "10.244.$other.0" dev vxlan onlink
        ip -n "$prefix-$node" -6 route add "fd00:10:244:$other::/64" via "fd00:10:244:$other::" dev vxlan onlink
        # cni0 and one pod behind it.
        ip -n "$prefix-$node" link add name cni0 type bridge
        ip -n "$prefix-$node" addr add "10.244.$number.1/24" dev cni0
        ip -n "$prefix-$node" addr add "fd00:10:244:$number::1/64" dev cni0 nodad
        ip -n "$prefix-$node" link add name veth0 type veth peer name eth0 netns "$prefix-pod-$node"
        ip -n "$prefix-$node" link set veth0 master cni0 up
        ip -n "$prefix-$node" link set cni0 up
        ip -n "$prefix-pod-$node" link set eth0 mtu 1430 up
        ip -n "$prefix-pod-$node" addr add "10.244.$number.2/24" dev eth0
        ip -n "$prefix-pod-$node" addr add "fd00:10:244:$number::2/64" dev eth0 nodad
        ip -n "$prefix-pod-$node" route add default via "10.244.$number.1"
        ip -n "$prefix-pod-$node" -6 route add default via "fd00:10:244:$number::1"
        ns "pod-$node" ethtool -K eth0 tx off tso off gso off gro off >/dev/null 2>&1 || true
        number=$((number + 1))
    done
    sleep 1
}

record() { # NAME COMMAND [any]: records node a's wire while the command runs, or all its interfaces
    ip netns exec "$prefix-a" tcpdump -q -U --immediate-mode -i "${3:-eth0}" -s 0 -w "$out/$1.pcap" 2>/dev/null &
    local dump=$!
    pids+=("$dump")
    sleep 1
    "$2"
    sleep 0.5
    kill -INT "$dump"
    wait "$dump" || true
    pids=("${pids[@]/$dump/}")
    echo "$1.pcap $(stat -c %s "$out/$1.pcap") bytes"
}

ping_() { ns "$1" ping -q -c 2 -i 0.2 -W 1 "${@:2}" >/dev/null || true; }

# A server for one question, and for one short connection.
serve() {
    ip netns exec "$prefix-pod-b" python3 - <<'PY' &
import socket, threading
def dns():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("10.244.2.2", 53)); s.settimeout(10)
    q, a = s.recvfrom(512)
    end = q.index(b"\0", 12) + 5
    s.sendto(q[:2] + b"\x85\x80\0\1\0\1\0\0\0\0" + q[12:end] + b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x0a\x60\0\x01", a)
def tcp():
    s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("10.244.2.2", 80)); s.listen(); s.settimeout(10)
    c, _ = s.accept(); c.recv(1000); c.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 4000\r\n\r\n" + b"x" * 4000); c.close()
t = [threading.Thread(target=f) for f in (dns, tcp)]
[x.start() for x in t]; [x.join() for x in t]
PY
    pids+=($!)
    sleep 0.5
}

everything() {
    serve
    ping_ pod-a 10.244.2.2                              # pod to pod
    ping_ pod-a fd00:10:244:2::2                        # inner IPv6
    ping_ pod-a -M dont -s 3000 10.244.2.2              # inner fragments
    ping_ pod-a -t 2 10.244.2.2                         # the time to live ends behind the tunnel
    ns pod-a dig +short +tries=1 +time=2 @10.244.2.2 web.default.svc.cluster.local >/dev/null || true
    ns pod-a python3 -c "import socket; c = socket.create_connection(('10.244.2.2', 80), 5); c.sendall(b'GET / HTTP/1.0\r\n\r\n')
while c.recv(65536): pass" || true
    ns pod-a python3 -c "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b'nobody listens', ('10.244.2.2', 9))"
    ns pod-a python3 -c "import socket; s = socket.socket()
try: s.connect(('10.244.2.2', 81))
except OSError: pass"
}
short() { ping_ pod-a 10.244.2.2; ping_ pod-a fd00:10:244:2::2; }
marked() { ping_ a -m 7 -I 10.244.1.1 10.244.2.2; short; }
# Frames with an 802.1Q tag, and with an 802.1ad one before it, handed to the kernel's device as a bridge would.
tagged() {
    ns a python3 - <<'PY'
import socket, struct
def checksum(b):
    total = sum(struct.unpack(f"!{len(b) // 2}H", b))
    while total >> 16: total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff
icmp = struct.pack("!BBHHH", 8, 0, 0, 7, 1) + b"tagged"
icmp = icmp[:2] + struct.pack("!H", checksum(icmp)) + icmp[4:]
ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(icmp), 1, 0x4000, 64, 1, 0, bytes([198, 51, 100, 1]), bytes([198, 51, 100, 2]))
ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
macs = bytes.fromhex("0a0000000002" "0a0000000001")
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW); s.bind(("vxlan", 0))
s.send(macs + bytes.fromhex("81006064" "0800") + ip + icmp)
s.send(macs + bytes.fromhex("88a800c8" "81000064" "0800") + ip + icmp)
PY
}

# Two nodes, a and b, with VXLAN-GPE between them: IP packets without Ethernet, which the kernel's device does with routes alone.
gpe_nodes() {
    cleanup
    for node in a b; do ip netns add "$prefix-$node"; done
    ip -n "$prefix-a" link add name eth0 type veth peer name eth0 netns "$prefix-b"
    local number=1 other
    for node in a b; do
        other=$((3 - number))
        ip -n "$prefix-$node" link set lo up
        ip -n "$prefix-$node" link set eth0 address "02:00:00:00:00:0$number" up
        ip -n "$prefix-$node" addr add "192.0.2.$number/24" dev eth0
        ip -n "$prefix-$node" link add name vxlan type vxlan external gpe dstport 4790
        ip -n "$prefix-$node" link set vxlan mtu 1430 up
        ip -n "$prefix-$node" addr add "10.244.$number.0/32" dev vxlan
        ip -n "$prefix-$node" addr add "fd00:10:244:$number::/128" dev vxlan nodad
        ip -n "$prefix-$node" route add "10.244.$other.0/24" encap ip id 7 dst "192.0.2.$other" dev vxlan src "10.244.$number.0"
        ip -n "$prefix-$node" -6 route add "fd00:10:244:$other::/64" encap ip id 7 dst "192.0.2.$other" dev vxlan \
            src "fd00:10:244:$number::"
        number=$other
    done
    sleep 1
}
through_gpe() { ping_ a 10.244.2.0; ping_ a fd00:10:244:2::; ping_ a 192.0.2.2; ping_ a 192.0.2.1; }

# A node, a router with a narrow link behind it, and a host at its end: the errors that a kernel's router sends.
routed() {
    cleanup
    for node in a router b; do ip netns add "$prefix-$node"; done
    ip -n "$prefix-a" link add name eth0 type veth peer name eth0 netns "$prefix-router"
    ip -n "$prefix-router" link add name eth1 mtu 1280 type veth peer name eth0 netns "$prefix-b"
    for node in a router b; do
        ip -n "$prefix-$node" link set lo up
        ns "$node" sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
        for device in eth0 eth1; do ns "$node" ethtool -K "$device" tx off tso off gso off gro off >/dev/null 2>&1 || true; done
    done
    ns router sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
    ip -n "$prefix-a" link set eth0 address 02:00:00:00:00:01 up
    ip -n "$prefix-router" link set eth0 address 02:00:00:00:00:02 up
    ip -n "$prefix-router" link set eth1 up
    ip -n "$prefix-b" link set eth0 mtu 1280 up
    ip -n "$prefix-a" addr add 192.0.2.1/24 dev eth0
    ip -n "$prefix-a" addr add 2001:db8::1/64 dev eth0 nodad
    ip -n "$prefix-router" addr add 192.0.2.2/24 dev eth0
    ip -n "$prefix-router" addr add 2001:db8::2/64 dev eth0 nodad
    ip -n "$prefix-router" addr add 198.51.100.1/24 dev eth1
    ip -n "$prefix-router" addr add 2001:db8:1::1/64 dev eth1 nodad
    ip -n "$prefix-router" route add prohibit 203.0.113.0/24
    ip -n "$prefix-router" -6 route add prohibit 2001:db8:2::/64
    ip -n "$prefix-b" addr add 198.51.100.2/24 dev eth0
    ip -n "$prefix-b" addr add 2001:db8:1::2/64 dev eth0 nodad
    ip -n "$prefix-a" route add default via 192.0.2.2
    ip -n "$prefix-a" -6 route add default via 2001:db8::2
    ip -n "$prefix-a" route add 192.0.2.3/32 via 192.0.2.2
    ip -n "$prefix-b" route add default via 198.51.100.1
    ip -n "$prefix-b" -6 route add default via 2001:db8:1::1
    sleep 1
}
refused() {
    one() { ns a ping -q -c 1 -W 1 "$@" >/dev/null || true; }
    one -t 1 198.51.100.2; one -t 1 2001:db8:1::2                       # time exceeded
    one -M "do" -s 1400 198.51.100.2; one -M "do" -s 1400 2001:db8:1::2 # too big
    one 203.0.113.1; one 2001:db8:2::1                                  # prohibited
    one 10.9.9.9; one 2001:db8:9::9                                     # no route
    one 192.0.2.3                                                       # redirect
    ns a python3 -c "import socket
for family, address in (socket.AF_INET, '198.51.100.2'), (socket.AF_INET6, '2001:db8:1::2'):
    socket.socket(family, socket.SOCK_DGRAM).sendto(b'nobody listens', (address, 9))"
    ns a ping -q -c 1 -W 5 198.51.100.9 >/dev/null || true              # nobody there
    ns a ping -q -c 1 -W 5 2001:db8:1::9 >/dev/null || true
}

mkdir -p "$out"
nodes 4 1 8472 noudpcsum
record flannel-vxlan everything
nodes 4 4096 4789 noudpcsum
record calico-vxlan short
nodes 4 1 8472 gbp
record vxlan-gbp marked
nodes 6 1 8472
record vxlan-ipv6-underlay short
nodes 4 1 8472 udpcsum
record vxlan-inner-vlan tagged
gpe_nodes
record vxlan-gpe through_gpe
record linux-cooked-2 through_gpe any
routed
record icmp-errors refused

# The expected decode is tshark's, not ours.
if command -v tshark >/dev/null; then
    for name in "${captures[@]}"; do "$here/lib/fields.sh" "$out/$name.pcap" >"$out/$name.pcap.tsv" 2>/dev/null; done
else
    echo "tshark is not here: the expected decodes (*.tsv) were left as they are"
fi
