package sig

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"strings"
	"testing"
)

type equaler interface{ Equal(crypto.PublicKey) bool }

func TestPublicPEM(t *testing.T) {
	for _, key := range []crypto.PublicKey{testRSA().Public(), testEd25519.Public()} {
		text, err := MarshalPEM(key)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(text, "-----BEGIN PUBLIC KEY-----\n") {
			t.Errorf("wrote %s", text)
		}
		for name, s := range map[string]string{
			"as written":      text,
			"CRLF":            strings.ReplaceAll(text, "\n", "\r\n"),
			"no last newline": strings.TrimSpace(text),
			"text before":     "key of alice\n" + text + "\n\n",
		} {
			back, err := ParsePEM(s)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if !key.(equaler).Equal(back) {
				t.Errorf("%s: read another key", name)
			}
		}
	}
	pkcs1 := string(pem.EncodeToMemory(&pem.Block{Type: blockPKCS1, Bytes: x509.MarshalPKCS1PublicKey(&testRSA().PublicKey)}))
	if back, err := ParsePEM(pkcs1); err != nil || !testRSA().PublicKey.Equal(back) {
		t.Errorf("PKCS#1: %v", err)
	}
}

func TestPublicPEMRefused(t *testing.T) {
	good, err := MarshalPEM(testRSA().Public())
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string, der []byte, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	spki := func(key any) string {
		der, err := x509.MarshalPKIXPublicKey(key)
		return block(blockSPKI, der, err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	private, err := MarshalPrivate(testRSA())
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]string{
		"empty":              "",
		"garbage":            "not a key",
		"1024 bits":          spki(weakRSA().Public()),
		"1024 bits, PKCS#1":  block(blockPKCS1, x509.MarshalPKCS1PublicKey(&weakRSA().PublicKey), nil),
		"16384 bits":         spki(&rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 16383), E: 65537}),
		"exponent 1":         spki(&rsa.PublicKey{N: testRSA().N, E: 1}),
		"even exponent":      spki(&rsa.PublicKey{N: testRSA().N, E: 4}),
		"ECDSA":              spki(curve.Public()),
		"two keys":           good + good,
		"text after":         good + "x",
		"a private key":      private,
		"a certificate":      strings.ReplaceAll(good, "PUBLIC KEY", "CERTIFICATE"),
		"SPKI called PKCS#1": strings.ReplaceAll(good, "PUBLIC KEY", "RSA PUBLIC KEY"),
		"cut short":          block(blockSPKI, []byte{0x30, 0x82, 1}, nil),
		"endless":            strings.Repeat("\n", maxPEM) + good,
	} {
		if key, err := ParsePEM(s); !errors.Is(err, ErrKey) || key != nil {
			t.Errorf("%s: key %v, error %v", name, key, err)
		}
	}
	for name, key := range map[string]crypto.PublicKey{"nil": nil, "weak": weakRSA().Public(), "ECDSA": curve.Public(), "private": testRSA()} {
		if s, err := MarshalPEM(key); !errors.Is(err, ErrKey) || s != "" {
			t.Errorf("%s: wrote %q, error %v", name, s, err)
		}
	}
}

func TestPrivatePEM(t *testing.T) {
	for _, key := range []crypto.Signer{testRSA(), testEd25519} {
		text, err := MarshalPrivate(key)
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParsePrivate(text)
		if err != nil {
			t.Fatal(err)
		}
		if !key.Public().(equaler).Equal(back.Public()) {
			t.Error("read another key")
		}
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]crypto.Signer{"nil": nil, "nil RSA": (*rsa.PrivateKey)(nil), "weak": weakRSA(), "ECDSA": curve, "short": ed25519.PrivateKey{1}} {
		if s, err := MarshalPrivate(key); !errors.Is(err, ErrKey) || s != "" {
			t.Errorf("%s: wrote %q, error %v", name, s, err)
		}
	}
	public, err := MarshalPEM(testRSA().Public())
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(curve)
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]string{
		"empty": "", "public": public, "ECDSA": string(pem.EncodeToMemory(&pem.Block{Type: blockPKCS8, Bytes: der})),
		"not DER": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
	} {
		if _, err := ParsePrivate(s); !errors.Is(err, ErrKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestGenerate(t *testing.T) {
	key, err := GenerateRSA(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if key.N.BitLen() != 2048 {
		t.Errorf("%d bits", key.N.BitLen())
	}
	seed := bytes.Repeat([]byte{1}, 32)
	ed, err := GenerateEd25519(bytes.NewReader(seed))
	if err != nil || !ed.Equal(testEd25519) {
		t.Errorf("not the key of the seed: %v", err)
	}
	if _, err := GenerateEd25519(bytes.NewReader(seed[:31])); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a short seed: %v", err)
	}
}

func TestMultikey(t *testing.T) {
	// The key of the proof vector, as its actor publishes it.
	const text = "z6MkiEQYvc8JZ7hdSjgZKd12pwwS4fXB1GywDtsjkRhXhoWe"
	key, err := ParseMultikey(text)
	if err != nil {
		t.Fatal(err)
	}
	if !key.Equal(vectorKey().Public()) {
		t.Error("read another key")
	}
	if got := MarshalMultikey(key); got != text {
		t.Errorf("wrote %s", got)
	}
	for _, s := range []string{
		"", "z", "6MkiEQYvc8JZ7hdSjgZKd12pwwS4fXB1GywDtsjkRhXhoWe", "u" + text[1:], text[:len(text)-1], text + "1", "z1" + text[1:],
		"z6Mk0OIl", "zé", "z" + strings.Repeat("1", 63), text + strings.Repeat("1", 10000),
		"z3tit7vSvkCPqZTPjPHxEtq9NWzbgY8DSghK2jndyb1ok4T9C9QcTPBFEitMaqp3Raz6UV6aZYXQRN84bWRKTuVW6",
		"zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169", // a P-256 key
	} {
		if key, err := ParseMultikey(s); !errors.Is(err, ErrKey) || key != nil {
			t.Errorf("%q: key %x, error %v", s, key, err)
		}
	}
}
