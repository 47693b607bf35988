package bgp

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"example.invalid/container-codecs/internal/badinputs"
)

// told is a NOTIFICATION as the table has it.
func told(of *Notification) string {
	if of == nil {
		return ""
	}
	return strings.TrimSpace(fmt.Sprintf("%d/%d %x", of.Code, of.Subcode, of.Data))
}

// ends is whether an error is the table's: it ends the session, and says so to the peer.
func ends(t *testing.T, c *badinputs.Case, err error) {
	t.Helper()
	var of *Error
	if c.Status != "bgp" || !errors.As(err, &of) || !c.Is(&of.detail) || told(of.Notification) != c.Notification {
		t.Errorf("%+v", err)
	}
}

// What stands in front is handed out, and the error says what may be thrown away. The field's numbers come with what reads a message whole.
func badFrame(t *testing.T, c *badinputs.Case) {
	session := AssumedSession()
	most, _ := strconv.ParseUint(c.Interface[1], 10, 16)
	session.MaxLenReceive = uint16(most)
	decoder := NewDecoder(session)
	var types []string
	taken, err := decoder.Decode(c.Bytes, func(message *Message) error {
		types = append(types, strconv.Itoa(int(message.Type())))
		return nil
	})
	if got := strings.Join(types, ","); got != strings.TrimPrefix(c.Interface[2], "-") {
		t.Error(got)
	}
	switch rest := c.Bytes[taken:]; c.Status {
	case "ok":
		if err != nil || len(rest) != 0 {
			t.Error(err, taken)
		}
	case "partial":
		if err != nil || uint64(len(rest)) != c.Value {
			t.Error(err, taken)
		}
	default:
		var of *Error
		if c.Status != "bgp" || !errors.As(err, &of) || !c.Names(&of.detail) || of.Limit != c.Offset || told(of.Notification) != c.Notification {
			t.Errorf("%+v", err)
		}
		_, err = decoder.Findings(rest)
		if !errors.As(err, &of) || !c.Names(&of.detail) || of.Value != c.Value || of.Limit != c.Limit {
			t.Errorf("%+v", err)
		}
	}
}

func badUpdate(t *testing.T, c *badinputs.Case) {
	actions := map[string]Action{
		"accept": Accept, "attribute-discard": AttributeDiscard, "treat-as-withdraw": TreatAsWithdraw, "session-reset": SessionReset,
	}
	session := AssumedSession()
	switch c.Interface[1] {
	case "internal":
		session.Peer = PeerInternal
	case "add-path":
		session.AddPathReceive = FamilySet(0).With(IPv4Unicast)
	}
	decoder, messages := NewDecoder(session), 0
	action, isSet := actions[c.Status]
	_, err := decoder.Decode(c.Bytes, func(message *Message) error {
		messages++
		if !isSet {
			action = SessionReset
		} else if uint64(len(message.Routes())) != c.Limit {
			t.Error(len(message.Routes()), "routes")
		}
		if message.Action() != action || told(message.Notification()) != c.Notification {
			t.Error(message.Action(), told(message.Notification()))
		}
		return nil
	})
	if err != nil || messages != 1 {
		t.Fatal(err, messages)
	}
	findings, err := decoder.Findings(c.Bytes)
	if !isSet {
		ends(t, c, err)
		return
	}
	if err != nil || (len(findings) == 0) != (action == Accept) {
		t.Fatal(err, findings)
	}
	if len(findings) == 0 {
		return
	}
	first := findings[0]
	if first.Clause != c.Field || uint64(first.Attribute) != c.Value || first.Offset != int(c.Offset) || !c.Says(first.Text) {
		t.Errorf("%+v", first)
	}
}

func TestBadInputs(t *testing.T) {
	badinputs.Of(t, 16, "frame", badFrame)
	badinputs.Of(t, 36, "update", badUpdate)
	badinputs.Of(t, 15, "open", func(t *testing.T, c *badinputs.Case) {
		open, err := ParseOpen(c.Bytes)
		if c.Status != "ok" {
			ends(t, c, err)
		} else if err != nil || uint64(open.AS) != c.Value || uint64(open.HoldTime) != c.Limit {
			t.Error(err, open)
		}
	})
	badinputs.Of(t, 4, "negotiate", func(t *testing.T, c *badinputs.Case) {
		// An OPEN's length stands behind its marker (RFC 4271 §4.1).
		length := int(c.Bytes[16])<<8 | int(c.Bytes[17])
		session, err := Negotiate(c.Bytes[:length], c.Bytes[length:])
		if c.Status != "ok" {
			ends(t, c, err)
		} else if err != nil || uint64(session.PeerAS) != c.Value || uint64(session.HoldTime) != c.Limit {
			t.Error(err, session)
		}
	})
	badinputs.Of(t, 2, "notification", func(t *testing.T, c *badinputs.Case) {
		reason, err := ParseNotification(c.Bytes)
		if c.Status != "ok" || err != nil || uint64(reason.Code) != c.Value || uint64(reason.Subcode) != c.Limit {
			t.Error(err, reason)
		}
	})
}
