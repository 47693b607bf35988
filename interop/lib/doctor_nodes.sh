# Two nodes with a pod each, wired as CNIs do, and what pods say to one another: what the doctor's labs are made of. Whoever sources it has
# $prefix, $work, and $lab, the lab's name.
#
#   pod 1a ─ node 1 ─ [tunnel] ─ eth0 ─ mid, a bridge ─ eth0 ─ [tunnel] ─ node 2 ─ pod 2a

pods=$here/lib/doctor_pods.py

# What the labs change of it, with `local`. A tunnel that knows its device takes no more than that carries.
pod_mtu=1450 node_mtu=1500 tunnel_device="dev eth0" number_1=1 number_2=1 port_1=8472 port_2=8472 tunnel_options=noudpcsum snap=256 identity_1=4096 identity_2=21337 bytes=200000

veth() { # NAMESPACE DEVICE NAMESPACE DEVICE
    ip -n "$prefix-$1" link add name "$2" type veth peer name "$4" netns "$prefix-$3"
}
up() { # NAMESPACE DEVICE [MTU]
    ip -n "$prefix-$1" link set "$2" ${3:+mtu "$3"} up
}
address() { # NAMESPACE DEVICE ADDRESS …
    local of
    for of in "${@:3}"; do ip -n "$prefix-$1" addr add "$of" dev "$2" $([[ $of != *:* ]] || echo nodad); done
}

# Two nodes, what is between them, and a pod on each.
nodes() {
    local node name
    for name in mid 1 2 1a 2a; do
        ip netns add "$prefix-$name"
        ns "$name" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0 \
            net.ipv6.conf.default.router_solicitations=0
        up "$name" lo
    done
    ip -n "$prefix-mid" link add name bridge type bridge mcast_snooping 0
    for node in 1 2; do
        veth "$node" eth0 mid "to-$node"
        ip -n "$prefix-mid" link set "to-$node" master bridge
        ip -n "$prefix-$node" link set eth0 address "02:00:00:00:00:0$node"
        up mid "to-$node" "$node_mtu"
        up "$node" eth0 "$node_mtu"
        address "$node" eth0 "192.0.2.$node/24" "2001:db8::$node/64"
        veth "$node" pod "${node}a" eth0
        up "$node" pod "$pod_mtu"
        up "${node}a" eth0 "$pod_mtu"
    done
    up mid bridge
}

# The device of a tunnel on a node.
tunnel() { # NODE DEVICE FAMILY OPTION …
    local number=number_$1 port=port_$1 ours=192.0.2.$1
    [ "$3" = 4 ] || ours=2001:db8::$1
    ip -n "$prefix-$1" link add name "$2" address "0a:00:00:00:00:0$1" type vxlan id "${!number}" local "$ours" dstport "${!port}" \
        $tunnel_device $tunnel_options "${@:4}"
    up "$1" "$2" "$pod_mtu"
}
# What a node enters for the other: a route, a neighbour and an FDB entry.
peer() { # NODE DEVICE PREFIX-LENGTH FAMILY
    local other=$((3 - $1)) theirs=192.0.2.$((3 - $1))
    [ "$4" = 4 ] || theirs=2001:db8::$other
    ip -n "$prefix-$1" neigh replace "10.244.$other.0" lladdr "0a:00:00:00:00:0$other" dev "$2" nud permanent
    ip -n "$prefix-$1" neigh replace "fd00:10:244:$other::" lladdr "0a:00:00:00:00:0$other" dev "$2" nud permanent
    bridge -n "$prefix-$1" fdb replace "0a:00:00:00:00:0$other" dev "$2" dst "$theirs" self permanent
    ip -n "$prefix-$1" route add "10.244.$other.0/$3" via "10.244.$other.0" dev "$2" onlink
    ip -n "$prefix-$1" route add "fd00:10:244:$other::/64" via "fd00:10:244:$other::" dev "$2" onlink
}

# A bridge that is its pods' gateway.
gateway() { # NODE DEVICE
    ip -n "$prefix-$1" link add name "$2" type bridge
    ip -n "$prefix-$1" link set pod master "$2"
    up "$1" "$2"
    address "$1" "$2" "10.244.$1.1/24" "fd00:10:244:$1::1/64"
    address "${1}a" eth0 "10.244.$1.2/24" "fd00:10:244:$1::2/64"
    ip -n "$prefix-${1}a" route add default via "10.244.$1.1"
    ip -n "$prefix-${1}a" route add default via "fd00:10:244:$1::1"
}
# A wire of its own, and a gateway that is nowhere.
wire_alone() { # NODE
    # It answers for addresses that it has another way to.
    ns "$1" sysctl -qw net.ipv4.conf.pod.proxy_arp=1 net.ipv4.neigh.pod.proxy_delay=0
    ip -n "$prefix-$1" route add default via 192.0.2.254
    ip -n "$prefix-$1" route add "10.244.$1.2/32" dev pod
    ip -n "$prefix-$1" route add "fd00:10:244:$1::2/128" dev pod
    address "$1" pod "fe80::ecee:eeff:feee:eeee/64"
    address "${1}a" eth0 "10.244.$1.2/32" "fd00:10:244:$1::2/128"
    ip -n "$prefix-${1}a" route add 169.254.1.1 dev eth0
    ip -n "$prefix-${1}a" route add default via 169.254.1.1
    ip -n "$prefix-${1}a" route add default via fe80::ecee:eeff:feee:eeee dev eth0
}

