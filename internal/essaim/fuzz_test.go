package essaim

import (
	"os"
	"path/filepath"
	"testing"

	"essaim/federation/vocab"
	"essaim/internal/i18n"
)

// FuzzDecodeThing: whatever passes the guards can be recognised, read, filed, shown and written, and what is written can be read.
func FuzzDecodeThing(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("..", "..", "federation", "vocab", "testdata", "examples", "*.json"))
	if err != nil || len(files) < 57 {
		f.Fatalf("%d examples, %v", len(files), err)
	}
	for _, name := range files {
		doc, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(doc)
		if object := parse(f, doc).Object("object"); object != nil {
			f.Add(object.Bytes())
		}
	}
	for _, doc := range []string{`{"type":"Event","startTime":"2027-01-01T00:00:00Z","timezone":"Local","location":[{"address":[{"url":[{"type":"VirtualLocation"}]}]}]}`,
		`{"type":"Group","phase":"idea","costs":{},"lessons":[],"partners":[{}],"indicators":[{"value":1e300}],"attachment":[{"type":"Link","href":"https://a.example/"}]}`,
		`{"type":["x","Note"],"contentMap":{"fr":1},"tag":[[]],"attachment":{"type":"Image","url":{}}}`, `{"type":"Service","icon":[[]],"image":"x"}`, `{"type":"Organization","kind":"accelerator","missions":{}}`} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		o, err := vocab.Parse(raw)
		if err != nil {
			return
		}
		for _, doc := range []*vocab.Object{o, o.Object("object")} {
			exercise(t, doc)
		}
	})
}

func exercise(t *testing.T, o *vocab.Object) {
	kind, known := KindOf(o)
	thing := Decode(o)
	if known != (thing != nil) {
		t.Fatalf("kind %q decoded as %T", kind.Name, thing)
	}
	if thing == nil {
		return
	}
	thing.Columns()
	for _, lang := range i18n.Langs {
		thing.Summary(lang)
	}
	if e, ok := thing.(*Event); ok {
		e.When(i18n.FR)
		if line := e.Line(i18n.EN); line == "" || len([]rune(line)) > maxLine {
			t.Fatalf("Line = %q", line)
		}
	}
	if p, ok := thing.(*Project); ok {
		p.LastStep()
		p.Succeed(&Project{}, o.Time("updated"), "")
	}
	_ = thing.Validate()
	thing.Clean(func(html string) string { return html })
	written := thing.Encode()
	if kind.Actor {
		written = ActorStub(CompleteActor(written, testSite, ActorKeys{RSAID: "k", RSAPEM: "p"}))
	} else {
		written = CompleteEvent(written, EventCounters{Participants: 3})
	}
	back, err := vocab.Parse(written.Document())
	if err != nil {
		if len(o.Bytes()) > 9000 {
			return // near a limit, which what we add goes over
		}
		t.Fatalf("what we write we do not read: %v\n%s", err, written.Document())
	}
	if k, _ := KindOf(back); k.Name != kind.Name && kind.Name != KindAccelerator && kind.Name != KindProject && kind.Type == back.Type() {
		t.Fatalf("a %s became a %s", kind.Name, k.Name)
	}
}
