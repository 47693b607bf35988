# IP in IP, GRE and the ICMP errors that come back, against Scapy, both ways; and IP in IP against a kernel's devices. Sourced by
# interop/run.

work=$(mktemp -d "/tmp/$prefix.XXXXXX")
trap 'cleanup; rm -rf "$work"' EXIT
. "$here/lib/check.sh"
# Scapy's part counts for itself.
(. "$here/lib/forge.sh") >"$work/forge.log" || true
count "$work/forge.log"
. "$here/lib/kernel_tunnel.sh"
vtep="$here/vtep/target/release/vtep"

ipv4_ends="local 192.0.2.1 remote 192.0.2.2"
tunnel_start
if [ -z "$vm_skip" ]; then
    tunnel_works "ipip" 1480 4 "type ipip $ipv4_ends" "--tunnel ip"
    tunnel_works "sit" 1480 6 "type sit mode ip6ip $ipv4_ends" "--tunnel ip"
fi
finish
