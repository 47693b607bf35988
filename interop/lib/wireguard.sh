# What Debian's wireguard-go sends, read by packet-dissect: a handshake, packets and keepalives of two of it in two namespaces; and
# opened by it and by tshark, with the keys that they had. The same of Debian's kernel, in a virtual machine, with wireguard-go.
# RECORD=testdata keeps the first capture and its keys. Sourced by interop/run.

. "$here/lib/check.sh"
# What they recommend is a kernel.
command -v wireguard-go >/dev/null && command -v wg >/dev/null || {
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wireguard-go wireguard-tools >/dev/null
}
command -v tshark >/dev/null && /usr/bin/python3 -c 'import cryptography' 2>/dev/null || {
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends tshark python3-cryptography >/dev/null
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
    pid=$!
    pids+=("$pid")
    for _ in $(seq 50); do [ -S "/var/run/wireguard/$prefix$name.sock" ] && break; sleep 0.1; done
    (umask 077 && wg genkey >"$work/$name.key")
    wg pubkey <"$work/$name.key" >"$work/$name.pub"
}
up() { # NAME NUMBER
    local name=$1 number=$2 other=$((3 - $2))
    ns "$name" wg set "$prefix$name" listen-port 51820 private-key "$work/$name.key"
    ip -n "$prefix-$name" addr add "10.244.$number.1/24" dev "$prefix$name"
    ip -n "$prefix-$name" link set "$prefix$name" up
    ip -n "$prefix-$name" route add "10.244.$other.0/24" dev "$prefix$name"
}
peer() { # NAME NUMBER OF ENDPOINT …
    ns "$1" wg set "$prefix$1" peer "$(cat "$work/$3.pub")" preshared-key "$work/preshared" \
        allowed-ips "10.244.$((3 - $2)).0/24" "${@:4}"
}
# A handshake that NAME begins with b, whose key is found. The answer waits until then: the key is forgotten with it. Where that takes so
# long that another handshake begins, all is begun again.
handshake() { # NAME PID
    local name=$1
    for _ in 1 2 3 4; do
        peer b 2 "$name"
        kill -STOP "$pid_of_b"
        "${name}_begins" && key_log "$2" 192.0.2.1 b "$name"
        kill -CONT "$pid_of_b"
        for _ in 1 2 3 4; do
            sleep 0.5
            ! "$program" --wireguard-keys "$work/$name.keys" -T fields -e wg.handshake_ok "$work/$name.pcap" | grep -q 1 || return 0
        done
        "${name}_ends"
        ns b wg set "${prefix}b" peer "$(cat "$work/$name.pub")" remove
    done
    return 1
}
# What goes over the wire of NODE, in NAME.pcap, until it is told to end.
capture() { # NODE NAME
    rm -f "$work/tcpdump"
    ip netns exec "$prefix-$1" tcpdump -q -U --immediate-mode -i wire -s 0 -w "$work/$2.pcap" udp port 51820 2>"$work/tcpdump" &
    dump=$!
    pids+=("$dump")
    for _ in $(seq 50); do grep -qs listening "$work/tcpdump" && break; sleep 0.1; done
}
captured() {
    kill -INT "$dump"
    wait "$dump" || true
}
# Tells the keys of the handshake that NAME began, as Wireshark takes them.
key_log() { # PID SOURCE PEER NAME
    local ephemeral
    ephemeral=$(/usr/bin/python3 "$here/lib/wireguard_key.py" "$1" "$work/$4.pcap" "$2" "$(cat "$work/$3.pub")") || return
    (
        umask 077
        echo "LOCAL_STATIC_PRIVATE_KEY = $(cat "$work/$4.key")"
        echo "REMOTE_STATIC_PUBLIC_KEY = $(cat "$work/$3.pub")"
        echo "LOCAL_EPHEMERAL_PRIVATE_KEY = $ephemeral"
        echo "PRESHARED_KEY = $(cat "$work/preshared")"
    ) >"$work/$4.keys"
}

(umask 077 && wg genpsk >"$work/preshared")
ip netns add "$prefix-a"
ip netns add "$prefix-b"
ip -n "$prefix-a" link add wire type veth peer name wire netns "$prefix-b"
node a 1
pid_of_a=$pid
node b 2
pid_of_b=$pid
capture a a
a_begins() { peer a 1 b endpoint 192.0.2.2:51820 persistent-keepalive 1; }
a_ends() { ns a wg set "${prefix}a" peer "$(cat "$work/b.pub")" remove; }
up b 2
up a 1
check "the handshake's key is found" handshake a "$pid_of_a"
check "ping through the tunnel" ns a ping -q -c 3 -i 0.3 -W 5 10.244.2.1
check "a ping of 1000 bytes" ns a ping -q -c 1 -W 5 -s 1000 10.244.2.1
sleep 2.5
captured

