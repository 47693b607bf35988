# The labs of BGP: one function each, in which a fault is really made; those named healthy have none. What each must show is in
# testdata/doctor-bgp/expected.tsv. Sourced by doctor-bgp.sh.

labs="healthy healthy-md5 healthy-long healthy-ibgp mismatch mismatch-hold families md5 md5-passive md5-differ hold hold-stopped hold-quiet shutdown killed flap loop loop-sites next-hop next-hop-ipv6
malformed malformed-lengths"

# Both up, and what each announces at the other.
talk() {
    until_so is_up 1
    until_so has_route 1 198.51.100.0/24
    until_so frr_has 203.0.113.0/24
}
frr_has() { frrs "show bgp ipv4 unicast $1" | grep -q "192.0.2.1"; }

# Routes both ways, traffic by one of them, and KEEPALIVEs; the captures end while it is up.
lab_healthy() {
    nodes 2
    ip -n "$prefix-2" addr add 198.51.100.1/32 dev lo
    dump 1 2; bird 1; frr; talk
    ns 1 ping -q -c 3 -i 0.2 -W 1 198.51.100.1
    sleep 5
}
lab_healthy_md5() {
    local bird_options='password "secret";' frr_options=("password secret")
    nodes 2; dump 1 2; bird 1; frr; talk
}
# Longer than the hold time.
lab_healthy_long() {
    local bird_hold=3 frr_hold=3
    nodes 2; dump 1 2; bird 1; frr; talk
    sleep 9
}
# One AS (RFC 4271 §9.2: what came by such a session goes out by none).
lab_healthy_ibgp() {
    local bird_neighbor="192.0.2.2 as 65001" frr_as=65001
    nodes 2; dump 1 2; bird 1; frr; talk
    sleep 2
}

lab_mismatch() {
    local frr_expects=65009
    nodes 2; dump 1 2; bird 1; frr
    sleep 5
}
# RFC 4271 §4.2: a hold time of 1 or 2 seconds must be rejected.
lab_mismatch_hold() {
    local bird_options="passive on;"
    nodes 2; dump 1 2; bird 1
    speaker 2 2
    sleep 2
}
# One exchanges IPv4's routes alone, the other IPv6's.
lab_families() {
    local bird_ipv6=no frr_ipv4=no
    nodes 2; dump 1 2; bird 1; frr
    sleep 4
}
lab_md5() {
    local bird_options='password "secret";'
    nodes 2; dump 1 2; bird 1; frr
    sleep 9
}
# Only who signs asks.
lab_md5_passive() {
    local bird_options='password "secret"; connect retry time 120;' frr_options=(passive)
    nodes 2; dump 1 2; frr; bird 1
    sleep 9
}

# Both ask, each by its own password.
lab_md5_differ() {
    local bird_options='password "secret";' frr_options=("password other")
    nodes 2; dump 1 2; bird 1; frr
    sleep 9
}

# Whatever either sends is lost.
lab_hold() {
    local bird_hold=3 frr_hold=3
    nodes 2; dump 1 2; bird 1; frr; talk
    on_the_way ip protocol tcp drop
    # BIRD gives ten seconds more where its socket still has something to read.
    until_so is_down 1
    sleep 2
}
# One is there and does nothing.
lab_hold_stopped() {
    local bird_hold=3 frr_hold=3
    nodes 2; dump 1 2; bird 1; frr; talk
    kill -STOP "$frr_pid"
    sleep 5
    kill -CONT "$frr_pid"
}
# The other does not mind.
lab_hold_quiet() {
    local bird_hold=3 bird_options="passive on;"
    nodes 2; dump 1 2; bird 1
    local bird_pid=${pids[-1]}
    speaker 2 3
    until_so is_up 1
    kill -STOP "$bird_pid"
    sleep 7
    kill -CONT "$bird_pid"
}
# RFC 9003.
lab_shutdown() {
    nodes 2; dump 1 2; bird 1; frr; talk
    birds 1 disable peer '"a new switch: back at nine"'
    sleep 1
}
# The kernel closes what a daemon had open that is there no more.
lab_killed() {
    nodes 2; dump 1 2; bird 1; frr; talk
    kill -9 "${pids[-1]}"
    sleep 1
}
lab_flap() {
    nodes 2; dump 1 2; bird 1; frr; talk
    for _ in 1 2 3 4; do
        birds 1 disable four
        sleep 0.4
        birds 1 enable four
        sleep 0.4
    done
}
# The path has the AS of the one who is told of it.
lab_loop() {
    local bird_export="bgp_path.prepend(65002); accept;"
    nodes 2; dump 1 2; bird 1; frr
    until_so is_up 1
    sleep 3
}
# Two sites of one AS, with a provider between: neither takes the other's routes.
lab_loop_sites() {
    local bird_more="protocol bgp site from one { neighbor 192.0.2.3 as 65002; }"
    nodes 3; dump 1 2; bird 1; frr
    local bird_as=65002 bird_neighbor="192.0.2.1 as 65001" bird_route=192.88.99.0/24 bird_more=""
    bird 3
    talk
    until_so is_up 1 site
    sleep 3
}
# Nobody has the next hop; traffic for the route asks for it.
lab_next_hop() {
    local frr_next_hop=192.0.2.77
    nodes 2; dump 1 2; bird 1; frr; talk
    ns 1 ping -q -c 4 -i 1 -W 1 198.51.100.1 || true
}
lab_next_hop_ipv6() {
    local frr_next_hop6=2001:db8::77
    nodes 2; dump 1 2; bird 1; frr; talk
    until_so has_route 1 2001:db8:f002::/48
    ns 1 ping -q -c 4 -i 1 -W 1 2001:db8:f002::1 || true
}
# RFC 7606 §7.1: an ORIGIN of two bytes, beside a good path and next hop, for 198.51.100.0/24.
lab_malformed() {
    local bird_options="passive on;"
    nodes 2; dump 1 2; bird 1
    speaker 2 9 00000015400102000040020602010000fdea400304c000020218c63364
    until_so is_up 1
    sleep 3
}
# RFC 7606 §3 b: attributes that are longer than their message.
lab_malformed_lengths() {
    local bird_options="passive on;"
    nodes 2; dump 1 2; bird 1
    speaker 2 9 000000634001010040020602010000fdea400304c000020218c63364
    sleep 3
}
