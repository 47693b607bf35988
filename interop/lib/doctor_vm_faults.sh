# The doctor's labs that a virtual machine makes: one function each, in which a fault is really made; those named healthy or delay have none. What
# each must show, and where, is in testdata/doctor-vm/expected.tsv. Sourced by doctor-vm.sh, and in the machine.

labs="delay-5-12 delay-20-20 healthy-ipip healthy-geneve healthy-options healthy-wireguard healthy-double
ipip-mtu ipip-pmtu ipip-one-way ipip-clear ipip-lossy geneve-mtu geneve-one-way geneve-vni geneve-port geneve-lossy
wireguard-mtu wireguard-fragments wireguard-one-way wireguard-lossy"

# What the labs change, beside what they change of doctor_nodes.sh.
wire_mtu=1420 geneve_1=6081 geneve_2=6081 bytes=100000

# Each way takes so long between the nodes, in milliseconds.
delayed() { # THERE BACK
    flannel
    ns mid tc qdisc add dev to-2 root netem limit 10000 delay "$1ms"
    ns mid tc qdisc add dev to-1 root netem limit 10000 delay "$2ms"
    dump "$lab-pod" 1a eth0; both
    dump "$lab-there-1" 1 eth0 src 192.0.2.1; dump "$lab-there-2" 2 eth0 src 192.0.2.1
    # So many that it does not matter how hundredths are counted.
    ns 2a ping -q -i 0.09 -c 40 -s 16 "$pod_1" &
    ns 1a ping -q -i 0.05 -c 70 -s 16 "$pod_2"
    wait $!
}
lab_delay_5_12() { delayed 5 12; }
lab_delay_20_20() { delayed 20 20; }

# Two nodes, and a wire from each to its pod.
pods_alone() {
    local node
    nodes
    for node in 1 2; do
        address "$node" pod "10.244.$node.1/24" "fd00:10:244:$node::1/64"
        address "${node}a" eth0 "10.244.$node.2/24" "fd00:10:244:$node::2/64"
        ip -n "$prefix-${node}a" route add default via "10.244.$node.1"
        ip -n "$prefix-${node}a" route add default via "fd00:10:244:$node::1"
    done
    pod_1=10.244.1.2 pod_2=10.244.2.2 pod6_1=fd00:10:244:1::2 pod6_2=fd00:10:244:2::2
}
# As Calico wires it: the device that takes what nobody else does, and a route that names the other node. It carries IPv4 alone.
ipip() {
    local node other
    pods_alone
    for node in 1 2; do
        other=$((3 - node))
        up "$node" tunl0 "$pod_mtu"
        address "$node" tunl0 "10.244.$node.0/32"
        ip -n "$prefix-$node" route add "10.244.$other.0/24" via "192.0.2.$other" dev tunl0 onlink
    done
}
# A device for one network; or, with options, one to which routes tell network, node and options, as Cilium's programs do theirs. It takes any
# network then.
geneve() { # [CLASS:TYPE:DATA]
    local node other number port encap
    pods_alone
    for node in 1 2; do
        other=$((3 - node)) number=number_$node port=geneve_$node
        local device="id ${!number} remote 192.0.2.$other dstport ${!port}" encap=
        if [ -n "${1:-}" ]; then
            device="external" encap="encap ip id ${!number} dst 192.0.2.$other ttl 64 key geneve_opts $1"
        fi
        ip -n "$prefix-$node" link add name geneve address "0a:00:00:00:00:0$node" type geneve $device
        up "$node" geneve "$pod_mtu"
        address "$node" geneve "10.244.$node.0/32" "fd00:10:244:$node::/128"
        ip -n "$prefix-$node" neigh replace "10.244.$other.0" lladdr "0a:00:00:00:00:0$other" dev geneve nud permanent
        ip -n "$prefix-$node" neigh replace "fd00:10:244:$other::" lladdr "0a:00:00:00:00:0$other" dev geneve nud permanent
        ip -n "$prefix-$node" route add "10.244.$other.0/24" $encap via "10.244.$other.0" dev geneve onlink
        ip -n "$prefix-$node" route add "fd00:10:244:$other::/64" $encap via "fd00:10:244:$other::" dev geneve onlink
    done
}
# As Calico, Cilium and Flannel have it: a device a node, and the other nodes' pods behind their keys.
wireguard() {
    local node other keys=$work/$lab
    pods_alone
    for node in 1 2; do (umask 077 && wg genkey >"$keys.$node"); done
    for node in 1 2; do
        other=$((3 - node))
        ip -n "$prefix-$node" link add name wg0 type wireguard
        ns "$node" wg set wg0 listen-port 51820 private-key "$keys.$node" peer "$(wg pubkey <"$keys.$other")" endpoint "192.0.2.$other:51820" \
            allowed-ips "10.244.$other.0/24,fd00:10:244:$other::/64,198.51.100.$other/32"
        up "$node" wg0 "$wire_mtu"
        address "$node" wg0 "198.51.100.$node/24"
        ip -n "$prefix-$node" route add "10.244.$other.0/24" dev wg0
        ip -n "$prefix-$node" route add "fd00:10:244:$other::/64" dev wg0
    done
}

