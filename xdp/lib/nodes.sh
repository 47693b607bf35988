# A pod behind the end of a tunnel of ours, and the kernel's own device in another node, over veths that keep their offloads: partial
# checksums, and segments of 64 kB. Sourced by the labs that end tunnels.

# So many bytes over TCP from one namespace to the other, compared by their digest.
transfer() { # FROM TO ADDRESS
    python3 "$here/lib/transfer.py" "$prefix-$1" "$prefix-$2" "$3" 10485760
}

# Starts a command in a namespace, and waits until it is ready. What it prints is in the file $told_by.
begin() { # NAMESPACE COMMAND …
    local space=$1
    shift
    told_by=$log.$space
    ip netns exec "$prefix-$space" "$@" >"$told_by" &
    pids+=($!)
    for _ in $(seq 100); do grep -q ready "$told_by" && break; sleep 0.1; done
    grep -q ready "$told_by" || { echo "FAILED $*"; failed=$((failed + 1)); }
}

# One pair of nodes, of the kernel's device and what it is told: FAMILY of the underlay 4|6. What ends the tunnel on our side is told the same
# by $ends.
nodes() { # FAMILY DEVICE …
    local family=$1 local=192.0.2.1 remote=192.0.2.2 length=24
    [ "$family" = 6 ] && local=2001:db8::1 remote=2001:db8::2 length=64
    most=$((family == 6 ? 1402 : 1422))
    cleanup
    for space in pod node kernel; do ip netns add "$prefix-$space"; done
    ip -n "$prefix-pod" link add name eth0 address 02:00:00:00:00:01 type veth peer name pod0 netns "$prefix-node"
    ip -n "$prefix-node" link add name under address 02:00:00:00:02:01 type veth peer name under address 02:00:00:00:02:02 netns "$prefix-kernel"
    for at in "node $local" "kernel $remote"; do
        read -r space address <<<"$at"
        ip -n "$prefix-$space" addr add "$address/$length" dev under $([ "$family" = 6 ] && echo nodad)
        ip -n "$prefix-$space" link set under up
    done
    ip -n "$prefix-node" link set pod0 up
    ip -n "$prefix-kernel" link add name vx address 02:00:00:00:00:02 type "$2" id 7 remote "$local" "${@:3}"
    ip -n "$prefix-pod" link set eth0 mtu $((most + 28))
    for at in "pod eth0 1" "kernel vx 2"; do
        read -r space device number <<<"$at"
        ip -n "$prefix-$space" addr add "10.244.0.$number/24" dev "$device"
        ip -n "$prefix-$space" addr add "fd00:244::$number/64" dev "$device" nodad
        ip -n "$prefix-$space" link set "$device" up
    done
    ends=(--underlay under --overlay pod0 --vni 7 --local "$local" --remote "$remote=02:00:00:00:02:02"
        --receiver "02:00:00:00:00:02=$remote" --receiver "ff:ff:ff:ff:ff:ff=$remote")
}

# What goes through the tunnel, both ways.
through() { # NAME
    local name=$1
    check "$name: ping IPv4 from the pod" ns pod ping -q -c 3 -i 0.1 -W 2 10.244.0.2
    check "$name: ping IPv4 from the kernel" ns kernel ping -q -c 3 -i 0.1 -W 2 10.244.0.1
    check "$name: ping IPv6 from the pod" ns pod ping -q -c 3 -i 0.1 -W 2 fd00:244::2
    check "$name: ping IPv6 from the kernel" ns kernel ping -q -c 3 -i 0.1 -W 2 fd00:244::1
    check "$name: ping as long as the way takes" ns pod ping -q -c 2 -i 0.1 -W 2 -M do -s $most 10.244.0.2
    check "$name: the same from the kernel" ns kernel ping -q -c 2 -i 0.1 -W 2 -M do -s $most 10.244.0.1
    check "$name: 10 MB over TCP/IPv4 to the kernel" transfer pod kernel 10.244.0.2
    check "$name: 10 MB over TCP/IPv4 to the pod" transfer kernel pod 10.244.0.1
    check "$name: 10 MB over TCP/IPv6 to the kernel" transfer pod kernel fd00:244::2
    check "$name: 10 MB over TCP/IPv6 to the pod" transfer kernel pod fd00:244::1

    # A pod that does not know of the tunnel is told.
    ip -n "$prefix-pod" link set eth0 mtu 1500
    check "$name: too long, IPv4" told "mtu = $((most + 28))" 10.244.0.2
    check "$name: too long, IPv6" told "mtu=$((most + 28))" fd00:244::2
    check "$name: 10 MB from a pod that was told, IPv4" transfer pod kernel 10.244.0.2
    check "$name: 10 MB from a pod that was told, IPv6" transfer pod kernel fd00:244::2
}

# What a ping that is too long is told.
told() { # TEXT ADDRESS
    ns pod ping -c 1 -W 2 -M do -s 1450 "$2" >"$log.told" || true
    grep -q "$1" "$log.told"
    rm -f "$log.told"
}

# All kinds of tunnels, by a function of the lab: NAME FAMILY OURS … -- DEVICE …
kinds() { # PAIR
    local vxlan="vxlan dstport 4789"
    "$1" "VXLAN over IPv4" 4 -- $vxlan noudpcsum
    "$1" "VXLAN over IPv4, with checksums from the kernel" 4 -- $vxlan udpcsum
    "$1" "VXLAN over IPv6" 6 -- $vxlan udp6zerocsumtx udp6zerocsumrx
    "$1" "VXLAN with a policy's group" 4 --group 7 -- $vxlan gbp noudpcsum
    ip netns add "$prefix-try"
    if ip -n "$prefix-try" link add name try type geneve id 1 remote 192.0.2.1 2>/dev/null; then
        "$1" "Geneve over IPv4" 4 --geneve -- geneve dstport 6081 noudpcsum
        "$1" "Geneve over IPv6" 6 --geneve -- geneve dstport 6081 udp6zerocsumtx udp6zerocsumrx
    else
        echo "skipped: the kernel here has no Geneve device; Debian's has, in the virtual machine"
    fi
    rm -f "$log".*
}
