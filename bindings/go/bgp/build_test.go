package bgp

import (
	"bytes"
	"errors"
	"io"
	"net/netip"
	"testing"
)

// RFC 4271 §4.2, RFC 5492 §4.
func TestOpen(t *testing.T) {
	whole := message(TypeOpen, 4, 0x5b, 0xa0, 0, 30, 192, 0, 2, 2, 14, 2, 12, 1, 4, 0, 1, 0, 1, 65, 4, 0xfa, 0x56, 0xea, 0)
	open, err := ParseOpen(whole)
	if err != nil || open.AS != 4200000000 || open.HoldTime != 30 || open.Identifier.String() != "192.0.2.2" || len(open.Capabilities) != 2 {
		t.Fatalf("%+v %v", open, err)
	}
	if c := open.Capabilities[1]; c.Code != 65 || !c.IsKnown || !bytes.Equal(c.Value, []byte{0xfa, 0x56, 0xea, 0}) {
		t.Errorf("%+v", c)
	}
	built, err := open.Append([]byte{7})
	if err != nil || built[0] != 7 || !bytes.Equal(built[1:], whole) {
		t.Errorf("%x %v", built, err)
	}
	// 100 capabilities of 30 bytes: more than there is room for at first, and lengths of two bytes (RFC 9072 §2).
	open.Capabilities = append(open.Capabilities, make([]Capability, 98)...)
	for i := 2; i < 100; i++ {
		open.Capabilities[i] = Capability{Code: 99, Value: make([]byte, 30)}
	}
	built, err = open.Append(nil)
	if err != nil || built[28] != 255 || built[29] != 255 {
		t.Fatalf("%v", err)
	}
	if again, err := ParseOpen(built); err != nil || len(again.Capabilities) != 100 || again.Capabilities[99].IsKnown {
		t.Errorf("%v", err)
	}
	var of *Error
	open.HoldTime = 1
	if _, err = open.Append(nil); !errors.As(err, &of) || of.Field != "hold time" || of.Value != 1 || of.Limit != 3 {
		t.Errorf("%v", err)
	}
	whole[19] = 5
	if _, err = ParseOpen(whole); !errors.As(err, &of) || of.Notification.Code != 2 || of.Notification.Subcode != 1 {
		t.Errorf("%v", err)
	}
	if _, err = ParseOpen(nil); err == nil {
		t.Error("nothing is no OPEN")
	}
}

// RFC 9003 §2, RFC 8538 §3, RFC 4271 §4.4, RFC 2918 §3.
func TestShortMessages(t *testing.T) {
	whole := message(TypeNotification, 6, 9, 6, 2, 3, 'b', 'y', 'e')
	reason, err := ParseNotification(whole)
	if err != nil || reason.Code != 6 || reason.Subcode != 9 || reason.Inner == nil || reason.Inner.Subcode != 2 || string(reason.Text) != "bye" {
		t.Fatalf("%+v %v", reason, err)
	}
	if built, err := reason.Append(nil, 4096); err != nil || !bytes.Equal(built, whole) {
		t.Errorf("%x %v", built, err)
	}
	long := Notification{Code: 6, Subcode: 1, Data: make([]byte, 5000)}
	if built, err := long.Append(nil, 4096); err != nil || len(built) != 4096 {
		t.Errorf("%d bytes, %v", len(built), err)
	}
	if _, err = ParseNotification(keepalive); err == nil {
		t.Error("a KEEPALIVE is no NOTIFICATION")
	}
	if !bytes.Equal(AppendKeepalive(nil), keepalive) {
		t.Error("KEEPALIVE")
	}
	session := AssumedSession()
	whole = message(TypeRouteRefresh, 0, 2, 0, 1, 1, 64, 0, 0)
	refresh, err := session.ParseRouteRefresh(whole)
	if err != nil || refresh.Family != IPv6Unicast || refresh.Subtype != 0 || len(refresh.Filters) != 4 || refresh.IsCut {
		t.Fatalf("%+v %v", refresh, err)
	}
	if built, err := session.AppendRouteRefresh(nil, refresh); err != nil || !bytes.Equal(built, whole) {
		t.Errorf("%x %v", built, err)
	}
	whole[21] = 1
	var of *Error
	if _, err = session.ParseRouteRefresh(whole); !errors.As(err, &of) || of.Notification.Code != 7 || !bytes.Equal(of.Notification.Data, whole) {
		t.Errorf("%v", err)
	}
	if built, err := AppendEndOfRIB(nil, EVPN); err != nil || !bytes.Equal(built, update(nil, []byte{0x80, 15, 3, 0, 25, 70}, nil)) {
		t.Errorf("%x %v", built, err)
	}
}

