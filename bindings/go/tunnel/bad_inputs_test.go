package tunnel

import (
	"errors"
	"testing"

	"example.invalid/container-codecs/internal/badinputs"
)

func TestBadInputs(t *testing.T) {
	filters := map[string]Filter{
		"vxlan": {Kind: VXLAN}, "vxlan-linux": {Kind: VXLAN, Reading: Linux}, "geneve": {Kind: Geneve}, "ip": {Kind: IP}, "gre": {Kind: GRE},
	}
	kinds := map[string]Status{
		"truncated": Truncated, "malformed": Malformed, "not-ours": NotOurs, "refused": Refused, "checksum": BadChecksum,
	}
	badinputs.Of(t, 29, "vxlan vxlan-linux geneve ip gre", func(t *testing.T, c *badinputs.Case) {
		filter := filters[c.Interface[0]]
		filter.RawIP = true
		inner, err := taking(t, filter).Decapsulate(c.Bytes)
		if c.Status == "ok" {
			if err != nil || inner.Length != int(c.Value) || uint64(inner.Key) != c.Limit || inner.Offset != int(c.Offset) {
				t.Error(err, inner)
			}
			return
		}
		var of *Error
		if !errors.As(err, &of) || !c.Is(of) || !errors.Is(err, kinds[c.Status]) {
			t.Errorf("%+v", err)
		}
	})
}
