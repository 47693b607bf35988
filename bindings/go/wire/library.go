//go:build linux && cgo

package wire

import (
	"encoding/binary"
	"errors"
	"net"
	"os"
	"syscall"
	"time"
	"unsafe"

	"example.invalid/container-codecs/dissect"
)

// Way is which way packets are taken: "library" with cgo, "program" without.
func Way() string { return "library" }

const (
	// batch is how many packets are taken apart at once, at most.
	batch = 64
	// longest is as much of a packet as is taken: more than segments offloaded to a card are long.
	longest = 1 << 18
	// buffer is what the kernel keeps of packets meanwhile, if it may.
	buffer = 1 << 24
)

// linux/if_packet.h: what the package syscall lacks of a socket's options, and whether a tag, and its type, are told beside a packet.
const (
	auxiliaryData = 8
	tagValid      = 1 << 4
	tagTypeValid  = 1 << 6
)

// auxiliary is tpacket_auxdata of linux/if_packet.h.
type auxiliary struct {
	status, length, captured uint32
	mac, network             uint16
	tag, tagType             uint16
}

// How packets begin (LINKTYPE_…).
const (
	linkEthernet = 1
	linkIP       = 101
	// What Linux says of what it took off, LINKTYPE_LINUX_SLL2.
	linkCooked = 276
)

// linkOf is how packets begin on an interface of a kind (linux/if_arp.h), as the program has it.
func linkOf(kind uint16) uint32 {
	switch kind {
	case syscall.ARPHRD_ETHER, syscall.ARPHRD_LOOPBACK:
		return linkEthernet
	case syscall.ARPHRD_NONE, 519 /* ARPHRD_RAWIP */, syscall.ARPHRD_TUNNEL, syscall.ARPHRD_TUNNEL6, syscall.ARPHRD_SIT:
		return linkIP
	}
	return linkCooked
}

// taking takes packets of a socket in a goroutine.
type taking struct {
	socket    *os.File
	link      uint32
	dissector *dissect.Dissector
	// The goroutine's, until it is done.
	room, beside []byte
	whole        []byte
	number       uint64
	seen         Seen
	err          error
	done         chan struct{}
}

func start(place Place) (*taking, error) {
	var fields []dissect.Field
	for _, name := range place.fields() {
		field, err := dissect.FieldNamed(name)
		if err != nil {
			return nil, err
		}
		fields = append(fields, field)
	}
	t := &taking{room: make([]byte, longest), beside: make([]byte, 256), done: make(chan struct{})}
	err := InNamespace(place.Namespace, func() (err error) {
		t.socket, t.link, err = listen(place.Interface)
		return err
	})
	if err != nil {
		return nil, err
	}
	if t.dissector, err = dissect.New(fields...); err != nil {
		t.socket.Close()
		return nil, err
	}
	go t.run()
	return t, nil
}

// listen opens a packet socket for all packets of an interface, or of all.
func listen(name string) (socket *os.File, link uint32, err error) {
	index, link, kind := 0, uint32(linkCooked), syscall.SOCK_DGRAM
	if name != "" {
		device, err := net.InterfaceByName(name)
		if err != nil {
			return nil, 0, err
		}
		index = device.Index
		if link, err = linkAt(index); err != nil {
			return nil, 0, err
		}
	}
	if link != linkCooked {
		kind = syscall.SOCK_RAW
	}
	// It hears nothing before it is bound.
	fd, err := syscall.Socket(syscall.AF_PACKET, kind|syscall.SOCK_CLOEXEC|syscall.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, 0, os.NewSyscallError("socket", err)
	}
	socket = os.NewFile(uintptr(fd), "packet socket")
	if syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_RCVBUFFORCE, buffer) != nil {
		// What is allowed: packets that are dropped are told of.
		_ = syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_RCVBUF, buffer)
	}
	if err = syscall.SetsockoptInt(fd, syscall.SOL_PACKET, auxiliaryData, 1); err == nil {
		err = syscall.Bind(fd, &syscall.SockaddrLinklayer{Protocol: everything(), Ifindex: index})
	}
	if err != nil {
		socket.Close()
		return nil, 0, os.NewSyscallError("packet socket", err)
	}
	return socket, link, nil
}

// everything is ETH_P_ALL in the network's order.
func everything() (protocol uint16) {
	binary.BigEndian.PutUint16((*[2]byte)(unsafe.Pointer(&protocol))[:], syscall.ETH_P_ALL)
	return protocol
}

// linkAt is how packets begin on an interface: what a socket that is bound there is told of its kind.
func linkAt(index int) (uint32, error) {
	fd, err := syscall.Socket(syscall.AF_PACKET, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, os.NewSyscallError("socket", err)
	}
	defer syscall.Close(fd)
	if err := syscall.Bind(fd, &syscall.SockaddrLinklayer{Ifindex: index}); err != nil {
		return 0, os.NewSyscallError("bind", err)
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		return 0, os.NewSyscallError("getsockname", err)
	}
	return linkOf(name.(*syscall.SockaddrLinklayer).Hatype), nil
}

