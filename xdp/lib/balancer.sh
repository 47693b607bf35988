# Clients, the balancer and its pods in namespaces, over veths that keep their offloads: partial checksums, and at TC's hook segments of 64 kB.
# Two pods are right behind the balancer, a third is behind a router with a narrower link. Sourced by xdp/run.

as() { ip netns exec "$prefix-$1" python3 "$here/lib/balancer.py" "${@:2}"; }

# Starts a program of the lab, and waits until it is ready; what it says goes into a file.
start() { # FILE NAMESPACE COMMAND …
    local file=$1 space=$2
    shift 2
    : >"$file"
    ip netns exec "$prefix-$space" "$@" >"$file" &
    pids+=($!)
    for _ in $(seq 100); do grep -q ready "$file" && return; sleep 0.1; done
    echo "FAILED $*"
    failed=$((failed + 1))
}

# A veth from a namespace to the balancer's: NAMESPACE NUMBER, with the networks 10.244.NUMBER.0/24 and fd00:244:NUMBER::/64.
wire() {
    local device=to$2
    ip netns add "$prefix-$1"
    ip -n "$prefix-$1" link set lo up
    ip -n "$prefix-$1" link add name eth0 address "02:00:00:00:0$2:02" type veth peer name "$device" netns "$prefix-balancer"
    ip -n "$prefix-balancer" link set "$device" address "02:00:00:00:0$2:01" up
    ip -n "$prefix-balancer" addr add "10.244.$2.1/24" dev "$device"
    ip -n "$prefix-balancer" addr add "fd00:244:$2::1/64" dev "$device" nodad
    ip -n "$prefix-$1" link set eth0 up
    ip -n "$prefix-$1" addr add "10.244.$2.2/24" dev eth0
    ip -n "$prefix-$1" addr add "fd00:244:$2::2/64" dev eth0 nodad
    ip -n "$prefix-$1" route add default via "10.244.$2.1"
    ip -n "$prefix-$1" route add default via "fd00:244:$2::1"
}

# The services: 1 has two pods, 2 has the one behind the router, 3 a port at which none listens, 4 pods that are told and answer themselves.
table() {
    local protocol services=()
    for protocol in tcp udp; do
        services+=("$(service $protocol 1 80 8080 false 1 2)" "$(service $protocol 2 80 8080 false 4)" "$(service $protocol 4 80 8080 true 1)")
    done
    services+=("$(service udp 3 80 9 false 1)")
    local IFS=,
    echo "{\"services\": [${services[*]}], \"pods\": {$(
        for pod in "1 1" "2 2" "4 3"; do
            IFS=' ' read -r number device <<<"$pod"
            echo "\"10.244.$number.2\": {\"device\": \"to$device\", \"address\": \"02:00:00:00:0$device:02\"},"
            echo "\"fd00:244:$number::2\": {\"device\": \"to$device\", \"address\": \"02:00:00:00:0$device:02\"},"
        done | sed '$s/,$//'
    )}}"
}
service() { # PROTOCOL NUMBER PORT POD'S-PORT DSR POD …: for both families
    local protocol=$1 number=$2 port=$3 pod_port=$4 dsr=$5 v4=() v6=() pod
    shift 5
    for pod in "$@"; do v4+=("\"10.244.$pod.2:$pod_port\"") v6+=("\"[fd00:244:$pod::2]:$pod_port\""); done
    local IFS=,
    echo "{\"protocol\": \"$protocol\", \"end\": \"10.96.0.$number:$port\", \"pods\": [${v4[*]}], \"dsr\": $dsr}"
    echo ",{\"protocol\": \"$protocol\", \"end\": \"[fd00:96::$number]:$port\", \"pods\": [${v6[*]}], \"dsr\": $dsr}"
}

