// Package slots is packets in one piece of memory, so that nothing that Go hands over holds a pointer. The packages that call the library
// share it.
package slots

// Slots have a packet each, with room in front.
type Slots struct {
	Bytes          []byte
	Size, Headroom int
	// Count is how many have one; Starts and Lengths are where in its slot it is, Statuses how the last call ended for it.
	Count           int
	Starts, Lengths []uintptr
	Statuses        []int32
}

// New has so many, of so many bytes each, of which so many are in front of a packet.
func New(count, size, headroom int) Slots {
	return Slots{
		Bytes: make([]byte, count*size), Size: size, Headroom: headroom, Starts: make([]uintptr, count),
		Lengths: make([]uintptr, count), Statuses: make([]int32, count),
	}
}
