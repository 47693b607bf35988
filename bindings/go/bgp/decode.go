package bgp

/*
#cgo pkg-config: container_codecs
#include <container_codecs.h>

// One call for a batch: what TCP delivered is cut into messages, and these are read. The room is put together here, in C's memory, since
// what Go's memory holds may have no pointer into Go's memory. `cut` says why no more messages stand there.
static cc_status read_all(const cc_bgp_session *session, const uint8_t *bytes, size_t length, cc_bgp_frame *frames, cc_bgp_update *updates,
    size_t many, size_t *framed, cc_bgp_route *routes, size_t *routes_count, cc_bgp_attribute *attributes, size_t *attributes_count,
    uint32_t *words, size_t *words_count, size_t *done, cc_status *cut, cc_error *cut_error, cc_error *error)
{
    cc_bgp_room room = {
        .routes = routes, .routes_room = *routes_count, .attributes = attributes, .attributes_room = *attributes_count,
        .words = words, .words_room = *words_count,
    };
    *cut = cc_bgp_frames(bytes, length, session->max_len_receive, frames, many, framed, cut_error);
    // A route seldom has fewer than four bytes: what would not fit is left for the next call.
    for (; *framed > 1 && (frames[*framed - 1].offset + frames[*framed - 1].length) / 4 > *routes_count; *cut = CC_STATUS_OK)
        (*framed)--;
    cc_status status = cc_bgp_decode(session, bytes, length, frames, updates, *framed, &room, done, error);
    *routes_count = room.routes_count;
    *attributes_count = room.attributes_count;
    *words_count = room.words_count;
    return status;
}

static cc_status read_attributes(const cc_bgp_session *session, const uint8_t *bytes, size_t length, cc_bgp_attribute *attributes,
    size_t *attributes_count, uint32_t *words, size_t *words_count, cc_error *error)
{
    cc_bgp_room room = {.attributes = attributes, .attributes_room = *attributes_count, .words = words, .words_room = *words_count};
    cc_status status = cc_bgp_attributes_read(session, bytes, length, &room, error);
    *attributes_count = room.attributes_count;
    *words_count = room.words_count;
    return status;
}
*/
import "C"

import (
	"net/netip"
	"unsafe"
)

// batch is how many messages are read in a call.
const batch = 256

// Decoder reads what a session's peer sends, many messages a call, and uses its memory again. One goroutine at a time may use it.
type Decoder struct {
	session C.cc_bgp_session
	frames  []C.cc_bgp_frame
	updates []C.cc_bgp_update
	// What the messages of a batch say.
	routes     []Route
	attributes []Attribute
	words      []uint32
	message    Message
}

// NewDecoder makes one for what the peer of a session sends.
func NewDecoder(session *Session) *Decoder {
	return &Decoder{
		session: session.toC(), frames: make([]C.cc_bgp_frame, batch), updates: make([]C.cc_bgp_update, batch),
		routes: make([]Route, 4096), attributes: make([]Attribute, 4096), words: make([]uint32, 16384),
	}
}

// Decode takes the whole messages off the front of what a connection delivered, and hands them out in their order; how many bytes they have.
// What is behind them is handed in again with what comes later. A message is good until the function returns; it is not copied.
//
// What is wrong with an UPDATE is no error, but its Action. An *Error with a NOTIFICATION says that what is behind the messages is none.
func (d *Decoder) Decode(bytes []byte, take func(*Message) error) (int, error) {
	taken := 0
	for taken < len(bytes) {
		var (
			framed, done     C.size_t
			cut              C.cc_status
			cutError, wrong  C.cc_error
			rest             = bytes[taken:]
			routes           = C.size_t(len(d.routes))
			attributes, size = C.size_t(len(d.attributes)), C.size_t(len(d.words))
		)
		status := C.read_all(&d.session, (*C.uint8_t)(&rest[0]), C.size_t(len(rest)), &d.frames[0], &d.updates[0], batch, &framed,
			(*C.cc_bgp_route)(&d.routes[0]), &routes, (*C.cc_bgp_attribute)(&d.attributes[0]), &attributes,
			(*C.uint32_t)(&d.words[0]), &size, &done, &cut, &cutError, &wrong)
		if status == C.CC_STATUS_ROOM && done == 0 {
			d.grow(int(routes), int(attributes), int(size))
			continue
		}
		if status != C.CC_STATUS_OK && status != C.CC_STATUS_ROOM {
			return taken, errorOf(&wrong, nil)
		}
		length, err := d.hand(rest, int(done), take)
		taken += length
		if err != nil {
			return taken, err
		}
		if status == C.CC_STATUS_OK && cut == C.CC_STATUS_PARTIAL {
			break
		}
		if status == C.CC_STATUS_OK && cut != C.CC_STATUS_OK {
			return taken, errorOf(&cutError, bytes[taken:])
		}
	}
	return taken, nil
}

