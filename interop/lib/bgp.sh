# bgp-codec's example speaker against other implementations, each in a namespace of its own. Sourced by interop/run.

cargo build --quiet --release --locked --manifest-path "$here/../Cargo.toml" -p bgp-codec --example speaker --example dumps --features bytes
cargo build --quiet --release --locked --manifest-path "$here/../Cargo.toml" -p packet-dissect
dissect="$here/../target/release/packet-dissect"
speaker="$here/../target/release/examples/speaker"
dumps="$here/../target/release/examples/dumps"
work=$(mktemp -d "/tmp/$prefix.XXXXXX")
chmod 755 "$work"
passed=0
failed=0

check() { # NAME COMMAND …: counts, and says what failed; tries for 20 seconds, since tables take their time
    local name=$1
    shift
    for _ in $(seq "${TRIES:-40}"); do
        if "$@" >"$work/check.log" 2>&1; then
            passed=$((passed + 1))
            return
        fi
        sleep 0.5
    done
    failed=$((failed + 1))
    echo "FAILED $name"
    sed 's/^/    /' "$work/check.log" "$work/speaker.log" "$work/daemon.log" 2>/dev/null | tail -12
}

# The speaker in namespace u, its commands through a pipe.
speak() { # OPTIONS …
    rm -f "$work/commands" "$work/dump"
    mkfifo "$work/commands"
    # Opened for both, so that nobody waits for the other.
    exec 7<>"$work/commands"
    ip netns exec "$prefix-u" "$speaker" --local "${local_address:-192.0.2.2}" --peer "${peer_address:-192.0.2.1}" "$@" <"$work/commands" >"$work/speaker.log" 2>&1 7>&- 8>&- &
    speaking=$!
    pids+=("$speaking")
}
say() { echo "$@" >&7; }
hush() { # The speaker ends with a NOTIFICATION.
    say quit
    exec 7>&-
    wait "$speaking" 2>/dev/null || true
}
log_has() { grep -q "$1" "$work/speaker.log"; }
# What we hold of a family, sorted, is what stands on standard input.
hold() { # FAMILY PREFIX …
    local family=$1
    shift
    rm -f "$work/dump"
    say dump "$work/dump"
    for _ in $(seq 20); do [ -f "$work/dump" ] && break; sleep 0.1; done
    diff <(awk -v f="$family " 'index($0, f) == 1 { print $3 }' "$work/dump" | sort -u) <(printf '%s\n' "$@" | sort -u)
}
we_hold_count() { # FAMILY COUNT
    rm -f "$work/dump"
    say dump "$work/dump"
    for _ in $(seq 50); do [ -f "$work/dump" ] && break; sleep 0.1; done
    [ "$(grep -c "^$1 " "$work/dump")" = "$2" ]
}
# The prefixes that the speaker announces for `announce ipv4 N` and so on.
routes() { # KIND COUNT
    python3 - "$1" "$2" <<'PY'
import sys, ipaddress
kind, count = sys.argv[1], int(sys.argv[2])
for n in range(count):
    if kind == "ipv4": print(ipaddress.ip_network(((10 << 24) + (n << 8), 24)))
    if kind == "blocks": print(ipaddress.ip_network((0x0af40000 + (n << 6), 26)))
    if kind == "ipv6": print(ipaddress.ip_network(((0x20010db8 << 96) + (n << 80), 48)))
PY
}
# What the daemon holds of ours is exactly this: KIND COUNT SKIP, without the first SKIP.
they_hold() { # FAMILY KIND COUNT [SKIP]
    diff <(table "$1" | sort -u) <(routes "$2" "$3" | tail -n +"$((${4:-0} + 1))" | sort -u) >"$work/diff" || { head -4 "$work/diff"; return 1; }
}

nodes() { # [NAME]: a daemon's namespace d and ours, u; recorded as NAME if RECORD says where to
    stop_all
    ip netns add "$prefix-d"
    ip netns add "$prefix-u"
    ip -n "$prefix-d" link add name wire type veth peer name wire netns "$prefix-u"
    for side in d:1 u:2; do
        IFS=: read -r space number <<<"$side"
        ip -n "$prefix-$space" link set lo up
        ip -n "$prefix-$space" link set wire up
        ip -n "$prefix-$space" addr add "192.0.2.$number/24" dev wire
        ip -n "$prefix-$space" addr add "2001:db8::$number/64" dev wire nodad
    done
    : >"$work/daemon.log"
    : >"$work/speaker.log"
    if [ -n "${RECORD:-}" ] && [ -n "${1:-}" ]; then
        ns u ethtool -K wire tx off tso off gso off gro off >/dev/null 2>&1 || true
        ns d ethtool -K wire tx off tso off gso off gro off >/dev/null 2>&1 || true
        ip netns exec "$prefix-u" tcpdump -q -U --immediate-mode -i wire -s 0 -w "$RECORD/$1.pcap" tcp port 179 2>/dev/null &
        pids+=($!)
        sleep 1
    fi
}
stop_all() { exec 7>&- || true; cleanup; }
trap 'cleanup; rm -rf "$work"' EXIT
start() { # COMMAND …
    ip netns exec "$prefix-d" "$@" >"$work/daemon.log" 2>&1 &
    pids+=($!)
}