// run takes packets until the socket's deadline.
func (t *taking) run() {
	defer close(t.done)
	conn, err := t.socket.SyscallConn()
	for err == nil && t.err == nil {
		err = conn.Read(func(fd uintptr) bool { return t.take(int(fd)) })
	}
	if t.err != nil || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.err = first(t.err, err)
		return
	}
	// Nothing more comes, so that what is left to be read has an end.
	err = conn.Control(func(fd uintptr) {
		t.err = syscall.AttachLsf(int(fd), []syscall.SockFilter{{Code: syscall.BPF_RET | syscall.BPF_K}})
		for t.err == nil && t.take(int(fd)) {
		}
		// Two numbers, of packets and of those that were dropped: as long as what this call is for.
		if statistics, err := syscall.GetsockoptIPMreq(int(fd), syscall.SOL_PACKET, syscall.PACKET_STATISTICS); err == nil {
			t.seen.Dropped = uint64((*[2]uint32)(unsafe.Pointer(statistics))[1])
		} else {
			t.err = first(t.err, err)
		}
	})
	t.err = first(t.err, err)
}

func first(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// take takes a batch of what is there. False, if nothing is.
func (t *taking) take(fd int) bool {
	some := false
	for count := 0; count < batch && t.err == nil; count++ {
		// With MSG_TRUNC it says how long the packet was, whatever of it fits.
		length, beside, _, from, err := syscall.Recvmsg(fd, t.room, t.beside, syscall.MSG_DONTWAIT|syscall.MSG_TRUNC)
		if err == syscall.EAGAIN {
			break
		}
		some = true
		switch err {
		case nil:
			if from, is := from.(*syscall.SockaddrLinklayer); is {
				t.add(length, t.beside[:beside], from)
			}
		case syscall.EINTR, syscall.ENETDOWN:
			// An interface that went down, or away, has handed out what crossed before.
		default:
			t.err = os.NewSyscallError("recvmsg", err)
		}
	}
	wrong := t.dissector.Flush(func(packet *dissect.Packet) error {
		fields := map[string][]string{}
		for i := 0; i < packet.Len(); i++ {
			value := packet.Value(i)
			name := value.Field().String()
			fields[name] = append(fields[name], value.String())
		}
		t.seen.Packets = append(t.seen.Packets, packetOf(fields))
		return nil
	})
	t.err = first(t.err, wrong)
	return some
}

// add puts a packet into the batch, as it was on the wire.
func (t *taking) add(length int, beside []byte, from *syscall.SockaddrLinklayer) {
	// What goes out on the loopback comes in again.
	if from.Hatype == syscall.ARPHRD_LOOPBACK && from.Pkttype == syscall.PACKET_OUTGOING {
		return
	}
	captured := t.room
	if length < len(captured) {
		captured = captured[:length]
	}
	tag := tagOf(beside)
	t.whole = t.whole[:0]
	switch {
	case t.link == linkCooked:
		t.whole = append(cooked(t.whole, from, tag), captured...)
	case t.link == linkEthernet && tag != nil && len(captured) >= 12:
		t.whole = append(append(append(t.whole, captured[:12]...), tag...), captured[12:]...)
	default:
		t.whole = append(t.whole, captured...)
	}
	t.number++
	t.dissector.Add(dissect.Record{
		Number: t.number, Time: time.Now(), Original: length + len(t.whole) - len(captured), LinkType: t.link, Bytes: t.whole,
	})
}

// tagOf is a packet's VLAN tag, which Linux hands out beside it: type and contents. nil, if there is none.
func tagOf(beside []byte) []byte {
	messages, _ := syscall.ParseSocketControlMessage(beside)
	for _, message := range messages {
		if message.Header.Level != syscall.SOL_PACKET || message.Header.Type != auxiliaryData ||
			len(message.Data) < int(unsafe.Sizeof(auxiliary{})) {
			continue
		}
		said := *(*auxiliary)(unsafe.Pointer(&message.Data[0]))
		if said.status&tagValid == 0 {
			return nil
		}
		if said.status&tagTypeValid == 0 {
			said.tagType = 0x8100
		}
		return []byte{byte(said.tagType >> 8), byte(said.tagType), byte(said.tag >> 8), byte(said.tag)}
	}
	return nil
}

// cooked puts in front what Linux says of what it took off, as LINKTYPE_LINUX_SLL2 has it; a tag stands behind.
func cooked(to []byte, from *syscall.SockaddrLinklayer, tag []byte) []byte {
	protocol := (*[2]byte)(unsafe.Pointer(&from.Protocol))[:]
	length := from.Halen
	if length > 6 {
		length = 6
	}
	var address [8]byte
	copy(address[:], from.Addr[:length])
	kind := protocol
	if tag != nil {
		kind = tag[:2]
	}
	index := uint32(from.Ifindex)
	to = append(to, kind[0], kind[1], 0, 0, byte(index>>24), byte(index>>16), byte(index>>8), byte(index),
		byte(from.Hatype>>8), byte(from.Hatype), from.Pkttype, length)
	to = append(to, address[:]...)
	if tag != nil {
		to = append(append(to, tag[2:]...), protocol...)
	}
	return to
}

// stop ends the goroutine, and gives what it took.
func (t *taking) stop() (*Seen, error) {
	err := t.socket.SetReadDeadline(time.Now())
	if err != nil {
		// Whatever it waits for ends so.
		t.socket.Close()
	}
	<-t.done
	t.socket.Close()
	t.dissector.Close()
	if err = first(t.err, err); err != nil {
		return nil, err
	}
	return &t.seen, nil
}
