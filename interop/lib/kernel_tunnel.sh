# The tunnel devices of the kernel in a virtual machine, vtep/ on the other end of its wire. Sourced by ipip.sh, gre.sh and geneve.sh.
#
# The machine has 10.244.0.1 and fd00:244::1 on `tun`, the device under test, and ours has 10.244.0.2 and fd00:244::2 on `pod`.

. "$here/lib/vm.sh"
vtep_pid=

# The namespace of ours, and the machine on its wire. What cannot be is in $vm_skip.
tunnel_start() {
    vm_prepare
    [ -z "$vm_skip" ] || return 0
    cleanup
    ip netns add "$prefix-u"
    vm_boot u
    [ -z "$vm_skip" ] || return 0
    ip -n "$prefix-u" link set lo up
    ip -n "$prefix-u" link set wire up
    vm "ip link set eth0 up && ip addr add 192.0.2.1/24 dev eth0 && ip addr add 2001:db8::1/64 dev eth0 nodad &&
        ip neigh replace 192.0.2.2 lladdr 02:00:00:00:02:02 dev eth0 nud permanent &&
        ip neigh replace 2001:db8::2 lladdr 02:00:00:00:02:02 dev eth0 nud permanent"
}

tunnel_end() {
    [ -z "$vtep_pid" ] || { kill "$vtep_pid" 2>/dev/null; wait "$vtep_pid" 2>/dev/null; }
    vtep_pid=
    ip -n "$prefix-u" link del bridge0 2>/dev/null
    vm "ip link del tun" >/dev/null
    return 0
}

# DEVICE is what `ip link add name tun` is told, OPTIONS what vtep/ is.
tunnel_between() { # DEVICE OPTIONS
    local device=$1 options=$2 family=4
    tunnel_end
    case $options in *--local*) ;; *) options+=" --local 192.0.2.2 --remote 192.0.2.1" ;; esac
    vm "ip link add name tun $device" || return
    rm -f "$work/ready"
    ip netns exec "$prefix-u" "$vtep" --overlay pod --underlay tap $options >"$work/ready" 2>"$work/dropped" &
    vtep_pid=$!
    pids+=("$vtep_pid")
    for _ in $(seq 50); do grep -qs ready "$work/ready" && break; sleep 0.1; done
    ip -n "$prefix-u" link add name bridge0 type bridge
    ip -n "$prefix-u" link set wire master bridge0
    ip -n "$prefix-u" link set tap master bridge0
    ip -n "$prefix-u" link set tap up
    ip -n "$prefix-u" link set bridge0 up
    vm "ip link set tun up && for address in 10.244.0.1/24 'fd00:244::1/64 nodad'; do ip addr add \$address dev tun; done" || return
    mtu=$(vm "cat /sys/class/net/tun/mtu")
    ip -n "$prefix-u" link set pod mtu "$mtu" up
    ip -n "$prefix-u" addr add 10.244.0.2/24 dev pod
    ip -n "$prefix-u" addr add fd00:244::2/64 dev pod nodad
}

from_ours() { ns u ping -q -i 0.1 -W 2 "$@"; }
from_kernel() { vm ping -q -i 0.1 -W 2 "$@"; }
drops_nothing() { [ ! -s "$work/dropped" ] || { head -3 "$work/dropped"; return 1; }; }

statistic() { vm "cat /sys/class/net/tun/statistics/$1"; }
no_errors() {
    local name
    for name in rx_errors rx_dropped tx_errors; do
        [ "$(statistic $name)" = 0 ] || { echo "$name: $(statistic $name)"; return 1; }
    done
}

# 1 MB over TCP, compared by its digest.
to_kernel() { # ADDRESS
    local digest
    vm "timeout 20 nc -l -p 5001 >/tmp/got & for _ in \$(seq 50); do netstat -ltn | grep -q :5001 && break; sleep 0.1; done"
    digest=$(ns u python3 - "$1" <<'PY'
import hashlib, os, socket, sys
data = os.urandom(1 << 20)
with socket.create_connection((sys.argv[1], 5001), 20) as connection:
    connection.sendall(data)
    connection.shutdown(socket.SHUT_WR)
    connection.recv(1)
print(hashlib.sha256(data).hexdigest())
PY
    ) && [ "$(vm "wait; sha256sum </tmp/got")" = "$digest  -" ]
}
to_ours() { # ADDRESS
    local receiver digest
    rm -f "$work/digest"
    ns u python3 - "$1" >"$work/digest" <<'PY' &
import hashlib, socket, sys
server = socket.create_server((sys.argv[1], 5001), family=socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET)
server.settimeout(20)
print("listening", flush=True)
connection, _ = server.accept()
connection.settimeout(20)
digest = hashlib.sha256()
while data := connection.recv(65536):
    digest.update(data)
print(digest.hexdigest())
PY
    receiver=$!
    for _ in $(seq 50); do grep -qs listening "$work/digest" && break; sleep 0.1; done
    digest=$(vm "head -c 1048576 /dev/urandom >/tmp/sent; timeout 20 nc $1 5001 </tmp/sent; sha256sum </tmp/sent")
    wait "$receiver" && [ "$digest" = "$(tail -1 "$work/digest")  -" ]
}

