package sig

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dunglas/httpsfv"
)

const (
	algRSA     = "rsa-v1_5-sha256"
	algEd25519 = "ed25519"
	sentLabel  = "sig1"
)

// messageClaim is an RFC 9421 signature that has passed every check but the last.
type messageClaim struct {
	base      []byte
	alg       string // "" when absent
	signature []byte
}

// component resolves a component identifier without parameters (RFC 9421 §2.1, §2.2).
func (m message) component(name string) (string, bool) {
	switch name {
	case "@method":
		return m.method, true
	case "@target-uri":
		return m.origin + m.target, true
	case "@authority":
		return m.authority(), true
	case "@scheme":
		return m.scheme(), true
	case "@request-target":
		return m.target, true
	case "@path":
		path, _, _ := strings.Cut(m.target, "?")
		return path, true
	case "@query":
		_, query, _ := strings.Cut(m.target, "?")
		return "?" + query, true
	}
	if strings.HasPrefix(name, "@") {
		return "", false
	}
	return m.field(name)
}

// signatureBase is RFC 9421 §2.5. It knows components without parameters only: no ActivityPub server signs others.
func (m message) signatureBase(list httpsfv.InnerList) ([]byte, error) {
	params, err := httpsfv.Marshal(list)
	if err != nil {
		return nil, malformed("the signature parameters cannot be written: %v", err)
	}
	var b strings.Builder
	names := coveredNames(list)
	for i, item := range list.Items {
		name := names[i]
		if name == "" || len(item.Params.Names()) > 0 || slices.Contains(names[:i], name) {
			return nil, malformed("a signed component is repeated, has parameters or is no string")
		}
		value, ok := m.component(name)
		if !ok {
			return nil, refused("the signature covers %q, which the request does not have", name)
		}
		b.WriteString(`"` + name + `": ` + value + "\n")
	}
	b.WriteString(`"@signature-params": ` + params)
	return []byte(b.String()), nil
}

// coveredNames lists the components, "" standing for what is not a plain lower-case name.
func coveredNames(list httpsfv.InnerList) []string {
	names := make([]string, len(list.Items))
	for i, item := range list.Items {
		if name, ok := item.Value.(string); ok && visible(name) && !strings.ContainsAny(name, `"\`) && name == strings.ToLower(name) {
			names[i] = name
		}
	}
	return names
}

// signMessage signs `@method @target-uri @authority`, and with a body its digest and type.
func signMessage(m message, withBody bool, key PrivateKey, now time.Time) error {
	names := []string{"@method", "@target-uri", "@authority"}
	if withBody {
		names = append(names, "content-digest", "content-type")
	}
	if m.header.Get(headerSync) != "" {
		names = append(names, strings.ToLower(headerSync))
	}
	list := httpsfv.InnerList{Params: httpsfv.NewParams()}
	for _, name := range names {
		list.Items = append(list.Items, httpsfv.NewItem(name))
	}
	alg := algRSA
	if _, ok := key.Key.(ed25519.PrivateKey); ok {
		alg = algEd25519
	}
	list.Params.Add("created", now.Unix())
	list.Params.Add("keyid", key.ID)
	list.Params.Add("alg", alg)
	base, err := m.signatureBase(list)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRequest, err)
	}
	signature, err := signBase(key.Key, base)
	if err != nil {
		return err
	}
	input, err := httpsfv.Marshal(list)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRequest, err)
	}
	m.header.Set(headerSignatureInput, sentLabel+"="+input)
	m.header.Set(headerSignature, sentLabel+"=:"+base64.StdEncoding.EncodeToString(signature)+":")
	return nil
}

// signBase signs with PKCS#1 v1.5 or Ed25519: both are deterministic and need no source of randomness.
func signBase(key crypto.Signer, base []byte) ([]byte, error) {
	var (
		signature []byte
		err       error
	)
	if _, ok := key.(*rsa.PrivateKey); ok {
		sum := sha256.Sum256(base)
		signature, err = key.Sign(nil, sum[:], crypto.SHA256)
	} else {
		signature, err = key.Sign(nil, base, crypto.Hash(0))
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	return signature, nil
}

// verify takes the algorithm from the key; an alg parameter must name the same one (RFC 9421 §3.2 step 6).
func (c *messageClaim) verify(key crypto.PublicKey) bool {
	alg := algEd25519
	if _, ok := key.(*rsa.PublicKey); ok {
		alg = algRSA
	}
	if c.alg != "" && c.alg != alg {
		return false
	}
	return checkSignature(key, crypto.SHA256, c.base, c.signature)
}
