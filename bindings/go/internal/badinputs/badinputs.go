// Package badinputs reads the table of bad inputs, which the tests of each package hold it to: bindings/bad_inputs/cases.txt says what its
// columns are.
package badinputs

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"example.invalid/container-codecs/internal/failure"
)

// Case is a line of the table.
type Case struct {
	Name string
	// Interface is its name, and what else stands there.
	Interface []string
	Bytes     []byte
	// Status, and what is told in parts; a number that there is none of is 0.
	Status, Layer, Field string
	Value, Limit, Offset uint64
	// HasLimit and HasOffset say whether the table has one.
	HasLimit, HasOffset bool
	Notification, Text  string
}

// All are the cases. Go has an interface for each: there is no line that begins with `without go`.
func All(t *testing.T) []Case {
	t.Helper()
	table := filepath.Join("bad_inputs", "cases.txt")
	// A test runs in its package's folder, and these lie as deep as they like.
	text, err := os.ReadFile(table)
	for up := 0; err != nil && up < 4; up++ {
		table = filepath.Join("..", table)
		text, err = os.ReadFile(table)
	}
	if err != nil {
		t.Fatal(err)
	}
	var cases []Case
	for _, line := range strings.Split(string(text), "\n") {
		if strings.HasPrefix(line, "#") || !strings.Contains(line, "|") {
			continue
		}
		columns := strings.Split(line, "|")
		if len(columns) != 11 {
			t.Fatal(line)
		}
		for i := range columns {
			columns[i] = strings.TrimSpace(columns[i])
		}
		cases = append(cases, Case{
			Name: columns[0], Interface: strings.Fields(columns[1]), Bytes: bytes(t, columns[2]),
			Status: columns[3], Layer: columns[4], Field: columns[5],
			Value: number(t, columns[6]), Limit: number(t, columns[7]), Offset: number(t, columns[8]),
			HasLimit: columns[7] != "", HasOffset: columns[8] != "",
			Notification: columns[9], Text: columns[10],
		})
	}
	return cases
}

// Of are the cases of some interfaces, each as a test of its own.
func Of(t *testing.T, least int, interfaces string, try func(t *testing.T, c *Case)) {
	t.Helper()
	tried := 0
	for _, c := range All(t) {
		c := c
		for _, name := range strings.Fields(interfaces) {
			if name == c.Interface[0] {
				tried++
				t.Run(c.Name, func(t *testing.T) { try(t, &c) })
			}
		}
	}
	if tried < least {
		t.Error(tried, "cases of", interfaces)
	}
}

// Says is whether a text is what the table has, if it has one.
func (c *Case) Says(text string) bool { return c.Text == "" || c.Text == text }

// Names is whether an error names layer and field, and says why.
func (c *Case) Names(err *failure.Error) bool {
	return err != nil && err.Layer == c.Layer && err.Field == c.Field && c.Says(err.Error())
}

// Is is whether all of an error's parts are the table's.
func (c *Case) Is(err *failure.Error) bool {
	return c.Names(err) && err.Value == c.Value && err.Limit == c.Limit && err.Offset == int(c.Offset)
}

func number(t *testing.T, text string) uint64 {
	t.Helper()
	if text == "" {
		return 0
	}
	value, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func bytes(t *testing.T, text string) []byte {
	t.Helper()
	var all []byte
	for _, word := range strings.Fields(text) {
		digits, times := word, 1
		if star := strings.IndexByte(word, '*'); star >= 0 {
			digits, times = word[:star], int(number(t, word[star+1:]))
		}
		some, err := hex.DecodeString(digits)
		if err != nil {
			t.Fatal(err)
		}
		for ; times > 0; times-- {
			all = append(all, some...)
		}
	}
	return all
}
