# bgp-codec's example route server between BIRD, GoBGP and FRR: outside of its AS, one with numbers of two octets and one of four, and
# inside of it, IPv4 and IPv6. Sourced by bgp.sh. BIRD stands in namespace d, GoBGP in e, FRR in f, the server in u.

cargo build --quiet --release --locked --manifest-path "$here/../Cargo.toml" -p bgp-codec --example route_server --features bytes
route_server="$here/../target/release/examples/route_server"

rs_node() { # NAME NUMBER
    mesh_node "$1" "$2"
    ip -n "$prefix-$1" addr add "2001:db8::$2/64" dev wire nodad
}
rs_start() { # NAME COMMAND …
    ip netns exec "$prefix-$1" "${@:2}" >"$work/$1.log" 2>&1 &
    pids+=($!)
    rs_last=$!
}
rs_bird() { # four|two
    cat >"$work/rs-bird.conf" <<EOF
router id 192.0.2.1;
protocol device {}
protocol static four { ipv4; route 198.18.1.0/24 blackhole; route 203.0.113.0/24 blackhole; }
protocol static six { ipv6; route 2001:db8:1::/48 blackhole; }
protocol bgp server {
    local 192.0.2.1 as 65001;
    neighbor 192.0.2.2 as 65010;
    connect retry time 1;
    error wait time 1, 4;
    $([ "$1" = four ] || echo "enable as4 off;")
    ipv4 { import all; export where source = RTS_STATIC; next hop self; };
    ipv6 { import all; export where source = RTS_STATIC; next hop address 2001:db8::1; };
}
EOF
    rs_start d bird -f -c "$work/rs-bird.conf" -s "$work/rs-bird.ctl"
}
rs_bird_says() { ip netns exec "$prefix-d" birdc -s "$work/rs-bird.ctl" "$@"; }
rs_gobgp() {
    cat >"$work/rs-gobgp.toml" <<EOF
[global.config]
  as = 4200000002
  router-id = "192.0.2.4"
[[neighbors]]
  [neighbors.config]
    neighbor-address = "192.0.2.2"
    peer-as = 65010
  [neighbors.timers.config]
    connect-retry = 1
    idle-hold-time-after-reset = 1
  [[neighbors.afi-safis]]
    [neighbors.afi-safis.config]
      afi-safi-name = "ipv4-unicast"
  [[neighbors.afi-safis]]
    [neighbors.afi-safis.config]
      afi-safi-name = "ipv6-unicast"
EOF
    rs_start e gobgpd -f "$work/rs-gobgp.toml" --api-hosts 127.0.0.1:50051
    for _ in $(seq 40); do rs_gobgp_says neighbor >/dev/null 2>&1 && break; sleep 0.25; done
    rs_gobgp_says global rib add 198.18.4.0/24 nexthop 192.0.2.4
    rs_gobgp_says global rib add -a ipv6 2001:db8:4::/48 nexthop 2001:db8::4
}
rs_gobgp_says() { ip netns exec "$prefix-e" gobgp "$@"; }
rs_frr() {
    mkdir -p "$work/rs-frr"
    chmod 777 "$work/rs-frr"
    cat >"$work/rs-frr.conf" <<EOF
router bgp 65010
 bgp router-id 192.0.2.5
 no bgp network import-check
 neighbor 192.0.2.2 remote-as internal
 neighbor 192.0.2.2 timers connect 1
 address-family ipv4 unicast
  network 198.18.5.0/24
  neighbor 192.0.2.2 soft-reconfiguration inbound
 exit-address-family
 address-family ipv6 unicast
  network 2001:db8:5::/48
  neighbor 192.0.2.2 activate
 exit-address-family
EOF
    rs_start f /usr/lib/frr/bgpd -f "$work/rs-frr.conf" -n -Z -S -p 179 -i "$work/rs-frr/pid" -z "$work/rs-frr/zapi" --vty_socket "$work/rs-frr"
}
rs_frr_says() { ip netns exec "$prefix-f" vtysh --vty_socket "$work/rs-frr" -c "$1" </dev/null; }

