package sig

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"testing"
)

// Each operation stands beside the bare one it cannot do without: the quotient is what this package costs.

func BenchmarkSignRSABare(b *testing.B) {
	key, sum := testRSA(), sha256.Sum256(testBody)
	for b.Loop() {
		if _, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSignCavage(b *testing.B)        { benchmarkSign(b, rsaKey(), Cavage) }
func BenchmarkSign9421RSA(b *testing.B)       { benchmarkSign(b, rsaKey(), RFC9421) }
func BenchmarkSign9421Ed25519(b *testing.B)   { benchmarkSign(b, edKey(), RFC9421) }
func BenchmarkVerifyCavage(b *testing.B)      { benchmarkVerify(b, rsaKey(), Cavage) }
func BenchmarkVerify9421RSA(b *testing.B)     { benchmarkVerify(b, rsaKey(), RFC9421) }
func BenchmarkVerify9421Ed25519(b *testing.B) { benchmarkVerify(b, edKey(), RFC9421) }
func BenchmarkParseCavage(b *testing.B)       { benchmarkParse(b, rsaKey(), Cavage) }
func BenchmarkParse9421(b *testing.B)         { benchmarkParse(b, edKey(), RFC9421) }

func BenchmarkSignEd25519Bare(b *testing.B) {
	for b.Loop() {
		ed25519.Sign(testEd25519, testBody)
	}
}

func BenchmarkVerifyRSABare(b *testing.B) {
	key, sum := testRSA(), sha256.Sum256(testBody)
	signature := strangerSign(b, key, crypto.SHA256, string(testBody))
	for b.Loop() {
		if err := rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, sum[:], signature); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifyEd25519Bare(b *testing.B) {
	public, signature := testEd25519.Public().(ed25519.PublicKey), ed25519.Sign(testEd25519, testBody)
	for b.Loop() {
		if !ed25519.Verify(public, testBody, signature) {
			b.Fatal("does not verify")
		}
	}
}

func BenchmarkVerifyProof(b *testing.B) {
	doc, key := vectorDocument(b), vectorPublic()
	for b.Loop() {
		if err := VerifyProof(doc, key); err != nil {
			b.Fatal(err)
		}
	}
}

// benchmarkSign signs one body for many inboxes, as a fan-out does.
func benchmarkSign(b *testing.B, key PrivateKey, family Family) {
	req, digest := newRequest(b, "/inbox", testBody), DigestOf(testBody)
	b.ReportAllocs()
	for b.Loop() {
		if err := SignWith(req, nil, key, testNow, Options{Family: family, Digest: &digest}); err != nil {
			b.Fatal(err)
		}
	}
}

// benchmarkVerify runs both steps.
func benchmarkVerify(b *testing.B, key PrivateKey, family Family) {
	req, p, public := signed(b, "/inbox", testBody, key, family), testPolicy(), key.Key.Public()
	b.ReportAllocs()
	for b.Loop() {
		r, err := Parse(req, testBody, p)
		if err != nil {
			b.Fatal(err)
		}
		if err := r.Verify(public); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkParse(b *testing.B, key PrivateKey, family Family) {
	req, p := signed(b, "/inbox", testBody, key, family), testPolicy()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(req, testBody, p); err != nil {
			b.Fatal(err)
		}
	}
}
