package layers_test

import (
	"fmt"

	"example.invalid/container-codecs/layers"
)

// Ethernet, IPv4 and UDP with "hello": 192.0.2.1:4000 to 192.0.2.2:53.
var frame = []byte{
	2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0,
	0x45, 0, 0, 33, 0, 0, 0x40, 0, 64, 17, 0xb6, 0xc8, 192, 0, 2, 1, 192, 0, 2, 2,
	0x0f, 0xa0, 0, 53, 0, 13, 0x28, 0x29, 'h', 'e', 'l', 'l', 'o',
}

// The addresses of every IPv4 header of a packet, those within tunnels too.
func ExampleWalk() {
	found, err := layers.Walk(layers.LinkEthernet, frame)
	for _, layer := range found {
		if layer.Kind == layers.KindIPv4 {
			header := layers.IPv4(layer.Header(frame))
			fmt.Println(header.Source(), header.Destination())
		}
	}
	if err != nil {
		fmt.Println("and what is behind them is wrong:", err)
	}
	// Output:
	// 192.0.2.1 192.0.2.2
}
