package tunnel

import (
	"bytes"
	"errors"
	"net"
	"net/netip"
	"testing"
)

// Ethernet, IPv4 and UDP with "hello": 192.0.2.1:4000 to 192.0.2.2:53.
var frame = []byte{
	2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0,
	0x45, 0, 0, 33, 0, 0, 0x40, 0, 64, 17, 0xb6, 0xc8, 192, 0, 2, 1, 192, 0, 2, 2,
	0x0f, 0xa0, 0, 53, 0, 13, 0x28, 0x29, 'h', 'e', 'l', 'l', 'o',
}

// RFC 7348 §5: outer IPv4, UDP to 4789 with checksum 0, flags and VNI 7.
var headers = []byte{
	0x45, 0, 0, 0x53, 0, 0, 0x40, 0, 0x40, 0x11, 0xe6, 0x2f, 198, 51, 100, 1, 198, 51, 100, 2,
	0xc3, 0x50, 0x12, 0xb5, 0, 0x3f, 0, 0, 0x08, 0, 0, 0, 0, 0, 7, 0,
}

var (
	here  = netip.MustParseAddr("198.51.100.1")
	there = netip.MustParseAddr("198.51.100.2")
	here6 = netip.MustParseAddr("2001:db8::1")
)

func config() Config {
	return Config{Kind: VXLAN, Source: here, Destination: there, Key: 7, FirstSourcePort: 50000, LastSourcePort: 50000}
}

func opened(t *testing.T, config Config) *Tunnel {
	t.Helper()
	tunnel, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tunnel.Close)
	return tunnel
}

func taking(t *testing.T, filter Filter) *Decapsulator {
	t.Helper()
	decapsulator, err := NewDecapsulator(filter)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(decapsulator.Close)
	return decapsulator
}

func TestOnePacketOutAndIn(t *testing.T) {
	tunnel := opened(t, config())
	if tunnel.Overhead() != 36 || tunnel.InnerMTU(1500) != 1450 || tunnel.InnerMTU(50) != 0 || tunnel.InnerMTU(-1) != 0 {
		t.Error(tunnel.Overhead(), tunnel.InnerMTU(1500))
	}
	buffer := append(make([]byte, 40), frame...)
	start, err := tunnel.Encapsulate(buffer, 40)
	if err != nil || start != 4 || !bytes.Equal(buffer[4:40], headers) || !bytes.Equal(buffer[40:], frame) {
		t.Fatalf("%v %d %x", err, start, buffer)
	}
	inner, err := taking(t, Filter{Kind: VXLAN, RawIP: true}).Decapsulate(buffer[4:])
	if err != nil || inner.Offset != 36 || inner.Length != len(frame) || inner.Key != 7 || !inner.HasKey {
		t.Fatal(err, inner)
	}
	if inner.Source != here || inner.Destination != there || inner.SourcePort != 50000 || inner.Type != 0x6558 {
		t.Error(inner)
	}

	// One byte too little.
	_, err = tunnel.Encapsulate(buffer[5:], 35)
	var of *Error
	if !errors.As(err, &of) || !errors.Is(err, NoRoom) || of.Limit != 36 || of.Value != 35 {
		t.Error(err)
	}
	for _, start := range []int{-1, len(buffer) + 1} {
		if _, err := tunnel.Encapsulate(buffer, start); !errors.Is(err, NoRoom) {
			t.Error(start, err)
		}
	}
	if _, err := opened(t, Config{Kind: IP, Source: here, Destination: there}).Encapsulate(nil, 0); !errors.Is(err, Truncated) {
		t.Error(err)
	}
}

// More packets than go over the border at once, one of them bad.
func TestBatches(t *testing.T) {
	const many, bad = 150, 70
	tunnel, decapsulator := opened(t, config()), taking(t, Filter{Kind: VXLAN, RawIP: true})
	batch := NewBatch(many, 128, tunnel.Overhead())
	for batch.Len() < many {
		batch.Add(copy(batch.Next(), frame))
	}
	if batch.Next() != nil {
		t.Error("there is a slot more than there are")
	}
	if err := tunnel.EncapsulateBatch(batch); err != nil {
		t.Fatal(err)
	}
	batch.Packet(bad)[28] = 0 // Without VXLAN's I flag (RFC 7348 §5).
	for i := 0; i < many; i++ {
		if packet := batch.Packet(i); batch.Err(i) != nil || i != bad && !bytes.Equal(packet[:36], headers) {
			t.Fatalf("%d: %v %x", i, batch.Err(i), packet)
		}
	}
	if err := decapsulator.DecapsulateBatch(batch); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < many; i++ {
		switch {
		case i == bad:
			if !errors.Is(batch.Err(i), Malformed) || len(batch.Packet(i)) != 36+len(frame) {
				t.Error(batch.Err(i))
			}
		case batch.Err(i) != nil || !bytes.Equal(batch.Packet(i), frame) || batch.Inner(i).Key != 7:
			t.Fatal(i, batch.Err(i))
		}
	}
	batch.Reset()
	if err := tunnel.EncapsulateBatch(batch); err != nil || batch.Len() != 0 {
		t.Error(err)
	}
	// In a slot without room in front nothing is put there.
	full := NewBatch(1, 64, 0)
	full.Add(copy(full.Next(), frame))
	if err := tunnel.EncapsulateBatch(full); err != nil || !errors.Is(full.Err(0), NoRoom) || !bytes.Equal(full.Packet(0), frame) {
		t.Error(err, full.Err(0))
	}
}

