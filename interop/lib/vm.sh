# Debian's own kernel in a virtual machine, for tunnels that the kernel here may not have: its one network card is the device `wire` of
# a namespace of ours. Sourced by the cases.
#
#   vm_prepare           installs what is needed; where that cannot be, $vm_skip says why
#   vm_boot NAMESPACE    starts it there
#   vm COMMAND …         runs a line of shell in it, and has its output and its exit status

vm_skip=
vm_modules="virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_console failover net_failover virtio_net
    tunnel4 ip_tunnel ipip sit tunnel6 ip6_tunnel gre ip_gre ip6_gre udp_tunnel ip6_udp_tunnel geneve"
# What some cases load beside, and add to that.
vm_ipsec_modules="sha512_generic drbg veth xfrm_algo xfrm_user esp4 esp6 gf128mul ghash-generic ctr gcm seqiv echainiv authenc"
vm_wireguard_modules="libcurve25519-generic curve25519-x86_64 libchacha chacha-x86_64 poly1305-x86_64 libchacha20poly1305 wireguard"
vm_doctor_modules="9pnet netfs fscache 9p 9pnet_virtio veth llc stp bridge vxlan sch_netem crc32c_generic libcrc32c nfnetlink nf_tables nft_numgen nft_meta_bridge
    nf_reject_ipv4 nf_reject_ipv6 nft_reject nft_reject_inet"
vm_all_modules="$vm_modules $vm_ipsec_modules $vm_wireguard_modules $vm_doctor_modules"
vm_programs="ip ping"
# How much memory it has, in MB; what else of qemu's options; how long a command may take, in seconds.
vm_memory=256
vm_options=()
vm_patience=30

# The image's package, by the name that Debian's metapackage has for it now.
vm_package() { apt-cache depends linux-image-amd64 2>/dev/null | sed -n 's/.*Depends: \(linux-image-.*\)/\1/p' | head -1; }

# The kernel and its modules go to $vm_kernel, which the next run finds.
vm_fetch() {
    local package unpacked module
    package=$(vm_package)
    [ -n "$package" ] || { apt-get update -qq && package=$(vm_package); }
    [ -n "$package" ] || { vm_skip="there is no Debian kernel to be had"; return 1; }
    vm_kernel="$here/vtep/target/vm/$package"
    [ "$(cat "$vm_kernel/modules" 2>/dev/null)" != "$vm_all_modules" ] || return 0
    unpacked=$(mktemp -d "$work/kernel.XXXXXX")
    (
        cd "$unpacked"
        # A list that is too old names a version that is gone.
        apt-get download -qq "$package" || { apt-get update -qq && apt-get download -qq "$package"; }
        dpkg-deb -x "$package"_*.deb root
    ) >"$work/fetch.log" 2>&1 || { tail -3 "$work/fetch.log"; vm_skip="$package could not be had"; return 1; }
    mkdir "$unpacked/kernel"
    cp "$unpacked"/root/boot/vmlinuz-* "$unpacked/kernel/vmlinuz"
    for module in $vm_all_modules; do find "$unpacked/root/lib/modules" -name "$module.ko*" -exec cp {} "$unpacked/kernel" \;; done
    # Later Debians have them compressed.
    find "$unpacked/kernel" -name '*.xz' -exec unxz {} +
    echo "$vm_all_modules" >"$unpacked/kernel/modules"
    mkdir -p "$here/vtep/target/vm"
    rm -rf "$vm_kernel"
    mv "$unpacked/kernel" "$vm_kernel"
    rm -rf "$unpacked"
}