# What each holds, a route a line: prefix, next hop, path, and behind it communities or a preference where it tells them.
rs_bird_holds() { # FAMILY LINE …
    diff <(rs_bird_says show route protocol server table "master${1#ipv}" all | awk '
        /^[0-9a-f:.]+\/[0-9]+ / { prefix = $1 }
        /BGP.as_path:/ { path = $0; sub(/.*: ?/, "", path) }
        /BGP.next_hop:/ { print prefix, $2, path }' | sort) <(printf '%s\n' "${@:2}" | sort)
}
rs_gobgp_holds() { # FAMILY LINE …
    diff <(rs_gobgp_says neighbor 192.0.2.2 adj-in -a "$1" -j | python3 -c '
import json, sys
for prefix, paths in json.load(sys.stdin).items():
    for path in paths:
        of = {attribute["type"]: attribute for attribute in path["attrs"]}
        numbers = [str(number) for segment in of[2]["as_paths"] for number in segment["asns"]]
        hop = of[3]["nexthop"] if 3 in of else of[14]["nexthop"]
        marks = ["%d:%d" % (number >> 16, number & 0xffff) for number in of.get(8, {}).get("communities", [])]
        med = ["med %d" % of[4]["metric"]] if 4 in of else []
        # LOCAL_PREF, ORIGINATOR_ID and CLUSTER_LIST have nothing to do there.
        odd = ["odd %s" % kind for kind in sorted(set(of) & {5, 9, 10})]
        print(prefix, hop, " ".join(numbers + marks + med + odd))' | sort) <(printf '%s\n' "${@:2}" | sort)
}
rs_frr_holds() { # FAMILY LINE …
    diff <(rs_frr_says "show bgp $1 unicast json" | python3 -c '
import json, sys
for prefix, paths in json.load(sys.stdin)["routes"].items():
    if any(path.get("peerId") == "192.0.2.2" for path in paths): print(prefix)' | while read -r route; do
        rs_frr_says "show bgp $1 unicast $route json" | python3 -c '
import json, sys
entry = json.load(sys.stdin)
for path in entry["paths"]:
    marks = path.get("community", {}).get("string", "")
    print(entry["prefix"], path["nexthops"][0]["ip"], path["aspath"]["string"], "preference", path.get("locPrf"), marks)'
    done | sed "s/ *$//" | sort) <(printf '%s\n' "${@:2}" | sort)
}

rs_begin() { # PEERS …: the bridge, and the server with its commands through a pipe
    stop_all
    ip netns add "$prefix-u"
    ip -n "$prefix-u" link set lo up
    ip -n "$prefix-u" link add wire type bridge
    ip -n "$prefix-u" link set wire up
    ip -n "$prefix-u" addr add 192.0.2.2/24 dev wire
    ip -n "$prefix-u" addr add 2001:db8::2/64 dev wire nodad
    : >"$work/daemon.log"
    rm -f "$work/commands"
    mkfifo "$work/commands"
    exec 7<>"$work/commands"
    ip netns exec "$prefix-u" "$route_server" --as 65010 --identifier 192.0.2.2 --next-hop 2001:db8::2 --hold-time "${hold_time:-9}" "$@" \
        <"$work/commands" >"$work/speaker.log" 2>&1 7>&- &
    speaking=$!
    pids+=("$speaking")
}
rs_ended() { ! kill -0 "$speaking" 2>/dev/null && grep -qx ended "$work/speaker.log"; }

route_server() {
    rs_begin --peer 192.0.2.1,65001,two-octet,community=65010:1,deny=203.0.113.0/24 --peer 192.0.2.4,4200000002,prepend=2 --peer 192.0.2.5,65010
    rs_node d 1
    rs_node e 4
    rs_node f 5
    rs_bird two
    rs_gobgp
    local gobgp=$rs_last
    rs_frr
    for peer in "192.0.2.1: established External" "192.0.2.4: established External" "192.0.2.5: established Internal"; do
        check "route server: $peer" log_has "$peer"
    done
    # Outside with two octets: AS_TRANS and AS4_PATH, put together by BIRD; the server's own AS in front, and its next hop.
    check "route server: BIRD has the IPv4 routes of both others" rs_bird_holds ipv4 \
        "198.18.4.0/24 192.0.2.2 65010 4200000002" "198.18.5.0/24 192.0.2.2 65010"
    check "route server: BIRD has the IPv6 routes of both others" rs_bird_holds ipv6 \
        "2001:db8:4::/48 2001:db8::2 65010 4200000002" "2001:db8:5::/48 2001:db8::2 65010"
    # Outside with four, its AS twice in front; marked as BIRD's policy says, and without what it denies. FRR's MULTI_EXIT_DISC is the
    # AS's own, which its neighbours are told (RFC 4271 §5.1.4).
    check "route server: GoBGP has the IPv4 routes of both others" rs_gobgp_holds ipv4 \
        "198.18.1.0/24 192.0.2.2 65010 65010 65001 65010:1" "198.18.5.0/24 192.0.2.2 65010 65010 med 0"
    check "route server: GoBGP has the IPv6 routes of both others" rs_gobgp_holds ipv6 \
        "2001:db8:1::/48 2001:db8::2 65010 65010 65001 65010:1" "2001:db8:5::/48 2001:db8::2 65010 65010 med 0"
    # Inside: the path as it came, with a preference.
    check "route server: FRR has the IPv4 routes of both others" rs_frr_holds ipv4 \
        "198.18.1.0/24 192.0.2.2 65001 preference 100 65010:1" "198.18.4.0/24 192.0.2.2 4200000002 preference 100"
    check "route server: FRR has the IPv6 routes of both others" rs_frr_holds ipv6 \
        "2001:db8:1::/48 2001:db8::2 65001 preference 100 65010:1" "2001:db8:4::/48 2001:db8::2 4200000002 preference 100"
    say dump "$work/dump"
    rs_dump() { [ "$(wc -l <"$work/dump")" = 6 ]; }
    check "route server: its table has six paths" rs_dump
    # Sessions are held by KEEPALIVEs both ways, over the hold time.
    sleep 10
    TRIES=1 check "route server: the sessions are held" rs_bird_holds ipv4 \
        "198.18.4.0/24 192.0.2.2 65010 4200000002" "198.18.5.0/24 192.0.2.2 65010"
    rs_bird_says reload in server >/dev/null
    rs_frr_says "clear bgp ipv4 unicast 192.0.2.2 in" >/dev/null
    check "route server: BIRD asks for routes again, and has them" rs_bird_holds ipv4 \
        "198.18.4.0/24 192.0.2.2 65010 4200000002" "198.18.5.0/24 192.0.2.2 65010"
    rs_bird_says disable four >/dev/null
    rs_bird_says disable six >/dev/null
    check "route server: what BIRD withdraws GoBGP has no more" rs_gobgp_holds ipv4 "198.18.5.0/24 192.0.2.2 65010 65010 med 0"
    check "route server: and FRR, of IPv6 too" rs_frr_holds ipv6 "2001:db8:4::/48 2001:db8::2 4200000002 preference 100"
    kill "$gobgp"
    wait "$gobgp" 2>/dev/null || true
    check "route server: what GoBGP had is withdrawn when it ends" rs_bird_holds ipv4 "198.18.5.0/24 192.0.2.2 65010"
    say quit
    check "route server: it ends when all is told" rs_ended
    rs_bird_told() { rs_bird_says show protocols all server | grep -q "Received: Administrative shutdown"; }
    check "route server: BIRD was told why" rs_bird_told
    exec 7>&-

    # Transparent: neither its AS nor its next hop is seen (RFC 7947 §2.2).
    rs_begin --peer 192.0.2.1,65001,transparent --peer 192.0.2.4,4200000002,transparent
    rs_node d 1
    rs_node e 4
    rs_bird four
    rs_gobgp
    check "transparent: BIRD has GoBGP's route as it is" rs_bird_holds ipv4 "198.18.4.0/24 192.0.2.4 4200000002"
    check "transparent: of IPv6 too" rs_bird_holds ipv6 "2001:db8:4::/48 2001:db8::4 4200000002"
    check "transparent: GoBGP has BIRD's" rs_gobgp_holds ipv4 \
        "198.18.1.0/24 192.0.2.1 65001" "203.0.113.0/24 192.0.2.1 65001"
    say quit
    check "transparent: it ends when all is told" rs_ended
    exec 7>&-

    # Without a hold time no KEEPALIVEs come and nothing expires (RFC 4271 §4.2). GoBGP 3.10 gives up its own writes then.
    hold_time=0 rs_begin --peer 192.0.2.1,65001 --peer 192.0.2.5,65010
    rs_node d 1
    rs_node f 5
    rs_bird four
    rs_frr
    check "no hold time: BIRD has FRR's route" rs_bird_holds ipv4 "198.18.5.0/24 192.0.2.2 65010"
    sleep 10
    TRIES=1 check "no hold time: and has it still" rs_bird_holds ipv4 "198.18.5.0/24 192.0.2.2 65010"
    rs_up_once() { [ "$(grep -c established "$work/speaker.log")" = 2 ]; }
    TRIES=1 check "no hold time: neither session began twice" rs_up_once
    say quit
    check "no hold time: it ends when all is told" rs_ended
    exec 7>&-
}
