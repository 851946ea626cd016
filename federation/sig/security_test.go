package sig

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestSec_S05(t *testing.T) {
	for _, id := range []string{
		"acct:alice@peer.example", "", "/actors/alice#main-key", "ftp://peer.example/key", "https://", "https:///key",
		"https://user:pw@peer.example/key", "javascript:alert(1)", "https://peer.example/" + strings.Repeat("a", maxKeyID),
	} {
		err := judge(t, stranger{keyID: id}.request(t), testBody, testPolicy(), testRSA().Public())
		if id == "" {
			// stranger takes "" for its default, so this one is made by hand.
			req := stranger{}.request(t)
			req.Header.Set("Signature", strings.Replace(req.Header.Get("Signature"), peerKeyID, "", 1))
			err = judge(t, req, testBody, testPolicy(), testRSA().Public())
		}
		t.Run(id, func(t *testing.T) { wantStatus(t, err, http.StatusBadRequest) })
	}
}

func TestSec_S06(t *testing.T) {
	t.Run("keys that verify nothing", func(t *testing.T) {
		for name, key := range map[string]crypto.PublicKey{
			"nil":                  nil,
			"nil RSA":              (*rsa.PublicKey)(nil),
			"empty RSA":            &rsa.PublicKey{},
			"RSA by value":         testRSA().PublicKey,
			"RSA of 1024 bits":     weakRSA().Public(),
			"RSA exponent 1":       &rsa.PublicKey{N: testRSA().N, E: 1},
			"RSA even exponent":    &rsa.PublicKey{N: testRSA().N, E: 4},
			"RSA even modulus":     &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 2047), E: 65537},
			"RSA of 16384 bits":    &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 16383), E: 65537},
			"another RSA":          otherRSA().Public(),
			"Ed25519":              testEd25519.Public(),
			"nil Ed25519":          ed25519.PublicKey(nil),
			"short Ed25519":        ed25519.PublicKey{1, 2, 3},
			"the private key":      testRSA(),
			"the bytes of a MAC":   []byte("secret"),
			"the text of a PEM":    "-----BEGIN PUBLIC KEY-----",
			"an error":             errors.New("no key"),
			"Ed25519 private half": testEd25519,
		} {
			for _, family := range []Family{Cavage, RFC9421} {
				t.Run(family.String()+" "+name, func(t *testing.T) {
					req := signed(t, "/inbox", testBody, rsaKey(), family)
					wantStatus(t, judge(t, req, testBody, testPolicy(), key), http.StatusUnauthorized)
				})
			}
		}
	})
	t.Run("signatures that hold nothing", func(t *testing.T) {
		for name, change := range map[string]struct {
			signature string
			status    int
		}{
			"empty":      {"", http.StatusBadRequest},
			"not base64": {"%%%%", http.StatusBadRequest},
			"one byte":   {"AA==", http.StatusUnauthorized},
			"zeros":      {base64.StdEncoding.EncodeToString(make([]byte, 256)), http.StatusUnauthorized},
			"too long":   {base64.StdEncoding.EncodeToString(make([]byte, 1024)), http.StatusUnauthorized},
		} {
			t.Run(name, func(t *testing.T) {
				req := stranger{}.request(t)
				head, _, _ := strings.Cut(req.Header.Get("Signature"), `signature="`)
				req.Header.Set("Signature", head+`signature="`+change.signature+`"`)
				wantStatus(t, judge(t, req, testBody, testPolicy(), testRSA().Public()), change.status)

				req = signed(t, "/inbox", testBody, rsaKey(), RFC9421)
				req.Header.Set("Signature", "sig1=:"+change.signature+":")
				wantStatus(t, judge(t, req, testBody, testPolicy(), testRSA().Public()), change.status)
			})
		}
	})
	t.Run("values never parsed", func(t *testing.T) {
		wantStatus(t, (*Received)(nil).Verify(testRSA().Public()), http.StatusUnauthorized)
		wantStatus(t, (&Received{KeyID: peerKeyID}).Verify(testRSA().Public()), http.StatusUnauthorized)
	})
	t.Run("one flipped bit", func(t *testing.T) {
		for _, family := range []Family{Cavage, RFC9421} {
			req := signed(t, "/inbox", testBody, rsaKey(), family)
			r, err := Parse(req, testBody, testPolicy())
			if err != nil {
				t.Fatal(err)
			}
			switch c := r.claim.(type) {
			case *cavageClaim:
				c.header.signature[7] ^= 1
			case *messageClaim:
				c.signature[7] ^= 1
			}
			wantStatus(t, r.Verify(testRSA().Public()), http.StatusUnauthorized)
		}
	})
	t.Run("success", func(t *testing.T) {
		wantStatus(t, judge(t, stranger{}.request(t), testBody, testPolicy(), testRSA().Public()), 0)
	})
}

