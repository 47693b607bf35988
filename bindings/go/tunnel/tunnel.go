// Package tunnel puts packets into tunnels and takes them out again: VXLAN, Geneve, IP in IP and GRE, where the packets stand.
//
// Packets go in batches, so that the price of a call into the library is paid once for many of them, and nothing is copied or allocated:
//
//	vtep, err := tunnel.New(tunnel.Config{Kind: tunnel.VXLAN, Source: here, Destination: there, Key: 7})
//	…
//	batch := tunnel.NewBatch(64, 2048, vtep.Overhead())
//	for room := batch.Next(); room != nil; room = batch.Next() {
//		length, err := device.Read(room)
//		…
//		batch.Add(length)
//	}
//	err = vtep.EncapsulateBatch(batch)
//	for i := 0; i < batch.Len(); i++ {
//		if batch.Err(i) == nil {
//			socket.Write(batch.Packet(i))
//		}
//	}
package tunnel

/*
#cgo pkg-config: container_codecs
#include <container_codecs.h>

// What Go's memory holds may have no pointer into Go's memory: so a packet is a place in one piece of bytes, and becomes a buffer here, in C's
// memory, a few at a time.
#define AT_ONCE 64

typedef struct places {
    uint8_t *bytes;
    size_t size;
    size_t *starts;
    size_t *lengths;
} places;

static size_t open_some(const places *of, size_t first, size_t count, cc_buffer *some)
{
    size_t many = count - first < AT_ONCE ? count - first : AT_ONCE;
    for (size_t i = 0; i < many; i++)
        some[i] = (cc_buffer){of->bytes + (first + i) * of->size, of->size, of->starts[first + i], of->lengths[first + i]};
    return many;
}

static void close_some(const places *of, size_t first, size_t many, const cc_buffer *some)
{
    for (size_t i = 0; i < many; i++) {
        of->starts[first + i] = some[i].start;
        of->lengths[first + i] = some[i].length;
    }
}

static cc_status encapsulate_all(const cc_tunnel *tunnel, uint8_t *bytes, size_t size, size_t *starts, size_t *lengths, size_t count,
    cc_status *statuses)
{
    const places of = {bytes, size, starts, lengths};
    cc_buffer some[AT_ONCE];
    cc_status status = CC_STATUS_OK;

    for (size_t first = 0, many; first < count && status == CC_STATUS_OK; first += many) {
        many = open_some(&of, first, count, some);
        status = cc_encapsulate_batch(tunnel, some, many, statuses + first);
        close_some(&of, first, many, some);
    }
    return status;
}

static cc_status decapsulate_all(const cc_decapsulator *decapsulator, uint8_t *bytes, size_t size, size_t *starts, size_t *lengths,
    size_t count, cc_inner *inner, cc_status *statuses)
{
    const places of = {bytes, size, starts, lengths};
    cc_buffer some[AT_ONCE];
    cc_status status = CC_STATUS_OK;

    for (size_t first = 0, many; first < count && status == CC_STATUS_OK; first += many) {
        many = open_some(&of, first, count, some);
        status = cc_decapsulate_batch(decapsulator, some, many, inner + first, statuses + first);
        close_some(&of, first, many, some);
    }
    return status;
}

static cc_status encapsulate_one(const cc_tunnel *tunnel, uint8_t *bytes, size_t room, size_t *start, cc_error *error)
{
    cc_buffer packet = {bytes, room, *start, room - *start};
    cc_status status = cc_encapsulate(tunnel, &packet, error);
    *start = packet.start;
    return status;
}

static cc_status decapsulate_one(const cc_decapsulator *decapsulator, uint8_t *bytes, size_t length, cc_inner *inner, cc_error *error)
{
    cc_buffer packet = {bytes, length, 0, length};
    return cc_decapsulate(decapsulator, &packet, inner, error);
}

static cc_tunnel *tunnel_new(const cc_tunnel_config *config, const uint8_t *options, cc_error *error)
{
    cc_tunnel_config with_options = *config;
    with_options.options = options;
    return cc_tunnel_new(&with_options, error);
}

static cc_decapsulator *decapsulator_new(const cc_decapsulator_config *config, const uint32_t *known, cc_error *error)
{
    cc_decapsulator_config with_known = *config;
    with_known.known_options = known;
    return cc_decapsulator_new(&with_known, error);
}
*/
import "C"

import (
	"errors"
	"net"
	"net/netip"
	"unsafe"

	"example.invalid/container-codecs/internal/address"
	"example.invalid/container-codecs/internal/failure"
	"example.invalid/container-codecs/internal/slots"
	"example.invalid/container-codecs/packet"
)

