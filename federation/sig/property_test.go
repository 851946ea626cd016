package sig

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-fed/httpsig"
	"pgregory.net/rapid"
)

// genTarget draws request targets in every percent-encoding a peer may choose.
func genTarget() *rapid.Generator[string] {
	piece := rapid.SampledFrom([]string{"a", "Z", "9", "-", ".", "_", "~", "!", "$", "&", "'", "(", ")", "*", "+", ",", ";", "=",
		":", "@", "%C3%A9", "%c3%a9", "%2F", "%2f", "%20", "%25", "%41", "/"})
	return rapid.Custom(func(t *rapid.T) string {
		target := "/" + strings.TrimLeft(strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "path"), ""), "/")
		if rapid.Bool().Draw(t, "hasQuery") {
			target += "?" + strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "query"), "")
		}
		return target
	})
}

// Whatever is signed here verifies here after a trip over the wire, and nothing verifies under another key, with
// another body or at another target.
func TestRoundTripProperty(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		target := genTarget().Draw(rt, "target")
		var body []byte
		if rapid.Bool().Draw(rt, "post") {
			body = append([]byte{}, rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(rt, "body")...)
		}
		key, public, other := edKey(), testEd25519.Public(), otherEd25519.Public()
		family := RFC9421
		if rapid.Bool().Draw(rt, "rsa") {
			key, public, other = rsaKey(), testRSA().Public(), otherRSA().Public()
			family = rapid.SampledFrom([]Family{Cavage, RFC9421}).Draw(rt, "family")
		}
		skew := time.Duration(rapid.IntRange(-3600, 3600).Draw(rt, "skew")) * time.Second
		p := testPolicy()
		p.Now = testNow.Add(skew)

		req := signed(t, target, body, key, family)
		if req.RequestURI != target {
			rt.Fatalf("%q went out as %q", target, req.RequestURI)
		}
		r, err := Parse(req, body, p)
		if err != nil {
			rt.Fatalf("%v %q: %v", family, target, err)
		}
		if r.KeyID != key.ID || r.Family != family {
			rt.Fatalf("read %+v", r)
		}
		if err := r.Verify(public); err != nil {
			rt.Fatalf("%v %q: %v", family, target, err)
		}
		if r.Verify(other) == nil {
			rt.Fatal("verifies under another key")
		}
		if body != nil && judge(t, req, append(body, 'x'), p, public) == nil {
			rt.Fatal("verifies with another body")
		}
		path, query, hasQuery := strings.Cut(target, "?")
		req.RequestURI = path + "x"
		if hasQuery {
			req.RequestURI += "?" + query
		}
		if judge(t, req, body, p, public) == nil {
			rt.Fatal("verifies at another target")
		}
	})
}

// The string built here for (created) signatures is, for all others, the one go-fed/httpsig builds: each verifies
// what the other signs.
func TestSigningStringProperty(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		names := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{requestTargetName, "host", "date", "digest", "content-type",
			"x-several", "x-blank"}), 1, -1, rapid.ID).Draw(rt, "names")
		req := httptest.NewRequest(rapid.SampledFrom([]string{"GET", "POST"}).Draw(rt, "method"), genTarget().Draw(rt, "target"), nil)
		req.Host = ourHost
		req.Header = http.Header{
			"Date": {testNow.Format(http.TimeFormat)}, "Digest": {DigestOf(nil).header()}, "Content-Type": {"text/plain"},
			"X-Several": {" a", "b ", "", "c, d"}, "X-Blank": {"  "},
		}
		m, err := incoming(req, ourOrigin)
		if err != nil {
			rt.Fatal(err)
		}
		c := cavageClaim{message: m, header: cavageHeader{names: names}}
		signer, _, err := httpsig.NewSigner([]httpsig.Algorithm{httpsig.ED25519}, httpsig.DigestSha256, names, httpsig.Signature, 0)
		if err != nil {
			rt.Fatal(err)
		}
		in := standIn(m, m.target, names)
		if err := signer.SignRequest(testEd25519, peerKeyID, in, nil); err != nil {
			rt.Fatal(err)
		}
		theirs, err := parseCavageHeader(in.Header.Get("Signature"))
		if err != nil {
			rt.Fatal(err)
		}
		if !checkSignature(testEd25519.Public(), 0, []byte(c.signingString(m.target)), theirs.signature) {
			rt.Fatalf("the package does not sign\n%s", c.signingString(m.target))
		}
		ours := cavageHeader{names: names, signature: strangerSign(t, testEd25519, 0, c.signingString(m.target))}
		if !verifyGoFed(m, m.target, ours, testEd25519.Public(), 0) {
			rt.Fatalf("the package does not verify\n%s", c.signingString(m.target))
		}
	})
}

// A dictionary with something repeated is refused, and only that one.
func TestRepeatedProperty(t *testing.T) {
	name := rapid.SampledFrom([]string{"a", "b", "c", "d"})
	value := rapid.SampledFrom([]string{"", "=1", `="x"`, `="a;b,c\"d=\\"`, "=:AAAA:", "=tok", "=?1"})
	rapid.Check(t, func(rt *rapid.T) {
		repeated := false
		labels := rapid.SliceOfN(name, 1, 4).Draw(rt, "labels")
		var members []string
		seen := map[string]bool{}
		for _, label := range labels {
			repeated = repeated || seen[label]
			seen[label] = true
			member := label + value.Draw(rt, "value")
			if rapid.Bool().Draw(rt, "list") {
				member = label + `=("x" "y;z,";p "w");q=1`
			}
			params := map[string]bool{}
			if strings.HasSuffix(member, ";q=1") {
				params["q"] = true
			}
			for _, p := range rapid.SliceOfN(name, 0, 3).Draw(rt, "params") {
				repeated = repeated || params[p]
				params[p] = true
				member += ";" + p + value.Draw(rt, "paramValue")
			}
			members = append(members, member)
		}
		_, err := parseDictionary([]string{strings.Join(members, ", ")})
		if (err != nil) != repeated {
			rt.Fatalf("%v: repeated %v, error %v", members, repeated, err)
		}
	})
}
