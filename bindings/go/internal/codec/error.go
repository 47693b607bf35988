// Package codec is what the packages share: the library's errors.
package codec

/*
#cgo pkg-config: container_codecs
#include <container_codecs.h>
*/
import "C"

import "unsafe"

// Error is what the library says of a capture, a packet or a message.
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

// ErrorOf is the error of a cc_error, which each package has a type of its own for.
func ErrorOf(of unsafe.Pointer) error {
	e := (*C.cc_error)(of)
	return &Error{
		Layer: C.GoString(&e.layer[0]), Field: C.GoString(&e.field[0]),
		Value: uint64(e.value), Limit: uint64(e.limit), Offset: int(e.offset),
		text: C.GoString(&e.text[0]),
	}
}