// Error is what the library says of a configuration or a packet.
type Error = failure.Error

// Status is the kind of an error, which errors.Is finds.
type Status = failure.Status

// The kinds of errors.
const (
	NoRoom      = failure.NoRoom
	Truncated   = failure.Truncated
	Malformed   = failure.Malformed
	Argument    = failure.Argument
	Unbuildable = failure.Unbuildable
	NotOurs     = failure.NotOurs
	Refused     = failure.Refused
	BadChecksum = failure.Checksum
	Congested   = failure.Congested
)

var errClosed = errors.New("the tunnel is closed")

// Kind is what is around a packet.
type Kind uint8

// The kinds of tunnels.
const (
	VXLAN  Kind = C.CC_TUNNEL_KIND_VXLAN
	Geneve Kind = C.CC_TUNNEL_KIND_GENEVE
	IP     Kind = C.CC_TUNNEL_KIND_IP
	GRE    Kind = C.CC_TUNNEL_KIND_GRE
)

// ClassPolicy is what an outer traffic class takes from the inner one.
type ClassPolicy uint8

// The policies of classes: nothing, ECN (RFC 6040 §4.1), ECN and DSCP (RFC 2983).
const (
	FixedClass ClassPolicy = C.CC_CLASS_POLICY_FIXED
	CopyECN    ClassPolicy = C.CC_CLASS_POLICY_COPY_ECN
	CopyAll    ClassPolicy = C.CC_CLASS_POLICY_COPY_ALL
)

// ChecksumPolicy is whether an outer UDP checksum is computed.
type ChecksumPolicy uint8

// The policies of checksums: over IPv6 alone, always, never.
const (
	ChecksumByFamily ChecksumPolicy = C.CC_CHECKSUM_POLICY_BY_FAMILY
	ComputedChecksum ChecksumPolicy = C.CC_CHECKSUM_POLICY_COMPUTED
	ZeroChecksum     ChecksumPolicy = C.CC_CHECKSUM_POLICY_ZERO
)

// GroupPolicy is VXLAN's extension of that name.
type GroupPolicy struct {
	ID                 uint16
	DontLearn, Applied bool
}

// Config is a tunnel to one remote. Of what is zero the default is taken.
type Config struct {
	Kind Kind
	// Source and Destination of the outer packets.
	Source, Destination netip.Addr
	// SourceMAC and DestinationMAC; without them outer packets begin with IP.
	SourceMAC, DestinationMAC net.HardwareAddr
	// Key is the VNI of VXLAN and Geneve; of GRE the key, if HasKey is set.
	Key    uint32
	HasKey bool
	// Group is VXLAN's Group Policy, if there is one.
	Group *GroupPolicy
	// Options of Geneve, as they stand in a packet.
	Options []byte
	// InnerType is what Geneve and GRE carry, as an EtherType; 0 is Ethernet.
	InnerType uint16
	// Port is UDP's; 0 is the protocol's own. FirstSourcePort and LastSourcePort are the range that flows are spread over.
	Port, FirstSourcePort, LastSourcePort uint16
	// TTL is the time to live or hop limit; 0 is 64.
	TTL uint8
	// DSCP of the outer packets, 0 to 63, and what of the inner class is taken.
	DSCP  uint8
	Class ClassPolicy
	// Checksum is UDP's.
	Checksum ChecksumPolicy
	// FlowLabel of outer IPv6; LabelByFlow makes one of each inner flow.
	FlowLabel   uint32
	LabelByFlow bool
	// Symmetric ports and labels are the same for both directions of a flow.
	Symmetric bool
	// MayFragment lets routers fragment outer IPv4 packets.
	MayFragment bool
	// Sequence has GRE's packets numbered, GREChecksum sums them.
	Sequence, GREChecksum bool
}

// Tunnel is the outer headers of a tunnel to one remote. Any number of goroutines may use it until it is closed.
type Tunnel struct {
	tunnel *C.cc_tunnel
}

// New works them out. Close it in the end.
func New(config Config) (*Tunnel, error) {
	var wrong C.cc_error
	of, err := config.of()
	if err != nil {
		return nil, err
	}
	var options *C.uint8_t
	if len(config.Options) > 0 {
		options = (*C.uint8_t)(unsafe.Pointer(&config.Options[0]))
	}
	tunnel := C.tunnel_new(&of, options, &wrong)
	if tunnel == nil {
		return nil, failure.Of(unsafe.Pointer(&wrong))
	}
	return &Tunnel{tunnel}, nil
}

