//go:build linux

package wire_test

import (
	"fmt"
	"net/netip"
	"os/exec"

	"example.invalid/container-codecs/wire"
)

var (
	podA, podB = netip.MustParseAddr("10.244.1.2"), netip.MustParseAddr("10.244.2.3")
	nodes      = [2]netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")}
)

// Every packet between two pods crossed in VNI 1 between two nodes.
func ExampleCapture() {
	ping := exec.Command("ip", "netns", "exec", "pod-a", "ping", "-c", "1", "10.244.2.3")
	seen, err := wire.Capture(wire.Place{Namespace: "node-a", Interface: "eth0"}, ping.Run)
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := seen.ExpectTunnel(podA, podB, wire.Carried{VNI: wire.VNI(1), Nodes: nodes}); err != nil {
		fmt.Println(err)
	}
}

// Without a function: packets are taken from Start until Stop.
func ExampleStart() {
	listener, err := wire.Start(wire.Place{Namespace: "/proc/4711/ns/net", Fields: []string{"tcp.flags"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	// …
	seen, err := listener.Stop()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, packet := range seen.Between(podA, podB) {
		fmt.Println(packet, packet.Text("tcp.flags"))
	}
}

// What an expectation that does not hold says.
func ExampleSeen_ExpectTunnel() {
	seen := wire.Seen{Packets: []wire.Packet{{
		Number: 1, Layers: []string{"eth", "ip", "udp", "vxlan", "eth", "ip", "icmp"},
		Ends: wire.Pair{Source: podA, Destination: podB}, Carriers: wire.Pair{Source: nodes[0], Destination: nodes[1]},
		Fields: map[string][]string{"vxlan.vni": {"7"}},
	}}}
	_, err := seen.ExpectTunnel(podA, podB, wire.Carried{VNI: wire.VNI(1)})
	fmt.Println(err)
	fmt.Println(seen.ExpectNothing(podA, podB))
	// Output:
	// packet 1 from 10.244.1.2 to 10.244.2.3 crossed in network 7, not 1
	// packet 1 from 10.244.1.2 to 10.244.2.3 crossed: eth:ip:udp:vxlan:eth:ip:icmp
}
