# The doctor's labs: one function each, in which a fault is really made; those named healthy have none. What each must show, and where, is in
# testdata/doctor/expected.tsv. Sourced by doctor.sh.

labs="healthy-flannel healthy-calico healthy-cilium healthy-cilium-ipv6 healthy-weave healthy-fast healthy-sleeve healthy-sealed healthy-udp healthy-policy healthy-ipv6 healthy-taps healthy-half healthy-ecmp healthy-checksum healthy-segments mtu mtu-quiet mtu-ipv6 mtu-ping mtu-udp mtu-taps cut
fragments fragment-first fragment-rest pmtu pmtu-ipv6 pmtu-pod pmtu-heeded checksum partial partial-outer
one-way closed port vni flag stranger device clear double neighbour loop refused prohibited syn syn-node deny gateway lossy zero-window dns payload malformed policy policy-all
stranger-ipv6 device-ipv6 clear-ipv6 calico-stranger calico-device calico-clear cilium-stranger cilium-clear identity identity-ipv6 weave-stranger weave-clear
fallback fallback-there replay no-route no-route-stale"

lab_healthy_flannel() { flannel; serve 2a; both; talk; talk6; }
lab_healthy_calico() { calico; serve 2a; both; talk; talk6; }
lab_healthy_cilium() { local bytes=20000; cilium; serve 2a; both; talk; talk6; }
lab_healthy_cilium_ipv6() { local bytes=20000 pod_mtu=1430; cilium 6; serve 2a; both; talk; talk6; }
lab_healthy_weave() { weave; serve 2a; both; talk; talk6; }
# The nodes' addresses are IPv6's.
lab_healthy_ipv6() { pod_mtu=1430 flannel 6; serve 2a; both; talk; talk6; }
# All taps of a node in one capture: a packet is in it four times, in the tunnel and out of it.
lab_healthy_taps() { local snap=192; flannel; serve 2a; dump "$lab-1" 1 any; talk; }
# From the middle of a connection on; and one direction alone.
lab_healthy_half() {
    flannel; serve 2a
    (for _ in 1 2 3 4 5 6; do pod 1a transfer "$pod_2" 300000; sleep 0.3; done) &
    local talking=$!
    sleep 0.5; both; dump "$lab-there" 1 eth0 src 192.0.2.1
    wait $talking
    pings 1a -c 8 -i 0.5 "$pod_2"
}
# Two wires between the nodes: there on one, back on the other.
lab_healthy_ecmp() {
    flannel; serve 2a
    local node
    for node in 1 2; do
        veth "$node" eth1 mid "too-$node"
        up "$node" eth1; up mid "too-$node"
        address "$node" eth1 "198.51.100.$node/24"
    done
    ip -n "$prefix-mid" link add name other type bridge mcast_snooping 0
    up mid other
    for node in 1 2; do
        ip -n "$prefix-mid" link set "too-$node" master other
        ns "$node" sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0 net.ipv4.conf.eth1.rp_filter=0
    done
    # The way back of all that the second node sends.
    ip -n "$prefix-2" route add 192.0.2.1/32 via 198.51.100.1 dev eth1 src 192.0.2.2
    both; dump "$lab-3" 2 eth1
    talk
    pings 1a -c 10 -i 0.4 "$pod_2"
}