func (c *Config) of() (C.cc_tunnel_config, error) {
	of := C.cc_tunnel_config{
		source: put(c.Source), destination: put(c.Destination), options_length: C.size_t(len(c.Options)),
		key: C.uint32_t(c.Key), flow_label: C.uint32_t(c.FlowLabel), port: C.uint16_t(c.Port),
		first_source_port: C.uint16_t(c.FirstSourcePort), last_source_port: C.uint16_t(c.LastSourcePort),
		inner_type: C.uint16_t(c.InnerType), kind: C.uint8_t(c.Kind), ttl: C.uint8_t(c.TTL), dscp: C.uint8_t(c.DSCP),
		class_policy: C.uint8_t(c.Class), checksum: C.uint8_t(c.Checksum),
	}
	set := func(holds bool, flag C.uint32_t) {
		if holds {
			of.flags |= flag
		}
	}
	set(c.HasKey, C.CC_TUNNEL_FLAG_KEY)
	set(c.Sequence, C.CC_TUNNEL_FLAG_SEQUENCE)
	set(c.GREChecksum, C.CC_TUNNEL_FLAG_GRE_CHECKSUM)
	set(c.MayFragment, C.CC_TUNNEL_FLAG_MAY_FRAGMENT)
	set(c.LabelByFlow, C.CC_TUNNEL_FLAG_LABEL_BY_FLOW)
	set(c.Symmetric, C.CC_TUNNEL_FLAG_SYMMETRIC)
	if c.Group != nil {
		of.group = C.uint16_t(c.Group.ID)
		set(true, C.CC_TUNNEL_FLAG_GROUP)
		set(c.Group.DontLearn, C.CC_TUNNEL_FLAG_GROUP_DONT_LEARN)
		set(c.Group.Applied, C.CC_TUNNEL_FLAG_GROUP_APPLIED)
	}
	if len(c.SourceMAC) == 0 && len(c.DestinationMAC) == 0 {
		return of, nil
	}
	if len(c.SourceMAC) != 6 || len(c.DestinationMAC) != 6 {
		return of, errors.New("a MAC address has 6 bytes, and there are two or none")
	}
	set(true, C.CC_TUNNEL_FLAG_ETHERNET)
	for i := range of.source_mac {
		of.source_mac[i], of.destination_mac[i] = C.uint8_t(c.SourceMAC[i]), C.uint8_t(c.DestinationMAC[i])
	}
	return of, nil
}

// Close frees what it keeps. Nobody may use it meanwhile.
func (t *Tunnel) Close() {
	C.cc_tunnel_free(t.tunnel)
	t.tunnel = nil
}

// Overhead is how many bytes are put in front of a packet.
func (t *Tunnel) Overhead() int { return int(C.cc_tunnel_overhead(t.tunnel)) }

// InnerMTU is the MTU for what is inside, given the underlay's; 0 if nothing is left.
func (t *Tunnel) InnerMTU(underlay int) int {
	if underlay < 0 || underlay > 1<<31-1 {
		return 0
	}
	return int(C.cc_tunnel_inner_mtu(t.tunnel, C.uint32_t(underlay)))
}

// Encapsulate puts the outer headers in front of the packet that begins at start and ends with the buffer: where it begins then. With an
// error it is as it was.
func (t *Tunnel) Encapsulate(buffer []byte, start int) (int, error) {
	if t.tunnel == nil {
		return start, errClosed
	}
	if start < 0 || start > len(buffer) {
		return start, NoRoom
	}
	var wrong C.cc_error
	at := C.size_t(start)
	if C.encapsulate_one(t.tunnel, first(buffer), C.size_t(len(buffer)), &at, &wrong) != C.CC_STATUS_OK {
		return start, failure.Of(unsafe.Pointer(&wrong))
	}
	return int(at), nil
}

// EncapsulateBatch puts the outer headers in front of all packets of a batch; Err says of each how that ended.
func (t *Tunnel) EncapsulateBatch(batch *Batch) error {
	if t.tunnel == nil {
		return errClosed
	}
	s := batch.Slots()
	if s.Count == 0 {
		return nil
	}
	status := C.encapsulate_all(t.tunnel, first(s.Bytes), C.size_t(s.Size), sizes(s.Starts), sizes(s.Lengths), C.size_t(s.Count), statuses(s))
	return Status(status).Err()
}

