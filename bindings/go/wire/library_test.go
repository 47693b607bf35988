//go:build linux && cgo

package wire

import (
	"syscall"
	"testing"
)

// Packets for which the kernel has no room are told of, and nothing is said of the others.
func TestDropped(t *testing.T) {
	nodes := makeNodes(t)
	listener, err := Start(Place{Namespace: nodes[0], Interface: "eth0"})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := listener.taking.socket.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	// Room for a packet or two: they come faster than a goroutine is woken.
	_ = conn.Control(func(fd uintptr) { err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUFFORCE, 1) })
	if err != nil {
		t.Fatal(err)
	}
	frame := append([]byte{2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0}, datagram...)
	frame = append(frame, make([]byte, 1300)...)
	const sent = 2000
	if err := sendFrames(nodes[1], frame, sent); err != nil {
		t.Fatal(err)
	}
	seen, err := listener.Stop()
	if err != nil {
		t.Fatal(err)
	}
	if seen.Dropped == 0 || seen.Dropped > sent+100 {
		t.Error(seen.Dropped, len(seen.Packets))
	}
	wantError(t, seen.ExpectNothing(podAddresses[0], podAddresses[1]), `^\d+ packets came faster than they were taken: nothing can be said of all$`)
}

// Linux's own numbers (linux/if_arp.h): of a GRE tunnel, IPGRE, nothing is known in front of the network layer.
func TestLinks(t *testing.T) {
	for kind, link := range map[uint16]uint32{1: linkEthernet, 772: linkEthernet, 65534: linkIP, 519: linkIP, 768: linkIP, 776: linkIP, 778: linkCooked} {
		if linkOf(kind) != link {
			t.Error(kind, linkOf(kind))
		}
	}
}