# The nodes believe in 1550 bytes, as the pods' 1500 need; what is between them carries 1500, and says nothing.
narrow() { on_the_way meta length '>' 1500 drop; }
lab_mtu() {
    local pod_mtu=1500 node_mtu=1550
    flannel; narrow; serve 2a; both
    pings 1a -c 2 "$pod_2"
    pod 1a transfer "$pod_2" 100000
}
# The same in one capture of all taps of a node.
lab_mtu_taps() {
    local pod_mtu=1500 node_mtu=1550
    flannel; narrow; serve 2a; dump "$lab-1" 1 any
    pings 1a -c 2 "$pod_2"
    pod 1a transfer "$pod_2" 100000
}
# No length's fault: all is lost from some point on.
lab_cut() {
    local snap=128
    flannel; serve 2a; both
    # What is sent takes longer than to the cut.
    ns 1a tc qdisc add dev eth0 root tbf rate 4mbit burst 64kb latency 400ms
    pod 1a transfer "$pod_2" 900000 &
    sleep 0.6
    on_the_way drop
    wait $!
}
# Pings alone.
lab_mtu_ping() {
    local pod_mtu=1500 node_mtu=1550
    flannel; narrow; both
    pings 1a -c 2 -s 1200 -M "do" "$pod_2"
    pings 1a -c 5 -i 0.4 -s 1472 -M "do" "$pod_2"
    pings 1a -c 1 "$pod_2"
}
# The node itself says that it is too long, and its own firewall eats that.
lab_mtu_quiet() {
    local pod_mtu=1500 tunnel_device= tunnel_options="noudpcsum df set"
    flannel; serve 2a
    at 1 output icmp type destination-unreachable icmp code frag-needed drop
    dump "$lab-pod" 1a eth0; both
    pings 1a -c 2 "$pod_2"
    pod 1a transfer "$pod_2" 100000
}
lab_mtu_ipv6() {
    local pod_mtu=1500 node_mtu=1570
    flannel 6; narrow; serve 2a; both
    pings 1a -c 2 "$pod6_2"
    pod 1a transfer "$pod6_2" 100000
    pings 1a -c 5 -i 0.4 -s 1452 "$pod6_2"
}
# Datagrams alone: small ones come back, large ones do not.
lab_mtu_udp() {
    local pod_mtu=1500 node_mtu=1550
    flannel; narrow; serve 2a; both
    pod 1a echo "$pod_2" 1000
    pod 1a echo "$pod_2" 1472 5
}

# The tunnel's device takes what the wire does not.
in_fragments() {
    local node
    for node in 1 2; do
        ip -n "$prefix-$node" route change "10.244.$((3 - node)).0/24" via "10.244.$((3 - node)).0" dev flannel.1 onlink mtu lock 1500
    done
}
lab_fragments() {
    local pod_mtu=1500 tunnel_device= snap=0
    flannel; in_fragments; both
    pings 1a -c 1 "$pod_2"
    pings 1a -c 4 -s 1472 -M dont "$pod_2"
}
fragments_lost() { # RULE …
    local pod_mtu=1500 tunnel_device= snap=0
    flannel; in_fragments
    ns 2 sysctl -qw net.ipv4.ipfrag_time=2
    on_the_way ip saddr 192.0.2.1 ip protocol udp "$@" drop
    both
    pings 1a -c 1 "$pod_2"
    sleep 1.2
    pings 1a -c 4 -s 1472 -M dont "$pod_2"
    sleep 2.5
    pings 1a -c 1 "$pod_2"
}
lab_fragment_first() { fragments_lost ip frag-off '&' 0x3fff == 0x2000; }
lab_fragment_rest() { fragments_lost ip frag-off '&' 0x1fff != 0; }

# A router between the nodes, with a narrow link behind it.
routed() { # NODE-1 NODE-2 ROUTER
    ip -n "$prefix-mid" link set to-1 nomaster
    ip -n "$prefix-mid" link set to-2 nomaster
    address mid to-1 "$3"; address mid to-2 "$3"
    ip -n "$prefix-mid" route add "$1" dev to-1
    ip -n "$prefix-mid" route add "$2" dev to-2 mtu 1400
    ip -n "$prefix-1" route add "$2" via "$3" dev eth0 onlink
    ip -n "$prefix-2" route add "$1" via "$3" dev eth0 onlink
    both
}
lab_pmtu() {
    local tunnel_options="noudpcsum df set"
    flannel; routed 192.0.2.1 192.0.2.2 192.0.2.254
    pings 1a -c 2 "$pod_2"
    pings 1a -c 3 -s 1400 "$pod_2"
}
# IPv6's routers never fragment.
lab_pmtu_ipv6() {
    local pod_mtu=1430
    flannel 6; routed 2001:db8::1 2001:db8::2 2001:db8::fe
    pings 1a -c 2 "$pod_2"
    pings 1a -c 3 -s 1350 "$pod_2"
}
# The pod has the node's MTU, and the node's tunnel less: its gateway says so.
pod_is_told() {
    flannel; serve 2a
    ip -n "$prefix-1a" link set eth0 mtu 1500; ip -n "$prefix-1" link set pod mtu 1500
    ip -n "$prefix-2a" link set eth0 mtu 1500; ip -n "$prefix-2" link set pod mtu 1500
    dump "$lab-pod" 1a eth0; both
}
lab_pmtu_pod() { pod_is_told; pings 1a -c 3 -s 1472 -M "do" "$pod_2"; }
# TCP sends less from then on.
lab_pmtu_heeded() { pod_is_told; pod 1a transfer "$pod_2" 200000; }

