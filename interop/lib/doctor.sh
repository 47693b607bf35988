# `packet-dissect diagnose` in networks where something is really wrong: each fault is made in namespaces wired as a CNI wires its nodes,
# recorded at both of them, and what is found is held against testdata/doctor/expected.tsv; where nothing is wrong nothing may be found.
# Offloads stay as they are: there are segments of 64 kB in the captures, and checksums that nobody filled in yet.
#
# RECORD=testdata keeps the captures in its doctor/; LABS="NAME …" makes some alone. Sourced by interop/run.

. "$here/lib/check.sh"
need nft nftables
/usr/bin/python3 -c 'import nacl.bindings' 2>/dev/null || missing+=(python3-nacl)
if [ "${#missing[@]}" -gt 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
fi
work=$(mktemp -d "/tmp/$prefix.XXXXXX")
trap 'cleanup; rm -rf "$work"' EXIT
root=$(cd "$here/.." && pwd)
(cd "$root" && cargo build --release --quiet --locked -p packet-dissect)
(cd "$root" && cargo build --release --quiet --locked -p flannel-udp-codec --features lease --example node)
proxy=${CARGO_TARGET_DIR:-$root/target}/release/examples/node
program=${CARGO_TARGET_DIR:-$root/target}/release/packet-dissect

. "$here/lib/doctor_nodes.sh"
. "$here/lib/doctor_labs.sh"
. "$here/lib/doctor_faults.sh"
run_labs doctor
finish
