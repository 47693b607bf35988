# How each daemon is started, read, and what it is tried with besides. Sourced by bgp.sh. Each announces 198.51.100.0/24,
# 203.0.113.0/24 and 2001:db8:ffff::/48 from AS 65001, and listens at 192.0.2.1. What "$more_conf" says besides stands in its
# configuration.

start_bird() { # plain|two|add-path|graceful
    local more=""
    [ "$1" != add-path ] || more="add paths on;"
    cat >"$work/bird.conf" <<EOF
router id 192.0.2.1;
${more_conf:-}
protocol device {}
protocol static four { ipv4; route 198.51.100.0/24 blackhole; route 203.0.113.0/24 blackhole; }
protocol static six { ipv6; route 2001:db8:ffff::/48 blackhole; }
template bgp peer {
    local 192.0.2.1 as 65001;
    passive on;
    enable extended messages on;
    graceful restart on;
    ipv4 { import all; export all; next hop self; $more };
    ipv6 { import all; export all; next hop address 2001:db8::1; $more };
}
protocol bgp ours from peer { neighbor 192.0.2.2 external; }
protocol bgp others from peer { neighbor 192.0.2.3 external; }
EOF
    start bird -f -c "$work/bird.conf" -s "$work/bird.ctl"
}
bird_says() { ip netns exec "$prefix-d" birdc -s "$work/bird.ctl" "$@"; }
table_bird() { bird_says show route protocol ours table "${1/ipv/master}" all | awk '/^[0-9a-f:.]+\/[0-9]+ / { print $1 }'; }
more_bird() {
    nodes bgp-bird-add-path
    start_bird add-path
    speak --as 65002 --add-path --paths 3 --graceful
    check "bird: ADD-PATH both ways is agreed on" log_has "add_path_send: {ipv4 unicast}"
    check "bird: graceful restart is agreed on" log_has "graceful_restart: {ipv4 unicast"
    check "bird: it says that all was sent" log_has "end-of-rib ipv4 unicast"
    say announce ipv4 10
    bird_paths() { [ "$(bird_says show route protocol ours table master4 all | grep -c 'BGP.as_path')" = 30 ]; }
    check "bird: its table holds three paths to each of 10 prefixes" bird_paths
    bird_length() { bird_says show route 10.0.0.0/24 all | grep -q 'BGP.as_path: 65002 65002 65002$'; }
    check "bird: the third path is three hops long" bird_length
    # BIRD's own dump of its table, which is MRT with path identifiers.
    bird_says mrt dump table '"master4"' to "\"$work/rib.mrt\"" >/dev/null
    dump_tells() { [ "$("$dissect" -r "$work/rib.mrt" -T fields -e bgp.update.path_attribute.as_path_segment.as4 | grep -c '^65002,65002,65002$')" = 10 ]; }
    check "bird: its MRT dump tells of the ten third paths" dump_tells
    [ -z "${RECORD:-}" ] || cp "$work/rib.mrt" "$RECORD/bgp-bird-rib.mrt"
    hush
    both bird
}

