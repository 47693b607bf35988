//go:build linux

// Packets of a namespace that the test makes: two nodes, with a pod each, and Linux's VXLAN between them.

package wire

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

var (
	nodeAddresses = [2]netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")}
	podAddresses  = [2]netip.Addr{netip.MustParseAddr("10.244.1.2"), netip.MustParseAddr("10.244.2.3")}
	nobody        = netip.MustParseAddr("10.244.9.9")
)

func ip(t *testing.T, words ...string) {
	t.Helper()
	if said, err := exec.Command("ip", words...).CombinedOutput(); err != nil {
		t.Fatalf("ip %s: %v: %s", strings.Join(words, " "), err, said)
	}
}

func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("namespaces need root")
	}
}

// makeNodes gives the names of two namespaces: a veth between them, and a VXLAN device each, which has the pod's address.
func makeNodes(t *testing.T) (names [2]string) {
	t.Helper()
	needRoot(t)
	for at, side := range "ab" {
		name := fmt.Sprintf("cc-%x-%c", time.Now().UnixNano()&0xffffffff, side)
		names[at] = name
		ip(t, "netns", "add", name)
		t.Cleanup(func() { exec.Command("ip", "netns", "delete", name).Run() })
	}
	ip(t, "-n", names[0], "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", names[1])
	for at, name := range names {
		node, far, pod, farPod := nodeAddresses[at].String(), nodeAddresses[1-at].String(), podAddresses[at].String(), podAddresses[1-at].String()
		within := func(words string) { t.Helper(); ip(t, append([]string{"-n", name}, strings.Fields(words)...)...) }
		within("link set lo up")
		within("address add " + node + "/24 dev eth0")
		within("link set eth0 up")
		within("link add vxlan0 type vxlan id 7 dstport 4789 local " + node + " remote " + far)
		within("address add " + pod + "/32 dev vxlan0")
		within("link set vxlan0 up")
		within("route add " + farPod + " dev vxlan0 src " + pod)
	}
	return names
}

// ping sends two requests, which are answered.
func ping(namespace string, address netip.Addr) func() error {
	return exec.Command("ip", "netns", "exec", namespace, "ping", "-c", "2", "-i", "0.2", "-W", "3", address.String()).Run
}

func capture(t *testing.T, place Place, work func() error) *Seen {
	t.Helper()
	goroutines := runtime.NumGoroutine()
	seen, err := Capture(place, work)
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("without cgo this needs packet-dissect: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if left := runtime.NumGoroutine() - goroutines; left > 0 {
		t.Errorf("%d goroutines are left", left)
	}
	return seen
}

func wantError(t *testing.T, err error, pattern string) {
	t.Helper()
	if err == nil || !regexp.MustCompile(pattern).MatchString(err.Error()) {
		t.Errorf("%v is not %s", err, pattern)
	}
}

func TestPodsReachEachOtherInATunnel(t *testing.T) {
	nodes := makeNodes(t)
	seen := capture(t, Place{Namespace: nodes[0], Interface: "eth0", Fields: []string{"icmp.type", "icmp.type"}}, ping(nodes[0], podAddresses[1]))
	found, err := seen.ExpectTunnel(podAddresses[0], podAddresses[1], Carried{VNI: VNI(7), Nodes: nodeAddresses})
	if err != nil {
		t.Fatal(err)
	}
	// Two requests and two replies.
	var types []string
	for _, packet := range found {
		types = append(types, packet.Text("icmp.type"))
	}
	if want := []string{"8", "0", "8", "0"}; !reflect.DeepEqual(types, want) {
		t.Error(types)
	}
	if first := found[0]; first.Ends != (Pair{podAddresses[0], podAddresses[1]}) || first.Carriers != (Pair{nodeAddresses[0], nodeAddresses[1]}) {
		t.Error(first, first.Carriers)
	}
	if turned := seen.Between(podAddresses[1], podAddresses[0]); !reflect.DeepEqual(turned, found) {
		t.Error(turned)
	}
	if err := seen.ExpectNothing(podAddresses[0], nobody); err != nil {
		t.Error(err)
	}
}