// Attributes reads attributes alone: of a route in a dump of a table. What it gives has no routes, and is good until the Decoder is used again.
// Of MP_REACH_NLRI and MP_UNREACH_NLRI there are the bytes, and AS_PATH stands by itself. With an error come those in front of what is wrong.
func (d *Decoder) Attributes(bytes []byte) (*Message, error) {
	for {
		var wrong C.cc_error
		attributes, words := C.size_t(len(d.attributes)), C.size_t(len(d.words))
		status := C.read_attributes(&d.session, pointer(bytes), C.size_t(len(bytes)), (*C.cc_bgp_attribute)(&d.attributes[0]), &attributes,
			(*C.uint32_t)(&d.words[0]), &words, &wrong)
		if status == C.CC_STATUS_ROOM {
			d.grow(0, int(attributes), int(words))
			continue
		}
		d.updates[0] = C.cc_bgp_update{}
		count := int(attributes)
		if count > len(d.attributes) {
			count = len(d.attributes)
		}
		d.message = Message{bytes: bytes, update: &d.updates[0], attributes: d.attributes[:count], words: d.words}
		if status != C.CC_STATUS_OK {
			return &d.message, errorOf(&wrong, nil)
		}
		return &d.message, nil
	}
}

// hand hands messages out; how many bytes they have.
func (d *Decoder) hand(bytes []byte, count int, take func(*Message) error) (int, error) {
	m := &d.message
	taken, routes, attributes := 0, 0, 0
	m.words = d.words
	for i := 0; i < count; i++ {
		frame, update := &d.frames[i], &d.updates[i]
		taken = int(frame.offset) + int(frame.length)
		m.bytes = bytes[int(frame.offset):taken:taken]
		m.update = update
		m.routes = d.routes[routes:int(update.routes_end)]
		m.attributes = d.attributes[attributes:int(update.attributes_end)]
		routes, attributes = int(update.routes_end), int(update.attributes_end)
		m.setHops()
		if err := take(m); err != nil {
			return taken, err
		}
	}
	return taken, nil
}

// grow makes room for a message that has so much.
func (d *Decoder) grow(routes, attributes, words int) {
	if routes > len(d.routes) {
		d.routes = make([]Route, routes)
	}
	if attributes > len(d.attributes) {
		d.attributes = make([]Attribute, attributes)
	}
	if words > len(d.words) {
		d.words = make([]uint32, words)
	}
}

// Action is what a speaker does with an UPDATE (RFC 7606 §2).
type Action uint8

// The actions, the weakest first.
const (
	// Accept takes it as it is.
	Accept Action = iota
	// RouteDiscard takes it without the routes that cannot be read inside, which lead to nothing.
	RouteDiscard
	// AttributeDiscard takes it without some attributes, which are not among those that are told.
	AttributeDiscard
	// TreatAsWithdraw withdraws all of its routes, the announced ones too.
	TreatAsWithdraw
	// DisableFamily exchanges no more routes of some families, and takes what is told.
	DisableFamily
	// SessionReset ends the session. Neither routes nor attributes are told.
	SessionReset
)

// Message is one that was read. It is good as long as the function runs that it was handed to.
type Message struct {
	bytes      []byte
	update     *C.cc_bgp_update
	routes     []Route
	attributes []Attribute
	words      []uint32
	// The next hops, by where in the message a route stands.
	hops [4]netip.Addr
}

// setHops finds the next hops, once for all routes.
func (m *Message) setHops() {
	m.hops = [4]netip.Addr{}
	if m.update.plain_next_hop != [4]C.uint8_t{} {
		m.hops[C.CC_BGP_PLACE_NLRI] = netip.AddrFrom4(*(*[4]byte)(unsafe.Pointer(&m.update.plain_next_hop)))
	}
	m.hops[C.CC_BGP_PLACE_REACH] = addressOf(&m.update.next_hop, m.update.next_hop_length)
}

// Type is what it is: 1 OPEN, 2 UPDATE, 3 NOTIFICATION, 4 KEEPALIVE, 5 ROUTE-REFRESH.
func (m *Message) Type() MessageType { return MessageType(m.update.kind) }

