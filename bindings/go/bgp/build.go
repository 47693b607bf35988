package bgp

/*
#cgo pkg-config: container_codecs
#include <container_codecs.h>
*/
import "C"

import (
	"errors"
	"net/netip"
	"unsafe"
)

// Capability is what an OPEN says that a speaker can do (RFC 5492).
type Capability struct {
	Code  uint8
	Value []byte
	// IsKnown says whether the value is what the RFC of the code says. What is not has no effect. Not looked at when an OPEN is built.
	IsKnown bool
}

// Open begins a session (RFC 4271 §4.2).
type Open struct {
	// AS is the speaker's, with all its octets (RFC 6793).
	AS uint32
	// HoldTime is what it proposes, in seconds; 0 for none.
	HoldTime uint16
	// Identifier is the speaker's.
	Identifier   netip.Addr
	Capabilities []Capability
}

// ParseOpen reads an OPEN, a whole message. The capabilities' values are parts of it.
func ParseOpen(message []byte) (*Open, error) {
	var (
		open   C.cc_bgp_open
		places [64]C.cc_bgp_capability
		count  C.size_t
		wrong  C.cc_error
	)
	all := places[:]
	for {
		status := C.cc_bgp_open_read(pointer(message), C.size_t(len(message)), &open, &all[0], C.size_t(len(all)), &count, &wrong)
		if status != C.CC_STATUS_OK {
			return nil, errorOf(&wrong, message)
		}
		if int(count) <= len(all) {
			break
		}
		all = make([]C.cc_bgp_capability, int(count))
	}
	o := &Open{
		AS: uint32(open.as_number), HoldTime: uint16(open.hold_time),
		Identifier: netip.AddrFrom4(*(*[4]byte)(unsafe.Pointer(&open.identifier))),
	}
	for _, of := range all[:int(count)] {
		start, end := int(of.offset), int(of.offset)+int(of.length)
		o.Capabilities = append(o.Capabilities, Capability{uint8(of.code), message[start:end:end], of.is_known != 0})
	}
	return o, nil
}

// appendAs appends what a call writes, which is told the room that there is, and what it wrote or needs.
func appendAs(to []byte, wrong *C.cc_error, write func(to *C.uint8_t, room C.size_t, written *C.size_t) uint32) ([]byte, error) {
	for room := 64; ; room = int(wrong.limit) {
		if cap(to)-len(to) < room {
			to = append(make([]byte, 0, 2*cap(to)+room), to...)
		}
		var written C.size_t
		free := to[len(to):cap(to)]
		switch write((*C.uint8_t)(&free[0]), C.size_t(len(free)), &written) {
		case C.CC_STATUS_OK:
			return to[: len(to)+int(written) : cap(to)], nil
		case C.CC_STATUS_ROOM:
			if int(wrong.limit) > len(free) {
				continue
			}
		}
		return to, errorOf(wrong, nil)
	}
}

// Append appends the message to bytes.
func (o *Open) Append(to []byte) ([]byte, error) {
	var wrong C.cc_error
	open := C.cc_bgp_open{as_number: C.uint32_t(o.AS), hold_time: C.uint16_t(o.HoldTime)}
	if o.Identifier.Is4() {
		*(*[4]byte)(unsafe.Pointer(&open.identifier)) = o.Identifier.As4()
	}
	var capabilities []byte
	for _, of := range o.Capabilities {
		if len(of.Value) > 255 {
			return to, errors.New("a capability's value exceeds 255 bytes")
		}
		capabilities = append(append(capabilities, of.Code, byte(len(of.Value))), of.Value...)
	}
	return appendAs(to, &wrong, func(to *C.uint8_t, room C.size_t, written *C.size_t) uint32 {
		return C.cc_bgp_open_build(&open, pointer(capabilities), C.size_t(len(capabilities)), to, room, written, &wrong)
	})
}