balance() { # HOOK …: what the command is told
    local hook=$1 files
    shift
    cleanup
    files=$(mktemp -d "/tmp/$prefix.balancer.XXXXXX")
    ip netns add "$prefix-balancer"
    ip -n "$prefix-balancer" link set lo up
    wire pod1 1; wire pod2 2; wire router 3; wire client 9
    # The third pod, behind a router whose link to it takes less.
    ip netns add "$prefix-pod4"
    ip -n "$prefix-pod4" link set lo up
    ip -n "$prefix-pod4" link add name eth0 type veth peer name to4 netns "$prefix-router"
    ns router sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
    ip -n "$prefix-router" link set to4 mtu 1400 up
    ip -n "$prefix-router" addr add 10.244.4.1/24 dev to4
    ip -n "$prefix-router" addr add fd00:244:4::1/64 dev to4 nodad
    ip -n "$prefix-router" route replace default via fd00:244:3::1
    ip -n "$prefix-pod4" link set eth0 up
    ip -n "$prefix-pod4" addr add 10.244.4.2/24 dev eth0
    ip -n "$prefix-pod4" addr add fd00:244:4::2/64 dev eth0 nodad
    ip -n "$prefix-pod4" route add default via 10.244.4.1
    ip -n "$prefix-pod4" route add default via fd00:244:4::1
    # What a veth is sent by XDP it takes if its other end has a program.
    if [ "$hook" = XDP ]; then
        for space in pod1 pod2 router client; do start "$files/sink.$space" "$space" "$loader" sink -i eth0; done
    fi
    for pod in 1 2 4; do start "$files/pod$pod" "pod$pod" python3 "$here/lib/balancer.py" pod "pod$pod"; done
    table >"$files/table.json"
    start "$files/balancer" balancer "$loader" balancer --table "$files/table.json" -i to1 -i to2 -i to3 -i to9 "$@"
    local balancing=$!
    for family in IPv4 IPv6; do
        local net=10.96.0. refusing=10.96.0.3
        [ $family = IPv6 ] && net=fd00:96::
        check "$hook, $family: both pods answer by UDP, each flow one" test "$(as client names ${net}1 80 32 2>/dev/null)" = "pod1 pod2"
        for _ in 1 2 3; do
            check "$hook, $family: 4 MB over TCP and back" as client tcp ${net}1 80 4194304
        done
        check "$hook, $family: nobody listens, and the client is told" as client refused ${net}3 80
        check "$hook, $family: 4 MB through a narrow link, and back" as client tcp ${net}2 80 4194304
        check "$hook, $family: too big was told" grep -q 'mtu 1400' <(ip -n "$prefix-client" route get ${net}2)
        as client mute ${net}1 80
        check "$hook, $family: the pod is told that the client is gone" refused_by "$files" $family
        for of in tcp udp; do
            start "$files/told" pod1 python3 "$here/lib/balancer.py" told eth0 ${net}4 80 1
            local telling=$!
            if [ $of = tcp ]; then as client tcp ${net}4 80 1000 >/dev/null; else as client names ${net}4 80 1 >/dev/null 2>&1; fi || true
            check "$hook, $family: Cilium's option is in what the pod gets by ${of^^}" wait "$telling"
        done
    done
    kill "$balancing" && wait "$balancing" || true
    tail -n +2 "$files/balancer" | sed "s/^/$hook: /"
    for what in ToPod FromPod Error Passed; do
        check "$hook: counted: $what" grep -qE "^$what: [1-9]" "$files/balancer"
    done
    # 32 MB went each way, in packets of 1500 bytes more than 20 000 of them.
    [ "$hook" = XDP ] || check "$hook: segments went as they were" test "$(sed -n 's/^ToPod: //p' "$files/balancer")" -lt 10000
    rm -rf "$files"
}

# One of the pods has been told, and by now as many times as there were families.
refused_by() { # FILES FAMILY
    local times=1
    [ "$2" = IPv6 ] && times=2
    for _ in $(seq 50); do
        [ "$(cat "$1"/pod[12] | grep -c 'mute refused')" = $times ] && return
        sleep 0.1
    done
    cat "$1"/pod[12]
    return 1
}

balance XDP
balance tcx --tcx
