package tunnel_test

import (
	"fmt"
	"net/netip"

	"example.invalid/container-codecs/tunnel"
)

// Ethernet, IPv4 and UDP with "hello": 192.0.2.1:4000 to 192.0.2.2:53.
var frame = []byte{
	2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0,
	0x45, 0, 0, 33, 0, 0, 0x40, 0, 64, 17, 0xb6, 0xc8, 192, 0, 2, 1, 192, 0, 2, 2,
	0x0f, 0xa0, 0, 53, 0, 13, 0x28, 0x29, 'h', 'e', 'l', 'l', 'o',
}

// A frame goes into VXLAN where it stands, and comes out again.
func ExampleTunnel_Encapsulate() {
	here, there := netip.MustParseAddr("198.51.100.1"), netip.MustParseAddr("198.51.100.2")
	vtep, err := tunnel.New(tunnel.Config{Kind: tunnel.VXLAN, Source: here, Destination: there, Key: 7})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer vtep.Close()
	buffer := append(make([]byte, vtep.Overhead()), frame...)
	start, err := vtep.Encapsulate(buffer, vtep.Overhead())
	if err != nil {
		fmt.Println(err)
		return
	}
	// Without MAC addresses the outer packet begins with IP.
	far, err := tunnel.NewDecapsulator(tunnel.Filter{Kind: tunnel.VXLAN, RawIP: true, Remote: here, Local: there})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer far.Close()
	inner, err := far.Decapsulate(buffer[start:])
	fmt.Println(inner.Key, inner.Source, inner.Offset, inner.Length, err)
	// Output:
	// 7 198.51.100.1 36 47 <nil>
}
