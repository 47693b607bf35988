# ESP of Debian's kernel, in a virtual machine, opened by packet-dissect and by tshark: two namespaces in the machine, which ping each
# other in tunnel mode and in transport mode, over IPv4 and IPv6, in UDP and not, with AES-GCM and with AES-CBC and HMAC; and once with
# each other algorithm. RECORD=testdata keeps the former in one file, and the keys. Sourced by interop/run.

work=$(mktemp -d "/tmp/$prefix.XXXXXX")
trap 'cleanup; rm -rf "$work"' EXIT
. "$here/lib/check.sh"
command -v tshark >/dev/null || {
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends tshark >/dev/null
}
root=$(cd "$here/.." && pwd)
(cd "$root" && cargo build --release --quiet --locked -p packet-dissect)
program=${CARGO_TARGET_DIR:-$root/target}/release/packet-dissect
. "$here/lib/vm.sh"
vm_modules+=" $vm_ipsec_modules"
# Perl alone can ask for ESP in UDP: a socket has to be there for what comes.
vm_programs+=" tcpdump perl"

key() { head -c "$1" /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }

# Node NUMBER of family FAMILY, and the network behind it.
node() { [ "$2" = 4 ] && echo "192.0.2.$1" || echo "2001:db8::$1"; }
pod() { [ "$2" = 4 ] && echo "10.244.$1.1" || echo "fd00:244:$1::1"; }

