// Package sig signs outgoing HTTP requests and judges the signatures of incoming ones, for servers that speak
// ActivityPub. It knows two families of HTTP signatures: draft-cavage-http-signatures-12, which every server
// understands, and RFC 9421 with the digests of RFC 9530. It also reads and writes the keys involved (PEM and
// Multikey) and the object integrity proofs of FEP-8b32.
//
// An incoming request is judged in two steps, so that nothing is retrieved for a request that could not be
// believed anyway:
//
//	Parse   header syntax, covered components, host, time window, body digest: all that needs no key
//	Verify  the signature itself, once the caller has the key named by KeyID
//
// draft-cavage goes through go-fed/httpsig, which compares a signature with a string and nothing more. Everything a
// server must check besides is done here, before that package sees anything: rules S14 to S18 and G2 to G11 of the
// project's security rules.
//
// What it refuses to do: use the network or the clock, choose whether a signer is welcome or owns what it speaks
// about, take an algorithm from a header, sign or verify with HMAC, believe X-Forwarded headers, or read
// Linked Data signatures.
package sig

import (
	"crypto"
	"errors"
	"fmt"
	"net/http"
)

// Family is one of the two ways to sign an HTTP request.
type Family int

const (
	// Cavage is draft-cavage-http-signatures-12: one Signature header with keyId, headers and signature.
	Cavage Family = iota
	// RFC9421 is HTTP Message Signatures: Signature-Input and Signature, both structured dictionaries.
	RFC9421
)

// String names the family the way logs and host records write it: "cavage" or "rfc9421".
func (f Family) String() string {
	switch f {
	case Cavage:
		return "cavage"
	case RFC9421:
		return "rfc9421"
	}
	return fmt.Sprintf("family(%d)", int(f))
}

// PublicKey is a key as its owner published it: `publicKey` with a PEM text, or an `assertionMethod` Multikey.
type PublicKey struct {
	// ID is the absolute URL of the key, usually the actor's with a fragment.
	ID string
	// Owner is the actor the key speaks for (`owner` or `controller`). That the actor lists the key in return is
	// for the caller to check (S5).
	Owner string
	// Key is an *rsa.PublicKey or an ed25519.PublicKey.
	Key crypto.PublicKey
}

// PrivateKey is a key of ours with the URL under which its public half is published.
type PrivateKey struct {
	ID string
	// Key is an *rsa.PrivateKey or an ed25519.PrivateKey.
	Key crypto.Signer
}

// Errors of the signing side and of key handling. The verifying side answers with *Error.
var (
	// ErrKey marks a key that is malformed, of a kind not used here, or of a size outside the bounds.
	ErrKey = errors.New("sig: unusable key")
	// ErrRequest marks a request of ours that cannot be signed as it stands.
	ErrRequest = errors.New("sig: request cannot be signed")
)

// Error says why an incoming request is not believed. Status is what to answer: 400 when the signature headers
// are malformed, 401 when they are well formed and refused (federation-K3). Reason is a sentence fit for the
// response and for the log; it never contains key material.
type Error struct {
	Status int
	Reason string
}

// Error returns the reason with its status.
func (e *Error) Error() string { return fmt.Sprintf("sig: %s (%d)", e.Reason, e.Status) }

// ErrUnsigned is the *Error of a request that carries no signature at all: compare with errors.Is.
var ErrUnsigned error = &Error{Status: http.StatusUnauthorized, Reason: "the request is not signed"}

// malformed is a 400: the sender's software is at fault and sending again will not help.
func malformed(format string, args ...any) *Error {
	return &Error{Status: http.StatusBadRequest, Reason: fmt.Sprintf(format, args...)}
}

// refused is a 401: understood, and not believed.
func refused(format string, args ...any) *Error {
	return &Error{Status: http.StatusUnauthorized, Reason: fmt.Sprintf(format, args...)}
}