# Commands come by a port of their own, a line each: a serial port loses some where the processor is slow. That has the kernel's
# messages.
vm_initramfs() {
    local root="$work/initramfs" program library
    mkdir -p "$root"/{bin,lib,proc,sys,dev,tmp}
    cp "$(command -v busybox)" "$root/bin/busybox"
    for program in $vm_programs; do
        cp -L "$(command -v "$program")" "$root/bin/"
        for library in $(ldd "$(command -v "$program")" | grep -o '/[^ ]*'); do
            mkdir -p "$root/$(dirname "$library")"
            cp -L "$library" "$root/$library"
        done
    done
    cp "$vm_kernel"/*.ko "$root/lib/"
    cat >"$root/init" <<INIT
#!/bin/busybox sh
/bin/busybox --install -s /bin 2>/dev/null
export PATH=/bin
# The shell takes busybox's own programs first.
for program in $vm_programs; do eval "\$program() { /bin/\$program \"\\\$@\"; }"; done
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
for module in $(echo $vm_modules); do [ ! -e /lib/\$module.ko ] || insmod /lib/\$module.ko; done
ip link set lo up
exec 3<>/dev/vport0p1
printf '= 0 0\n' >&3
while read -r number line <&3; do
    eval "\$line" </dev/null >/tmp/output 2>&1
    result=\$?
    cat /tmp/output >&3
    printf '\n= %d %d\n' "\$number" "\$result" >&3
done
INIT
    chmod +x "$root/init"
    (cd "$root" && find . | cpio --quiet -o -H newc | gzip -1) >"$work/initramfs.gz"
    rm -rf "$root"
}

vm_prepare() {
    [ "$(uname -m)" = x86_64 ] || { vm_skip="the virtual machine is for x86-64"; return; }
    command -v apt-get >/dev/null || { vm_skip="the virtual machine's kernel is one of Debian's packages"; return; }
    missing=()
    need qemu-system-x86_64 qemu-system-x86; need busybox busybox-static; need cpio cpio
    if [ "${#missing[@]}" -gt 0 ]; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 ||
            { vm_skip="${missing[*]} could not be had"; return; }
    fi
    vm_fetch || return 0
    vm_initramfs
}

# What goes over the wire is whole: no checksum is left to a card, and no packet to be cut by one.
vm_boot() { # NAMESPACE
    rm -f "$work"/control.*
    mkfifo "$work/control.in" "$work/control.out"
    exec {vm_in}<>"$work/control.in" {vm_out}<>"$work/control.out"
    ip netns exec "$prefix-$1" qemu-system-x86_64 -accel tcg -m "$vm_memory" -nodefaults -display none -no-reboot \
        -kernel "$vm_kernel/vmlinuz" -initrd "$work/initramfs.gz" -append "console=ttyS0 quiet panic=1" \
        -serial "file:$work/console" -chardev "pipe,id=control,path=$work/control" \
        -device virtio-serial-pci -device virtserialport,chardev=control \
        -netdev tap,id=wire,ifname=wire,script=no,downscript=no,vnet_hdr=off \
        -device virtio-net-pci,netdev=wire,mac=02:00:00:00:02:01 "${vm_options[@]}" >"$work/qemu.log" 2>&1 &
    vm_pid=$!
    pids+=("$vm_pid")
    echo 0 >"$work/control.number"
    for _ in $(seq 60); do
        ! vm_answer 0 1 >/dev/null || return 0
        kill -0 "$vm_pid" 2>/dev/null || break
    done
    cat "$work/qemu.log" "$work/console" 2>/dev/null | tail -n 3 || true
    vm_skip="the virtual machine did not start"
}

# Each command has a number, so that a late answer is nobody else's. It is on a file, for what is run in a subshell too.
vm_answer() { # NUMBER SECONDS: what is printed until the status
    local line
    while IFS= read -r -t "$2" line <&"$vm_out"; do
        case $line in
            "= $1 "*) return "${line##* }" ;;
            "= "[0-9]*" "*) ;;
            "") ;;
            *) printf '%s\n' "$line" ;;
        esac
    done
    echo "no answer from the virtual machine"
    return 1
}

vm() {
    local line=$* number
    number=$(($(cat "$work/control.number") + 1))
    echo "$number" >"$work/control.number"
    printf '%s %s\n' "$number" "${line//$'\n'/ }" >&"$vm_in"
    vm_answer "$number" "$vm_patience"
}
