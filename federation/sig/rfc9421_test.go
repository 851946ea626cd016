package sig

import (
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/dunglas/httpsfv"
)

// peerMessage signs a POST the way another implementation words it: label, components and parameters are the
// caller's, the base is put together by hand.
func peerMessage(t testing.TB, target, components, params string, key crypto.Signer) *http.Request {
	t.Helper()
	req := httptest.NewRequest("POST", target, strings.NewReader(string(testBody)))
	req.Host = ourHost
	req.Header.Set("Date", testNow.Format(http.TimeFormat))
	req.Header.Set("Content-Type", "application/activity+json")
	req.Header.Set("Content-Digest", DigestOf(testBody).contentHeader())
	path, query, _ := strings.Cut(target, "?")
	known := map[string]string{
		"@method": "POST", "@target-uri": ourOrigin + target, "@authority": ourHost, "@scheme": "https", "host": ourHost,
		"@path": path, "@query": "?" + query, "@request-target": target,
		"date": req.Header.Get("Date"), "content-type": req.Header.Get("Content-Type"), "content-digest": req.Header.Get("Content-Digest"),
	}
	var base strings.Builder
	for _, quoted := range strings.Fields(components) {
		fmt.Fprintf(&base, "%s: %s\n", quoted, known[strings.Trim(quoted, `"`)])
	}
	input := "(" + components + ")" + params
	fmt.Fprintf(&base, "%q: %s", "@signature-params", input)
	signature := strangerSign(t, key, crypto.SHA256, base.String())
	req.Header.Set("Signature-Input", "sig7="+input)
	req.Header.Set("Signature", "sig7=:"+base64.StdEncoding.EncodeToString(signature)+":")
	return req
}

func peerParams(more string) string {
	return fmt.Sprintf(`;created=%d;keyid="%s"%s`, testNow.Unix(), peerKeyID, more)
}

// resignAs signs correctly under a wrong alg parameter.
func resignAs(t *testing.T, key PrivateKey, alg string) *http.Request {
	return peerMessage(t, "/inbox", `"@method" "@target-uri" "content-digest"`, peerParams(`;alg="`+alg+`"`), key.Key)
}

