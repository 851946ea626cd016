package vocab_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"essaim/federation/vocab"
)

// TestGetters reads one property of awkward shapes with each getter that has a meaning for it.
func TestGetters(t *testing.T) {
	type want struct {
		str, iri, link, scalar string
		strs, iris             []string
		objects, items         int
	}
	for doc, w := range map[string]want{
		`"x"`:                                    {str: "x", iri: "x", scalar: "x", strs: []string{"x"}, iris: []string{"x"}, items: 1},
		`""`:                                     {strs: []string{""}, items: 1},
		`["", "x"]`:                              {str: "", iri: "x", strs: []string{"", "x"}, iris: []string{"x"}, items: 2},
		`[12, "x"]`:                              {str: "x", iri: "x", strs: []string{"x"}, iris: []string{"x"}, items: 1},
		`{"id":"i"}`:                             {iri: "i", iris: []string{"i"}, objects: 1, items: 1},
		`{"name":""}`:                            {objects: 1, items: 1},
		`[{"id":"i"},"x",{"id":""}]`:             {str: "x", iri: "i", strs: []string{"x"}, iris: []string{"i", "x"}, objects: 2, items: 3},
		`[["x"],"y"]`:                            {str: "y", iri: "y", strs: []string{"y"}, iris: []string{"y"}, items: 1},
		`[null, "x"]`:                            {str: "x", iri: "x", strs: []string{"x"}, iris: []string{"x"}, items: 1},
		`12`:                                     {scalar: "12"},
		`1.50`:                                   {scalar: "1.50"},
		`true`:                                   {scalar: "true"},
		`[]`:                                     {},
		`{}`:                                     {objects: 1, items: 1},
		`{"id":{"id":"x"}}`:                      {objects: 1, items: 1},
		`{"href":"https://a.example/1"}`:         {link: "https://a.example/1", objects: 1, items: 1},
		`{"id":"i","url":"https://a.example/2"}`: {iri: "i", iris: []string{"i"}, link: "https://a.example/2", objects: 1, items: 1},
		`"https://a.example/3"`:                  {str: "https://a.example/3", iri: "https://a.example/3", scalar: "https://a.example/3", link: "https://a.example/3", strs: []string{"https://a.example/3"}, iris: []string{"https://a.example/3"}, items: 1},
		`[{"type":"Link","mediaType":"application/x-mpegURL","href":"https://a.example/v"},{"type":"Link","mediaType":"text/html","href":"https://a.example/w"}]`: {link: "https://a.example/w", objects: 2, items: 2},
		`["javascript:x","https://a.example/4"]`: {str: "javascript:x", iri: "javascript:x", link: "https://a.example/4", strs: []string{"javascript:x", "https://a.example/4"}, iris: []string{"javascript:x", "https://a.example/4"}, items: 2},
	} {
		o := parse(t, `{"p":`+doc+`}`)
		got := want{o.String("p"), o.IRI("p"), o.Link("p"), o.Scalar("p"), o.Strings("p"), o.IRIs("p"), len(o.Objects("p")), len(o.Items("p"))}
		if len(got.iris) == 0 {
			got.iris = nil
		}
		if len(got.strs) == 0 {
			got.strs = nil
		}
		if !reflect.DeepEqual(got, w) {
			t.Errorf("%s\n got %+v\nwant %+v", doc, got, w)
		}
		if !o.Has("p") || o.Has("P") {
			t.Errorf("Has(%s)", doc)
		}
	}
	o := parse(t, `{"@context":"x","a":null,"b":1}`)
	if o.Has("a") || !reflect.DeepEqual(o.Keys(), []string{"b"}) {
		t.Errorf("null counts as there: %v", o.Keys())
	}
	if o.Item("a") != (vocab.Item{}) || !o.Item("a").Zero() || o.Item("a").Type() != "" {
		t.Error("an absent item is not empty")
	}
}