lab_healthy_ipip() { local pod_mtu=1480; ipip; serve 2a; dump "$lab-pod" 1a eth0; both; talk; }
lab_healthy_geneve() { geneve; serve 2a; dump "$lab-pod" 1a eth0; both; talk; talk6; }
# OVN's class and type, of one word: eight bytes more in each packet.
lab_healthy_options() { local pod_mtu=1442; geneve 0x102:0x80:00010002; serve 2a; both; talk; talk6; }
lab_healthy_wireguard() { local pod_mtu=1420 snap=128; wireguard; serve 2a; dump "$lab-pod" 1a eth0; both; dump "$lab-device" 1 wg0; talk; talk6; }
# VXLAN between the ends of WireGuard.
lab_healthy_double() {
    local pod_mtu=1370 snap=192 node other
    wireguard; serve 2a
    for node in 1 2; do
        other=$((3 - node))
        ip -n "$prefix-$node" link add name flannel.1 address "0a:00:00:00:00:0$node" type vxlan id 1 local "198.51.100.$node" dstport 8472 \
            dev wg0 nolearning
        up "$node" flannel.1 "$pod_mtu"
        address "$node" flannel.1 "10.244.$node.0/32"
        ip -n "$prefix-$node" neigh replace "10.244.$other.0" lladdr "0a:00:00:00:00:0$other" dev flannel.1 nud permanent
        bridge -n "$prefix-$node" fdb replace "0a:00:00:00:00:0$other" dev flannel.1 dst "198.51.100.$other" self permanent
        ip -n "$prefix-$node" route replace "10.244.$other.0/24" via "10.244.$other.0" dev flannel.1 onlink
    done
    both; dump "$lab-device-1" 1 wg0; dump "$lab-device-2" 2 wg0
    talk
}

narrow() { on_the_way meta length '>' 1500 drop; }
too_long() {
    serve 2a; dump "$lab-pod" 1a eth0; both
    pings 1a -c 2 "$pod_2"
    pod 1a transfer "$pod_2" 100000
    pings 1a -c 5 -i 0.4 -s 1472 -M "do" "$pod_2"
    pings 1a -c 1 "$pod_2"
}
# The devices believe in what a wire of 1600 bytes needs not know; it carries 1500.
lab_ipip_mtu() { local pod_mtu=1500 node_mtu=1600; ipip; narrow; too_long; }
lab_geneve_mtu() { local pod_mtu=1500 node_mtu=1600; geneve; narrow; too_long; }
lab_wireguard_mtu() { local pod_mtu=1500 node_mtu=1600 wire_mtu=1500 snap=160; wireguard; narrow; too_long; }
# WireGuard lets its own packets be cut.
lab_wireguard_fragments() { local pod_mtu=1500 wire_mtu=1500 snap=160; wireguard; too_long; }
# A router between, with a narrow link behind it, says so to the nodes.
lab_ipip_pmtu() {
    local pod_mtu=1480 of
    ipip
    ip -n "$prefix-mid" link set to-1 nomaster; ip -n "$prefix-mid" link set to-2 nomaster
    for of in 1 2; do
        address mid "to-$of" 192.0.2.254
        ip -n "$prefix-mid" route add "192.0.2.$of" dev "to-$of" $([ "$of" = 1 ] || echo mtu 1400)
        ip -n "$prefix-$of" route add "192.0.2.$((3 - of))" via 192.0.2.254 dev eth0 onlink
    done
    both
    pings 1a -c 2 "$pod_2"
    pings 1a -c 3 -s 1440 "$pod_2"
}

# What the second node sends through the tunnel is dropped on the way.
one_way() { # RULE …
    on_the_way ip saddr 192.0.2.2 "$@" drop
    both
    pings 1a -c 9 -i 0.5 "$pod_2"
    pings 1 -c 2 192.0.2.2
}
lab_ipip_one_way() { local pod_mtu=1480; ipip; one_way ip protocol 4; }
lab_geneve_one_way() { geneve; one_way udp dport 6081; }
# Questions for a handshake are asked again every 5 s.
lab_wireguard_one_way() {
    local pod_mtu=1420
    wireguard; on_the_way ip saddr 192.0.2.2 udp dport 51820 drop; both
    pings 1a -c 48 -i 0.5 "$pod_2"
    pings 1 -c 2 192.0.2.2
}
lab_geneve_vni() { local number_2=2; geneve; both; pings 1a -c 4 "$pod_2"; pings 2a -c 4 "$pod_1"; }
lab_geneve_port() { local geneve_2=6082; geneve; both; pings 1a -c 4 "$pod_2"; pings 2a -c 4 "$pod_1"; }
# A route that passes the tunnel by.
lab_ipip_clear() {
    local pod_mtu=1480
    ipip; both
    pings 1a -c 1 "$pod_2"
    ip -n "$prefix-1" route replace 10.244.2.0/24 via 192.0.2.2 dev eth0
    ns 2 sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0
    pings 1a -c 3 "$pod_2"
}

# One of eight packets is lost on its way to the second node.
lossy() { # RULE …
    serve 2a
    # Pieces of two segments: a lost one of 64 kB would be much at once.
    ip -n "$prefix-1a" link set eth0 gso_max_size 3000
    on_the_way ip saddr 192.0.2.1 "$@" numgen inc mod 8 7 drop
    dump "$lab-pod" 1a eth0; both
    pings 1a -c 20 "$pod_2"
    pod 1a transfer "$pod_2" 100000
}
lab_ipip_lossy() { local pod_mtu=1480 snap=128; ipip; lossy ip protocol 4; }
lab_geneve_lossy() { local snap=128; geneve; lossy udp dport 6081; }
lab_wireguard_lossy() { local pod_mtu=1420 snap=112; wireguard; lossy udp dport 51820; }
