// Package layers finds the layers of packets, through every tunnel, and reads their headers where they stand: nothing is copied.
//
// A Walker takes packets in batches that lie in one buffer, so that the price of a call into the library is paid once for many of them:
//
//	walker := layers.Walker{LinkType: layers.LinkEthernet}
//	…
//	err := walker.Walk(buffer, spans)
//	for i, span := range spans {
//		bytes := span.Of(buffer)
//		for _, layer := range walker.Layers(i) {
//			switch header := layer.Header(bytes); layer.Kind {
//			case layers.KindIPv4:
//				fmt.Println(layers.IPv4(header).Source(), layers.IPv4(header).Destination())
//			case layers.KindVXLAN:
//				fmt.Println(layers.VXLAN(header).VNI())
//			}
//		}
//	}
//
// What adds to a packet from others before it, BGP messages over several TCP segments say, is package dissect's.
package layers

/*
#cgo pkg-config: container_codecs
#include <container_codecs.h>

_Static_assert(sizeof(cc_layer) == 16, "Layer has its shape");
_Static_assert(sizeof(cc_outline) == 32, "Outline has its shape");

// What Go's memory holds may have no pointer into Go's memory: a packet says where in the buffer it lies, and becomes a pointer here, a few at a
// time, in C's memory.
#define AT_ONCE 64

typedef struct { uint32_t offset, length; } span;

static void point(cc_packet *some, uint32_t link_type, const uint8_t *buffer, const span *spans, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        some[i].bytes = buffer + spans[i].offset;
        some[i].captured = spans[i].length;
        some[i].link_type = link_type;
    }
}

static cc_status outline_all(uint32_t link_type, const uint8_t *buffer, const span *spans, size_t count, cc_outline *outlines)
{
    cc_packet some[AT_ONCE];
    cc_status status = CC_STATUS_OK;

    for (size_t done = 0; done < count && status == CC_STATUS_OK; done += AT_ONCE) {
        size_t many = count - done < AT_ONCE ? count - done : AT_ONCE;
        point(some, link_type, buffer, spans + done, many);
        status = cc_outline_batch(some, many, outlines + done);
    }
    return status;
}

static cc_status walk_all(uint32_t link_type, const uint8_t *buffer, const span *spans, size_t count, cc_layer *layers, size_t room,
    size_t *ends, cc_status *statuses, size_t *done)
{
    cc_packet some[AT_ONCE];
    cc_status status = CC_STATUS_OK;
    size_t used = 0;

    *done = 0;
    while (*done < count && status == CC_STATUS_OK) {
        size_t taken = 0, many = count - *done < AT_ONCE ? count - *done : AT_ONCE;
        point(some, link_type, buffer, spans + *done, many);
        status = cc_walk_batch(some, many, layers + used, room - used, ends + *done, statuses + *done, &taken);
        for (size_t i = *done; i < *done + taken; i++)
            ends[i] += used;
        *done += taken;
        if (*done > 0)
            used = ends[*done - 1];
    }
    return status;
}
*/
import "C"

import (
	"fmt"
	"strconv"
	"unsafe"

	"example.invalid/container-codecs/internal/failure"
)

// How packets begin.
const (
	LinkEthernet uint32 = 1
	LinkRaw      uint32 = 101
)

// Error says what is wrong with a packet: layer, field, value and limit.
type Error = failure.Error

// Kind is what a layer is.
type Kind uint16

// String is its short name: eth, ip, vxlan …
func (k Kind) String() string {
	if int(k) >= len(kindNames) {
		return "Kind(" + strconv.Itoa(int(k)) + ")"
	}
	return kindNames[k]
}

// Layer is where a layer stands in a packet.
type Layer struct {
	// Offset is where it begins, and Length how many bytes are its own, without what it carries.
	Offset, Length uint32
	// Kind is what it is.
	Kind   Kind
	parent uint16
	quoted uint8
	_      [3]uint8
}

// Parent is the layer that carries it, by its place; -1 of the first.
func (l Layer) Parent() int { return int(int16(l.parent)) }

// IsQuoted says whether an ICMP error quotes it.
func (l Layer) IsQuoted() bool { return l.quoted != 0 }

// Header is the layer's own bytes of its packet.
func (l Layer) Header(packet []byte) []byte { return packet[l.Offset : l.Offset+l.Length] }

// None is the offset of what a packet has not.
const None uint32 = 1<<32 - 1

// KindNone is the kind of what a packet has not.
const KindNone Kind = 1<<16 - 1

// Outline is where in a packet stands what most ask for: offsets and kinds, None and KindNone of what it has not. What an ICMP error quotes is not
// of the packet.
type Outline struct {
	// Outer is the outermost IP header; Tunnel the innermost tunnel's; Network the innermost IP header, the outermost too where there is no
	// tunnel; Transport what that carries.
	Outer, Tunnel, Network, Transport                 uint32
	OuterKind, TunnelKind, NetworkKind, TransportKind Kind
	status                                            C.cc_status
	// Layers is how many there are.
	Layers uint32
}

// IsGood says whether nothing is wrong with the packet; what is wrong a walk tells.
func (o *Outline) IsGood() bool { return o.status == C.CC_STATUS_OK }

