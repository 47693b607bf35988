// Package codecs_test holds the README against the examples.
package codecs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// dedented is a text whose lines have no tabs in front.
func dedented(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimLeft(line, "\t")
	}
	return strings.Join(lines, "\n")
}

func TestEveryPieceIsOfAnExample(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob("*/example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var examples strings.Builder
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		examples.WriteString(dedented(string(text)) + "\n")
	}
	pieces := strings.Split(string(readme), "```go\n")[1:]
	if len(pieces) == 0 {
		t.Fatal("the README has no piece of an example")
	}
	for _, piece := range pieces {
		piece, _, _ = strings.Cut(piece, "```")
		if !strings.Contains(examples.String(), dedented(piece)+"\n") {
			t.Errorf("of no example:\n%s", piece)
		}
	}
}