# What goes to node 2 is changed on the way.
lab_checksum() {
    flannel
    on_the_way ip saddr 192.0.2.1 udp dport 8472 udp checksum set 0x1234
    both
    pings 1a -c 4 "$pod_2"
}
# No checksum is none (RFC 7348).
lab_healthy_checksum() {
    local tunnel_options=udpcsum
    flannel; serve 2a
    on_the_way ip saddr 192.0.2.1 udp dport 8472 udp checksum set 0
    both; talk
}
# A pod hands its card many datagrams as one (UDP_SEGMENT, as QUIC's servers do), and the tunnel's device takes them apart.
lab_healthy_segments() {
    flannel; serve 2a
    ns 1 ethtool -K flannel.1 tx-udp-segmentation off gso off
    dump "$lab-pod" 1a eth0; both
    pings 1a -c 3 "$pod_2"
    pod 1a segments "$pod_2" 1000 20
    pings 1a -c 3 "$pod_2"
}
# The wire carries bytes alone: what the card was to fill in stays as it is.
bytes_alone() {
    local node of
    ip -n "$prefix-mid" link set to-1 nomaster; ip -n "$prefix-mid" link set to-2 nomaster
    for node in 1 2 1a 2a; do ns "$node" ethtool -K eth0 tso off gso off >/dev/null; done
    for of in to-1 to-2; do ip -n "$prefix-mid" link set "$of" promisc on; done
    ns mid sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.disable_ipv6=1
    ip netns exec "$prefix-mid" python3 "$pods" wire to-1 to-2 >"$work/$lab.wire" &
    pids+=($!)
    until_said ready "$work/$lab.wire"
}
lab_partial() {
    flannel; serve 2a; bytes_alone; both
    pings 1a -c 3 "$pod_2"
    pod 1a resolve "$pod_2" 4
    pod 1a connect "$pod_2" 5001 4
    pings 1a -c 3 "$pod_2"
}
lab_partial_outer() {
    local tunnel_options=udpcsum
    flannel; serve 2a; bytes_alone; both
    pings 1a -c 6 -i 0.7 "$pod_2" &
    pings 2a -c 6 -i 0.7 "$pod_1"
    pings 1 -c 3 192.0.2.2
}

# A hypervisor between takes the tunnel's port for its own.
lab_one_way() {
    flannel
    on_the_way ip saddr 192.0.2.2 udp dport 8472 drop
    both
    pings 1a -c 9 -i 0.5 "$pod_2"
    pings 1 -c 2 192.0.2.2
}
# The other node's device is gone.
lab_closed() { flannel; ip -n "$prefix-2" link del flannel.1; both; pings 1a -c 9 -i 0.5 "$pod_2"; }
lab_port() { local port_2=4789; flannel; both; pings 1a -c 4 "$pod_2"; pings 2a -c 4 "$pod_1"; }
lab_vni() { local number_2=2; flannel; both; pings 1a -c 4 "$pod_2"; pings 2a -c 4 "$pod_1"; }
lab_flag() { flannel; on_the_way ip saddr 192.0.2.1 udp dport 8472 @th,64,8 set 0; both; pings 1a -c 4 "$pod_2"; }

