package layers

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"example.invalid/container-codecs/internal/badinputs"
	"example.invalid/container-codecs/internal/failure"
)

func TestBadInputs(t *testing.T) {
	kinds := map[string]failure.Status{"truncated": failure.Truncated, "malformed": failure.Malformed}
	badinputs.Of(t, 70, "walk", func(t *testing.T, c *badinputs.Case) {
		linkType, err := strconv.ParseUint(c.Interface[1], 10, 32)
		if err != nil {
			t.Fatal(err)
		}
		found, err := Walk(uint32(linkType), c.Bytes)
		if c.Status == "ok" {
			var names []string
			for _, layer := range found {
				names = append(names, layer.Kind.String())
			}
			if err != nil || uint64(len(found)) != c.Value || !c.Says(strings.Join(names, ":")) {
				t.Error(err, names)
			}
			return
		}
		var of *Error
		if !errors.As(err, &of) || !c.Is(of) {
			t.Fatalf("%+v", err)
		}
		if kind, is := kinds[c.Status]; is != errors.Is(err, kind) {
			t.Error(of.Status)
		}
	})
}