func TestWhatDidNotCrossSo(t *testing.T) {
	nodes := makeNodes(t)
	seen := capture(t, Place{Namespace: nodes[0], Interface: "eth0"}, func() error {
		if err := ping(nodes[0], podAddresses[1])(); err != nil {
			return err
		}
		return ping(nodes[0], nodeAddresses[1])()
	})
	one, other := podAddresses[0], podAddresses[1]
	_, err := seen.ExpectTunnel(one, other, Carried{VNI: VNI(8)})
	wantError(t, err, `^packet \d+ from 10\.244\.1\.2 to 10\.244\.2\.3 crossed in network 7, not 8$`)
	_, err = seen.ExpectTunnel(one, other, Carried{Nodes: [2]netip.Addr{nodeAddresses[0], netip.MustParseAddr("192.0.2.3")}})
	wantError(t, err, `crossed between 192\.0\.2\.1 and 192\.0\.2\.2, not 192\.0\.2\.1 and 192\.0\.2\.3$`)
	_, err = seen.ExpectTunnel(one, other, Carried{Tunnel: "geneve"})
	wantError(t, err, `crossed without geneve: eth:ip:udp:vxlan:eth:ip:icmp`)
	_, err = seen.ExpectPlain(one, other)
	wantError(t, err, `crossed in a tunnel: eth:ip:udp:vxlan`)
	wantError(t, seen.ExpectNothing(one, other), `from 10\.244\.1\.2 to 10\.244\.2\.3 crossed: eth:ip:udp:vxlan`)
	_, err = seen.ExpectTunnel(one, nobody, Carried{})
	wantError(t, err, `^no packet between 10\.244\.1\.2 and 10\.244\.9\.9 crossed, of \d+; there were packets between .*10\.244\.1\.2 and 10\.244\.2\.3`)
	if found, err := seen.ExpectPlain(nodeAddresses[0], nodeAddresses[1]); err != nil || len(found) != 4 {
		t.Error(found, err)
	}
}

func TestEveryInterface(t *testing.T) {
	nodes := makeNodes(t)
	seen := capture(t, Place{Namespace: nodes[0]}, ping(nodes[0], podAddresses[1]))
	// Within the tunnel's device they cross without it, on eth0 in it.
	inside, all := 0, seen.Between(podAddresses[0], podAddresses[1])
	for _, packet := range all {
		if packet.Layers[0] != "sll2" {
			t.Error(packet.Layers)
		}
		if !packet.isTunnelled() {
			inside++
		}
	}
	if inside != 4 || len(all) != 8 {
		t.Error(inside, len(all))
	}
}

func TestNoSuchPlace(t *testing.T) {
	if _, err := Start(Place{Namespace: "no-such-namespace"}); errors.Is(err, exec.ErrNotFound) {
		t.Skip("without cgo this needs packet-dissect: ", err)
	} else if !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if os.Geteuid() == 0 {
		if _, err := Start(Place{Interface: "no-such-link"}); err == nil {
			t.Error("it is listened to")
		}
		if _, err := Start(Place{Interface: "lo", Fields: []string{"no.such.field"}}); err == nil {
			t.Error("it is asked for")
		}
	} else if listener, err := Start(Place{Interface: "lo"}); err == nil {
		// Somebody else who may.
		listener.Stop()
	} else if !errors.Is(err, fs.ErrPermission) {
		t.Error(err)
	}
}

// sendFrame sends a frame from the namespace's eth0 as it is.
func sendFrame(namespace string, frame []byte) error { return sendFrames(namespace, frame, 1) }

func sendFrames(namespace string, frame []byte, count int) error {
	return InNamespace(namespace, func() error {
		device, err := net.InterfaceByName("eth0")
		if err != nil {
			return err
		}
		socket, err := syscall.Socket(syscall.AF_PACKET, syscall.SOCK_RAW, 0)
		if err != nil {
			return err
		}
		defer syscall.Close(socket)
		for i := 0; i < count && err == nil; i++ {
			err = syscall.Sendto(socket, frame, 0, &syscall.SockaddrLinklayer{Ifindex: device.Index})
		}
		return err
	})
}

// IPv4 and UDP with "hello": 198.51.100.1:1 to 198.51.100.2:2, no checksum but the header's (RFC 791 §3.1; RFC 768).
var datagram = []byte{
	0x45, 0, 0, 33, 0, 0, 0, 0, 64, 17, 0x26, 0x62, 198, 51, 100, 1, 198, 51, 100, 2,
	0, 1, 0, 2, 0, 13, 0, 0, 'h', 'e', 'l', 'l', 'o',
}

