//go:build linux && !cgo

package wire

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Way is which way packets are taken: "library" with cgo, "program" without.
func Way() string { return "program" }

// How long the program may take to begin; and to end, which is to hand out all that it has taken.
const (
	toBegin = 10 * time.Second
	toEnd   = time.Minute
)

// taking is the program as it runs, and what is read of it: packets on its output, words on the other.
type taking struct {
	program  *exec.Cmd
	seen     Seen
	wrong    error
	packets  chan struct{}
	words    []string
	listens  chan struct{}
	wordsEnd chan struct{}
}

func start(place Place) (*taking, error) {
	path, err := find()
	if err != nil {
		return nil, err
	}
	arguments := []string{"-l", "-p", "-T", "json", "-i", place.Interface}
	if place.Interface == "" {
		arguments[len(arguments)-1] = "any"
	}
	if place.Namespace != "" {
		namespace := namespacePath(place.Namespace)
		if _, err := os.Stat(namespace); err != nil {
			return nil, err
		}
		arguments = append(arguments, "--netns", namespace)
	}
	for _, field := range place.fields() {
		arguments = append(arguments, "-e", field)
	}
	t := &taking{
		program: exec.Command(path, arguments...), packets: make(chan struct{}), listens: make(chan struct{}), wordsEnd: make(chan struct{}),
	}
	output, err := t.program.StdoutPipe()
	if err != nil {
		return nil, err
	}
	words, err := t.program.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := t.program.Start(); err != nil {
		return nil, err
	}
	go t.readPackets(output)
	go t.readWords(words)
	select {
	case <-t.listens:
		return t, nil
	case <-t.wordsEnd:
	case <-time.After(toBegin):
	}
	_ = t.program.Process.Kill()
	_ = t.end()
	return nil, t.failure("packet-dissect does not say that it listens")
}

// find is where the program is.
func find() (string, error) {
	if path := os.Getenv("PACKET_DISSECT"); path != "" {
		return exec.LookPath(path)
	}
	return exec.LookPath("packet-dissect")
}

// readPackets reads an object a packet: each field's values in an array.
func (t *taking) readPackets(output io.Reader) {
	defer close(t.packets)
	decoder := json.NewDecoder(output)
	decoder.UseNumber()
	for {
		var values map[string][]interface{}
		if err := decoder.Decode(&values); err != nil {
			if err != io.EOF {
				t.wrong = err
				// The program does not end before all is read.
				_, _ = io.Copy(io.Discard, output)
			}
			return
		}
		fields := make(map[string][]string, len(values))
		for name, values := range values {
			for _, value := range values {
				fields[name] = append(fields[name], textOf(value))
			}
		}
		t.seen.Packets = append(t.seen.Packets, packetOf(fields))
	}
}

// textOf is a value as the program writes it elsewhere.
func textOf(value interface{}) string {
	switch value {
	case true:
		return "1"
	case false:
		return "0"
	}
	return fmt.Sprint(value)
}

// readWords reads what it says of itself: that it listens, in the end how many packets there were, and what goes wrong.
func (t *taking) readWords(from io.Reader) {
	defer close(t.wordsEnd)
	lines := bufio.NewReader(from)
	listens := false
	for {
		line, err := lines.ReadString('\n')
		if strings.HasPrefix(line, "capturing on ") && !listens {
			listens = true
			close(t.listens)
		} else if line != "" {
			t.words = append(t.words, strings.TrimSpace(line))
		}
		if err != nil {
			return
		}
	}
}

// end waits until the program is gone, and all is read.
func (t *taking) end() error {
	<-t.packets
	<-t.wordsEnd
	return t.program.Wait()
}

// stop ends the program, and gives what it took.
func (t *taking) stop() (*Seen, error) {
	// If it is gone already, it has said why.
	_ = t.program.Process.Signal(os.Interrupt)
	late := time.AfterFunc(toEnd, func() { _ = t.program.Process.Kill() })
	defer late.Stop()
	err := t.end()
	if t.wrong != nil {
		return nil, fmt.Errorf("what packet-dissect writes cannot be read: %w", t.wrong)
	}
	dropped, told := t.count()
	// An interface that went away has handed out what crossed before.
	if !told || err != nil && !strings.Contains(strings.Join(t.words, "\n"), ": the interface is gone") {
		return nil, t.failure("packet-dissect does not say how many packets there were")
	}
	t.seen.Dropped = dropped
	return &t.seen, nil
}

// count is how many packets the kernel dropped, which the program says last.
func (t *taking) count() (dropped uint64, told bool) {
	for _, line := range t.words {
		var captured uint64
		var packets string
		if n, _ := fmt.Sscanf(line, "%d %s captured, %d dropped by the kernel", &captured, &packets, &dropped); n == 3 {
			return dropped, true
		}
	}
	return 0, false
}

// failure is what the program says went wrong, or that it says nothing.
func (t *taking) failure(silence string) error {
	if len(t.words) == 0 {
		return errors.New(silence)
	}
	text := strings.Join(t.words, "; ")
	if strings.Contains(text, "no permission to capture") || strings.Contains(text, "Operation not permitted") {
		return fmt.Errorf("%s: %w", text, fs.ErrPermission)
	}
	return errors.New(text)
}
