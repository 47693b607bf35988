# Capturing as it happens: a counted flow of small packets over a wire between two namespaces, captured on one and on both of its ends, beside
# tcpdump; files that go on in further ones; and what is said when there is nothing to capture on, or no longer. Sourced by interop/run.
#
# The flow is RATE packets of 128 bytes a second for SECONDS, 200 000 and 5 unless told otherwise; a machine on which tcpdump loses some of that
# is asked for half as much, and for half of that, until tcpdump keeps up.

. "$here/lib/dissect.sh"
rate=${RATE:-200000}
seconds=${SECONDS_OF_FLOW:-5}

ip netns add "$prefix-a"
ip netns add "$prefix-b"
ip -n "$prefix-a" link add wire type veth peer name wire netns "$prefix-b"
number=1
for space in a b; do
    ip -n "$prefix-$space" link set lo up
    ip -n "$prefix-$space" link set wire address "02:00:00:00:00:0$number" up
    ip -n "$prefix-$space" addr add "192.0.2.$number/24" dev wire
    number=2
done
# Nothing but the flow needs an answer.
ip -n "$prefix-a" neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev wire
ns b ethtool -K wire gro off >/dev/null 2>&1 || true

sender="$work/sender"
cc -O2 -o "$sender" "$here/lib/sender.c"
send() { ns a "$sender" 192.0.2.2 "$@"; } # RATE COUNT: prints how many a second it were

# PROGRAM … in a namespace, until it listens; what it says goes to $work/NAME.
declare -A captures=()
begin() { # NAME NAMESPACE PROGRAM …
    local name=$1
    ip netns exec "$prefix-$2" "${@:3}" >"$work/$name.out" 2>"$work/$name" &
    captures[$name]=$!
    pids+=($!)
    for _ in $(seq 50); do grep -qsE 'listening|capturing' "$work/$name" && return; sleep 0.1; done
    cat "$work/$name"
    return 1
}
end() { # NAME [SIGNAL]: its exit status
    local pid=${captures[$1]} left=() other status=0
    kill "-${2:-INT}" "$pid" 2>/dev/null || true
    wait "$pid" || status=$?
    for other in "${pids[@]}"; do [ "$other" = "$pid" ] || left+=("$other"); done
    pids=("${left[@]}")
    return "$status"
}

# The numbers that the flow's packets carry, all of them once, from 0: by tcpdump's reading of the files, not by ours.
all_there() { # COUNT FILE …
    local count=$1 file
    shift
    for file in "$@"; do tcpdump -n -r "$file" -w - 'udp dst port 9999' 2>/dev/null | python3 "$here/lib/flow_numbers.py"; done |
        sort -n | uniq | awk -v count="$count" '$1 != n { print "number " n " is not there"; exit 1 } { n++ } END { if (n != count) { print n " of " count; exit 1 } }'
}
told() { # NAME PATTERN
    grep -Eq "$2" "$work/$1" || { cat "$work/$1"; return 1; }
}

# What this machine can do: tcpdump alone.
while :; do
    count=$((rate * seconds))
    begin probe b tcpdump -n -i wire -s 0 -B 65536 -w "$work/probe.pcap" 'udp port 9999'
    send "$rate" "$count" >"$work/rate"
    sleep 1
    end probe || true
    if grep -q '^0 packets dropped by kernel' "$work/probe" || [ "$rate" -le 10000 ]; then break; fi
    rate=$((rate / 2))
done
measured=$(cat "$work/rate")
check "tcpdump alone has all $count packets" all_there "$count" "$work/probe.pcap"

# The same of ours alone.
alone() {
    begin alone b "$program" -i wire -f 'udp port 9999' -w "$work/alone.pcapng" || return
    send "$rate" "$count" >"$work/rate"
    sleep 1
    end alone
}
check "ours alone captured" alone
check "ours alone has all $count packets" all_there "$count" "$work/alone.pcapng"
check "and says so" told alone "^$count packets captured, 0 dropped by the kernel$"
rm -f "$work/probe.pcap" "$work/alone.pcapng"
ours=$(cat "$work/rate")

