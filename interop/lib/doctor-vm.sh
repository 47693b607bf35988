# `packet-dissect diagnose` where delays are known, and over tunnels that the kernel here may not have: IPIP, Geneve and WireGuard. Each lab is
# made in namespaces of Debian's kernel in one virtual machine, which has this machine's programs before it; what is found is held against
# testdata/doctor-vm/expected.tsv, and what is said of delays against what the captures have of each packet.
#
# RECORD=testdata keeps the captures in its doctor-vm/; LABS="NAME …" makes some alone. Sourced by interop/run.

. "$here/lib/check.sh"
need nft nftables; need wg wireguard-tools
if [ "${#missing[@]}" -gt 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
work=$(mktemp -d "/tmp/$prefix.XXXXXX")
trap 'cleanup; rm -rf "$work"' EXIT
root=$(cd "$here/.." && pwd)
(cd "$root" && cargo build --release --quiet --locked -p packet-dissect)
program=${CARGO_TARGET_DIR:-$root/target}/release/packet-dissect

. "$here/lib/vm.sh"
vm_modules+=" $vm_wireguard_modules $vm_doctor_modules"
vm_memory=1024 vm_patience=580
mkdir "$work/made"
vm_options=(
    -virtfs "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap"
    -virtfs "local,path=$work/made,mount_tag=made,security_model=none"
)
vm_prepare
if [ -z "$vm_skip" ]; then
    cleanup
    ip netns add "$prefix-u"
    vm_boot u
fi
[ -z "$vm_skip" ] || finish

# The root of this machine, to be read; what is written goes to memory, and in the end to $work/made.
inside="mkdir -p /host && mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=262144 host /host &&
    for of in run tmp mnt; do mount -t tmpfs tmpfs /host/\$of; done && mount -t proc proc /host/proc && mount -t sysfs sys /host/sys &&
    mount --bind /dev /host/dev && mkdir /host/mnt/made && mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 made /host/mnt/made"
check "the machine has this one's programs" vm "$inside"

. "$here/lib/doctor_labs.sh"
. "$here/lib/doctor_vm_faults.sh"
cp "$here"/lib/doctor_*.sh "$here"/lib/doctor_pods.py "$here/lib/namespaces.sh" "$work/made"
vm "LABS='${LABS:-$labs}' HOME=/tmp PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin chroot /host bash /mnt/made/doctor_vm_inside.sh" || true
mv "$work"/made/*.{pcap,status,out} "$work" 2>/dev/null || true

# What is said of delays; RECORD keeps what it is held against, for `cargo test`.
delays() { # NAME
    local there back
    IFS=- read -r _ there back <<<"$1"
    python3 "$here/lib/taps_clock.py" "$work/$1-2.pcap" "$work/$1-2-shifted.pcap" &&
        python3 "$here/lib/doctor_vm_delays.py" "$program" "$work" "$1" "$there" "$back" >>"$work/delays.tsv"
}
for name in ${LABS:-$labs}; do
    [[ $name != delay-* ]] || check "$name: the delays" delays "$name"
done
hold_labs doctor-vm
if [ -n "${RECORD:-}" ] && [ -z "${LABS:-}" ]; then
    (grep -B 9 '^captures' "$root/testdata/doctor-vm/delays.tsv"; cat "$work/delays.tsv") >"$work/table"
    cp "$work/table" "$RECORD/doctor-vm/delays.tsv"
fi
finish
