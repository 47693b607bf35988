// Package packet has what forwarding needs of packets beside tunnels: checksums, flows and their hashes, and packets changed in place with every
// checksum, one at a time or a batch at once.
package packet

/*
#cgo pkg-config: container_codecs
#include <container_codecs.h>

// A few at a time: see the package of tunnels.
#define AT_ONCE 64

static cc_status rewrite_all(uint32_t link_type, uint8_t *bytes, size_t size, size_t *starts, size_t *lengths, const cc_changes *changes,
    size_t count, uint32_t *made, cc_status *statuses)
{
    cc_buffer some[AT_ONCE];
    cc_status status = CC_STATUS_OK;

    for (size_t first = 0, many; first < count && status == CC_STATUS_OK; first += many) {
        many = count - first < AT_ONCE ? count - first : AT_ONCE;
        for (size_t i = 0; i < many; i++)
            some[i] = (cc_buffer){bytes + (first + i) * size, size, starts[first + i], lengths[first + i]};
        status = cc_rewrite_batch(link_type, some, changes + first, many, made + first, statuses + first);
        for (size_t i = 0; i < many; i++) {
            starts[first + i] = some[i].start;
            lengths[first + i] = some[i].length;
        }
    }
    return status;
}

static void open_some(uint32_t link_type, const uint8_t *bytes, size_t size, const size_t *starts, const size_t *lengths, size_t first,
    size_t many, cc_packet *some)
{
    for (size_t i = 0; i < many; i++)
        some[i] = (cc_packet){.bytes = bytes + (first + i) * size + starts[first + i], .captured = (uint32_t)lengths[first + i],
            .link_type = link_type};
}

static cc_status flows_of(uint32_t link_type, const uint8_t *bytes, size_t size, const size_t *starts, const size_t *lengths, size_t count,
    cc_flow *flows, cc_status *statuses)
{
    cc_packet some[AT_ONCE];
    cc_status status = CC_STATUS_OK;

    for (size_t first = 0, many; first < count && status == CC_STATUS_OK; first += many) {
        many = count - first < AT_ONCE ? count - first : AT_ONCE;
        open_some(link_type, bytes, size, starts, lengths, first, many, some);
        status = cc_flow_of_batch(some, many, flows + first, statuses + first);
    }
    return status;
}

static cc_status hashes_of(uint32_t link_type, const uint8_t *bytes, size_t size, const size_t *starts, const size_t *lengths, size_t count,
    uint8_t is_symmetric, uint32_t *hashes, cc_status *statuses)
{
    cc_packet some[AT_ONCE];
    cc_status status = CC_STATUS_OK;

    for (size_t first = 0, many; first < count && status == CC_STATUS_OK; first += many) {
        many = count - first < AT_ONCE ? count - first : AT_ONCE;
        open_some(link_type, bytes, size, starts, lengths, first, many, some);
        status = cc_flow_hash_batch(some, many, is_symmetric, hashes + first, statuses + first);
    }
    return status;
}

static cc_status rewrite_one(uint32_t link_type, uint8_t *bytes, size_t room, size_t *start, const cc_changes *changes, uint32_t *made,
    cc_error *error)
{
    cc_buffer packet = {bytes, room, *start, room - *start};
    cc_status status = cc_rewrite(link_type, &packet, changes, made, error);
    *start = packet.start;
    return status;
}

static cc_status upper_layer(const cc_address *source, const cc_address *destination, uint8_t protocol, const uint8_t *bytes, size_t length,
    uint16_t *sum, cc_error *error)
{
    const cc_segment whole = {bytes, length};
    return cc_checksum_upper_layer(source, destination, protocol, &whole, 1, sum, error);
}
*/
import "C"

import (
	"errors"
	"net/netip"
	"unsafe"

	"example.invalid/container-codecs/internal/address"
	"example.invalid/container-codecs/internal/failure"
	"example.invalid/container-codecs/internal/slots"
)

// Error is what the library says of a packet.
type Error = failure.Error

// Status is the kind of an error, which errors.Is finds.
type Status = failure.Status