# Both ends at once.
flow() {
    rm -f "$work"/*.pcapng
    begin first a "$program" -i wire -f 'udp port 9999' -w "$work/first.pcapng" || return
    begin second b "$program" -i wire -f 'udp port 9999' -w "$work/second.pcapng" || return
    send "$rate" "$count" >"$work/rate"
    sleep 1
    end first && end second
}
check "both ends captured, and ended by SIGINT" flow
check "all $count packets at the first end" all_there "$count" "$work/first.pcapng"
check "all $count packets at the second end" all_there "$count" "$work/second.pcapng"
check "the first end's totals" told first "^$count packets captured, 0 dropped by the kernel$"
check "the second end's totals" told second "^$count packets captured, 0 dropped by the kernel$"
check "tshark reads times and the interface's name" test "$(tshark -n -r "$work/second.pcapng" -c 1 -T fields -e frame.interface_name -e frame.len 2>/dev/null)" = "$(printf 'wire\t128')"
echo "$count packets of 128 bytes, $measured a second with tcpdump alone, $ours with ours alone, $(cat "$work/rate") with ours at both ends"

rotation() {
    rm -f "$work"/turn*.pcapng
    begin turn b "$program" -i wire -f 'udp port 9999' -w "$work/turn.pcapng" -b filesize:$((count / 50)) || return
    send "$rate" "$count" >/dev/null
    sleep 1
    end turn
}
check "files that go on in further ones" rotation
check "there are several" test "$(find "$work" -name 'turn_0*.pcapng' | wc -l)" -gt 2
check "none is lost between them" all_there "$count" "$work"/turn_0*.pcapng
ring() {
    begin ring b "$program" -i wire -f 'udp port 9999' -w "$work/ring.pcapng" -b packets:1000 -b files:3 || return
    send 20000 10000 >/dev/null
    sleep 0.5
    end ring
}
check "the last files are kept" ring
check "three of them" test "$(find "$work" -name 'ring_0*.pcapng' | wc -l)" = 3

# Nothing comes, and it goes on all the same: a file a second, and an end.
idle() {
    local began
    began=$(date +%s%N)
    ns b timeout -s INT 10 "$program" -i wire -f 'udp port 9' "$@" 2>"$work/idle" || return
    idle_for=$((($(date +%s%N) - began) / 1000000))
}
check "files of a second on an idle link" idle -w "$work/idle.pcapng" -b duration:1 -a files:3
check "three of them, in three seconds ($idle_for ms)" test "$(find "$work" -name 'idle_0000[123]_*.pcapng' | wc -l)" = 3 -a "$idle_for" -ge 3000 -a "$idle_for" -lt 3500
check "a capture of a second on an idle link" idle -w "$work/idle.pcapng" -a duration:1
check "takes a second ($idle_for ms)" test "$idle_for" -ge 1000 -a "$idle_for" -lt 1500

lines() {
    begin lines b "$program" -i wire -f 'udp port 9999' || return
    send 1000 500 >/dev/null
    sleep 0.5
    end lines TERM
}
check "lines, ended by SIGTERM" lines
check "no line is lost" test "$(grep -c 'UDP .* > 9999' "$work/lines.out")" = 500
check "and the totals are told" told lines '^500 packets captured, 0 dropped by the kernel$'

check "a filter of the kernel's keeps the rest out" bash -c "
    ip netns exec $prefix-b timeout -s INT 10 $program -i wire -f 'icmp' -c 2 -w $work/icmp.pcapng 2>$work/icmp & sleep 0.7
    ip netns exec $prefix-a $sender 192.0.2.2 10000 2000 >/dev/null
    ip netns exec $prefix-a ping -q -c 2 -i 0.2 192.0.2.2 >/dev/null; wait \$!
    grep -q '^2 packets captured' $work/icmp"
# A tagged frame as it is: the kernel at the other end takes the tag off before it hands out what came.
tagged='import socket
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW); s.bind(("wire", 0))
s.send(bytes.fromhex("ffffffffffff 020000000001 8100 602a 0806 0001 0800 06 04 0001 020000000001 c6336401 000000000000 c6336402" + "00" * 14))'
check "tags that the kernel took off are put back" bash -c "
    ip netns exec $prefix-b timeout -s INT 10 $program -i wire -f 'vlan 42 and arp' -c 1 -w $work/tag.pcapng 2>/dev/null & sleep 0.7
    ip netns exec $prefix-a python3 -c '$tagged'; wait \$!
    [ \"\$(tshark -r $work/tag.pcapng -T fields -e vlan.id -e arp.dst.proto_ipv4 -e frame.len 2>/dev/null)\" = \"\$(printf '42\t198.51.100.2\t60')\" ]"
check "any names the interface" bash -c "
    ip netns exec $prefix-b timeout -s INT 10 $program -i any -f 'udp port 9999' -c 5 -w $work/any.pcapng 2>/dev/null & sleep 0.7
    ip netns exec $prefix-a $sender 192.0.2.2 1000 5 >/dev/null; wait \$!
    [ \"\$(tshark -r $work/any.pcapng -T fields -e sll.pkttype 2>/dev/null | sort -u)\" = 0 ]"
check "two interfaces at once" bash -c "
    ip netns exec $prefix-b timeout -s INT 10 $program -i wire,lo -f 'icmp' -c 4 -w $work/two.pcapng 2>/dev/null & sleep 0.7
    ip netns exec $prefix-a ping -q -c 1 192.0.2.2 >/dev/null; ip netns exec $prefix-b ping -q -c 1 127.0.0.1 >/dev/null; wait \$!
    [ \"\$(tshark -r $work/two.pcapng -T fields -e frame.interface_name 2>/dev/null | sort | uniq -c | tr -s ' \n' ' ')\" = ' 2 lo 2 wire ' ]"
check "--netns goes there" bash -c "
    timeout -s INT 10 $program --netns $prefix-b -i wire -f 'udp port 9999' -c 3 2>$work/netns >/dev/null & sleep 0.7
    ip netns exec $prefix-a $sender 192.0.2.2 1000 3 >/dev/null; wait \$!
    grep -q '^3 packets captured' $work/netns && $program --netns $prefix-b -D | grep -q '\. wire  up'"

# -f over files selects what tcpdump does.
selects() { # FILTER FILE
    tcpdump -r "$2" -w "$work/theirs.pcap" "$1" 2>"$work/said" || { grep -Eq 'rejects all|no VLAN support' "$work/said" && return; cat "$work/said"; return 1; }
    "$program" -f "$1" -w "$work/ours.pcapng" "$2" || return
    cmp <(tcpdump -n -x -r "$work/theirs.pcap" 2>/dev/null) <(tcpdump -n -x -r "$work/ours.pcapng" 2>/dev/null)
}
while IFS= read -r filter; do
    for file in flannel-vxlan bgp-frr multicast vxlan-ipv6-underlay gtp-u-linux ip-in-ip fragments-ipv6 ipsec; do
        check "-f '$filter' of $file" selects "$filter" "$root/testdata/$file.pcap"
    done
done <<'FILTERS'
tcp
udp
icmp
ip
ip6
arp
host 10.244.1.2
host 192.0.2.1 and udp port 8472
src host 192.0.2.1
dst net 192.0.2.0/24
not udp
udp port 8472 or tcp port 179
tcp portrange 100-200
port 179
src port 179
ip proto 4
proto gre
icmp6
net 192.0
not (tcp or icmp) and ip
vlan
vlan and ip
vlan 5
vlan and icmp or vlan
less 100
greater 1000
ip multicast
ip6 multicast
ip6 host fe80::1
ip6 net 2001:db8::/32
host 192.0.2.1 or 192.0.2.2
src or dst host 192.0.2.1
src and dst net 192.0.2.0/24
port (179 or 8472)
esp
ip6 proto 17
udp and not port 8472 or arp
igmp
dst host 192.0.2.2 and (icmp or udp)
ether proto 0x86dd
net 192.0.2.0 mask 255.255.255.0
FILTERS

# What is said when it cannot be.
says() { # STATUS PATTERN COMMAND …
    local status=0
    "${@:3}" >"$work/said" 2>&1 || status=$?
    [ "$status" = "$1" ] && grep -Eq "$2" "$work/said" || { echo "status $status"; cat "$work/said"; return 1; }
}
check "an interface that is missing" says 1 'nosuch: there is no such interface; there are .*wire' ns b "$program" -i nosuch
check "no permission" says 1 'wire: no permission to capture' \
    ns b setpriv --reuid 65534 --clear-groups --bounding-set=-all --inh-caps=-all "$program" -i wire
check "a filter that is none points at the place" says 2 '^ *\^$' ns b "$program" -i wire -f 'udp port 8472 and tcp[13] = 2'
gone() {
    local status=0
    ip -n "$prefix-a" link add gone type veth peer name other
    ip -n "$prefix-a" link set gone up
    ip -n "$prefix-a" link set other up
    begin gone a "$program" -i gone -w "$work/gone.pcapng" || return
    ip -n "$prefix-a" link del gone
    for _ in $(seq 30); do kill -0 "${captures[gone]}" 2>/dev/null || break; sleep 0.1; done
    end gone || status=$?
    [ "$status" = 1 ]
}
check "an interface that vanishes ends the capture with status 1" gone
check "and that is said" told gone 'gone: the interface is gone'
check "with the totals" told gone 'packets? captured, 0 dropped by the kernel'
# The doctor watches: a connection that is refused is told while it is so, and that it is so no more when a window has none.
refused() {
    ns a python3 -c 'import socket
try: socket.create_connection(("192.0.2.2", 9), 2)
except ConnectionRefusedError: pass'
}
watched() {
    local status=0
    begin watch a "$program" diagnose -i wire --window 4 -a duration:11 -T json || return
    sleep 1
    refused
    sleep 0.5
    grep -q '"code":"refused".*"state":"found"' "$work/watch.out" || { cat "$work/watch.out"; return 1; }
    ! grep -q '"state":"gone"' "$work/watch.out" || return 1
    wait "${captures[watch]}" || status=$?
    [ "$status" = 3 ] && [ "$(wc -l <"$work/watch.out")" = 2 ] && grep -q '"code":"refused".*"state":"gone"' "$work/watch.out"
}
check "diagnose -i says what arises, and what goes" watched
finish
