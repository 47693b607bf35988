package dissect_test

import (
	"fmt"

	"example.invalid/container-codecs/dissect"
)

// show prints a pod's packet that a capture has (the third; tshark's decode beside the capture has the same).
func show() error {
	capture, err := dissect.Open("../../../testdata/flannel-vxlan-underlay.pcap")
	if err != nil {
		return err
	}
	defer capture.Close()
	dissector, err := dissect.New(dissect.FieldVxlanVni, dissect.FieldInnerIpSource, dissect.FieldInnerIpDestination)
	if err != nil {
		return err
	}
	defer dissector.Close()
	return dissector.Each(capture, func(packet *dissect.Packet) error {
		if packet.Number == 3 {
			fmt.Println(packet.Text(dissect.FieldVxlanVni), packet.Text(dissect.FieldInnerIpSource), packet.Text(dissect.FieldInnerIpDestination))
		}
		return nil
	})
}

// The pods' packets of a capture, and the network they are in.
func Example() {
	if err := show(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 1 10.244.1.2 10.244.2.2
}
