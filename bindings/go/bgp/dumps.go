package bgp

/*
#cgo pkg-config: container_codecs
#include <container_codecs.h>
*/
import "C"

import (
	"io"
	"net/netip"
	"time"
	"unsafe"
)

// addressOf is an address of 4 or 16 bytes.
func addressOf(bytes *[16]C.uint8_t, length C.uint8_t) netip.Addr {
	switch length {
	case 4:
		return netip.AddrFrom4(*(*[4]byte)(unsafe.Pointer(bytes)))
	case 16, 32:
		return netip.AddrFrom16(*(*[16]byte)(unsafe.Pointer(bytes)))
	}
	return netip.Addr{}
}

// ErrPartial says that the end of what is read is not there yet: hand it in again with what comes later.
var ErrPartial = io.ErrUnexpectedEOF

// MRTForm is what a record of MRT holds.
type MRTForm uint8

// The forms.
const (
	// MRTOther is not read here: Content is its body.
	MRTOther MRTForm = iota
	// MRTMessage is a message of a session: Content is it, from its marker.
	MRTMessage
	// MRTStateChange is a change of a session's state.
	MRTStateChange
	// MRTPeers are the peers of a table: Content is the table's name.
	MRTPeers
	// MRTRoutes are the routes to one destination.
	MRTRoutes
	// MRTTable is a route of a table before version 2: Content is its attributes.
	MRTTable
)

// MRTRecord is a record of a dump (RFC 6396).
type MRTRecord struct {
	head  C.cc_mrt_head
	bytes []byte
}

// Next reads the record that bytes begin with; how many bytes it has. io.EOF if there are none, ErrPartial if its end is not there. With an
// error of its own comes its length, if that is known, so that the next one can be read.
func (r *MRTRecord) Next(bytes []byte) (int, error) {
	var wrong C.cc_error
	switch C.cc_mrt_next(pointer(bytes), C.size_t(len(bytes)), &r.head, &wrong) {
	case C.CC_STATUS_OK:
		r.bytes = bytes[:int(r.head.length):int(r.head.length)]
		return len(r.bytes), nil
	case C.CC_STATUS_END:
		return 0, io.EOF
	case C.CC_STATUS_PARTIAL:
		return 0, ErrPartial
	}
	return int(r.head.length), errorOf(&wrong, nil)
}

// Form is what it holds.
func (r *MRTRecord) Form() MRTForm { return MRTForm(r.head.form) }

// Type is its type and subtype: 13 TABLE_DUMP_V2, 16 BGP4MP …
func (r *MRTRecord) Type() (uint16, uint16) { return uint16(r.head.kind), uint16(r.head.subtype) }

// Time is when it was written.
func (r *MRTRecord) Time() time.Time {
	return time.Unix(int64(r.head.seconds), int64(r.head.microseconds)*1000)
}

// Content is what it holds, by its form. It is a part of the record.
func (r *MRTRecord) Content() []byte {
	start, end := int(r.head.content_offset), int(r.head.content_offset)+int(r.head.content_length)
	return r.bytes[start:end:end]
}

// Session is how a message or attributes in it are to be read.
func (r *MRTRecord) Session() *Session {
	var session C.cc_bgp_session
	C.cc_mrt_session(&r.head, &session)
	return sessionOf(&session)
}

// Peer is the peer's address and AS, of messages, changes and tables.
func (r *MRTRecord) Peer() (netip.Addr, uint32) {
	return addressOf(&r.head.peer, r.head.address_length), uint32(r.head.peer_as)
}

// Local is the collector's address and AS, of messages and changes.
func (r *MRTRecord) Local() (netip.Addr, uint32) {
	return addressOf(&r.head.local, r.head.address_length), uint32(r.head.local_as)
}

// States are the state before and now, of changes (RFC 4271 §8.2.2).
func (r *MRTRecord) States() (uint16, uint16) {
	return uint16(r.head.old_state), uint16(r.head.new_state)
}

// Sequence is the record's number in the table.
func (r *MRTRecord) Sequence() uint32 { return uint32(r.head.sequence) }

// Route is where the routes lead.
func (r *MRTRecord) Route() *Route { return (*Route)(&r.head.route) }

// MRTPeer is a peer of a table.
type MRTPeer struct {
	Address    netip.Addr
	AS         uint32
	Identifier netip.Addr
}

// Peers are the table's, in the order of their numbers. With an error come those in front of what is cut.
func (r *MRTRecord) Peers() ([]MRTPeer, error) {
	var (
		count C.size_t
		wrong C.cc_error
	)
	places := make([]C.cc_mrt_peer, int(r.head.count)+1)
	status := C.cc_mrt_peers(pointer(r.bytes), C.size_t(len(r.bytes)), &places[0], C.size_t(len(places)), &count, &wrong)
	if int(count) > len(places) {
		places = make([]C.cc_mrt_peer, int(count))
		status = C.cc_mrt_peers(pointer(r.bytes), C.size_t(len(r.bytes)), &places[0], C.size_t(len(places)), &count, &wrong)
	}
	peers := make([]MRTPeer, int(count))
	for i := range peers {
		of := &places[i]
		identifier := netip.AddrFrom4(*(*[4]byte)(unsafe.Pointer(&of.identifier)))
		peers[i] = MRTPeer{addressOf(&of.address, of.address_length), uint32(of.as_number), identifier}
	}
	if status != C.CC_STATUS_OK {
		return peers, errorOf(&wrong, nil)
	}
	return peers, nil
}

