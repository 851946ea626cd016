package vocab_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"essaim/federation/vocab"
)

// refuses and accepts run one guard of Parse over many documents.
func refuses(t *testing.T, docs map[string]string) {
	t.Helper()
	for name, doc := range docs {
		if _, err := vocab.Parse([]byte(doc)); !errors.Is(err, vocab.ErrMalformed) {
			t.Errorf("%s: err = %v, want ErrMalformed", name, err)
		}
	}
}

func accepts(t *testing.T, docs map[string]string) {
	t.Helper()
	for name, doc := range docs {
		if _, err := vocab.Parse([]byte(doc)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSec_S27(t *testing.T) {
	var wide strings.Builder
	for i := range 40 {
		fmt.Fprintf(&wide, `"k%d":%d,`, i, i)
	}
	refuses(t, map[string]string{
		"twice at the top":            `{"actor":"https://a.example/1","actor":"https://b.example/2"}`,
		"twice deep":                  `{"object":{"tag":[{"href":"x","href":"y"}]}}`,
		"another case":                `{"actor":"https://a.example/1","ACTOR":"https://b.example/2"}`,
		"another case below":          `{"object":{"attributedTo":"a","attributedto":"b"}}`,
		"escaped the second time":     `{"actor":"a","\u0061ctor":"b"}`,
		"the first one null":          `{"actor":null,"actor":"b"}`,
		"long s folds to s":           `{"cursor":"a","cur` + "ſ" + `or":"b"}`,
		"Kelvin sign folds to k":      `{"kind":"a","` + "\u212a" + `ind":"b"}`,
		"context twice":               `{"@context":"a","@context":"b"}`,
		"context in capitals":         `{"@context":"a","@CONTEXT":"b"}`,
		"twice inside the context":    `{"@context":{"toot":"a","toot":"b"}}`,
		"wide, exact":                 `{` + wide.String() + `"k3":0}`,
		"wide, another case":          `{` + wide.String() + `"K3":0}`,
		"wide, Kelvin sign":           `{` + wide.String() + `"` + "\u212a" + `3":0}`,
		"wide, both beyond the first": `{` + wide.String() + `"straſse":0,"STRASSE":1}`,
	})
	accepts(t, map[string]string{
		"the same key in two objects": `{"id":"a","object":{"id":"b"},"tag":[{"id":"c"},{"id":"d"}]}`,
		"case means something there":  `{"@context":{"event":"x","Event":"y"}}`,
		"wide and all different":      `{` + wide.String() + `"id":"a"}`,
	})
}

func TestSec_S28(t *testing.T) {
	nest := func(n int) string {
		return strings.Repeat(`{"object":`, n-1) + `{}` + strings.Repeat(`}`, n-1)
	}
	lists := func(n int) string { return `{"a":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + `}` }
	array := func(n int) string { return `{"a":[` + strings.TrimSuffix(strings.Repeat("1,", n), ",") + `]}` }
	tokens := func(n int) string { // 2 brackets, then a key, two brackets and 999 numbers at a time, then a key and a value
		doc := strings.Builder{}
		doc.WriteByte('{')
		left := n - 2
		for i := 0; left > 1002; i++ {
			fmt.Fprintf(&doc, `"k%d":[%s],`, i, strings.TrimSuffix(strings.Repeat("1,", 999), ","))
			left -= 1002
		}
		fmt.Fprintf(&doc, `"last":[%s]}`, strings.TrimSuffix(strings.Repeat("1,", left-3), ","))
		return doc.String()
	}
	refuses(t, map[string]string{
		"33 objects deep":            nest(33),
		"33 levels with arrays":      lists(33),
		"deep inside the context":    `{"@context":` + nest(32) + `}`,
		"1,000 nested":               nest(1000),
		"10,001 tokens":              tokens(10_001),
		"tokens inside the context":  `{"@context":` + tokens(10_000) + `}`,
		"string of 200,001 bytes":    `{"content":"` + strings.Repeat("x", 200_001) + `"}`,
		"escapes that make 200,001":  `{"content":"\n` + strings.Repeat("x", 200_000) + `"}`,
		"key of 200,001 bytes":       `{"` + strings.Repeat("x", 200_001) + `":1}`,
		"array of 1,001":             array(1001),
		"array of 1,001 nulls":       `{"a":[` + strings.Repeat("null,", 1000) + `null]}`,
		"not UTF-8":                  "{\"name\":\"\xff\"}",
		"half a UTF-8 character":     "{\"name\":\"\xc3\"}",
		"NUL by escape":              `{"name":"a\u0000b"}`,
		"NUL in a key":               `{"a\u0000b":1}`,
		"NUL raw":                    "{\"name\":\"a\x00b\"}",
		"number of 33 digits":        `{"totalItems":` + strings.Repeat("9", 33) + `}`,
		"larger than 1 MiB":          `{"a":"` + strings.Repeat(`x`, 10) + `"}` + strings.Repeat(" ", vocab.MaxBody),
		"nothing":                    ``,
		"a list":                     `[]`,
		"a string":                   `"x"`,
		"two documents":              `{}{}`,
		"text behind":                `{} x`,
		"unfinished":                 `{"a":`,
		"unfinished string":          `{"a":"b`,
		"unfinished escape":          `{"a":"\`,
		"unfinished code":            `{"a":"\u12"}`,
		"comma at the end":           `{"a":1,}`,
		"comma at the start":         `{,"a":1}`,
		"comma at the end of a list": `{"a":[1,]}`,
		"no comma":                   `{"a":1 "b":2}`,
		"no colon":                   `{"a" 1}`,
		"bare key":                   `{a:1}`,
		"single quotes":              `{'a':1}`,
		"comment":                    `{"a":1/**/}`,
		"byte order mark":            "\ufeff{}",
		"control character":          "{\"a\":\"\x01\"}",
		"unknown escape":             `{"a":"\x41"}`,
		"NaN":                        `{"a":NaN}`,
		"infinity":                   `{"a":-Infinity}`,
		"plus sign":                  `{"a":+1}`,
		"leading zero":               `{"a":01}`,
		"no digit before the point":  `{"a":.5}`,
		"no digit after the point":   `{"a":1.}`,
		"no digit in the exponent":   `{"a":1e}`,
		"a minus alone":              `{"a":-}`,
		"hexadecimal":                `{"a":0x10}`,
		"another word":               `{"a":nul}`,
		"brackets crossed":           `{"a":[1}`,
	})
	accepts(t, map[string]string{
		"32 objects deep":     nest(32),
		"32 levels in arrays": lists(32),
		"10,000 tokens":       tokens(10_000),
		"200,000 bytes":       `{"content":"` + strings.Repeat("x", 200_000) + `"}`,
		"array of 1,000":      array(1000),
		"white space":         " \t\r\n{ \"a\" : [ 1 , -0.5e+3 ] , \"b\" : null }\n",
		"empty":               `{}`,
	})
}

func TestSec_S29(t *testing.T) {
	docs := make(map[string]string)
	for _, word := range []string{"@graph", "@included", "@reverse", "@id", "@type", "@set", "@list"} {
		docs[word+" at the top"] = fmt.Sprintf(`{"type":"Note",%q:"https://evil.example/1"}`, word)
		docs[word+" below"] = fmt.Sprintf(`{"type":"Create","object":[{"type":"Note",%q:[]}]}`, word)
		docs[word+" in capitals"] = fmt.Sprintf(`{"type":"Note",%q:1}`, strings.ToUpper(word))
		docs[word+" escaped"] = fmt.Sprintf(`{"\u0040%s":1}`, word[1:])
	}
	docs["@Context"] = `{"@Context":"https://www.w3.org/ns/activitystreams","type":"Note"}`
	refuses(t, docs)
	accepts(t, map[string]string{
		"keywords inside the context": `{"@context":[{"a":{"@id":"x:a","@type":"@id","@container":"@set","@reverse":"y"}}],"type":"Note"}`,
		"a context that lies":         `{"@context":{"type":"x:y","actor":"@graph"},"type":"Note"}`,
	})
	// The context decides nothing: a term it renames is read under its own name.
	o := parse(t, `{"@context":{"name":"as:content"},"type":"Note","name":"n","content":"c"}`)
	if o.String("name") != "n" || o.String("content") != "c" {
		t.Error("the context changed what a property means")
	}
}

// TestSec_S30 reads every property as everything it is not.
func TestSec_S30(t *testing.T) {
	for _, val := range []string{`null`, `true`, `12`, `-0.5`, `1e999`, `"x"`, `""`, `{}`, `[]`, `[[]]`, `[null]`, `[[["x"]]]`, `{"id":12}`, `{"id":{"id":"x"}}`,
		`[{"type":[1,2]}]`, `{"type":{},"url":[{}],"href":1}`, `{"fr":1}`, `{"first":{"first":{}}}`} {
		for _, key := range []string{"id", "type", "actor", "object", "to", "tag", "attachment", "image", "url", "name", "nameMap", "content", "contentMap", "published",
			"latitude", "totalItems", "publicKey", "assertionMethod", "endpoints", "generator", "inbox", "implements", "value", "sensitive", "icon"} {
			o := parse(t, fmt.Sprintf(`{"type":"Person","id":"https://a.example/x","inbox":"https://a.example/in",%q:%s}`, "x-"+key, val))
			readAll(o, "x-"+key)
			doc := fmt.Sprintf(`{%q:%s}`, key, val)
			readAll(parse(t, doc), key)
		}
	}
	var none *vocab.Object
	readAll(none, "object")
	if none.Has("a") || none.Raw() != nil || none.Clone() != nil || none.ID() != "" || none.Keys() != nil {
		t.Error("a nil object is not empty")
	}
	if string(none.Bytes()) != "null" {
		t.Error("a nil object is not null")
	}
}

// readAll calls every getter, and every reader, on one property.
func readAll(o *vocab.Object, key string) {
	o.ID()
	o.Type()
	o.Types()
	o.Has(key)
	o.String(key)
	o.Scalar(key)
	o.Strings(key)
	o.Text(key)
	o.IRI(key)
	o.IRIs(key)
	o.Link(key)
	o.Object(key).Object(key).String(key)
	o.Objects(key)
	o.Items(key)
	_ = o.Item(key).Type() + o.Item(key).ID
	o.Time(key)
	o.Int(key)
	o.Float(key)
	o.Bool(key)
	vocab.ReadActor(o)
	vocab.ReadActivity(o)
	vocab.ReadKeyDocument(o)
	vocab.ReadTags(o)
	vocab.ReadPictures(o)
	vocab.ReadProperties(o)
	vocab.Addresses(o, key)
}

func TestSec_S31(t *testing.T) {
	long := "https://a.example/" + strings.Repeat("x", 2048-len("https://a.example/"))
	for _, good := range []string{"https://a.example", "http://a", "HTTPS://A.example/x", "https://a.example:8443/x?y=1#z", "http://127.0.0.1:8080/a", "http://[::1]:1/a",
		"https://a.example/é", "https://a.example/a(b)'c", long} {
		if got := parse(t, fmt.Sprintf(`{"url":%q}`, good)).Link("url"); got != good {
			t.Errorf("Link(%q) = %q", good, got)
		}
	}
	for _, bad := range []string{"", "x", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.example", "/\\evil.example", `https:\\evil.example`,
		`https://a.example\@evil.example/`, "https:evil.example", "https:///evil.example", "https://", "https://:443/", "https://user:pw@a.example/", "https://a.example@evil.example/",
		"ftp://a.example/", "file:///etc/passwd", "vbscript:x", "https://a.example/ x", "https://a.example/\t", "https://a.example/\nx", " https://a.example/",
		"https://a.example/<script>", `https://a.example/"onclick=`, "https://a.example/%zz", "https://[::1", "https://a.example:port/", "https://\u0000a.example", long + "x"} {
		if strings.Contains(bad, "\x00") {
			continue // never passes Parse (S28)
		}
		doc := vocab.New("Note", "").SetString("url", bad).SetString("href", bad)
		if got := doc.Link("url"); got != "" {
			t.Errorf("Link(%q) = %q, want it dropped", bad, got)
		}
		inner := vocab.New("Link", "").SetString("href", bad)
		if got := vocab.New("Note", "").SetObjects("url", inner).Link("url"); got != "" {
			t.Errorf("href %q = %q, want it dropped", bad, got)
		}
		if pics := vocab.ReadPictures(vocab.New("Note", "").SetObjects("image", vocab.New("Image", "").SetString("url", bad))); len(pics) != 0 {
			t.Errorf("picture %q was kept", bad)
		}
		actor := vocab.New("Person", "https://a.example/u").SetString("inbox", "https://a.example/in").SetString("outbox", bad).SetString("movedTo", bad).SetStrings("alsoKnownAs", bad).
			SetObject("endpoints", vocab.New("", "").SetString("sharedInbox", bad))
		if a := vocab.ReadActor(actor); a.Outbox+a.MovedTo+a.SharedInbox != "" || len(a.AlsoKnownAs) != 0 {
			t.Errorf("%q was kept in an actor: %+v", bad, a)
		}
		if a := vocab.ReadActor(actor.Clone().SetString("inbox", bad)); a != nil {
			t.Errorf("an actor with inbox %q was read", bad)
		}
	}
}

// TestSec_S47 is the part of S47 that needs no clock: dates out of all reason are absent, numbers that are no numbers too.
func TestSec_S47(t *testing.T) {
	for in, there := range map[string]bool{"2027-03-12T18:00:00+01:00": true, "1970-01-02T00:00:00Z": true, "1969-12-31T00:00:00Z": false, "2201-01-01T00:00:00Z": false,
		"9999-12-31T23:59:59Z": false, "0000-00-00T00:00:00Z": false, "2027-13-01T00:00:00Z": false, "tomorrow": false, "": false, strings.Repeat("2", 50): false} {
		if got := vocab.New("Note", "").SetString("published", in).Time("published"); got.IsZero() == there {
			t.Errorf("Time(%q) = %v", in, got)
		}
	}
	for in, there := range map[string]bool{`12`: true, `"12"`: true, `1e2`: true, `12.0`: true, `12.5`: false, `1e400`: false, `1e30`: false, `"NaN"`: false, `"Inf"`: false, `"0x10"`: false, `true`: false} {
		if n, ok := parse(t, `{"totalItems":`+in+`}`).Int("totalItems"); ok != there {
			t.Errorf("Int(%s) = %d, %v", in, n, ok)
		}
	}
}
