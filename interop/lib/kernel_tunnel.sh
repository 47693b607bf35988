# The tunnel devices of the kernel in a virtual machine, vtep/ on the other end of its wire. Sourced by ipip.sh, gre.sh and geneve.sh.
#
# The machine has 10.244.0.1 and fd00:244::1 on `tun`, the device under test, and ours has 10.244.0.2 and fd00:244::2 on `pod`.

. "$here/lib/vm.sh"
vtep_pid=

# The namespace of ours, and the machine on its wire. What cannot be is in $vm_skip.
tunnel_start() {
    vm_prepare
    [ -z "$vm_skip" ] || return 0
    cleanup
    ip netns add "$prefix-u"
    vm_boot u
    [ -z "$vm_skip" ] || return 0
    ip -n "$prefix-u" link set lo up
    ip -n "$prefix-u" link set wire up
    vm "ip link set eth0 up && ip addr add 192.0.2.1/24 dev eth0 && ip addr add 2001:db8::1/64 dev eth0 nodad &&
        ip neigh replace 192.0.2.2 lladdr 02:00:00:00:02:02 dev eth0 nud permanent &&
        ip neigh replace 2001:db8::2 lladdr 02:00:00:00:02:02 dev eth0 nud permanent"
}

tunnel_end() {
    [ -z "$vtep_pid" ] || { kill "$vtep_pid" 2>/dev/null; wait "$vtep_pid" 2>/dev/null; }
    vtep_pid=
    ip -n "$prefix-u" link del bridge0 2>/dev/null
    vm "ip link del tun" >/dev/null
    return 0
}

# DEVICE is what `ip link add name tun` is told, OPTIONS what vtep/ is.
tunnel_between() { # DEVICE OPTIONS
    local device=$1 options=$2 family=4
    tunnel_end
    case $options in *--local*) ;; *) options+=" --local 192.0.2.2 --remote 192.0.2.1" ;; esac
    vm "ip link add name tun $device" || return
    ip netns exec "$prefix-u" "$vtep" --overlay pod --underlay tap $options >"$work/ready" 2>"$work/dropped" &
    vtep_pid=$!
    pids+=("$vtep_pid")
    for _ in $(seq 50); do grep -q ready "$work/ready" && break; sleep 0.1; done
    ip -n "$prefix-u" link add name bridge0 type bridge
    ip -n "$prefix-u" link set wire master bridge0
    ip -n "$prefix-u" link set tap master bridge0
    ip -n "$prefix-u" link set tap up
    ip -n "$prefix-u" link set bridge0 up
    vm "ip link set tun up && for address in 10.244.0.1/24 'fd00:244::1/64 nodad'; do ip addr add \$address dev tun; done" || return
    mtu=$(vm "cat /sys/class/net/tun/mtu")
    ip -n "$prefix-u" link set pod mtu "$mtu" up
    ip -n "$prefix-u" addr add 10.244.0.2/24 dev pod
    ip -n "$prefix-u" addr add fd00:244::2/64 dev pod nodad
}

from_ours() { ns u ping -q -i 0.1 -W 2 "$@"; }
from_kernel() { vm ping -q -i 0.1 -W 2 "$@"; }
drops_nothing() { [ ! -s "$work/dropped" ] || { head -3 "$work/dropped"; return 1; }; }

# Every check of a tunnel that works. FAMILIES: the inner ones.
tunnel_works() { # NAME MTU FAMILIES DEVICE OPTIONS
    local name=$1 wanted=$2 families=$3 family size
    check "$name: both ends are made" tunnel_between "$4" "$5"
    check "$name: the kernel's MTU" test "$mtu" = "$wanted"
    for family in $families; do
        local kernel=10.244.0.1 ours=10.244.0.2 headers=28
        [ "$family" = 4 ] || { kernel=fd00:244::1 ours=fd00:244::2 headers=48; }
        check "$name: ping IPv$family from ours" from_ours -c 3 "$kernel"
        check "$name: ping IPv$family from the kernel" from_kernel -c 3 "$ours"
        for size in 0 57 1000 $((mtu - headers - 1)) $((mtu - headers)); do
            check "$name: ping IPv$family with $size bytes from ours" from_ours -c 1 -M do -s "$size" "$kernel"
            check "$name: ping IPv$family with $size bytes from the kernel" from_kernel -c 1 -M do -s "$size" "$ours"
        done
    done
    check "$name: nothing was dropped" drops_nothing
}