# Pods behind a bridge; leases, routes and entries.
flannel() { # [FAMILY]: of the nodes' addresses
    local node
    nodes
    for node in 1 2; do
        gateway "$node" cni0
        tunnel "$node" flannel.1 "${1:-4}" nolearning
        address "$node" flannel.1 "10.244.$node.0/32" "fd00:10:244:$node::/128"
        peer "$node" flannel.1 24 "${1:-4}"
    done
    pod_1=10.244.1.2 pod_2=10.244.2.2 pod6_1=fd00:10:244:1::2 pod6_2=fd00:10:244:2::2
}
# Blocks of 64 addresses.
calico() {
    local node number_1=4096 number_2=4096 port_1=4789 port_2=4789 tunnel_options=udpcsum
    nodes
    for node in 1 2; do
        wire_alone "$node"
        tunnel "$node" vxlan.calico 4 nolearning
        address "$node" vxlan.calico "10.244.$node.0/32" "fd00:10:244:$node::/128"
        peer "$node" vxlan.calico 26 4
    done
    pod_1=10.244.1.2 pod_2=10.244.2.2 pod6_1=fd00:10:244:1::2 pod6_2=fd00:10:244:2::2
}
# Leases, and a proxy that reads them and carries what comes to its TUN device. Each node has a file of its own. Flannel's proxy sends a
# datagram a packet, and so does the wire here.
flannel_udp() {
    local node pod_mtu=1472
    nodes
    for node in 1 2; do
        gateway "$node" cni0
        ns "$node" ethtool -K eth0 tx-udp-segmentation off gso off
        lease 1 >"$work/$lab.leases-$node"; lease 2 >>"$work/$lab.leases-$node"
        proxied "$node"
        ip netns exec "$prefix-$node" "$proxy" --address "10.244.$node.0/16" --public-ip "192.0.2.$node" --leases "$work/$lab.leases-$node.json" --no-offload >"$work/$lab.proxy-$node" 2>&1 &
        pids+=($!)
        until_said ^ready "$work/$lab.proxy-$node"
        # The proxy's own word comes from the address of its device.
        ns "$node" sysctl -qw net.ipv4.conf.flannel0.accept_local=1
    done
    pod_1=10.244.1.2 pod_2=10.244.2.2
}
lease() { # SUBNET [NODE]
    echo ",\"/coreos.com/network/subnets/10.244.$1.0-24\": {\"PublicIP\":\"192.0.2.${2:-$1}\",\"PublicIPv6\":null,\"BackendType\":\"udp\"}"
}
proxied() { # NODE: its leases are read again
    (echo '{"/coreos.com/network/config": {"Network":"10.244.0.0/16","Backend":{"Type":"udp"}}'; cat "$work/$lab.leases-$1"; echo '}') >"$work/$lab.part-$1"
    mv "$work/$lab.part-$1" "$work/$lab.leases-$1.json"
}
# A device for all nodes; whose pod sends is said by the number, and routes' entries give it.
cilium() { # [FAMILY]: of the nodes' addresses
    local node other ours theirs kind of sum=
    nodes
    for node in 1 2; do
        local identity=identity_$node
        other=$((3 - node)) ours=192.0.2.$node theirs=192.0.2.$((3 - node)) kind=ip
        [ "${1:-4}" = 4 ] || ours=2001:db8::$node theirs=2001:db8::$other kind=ip6 sum=csum
        wire_alone "$node"
        ip -n "$prefix-$node" link add name cilium_vxlan address "0a:00:00:00:00:0$node" type vxlan external dstport 8472 noudpcsum
        up "$node" cilium_vxlan "$pod_mtu"
        address "$node" cilium_vxlan "10.244.$node.100/32" "fd00:10:244:$node::100/128"
        for of in "10.244.$other.0/24 10.244.$other.100" "fd00:10:244:$other::/64 fd00:10:244:$other::100"; do
            ip -n "$prefix-$node" neigh replace "${of#* }" lladdr "0a:00:00:00:00:0$other" dev cilium_vxlan nud permanent
            ip -n "$prefix-$node" route add "${of% *}" encap "$kind" id "${!identity}" dst "$theirs" src "$ours" $sum via "${of#* }" dev cilium_vxlan onlink
        done
    done
    pod_1=10.244.1.2 pod_2=10.244.2.2 pod6_1=fd00:10:244:1::2 pod6_2=fd00:10:244:2::2
}
# One bridge for all pods: who is where is learned, and asked for through the tunnel.
weave_bridge() {
    local node pod_mtu=1376
    nodes
    pod_1=10.32.0.2 pod_2=10.44.0.2 pod6_1=fd00:10:32::2 pod6_2=fd00:10:32::3
    for node in 1 2; do
        local of=pod_$node of6=pod6_$node
        ip -n "$prefix-$node" link add name weave type bridge mcast_snooping 0
        ip -n "$prefix-$node" link set pod master weave
        up "$node" weave
        address "${node}a" eth0 "${!of}/12" "${!of6}/64"
    done
}
weave() {
    local node pod_mtu=1376 port_1=6784 port_2=6784
    weave_bridge
    for node in 1 2; do
        tunnel "$node" datapath 4 remote "192.0.2.$((3 - node))"
        ip -n "$prefix-$node" link set datapath master weave
    done
}
# The fast datapath as the router numbers it: the receiver's short id above the sender's, 0x123 and 0xabc. What a device brings in another
# sends out.
fast() {
    local node pod_mtu=1376 port_1=6784 port_2=6784 number_1=$((0xabc123)) number_2=$((0x123abc))
    for node in 1 2; do
        tunnel "$node" fast-out 4 remote "192.0.2.$((3 - node))"
    done
    number_1=$((0x123abc)) number_2=$((0xabc123))
    for node in 1 2; do
        tunnel "$node" fast-in 4
    done
}
# From now on frames go by it, and not by the sleeve.
by_fast() {
    local node
    for node in 1 2; do
        ip -n "$prefix-$node" link set sleeve nomaster
        ip -n "$prefix-$node" link set fast-out master weave
        ip -n "$prefix-$node" link set fast-in master weave
        bridge -n "$prefix-$node" link set dev fast-out isolated on
        bridge -n "$prefix-$node" link set dev fast-in isolated on learning off flood off mcast_flood off bcast_flood off
    done
}
# The router's sleeve: plain or sealed, with or without heartbeats of the fast datapath.
sleeve() { # plain|sealed [fast]
    local node
    weave_bridge
    for node in 1 2; do
        ip netns exec "$prefix-$node" /usr/bin/python3 "$here/lib/doctor_sleeve.py" "$node" "$@" >"$work/$lab.sleeve-$node" 2>&1 &
        pids+=($!)
        until_said ready "$work/$lab.sleeve-$node"
        up "$node" sleeve 1376
        ip -n "$prefix-$node" link set sleeve master weave
    done
}

