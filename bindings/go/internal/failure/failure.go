// Package failure is what the library says of what went wrong, as errors of Go. The packages that call it share it.
package failure

/*
#cgo pkg-config: container_codecs
#include <container_codecs.h>
*/
import "C"

import (
	"fmt"
	"unsafe"
)

// Status is how a call ended. As an error it is the kind of one: errors.Is(err, NotOurs).
type Status int32

// The kinds of what can go wrong.
const (
	// NoRoom is of what does not fit.
	NoRoom Status = C.CC_STATUS_ROOM
	// None is of what there is none of, or none more.
	None Status = C.CC_STATUS_END
	// Truncated is of a layer's bytes that end before its headers say.
	Truncated Status = C.CC_STATUS_TRUNCATED
	// Malformed is of a layer's bytes that contradict themselves.
	Malformed Status = C.CC_STATUS_MALFORMED
	// Argument is of what was asked for, and cannot be.
	Argument Status = C.CC_STATUS_ARGUMENT
	// Unbuildable is of a field that cannot hold what would have to be written.
	Unbuildable Status = C.CC_STATUS_UNBUILDABLE
	// NotOurs is of a good packet for somebody else.
	NotOurs Status = C.CC_STATUS_NOT_OURS
	// Refused is of a packet that a rule has discarded.
	Refused Status = C.CC_STATUS_REFUSED
	// Checksum is of one that is wrong.
	Checksum Status = C.CC_STATUS_CHECKSUM
	// Congested is of a packet whose outer header met congestion, with which the inner one cannot be marked (RFC 6040 §4.2).
	Congested Status = C.CC_STATUS_CONGESTED
)

var words = map[Status]string{
	NoRoom: "it does not fit", None: "there is none", Truncated: "it is truncated", Malformed: "it is malformed", Argument: "it cannot be",
	Unbuildable: "a field cannot hold it", NotOurs: "it is for somebody else", Refused: "a rule has it discarded",
	Checksum: "a checksum is wrong", Congested: "congestion cannot be marked in it",
}

func (s Status) Error() string {
	if text, is := words[s]; is {
		return text
	}
	return fmt.Sprintf("the library fails: status %d", int32(s))
}

// Err is nil where all went well.
func (s Status) Err() error {
	if s == C.CC_STATUS_OK {
		return nil
	}
	return s
}

// Error is what the library says of a call.
type Error struct {
	// Status is the kind, which errors.Is finds.
	Status Status
	// Layer, and Field of it, if it is of one.
	Layer, Field string
	// Value is the field's, or how many bytes are there; Limit what it had to be, or how many are needed.
	Value, Limit uint64
	// Offset is where in the packet the layer begins.
	Offset int
	text   string
}

func (e *Error) Error() string { return e.text }

// Unwrap is the kind.
func (e *Error) Unwrap() error { return e.Status }

// Of is the error of a cc_error, of which each package has a type of its own.
func Of(wrong unsafe.Pointer) error {
	parts := Parts(wrong)
	return &parts
}

// Parts are what a cc_error says, for an error that has more to it.
func Parts(wrong unsafe.Pointer) Error {
	e := (*C.cc_error)(wrong)
	return Error{
		Status: Status(e.status),
		Layer:  C.GoString(&e.layer[0]), Field: C.GoString(&e.field[0]),
		Value: uint64(e.value), Limit: uint64(e.limit), Offset: int(e.offset),
		text: C.GoString(&e.text[0]),
	}
}
