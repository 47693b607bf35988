// Package flannel has flannel's leases, which tell what node has which pods, and the step of its UDP backend: what a node does with a packet of its
// pods, and with one for them.
package flannel

/*
#cgo pkg-config: container_codecs
#include <container_codecs.h>
*/
import "C"

import (
	"errors"
	"net/netip"
	"unsafe"

	"example.invalid/container-codecs/internal/failure"
)

// Error is what the library says.
type Error = failure.Error

// The kinds of errors, which errors.Is finds.
const (
	NoRoom   = failure.NoRoom
	None     = failure.None
	Argument = failure.Argument
)

// MaxAnswer is how long an answer is at most.
const MaxAnswer = C.CC_FLANNEL_MAX_ANSWER

var errNotIPv4 = errors.New("flannel's UDP backend knows IPv4 alone")

// Routes are pod networks and the nodes behind which they are: the narrowest that holds an address wins. One goroutine at a time may change
// them, and no other may use them meanwhile.
type Routes struct {
	routes *C.cc_flannel_routes
}

// NewRoutes are none. Close them in the end.
func NewRoutes() (*Routes, error) {
	var wrong C.cc_error
	routes := C.cc_flannel_routes_new(&wrong)
	if routes == nil {
		return nil, failure.Of(unsafe.Pointer(&wrong))
	}
	return &Routes{routes}, nil
}

// Close frees them.
func (r *Routes) Close() {
	C.cc_flannel_routes_free(r.routes)
	r.routes = nil
}

// Len is how many there are.
func (r *Routes) Len() int { return int(C.cc_flannel_routes_count(r.routes)) }

// Set adds a route to a network, or gives it another next hop.
func (r *Routes) Set(network netip.Prefix, nextHop netip.AddrPort) error {
	if !network.Addr().Is4() || !nextHop.Addr().Is4() {
		return errNotIPv4
	}
	var wrong C.cc_error
	at, to := network.Addr().As4(), nextHop.Addr().As4()
	status := C.cc_flannel_routes_set(r.routes, octets(&at), C.uint8_t(network.Bits()), octets(&to), C.uint16_t(nextHop.Port()), &wrong)
	return told(status, &wrong)
}

// Remove takes the route to a network away; None, if there is none.
func (r *Routes) Remove(network netip.Prefix) error {
	if !network.Addr().Is4() {
		return errNotIPv4
	}
	var wrong C.cc_error
	at := network.Addr().As4()
	return told(C.cc_flannel_routes_remove(r.routes, octets(&at), C.uint8_t(network.Bits()), &wrong), &wrong)
}

// Node is one of flannel's. What is zero is as flannel's proxy has it.
type Node struct {
	// Address that answers come from.
	Address netip.Addr
	// MTU of the tunnel; with 0 it is not looked at.
	MTU uint16
	// RFC1812 has answers as that has them (§4.3.2), TimeExceeded answers packets whose hops are used up, Checksum verifies the header's.
	RFC1812, TimeExceeded, Checksum bool
}

// Outcome is what becomes of a packet.
type Outcome uint8

// The outcomes.
const (
	Send    Outcome = C.CC_FLANNEL_OUTCOME_SEND
	Deliver Outcome = C.CC_FLANNEL_OUTCOME_DELIVER
	Drop    Outcome = C.CC_FLANNEL_OUTCOME_DROP
	Answer  Outcome = C.CC_FLANNEL_OUTCOME_ANSWER
)

// Reason is why a packet is dropped or answered.
type Reason uint8

// The reasons.
const (
	NoReason    Reason = C.CC_FLANNEL_REASON_NONE
	Malformed   Reason = C.CC_FLANNEL_REASON_MALFORMED
	BadChecksum Reason = C.CC_FLANNEL_REASON_CHECKSUM
	NoRoute     Reason = C.CC_FLANNEL_REASON_NO_ROUTE
	TTLExpired  Reason = C.CC_FLANNEL_REASON_TTL_EXPIRED
	TooLong     Reason = C.CC_FLANNEL_REASON_TOO_LONG
)

// Step is the one that was taken.
type Step struct {
	Outcome Outcome
	Reason  Reason
	// NextHop is the node that a packet is sent to.
	NextHop netip.AddrPort
	// Answer is the packet to the sender, in what was given for it.
	Answer []byte
}

// Forward takes the step with a packet of the pods: finds its way and takes a hop off it, in place. An answer goes to reply, for which
// MaxAnswer bytes are enough. Any number of goroutines may call it while nobody changes the routes.
func (n *Node) Forward(routes *Routes, packet, reply []byte) (Step, error) {
	var (
		step  C.cc_flannel_step
		wrong C.cc_error
	)
	node, err := n.of()
	if err != nil {
		return Step{}, err
	}
	status := C.cc_flannel_forward(&node, routes.routes, first(packet), C.size_t(len(packet)), first(reply), C.size_t(len(reply)), &step, &wrong)
	return stepOf(&step, reply), told(status, &wrong)
}

// Deliver takes the step with a packet that comes out of the tunnel.
func (n *Node) Deliver(packet, reply []byte) (Step, error) {
	var (
		step  C.cc_flannel_step
		wrong C.cc_error
	)
	node, err := n.of()
	if err != nil {
		return Step{}, err
	}
	status := C.cc_flannel_deliver(&node, first(packet), C.size_t(len(packet)), first(reply), C.size_t(len(reply)), &step, &wrong)
	return stepOf(&step, reply), told(status, &wrong)
}

func (n *Node) of() (C.cc_flannel_node, error) {
	of := C.cc_flannel_node{mtu: C.uint16_t(n.MTU), style: flag(n.RFC1812), time_exceeded: flag(n.TimeExceeded), checksum: flag(n.Checksum)}
	if !n.Address.Is4() {
		return of, errNotIPv4
	}
	for i, octet := range n.Address.As4() {
		of.address[i] = C.uint8_t(octet)
	}
	return of, nil
}

func stepOf(of *C.cc_flannel_step, reply []byte) Step {
	step := Step{Outcome: Outcome(of.outcome), Reason: Reason(of.reason), Answer: reply[:int(of.answer_length)]}
	if step.Outcome == Send {
		to := *(*[4]byte)(unsafe.Pointer(&of.next_hop))
		step.NextHop = netip.AddrPortFrom(netip.AddrFrom4(to), uint16(of.port))
	}
	return step
}

func told(status uint32, wrong *C.cc_error) error {
	if status == C.CC_STATUS_OK {
		return nil
	}
	return failure.Of(unsafe.Pointer(wrong))
}

func flag(is bool) C.uint8_t {
	if is {
		return 1
	}
	return 0
}

func octets(of *[4]byte) *C.uint8_t { return (*C.uint8_t)(unsafe.Pointer(of)) }

func first(bytes []byte) *C.uint8_t {
	if len(bytes) == 0 {
		return nil
	}
	return (*C.uint8_t)(unsafe.Pointer(&bytes[0]))
}
