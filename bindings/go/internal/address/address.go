// Package address is netip's addresses as the library has them. The packages that call it share it.
package address

/*
#cgo pkg-config: container_codecs
#include <container_codecs.h>
*/
import "C"

import (
	"net/netip"
	"unsafe"
)

// Put writes a cc_address, of which each package has a type of its own. What is no address is one of no family, which the library refuses.
func Put(to unsafe.Pointer, of netip.Addr) {
	place := (*C.cc_address)(to)
	*place = C.cc_address{}
	of = of.Unmap()
	if !of.IsValid() {
		return
	}
	place.family = 6
	if of.Is4() {
		place.family = 4
	}
	for i, octet := range of.AsSlice() {
		place.octets[i] = C.uint8_t(octet)
	}
}

// Of is the address of a cc_address.
func Of(from unsafe.Pointer) netip.Addr {
	place := (*C.cc_address)(from)
	octets := *(*[16]byte)(unsafe.Pointer(&place.octets))
	switch place.family {
	case 4:
		return netip.AddrFrom4(*(*[4]byte)(octets[:4]))
	case 6:
		return netip.AddrFrom16(octets)
	}
	return netip.Addr{}
}
