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

finish() {
    cleanup
    rm -f "$log"
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
