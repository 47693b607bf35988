package dissect

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.invalid/container-codecs/internal/badinputs"
)

func TestBadInputs(t *testing.T) {
	badinputs.Of(t, 6, "capture", func(t *testing.T, c *badinputs.Case) {
		path := filepath.Join(t.TempDir(), "capture")
		if err := os.WriteFile(path, c.Bytes, 0o600); err != nil {
			t.Fatal(err)
		}
		count := uint64(0)
		capture, err := Open(path)
		if err == nil {
			defer capture.Close()
			for _, err = capture.Next(); err == nil; _, err = capture.Next() {
				count++
			}
		}
		if count != c.Value {
			t.Error(count, "packets")
		}
		if c.Status == "ok" {
			if err != io.EOF {
				t.Error(err)
			}
			return
		}
		var of *Error
		if c.Status != "capture" || !errors.As(err, &of) || !c.Says(strings.TrimPrefix(of.Error(), path+": ")) {
			t.Error(err)
		}
	})
}