// Span is where a packet lies in a buffer.
type Span struct {
	Offset, Length uint32
}

// Of is the packet.
func (s Span) Of(buffer []byte) []byte { return buffer[s.Offset : s.Offset+s.Length] }

// Walk finds the layers of one packet. With an error come the layers in front of what is wrong.
func Walk(linkType uint32, packet []byte) ([]Layer, error) {
	walker := Walker{LinkType: linkType}
	if err := walker.Walk(packet, []Span{{0, uint32(len(packet))}}); err != nil {
		return nil, err
	}
	return walker.Layers(0), walker.Err(0)
}

// Walker finds the layers of batches of packets. What it says of a batch is good until the next. One goroutine at a time may use it; its zero
// value walks through packets of link type 0, so LinkType is to be set.
type Walker struct {
	// LinkType says how the packets begin.
	LinkType uint32
	buffer   []byte
	spans    []Span
	layers   []Layer
	outlines []Outline
	ends     []C.size_t
	statuses []C.cc_status
	// How many packets were taken in: here, so that nothing is allocated for it.
	done C.size_t
}

// mostLayers is how many a walk goes through.
const mostLayers = 256

// Walk finds the layers of packets that lie in a buffer. An error is the caller's: a packet that is not in the buffer. What is wrong with a
// packet is told by Err.
func (w *Walker) Walk(buffer []byte, packets []Span) error {
	first, err := w.begin(buffer, packets)
	if first == nil {
		return err
	}
	if len(w.ends) < len(packets) {
		w.ends, w.statuses = make([]C.size_t, len(packets)), make([]C.cc_status, len(packets))
	}
	if len(w.layers) < 8*len(packets) {
		w.layers = make([]Layer, 8*len(packets)+mostLayers)
	}
	for {
		status := C.walk_all(C.uint32_t(w.LinkType), first, (*C.span)(unsafe.Pointer(&packets[0])), C.size_t(len(packets)),
			(*C.cc_layer)(unsafe.Pointer(&w.layers[0])), C.size_t(len(w.layers)), &w.ends[0], &w.statuses[0], &w.done)
		switch status {
		case C.CC_STATUS_OK:
			return nil
		case C.CC_STATUS_ROOM:
			w.layers = make([]Layer, 2*len(w.layers))
		default:
			return fmt.Errorf("the library fails: status %d", int(status))
		}
	}
}

// begin is where a batch begins; nil, if there is nothing to do.
func (w *Walker) begin(buffer []byte, packets []Span) (*C.uint8_t, error) {
	for i, span := range packets {
		if uint64(span.Offset)+uint64(span.Length) > uint64(len(buffer)) {
			return nil, fmt.Errorf("packet %d ends at %d, in a buffer of %d bytes", i, uint64(span.Offset)+uint64(span.Length), len(buffer))
		}
	}
	w.buffer, w.spans = buffer, packets
	if len(packets) == 0 {
		return nil, nil
	}
	if len(buffer) == 0 {
		// No packet has a byte, so that nobody reads it.
		buffer = empty[:]
	}
	return (*C.uint8_t)(unsafe.Pointer(&buffer[0])), nil
}

var empty [1]byte

// Layers are those of packet i of the batch, as far as they are good.
func (w *Walker) Layers(i int) []Layer {
	start := C.size_t(0)
	if i > 0 {
		start = w.ends[i-1]
	}
	return w.layers[start:w.ends[i]]
}

// Err is what is wrong with packet i of the batch, behind its layers; nil if nothing is.
func (w *Walker) Err(i int) error {
	if w.statuses[i] == C.CC_STATUS_OK {
		return nil
	}
	// What it is in words is asked for once it is wanted.
	var (
		count C.size_t
		wrong C.cc_error
		bytes *C.uint8_t
	)
	if packet := w.spans[i].Of(w.buffer); len(packet) > 0 {
		bytes = (*C.uint8_t)(unsafe.Pointer(&packet[0]))
	}
	if C.cc_walk(C.uint32_t(w.LinkType), bytes, C.size_t(w.spans[i].Length), nil, 0, &count, &wrong) == C.CC_STATUS_OK {
		return nil
	}
	return failure.Of(unsafe.Pointer(&wrong))
}

// IsTruncated says whether packet i of the batch ends before its headers say.
func (w *Walker) IsTruncated(i int) bool { return w.statuses[i] == C.CC_STATUS_TRUNCATED }

// Outline finds where in packets that lie in a buffer stands what most ask for: faster than Walk, whose layers are looked through. The result is
// good until the next call.
func (w *Walker) Outline(buffer []byte, packets []Span) ([]Outline, error) {
	first, err := w.begin(buffer, packets)
	if first == nil {
		return nil, err
	}
	if len(w.outlines) < len(packets) {
		w.outlines = make([]Outline, len(packets))
	}
	status := C.outline_all(C.uint32_t(w.LinkType), first, (*C.span)(unsafe.Pointer(&packets[0])), C.size_t(len(packets)),
		(*C.cc_outline)(unsafe.Pointer(&w.outlines[0])))
	if status != C.CC_STATUS_OK {
		return nil, fmt.Errorf("the library fails: status %d", int(status))
	}
	return w.outlines[:len(packets)], nil
}
