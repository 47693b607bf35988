# What Linux says of multicast, as listener and as querier, in all versions: IGMP and MLD of a host and of a bridge that asks, read by
# packet-dissect and by tshark, field by field. RECORD=testdata keeps the capture. Sourced by interop/run.

. "$here/lib/dissect.sh"
fields="frame.number igmp.version igmp.type igmp.max_resp igmp.checksum igmp.checksum.status igmp.s igmp.qrv igmp.qqic igmp.num_grp_recs
    igmp.record_type igmp.aux_data_len igmp.num_src igmp.maddr igmp.saddr igmp.aux_data icmpv6.type icmpv6.checksum
    icmpv6.checksum.status icmpv6.mld.maximum_response_delay icmpv6.mld.maximum_response_code icmpv6.mld.multicast_address
    icmpv6.mld.flag icmpv6.mld.flag.s icmpv6.mld.flag.qrv icmpv6.mld.qqi icmpv6.mld.nb_sources icmpv6.mld.source_address
    icmpv6.mldr.nb_mcast_records icmpv6.mldr.mar.record_type icmpv6.mldr.mar.aux_data_len icmpv6.mldr.mar.nb_sources
    icmpv6.mldr.mar.multicast_address icmpv6.mldr.mar.source_address icmpv6.mldr.mar.auxiliary_data"
named() { printf -- '-e %s ' $fields; }

ip netns add "$prefix-a"
ip netns add "$prefix-b"
ip -n "$prefix-a" link add wire type veth peer name wire netns "$prefix-b"
bridge() { ip -n "$prefix-b" link "$1" bridge type bridge "${@:2}"; }
# Questions every ten seconds, and soon again what was lost.
if ! bridge add mcast_snooping 1 mcast_querier 1 mcast_igmp_version 3 mcast_mld_version 2 mcast_query_use_ifaddr 1 \
    mcast_startup_query_interval 300 mcast_query_interval 1000 mcast_query_response_interval 200 \
    mcast_last_member_interval 30 mcast_last_member_count 2 2>/dev/null; then
    echo "SKIPPED: the kernel has no bridge that asks for multicast"
    exit 3
fi
ip -n "$prefix-a" link set wire address 02:00:00:00:00:0a
ip -n "$prefix-b" link set wire address 02:00:00:00:01:0b master bridge
ip -n "$prefix-b" link set bridge address 02:00:00:00:00:0b
ip -n "$prefix-a" addr add 192.0.2.1/24 dev wire
ip -n "$prefix-a" addr add 2001:db8::1/64 dev wire nodad
ip -n "$prefix-b" addr add 192.0.2.2/24 dev bridge
ip -n "$prefix-b" addr add 2001:db8::2/64 dev bridge nodad
ip -n "$prefix-a" link set wire up
# With what hosts say when interfaces come up.
dump_begin a wire "$work/multicast.pcap" 'ip proto 2 or (ip6 and ip6[6] = 0)'
ip -n "$prefix-b" link set wire up
ip -n "$prefix-b" link set bridge up
sleep 3
older="ip -n $prefix-b link set bridge type bridge mcast_igmp_version 2 mcast_mld_version 1"
check "groups joined and left" ip netns exec "$prefix-a" unshare -m \
    sh -c "mount -t sysfs none /sys; python3 $here/lib/multicast.py '$older'"
sleep 1
dump_end

tshark -n -r "$work/multicast.pcap" -T fields -E occurrence=a $(named) 2>/dev/null >"$work/theirs"
"$program" -T fields $(named) "$work/multicast.pcap" >"$work/ours"
check "every field as tshark has it" diff "$work/theirs" "$work/ours"
check "built again" "$program" --verify "$work/multicast.pcap"
# A query, a report and a leave of each version that Linux sends: IGMPv1 has no leave, and Linux asks in 2 and 3 only.
messages() { cut -f2,3,17 "$work/theirs" | sort -u | grep -c .; }
check "all kinds are there" test "$(messages)" -ge 10
if [ -n "${RECORD:-}" ]; then
    cp "$work/multicast.pcap" "$RECORD/multicast.pcap"
    sh "$here/lib/fields.sh" "$RECORD/multicast.pcap" >"$RECORD/multicast.pcap.tsv"
    (printf '%s\n' $fields | paste -sd '\t' && cat "$work/theirs") >"$RECORD/multicast.pcap.fields.tsv"
fi
finish