// MRTEntry is a route of a table to the record's destination.
type MRTEntry struct {
	// Peer is whose it is: a place among the table's peers.
	Peer int
	// Originated is since when it is known.
	Originated time.Time
	// PathID is which of several paths, if HasPathID.
	PathID    uint32
	HasPathID bool
	NextHop   netip.Addr
	// Attributes are a part of the record: Decoder.Attributes reads them.
	Attributes []byte
}

// Entries are the routes. With an error come those in front of what is cut.
func (r *MRTRecord) Entries() ([]MRTEntry, error) {
	var (
		count C.size_t
		wrong C.cc_error
	)
	places := make([]C.cc_mrt_entry, int(r.head.count)+1)
	status := C.cc_mrt_entries(pointer(r.bytes), C.size_t(len(r.bytes)), &places[0], C.size_t(len(places)), &count, &wrong)
	if int(count) > len(places) {
		places = make([]C.cc_mrt_entry, int(count))
		status = C.cc_mrt_entries(pointer(r.bytes), C.size_t(len(r.bytes)), &places[0], C.size_t(len(places)), &count, &wrong)
	}
	entries := make([]MRTEntry, int(count))
	for i := range entries {
		of := &places[i]
		start, end := int(of.attributes_offset), int(of.attributes_offset)+int(of.attributes_length)
		entries[i] = MRTEntry{
			Peer: int(of.peer), Originated: time.Unix(int64(of.originated), 0), PathID: uint32(of.path_id), HasPathID: of.has_path_id != 0,
			NextHop: addressOf(&of.next_hop, of.next_hop_length), Attributes: r.bytes[start:end:end],
		}
	}
	if status != C.CC_STATUS_OK {
		return entries, errorOf(&wrong, nil)
	}
	return entries, nil
}

// BMPMessage is what a router tells of its sessions (RFC 7854).
type BMPMessage struct {
	head  C.cc_bmp_head
	bytes []byte
}

// Next reads the message that bytes begin with; how many bytes it has. ErrPartial if its end is not there. With an error of its own comes its
// length, if that is known, so that the next one can be read.
func (m *BMPMessage) Next(bytes []byte) (int, error) {
	var wrong C.cc_error
	switch C.cc_bmp_next(pointer(bytes), C.size_t(len(bytes)), &m.head, &wrong) {
	case C.CC_STATUS_OK:
		m.bytes = bytes[:int(m.head.length):int(m.head.length)]
		return len(m.bytes), nil
	case C.CC_STATUS_PARTIAL:
		return 0, ErrPartial
	}
	return int(m.head.length), errorOf(&wrong, nil)
}

// Type is what it is for: 0 routes of a peer, 1 counters, 2 a session ended, 3 one began, 4 the router begins, 5 ends, 6 messages as they came.
func (m *BMPMessage) Type() uint8 { return uint8(m.head.kind) }

// Content is what it holds, by its type: an UPDATE, OPENs, TLVs. See cc_bmp_head. It is a part of the message.
func (m *BMPMessage) Content() []byte {
	start, end := int(m.head.content_offset), int(m.head.content_offset)+int(m.head.content_length)
	return m.bytes[start:end:end]
}

// Session is how the peer's messages in it are to be read.
func (m *BMPMessage) Session() *Session {
	var session C.cc_bgp_session
	C.cc_bmp_session(&m.head, &session)
	return sessionOf(&session)
}

// BMPPeer is whom a message is about (RFC 7854 §4.2).
type BMPPeer struct {
	Kind, Flags   uint8
	Distinguisher uint64
	Address       netip.Addr
	AS            uint32
	Identifier    netip.Addr
	// Time is zero if it is not known.
	Time time.Time
}

// Peer is whom it is about, if it is about one.
func (m *BMPMessage) Peer() (BMPPeer, bool) {
	peer := BMPPeer{
		Kind: uint8(m.head.peer_kind), Flags: uint8(m.head.peer_flags), Distinguisher: uint64(m.head.distinguisher),
		Address: addressOf(&m.head.address, m.head.address_length), AS: uint32(m.head.peer_as),
		Identifier: netip.AddrFrom4(*(*[4]byte)(unsafe.Pointer(&m.head.identifier))),
	}
	if m.head.seconds != 0 {
		peer.Time = time.Unix(int64(m.head.seconds), int64(m.head.microseconds)*1000)
	}
	return peer, m.head.has_peer != 0
}

// Reason is why a session ended, of type 2.
func (m *BMPMessage) Reason() uint8 { return uint8(m.head.reason) }

// Ends are the router's address and port, and the peer's port, of type 3.
func (m *BMPMessage) Ends() (local netip.AddrPort, peerPort uint16) {
	address := addressOf(&m.head.local, m.head.address_length)
	return netip.AddrPortFrom(address, uint16(m.head.local_port)), uint16(m.head.peer_port)
}

// TLVs hands the values of types 1, 4, 5 and 6 out, until the function says false.
func (m *BMPMessage) TLVs(each func(kind uint16, value []byte) bool) error {
	var (
		places [16]C.cc_bmp_tlv
		count  C.size_t
		wrong  C.cc_error
	)
	content, all := m.Content(), places[:]
	status := C.cc_bmp_tlvs(pointer(content), C.size_t(len(content)), &all[0], C.size_t(len(all)), &count, &wrong)
	if int(count) > len(all) {
		all = make([]C.cc_bmp_tlv, int(count))
		status = C.cc_bmp_tlvs(pointer(content), C.size_t(len(content)), &all[0], C.size_t(len(all)), &count, &wrong)
	}
	if status != C.CC_STATUS_OK {
		return errorOf(&wrong, nil)
	}
	for _, of := range all[:int(count)] {
		start, end := int(of.offset), int(of.offset)+int(of.length)
		if !each(uint16(of.kind), content[start:end:end]) {
			break
		}
	}
	return nil
}
