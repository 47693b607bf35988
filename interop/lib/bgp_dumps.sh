# What daemons dump in MRT and tell a station of BMP, read and written back: the same bytes. And what ours writes, in others' hands. Sourced
# by bgp.sh.

# A file is there, whole records are in it, and what ours writes of them is it. Daemons write on: a copy is looked at.
same() { # FILE
    cp "$1" "$work/theirs" || return 1
    [ -s "$work/theirs" ] && "$dumps" copy "$work/theirs" "$work/copy" && cmp "$work/theirs" "$work/copy"
}
# The prefixes of IPv4 in a file are ours, and the daemon's own if it dumps those.
dump_has() { # FILE COUNT
    cp "$1" "$work/theirs" || return 1
    diff <("$dumps" list "$work/theirs" | sed 's/^.*: //' | awk '/^10\./ { print $1 }' | sort -u) <(routes ipv4 "$2" | sort -u) >"$work/diff" ||
        { head -4 "$work/diff"; return 1; }
}
# A station in the daemon's namespace: what comes to port 11019, as it comes.
station() { # FILE
    ip netns exec "$prefix-d" python3 - "$1" <<'PY' &
import socket, sys
listener = socket.create_server(("127.0.0.1", 11019))
connection, _ = listener.accept()
with open(sys.argv[1], "wb", buffering=0) as file:
    while chunk := connection.recv(65536):
        file.write(chunk)
PY
    pids+=($!)
}

# How many routes: 200; three for what is recorded.
count=${RECORD:+3}
count=${count:-200}

dumps_of() { # DAEMON FILE …: a session with routes of IPv4, and the files that the daemon writes meanwhile
    local daemon=$1 file
    shift
    "start_$daemon" plain
    speak --as 65002 --families ipv6
    check "$daemon: established, and it dumps" log_has established
    say announce ipv4 "$count"
    say announce ipv6 2
    say withdraw ipv6 1
    for file in "$@"; do
        has_and_same "$daemon" "$file"
    done
}

has_and_same() { # DAEMON FILE
    TRIES=${tries:-40} check "$1: ${2##*/} has our $count routes" dump_has "$2" "$count"
    check "$1: ${2##*/} is written back equal" same "$2"
    [ -z "${RECORD:-}" ] || cp "$2" "$RECORD/bgp-${2##*/}" || true
}