start_frr() { # plain|two|families
    mkdir -p "$work/frr"
    chmod 777 "$work/frr"
    cat >"$work/frr.conf" <<EOF
dump bgp all $work/frr/messages.mrt
router bgp 65001
 bgp router-id 192.0.2.1
 no bgp ebgp-requires-policy
 no bgp network import-check
 no bgp default ipv4-unicast
 neighbor ours peer-group
 neighbor ours remote-as external
 neighbor ours passive
 neighbor ours capability extended-nexthop
 neighbor 192.0.2.2 peer-group ours
 neighbor 192.0.2.3 peer-group ours
 address-family ipv4 unicast
  network 198.51.100.0/24
  network 203.0.113.0/24
  neighbor ours activate
  neighbor ours soft-reconfiguration inbound
 exit-address-family
 address-family ipv6 unicast
  network 2001:db8:ffff::/48
  neighbor ours activate
 exit-address-family
 address-family ipv4 vpn
  neighbor ours activate
 exit-address-family
 address-family l2vpn evpn
  neighbor ours activate
 exit-address-family
${more_conf:-}
EOF
    start /usr/lib/frr/bgpd ${frr_module:+-M "$frr_module"} -f "$work/frr.conf" -n -Z -S -p 179 -i "$work/frr/pid" -z "$work/frr/zapi" --vty_socket "$work/frr"
}
frr_says() { ip netns exec "$prefix-d" vtysh --vty_socket "$work/frr" -c "$1"; }
table_frr() {
    frr_says "show bgp $1 unicast json" | python3 -c '
import json, sys
for prefix, paths in json.load(sys.stdin)["routes"].items():
    if any(path.get("peerId") == "192.0.2.2" for path in paths): print(prefix)'
}
more_frr() {
    nodes bgp-frr-families
    start_frr families
    speak --as 65002 --families evpn,vpn
    check "frr: EVPN and VPNv4 are agreed on" log_has "families: {ipv4 unicast, ipv4 vpn, l2vpn evpn}"
    say announce evpn
    say announce vpn
    frr_evpn() { frr_says "show bgp l2vpn evpn" | grep -q '\[3\]:\[0\]:\[32\]:\[192.0.2.2\]'; }
    check "frr: its table holds our EVPN route" frr_evpn
    frr_vpn() { frr_says "show bgp ipv4 vpn json" | grep -q '10.99.0.0/24'; }
    check "frr: its table holds our VPNv4 route" frr_vpn
    # What FRR dumps of the session in MRT: its states, and each message that it got.
    frr_dump() {
        local types
        types=$("$dissect" -r "$work/frr/messages.mrt" -T fields -e bgp.type | sort | uniq | tr '\n' ' ')
        # Others than the first line are of messages; states have no type.
        echo "$types" && [ "$types" = " 1 2 4 " ]
    }
    check "frr: its MRT dump has our OPEN, the KEEPALIVEs and the UPDATEs" frr_dump
    [ -z "${RECORD:-}" ] || cp "$work/frr/messages.mrt" "$RECORD/bgp-frr-messages.mrt"
    hush
}

start_gobgp() { # plain|two|families
    cat >"$work/gobgp.toml" <<EOF
[global.config]
  as = 65001
  router-id = "192.0.2.1"
$(for number in 2 3; do cat <<PEER
[[neighbors]]
  [neighbors.config]
    neighbor-address = "192.0.2.$number"
    peer-as = 6500$number
  [neighbors.transport.config]
    passive-mode = true
    local-address = "192.0.2.1"
$(for family in ipv4-unicast ipv6-unicast l3vpn-ipv4-unicast l2vpn-evpn ipv4-flowspec; do cat <<FAMILY
  [[neighbors.afi-safis]]
    [neighbors.afi-safis.config]
      afi-safi-name = "$family"
FAMILY
done)
PEER
done)
${more_conf:-}
EOF
    start gobgpd -f "$work/gobgp.toml" --api-hosts 127.0.0.1:50051
    for _ in $(seq 40); do gobgp_says neighbor >/dev/null 2>&1 && break; sleep 0.25; done
    gobgp_says global rib add 198.51.100.0/24 nexthop 192.0.2.1
    gobgp_says global rib add 203.0.113.0/24 nexthop 192.0.2.1
    gobgp_says global rib add -a ipv6 2001:db8:ffff::/48 nexthop 2001:db8::1
}
gobgp_says() { ip netns exec "$prefix-d" gobgp "$@"; }
table_gobgp() {
    gobgp_says neighbor 192.0.2.2 adj-in -a "$1" -j | python3 -c '
import json, sys
table = json.load(sys.stdin)
for prefix in table:
    if prefix != "error": print(prefix)'
}
more_gobgp() {
    nodes bgp-gobgp-families
    start_gobgp families
    speak --as 65002 --families evpn,vpn,flow
    check "gobgp: EVPN, VPNv4 and FlowSpec are agreed on" log_has "ipv4 vpn, ipv4 flow-spec, l2vpn evpn"
    say announce evpn
    say announce vpn
    say announce flow
    gobgp_evpn() { gobgp_says global rib -a evpn | grep -q 'multicast.*192.0.2.2'; }
    check "gobgp: its table holds our EVPN route" gobgp_evpn
    gobgp_vpn() { gobgp_says global rib -a vpnv4 | grep -q '192.0.2.2:7:10.99.0.0/24'; }
    check "gobgp: its table holds our VPNv4 route" gobgp_vpn
    gobgp_flow() { gobgp_says global rib -a ipv4-flowspec | grep -q 'destination: 192.0.2.0/24.*protocol: ==tcp'; }
    check "gobgp: its table holds our flow" gobgp_flow
    gobgp_says global rib add -a ipv4-flowspec match destination 198.51.100.0/24 protocol udp then discard
    check "gobgp: we hold its flow" we_hold_count "ipv4 flow-spec" 1
    gobgp_says global rib add -a vpnv4 10.98.0.0/24 label 55 rd 65001:9 rt 65001:9 nexthop 192.0.2.1
    check "gobgp: we hold its VPNv4 route" we_hold_count "ipv4 vpn" 1
    gobgp_says global rib add -a evpn multicast 192.0.2.1 etag 0 rd 65001:9 rt 65001:9
    check "gobgp: we hold its EVPN route" we_hold_count "l2vpn evpn" 1
    hush
    both gobgp
}