// The kinds of errors.
const (
	NoRoom    = failure.NoRoom
	Truncated = failure.Truncated
	Malformed = failure.Malformed
	Argument  = failure.Argument
	NotOurs   = failure.NotOurs
)

// LinkType is what packets begin with, as captures number it.
type LinkType uint32

// The link types.
const (
	Ethernet LinkType = 1
	RawIP    LinkType = 101
)

// Checksum is RFC 1071's over bytes, as it stands in a header.
func Checksum(bytes []byte) uint16 {
	var sum C.uint16_t
	C.cc_checksum(first(bytes), C.size_t(len(bytes)), &sum)
	return uint16(sum)
}

// UpperLayerChecksum is that of UDP, TCP, ICMPv6 and their like, with a pseudo-header: 0 over a packet that holds the right one. UDP sends a 0
// as ffff.
func UpperLayerChecksum(source, destination netip.Addr, protocol uint8, packet []byte) (uint16, error) {
	var (
		sum   C.uint16_t
		wrong C.cc_error
	)
	from, to := put(source), put(destination)
	if C.upper_layer(&from, &to, C.uint8_t(protocol), first(packet), C.size_t(len(packet)), &sum, &wrong) != C.CC_STATUS_OK {
		return 0, failure.Of(unsafe.Pointer(&wrong))
	}
	return uint16(sum), nil
}

// UpdateChecksum is a checksum after bytes that it covers, at an offset from the first of them, became as many others (RFC 1624).
func UpdateChecksum(checksum uint16, offset int, before, after []byte) (uint16, error) {
	if len(before) != len(after) || offset < 0 {
		return checksum, errors.New("bytes become as many others, at an offset that is not negative")
	}
	sum := C.uint16_t(checksum)
	status := C.cc_checksum_update(&sum, C.size_t(offset), first(before), first(after), C.size_t(len(before)))
	return uint16(sum), Status(status).Err()
}

// Flow is what a packet's is known by; it can be the key of a map.
type Flow struct {
	Source, Destination netip.Addr
	// SourcePort is the identifier of an ICMP question or answer, if IsICMP is set.
	SourcePort, DestinationPort uint16
	Protocol                    uint8
	// HasPorts and IsICMP say what the ports are; a later fragment has none.
	HasPorts, IsICMP            bool
	IsFragment, IsLaterFragment bool
	// Identification is what all fragments of a packet have in common.
	Identification uint32
}

func flowOf(of *C.cc_flow) Flow {
	is := func(flag C.uint8_t) bool { return of.flags&flag != 0 }
	return Flow{
		Source: addr(&of.source), Destination: addr(&of.destination), SourcePort: uint16(of.source_port),
		DestinationPort: uint16(of.destination_port), Protocol: uint8(of.protocol), HasPorts: is(C.CC_FLOW_FLAG_PORTS),
		IsICMP: is(C.CC_FLOW_FLAG_IDENTIFIER), IsFragment: is(C.CC_FLOW_FLAG_FRAGMENT),
		IsLaterFragment: is(C.CC_FLOW_FLAG_LATER_FRAGMENT), Identification: uint32(of.identification),
	}
}

// FlowOf is the flow of a packet, of which only the headers need be there.
func FlowOf(link LinkType, packet []byte) (Flow, error) {
	var (
		flow  C.cc_flow
		wrong C.cc_error
	)
	if C.cc_flow_of(C.uint32_t(link), first(packet), C.size_t(len(packet)), &flow, &wrong) != C.CC_STATUS_OK {
		return Flow{}, failure.Of(unsafe.Pointer(&wrong))
	}
	return flowOf(&flow), nil
}

// Hash is that of a packet's flow, of which tunnels make their source port; with isSymmetric the same for both directions. Any bytes have one.
func Hash(link LinkType, packet []byte, isSymmetric bool) (uint32, error) {
	var hash C.uint32_t
	status := C.cc_flow_hash(C.uint32_t(link), first(packet), C.size_t(len(packet)), symmetric(isSymmetric), &hash)
	return uint32(hash), Status(status).Err()
}

