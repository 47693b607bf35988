// Package packet finds the layers of packets, through every tunnel, and reads their headers where they stand: nothing is copied.
//
// A Walker takes packets in batches that lie in one buffer, so that the price of a call into the library is paid once for many of them:
//
//	walker := packet.Walker{LinkType: packet.LinkEthernet}
//	…
//	err := walker.Walk(buffer, spans)
//	for i, span := range spans {
//		bytes := span.Of(buffer)
//		for _, layer := range walker.Layers(i) {
//			switch header := layer.Header(bytes); layer.Kind {
//			case packet.KindIPv4:
//				fmt.Println(packet.IPv4(header).Source(), packet.IPv4(header).Destination())
//			case packet.KindVXLAN:
//				fmt.Println(packet.VXLAN(header).VNI())
//			}
//		}
//	}
//
// What adds to a packet from others before it, BGP messages over several TCP segments say, is package dissect's.
package packet

/*
#cgo pkg-config: container_codecs
#include <container_codecs.h>

_Static_assert(sizeof(cc_layer) == 16, "Layer has its shape");

// What Go's memory holds may have no pointer into Go's memory: a packet says where in the buffer it lies, and becomes a pointer here, a few at a
// time, in C's memory.
#define AT_ONCE 64

typedef struct { uint32_t offset, length; } span;

static cc_status walk_all(uint32_t link_type, const uint8_t *buffer, const span *spans, size_t count, cc_layer *layers, size_t room,
    size_t *ends, cc_status *statuses, size_t *done)
{
    cc_packet some[AT_ONCE];
    cc_status status = CC_STATUS_OK;
    size_t used = 0;

    *done = 0;
    while (*done < count && status == CC_STATUS_OK) {
        size_t taken = 0, many = count - *done < AT_ONCE ? count - *done : AT_ONCE;
        for (size_t i = 0; i < many; i++) {
            some[i].bytes = buffer + spans[*done + i].offset;
            some[i].captured = spans[*done + i].length;
            some[i].link_type = link_type;
        }
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

	"example.invalid/container-codecs/internal/codec"
)

// How packets begin.
const (
	LinkEthernet uint32 = 1
	LinkRaw      uint32 = 101
)

// Error says what is wrong with a packet: layer, field, value and limit.
type Error = codec.Error

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
	for i, span := range packets {
		if uint64(span.Offset)+uint64(span.Length) > uint64(len(buffer)) {
			return fmt.Errorf("packet %d ends at %d, in a buffer of %d bytes", i, uint64(span.Offset)+uint64(span.Length), len(buffer))
		}
	}
	w.buffer, w.spans = buffer, packets
	if len(packets) == 0 {
		return nil
	}
	if len(w.ends) < len(packets) {
		w.ends, w.statuses = make([]C.size_t, len(packets)), make([]C.cc_status, len(packets))
	}
	if len(w.layers) < 8*len(packets) {
		w.layers = make([]Layer, 8*len(packets)+mostLayers)
	}
	// A pointer to what no packet is in is none that C would follow.
	var first *C.uint8_t
	if len(buffer) > 0 {
		first = (*C.uint8_t)(unsafe.Pointer(&buffer[0]))
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
	return codec.ErrorOf(unsafe.Pointer(&wrong))
}

// IsTruncated says whether packet i of the batch ends before its headers say.
func (w *Walker) IsTruncated(i int) bool { return w.statuses[i] == C.CC_STATUS_TRUNCATED }
