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

in_ipv4="local 192.0.2.1 remote 192.0.2.2"
in_ipv6="local 2001:db8::1 remote 2001:db8::2"
ours_in_ipv6="--local 2001:db8::2 --remote 2001:db8::1"
tunnel_start
if [ -z "$vm_skip" ]; then
    tunnel_works "IPv4 in IPv4" 1480 4 "type ipip $in_ipv4" "--tunnel ip"
    check "IPv4 in IPv4: the outer header" outer_fields "ip proto 4" "flags \[DF\], proto IPIP \(4\), length 104"
    tunnel_works "IPv6 in IPv4" 1480 6 "type sit mode ip6ip $in_ipv4" "--tunnel ip"
    tunnel_works "both in IPv4" 1480 "4 6" "type sit mode any $in_ipv4" "--tunnel ip"
    tunnel_works "both in IPv6" 1460 "4 6" "type ip6tnl mode any encaplimit none $in_ipv6" "--tunnel ip $ours_in_ipv6"
    tunnel_works "both in IPv6, with a limit" 1452 "4 6" "type ip6tnl mode any $in_ipv6" "--tunnel ip $ours_in_ipv6"
    tunnel_refuses "IPv4 in IPv4, another remote" "" "type ipip local 192.0.2.1 remote 192.0.2.3" "--tunnel ip"
    tunnel_congested "congestion around IPv4" "type ipip $in_ipv4" "--tunnel ip"
fi
finish