# Entries of a node that are not the leases': where the other node is, what its device is, and a route past the tunnel.
strange() { # DEVICE
    bridge -n "$prefix-1" fdb replace 0a:00:00:00:00:02 dev "$1" dst 192.0.2.9 self permanent
    strangers
}
# 192.0.2.9 has node 2's wire, and nobody there takes what goes to it.
strangers() {
    ip -n "$prefix-1" neigh replace 192.0.2.9 lladdr 02:00:00:00:00:02 dev eth0
    both
    pings 1a -c 4 "$pod_2"
}
of_another_device() { # DEVICE
    ip -n "$prefix-1" neigh replace 10.244.2.0 lladdr 0a:00:00:00:00:99 dev "$1" nud permanent
    bridge -n "$prefix-1" fdb replace 0a:00:00:00:00:99 dev "$1" dst 192.0.2.2 self permanent
    both
    pings 1a -c 4 "$pod_2"
}
in_the_clear() { # PREFIX-LENGTH
    ns 2 sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0
    ip -n "$prefix-1" route del "10.244.2.0/$1"
    ip -n "$prefix-1" route add "10.244.2.0/$1" via 192.0.2.2 dev eth0
    pings 1a -c 3 "$pod_2"
}
lab_stranger() { flannel; strange flannel.1; }
lab_device() { flannel; of_another_device flannel.1; }
lab_clear() { flannel; both; pings 1a -c 1 "$pod_2"; in_the_clear 24; }
# The same where all is IPv6.
lab_stranger_ipv6() {
    local pod_mtu=1430
    flannel 6
    bridge -n "$prefix-1" fdb replace 0a:00:00:00:00:02 dev flannel.1 dst 2001:db8::9 self permanent
    ip -n "$prefix-1" neigh replace 2001:db8::9 lladdr 02:00:00:00:00:02 dev eth0
    both
    pings 1a -c 4 "$pod6_2"
}
lab_device_ipv6() {
    local pod_mtu=1430
    flannel 6
    ip -n "$prefix-1" neigh replace fd00:10:244:2:: lladdr 0a:00:00:00:00:99 dev flannel.1 nud permanent
    bridge -n "$prefix-1" fdb replace 0a:00:00:00:00:99 dev flannel.1 dst 2001:db8::2 self permanent
    both
    pings 1a -c 4 "$pod6_2"
}
lab_clear_ipv6() {
    local pod_mtu=1430
    flannel 6
    ip -n "$prefix-1" route del fd00:10:244:2::/64
    ip -n "$prefix-1" route add fd00:10:244:2::/64 via 2001:db8::2 dev eth0
    # Until then it has no address to ask by.
    sleep 2.5
    both
    pings 1a -c 3 "$pod6_2"
}
lab_calico_stranger() { calico; strange vxlan.calico; }
lab_calico_device() { calico; of_another_device vxlan.calico; }
# From the first packet on.
lab_calico_clear() { calico; both; in_the_clear 26; }
lab_cilium_stranger() {
    cilium
    ip -n "$prefix-1" route replace 10.244.2.0/24 encap ip id "$identity_1" dst 192.0.2.9 src 192.0.2.1 via 10.244.2.100 dev cilium_vxlan onlink
    strangers
}
lab_cilium_clear() { cilium; both; in_the_clear 24; }
# The first node marks what its pod sends as another's.
lab_identity() { local identity_1=5000; cilium; serve 2a; both; talk; }
lab_identity_ipv6() { local identity_1=5000 pod_mtu=1430; cilium 6; both; pings 1a -c 3 "$pod6_2"; }
# The other peer is where nobody is.
lab_weave_stranger() {
    weave
    ip -n "$prefix-1" neigh replace 192.0.2.9 lladdr 02:00:00:00:00:02 dev eth0
    ip -n "$prefix-1" link del datapath
    port_1=6784 tunnel 1 datapath 4 remote 192.0.2.9
    ip -n "$prefix-1" link set datapath master weave
    ip -n "$prefix-1a" neigh replace "$pod_2" lladdr 0a:00:00:00:00:77 dev eth0
    both
    pings 1a -c 4 "$pod_2"
}
# The bridge has an address, and a pod is told to go by it.
lab_weave_clear() {
    local node
    weave
    for node in 1 2; do
        ns "$node" sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0 net.ipv4.conf.weave.rp_filter=0
    done
    address 1 weave 10.32.0.1/14; address 2 weave 10.44.0.1/14
    ip -n "$prefix-1" route add 10.44.0.0/14 via 192.0.2.2
    both
    pings 1a -c 1 "$pod_2"
    ip -n "$prefix-1a" route add "$pod_2" via 10.32.0.1
    pings 1a -c 3 "$pod_2"
}

