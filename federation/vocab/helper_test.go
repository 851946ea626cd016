package vocab_test

import (
	"os"
	"path/filepath"
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
