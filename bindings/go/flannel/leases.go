package flannel

/*
#include <container_codecs.h>
*/
import "C"

import (
	"net"
	"net/netip"
	"unsafe"

	"example.invalid/container-codecs/internal/address"
	"example.invalid/container-codecs/internal/failure"
)

// Backend is how nodes reach each other's pods.
type Backend uint8

// The backends.
const (
	BackendOther      Backend = C.CC_FLANNEL_BACKEND_OTHER
	BackendUDP        Backend = C.CC_FLANNEL_BACKEND_UDP
	BackendVXLAN      Backend = C.CC_FLANNEL_BACKEND_VXLAN
	BackendHostGw     Backend = C.CC_FLANNEL_BACKEND_HOST_GW
	BackendWireGuard  Backend = C.CC_FLANNEL_BACKEND_WIRE_GUARD
	BackendIPIP       Backend = C.CC_FLANNEL_BACKEND_IPIP
	BackendIPsec      Backend = C.CC_FLANNEL_BACKEND_IPSEC
	BackendExtension  Backend = C.CC_FLANNEL_BACKEND_EXTENSION
	BackendAlloc      Backend = C.CC_FLANNEL_BACKEND_ALLOC
	BackendTencentVPC Backend = C.CC_FLANNEL_BACKEND_TENCENT_VPC
)

// Lease is a node's. What there is none of is invalid, or nil.
type Lease struct {
	// Subnet and Subnet6 are the pods' networks.
	Subnet, Subnet6 netip.Prefix
	// Node and Node6 are the node's addresses.
	Node, Node6 netip.Addr
	// Backend is how it is reached; of VXLAN VNI and VTEP are the network's number and the device's address.
	Backend Backend
	VNI     uint32
	VTEP    net.HardwareAddr
}

// Leases are those of a network: which node has which pods. Any number of goroutines may ask for them.
type Leases struct {
	leases *C.cc_flannel_leases
}

// ParseLeases reads the JSON that etcd or Kubernetes gives. Close them in the end. What is wrong with a single lease is among the Refused.
func ParseLeases(text []byte) (*Leases, error) {
	var wrong C.cc_error
	leases := C.cc_flannel_leases_new(first(text), C.size_t(len(text)), &wrong)
	if leases == nil {
		return nil, failure.Of(unsafe.Pointer(&wrong))
	}
	return &Leases{leases}, nil
}

// Close frees them.
func (l *Leases) Close() {
	C.cc_flannel_leases_free(l.leases)
	l.leases = nil
}

// Len is how many there are.
func (l *Leases) Len() int { return int(C.cc_flannel_leases_count(l.leases, nil)) }

// At is the lease of a number, from 0.
func (l *Leases) At(number int) (Lease, error) {
	var (
		lease C.cc_flannel_lease
		wrong C.cc_error
	)
	status := C.cc_flannel_leases_at(l.leases, C.size_t(number), &lease, &wrong)
	return found(&lease), told(status, &wrong)
}

// Behind is the lease behind which a pod is; None, if there is none.
func (l *Leases) Behind(pod netip.Addr) (Lease, error) {
	var (
		lease C.cc_flannel_lease
		wrong C.cc_error
		of    C.cc_address
	)
	address.Put(unsafe.Pointer(&of), pod)
	status := C.cc_flannel_leases_behind(l.leases, &of, &lease, &wrong)
	return found(&lease), told(status, &wrong)
}

// OfNode is the lease of the node that has an address; None, if there is none.
func (l *Leases) OfNode(node netip.Addr) (Lease, error) {
	var (
		lease C.cc_flannel_lease
		wrong C.cc_error
		of    C.cc_address
	)
	address.Put(unsafe.Pointer(&of), node)
	status := C.cc_flannel_leases_of_node(l.leases, &of, &lease, &wrong)
	return found(&lease), told(status, &wrong)
}

// Refused says of each lease that could not be read why.
func (l *Leases) Refused() (all []error) {
	var count C.size_t
	C.cc_flannel_leases_count(l.leases, &count)
	for number := C.size_t(0); number < count; number++ {
		var wrong C.cc_error
		all = append(all, told(C.cc_flannel_leases_refused(l.leases, number, &wrong), &wrong))
	}
	return all
}

// AddLeases puts the routes of the UDP backend's leases into the table.
func (r *Routes) AddLeases(leases *Leases) error {
	return failure.Status(C.cc_flannel_leases_routes(leases.leases, r.routes)).Err()
}

func found(of *C.cc_flannel_lease) Lease {
	lease := Lease{
		Subnet: prefix(&of.subnet, of.prefix_length), Subnet6: prefix(&of.subnet_v6, of.prefix_length_v6),
		Node: address.Of(unsafe.Pointer(&of.node)), Node6: address.Of(unsafe.Pointer(&of.node_v6)), Backend: Backend(of.backend), VNI: uint32(of.vni),
	}
	if lease.Backend == BackendVXLAN {
		lease.VTEP = net.HardwareAddr(C.GoBytes(unsafe.Pointer(&of.vtep_mac[0]), 6))
	}
	return lease
}

func prefix(of *C.cc_address, length C.uint8_t) netip.Prefix {
	if of.family == 0 {
		return netip.Prefix{}
	}
	return netip.PrefixFrom(address.Of(unsafe.Pointer(of)), int(length))
}
