# GRE with IP and with Ethernet in it, against a kernel's devices. Sourced by interop/run.

work=$(mktemp -d "/tmp/$prefix.XXXXXX")
trap 'cleanup; rm -rf "$work"' EXIT
. "$here/lib/check.sh"
. "$here/lib/kernel_tunnel.sh"
vtep="$here/vtep/target/release/vtep"
cargo build --quiet --release --locked --manifest-path "$here/vtep/Cargo.toml"

in_ipv4="local 192.0.2.1 remote 192.0.2.2"
in_ipv6="local 2001:db8::1 remote 2001:db8::2"
ours_in_ipv6="--local 2001:db8::2 --remote 2001:db8::1"
tunnel_start
[ -z "$vm_skip" ] || { echo "SKIPPED: $vm_skip"; exit 3; }

tunnel_works "gre" 1476 "4 6" "type gre $in_ipv4" "--tunnel gre"
check "gre: the outer header" outer_fields "ip proto 47" "flags \[DF\], proto GRE \(47\), length 108"
tunnel_works "gre, key" 1472 "4 6" "type gre $in_ipv4 key 7" "--tunnel gre --key 7"
tunnel_works "gre, checksum" 1472 "4 6" "type gre $in_ipv4 csum" "--tunnel gre --checksum"
tunnel_works "gre, sequence" 1472 "4 6" "type gre $in_ipv4 seq" "--tunnel gre --sequence"
tunnel_works "gre, all three" 1464 "4 6" "type gre $in_ipv4 key 7 csum seq" "--tunnel gre --key 7 --checksum --sequence"
tunnel_works "gretap" 1462 "4 6" "type gretap $in_ipv4" "--tunnel gretap"
check "gretap: the outer header" outer_fields "ip proto 47" "flags \[DF\], proto GRE \(47\), length 122"
tunnel_works "gretap, all three" 1450 "4 6" "type gretap $in_ipv4 key 7 csum seq" "--tunnel gretap --key 7 --checksum --sequence"
tunnel_works "gre in IPv6" 1456 "4 6" "type ip6gre $in_ipv6 encaplimit none" "--tunnel gre $ours_in_ipv6"
tunnel_works "gre in IPv6, with a limit and a key" 1444 "4 6" "type ip6gre $in_ipv6 key 7" "--tunnel gre --key 7 $ours_in_ipv6"
tunnel_works "gretap in IPv6" 1442 "4 6" "type ip6gretap $in_ipv6 encaplimit none" "--tunnel gretap $ours_in_ipv6"

tunnel_refuses "gre, another key" "key Some\(7\)" "type gre $in_ipv4 key 7" "--tunnel gre --key 8"
tunnel_refuses "gre, a key that ours has not" "key Some\(7\)" "type gre $in_ipv4 key 7" "--tunnel gre"
tunnel_refuses "gre, a key that the kernel has not" "key None" "type gre $in_ipv4" "--tunnel gre --key 7"
tunnel_refuses "gretap, another key" "key Some\(7\)" "type gretap $in_ipv4 key 7" "--tunnel gretap --key 8"
tunnel_refuses "gre, no sequence numbers from ours" "" "type gre $in_ipv4 seq" "--tunnel gre"
tunnel_refuses "gre, no sequence numbers from the kernel" "no sequence number" "type gre $in_ipv4" "--tunnel gre --sequence"
tunnel_refuses "gre, no checksum from ours" "" "type gre $in_ipv4 csum" "--tunnel gre"
tunnel_refuses "gre, a checksum that the kernel has not" "" "type gre $in_ipv4" "--tunnel gre --checksum"
tunnel_refuses "gretap on ours, gre on the kernel's side" "it carries .*" "type gre $in_ipv4" "--tunnel gretap"

tunnel_congested "congestion around IPv4 in gre" "type gre $in_ipv4" "--tunnel gre"
tunnel_congested "congestion around a frame in gretap" "type gretap $in_ipv4" "--tunnel gretap"
finish
