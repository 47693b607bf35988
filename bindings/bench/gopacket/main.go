// Layers and their addresses, ports and networks: package layers in batches of 64, beside gopacket's DecodingLayerParser, on the same bytes.
//
// usage: gopacket TESTDATA     rows `NAME ours peer ratio budget ok|SHORT`, in nanoseconds a packet; last line: N budgets, M short
package main

import (
	"encoding/binary"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"time"

	"example.invalid/container-codecs/dissect"
	ours "example.invalid/container-codecs/layers"
	"github.com/gopacket/gopacket"
	theirs "github.com/gopacket/gopacket/layers"
)

// batch is how many packets a call takes.
const batch = 64

// frames is a buffer with packets in it.
type frames struct {
	buffer []byte
	spans  []ours.Span
}

func (f *frames) add(bytes []byte) {
	f.spans = append(f.spans, ours.Span{Offset: uint32(len(f.buffer)), Length: uint32(len(bytes))})
	f.buffer = append(f.buffer, bytes...)
}

// pick gives the frames of a capture whose layers are these.
func pick(path string, names ...ours.Kind) (found [][]byte) {
	capture, err := dissect.Open(path)
	if err != nil {
		panic(err)
	}
	defer capture.Close()
	for {
		record, err := capture.Next()
		if err != nil {
			return found
		}
		layers, err := ours.Walk(record.LinkType, record.Bytes)
		if err != nil || len(layers) < len(names) {
			continue
		}
		is := true
		for i, name := range names {
			is = is && layers[i].Kind == name
		}
		if is {
			found = append(found, append([]byte(nil), record.Bytes...))
		}
	}
}

// walked sums up what it reads of every layer: ours and theirs do the same, so that nothing is left out.
func walked(walker *ours.Walker, of *frames) (sum uint64) {
	of.each(func(spans []ours.Span) {
		if err := walker.Walk(of.buffer, spans); err != nil {
			panic(err)
		}
		for i, span := range spans {
			bytes, layers := span.Of(of.buffer), walker.Layers(i)
			for j := range layers {
				header := layers[j].Header(bytes)
				switch layers[j].Kind {
				case ours.KindIPv4:
					sum += addresses(header)
				case ours.KindUDP, ours.KindTCP:
					sum += ports(header)
				case ours.KindVXLAN:
					sum += uint64(ours.VXLAN(header).VNI())
				}
			}
		}
	})
	return sum
}

// outlined sums up what it reads of the innermost packet, its tunnel, and the outermost.
func outlined(walker *ours.Walker, of *frames) (sum uint64) {
	of.each(func(spans []ours.Span) {
		outlines, err := walker.Outline(of.buffer, spans)
		if err != nil {
			panic(err)
		}
		for i := range outlines {
			outline, bytes := &outlines[i], spans[i].Of(of.buffer)
			if outline.NetworkKind == ours.KindIPv4 {
				sum += addresses(bytes[outline.Network:])
			}
			if outline.TransportKind == ours.KindTCP || outline.TransportKind == ours.KindUDP {
				sum += ports(bytes[outline.Transport:])
			}
			if outline.TunnelKind == ours.KindVXLAN {
				sum += uint64(ours.VXLAN(bytes[outline.Tunnel:]).VNI())
				sum += addresses(bytes[outline.Outer:])
			}
		}
	})
	return sum
}

func addresses(ip ours.IPv4) uint64 {
	return uint64(binary.BigEndian.Uint32(ip.SourceIP())) + uint64(binary.BigEndian.Uint32(ip.DestinationIP()))
}

// ports are at the same place in TCP and UDP.
func ports(header ours.UDP) uint64 {
	return uint64(header.SourcePort()) + uint64(header.DestinationPort())
}

// each hands out the packets, as many as a call takes.
func (f *frames) each(take func([]ours.Span)) {
	for first := 0; first < len(f.spans); first += batch {
		last := first + batch
		if last > len(f.spans) {
			last = len(f.spans)
		}
		take(f.spans[first:last])
	}
}

// peer is gopacket's parser, with the header of each kind that is used again.
type peer struct {
	ethernet theirs.Ethernet
	ip       theirs.IPv4
	udp      theirs.UDP
	tcp      theirs.TCP
	vxlan    theirs.VXLAN
	payload  gopacket.Payload
	parser   *gopacket.DecodingLayerParser
	decoded  []gopacket.LayerType
}