"$program" -V "$work/a.pcap" | grep -E "^(WireGuard|[0-9]+ bytes)" >"$work/lines"
"$program" -T fields -e wg.type -e wg.sender -e wg.receiver -e wg.counter -e ip.src "$work/a.pcap" >"$work/fields"
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
check "every packet is built again" grep -qE "^[0-9]+ packets, ([0-9]+) built the same" <("$program" --verify "$work/a.pcap")

# Opened: the same packets as tshark's, and no other. A packet's own time to live tells it from the outer.
opened() { # NAME PINGS
    local fields=(-e frame.number -e ip.src -e ip.dst -e ip.ttl -e ip.len -e icmp.type -e icmp.seq -e wg.counter -e wg.handshake_ok)
    "$program" --wireguard-keys "$work/$1.keys" -T fields "${fields[@]}" "$work/$1.pcap" >"$work/ours"
    tshark -n -r "$work/$1.pcap" -o "wg.keylog_file:$work/$1.keys" -T fields "${fields[@]}" >"$work/theirs" 2>/dev/null
    diff "$work/ours" "$work/theirs" || return
    [ "$(grep -c "10.244" "$work/ours")" -ge "$2" ]
}
shows_ping() { # NAME
    "$program" --wireguard-keys "$work/$1.keys" "$work/$1.pcap" >"$work/lines"
    grep -qE "10.244.1.1 > 10.244.2.1  ICMP echo request, id [0-9]+, seq 1  wireguard$" "$work/lines" || { cat "$work/lines"; return 1; }
}
closed_with() { # NAME SED: keys that are changed
    sed "$2" "$work/$1.keys" >"$work/other.keys"
    ! "$program" --wireguard-keys "$work/other.keys" "$work/$1.pcap" | grep ICMP
}
check "the ping is shown" shows_ping a
check "as tshark opens them" opened a 8
for kind in LOCAL_STATIC LOCAL_EPHEMERAL PRESHARED; do
    check "closed with another $kind key" closed_with a "s|^\($kind.* = \).*|\1$(wg genkey)|"
done
if [ -n "${RECORD:-}" ]; then
    cp "$work/a.pcap" "$RECORD/wireguard.pcap"
    cp "$work/a.keys" "$RECORD/wireguard.pcap.keys"
    sh "$here/lib/fields.sh" "$RECORD/wireguard.pcap" >"$RECORD/wireguard.pcap.tsv"
fi

# Debian's kernel begins a handshake with wireguard-go, which waits likewise; the machine's memory is that of its process.
. "$here/lib/vm.sh"
vm_modules+=" $vm_wireguard_modules"
vm_programs+=" wg"
kernel() {
    (umask 077 && wg genkey >"$work/k.key")
    wg pubkey <"$work/k.key" >"$work/k.pub"
    vm "ip link set eth0 up && ip addr add 192.0.2.1/24 dev eth0 && ip link add tun type wireguard &&
        ip addr add 10.244.1.1/24 dev tun && ip link set tun up && ip route add 10.244.2.0/24 dev tun &&
        echo $(cat "$work/k.key") >/tmp/key && echo $(cat "$work/preshared") >/tmp/preshared &&
        wg set tun listen-port 51820 private-key /tmp/key"
}
k_begins() {
    vm "wg set tun peer $(cat "$work/b.pub") preshared-key /tmp/preshared endpoint 192.0.2.2:51820 allowed-ips 10.244.2.0/24 \
        persistent-keepalive 1"
}
k_ends() { vm "wg set tun peer $(cat "$work/b.pub") remove"; }
cleanup
vm_prepare
if [ -z "$vm_skip" ]; then
    ip netns add "$prefix-b"
    vm_boot b
fi
if [ -z "$vm_skip" ]; then
    node b 2
    pid_of_b=$pid
    capture b k
    check "kernel: it has a tunnel" kernel
    up b 2
    check "kernel: the handshake's key is found" handshake k "$vm_pid"
    check "kernel: ping from it" vm ping -q -c 3 -i 0.3 -W 5 10.244.2.1
    check "kernel: a ping of 1000 bytes to it" ns b ping -q -c 1 -W 5 -s 1000 10.244.1.1
    sleep 1.5
    captured
    check "kernel: the ping is shown" shows_ping k
    check "kernel: as tshark opens them" opened k 8
fi
rm -rf "$work"
finish
