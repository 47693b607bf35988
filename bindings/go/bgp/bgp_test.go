package bgp

import (
	"bytes"
	"errors"
	"net/netip"
	"testing"
)

// message puts header and body together (RFC 4271 §4.1).
func message(kind MessageType, body ...byte) []byte {
	length := len(body) + 19
	header := append(bytes.Repeat([]byte{255}, 16), byte(length>>8), byte(length), byte(kind))
	return append(header, body...)
}

var (
	// mandatory are ORIGIN IGP, AS_PATH 65000, NEXT_HOP 192.0.2.1: 20 bytes.
	mandatory = []byte{0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xe8, 0x40, 3, 4, 192, 0, 2, 1}
	keepalive = message(TypeKeepalive)
)

func update(withdrawn, attributes, nlri []byte) []byte {
	body := append([]byte{byte(len(withdrawn) >> 8), byte(len(withdrawn))}, withdrawn...)
	body = append(append(body, byte(len(attributes)>>8), byte(len(attributes))), attributes...)
	return message(TypeUpdate, append(body, nlri...)...)
}

func concat(all ...[]byte) []byte { return bytes.Join(all, nil) }

func prefix(text string) netip.Prefix { return netip.MustParsePrefix(text) }

// decode takes the messages of a stream, and says what was done with each.
func decode(t *testing.T, d *Decoder, stream []byte, take func(*Message)) {
	t.Helper()
	taken, err := d.Decode(stream, func(m *Message) error {
		take(m)
		return nil
	})
	if err != nil || taken != len(stream) {
		t.Fatalf("%d of %d bytes taken: %v", taken, len(stream), err)
	}
}

// RFC 4271 §4.3.
func TestPlainRoutes(t *testing.T) {
	stream := concat(update([]byte{8, 10}, mandatory, []byte{24, 192, 0, 2, 25, 198, 51, 100, 255}), keepalive, update(nil, nil, nil))
	var kinds []MessageType
	decode(t, NewDecoder(AssumedSession()), stream, func(m *Message) {
		kinds = append(kinds, m.Type())
		if m.Action() != Accept || m.Notification() != nil {
			t.Errorf("message %d: %v", len(kinds), m.Action())
		}
		if len(kinds) != 1 {
			if len(m.Routes()) != 0 {
				t.Errorf("routes of message %d: %v", len(kinds), m.Routes())
			}
			return
		}
		routes := m.Routes()
		want := []netip.Prefix{prefix("10.0.0.0/8"), prefix("192.0.2.0/24"), prefix("198.51.100.128/25")}
		for i := range want {
			if routes[i].Prefix() != want[i] || routes[i].IsWithdrawn() != (i == 0) || routes[i].Family() != IPv4Unicast {
				t.Errorf("route %d is %v", i, routes[i].Prefix())
			}
		}
		if m.NextHop(&routes[1]) != netip.MustParseAddr("192.0.2.1") || m.NextHop(&routes[0]).IsValid() {
			t.Errorf("next hop %v", m.NextHop(&routes[1]))
		}
		if !bytes.Equal(m.NLRI(&routes[1]), []byte{24, 192, 0, 2}) || len(m.Attributes()) != 3 {
			t.Errorf("NLRI %v", m.NLRI(&routes[1]))
		}
		if origin, is := m.Origin(); !is || origin != 0 {
			t.Error("no ORIGIN")
		}
		if _, is := m.LocalPref(); is {
			t.Error("LOCAL_PREF is not there")
		}
		m.Path(func(kind SegmentType, numbers []uint32) bool {
			if kind != SegmentSequence || len(numbers) != 1 || numbers[0] != 65000 {
				t.Errorf("path %v %v", kind, numbers)
			}
			return true
		})
	})
	if len(kinds) != 3 || kinds[1] != TypeKeepalive {
		t.Errorf("messages: %v", kinds)
	}
}