// reads counts what a layer says once the parser is through: of two of a kind the parser keeps the inner one alone.
func (p *peer) sum(of *frames) (sum uint64) {
	for _, span := range of.spans {
		if err := p.parser.DecodeLayers(span.Of(of.buffer), &p.decoded); err != nil {
			panic(err)
		}
		for _, layer := range p.decoded {
			switch layer {
			case theirs.LayerTypeIPv4:
				sum += uint64(binary.BigEndian.Uint32(p.ip.SrcIP)) + uint64(binary.BigEndian.Uint32(p.ip.DstIP))
			case theirs.LayerTypeUDP:
				sum += uint64(p.udp.SrcPort) + uint64(p.udp.DstPort)
			case theirs.LayerTypeTCP:
				sum += uint64(p.tcp.SrcPort) + uint64(p.tcp.DstPort)
			case theirs.LayerTypeVXLAN:
				sum += uint64(p.vxlan.VNI)
			}
		}
	}
	return sum
}

func newPeer() *peer {
	// Flannel's port, which gopacket does not know.
	theirs.RegisterUDPPortLayerType(8472, theirs.LayerTypeVXLAN)
	p := &peer{}
	p.parser = gopacket.NewDecodingLayerParser(theirs.LayerTypeEthernet, &p.ethernet, &p.ip, &p.udp, &p.tcp, &p.vxlan, &p.payload)
	p.parser.IgnoreUnsupported = true
	return p
}

// nanoseconds a packet takes, the least of some rounds.
func nanoseconds(of *frames, work func() uint64) float64 {
	least := time.Duration(1 << 62)
	for round := 0; round < 7; round++ {
		start := time.Now()
		for again := 0; again < 20; again++ {
			sink += work()
		}
		if took := time.Since(start); took < least {
			least = took
		}
	}
	return float64(least.Nanoseconds()) / 20 / float64(len(of.spans))
}

var sink uint64

func main() {
	testdata := os.Args[1]
	inTunnel := pick(filepath.Join(testdata, "flannel-vxlan-underlay.pcap"), ours.KindEthernet, ours.KindIPv4, ours.KindUDP,
		ours.KindVXLAN, ours.KindEthernet, ours.KindIPv4, ours.KindTCP)
	plain := pick(filepath.Join(testdata, "flannel-vxlan-pod.pcap"), ours.KindEthernet, ours.KindIPv4, ours.KindTCP)
	short := 0
	rows := 0
	row := func(name string, budget float64, of *frames) {
		walker, peer := ours.Walker{LinkType: ours.LinkEthernet}, newPeer()
		want := nanoseconds(of, func() uint64 { return peer.sum(of) })
		tell := func(how string, took, budget float64) {
			verdict := "-"
			if budget > 0 {
				rows++
				verdict = "ok"
				if want/took < budget {
					verdict = "SHORT"
					short++
				}
			}
			fmt.Printf("%-60s %8.1f %8.1f %6.2f %6.1f %s\n", name+", "+how, took, want, want/took, budget, verdict)
		}
		tell("outline", nanoseconds(of, func() uint64 { return outlined(&walker, of) }), budget)
		tell("walk", nanoseconds(of, func() uint64 { return walked(&walker, of) }), 0)
	}
	same := func(bytes []byte) *frames {
		f := &frames{}
		for i := 0; i < 4096; i++ {
			f.add(bytes)
		}
		return f
	}
	mix := func(kinds ...[][]byte) *frames {
		f, random := &frames{}, rand.New(rand.NewSource(1))
		for i := 0; i < 4096; i++ {
			of := kinds[random.Intn(len(kinds))]
			f.add(of[random.Intn(len(of))])
		}
		return f
	}
	fmt.Printf("%-60s %8s %8s %6s %6s\n", "Go, beside gopacket's DecodingLayerParser (ns a packet)", "ours", "theirs", "ratio", "asked")
	row("Ethernet/IPv4/UDP/VXLAN/Ethernet/IPv4/TCP", 5, same(inTunnel[0]))
	row("the same, a mix of packets", 5, mix(inTunnel))
	row("Ethernet/IPv4/TCP", 3, same(plain[0]))
	row("the same, a mix of packets", 3, mix(plain))
	row("both, shuffled", 3, mix(inTunnel, plain))
	fmt.Printf("%d budgets, %d short\n", rows, short)
}
