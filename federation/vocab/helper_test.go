package vocab_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"testing"

	"essaim/federation/vocab"
)

func parse(t testing.TB, doc string) *vocab.Object {
	t.Helper()
	o, err := vocab.Parse([]byte(doc))
	if err != nil {
		t.Fatalf("Parse: %v\n%s", err, doc)
	}
	return o
}

// example reads one of the documents of testdata/examples: 01 to 49 and 60 are what we send, serve or receive, 50 to 56 shapes of others.
func example(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "examples", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func exampleNames(t testing.TB) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join("testdata", "examples"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if len(names) < 57 {
		t.Fatalf("%d examples, want all 57", len(names))
	}
	return names
}

// sameDocument compares two documents as JSON values; of @context, the remote contexts in order and each definition of the inline one. Empty
// arrays and absent ones are the same, since we leave out what is empty.
func sameDocument(t testing.TB, got, want []byte) {
	t.Helper()
	g, w := jsonMap(t, got), jsonMap(t, want)
	remoteG, inlineG := splitContext(g["@context"])
	remoteW, inlineW := splitContext(w["@context"])
	if !reflect.DeepEqual(remoteG, remoteW) {
		t.Errorf("contexts %v, want %v", remoteG, remoteW)
	}
	diff(t, "@context", inlineG, inlineW)
	delete(g, "@context")
	delete(w, "@context")
	diff(t, "", g, w)
}

func splitContext(v any) (remote []any, inline map[string]any) {
	inline = map[string]any{}
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	for _, c := range list {
		if m, ok := c.(map[string]any); ok {
			inline = m
		} else {
			remote = append(remote, c)
		}
	}
	return remote, inline
}

// diff names each place where two JSON values differ.
func diff(t testing.TB, path string, got, want any) {
	t.Helper()
	g, okG := got.(map[string]any)
	w, okW := want.(map[string]any)
	if okG && okW {
		for k := range w {
			if _, ok := g[k]; !ok && !reflect.DeepEqual(w[k], []any{}) {
				t.Errorf("%s/%s is missing, want %v", path, k, w[k])
			}
		}
		for k := range g {
			if _, ok := w[k]; !ok {
				t.Errorf("%s/%s = %v, want nothing", path, k, g[k])
			} else {
				diff(t, path+"/"+k, g[k], w[k])
			}
		}
		return
	}
	listG, okG := got.([]any)
	listW, okW := want.([]any)
	if okG && okW && len(listG) == len(listW) {
		for i := range listG {
			diff(t, path+"/"+strconv.Itoa(i), listG[i], listW[i])
		}
		return
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s = %v, want %v", path, got, want)
	}
}

func jsonMap(t testing.TB, doc []byte) map[string]any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	var m map[string]any
	if err := d.Decode(&m); err != nil {
		t.Fatalf("%v in %s", err, doc)
	}
	return m
}
