package layers

import (
	"errors"
	"net"
	"net/netip"
	"path/filepath"
	"testing"

	"example.invalid/container-codecs/dissect"
)

// Ethernet, IPv4 and UDP with "hello": 192.0.2.1:4000 to 192.0.2.2:53.
var hello = []byte{
	2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0,
	0x45, 0, 0, 33, 0, 0, 0x40, 0, 64, 17, 0xb6, 0xc8, 192, 0, 2, 1, 192, 0, 2, 2,
	0x0f, 0xa0, 0, 53, 0, 13, 0x28, 0x29, 'h', 'e', 'l', 'l', 'o',
}

// RFC 791: a total length is at least the header's.
func tooShort() []byte {
	wrong := append([]byte(nil), hello...)
	wrong[17] = 10
	return wrong
}

type place struct {
	name                   string
	offset, length, parent int
}

func places(layers []Layer) (all []place) {
	for _, layer := range layers {
		all = append(all, place{layer.Kind.String(), int(layer.Offset), int(layer.Length), layer.Parent()})
	}
	return all
}

var helloPlaces = []place{{"eth", 0, 14, -1}, {"ip", 14, 20, 0}, {"udp", 34, 8, 1}, {"data", 42, 5, 2}}

func expect(t *testing.T, layers []Layer, want []place) {
	t.Helper()
	got := places(layers)
	if len(got) != len(want) {
		t.Fatalf("%v, not %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, not %+v", got[i], want[i])
		}
	}
}

func TestWalk(t *testing.T) {
	layers, err := Walk(LinkEthernet, hello)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, layers, helloPlaces)
	if _, err := Walk(LinkEthernet, nil); err == nil {
		t.Error("an empty packet has a layer")
	}
	layers, err = Walk(LinkRaw, hello[14:])
	if err != nil || len(layers) != 3 || layers[0].Kind != KindIPv4 {
		t.Error(layers, err)
	}
}

func TestErrorsSayWhereAndWhy(t *testing.T) {
	layers, err := Walk(LinkEthernet, tooShort())
	var of *Error
	if !errors.As(err, &of) {
		t.Fatal(err)
	}
	if of.Layer != "IPv4" || of.Field != "total length" || of.Value != 10 || of.Limit != 20 || of.Offset != 14 {
		t.Errorf("%+v", of)
	}
	if text := "at byte 14: IPv4 is malformed: total length is 10, it must be at least 20"; err.Error() != text {
		t.Error(err)
	}
	expect(t, layers, helloPlaces[:1])
}

// Of each packet of a batch what is its own, a wrong one and one of 300 VLAN tags among them; more than one call into the library takes.
func TestBatches(t *testing.T) {
	deep := append([]byte(nil), hello[:12]...)
	for i := 0; i < 300; i++ {
		deep = append(deep, 0x81, 0, 0, 1)
	}
	kinds := [][]byte{hello, tooShort(), deep, nil}
	var buffer []byte
	var spans []Span
	for i := 0; i < 200; i++ {
		packet := kinds[i%len(kinds)]
		spans = append(spans, Span{uint32(len(buffer)), uint32(len(packet))})
		buffer = append(buffer, packet...)
	}
	walker := Walker{LinkType: LinkEthernet}
	for round := 0; round < 2; round++ {
		if err := walker.Walk(buffer, spans); err != nil {
			t.Fatal(err)
		}
		for i := range spans {
			switch i % len(kinds) {
			case 0:
				expect(t, walker.Layers(i), helloPlaces)
				if walker.Err(i) != nil {
					t.Error(walker.Err(i))
				}
			case 1:
				expect(t, walker.Layers(i), helloPlaces[:1])
				if walker.Err(i) == nil || walker.IsTruncated(i) {
					t.Error(i, walker.Err(i))
				}
			case 2:
				if len(walker.Layers(i)) != 256 || walker.Err(i) == nil {
					t.Error(i, len(walker.Layers(i)), walker.Err(i))
				}
			case 3:
				if len(walker.Layers(i)) != 0 || !walker.IsTruncated(i) {
					t.Error(i, walker.Layers(i), walker.Err(i))
				}
			}
		}
	}
	if err := walker.Walk(buffer, nil); err != nil {
		t.Error(err)
	}
	if err := walker.Walk(hello, []Span{{0, 48}}); err == nil {
		t.Error("a packet ends behind its buffer")
	}
	if err := walker.Walk(hello, []Span{{4294967295, 4294967295}}); err == nil {
		t.Error("a packet begins behind its buffer")
	}
}

// An outer and an inner header of a tunnel, none of what there is not, and nothing of what an ICMP error quotes.
func TestOutline(t *testing.T) {
	walker := Walker{LinkType: LinkEthernet}
	outlines, err := walker.Outline(hello, []Span{{0, 47}, {0, 12}})
	if err != nil {
		t.Fatal(err)
	}
	of := outlines[0]
	if of.Outer != 14 || of.Network != 14 || of.NetworkKind != KindIPv4 || of.Transport != 34 || of.TransportKind != KindUDP {
		t.Errorf("%+v", of)
	}
	if of.Tunnel != None || of.TunnelKind != KindNone || of.Layers != 4 || !of.IsGood() {
		t.Errorf("%+v", of)
	}
	if of := outlines[1]; of.IsGood() || of.Outer != None || of.Layers != 0 {
		t.Errorf("%+v", of)
	}
	capture, err := dissect.Open(filepath.Join("..", "..", "..", "testdata", "icmp-errors.pcap"))
	if err != nil {
		t.Fatal(err)
	}
	defer capture.Close()
	quoting := 0
	for {
		record, err := capture.Next()
		if err != nil {
			break
		}
		layers, _ := Walk(record.LinkType, record.Bytes)
		outlines, _ := (&Walker{LinkType: record.LinkType}).Outline(record.Bytes, []Span{{0, uint32(len(record.Bytes))}})
		for _, layer := range layers {
			if layer.IsQuoted() {
				quoting++
				if outlines[0].Network >= layer.Offset || outlines[0].TransportKind == KindUDP {
					t.Errorf("%d: %+v", record.Number, outlines[0])
				}
				break
			}
		}
	}
	if quoting == 0 {
		t.Error("no packet quotes another")
	}
	if outlines, err := walker.Outline(hello, nil); err != nil || len(outlines) != 0 {
		t.Error(outlines, err)
	}
	if _, err := walker.Outline(hello, []Span{{0, 48}}); err == nil {
		t.Error("a packet ends behind its buffer")
	}
}

