package sig

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

const vectorMethod = "https://innov.bzh.example/actors/accelerateur#ed25519-1"

// vectorKey is the key of testdata/60-proof-create-note.json.
func vectorKey() ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("essaim example ed25519 accelerateur"))
	return ed25519.NewKeyFromSeed(seed[:])
}

func vectorPublic() ed25519.PublicKey { return vectorKey().Public().(ed25519.PublicKey) }

func vectorDocument(t testing.TB) []byte {
	t.Helper()
	doc, err := os.ReadFile("testdata/60-proof-create-note.json")
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// unproven is the vector without its proof, other bytes and order kept.
func unproven(t testing.TB) []byte {
	t.Helper()
	head, _, ok := bytes.Cut(vectorDocument(t), []byte(",\n  \"proof\""))
	if !ok {
		t.Fatal("the vector has no proof where it is expected")
	}
	return append(bytes.Clone(head), "\n}\n"...)
}

func TestProofVector(t *testing.T) {
	doc := vectorDocument(t)
	if err := VerifyProof(doc, vectorPublic()); err != nil {
		t.Fatal(err)
	}
	p, err := ParseProof(doc)
	if err != nil {
		t.Fatal(err)
	}
	const want = "06cd00ab6bc0315aa361e0d4a81409f2b01394166122db07aaa8c7ae8f56f856" +
		"c7fd884ad0775079065aeba86eea21c185a4c9ad2d4de085828fcfc7fa2a93bb"
	if got := hex.EncodeToString(p.hashes); got != want {
		t.Errorf("hashes\n%s\nwant\n%s", got, want)
	}
	if p.Method != vectorMethod || p.Actor != "https://innov.bzh.example/actors/accelerateur" || !p.Created.Equal(testNow) {
		t.Errorf("read %+v", p)
	}
	made, err := AddProof(unproven(t), PrivateKey{ID: vectorMethod, Key: vectorKey()}, testNow)
	if err != nil {
		t.Fatal(err)
	}
	const value = "z3tit7vSvkCPqZTPjPHxEtq9NWzbgY8DSghK2jndyb1ok4T9C9QcTPBFEitMaqp3Raz6UV6aZYXQRN84bWRKTuVW6"
	if !bytes.Contains(made, []byte(`"proofValue":"`+value+`"`)) {
		t.Errorf("made another value: %s", made)
	}
	if !sameDocument(t, made, doc) {
		t.Errorf("made another document: %s", made)
	}
	if err := VerifyProof(made, vectorPublic()); err != nil {
		t.Error(err)
	}
}

func sameDocument(t *testing.T, a, b []byte) bool {
	t.Helper()
	same, err := sameJSON(a, b)
	if err != nil {
		t.Fatal(err)
	}
	return same
}

func TestProofSurvives(t *testing.T) {
	doc := string(vectorDocument(t))
	for name, s := range map[string]string{
		"other white space":       strings.ReplaceAll(doc, "\n", "\r\n\t"),
		"an LD signature beside":  strings.Replace(doc, `"type": "Create"`, `"signature": {"type": "RsaSignature2017"}, "type": "Create"`, 1),
		"escapes":                 strings.Replace(doc, `"Create"`, `"\u0043reate"`, 1),
		"an escaped key":          strings.Replace(doc, `"published"`, `"publ\u0069shed"`, 1),
		"members in other places": strings.Replace(strings.Replace(doc, `"type": "Create",`, "", 1), `"actor"`, `"type":"Create","actor"`, 1),
	} {
		if s == doc {
			t.Fatalf("%s: nothing was changed", name)
		}
		if err := VerifyProof([]byte(s), vectorPublic()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestProofRefused(t *testing.T) {
	doc := string(vectorDocument(t))
	replace := func(old, with string) string {
		t.Helper()
		changed := strings.Replace(doc, old, with, 1)
		if changed == doc {
			t.Fatalf("%q is not in the vector", old)
		}
		return changed
	}
	needKey := []string{"content", "activity id", "audience", "date of the proof", "value", "value cut"}
	lastContext := strings.LastIndex(doc, `"https://www.w3.org/ns/activitystreams",`)
	for name, s := range map[string]string{
		"content":               replace("territoire", "terroir"),
		"activity id":           replace("activities/01JR3W7F", "activities/01JR3W7G"),
		"audience":              replace("#Public", "#Private"),
		"date of the proof":     replace(`"created": "2027-01-15T09:00:00Z"`, `"created": "2027-01-15T09:00:01Z"`),
		"no date":               replace(`"created": "2027-01-15T09:00:00Z"`, `"created": "today"`),
		"another actor":         replace(`"actor": "https://innov.bzh.example/actors/accelerateur"`, `"actor": "https://evil.example/actors/accelerateur"`),
		"actor of no text":      replace(`"actor": "https://innov.bzh.example/actors/accelerateur"`, `"actor": ["https://innov.bzh.example/actors/accelerateur"]`),
		"key elsewhere":         replace(vectorMethod, "https://evil.example/actors/accelerateur#ed25519-1"),
		"key on another port":   replace(vectorMethod, "https://innov.bzh.example:8443/actors/accelerateur#ed25519-1"),
		"key of no URL":         replace(vectorMethod, "did:key:z6MkiEQYvc8JZ7hdSjgZKd12pwwS4fXB1GywDtsjkRhXhoWe"),
		"purpose":               replace(`"assertionMethod"`, `"authentication"`),
		"suite":                 replace("eddsa-jcs-2022", "eddsa-rdfc-2022"),
		"type":                  replace("DataIntegrityProof", "RsaSignature2017"),
		"expiry":                replace(`"proofPurpose"`, `"expires":"2030-01-01T00:00:00Z","proofPurpose"`),
		"context of the proof":  doc[:lastContext] + doc[lastContext+len(`"https://www.w3.org/ns/activitystreams",`):],
		"value":                 replace("z3tit7v", "z4tit7v"),
		"value of another base": replace(`"z3tit7v`, `"u3tit7v`),
		"value cut":             replace(`VW6"`, `V"`),
		"endless value":         replace(`VW6"`, `VW6`+strings.Repeat("1", 1000)+`"`),
		"member repeated":       replace(`"type": "Create"`, `"actor": "https://evil.example/a", "type": "Create"`),
		"repeated further in":   replace(`"type": "Note"`, `"type": "Note", "type": "Event"`),
		"proof repeated":        replace(`"proof": {`, `"proof": {}, "proof": {`),
		"proof in an array":     strings.Replace(strings.TrimSuffix(strings.TrimSpace(doc), "}"), `"proof": {`, `"proof": [{`, 1) + "]}",
		"proof of no object":    `{"proof": 1}`,
		"not an object":         `[]`,
		"not JSON":              doc + "x",
		"empty":                 "",
		"not UTF-8":             replace("territoire", "territoire\xff"),
		"too deep":              replace(`"type": "Create"`, `"x": `+strings.Repeat("[", 40)+strings.Repeat("]", 40)+`, "type": "Create"`),
		"too many members":      replace(`"type": "Create"`, manyMembers(maxProofMembers)+`"type": "Create"`),
		"too large":             replace("territoire", strings.Repeat("territoire", 30000)),
	} {
		if err := VerifyProof([]byte(s), vectorPublic()); !errors.Is(err, ErrProof) {
			t.Errorf("%s: %v", name, err)
		}
		// All but changed content is refused for its own sake, before a key is looked for.
		_, err := ParseProof([]byte(s))
		if content := slices.Contains(needKey, name); content != (err == nil) {
			t.Errorf("%s: ParseProof says %v", name, err)
		}
	}
	for name, key := range map[string]ed25519.PublicKey{"nil": nil, "short": {1}, "another": otherEd25519.Public().(ed25519.PublicKey)} {
		if err := VerifyProof([]byte(doc), key); !errors.Is(err, ErrProof) {
			t.Errorf("key %s: %v", name, err)
		}
	}
	if err := (*Proof)(nil).Verify(vectorPublic()); !errors.Is(err, ErrProof) {
		t.Errorf("nil proof: %v", err)
	}
	if err := (&Proof{}).Verify(vectorPublic()); !errors.Is(err, ErrProof) {
		t.Errorf("empty proof: %v", err)
	}
	if _, err := ParseProof(unproven(t)); !errors.Is(err, ErrNoProof) || !errors.Is(err, ErrProof) {
		t.Errorf("no proof: %v", err)
	}
}

// manyMembers is n different members, comma included.
func manyMembers(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"x%d":1,`, i)
	}
	return b.String()
}

func TestAddProof(t *testing.T) {
	key := PrivateKey{ID: vectorMethod, Key: vectorKey()}
	doc := unproven(t)
	made, err := AddProof(doc, key, testNow.Add(500*time.Millisecond).In(time.FixedZone("", 3600)))
	if err != nil {
		t.Fatal(err)
	}
	if kept := bytes.TrimRight(doc, " \n}"); !bytes.HasPrefix(made, kept) || !json.Valid(made) {
		t.Errorf("the document was rewritten: %s", made)
	}
	if !bytes.Contains(made, []byte(`"created":"2027-01-15T09:00:00Z"`)) {
		t.Errorf("created is not in UTC seconds: %s", made)
	}
	withoutContext := []byte(`{"@context":"https://www.w3.org/ns/activitystreams","actor":"https://innov.bzh.example/actors/accelerateur"}`)
	for name, c := range map[string]struct {
		doc  []byte
		key  PrivateKey
		want error
	}{
		"signed already":      {made, key, ErrProof},
		"context of one text": {withoutContext, key, ErrProof},
		"RSA":                 {doc, PrivateKey{ID: vectorMethod, Key: testRSA()}, ErrKey},
		"no key":              {doc, PrivateKey{ID: vectorMethod}, ErrKey},
		"key elsewhere":       {doc, PrivateKey{ID: "https://peer.example/a#k", Key: vectorKey()}, ErrProof},
		"not JSON":            {[]byte("{"), key, ErrProof},
		"empty":               {nil, key, ErrProof},
	} {
		if got, err := AddProof(c.doc, c.key, testNow); !errors.Is(err, c.want) || got != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
