# Open vSwitch's userspace datapath in one namespace, our VTEP in the other: Geneve with options and without, and VXLAN. Then Geneve
# against a kernel's devices. Sourced by interop/run.

missing=()
need ovs-vswitchd openvswitch-switch
if [ "${#missing[@]}" -gt 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
fi
cargo build --quiet --release --locked --manifest-path "$here/vtep/Cargo.toml"
vtep="$here/vtep/target/release/vtep"
work=$(mktemp -d "/tmp/$prefix.XXXXXX")
trap 'cleanup; rm -rf "$work"' EXIT
. "$here/lib/check.sh"
export OVS_RUNDIR="$work" OVS_DBDIR="$work" OVS_LOGDIR="$work"

vsctl() { ns o ovs-vsctl --db="unix:$work/db.sock" --timeout=20 "$@"; }
ofctl() { ns o ovs-ofctl "$@"; }
in_ovs() { # COMMAND …: started in the switch's namespace, ended by its id
    ip netns exec "$prefix-o" "$@" >>"$work/ovs.log" 2>&1 &
    pids+=($!)
}

# A switch with a bridge for the underlay, which holds the tunnel's own address, and one for the overlay.
switch() {
    rm -f "$work"/conf.db "$work"/*.sock "$work"/*.mgmt "$work"/*.ctl
    ovsdb-tool create "$work/conf.db" /usr/share/openvswitch/vswitch.ovsschema
    in_ovs ovsdb-server "$work/conf.db" --remote="punix:$work/db.sock"
    for _ in $(seq 50); do [ -S "$work/db.sock" ] && break; sleep 0.1; done
    vsctl --no-wait init
    in_ovs ovs-vswitchd "unix:$work/db.sock"
    vsctl add-br under -- set bridge under datapath_type=netdev other-config:hwaddr=02:00:00:00:02:01 -- add-port under wire
    vsctl add-br pods -- set bridge pods datapath_type=netdev
    ip -n "$prefix-o" link set under up
    ip -n "$prefix-o" addr add 192.0.2.1/24 dev under
    ip -n "$prefix-o" link set pods mtu 1400 up
    ip -n "$prefix-o" addr add 10.244.0.1/24 dev pods
    ip -n "$prefix-o" neigh replace 192.0.2.2 lladdr 02:00:00:00:02:02 dev under nud permanent
}

pair() { # NAME TUNNEL-OPTIONS FLOWS VTEP-OPTIONS …
    local title=$1 tunnel=$2 flows=$3
    shift 3
    cleanup
    ip netns add "$prefix-o"
    ip netns add "$prefix-u"
    ip -n "$prefix-o" link add name wire type veth peer name wire netns "$prefix-u"
    for space in o u; do
        ip -n "$prefix-$space" link set lo up
        ip -n "$prefix-$space" link set wire up
        ns "$space" ethtool -K wire tx off tso off gso off gro off >/dev/null 2>&1 || true
    done
    switch
    vsctl add-port pods tunnel -- set interface tunnel $tunnel
    # The switch looks for the remote in its own table of neighbours.
    ns o ovs-appctl -t "$work"/ovs-vswitchd.*.ctl tnl/neigh/set under 192.0.2.2 02:00:00:00:02:02 >/dev/null
    [ -z "$flows" ] || eval "$flows"
    ip netns exec "$prefix-u" "$vtep" --overlay pod --underlay tap --local 192.0.2.2 --remote 192.0.2.1 "$@" >"$work/ready" 2>"$work/dropped" &
    pids+=($!)
    for _ in $(seq 50); do grep -q ready "$work/ready" && break; sleep 0.1; done
    ip -n "$prefix-u" link add name bridge0 type bridge
    ip -n "$prefix-u" link set wire master bridge0
    ip -n "$prefix-u" link set tap master bridge0
    ip -n "$prefix-u" link set tap up
    ip -n "$prefix-u" link set bridge0 up
    ip -n "$prefix-u" link set pod mtu 1400 up
    ip -n "$prefix-u" addr add 10.244.0.2/24 dev pod
    local dump=
    if [ -n "${RECORD:-}" ] && [ -n "${record:-}" ]; then
        ip netns exec "$prefix-u" tcpdump -q -U --immediate-mode -i wire -s 2048 -B 16384 -w "$RECORD/$record.pcap" udp 2>/dev/null &
        dump=$!
        pids+=("$dump")
        sleep 1
    fi
    check "$title: ping from ours" ns u ping -q -c 3 -i 0.2 -W 3 10.244.0.1
    check "$title: ping from the switch" ns o ping -q -c 3 -i 0.2 -W 3 10.244.0.2
    check "$title: ping with 1372 bytes" ns u ping -q -c 2 -i 0.2 -W 3 -M do -s 1372 10.244.0.1
    [ -z "$dump" ] || { kill -INT "$dump"; wait "$dump" || true; }
    check "$title: nothing was dropped" refuse test -s "$work/dropped"
    [ ! -s "$work/dropped" ] || head -3 "$work/dropped"
}

geneve="type=geneve options:remote_ip=192.0.2.2 options:key=7"
pair "Geneve" "$geneve" "" --vni 7 --port 6081 --geneve ""
pair "Geneve with UDP checksums" "$geneve options:csum=true" "" --vni 7 --port 6081 --geneve "" --checksum

# OVN's logical ports, class 0x0102 and type 0x80, and one of two words: the switch sets them on what it sends, and takes only what
# has them.
option_flows='
    ofctl add-tlv-map pods "{class=0x102,type=0x80,len=4}->tun_metadata0,{class=0xffff,type=0x01,len=8}->tun_metadata1"
    ofctl del-flows pods
    ofctl add-flow pods "in_port=LOCAL,actions=set_field:0x00010002->tun_metadata0,set_field:0x1122334455667788->tun_metadata1,output:tunnel"
    ofctl add-flow pods "in_port=tunnel,tun_metadata0=0x00010002,tun_metadata1=0x1122334455667788,actions=LOCAL"'
record=geneve-options
pair "Geneve with two options" "$geneve" "$option_flows" --vni 7 --port 6081 --geneve 0102800100010002ffff01021122334455667788
record=

# Debian's Open vSwitch 3.1 drops Group Policy in its userspace datapath ("invalid vxlan flags"), and sends none: that is tried against
# the kernel, by interop/run vxlan.
vxlan="type=vxlan options:remote_ip=192.0.2.2 options:key=7"
pair "VXLAN" "$vxlan" "" --vni 7 --port 4789
pair "VXLAN with UDP checksums" "$vxlan options:csum=true" "" --vni 7 --port 4789 --checksum

. "$here/lib/kernel_tunnel.sh"
to_ours_in_ipv4="type geneve id 7 remote 192.0.2.2"
to_ours_in_ipv6="type geneve id 7 remote 2001:db8::2"
ours="--vni 7 --port 6081"
ours_in_ipv6="$ours --local 2001:db8::2 --remote 2001:db8::1"

# A device without a network of its own: the route tells it the network, the remote and the option, for what it sends; it takes any.
kernel_sends_options() {
    tunnel_between "mtu 1400 type geneve external" "$ours --geneve 0102800100010002" || return
    local mac
    mac=$(cat_in_ours /sys/class/net/pod/address)
    vm "ip neigh replace 10.244.0.2 lladdr $mac dev tun nud permanent &&
        ip route add 10.244.0.2/32 encap ip id 7 dst 192.0.2.2 ttl 64 key geneve_opts 0x102:0x80:00010002 dev tun"
    mac=$(vm cat /sys/class/net/tun/address)
    ip -n "$prefix-u" neigh replace 10.244.0.1 lladdr "$mac" dev pod nud permanent
}
cat_in_ours() { ns u cat "$1"; }

# The kernel takes what has options, unless one is critical; it sends none, so that ours does not take its answers.
kernel_takes() { from_ours -c 1 -W 1 10.244.0.1; [ "$(statistic rx_packets)" -gt 0 ] && [ "$(statistic rx_frame_errors)" = 0 ]; }
kernel_refuses() { from_ours -c 1 -W 1 10.244.0.1; [ "$(statistic rx_packets)" = 0 ] && [ "$(statistic rx_frame_errors)" -gt 0 ]; }

tunnel_start
if [ -z "$vm_skip" ]; then
    tunnel_works "kernel" 1450 "4 6" "$to_ours_in_ipv4 noudpcsum" "$ours --geneve="
    check "kernel: the outer header" outer_fields "udp port 6081" "flags \\[(none|DF)\\], proto UDP \\(17\\), length 134"
    tunnel_works "kernel, UDP checksums" 1450 "4 6" "$to_ours_in_ipv4 udpcsum" "$ours --geneve= --checksum"
    tunnel_works "kernel, IPv6" 1430 "4 6" "$to_ours_in_ipv6" "$ours_in_ipv6 --geneve= --checksum"
    tunnel_works "kernel, IPv6, zero checksums" 1430 "4 6" "$to_ours_in_ipv6 udp6zerocsumtx udp6zerocsumrx" "$ours_in_ipv6 --geneve="

    tunnel_refuses "kernel, another network" ".*VNI.*" "$to_ours_in_ipv4" "--vni 8 --port 6081 --geneve="
    tunnel_refuses "kernel, no checksums from ours over IPv6" "" "$to_ours_in_ipv6" "$ours_in_ipv6 --geneve="
    tunnel_refuses "kernel, no checksums from it over IPv6" ".*checksum.*" "$to_ours_in_ipv6 udp6zerocsumtx" "$ours_in_ipv6 --geneve= --checksum"
    check "kernel, an option: both ends are made" tunnel_between "$to_ours_in_ipv4" "$ours --geneve 0102000100010002"
    check "kernel, an option: it takes the packet" kernel_takes
    check "kernel, a critical option: both ends are made" tunnel_between "$to_ours_in_ipv4" "$ours --geneve 0102800100010002"
    check "kernel, a critical option: it refuses the packet" kernel_refuses

    check "kernel, its options: both ends are made" kernel_sends_options
    check "kernel, its options: ping from ours" from_ours -c 3 10.244.0.1
    check "kernel, its options: ping from it" from_kernel -c 3 10.244.0.2
    check "kernel, its options: 1 MB over TCP to the kernel" to_kernel 10.244.0.1
    check "kernel, its options: 1 MB over TCP to ours" to_ours 10.244.0.2
    tunnel_congested "kernel, congestion" "$to_ours_in_ipv4" "$ours --geneve="
fi
finish
