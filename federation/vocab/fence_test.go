package vocab_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"essaim/federation/vocab"
)

// TestFence_G12: the one known panic of go-fed/activity comes back as an error, wherever it hides.
func TestFence_G12(t *testing.T) {
	for _, doc := range []string{
		`{"type":"Note","id":"https://a.example/1","duration":""}`,
		`{"type":"Create","id":"https://a.example/1","actor":"https://a.example/u","object":{"type":"Note","duration":""}}`,
		`{"type":"Note","tag":[{"type":"Mention"},{"type":"Note","attachment":{"type":"Video","duration":""}}]}`,
	} {
		if err := vocab.CheckCore(parse(t, doc)); !errors.Is(err, vocab.ErrMalformed) {
			t.Errorf("CheckCore(%s) = %v, want ErrMalformed", doc, err)
		}
	}
	if err := vocab.CheckCore(nil); err == nil {
		t.Error("nothing at all passes")
	}
}

// TestFence_G13: what is too large or too deep never reaches the library, and is refused cheaply.
func TestFence_G13(t *testing.T) {
	nested := func(n int) string {
		return strings.Repeat(`{"type":"Create","object":`, n-1) + `{"type":"Note"}` + strings.Repeat(`}`, n-1)
	}
	bomb := []byte(nested(1000))
	if _, err := vocab.Parse(bomb); !errors.Is(err, vocab.ErrMalformed) {
		t.Fatalf("1,000 nested Creates: %v", err)
	}
	r := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = vocab.Parse(bomb)
		}
	})
	if r.AllocedBytesPerOp() >= 1<<20 {
		t.Errorf("refusing 1,000 nested Creates allocates %d bytes, want less than 1 MB", r.AllocedBytesPerOp())
	}
	if err := vocab.CheckCore(parse(t, nested(16))); err != nil {
		t.Errorf("16 levels: %v", err)
	}
	if err := vocab.CheckCore(parse(t, nested(17))); !errors.Is(err, vocab.ErrNotCore) {
		t.Errorf("17 levels: %v, want ErrNotCore", err)
	}
	deepList := `{"type":"Note","tag":` + strings.Repeat("[", 16) + strings.Repeat("]", 16) + `}`
	if err := vocab.CheckCore(parse(t, deepList)); !errors.Is(err, vocab.ErrNotCore) {
		t.Errorf("16 nested lists: %v, want ErrNotCore", err)
	}
	large := func(n int) string {
		part := `,"content%d":"` + strings.Repeat("x", 60_000) + `"`
		doc := `{"type":"Note"`
		for i := range n {
			doc += fmt.Sprintf(part, i)
		}
		return doc + `}`
	}
	if err := vocab.CheckCore(parse(t, large(4))); err != nil {
		t.Errorf("240 kB: %v", err)
	}
	if err := vocab.CheckCore(parse(t, large(5))); !errors.Is(err, vocab.ErrNotCore) {
		t.Errorf("300 kB: %v, want ErrNotCore", err)
	}
}

// TestFence_G14: authority is read under exact names by us, and a type that the library does not know still reaches the dispatcher.
func TestFence_G14(t *testing.T) {
	if _, err := vocab.Parse([]byte(`{"type":"Create","actor":"https://good.example/u","ACTOR":"https://evil.example/u"}`)); !errors.Is(err, vocab.ErrMalformed) {
		t.Errorf("ACTOR beside actor: %v", err)
	}
	if a := vocab.ReadActivity(parse(t, `{"type":"Create","ACTOR":"https://evil.example/u","Id":"https://evil.example/1"}`)); a.Actor != "" || a.ID != "" {
		t.Errorf("names in another case were read: %+v", a)
	}
	for _, typ := range []string{"Proposal", "QuoteRequest", "Replication"} {
		o := parse(t, fmt.Sprintf(`{"type":%q,"id":"https://a.example/1"}`, typ))
		if o.Type() != typ {
			t.Errorf("Type() = %q, want %q", o.Type(), typ)
		}
		if err := vocab.CheckCore(o); !errors.Is(err, vocab.ErrNotCore) {
			t.Errorf("CheckCore(%s) = %v, want ErrNotCore", typ, err)
		}
	}
}