// Change is what is to be changed of a packet, and afterwards what was: a sum of these.
type Change uint32

// The changes.
const (
	Source          Change = C.CC_CHANGE_SOURCE
	Destination     Change = C.CC_CHANGE_DESTINATION
	SourcePort      Change = C.CC_CHANGE_SOURCE_PORT
	DestinationPort Change = C.CC_CHANGE_DESTINATION_PORT
	// Hop takes one off the time to live, but not the last one: the packet is to be dropped then (RFC 1812 §5.3.1).
	Hop  Change = C.CC_CHANGE_HOP
	TTL  Change = C.CC_CHANGE_TTL
	DSCP Change = C.CC_CHANGE_DSCP
	ECN  Change = C.CC_CHANGE_ECN
	// MSS lowers the largest segment size that a TCP SYN offers.
	MSS Change = C.CC_CHANGE_MSS
	// PushTag needs 4 bytes in front of the frame. Of the three one at most.
	PushTag Change = C.CC_CHANGE_PUSH_TAG
	PopTag  Change = C.CC_CHANGE_POP_TAG
	SwapTag Change = C.CC_CHANGE_SWAP_TAG
)

// Changes are what a packet is to become. Values of what is not to be changed are of no account.
type Changes struct {
	What                        Change
	Source, Destination         netip.Addr
	SourcePort, DestinationPort uint16
	MSS                         uint16
	// TPID announces a tag that is pushed: 0x8100, or 0x88a8. Tag has priority and identifier.
	TPID, Tag      uint16
	TTL, DSCP, ECN uint8
}

func (c *Changes) of() C.cc_changes {
	return C.cc_changes{
		source: put(c.Source), destination: put(c.Destination), what: C.uint32_t(c.What),
		source_port: C.uint16_t(c.SourcePort), destination_port: C.uint16_t(c.DestinationPort), mss: C.uint16_t(c.MSS),
		tpid: C.uint16_t(c.TPID), tag: C.uint16_t(c.Tag), ttl: C.uint8_t(c.TTL), dscp: C.uint8_t(c.DSCP), ecn: C.uint8_t(c.ECN),
	}
}

// Rewrite changes the packet that begins at start and ends with the buffer, in place, and every checksum with it: where it begins then, and
// which changes were made. With an error it is as it was.
func Rewrite(link LinkType, buffer []byte, start int, changes Changes) (int, Change, error) {
	if start < 0 || start > len(buffer) {
		return start, 0, NoRoom
	}
	var (
		made  C.uint32_t
		wrong C.cc_error
	)
	at, of := C.size_t(start), changes.of()
	if C.rewrite_one(C.uint32_t(link), first(buffer), C.size_t(len(buffer)), &at, &of, &made, &wrong) != C.CC_STATUS_OK {
		return start, 0, failure.Of(unsafe.Pointer(&wrong))
	}
	return int(at), Change(made), nil
}

// Batch is packets in one piece of memory: each has a slot, with room in front. One goroutine at a time may use it.
type Batch struct {
	slots   slots.Slots
	changes []C.cc_changes
	numbers []C.uint32_t
	flows   []C.cc_flow
}

// NewBatch has so many slots, of so many bytes each, of which so many are in front of a packet.
func NewBatch(count, size, headroom int) *Batch {
	return &Batch{slots: slots.New(count, size, headroom)}
}

// Slots are for the packages of this module.
func (b *Batch) Slots() *slots.Slots { return &b.slots }

// Len is how many packets there are.
func (b *Batch) Len() int { return b.slots.Count }

// Reset takes all packets out.
func (b *Batch) Reset() { b.slots.Count = 0 }

// Next is where the next packet goes, to be read into; nil, if all slots are taken.
func (b *Batch) Next() []byte {
	s := &b.slots
	if s.Count == len(s.Starts) {
		return nil
	}
	return s.Bytes[s.Count*s.Size+s.Headroom : (s.Count+1)*s.Size]
}

