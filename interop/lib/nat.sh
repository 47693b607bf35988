# The NAT of ether-ip's example between kernels: a pod behind it, a router outside, and a host behind that, over a wire of a smaller MTU.
# Plain, between two TUN devices; and in VXLAN between two kernels' devices and in Geneve between two of vtep/, where it rewrites
# the inner packets, with and without outer UDP checksums. The kernels drop what has a wrong checksum, and tshark looks at what crosses both of the NAT's wires.
# Sourced by interop/run.

. "$here/lib/check.sh"
command -v tshark >/dev/null || {
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends tshark >/dev/null
}
work=$(mktemp -d "/tmp/$prefix.XXXXXX")
trap 'cleanup; rm -rf "$work"' EXIT
cargo build --quiet --release --locked --manifest-path "$here/vtep/Cargo.toml" --bin nat --bin vtep
programs="${CARGO_TARGET_DIR:-$here/vtep/target}/release"
nat=$programs/nat vtep=$programs/vtep

pod4=10.244.0.2 pod6=fd00:244::2 nat4=198.51.100.7 nat6=2001:db8:51::7
router4=198.51.100.1 router6=2001:db8:51::1 far4=203.0.113.2 far6=2001:db8:113::2

# A tunnel's end, at the NAT's wire: the kernel's device for VXLAN; for Geneve, which not every kernel has, vtep/, with two options.
end_of_vxlan() { # NAMESPACE NUMBER PORT DEVICE-OPTIONS …
    ip -n "$prefix-$1" link set wire address "02:00:00:00:00:0$2" mtu 1600 up
    ip -n "$prefix-$1" addr add "192.0.2.$2/24" dev wire
    ip -n "$prefix-$1" link add name tunnel type vxlan id 7 remote "192.0.2.$((3 - $2))" dstport "${@:3}"
}
end_of_geneve() { # NAMESPACE NUMBER PORT OPTIONS …
    local other=$((3 - $2))
    rm -f "$work/ready"
    ip netns exec "$prefix-$1" "$vtep" --overlay tunnel --underlay tap --vni 7 --local "192.0.2.$2" --remote "192.0.2.$other" \
        --local-mac "02:00:00:00:00:0$2" --remote-mac "02:00:00:00:00:0$other" \
        --geneve 0102000100010002ffff01021122334455667788 --port "${@:3}" >"$work/ready" 2>>"$work/vtep" &
    pids+=($!)
    for _ in $(seq 50); do grep -qs ready "$work/ready" && break; sleep 0.1; done
    ip -n "$prefix-$1" link add name bridge type bridge
    for device in wire tap bridge; do
        [ "$device" = bridge ] || ip -n "$prefix-$1" link set "$device" mtu 1600 master bridge
        ip -n "$prefix-$1" link set "$device" up
    done
    device=tunnel
}

