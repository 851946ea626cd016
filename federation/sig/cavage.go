package sig

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"slices"
	"strconv"
	"strings"
	"time"
)

// cavageClaim is a draft-cavage signature that has passed every check but the last.
type cavageClaim struct {
	message message
	header  cavageHeader
}

// parseCavage applies, before any key is sought, our parser (G2), the header policy (S14, G4), the time window
// (S16, G6) and the digest (S15, G5).
func parseCavage(m message, body []byte, p Policy) (*Received, error) {
	lines := m.header[headerSignature]
	if len(lines) != 1 {
		return nil, malformed("the request has %d Signature headers", len(lines))
	}
	h, err := parseCavageHeader(lines[0])
	if err != nil {
		return nil, err
	}
	for _, name := range h.names {
		if _, ok := m.field(name); !ok && name[0] != '(' {
			return nil, refused("the signature covers %q, which the request does not have", name)
		}
	}
	if err := h.checkCover(m.method, body); err != nil {
		return nil, err
	}
	if err := h.checkAlgorithm(); err != nil {
		return nil, err
	}
	if err := h.checkTimes(m, p); err != nil {
		return nil, err
	}
	if h.covers("digest") {
		claimed, err := parseDigest(m.header[headerDigest])
		if err != nil {
			return nil, err
		}
		if err := DigestOf(body).check(claimed); err != nil {
			return nil, err
		}
	}
	return &Received{KeyID: h.keyID, Family: Cavage, claim: &cavageClaim{message: m, header: h}}, nil
}

func (h cavageHeader) covers(name string) bool { return slices.Contains(h.names, name) }

// checkCover is S14: what must be signed for the signature to mean this request and no other.
func (h cavageHeader) checkCover(method string, body []byte) error {
	required := []string{requestTargetName, "host"}
	if wantsDigest(method, body) {
		required = append(required, "digest")
	}
	for _, name := range required {
		if !h.covers(name) {
			return refused("the signature does not cover %s", name)
		}
	}
	if !h.covers("date") && !h.covers("(created)") {
		return refused("the signature covers neither date nor (created)")
	}
	return nil
}

// checkAlgorithm knows the names in use. The name chooses nothing: it can only make a signature refused.
func (h cavageHeader) checkAlgorithm() error {
	switch h.algorithm {
	case "", "hs2019":
		return nil
	case "rsa-sha256", "rsa-sha512", "ed25519":
		if h.covers("(created)") || h.covers("(expires)") {
			return malformed("(created) and (expires) go with the algorithm hs2019")
		}
		return nil
	}
	return refused("the algorithm %q is not accepted", h.algorithm)
}

// checkTimes judges signed times alone.
func (h cavageHeader) checkTimes(m message, p Policy) error {
	if h.covers("date") {
		if len(m.header["Date"]) != 1 {
			return malformed("the request has %d Date headers", len(m.header["Date"]))
		}
		date, err := parseDate(m.header.Get("Date"))
		if err != nil {
			return err
		}
		if err := p.checkWindow(date); err != nil {
			return err
		}
	}
	if h.covers("(created)") {
		if h.created == nil {
			return malformed("the signature covers (created) and has no such parameter")
		}
		if err := p.checkWindow(time.Unix(*h.created, 0)); err != nil {
			return err
		}
	}
	if h.covers("(expires)") {
		if h.expires == nil {
			return malformed("the signature covers (expires) and has no such parameter")
		}
		return p.checkExpiry(time.Unix(*h.expires, 0))
	}
	return nil
}

// verify tries the target as received, then without its query, as some senders sign it (G8).
func (c *cavageClaim) verify(key crypto.PublicKey) bool {
	var hashes []crypto.Hash
	switch key.(type) {
	case *rsa.PublicKey:
		if c.header.algorithm == "ed25519" {
			return false
		}
		hashes = []crypto.Hash{crypto.SHA256, crypto.SHA512}
	case ed25519.PublicKey:
		if strings.HasPrefix(c.header.algorithm, "rsa-") {
			return false
		}
		hashes = []crypto.Hash{0}
	}
	targets := []string{c.message.target}
	if path, _, ok := strings.Cut(c.message.target, "?"); ok {
		targets = append(targets, path)
	}
	for _, hash := range hashes {
		for _, target := range targets {
			if c.verifyTarget(target, key, hash) {
				return true
			}
		}
	}
	return false
}

func (c *cavageClaim) verifyTarget(target string, key crypto.PublicKey, hash crypto.Hash) bool {
	if c.header.covers("(created)") || c.header.covers("(expires)") {
		return checkSignature(key, hash, []byte(c.signingString(target)), c.header.signature)
	}
	return verifyGoFed(c.message, target, c.header, key, hash)
}

// signingString is draft-cavage-12 §2.3. It serves the signatures over (created) and (expires), which go-fed/httpsig
// would judge by a clock that is not ours; for all others a test holds it equal to the package.
func (c *cavageClaim) signingString(target string) string {
	var b strings.Builder
	for i, name := range c.header.names {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(name)
		b.WriteString(": ")
		switch name {
		case requestTargetName:
			b.WriteString(strings.ToLower(c.message.method) + " " + target)
		case "(created)":
			b.WriteString(strconv.FormatInt(*c.header.created, 10))
		case "(expires)":
			b.WriteString(strconv.FormatInt(*c.header.expires, 10))
		default:
			value, _ := c.message.field(name)
			b.WriteString(value)
		}
	}
	return b.String()
}