# The machines' own network is a tunnel as well.
lab_double() {
    local pod_mtu=1400 node
    flannel
    # What was the wire becomes what carries the cloud's; eth0 is made anew in it.
    for node in 1 2; do
        ip -n "$prefix-$node" link del flannel.1
        ip -n "$prefix-$node" link set eth0 down
        ip -n "$prefix-$node" addr flush dev eth0
        ip -n "$prefix-$node" link set eth0 name wire up
        address "$node" wire "198.51.100.$node/24"
        ip -n "$prefix-$node" link add name eth0 type vxlan id 77 local "198.51.100.$node" remote "198.51.100.$((3 - node))" dstport 4789 dev wire
        up "$node" eth0 1450
        address "$node" eth0 "192.0.2.$node/24"
        tunnel "$node" flannel.1 4 nolearning
        address "$node" flannel.1 "10.244.$node.0/32"
        peer "$node" flannel.1 24 4 2>/dev/null || true
    done
    dump "$lab-1" 1 wire; dump "$lab-2" 2 wire
    pings 1a -c 3 "$pod_2"
}

# A pod that is gone, of all pods' one network.
lab_neighbour() { weave; both; pings 1a -c 2 "$pod_2"; pings 1a -c 3 -i 1 -W 3 10.44.0.77; }
lab_loop() {
    flannel
    ip -n "$prefix-1" route add 10.244.9.0/24 via 10.244.2.0 dev flannel.1 onlink
    ip -n "$prefix-2" route add 10.244.9.0/24 via 10.244.1.0 dev flannel.1 onlink
    both
    pings 1a -c 1 10.244.9.2
}

lab_refused() { calico; serve 2a; both; talk; pod 1a connect "$pod_2" 81; pod 1a datagram "$pod_2" 9; }
lab_prohibited() { calico; at 2 forward ip daddr "$pod_2" tcp dport 80 reject with icmp type admin-prohibited; both; pod 1a connect "$pod_2" 80; }
# A policy in front of the pod; and one on the sending node, before the tunnel.
lab_syn() { calico; at 2 forward ip daddr "$pod_2" tcp dport 80 drop; both; pings 1a -c 2 "$pod_2"; pod 1a connect "$pod_2" 80 4; pings 1a -c 2 "$pod_2"; }
lab_syn_node() { calico; at 1 forward ip daddr "$pod_2" tcp dport 80 drop; dump "$lab-pod" 1a eth0; both; pings 1a -c 2 "$pod_2"; pod 1a connect "$pod_2" 80 4; pings 1a -c 2 "$pod_2"; }
# All that goes to the pod: its own wire has none of it.
lab_deny() {
    flannel; serve 2a
    at 2 forward ip daddr "$pod_2" drop
    dump "$lab-pod" 1a eth0; both; dump "$lab-there" 2a eth0
    pings 2a -c 2 10.244.2.1; pings 2a -c 2 192.0.2.2; pings 1 -c 2 192.0.2.2
    pings 1a -c 4 "$pod_2"
    pod 1a connect "$pod_2" 5001 4
    pings 2a -c 2 10.244.2.1
}
# A pod whose gateway has no address: it says nothing besides.
lab_gateway() {
    flannel
    ip -n "$prefix-1" addr del 10.244.1.1/24 dev cni0
    dump "$lab-pod" 1a eth0
    pings 1a -c 7 -i 1 "$pod_2"
}
lab_lossy() {
    local snap=128
    flannel; serve 2a
    # Pieces of two segments: a lost one of 64 kB would be much at once.
    ip -n "$prefix-1a" link set eth0 gso_max_size 3000
    on_the_way ip saddr 192.0.2.1 udp dport 8472 numgen inc mod 8 7 drop
    both
    for _ in 1 2; do pod 1a transfer "$pod_2" 200000; done
}
lab_zero_window() {
    local snap=128
    flannel
    ip netns exec "$prefix-2a" python3 "$pods" slow >"$work/$lab.serve" 2>&1 &
    pids+=($!)
    until_said ready "$work/$lab.serve"
    both
    pod 1a push "$pod_2" 300000
}
lab_dns() { calico; serve 2a; at 2 forward ip daddr "$pod_2" udp dport 53 drop; both; pings 1a -c 2 "$pod_2"; pod 1a resolve "$pod_2" 3; sleep 3.5; pings 1a -c 2 "$pod_2"; }