func TestText(t *testing.T) {
	for doc, want := range map[string][2]string{
		`{"name":"n"}`:                                        {"n", ""},
		`{"name":"n","nameMap":{"fr":"autre"}}`:               {"n", "fr"},
		`{"nameMap":{"fr":"nom","en":"name"}}`:                {"nom", "fr"},
		`{"nameMap":{"fr":12,"en":"name"}}`:                   {"name", "en"},
		`{"nameMap":{"@none":"n"}}`:                           {"n", ""},
		`{"name":"n","nameMap":{"und":"n"}}`:                  {"n", ""},
		`{"name":"n","nameMap":{"pt-BR":"n"}}`:                {"n", "pt-BR"},
		`{"name":"n","nameMap":{"<b>":"n"}}`:                  {"n", ""},
		`{"name":"n","nameMap":["fr"]}`:                       {"n", ""},
		`{"name":{"fr":"n"}}`:                                 {"", ""},
		`{"name":["n","m"],"nameMap":{"fr":"x"}}`:             {"n", "fr"},
		`{"nameMap":{}}`:                                      {"", ""},
		`{"nameMap":{"` + strings.Repeat("x", 36) + `":"n"}}`: {"n", ""},
	} {
		text, lang := parse(t, doc).Text("name")
		if got := [2]string{text, lang}; got != want {
			t.Errorf("Text of %s = %q, want %q", doc, got, want)
		}
	}
}

func TestTimes(t *testing.T) {
	for in, want := range map[string]string{
		`"2027-03-12T18:00:00+01:00"`:     "2027-03-12T18:00:00+01:00",
		`"2027-03-12T18:00:00Z"`:          "2027-03-12T18:00:00Z",
		`"2027-03-12T18:00:00.123456Z"`:   "2027-03-12T18:00:00.123456Z",
		`"2027-03-12T18:00:00"`:           "2027-03-12T18:00:00Z",
		`"2027-03-12T18:00+01:00"`:        "2027-03-12T18:00:00+01:00",
		`"2027-03-12T18:00"`:              "2027-03-12T18:00:00Z",
		`"2027-03-12"`:                    "2027-03-12T00:00:00Z",
		`["2027-03-12T18:00:00Z","x"]`:    "2027-03-12T18:00:00Z",
		`1804442400`:                      "",
		`"12/03/2027"`:                    "",
		`"2027-02-30T00:00:00Z"`:          "",
		`"2027-03-12T25:00:00Z"`:          "",
		`{"@value":"2027-03-12T18:00"}`:   "",
		`"2027-03-12T18:00:00.123456Z  "`: "",
	} {
		got := ""
		if v := parse(t, `{"published":`+in+`}`).Time("published"); !v.IsZero() {
			got = v.Format(time.RFC3339Nano)
		}
		if got != want {
			t.Errorf("Time(%s) = %q, want %q", in, got, want)
		}
	}
}

func TestEscapes(t *testing.T) {
	for in, want := range map[string]string{
		`"\u00e9\u20ac"`:        "é€",
		`"\ud83d\ude00"`:        "😀",
		`"\ud83d"`:              "\uFFFD",
		`"\ud83dx"`:             "\uFFFDx",
		`"\ud83d\u0041"`:        "\uFFFDA",
		`"\ude00\ud83d"`:        "\uFFFD\uFFFD",
		`"a\"\\\/\b\f\n\r\tz"`:  "a\"\\/\b\f\n\r\tz",
		`"\u003cscript\u003E"`:  "<script>",
		`"déjà vu"`:             "déjà vu",
		`"\u2028\u007f"`:        "\u2028\u007f",
		`"début \u00e9 et fin"`: "début é et fin",
	} {
		o := parse(t, `{"name":`+in+`}`)
		if got := o.String("name"); got != want {
			t.Errorf("%s = %q, want %q", in, got, want)
		}
		if got := parse(t, string(o.Document())).String("name"); got != want {
			t.Errorf("%s written and read = %q, want %q", in, got, want)
		}
	}
	if doc := string(vocab.New("Note", "").SetString("content", "<p>a & b</p>").SetString("name", "\xff").Bytes()); doc != `{"type":"Note","content":"<p>a & b</p>","name":"`+"\uFFFD"+`"}` {
		t.Errorf("written as %s", doc)
	}
}