func TestFence_G11(t *testing.T) {
	t.Run("other implementations", func(t *testing.T) {
		for _, c := range []struct {
			name, components, params string
			status                   int
		}{
			{"Fedify", `"@method" "@target-uri" "@authority" "host" "date" "content-digest"`, peerParams(`;alg="rsa-v1_5-sha256"`), 0},
			{"Mastodon", `"@method" "@target-uri" "content-digest"`, peerParams(""), 0},
			{"all there is", `"@method" "@target-uri" "@authority" "@scheme" "@path" "@query" "@request-target" "content-type" "content-digest"`, peerParams(`;tag="x";nonce="y"`), 0},
			{"not expired", `"@method" "@target-uri" "content-digest"`, peerParams(fmt.Sprintf(";expires=%d", testNow.Add(time.Minute).Unix())), 0},
			{"expired", `"@method" "@target-uri" "content-digest"`, peerParams(fmt.Sprintf(";expires=%d", testNow.Add(-time.Second).Unix())), 401},
			{"no created", `"@method" "@target-uri" "content-digest"`, `;keyid="` + peerKeyID + `"`, 401},
			{"no digest", `"@method" "@target-uri"`, peerParams(""), 401},
			{"no method", `"@target-uri" "content-digest"`, peerParams(""), 401},
			{"no target", `"@method" "@authority" "content-digest"`, peerParams(""), 401},
			{"parts of the target", `"@method" "@authority" "@path" "@query" "content-digest"`, peerParams(""), 401},
			{"nothing", ``, peerParams(""), 401},
			{"an absent header", `"@method" "@target-uri" "content-digest" "x-absent"`, peerParams(""), 401},
			{"a response component", `"@method" "@target-uri" "content-digest" "@status"`, peerParams(""), 401},
			{"a header in capitals", `"@method" "@target-uri" "content-digest" "Date"`, peerParams(""), 400},
		} {
			t.Run(c.name, func(t *testing.T) {
				req := peerMessage(t, goldenTarget, c.components, c.params, testRSA())
				wantStatus(t, judge(t, req, testBody, testPolicy(), testRSA().Public()), c.status)
			})
		}
	})
	t.Run("the target is rebuilt from the origin", func(t *testing.T) {
		req := peerMessage(t, goldenTarget, `"@method" "@target-uri" "content-digest"`, peerParams(""), testEd25519)
		req.Header.Set("X-Forwarded-Host", "evil.example")
		req.Header.Set("X-Forwarded-Proto", "http")
		req.Header.Set("Forwarded", "host=evil.example;proto=http")
		wantStatus(t, judge(t, req, testBody, testPolicy(), testEd25519.Public()), 0)
		p := testPolicy()
		p.Origin = "http://" + ourHost
		wantStatus(t, judge(t, req, testBody, p, testEd25519.Public()), 401)
	})
	t.Run("a proxy signs too", func(t *testing.T) {
		req := signed(t, "/inbox", testBody, edKey(), RFC9421)
		req.Header.Set("Signature-Input", `proxy=("@authority");keyid="thumbprint", `+req.Header.Get("Signature-Input"))
		req.Header.Set("Signature", "proxy=:AAAA:, "+req.Header.Get("Signature"))
		wantStatus(t, judge(t, req, testBody, testPolicy(), testEd25519.Public()), 0)
	})
	t.Run("several lines", func(t *testing.T) {
		req := signed(t, "/inbox", testBody, edKey(), RFC9421)
		req.Header.Add("Signature-Input", `other=("@authority");keyid="https://x.example/k"`)
		req.Header.Add("Signature", "other=:AAAA:")
		wantStatus(t, judge(t, req, testBody, testPolicy(), testEd25519.Public()), 0)
	})
	t.Run("Signature-Input alone", func(t *testing.T) {
		req := signed(t, "/inbox", testBody, edKey(), RFC9421)
		req.Header.Del("Signature")
		wantStatus(t, judge(t, req, testBody, testPolicy(), testEd25519.Public()), 400)
		req.Header.Set("Signature", "other=:AAAA:")
		wantStatus(t, judge(t, req, testBody, testPolicy(), testEd25519.Public()), 400)
	})
	t.Run("what we send", func(t *testing.T) {
		for key, want := range map[*PrivateKey]string{
			{ID: peerKeyID, Key: testRSA()}:   `sig1=("@method" "@target-uri" "@authority" "content-digest" "content-type");created=1800003600;keyid="` + peerKeyID + `";alg="rsa-v1_5-sha256"`,
			{ID: peerKeyID, Key: testEd25519}: `sig1=("@method" "@target-uri" "@authority" "content-digest" "content-type");created=1800003600;keyid="` + peerKeyID + `";alg="ed25519"`,
		} {
			req := signed(t, "/inbox", testBody, *key, RFC9421)
			if got := req.Header.Get("Signature-Input"); got != want {
				t.Errorf("sent\n%s\nwant\n%s", got, want)
			}
		}
		get := signed(t, goldenTarget, nil, edKey(), RFC9421)
		if got := get.Header.Get("Signature-Input"); !strings.HasPrefix(got, `sig1=("@method" "@target-uri" "@authority");`) {
			t.Errorf("GET sends %s", got)
		}
		wantStatus(t, judge(t, get, nil, testPolicy(), testEd25519.Public()), 0)
	})
}

