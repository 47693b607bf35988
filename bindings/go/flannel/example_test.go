package flannel_test

import (
	"fmt"
	"net/netip"

	"example.invalid/container-codecs/flannel"
)

// 10.244.1.2:4000 to 10.244.2.3:53.
var packet = []byte{
	0x45, 0, 0, 28, 0, 0, 0x40, 0, 64, 17, 0x21, 0xe5, 10, 244, 1, 2, 10, 244, 2, 3, 0x0f, 0xa0, 0, 53, 0, 8, 0, 0,
}

// Where a node sends a pod's packet.
func ExampleNode_Forward() {
	routes, err := flannel.NewRoutes()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer routes.Close()
	if err := routes.Set(netip.MustParsePrefix("10.244.2.0/24"), netip.MustParseAddrPort("192.0.2.2:8285")); err != nil {
		fmt.Println(err)
		return
	}
	node, reply := flannel.Node{Address: netip.MustParseAddr("10.244.1.1")}, make([]byte, flannel.MaxAnswer)
	step, err := node.Forward(routes, packet, reply)
	fmt.Println(step.Outcome == flannel.Send, step.NextHop, err)
	// Output:
	// true 192.0.2.2:8285 <nil>
}