// TestFence_G15: the bytes received are the bytes kept, until somebody changes the document or a part of it.
func TestFence_G15(t *testing.T) {
	raw := example(t, "14-proposal.json")
	o := parse(t, string(raw))
	if err := vocab.CheckCore(o); err != nil {
		t.Fatalf("Create of a Proposal: %v", err)
	}
	if !bytes.Equal(o.Bytes(), raw) || !bytes.Equal(o.Raw(), raw) {
		t.Error("the received bytes changed")
	}
	o.Object("object").SetString("name", "Autre titre")
	if o.Raw() != nil || bytes.Contains(o.Bytes(), []byte("Cherche : 3 jours")) {
		t.Error("a change of a part left the received bytes in place")
	}
	if got := parse(t, string(o.Bytes())).Object("object").Object("publishes").Object("resourceQuantity").String("hasNumericalValue"); got != "3" {
		t.Errorf("a property unknown to the library became %q", got)
	}
	if !bytes.Contains(o.Bytes(), []byte(`"vf:Proposal"`)) || !bytes.Contains(o.Bytes(), []byte(`48.0`)) {
		t.Error("the context or the decimal point was lost")
	}
}

// TestFence_G16: a document without a context is read, by us and by the library.
func TestFence_G16(t *testing.T) {
	for _, doc := range []string{`{"type":"Note","content":"x"}`, `{"@context":null,"type":"Note","content":"x"}`} {
		if err := vocab.CheckCore(parse(t, doc)); err != nil {
			t.Errorf("CheckCore(%s) = %v", doc, err)
		}
	}
}

// TestFence_G17: what we write again from what we read is each of our examples: same content, same context, arrays as arrays, decimal points, no
// nulls. The library reads all of them.
func TestFence_G17(t *testing.T) {
	for _, name := range exampleNames(t) {
		raw := example(t, name)
		o := parse(t, string(raw))
		if o.Type() == "" || !o.Has("@context") || name >= "50" {
			continue // JRD and NodeInfo; shapes of others
		}
		t.Run(name, func(t *testing.T) {
			out := o.Document()
			sameDocument(t, out, raw)
			if bytes.Contains(raw, []byte("48.0")) && !bytes.Contains(out, []byte("48.0")) {
				t.Error("a coordinate lost its decimal point")
			}
			if bytes.Contains(out, []byte("null")) {
				t.Error("null was written")
			}
			again := parse(t, string(out))
			if err := vocab.CheckCore(again); err != nil && !(errors.Is(err, vocab.ErrNotCore) && name == "49-quote-authorization.json") {
				t.Errorf("CheckCore: %v", err)
			}
		})
	}
}

// TestFence_G18: of several types the first that the vocabulary knows is the type; the others stay as data.
func TestFence_G18(t *testing.T) {
	for doc, want := range map[string]string{
		`{"type":["Project","Group"]}`:           "Group",
		`{"type":["Group","Project"]}`:           "Group",
		`{"type":["schema:Event","Event"]}`:      "Event",
		`{"type":["Proposal","Intent"]}`:         "Proposal",
		`{"type":["https://x.example/A"]}`:       "https://x.example/A",
		`{"type":[12,{"a":"Note"},"Announce"]}`:  "Announce",
		`{"type":[]}`:                            "",
		`{"type":{"id":"Note"}}`:                 "",
		`{}`:                                     "",
		`{"type":["Person","Service","Object"]}`: "Person",
	} {
		o := parse(t, doc)
		if got := o.Type(); got != want {
			t.Errorf("Type of %s = %q, want %q", doc, got, want)
		}
		if !bytes.Equal(o.Bytes(), []byte(doc)) {
			t.Errorf("%s lost a type", doc)
		}
	}
	o := parse(t, `{"type":["Project","Group"],"id":"https://a.example/1"}`)
	o.SetString("name", "x")
	var m map[string]any
	if err := json.Unmarshal(o.Bytes(), &m); err != nil || len(m["type"].([]any)) != 2 {
		t.Errorf("types after a change: %v %v", m["type"], err)
	}
	if err := vocab.CheckCore(o); err != nil {
		t.Errorf("CheckCore of two types: %v", err)
	}
}