// TestRFC9421Vectors checks published values: the components and parameters they sign are not those of ActivityPub,
// so they are given to the base and to the key directly.
func TestRFC9421Vectors(t *testing.T) {
	rsaPublic, err := ParsePEM(rfcRSAPublic)
	if err != nil {
		t.Fatal(err)
	}
	ed, err := base64.StdEncoding.DecodeString("n4Ni+HpISpVObnQMW0wOhCKROaIKqKtW/2ZYb2p9KcU=")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, host, input, base, signature string
		public                             crypto.PublicKey
	}{
		{
			name:  "section 4.3, rsa-v1_5-sha256",
			host:  "origin.host.internal.example",
			input: `("@method" "@authority" "@path" "content-digest" "content-type" "content-length" "forwarded");created=1618884480;keyid="test-key-rsa";alg="rsa-v1_5-sha256";expires=1618884540`,
			base: `"@method": POST
"@authority": origin.host.internal.example
"@path": /foo
"content-digest": ` + rfcDigest + `
"content-type": application/json
"content-length": 18
"forwarded": for=192.0.2.123;host=example.com;proto=https
"@signature-params": `,
			signature: "S6ZzPXSdAMOPjN/6KXfXWNO/f7V6cHm7BXYUh3YD/fRad4BCaRZxP+JH+8XY1I6+8Cy+CM5g92iHgxtRPz+MjniOaYmdkDcnL9cCpXJleXsOckpURl49GwiyUpZ10KHgOEe11sx3G2gxI8S0jnxQB+Pu68U9vVcasqOWAEObtNKKZd8tSFu7LB5YAv0RAGhB8tmpv7sFnIm9y+7X5kXQfi8NMaZaA8i2ZHwpBdg7a6CMfwnnrtflzvZdXAsD3LH2TwevU+/PBPv0B6NMNk93wUs/vfJvye+YuI87HU38lZHowtznbLVdp770I6VHR6WfgS9ddzirrswsE1w5o0LV/g==",
			public:    rsaPublic,
		},
		{
			name:  "appendix B.2.6, ed25519",
			host:  "example.com",
			input: `("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"`,
			base: `"date": Tue, 20 Apr 2021 02:07:55 GMT
"@method": POST
"@path": /foo
"@authority": example.com
"content-type": application/json
"content-length": 18
"@signature-params": `,
			signature: "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==",
			public:    ed25519.NewKeyFromSeed(ed).Public(),
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := httptest.NewRequest("POST", "/foo?param=Value&Pet=dog", nil)
			req.Host = c.host
			for name, value := range map[string]string{
				"Date": "Tue, 20 Apr 2021 02:07:55 GMT", "Content-Type": "application/json", "Content-Length": "18",
				"Content-Digest": rfcDigest, "Forwarded": "for=192.0.2.123;host=example.com;proto=https",
			} {
				req.Header.Set(name, value)
			}
			m, err := incoming(req, "https://"+c.host)
			if err != nil {
				t.Fatal(err)
			}
			dict, err := httpsfv.UnmarshalDictionary([]string{"x=" + c.input})
			if err != nil {
				t.Fatal(err)
			}
			member, _ := dict.Get("x")
			base, err := m.signatureBase(member.(httpsfv.InnerList))
			if err != nil {
				t.Fatal(err)
			}
			if want := c.base + c.input; string(base) != want {
				t.Errorf("base\n%s\nwant\n%s", base, want)
			}
			signature, err := base64.StdEncoding.DecodeString(c.signature)
			if err != nil {
				t.Fatal(err)
			}
			claim := &messageClaim{base: base, signature: signature}
			if !claim.verify(c.public) {
				t.Error("the published signature does not verify")
			}
			claim.base[0] ^= 1
			if claim.verify(c.public) {
				t.Error("a changed base verifies")
			}
		})
	}
	t.Run("appendix B.2.6 made here", func(t *testing.T) {
		base := []byte(`"date": Tue, 20 Apr 2021 02:07:55 GMT
"@method": POST
"@path": /foo
"@authority": example.com
"content-type": application/json
"content-length": 18
"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"`)
		signature, err := signBase(ed25519.NewKeyFromSeed(ed), base)
		if err != nil {
			t.Fatal(err)
		}
		const want = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
		if got := base64.StdEncoding.EncodeToString(signature); got != want {
			t.Errorf("signed %s, want %s", got, want)
		}
	})
}

const rfcDigest = "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:"

// rfcRSAPublic is test-key-rsa of RFC 9421 appendix B.1.1.
const rfcRSAPublic = `-----BEGIN RSA PUBLIC KEY-----
MIIBCgKCAQEAhAKYdtoeoy8zcAcR874L8cnZxKzAGwd7v36APp7Pv6Q2jdsPBRrw
WEBnez6d0UDKDwGbc6nxfEXAy5mbhgajzrw3MOEt8uA5txSKobBpKDeBLOsdJKFq
MGmXCQvEG7YemcxDTRPxAleIAgYYRjTSd/QBwVW9OwNFhekro3RtlinV0a75jfZg
kne/YiktSvLG34lw2zqXBDTC5NHROUqGTlML4PlNZS5Ri2U4aCNx2rUPRcKIlE0P
uKxI4T+HIaFpv8+rdV6eUgOrB2xeI1dSFFn/nnv5OoZJEIB+VmuKn3DCUcCZSFlQ
PSXSfBDiUGhwOw76WuSSsf1D4b/vLoJ10wIDAQAB
-----END RSA PUBLIC KEY-----
`
