package bgp

/*
#cgo pkg-config: container_codecs
#include <container_codecs.h>
*/
import "C"

// Peer is what the peer is to the speaker.
type Peer uint8

// The kinds of peers.
const (
	// PeerInternal is of the same AS.
	PeerInternal Peer = iota
	// PeerExternal is of another AS.
	PeerExternal
	// PeerConfederation is of another member AS of the same confederation. It is not negotiated: set it.
	PeerConfederation
	// PeerUnknown is not known: nobody saw the session begin.
	PeerUnknown
)

// NoRole is the role of who told none.
const NoRole = 255

// Session is what a session may do, and how its bytes are read: what two OPENs agree on, or taken for granted and then set by hand.
type Session struct {
	// LocalAS is the speaker's own AS, PeerAS the peer's.
	LocalAS, PeerAS uint32
	// Families are those that both can exchange (RFC 4760 §8).
	Families FamilySet
	// AddPathReceive are the families in which the peer's routes have a path identifier (RFC 7911), AddPathSend those of the speaker's own.
	AddPathReceive, AddPathSend FamilySet
	// ExtendedNextHopReceive are the families whose next hops may be of the other IP version in what the peer sends (RFC 8950 §4).
	ExtendedNextHopReceive, ExtendedNextHopSend FamilySet
	// GracefulRestart are the families whose forwarding the peer keeps through a restart (RFC 4724).
	GracefulRestart FamilySet
	// LongLivedGracefulRestart are the families whose routes are kept for long (RFC 9494).
	LongLivedGracefulRestart FamilySet
	// MaxLenReceive is the most bytes of a message that the peer sends, 4096 or 65535 (RFC 8654 §4), MaxLenSend of one that it takes.
	MaxLenReceive, MaxLenSend uint16
	// HoldTime and RestartTime are in seconds.
	HoldTime, RestartTime uint16
	// LabelsReceive is how many labels routes may have (RFC 8277 §2.1): of IPv4 and of IPv6 with labels, of VPNv4, of VPNv6.
	LabelsReceive, LabelsSend [4]uint8
	// Peer is what the peer is.
	Peer Peer
	// IsKnown says whether this was agreed on or is taken for granted; if not, nothing that depends on it is called wrong.
	IsKnown bool
	// FourOctetAS says whether AS numbers have four bytes (RFC 6793).
	FourOctetAS bool
	// RouteRefreshReceive says whether the peer may ask for routes again (RFC 2918 §4), RouteRefreshSend whether the speaker may.
	RouteRefreshReceive, RouteRefreshSend bool
	// EnhancedRouteRefresh says whether a refresh has a beginning and an end (RFC 7313 §4).
	EnhancedRouteRefresh bool
	// MayDisableFamily says whether a broken MP_REACH_NLRI ends its family only (RFC 7606 §5.3). It is not negotiated: set it.
	MayDisableFamily bool
	// MayHaveASSets says whether a path may have an AS_SET (RFC 9774 §3). It is not negotiated: set it.
	MayHaveASSets bool
	// LocalRole and PeerRole are the roles (RFC 9234 §4.1); NoRole of who told none.
	LocalRole, PeerRole uint8
}

// Negotiate is what two OPENs agree on, whole messages both: one was sent, the other received.
func Negotiate(sent, received []byte) (*Session, error) {
	var (
		session C.cc_bgp_session
		wrong   C.cc_error
	)
	status := C.cc_bgp_negotiate(pointer(sent), C.size_t(len(sent)), pointer(received), C.size_t(len(received)), &session, &wrong)
	if status != C.CC_STATUS_OK {
		return nil, errorOf(&wrong, received)
	}
	return sessionOf(&session), nil
}

// AssumedSession is taken for granted: 4-octet AS numbers, no path identifiers, messages of up to 65535 bytes, a peer of another AS, all
// families.
func AssumedSession() *Session {
	var session C.cc_bgp_session
	C.cc_bgp_session_assumed(&session)
	return sessionOf(&session)
}

// UnknownSession is one that nobody saw begin: as AssumedSession, but nothing that depends on it is called wrong.
func UnknownSession() *Session {
	var session C.cc_bgp_session
	C.cc_bgp_session_unknown(&session)
	return sessionOf(&session)
}

func sessionOf(of *C.cc_bgp_session) *Session {
	s := &Session{
		LocalAS: uint32(of.local_as), PeerAS: uint32(of.peer_as), Families: FamilySet(of.families),
		AddPathReceive: FamilySet(of.add_path_receive), AddPathSend: FamilySet(of.add_path_send),
		ExtendedNextHopReceive: FamilySet(of.extended_next_hop_receive), ExtendedNextHopSend: FamilySet(of.extended_next_hop_send),
		GracefulRestart: FamilySet(of.graceful_restart), LongLivedGracefulRestart: FamilySet(of.long_lived_graceful_restart),
		MaxLenReceive: uint16(of.max_len_receive), MaxLenSend: uint16(of.max_len_send),
		HoldTime: uint16(of.hold_time), RestartTime: uint16(of.restart_time),
		Peer: Peer(of.peer), IsKnown: of.is_known != 0, FourOctetAS: of.four_octet_as != 0,
		RouteRefreshReceive: of.route_refresh_receive != 0, RouteRefreshSend: of.route_refresh_send != 0,
		EnhancedRouteRefresh: of.enhanced_route_refresh != 0, MayDisableFamily: of.may_disable_family != 0,
		MayHaveASSets: of.may_have_as_sets != 0, LocalRole: uint8(of.local_role), PeerRole: uint8(of.peer_role),
	}
	for i := range s.LabelsReceive {
		s.LabelsReceive[i], s.LabelsSend[i] = uint8(of.labels_receive[i]), uint8(of.labels_send[i])
	}
	return s
}

func (s *Session) toC() C.cc_bgp_session {
	of := C.cc_bgp_session{
		local_as: C.uint32_t(s.LocalAS), peer_as: C.uint32_t(s.PeerAS), families: C.uint32_t(s.Families),
		add_path_receive: C.uint32_t(s.AddPathReceive), add_path_send: C.uint32_t(s.AddPathSend),
		extended_next_hop_receive: C.uint32_t(s.ExtendedNextHopReceive), extended_next_hop_send: C.uint32_t(s.ExtendedNextHopSend),
		graceful_restart: C.uint32_t(s.GracefulRestart), long_lived_graceful_restart: C.uint32_t(s.LongLivedGracefulRestart),
		max_len_receive: C.uint16_t(s.MaxLenReceive), max_len_send: C.uint16_t(s.MaxLenSend),
		hold_time: C.uint16_t(s.HoldTime), restart_time: C.uint16_t(s.RestartTime),
		peer: C.uint8_t(s.Peer), is_known: bit(s.IsKnown), four_octet_as: bit(s.FourOctetAS),
		route_refresh_receive: bit(s.RouteRefreshReceive), route_refresh_send: bit(s.RouteRefreshSend),
		enhanced_route_refresh: bit(s.EnhancedRouteRefresh), may_disable_family: bit(s.MayDisableFamily),
		may_have_as_sets: bit(s.MayHaveASSets), local_role: C.uint8_t(s.LocalRole), peer_role: C.uint8_t(s.PeerRole),
	}
	for i := range s.LabelsReceive {
		of.labels_receive[i], of.labels_send[i] = C.uint8_t(s.LabelsReceive[i]), C.uint8_t(s.LabelsSend[i])
	}
	return of
}

func bit(is bool) C.uint8_t {
	if is {
		return 1
	}
	return 0
}