func TestReadParts(t *testing.T) {
	o := parse(t, `{"tag":["#communs","x y","https://a.example/t",{"type":"Hashtag","name":"#Eau","href":"https://a.example/tags/eau"},{"type":["Hashtag"],"name":" ##Air"},
		{"type":"Hashtag","name":"#"},{"type":"Mention","href":"https://a.example/u","name":"@u"},{"type":"Mention","href":"mailto:u@a.example"},{"type":"Emoji","name":":x:"},12],
		"attachment":[{"type":"Document","mediaType":"image/png","url":"https://a.example/1.png","name":"un"},{"type":"Document","mediaType":"application/pdf","url":"https://a.example/2.pdf"},
		{"type":"Image","url":[{"type":"Link","href":"https://a.example/3.jpg"}],"summary":"trois","width":30,"height":20},{"type":"Link","mediaType":"image/webp","href":"https://a.example/4.webp"},
		{"type":"PropertyValue","name":"Site","value":"x"},{"type":"PropertyValue","propertyID":"mz:x","value":true},"https://a.example/5.jpg"],
		"image":[{"type":"Image","url":"https://a.example/1.png"},"https://a.example/6.jpg",{"url":"https://a.example/7.jpg"},{"type":"Video","url":"https://a.example/8.mp4"}]}`)
	tags, mentions := vocab.ReadTags(o)
	if want := []vocab.Tag{{Type: "Hashtag", Name: "communs"}, {Type: "Hashtag", Name: "Eau", Href: "https://a.example/tags/eau"}, {Type: "Hashtag", Name: "Air"}}; !reflect.DeepEqual(tags, want) {
		t.Errorf("tags %+v, want %+v", tags, want)
	}
	if want := []vocab.Tag{{Type: "Mention", Name: "@u", Href: "https://a.example/u"}}; !reflect.DeepEqual(mentions, want) {
		t.Errorf("mentions %+v, want %+v", mentions, want)
	}
	want := []vocab.Picture{{URL: "https://a.example/1.png", MediaType: "image/png", Alt: "un"}, {URL: "https://a.example/3.jpg", Alt: "trois", Width: 30, Height: 20},
		{URL: "https://a.example/4.webp", MediaType: "image/webp"}, {URL: "https://a.example/6.jpg"}, {URL: "https://a.example/7.jpg"}}
	if pics := vocab.ReadPictures(o); !reflect.DeepEqual(pics, want) {
		t.Errorf("pictures %+v\nwant %+v", pics, want)
	}
	if got, want := vocab.ReadProperties(o), []vocab.Property{{Name: "Site", Value: "x"}, {ID: "mz:x", Value: "true"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("properties %+v, want %+v", got, want)
	}
	many := func(one string, n int) string { return strings.TrimSuffix(strings.Repeat(one+",", n), ",") }
	o = parse(t, `{"tag":[`+many(`{"type":"Mention","href":"https://a.example/u"}`, 200)+`,`+many(`"t"`, 200)+`],"attachment":[`+many(`{"type":"PropertyValue","value":"x"}`, 99)+`]}`)
	tags, mentions = vocab.ReadTags(o)
	if len(tags) != 30 || len(mentions) != 50 || len(vocab.ReadProperties(o)) != 50 {
		t.Errorf("kept %d tags, %d mentions, %d properties; want 30, 50, 50 (S37)", len(tags), len(mentions), len(vocab.ReadProperties(o)))
	}
}

func TestReadActor(t *testing.T) {
	a := vocab.ReadActor(parse(t, string(example(t, "02-accelerator-organization.json"))))
	id := bzh + "/actors/accelerateur"
	if a == nil || a.ID != id || a.Handle != "accelerateur" || a.Inbox != id+"/inbox" || a.SharedInbox != bzh+"/inbox" || a.Webfinger != "accelerateur@innov.bzh.example" || !a.Discoverable || a.ManuallyApproves {
		t.Fatalf("read %+v", a)
	}
	if len(a.Keys) != 2 || a.Keys[0].ID != id+"#main-key" || !strings.Contains(a.Keys[0].PEM, "BEGIN PUBLIC KEY") || a.Keys[1].Multibase[:4] != "z6Mk" || a.Keys[1].Owner != id {
		t.Errorf("keys %+v", a.Keys)
	}
	if !reflect.DeepEqual(a.Implements, []string{vocab.RFC9421}) {
		t.Errorf("implements %v", a.Implements)
	}
	many := `{"type":"Service","id":"https://a.example/u","inbox":"https://a.example/in","publicKey":[` + strings.Repeat(`{"id":"k","publicKeyPem":"p"},`, 30) + `{}],"implements":["https://x.example/1"]}`
	if a := vocab.ReadActor(parse(t, many)); len(a.Keys) != 10 || a.Implements[0] != "https://x.example/1" {
		t.Errorf("%d keys, implements %v", len(a.Keys), a.Implements)
	}
	for _, doc := range []string{`{}`, `{"type":"Person"}`, `{"type":"Person","id":"https://a.example/u"}`, `{"type":"Note","id":"https://a.example/u","inbox":"https://a.example/in"}`,
		`{"type":"Person","id":12,"inbox":"https://a.example/in"}`, `{"type":"Person","id":"did:key:z1","inbox":"https://a.example/in"}`} {
		if a := vocab.ReadActor(parse(t, doc)); a != nil {
			t.Errorf("%s read as an actor", doc)
		}
	}
	key, ok := vocab.ReadKeyDocument(parse(t, `{"id":"https://a.example/u#k","controller":"https://a.example/u","publicKeyMultibase":"z6Mk"}`))
	if !ok || key.Owner != "https://a.example/u" {
		t.Errorf("key document %+v %v", key, ok)
	}
	if _, ok := vocab.ReadKeyDocument(parse(t, `{"id":"https://a.example/u#k","publicKeyPem":"p"}`)); ok {
		t.Error("a key without an owner was read")
	}
}

func TestReadActivity(t *testing.T) {
	a := vocab.ReadActivity(parse(t, `{"type":["x","Flag"],"id":"https://a.example/1","actor":[{"id":"https://a.example/u"},"https://b.example/u"],"object":["https://c.example/u",{"id":"https://c.example/n","type":"Note"}],
		"to":"as:Public","cc":[{"id":"https://c.example/u"},"Public"],"audience":"https://c.example/g","bto":["https://d.example/u"],"content":"raison"}`))
	if a == nil || a.Type != "Flag" || a.Actor != "https://a.example/u" || len(a.Objects) != 2 || a.Object.ID != "https://c.example/u" || a.Objects[1].Type() != "Note" {
		t.Fatalf("read %+v", a)
	}
	if want := []string{vocab.Public, "https://c.example/g", "https://c.example/u", "https://d.example/u"}; !reflect.DeepEqual(a.Recipients(), want) {
		t.Errorf("recipients %v, want %v", a.Recipients(), want)
	}
	if strings.Contains(string(a.Document().Document()), "d.example") {
		t.Error("bto was written (AP §6)")
	}
	for _, doc := range []string{`{}`, `{"type":"Note"}`, `{"type":"Question"}`, `{"type":"create"}`, `{"type":"Activity"}`} {
		if vocab.ReadActivity(parse(t, doc)) != nil {
			t.Errorf("%s read as an activity", doc)
		}
	}
	if vocab.ReadActivity(nil) != nil || vocab.ReadActor(nil) != nil {
		t.Error("nothing was read as something")
	}
}