// Reading is how VXLAN's flags are read.
type Reading uint8

// The readings.
const (
	RFC7348    Reading = C.CC_VXLAN_READING_RFC7348
	Linux      Reading = C.CC_VXLAN_READING_LINUX
	LinuxGroup Reading = C.CC_VXLAN_READING_LINUX_GROUP
)

// Sums is how outer checksums are taken.
type Sums uint8

// The ways: as the tunnel's RFC has it, not looked at, right, right or 0 over IPv6 too.
const (
	SumsByKind           Sums = C.CC_OUTER_SUMS_BY_KIND
	IgnoredSums          Sums = C.CC_OUTER_SUMS_IGNORED
	VerifiedSums         Sums = C.CC_OUTER_SUMS_VERIFIED
	VerifiedOrZeroedSums Sums = C.CC_OUTER_SUMS_VERIFIED_OR_ZERO
)

// Filter is what an outer packet must be. Of what is zero the default is taken.
type Filter struct {
	Kind Kind
	// RawIP says that packets begin with IP, and not with Ethernet.
	RawIP bool
	// Remote and Local are the tunnel's ends; packets between others are not taken. Without them all are.
	Remote, Local netip.Addr
	// Key is the VNI or the key of GRE, if HasKey is set.
	Key    uint32
	HasKey bool
	// Port is UDP's; 0 is the protocol's own.
	Port    uint16
	Reading Reading
	Sums    Sums
	// Tagged takes VXLAN's inner frames with VLAN tags (RFC 7348 §6.1).
	Tagged bool
	// KnownOptions are those of Geneve that the caller knows: class, and type as the lower 8 bits. AnyOption takes all.
	KnownOptions []uint32
	AnyOption    bool
	// LeavesECN leaves the inner packet's mark as it is.
	LeavesECN bool
}

// Decapsulator takes packets apart. Any number of goroutines may use it until it is closed.
type Decapsulator struct {
	decapsulator *C.cc_decapsulator
}

// NewDecapsulator makes one. Close it in the end.
func NewDecapsulator(filter Filter) (*Decapsulator, error) {
	var (
		wrong C.cc_error
		known *C.uint32_t
	)
	if len(filter.KnownOptions) > 0 {
		known = (*C.uint32_t)(unsafe.Pointer(&filter.KnownOptions[0]))
	}
	of := filter.of()
	decapsulator := C.decapsulator_new(&of, known, &wrong)
	if decapsulator == nil {
		return nil, failure.Of(unsafe.Pointer(&wrong))
	}
	return &Decapsulator{decapsulator}, nil
}

func (f *Filter) of() C.cc_decapsulator_config {
	of := C.cc_decapsulator_config{
		remote: put(f.Remote), local: put(f.Local), known_count: C.size_t(len(f.KnownOptions)), link_type: 1,
		key: C.uint32_t(f.Key), port: C.uint16_t(f.Port), kind: C.uint8_t(f.Kind), reading: C.uint8_t(f.Reading),
		checksum: C.uint8_t(f.Sums),
	}
	if f.RawIP {
		of.link_type = 101
	}
	set := func(holds bool, flag C.uint32_t) {
		if holds {
			of.flags |= flag
		}
	}
	set(f.HasKey, C.CC_DECAPSULATOR_FLAG_KEY)
	set(f.Remote.IsValid() || f.Local.IsValid(), C.CC_DECAPSULATOR_FLAG_ENDS)
	set(f.Tagged, C.CC_DECAPSULATOR_FLAG_TAGGED)
	set(f.AnyOption, C.CC_DECAPSULATOR_FLAG_ANY_OPTION)
	set(f.LeavesECN, C.CC_DECAPSULATOR_FLAG_LEAVES_ECN)
	return of
}

// Close frees what it keeps. Nobody may use it meanwhile.
func (d *Decapsulator) Close() {
	C.cc_decapsulator_free(d.decapsulator)
	d.decapsulator = nil
}

// Decapsulate takes a packet apart: the inner one is packet[inner.Offset:][:inner.Length], with the outer mark left in it (RFC 6040 §4.2).
// With an error nothing is changed.
func (d *Decapsulator) Decapsulate(packet []byte) (Inner, error) {
	if d.decapsulator == nil {
		return Inner{}, errClosed
	}
	var (
		inner C.cc_inner
		wrong C.cc_error
	)
	if C.decapsulate_one(d.decapsulator, first(packet), C.size_t(len(packet)), &inner, &wrong) != C.CC_STATUS_OK {
		return Inner{}, failure.Of(unsafe.Pointer(&wrong))
	}
	return innerOf(&inner), nil
}