// Add takes the packet in that was put into Next, of which so many bytes are its own. It panics if Next has not so many.
func (b *Batch) Add(length int) {
	_ = b.Next()[:length]
	s := &b.slots
	s.Starts[s.Count], s.Lengths[s.Count], s.Statuses[s.Count] = uintptr(s.Headroom), uintptr(length), C.CC_STATUS_OK
	s.Count++
}

// Packet is one of them, as it is now. It is not copied.
func (b *Batch) Packet(i int) []byte {
	s := &b.slots
	slot := s.Bytes[i*s.Size : (i+1)*s.Size]
	return slot[s.Starts[i] : s.Starts[i]+s.Lengths[i]]
}

// Err is how the last call ended for a packet: nil, or a Status.
func (b *Batch) Err(i int) error { return Status(b.slots.Statuses[i]).Err() }

// Rewrite changes all packets, each in its own way; Err says of each how that ended, and made, if it is not nil, gets which changes were made.
func (b *Batch) Rewrite(link LinkType, changes []Changes, made []Change) error {
	s := &b.slots
	if len(changes) != s.Count || made != nil && len(made) != s.Count {
		return errors.New("there are not as many changes as packets")
	}
	if s.Count == 0 {
		return nil
	}
	b.changes, b.numbers = b.changes[:0], append(b.numbers[:0], make([]C.uint32_t, s.Count)...)
	for i := range changes {
		b.changes = append(b.changes, changes[i].of())
	}
	status := C.rewrite_all(C.uint32_t(link), first(s.Bytes), C.size_t(s.Size), sizes(s.Starts), sizes(s.Lengths), &b.changes[0],
		C.size_t(s.Count), &b.numbers[0], statuses(s))
	for i := range made {
		made[i] = Change(b.numbers[i])
	}
	return Status(status).Err()
}

// Flows writes the flow of each packet; Err says of each how that ended, and where that was not well, its flow is the zero value.
func (b *Batch) Flows(link LinkType, flows []Flow) error {
	s := &b.slots
	if len(flows) != s.Count {
		return errors.New("there are not as many flows as packets")
	}
	if s.Count == 0 {
		return nil
	}
	b.flows = append(b.flows[:0], make([]C.cc_flow, s.Count)...)
	status := C.flows_of(C.uint32_t(link), first(s.Bytes), C.size_t(s.Size), sizes(s.Starts), sizes(s.Lengths), C.size_t(s.Count),
		&b.flows[0], statuses(s))
	for i := range flows {
		flows[i] = flowOf(&b.flows[i])
	}
	return Status(status).Err()
}

// Hashes writes the hash of each packet's flow; Err says of each how that ended.
func (b *Batch) Hashes(link LinkType, isSymmetric bool, hashes []uint32) error {
	s := &b.slots
	if len(hashes) != s.Count {
		return errors.New("there are not as many hashes as packets")
	}
	if s.Count == 0 {
		return nil
	}
	status := C.hashes_of(C.uint32_t(link), first(s.Bytes), C.size_t(s.Size), sizes(s.Starts), sizes(s.Lengths), C.size_t(s.Count),
		symmetric(isSymmetric), (*C.uint32_t)(unsafe.Pointer(&hashes[0])), statuses(s))
	return Status(status).Err()
}

func symmetric(is bool) C.uint8_t {
	if is {
		return 1
	}
	return 0
}

func first(bytes []byte) *C.uint8_t {
	if len(bytes) == 0 {
		return nil
	}
	return (*C.uint8_t)(unsafe.Pointer(&bytes[0]))
}

func sizes(of []uintptr) *C.size_t { return (*C.size_t)(unsafe.Pointer(&of[0])) }

func statuses(of *slots.Slots) *C.cc_status { return (*C.cc_status)(unsafe.Pointer(&of.Statuses[0])) }

func put(of netip.Addr) C.cc_address {
	var to C.cc_address
	address.Put(unsafe.Pointer(&to), of)
	return to
}

func addr(of *C.cc_address) netip.Addr { return address.Of(unsafe.Pointer(of)) }
