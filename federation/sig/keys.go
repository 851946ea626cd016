package sig

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"strings"
)

const (
	rsaBits    = 2048 // of the keys made here; every known peer accepts it
	minRSABits = 2048
	maxRSABits = 8192 // above, one verification costs milliseconds a stranger chooses to spend
	maxPEM     = 16 << 10

	blockSPKI  = "PUBLIC KEY"
	blockPKCS1 = "RSA PUBLIC KEY"
	blockPKCS8 = "PRIVATE KEY"
)

// ParsePEM reads a public key as actors publish it in `publicKeyPem`: one SPKI block ("PUBLIC KEY") or one PKCS#1
// block ("RSA PUBLIC KEY"), holding RSA of 2048 to 8192 bits or Ed25519. Any other content is an ErrKey.
func ParsePEM(s string) (crypto.PublicKey, error) {
	block, err := onlyBlock(s)
	if err != nil {
		return nil, fmt.Errorf("parse public key: %w", err)
	}
	var key crypto.PublicKey
	switch block.Type {
	case blockSPKI:
		key, err = x509.ParsePKIXPublicKey(block.Bytes)
	case blockPKCS1:
		key, err = x509.ParsePKCS1PublicKey(block.Bytes)
	default:
		return nil, fmt.Errorf("parse public key: %w: PEM block %q", ErrKey, block.Type)
	}
	if err != nil {
		return nil, fmt.Errorf("parse public key: %w: %w", ErrKey, err)
	}
	if err := usable(key); err != nil {
		return nil, fmt.Errorf("parse public key: %w", err)
	}
	return key, nil
}

// MarshalPEM writes a public key as an SPKI block, the form every peer reads.
func MarshalPEM(pub crypto.PublicKey) (string, error) {
	if err := usable(pub); err != nil {
		return "", fmt.Errorf("marshal public key: %w", err)
	}
	der, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		return "", fmt.Errorf("marshal public key: %w: %w", ErrKey, err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: blockSPKI, Bytes: der})), nil
}

// GenerateRSA makes a 2048-bit key. It costs about a quarter of a second: keep it out of requests (LB25).
// Go 1.26 draws from its own generator whatever rand is, unless GODEBUG says cryptocustomrand=1.
func GenerateRSA(rand io.Reader) (*rsa.PrivateKey, error) {
	key, err := rsa.GenerateKey(rand, rsaBits)
	if err != nil {
		return nil, fmt.Errorf("generate RSA key: %w", err)
	}
	return key, nil
}

// GenerateEd25519 makes a key from 32 bytes of rand; equal bytes give an equal key.
func GenerateEd25519(rand io.Reader) (ed25519.PrivateKey, error) {
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(rand, seed); err != nil {
		return nil, fmt.Errorf("generate Ed25519 key: %w", err)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// MarshalPrivate writes an *rsa.PrivateKey or an ed25519.PrivateKey as a PKCS#8 PEM block, unencrypted.
func MarshalPrivate(key crypto.Signer) (string, error) {
	if err := usablePrivate(key); err != nil {
		return "", fmt.Errorf("marshal private key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", fmt.Errorf("marshal private key: %w: %w", ErrKey, err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: blockPKCS8, Bytes: der})), nil
}

// ParsePrivate reads what MarshalPrivate wrote. The result is an *rsa.PrivateKey or an ed25519.PrivateKey.
func ParsePrivate(s string) (crypto.Signer, error) {
	block, err := onlyBlock(s)
	if err != nil {
		return nil, fmt.Errorf("parse private key: %w", err)
	}
	if block.Type != blockPKCS8 {
		return nil, fmt.Errorf("parse private key: %w: PEM block %q", ErrKey, block.Type)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("parse private key: %w: %w", ErrKey, err)
	}
	key, ok := parsed.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("parse private key: %w: %T cannot sign", ErrKey, parsed)
	}
	if err := usablePrivate(key); err != nil {
		return nil, fmt.Errorf("parse private key: %w", err)
	}
	return key, nil
}

// onlyBlock insists on exactly one block: with two, two readers could take different keys from one actor.
func onlyBlock(s string) (*pem.Block, error) {
	if len(s) > maxPEM {
		return nil, fmt.Errorf("%w: PEM text of %d bytes", ErrKey, len(s))
	}
	block, rest := pem.Decode([]byte(s))
	if block == nil {
		return nil, fmt.Errorf("%w: no PEM block", ErrKey)
	}
	if strings.TrimSpace(string(rest)) != "" {
		return nil, fmt.Errorf("%w: text after the PEM block", ErrKey)
	}
	return block, nil
}

// usable says whether a public key may verify anything here. It is asked again at every verification, because a key
// may come from a cache, a database or a test rather than from ParsePEM.
func usable(key crypto.PublicKey) error {
	switch k := key.(type) {
	case *rsa.PublicKey:
		if k == nil || k.N == nil {
			return fmt.Errorf("%w: empty RSA key", ErrKey)
		}
		if bits := k.N.BitLen(); bits < minRSABits || bits > maxRSABits {
			return fmt.Errorf("%w: RSA of %d bits, not %d to %d", ErrKey, bits, minRSABits, maxRSABits)
		}
		if k.E < 3 || k.E&1 == 0 {
			return fmt.Errorf("%w: RSA exponent %d", ErrKey, k.E)
		}
		return nil
	case ed25519.PublicKey:
		if len(k) != ed25519.PublicKeySize {
			return fmt.Errorf("%w: Ed25519 key of %d bytes", ErrKey, len(k))
		}
		return nil
	}
	return fmt.Errorf("%w: %T is neither RSA nor Ed25519", ErrKey, key)
}

func usablePrivate(key crypto.Signer) error {
	switch k := key.(type) {
	case *rsa.PrivateKey:
		if k == nil {
			return fmt.Errorf("%w: empty RSA key", ErrKey)
		}
		return usable(&k.PublicKey)
	case ed25519.PrivateKey:
		if len(k) != ed25519.PrivateKeySize {
			return fmt.Errorf("%w: Ed25519 private key of %d bytes", ErrKey, len(k))
		}
		return nil
	}
	return fmt.Errorf("%w: %T is neither RSA nor Ed25519", ErrKey, key)
}