func TestSec_S14(t *testing.T) {
	for _, c := range []struct {
		name   string
		s      stranger
		status int
	}{
		{"date alone", stranger{names: "date"}, 401},
		{"POST without digest", stranger{names: "(request-target) host date"}, 401},
		{"POST without host", stranger{names: "(request-target) date digest"}, 401},
		{"POST without target", stranger{names: "host date digest"}, 401},
		{"POST without time", stranger{names: "(request-target) host digest"}, 401},
		{"POST, empty body, no digest", stranger{names: "(request-target) host date", body: []byte{}}, 401},
		{"GET without host", stranger{method: "GET", names: "(request-target) date"}, 401},
		{"GET without time", stranger{method: "GET", names: "(request-target) host"}, 401},
		{"GET with a body and no digest", stranger{method: "GET", names: "(request-target) host date", body: testBody}, 401},
		{"another host", stranger{host: "other.example"}, 401},
		{"our host, another port", stranger{host: ourHost + ":8443"}, 401},
		{"no host", stranger{names: "(request-target) host date digest", host: " "}, 401},
		{"a header that is not there", stranger{names: "(request-target) host date digest x-absent"}, 401},
		{"as R1", stranger{}, 0},
		{"as snac", stranger{names: "(request-target) host digest date"}, 0},
		{"host in capitals", stranger{host: "INNOV.bzh.example"}, 0},
		{"default port", stranger{host: ourHost + ":443"}, 0},
		{"GET", stranger{method: "GET", names: "(request-target) host date"}, 0},
		{"GET signing an empty digest", stranger{method: "GET", names: "(request-target) host date digest"}, 0},
		{"(created) for date", stranger{names: "(request-target) (created) host digest", created: testNow.Unix(), algorithm: "hs2019"}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := c.s.request(t)
			wantStatus(t, judge(t, req, readBody(t, req), testPolicy(), testRSA().Public()), c.status)
		})
	}
	t.Run("RFC 9421 replayed to another host", func(t *testing.T) {
		req := signed(t, "/inbox", testBody, rsaKey(), RFC9421)
		p := Policy{Host: func(string) bool { return true }, Origin: "https://other.example", Now: testNow}
		wantStatus(t, judge(t, req, testBody, p, testRSA().Public()), 401)
		req.Host = "other.example"
		wantStatus(t, judge(t, req, testBody, testPolicy(), testRSA().Public()), 401)
	})
	t.Run("without a Host function the origin decides", func(t *testing.T) {
		req := signed(t, "/inbox", testBody, rsaKey(), Cavage)
		key := testRSA().Public()
		wantStatus(t, judge(t, req, testBody, Policy{Origin: ourOrigin, Now: testNow}, key), 0)
		wantStatus(t, judge(t, req, testBody, Policy{Origin: "https://other.example", Now: testNow}, key), 401)
		wantStatus(t, judge(t, req, testBody, Policy{Now: testNow}, key), 401)
	})
	t.Run("unsigned", func(t *testing.T) {
		_, err := Parse(deliver(t, newRequest(t, "/inbox", testBody)), testBody, testPolicy())
		wantStatus(t, err, 401)
		if !errors.Is(err, ErrUnsigned) {
			t.Errorf("%v is not ErrUnsigned", err)
		}
	})
}

