package flannel

import (
	"net/netip"
	"testing"

	"example.invalid/container-codecs/internal/badinputs"
)

func TestBadInputs(t *testing.T) {
	outcomes := map[string]Outcome{"delivered": Deliver, "dropped": Drop}
	reasons := map[string]Reason{"": NoReason, "malformed": Malformed, "ttl-expired": TTLExpired}
	node := Node{Address: netip.MustParseAddr("10.244.1.0")}
	badinputs.Of(t, 8, "flannel", func(t *testing.T, c *badinputs.Case) {
		step, err := node.Deliver(c.Bytes, nil)
		outcome, is := outcomes[c.Status]
		reason, isReason := reasons[c.Field]
		if err != nil || !is || !isReason || step.Outcome != outcome || step.Reason != reason {
			t.Error(err, step)
		}
	})
}
