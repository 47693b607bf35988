package dissect

import (
	"errors"
	"io"
	"net/netip"
	"path/filepath"
	"testing"
	"time"
)

// Ethernet, IPv4 and UDP with "hello": 192.0.2.1:4000 to 192.0.2.2:53.
var packet = []byte{
	2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0,
	0x45, 0, 0, 33, 0, 0, 0x40, 0, 64, 17, 0xb6, 0xc8, 192, 0, 2, 1, 192, 0, 2, 2,
	0x0f, 0xa0, 0, 53, 0, 13, 0x28, 0x29, 'h', 'e', 'l', 'l', 'o',
}

func testdata(name string) string { return filepath.Join("..", "..", "..", "testdata", name) }

func TestFieldsInBatches(t *testing.T) {
	dissector, err := New(FieldIpSource, FieldUdpDestinationPort, FieldFrameProtocols, FieldFrameTimeEpoch)
	if err != nil {
		t.Fatal(err)
	}
	defer dissector.Close()
	at := time.Unix(1700000000, 5)
	const count = 1000
	for number := uint64(1); number <= count; number++ {
		dissector.Add(Record{Number: number, Time: at, Original: len(packet), LinkType: 1, Bytes: packet})
	}
	seen := uint64(0)
	err = dissector.Flush(func(packet *Packet) error {
		seen++
		source, _ := packet.Get(FieldIpSource)
		port, _ := packet.Get(FieldUdpDestinationPort)
		stamp, _ := packet.Get(FieldFrameTimeEpoch)
		if packet.Number != seen || source.Addr() != netip.MustParseAddr("192.0.2.1") || port.Number() != 53 {
			t.Fatal(packet.Number, source, port)
		}
		if packet.Text(FieldFrameProtocols) != "eth:ip:udp:data" || stamp.String() != "1700000000.000000005" {
			t.Fatal(packet.Text(FieldFrameProtocols), stamp)
		}
		return nil
	})
	if err != nil || seen != count {
		t.Fatal(seen, err)
	}
	if err := dissector.Flush(func(*Packet) error { return errors.New("a packet is left") }); err != nil {
		t.Error(err)
	}
}

// flannel-vxlan-underlay.pcap: what its reference decode has.
func TestCapture(t *testing.T) {
	capture, err := Open(testdata("flannel-vxlan-underlay.pcap"))
	if err != nil {
		t.Fatal(err)
	}
	defer capture.Close()
	dissector, err := New(FieldVxlanVni, FieldInnerIpSource)
	if err != nil {
		t.Fatal(err)
	}
	defer dissector.Close()
	overlay := 0
	pods := netip.MustParsePrefix("10.244.0.0/16")
	err = dissector.Each(capture, func(packet *Packet) error {
		vni, is := packet.Get(FieldVxlanVni)
		source, isIPv4 := packet.Get(FieldInnerIpSource)
		if is && isIPv4 {
			overlay++
			if vni.Number() != 1 || !pods.Contains(source.Addr()) {
				t.Error(packet.Number, vni, source)
			}
		}
		return nil
	})
	if err != nil || overlay == 0 {
		t.Error(overlay, err)
	}
}

func TestNoCapture(t *testing.T) {
	if _, err := Open("/no/such/file"); err == nil {
		t.Error("it was opened")
	}
	capture, err := Open(testdata("flannel-vxlan.pcap"))
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = capture.Next()
	}
	if err != io.EOF {
		t.Error(err)
	}
	capture.Close()
	if _, err := capture.Next(); err == nil || err == io.EOF {
		t.Error("a closed capture was read")
	}
}

func TestNames(t *testing.T) {
	field, err := FieldNamed("ip.src")
	if err != nil || field != FieldIpSource || field.String() != "ip.src" || field.Kind() != KindIPv4 {
		t.Error(field, err)
	}
	if _, err := FieldNamed("ip.sroc"); err == nil {
		t.Error("there is such a field")
	}
	if _, err := New(Field(60000)); err == nil {
		t.Error("there is such a field")
	}
}
