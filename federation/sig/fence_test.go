package sig

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-fed/httpsig"
)

func TestFence_G02(t *testing.T) {
	good := stranger{}.request(t).Header.Get("Signature")
	for _, c := range []struct {
		name, header string
		status       int
	}{
		{"as sent", good, 0},
		{"spaces after commas", strings.ReplaceAll(good, `",`, `", `), 0},
		{"spaces and tabs everywhere", " " + strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(good, `",`, "\" ,\t"), `Id="`, `Id = "`), `rs="`, `rs ="`) + " ", 0},
		{"names in capitals", strings.Replace(good, "content-type", "Content-Type", 1), 0},
		{"duplicate keyId", good + `,keyId="https://evil.example/k"`, 400},
		{"unknown parameter", good + `,v="2"`, 400},
		{"parameter in capitals", strings.Replace(good, "keyId", "KEYID", 1), 400},
		{"bare keyId", strings.Replace(good, `"`+peerKeyID+`"`, peerKeyID, 1), 400},
		{"quoted created", good + `,created="1800000000"`, 400},
		{"negative created", good + `,created=-1`, 400},
		{"huge created", good + `,created=99999999999999999999`, 400},
		{"escaped quote", strings.Replace(good, peerKeyID, `https://a\"b`, 1), 400},
		{"open quote", strings.TrimSuffix(good, `"`), 400},
		{"trailing comma", good + ",", 400},
		{"empty member", strings.Replace(good, ",", ",,", 1), 400},
		{"text after a value", strings.Replace(good, `",`, `"x,`, 1), 400},
		{"no name", `="x",` + good, 400},
		{"no keyId", strings.Replace(good, `keyId="`+peerKeyID+`",`, "", 1), 400},
		{"no signature", good[:strings.Index(good, `,signature`)], 400},
		{"empty headers", strings.Replace(good, `headers="(request-target) host date digest content-type"`, `headers=" "`, 1), 400},
		{"unknown pseudo-header", strings.Replace(good, "(request-target)", "(query)", 1), 400},
		{"signs itself", strings.Replace(good, "content-type", "signature", 1), 400},
		{"too many headers", strings.Replace(good, "content-type", strings.Repeat("a ", 40), 1), 400},
		{"too long", good + strings.Repeat(" ", maxSignatureHeader), 400},
		{"empty", "", 400},
		{"garbage", "Basic dXNlcjpwdw==", 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := stranger{}.request(t)
			req.Header.Set("Signature", c.header)
			wantStatus(t, judge(t, req, testBody, testPolicy(), testRSA().Public()), c.status)
		})
	}
}

func TestFence_G03(t *testing.T) {
	h, err := parseCavageHeader(`signature = "AAAA" , headers="(request-target)  Host", created=5, keyId="https://a.example/x,keyId=b"`)
	if err != nil {
		t.Fatal(err)
	}
	const want = `keyId="k",algorithm="hs2019",headers="(request-target) host",signature="AAAA"`
	if got := h.canonical(); got != want {
		t.Errorf("the package would read\n%s\nwant\n%s", got, want)
	}
	t.Run("a key id with a comma verifies", func(t *testing.T) {
		req := stranger{keyID: `https://peer.example/keys/a,keyId=b`}.request(t)
		wantStatus(t, judge(t, req, testBody, testPolicy(), testRSA().Public()), 0)
	})
	t.Run("the package sees signed headers only", func(t *testing.T) {
		req := stranger{}.request(t)
		req.Header.Set("Authorization", `Signature keyId="x",signature="y"`)
		req.Header.Set("X-Forwarded-Host", "evil.example")
		m, err := incoming(req, ourOrigin)
		if err != nil {
			t.Fatal(err)
		}
		in := standIn(m, m.target, []string{"(request-target)", "host", "date"})
		if len(in.Header) != 2 || in.Header.Get("Host") != ourHost || in.Header.Get("Date") == "" {
			t.Errorf("handed over %v", in.Header)
		}
		wantStatus(t, judge(t, req, testBody, testPolicy(), testRSA().Public()), 0)
	})
}

// TestFence_G04 shows requests that the package alone accepts and Parse refuses, before any key is asked for.
func TestFence_G04(t *testing.T) {
	for name, s := range map[string]stranger{
		"date alone":  {names: "date"},
		"no digest":   {names: "(request-target) host date"},
		"not for us":  {host: "other.example"},
		"two days":    {date: testNow.Add(-48 * time.Hour).Format(http.TimeFormat)},
		"other bytes": {digest: DigestOf([]byte("something else")).header()},
	} {
		t.Run(name, func(t *testing.T) {
			req := s.request(t)
			alone, err := httpsig.NewVerifier(req)
			if err != nil {
				t.Fatal(err)
			}
			if err := alone.Verify(testRSA().Public(), httpsig.RSA_SHA256); err != nil {
				t.Fatalf("the package refuses it too, so this shows nothing: %v", err)
			}
			r, err := Parse(req, testBody, testPolicy())
			wantStatus(t, err, 401)
			if r != nil {
				t.Error("a key could be asked for")
			}
		})
	}
}

