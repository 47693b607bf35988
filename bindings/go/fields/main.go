// The fields of a capture's packets: a line a packet, NAME=VALUE behind tabs, text in hexadecimal.
//
// usage: fields CAPTURE [FIELD...]     all fields, or those
package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"

	"example.invalid/container-codecs/dissect"
)

func run(path string, names []string) error {
	var fields []dissect.Field
	for _, name := range names {
		field, err := dissect.FieldNamed(name)
		if err != nil {
			return err
		}
		fields = append(fields, field)
	}
	capture, err := dissect.Open(path)
	if err != nil {
		return err
	}
	defer capture.Close()
	dissector, err := dissect.New(fields...)
	if err != nil {
		return err
	}
	defer dissector.Close()
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	return dissector.Each(capture, func(packet *dissect.Packet) error {
		fmt.Fprint(out, packet.Number)
		for i := 0; i < packet.Len(); i++ {
			value := packet.Value(i)
			text := value.String()
			if value.Field().Kind() == dissect.KindText {
				text = hex.EncodeToString(value.Bytes())
			}
			fmt.Fprintf(out, "\t%s=%s", value.Field(), text)
		}
		_, err := fmt.Fprintln(out)
		return err
	})
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: fields CAPTURE [FIELD...]")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