# The devices that the NAT makes stand in the pod's namespace and in the router's. DEVICE is what a tunnel's is told.
network() { # AROUND [PORT DEVICE …]
    local around=$1 space pair
    cleanup
    for space in pod router far; do
        ip netns add "$prefix-$space"
        ip -n "$prefix-$space" link set lo up
    done
    local arguments=("n$$-in" "n$$-out" "$nat4" "$nat6")
    [ "$around" = plain ] || arguments+=("$around" "$2")
    rm -f "$work/ready" "$work/vtep"
    touch "$work/vtep"
    "$nat" "${arguments[@]}" >"$work/ready" 2>"$work/nat" &
    pids+=($!)
    for _ in $(seq 50); do grep -qs ready "$work/ready" && break; sleep 0.1; done
    ip link set "n$$-in" netns "$prefix-pod" name wire || return
    ip link set "n$$-out" netns "$prefix-router" name wire || return
    device=wire
    if [ "$around" != plain ]; then
        local number=1
        device=tunnel
        for space in pod router; do
            "end_of_$around" "$space" "$number" "${@:2}" || return
            ip -n "$prefix-$space" link set tunnel address "0a:00:00:00:00:0$number" mtu 1500
            number=2
        done
    fi
    ip -n "$prefix-pod" link set "$device" up
    ip -n "$prefix-router" link set "$device" up
    ip -n "$prefix-pod" addr add "$pod4/32" dev "$device"
    ip -n "$prefix-pod" addr add "$pod6/128" dev "$device" nodad
    ip -n "$prefix-router" addr add "$router4/24" dev "$device"
    ip -n "$prefix-router" addr add "$router6/64" dev "$device" nodad
    # All that the pod sends goes to the router's link address, and what is for the NAT to the pod's: the NAT changes no frame's ends.
    if [ "$device" = tunnel ]; then
        for pair in "$router4" "$router6"; do ip -n "$prefix-pod" neigh add "$pair" lladdr 0a:00:00:00:00:02 dev tunnel nud permanent; done
        for pair in "$nat4" "$nat6"; do ip -n "$prefix-router" neigh add "$pair" lladdr 0a:00:00:00:00:01 dev tunnel nud permanent; done
    fi
    ip -n "$prefix-pod" route add "$router4" dev "$device"
    ip -n "$prefix-pod" route add "$router6" dev "$device"
    ip -n "$prefix-pod" route add default via "$router4"
    ip -n "$prefix-pod" route add default via "$router6" dev "$device"
    # The host behind the router, over a wire of a smaller MTU.
    ip -n "$prefix-router" link add name back type veth peer name wire netns "$prefix-far"
    ip -n "$prefix-router" link set back mtu 1300 up
    ip -n "$prefix-far" link set wire mtu 1300 up
    ns router ethtool -K back tx off gro off >/dev/null 2>&1 || true
    ns far ethtool -K wire tx off gro off >/dev/null 2>&1 || true
    ip -n "$prefix-router" addr add 203.0.113.1/24 dev back
    ip -n "$prefix-router" addr add 2001:db8:113::1/64 dev back nodad
    ip -n "$prefix-far" addr add "$far4/24" dev wire
    ip -n "$prefix-far" addr add "$far6/64" dev wire nodad
    ip -n "$prefix-far" route add default via 203.0.113.1
    ip -n "$prefix-far" route add default via 2001:db8:113::1
    ns router sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
    # Until the link-local addresses are there, from which routers answer.
    sleep 2
}

captures=()
capture() { # NAMESPACE FILE
    ip netns exec "$prefix-$1" tcpdump -q -U --immediate-mode -i wire -s 0 -w "$2" 2>"$work/tcpdump" &
    captures+=($!)
    pids+=($!)
    for _ in $(seq 50); do grep -qs listening "$work/tcpdump" && break; sleep 0.1; done
    rm -f "$work/tcpdump"
}