start_openbgpd() {
    cat >"$work/openbgpd.conf" <<EOF
AS 65001
router-id 192.0.2.1
fib-update no
listen on 192.0.2.1
socket "$work/openbgpd.sock"
network 198.51.100.0/24
network 203.0.113.0/24
network 2001:db8:ffff::/48
neighbor 192.0.2.2 {
    remote-as 65002
    passive
    announce IPv4 unicast
    announce IPv6 unicast
    announce refresh yes
}
allow from any
allow to any
${more_conf:-}
EOF
    chmod 600 "$work/openbgpd.conf"
    # Where its processes go that have no rights any more: their user's home, which Debian makes at boot.
    mkdir -p /run/openbgpd
    start /usr/sbin/bgpd -d -f "$work/openbgpd.conf"
}
table_openbgpd() {
    ip netns exec "$prefix-d" bgpctl -s "$work/openbgpd.sock" show rib "$([ "$1" = ipv4 ] && echo inet || echo inet6)" neighbor 192.0.2.2 in |
        grep -oE '[0-9a-f:.]+/[0-9]+'
}
more_openbgpd() { :; }

start_exabgp() {
    cat >"$work/exabgp.py" <<EOF
import json, sys
table = {"ipv4 unicast": set(), "ipv6 unicast": set()}
for line in sys.stdin:
    try: neighbor = json.loads(line)["neighbor"]
    except Exception: continue
    if neighbor.get("state") == "down":
        for routes in table.values(): routes.clear()
    update = neighbor.get("message", {}).get("update", {}) if isinstance(neighbor.get("message"), dict) else {}
    for family, hops in update.get("announce", {}).items():
        for routes in hops.values():
            for route in routes: table.get(family, set()).add(route["nlri"] if isinstance(route, dict) else route)
    for family, routes in update.get("withdraw", {}).items():
        for route in routes: table.get(family, set()).discard(route["nlri"] if isinstance(route, dict) else route)
    for family, routes in table.items():
        open("$work/exabgp." + family.split()[0], "w").write("".join(route + "\n" for route in sorted(routes)))
EOF
    : >"$work/exabgp.ipv4"
    : >"$work/exabgp.ipv6"
    cat >"$work/exabgp.conf" <<EOF
process watch {
    run /usr/bin/python3 $work/exabgp.py;
    encoder json;
}
neighbor 192.0.2.2 {
    router-id 192.0.2.1;
    local-address 192.0.2.1;
    local-as 65001;
    peer-as 65002;
    passive true;
    listen 179;
    capability { route-refresh enable; }
    family { ipv4 unicast; ipv6 unicast; }
    api { processes [ watch ]; neighbor-changes; receive { parsed; update; } }
    static {
        route 198.51.100.0/24 next-hop 192.0.2.1;
        route 203.0.113.0/24 next-hop 192.0.2.1;
        route 2001:db8:ffff::/48 next-hop 2001:db8::1;
    }
}
EOF
    chmod 644 "$work"/exabgp.*
    chmod 777 "$work"
    start env exabgp.daemon.user=root exabgp.tcp.bind=192.0.2.1 exabgp.tcp.port=179 exabgp.daemon.drop=false exabgp.api.cli=false exabgp.log.level=ERR exabgp "$work/exabgp.conf"
}
table_exabgp() { cat "$work/exabgp.$1"; }
more_exabgp() { :; }
