# Two nodes, a router between them that drops, and a capture at each pod and each node: what packet-dissect says is lost is what the
# router's counters say. The devices keep their offloads, so that taps show segments of 64 kB where others show their packets.
# Sourced by interop/run.
#
#   pod-1 10.244.1.2 ─ node-1 192.0.2.1 ─ 192.0.2.254 router 198.51.100.254 ─ 198.51.100.1 node-2 ─ 10.244.2.2 pod-2

. "$here/lib/check.sh"
need nft nftables
if [ "${#missing[@]}" -gt 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
fi
cargo build --quiet --release --locked --manifest-path "$here/../Cargo.toml" -p packet-dissect
dissect="${CARGO_TARGET_DIR:-$here/../target}/release/packet-dissect"
work=$(mktemp -d "/tmp/$prefix.XXXXXX")
trap 'cleanup; rm -rf "$work"' EXIT

wire() { # SPACE DEVICE ADDRESS SPACE DEVICE ADDRESS
    ip -n "$prefix-$1" link add name "$2" type veth peer name "$5" netns "$prefix-$4"
    ip -n "$prefix-$1" addr add "$3" dev "$2"
    ip -n "$prefix-$4" addr add "$6" dev "$5"
    ip -n "$prefix-$1" link set "$2" up
    ip -n "$prefix-$4" link set "$5" up
}
network() {
    cleanup
    local space node
    for space in pod-1 node-1 router node-2 pod-2; do
        ip netns add "$prefix-$space"
        ip -n "$prefix-$space" link set lo up
        ns "$space" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
    done
    wire pod-1 eth0 10.244.1.2/24 node-1 pod 10.244.1.1/24
    wire pod-2 eth0 10.244.2.2/24 node-2 pod 10.244.2.1/24
    wire node-1 eth0 192.0.2.1/24 router one 192.0.2.254/24
    wire node-2 eth0 198.51.100.1/24 router two 198.51.100.254/24
    ip -n "$prefix-pod-1" route add default via 10.244.1.1
    ip -n "$prefix-pod-2" route add default via 10.244.2.1
    ip -n "$prefix-node-1" route add default via 192.0.2.254
    ip -n "$prefix-node-2" route add default via 198.51.100.254
    local own=192.0.2.1 other=198.51.100.1
    for node in 1 2; do
        ip -n "$prefix-node-$node" link add name tunnel address "0a:00:00:00:00:0$node" type vxlan id 1 local "$own" remote "$other" \
            dstport 8472 nolearning
        ip -n "$prefix-node-$node" link set tunnel mtu 1450 up
        ip -n "$prefix-pod-$node" link set eth0 mtu 1450
        ip -n "$prefix-node-$node" neigh add "10.244.$((3 - node)).0" lladdr "0a:00:00:00:00:0$((3 - node))" dev tunnel nud permanent
        ip -n "$prefix-node-$node" route add "10.244.$((3 - node)).0/24" via "10.244.$((3 - node)).0" dev tunnel onlink
        own=198.51.100.1 other=192.0.2.1
    done
}

# The router drops some of the tunnel's packets, and counts them by the node that they come from.
drops() { # OF A THOUSAND
    ns router nft flush ruleset
    ns router nft -f - <<NFT
table ip drops {
    chain forward {
        type filter hook forward priority 0;
        ip saddr 192.0.2.1 udp dport 8472 numgen random mod 1000 < $1 counter drop
        ip saddr 198.51.100.1 udp dport 8472 numgen random mod 1000 < $1 counter drop
    }
}
NFT
}
dropped() { ns router nft -j list chain ip drops forward | python3 -c '
import json, sys
print(*(part["counter"]["packets"] for rule in json.load(sys.stdin)["nftables"] if "rule" in rule for part in rule["rule"]["expr"] if "counter" in part))'; }

taps="pod-1 node-1 node-2 pod-2"
captures=()
begin() {
    local tap
    for tap in $taps; do
        ip netns exec "$prefix-$tap" tcpdump -q -i eth0 -B 65536 -s 200 --time-stamp-precision=nano -w "$work/$tap.pcap" 2>"$work/$tap.log" &
        captures+=($!)
        pids+=($!)
    done
    for tap in $taps; do
        for _ in $(seq 100); do grep -qs "listening on" "$work/$tap.log" && break; sleep 0.1; done
    done
    sleep 0.3
}
end() {
    local pid
    sleep 1
    for pid in "${captures[@]}"; do kill -INT "$pid"; wait "$pid" || true; done
    captures=()
    grep -h "dropped by kernel" "$work"/*.log | grep -qv "^0 " && { echo "a capture has not all packets"; return 1; } || true
}

# Numbered datagrams both ways, the same ones again and again, and data over TCP both ways.
traffic() {
    python3 "$here/lib/taps.py" "$prefix-pod-1" "$prefix-pod-2" "$@"
}
lost_as_counted() { # FILE …: what is lost between the nodes is what the router dropped
    "$dissect" diagnose -T json --paths --mtu 65000 "$@" >"$work/said" || [ $? = 3 ] || return 1
    python3 "$here/lib/taps_judge.py" "$work/said" $(dropped)
}

all() { # WHAT: every pair of taps, and all four
    check "captures of $1" end
    check "$1: two nodes" lost_as_counted "$work/node-1.pcap" "$work/node-2.pcap"
    check "$1: two pods" lost_as_counted "$work/pod-1.pcap" "$work/pod-2.pcap"
    check "$1: a pod and a node, the later one first" lost_as_counted "$work/node-2.pcap" "$work/pod-1.pcap"
    check "$1: all four" lost_as_counted "$work/pod-1.pcap" "$work/node-1.pcap" "$work/node-2.pcap" "$work/pod-2.pcap"
    for tap in node-2 pod-2; do python3 "$here/lib/taps_clock.py" "$work/$tap.pcap" "$work/$tap-shifted.pcap"; done
    check "$1: another clock" lost_as_counted "$work/node-1.pcap" "$work/node-2-shifted.pcap"
    check "$1: two nodes' clocks" lost_as_counted "$work/pod-1.pcap" "$work/node-1.pcap" "$work/node-2-shifted.pcap" "$work/pod-2-shifted.pcap"
    [ -z "${KEEP:-}" ] || cp -r "$work" "$KEEP-${1// /-}"
}

# LABS: some of them alone.
labs=${LABS:-whole cut service}
has() { [[ " $labs " = *" $1 "* ]]; }

for rate in 0 1 10 100; do
    has whole || break
    network
    drops "$rate"
    begin
    check "traffic where $rate of 1000 are dropped" traffic
    all "$rate of 1000"
done

# A card that cuts segments before they are seen, on one side: one tap has 64 kB where the next has packets.
cuts() { ns "$1" ethtool -K "$2" tso off gso off tx-udp_tnl-segmentation off tx-udp_tnl-csum-segmentation off; }
for rate in 0 20; do
    has cut || break
    network
    check "cut at one node" cuts node-1 tunnel
    check "and at the other pod" cuts node-2 pod
    drops "$rate"
    begin
    check "traffic where segments are cut" traffic
    all "segments cut, $rate of 1000"
done

# A service's address, translated at the first node; the second one puts its own in the place of the asker's.
translations() {
    ns node-1 nft -f - <<NFT
table ip service {
    chain prerouting {
        type nat hook prerouting priority -100;
        ip daddr 10.96.0.10 dnat to 10.244.2.2
    }
}
NFT
    ns node-2 nft -f - <<NFT
table ip service {
    chain postrouting {
        type nat hook postrouting priority 100;
        ip saddr 10.244.1.0/24 oifname "pod" masquerade
    }
}
NFT
}
for rate in 0 20; do
    has service || break
    network
    check "translation" translations
    drops "$rate"
    begin
    check "traffic to a service" traffic 10.96.0.10
    all "a service, $rate of 1000"
done
finish