// Bytes are the message's, from its marker.
func (m *Message) Bytes() []byte { return m.bytes }

// Action is what is done with it, if it is an UPDATE.
func (m *Message) Action() Action { return Action(m.update.action) }

// Notification is what to send, if the session ends; nil, if it does not.
func (m *Message) Notification() *Notification {
	return notificationOf(&m.update.notification, m.bytes)
}

// Disabled are the families that end, if that is what is done.
func (m *Message) Disabled() []Family {
	var families []Family
	for _, family := range m.update.families {
		if family.afi != 0 {
			families = append(families, familyOf(family))
		}
	}
	return families
}

// EndOfRIB is the family of which all routes have been sent, if the message says so (RFC 4724 §2).
func (m *Message) EndOfRIB() (Family, bool) {
	return familyOf(m.update.end_of_rib), m.update.end_of_rib.afi != 0
}

// Routes are all of the UPDATE's.
func (m *Message) Routes() []Route { return m.routes }

// Attributes are those that are good, in the order in which they stand.
func (m *Message) Attributes() []Attribute { return m.attributes }

// NextHop is where packets for a route go next; the zero Addr of one that is withdrawn, or if it is no address.
func (m *Message) NextHop(route *Route) netip.Addr { return m.hops[route.place&3] }

// LinkLocalNextHop is the link-local address beside the next hop in MP_REACH_NLRI (RFC 2545 §3), if there is one.
func (m *Message) LinkLocalNextHop() (netip.Addr, bool) {
	return netip.AddrFrom16(*(*[16]byte)(unsafe.Pointer(&m.update.link_local))), m.update.next_hop_length == 32
}

// NLRI is a route as it stands in the message, without a path identifier.
func (m *Message) NLRI(route *Route) []byte {
	start, end := int(route.offset), int(route.offset)+int(route.length)
	return m.bytes[start:end:end]
}

// Attribute is the one of a type, if it is there and good.
func (m *Message) Attribute(kind AttributeType) (*Attribute, bool) {
	for i := range m.attributes {
		if AttributeType(m.attributes[i].kind) == kind {
			return &m.attributes[i], true
		}
	}
	return nil, false
}

// Value is an attribute's value as it stands in the message.
func (m *Message) Value(attribute *Attribute) []byte {
	start, end := int(attribute.offset), int(attribute.offset)+int(attribute.length)
	return m.bytes[start:end:end]
}

// Words are an attribute's value as numbers: see cc_bgp_attribute.
func (m *Message) Words(attribute *Attribute) []uint32 {
	start, end := int(attribute.words_start), int(attribute.words_start)+int(attribute.words_count)
	return m.words[start:end:end]
}

// Origin is where the routes came from: 0 IGP, 1 EGP, 2 elsewhere.
func (m *Message) Origin() (uint8, bool) {
	number, is := m.number(AttributeOrigin)
	return uint8(number), is
}

// MultiExitDisc is which of several links to an AS is preferred: the least.
func (m *Message) MultiExitDisc() (uint32, bool) { return m.number(AttributeMultiExitDisc) }

// LocalPref is which of several routes is preferred inside of an AS: the highest.
func (m *Message) LocalPref() (uint32, bool) { return m.number(AttributeLocalPref) }

// OnlyToCustomer is the AS behind which a route only goes to customers (RFC 9234 §5).
func (m *Message) OnlyToCustomer() (uint32, bool) { return m.number(AttributeOnlyToCustomer) }

// OriginatorID is who brought a reflected route in (RFC 4456 §8).
func (m *Message) OriginatorID() (netip.Addr, bool) {
	number, is := m.number(AttributeOriginatorID)
	return ipv4(number), is
}

// Aggregator is who formed an aggregate: the AS and the speaker's identifier.
func (m *Message) Aggregator() (uint32, netip.Addr, bool) {
	if words := m.wordsOf(AttributeAggregator); len(words) == 2 {
		return words[0], ipv4(words[1]), true
	}
	return 0, netip.Addr{}, false
}

// IsAtomicAggregate says whether something of the path was left out.
func (m *Message) IsAtomicAggregate() bool {
	_, is := m.Attribute(AttributeAtomicAggregate)
	return is
}