func TestHeaders(t *testing.T) {
	layers, _ := Walk(LinkEthernet, hello)
	ethernet, ip, udp := Ethernet(layers[0].Header(hello)), IPv4(layers[1].Header(hello)), UDP(layers[2].Header(hello))
	if ethernet.Destination().String() != "02:00:00:00:00:02" || ethernet.Type() != 0x800 {
		t.Error(ethernet)
	}
	if ip.Source() != netip.MustParseAddr("192.0.2.1") || ip.HeaderLength() != 20 || !ip.DontFragment() || ip.TTL() != 64 {
		t.Error(ip)
	}
	if udp.SourcePort() != 4000 || udp.DestinationPort() != 53 || udp.Checksum() != 0x2829 {
		t.Error(udp)
	}
}

func TestParser(t *testing.T) {
	var (
		ethernet Ethernet
		ip       IPv4
		udp      UDP
		decoded  []Kind
	)
	parser := NewParser(LinkEthernet, &ethernet, &ip, &udp)
	if err := parser.DecodeLayers(hello, &decoded); err != nil {
		t.Fatal(err)
	}
	if len(decoded) != 3 || decoded[0] != KindEthernet || decoded[2] != KindUDP || udp.DestinationPort() != 53 {
		t.Error(decoded, udp)
	}
	if err := parser.DecodeLayers(tooShort(), &decoded); err == nil || len(decoded) != 1 || parser.Truncated {
		t.Error(decoded, err)
	}
	if err := parser.DecodeLayers(hello[:40], &decoded); err == nil || !parser.Truncated {
		t.Error(decoded, err)
	}
}

func TestNothingIsAllocated(t *testing.T) {
	walker := Walker{LinkType: LinkEthernet}
	spans := []Span{{0, uint32(len(hello))}}
	allocations := testing.AllocsPerRun(100, func() {
		if walker.Walk(hello, spans) != nil || len(walker.Layers(0)) != 4 {
			t.Fatal()
		}
	})
	if allocations != 0 {
		t.Error(allocations)
	}
}

type getter struct {
	kind  Kind
	field dissect.Field
	read  func([]byte) any
}

// Each getter gives of each frame of testdata/ what a dissector says.
func TestGettersAgreeWithTheDissector(t *testing.T) {
	paths, _ := filepath.Glob(filepath.Join("..", "..", "..", "testdata", "*.pcap"))
	if len(paths) < 30 {
		t.Fatal(paths)
	}
	seen := 0
	for _, path := range paths {
		capture, err := dissect.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		dissector, err := dissect.NewWithLayers()
		if err != nil {
			t.Fatal(err)
		}
		linkTypes := map[uint64]uint32{}
		source := recorded{capture, linkTypes}
		err = dissector.Each(source, func(packet *dissect.Packet) error {
			layers, _ := Walk(linkTypes[packet.Number], packet.Bytes())
			at := -1
			for i := 0; i < packet.Len(); i++ {
				value := packet.Value(i)
				if value.IsLayer() {
					at++
					// What was put together or opened stands elsewhere.
					if at >= len(layers) || value.Layer() != layers[at].Kind.String() {
						break
					}
					continue
				}
				if at < 0 {
					continue
				}
				for _, getter := range getters {
					if getter.kind == layers[at].Kind && getter.field == value.Field() && isFirst(packet, i) {
						compare(t, getter, layers[at].Header(packet.Bytes()), value)
						seen++
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(path, err)
		}
		dissector.Close()
		capture.Close()
	}
	if seen < 10000 {
		t.Error(seen)
	}
}

// isFirst says whether a value is the first of its field in its layer: of a stack of labels a getter reads the first.
func isFirst(packet *dissect.Packet, i int) bool {
	for before := i - 1; before >= 0 && !packet.Value(before).IsLayer(); before-- {
		if packet.Value(before).Field() == packet.Value(i).Field() {
			return false
		}
	}
	return true
}

func compare(t *testing.T, getter getter, header []byte, value dissect.Value) {
	t.Helper()
	got, want := getter.read(header), value.Number()
	var is bool
	switch got := got.(type) {
	case bool:
		is = got == (want != 0)
	case uint8:
		is = uint64(got) == want
	case uint16:
		// Too long for its header, which the dissector tells the length of in its place.
		is = uint64(got) == want || got == 0 && getter.field == dissect.FieldIpLength
	case uint32:
		is = uint64(got) == want
	case netip.Addr:
		is = got == value.Addr()
	case net.HardwareAddr:
		is = got.String() == value.String()
	}
	if !is {
		t.Errorf("%v: %v, not %v", getter.field, got, value)
	}
}

// recorded remembers how each packet begins.
type recorded struct {
	*dissect.Capture
	linkTypes map[uint64]uint32
}

func (r recorded) Next() (dissect.Record, error) {
	record, err := r.Capture.Next()
	r.linkTypes[record.Number] = record.LinkType
	return record, err
}