// What is built is read again.
func TestBuild(t *testing.T) {
	session := AssumedSession()
	session.MaxLenReceive, session.MaxLenSend = 4096, 4096
	var attributes Attributes
	attributes.Address(AttributeNextHop, netip.MustParseAddr("192.0.2.1"))
	attributes.Number(AttributeOrigin, 0)
	attributes.Path(65000)
	shared, err := attributes.Build(session)
	if err != nil || !bytes.Equal(shared, mandatory) {
		t.Fatalf("%x %v", shared, err)
	}
	var routes []Route
	for i := 0; i < 3000; i++ {
		routes = append(routes, PrefixRoute(netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 8), byte(i), 0}), 24)))
	}
	// 4096 - 19 - 4 - 20 bytes of a message have room for 1013 routes of four bytes: three messages.
	stream, err := session.AppendAnnounced(nil, IPv4Unicast, shared, netip.Addr{}, routes)
	if err != nil || len(stream) != 3*43+3000*4 {
		t.Fatalf("%d bytes, %v", len(stream), err)
	}
	count := 0
	decode(t, NewDecoder(session), stream, func(m *Message) {
		for i := range m.Routes() {
			if m.Routes()[i].Prefix() != routes[count].Prefix() {
				t.Fatalf("route %d is %v", count, m.Routes()[i].Prefix())
			}
			count++
		}
	})
	if count != 3000 {
		t.Errorf("%d routes", count)
	}
	if stream, err = session.AppendWithdrawn([]byte{7}, IPv4Unicast, routes[:1]); err != nil || !bytes.Equal(stream[1:], update([]byte{24, 10, 0, 0}, nil, nil)) {
		t.Errorf("%x %v", stream, err)
	}
	// Of IPv6 by MP_REACH_NLRI, and of a VPN with its label.
	v6 := prefix("2001:db8:1::/48")
	vpn := VPNRoute([8]byte{0, 0, 0xfd, 0xe8, 0, 0, 0, 7}, 16, prefix("10.1.0.0/16"))
	stream, err = session.AppendAnnounced(nil, IPv6Unicast, shared, netip.MustParseAddr("2001:db8::1"), []Route{PrefixRoute(v6)})
	if err == nil {
		stream, err = session.AppendAnnounced(stream, IPv4VPN, shared, netip.MustParseAddr("192.0.2.9"), []Route{vpn})
	}
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	decode(t, NewDecoder(session), stream, func(m *Message) {
		for i := range m.Routes() {
			route := &m.Routes()[i]
			found = append(found, route.Prefix().String(), m.NextHop(route).String())
			if label, is := route.Label(); is && (label != 16 || route.Distinguisher() != [8]byte{0, 0, 0xfd, 0xe8, 0, 0, 0, 7}) {
				t.Errorf("label %d", label)
			}
		}
	})
	want := []string{"2001:db8:1::/48", "2001:db8::1", "10.1.0.0/16", "192.0.2.9"}
	if len(found) != 4 || found[0] != want[0] || found[1] != want[1] || found[2] != want[2] || found[3] != want[3] {
		t.Errorf("%v", found)
	}
	// With path identifiers, where the session has them.
	session.AddPathSend = session.AddPathSend.With(IPv4Unicast)
	if stream, err = session.AppendWithdrawn(nil, IPv4Unicast, []Route{routes[0].WithPathID(9)}); err != nil || !bytes.Equal(stream, update([]byte{0, 0, 0, 9, 24, 10, 0, 0}, nil, nil)) {
		t.Errorf("%x %v", stream, err)
	}
	var of *Error
	if _, err = session.AppendAnnounced(nil, IPv4Unicast, nil, netip.Addr{}, routes); !errors.As(err, &of) || of.Error() != "ORIGIN is missing" {
		t.Errorf("%v", err)
	}
	attributes.Number(AttributeOrigin, 1)
	if _, err = attributes.Build(session); err == nil {
		t.Error("ORIGIN twice")
	}
	var odd Attributes
	odd.Bytes(99, 0xc0, []byte{5})
	if shared, err = odd.Build(session); err != nil || !bytes.Equal(shared, []byte{0xc0, 99, 1, 5}) {
		t.Errorf("%x %v", shared, err)
	}
}