func TestValues(t *testing.T) {
	session := AssumedSession()
	session.Peer = PeerInternal
	attributes := concat(mandatory[:4],
		[]byte{0x40, 2, 16, 2, 2, 0, 1, 0, 0, 0, 0, 0, 7, 4, 1, 0, 0, 0, 9},
		[]byte{0x80, 4, 4, 0, 0, 0, 50, 0x40, 5, 4, 0, 0, 0, 200, 0x40, 6, 0, 0xc0, 7, 8, 0, 1, 0, 0, 192, 0, 2, 9},
		[]byte{0xc0, 8, 8, 0xfd, 0xe8, 0, 1, 0xff, 0xff, 0xff, 1, 0x80, 9, 4, 192, 0, 2, 3, 0x80, 10, 4, 0, 0, 0, 1},
		[]byte{0xc0, 16, 8, 0, 2, 0xfd, 0xe8, 0, 0, 0, 7, 0xc0, 32, 12, 0, 0, 0xfd, 0xe8, 0, 0, 0, 1, 0, 0, 0, 2, 0xc0, 99, 1, 5},
		// MP_REACH_NLRI of 2001:db8::/32, by a global and a link-local next hop (RFC 2545 §3).
		[]byte{0x80, 14, 42, 0, 2, 1, 32, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
		[]byte{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 32, 0x20, 1, 0x0d, 0xb8})
	session.MayHaveASSets = true
	decode(t, NewDecoder(session), update(nil, attributes, nil), func(m *Message) {
		if m.Action() != Accept {
			t.Fatalf("action %v", m.Action())
		}
		var path []uint32
		m.Path(func(kind SegmentType, numbers []uint32) bool {
			path = append(append(path, uint32(kind)), numbers...)
			return true
		})
		if len(path) != 5 || path[0] != uint32(SegmentSequence) || path[1] != 65536 || path[3] != uint32(SegmentConfedSet) || path[4] != 9 {
			t.Errorf("path %v", path)
		}
		med, _ := m.MultiExitDisc()
		pref, _ := m.LocalPref()
		as, identifier, _ := m.Aggregator()
		originator, _ := m.OriginatorID()
		if med != 50 || pref != 200 || as != 65536 || identifier.String() != "192.0.2.9" || originator.String() != "192.0.2.3" || !m.IsAtomicAggregate() {
			t.Errorf("%v %v %v %v %v", med, pref, as, identifier, originator)
		}
		if c := m.Communities(); len(c) != 2 || c[0] != 65000<<16|1 || c[1] != 0xffffff01 {
			t.Errorf("communities %x", c)
		}
		if c := m.ClusterList(); len(c) != 1 || c[0] != 1 {
			t.Errorf("clusters %x", c)
		}
		if c := m.ExtendedCommunities(); len(c) != 1 || c[0] != (ExtendedCommunity{0x0002fde8, 7}) {
			t.Errorf("extended communities %x", c)
		}
		if c := m.LargeCommunities(); len(c) != 1 || c[0] != (LargeCommunity{65000, 1, 2}) {
			t.Errorf("large communities %x", c)
		}
		if a, is := m.Attribute(99); !is || a.Flags() != 0xc0 || !bytes.Equal(m.Value(a), []byte{5}) {
			t.Error("the attribute that nobody knows")
		}
		route := &m.Routes()[0]
		local, is := m.LinkLocalNextHop()
		if route.Prefix() != prefix("2001:db8::/32") || m.NextHop(route).String() != "2001:db8::1" || !is || local.String() != "fe80::2" {
			t.Errorf("%v by %v and %v", route.Prefix(), m.NextHop(route), local)
		}
	})
}

// RFC 7606.
func TestWrongUpdates(t *testing.T) {
	session := AssumedSession()
	d := NewDecoder(session)
	// §7.1: an ORIGIN of 7, and no AS_PATH and NEXT_HOP.
	bad := update(nil, []byte{0x40, 1, 1, 7}, []byte{24, 192, 0, 2})
	decode(t, d, bad, func(m *Message) {
		if m.Action() != TreatAsWithdraw || len(m.Routes()) != 1 || len(m.Attributes()) != 0 {
			t.Errorf("%v with %d routes", m.Action(), len(m.Routes()))
		}
	})
	findings, err := d.Findings(bad)
	if err != nil || len(findings) != 3 || findings[0].Clause != "RFC 7606 §7.1" || findings[0].Offset != 23 || findings[0].Subcode != 6 {
		t.Errorf("%v %v", findings, err)
	}
	// §7.11: MP_REACH_NLRI under 5 bytes.
	short := update(nil, []byte{0x80, 14, 4, 0, 2, 1, 0}, nil)
	decode(t, d, short, func(m *Message) {
		n := m.Notification()
		if m.Action() != SessionReset || n.Code != 3 || n.Subcode != 9 || !bytes.Equal(n.Data, short[23:]) {
			t.Errorf("%v %v", m.Action(), n)
		}
	})
	session.MayDisableFamily = true
	decode(t, NewDecoder(session), short, func(m *Message) {
		if families := m.Disabled(); m.Action() != DisableFamily || len(families) != 1 || families[0] != IPv6Unicast {
			t.Errorf("%v %v", m.Action(), families)
		}
	})
	if _, err := d.Findings(keepalive); err == nil {
		t.Error("a KEEPALIVE is no UPDATE")
	}
}

// RFC 4271 §6.1.
func TestStreams(t *testing.T) {
	d := NewDecoder(AssumedSession())
	count := 0
	take := func(*Message) error {
		count++
		return nil
	}
	taken, err := d.Decode(concat(keepalive, keepalive[:9]), take)
	if taken != 19 || err != nil || count != 1 {
		t.Errorf("%d bytes, %v", taken, err)
	}
	wrong := message(9)
	taken, err = d.Decode(concat(keepalive, wrong), take)
	var of *Error
	if !errors.As(err, &of) || taken != 19 || of.Notification == nil || of.Notification.Code != 1 || of.Notification.Subcode != 3 {
		t.Fatalf("%d bytes, %v", taken, err)
	}
	if !bytes.Equal(of.Notification.Data, []byte{9}) {
		t.Errorf("data %v", of.Notification.Data)
	}
	if taken, err = d.Decode(nil, take); taken != 0 || err != nil {
		t.Errorf("%d bytes, %v", taken, err)
	}
	end := errors.New("end")
	if taken, err = d.Decode(concat(keepalive, keepalive), func(*Message) error { return end }); err != end || taken != 19 {
		t.Errorf("%d bytes, %v", taken, err)
	}
	session := AssumedSession()
	session.Peer = 9
	if _, err = NewDecoder(session).Decode(keepalive, take); !errors.As(err, &of) || of.Field != "peer" {
		t.Errorf("%v", err)
	}
}

// More than there is room for at first, and more messages than are read in a call.
func TestMuch(t *testing.T) {
	nlri := make([]byte, 0, 60000)
	for i := 0; i < 15000; i++ {
		nlri = append(nlri, 24, 10, byte(i>>8), byte(i))
	}
	big := update(nil, mandatory, nlri)
	d := NewDecoder(AssumedSession())
	for round := 0; round < 2; round++ {
		decode(t, d, big, func(m *Message) {
			routes := m.Routes()
			if len(routes) != 15000 || routes[14999].Prefix() != prefix("10.58.151.0/24") {
				t.Errorf("%d routes", len(routes))
			}
		})
	}
	count := 0
	small := update(nil, mandatory, nlri[:4*100])
	decode(t, NewDecoder(AssumedSession()), bytes.Repeat(small, 1000), func(m *Message) {
		count++
		if len(m.Routes()) != 100 || m.Routes()[99].Prefix() != prefix("10.0.99.0/24") || m.Words(&m.Attributes()[1])[1] != 65000 {
			t.Fatalf("message %d: %d routes", count, len(m.Routes()))
		}
	})
	if count != 1000 {
		t.Errorf("%d messages", count)
	}
}

// RFC 4271 §4.2, RFC 5492 §4, RFC 6793 §4.1, RFC 7911 §4.
func TestNegotiate(t *testing.T) {
	ours := message(TypeOpen, 4, 0xfd, 0xe9, 0, 90, 192, 0, 2, 1, 22, 2, 20, 1, 4, 0, 1, 0, 1, 65, 4, 0, 0, 0xfd, 0xe9, 69, 4, 0, 1, 1, 3, 6, 0)
	theirs := message(TypeOpen, 4, 0x5b, 0xa0, 0, 30, 192, 0, 2, 2, 20, 2, 18, 1, 4, 0, 1, 0, 1, 65, 4, 0xfa, 0x56, 0xea, 0, 69, 4, 0, 1, 1, 1)
	session, err := Negotiate(ours, theirs)
	if err != nil {
		t.Fatal(err)
	}
	if session.PeerAS != 4200000000 || session.HoldTime != 30 || !session.FourOctetAS || !session.AddPathSend.Has(IPv4Unicast) || session.AddPathReceive != 0 {
		t.Errorf("%+v", session)
	}
	if session.Families != FamilySet(0).With(IPv4Unicast) || session.Families.Has(EVPN) || session.PeerRole != NoRole || session.MaxLenReceive != 65535 {
		t.Errorf("%+v", session)
	}
	round := session.toC()
	if *sessionOf(&round) != *session {
		t.Error("a session is not the same on its way back from C")
	}
	theirs[19] = 3
	var of *Error
	if _, err = Negotiate(ours, theirs); !errors.As(err, &of) || of.Notification.Subcode != 1 || !bytes.Equal(of.Notification.Data, []byte{0, 4}) {
		t.Errorf("%v", err)
	}
}
