# `packet-dissect diagnose` beside BGP sessions in which one thing is really wrong: BIRD, FRR or a speaker of a few lines in a namespace each,
# recorded at the two that matter; what is found is held against testdata/doctor-bgp/expected.tsv, and where nothing is wrong nothing may be.
#
#   node 1, BIRD, AS 65001 ─ eth0 ─ mid, a bridge ─ eth0 ─ node 2, FRR, AS 65002
#                                         └──────── eth0 ─ node 3, BIRD, AS 65002, in the lab of two sites
#
# RECORD=testdata keeps the captures in its doctor-bgp/; LABS="NAME …" makes some alone. Sourced by interop/run.

. "$here/lib/check.sh"
need nft nftables
if [ "${#missing[@]}" -gt 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
fi
work=$(mktemp -d "/tmp/$prefix.XXXXXX")
chmod 755 "$work"
trap 'cleanup; rm -rf "$work"' EXIT
root=$(cd "$here/.." && pwd)
(cd "$root" && cargo build --release --quiet --locked -p packet-dissect)
program=${CARGO_TARGET_DIR:-$root/target}/release/packet-dissect

nodes() { # COUNT
    local node
    ip netns add "$prefix-mid"
    ip -n "$prefix-mid" link add name bridge type bridge mcast_snooping 0
    ip -n "$prefix-mid" link set bridge addrgenmode none up
    for node in $(seq "$1"); do
        ip netns add "$prefix-$node"
        ns "$node" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv6.conf.default.router_solicitations=0
        ip -n "$prefix-$node" link add name eth0 address "02:00:00:00:00:0$node" type veth peer name "to-$node" netns "$prefix-mid"
        ip -n "$prefix-mid" link set "to-$node" master bridge
        ip -n "$prefix-mid" link set "to-$node" addrgenmode none up
        ip -n "$prefix-$node" link set lo up
        # FRR does not take link-local next hops of a device of which no zebra told it.
        ip -n "$prefix-$node" link set eth0 addrgenmode none
        ip -n "$prefix-$node" link set eth0 up
        ip -n "$prefix-$node" addr add "192.0.2.$node/24" dev eth0
        ip -n "$prefix-$node" addr add "2001:db8::$node/64" dev eth0 nodad
    done
}

until_so() { # COMMAND …: within 15 seconds
    for _ in $(seq 150); do "$@" >/dev/null 2>&1 && return; sleep 0.1; done
    echo "never: $*"
    return 1
}
daemon() { # NODE COMMAND …
    ip netns exec "$prefix-$1" "${@:2}" >"$work/$lab.daemon-$1" 2>&1 &
    pids+=($!)
}

# BIRD: what labs change of it, with `local`.
bird_as=65001 bird_neighbor="192.0.2.2 as 65002" bird_hold=9 bird_options="" bird_export="accept;" bird_route=203.0.113.0/24 bird_more="" bird_ipv6=yes
bird() { # NODE
    cat >"$work/$lab.bird-$1" <<CONF
router id 192.0.2.$1;
protocol device {}
protocol kernel { ipv4 { import none; export where source = RTS_BGP; }; }
protocol kernel { ipv6 { import none; export where source = RTS_BGP; }; }
protocol static four { ipv4; route $bird_route blackhole; }
protocol static six { ipv6; route 2001:db8:f00$1::/48 blackhole; }
template bgp one {
    local 192.0.2.$1 as $bird_as;
    hold time $bird_hold;
    connect delay time 1; connect retry time 3; error wait time 1, 2;
    ipv4 { import all; export filter { $bird_export }; next hop self; };
    $([ "$bird_ipv6" = no ] || echo "ipv6 { import all; export filter { $bird_export }; next hop address 2001:db8::$1; };")
}
protocol bgp peer from one { neighbor $bird_neighbor; $bird_options }
$bird_more
CONF
    daemon "$1" bird -f -c "$work/$lab.bird-$1" -s "$work/$lab.ctl-$1"
    until_so birds "$1" show status
}
birds() { ns "$1" birdc -s "$work/$lab.ctl-$1" "${@:2}"; }
is_up() { birds "$1" show protocols "${2:-peer}" | grep -q Established; }
is_down() { ! is_up "$@"; }
has_route() { birds "$1" show route for "$2" | grep -q "$2"; }

# FRR, of node 2.
frr_as=65002 frr_expects=65001 frr_hold=9 frr_options=() frr_next_hop=192.0.2.2 frr_next_hop6=2001:db8::2 frr_ipv4=yes
frr() {
    local option
    mkdir -p "$work/$lab.frr"
    chmod 777 "$work/$lab.frr"
    cat >"$work/$lab.frr/conf" <<CONF
router bgp $frr_as
 bgp router-id 192.0.2.2
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor 192.0.2.1 remote-as $frr_expects
 neighbor 192.0.2.1 timers $((frr_hold / 3)) $frr_hold
 neighbor 192.0.2.1 timers connect 3
$(for option in "${frr_options[@]}"; do echo " neighbor 192.0.2.1 $option"; done)
 address-family ipv4 unicast
  network 198.51.100.0/24
  $([ "$frr_ipv4" = yes ] || echo no) neighbor 192.0.2.1 activate
  neighbor 192.0.2.1 route-map out out
 exit-address-family
 address-family ipv6 unicast
  network 2001:db8:f002::/48
  neighbor 192.0.2.1 activate
  neighbor 192.0.2.1 route-map out6 out
 exit-address-family
route-map out permit 1
 set ip next-hop $frr_next_hop
route-map out6 permit 1
 set ipv6 next-hop global $frr_next_hop6
CONF
    daemon 2 /usr/lib/frr/bgpd -f "$work/$lab.frr/conf" -n -Z -S -p 179 -i "$work/$lab.frr/pid" -z "$work/$lab.frr/zapi" --vty_socket "$work/$lab.frr"
    frr_pid=${pids[-1]}
}
frrs() { ns 2 vtysh --vty_socket "$work/$lab.frr" -c "$1"; }

# A speaker that says what it is told to.
speaker() { # NODE HOLD-TIME HEX …: an OPEN, and each of these bodies of an UPDATE; then KEEPALIVEs, whatever it hears
    daemon "$1" python3 "$here/lib/doctor_bgp_speaker.py" "$@"
}

dumps=()
dump() { # NODE …: its wire
    local node
    for node in "$@"; do
        ip netns exec "$prefix-$node" tcpdump -q -U --immediate-mode -i eth0 -s 0 --time-stamp-precision=nano -w "$work/$lab-$node.pcap" \
            2>"$work/$lab-$node.log" &
        dumps+=($!)
        pids+=($!)
        until_so grep -qs listening "$work/$lab-$node.log"
    done
}
on_the_way() { # RULE …: of nftables, between the nodes
    ns mid nft add table bridge way
    ns mid nft add chain bridge way forward '{ type filter hook forward priority 0; }'
    ns mid nft add rule bridge way forward "$@"
}

. "$here/lib/doctor_labs.sh"
. "$here/lib/doctor_bgp_faults.sh"
run_labs doctor-bgp
finish
