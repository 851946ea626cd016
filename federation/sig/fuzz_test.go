package sig

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
)

func FuzzSignatureHeader(f *testing.F) {
	good := stranger{}.request(f).Header.Get("Signature")
	for _, s := range []string{
		good, strings.ReplaceAll(good, `",`, "\" , "), good + `,keyId="x"`, good + `,created=1800003600`, "", ",", `a="`, `keyId=`, `headers="(created)"`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h, err := parseCavageHeader(s)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Status != 400 {
				t.Fatalf("%v is not a 400", err)
			}
		} else {
			if checkKeyID(h.keyID) != nil || len(h.names) == 0 || len(h.signature) == 0 {
				t.Fatalf("accepted %+v", h)
			}
			back, err := parseCavageHeader(strings.Replace(h.canonical(), `"k"`, `"https://a.example/k"`, 1))
			if err != nil || !bytes.Equal(back.signature, h.signature) || strings.Join(back.names, " ") != strings.Join(h.names, " ") {
				t.Fatalf("%q is not canonical: %v", h.canonical(), err)
			}
		}
		req := stranger{}.request(t)
		req.Header.Set("Signature", s)
		if s != good && judge(t, req, testBody, testPolicy(), otherRSA().Public()) == nil {
			t.Fatal("verified under a key that signed nothing")
		}
	})
}

func FuzzSignatureInput(f *testing.F) {
	req := signed(f, "/inbox", testBody, edKey(), RFC9421)
	input, signature := req.Header.Get("Signature-Input"), req.Header.Get("Signature")
	for _, s := range [][2]string{
		{input, signature}, {"a=()", "a=::"}, {`sig1=("@method";req);created=1`, `sig1=:AAAA:`}, {"", ""}, {input + ", " + input, signature},
		{`p=("@authority");keyid="x", ` + input, "p=:AAAA:, " + signature}, {"x;=", `keyId="https://a.example/k"`},
	} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, in, sig string) {
		req := httptest.NewRequest("POST", "/inbox", nil)
		req.Host = ourHost
		req.Header.Set("Signature-Input", in)
		req.Header.Set("Signature", sig)
		req.Header.Set("Content-Type", "application/activity+json")
		req.Header.Set("Content-Digest", DigestOf(testBody).contentHeader())
		r, err := Parse(req, testBody, testPolicy())
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Status != 400 && e.Status != 401 || r != nil {
				t.Fatalf("%v with %v", err, r)
			}
			return
		}
		if checkKeyID(r.KeyID) != nil {
			t.Fatalf("key id %q", r.KeyID)
		}
		if r.Verify(otherEd25519.Public()) == nil {
			t.Fatal("verified under a key that signed nothing")
		}
	})
}

func FuzzDigest(f *testing.F) {
	d := DigestOf(testBody)
	for _, s := range []string{d.header(), d.contentHeader(), d.header() + "," + d.header(), "sha-256", "=", "sha-256=:", "SHA-512=x, " + d.header()} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, parse := range []func([]string) ([]byte, error){parseDigest, parseContentDigest} {
			sum, err := parse([]string{s})
			if (err == nil) != (len(sum) == sha256.Size) {
				t.Fatalf("%d bytes, error %v", len(sum), err)
			}
			if err == nil {
				if _, err := parse([]string{s, s}); err == nil {
					t.Fatal("accepted twice the same")
				}
			}
		}
	})
}

func FuzzPEM(f *testing.F) {
	for _, key := range []any{testRSA().Public(), testEd25519.Public()} {
		s, err := MarshalPEM(key)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(s)
		f.Add(strings.ReplaceAll(s, "PUBLIC", "RSA PUBLIC"))
	}
	f.Add(rfcRSAPublic)
	f.Add("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n")
	f.Fuzz(func(t *testing.T, s string) {
		key, err := ParsePEM(s)
		if err != nil {
			if key != nil || !errors.Is(err, ErrKey) {
				t.Fatalf("key %v, error %v", key, err)
			}
			return
		}
		again, err := MarshalPEM(key)
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParsePEM(again)
		if err != nil || !key.(equaler).Equal(back) {
			t.Fatalf("%s is read back as another key: %v", again, err)
		}
	})
}

func FuzzMultikey(f *testing.F) {
	f.Add(MarshalMultikey(testEd25519.Public().(ed25519.PublicKey)))
	f.Add("z")
	f.Add("z1111")
	f.Add("zé")
	f.Fuzz(func(t *testing.T, s string) {
		key, err := ParseMultikey(s)
		if err != nil {
			if key != nil || !errors.Is(err, ErrKey) {
				t.Fatalf("key %v, error %v", key, err)
			}
			return
		}
		if got := MarshalMultikey(key); got != s {
			t.Fatalf("%q is written %q", s, got)
		}
	})
}

func FuzzProof(f *testing.F) {
	f.Add(vectorDocument(f))
	f.Add(unproven(f))
	f.Add([]byte(`{"proof":{"@context":[]}}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		if VerifyProof(doc, otherEd25519.Public().(ed25519.PublicKey)) == nil {
			t.Fatal("verified under a key that signed nothing")
		}
		made, err := AddProof(doc, PrivateKey{ID: vectorMethod, Key: vectorKey()}, testNow)
		if err == nil {
			if err := VerifyProof(made, vectorPublic()); err != nil {
				t.Fatalf("%s: %v", made, err)
			}
		}
	})
}