ipsec_start() {
    local number other
    ip netns add "$prefix-u"
    vm_boot u
    [ -z "$vm_skip" ] || return 0
    vm "mkdir -p /etc /run/netns /var && ln -s /run /var/run; echo root:x:0:0::/:/bin/sh >/etc/passwd; ip netns add n1 && ip netns add n2 &&
        ip link add w1 netns n1 address 02:00:00:00:00:01 type veth peer name w2 netns n2 address 02:00:00:00:00:02" || return
    for number in 1 2; do
        other=$((3 - number))
        vm "for device in lo w$number; do ip -n n$number link set \$device up; done;
            ip -n n$number addr add 192.0.2.$number/24 dev w$number; ip -n n$number addr add 2001:db8::$number/64 dev w$number nodad;
            ip -n n$number addr add $(pod $number 4)/32 dev lo; ip -n n$number addr add $(pod $number 6)/128 dev lo;
            for address in 192.0.2.$other 2001:db8::$other; do
                ip -n n$number neigh replace \$address lladdr 02:00:00:00:00:0$other dev w$number nud permanent; done;
            ip -n n$number route add $(pod $other 4) via 192.0.2.$other src $(pod $number 4);
            ip -n n$number route add $(pod $other 6) via 2001:db8::$other src $(pod $number 6)" || return
        vm "ip netns exec n$number /bin/perl -e 'socket(S, 2, 2, 17); setsockopt(S, 17, 100, pack(\"i\", 2)) &&
                bind(S, pack(\"Sna4x8\", 2, 4500, \"\")) or die;
                socket(T, 10, 2, 17); setsockopt(T, 41, 26, pack(\"i\", 1)); setsockopt(T, 17, 100, pack(\"i\", 2)) &&
                bind(T, pack(\"SnNa16N\", 10, 4500, 0, \"\", 0)) or die; sleep 100000' & sleep 0.5; kill -0 \$!" || return
    done
}

# Both nodes' associations and policies, of one mode and family.
ipsec_between() { # FAMILY MODE ENCAPSULATION ALGORITHM-OF-1 ALGORITHM-OF-2
    local family=$1 mode=$2 encapsulation=$3 number from
    for number in 1 2; do
        vm "ip -n n$number xfrm state flush; ip -n n$number xfrm policy flush" || return
        for from in 1 2; do
            local to=$((3 - from)) direction=out inner=pod algorithm=$4 protocol=""
            [ "$from" = 1 ] || algorithm=$5
            [ "$from" = "$number" ] || direction=in
            # Of two nodes the ping alone: ESP in UDP is not to be sealed once more.
            [ "$mode" = tunnel ] || { inner=node; protocol="proto $([ "$family" = 4 ] && echo 1 || echo 58)"; }
            vm "ip -n n$number xfrm state add src $(node $from $family) dst $(node $to $family) proto esp spi $((spi + from)) mode $mode \
                    $encapsulation $algorithm &&
                ip -n n$number xfrm policy add src $($inner $from $family) dst $($inner $to $family) $protocol dir $direction \
                    tmpl src $(node $from $family) dst $(node $to $family) proto esp mode $mode" || return
        done
    done
}

associations() { # FAMILY CIPHER KEYS CHECK KEYS: a line for each direction
    local from
    for from in 1 2; do
        local to=$((3 - from)) cipher_key=${3%% *} check_key=${5%% *}
        [ "$from" = 1 ] || cipher_key=${3##* } check_key=${5##* }
        printf '"IPv%s","%s","%s","0x%08x","%s","%s","%s","%s"\n' "$1" "$(node $from $1)" "$(node $to $1)" $((spi + from)) \
            "$2" "${cipher_key:+0x$cipher_key}" "$4" "$check_key"
    done
}

# Three pings, and one of 1000 bytes, recorded in the machine: what comes out of a tunnel is captured there once more, and is left out.
record() { # FAMILY MODE
    local to=pod
    [ "$2" = tunnel ] || to=node
    vm "cd /tmp; rm -f wire; ip netns exec n1 /bin/tcpdump -Z root -q -U --immediate-mode -i w1 -s 0 -w wire \
            esp or udp port 4500 2>tcpdump & dump=\$!;
        for _ in \$(seq 50); do grep -q listening tcpdump && break; sleep 0.1; done;
        ip netns exec n1 /bin/ping -q -c 3 -i 0.2 -W 5 $($to 2 $1) &&
            ip netns exec n1 /bin/ping -q -c 1 -W 5 -s 1000 $($to 2 $1); result=\$?;
        sleep 0.3; kill \$dump; sleep 0.3; cat tcpdump; (exit \$result)" || return
    vm "base64 /tmp/wire" | base64 -d >"$work/$spi.pcap"
}

fields=(-e frame.number -e frame.protocols -e ip.src -e ip.dst -e ip.len -e ipv6.src -e ipv6.dst -e ipv6.plen -e esp.spi -e esp.sequence
    -e esp.pad_len -e esp.protocol -e esp.icv_good -e icmp.type -e icmp.seq -e icmpv6.type -e icmpv6.echo.sequence_number)
as_tshark() { # FILE KEYS
    local line options=()
    while IFS= read -r line; do options+=(-o "uat:esp_sa:$line"); done <"$2"
    "$program" --esp-sas "$2" -T fields "${fields[@]}" "$1" >"$work/ours"
    tshark -n -r "$1" -o esp.enable_encryption_decode:TRUE -o esp.enable_authentication_check:TRUE "${options[@]}" \
        -T fields "${fields[@]}" 2>/dev/null | sed 's/\teth:ethertype:/\teth:/' >"$work/theirs"
    diff "$work/ours" "$work/theirs"
}
pings() { # FAMILY MODE: each is shown, with the tunnel around it
    local from to name="ICMP echo"
    [ "$1" = 4 ] || name="ICMPv6 echo"
    from=$(node 1 "$1") to=$(node 2 "$1")
    [ "$2" = transport ] || { from=$(pod 1 "$1"); to=$(pod 2 "$1"); }
    "$program" --esp-sas "$work/$spi.sas" "$work/$spi.pcap" >"$work/lines"
    [ "$(grep -c "$from > $to  $name request, .*  esp 0x$(printf %08x $((spi + 1)))$" "$work/lines")" = 4 ] &&
        [ "$(grep -c "$to > $from  $name reply, .*  esp 0x$(printf %08x $((spi + 2)))$" "$work/lines")" = 4 ] ||
        { cat "$work/lines"; return 1; }
}
closed() { # with the keys of the other direction
    awk -F , -v OFS=, 'NR == 1 { first = $0; cipher = $6; check = $8; next }
        { line = $0; $6 = cipher; $8 = check; print; split(line, of, ","); $0 = first; $6 = of[6]; $8 = of[8]; print }' \
        "$work/$spi.sas" >"$work/other.sas"
    "$program" --esp-sas "$work/other.sas" "$work/$spi.pcap" >"$work/lines"
    ! grep ICMP "$work/lines" && grep -q "ESP stays closed: its check value is wrong$" "$work/lines"
}

# Keys for one direction and the other, as the kernel and as Wireshark take them.
spi=256
ipsec_case() { # NAME FAMILY MODE ENCAPSULATION CIPHER LENGTH HASH: GCM's check values have LENGTH bits, the others' keys LENGTH bytes
    local name=$1 family=$2 mode=$3 encapsulation=$4 cipher="" ciphers check=NULL checks=" " algorithms=() number
    [ -z "$encapsulation" ] || encapsulation="encap espinudp 4500 4500 $([ "$family" = 4 ] && echo 0.0.0.0 || echo ::)"
    case $5 in
        gcm)
            ciphers="$(key 20) $(key 20)" cipher="AES-GCM with $(($6 / 8)) octet ICV [RFC4106]"
            for number in "${ciphers%% *}" "${ciphers##* }"; do algorithms+=("aead 'rfc4106(gcm(aes))' 0x$number $6"); done
            ;;
        cbc)
            ciphers="$(key "$6") $(key "$6")" cipher="AES-CBC [RFC3602]"
            algorithms=("enc 'cbc(aes)' 0x${ciphers%% *}" "enc 'cbc(aes)' 0x${ciphers##* }")
            ;;
        null) ciphers=" " cipher=NULL algorithms=("enc 'ecb(cipher_null)' ''" "enc 'ecb(cipher_null)' ''") ;;
    esac
    if [ -n "${7:-}" ]; then
        local hash=${7%-*} bits=${7#*-} length rfc=RFC4868
        length=$((hash / 8))
        [ "$hash" != 1 ] || { length=20; rfc=RFC2404; }
        checks="0x$(key $length) 0x$(key $length)" check="HMAC-SHA-$7 [$rfc]"
        algorithms[0]+=" auth-trunc 'hmac(sha$hash)' ${checks%% *} $bits"
        algorithms[1]+=" auth-trunc 'hmac(sha$hash)' ${checks##* } $bits"
    fi
    associations "$family" "$cipher" "$ciphers" "$check" "$checks" >"$work/$spi.sas"
    check "$name: both ends are made" ipsec_between "$family" "$mode" "$encapsulation" "${algorithms[@]}"
    check "$name: pings" record "$family" "$mode"
    check "$name: they are shown" pings "$family" "$mode"
    check "$name: as tshark opens them" as_tshark "$work/$spi.pcap" "$work/$spi.sas"
    check "$name: closed with other keys" closed
    spi=$((spi + 16))
}

vm_prepare
[ -n "$vm_skip" ] || check "two nodes in the machine" ipsec_start
if [ -z "$vm_skip" ]; then
    for algorithms in "gcm 128" "cbc 16 256-128"; do
        for mode in tunnel transport; do
            for family in 4 6; do
                ipsec_case "$algorithms, $mode, IPv$family" $family $mode "" $algorithms
                ipsec_case "$algorithms, $mode, IPv$family, in UDP" $family $mode udp $algorithms
            done
        done
    done
    recorded=$(ls "$work"/[0-9]*.pcap | sort -V)
    for algorithms in "gcm 64" "gcm 96" "cbc 32 1-96" "cbc 24 384-192" "cbc 16 512-256" "null 0 256-128"; do
        ipsec_case "$algorithms" 4 tunnel "" $algorithms
    done
    if [ -n "${RECORD:-}" ]; then
        mergecap -a -F pcap -w "$RECORD/ipsec.pcap" $recorded
        cat ${recorded//.pcap/.sas} >"$RECORD/ipsec.pcap.sas"
        sh "$here/lib/fields.sh" "$RECORD/ipsec.pcap" >"$RECORD/ipsec.pcap.tsv"
    fi
fi
finish
