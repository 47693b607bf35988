# The flow meter between two namespaces, with the kernel's vxlan device at both ends of a tunnel. Sourced by ../run.

work=$(mktemp -d "/tmp/$prefix.XXXXXX")

# Two links, one for the tunnel's packets and one for others, on which nothing is said that is not counted: neighbours are known.
meter_links() {
    cleanup
    ip netns add "$prefix-a"
    ip netns add "$prefix-b"
    for name in a b; do ns $name sysctl -qw net.ipv6.conf.default.disable_ipv6=1; done
    local link number=0 own other
    for link in under plain; do
        number=$((number + 1))
        ip -n "$prefix-a" link add name $link type veth peer name $link netns "$prefix-b"
        for name in a b; do
            own=1 other=2
            [ $name = b ] && own=2 other=1
            ip -n "$prefix-$name" link set $link address 02:00:00:00:0$number:0$own up
            ip -n "$prefix-$name" addr add 198.51.$number.$own/24 dev $link
            ip -n "$prefix-$name" neigh replace 198.51.$number.$other lladdr 02:00:00:00:0$number:0$other dev $link nud permanent
        done
    done
}

# The tunnel, of which both families make use. Who is where in it they ask each other.
meter_tunnel() {
    local own other
    for name in a b; do
        own=1 other=2
        [ $name = b ] && own=2 other=1
        ip -n "$prefix-$name" link add vx type vxlan id 42 remote 198.51.1.$other dstport 4789 dev under
        ns $name sysctl -qw net.ipv6.conf.vx.disable_ipv6=0
        ip -n "$prefix-$name" addr add 10.244.0.$own/24 dev vx
        ip -n "$prefix-$name" addr add fd00::$own/64 dev vx nodad
        ip -n "$prefix-$name" link set vx up
    done
}

# 4 MB over TCP in the tunnel: segments of 64 kB and partial checksums, as links have them by default.
meter_transfer() {
    ip netns exec "$prefix-b" python3 -c '
import socket
s = socket.create_server(("10.244.0.2", 5001)); s.settimeout(20); print("listening", flush=True)
c, _ = s.accept(); n = 0
while b := c.recv(65536): n += len(b)
c.sendall(str(n).encode()); c.close()' >"$work/listening" &
    pids+=("$!")
    for _ in $(seq 100); do grep -q listening "$work/listening" && break; sleep 0.05; done
    ns a python3 -c '
import socket
c = socket.create_connection(("10.244.0.2", 5001), 20, ("10.244.0.1", 40001)); c.sendall(bytes(4 << 20)); c.shutdown(socket.SHUT_WR)
assert c.recv(20) == b"4194304"'
}

meter_run() { # OPTIONS …: what is metered at the far end while all that goes on is in $work/told, and what the near end sent in $work/sent
    meter_links
    ip netns exec "$prefix-b" "$loader" meter -i under -i plain "$@" >"$work/told" &
    local meter=$!
    pids+=("$meter")
    for link in under plain; do
        for _ in $(seq 100); do ip -n "$prefix-b" link show $link | grep -q prog/xdp && break; sleep 0.05; done
    done
    meter_tunnel
    ns a ping -qc 5 -i 0.1 -W 2 10.244.0.2
    ns a ping -qc 3 -i 0.1 -W 2 fd00::2
    ns a ping -qc 2 -i 0.1 -W 2 198.51.2.2
    meter_transfer
    # The far end first: what it still said would reach nobody, of which the near one would tell by ICMP.
    for name in b a; do ip -n "$prefix-$name" link set vx down; done
    sleep 0.5
    kill -INT "$meter"
    wait "$meter"
    ip -n "$prefix-a" -s -j link >"$work/sent"
}

# All packets that the near end's devices sent are metered, with all their bytes, and what is known of the flows is as it must be.
meter_counts() {
    python3 - "$work/told" "$work/sent" <<'PY'
import json, sys
told = json.loads(open(sys.argv[1]).read().splitlines()[-1])
sent = {of["ifname"]: of["stats64"]["tx"] for of in json.load(open(sys.argv[2]))}
links = [sent["under"], sent["plain"]]
packets, bytes_ = (sum(link[what] for link in links) for what in ("packets", "bytes"))
total = told["total"]
# A packet that XDP saw its device counts from behind the Ethernet header.
assert (total["packets"], total["bytes"]) == (packets, bytes_ + 14 * packets), (total, sent)
flows = {of["flow"]: (of["packets"], of["bytes"], of["overhead"]) for of in told["flows"]}
# 56 bytes of data: 98 of a frame over IPv4 and 118 over IPv6, and 50 for IPv4, UDP, VXLAN and the frame around them.
assert flows["10.244.0.1 > 10.244.0.2, ICMP, vxlan 42"] == (5, 5 * 148, 5 * 50), flows
assert flows["198.51.2.1 > 198.51.2.2, ICMP"] == (2, 2 * 98, 0), flows
echoes = flows["fd00::1 > fd00::2, ICMPv6, vxlan 42"]
assert echoes[0] >= 3 and echoes[2] == 50 * echoes[0], flows
count, size, overhead = flows["10.244.0.1:40001 > 10.244.0.2:5001, TCP, vxlan 42"]
# All data came in packets of at most 1500 bytes, each with 50 + 14 + 20 + 32 of headers, and a SYN of 8 more.
assert overhead == 50 * count and size - 116 * count - 8 == 4 << 20, (count, size, overhead)
network = {of["network"]: of["packets"] for of in told["networks"]}
assert network == {"vxlan 42": sent["under"]["packets"]}, (network, sent)
tunnels = [(of["tunnel"], of["ends"], of["packets"]) for of in told["tunnels"]]
assert tunnels == [("vxlan", ["198.51.1.1", "198.51.1.2"], sent["under"]["packets"])], tunnels
assert total["overhead"] == 50 * sent["under"]["packets"], total
print(total)
PY
}

# Nothing comes, and it is told each second: twice, and at the end.
meter_interval() {
    meter_links
    ns b "$loader" meter -i under --seconds 3 --interval 1 >"$work/told"
    [ "$(grep -c '  in all, ' "$work/told")" = 3 ]
}

check "meter: pings, TCP and others go on" meter_run --json
check "meter: all that was sent is told, by flow and network" meter_counts
check "meter: tells again and again" meter_interval
rm -rf "$work"
