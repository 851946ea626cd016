package sig

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"fmt"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"

	"github.com/go-fed/httpsig"
)

// This file is the wall around go-fed/httpsig: nothing else calls it, and it never sees a request of net/http, only
// a stand-in that holds what is to be signed (G3, G7).

const requestTargetName = "(request-target)"

// standIn is the request handed to the package. Its URL.Path is the raw target, query included, because the package
// writes URL.Path as it is and would otherwise sign the decoded path (S18); RawPath and RawQuery stay empty. It has
// no header besides those in names.
func standIn(m message, target string, names []string) *http.Request {
	header := make(http.Header, len(names)+1)
	for _, name := range names {
		switch key := textproto.CanonicalMIMEHeaderKey(name); {
		case name == "host":
			header[key] = []string{m.host}
		case name[0] != '(':
			header[key] = m.header[key]
		}
	}
	return &http.Request{Method: m.method, Host: m.host, URL: &url.URL{Path: target}, Header: header}
}

// signCavage signs what R1 lists, in that order, and sets the Signature header of m.
func signCavage(m message, withBody, withoutQuery bool, key PrivateKey) error {
	private, ok := key.Key.(*rsa.PrivateKey)
	if !ok {
		return fmt.Errorf("%w: draft-cavage needs an RSA key", ErrKey)
	}
	names := []string{requestTargetName, "host", "date"}
	if withBody {
		names = append(names, "digest", "content-type")
	}
	if m.header.Get(headerSync) != "" {
		names = append(names, strings.ToLower(headerSync))
	}
	target := m.target
	if withoutQuery {
		target, _, _ = strings.Cut(target, "?")
	}
	signer, _, err := httpsig.NewSigner([]httpsig.Algorithm{httpsig.RSA_SHA256}, httpsig.DigestSha256, names, httpsig.Signature, 0)
	if err != nil {
		return fmt.Errorf("go-fed/httpsig: %w", err)
	}
	// A nil body keeps the package from adding a digest of its own beside ours.
	req := standIn(m, target, names)
	if err := signer.SignRequest(private, key.ID, req, nil); err != nil {
		return fmt.Errorf("go-fed/httpsig: %w", err)
	}
	// The package always writes hs2019. The parameter is not signed, and peers want the true name (G9, D7).
	value := strings.Replace(req.Header.Get(headerSignature), `",algorithm="hs2019",`, `",algorithm="rsa-sha256",`, 1)
	m.header.Set(headerSignature, value)
	return nil
}

// verifyGoFed asks the package whether the signature fits the string it rebuilds from m. It must not be called with
// (created) or (expires) among the names: the package judges both against the machine's clock.
func verifyGoFed(m message, target string, h cavageHeader, key crypto.PublicKey, hash crypto.Hash) bool {
	req := standIn(m, target, h.names)
	req.Header.Set(headerSignature, h.canonical())
	verifier, err := httpsig.NewVerifier(req)
	if err != nil {
		return false
	}
	var algorithm httpsig.Algorithm
	switch key.(type) {
	case ed25519.PublicKey:
		algorithm = httpsig.ED25519
	case *rsa.PublicKey:
		algorithm = httpsig.RSA_SHA256
		if hash == crypto.SHA512 {
			algorithm = httpsig.RSA_SHA512
		}
	default:
		return false
	}
	return verifier.Verify(key, algorithm) == nil
}
