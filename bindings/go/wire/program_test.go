//go:build linux && !cgo

package wire

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// standIn is a program in place of packet-dissect.
func standIn(t *testing.T, script string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "stand-in")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PACKET_DISSECT", path)
}

// The words are those of packet-dissect's own (packet-dissect/src/cli/live).
func TestWhatTheProgramSays(t *testing.T) {
	for _, row := range []struct{ script, begins, ends string }{
		{"echo 'packet-dissect: x0: no permission to capture, which takes root' >&2; exit 1", "no permission", ""},
		{"exit 0", "does not say that it listens", ""},
		{"echo capturing on x0 >&2; trap 'echo 1 packet captured, 0 dropped by the kernel >&2; exit 0' INT; while :; do sleep 0.01; done", "", ""},
		{"echo capturing on x0 >&2; echo 9 packets captured, 0 dropped by the kernel >&2; echo packet-dissect: x0: the interface is gone >&2; exit 1", "", ""},
		{"echo capturing on x0 >&2; exit 0", "", "does not say how many packets there were"},
		{"echo capturing on x0 >&2; echo packet-dissect: x0: it broke >&2; exit 1", "", "x0: it broke"},
		{"echo capturing on x0 >&2; echo 9 packets captured, 0 dropped by the kernel >&2; echo packet-dissect: x0: it broke >&2; exit 1", "", "x0: it broke"},
		{"echo capturing on x0 >&2; echo '{'; echo 9 packets captured, 0 dropped by the kernel >&2", "", "cannot be read"},
	} {
		standIn(t, row.script)
		listener, err := Start(Place{Interface: "x0"})
		if row.begins != "" {
			wantError(t, err, row.begins)
			continue
		}
		if err != nil {
			t.Error(row.script, err)
			continue
		}
		_, err = listener.Stop()
		if row.ends != "" {
			wantError(t, err, row.ends)
		} else if err != nil {
			t.Error(row.script, err)
		}
	}
}

func TestNoPermission(t *testing.T) {
	standIn(t, "echo 'packet-dissect: x0: no permission to capture, which takes root or the capability CAP_NET_RAW' >&2; exit 1")
	if _, err := Start(Place{Interface: "x0"}); !errors.Is(err, fs.ErrPermission) {
		t.Error(err)
	}
}

func TestNoProgram(t *testing.T) {
	t.Setenv("PACKET_DISSECT", "")
	t.Setenv("PATH", t.TempDir())
	if _, err := Start(Place{Interface: "lo"}); !errors.Is(err, exec.ErrNotFound) {
		t.Error(err)
	}
}

// Packets for which the kernel had no room are told of, and nothing is said of the others.
func TestDropped(t *testing.T) {
	standIn(t, "echo capturing on x0 >&2; trap 'echo 12 packets captured, 5 dropped by the kernel >&2; exit 0' INT; while :; do sleep 0.01; done")
	seen, err := Capture(Place{Interface: "x0"}, func() error { return nil })
	if err != nil || seen.Dropped != 5 {
		t.Fatal(seen, err)
	}
	wantError(t, seen.ExpectNothing(podAddresses[0], podAddresses[1]), `^5 packets came faster than they were taken: nothing can be said of all$`)
}
