package flannel

import (
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// As etcd has them: flannel pkg/subnet/etcd; one key with a prefix that cannot be.
const text = `{
	"/coreos.com/network/config": {"Network": "10.244.0.0/16", "Backend": {"Type": "vxlan", "VNI": 5}},
	"/coreos.com/network/subnets/10.244.2.0-24": {"PublicIP": "192.0.2.2", "BackendType": "vxlan",
		"BackendData": {"VNI": 5, "VtepMAC": "0a:1b:2c:3d:4e:5f"}},
	"/coreos.com/network/subnets/10.244.4.0-24": {"PublicIP": "192.0.2.4", "BackendType": "udp"},
	"/coreos.com/network/subnets/10.244.3.0-33": {"PublicIP": "192.0.2.3", "BackendType": "vxlan"}
}`

func TestLeases(t *testing.T) {
	leases, err := ParseLeases([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	defer leases.Close()
	lease, err := leases.Behind(netip.MustParseAddr("10.244.2.9"))
	if err != nil {
		t.Fatal(err)
	}
	if lease.Subnet != netip.MustParsePrefix("10.244.2.0/24") || lease.Node != netip.MustParseAddr("192.0.2.2") || lease.Subnet6.IsValid() {
		t.Errorf("%+v", lease)
	}
	if lease.Backend != BackendVXLAN || lease.VNI != 5 || lease.VTEP.String() != "0a:1b:2c:3d:4e:5f" {
		t.Errorf("%+v", lease)
	}
	lease, err = leases.OfNode(netip.MustParseAddr("192.0.2.4"))
	if err != nil || lease.Backend != BackendUDP || lease.VTEP != nil || lease.Subnet != netip.MustParsePrefix("10.244.4.0/24") {
		t.Errorf("%+v %v", lease, err)
	}
	if at, err := leases.At(1); err != nil || leases.Len() != 2 || at.Subnet != lease.Subnet {
		t.Error(at, err)
	}
	if _, err := leases.At(2); !errors.Is(err, Argument) {
		t.Error(err)
	}
	if _, err := leases.Behind(netip.MustParseAddr("10.244.9.1")); !errors.Is(err, None) || err.Error() != "no lease has 10.244.9.1" {
		t.Error(err)
	}
	if _, err := leases.OfNode(netip.Addr{}); !errors.Is(err, Argument) {
		t.Error(err)
	}
	refused := leases.Refused()
	if len(refused) != 1 || !strings.HasPrefix(refused[0].Error(), "/coreos.com/network/subnets/10.244.3.0-33: ") {
		t.Error(refused)
	}
	routes, err := NewRoutes()
	if err != nil {
		t.Fatal(err)
	}
	defer routes.Close()
	if err := routes.AddLeases(leases); err != nil || routes.Len() != 1 {
		t.Error(err, routes.Len())
	}
}

func TestLeasesOfARealCluster(t *testing.T) {
	of, err := os.ReadFile(filepath.Join("..", "..", "..", "testdata", "flannel-leases.json"))
	if err != nil {
		t.Fatal(err)
	}
	leases, err := ParseLeases(of)
	if err != nil {
		t.Fatal(err)
	}
	defer leases.Close()
	if leases.Len() == 0 || len(leases.Refused()) != 0 {
		t.Error(leases.Len(), leases.Refused())
	}
}

func TestNoLeases(t *testing.T) {
	for _, wrong := range []string{"[", "", "\xff"} {
		if _, err := ParseLeases([]byte(wrong)); err == nil {
			t.Errorf("%q is taken for leases", wrong)
		}
	}
}