# What happens on the way.
on_the_way() { # RULE …: of nftables, between the nodes
    ns mid nft add table bridge way
    ns mid nft add chain bridge way forward '{ type filter hook forward priority 0; }'
    ns mid nft add rule bridge way forward "$@"
}
at() { # NAMESPACE HOOK RULE …
    ns "$1" nft add table inet "lab"
    ns "$1" nft add chain inet lab "$2" "{ type filter hook $2 priority 0; }"
    ns "$1" nft add rule inet lab "$2" "${@:3}"
}

until_said() { # WORD FILE
    for _ in $(seq 200); do grep -qs "$1" "$2" && return; sleep 0.05; done
    return 1
}
dumps=()
dump() { # NAME NAMESPACE DEVICE [FILTER …]
    local precision=nano size=$snap
    # What is logged comes several packets at a time, and libpcap takes in no more than it was told that one has (pcap-netfilter-linux.c).
    [[ $3 != nflog:* ]] || precision=micro size=65535
    ip netns exec "$prefix-$2" tcpdump -q -U --immediate-mode -B 16384 -i "$3" -s "$size" --time-stamp-precision="$precision" \
        -w "$work/$1.pcap" "${@:4}" 2>"$work/$1.log" &
    dumps+=($!)
    pids+=($!)
    until_said listening "$work/$1.log"
}
both() { dump "$lab-1" 1 eth0; dump "$lab-2" 2 eth0; }

serve() { # NAMESPACE: answers names on UDP 53, echoes on UDP 5002, takes and gives bytes on TCP 5001
    ip netns exec "$prefix-$1" python3 "$pods" serve >"$work/$lab.serve" 2>&1 &
    pids+=($!)
    until_said ready "$work/$lab.serve"
}
# What may fail where something is wrong, and nowhere else.
pings() { # NAMESPACE OPTION … ADDRESS
    ns "$1" ping -q -W 1 -i 0.2 "${@:2}" || [[ $lab != healthy-* ]]
}
pod() { # NAMESPACE WHAT ADDRESS …
    ns "$1" python3 "$pods" "${@:2}" || [[ $lab != healthy-* ]]
}
# All that pods do with one another.
talk() { talk_by "$pod_1" "$pod_2"; }
talk6() { talk_by "$pod6_1" "$pod6_2"; }
talk_by() { # ADDRESS ADDRESS: the first pod's, and the second's
    pings 1a -c 3 "$2"; pings 2a -c 3 "$1"
    pings 1a -c 2 -s 1200 -M "do" "$2"
    pod 1a resolve "$2" 3
    pod 1a transfer "$2" "$bytes"
    pod 1a echo "$2" 1300
}
