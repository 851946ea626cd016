package essaim

import (
	"time"

	"essaim/federation/vocab"
	"essaim/internal/i18n"
)

// Thing is an actor or an object of a kind we know, decoded. It is a value: nothing in it refers to the database.
type Thing interface {
	// Encode writes the content of the document, as it is stored and sent, without @context. Endpoints, keys and counters are not content:
	// they are added when a document is served (CompleteActor, CompleteEvent).
	Encode() *vocab.Object
	// Identify gives the thing what its author does not choose.
	Identify(Identity)
	// Validate says what a member must mend before publishing; what peers send is shown as far as it can be read.
	Validate() error
	// Clean rewrites every part that is HTML: the sanitiser is given from above.
	Clean(sanitise func(html string) string)
	// Columns is what queries need.
	Columns() Columns
	// Summary is what every surface can show, also those that do not know the kind.
	Summary(lang i18n.Lang) Summary
}

// Identity is what a thing gets when it is published here: its addresses, its author, its audience, its dates. Empty fields change nothing.
type Identity struct {
	ID, URL, AttributedTo string
	Handle                string // actors only
	To, CC                []string
	Context               string
	Language              string // used when the thing says none
	Published, Updated    time.Time
}

// Columns is what is extracted from a document for queries; the store keeps it beside the document and essaim reindex makes it again.
type Columns struct {
	Territories []string // keys as published; containment is expanded when stored
	Terms       []Term   // themes, tags, SDGs, publics
	Phase       string
	Language    string
	Starts      time.Time
	Ends        time.Time
	Lat, Lon    *float64
}

// Term is one entry of the terms table.
type Term struct{ Scheme, Key string }

// The schemes of terms.
const (
	TermTerritory = "territory"
	TermTag       = "tag"
	TermTheme     = "theme"
	TermSDG       = "sdg"
	TermPublic    = "public"
)

// Summary is a title, some HTML and what goes with it: enough for a timeline, a mail, a feed, the companion Note and a page of an unknown kind.
type Summary struct {
	Title string
	Lead  string // one line of plain text
	HTML  string // sanitised by whoever stored the document
	URL   string
	When  string // date and place, in words
	Image *vocab.Picture
}

// Kind is one entry of the vocabulary of Essaim.
type Kind struct {
	Name  string // stable code, stored
	Type  string // the ActivityStreams type a stranger understands (D2)
	Actor bool
	// Match recognises a document of this kind among those of its type.
	Match func(o *vocab.Object) bool
	// Decode reads a document tolerantly: a property of the wrong shape is absent.
	Decode func(o *vocab.Object) Thing
	// Announced kinds are announced by the instance actor when public (federation §10, A1).
	Announced bool
	// Companion kinds tell their publication by a Note, since peers drop or never see the thing itself.
	Companion bool
}

// Kinds is the whole vocabulary, most particular first: the first that matches a document is its kind.
var Kinds = []Kind{
	{Name: "instance", Type: vocab.Application, Actor: true, Match: isType(vocab.Application), Decode: decodeProfile(KindInstance)},
	{Name: "accelerator", Type: vocab.Organization, Actor: true, Match: marked(vocab.Organization, KindAccelerator), Decode: decodeProfile(KindAccelerator)},
	{Name: "project", Type: vocab.Group, Actor: true, Match: isProject, Decode: decodeProject, Companion: true},
	{Name: "organisation", Type: vocab.Organization, Actor: true, Match: isType(vocab.Organization, vocab.Group), Decode: decodeProfile(KindOrganisation)},
	{Name: "person", Type: vocab.Person, Actor: true, Match: isType(vocab.Person, vocab.Service), Decode: decodeProfile(KindPerson)},
	{Name: "event", Type: vocab.Event, Match: isType(vocab.Event), Decode: decodeEvent, Announced: true},
	{Name: "post", Type: vocab.Note, Match: isType(vocab.Note, vocab.Article, "Page", vocab.Question, "Video", "Audio", "Document"), Decode: decodePost},
}

// Names of the kinds that code refers to.
const (
	KindInstance     = "instance"
	KindAccelerator  = "accelerator"
	KindProject      = "project"
	KindOrganisation = "organisation"
	KindPerson       = "person"
	KindEvent        = "event"
	KindPost         = "post"
)

// markerTerm says which kind a Group or an Organization of ours is; strangers ignore it.
const markerTerm = "kind"

// KindOf recognises the kind of a document; ok is false for what we keep and do not show.
func KindOf(o *vocab.Object) (Kind, bool) {
	for _, k := range Kinds {
		if k.Match(o) {
			return k, true
		}
	}
	return Kind{}, false
}

// KindNamed finds a kind by its stable code.
func KindNamed(name string) (Kind, bool) {
	for _, k := range Kinds {
		if k.Name == name {
			return k, true
		}
	}
	return Kind{}, false
}

// Decode reads a document as a Thing of its kind; nil when no kind knows it.
func Decode(o *vocab.Object) Thing {
	if k, ok := KindOf(o); ok {
		return k.Decode(o)
	}
	return nil
}

func isType(types ...string) func(*vocab.Object) bool {
	return func(o *vocab.Object) bool {
		t := o.Type()
		for _, want := range types {
			if t == want {
				return true
			}
		}
		return false
	}
}

// marked wants the type too: a Note that calls itself an accelerator is a Note.
func marked(typ, name string) func(*vocab.Object) bool {
	return func(o *vocab.Object) bool { return o.Type() == typ && o.String(markerTerm) == name }
}