func TestWhatIsAround(t *testing.T) {
	mac := net.HardwareAddr{2, 0, 0, 0, 0, 1}
	with := config()
	with.Group, with.SourceMAC, with.DestinationMAC = &GroupPolicy{0x0102, true, true}, mac, mac
	tunnel := opened(t, with)
	buffer := append(make([]byte, 50), frame...)
	if start, err := tunnel.Encapsulate(buffer, 50); err != nil || start != 0 {
		t.Fatal(err, start)
	}
	if !bytes.Equal(buffer[42:50], []byte{0x88, 0x48, 1, 2, 0, 0, 7, 0}) {
		t.Errorf("%x", buffer[42:50])
	}
	inner, err := taking(t, Filter{Kind: VXLAN, Reading: LinuxGroup, Remote: here, Local: there}).Decapsulate(buffer)
	if err != nil || !inner.HasGroup || inner.Group != *with.Group || inner.OuterOffset != 14 {
		t.Error(err, inner)
	}
	for name, filter := range map[string]Filter{
		"another network": {Kind: VXLAN, Key: 8, HasKey: true},
		"another port":    {Kind: VXLAN, Port: 8472},
		"other ends":      {Kind: VXLAN, Remote: there, Local: here},
	} {
		if _, err := taking(t, filter).Decapsulate(buffer); !errors.Is(err, NotOurs) {
			t.Error(name, err)
		}
	}

	// RFC 8926 §3.5: an option that is critical must be known.
	option := []byte{1, 2, 0x80, 1, 0, 1, 0, 2}
	geneve := opened(t, Config{Kind: Geneve, Source: here, Destination: there, Options: option})
	buffer = append(make([]byte, 44), frame...)
	if _, err := geneve.Encapsulate(buffer, 44); err != nil {
		t.Fatal(err)
	}
	if _, err := taking(t, Filter{Kind: Geneve, RawIP: true}).Decapsulate(buffer); !errors.Is(err, Refused) {
		t.Error(err)
	}
	inner, err = taking(t, Filter{Kind: Geneve, RawIP: true, KnownOptions: []uint32{0x010280}}).Decapsulate(buffer)
	if err != nil || !bytes.Equal(buffer[inner.OptionsOffset:][:inner.OptionsLength], option) || !inner.IsCritical {
		t.Error(err, inner)
	}

	// RFC 2890: key and sequence numbers.
	gre := opened(t, Config{Kind: GRE, Source: here, Destination: there, Key: 9, HasKey: true, Sequence: true})
	for sequence := uint32(0); sequence < 2; sequence++ {
		buffer = append(make([]byte, gre.Overhead()), frame...)
		if _, err := gre.Encapsulate(buffer, gre.Overhead()); err != nil {
			t.Fatal(err)
		}
		inner, err := taking(t, Filter{Kind: GRE, RawIP: true}).Decapsulate(buffer)
		if err != nil || inner.Key != 9 || inner.Sequence != sequence || !inner.HasSequence {
			t.Error(err, inner)
		}
	}
}

func TestWhatCannotBe(t *testing.T) {
	for field, change := range map[string]func(*Config){
		"kind":                  func(c *Config) { c.Kind = 0 },
		"source":                func(c *Config) { c.Source = netip.Addr{} },
		"family of destination": func(c *Config) { c.Destination = here6 },
		"key":                   func(c *Config) { c.Key = 1 << 24 },
		"dscp":                  func(c *Config) { c.DSCP = 64 },
		"flags":                 func(c *Config) { c.Sequence = true },
	} {
		wrong := config()
		change(&wrong)
		_, err := New(wrong)
		var of *Error
		if !errors.As(err, &of) || !errors.Is(err, Argument) || of.Field != field {
			t.Error(field, err)
		}
	}
	wrong := config()
	wrong.SourceMAC = net.HardwareAddr{1}
	if _, err := New(wrong); err == nil {
		t.Error("a MAC address of one byte")
	}
	if _, err := NewDecapsulator(Filter{Kind: 9}); !errors.Is(err, Argument) {
		t.Error(err)
	}
	tunnel, err := New(config())
	if err != nil {
		t.Fatal(err)
	}
	tunnel.Close()
	if _, err := tunnel.Encapsulate(nil, 0); err == nil || tunnel.EncapsulateBatch(NewBatch(1, 1, 0)) == nil {
		t.Error("a closed tunnel is used")
	}
	closed := &Decapsulator{}
	if _, err := closed.Decapsulate(frame); err == nil || closed.DecapsulateBatch(NewBatch(1, 1, 0)) == nil {
		t.Error("a closed decapsulator is used")
	}
}