// Path hands the segments of AS_PATH out, with AS4_PATH merged in (RFC 6793 §4.2.3), until the function says false. It says whether there is
// a path.
func (m *Message) Path(each func(kind SegmentType, numbers []uint32) bool) bool {
	attribute, is := m.Attribute(AttributeASPath)
	if !is {
		return false
	}
	for words := m.Words(attribute); len(words) > 0; {
		end := 1 + int(words[0]&255)
		if !each(SegmentType(words[0]>>8), words[1:end:end]) {
			break
		}
		words = words[end:]
	}
	return true
}

// Communities are those of RFC 1997: the AS in the upper half.
func (m *Message) Communities() []uint32 { return m.wordsOf(AttributeCommunities) }

// ClusterList is the clusters that reflected a route, the last one first (RFC 4456 §8).
func (m *Message) ClusterList() []uint32 { return m.wordsOf(AttributeClusterList) }

// ExtendedCommunities are those of RFC 4360.
func (m *Message) ExtendedCommunities() []ExtendedCommunity {
	words := m.wordsOf(AttributeExtendedCommunities)
	if len(words) == 0 {
		return nil
	}
	return unsafe.Slice((*ExtendedCommunity)(unsafe.Pointer(&words[0])), len(words)/2)
}

// LargeCommunities are those of RFC 8092, as they stand: one may stand twice.
func (m *Message) LargeCommunities() []LargeCommunity {
	words := m.wordsOf(AttributeLargeCommunity)
	if len(words) == 0 {
		return nil
	}
	return unsafe.Slice((*LargeCommunity)(unsafe.Pointer(&words[0])), len(words)/3)
}

func (m *Message) wordsOf(kind AttributeType) []uint32 {
	if attribute, is := m.Attribute(kind); is {
		return m.Words(attribute)
	}
	return nil
}

func (m *Message) number(kind AttributeType) (uint32, bool) {
	if words := m.wordsOf(kind); len(words) == 1 {
		return words[0], true
	}
	return 0, false
}

func ipv4(number uint32) netip.Addr {
	return netip.AddrFrom4([4]byte{byte(number >> 24), byte(number >> 16), byte(number >> 8), byte(number)})
}

// Attribute is a path attribute. Its value is the Message's to tell.
type Attribute C.cc_bgp_attribute

// Type is what it is.
func (a *Attribute) Type() AttributeType { return AttributeType(a.kind) }

// Flags are 0x80 optional, 0x40 transitive, 0x20 partial, 0x10 a length of two bytes.
func (a *Attribute) Flags() uint8 { return uint8(a.flags) }

// ExtendedCommunity is one of RFC 4360: its eight bytes as two numbers.
type ExtendedCommunity [2]uint32

// Type is its type and subtype.
func (e ExtendedCommunity) Type() (uint8, uint8) { return uint8(e[0] >> 24), uint8(e[0] >> 16) }

// LargeCommunity is one of RFC 8092: the AS, and two numbers.
type LargeCommunity [3]uint32

// Route is what a route leads to.
type Route C.cc_bgp_route

// Family is its address family.
func (r *Route) Family() Family { return Family{uint16(r.afi), uint8(r.safi)} }

// IsWithdrawn says whether it is withdrawn, and not announced.
func (r *Route) IsWithdrawn() bool {
	return r.place == C.CC_BGP_PLACE_WITHDRAWN || r.place == C.CC_BGP_PLACE_UNREACH
}

// Prefix is what it leads to; the zero Prefix in families whose routes lead to none: they have an NLRI.
func (r *Route) Prefix() netip.Prefix {
	switch {
	case r.is_prefix == 0:
		return netip.Prefix{}
	case r.afi == 2:
		return netip.PrefixFrom(netip.AddrFrom16(*(*[16]byte)(unsafe.Pointer(&r.address))), int(r.prefix_length))
	default:
		return netip.PrefixFrom(netip.AddrFrom4(*(*[4]byte)(unsafe.Pointer(&r.address))), int(r.prefix_length))
	}
}

// PathID is which of several paths it is, where the session has path identifiers (RFC 7911 §3).
func (r *Route) PathID() (uint32, bool) { return uint32(r.path_id), r.has_path_id != 0 }

// Label is the first of its labels, if it has any (RFC 8277 §2.2): of a withdrawn one it means nothing.
func (r *Route) Label() (uint32, bool) { return uint32(r.label), r.labels != 0 }

// Distinguisher is whose prefix it is, in the families of VPNs (RFC 4364 §4.2).
func (r *Route) Distinguisher() [8]byte { return *(*[8]byte)(unsafe.Pointer(&r.distinguisher)) }
