package vocab_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"essaim/federation/vocab"
)

func TestNumbersWritten(t *testing.T) {
	for v, want := range map[float64][2]string{ // SetNumber, SetDecimal
		48:        {"48", "48.0"},
		-4.1028:   {"-4.1028", "-4.1028"},
		0:         {"0", "0.0"},
		1e21:      {"1e+21", "1.0e+21"},
		1e300:     {"1e+300", "1.0e+300"},
		5e-324:    {"5e-324", "5.0e-324"},
		1.5e-7:    {"1.5e-07", "1.5e-07"},
		2_500_000: {"2500000", "2500000.0"},
	} {
		o := vocab.New("Place", "").SetNumber("n", v).SetDecimal("d", v)
		if n, d := o.Scalar("n"), o.Scalar("d"); n != want[0] || d != want[1] {
			t.Errorf("%v is written %s and %s, want %v", v, n, d, want)
		}
		back := parse(t, string(o.Document()))
		n, _ := back.Float("n")
		d, _ := back.Float("d")
		if n != v || d != v {
			t.Errorf("%v is read as %v and %v", v, n, d)
		}
	}
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if o := vocab.New("Place", "").SetNumber("n", 1).SetNumber("n", v).SetDecimal("d", v); o.Has("n") || o.Has("d") {
			t.Errorf("%v was written: %s", v, o.Bytes())
		}
	}
}

func TestNothingIsWrittenForNothing(t *testing.T) {
	o := vocab.New("Note", "").SetString("a", "x").SetStrings("b", "x").SetText("name", "fr", "x").SetTime("published", time.Unix(1, 0)).SetObject("d", vocab.New("Image", "")).
		SetItem("object", vocab.Item{ID: "x"}).SetDate("e", time.Unix(1, 0)).SetLocalTime("f", time.Unix(1, 0)).SetObjects("g", vocab.New("Image", ""))
	o.SetString("a", "").SetStrings("b", "", "").SetText("name", "fr", "").SetTime("published", time.Time{}).SetObject("d", nil).SetItem("object", vocab.Item{}).
		SetDate("e", time.Time{}).SetLocalTime("f", time.Time{}).SetObjects("g")
	if got := string(o.Bytes()); got != `{"type":"Note"}` {
		t.Errorf("left over: %s", got)
	}
	if got := string(o.SetStrings("to", "", "x", "").SetEmpty("items").Bytes()); got != `{"type":"Note","to":["x"],"items":[]}` {
		t.Errorf("written: %s", got)
	}
	o = parse(t, `{"type":"Note","name":null,"tag":[null]}`).SetBool("sensitive", false)
	if got := string(o.Bytes()); got != `{"type":"Note","tag":[],"sensitive":false}` {
		t.Errorf("nulls written: %s", got)
	}
}

func TestDates(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Skip("no zones on this machine")
	}
	at := time.Date(2027, 3, 12, 18, 0, 0, 123, paris)
	o := vocab.New("Event", "").SetTime("published", at).SetLocalTime("startTime", at).SetDate("date", at)
	if o.String("published") != "2027-03-12T17:00:00Z" || o.String("startTime") != "2027-03-12T18:00:00+01:00" || o.String("date") != "2027-03-12" {
		t.Errorf("written %s", o.Bytes())
	}
}

func TestCloneAndRaw(t *testing.T) {
	raw := []byte(`{"type":"Note", "id":"https://a.example/1", "object":{"tag":[{"name":"x"}]}}`)
	o := parse(t, string(raw))
	c := o.Clone().SetString("name", "n")
	if string(o.Bytes()) != string(raw) || o.Has("name") || c.Raw() != nil {
		t.Error("a clone changed its original")
	}
	for name, change := range map[string]func(*vocab.Object){
		"top":     func(o *vocab.Object) { o.SetBool("sensitive", true) },
		"part":    func(o *vocab.Object) { o.Object("object").SetString("name", "n") },
		"deep":    func(o *vocab.Object) { o.Object("object").Object("tag").Remove("name") },
		"removed": func(o *vocab.Object) { o.Remove("id") },
	} {
		o := parse(t, string(raw))
		if change(o); o.Raw() != nil || string(o.Bytes()) == string(raw) {
			t.Errorf("%s: the change is not in the bytes", name)
		}
	}
	if b, err := json.Marshal(map[string]any{"a": vocab.New("Note", ""), "b": (*vocab.Object)(nil)}); err != nil || string(b) != `{"a":{"type":"Note"},"b":null}` {
		t.Errorf("marshalled %s, %v", b, err)
	}
}

// TestContext: every term is defined, no more than those, and what an extension needs is drawn in.
func TestContext(t *testing.T) {
	for name, tc := range map[string]struct {
		o    *vocab.Object
		want string
	}{
		"core only":      {vocab.New("Note", "https://a.example/1").SetText("content", "fr", "x"), `"https://www.w3.org/ns/activitystreams"`},
		"our own":        {vocab.New("Replication", "").SetString("mode", "adapt"), `["https://www.w3.org/ns/activitystreams",{"essaim":"https://w3id.org/essaim/ns#","Replication":"essaim:Replication","mode":"essaim:mode"}]`},
		"a value":        {vocab.New("Event", "").SetString("eventStatus", "EventCancelled"), `["https://www.w3.org/ns/activitystreams",{"ev":"https://w3id.org/fep/8a8e/","EventCancelled":"ev:EventCancelled","eventStatus":{"@id":"ev:eventStatus","@type":"@vocab"}}]`},
		"of AS itself":   {vocab.New("Note", "").SetBool("sensitive", true), `["https://www.w3.org/ns/activitystreams",{"sensitive":"as:sensitive"}]`},
		"a compact IRI":  {vocab.New("Note", "").SetString("ical:status", "x").SetString("a b", "x").SetString("", "x"), `"https://www.w3.org/ns/activitystreams"`},
		"an IRI as type": {vocab.New("https://schema.org/Event", ""), `"https://www.w3.org/ns/activitystreams"`},
		"a key":          {vocab.New("Person", "").SetObject("publicKey", vocab.New("", "k").SetString("owner", "o").SetString("publicKeyPem", "p")), `["https://www.w3.org/ns/activitystreams","https://w3id.org/security/v1"]`},
		"in a list":      {vocab.New("Note", "").SetObjects("tag", vocab.New("Hashtag", "")), `["https://www.w3.org/ns/activitystreams",{"Hashtag":"as:Hashtag"}]`},
		"languages":      {vocab.New("Note", "").SetText("summary", "br", "x"), `"https://www.w3.org/ns/activitystreams"`},
	} {
		doc := string(tc.o.Document())
		if !strings.HasPrefix(doc, `{"@context":`+tc.want+`,`) {
			t.Errorf("%s: %s\nwant %s", name, doc, tc.want)
		}
		parse(t, doc)
	}
	o := parse(t, `{"@context":{"mode":"https://evil.example/"},"type":"Note","object":{"@context":"https://evil.example/","type":"Note"}}`)
	if doc := string(o.Document()); strings.Contains(doc, "evil") {
		t.Errorf("a context that we did not write went out: %s", doc)
	}
}

func TestTypes(t *testing.T) {
	for iri, want := range map[string]bool{vocab.Public: true, "as:Public": true, "Public": true, "public": false, "": false, "https://a.example/Public": false} {
		if vocab.IsPublic(iri) != want {
			t.Errorf("IsPublic(%q) = %v", iri, !want)
		}
	}
	if !vocab.IsActor("Organization") || vocab.IsActor("Note") || !vocab.IsActivity("TentativeAccept") || vocab.IsActivity("Question") {
		t.Error("types")
	}
}
