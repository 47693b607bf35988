# Namespaces whose names begin with $prefix, and processes that a script started, by their ids. Sourced by whoever makes them.

pids=()
ns() { ip netns exec "$prefix-$1" "${@:2}"; }
cleanup() {
    local pid name
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done
    pids=()
    for name in $(ip netns list | awk -v p="$prefix-" 'index($1, p) == 1 { print $1 }'); do ip netns del "$name"; done
}
