# Fragments of a real kernel, outer and inner, put together by packet-dissect and by tshark: two nodes with vxlan devices; over
# IPv4 their MTU is larger than the wire's, so that what pods send in fragments is fragmented once more. RECORD=testdata keeps the captures. Sourced by
# interop/run.

. "$here/lib/dissect.sh"

nodes() { # FAMILY
    local family=$1 number=1 node
    cleanup
    ip netns add "$prefix-a"
    ip netns add "$prefix-b"
    ip -n "$prefix-a" link add wire type veth peer name wire netns "$prefix-b"
    for node in a b; do
        local other=$((3 - number)) ours=192.0.2.$number theirs=192.0.2.$((3 - number)) length=24 mtu=3000
        # Linux does not fragment what a vxlan device sends over IPv6.
        [ "$family" = 6 ] && ours=2001:db8::$number theirs=2001:db8::$other length=64 mtu=1430
        ip -n "$prefix-$node" link set lo up
        ip -n "$prefix-$node" link set wire address "02:00:00:00:00:0$number" up
        ip -n "$prefix-$node" addr add "$ours/$length" dev wire $([ "$family" = 6 ] && echo nodad)
        ns "$node" ethtool -K wire tx off tso off gso off gro off >/dev/null 2>&1 || true
        ip -n "$prefix-$node" link add name vxlan type vxlan id 7 local "$ours" remote "$theirs" dstport 8472 udpcsum
        ip -n "$prefix-$node" link set vxlan address "0a:00:00:00:00:0$number" mtu "$mtu" up
        ip -n "$prefix-$node" addr add "10.244.0.$number/24" dev vxlan
        ip -n "$prefix-$node" addr add "fd00:10:244::$number/64" dev vxlan nodad
        # Else Linux learns from the first packet that smaller ones are better.
        ip -n "$prefix-$node" route replace 10.244.0.0/24 dev vxlan mtu lock "$mtu"
        number=$((number + 1))
    done
    # What interfaces send that come up is no matter here.
    sleep 2
}
pings() { # one whole, one in outer fragments, one in inner fragments that are outer ones' too; over both families
    ns a ping -q -c 1 -W 5 10.244.0.2 && ns a ping -q -c 1 -W 5 -s 2000 10.244.0.2 && ns a ping -q -c 2 -i 0.2 -W 5 -s 5000 10.244.0.2 &&
        ns a ping -q -c 1 -W 5 -s 2000 fd00:10:244::2 && ns a ping -q -c 2 -i 0.2 -W 5 -s 5000 fd00:10:244::2 &&
        { [ "$1" = 4 ] || ns a ping -q -c 1 -W 5 -s 3000 2001:db8::2; }
}
fields="frame.number ip.src ipv6.src vxlan.vni ip.fragment.count ip.reassembled.length ipv6.fragment.count ipv6.reassembled.length icmp.type icmp.seq icmpv6.type icmpv6.echo.sequence_number"
named() { printf -- '-e %s ' $fields; }

# The same frames and fields; but of what a first fragment carries tshark shows nothing, and ours the header.
same() {
    python3 - "$work/theirs" "$work/ours" <<'PY'
import sys
theirs, ours = ([line.rstrip("\n").split("\t") for line in open(path)] for path in sys.argv[1:])
assert len(theirs) == len(ours) > 0, (len(theirs), len(ours))
for their, our in zip(theirs, ours):
    assert their[:8] == our[:8], (their, our)
    assert their[8:] == our[8:] or not any(their[8:]), (their, our)
PY
}

for family in 4 6; do
    capture=fragments-ipv$family
    nodes "$family"
    dump_begin a wire "$work/$capture.pcap" ip or ip6
    check "pings over IPv$family" pings "$family"
    dump_end
    # tshark opens no fragment but the one that makes its packet whole: those are compared.
    tshark -n -r "$work/$capture.pcap" -d udp.port==8472,vxlan -Y 'ip.fragment.count or ipv6.fragment.count' \
        -T fields $(named) 2>/dev/null >"$work/theirs"
    "$program" -Y 'ip.fragment.count || ipv6.fragment.count' -T fields $(named) "$work/$capture.pcap" >"$work/ours"
    check "those that tshark makes whole" same
    inner() { awk -F'\t' '$9 ~ /[08]/ || $11 ~ /12[89]/' "$work/theirs" | wc -l; }
    # Of six pings each way, and one between the nodes over IPv6.
    check "pings are seen to the bottom" test "$(inner)" = $((family == 6 ? 14 : 12))
    # The last fragment makes its outer packet whole, and that the inner one.
    [ "$family" = 6 ] || check "one within the other" grep -qE $'\t2,2\t' "$work/ours"
    check "nothing is missing" refuse grep . <("$program" "$work/$capture.pcap" 2>&1 >/dev/null)
    "$program" -o ip.defragment:false -Y 'ip.fragment.count || ipv6.fragment.count' "$work/$capture.pcap" >"$work/off"
    check "and with reassembly off nothing is whole" refuse grep -q . "$work/off"
    if [ -n "${RECORD:-}" ]; then
        cp "$work/$capture.pcap" "$RECORD/$capture.pcap"
        sh "$here/lib/fields.sh" "$RECORD/$capture.pcap" >"$RECORD/$capture.pcap.tsv"
        (printf '%s\n' $fields | paste -sd '\t' && cat "$work/theirs") >"$RECORD/$capture.pcap.wholes.tsv"
    fi
done
finish
