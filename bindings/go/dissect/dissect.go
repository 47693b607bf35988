// Package dissect shows the fields of packets that were captured: of every layer, through every tunnel, with what packets before add to one.
//
// A Dissector takes packets in batches, so that the price of a call into the library is paid once for many of them:
//
//	capture, err := dissect.Open("node.pcap")
//	…
//	dissector, err := dissect.New(dissect.FieldInnerIpSource, dissect.FieldInnerIpDestination)
//	…
//	err = dissector.Each(capture, func(packet *dissect.Packet) error {
//		fmt.Println(packet.Text(dissect.FieldInnerIpSource), packet.Text(dissect.FieldInnerIpDestination))
//		return nil
//	})
package dissect

/*
#cgo pkg-config: container_codecs
#include <container_codecs.h>
#include <stdlib.h>

// What Go's memory holds may have no pointer into Go's memory: so a packet says where it begins in one piece of bytes, and becomes a pointer
// here, in C's memory, a few at a time.
#define AT_ONCE 64

static cc_status dissect_all(cc_dissector *dissector, const uint8_t *buffer, cc_packet *packets, const size_t *offsets, size_t count,
    cc_value *values, size_t values_room, size_t *values_count, uint8_t *text, size_t text_room, size_t *text_length, size_t *ends,
    size_t *done)
{
    cc_packet some[AT_ONCE];
    cc_status status = CC_STATUS_OK;

    *done = *values_count = *text_length = 0;
    while (*done < count && status == CC_STATUS_OK) {
        size_t taken = 0, many = count - *done < AT_ONCE ? count - *done : AT_ONCE;
        for (size_t i = 0; i < many; i++) {
            some[i] = packets[*done + i];
            some[i].bytes = buffer + offsets[*done + i];
        }
        cc_room room = {
            .values = values + *values_count, .values_room = values_room - *values_count,
            .text = text + *text_length, .text_room = text_room - *text_length, .ends = ends + *done,
        };
        status = cc_dissect(dissector, some, many, &room, &taken);
        if (taken == 0 && status == CC_STATUS_ROOM && *done == 0) {
            *values_count = room.values_count;
            *text_length = room.text_length;
        } else if (taken > 0) {
            // Each call counts from its own beginning.
            for (size_t i = 0; i < taken; i++)
                ends[*done + i] += *values_count;
            for (size_t i = 0; i < room.values_count; i++)
                if (room.values[i].place == CC_PLACE_TEXT)
                    room.values[i].number += *text_length;
            *values_count += room.values_count;
            *text_length += room.text_length;
            *done += taken;
        }
    }
    return status;
}
*/
import "C"

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"runtime"
	"strconv"
	"time"
	"unsafe"

	"example.invalid/container-codecs/internal/codec"
)

// Field is a field, by its number.
type Field uint16

// Kind is how a field's values are written.
type Kind uint8

// The kinds.
const (
	KindText Kind = iota
	KindDecimal
	KindHexadecimal
	KindFlag
	KindMAC
	KindIPv4
	KindIPv6
	KindBytes
	KindSeconds
	KindTime
)

type fieldRow struct {
	name   string
	kind   Kind
	digits uint8
}

// String is the field's name, Wireshark's where it has one.
func (f Field) String() string {
	if int(f) >= len(fieldTable) {
		return "Field(" + strconv.Itoa(int(f)) + ")"
	}
	return fieldTable[f].name
}

// Kind is how the field's values are written.
func (f Field) Kind() Kind {
	if int(f) >= len(fieldTable) {
		return KindText
	}
	return fieldTable[f].kind
}

// FieldNamed is the field of a name.
func FieldNamed(name string) (Field, error) {
	for number, row := range fieldTable {
		if row.name == name {
			return Field(number), nil
		}
	}
	return 0, fmt.Errorf("there is no field %q", name)
}

// Error is what the library says of a capture or a packet.
type Error = codec.Error

func errorOf(e *C.cc_error) error {
	of := codec.ErrorOf(unsafe.Pointer(e))
	return &of
}