# What tshark is told, so that it looks at every checksum, and takes the tunnel's port for its own.
look() { # FILE FILTER
    tshark -n -r "$1" -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE \
        -d udp.port=8472,vxlan -Y "$2" 2>"$work/tshark"
}
# A TCP checksum of 0xffff is told as bad, though it is the 0 of RFC 1071 too: Linux's skb_checksum_help writes it for
# every transport, once in 65 536 segments.
right() { # FILE: there is something, with checksums that are right, and none is wrong
    local wrong
    wrong=$(look "$1" 'ip.checksum.status == "Bad" || (tcp.checksum.status == "Bad" && !(tcp.checksum == 0xffff)) ||
        udp.checksum.status == "Bad" || icmp.checksum.status == "Bad" || icmpv6.checksum.status == "Bad"') || { cat "$work/tshark"; return 1; }
    [ -z "$wrong" ] || { echo "$wrong"; return 1; }
    [ "$(look "$1" 'tcp.checksum.status == "Good" && !icmp && !icmpv6' | wc -l)" -gt 20 ] &&
        [ "$(look "$1" 'udp.checksum.status == "Good" && !icmp && !icmpv6' | wc -l)" -ge 4 ] &&
        [ "$(look "$1" 'icmp.checksum.status == "Good"' | wc -l)" -ge 6 ] &&
        [ "$(look "$1" 'icmpv6.checksum.status == "Good"' | wc -l)" -ge 6 ]
}
# Nothing of the pod's addresses goes out, in quotes neither; and nothing of the NAT's comes in.
absent() { # FILE IPV4 IPV6
    local found
    found=$(look "$1" "ip.addr == $2 || ipv6.addr == $3") || { cat "$work/tshark"; return 1; }
    [ -z "$found" ] || { echo "$found"; return 1; }
}

talks() { python3 "$here/lib/nat.py" "$prefix-pod" "$prefix-far" "$@"; } # WHAT ADDRESS NAT
exceeds() { # FAMILY TTL ADDRESS ROUTER
    ns pod ping "-$1" -n -c 1 -W 2 -t "$2" "$3" >"$work/ping"
    grep -Ei "^from $4:? .*(time to live|hop limit|time) exceeded|^From $4.*exceeded" "$work/ping" || { cat "$work/ping"; return 1; }
}
learns() { # FAMILY ADDRESS
    ns pod ping "-$1" -n -c 2 -i 0.3 -W 2 -M do -s 1400 "$2" >"$work/ping" 2>&1
    ns pod ip "-$1" route get "$2" >>"$work/ping"
    grep -q 'mtu 1300' "$work/ping" || { cat "$work/ping"; return 1; }
    # And what fits goes through.
    ns pod ping "-$1" -n -q -c 1 -W 2 -M do -s 1200 "$2"
}

translated() { # NAME AROUND [PORT DEVICE …]
    local name=$1 family far router outside
    shift
    if ! network "$@"; then
        check "$name: the network" false
        return
    fi
    capture pod "$work/inside.pcap"
    capture router "$work/outside.pcap"
    for family in 4 6; do
        if [ "$family" = 4 ]; then far=$far4 router=$router4 outside=$nat4; else far=$far6 router=$router6 outside=$nat6; fi
        check "$name: ping over IPv$family" ns pod ping -q -c 3 -i 0.2 -W 2 "$far"
        check "$name: a connection over IPv$family, both ways" talks tcp "$far" "$outside"
        check "$name: datagrams over IPv$family, both ways" talks udp "$far" "$outside"
        check "$name: a closed UDP port over IPv$family is told to the socket" talks closed-udp "$far" "$outside"
        check "$name: a closed TCP port over IPv$family is told to the socket" talks closed-tcp "$far" "$outside"
        check "$name: the pod's closed UDP port over IPv$family is told to the host" talks gone "$far" "$outside"
        check "$name: time exceeded over IPv$family" exceeds "$family" 2 "$far" "$router"
        check "$name: a smaller path MTU over IPv$family" learns "$family" "$far"
        check "$name: nothing comes in unasked over IPv$family" refuse ns far ping -q -c 1 -W 1 "$outside"
    done
    sleep 0.5
    kill -INT "${captures[@]}"
    wait "${captures[@]}" || true
    captures=()
    check "$name: all checksums inside, as tshark has them" right "$work/inside.pcap"
    check "$name: all checksums outside, as tshark has them" right "$work/outside.pcap"
    check "$name: the pod's addresses stay inside" absent "$work/outside.pcap" "$pod4" "$pod6"
    check "$name: the NAT's stay outside" absent "$work/inside.pcap" "$nat4" "$nat6"
    check "$name: neither the NAT nor a tunnel's end complains" refuse grep . "$work/nat" "$work/vtep"
    [ -z "${KEEP:-}" ] || cp "$work/inside.pcap" "$work/outside.pcap" "$KEEP"
}

translated "plain" plain
translated "in VXLAN" vxlan 8472 noudpcsum
translated "in VXLAN, UDP checksums" vxlan 8472 udpcsum
translated "in Geneve" geneve 6081
translated "in Geneve, UDP checksums" geneve 6081 --checksum
finish
