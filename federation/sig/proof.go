package sig

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/gowebpki/jcs"
	"github.com/mr-tron/base58"
)

var (
	// ErrProof marks a proof that is malformed, of another kind, or does not hold.
	ErrProof = errors.New("sig: integrity proof not accepted")
	// ErrNoProof is the ErrProof of a document without one.
	ErrNoProof = fmt.Errorf("%w: the document has none", ErrProof)
)

const (
	proofType    = "DataIntegrityProof"
	proofSuite   = "eddsa-jcs-2022"
	proofPurpose = "assertionMethod"

	// Bounds on what is canonicalised: the library recurses per level and sorts members by insertion.
	maxProofDocument = 256 << 10
	maxProofDepth    = 32
	maxProofMembers  = 2000
	maxProofValue    = 100 // 64 bytes take 87 or 88 characters of base58
)

// Proof is what a document claims about its own integrity proof, before the key is known (FEP-8b32).
type Proof struct {
	// Method is the URL of the Ed25519 key; it has the origin of Actor. Whether Actor lists it under
	// assertionMethod is for the caller to check.
	Method string
	// Actor is `actor` of the document.
	Actor   string
	Created time.Time

	hashes []byte
	value  []byte
}

// proofOptions is a proof in the order it is written.
type proofOptions struct {
	Context     json.RawMessage `json:"@context,omitempty"`
	Type        string          `json:"type"`
	Cryptosuite string          `json:"cryptosuite"`
	Method      string          `json:"verificationMethod"`
	Purpose     string          `json:"proofPurpose"`
	Created     string          `json:"created"`
	Value       string          `json:"proofValue,omitempty"`
}

// ParseProof reads the proof of an activity and checks all that needs no key: kind, purpose, context, and that the
// key lives where the actor does. A proof with `expires` is not accepted: none is known to be sent.
func ParseProof(doc []byte) (*Proof, error) {
	document, err := members(doc)
	if err != nil {
		return nil, fmt.Errorf("parse proof: %w", err)
	}
	raw, ok := document["proof"]
	if !ok {
		return nil, fmt.Errorf("parse proof: %w", ErrNoProof)
	}
	options, err := members(raw)
	if err != nil {
		return nil, fmt.Errorf("parse proof: %w", err)
	}
	p, err := readProof(document, options)
	if err != nil {
		return nil, fmt.Errorf("parse proof: %w", err)
	}
	return p, nil
}

func readProof(document, options map[string]json.RawMessage) (*Proof, error) {
	p := &Proof{Method: text(options["verificationMethod"]), Actor: text(document["actor"])}
	switch {
	case text(options["type"]) != proofType || text(options["cryptosuite"]) != proofSuite:
		return nil, fmt.Errorf("%w: neither %s nor %s", ErrProof, proofType, proofSuite)
	case text(options["proofPurpose"]) != proofPurpose:
		return nil, fmt.Errorf("%w: the purpose is not %s", ErrProof, proofPurpose)
	case options["expires"] != nil:
		return nil, fmt.Errorf("%w: it expires", ErrProof)
	case checkKeyID(p.Method) != nil || origin(p.Method) == "" || origin(p.Method) != origin(p.Actor):
		return nil, fmt.Errorf("%w: the key does not have the origin of the actor", ErrProof)
	}
	var err error
	if p.Created, err = time.Parse(time.RFC3339, text(options["created"])); err != nil {
		return nil, fmt.Errorf("%w: created is not a date", ErrProof)
	}
	if context, ok := options["@context"]; ok {
		same, err := sameJSON(context, document["@context"])
		if err != nil || !same {
			return nil, fmt.Errorf("%w: its @context is not that of the document", ErrProof)
		}
	}
	value := text(options["proofValue"])
	if len(value) < 2 || len(value) > maxProofValue || value[0] != multibaseBTC {
		return nil, fmt.Errorf("%w: proofValue is not base58btc", ErrProof)
	}
	if p.value, err = base58.Decode(value[1:]); err != nil {
		return nil, fmt.Errorf("%w: proofValue: %w", ErrProof, err)
	}
	delete(options, "proofValue")
	p.hashes, err = proofHashes(options, document)
	return p, err
}