func TestSec_S15(t *testing.T) {
	swapped := []byte(`{"type":"Delete","actor":"https://peer.example/actors/alice"}`)
	good := DigestOf(testBody).header()
	t.Run("body swapped", func(t *testing.T) {
		for _, family := range []Family{Cavage, RFC9421} {
			req := signed(t, "/inbox", testBody, rsaKey(), family)
			for _, body := range [][]byte{swapped, nil, {}} {
				wantStatus(t, judge(t, req, body, testPolicy(), testRSA().Public()), 401)
			}
		}
	})
	for _, c := range []struct {
		name, digest string
		status       int
	}{
		{"missing", "-", 401},
		{"only SHA-512", "SHA-512=" + strings.Repeat("A", 86) + "==", 401},
		{"two SHA-256", good + "," + good, 400},
		{"two SHA-256, one wrong", "sha-256=" + base64.StdEncoding.EncodeToString(make([]byte, 32)) + ", " + good, 400},
		{"not base64", "SHA-256=????", 400},
		{"short", "SHA-256=AAAA", 400},
		{"no algorithm", "garbage", 400},
		{"endless", good + strings.Repeat(",x=y", 400), 400},
		{"lower case", strings.Replace(good, "SHA", "sha", 1), 0},
		{"beside another", "SHA-512=whatever, " + good, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := stranger{digest: c.digest}.request(t)
			wantStatus(t, judge(t, req, testBody, testPolicy(), testRSA().Public()), c.status)
		})
	}
	contentGood := DigestOf(testBody).contentHeader()
	for _, c := range []struct {
		name, digest string
		status       int
	}{
		{"content: missing", "", 401},
		{"content: only sha-512", "sha-512=:AAAA:", 401},
		{"content: two sha-256", contentGood + ", " + contentGood, 400},
		{"content: a string", `sha-256="x"`, 400},
		{"content: an inner list", `sha-256=(1 2)`, 400},
		{"content: short", "sha-256=:AAAA:", 400},
		{"content: not a dictionary", "SHA-256=abc", 400},
		{"content: beside another", "sha-512=:AAAA:, " + contentGood, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := newRequest(t, "/inbox", testBody)
			req.Header.Set("Content-Digest", c.digest)
			if c.digest == "" {
				req.Header.Del("Content-Digest")
			}
			m, err := outgoing(req)
			if err != nil {
				t.Fatal(err)
			}
			// signMessage signs whatever Content-Digest there is; without one, sign first and remove it then.
			if c.digest == "" {
				req.Header.Set("Content-Digest", contentGood)
			}
			if err := signMessage(m, true, rsaKey(), testNow); err != nil {
				t.Fatal(err)
			}
			if c.digest == "" {
				req.Header.Del("Content-Digest")
			}
			wantStatus(t, judge(t, deliver(t, req), testBody, testPolicy(), testRSA().Public()), c.status)
		})
	}
}