# What a pod sends is wrong by itself: UDP's checksum of "hello"; and a datagram that is longer than its packet.
forged() { # UDP-LENGTH UDP-CHECKSUM
    pod 1a frame eth0 "$(ip -n "$prefix-1" -br link show cni0 | awk '{ print $3 }')" \
        "45000021000040004011${3}0af401020af402020fa00035$1$2""68656c6c6f"
}
lab_payload() { flannel; both; pings 1a -c 1 "$pod_2"; for _ in 1 2 3; do forged 000d 1234 21e1; done; pings 1a -c 1 "$pod_2"; }
lab_malformed() { flannel; both; pings 1a -c 1 "$pod_2"; for _ in 1 2 3; do forged 00c8 0000 21e1; done; pings 1a -c 1 "$pod_2"; }

# The fast datapath's port is filtered; or one way alone.
fall_back() { # RULE …
    sleeve plain fast; fast
    on_the_way "$@" udp dport 6784 drop
    both
    pings 1a -c 14 -i 0.6 "$pod_2"
}
lab_fallback() { fall_back; }
lab_fallback_there() { fall_back ip saddr 192.0.2.2; }
# The first frames go by the sleeve, until heartbeats are answered.
lab_healthy_fast() {
    local bytes=20000
    sleeve plain fast; fast; serve 2a; both
    pings 1a -c 3 -i 0.6 "$pod_2"
    by_fast
    # Until then what was learned leads to the sleeve.
    pings 1a -c 1 "$pod_2"; pings 2a -c 1 "$pod_1"
    talk
    pings 1a -c 10 -i 0.5 "$pod_2"
}
# Without the fast datapath all frames go by the sleeve.
lab_healthy_sleeve() { local bytes=5000; sleeve plain; serve 2a; both; talk; talk6; pings 1a -c 10 -i 0.5 "$pod_2"; }
lab_healthy_sealed() { local bytes=5000; sleeve sealed; serve 2a; both; talk; talk6; }
# Somebody between the nodes keeps what node 1 sends, and sends it again.
lab_replay() {
    sleeve sealed
    # What is sent again is sent as it was, and no card fills in its checksum.
    ns 1 ethtool -K eth0 tx off >/dev/null
    ip netns exec "$prefix-mid" python3 "$pods" replay to-1 to-2 6783 6 >"$work/$lab.replay" &
    pids+=($!)
    until_said ready "$work/$lab.replay"
    both
    pings 1a -c 20 -i 0.25 "$pod_2"
    grep -q dropped "$work/$lab.sleeve-2"
}

# Nobody has a lease for it; or the one that node 1 knows is of another time, and node 2 says so through the tunnel.
no_route() { # ADDRESS
    dump "$lab-pod" 1a eth0; both
    pings 1a -c 2 "$pod_2"
    for _ in 1 2 3; do pod 1a datagram "$1" 9; done
    pod 1a connect "$1" 80
    pings 1a -c 2 "$pod_2"
}
lab_no_route() { flannel_udp; no_route 10.244.77.7; }
lab_no_route_stale() {
    flannel_udp
    lease 3 2 >>"$work/$lab.leases-1"
    proxied 1
    sleep 1
    no_route 10.244.3.7
}
lab_healthy_udp() { flannel_udp; serve 2a; dump "$lab-pod" 1a eth0; both; talk; }

# Calico's rules log before they drop.
lab_policy() {
    calico
    at 2 forward ip daddr "$pod_2" tcp dport 80 log prefix '"DPI0|np/shop/default.web"' group 7 drop
    dump "$lab-1" 2 nflog:7
    pod 1a connect "$pod_2" 80 4
}
# And before they pass.
lab_healthy_policy() {
    calico; serve 2a
    at 2 forward ip daddr "$pod_2" tcp dport 5001 tcp flags syn log prefix '"API0|np/shop/default.web"' group 7 accept
    dump "$lab-1" 2 nflog:7
    pod 1a transfer "$pod_2" 1000
    # What is logged waits for more.
    sleep 1.5
}
# All that comes to the pod is dropped: through the tunnel nothing comes back, and nothing is wrong with it.
lab_policy_all() {
    calico
    at 2 forward ip daddr "$pod_2" log prefix '"DPI|default"' group 7 drop
    both; dump "$lab-log" 2 nflog:7
    pings 1 -c 2 192.0.2.2
    pings 1a -c 8 -i 0.5 "$pod_2"
    pings 1 -c 2 192.0.2.2
}