// LayerPlace is where a layer stands in a packet.
type LayerPlace struct {
	// Name is the layer's: eth, ip, vxlan …
	Name string
	// Offset is where it begins, and Length how many bytes are its own, without what it carries.
	Offset, Length int
	// Parent is the layer that carries it, by its place; -1 of the first.
	Parent int
	// IsQuoted says whether an ICMP error quotes it.
	IsQuoted bool
}

// Walk finds the layers of a packet of a link type (1 is Ethernet, 101 raw IP). With an error come the layers in front of what is wrong.
func Walk(linkType uint32, packet []byte) ([]LayerPlace, error) {
	var (
		layers [64]C.cc_layer
		count  C.size_t
		wrong  C.cc_error
	)
	var bytes *C.uint8_t
	if len(packet) > 0 {
		bytes = (*C.uint8_t)(unsafe.Pointer(&packet[0]))
	}
	places := layers[:]
	status := C.cc_walk(C.uint32_t(linkType), bytes, C.size_t(len(packet)), &places[0], C.size_t(len(places)), &count, &wrong)
	if int(count) > len(places) {
		places = make([]C.cc_layer, int(count))
		status = C.cc_walk(C.uint32_t(linkType), bytes, C.size_t(len(packet)), &places[0], C.size_t(len(places)), &count, &wrong)
	}
	found := make([]LayerPlace, int(count))
	for i := range found {
		of := places[i]
		found[i] = LayerPlace{layerNames[of.kind], int(of.offset), int(of.length), int(int16(of.parent)), of.is_quoted != 0}
	}
	if status != C.CC_STATUS_OK {
		return found, errorOf(&wrong)
	}
	return found, nil
}

// Record is a packet as a capture has it.
type Record struct {
	// Number of the packet, from 1.
	Number uint64
	// Time it was captured at; zero, if it is not known.
	Time time.Time
	// Original length on the wire.
	Original int
	// LinkType says how it begins: 1 is Ethernet, 101 raw IP.
	LinkType uint32
	// Bytes, as far as they were captured.
	Bytes []byte
}

// Source gives packets, one at a time, and io.EOF behind the last. The bytes need stay only until the next is asked for.
type Source interface {
	Next() (Record, error)
}

// Capture is a file of packets: pcap or pcapng, compressed or not.
type Capture struct {
	capture *C.cc_capture
}

// Open opens a capture. Close it in the end.
func Open(path string) (*Capture, error) {
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	var wrong C.cc_error
	capture := C.cc_capture_open(name, &wrong)
	if capture == nil {
		return nil, errorOf(&wrong)
	}
	return &Capture{capture}, nil
}

// Close closes it. Whoever reads from it then gets an error.
func (c *Capture) Close() {
	C.cc_capture_free(c.capture)
	c.capture = nil
}

// Next is the next packet, whose bytes stay until the next call; io.EOF behind the last.
func (c *Capture) Next() (Record, error) {
	var (
		packet C.cc_packet
		wrong  C.cc_error
	)
	if c.capture == nil {
		return Record{}, errors.New("the capture is closed")
	}
	switch C.cc_capture_next(c.capture, &packet, &wrong) {
	case C.CC_STATUS_OK:
	case C.CC_STATUS_END:
		return Record{}, io.EOF
	default:
		return Record{}, errorOf(&wrong)
	}
	record := Record{Number: uint64(packet.number), Original: int(packet.original), LinkType: uint32(packet.link_type)}
	if packet.has_time != 0 {
		record.Time = time.Unix(int64(packet.seconds), int64(packet.nanoseconds))
	}
	if packet.captured > 0 {
		record.Bytes = unsafe.Slice((*byte)(unsafe.Pointer(packet.bytes)), int(packet.captured))
	}
	return record, nil
}

// Dissector shows fields of packets that were captured one after the other. One goroutine at a time may use it.
type Dissector struct {
	dissector *C.cc_dissector
	// The batch that is being gathered: all bytes, and what is known of each packet.
	bytes   []byte
	packets []C.cc_packet
	offsets []C.size_t
	// What came of it.
	values []C.cc_value
	text   []byte
	ends   []C.size_t
}

