# Debian's own kernel, older than the one here: its verifier takes the programs too, and its Geneve device is a peer. It runs in a virtual
# machine that has this machine's files before it. Sourced by xdp/run.

work=$(mktemp -d "/tmp/$prefix.XXXXXX")
trap 'cleanup; rm -rf "$work"' EXIT
xdp=$here here=$root/interop
. "$root/interop/lib/vm.sh"
vm_modules+=" $vm_doctor_modules"
vm_memory=1024 vm_patience=580
vm_options=(-virtfs "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap")
vm_prepare
here=$xdp

# The root of this machine, to be read; what is written goes to memory.
inside="mkdir -p /host && mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=262144 host /host &&
    for of in run tmp mnt; do mount -t tmpfs tmpfs /host/\$of; done && mount -t proc proc /host/proc && mount -t sysfs sys /host/sys &&
    mount -t bpf bpf /host/sys/fs/bpf && mount --bind /dev /host/dev"
in_vm() { # COMMAND: with this machine's programs
    vm "HOME=/tmp XDP_OBJECTS='$XDP_OBJECTS' XDP_OBJECTS_C='$XDP_OBJECTS_C' PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin chroot /host $*"
}
lab() { # NAME
    in_vm "bash $xdp/lib/inside.sh $root $loader $1" >"$work/$1" || true
    count "$work/$1"
}

if [ -z "$vm_skip" ]; then
    cleanup
    ip netns add "$prefix-wire"
    vm_boot wire
fi
if [ -z "$vm_skip" ]; then
    check "the machine has this one's files" vm "$inside"
    echo "On Linux $(vm uname -r | head -1):"
    check "its verifier takes the programs" in_vm "$costs the_verifier_takes_them --nocapture"
    grep 'of stack$' "$log" || true
    lab vtep
    lab afxdp
    check "its Geneve device was a peer" refuse grep skipped "$work/vtep"
fi
cleanup
rm -rf "$work"
trap cleanup EXIT
