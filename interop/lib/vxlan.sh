# A kernel's vxlan device in one namespace, our VTEP in the other. Sourced by interop/run.

cargo build --quiet --release --locked --manifest-path "$here/vtep/Cargo.toml"
vtep="$here/vtep/target/release/vtep"
. "$here/lib/check.sh"
work=$(mktemp -d "/tmp/$prefix.XXXXXX")
trap 'cleanup; rm -rf "$work"' EXIT

# 1 MB over TCP from one namespace to the other, compared by its digest.
transfer() { # FROM TO ADDRESS
    python3 - "$prefix-$1" "$prefix-$2" "$3" <<'PY'
import hashlib, os, subprocess, sys
source, sink, address = sys.argv[1:]
family = "AF_INET6" if ":" in address else "AF_INET"
receive = f"""
import hashlib, socket
s = socket.socket(socket.{family}); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(({address!r}, 5001)); s.listen(1); s.settimeout(20); print("listening", flush=True)
c, _ = s.accept(); c.settimeout(20); d = hashlib.sha256(); n = 0
while True:
    b = c.recv(65536)
    if not b: break
    d.update(b); n += len(b)
print(n, d.hexdigest())
"""
send = f"""
import hashlib, os, socket
c = socket.create_connection(({address!r}, 5001), 20); b = os.urandom(1 << 20); c.sendall(b); c.close()
print(len(b), hashlib.sha256(b).hexdigest())
"""
r = subprocess.Popen(["ip", "netns", "exec", sink, "python3", "-c", receive], stdout=subprocess.PIPE, text=True)
assert r.stdout.readline() == "listening\n"
sent = subprocess.run(["ip", "netns", "exec", source, "python3", "-c", send], stdout=subprocess.PIPE, text=True, timeout=60)
got, _ = r.communicate(timeout=30)
assert sent.returncode == 0 and sent.stdout == got and got.startswith("1048576 "), (sent.stdout, got)
PY
}

# One pair of nodes: MODE socket|wire, FAMILY 4|6, GROUP, CHECKSUM yes|no, and what else the kernel's device is told.
pair() { # NAME MODE FAMILY GROUP CHECKSUM EXPECT DEVICE-OPTIONS …
    local name=$1 mode=$2 family=$3 group=$4 checksum=$5 expect=$6
    shift 6
    cleanup
    ip netns add "$prefix-k"
    ip netns add "$prefix-u"
    ip -n "$prefix-k" link add name under type veth peer name wire netns "$prefix-u"
    local kernel=192.0.2.1 ours=192.0.2.2 length=24
    [ "$family" = 6 ] && kernel=2001:db8::1 ours=2001:db8::2 length=64
    ip -n "$prefix-k" link set under address 02:00:00:00:02:01 up
    ip -n "$prefix-k" addr add "$kernel/$length" dev under $([ "$family" = 6 ] && echo nodad)
    ip -n "$prefix-u" link set wire up
    # What is compared is what goes over the wire: no checksum may be left to hardware that is not there.
    ns k ethtool -K under tx off tso off gso off gro off >/dev/null 2>&1 || true
    ns u ethtool -K wire tx off gro off >/dev/null 2>&1 || true
    local arguments=(--overlay pod --vni 1 --port 4789 --local "$ours" --remote "$kernel")
    [ "$group" = none ] || arguments+=(--group "$group")
    [ "$checksum" = yes ] && arguments+=(--checksum)
    if [ "$mode" = wire ]; then
        arguments+=(--underlay tap)
        ip -n "$prefix-k" neigh replace "$ours" lladdr 02:00:00:00:02:02 dev under nud permanent
    else
        ip -n "$prefix-u" addr add "$ours/$length" dev wire $([ "$family" = 6 ] && echo nodad)
    fi
    ip netns exec "$prefix-u" "$vtep" "${arguments[@]}" >"$work/ready" 2>"$work/dropped" &
    pids+=($!)
    for _ in $(seq 50); do grep -q ready "$work/ready" && break; sleep 0.1; done
    if [ "$mode" = wire ]; then
        ip -n "$prefix-u" link add name bridge0 type bridge
        ip -n "$prefix-u" link set wire master bridge0
        ip -n "$prefix-u" link set tap master bridge0
        ip -n "$prefix-u" link set tap up
        ip -n "$prefix-u" link set bridge0 up
    fi
    ip -n "$prefix-k" link add name vx type vxlan id 1 local "$kernel" remote "$ours" dstport 4789 "$@"
    ip -n "$prefix-k" link set vx mtu 1400 up
    ip -n "$prefix-u" link set pod mtu 1400 up
    for side in k:vx:1 u:pod:2; do
        IFS=: read -r space device number <<<"$side"
        ip -n "$prefix-$space" addr add "10.244.0.$number/24" dev "$device"
        ip -n "$prefix-$space" addr add "fd00:244::$number/64" dev "$device" nodad
    done
    if [ "$expect" = refused ]; then
        check "$name: the kernel drops what it must" refuse ns u ping -q -c 2 -W 1 10.244.0.1
        return
    fi
    check "$name: ping IPv4 from ours" ns u ping -q -c 3 -i 0.1 -W 2 10.244.0.1
    check "$name: ping IPv4 from the kernel" ns k ping -q -c 3 -i 0.1 -W 2 10.244.0.2
    check "$name: ping IPv6 from ours" ns u ping -q -c 3 -i 0.1 -W 2 fd00:244::1
    check "$name: ping IPv6 from the kernel" ns k ping -q -c 3 -i 0.1 -W 2 fd00:244::2
    check "$name: ping with 1372 bytes" ns u ping -q -c 2 -i 0.1 -W 2 -M do -s 1372 10.244.0.1
    check "$name: 1 MB over TCP/IPv4 to the kernel" transfer u k 10.244.0.1
    check "$name: 1 MB over TCP/IPv4 to ours" transfer k u 10.244.0.2
    check "$name: 1 MB over TCP/IPv6 to the kernel" transfer u k fd00:244::1
    check "$name: 1 MB over TCP/IPv6 to ours" transfer k u fd00:244::2
    check "$name: nothing was dropped" refuse test -s "$work/dropped"
}

for mode in socket wire; do
    pair "$mode, IPv4" $mode 4 none no works noudpcsum
    pair "$mode, IPv4, UDP checksums" $mode 4 none yes works udpcsum
    pair "$mode, IPv4, Group Policy" $mode 4 7 no works gbp
    pair "$mode, IPv6" $mode 6 none yes works
    pair "$mode, Group Policy to a device without" $mode 4 7 no refused noudpcsum
done
pair "wire, IPv6, zero checksums" wire 6 none no works udp6zerocsumtx udp6zerocsumrx
pair "wire, IPv6, zero checksums to a device that wants them" wire 6 none no refused

finish
