//go:build linux

package wire

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// setnsCall is the number of setns(2), which the package syscall knows of few architectures (asm/unistd.h).
var setnsCall = map[string]uintptr{
	"386": 346, "amd64": 308, "arm": 375, "arm64": 268, "loong64": 268, "ppc64": 350, "ppc64le": 350, "riscv64": 268, "s390x": 339,
}[runtime.GOARCH]

// namespacePath is a network namespace's file.
func namespacePath(namespace string) string {
	if strings.ContainsRune(namespace, filepath.Separator) {
		return namespace
	}
	return filepath.Join("/var/run/netns", namespace)
}

// InNamespace runs a function in a network namespace: of a name or a path, as Place has it. A thread of its own goes there, so that nobody
// else does; goroutines that the function starts do not.
func InNamespace(namespace string, work func() error) error {
	if namespace == "" {
		return work()
	}
	file, err := os.Open(namespacePath(namespace))
	if err != nil {
		return err
	}
	defer file.Close()
	done := make(chan error)
	go func() {
		err := errors.New("the function has ended its goroutine")
		defer func() { done <- err }()
		err = onThread(file, work)
	}()
	return <-done
}

// onThread takes this goroutine's thread there and back. One that cannot come back is never given to another goroutine, but ends with this.
// It comes back at all since the process' first thread cannot end, and is what /proc/PID shows.
func onThread(namespace *os.File, work func() error) error {
	runtime.LockOSThread()
	home, err := os.Open("/proc/thread-self/ns/net")
	if err != nil {
		return err
	}
	defer home.Close()
	if err := setns(namespace); err != nil {
		return err
	}
	defer func() {
		if setns(home) == nil {
			runtime.UnlockOSThread()
		}
	}()
	return work()
}

func setns(namespace *os.File) error {
	if setnsCall == 0 {
		return fmt.Errorf("the number of setns(2) on %s is not known", runtime.GOARCH)
	}
	if _, _, wrong := syscall.RawSyscall(setnsCall, namespace.Fd(), syscall.CLONE_NEWNET, 0); wrong != 0 {
		return &os.PathError{Op: "setns", Path: namespace.Name(), Err: wrong}
	}
	return nil
}
