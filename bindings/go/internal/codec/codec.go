// Package codec has what the packages over the C library share: what its errors are in Go.
package codec

/*
#cgo pkg-config: container_codecs
#include <container_codecs.h>
*/
import "C"

import "unsafe"

// Error is what the library says of what it was given.
type Error struct {
	// Layer, and Field of it, if it is of one.
	Layer, Field string
	// Value is the field's, or how many bytes are there; Limit what it had to be, or how many are needed.
	Value, Limit uint64
	// Offset is where in the packet the layer begins.
	Offset int
	text   string
}

func (e *Error) Error() string { return e.text }

// ErrorOf is the error that a cc_error is.
func ErrorOf(e unsafe.Pointer) Error {
	of := (*C.cc_error)(e)
	return Error{
		Layer: C.GoString(&of.layer[0]), Field: C.GoString(&of.field[0]),
		Value: uint64(of.value), Limit: uint64(of.limit), Offset: int(of.offset),
		text: C.GoString(&of.text[0]),
	}
}
