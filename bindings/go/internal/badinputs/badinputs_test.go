package badinputs

import "testing"

// Go has all interfaces: whoever adds one to the table adds it to a package's test.
func TestEveryInterfaceIsTried(t *testing.T) {
	tried := map[string]string{
		"walk": "layers", "flannel": "flannel", "vxlan": "tunnel", "vxlan-linux": "tunnel", "geneve": "tunnel", "ip": "tunnel", "gre": "tunnel",
		"frame": "bgp", "open": "bgp", "negotiate": "bgp", "update": "bgp", "notification": "bgp", "capture": "dissect",
	}
	cases := All(t)
	if len(cases) < 150 {
		t.Error(len(cases), "cases")
	}
	for i := range cases {
		if tried[cases[i].Interface[0]] == "" {
			t.Error("no package tries", cases[i].Interface)
		}
	}
}