// RFC 6396 §4.3.1, §4.3.2, §4.4.3.
func TestMRT(t *testing.T) {
	peers := []byte{0, 0, 0, 9, 0, 13, 0, 1, 0, 0, 0, 22, 192, 0, 2, 9, 0, 1, 'v', 0, 1, 2, 1, 1, 1, 1, 192, 0, 2, 1, 0, 1, 0, 0}
	rib := append([]byte{0, 0, 0, 9, 0, 13, 0, 2, 0, 0, 0, 38, 0, 0, 0, 5, 24, 192, 0, 2, 0, 1, 0, 1, 0, 0, 0, 7, 0, 20}, mandatory...)
	session := append([]byte{0, 0, 0, 9, 0, 17, 0, 4, 0, 0, 0, 43, 0, 0, 0, 5, 0, 0, 0xfd, 0xe8, 0, 0, 0xfd, 0xe9, 0, 3, 0, 1, 192, 0, 2, 1, 192, 0, 2, 2}, keepalive...)
	stream := concat(peers, rib, session)
	var record MRTRecord
	var forms []MRTForm
	for {
		length, err := record.Next(stream)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		stream = stream[length:]
		forms = append(forms, record.Form())
		switch record.Form() {
		case MRTPeers:
			of, err := record.Peers()
			if err != nil || len(of) != 1 || of[0].AS != 65536 || of[0].Address.String() != "192.0.2.1" || string(record.Content()) != "v" {
				t.Errorf("%v %v", of, err)
			}
		case MRTRoutes:
			of, err := record.Entries()
			if err != nil || len(of) != 1 || of[0].Peer != 1 || of[0].NextHop.String() != "192.0.2.1" || record.Route().Prefix() != prefix("192.0.2.0/24") {
				t.Fatalf("%v %v", of, err)
			}
			m, err := NewDecoder(record.Session()).Attributes(of[0].Attributes)
			if err != nil || len(m.Attributes()) != 3 || m.Words(&m.Attributes()[1])[1] != 65000 {
				t.Errorf("%v", err)
			}
			if m, err = NewDecoder(record.Session()).Attributes(of[0].Attributes[:15]); err == nil || len(m.Attributes()) != 2 {
				t.Errorf("%v", err)
			}
		case MRTMessage:
			address, as := record.Peer()
			if address.String() != "192.0.2.1" || as != 65000 || record.Time().UnixMicro() != 9000005 {
				t.Errorf("%v %v %v", address, as, record.Time())
			}
			decode(t, NewDecoder(record.Session()), record.Content(), func(m *Message) {
				if m.Type() != TypeKeepalive {
					t.Errorf("%v", m.Type())
				}
			})
		}
	}
	if len(forms) != 3 {
		t.Errorf("%v", forms)
	}
	if _, err := record.Next(rib[:40]); err != ErrPartial {
		t.Errorf("%v", err)
	}
	rib[16] = 33
	if length, err := record.Next(rib); err == nil || length != len(rib) {
		t.Errorf("%d bytes, %v", length, err)
	}
}

// RFC 7854 §4.2, §4.6, §4.3.
func TestBMP(t *testing.T) {
	peer := []byte{0, 0x20, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1, 0, 0, 0xfd, 0xe8, 192, 0, 2, 9, 0, 0, 0, 7, 0, 0, 0, 8}
	var m BMPMessage
	length, err := m.Next(concat([]byte{3, 0, 0, 0, 6 + 42 + 19, 0}, peer, keepalive, []byte{3}))
	if err != nil || length != 67 || m.Type() != 0 || !bytes.Equal(m.Content(), keepalive) || m.Session().FourOctetAS {
		t.Errorf("%d %v", length, err)
	}
	if of, is := m.Peer(); !is || of.Address.String() != "192.0.2.1" || of.AS != 65000 || of.Distinguisher != 5 || of.Time.UnixMicro() != 7000008 {
		t.Errorf("%+v", of)
	}
	if _, err = m.Next([]byte{3, 0, 0, 0, 13, 4, 0, 2, 0, 3, 'r', 't', 'r'}); err != nil {
		t.Fatal(err)
	}
	name := ""
	if err = m.TLVs(func(kind uint16, value []byte) bool {
		name = string(value)
		return kind != 2
	}); err != nil || name != "rtr" {
		t.Errorf("%q %v", name, err)
	}
	if _, err = m.Next([]byte{3, 0}); err != ErrPartial {
		t.Errorf("%v", err)
	}
	var of *Error
	if _, err = m.Next([]byte{5, 0, 0, 0, 6, 4}); !errors.As(err, &of) || of.Field != "version" {
		t.Errorf("%v", err)
	}
}
