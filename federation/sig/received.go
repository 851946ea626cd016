package sig

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	_ "crypto/sha256" // registered for crypto.Hash.New
	_ "crypto/sha512"
	"net/http"
	"time"
)

// DefaultWindow is how far from now a signature may have been made, either way (S16).
const DefaultWindow = time.Hour

// Policy is what the receiving server knows about itself.
type Policy struct {
	// Host says whether an authority (lower case, port included unless it is the scheme's own) is ours. When nil,
	// only the authority of Origin is.
	Host func(host string) bool
	// Origin is the public scheme://authority, from which @target-uri is rebuilt.
	Origin string
	// Now is the clock's value.
	Now time.Time
	// Window replaces DefaultWindow when positive.
	Window time.Duration
}

// Received is a signature whose syntax, covered components, host, time and digest have been found good, and whose
// key is not known yet. No request has left for it so far.
type Received struct {
	// KeyID is the URL of the key, http or https, at most 2048 characters, fragment included.
	KeyID string
	// Family is how the request was signed; a valid RFC9421 teaches that the sender's host understands it.
	Family Family

	claim claim
}

// claim is the part of verifying that differs between the families. It says true only for a signature that holds.
type claim interface {
	verify(key crypto.PublicKey) bool
}

// Parse checks everything about a received request that needs no key: S14 to S17, G2 to G6. body is the raw body as
// received. Errors are *Error: 400 for malformed headers, 401 for what is refused, ErrUnsigned (401) when there is no
// signature.
func Parse(req *http.Request, body []byte, p Policy) (*Received, error) {
	signed, messageSigned := len(req.Header[headerSignature]) > 0, len(req.Header[headerSignatureInput]) > 0
	if !signed && !messageSigned {
		return nil, ErrUnsigned
	}
	m, err := incoming(req, p.Origin)
	if err != nil {
		return nil, err
	}
	if !p.ours(m) {
		return nil, refused("the request is addressed to a host that is not this one")
	}
	if messageSigned {
		return parseMessage(m, body, p)
	}
	return parseCavage(m, body, p)
}

// Verify returns nil only when the signature holds under key, which must be the one KeyID names: an *rsa.PublicKey of
// 2048 to 8192 bits or an ed25519.PublicKey. The algorithm follows from the key's type (G10). Every other outcome, an
// unusable key included, is a 401 *Error (S6).
func (r *Received) Verify(key crypto.PublicKey) error {
	if r == nil || r.claim == nil {
		return refused("there is no signature to verify")
	}
	if err := usable(key); err != nil {
		return refused("the key cannot be used: %v", err)
	}
	if !r.claim.verify(key) {
		return refused("the signature does not match the request")
	}
	return nil
}

// checkSignature verifies text under the algorithm that the type of the key implies; hash is for RSA only.
func checkSignature(key crypto.PublicKey, hash crypto.Hash, text, signature []byte) bool {
	switch k := key.(type) {
	case *rsa.PublicKey:
		h := hash.New()
		h.Write(text)
		return rsa.VerifyPKCS1v15(k, hash, h.Sum(nil), signature) == nil
	case ed25519.PublicKey:
		return ed25519.Verify(k, text, signature)
	}
	return false
}

func (p Policy) ours(m message) bool {
	if p.Host != nil {
		return p.Host(m.authority())
	}
	return m.host != "" && m.origin == m.scheme()+"://"+m.authority()
}

func (p Policy) window() time.Duration {
	if p.Window > 0 {
		return p.Window
	}
	return DefaultWindow
}

func (p Policy) checkWindow(signed time.Time) error {
	if signed.Before(p.Now.Add(-p.window())) {
		return refused("the signature is older than %v", p.window())
	}
	if signed.After(p.Now.Add(p.window())) {
		return refused("the signature is more than %v in the future", p.window())
	}
	return nil
}

// checkExpiry gives no grace: the window already forgives clocks that differ.
func (p Policy) checkExpiry(expires time.Time) error {
	if expires.Before(p.Now) {
		return refused("the signature has expired")
	}
	return nil
}

func parseDate(s string) (time.Time, error) {
	t, err := http.ParseTime(s)
	if err != nil {
		return t, malformed("the Date header is not an HTTP date")
	}
	return t, nil
}
