# Packets built by ours and read by Debian's Scapy and PyNaCl, and the reverse. Sourced by ipip.sh, cilium.sh and weave.sh.

missing=()
/usr/bin/python3 -c 'import scapy.all' 2>/dev/null || missing+=(python3-scapy)
/usr/bin/python3 -c 'import nacl.bindings' 2>/dev/null || missing+=(python3-nacl)
if [ "${#missing[@]}" -gt 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
fi
cargo build --quiet --release --locked --manifest-path "$here/vtep/Cargo.toml"
/usr/bin/python3 "$here/lib/forge.py" "$here/vtep/target/release/forge" "$1"
