package vocab_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"essaim/federation/vocab"
)

func seeds(f *testing.F) {
	for _, name := range exampleNames(f) {
		f.Add(example(f, name))
	}
	for _, doc := range []string{mastodonNote, `{"duration":""}`, `{"type":"Create","object":{"type":"Note","duration":""}}`, `{"object":{"object":{"object":{}}}}`, `{"a":[[[]]]}`, `{}`, `{"a":null}`,
		`{"a":"\ud83d\ude00\ud83d\n\u0000"}`, `{"a":-0.5e+10,"A":1}`, `{"@context":{"a":null,"A":[1,{"@id":"x"}]},"type":["Project","Group"]}`, `{"id":"x"}{}`, "{\"\xff\":1}"} {
		f.Add([]byte(doc))
	}
}

// FuzzParse holds Parse against encoding/json: what it accepts is valid JSON, with the same keys and values.
func FuzzParse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		o, err := vocab.Parse(raw)
		if err != nil {
			if o != nil || !errors.Is(err, vocab.ErrMalformed) {
				t.Fatalf("Parse = %v, %v", o, err)
			}
			return
		}
		if !json.Valid(raw) {
			t.Fatalf("accepted what is not JSON: %q", raw)
		}
		if !bytes.Equal(o.Raw(), raw) {
			t.Fatal("the bytes changed")
		}
		want := jsonMap(t, raw)
		delete(want, "@context")
		got := jsonMap(t, o.Clone().Remove("@context").Bytes())
		if a, b := withoutNulls(got), withoutNulls(want); !reflect.DeepEqual(a, b) {
			t.Fatalf("read as %v, encoding/json reads %v", a, b)
		}
		for _, key := range o.Keys() {
			readAll(o, key)
		}
	})
}

// withoutNulls also takes away the contexts of parts, which we do not write.
func withoutNulls(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			if e == nil || k == "@context" {
				delete(v, k)
			} else {
				v[k] = withoutNulls(e)
			}
		}
		return v
	case []any:
		out := []any{}
		for _, e := range v {
			if e != nil {
				out = append(out, withoutNulls(e))
			}
		}
		return out
	}
	return v
}

func FuzzReadActor(f *testing.F) {
	seeds(f)
	f.Add([]byte(`{"type":"Person","id":"https://a.example/u","inbox":"https://a.example/in","publicKey":[{"id":[1],"owner":{}}],"endpoints":[{"sharedInbox":[{}]}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		o, err := vocab.Parse(raw)
		if err != nil {
			return
		}
		if a := vocab.ReadActor(o); a != nil && (!vocab.IsActor(a.Type) || a.ID == "" || a.Inbox == "" || len(a.Keys) > 20) {
			t.Fatalf("read %+v", a)
		}
		if a := vocab.ReadActivity(o); a != nil {
			if !vocab.IsActivity(a.Type) {
				t.Fatalf("read %+v", a)
			}
			if _, err := vocab.Parse(a.Document().Document()); err != nil && len(raw) < 100_000 {
				t.Fatalf("what we write we do not read: %v", err)
			}
		}
	})
}

func FuzzCheckCore(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		o, err := vocab.Parse(raw)
		if err != nil {
			return
		}
		if err := vocab.CheckCore(o); err != nil && !errors.Is(err, vocab.ErrMalformed) && !errors.Is(err, vocab.ErrNotCore) {
			t.Fatalf("an error of no kind: %v", err)
		}
	})
}

// FuzzRoundTrip: writing and reading again changes nothing that a getter tells.
func FuzzRoundTrip(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		o, err := vocab.Parse(raw)
		if err != nil {
			return
		}
		for _, written := range [][]byte{o.Clone().Bytes(), o.Document()} {
			back, err := vocab.Parse(written)
			if err != nil {
				if len(written) > len(raw)/2 && len(raw) > 9000 {
					continue // our @context, or escapes, went over a limit
				}
				t.Fatalf("what we write we do not read: %v\n%s", err, written)
			}
			if back.ID() != o.ID() || !reflect.DeepEqual(back.Types(), o.Types()) || !reflect.DeepEqual(back.Keys(), o.Keys()) {
				t.Fatalf("%s\nbecame\n%s", raw, written)
			}
			for _, key := range o.Keys() {
				same(t, key, o, back)
			}
		}
	})
}

func same(t *testing.T, key string, a, b *vocab.Object) {
	textA, langA := a.Text(key)
	textB, langB := b.Text(key)
	fA, okA := a.Float(key)
	fB, okB := b.Float(key)
	boolA, isA := a.Bool(key)
	boolB, isB := b.Bool(key)
	if a.String(key) != b.String(key) || a.Scalar(key) != b.Scalar(key) || textA != textB || langA != langB || a.Link(key) != b.Link(key) || !a.Time(key).Equal(b.Time(key)) ||
		fA != fB || okA != okB || boolA != boolB || isA != isB || !reflect.DeepEqual(a.Strings(key), b.Strings(key)) || !reflect.DeepEqual(a.IRIs(key), b.IRIs(key)) || len(a.Items(key)) != len(b.Items(key)) {
		t.Fatalf("property %q changed: %s became %s", key, a.Bytes(), b.Bytes())
	}
}