// Reason is why a session ends: a NOTIFICATION that was read.
type Reason struct {
	Notification
	// Inner is the one inside of a hard reset (RFC 8538 §3), if there is one.
	Inner *Notification
	// Text is of an administrative shutdown or reset (RFC 9003 §2); it is UTF-8 if the peer keeps to it.
	Text []byte
}

// ParseNotification reads a NOTIFICATION, a whole message.
func ParseNotification(message []byte) (*Reason, error) {
	var (
		reason C.cc_bgp_reason
		wrong  C.cc_error
	)
	if C.cc_bgp_notification_read(pointer(message), C.size_t(len(message)), &reason, &wrong) != C.CC_STATUS_OK {
		return nil, errorOf(&wrong, message)
	}
	r := &Reason{Inner: notificationOf(&reason.inner, message)}
	r.Code, r.Subcode = uint8(reason.notification.code), uint8(reason.notification.subcode)
	r.Data = message[21:]
	if reason.text_length > 0 {
		start, end := int(reason.text_offset), int(reason.text_offset)+int(reason.text_length)
		r.Text = message[start:end:end]
	}
	return r, nil
}

// Append appends the message to bytes: as long as a session has it, 4096 or 65535, its data is cut there.
func (n *Notification) Append(to []byte, maxLen uint16) ([]byte, error) {
	var wrong C.cc_error
	of := C.cc_bgp_notification{code: C.uint8_t(n.Code), subcode: C.uint8_t(n.Subcode), data_length: C.uint32_t(len(n.Data))}
	return appendAs(to, &wrong, func(to *C.uint8_t, room C.size_t, written *C.size_t) uint32 {
		return C.cc_bgp_notification_build(&of, pointer(n.Data), C.size_t(len(n.Data)), C.uint16_t(maxLen), to, room, written, &wrong)
	})
}

// AppendKeepalive appends a KEEPALIVE to bytes.
func AppendKeepalive(to []byte) []byte {
	var message [19]byte
	C.cc_bgp_keepalive_build((*C.uint8_t)(&message[0]))
	return append(to, message[:]...)
}

// RouteRefresh asks for routes again (RFC 2918).
type RouteRefresh struct {
	Family Family
	// Subtype is 0 for a request; 1 and 2 say where routes begin and end (RFC 7313 §3.2).
	Subtype uint8
	// Filters stand as they do on the wire (RFC 5291 §4).
	Filters []byte
	// IsCut says whether the filters of a type go past the end. Not looked at when one is built.
	IsCut bool
}

// ParseRouteRefresh reads a ROUTE-REFRESH, a whole message. The filters are a part of it.
func (s *Session) ParseRouteRefresh(message []byte) (*RouteRefresh, error) {
	var (
		refresh C.cc_bgp_refresh
		wrong   C.cc_error
	)
	session := s.toC()
	if C.cc_bgp_refresh_read(&session, pointer(message), C.size_t(len(message)), &refresh, &wrong) != C.CC_STATUS_OK {
		return nil, errorOf(&wrong, message)
	}
	start, end := int(refresh.filters_offset), int(refresh.filters_offset)+int(refresh.filters_length)
	return &RouteRefresh{familyOf(refresh.family), uint8(refresh.subtype), message[start:end:end], refresh.is_cut != 0}, nil
}

// AppendRouteRefresh appends the message to bytes.
func (s *Session) AppendRouteRefresh(to []byte, refresh *RouteRefresh) ([]byte, error) {
	var wrong C.cc_error
	session := s.toC()
	of := C.cc_bgp_refresh{family: refresh.Family.toC(), subtype: C.uint8_t(refresh.Subtype)}
	return appendAs(to, &wrong, func(to *C.uint8_t, room C.size_t, written *C.size_t) uint32 {
		return C.cc_bgp_refresh_build(&session, &of, pointer(refresh.Filters), C.size_t(len(refresh.Filters)), to, room, written, &wrong)
	})
}

