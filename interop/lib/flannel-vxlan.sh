# Flannel's VXLAN backend: a kernel's vxlan device on node 1, our user-space VTEP on node 2, both wired from leases alone, by
# the commands that flannel-udp-codec's example `entries` prints. Sourced by interop/run.

. "$here/lib/flannel.sh"
cargo build --quiet --release --locked --manifest-path "$here/vtep/Cargo.toml"
vtep="$here/vtep/target/release/vtep"

cat >"$work/leases.json" <<JSON
{"/coreos.com/network/config": {"Network":"10.244.0.0/16","Backend":{"Type":"vxlan"}},
$(lease 1 vxlan '{"VNI":1,"VtepMAC":"0a:00:00:00:00:01"}'),
$(lease 2 vxlan '{"VNI":1,"VtepMAC":"0a:00:00:00:00:02"}')}
JSON

enter() { # NODE: what a node enters for its peers. The bridge entry of a device that is no vxlan device is the VTEP's --remote.
    "$entries" "$work/leases.json" "10.244.$1.0-24" >"$work/entries-$1"
    [ "$1" = 1 ] || sed -i '/^bridge fdb/d' "$work/entries-$1"
    while read -r command; do ns "$1" $command || return; done <"$work/entries-$1"
}

nodes 1450
ip -n "$prefix-1" link add name flannel.1 address 0a:00:00:00:00:01 type vxlan id 1 local 192.0.2.1 dev eth0 nolearning
ip netns exec "$prefix-2" "$vtep" --overlay flannel.1 --vni 1 --port 8472 --local 192.0.2.2 --remote 192.0.2.1 >"$work/vtep.log" 2>"$work/dropped" &
pids+=($!)
for _ in $(seq 50); do grep -q ready "$work/vtep.log" && break; sleep 0.1; done
ip -n "$prefix-2" link set flannel.1 address 0a:00:00:00:00:02
for node in 1 2; do
    ip -n "$prefix-$node" link set flannel.1 mtu 1450 up
    ip -n "$prefix-$node" addr add "10.244.$node.0/32" dev flannel.1
    check "node $node is wired from the lease of the other" enter "$node"
done
check "three entries a peer" test "$(wc -l <"$work/entries-1")" = 3
port_is_8472() { ip -n "$prefix-1" -d link show flannel.1 | grep -q "dstport 8472"; }
check "the kernel's port is the one of WIRE-FACTS" port_is_8472

capture flannel-vxlan-pod 1a eth0
capture flannel-vxlan-device 1 flannel.1
capture flannel-vxlan-underlay 1 eth0
capture far 2a eth0
sleep 1
check "ping 1a to 2a, as long as the tunnel takes" ping_ 1a 10.244.2.2 -M do -s 1422
check "40 kB over TCP" transfer 1a 2a 10.244.2.2 40000
check "datagrams of every size" echoes 1a 2a 10.244.2.2 1422
end_captures
check "what 1a sent is what 2a got" arrived flannel-vxlan-pod far 10.244.1.2 10.244.2.2 2
check "what 2a sent is what 1a got" arrived far flannel-vxlan-pod 10.244.2.2 10.244.1.2 2
no_arp() { ! tcpdump -nr "$work/flannel-vxlan-device.pcap" arp 2>/dev/null | grep .; }
check "no ARP crossed the overlay" no_arp

check "ping 1b to 2b" ping_ 1b 10.244.2.3
check "ping 2a to 1a" ping_ 2a 10.244.1.2
check "one hop a node" ttl_is 1a 10.244.2.2 62
check "the route" route_is 1a 10.244.2.2 10.244.1.1 10.244.2.0 10.244.2.2
check "the time to live ends behind the tunnel" expires_at 1a 2 10.244.2.2 10.244.2.0
check "10 MB over TCP to ours" transfer 1a 2a 10.244.2.2 10000000
check "10 MB over TCP to the kernel" transfer 2a 1b 10.244.1.3 10000000
check "longer than the tunnel takes, not to be fragmented" refuse ping_ 1a 10.244.2.2 -M do -s 1423
check "longer, in fragments" ping_ 1a 10.244.2.2 -M dont -s 4000
check "a closed port" error_of 1a 10.244.2.2 9 ECONNREFUSED
check "our VTEP dropped nothing" refuse test -s "$work/dropped"
finish
