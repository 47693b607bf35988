// UPDATEs read by the library in batches and by GoBGP's package one by one: the same bytes, in one run, and all of each message is taken into
// account: every attribute and every route as a value. The two have to come to the same sum, or nothing is told.
//
// usage: gobgp     a line a message: NAME ours peer ratio budget ok|SHORT; last line: N budgets, M short
package main

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"os"
	"time"

	gobgp "github.com/osrg/gobgp/pkg/packet/bgp"

	"example.invalid/container-codecs/bgp"
)

// How often GoBGP's time is ours, at least.
const budget = 5.0

// small is `small()` of the project's bench: 8 attributes, 4 routes, 142 bytes.
func small() []byte {
	session := bgp.AssumedSession()
	session.Peer = bgp.PeerInternal
	session.MaxLenReceive, session.MaxLenSend = 4096, 4096
	var of bgp.Attributes
	of.Number(bgp.AttributeOrigin, 0)
	of.Path(65001, 3356, 1299, 174, 13335)
	of.Address(bgp.AttributeNextHop, netip.MustParseAddr("192.0.2.1"))
	of.Number(bgp.AttributeMultiExitDisc, 50)
	of.Number(bgp.AttributeLocalPref, 200)
	var communities []uint32
	for n := uint32(1); n <= 6; n++ {
		communities = append(communities, 65001<<16|n)
	}
	of.Numbers(bgp.AttributeCommunities, communities...)
	of.Numbers(bgp.AttributeExtendedCommunities, 0x0002fde9, 7)
	of.Numbers(bgp.AttributeLargeCommunity, 65001, 1, 2)
	var routes []bgp.Route
	for n := byte(0); n < 4; n++ {
		routes = append(routes, bgp.PrefixRoute(netip.PrefixFrom(netip.AddrFrom4([4]byte{203, 0, n, 0}), 24)))
	}
	return build(session, &of, routes, 142)
}

// packed is `packed()` of the project's bench: 900 routes in one message.
func packed() []byte {
	session := bgp.AssumedSession()
	session.Peer = bgp.PeerInternal
	session.MaxLenReceive, session.MaxLenSend = 4096, 4096
	var of bgp.Attributes
	of.Number(bgp.AttributeOrigin, 0)
	of.Path(65001, 3356, 1299)
	of.Address(bgp.AttributeNextHop, netip.MustParseAddr("192.0.2.1"))
	of.Number(bgp.AttributeLocalPref, 100)
	of.Numbers(bgp.AttributeCommunities, 65001<<16|1, 65001<<16|2)
	var routes []bgp.Route
	for n := uint32(0); n < 900; n++ {
		length := 17 + int(n*7%8)
		if n%9 == 8 {
			length = 16
		}
		var address [4]byte
		binary.BigEndian.PutUint32(address[:], 0x0b000000+n<<15)
		routes = append(routes, bgp.PrefixRoute(netip.PrefixFrom(netip.AddrFrom4(address), length).Masked()))
	}
	return build(session, &of, routes, 0)
}

func build(session *bgp.Session, of *bgp.Attributes, routes []bgp.Route, length int) []byte {
	shared, err := of.Build(session)
	if err != nil {
		panic(err)
	}
	message, err := session.AppendAnnounced(nil, bgp.IPv4Unicast, shared, netip.Addr{}, routes)
	if err != nil || length > 0 && len(message) != length || int(binary.BigEndian.Uint16(message[16:])) != len(message) {
		panic(fmt.Sprint("not the message that is meant: ", len(message), " bytes, ", err))
	}
	return message
}

func sumPrefix(address [4]byte, length int) uint64 {
	return uint64(binary.BigEndian.Uint32(address[:]))*31 + uint64(length)
}

// ours reads all messages of a stream.
func ours(d *bgp.Decoder, stream []byte) uint64 {
	total := uint64(0)
	taken, err := d.Decode(stream, func(m *bgp.Message) error {
		sum := uint64(0)
		if m.Action() != bgp.Accept {
			return fmt.Errorf("action %d", m.Action())
		}
		attributes := m.Attributes()
		for i := range attributes {
			words := m.Words(&attributes[i])
			switch attributes[i].Type() {
			case bgp.AttributeASPath:
				m.Path(func(kind bgp.SegmentType, numbers []uint32) bool {
					sum += uint64(kind)
					for _, number := range numbers {
						sum += uint64(number)
					}
					return true
				})
			default:
				for _, word := range words {
					sum += uint64(word)
				}
			}
		}
		routes := m.Routes()
		hop := m.NextHop(&routes[0]).As4()
		for i := range routes {
			prefix := routes[i].Prefix()
			sum += sumPrefix(prefix.Addr().As4(), prefix.Bits()) + uint64(hop[3])
		}
		total += sum
		return nil
	})
	if err != nil || taken != len(stream) {
		panic(fmt.Sprint(taken, " bytes of ", len(stream), " taken: ", err))
	}
	return total
}

