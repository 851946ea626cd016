// Package oracle holds federation/sig against an independent implementation of RFC 9421 (G11). It is a module of its
// own because that implementation brings many dependencies; run it with `go test` in this folder.
package oracle

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/yaronf/httpsign"

	"essaim/federation/sig"
)

const (
	origin = "https://innov.bzh.example"
	target = "/users/caf%C3%A9/a%2Fb/inbox?x=1%202"
	keyID  = "https://peer.example/actors/alice#main-key"
)

var body = []byte(`{"type":"Create"}`)

type party struct {
	name     string
	key      crypto.Signer
	signer   func(*httpsign.SignConfig, httpsign.Fields) (*httpsign.Signer, error)
	verifier func(*httpsign.VerifyConfig, httpsign.Fields) (*httpsign.Verifier, error)
}

func parties(t *testing.T) []party {
	t.Helper()
	rsaKey, err := sig.GenerateRSA(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	edKey, err := sig.GenerateEd25519(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return []party{
		{
			"rsa-v1_5-sha256", rsaKey,
			func(c *httpsign.SignConfig, f httpsign.Fields) (*httpsign.Signer, error) {
				return httpsign.NewRSASigner(*rsaKey, c, f)
			},
			func(c *httpsign.VerifyConfig, f httpsign.Fields) (*httpsign.Verifier, error) {
				return httpsign.NewRSAVerifier(*rsaKey.Public().(*rsa.PublicKey), c, f)
			},
		},
		{
			"ed25519", edKey,
			func(c *httpsign.SignConfig, f httpsign.Fields) (*httpsign.Signer, error) {
				return httpsign.NewEd25519Signer(edKey, c, f)
			},
			func(c *httpsign.VerifyConfig, f httpsign.Fields) (*httpsign.Verifier, error) {
				return httpsign.NewEd25519Verifier(edKey.Public().(ed25519.PublicKey), c, f)
			},
		},
	}
}

// newRequest is a POST, or a GET without content.
func newRequest(t *testing.T, content []byte) *http.Request {
	t.Helper()
	method := http.MethodGet
	if content != nil {
		method = http.MethodPost
	}
	req, err := http.NewRequest(method, origin+target, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	if content != nil {
		req.Header.Set("Content-Type", "application/activity+json")
	}
	return req
}

// arrive is the request as a server sees it, with the absolute URL the oracle needs.
func arrive(req *http.Request, content []byte) *http.Request {
	got := httptest.NewRequest(req.Method, target, bytes.NewReader(content))
	got.Host = req.URL.Host
	got.Header = req.Header.Clone()
	got.URL = &url.URL{Scheme: "https", Host: req.URL.Host, Path: req.URL.Path, RawPath: req.URL.RawPath, RawQuery: req.URL.RawQuery}
	return got
}

func fields(content []byte) httpsign.Fields {
	names := []string{"@method", "@target-uri", "@authority"}
	if content != nil {
		names = append(names, "content-digest", "content-type")
	}
	return httpsign.Headers(names...)
}

func TestOracle(t *testing.T) {
	now := time.Now()
	for _, p := range parties(t) {
		for _, content := range [][]byte{body, nil} {
			name := p.name + " GET"
			if content != nil {
				name = p.name + " POST"
			}
			t.Run(name+", we sign", func(t *testing.T) {
				req := newRequest(t, content)
				if err := sig.Sign(req, content, sig.PrivateKey{ID: keyID, Key: p.key}, sig.RFC9421, now); err != nil {
					t.Fatal(err)
				}
				verifier, err := p.verifier(httpsign.NewVerifyConfig().SetKeyID(keyID).SetAllowedAlgs([]string{p.name}), fields(content))
				if err != nil {
					t.Fatal(err)
				}
				got := arrive(req, content)
				if err := httpsign.VerifyRequest("sig1", *verifier, got); err != nil {
					t.Error(err)
				}
				if content != nil {
					reader := io.NopCloser(bytes.NewReader(content))
					if err := httpsign.ValidateContentDigestHeader(got.Header.Values("Content-Digest"), &reader, []string{httpsign.DigestSha256}); err != nil {
						t.Error(err)
					}
				}
				got.Method = http.MethodPut
				if httpsign.VerifyRequest("sig1", *verifier, got) == nil {
					t.Error("the oracle accepts anything")
				}
			})
			t.Run(name+", the oracle signs", func(t *testing.T) {
				req := newRequest(t, content)
				if content != nil {
					reader := io.NopCloser(bytes.NewReader(content))
					digest, err := httpsign.GenerateContentDigestHeader(&reader, []string{httpsign.DigestSha256})
					if err != nil {
						t.Fatal(err)
					}
					req.Header.Set("Content-Digest", digest)
				}
				signer, err := p.signer(httpsign.NewSignConfig().SignAlg(true).SetKeyID(keyID), fields(content))
				if err != nil {
					t.Fatal(err)
				}
				input, signature, err := httpsign.SignRequest("theirs", *signer, req)
				if err != nil {
					t.Fatal(err)
				}
				req.Header.Set("Signature-Input", input)
				req.Header.Set("Signature", signature)
				received, err := sig.Parse(arrive(req, content), content, sig.Policy{Origin: origin, Now: now})
				if err != nil {
					t.Fatal(err)
				}
				if received.KeyID != keyID || received.Family != sig.RFC9421 {
					t.Errorf("read %+v", received)
				}
				if err := received.Verify(p.key.Public()); err != nil {
					t.Error(err)
				}
			})
		}
	}
}