// New makes one that shows these fields, or all if none is named. Close it in the end.
func New(fields ...Field) (*Dissector, error) {
	var (
		numbers *C.uint16_t
		wrong   C.cc_error
	)
	if len(fields) > 0 {
		numbers = (*C.uint16_t)(unsafe.Pointer(&fields[0]))
	}
	dissector := C.cc_dissector_new(numbers, C.size_t(len(fields)), 0, &wrong)
	if dissector == nil {
		return nil, errorOf(&wrong)
	}
	return &Dissector{dissector: dissector, values: make([]C.cc_value, 4096), text: make([]byte, 1<<16)}, nil
}

// Close frees what it keeps.
func (d *Dissector) Close() {
	C.cc_dissector_free(d.dissector)
	d.dissector = nil
}

// Add puts a packet into the batch; its bytes are copied.
func (d *Dissector) Add(record Record) {
	packet := C.cc_packet{
		captured: C.uint32_t(len(record.Bytes)), original: C.uint32_t(record.Original),
		link_type: C.uint32_t(record.LinkType), number: C.uint64_t(record.Number),
	}
	if !record.Time.IsZero() {
		packet.seconds, packet.nanoseconds, packet.has_time = C.int64_t(record.Time.Unix()), C.uint32_t(record.Time.Nanosecond()), 1
	}
	d.offsets = append(d.offsets, C.size_t(len(d.bytes)))
	d.packets = append(d.packets, packet)
	d.bytes = append(d.bytes, record.Bytes...)
}

// Flush takes the batch in, and hands its packets out, which are good until the function returns. The batch is empty then.
func (d *Dissector) Flush(take func(*Packet) error) error {
	defer d.clear()
	if d.dissector == nil {
		return errors.New("the dissector is closed")
	}
	if len(d.bytes) == 0 {
		d.bytes = append(d.bytes, 0)
	}
	if len(d.ends) < len(d.packets) {
		d.ends = make([]C.size_t, len(d.packets))
	}
	for first := 0; first < len(d.packets); {
		var values, text, done C.size_t
		status := C.dissect_all(d.dissector, (*C.uint8_t)(unsafe.Pointer(&d.bytes[0])), &d.packets[first], &d.offsets[first],
			C.size_t(len(d.packets)-first), &d.values[0], C.size_t(len(d.values)), &values,
			(*C.uint8_t)(unsafe.Pointer(&d.text[0])), C.size_t(len(d.text)), &text, &d.ends[0], &done)
		if status == C.CC_STATUS_ROOM && done == 0 {
			// Not even the first fits: it has said how much it needs.
			if int(values) > len(d.values) {
				d.values = make([]C.cc_value, int(values))
			}
			if int(text) > len(d.text) {
				d.text = make([]byte, int(text))
			}
			continue
		}
		if status != C.CC_STATUS_OK && status != C.CC_STATUS_ROOM {
			return fmt.Errorf("the library fails: status %d", int(status))
		}
		from := 0
		for i := 0; i < int(done); i++ {
			of := first + i
			start := int(d.offsets[of])
			packet := Packet{
				Number: uint64(d.packets[of].number), bytes: d.bytes[start : start+int(d.packets[of].captured)],
				text: d.text, values: d.values[from:int(d.ends[i])],
			}
			if err := take(&packet); err != nil {
				return err
			}
			from = int(d.ends[i])
		}
		first += int(done)
	}
	runtime.KeepAlive(d)
	return nil
}

func (d *Dissector) clear() {
	d.bytes, d.packets, d.offsets = d.bytes[:0], d.packets[:0], d.offsets[:0]
}

// batch is how many packets Each takes in at once.
const batch = 64