// TestSec_S16 is the window part of the rule; replays are caught by the inbox.
func TestSec_S16(t *testing.T) {
	at := func(d time.Duration) string { return testNow.Add(d).Format(http.TimeFormat) }
	created := func(d, life time.Duration) stranger {
		s := stranger{names: "(request-target) (created) host digest", algorithm: "hs2019", created: testNow.Add(d).Unix()}
		if life != 0 {
			s.names += " (expires)"
			s.expires = testNow.Add(d + life).Unix()
		}
		return s
	}
	for _, c := range []struct {
		name   string
		s      stranger
		status int
	}{
		{"now", stranger{}, 0},
		{"an hour ago", stranger{date: at(-time.Hour)}, 0},
		{"more than an hour ago", stranger{date: at(-time.Hour - time.Second)}, 401},
		{"two hours ago", stranger{date: at(-2 * time.Hour)}, 401},
		{"in an hour", stranger{date: at(time.Hour)}, 0},
		{"in two hours", stranger{date: at(2 * time.Hour)}, 401},
		{"in 2000", stranger{date: "Sat, 01 Jan 2000 00:00:00 GMT"}, 401},
		{"no date at all", stranger{date: "yesterday"}, 400},
		{"created 59 minutes ago", created(-59*time.Minute, 0), 0},
		{"created in 59 minutes", created(59*time.Minute, 0), 0},
		{"created two hours ago", created(-2*time.Hour, 0), 401},
		{"created in two hours", created(2*time.Hour, 0), 401},
		{"expires later", created(-time.Minute, 5*time.Minute), 0},
		{"expired", created(-10*time.Minute, 5*time.Minute), 401},
		{"old date, new created", stranger{names: "(request-target) (created) host date digest", algorithm: "hs2019",
			created: testNow.Unix(), date: at(-2 * time.Hour)}, 401},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantStatus(t, judge(t, c.s.request(t), testBody, testPolicy(), testRSA().Public()), c.status)
		})
	}
	t.Run("RFC 9421", func(t *testing.T) {
		req := signed(t, "/inbox", testBody, edKey(), RFC9421)
		for d, status := range map[time.Duration]int{
			0: 0, time.Hour: 0, -time.Hour: 0, time.Hour + time.Second: 401, -2 * time.Hour: 401,
		} {
			p := testPolicy()
			p.Now = testNow.Add(d)
			wantStatus(t, judge(t, req, testBody, p, testEd25519.Public()), status)
		}
	})
	t.Run("a window of its own", func(t *testing.T) {
		p := testPolicy()
		p.Window = time.Minute
		wantStatus(t, judge(t, stranger{date: at(-2 * time.Minute)}.request(t), testBody, p, testRSA().Public()), 401)
		wantStatus(t, judge(t, stranger{date: at(-30 * time.Second)}.request(t), testBody, p, testRSA().Public()), 0)
	})
}

func TestSec_S17(t *testing.T) {
	for _, name := range []string{`keyId="https://evil.example/k"`, `headers="date"`, `signature="AAAA"`, `algorithm="hs2019"`} {
		t.Run("duplicated "+name, func(t *testing.T) {
			req := stranger{algorithm: "rsa-sha256", extra: "," + name}.request(t)
			wantStatus(t, judge(t, req, testBody, testPolicy(), testRSA().Public()), 400)
		})
	}
	t.Run("unknown parameter", func(t *testing.T) {
		req := stranger{extra: `,opaque="x"`}.request(t)
		wantStatus(t, judge(t, req, testBody, testPolicy(), testRSA().Public()), 400)
	})
	t.Run("duplicated header name", func(t *testing.T) {
		req := stranger{names: "(request-target) host date digest date"}.request(t)
		wantStatus(t, judge(t, req, testBody, testPolicy(), testRSA().Public()), 400)
	})
	t.Run("two Signature headers", func(t *testing.T) {
		req := stranger{}.request(t)
		req.Header.Add("Signature", req.Header.Get("Signature"))
		wantStatus(t, judge(t, req, testBody, testPolicy(), testRSA().Public()), 400)
	})
	t.Run("two Date headers", func(t *testing.T) {
		req := stranger{}.request(t)
		req.Header.Add("Date", req.Header.Get("Date"))
		wantStatus(t, judge(t, req, testBody, testPolicy(), testRSA().Public()), 400)
	})
	t.Run("both families, two keys", func(t *testing.T) {
		req := signed(t, "/inbox", testBody, rsaKey(), RFC9421)
		other := stranger{keyID: "https://evil.example/k"}.request(t)
		req.Header.Add("Signature", other.Header.Get("Signature"))
		wantStatus(t, judge(t, req, testBody, testPolicy(), testRSA().Public()), 400)
	})
	t.Run("both families, one key: RFC 9421 is judged", func(t *testing.T) {
		req := signed(t, "/inbox", testBody, rsaKey(), RFC9421)
		req.Header.Add("Signature", stranger{key: otherRSA()}.request(t).Header.Get("Signature"))
		r, err := Parse(req, testBody, testPolicy())
		if err != nil {
			t.Fatal(err)
		}
		if r.Family != RFC9421 {
			t.Errorf("judged as %v", r.Family)
		}
		wantStatus(t, r.Verify(testRSA().Public()), 0)
	})
	t.Run("an RFC 9421 request cannot fall back to draft-cavage", func(t *testing.T) {
		req := stranger{}.request(t)
		req.Header.Set("Signature-Input", `sig1=("@method");created=1;keyid="`+peerKeyID+`"`)
		wantStatus(t, judge(t, req, testBody, testPolicy(), testRSA().Public()), 400)
	})
	for name, input := range map[string]string{
		"duplicated keyid":     `sig1=("@method" "@target-uri" "content-digest");created=1800003600;keyid="https://evil.example/k";keyid="` + peerKeyID + `"`,
		"duplicated label":     `sig1=("@method");keyid="` + peerKeyID + `", sig1=("@method" "@target-uri" "content-digest");created=1800003600;keyid="` + peerKeyID + `"`,
		"unknown parameter":    `sig1=("@method" "@target-uri" "content-digest");created=1800003600;keyid="` + peerKeyID + `";mood="good"`,
		"duplicated component": `sig1=("@method" "@method" "@target-uri" "content-digest");created=1800003600;keyid="` + peerKeyID + `"`,
		"component parameter":  `sig1=("@method" "@target-uri" "content-digest";sf);created=1800003600;keyid="` + peerKeyID + `"`,
		"created as text":      `sig1=("@method" "@target-uri" "content-digest");created="1800003600";keyid="` + peerKeyID + `"`,
		"not an inner list":    `sig1="@method";keyid="` + peerKeyID + `"`,
		"keyid of no URL":      `sig1=("@method" "@target-uri" "content-digest");created=1800003600;keyid="acct:alice@peer.example"`,
		"garbage":              `sig1=(((`,
	} {
		t.Run("RFC 9421 "+name, func(t *testing.T) {
			req := signed(t, "/inbox", testBody, rsaKey(), RFC9421)
			req.Header.Set("Signature-Input", input)
			wantStatus(t, judge(t, req, testBody, testPolicy(), testRSA().Public()), 400)
		})
	}
}

