# A full mesh as Calico has it by default: three nodes in AS 64512, each of which announces its own /26 blocks of 10.244.0.0/16
# to both others. Nodes d and e run BIRD, which Calico runs, node u two of our speakers, one a peer. Sourced by bgp.sh.

mesh_node() { # NAME NUMBER: a node's namespace, on a bridge that stands in u
    ip netns add "$prefix-$1"
    ip -n "$prefix-u" link add name "to-$1" type veth peer name wire netns "$prefix-$1"
    ip -n "$prefix-u" link set "to-$1" master wire up
    ip -n "$prefix-$1" link set lo up
    ip -n "$prefix-$1" link set wire up
    ip -n "$prefix-$1" addr add "192.0.2.$2/24" dev wire
}

mesh_bird() { # NAME NUMBER BLOCK OTHER
    cat >"$work/$1.conf" <<EOF
router id 192.0.2.$2;
protocol device {}
# The block as a whole leads nowhere: only the addresses that are in use have routes.
protocol static { ipv4; route $3 blackhole; }
template bgp bgp_template {
    local 192.0.2.$2 as 64512;
    multihop;
    ipv4 { gateway recursive; import all; export where source = RTS_STATIC; next hop self; };
    graceful restart on;
    connect retry time 1;
    error wait time 1, 4;
}
protocol bgp ours from bgp_template { neighbor 192.0.2.2 as 64512; passive on; }
protocol bgp mesh from bgp_template { neighbor 192.0.2.$4 as 64512; $([ "$2" -gt "$4" ] || echo "passive on;") }
EOF
    ip netns exec "$prefix-$1" bird -f -c "$work/$1.conf" -s "$work/$1.ctl" >"$work/daemon.log" 2>&1 &
    pids+=($!)
}
mesh_says() { ip netns exec "$prefix-$1" birdc -s "$work/$1.ctl" "${@:2}"; }
# Each route a node's table has from its peers, and the next hop that came with it.
mesh_table() { # NAME
    mesh_says "$1" show route all where source = RTS_BGP | awk '/^[0-9.]+\/[0-9]+ / { prefix = $1 } /BGP.next_hop:/ { print prefix, $2 }'
}
mesh_holds() { # NAME ROUTE …
    diff <(mesh_table "$1" | sort) <(printf '%s\n' "${@:2}" | sort)
}

mesh() {
    stop_all
    ip netns add "$prefix-u"
    ip -n "$prefix-u" link set lo up
    ip -n "$prefix-u" link add wire type bridge
    ip -n "$prefix-u" link set wire up
    ip -n "$prefix-u" addr add 192.0.2.2/24 dev wire
    mesh_node d 1
    mesh_node e 4
    mesh_bird d 1 10.244.1.0/26 4
    mesh_bird e 4 10.244.4.0/26 1
    local to_d to_e
    speak --as 64512 --graceful
    to_d=$speaking
    check "mesh: established with the first node" log_has "peer: Internal"
    exec 8>&7
    peer_address=192.0.2.4 speak --as 64512 --graceful
    to_e=$speaking
    check "mesh: established with the second node" log_has "peer: Internal"
    for node in 7 8; do
        echo announce blocks 3 >&"$node"
        echo end-of-rib >&"$node"
    done
    local ours=("10.244.0.0/26 192.0.2.2" "10.244.0.64/26 192.0.2.2" "10.244.0.128/26 192.0.2.2")
    check "mesh: the first node holds our blocks and the second's" mesh_holds d "${ours[@]}" "10.244.4.0/26 192.0.2.4"
    check "mesh: the second node holds our blocks and the first's" mesh_holds e "${ours[@]}" "10.244.1.0/26 192.0.2.1"
    # Nothing is passed on inside an AS: each peer gives its own block alone.
    check "mesh: from the second node we hold its block" hold "ipv4 unicast" 10.244.4.0/26
    exec 9>&7 7>&8
    check "mesh: from the first node we hold its block" hold "ipv4 unicast" 10.244.1.0/26
    for node in 8 9; do echo withdraw blocks 2 >&"$node"; done
    check "mesh: two blocks are withdrawn from the first node" mesh_holds d "${ours[2]}" "10.244.4.0/26 192.0.2.4"
    check "mesh: two blocks are withdrawn from the second node" mesh_holds e "${ours[2]}" "10.244.1.0/26 192.0.2.1"
    for node in 8 9; do echo quit >&"$node"; done
    exec 7>&- 8>&- 9>&-
    wait "$to_d" "$to_e" 2>/dev/null || true
    check "mesh: nothing of ours is left with the first node" mesh_holds d "10.244.4.0/26 192.0.2.4"
    check "mesh: nothing of ours is left with the second node" mesh_holds e "10.244.1.0/26 192.0.2.1"
}
