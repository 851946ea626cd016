package sig

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	ourHost   = "innov.bzh.example"
	ourOrigin = "https://" + ourHost
	peerKeyID = "https://peer.example/actors/alice#main-key"
	// goldenTarget has an escaped letter, an escaped slash and a query with an escaped space (S18).
	goldenTarget = "/users/caf%C3%A9/a%2Fb/inbox?x=1%202"
)

var (
	testNow  = time.Date(2027, 1, 15, 9, 0, 0, 0, time.UTC)
	testBody = []byte(`{"type":"Create","actor":"https://peer.example/actors/alice"}`)

	testRSA      = sync.OnceValue(func() *rsa.PrivateKey { return mustRSA(rsaBits) })
	otherRSA     = sync.OnceValue(func() *rsa.PrivateKey { return mustRSA(rsaBits) })
	weakRSA      = sync.OnceValue(func() *rsa.PrivateKey { return mustRSA(1024) })
	testEd25519  = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize))
	otherEd25519 = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{2}, ed25519.SeedSize))
)

func mustRSA(bits int) *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	return key
}

func rsaKey() PrivateKey { return PrivateKey{ID: peerKeyID, Key: testRSA()} }
func edKey() PrivateKey {
	return PrivateKey{ID: "https://peer.example/actors/alice#ed25519", Key: testEd25519}
}

func testPolicy() Policy {
	return Policy{Host: func(h string) bool { return h == ourHost }, Origin: ourOrigin, Now: testNow}
}

// newRequest is a request about to be sent to us; a nil body makes it a GET.
func newRequest(t testing.TB, target string, body []byte) *http.Request {
	t.Helper()
	method := http.MethodGet
	if body != nil {
		method = http.MethodPost
	}
	req, err := http.NewRequest(method, ourOrigin+target, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/activity+json")
	}
	return req
}

// deliver writes the request as net/http puts it on the wire and reads it as a server does.
func deliver(t testing.TB, req *http.Request) *http.Request {
	t.Helper()
	if req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			t.Fatal(err)
		}
		req.Body = body // a retry reads it afresh
	}
	var wire bytes.Buffer
	if err := req.Write(&wire); err != nil {
		t.Fatal(err)
	}
	got, err := http.ReadRequest(bufio.NewReader(&wire))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// signed is newRequest, Sign and deliver.
func signed(t testing.TB, target string, body []byte, key PrivateKey, family Family) *http.Request {
	t.Helper()
	req := newRequest(t, target, body)
	if err := Sign(req, body, key, family, testNow); err != nil {
		t.Fatal(err)
	}
	return deliver(t, req)
}

// stranger is a peer with its own, independent way of making draft-cavage signatures, so that the tests do not judge
// the package by itself. The zero value signs a correct POST.
type stranger struct {
	method, target, host string
	signTarget           string // when it differs from target
	date                 string
	names                string
	digest               string // "-" for none
	keyID, algorithm     string
	extra                string // more parameters
	created, expires     int64
	key                  crypto.Signer
	hash                 crypto.Hash
	body                 []byte
}

// request signs and returns the request as a server would see it.
func (s stranger) request(t testing.TB) *http.Request {
	t.Helper()
	def := func(p *string, v string) {
		if *p == "" {
			*p = v
		}
	}
	def(&s.method, "POST")
	def(&s.target, "/inbox")
	def(&s.signTarget, s.target)
	def(&s.host, ourHost)
	def(&s.date, testNow.Format(http.TimeFormat))
	def(&s.names, "(request-target) host date digest content-type")
	def(&s.keyID, peerKeyID)
	if s.body == nil && s.method == "POST" {
		s.body = testBody
	}
	sum := sha256.Sum256(s.body)
	def(&s.digest, "SHA-256="+base64.StdEncoding.EncodeToString(sum[:]))
	if s.key == nil {
		s.key = testRSA()
	}
	if s.hash == 0 {
		s.hash = crypto.SHA256
	}

	req := httptest.NewRequest(s.method, s.target, bytes.NewReader(s.body))
	req.Host = s.host
	req.Header.Set("Date", s.date)
	req.Header.Set("Content-Type", "application/activity+json")
	if s.digest != "-" {
		req.Header.Set("Digest", s.digest)
	}
	var lines []string
	for _, name := range strings.Fields(s.names) {
		value := req.Header.Get(textproto.CanonicalMIMEHeaderKey(name))
		switch name {
		case "(request-target)":
			value = strings.ToLower(s.method) + " " + s.signTarget
		case "(created)":
			value = fmt.Sprint(s.created)
		case "(expires)":
			value = fmt.Sprint(s.expires)
		case "host":
			value = s.host
		}
		lines = append(lines, name+": "+value)
	}
	signature := strangerSign(t, s.key, s.hash, strings.Join(lines, "\n"))
	header := fmt.Sprintf(`keyId="%s",headers="%s",signature="%s"`, s.keyID, s.names, base64.StdEncoding.EncodeToString(signature))
	if s.algorithm != "" {
		header += fmt.Sprintf(`,algorithm="%s"`, s.algorithm)
	}
	if s.created != 0 {
		header += fmt.Sprintf(`,created=%d`, s.created)
	}
	if s.expires != 0 {
		header += fmt.Sprintf(`,expires=%d`, s.expires)
	}
	req.Header.Set("Signature", header+s.extra)
	return req
}

func strangerSign(t testing.TB, key crypto.Signer, hash crypto.Hash, text string) []byte {
	t.Helper()
	message := []byte(text)
	if _, ok := key.(ed25519.PrivateKey); ok {
		hash = 0
	} else {
		h := hash.New()
		h.Write(message)
		message = h.Sum(nil)
	}
	signature, err := key.Sign(nil, message, hash)
	if err != nil {
		t.Fatal(err)
	}
	return signature
}

// judge runs both steps as an inbox does.
func judge(t testing.TB, req *http.Request, body []byte, p Policy, key crypto.PublicKey) error {
	t.Helper()
	r, err := Parse(req, body, p)
	if err != nil {
		if r != nil {
			t.Error("Parse returned a value beside its error")
		}
		return err
	}
	return r.Verify(key)
}

// wantStatus checks that err is an *Error of the status, 0 meaning success.
func wantStatus(t testing.TB, err error, status int) {
	t.Helper()
	var e *Error
	switch {
	case status == 0 && err != nil:
		t.Errorf("refused: %v", err)
	case status == 0:
	case err == nil:
		t.Errorf("accepted, want %d", status)
	case !errors.As(err, &e):
		t.Errorf("%v is a %T, want *Error", err, err)
	case e.Status != status:
		t.Errorf("%v, want %d", err, status)
	case e.Reason == "":
		t.Error("no reason given")
	}
}

func readBody(t testing.TB, req *http.Request) []byte {
	t.Helper()
	body, err := io.ReadAll(req.Body)
	if err != nil {
		t.Fatal(err)
	}
	return body
}