# What tcpdump says of the packets of a device of ours while a command runs.
seen() { # DEVICE FILTER PACKETS COMMAND …
    local device=$1 filter=$2 packets=$3 dump
    shift 3
    rm -f "$work/tcpdump"
    ip netns exec "$prefix-u" tcpdump -nv -c "$packets" --immediate-mode -i "$device" "$filter" >"$work/seen" 2>"$work/tcpdump" &
    dump=$!
    for _ in $(seq 50); do grep -qs listening "$work/tcpdump" && break; sleep 0.1; done
    "$@"
    for _ in $(seq 20); do [ -e "/proc/$dump" ] || break; sleep 0.1; done
    kill "$dump" 2>/dev/null || true
    wait "$dump" || true
}

# What both ends write in front of a ping of 56 bytes: of the inner class 0xba the mark alone, the hops and DF. PATTERN: the rest of
# what tcpdump prints of the outer header, from the time to live on.
outer_fields() { # FILTER PATTERN
    # The kernel sends more of its own accord, router solicitations for one: more than the four are taken down, and the four are looked for.
    seen wire "$1" 20 two_pings
    [ "$(grep -cE "\(tos 0x2,ECT\(0\), ttl 64, id [0-9]+, offset 0, $2\)" "$work/seen")" = 4 ] || { cat "$work/seen"; return 1; }
}
two_pings() { from_ours -c 1 -Q 0xba 10.244.0.1 && from_kernel -c 1 -Q 0xba 10.244.0.2; }

# Every check of a tunnel that works. FAMILIES: the inner ones.
tunnel_works() { # NAME MTU FAMILIES DEVICE OPTIONS
    local name=$1 wanted=$2 families=$3 family size
    check "$name: both ends are made" tunnel_between "$4" "$5"
    check "$name: the kernel's MTU" test "$mtu" = "$wanted"
    for family in $families; do
        local kernel=10.244.0.1 ours=10.244.0.2 headers=28
        [ "$family" = 4 ] || { kernel=fd00:244::1 ours=fd00:244::2 headers=48; }
        check "$name: ping IPv$family from ours" from_ours -c 3 "$kernel"
        check "$name: ping IPv$family from the kernel" from_kernel -c 3 "$ours"
        for size in 0 57 1000 $((mtu - headers - 1)) $((mtu - headers)); do
            check "$name: ping IPv$family with $size bytes from ours" from_ours -c 1 -M do -s "$size" "$kernel"
            check "$name: ping IPv$family with $size bytes from the kernel" from_kernel -c 1 -M do -s "$size" "$ours"
        done
        # A tunnel is one hop (RFC 2003 §3.1), and its two ends are the hosts here.
        check "$name: IPv$family with one hop left from ours" from_ours -c 1 -t 1 "$kernel"
        check "$name: IPv$family with one hop left from the kernel" from_kernel -c 1 -t 1 "$ours"
        check "$name: 1 MB over TCP/IPv$family to the kernel" to_kernel "$kernel"
        check "$name: 1 MB over TCP/IPv$family to ours" to_ours "$ours"
    done
    check "$name: ours dropped nothing" drops_nothing
    check "$name: the kernel dropped nothing" no_errors
}

# One end does not take what the other sends; WHY: what ours says to what it drops, or nothing where it drops nothing.
tunnel_refuses() { # NAME WHY DEVICE OPTIONS
    local name=$1 why=$2
    check "$name: both ends are made" tunnel_between "$3" "$4"
    check "$name: no answer to ours" refuse from_ours -c 2 -W 1 10.244.0.1
    check "$name: no answer to the kernel" refuse from_kernel -c 2 -W 1 10.244.0.2
    if [ -n "$why" ]; then
        check "$name: ours says why" grep -qE "^dropped: $why$" "$work/dropped"
    else
        check "$name: ours took what came" drops_nothing
    fi
}

# A router of the underlay met congestion and says so of every packet, either way (RFC 6040 §4.2).
tunnel_congested() { # NAME DEVICE OPTIONS
    local name=$1
    check "$name: both ends are made" tunnel_between "$2" "$3 --congested"
    check "$name: ours learns of it" marked
    check "$name: what cannot tell of it does not reach the kernel" refuse from_ours -c 1 -W 1 10.244.0.1
    check "$name: the kernel counts it" test "$(statistic rx_frame_errors)" -gt 0
    check "$name: nor ours" refuse from_kernel -c 1 -W 1 10.244.0.2
    check "$name: ours says so" grep -q "it met congestion" "$work/dropped"
}
# The kernel answers with the class that came.
marked() {
    seen pod icmp 2 from_ours -c 1 -Q 2 10.244.0.1
    grep -A1 'tos 0x2,ECT(0)' "$work/seen" | grep -q 'echo request' && grep -A1 'tos 0x3,CE' "$work/seen" | grep -q 'echo reply' ||
        { cat "$work/seen"; return 1; }
}
