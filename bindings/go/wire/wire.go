//go:build linux

// Package wire takes the packets that cross a network namespace's interfaces while a test runs, and holds them against what should have
// crossed:
//
//	place := wire.Place{Namespace: "node-a", Interface: "eth0"}
//	seen, err := wire.Capture(place, exec.Command("ip", "netns", "exec", "pod-a", "ping", "-c", "1", "10.244.2.3").Run)
//	…
//	_, err = seen.ExpectTunnel(podA, podB, wire.Carried{VNI: wire.VNI(1), Nodes: [2]netip.Addr{nodeA, nodeB}})
//
// Each Expect… gives nil, or an error that names the packet, its ends, and what was instead; none of them passes where a packet was missed.
//
// With cgo the library takes packets apart. Without it (CGO_ENABLED=0) the program packet-dissect captures and does, which is found by
// PACKET_DISSECT in the environment, otherwise in PATH; packets, and what is said of them, are the same. Both take Linux, and root or what
// else may open packet sockets: where it may not be, errors.Is(err, fs.ErrPermission) is true of Start's error and Capture's.
package wire

import (
	"errors"
	"fmt"
	"net/netip"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

// settle is how long packets are waited for that were sent before the end.
const settle = 200 * time.Millisecond

// numbers is a tunnel's layer, and the field with its network's number.
var numbers = map[string]string{
	"vxlan": "vxlan.vni", "vxlan_gpe": "vxlan.vni", "geneve": "geneve.vni", "gre": "gre.key", "gtp": "gtp.teid",
}

// needed is the fields that are asked of each packet.
var needed = []string{
	"frame.number", "frame.protocols", "inner.ip.src", "inner.ip.dst", "inner.ipv6.src", "inner.ipv6.dst", "outer.ip.src", "outer.ip.dst",
	"outer.ipv6.src", "outer.ipv6.dst", "vxlan.vni", "geneve.vni", "gre.key", "gtp.teid",
}

// Place is where packets are taken.
type Place struct {
	// Namespace is a name of ip netns's, or a path, if it has a slash in it: /proc/PID/ns/net is a process'. Empty is the caller's.
	Namespace string
	// Interface is one's name. Empty is all of them: what stands in front of the network layer is not told then, and layers begin with sll2.
	Interface string
	// Fields to be had of each packet besides, by the names that packet-dissect fields lists; frame.time_epoch for frame.time, whose words
	// the program alone has.
	Fields []string
}

func (p Place) fields() []string {
	fields := append([]string(nil), needed...)
	for _, name := range p.Fields {
		if !contains(fields, name) {
			fields = append(fields, name)
		}
	}
	return fields
}

// Capture takes packets of a place while a function runs, and for a fifth of a second after. Its error is the function's, if it has one.
func Capture(place Place, work func() error) (*Seen, error) {
	listener, err := Start(place)
	if err != nil {
		return nil, err
	}
	// Also where the function ends the test.
	defer listener.Stop()
	if err := work(); err != nil {
		return nil, err
	}
	return listener.Stop()
}

// Listener takes packets until it is stopped.
type Listener struct {
	once   sync.Once
	taking *taking
	seen   *Seen
	err    error
}

// Start begins to take packets of a place: those that cross after it has returned are taken.
func Start(place Place) (*Listener, error) {
	taking, err := start(place)
	if err != nil {
		return nil, fmt.Errorf("packets of %s cannot be taken: %w", place, err)
	}
	return &Listener{taking: taking}, nil
}

// Stop waits a fifth of a second for packets on their way, and gives all that crossed. Nothing of it runs on afterwards. Called again, it
// gives the same again.
func (l *Listener) Stop() (*Seen, error) {
	l.once.Do(func() {
		time.Sleep(settle)
		l.seen, l.err = l.taking.stop()
	})
	return l.seen, l.err
}

func (p Place) String() string {
	text := "every interface"
	if p.Interface != "" {
		text = p.Interface
	}
	if p.Namespace != "" {
		text += " in " + p.Namespace
	}
	return text
}

// Pair is where a packet comes from and where it goes.
type Pair struct{ Source, Destination netip.Addr }

// IsValid is false where there are no addresses.
func (p Pair) IsValid() bool { return p.Source.IsValid() && p.Destination.IsValid() }

func (p Pair) isBetween(one, other netip.Addr) bool {
	one, other = one.Unmap(), other.Unmap()
	return p == Pair{one, other} || p == Pair{other, one}
}

// Packet is one that crossed.
type Packet struct {
	// Number of it, from 1.
	Number uint64
	// Layers from the outermost: eth, ip, udp, vxlan …
	Layers []string
	// Ends are the innermost packet's addresses, if it has some. What an ICMP error quotes is not of the packet.
	Ends Pair
	// Carriers are the outermost packet's: the nodes', where it is in a tunnel.
	Carriers Pair
	// Fields that it has, of those asked for: each with its values from the outermost layer on, as the program writes them.
	Fields map[string][]string
}

// Text is a field's first value; empty, if there is none.
func (p Packet) Text(field string) string {
	if values := p.Fields[field]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// String is the packet as errors name it.
func (p Packet) String() string {
	return fmt.Sprintf("packet %d from %s to %s", p.Number, p.Ends.Source, p.Ends.Destination)
}

func (p Packet) has(layer string) bool { return contains(p.Layers, layer) }

func (p Packet) layers() string { return strings.Join(p.Layers, ":") }

// network is the number of a tunnel's network, if it has one.
func (p Packet) network(tunnel string) (uint32, bool) {
	number, err := strconv.ParseUint(p.Text(numbers[tunnel]), 0, 32)
	return uint32(number), err == nil
}

func (p Packet) isTunnelled() bool {
	for tunnel := range numbers {
		if p.has(tunnel) {
			return true
		}
	}
	return p.Carriers != p.Ends
}

// packetOf is the packet of the fields.
func packetOf(fields map[string][]string) Packet {
	packet := Packet{Fields: fields}
	packet.Number, _ = strconv.ParseUint(packet.Text("frame.number"), 10, 64)
	packet.Layers = strings.Split(packet.Text("frame.protocols"), ":")
	packet.Ends, packet.Carriers = packet.pair("inner"), packet.pair("outer")
	return packet
}

func (p Packet) pair(which string) Pair {
	for _, version := range []string{".ip", ".ipv6"} {
		if source, err := netip.ParseAddr(p.Text(which + version + ".src")); err == nil {
			destination, _ := netip.ParseAddr(p.Text(which + version + ".dst"))
			return Pair{source, destination}
		}
	}
	return Pair{}
}

// Seen is what crossed.
type Seen struct {
	// Packets in their order.
	Packets []Packet
	// Dropped is how many came faster than they were taken. No expectation holds if there are any.
	Dropped uint64
}

// Carried is how packets should have been.
type Carried struct {
	// VNI of the network they should have crossed in, of a tunnel that has one; nil is any.
	VNI *uint32
	// Nodes that they should have crossed between, either way; none is any.
	Nodes [2]netip.Addr
	// Tunnel is the layer's name: vxlan, if it is empty; vxlan_gpe, geneve, gre (whose VNI is its key), gtp (its tunnel's identifier).
	Tunnel string
}

// VNI is a network's number, to be expected.
func VNI(number uint32) *uint32 { return &number }

// Between are the packets between two addresses, either way: the innermost, whatever carries them.
func (s *Seen) Between(one, other netip.Addr) []Packet {
	var found []Packet
	for _, packet := range s.Packets {
		if packet.Ends.isBetween(one, other) {
			found = append(found, packet)
		}
	}
	return found
}

// ExpectTunnel says that every packet between two pods crossed in a tunnel, of a network, between two nodes; and that there was one. Gives
// those packets, or an error that says what crossed instead.
func (s *Seen) ExpectTunnel(one, other netip.Addr, in Carried) ([]Packet, error) {
	if in.Tunnel == "" {
		in.Tunnel = "vxlan"
	}
	return s.expect(one, other, in.wrong)
}

// wrong is what is wrong with a packet; nil, if nothing is.
func (in Carried) wrong(packet Packet) error {
	if !packet.has(in.Tunnel) {
		return fmt.Errorf("%s crossed without %s: %s", packet, in.Tunnel, packet.layers())
	}
	if in.VNI != nil {
		number, is := packet.network(in.Tunnel)
		if !is {
			return fmt.Errorf("%s crossed in no network, not %d", packet, *in.VNI)
		}
		if number != *in.VNI {
			return fmt.Errorf("%s crossed in network %d, not %d", packet, number, *in.VNI)
		}
	}
	if nodes, are := in.Nodes, packet.Carriers; nodes != [2]netip.Addr{} && !are.isBetween(nodes[0], nodes[1]) {
		return fmt.Errorf("%s crossed between %s and %s, not %s and %s", packet, are.Source, are.Destination, nodes[0], nodes[1])
	}
	return nil
}

// ExpectPlain says that every packet between two addresses crossed without a tunnel; and that there was one. Gives those packets.
func (s *Seen) ExpectPlain(one, other netip.Addr) ([]Packet, error) {
	return s.expect(one, other, func(packet Packet) error {
		if packet.isTunnelled() {
			return fmt.Errorf("%s crossed in a tunnel: %s", packet, packet.layers())
		}
		return nil
	})
}

// ExpectNothing says that no packet between two addresses crossed.
func (s *Seen) ExpectNothing(one, other netip.Addr) error {
	if err := s.whole(); err != nil {
		return err
	}
	for _, packet := range s.Between(one, other) {
		return fmt.Errorf("%s crossed: %s", packet, packet.layers())
	}
	return nil
}

// expect gives the packets between two addresses, of which there is one, and nothing is wrong with any.
func (s *Seen) expect(one, other netip.Addr, wrong func(Packet) error) ([]Packet, error) {
	if err := s.whole(); err != nil {
		return nil, err
	}
	found := s.Between(one, other)
	if len(found) == 0 {
		return nil, fmt.Errorf("no packet between %s and %s crossed, of %d%s", one, other, len(s.Packets), s.others())
	}
	for _, packet := range found {
		if err := wrong(packet); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (s *Seen) whole() error {
	if s == nil {
		return errors.New("nothing was captured")
	}
	if s.Dropped > 0 {
		return fmt.Errorf("%d packets came faster than they were taken: nothing can be said of all", s.Dropped)
	}
	return nil
}

// others are the first few pairs that there were packets between.
func (s *Seen) others() string {
	var pairs []string
	for _, packet := range s.Packets {
		ends := []string{packet.Ends.Source.String(), packet.Ends.Destination.String()}
		sort.Strings(ends)
		if pair := strings.Join(ends, " and "); packet.Ends.IsValid() && !contains(pairs, pair) {
			pairs = append(pairs, pair)
		}
	}
	if len(pairs) == 0 {
		return ""
	}
	sort.Strings(pairs)
	if len(pairs) > 5 {
		pairs = pairs[:5]
	}
	return "; there were packets between " + strings.Join(pairs, ", ")
}

func contains(words []string, word string) bool {
	for _, one := range words {
		if one == word {
			return true
		}
	}
	return false
}
