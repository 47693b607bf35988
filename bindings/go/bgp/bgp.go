// Package bgp reads and builds BGP messages: what a session's peer sends comes in batches, so that the price of a call into the library is paid
// once for many of them.
//
//	session, err := bgp.Negotiate(sent, received)
//	…
//	decoder := bgp.NewDecoder(session)
//	…
//	taken, err := decoder.Decode(received, func(message *bgp.Message) error {
//		if message.Action() == bgp.TreatAsWithdraw { … }
//		routes := message.Routes()
//		for i := range routes {
//			fmt.Println(routes[i].Prefix(), message.NextHop(&routes[i]))
//		}
//		return nil
//	})
package bgp

/*
#cgo pkg-config: container_codecs
#include <container_codecs.h>
*/
import "C"

import (
	"fmt"
	"unsafe"

	"example.invalid/container-codecs/internal/failure"
)

// MessageType is what a message is.
type MessageType uint8

// The types.
const (
	TypeOpen MessageType = iota + 1
	TypeUpdate
	TypeNotification
	TypeKeepalive
	TypeRouteRefresh
)

// AttributeType is what a path attribute is.
type AttributeType uint8

// The types whose values are told as numbers, and those of routes.
const (
	AttributeOrigin                  AttributeType = 1
	AttributeASPath                  AttributeType = 2
	AttributeNextHop                 AttributeType = 3
	AttributeMultiExitDisc           AttributeType = 4
	AttributeLocalPref               AttributeType = 5
	AttributeAtomicAggregate         AttributeType = 6
	AttributeAggregator              AttributeType = 7
	AttributeCommunities             AttributeType = 8
	AttributeOriginatorID            AttributeType = 9
	AttributeClusterList             AttributeType = 10
	AttributeMPReach                 AttributeType = 14
	AttributeMPUnreach               AttributeType = 15
	AttributeExtendedCommunities     AttributeType = 16
	AttributeAS4Path                 AttributeType = 17
	AttributeAS4Aggregator           AttributeType = 18
	AttributeIPv6ExtendedCommunities AttributeType = 25
	AttributeLargeCommunity          AttributeType = 32
	AttributeOnlyToCustomer          AttributeType = 35
)

// SegmentType is what the AS numbers of a path's segment are.
type SegmentType uint8

// The types (RFC 4271 §4.3, RFC 5065 §3).
const (
	SegmentSet SegmentType = iota + 1
	SegmentSequence
	SegmentConfedSequence
	SegmentConfedSet
)

// Family is an address family with its subsequent one (RFC 4760 §3).
type Family struct {
	AFI  uint16
	SAFI uint8
}

// Families that are met often.
var (
	IPv4Unicast = Family{1, 1}
	IPv6Unicast = Family{2, 1}
	IPv4VPN     = Family{1, 128}
	IPv6VPN     = Family{2, 128}
	EVPN        = Family{25, 70}
)

func familyOf(of C.cc_bgp_family) Family { return Family{uint16(of.afi), uint8(of.safi)} }

// FamilySet is a set of families: of those that the library knows.
type FamilySet uint32

// With is the set and a family; as it is, if the family is not known.
func (s FamilySet) With(family Family) FamilySet {
	return s | FamilySet(C.cc_bgp_family_bit(C.uint16_t(family.AFI), C.uint8_t(family.SAFI)))
}

// Has says whether a family is in it.
func (s FamilySet) Has(family Family) bool { return s&FamilySet(0).With(family) != 0 }

// Notification is why a session ends (RFC 4271 §4.5).
type Notification struct {
	Code, Subcode uint8
	// Data is what it quotes: a part of the message that was read, if it stands there.
	Data []byte
}

// notificationOf is nil where there is none.
func notificationOf(of *C.cc_bgp_notification, message []byte) *Notification {
	if of.code == 0 {
		return nil
	}
	n := &Notification{Code: uint8(of.code), Subcode: uint8(of.subcode)}
	start, end := int(of.data_offset), int(of.data_offset)+int(of.data_length)
	switch {
	case of.is_own != 0:
		n.Data = []byte{byte(of.own[0]), byte(of.own[1])}[:int(of.data_length)]
	case end <= len(message):
		n.Data = message[start:end:end]
	}
	return n
}

// detail has a name of its own, since Error is the method's.
type detail = failure.Error

// Error is what the library says of a message.
type Error struct {
	detail
	// Notification is what to send to the peer, if the session ends; else nil.
	Notification *Notification
}

func errorOf(e *C.cc_error, message []byte) error {
	return &Error{failure.Parts(unsafe.Pointer(e)), notificationOf(&e.notification, message)}
}

// pointer is where bytes stand; nil of none.
func pointer(bytes []byte) *C.uint8_t {
	if len(bytes) == 0 {
		return nil
	}
	return (*C.uint8_t)(&bytes[0])
}

// Finding is one thing that is wrong with an UPDATE (RFC 7606).
type Finding struct {
	// Offset is where it is, in bytes from the message's marker.
	Offset int
	// Attribute is the attribute's type; 0 if it is in the withdrawn routes or the NLRI.
	Attribute AttributeType
	// Action is what is to be done about it.
	Action Action
	// Code and Subcode are the NOTIFICATION's, should the session end.
	Code, Subcode uint8
	// Clause is the RFC and section that say so.
	Clause string
	// Text is what is wrong.
	Text string
}

// Findings are what is wrong with an UPDATE, for the log: what is to be done its Action says.
func (d *Decoder) Findings(message []byte) ([]Finding, error) {
	var (
		places [16]C.cc_bgp_finding
		count  C.size_t
		wrong  C.cc_error
	)
	found := places[:]
	for {
		status := C.cc_bgp_findings(&d.session, pointer(message), C.size_t(len(message)), &found[0], C.size_t(len(found)), &count, &wrong)
		if status != C.CC_STATUS_OK {
			return nil, errorOf(&wrong, message)
		}
		if int(count) <= len(found) {
			break
		}
		found = make([]C.cc_bgp_finding, int(count))
	}
	findings := make([]Finding, int(count))
	for i := range findings {
		of := &found[i]
		findings[i] = Finding{
			Offset: int(of.offset), Attribute: AttributeType(of.attribute), Action: Action(of.action), Code: uint8(of.code),
			Subcode: uint8(of.subcode), Clause: C.GoString(&of.clause[0]), Text: C.GoString(&of.text[0]),
		}
	}
	return findings, nil
}

// String is what it says, and who says so.
func (f Finding) String() string { return fmt.Sprintf("%s (%s)", f.Text, f.Clause) }