func (f Family) toC() C.cc_bgp_family {
	return C.cc_bgp_family{afi: C.uint16_t(f.AFI), safi: C.uint8_t(f.SAFI)}
}

// Attributes gathers what routes share, for a session's messages. The zero value has none.
type Attributes struct {
	attributes []C.cc_bgp_attribute
	words      []C.uint32_t
	bytes      []byte
}

// Number adds an attribute whose value is one number: ORIGIN, MULTI_EXIT_DISC, LOCAL_PREF, Only to Customer.
func (a *Attributes) Number(kind AttributeType, value uint32) { a.Numbers(kind, value) }

// Address adds NEXT_HOP or ORIGINATOR_ID.
func (a *Attributes) Address(kind AttributeType, address netip.Addr) {
	of := address.Unmap().As4()
	a.Numbers(kind, uint32(of[0])<<24|uint32(of[1])<<16|uint32(of[2])<<8|uint32(of[3]))
}

// Numbers adds an attribute whose value is numbers, as cc_bgp_attribute has them: COMMUNITIES, CLUSTER_LIST …
func (a *Attributes) Numbers(kind AttributeType, values ...uint32) {
	a.attributes = append(a.attributes, C.cc_bgp_attribute{
		kind: C.uint8_t(kind), words_start: C.uint32_t(len(a.words)), words_count: C.uint32_t(len(values)),
	})
	for _, value := range values {
		a.words = append(a.words, C.uint32_t(value))
	}
}

// Path adds AS_PATH, as one sequence; without numbers, the empty one of a route that begins in this AS.
func (a *Attributes) Path(numbers ...uint32) {
	words := make([]uint32, 0, len(numbers)+1)
	for len(numbers) > 0 {
		count := len(numbers)
		if count > 255 {
			count = 255
		}
		words = append(append(words, uint32(SegmentSequence)<<8|uint32(count)), numbers[:count]...)
		numbers = numbers[count:]
	}
	a.Numbers(AttributeASPath, words...)
}

// Bytes adds an attribute of another type as it stands on the wire. Flags count if the type is not known.
func (a *Attributes) Bytes(kind AttributeType, flags uint8, value []byte) {
	a.attributes = append(a.attributes, C.cc_bgp_attribute{
		kind: C.uint8_t(kind), flags: C.uint8_t(flags), offset: C.uint32_t(len(a.bytes)), length: C.uint16_t(len(value)),
	})
	a.bytes = append(a.bytes, value...)
}

// Build puts them as they stand in each message of a session, which routes are announced with.
func (a *Attributes) Build(session *Session) ([]byte, error) {
	var (
		wrong C.cc_error
		first *C.cc_bgp_attribute
		words *C.uint32_t
	)
	if len(a.attributes) > 0 {
		first = &a.attributes[0]
	}
	if len(a.words) > 0 {
		words = &a.words[0]
	}
	of := session.toC()
	// All that they can come to, with what is added for a peer of 2-octet AS numbers.
	to := make([]byte, 8*len(a.attributes)+8*len(a.words)+len(a.bytes)+64)
	var written C.size_t
	status := C.cc_bgp_attributes_build(&of, first, C.size_t(len(a.attributes)), words, C.size_t(len(a.words)), pointer(a.bytes),
		C.size_t(len(a.bytes)), (*C.uint8_t)(&to[0]), C.size_t(len(to)), &written, &wrong)
	if status != C.CC_STATUS_OK {
		return nil, errorOf(&wrong, nil)
	}
	return to[:int(written)], nil
}

// PrefixRoute is the route to a prefix, of IPv4 or IPv6 unicast.
func PrefixRoute(prefix netip.Prefix) Route {
	route := Route{safi: 1, is_prefix: 1, prefix_length: C.uint8_t(prefix.Bits())}
	if prefix.Addr().Is4() {
		route.afi = 1
		*(*[4]byte)(unsafe.Pointer(&route.address)) = prefix.Addr().As4()
	} else {
		route.afi = 2
		*(*[16]byte)(unsafe.Pointer(&route.address)) = prefix.Addr().As16()
	}
	return route
}