// Each takes all packets of a source in, and hands them out with their fields. It ends at the first error.
func (d *Dissector) Each(source Source, take func(*Packet) error) error {
	for {
		record, err := source.Next()
		if err == nil {
			d.Add(record)
		}
		if err != nil || len(d.packets) == batch {
			if wrong := d.Flush(take); wrong != nil {
				return wrong
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// Packet is one whose fields are shown. It is good as long as the function runs that it was handed to.
type Packet struct {
	// Number of the packet, as its record has it.
	Number uint64
	bytes  []byte
	text   []byte
	values []C.cc_value
}

// Bytes are the packet's, as far as they were captured.
func (p *Packet) Bytes() []byte { return p.bytes }

// Len is how many values there are.
func (p *Packet) Len() int { return len(p.values) }

// Value is one of them, in the order of the layers.
func (p *Packet) Value(i int) Value { return Value{p, &p.values[i]} }

// Get is the first value of a field; the last, the innermost, is GetLast's.
func (p *Packet) Get(field Field) (Value, bool) {
	for i := range p.values {
		if Field(p.values[i].field) == field {
			return Value{p, &p.values[i]}, true
		}
	}
	return Value{}, false
}

// GetLast is the last value of a field.
func (p *Packet) GetLast(field Field) (Value, bool) {
	for i := len(p.values) - 1; i >= 0; i-- {
		if Field(p.values[i].field) == field {
			return Value{p, &p.values[i]}, true
		}
	}
	return Value{}, false
}

// Text is the first value of a field as text; empty, if there is none.
func (p *Packet) Text(field Field) string {
	if value, is := p.Get(field); is {
		return value.String()
	}
	return ""
}

// Value is a field's value.
type Value struct {
	packet *Packet
	value  *C.cc_value
}

// Field is whose value it is.
func (v Value) Field() Field { return Field(v.value.field) }

// Number is the value as a number: of a MAC address and an IPv4 address too, nanoseconds of a time.
func (v Value) Number() uint64 { return uint64(v.value.number) }

// Bytes are the value's, if it has some. They are not copied.
func (v Value) Bytes() []byte {
	start, length := int(v.value.number), int(v.value.length)
	switch v.value.place {
	case C.CC_PLACE_PACKET:
		return v.packet.bytes[start : start+length]
	case C.CC_PLACE_TEXT:
		return v.packet.text[start : start+length]
	}
	return nil
}

// Addr is the value, if it is an IP address.
func (v Value) Addr() netip.Addr {
	switch v.value.form {
	case C.CC_FORM_IPV4:
		var octets [4]byte
		binary.BigEndian.PutUint32(octets[:], uint32(v.value.number))
		return netip.AddrFrom4(octets)
	case C.CC_FORM_IPV6:
		var octets [16]byte
		copy(octets[:], v.Bytes())
		return netip.AddrFrom16(octets)
	}
	return netip.Addr{}
}

// Duration is the value, if it is a time or a span.
func (v Value) Duration() time.Duration { return time.Duration(int64(v.value.number)) }

// String is the value as the program writes it; what is text is not escaped.
func (v Value) String() string {
	switch v.value.form {
	case C.CC_FORM_NUMBER:
		if v.Field().Kind() == KindHexadecimal {
			return fmt.Sprintf("0x%0*x", int(fieldTable[v.value.field].digits), v.Number())
		}
		return strconv.FormatUint(v.Number(), 10)
	case C.CC_FORM_BYTE:
		return fmt.Sprintf("0x%02x", v.Number())
	case C.CC_FORM_MAC:
		n := v.Number()
		return fmt.Sprintf("%02x:%02x:%02x:%02x:%02x:%02x", n>>40&255, n>>32&255, n>>24&255, n>>16&255, n>>8&255, n&255)
	case C.CC_FORM_IPV4, C.CC_FORM_IPV6:
		return v.Addr().String()
	case C.CC_FORM_TIME:
		n := int64(v.Number())
		sign, whole := "", uint64(n)
		if n < 0 {
			sign, whole = "-", -uint64(n)
		}
		return fmt.Sprintf("%s%d.%09d", sign, whole/1e9, whole%1e9)
	case C.CC_FORM_TEXT:
		return string(v.Bytes())
	default:
		return hex.EncodeToString(v.Bytes())
	}
}
