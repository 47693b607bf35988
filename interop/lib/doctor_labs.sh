# Labs of the doctor, several at a time, and what is found in their captures beside a table. Whoever sources it has lab_NAME for each of $labs,
# which leaves what it records in $work and its tcpdumps in $dumps, and $program.

# A lab in namespaces of its own, with processes of its own.
run_lab() { # NAME
    local of
    # No prefix is another's beginning: mtu's and mtu-quiet's.
    lab=$1 prefix=$prefix-${1//-/_}_ pids=()
    trap cleanup EXIT
    "lab_${1//-/_}"
    sleep 0.5
    for of in "${dumps[@]}"; do kill -INT "$of" && wait "$of" || true; done
}
made() { [ "$(cat "$work/$1.status")" = 0 ] || { cat "$work/$1.out"; return 1; }; } # NAME

# Makes all of them, or those of LABS, so many at once: most of what they do is to wait.
make_labs() { # COUNT
    local name running=0
    for name in ${LABS:-$labs}; do
        (set +e; (set -e; run_lab "$name") >"$work/$name.out" 2>&1; echo $? >"$work/$name.status") &
        running=$((running + 1))
        [ "$running" -lt "$1" ] || { wait -n; running=$((running - 1)); }
    done
    wait
}

# Holds what was made against the table; RECORD is the folder whose FOLDER keeps the captures.
hold_labs() { # FOLDER: of testdata, with the table
    local name table=$root/testdata/$1 captures arguments required allowed evidence
    for name in ${LABS:-$labs}; do
        check "$name: the lab" made "$name"
    done
    # What the table's arguments name.
    find "$table" -name '*.json' -exec cp {} "$work" \;
    if [ -n "${RECORD:-}" ]; then
        mkdir -p "$RECORD/$1"
        cp "$work"/*.pcap "$RECORD/$1"
    fi
    # Each line of the table whose captures were recorded.
    while IFS=$'\t' read -r captures arguments required allowed evidence; do
        [ -e "$work/${captures%% *}" ] || continue
        check "$captures $arguments" python3 "$here/lib/doctor_judge.py" "$program" "$work" "$captures" "$arguments" "$required" "$allowed" "$evidence"
    done < <(grep -v '^#' "$table/expected.tsv" | tail -n +2)
}

run_labs() { # FOLDER
    make_labs 6
    hold_labs "$1"
}