func TestSec_S18(t *testing.T) {
	t.Run("golden string, in", func(t *testing.T) {
		req := stranger{target: goldenTarget}.request(t)
		wantStatus(t, judge(t, req, testBody, testPolicy(), testRSA().Public()), 0)
	})
	t.Run("decoded path, in", func(t *testing.T) {
		req := stranger{target: goldenTarget, signTarget: "/users/café/a/b/inbox?x=1%202"}.request(t)
		wantStatus(t, judge(t, req, testBody, testPolicy(), testRSA().Public()), 401)
	})
	t.Run("out and in", func(t *testing.T) {
		for _, family := range []Family{Cavage, RFC9421} {
			for _, target := range []string{goldenTarget, "/", "/inbox?", "/a//b", "/a;b=c,d?e=%2F&f", "/~x/%7Ex", "/%E2%82%AC"} {
				t.Run(family.String()+target, func(t *testing.T) {
					req := signed(t, target, testBody, rsaKey(), family)
					if req.RequestURI != target {
						t.Fatalf("went out as %s", req.RequestURI)
					}
					wantStatus(t, judge(t, req, testBody, testPolicy(), testRSA().Public()), 0)
					req.RequestURI = strings.Replace(target, "/", "/x", 1)
					wantStatus(t, judge(t, req, testBody, testPolicy(), testRSA().Public()), 401)
				})
			}
		}
	})
	t.Run("absolute form of the request line", func(t *testing.T) {
		for line, target := range map[string]string{ourOrigin + goldenTarget: goldenTarget, ourOrigin: "/", ourOrigin + "?a=b": "/?a=b"} {
			req := stranger{target: target}.request(t)
			req.RequestURI = line
			wantStatus(t, judge(t, req, testBody, testPolicy(), testRSA().Public()), 0)
		}
		req := stranger{}.request(t)
		req.RequestURI = "*"
		wantStatus(t, judge(t, req, testBody, testPolicy(), testRSA().Public()), 400)
	})
}