func TestFence_G05(t *testing.T) {
	req := stranger{}.request(t)
	_, err := Parse(req, []byte(`{"type":"Delete"}`), testPolicy())
	wantStatus(t, err, 401)
	if err != nil && !strings.Contains(err.Error(), "digest") {
		t.Errorf("refused for another reason: %v", err)
	}
}

func TestFence_G06(t *testing.T) {
	old := testNow.Add(-48 * time.Hour)
	for name, c := range map[string]struct {
		s      stranger
		status int
	}{
		"date of 2000":                             {stranger{date: "Sat, 01 Jan 2000 00:00:00 GMT"}, 401},
		"old date, unsigned created is now":        {stranger{date: old.Format(http.TimeFormat), created: testNow.Unix()}, 401},
		"good date, unsigned created is old":       {stranger{created: old.Unix()}, 0},
		"good date, unsigned expires is past":      {stranger{expires: old.Unix()}, 0},
		"good date, unsigned created lies ahead":   {stranger{created: testNow.Add(1000 * time.Hour).Unix()}, 0},
		"signed created, unsigned date is old":     {stranger{names: "(request-target) host (created) digest", created: testNow.Unix(), date: old.Format(http.TimeFormat)}, 0},
		"signed created of no value":               {stranger{names: "(request-target) host (created) digest"}, 400},
		"signed expires of no value":               {stranger{names: "(request-target) host date (expires) digest"}, 400},
		"signed created under an RSA name":         {stranger{names: "(request-target) host (created) digest", created: testNow.Unix(), algorithm: "rsa-sha256"}, 400},
		"signed created, the target without query": {stranger{names: "(request-target) host (created) digest", created: testNow.Unix(), target: "/a?b", signTarget: "/a"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			wantStatus(t, judge(t, c.s.request(t), testBody, testPolicy(), testRSA().Public()), c.status)
		})
	}
}

func TestFence_G07(t *testing.T) {
	t.Run("in", func(t *testing.T) {
		req := stranger{target: goldenTarget}.request(t)
		alone, err := httpsig.NewVerifier(req)
		if err != nil {
			t.Fatal(err)
		}
		if alone.Verify(testRSA().Public(), httpsig.RSA_SHA256) == nil {
			t.Error("the package verifies without the stand-in: the fence may be lowered")
		}
		wantStatus(t, judge(t, req, testBody, testPolicy(), testRSA().Public()), 0)
	})
	t.Run("in, behind a router that rewrites the URL", func(t *testing.T) {
		var err error
		h := http.StripPrefix("/users", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			err = judge(t, r, testBody, testPolicy(), testRSA().Public())
		}))
		h.ServeHTTP(httptest.NewRecorder(), stranger{target: goldenTarget}.request(t))
		wantStatus(t, err, 0)
	})
	t.Run("out", func(t *testing.T) {
		req := signed(t, goldenTarget, testBody, rsaKey(), Cavage)
		want := "(request-target): post " + goldenTarget +
			"\nhost: " + ourHost +
			"\ndate: Fri, 15 Jan 2027 09:00:00 GMT" +
			"\ndigest: " + DigestOf(testBody).header() +
			"\ncontent-type: application/activity+json"
		checkGolden(t, req, want)
	})
	t.Run("out, GET without its query", func(t *testing.T) {
		req := newRequest(t, goldenTarget, nil)
		if err := SignWith(req, nil, rsaKey(), testNow, Options{WithoutQuery: true}); err != nil {
			t.Fatal(err)
		}
		got := deliver(t, req)
		if got.RequestURI != goldenTarget {
			t.Errorf("went out as %s", got.RequestURI)
		}
		checkGolden(t, got, "(request-target): get /users/caf%C3%A9/a%2Fb/inbox\nhost: "+ourHost+"\ndate: Fri, 15 Jan 2027 09:00:00 GMT")
		wantStatus(t, judge(t, got, nil, testPolicy(), testRSA().Public()), 0)
	})
}

// checkGolden verifies the Signature header over the given string with nothing but the standard library.
func checkGolden(t *testing.T, req *http.Request, want string) {
	t.Helper()
	_, value, _ := strings.Cut(req.Header.Get("Signature"), `signature="`)
	signature, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(value, `"`))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(want))
	if err := rsa.VerifyPKCS1v15(&testRSA().PublicKey, crypto.SHA256, sum[:], signature); err != nil {
		t.Errorf("%s\ndoes not sign\n%s", req.Header.Get("Signature"), want)
	}
}