dumps_bird() {
    more_conf="mrtdump \"$work/bird-messages.mrt\"; mrtdump protocols { messages, states };
protocol mrt { table \"master4\"; filename \"$work/bird-table.mrt\"; period 2; }"
    dumps_of bird "$work/bird-messages.mrt" "$work/bird-table.mrt"
}

dumps_frr() {
    mkdir -p "$work/frr"
    chmod 777 "$work/frr"
    frr_module=bmp
    more_conf=" bmp targets station
  bmp connect 127.0.0.1 port 11019 min-retry 100 max-retry 500
  bmp monitor ipv4 unicast pre-policy
  bmp monitor ipv4 unicast post-policy
  bmp monitor ipv6 unicast post-policy
  bmp stats interval 1000
  bmp mirror
 exit
!
dump bgp updates-et $work/frr/frr-updates.mrt
dump bgp routes-mrt $work/frr/frr-table.mrt 2"
    station "$work/frr-station.bmp"
    dumps_of frr "$work/frr/frr-updates.mrt" "$work/frr/frr-table.mrt" "$work/frr-station.bmp"
}

dumps_gobgp() {
    # The name of a file of messages is a pattern of times to GoBGP, in which the digits of a folder mean something: it has none.
    cd "$work"
    more_conf="[[mrt-dump]]
  [mrt-dump.config]
    dump-type = \"updates\"
    file-name = \"gobgp-updates.mrt\"
[[mrt-dump]]
  [mrt-dump.config]
    dump-type = \"table\"
    file-name = \"$work/gobgp-table.mrt\"
    dump-interval = 60
[[bmp-servers]]
  [bmp-servers.config]
    address = \"127.0.0.1\"
    port = 11019
    route-monitoring-policy = \"all\"
    statistics-timeout = 15"
    station "$work/gobgp-station.bmp"
    dumps_of gobgp "$work/gobgp-station.bmp"
    # Once a minute it dumps its table, and begins another file of messages.
    tries=160 has_and_same gobgp "$work/gobgp-table.mrt"
    tries=160 has_and_same gobgp "$work/gobgp-updates.mrt"
    cd "$here"
    hush
    # What ours writes it takes in. Of MP_REACH_NLRI it wants the whole: with the next hop alone (RFC 6396 §4.3.4) it takes no route of IPv6.
    "$dumps" whole-table "$work/table.mrt" 1000
    # Its client ends before all that is in its queue is sent: what is last is given once more.
    cat "$work/table.mrt" "$work/table.mrt" >"$work/twice.mrt"
    gobgp_says mrt inject --queue-size 1 global "$work/twice.mrt"
    check "gobgp: it injects our table, and has equal routes" injected
}
# What GoBGP's table has of ours is what we wrote: prefix, next hop, path.
injected() {
    for family in ipv4 ipv6; do gobgp_says global rib -a "$family" -j; done | python3 -c '
import json, sys
text, at, decoder = sys.stdin.read(), 0, json.JSONDecoder()
while at < len(text.rstrip()):
    table, at = decoder.raw_decode(text, at)
    while at < len(text) and text[at].isspace(): at += 1
    for prefix, paths in table.items():
        for path in paths:
            attributes = {one["type"]: one for one in path["attrs"]}
            hop = attributes[3]["nexthop"] if 3 in attributes else attributes[14]["nexthop"]
            numbers = [str(asn) for segment in attributes.get(2, {}).get("as_paths", []) for asn in segment["asns"]]
            print(prefix, hop, " ".join(numbers))' | grep -E ' (65001|4200000001) 645' | sort >"$work/injected"
    diff "$work/injected" <("$dumps" list "$work/table.mrt" | sort) >"$work/diff" || { head -4 "$work/diff"; return 1; }
}

dumps_openbgpd() {
    more_conf="dump table-v2 \"$work/openbgpd-table-v2.mrt\" 2
dump table-mp \"$work/openbgpd-table-mp.mrt\" 2
dump all in \"$work/openbgpd-all-in.mrt\"
dump all out \"$work/openbgpd-all-out.mrt\""
    dumps_of openbgpd "$work/openbgpd-table-v2.mrt" "$work/openbgpd-all-in.mrt"
    # A route a message, of the local system too; and what it sends, of which none is ours.
    local file
    for file in openbgpd-table-mp.mrt openbgpd-all-out.mrt; do
        check "openbgpd: $file is written back equal" same "$work/$file"
        [ -z "${RECORD:-}" ] || cp "$work/theirs" "$RECORD/bgp-$file"
    done
}

# What ours writes, as mrtparse, bgpkit-parser and OpenBGPD's own reader have it.
read_by_others() {
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet mrtparse==2.2.0 pybgpkit-parser==0.18.0
    local kind reader
    for kind in table old-table session; do
        "$dumps" "$kind" "$work/ours.mrt" 1000
        for reader in mrtparse bgpkit; do
            check "$reader: our $kind has equal routes" equal "$reader"
        done
        [ "$kind" = session ] || check "bgpctl: our $kind has equal routes" equal_to_bgpctl
    done
}
equal() { # READER
    "$work/venv/bin/python" "$here/lib/dump_readers.py" "$1" "$work/ours.mrt" | sort >"$work/read" || return 1
    diff "$work/read" <("$dumps" list "$work/ours.mrt" | sort) >"$work/diff" || { head -4 "$work/diff"; return 1; }
}
equal_to_bgpctl() { # flags, prefix, next hop, LOCAL_PREF, MULTI_EXIT_DISC, path, origin
    bgpctl show mrt file "$work/ours.mrt" | awk '{ print $2, $3, $6, $7 }' | sort >"$work/read"
    diff "$work/read" <("$dumps" list "$work/ours.mrt" | sort) >"$work/diff" || { head -4 "$work/diff"; return 1; }
}

dumps() {
    local daemon more_conf frr_module
    for daemon in ${DUMPERS-bird frr gobgp openbgpd}; do
        nodes
        more_conf='' frr_module=''
        "dumps_$daemon"
        [ "$daemon" = gobgp ] || hush
    done
    more_conf='' frr_module=''
    read_by_others
}
