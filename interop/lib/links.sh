# Link layers and carriers beside Ethernet: what Linux's netfilter logs and its router's redirects over IPv6, recorded; and frames built
# after the formats' own definitions. packet-dissect reads each frame as tshark does. RECORD=testdata keeps the captures. Sourced by
# interop/run.

. "$here/lib/dissect.sh"
command -v nft >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nftables >/dev/null

# What netfilter logs, of both families.
ip netns add "$prefix-log"
ip -n "$prefix-log" link set lo up
ns log nft add table inet t
ns log nft add chain inet t o '{ type filter hook output priority 0; }'
ns log nft add rule inet t o icmp type echo-request log prefix '"ping "' group 30
ns log nft add rule inet t o icmpv6 type echo-request log prefix '"ping6 "' group 30
dump_begin log nflog:30 "$work/nflog.pcap"
check "pings that are logged" ns log sh -c "ping -q -c 2 -i 0.2 127.0.0.1 && ping -q -c 2 -i 0.2 ::1"
# The kernel gathers what it logs for a second.
sleep 1.5
dump_end
check "four packets were logged" test "$("$program" "$work/nflog.pcap" -Y 'nflog.res_id == 30 && (icmp.type == 8 || icmpv6.type == 128)' | wc -l)" = 4

# A host that sends to its router what another one on the wire would take: the router tells it so.
for name in host router next; do ip netns add "$prefix-$name"; ip -n "$prefix-$name" link set lo up; done
ip netns add "$prefix-wire"
ip -n "$prefix-wire" link add name br0 type bridge
ip -n "$prefix-wire" link set br0 up
number=1
for name in host router next; do
    ip -n "$prefix-$name" link add eth0 type veth peer name "$name" netns "$prefix-wire"
    ip -n "$prefix-wire" link set "$name" master br0 up
    ip -n "$prefix-$name" link set eth0 address "02:00:00:00:00:0$number" up
    ip -n "$prefix-$name" addr add "2001:db8::$number/64" dev eth0 nodad
    number=$((number + 1))
done
ns router sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv6.conf.all.send_redirects=1 2>/dev/null || ns router sysctl -qw net.ipv6.conf.all.forwarding=1
ip -n "$prefix-next" addr add 2001:db8:9::1/128 dev lo
# A redirect names its target by a link-local address (RFC 4861 §4.5).
ip -n "$prefix-router" route add 2001:db8:9::/64 via fe80::ff:fe00:3 dev eth0
ip -n "$prefix-next" route add default via 2001:db8::2
ip -n "$prefix-host" route add default via 2001:db8::2
sleep 2
dump_begin host eth0 "$work/nd-redirect.pcap" icmp6
check "a ping by way of the router" ns host ping -q -c 2 -i 0.3 -W 5 2001:db8:9::1
dump_end
check "a redirect quotes the ping" test "$("$program" "$work/nd-redirect.pcap" -T fields -e icmpv6.type | grep -c '^137,128')" -ge 1

/usr/bin/python3 "$here/lib/links.py" "$work"
same() { # FILE: every frame, as the decode beside it has it
    python3 - "$program" "$1" <<'PY'
import subprocess, sys
program, path = sys.argv[1:]
names = """frame.number frame.len eth.src eth.dst eth.type vlan.id arp.opcode ip.src ip.dst ip.proto ip.ttl ip.len ip.frag_offset
    ip.checksum.status ipv6.src ipv6.dst ipv6.nxt ipv6.hlim ipv6.plen udp.srcport udp.dstport udp.length tcp.srcport tcp.dstport
    tcp.seq_raw tcp.flags icmp.type icmp.code icmpv6.type icmpv6.code gre.proto mpls.label vxlan.vni vxlan.flags geneve.vni bgp.type
    bgp.length""".split()
arguments = [word for name in names for word in ("-e", name)]
ours = subprocess.run([program, path, "-T", "fields", *arguments], capture_output=True, text=True, check=True).stdout
theirs = open(path + ".tsv").read()
assert ours and ours == theirs, (ours, theirs)
PY
}
for path in "$work"/*.pcap; do
    name=$(basename "$path")
    sh "$here/lib/fields.sh" "$path" >"$path.tsv" 2>"$work/tshark"
    check "$name is read as tshark reads it" same "$path"
    check "$name is built again" grep -qE "^[1-9][0-9]* packets, [1-9]" <("$program" --verify "$path")
    [ -z "${RECORD:-}" ] || cp "$path" "$path.tsv" "$RECORD/"
done
finish
