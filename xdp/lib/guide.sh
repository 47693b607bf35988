# The guide of README.md, as it stands there: its files are written, built and run, on a device with VXLAN on it. Sourced by xdp/run.

guide=$(mktemp -d "/tmp/$prefix.guide.XXXXXX")
trap 'cleanup; rm -rf "$guide"' EXIT
python3 "$here/lib/guide.py" "$here/README.md" "$guide" "$root"
# The versions are this workspace's.
cp "$here/Cargo.lock" "$guide"
guide_target=$objects/guide
built() {
    (
        cd "$guide"
        RUSTC=$rustc RUSTC_BOOTSTRAP=aya_ebpf CARGO_TARGET_BPFEL_UNKNOWN_NONE_LINKER=bpf-linker \
            RUSTFLAGS="-C target-cpu=v3 -C link-arg=--btf -C link-arg=--cpu-features=+allows-misaligned-mem-access" \
            CARGO_TARGET_DIR=$guide_target cargo build --quiet --release --target bpfel-unknown-none -p vnis
        CARGO_TARGET_DIR=$guide_target cargo build --quiet
    )
}
check "the guide's crates are built" built

# Two nodes with the kernel's own VXLAN between them: three pings are three packets of each, as both know the other's address.
for at in "a b 1" "b a 2"; do
    read -r node other number <<<"$at"
    ip netns add "$prefix-$node"
    # Only what is sent below is counted: IPv6 asks for routers by itself.
    ns "$node" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
done
ip -n "$prefix-a" link add name under type veth peer name under netns "$prefix-b"
for at in "a 1 2" "b 2 1"; do
    read -r node number other <<<"$at"
    ip -n "$prefix-$node" addr add "192.0.2.$number/24" dev under
    ip -n "$prefix-$node" link set under up
    ip -n "$prefix-$node" link add name vx address "02:00:00:00:00:0$number" type vxlan id 7 local "192.0.2.$number" remote "192.0.2.$other" dstport 4789
    ip -n "$prefix-$node" link set vx up
    ip -n "$prefix-$node" addr add "10.244.0.$number/24" dev vx
    ip -n "$prefix-$node" neigh replace "10.244.0.$other" lladdr "02:00:00:00:00:0$other" dev vx nud permanent
done
ip netns exec "$prefix-b" "$guide_target/debug/print-vnis" "$guide_target/bpfel-unknown-none/release/vnis" under >"$guide/said" 2>&1 &
pids+=($!)
sleep 1
check "the guide's way is one that packets go" ns a ping -q -c 3 -i 0.1 -W 2 10.244.0.2
sleep 2
check "the guide's program prints the VNI" grep -qx 'VNI 7: 3 packets' "$guide/said"
cleanup
rm -rf "$guide"
trap cleanup EXIT
