package vocab

import "time"

// Activity is who did what to what, for whom (AP §3, AS §2.2). The embedded object, when there is one, is in Object.Doc.
type Activity struct {
	ID, Type, Actor         string
	Object                  Item   // the first object
	Objects                 []Item // all of them: a Flag names several
	Target, Origin, Result  Item
	To, CC, BTo, BCC        []string // Public in its full form
	Published               time.Time
	Content, Reason, Name   string // a Flag's reason, a Reject's, a vote's option
	InReplyTo, AttributedTo string
	Doc                     *Object // as received; nil for one made here
}

// ReadActivity reads an activity tolerantly. It answers nil when the type is not one of an activity; whether id and actor are acceptable is
// for the caller to decide, with the signer at hand.
func ReadActivity(o *Object) *Activity {
	if !IsActivity(o.Type()) {
		return nil
	}
	a := &Activity{
		ID: o.ID(), Type: o.Type(), Actor: o.IRI("actor"), Objects: o.Items("object"),
		Target: o.Item("target"), Origin: o.Item("origin"), Result: o.Item("result"),
		To: Addresses(o, "to"), CC: Addresses(o, "cc"), BTo: Addresses(o, "bto"), BCC: Addresses(o, "bcc"),
		Published: o.Time("published"), Content: o.String("content"), Reason: o.String("reason"), Name: o.String("name"),
		InReplyTo: o.IRI("inReplyTo"), AttributedTo: o.IRI("attributedTo"), Doc: o,
	}
	a.To = append(a.To, Addresses(o, "audience")...)
	if len(a.Objects) > 0 {
		a.Object = a.Objects[0]
	}
	return a
}

// Addresses reads an addressing property, with Public in its full form whatever form it had (AP §5.6).
func Addresses(o *Object, key string) []string {
	iris := o.IRIs(key)
	for i, iri := range iris {
		if IsPublic(iri) {
			iris[i] = Public
		}
	}
	return iris
}

// Document makes the wire form. bto and bcc are never part of it (AP §6).
func (a *Activity) Document() *Object {
	o := New(a.Type, a.ID).SetString("actor", a.Actor).SetTime("published", a.Published)
	o.SetStrings("to", a.To...).SetStrings("cc", a.CC...)
	o.SetString("content", a.Content).SetString("reason", a.Reason)
	switch {
	case len(a.Objects) > 1:
		o.SetItems("object", a.Objects...)
	case a.Object.Zero() && len(a.Objects) == 1:
		o.SetItem("object", a.Objects[0])
	default:
		o.SetItem("object", a.Object)
	}
	return o.SetItem("target", a.Target).SetItem("origin", a.Origin).SetItem("result", a.Result)
}

// Recipients returns every address of the activity once, in order.
func (a *Activity) Recipients() []string {
	seen := make(map[string]bool)
	var out []string
	for _, group := range [][]string{a.To, a.CC, a.BTo, a.BCC} {
		for _, iri := range group {
			if iri != "" && !seen[iri] {
				seen[iri] = true
				out = append(out, iri)
			}
		}
	}
	return out
}
