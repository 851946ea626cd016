package sig

import (
	"crypto/ed25519"
	"fmt"

	"github.com/mr-tron/base58"
)

const (
	// maxMultikey bounds what is given to base58, whose decoding is quadratic. A key takes 48 characters.
	maxMultikey = 64
	// multibaseBTC is the multibase letter of base58btc, before keys and proof values alike.
	multibaseBTC = 'z'
)

// codecEd25519 is the unsigned varint of multicodec ed25519-pub (0xed).
const codecEd25519 = "\xed\x01"

// ParseMultikey reads `publicKeyMultibase` of an Ed25519 Multikey (FEP-521a): "z6Mk…".
func ParseMultikey(s string) (ed25519.PublicKey, error) {
	if len(s) == 0 || len(s) > maxMultikey || s[0] != multibaseBTC {
		return nil, fmt.Errorf("parse multikey: %w: not a base58btc text of at most %d characters", ErrKey, maxMultikey)
	}
	raw, err := base58.Decode(s[1:])
	if err != nil {
		return nil, fmt.Errorf("parse multikey: %w: %w", ErrKey, err)
	}
	if len(raw) != len(codecEd25519)+ed25519.PublicKeySize || string(raw[:len(codecEd25519)]) != codecEd25519 {
		return nil, fmt.Errorf("parse multikey: %w: not an Ed25519 public key", ErrKey)
	}
	return ed25519.PublicKey(raw[len(codecEd25519):]), nil
}

// MarshalMultikey writes an Ed25519 public key as `publicKeyMultibase`.
func MarshalMultikey(pub ed25519.PublicKey) string {
	return string(multibaseBTC) + base58.Encode(append([]byte(codecEd25519), pub...))
}