// DecapsulateBatch takes all packets of a batch apart, which are the inner ones then; Err says of each how that ended, and Inner what was
// around it.
func (d *Decapsulator) DecapsulateBatch(batch *Batch) error {
	if d.decapsulator == nil {
		return errClosed
	}
	s := batch.Slots()
	if s.Count == 0 {
		return nil
	}
	status := C.decapsulate_all(d.decapsulator, first(s.Bytes), C.size_t(s.Size), sizes(s.Starts), sizes(s.Lengths), C.size_t(s.Count),
		&batch.inner[0], statuses(s))
	return Status(status).Err()
}

// Inner is what a packet held. Offsets are from the first byte of the outer packet.
type Inner struct {
	// Source and Destination of the outer packet.
	Source, Destination netip.Addr
	// Offset and Length of the inner packet.
	Offset, Length int
	// OuterOffset and OuterLength of the outer IP packet.
	OuterOffset, OuterLength int
	// OptionsOffset and OptionsLength of Geneve's options.
	OptionsOffset, OptionsLength int
	// Key is the VNI or the key of GRE, Sequence GRE's number, if there is one.
	Key, Sequence       uint32
	HasKey, HasSequence bool
	// Group is VXLAN's Group Policy, if HasGroup is set.
	Group    GroupPolicy
	HasGroup bool
	// Type is what is inside, as an EtherType: 0x6558 is Ethernet.
	Type uint16
	// SourcePort is the outer UDP source port.
	SourcePort uint16
	// TrafficClass is the outer one; ECN is the inner packet's as it leaves the tunnel.
	TrafficClass, ECN uint8
	// IsControl and IsCritical are Geneve's O and C.
	IsControl, IsCritical bool
	// IsOdd says that RFC 6040 §4.2 does not expect these marks.
	IsOdd bool
}

func innerOf(of *C.cc_inner) Inner {
	is := func(flag C.uint16_t) bool { return of.flags&flag != 0 }
	return Inner{
		Source: addr(&of.source), Destination: addr(&of.destination), Offset: int(of.offset), Length: int(of.length),
		OuterOffset: int(of.outer_offset), OuterLength: int(of.outer_length),
		OptionsOffset: int(of.options_offset), OptionsLength: int(of.options_length),
		Key: uint32(of.key), Sequence: uint32(of.sequence),
		HasKey: is(C.CC_INNER_FLAG_KEY), HasSequence: is(C.CC_INNER_FLAG_SEQUENCE), HasGroup: is(C.CC_INNER_FLAG_GROUP),
		Group: GroupPolicy{uint16(of.group), is(C.CC_INNER_FLAG_GROUP_DONT_LEARN), is(C.CC_INNER_FLAG_GROUP_APPLIED)},
		Type:  uint16(of.inner_type), SourcePort: uint16(of.source_port),
		TrafficClass: uint8(of.traffic_class), ECN: uint8(of.ecn),
		IsControl: is(C.CC_INNER_FLAG_CONTROL), IsCritical: is(C.CC_INNER_FLAG_CRITICAL), IsOdd: is(C.CC_INNER_FLAG_ODD_ECN),
	}
}

// Batch is packets in one piece of memory: each has a slot, with room in front, and what was around it. One goroutine at a time may use it.
type Batch struct {
	packet.Batch
	inner []C.cc_inner
}

// NewBatch has so many slots, of so many bytes each, of which so many are in front of a packet.
func NewBatch(count, size, headroom int) *Batch {
	return &Batch{*packet.NewBatch(count, size, headroom), make([]C.cc_inner, count)}
}

// Inner is what was around a packet that was taken apart.
func (b *Batch) Inner(i int) Inner { return innerOf(&b.inner[i]) }

func sizes(of []uintptr) *C.size_t { return (*C.size_t)(unsafe.Pointer(&of[0])) }

func statuses(of *slots.Slots) *C.cc_status { return (*C.cc_status)(unsafe.Pointer(&of.Statuses[0])) }

func first(bytes []byte) *C.uint8_t {
	if len(bytes) == 0 {
		return nil
	}
	return (*C.uint8_t)(unsafe.Pointer(&bytes[0]))
}

func put(of netip.Addr) C.cc_address {
	var to C.cc_address
	address.Put(unsafe.Pointer(&to), of)
	return to
}

func addr(of *C.cc_address) netip.Addr { return address.Of(unsafe.Pointer(of)) }
