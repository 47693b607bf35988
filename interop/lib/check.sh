# Counting what holds. Sourced by the cases; what a check prints goes to $log, and is shown if it fails.

passed=0
failed=0
log=$(mktemp "/tmp/$prefix.log.XXXXXX")

check() { # NAME COMMAND …: counts, and says what failed
    local name=$1
    shift
    if "$@" >"$log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $name"
        sed 's/^/    /' "$log" | tail -6
    fi
}
refuse() { ! "$@"; }

count() { # FILE: adds what a program counted, whose last line is: N passed, M failed
    local counted
    sed '$d' "$1"
    counted=$(tail -1 "$1")
    if [[ $counted =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        passed=$((passed + BASH_REMATCH[1]))
        failed=$((failed + BASH_REMATCH[2]))
    else
        echo "$counted"
        failed=$((failed + 1))
    fi
}

# A part that this machine cannot do is told last, unless another one failed.
finish() {
    cleanup
    rm -f "$log"
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
    [ -z "${vm_skip:-}" ] || { echo "SKIPPED: $vm_skip"; exit 3; }
}
