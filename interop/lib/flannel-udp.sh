# Flannel's UDP backend: flannel-udp-codec's example node on both ends. Sourced by interop/run. OTHER_NODE=PROGRAM has another
# program on node 2, started with the same options; it says "ready", and does what flannel's proxy does.

. "$here/lib/flannel.sh"
node="$here/../target/release/examples/node"

leases() { # NODE …: the file that all nodes watch, replaced at once as flannel's users do
    {
        echo '{"/coreos.com/network/config": {"Network":"10.244.0.0/16","Backend":{"Type":"udp"}}'
        for number in "$@"; do echo ", $(lease "$number" udp)"; done
        echo '}'
    } >"$work/leases.part"
    mv "$work/leases.part" "$work/leases.json"
}

start() { # NODE OPTION …
    local program=$node
    [ "$1" = 1 ] || program=${OTHER_NODE:-$node}
    ip netns exec "$prefix-$1" "$program" --address "10.244.$1.0/16" --public-ip "192.0.2.$1" --leases "$work/leases.json" "${@:2}" >"$work/node-$1.log" 2>&1 &
    started[$1]=$!
    pids+=($!)
    for _ in $(seq 50); do grep -q ^ready "$work/node-$1.log" && break; sleep 0.1; done
    # An answer comes from the TUN device's own address, which Linux takes for a forgery where it is not told otherwise:
    # flannel's net unreachable does not reach a pod either unless this is set.
    ns "$1" sysctl -qw net.ipv4.conf.flannel0.accept_local=1
}
start_both() { start 1 "$@" && start 2 "$@"; }
stops() { # NODE: Ctrl-C ends it, and it says what it did
    kill -INT "${started[$1]}"
    wait "${started[$1]}" && grep -qE '^sent [0-9]+ delivered [0-9]+' "$work/node-$1.log"
}
declare -A started=()
has_routes() { for _ in $(seq 20); do tail -1 "$work/node-1.log" | grep -q "$1 routes" && return; sleep 0.1; done; return 1; }

both() { # NAME OPTION …
    local title=$1
    shift
    nodes 1472
    leases 1 2
    check "$title: the nodes start" start_both "$@"
    check "$title: ping 1a to 2a" ping_ 1a 10.244.2.2
    check "$title: ping 1a to 2b" ping_ 1a 10.244.2.3
    check "$title: ping 1b to 2a" ping_ 1b 10.244.2.2
    check "$title: ping 2a to 1a" ping_ 2a 10.244.1.2
    check "$title: two hops a crossing" ttl_is 1a 10.244.2.2 60
    check "$title: 10 MB over TCP to 2a" transfer 1a 2a 10.244.2.2 10000000
    check "$title: 10 MB over TCP to 1b" transfer 2a 1b 10.244.1.3 10000000
    check "$title: datagrams of every size" echoes 1a 2a 10.244.2.2 1444
    check "$title: as long as the tunnel takes" ping_ 1a 10.244.2.2 -M do -s 1444
    check "$title: longer, not to be fragmented" refuse ping_ 1a 10.244.2.2 -M do -s 1445
    check "$title: longer, in fragments" ping_ 1a 10.244.2.2 -M dont -s 4000
    check "$title: a closed port" error_of 1a 10.244.2.2 9 ECONNREFUSED
    check "$title: no route" error_of 1a 10.244.77.7 9 ENETUNREACH
}

both "as flannel"
# The node's kernel, then two proxies, which are silent, then the other node's kernel, then the pod.
check "as flannel: the route" route_is 1a 10.244.2.2 10.244.1.1 '*' '*' 10.244.2.0 10.244.2.2
check "as flannel: the time to live ends in the first proxy" is_silent 1a 2 10.244.2.2
check "as flannel: the time to live ends in the second proxy" is_silent 1a 3 10.244.2.2
check "as flannel: silence about a ping without a route" is_silent 1a 64 10.244.77.7
leases 1
check "the leases are read again" has_routes 1
check "no lease, no route" error_of 1a 10.244.2.2 9 ENETUNREACH
leases 1 2
check "the lease is back" has_routes 2
check "and so is the route" ping_ 1a 10.244.2.2
echo '{"half' >"$work/leases.json"
check "half a file changes nothing" ping_ 1a 10.244.2.2
check "Ctrl-C ends the first node" stops 1
check "Ctrl-C ends the second node" stops 2

both "as RFC 1812" --rfc1812
check "as RFC 1812: the route" route_is 1a 10.244.2.2 10.244.1.1 10.244.1.0 10.244.2.0 10.244.2.0 10.244.2.2
check "as RFC 1812: the time to live ends in the first proxy" expires_at 1a 2 10.244.2.2 10.244.1.0
check "as RFC 1812: the time to live ends in the second proxy" expires_at 1a 3 10.244.2.2 10.244.2.0
check "as RFC 1812: a ping without a route" is_unreachable 1a 10.244.77.7 10.244.1.0

# Packet by packet, at the pods, the TUN device and the wire.
nodes 1472
leases 1 2
check "one at a time: the nodes start" start_both --no-offload
capture flannel-udp-pod 1a eth0
capture flannel-udp-tun 1 flannel0
capture flannel-udp-underlay 1 eth0
capture far 2a eth0
sleep 1
check "one at a time: ping" ping_ 1a 10.244.2.2 -s 1444
check "one at a time: 40 kB over TCP" transfer 1a 2a 10.244.2.2 40000
check "one at a time: datagrams" echoes 1a 2a 10.244.2.2 1444
check "one at a time: the time to live ends in the second proxy" is_silent 1a 3 10.244.2.2
check "one at a time: a closed port" error_of 1a 10.244.2.2 9 ECONNREFUSED
check "one at a time: no route" error_of 1a 10.244.77.7 9 ENETUNREACH
end_captures
# The ping whose time ended on the way is in the first capture alone.
python3 - "$work/flannel-udp-pod.pcap" "$work/sent.pcap" <<'PY'
import struct, sys
data = open(sys.argv[1], "rb").read()
out, at = data[:24], 24
while at < len(data):
    length = struct.unpack_from("<I", data, at + 8)[0]
    if data[at + 16 + 14 + 8] != 3:
        out += data[at : at + 16 + length]
    at += 16 + length
open(sys.argv[2], "wb").write(out)
PY
check "what 1a sent is what 2a got" arrived sent far 10.244.1.2 10.244.2.2 4
check "what 2a sent is what 1a got" arrived far flannel-udp-pod 10.244.2.2 10.244.1.2 4
finish