func TestATagIsWhereItWasOnTheWire(t *testing.T) {
	nodes := makeNodes(t)
	// IEEE 802.1Q §9.6: priority 3, identifier 9.
	frame := append([]byte{2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x81, 0, 3 << 5, 9, 8, 0}, datagram...)
	asked := []string{"vlan.id", "vlan.priority", "frame.len", "eth.src", "udp.payload"}
	for _, where := range []struct{ link, first string }{{"eth0", "eth"}, {"", "sll2"}} {
		seen := capture(t, Place{Namespace: nodes[0], Interface: where.link, Fields: asked}, func() error { return sendFrame(nodes[1], frame) })
		found, err := seen.ExpectPlain(netip.MustParseAddr("198.51.100.1"), netip.MustParseAddr("198.51.100.2"))
		if err != nil || len(found) != 1 {
			t.Fatal(found, err)
		}
		packet := found[0]
		if packet.Text("vlan.id") != "9" || packet.Text("vlan.priority") != "3" || packet.Text("udp.payload") != "68656c6c6f" {
			t.Error(packet.Fields)
		}
		if want := where.first + ":vlan:ip:udp:data"; packet.layers() != want {
			t.Errorf("%s is not %s", packet.layers(), want)
		}
		if where.link != "" && (packet.Text("frame.len") != "51" || packet.Text("eth.src") != "02:00:00:00:00:01") {
			t.Error(packet.Fields)
		}
	}
}

