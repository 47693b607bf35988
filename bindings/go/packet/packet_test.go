package packet

import (
	"bytes"
	"errors"
	"net/netip"
	"testing"
)

// Ethernet, IPv4 and UDP with "hello": 192.0.2.1:4000 to 192.0.2.2:53.
var frame = []byte{
	2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0,
	0x45, 0, 0, 33, 0, 0, 0x40, 0, 64, 17, 0xb6, 0xc8, 192, 0, 2, 1, 192, 0, 2, 2,
	0x0f, 0xa0, 0, 53, 0, 13, 0x28, 0x29, 'h', 'e', 'l', 'l', 'o',
}

var (
	here  = netip.MustParseAddr("192.0.2.1")
	there = netip.MustParseAddr("192.0.2.2")
	nat   = Changes{What: Source | SourcePort | Hop | DSCP | ECN | MSS, Source: netip.MustParseAddr("203.0.113.7"),
		SourcePort: 61000, DSCP: 46, ECN: 3, MSS: 1400}
)

// What RFC 1071 makes of the packet behind the NAT.
const rewritten = "\x45\xbb\x00\x21\x00\x00\x40\x00\x3f\x11\x3d\x07\xcb\x00\x71\x07\xc0\x00\x02\x02\xee\x48\x00\x35\x00\x0d\xcf\x79hello"

func TestChecksums(t *testing.T) {
	// RFC 1071 §3: the sum is ddf2.
	if sum := Checksum([]byte{0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}); sum != 0x220d {
		t.Errorf("%#x", sum)
	}
	if sum := Checksum(nil); sum != 0xffff {
		t.Errorf("%#x", sum)
	}
	if sum, err := UpperLayerChecksum(here, there, 17, frame[34:]); err != nil || sum != 0 {
		t.Error(err, sum)
	}
	if _, err := UpperLayerChecksum(here, netip.IPv6LinkLocalAllNodes(), 17, frame[34:]); !errors.Is(err, Argument) {
		t.Error(err)
	}
	// RFC 1624 §4.
	if sum, err := UpdateChecksum(0xdd2f, 8, []byte{0x55, 0x55}, []byte{0x32, 0x85}); err != nil || sum != 0 {
		t.Error(err, sum)
	}
	if _, err := UpdateChecksum(0, 0, []byte{1}, nil); err == nil {
		t.Error("a byte became none")
	}
}

func TestFlows(t *testing.T) {
	want := Flow{Source: here, Destination: there, SourcePort: 4000, DestinationPort: 53, Protocol: 17, HasPorts: true}
	if flow, err := FlowOf(Ethernet, frame); err != nil || flow != want {
		t.Error(err, flow)
	}
	var of *Error
	if _, err := FlowOf(Ethernet, frame[:36]); !errors.As(err, &of) || !errors.Is(err, Truncated) || of.Layer != "UDP" || of.Offset != 14 {
		t.Error(err)
	}
	if _, err := FlowOf(Ethernet, nil); !errors.Is(err, Truncated) {
		t.Error(err)
	}
	if _, err := FlowOf(7, frame); !errors.Is(err, Argument) {
		t.Error(err)
	}
	back := append([]byte(nil), frame...)
	copy(back[26:], "\xc0\x00\x02\x02\xc0\x00\x02\x01\x00\x35\x0f\xa0")
	one, err := Hash(Ethernet, frame, true)
	other, wrong := Hash(RawIP, back[14:], true)
	if err != nil || wrong != nil || one != other {
		t.Error(err, wrong, one, other)
	}
	one, err = Hash(Ethernet, frame, false)
	other, wrong = Hash(Ethernet, back, false)
	if err != nil || wrong != nil || one == other {
		t.Error(err, wrong, one, other)
	}
	if _, err := Hash(7, frame, false); !errors.Is(err, Argument) {
		t.Error(err)
	}
}

func TestOnePacketChanged(t *testing.T) {
	buffer := append(make([]byte, 4), frame...)
	start, made, err := Rewrite(Ethernet, buffer, 4, nat)
	if err != nil || start != 4 || made != nat.What&^MSS || string(buffer[18:]) != rewritten {
		t.Fatalf("%v %d %b %x", err, start, made, buffer)
	}
	start, made, err = Rewrite(Ethernet, buffer, 4, Changes{What: PushTag, TPID: 0x8100, Tag: 0xa007})
	if err != nil || start != 0 || made != PushTag || !bytes.Equal(buffer[12:18], []byte{0x81, 0, 0xa0, 7, 8, 0}) {
		t.Errorf("%v %d %b %x", err, start, made, buffer)
	}
	if _, _, err = Rewrite(Ethernet, buffer, 0, Changes{What: PushTag, TPID: 0x8100}); !errors.Is(err, NoRoom) {
		t.Error(err)
	}
	if _, _, err = Rewrite(Ethernet, buffer, 0, Changes{What: Destination, Destination: netip.IPv6LinkLocalAllNodes()}); !errors.Is(err, Argument) {
		t.Error(err)
	}
	for _, start := range []int{-1, len(buffer) + 1} {
		if _, _, err := Rewrite(Ethernet, buffer, start, nat); !errors.Is(err, NoRoom) {
			t.Error(start, err)
		}
	}
}

// More packets than go over the border at once, one of them bad.
func TestBatches(t *testing.T) {
	const many, bad = 150, 70
	batch := NewBatch(many, 64, 8)
	for batch.Len() < many {
		length := copy(batch.Next(), frame)
		if batch.Len() == bad {
			length = 20
		}
		batch.Add(length)
	}
	flows, hashes, changes, made := make([]Flow, many), make([]uint32, many), make([]Changes, many), make([]Change, many)
	if err := batch.Flows(Ethernet, flows); err != nil {
		t.Fatal(err)
	}
	hash, _ := Hash(Ethernet, frame, false)
	for i := range flows {
		if i == bad && (!errors.Is(batch.Err(i), Truncated) || flows[i] != Flow{}) || i != bad && (batch.Err(i) != nil || flows[i] != flows[0]) {
			t.Fatal(i, batch.Err(i), flows[i])
		}
		changes[i] = nat
	}
	if err := batch.Hashes(Ethernet, false, hashes); err != nil || hashes[0] != hash || hashes[many-1] != hash || hashes[bad] == hash {
		t.Error(err, hashes[0], hash)
	}
	if err := batch.Rewrite(Ethernet, changes, made); err != nil {
		t.Fatal(err)
	}
	for i := range made {
		switch {
		case i == bad:
			if !errors.Is(batch.Err(i), Truncated) || made[i] != 0 {
				t.Error(batch.Err(i), made[i])
			}
		case batch.Err(i) != nil || made[i] != nat.What&^MSS || string(batch.Packet(i)[14:]) != rewritten:
			t.Fatal(i, batch.Err(i), made[i])
		}
	}
	if batch.Flows(Ethernet, nil) == nil || batch.Hashes(Ethernet, false, nil) == nil || batch.Rewrite(Ethernet, nil, nil) == nil {
		t.Error("results go nowhere")
	}
	if err := batch.Rewrite(7, changes, nil); !errors.Is(err, Argument) {
		t.Error(err)
	}
	batch.Reset()
	if batch.Flows(Ethernet, nil) != nil || batch.Hashes(Ethernet, false, nil) != nil || batch.Rewrite(Ethernet, nil, nil) != nil {
		t.Error("an empty batch is wrong")
	}
}
