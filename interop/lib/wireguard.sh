# What Debian's wireguard-go sends, read by packet-dissect: a handshake, packets and keepalives of two of it in two namespaces.
# RECORD=testdata keeps the capture. Sourced by interop/run.

. "$here/lib/check.sh"
# What they recommend is a kernel.
command -v wireguard-go >/dev/null && command -v wg >/dev/null || {
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wireguard-go wireguard-tools >/dev/null
}
work=$(mktemp -d "/tmp/$prefix.wireguard.XXXXXX")
root=$(cd "$here/.." && pwd)
(cd "$root" && cargo build --release --quiet --locked -p packet-dissect)
program=${CARGO_TARGET_DIR:-$root/target}/release/packet-dissect

# Two nodes with keys of their own, made here and gone with the script.
node() { # NAME NUMBER
    local name=$1 number=$2
    ip -n "$prefix-$name" link set lo up
    ip -n "$prefix-$name" link set wire up
    ip -n "$prefix-$name" addr add "192.0.2.$number/24" dev wire
    ns "$name" ethtool -K wire tx off tso off gso off gro off >/dev/null 2>&1 || true
    ip netns exec "$prefix-$name" env LOG_LEVEL=error WG_PROCESS_FOREGROUND=1 wireguard-go "$prefix$name" >"$work/$name.log" 2>&1 &
    pids+=($!)
    for _ in $(seq 50); do [ -S "/var/run/wireguard/$prefix$name.sock" ] && break; sleep 0.1; done
    (umask 077 && wg genkey >"$work/$name.key")
    wg pubkey <"$work/$name.key" >"$work/$name.pub"
}
peer() { # NAME NUMBER OF
    local name=$1 number=$2 of=$3 other=$((3 - $2))
    ns "$name" wg set "$prefix$name" listen-port 51820 private-key "$work/$name.key" peer "$(cat "$work/$of.pub")" \
        endpoint "192.0.2.$other:51820" allowed-ips "10.244.$other.0/24" persistent-keepalive 1
    ip -n "$prefix-$name" addr add "10.244.$number.1/24" dev "$prefix$name"
    ip -n "$prefix-$name" link set "$prefix$name" up
    ip -n "$prefix-$name" route add "10.244.$other.0/24" dev "$prefix$name"
}
ip netns add "$prefix-a"
ip netns add "$prefix-b"
ip -n "$prefix-a" link add wire type veth peer name wire netns "$prefix-b"
node a 1
node b 2
ip netns exec "$prefix-a" tcpdump -q -U --immediate-mode -i wire -s 0 -w "$work/wireguard.pcap" udp port 51820 2>"$work/tcpdump" &
dump=$!
pids+=("$dump")
for _ in $(seq 50); do grep -qs listening "$work/tcpdump" && break; sleep 0.1; done
peer a 1 b
peer b 2 a
check "ping through the tunnel" ns a ping -q -c 3 -i 0.3 -W 5 10.244.2.1
check "a ping of 1000 bytes" ns a ping -q -c 1 -W 5 -s 1000 10.244.2.1
sleep 2.5
kill -INT "$dump"
wait "$dump" || true

"$program" -V "$work/wireguard.pcap" | grep -E "^(WireGuard|[0-9]+ bytes)" >"$work/lines"
"$program" -T fields -e wg.type -e wg.sender -e wg.receiver -e wg.counter -e ip.src "$work/wireguard.pcap" >"$work/fields"
said() { grep -qE "^WireGuard $1  \\[bytes" "$work/lines" || { cat "$work/lines"; return 1; }; }
check "a handshake begins" said "handshake initiation, sender [0-9]+"
check "and is answered" said "handshake response, sender [0-9]+, receiver [0-9]+"
# A ping of 56 bytes is 84 bytes of IPv4, which WireGuard pads to 96.
check "pings are sealed" said "data, receiver [0-9]+, counter [0-9]+, 96 bytes sealed"
check "so is a long one" said "data, receiver [0-9]+, counter [0-9]+, 1040 bytes sealed"
check "keepalives are told" said "data, receiver [0-9]+, counter [0-9]+, keepalive"
check "nothing is left closed" refuse grep -v WireGuard "$work/lines"
# Who answers an initiation names its sender; data goes to one of the two indexes, with a counter that only grows.
indexes() {
    python3 - "$work/fields" <<'PY'
import sys
senders, counters = {}, {}
for line in open(sys.argv[1]):
    kind, sender, receiver, counter, source = line.rstrip("\n").split("\t")
    if kind in "12":
        senders[sender] = source
    if kind in "24":
        assert senders[receiver] != source, line
    if kind == "4":
        assert int(counter) > counters.get(receiver, -1), line
        counters[receiver] = int(counter)
assert len(counters) >= 2, counters
PY
}
check "the indexes are the handshake's" indexes
check "every packet is built again" grep -qE "^[0-9]+ packets, ([0-9]+) built the same" <("$program" --verify "$work/wireguard.pcap")
if [ -n "${RECORD:-}" ]; then
    cp "$work/wireguard.pcap" "$RECORD/wireguard.pcap"
    sh "$here/lib/fields.sh" "$RECORD/wireguard.pcap" >"$RECORD/wireguard.pcap.tsv"
fi
rm -rf "$work"
finish
