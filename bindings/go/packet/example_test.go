package packet_test

import (
	"fmt"
	"net/netip"

	"example.invalid/container-codecs/packet"
)

// Ethernet, IPv4 and UDP with "hello": 192.0.2.1:4000 to 192.0.2.2:53.
var frame = []byte{
	2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0,
	0x45, 0, 0, 33, 0, 0, 0x40, 0, 64, 17, 0xb6, 0xc8, 192, 0, 2, 1, 192, 0, 2, 2,
	0x0f, 0xa0, 0, 53, 0, 13, 0x28, 0x29, 'h', 'e', 'l', 'l', 'o',
}

// A NAT's step: another source, a hop fewer, and every checksum with them.
func ExampleRewrite() {
	changes := packet.Changes{
		What:   packet.Source | packet.SourcePort | packet.Hop,
		Source: netip.MustParseAddr("203.0.113.7"), SourcePort: 61000,
	}
	start, _, err := packet.Rewrite(packet.Ethernet, frame, 0, changes)
	if err != nil {
		fmt.Println(err)
		return
	}
	flow, err := packet.FlowOf(packet.Ethernet, frame[start:])
	fmt.Println(flow.Source, flow.SourcePort, flow.Destination, flow.DestinationPort, err)
	// Output:
	// 203.0.113.7 61000 192.0.2.2 53 <nil>
}
