# The end of a tunnel in the kernel: see nodes.sh. Sourced by xdp/run.
. "$here/lib/nodes.sh"

# One pair of nodes: FAMILY of the underlay 4|6, what else our command is told, -- the kernel's device, and what it is told.
pair() { # NAME FAMILY OURS … -- DEVICE …
    local name=$1 family=$2 ours=()
    shift 2
    while [ "$1" != -- ]; do ours+=("$1"); shift; done
    nodes "$family" "${@:2}"
    # A veth takes what XDP sends to it only if its other end has a program.
    begin kernel "$loader" sink -i under
    begin pod "$loader" sink -i eth0
    begin node "$loader" vtep "${ends[@]}" "${ours[@]}"
    through "$name"
}

kinds pair