// theirs reads one message.
func theirs(bytes []byte) uint64 {
	message, err := gobgp.ParseBGPMessage(bytes)
	if err != nil {
		panic(err)
	}
	update := message.Body.(*gobgp.BGPUpdate)
	sum, hop := uint64(0), byte(0)
	for _, attribute := range update.PathAttributes {
		switch of := attribute.(type) {
		case *gobgp.PathAttributeOrigin:
			sum += uint64(of.Value)
		case *gobgp.PathAttributeAsPath:
			for _, segment := range of.Value {
				sum += uint64(segment.GetType())
				for _, number := range segment.GetAS() {
					sum += uint64(number)
				}
			}
		case *gobgp.PathAttributeNextHop:
			address := of.Value.To4()
			sum += uint64(binary.BigEndian.Uint32(address))
			hop = address[3]
		case *gobgp.PathAttributeMultiExitDisc:
			sum += uint64(of.Value)
		case *gobgp.PathAttributeLocalPref:
			sum += uint64(of.Value)
		case *gobgp.PathAttributeCommunities:
			for _, community := range of.Value {
				sum += uint64(community)
			}
		case *gobgp.PathAttributeExtendedCommunities:
			for _, community := range of.Value {
				target := community.(*gobgp.TwoOctetAsSpecificExtended)
				sum += uint64(0x00020000|uint32(target.AS)) + uint64(target.LocalAdmin)
			}
		case *gobgp.PathAttributeLargeCommunities:
			for _, community := range of.Values {
				sum += uint64(community.ASN) + uint64(community.LocalData1) + uint64(community.LocalData2)
			}
		default:
			panic(fmt.Sprintf("%T", of))
		}
	}
	for _, route := range update.NLRI {
		var address [4]byte
		copy(address[:], route.Prefix.To4())
		sum += sumPrefix(address, int(route.Length)) + uint64(hop)
	}
	return sum
}

// least is the least time that a message takes, in nanoseconds, of many rounds of which the two take turns.
func least(messages int, rounds int, each ...func()) []float64 {
	times := make([]float64, len(each))
	for round := 0; round < rounds; round++ {
		for i, work := range each {
			start := time.Now()
			work()
			if took := float64(time.Since(start).Nanoseconds()) / float64(messages); round == 0 || took < times[i] {
				times[i] = took
			}
		}
	}
	return times
}

func main() {
	session := bgp.AssumedSession()
	session.Peer = bgp.PeerInternal
	budgets, short := 0, 0
	for _, of := range []struct {
		name  string
		bytes []byte
		batch int
	}{{"UPDATE of 142 bytes", small(), 256}, {"UPDATE of 900 routes", packed(), 16}} {
		var stream []byte
		for i := 0; i < of.batch; i++ {
			stream = append(stream, of.bytes...)
		}
		d := bgp.NewDecoder(session)
		if a, b := ours(d, stream), uint64(of.batch)*theirs(of.bytes); a != b {
			fmt.Printf("%s: the sums are %d and %d\n", of.name, a, b)
			os.Exit(1)
		}
		sum := uint64(0)
		times := least(of.batch, 2000*16/of.batch, func() { sum += ours(d, stream) }, func() {
			for i := 0; i < of.batch; i++ {
				sum += theirs(of.bytes)
			}
		})
		ratio, verdict := times[1]/times[0], "ok"
		if budgets++; ratio < budget {
			verdict, short = "SHORT", short+1
		}
		fmt.Printf("%s, Go, batches of %d\t%.0f ns\t%.0f ns\t%.2f\t%.0f\t%s\n", of.name, of.batch, times[0], times[1], ratio, budget, verdict)
	}
	fmt.Printf("%d budgets, %d short\n", budgets, short)
	if short > 0 {
		os.Exit(1)
	}
}
