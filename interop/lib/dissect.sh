# What the cases share that record a wire and hold packet-dissect to tshark: both programs, a folder of their own that goes with the
# script, and the recording. Sourced by them.

. "$here/lib/check.sh"
command -v tshark >/dev/null || {
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends tshark >/dev/null
}
work=$(mktemp -d "/tmp/$prefix.XXXXXX")
trap 'cleanup; rm -rf "$work"' EXIT
root=$(cd "$here/.." && pwd)
(cd "$root" && cargo build --release --quiet --locked -p packet-dissect)
program=${CARGO_TARGET_DIR:-$root/target}/release/packet-dissect

dump_begin() { # NAMESPACE INTERFACE FILE [FILTER …]
    ip netns exec "$prefix-$1" tcpdump -q -U --immediate-mode -i "$2" -s 0 -w "$3" "${@:4}" 2>"$work/tcpdump" &
    dump=$!
    pids+=("$dump")
    for _ in $(seq 50); do grep -qs listening "$work/tcpdump" && break; sleep 0.1; done
}
dump_end() {
    local pid left=()
    sleep 0.5
    kill -INT "$dump"
    wait "$dump" || true
    # Whole ids: one may stand within another.
    for pid in "${pids[@]}"; do [ "$pid" = "$dump" ] || left+=("$pid"); done
    pids=("${left[@]}")
}