// WithPathID is the route as one of several paths, where the session has path identifiers (RFC 7911 §3).
func (r Route) WithPathID(id uint32) Route {
	r.path_id, r.has_path_id = C.uint32_t(id), 1
	return r
}

// VPNRoute is the route to a VPN's prefix with its label (RFC 4364 §4.3).
func VPNRoute(distinguisher [8]byte, label uint32, prefix netip.Prefix) Route {
	route := PrefixRoute(prefix)
	route.safi, route.labels, route.label = 128, 1, C.uint32_t(label)
	*(*[8]byte)(unsafe.Pointer(&route.distinguisher)) = distinguisher
	return route
}

// AppendAnnounced appends the UPDATEs that announce routes of a family: as few as hold them. attributes are of Attributes.Build. The zero next
// hop puts IPv4 unicast into the NLRI, with NEXT_HOP among the attributes; with one, routes go to MP_REACH_NLRI.
func (s *Session) AppendAnnounced(to []byte, family Family, attributes []byte, nextHop netip.Addr, routes []Route) ([]byte, error) {
	var hop []byte
	if nextHop.IsValid() {
		if family.SAFI == IPv4VPN.SAFI {
			hop = make([]byte, 8, 24)
		}
		hop = append(hop, nextHop.AsSlice()...)
	}
	return s.appendRoutes(to, routes, func(session *C.cc_bgp_session, first *Route, count C.size_t, to *C.uint8_t, room C.size_t, taken, written *C.size_t, wrong *C.cc_error) uint32 {
		return C.cc_bgp_announce(session, family.toC(), pointer(attributes), C.size_t(len(attributes)), pointer(hop), C.size_t(len(hop)),
			(*C.cc_bgp_route)(first), count, nil, 0, to, room, taken, written, wrong)
	})
}

// AppendWithdrawn appends the UPDATEs that withdraw routes of a family.
func (s *Session) AppendWithdrawn(to []byte, family Family, routes []Route) ([]byte, error) {
	return s.appendRoutes(to, routes, func(session *C.cc_bgp_session, first *Route, count C.size_t, to *C.uint8_t, room C.size_t, taken, written *C.size_t, wrong *C.cc_error) uint32 {
		return C.cc_bgp_withdraw(session, family.toC(), (*C.cc_bgp_route)(first), count, nil, 0, to, room, taken, written, wrong)
	})
}

// appendRoutes appends messages until all routes are in one.
func (s *Session) appendRoutes(to []byte, routes []Route,
	write func(session *C.cc_bgp_session, first *Route, count C.size_t, to *C.uint8_t, room C.size_t, taken, written *C.size_t, wrong *C.cc_error) uint32,
) ([]byte, error) {
	session := s.toC()
	for len(routes) > 0 {
		var (
			taken, written C.size_t
			wrong          C.cc_error
		)
		if need := int(s.MaxLenSend); cap(to)-len(to) < need {
			to = append(make([]byte, 0, 2*cap(to)+need), to...)
		}
		free := to[len(to):cap(to)]
		if write(&session, &routes[0], C.size_t(len(routes)), pointer(free), C.size_t(len(free)), &taken, &written, &wrong) != C.CC_STATUS_OK {
			return to, errorOf(&wrong, nil)
		}
		to, routes = to[:len(to)+int(written)], routes[int(taken):]
	}
	return to, nil
}

// AppendEndOfRIB appends the message that says that all routes of a family have been sent (RFC 4724 §2).
func AppendEndOfRIB(to []byte, family Family) ([]byte, error) {
	var wrong C.cc_error
	return appendAs(to, &wrong, func(to *C.uint8_t, room C.size_t, written *C.size_t) uint32 {
		return C.cc_bgp_end_of_rib_build(family.toC(), to, room, written, &wrong)
	})
}