. "$here/lib/bgp_daemons.sh"
. "$here/lib/bgp_mesh.sh"
. "$here/lib/bgp_route_server.sh"
. "$here/lib/bgp_dumps.sh"

# What every daemon is tried with. Its file says how to start it, how to read its table, and what it announces.
common() { # DAEMON
    local daemon=$1
    nodes "bgp-$daemon"
    "start_$daemon" plain
    speak --as 65002 --families ipv6
    check "$daemon: established" log_has established
    say announce ipv4 200
    say announce blocks 16
    say announce ipv6 50
    say end-of-rib
    table() { "table_$daemon" "$1" | grep -v '^10\.244\.'; }
    check "$daemon: its table holds our 200 IPv4 routes" they_hold ipv4 ipv4 200
    table() { "table_$daemon" "$1" | grep '^10\.244\.'; }
    check "$daemon: its table holds our 16 blocks of /26" they_hold ipv4 blocks 16
    table() { "table_$daemon" "$1"; }
    check "$daemon: its table holds our 50 IPv6 routes" they_hold ipv6 ipv6 50
    check "$daemon: we hold its IPv4 routes" hold "ipv4 unicast" 198.51.100.0/24 203.0.113.0/24
    check "$daemon: we hold its IPv6 route" hold "ipv6 unicast" 2001:db8:ffff::/48
    say withdraw ipv4 80
    say withdraw ipv6 20
    table() { "table_$daemon" "$1" | grep -v '^10\.244\.'; }
    check "$daemon: 80 IPv4 routes are withdrawn" they_hold ipv4 ipv4 200 80
    check "$daemon: 20 IPv6 routes are withdrawn" they_hold ipv6 ipv6 50 20
    # Three times the hold time's third: the session is held by KEEPALIVEs, both ways.
    sleep 10
    TRIES=1 check "$daemon: the session is held" they_hold ipv4 ipv4 200 80
    # ExaBGP 4.2.21 closes the connection when it is asked for routes.
    if [ "$daemon" != exabgp ]; then
        say refresh
        check "$daemon: routes are sent again when asked for" hold "ipv4 unicast" 198.51.100.0/24 203.0.113.0/24
    fi
    hush
    check "$daemon: the session ends with our NOTIFICATION" log_has "ended 6/2"
    table() { "table_$daemon" "$1"; }
    check "$daemon: nothing of ours is left" they_hold ipv4 ipv4 0
}

# A 2-octet peer: the path is AS_TRANS and AS4_PATH, and comes out whole.
two_octet() { # DAEMON
    nodes
    "start_$1" plain
    speak --as 65002 --two-octet
    check "$1: established with 2-octet AS numbers" log_has "four_octet_as: false"
    say announce ipv4 5
    table() { "table_$1" "$2"; }
    check "$1: its table holds our 5 routes" they_hold_of "$1" ipv4 5
    check "$1: we hold its routes" hold "ipv4 unicast" 198.51.100.0/24 203.0.113.0/24
    hush
}
they_hold_of() { # DAEMON KIND COUNT
    diff <("table_$1" ipv4 | sort -u) <(routes "$2" "$3" | sort -u) >"$work/diff" || { head -4 "$work/diff"; return 1; }
}

# 100 000 routes there, extended messages where the daemon knows them, and half of them away again.
many() { # DAEMON EXTENDED
    nodes
    "start_$1" plain
    local options=()
    [ "$2" = no ] || options=(--extended)
    speak --as 65002 "${options[@]}" --hold-time 90
    check "$1: established for many routes" log_has established
    [ "$2" = no ] || check "$1: extended messages are agreed on" log_has "max_len_receive: 65535, max_len_send: 65535"
    say announce ipv4 100000
    check "$1: its table holds our 100000 routes" they_hold_of "$1" ipv4 100000
    hush
}

# The reverse: what a daemon has from one of us, another of us gets.
both() { # DAEMON
    nodes
    ip -n "$prefix-u" addr add 192.0.2.3/24 dev wire
    "start_$1" two
    speak --as 65002 --hold-time 90
    local first=$speaking
    check "$1: established with the first of two" log_has established
    say announce ipv4 100000
    check "$1: its table holds 100000 routes" they_hold_of "$1" ipv4 100000
    exec 8>&7
    local_address=192.0.2.3 speak --identifier 192.0.2.3 --as 65003 --hold-time 90
    check "$1: established with the second" log_has established
    check "$1: the second gets all 100002" we_hold_count "ipv4 unicast" 100002
    hush
    echo quit >&8
    exec 8>&-
    wait "$first" 2>/dev/null || true
}

for daemon in ${DAEMONS-bird frr gobgp openbgpd exabgp}; do
    echo "== $daemon"
    common "$daemon"
    case $daemon in bird | frr | gobgp) two_octet "$daemon" ;; esac
    case $daemon in bird) many bird yes ;; frr) many frr yes ;; gobgp) many gobgp no ;; esac
    "more_$daemon"
done
[ "${MESH:-yes}" = no ] || { echo "== mesh"; mesh; }
[ "${ROUTE_SERVER:-yes}" = no ] || { echo "== route server"; route_server; }
[ "${DUMPS:-yes}" = no ] || { echo "== dumps"; dumps; }
stop_all
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