func TestFence_G08(t *testing.T) {
	for name, c := range map[string]struct {
		s      stranger
		status int
	}{
		"query signed":               {stranger{target: "/inbox?page=1"}, 0},
		"query not signed":           {stranger{target: "/inbox?page=1", signTarget: "/inbox"}, 0},
		"query not signed, SHA-512":  {stranger{target: "/inbox?page=1", signTarget: "/inbox", hash: crypto.SHA512}, 0},
		"another query signed":       {stranger{target: "/inbox?page=1", signTarget: "/inbox?page=2"}, 401},
		"query signed, none sent":    {stranger{target: "/inbox", signTarget: "/inbox?page=1"}, 401},
		"path of another is no path": {stranger{target: "/inbox?page=1", signTarget: "/"}, 401},
	} {
		t.Run(name, func(t *testing.T) {
			wantStatus(t, judge(t, c.s.request(t), testBody, testPolicy(), testRSA().Public()), c.status)
		})
	}
}

func TestFence_G09(t *testing.T) {
	req := signed(t, "/inbox", testBody, rsaKey(), Cavage)
	head, _, _ := strings.Cut(req.Header.Get("Signature"), `signature="`)
	const want = `keyId="` + peerKeyID + `",algorithm="rsa-sha256",headers="(request-target) host date digest content-type",`
	if head != want {
		t.Errorf("sent\n%s\nwant\n%s", head, want)
	}
	wantStatus(t, judge(t, req, testBody, testPolicy(), testRSA().Public()), 0)
	get := signed(t, "/actor", nil, rsaKey(), Cavage)
	if v := get.Header.Get("Signature"); !strings.Contains(v, `headers="(request-target) host date",`) {
		t.Errorf("GET signs %s", v)
	}
}

func TestFence_G10(t *testing.T) {
	for name, c := range map[string]struct {
		s      stranger
		key    crypto.PublicKey
		status int
	}{
		"RSA, no name":              {stranger{}, testRSA().Public(), 0},
		"RSA, rsa-sha256":           {stranger{algorithm: "rsa-sha256"}, testRSA().Public(), 0},
		"RSA, hs2019":               {stranger{algorithm: "hs2019"}, testRSA().Public(), 0},
		"RSA-SHA512 as hs2019":      {stranger{algorithm: "hs2019", hash: crypto.SHA512}, testRSA().Public(), 0},
		"RSA-SHA512":                {stranger{algorithm: "rsa-sha512", hash: crypto.SHA512}, testRSA().Public(), 0},
		"RSA, hmac-sha256":          {stranger{algorithm: "hmac-sha256"}, testRSA().Public(), 401},
		"RSA, rsa-sha1":             {stranger{algorithm: "rsa-sha1"}, testRSA().Public(), 401},
		"RSA, none":                 {stranger{algorithm: "none"}, testRSA().Public(), 401},
		"RSA, ed25519":              {stranger{algorithm: "ed25519"}, testRSA().Public(), 401},
		"Ed25519, hs2019":           {stranger{key: testEd25519, algorithm: "hs2019"}, testEd25519.Public(), 0},
		"Ed25519, ed25519":          {stranger{key: testEd25519, algorithm: "ed25519"}, testEd25519.Public(), 0},
		"Ed25519, rsa-sha256":       {stranger{key: testEd25519, algorithm: "rsa-sha256"}, testEd25519.Public(), 401},
		"Ed25519 signature, RSA":    {stranger{key: testEd25519}, testRSA().Public(), 401},
		"RSA signature, Ed25519":    {stranger{}, testEd25519.Public(), 401},
		"Ed25519 of another":        {stranger{key: otherEd25519}, testEd25519.Public(), 401},
		"Ed25519 of (created)":      {stranger{key: testEd25519, names: "(request-target) host (created) digest", created: testNow.Unix()}, testEd25519.Public(), 0},
		"RSA-SHA512 of (created)":   {stranger{hash: crypto.SHA512, names: "(request-target) host (created) digest", created: testNow.Unix()}, testRSA().Public(), 0},
		"another RSA of (created)":  {stranger{key: otherRSA(), names: "(request-target) host (created) digest", created: testNow.Unix()}, testRSA().Public(), 401},
		"RSA of (created), Ed25519": {stranger{names: "(request-target) host (created) digest", created: testNow.Unix()}, testEd25519.Public(), 401},
	} {
		t.Run(name, func(t *testing.T) {
			wantStatus(t, judge(t, c.s.request(t), testBody, testPolicy(), c.key), c.status)
		})
	}
	for name, c := range map[string]struct {
		alg    string
		key    PrivateKey
		public crypto.PublicKey
	}{
		"hmac":              {"hmac-sha256", rsaKey(), testRSA().Public()},
		"pss":               {"rsa-pss-sha512", rsaKey(), testRSA().Public()},
		"ed25519 under RSA": {algEd25519, rsaKey(), testRSA().Public()},
		"RSA under ed25519": {algRSA, edKey(), testEd25519.Public()},
		"empty":             {"", rsaKey(), testRSA().Public()},
	} {
		t.Run("RFC 9421 "+name, func(t *testing.T) {
			req := resignAs(t, c.key, c.alg)
			wantStatus(t, judge(t, req, testBody, testPolicy(), c.public), 401)
		})
	}
}
