package flannel

import (
	"bytes"
	"errors"
	"net/netip"
	"testing"
)

// 10.244.1.2:4000 to 10.244.2.3:53.
var pod = []byte{
	0x45, 0, 0, 28, 0, 0, 0x40, 0, 64, 17, 0x21, 0xe5, 10, 244, 1, 2, 10, 244, 2, 3, 0x0f, 0xa0, 0, 53, 0, 8, 0, 0,
}

func TestSteps(t *testing.T) {
	routes, err := NewRoutes()
	if err != nil {
		t.Fatal(err)
	}
	defer routes.Close()
	node, packet, reply := Node{Address: netip.MustParseAddr("10.244.1.1")}, append([]byte(nil), pod...), make([]byte, MaxAnswer)

	// RFC 792: a network that cannot be reached, from the node, with the proxy's 8 hops to live.
	step, err := node.Forward(routes, packet, reply)
	answer := "\x45\x00\x00\x38\x00\x00\x00\x00\x08\x01\x9a\xdb\x0a\xf4\x01\x01\x0a\xf4\x01\x02\x03\x00\xed\x22\x00\x00\x00\x00" + string(pod)
	if err != nil || step.Outcome != Answer || step.Reason != NoRoute || string(step.Answer) != answer {
		t.Errorf("%v %+v", err, step)
	}
	if _, err := node.Forward(routes, packet, reply[:55]); !errors.Is(err, NoRoom) {
		t.Error(err)
	}

	near, there := netip.MustParsePrefix("10.244.2.0/24"), netip.MustParseAddrPort("192.0.2.2:8285")
	if err := routes.Set(near, there); err != nil || routes.Len() != 1 {
		t.Fatal(err)
	}
	step, err = node.Forward(routes, packet, nil)
	if err != nil || step.Outcome != Send || step.NextHop != there || !bytes.Equal(packet[8:12], []byte{63, 17, 0x22, 0xe5}) {
		t.Errorf("%v %+v %x", err, step, packet)
	}
	if step, err = node.Deliver(packet, nil); err != nil || step.Outcome != Deliver || packet[8] != 62 {
		t.Errorf("%v %+v", err, step)
	}
	if step, err = node.Deliver(nil, nil); err != nil || step.Outcome != Drop || step.Reason != Malformed {
		t.Errorf("%v %+v", err, step)
	}
	if err := routes.Remove(near); err != nil {
		t.Error(err)
	}
	if err := routes.Remove(near); !errors.Is(err, None) {
		t.Error(err)
	}
	if routes.Set(netip.MustParsePrefix("fd00::/64"), there) == nil || routes.Remove(netip.Prefix{}) == nil {
		t.Error("flannel's UDP backend routes IPv6")
	}
	if _, err := (&Node{}).Deliver(packet, nil); err == nil {
		t.Error("a node without an address")
	}
	closed := &Routes{}
	if _, err := node.Forward(closed, packet, nil); err == nil || closed.Set(near, there) == nil || closed.Len() != 0 {
		t.Error("closed routes are used")
	}
}