// A link that is never still does not keep Stop from ending.
func TestABusyLink(t *testing.T) {
	nodes := makeNodes(t)
	frame := append([]byte{2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0}, datagram...)
	enough, ended := make(chan struct{}), make(chan error)
	send := func() {
		var err error
		for err == nil {
			select {
			case <-enough:
				ended <- nil
				return
			case <-time.After(time.Millisecond):
				err = sendFrame(nodes[1], frame)
			}
		}
		<-enough
		ended <- err
	}
	listener, err := Start(Place{Namespace: nodes[0], Interface: "eth0"})
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("without cgo this needs packet-dissect: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	go send()
	begin := time.Now()
	seen, err := listener.Stop()
	took := time.Since(begin)
	close(enough)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if err != nil || len(seen.Packets) < 10 || took > 5*time.Second {
		t.Error(took, err)
	}
}

// What goes out on the loopback comes in again, and has crossed once.
func TestLoopback(t *testing.T) {
	nodes := makeNodes(t)
	here := netip.MustParseAddr("127.0.0.1")
	seen := capture(t, Place{Namespace: nodes[0], Interface: "lo"}, ping(nodes[0], here))
	if found, err := seen.ExpectPlain(here, here); err != nil || len(found) != 4 {
		t.Error(len(found), err)
	}
}

// A pod's interface is deleted at the end of many a test: what crossed before counts.
func TestAnInterfaceThatGoesAway(t *testing.T) {
	nodes := makeNodes(t)
	seen := capture(t, Place{Namespace: nodes[0], Interface: "eth0"}, func() error {
		if err := ping(nodes[0], podAddresses[1])(); err != nil {
			return err
		}
		return exec.Command("ip", "-n", nodes[1], "link", "delete", "eth0").Run()
	})
	if found, err := seen.ExpectTunnel(podAddresses[0], podAddresses[1], Carried{VNI: VNI(7), Nodes: nodeAddresses}); err != nil || len(found) != 4 {
		t.Error(len(found), err)
	}
}

func TestTheFunctionFails(t *testing.T) {
	needRoot(t)
	goroutines := runtime.NumGoroutine()
	wrong := errors.New("no pod")
	if _, err := Capture(Place{Interface: "lo"}, func() error { return wrong }); errors.Is(err, exec.ErrNotFound) {
		t.Skip("without cgo this needs packet-dissect: ", err)
	} else if err != wrong {
		t.Error(err)
	}
	if left := runtime.NumGoroutine() - goroutines; left > 0 {
		t.Errorf("%d goroutines are left", left)
	}
}

func TestStopAgain(t *testing.T) {
	needRoot(t)
	listener, err := Start(Place{Interface: "lo"})
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("without cgo this needs packet-dissect: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	seen, err := listener.Stop()
	again, wrong := listener.Stop()
	if err != nil || wrong != nil || seen != again {
		t.Error(seen, again, err, wrong)
	}
}

// The caller is where it was, and so is the thread that went: /proc/self is the first.
func TestInNamespace(t *testing.T) {
	nodes := makeNodes(t)
	namespaceOf := func(path string) string {
		link, err := os.Readlink(path)
		if err != nil {
			t.Fatal(err)
		}
		return link
	}
	before := namespaceOf("/proc/self/ns/net")
	var there string
	for i := 0; i < 50; i++ {
		err := InNamespace("/var/run/netns/"+nodes[0], func() (err error) {
			there, err = os.Readlink("/proc/thread-self/ns/net")
			return err
		})
		if err != nil || there == before {
			t.Fatal(there, err)
		}
	}
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	for _, thread := range threads {
		if link, err := os.Readlink("/proc/self/task/" + thread.Name() + "/ns/net"); err == nil && link != before {
			t.Errorf("thread %s is in %s, not %s", thread.Name(), link, before)
		}
	}
	wrong := errors.New("wrong")
	if err := InNamespace(nodes[0], func() error { return wrong }); err != wrong {
		t.Error(err)
	}
	if err := InNamespace("no-such-namespace", func() error { return nil }); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// crossed is a packet as it would have been taken.
func crossed(fields ...string) Packet {
	found := map[string][]string{}
	for i := 0; i < len(fields); i += 2 {
		found[fields[i]] = append(found[fields[i]], fields[i+1])
	}
	return packetOf(found)
}

func TestNothingIsSaidOfAPart(t *testing.T) {
	seen := &Seen{Dropped: 3}
	want := `^3 packets came faster than they were taken: nothing can be said of all$`
	wantError(t, seen.ExpectNothing(podAddresses[0], podAddresses[1]), want)
	_, err := seen.ExpectPlain(podAddresses[0], podAddresses[1])
	wantError(t, err, want)
	_, err = seen.ExpectTunnel(podAddresses[0], podAddresses[1], Carried{})
	wantError(t, err, want)
	_, err = new(Seen).ExpectPlain(podAddresses[0], podAddresses[1])
	wantError(t, err, `^no packet between 10\.244\.1\.2 and 10\.244\.2\.3 crossed, of 0$`)
}

// Numbers are decimal of VXLAN, hexadecimal of Geneve and GRE; GRE may have none, and 0 is one.
func TestNetworks(t *testing.T) {
	geneve := crossed("frame.number", "1", "frame.protocols", "eth:ip:udp:geneve:eth:ip:data", "inner.ip.src", "10.244.1.2", "inner.ip.dst", "10.244.2.3",
		"outer.ip.src", "192.0.2.1", "outer.ip.dst", "192.0.2.2", "geneve.vni", "0x000010")
	keyless := crossed("frame.number", "1", "frame.protocols", "eth:ipv6:gre:ip:data", "inner.ip.src", "10.244.1.2", "inner.ip.dst", "10.244.2.3",
		"outer.ipv6.src", "2001:db8::1", "outer.ipv6.dst", "2001:db8::2")
	for _, row := range []struct {
		packet Packet
		in     Carried
		wrong  string
	}{
		{geneve, Carried{Tunnel: "geneve", VNI: VNI(16), Nodes: nodeAddresses}, ""},
		{geneve, Carried{Tunnel: "geneve", VNI: VNI(0)}, `^packet 1 from 10\.244\.1\.2 to 10\.244\.2\.3 crossed in network 16, not 0$`},
		{geneve, Carried{}, `crossed without vxlan: eth:ip:udp:geneve:eth:ip:data$`},
		{keyless, Carried{Tunnel: "gre", Nodes: [2]netip.Addr{netip.MustParseAddr("2001:db8::2"), netip.MustParseAddr("2001:db8::1")}}, ""},
		{keyless, Carried{Tunnel: "gre", VNI: VNI(0)}, `crossed in no network, not 0$`},
	} {
		_, err := (&Seen{Packets: []Packet{row.packet}}).ExpectTunnel(podAddresses[1], podAddresses[0], row.in)
		if row.wrong != "" {
			wantError(t, err, row.wrong)
		} else if err != nil {
			t.Error(err)
		}
	}
}
