# The end of a tunnel in user space, over AF_XDP sockets: see nodes.sh. Sourced by xdp/run.
. "$here/lib/nodes.sh"

# One pair of nodes: FAMILY of the underlay 4|6, what else our command is told, -- the kernel's device, and what it is told.
pair() { # NAME FAMILY OURS … -- DEVICE …
    local name=$1 family=$2 ours=()
    shift 2
    while [ "$1" != -- ]; do ours+=("$1"); shift; done
    nodes "$family" "${@:2}"
    begin node "$(dirname "$loader")/afxdp-vtep" "${ends[@]}" "${ours[@]}"
    through "$name"
    strangers
    kill -TERM "${pids[-1]}"
    check "$name: it ends when it is told to" wait "${pids[-1]}"
    unset "pids[-1]"
    for line in "taken apart: [1-9]" "put in: [1-9]" "answered: [1-9]" "lost: 0$"; do
        check "$name: ${line%%:*}" grep "^$line" "$told_by"
    done
    # Nobody knows pods that there are not, and other nodes' networks.
    check "$name: dropped for a receiver that is none" grep "^dropped, for no known receiver: 3$" "$told_by"
}

# What is for nobody.
strangers() {
    ns pod ip neigh replace 10.244.0.9 lladdr 02:00:00:00:00:09 dev eth0
    ns pod ping -q -c 3 -i 0.1 -W 1 10.244.0.9 >"$log.strangers" || true
}

kinds pair