// Verify returns nil only when the proof holds under key, which must be the one Method names.
func (p *Proof) Verify(key ed25519.PublicKey) error {
	if p == nil || p.hashes == nil || usable(key) != nil || !ed25519.Verify(key, p.hashes, p.value) {
		return fmt.Errorf("verify proof: %w: the signature does not match the document", ErrProof)
	}
	return nil
}

// VerifyProof is ParseProof and Verify in one, for a caller who holds the key already.
func VerifyProof(doc []byte, key ed25519.PublicKey) error {
	p, err := ParseProof(doc)
	if err != nil {
		return err
	}
	return p.Verify(key)
}

// AddProof returns doc with a proof as its last member, all other bytes unchanged. doc needs a string `actor` of the
// key's origin and an array `@context` that includes the data-integrity vocabulary; key must be Ed25519.
func AddProof(doc []byte, key PrivateKey, created time.Time) ([]byte, error) {
	private, ok := key.Key.(ed25519.PrivateKey)
	if !ok || usablePrivate(private) != nil {
		return nil, fmt.Errorf("add proof: %w: not an Ed25519 key", ErrKey)
	}
	document, err := members(doc)
	if err != nil {
		return nil, fmt.Errorf("add proof: %w", err)
	}
	context := document["@context"]
	switch {
	case document["proof"] != nil:
		return nil, fmt.Errorf("add proof: %w: the document has one", ErrProof)
	case len(context) == 0 || context[0] != '[':
		return nil, fmt.Errorf("add proof: %w: @context is not an array", ErrProof)
	case checkKeyID(key.ID) != nil || origin(key.ID) != origin(text(document["actor"])):
		return nil, fmt.Errorf("add proof: %w: the key does not have the origin of the actor", ErrProof)
	}
	proof := proofOptions{
		Context: context, Type: proofType, Cryptosuite: proofSuite, Method: key.ID, Purpose: proofPurpose,
		Created: created.UTC().Format(time.RFC3339),
	}
	hashes, err := proofHashes(proof, document)
	if err != nil {
		return nil, fmt.Errorf("add proof: %w", err)
	}
	signature, err := private.Sign(nil, hashes, crypto.Hash(0))
	if err != nil {
		return nil, fmt.Errorf("add proof: %w: %w", ErrKey, err)
	}
	proof.Value = string(multibaseBTC) + base58.Encode(signature)
	written, err := json.Marshal(proof)
	if err != nil {
		return nil, fmt.Errorf("add proof: %w: %w", ErrProof, err)
	}
	open := bytes.TrimSuffix(bytes.TrimRight(doc, " \t\r\n"), []byte("}"))
	return bytes.Join([][]byte{bytes.TrimRight(open, " \t\r\n"), []byte(`,"proof":`), written, []byte("}")}, nil), nil
}

// proofHashes is what eddsa-jcs-2022 signs: the hash of the options, then that of the document. A Linked Data
// `signature` is no part of the document; it is added afterwards by those who send both.
func proofHashes(options any, document map[string]json.RawMessage) ([]byte, error) {
	delete(document, "proof")
	delete(document, "signature")
	var hashes []byte
	for _, part := range []any{options, document} {
		canonical, err := canonicalJSON(part)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(canonical)
		hashes = append(hashes, sum[:]...)
	}
	return hashes, nil
}

func canonicalJSON(v any) ([]byte, error) {
	written, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProof, err)
	}
	canonical, err := jcs.Transform(written)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProof, err)
	}
	return canonical, nil
}

func sameJSON(a, b json.RawMessage) (bool, error) {
	x, err := canonicalJSON(a)
	if err != nil {
		return false, err
	}
	y, err := canonicalJSON(b)
	return bytes.Equal(x, y), err
}

// text is the string in raw, or "".
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// origin is scheme://authority of a URL, or "".
func origin(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + authority(u.Scheme, u.Host)
}
