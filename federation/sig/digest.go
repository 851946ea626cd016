package sig

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/dunglas/httpsfv"
)

const (
	headerDigest        = "Digest"
	headerContentDigest = "Content-Digest"
	maxDigestHeader     = 1 << 10
)

// Digest is the SHA-256 of a body. A sender with one body for many inboxes takes it once.
type Digest [sha256.Size]byte

// DigestOf hashes the bytes exactly as they go on the wire.
func DigestOf(body []byte) Digest { return sha256.Sum256(body) }

// header is the value of Digest (RFC 3230), which draft-cavage signs.
func (d Digest) header() string { return "SHA-256=" + base64.StdEncoding.EncodeToString(d[:]) }

// contentHeader is the value of Content-Digest (RFC 9530), which RFC 9421 signs.
func (d Digest) contentHeader() string {
	return "sha-256=:" + base64.StdEncoding.EncodeToString(d[:]) + ":"
}

// check compares a claimed digest with the body received (S15, G5).
func (d Digest) check(claimed []byte) error {
	if subtle.ConstantTimeCompare(d[:], claimed) != 1 {
		return refused("the digest does not match the body")
	}
	return nil
}

// parseDigest takes the one SHA-256 value out of a Digest header. Other algorithms are passed over: they are not
// needed, and a second SHA-256 is refused because two readers could take different ones.
func parseDigest(values []string) ([]byte, error) {
	joined, err := joinBounded(values, headerDigest)
	if err != nil {
		return nil, err
	}
	var sum []byte
	for _, part := range strings.Split(joined, ",") {
		name, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok {
			return nil, malformed("the Digest header is not a list of algorithm=value")
		}
		if !strings.EqualFold(name, "sha-256") {
			continue
		}
		if sum != nil {
			return nil, malformed("the Digest header has several SHA-256 values")
		}
		if sum, err = base64.StdEncoding.DecodeString(value); err != nil || len(sum) != sha256.Size {
			return nil, malformed("the SHA-256 value of the Digest header is not 32 bytes of base64")
		}
	}
	if sum == nil {
		return nil, refused("the Digest header has no SHA-256 value")
	}
	return sum, nil
}

// parseContentDigest is parseDigest for the structured dictionary of RFC 9530.
func parseContentDigest(values []string) ([]byte, error) {
	if _, err := joinBounded(values, headerContentDigest); err != nil {
		return nil, err
	}
	dict, err := parseDictionary(values)
	if err != nil {
		return nil, malformed("the Content-Digest header is not a dictionary: %v", err)
	}
	member, ok := dict.Get("sha-256")
	if !ok {
		return nil, refused("the Content-Digest header has no sha-256 value")
	}
	item, _ := member.(httpsfv.Item)
	sum, ok := item.Value.([]byte)
	if !ok || len(sum) != sha256.Size {
		return nil, malformed("the sha-256 value of the Content-Digest header is not 32 bytes")
	}
	return sum, nil
}

// joinBounded joins the lines of a list header, refusing the absent and the absurd.
func joinBounded(values []string, name string) (string, error) {
	if len(values) == 0 {
		return "", refused("the %s header is missing", name)
	}
	joined := strings.Join(values, ",")
	if len(joined) > maxDigestHeader {
		return "", malformed("the %s header is longer than %d bytes", name, maxDigestHeader)
	}
	return joined, nil
}

// wantsDigest says whether a request must carry a signed digest: everything but a bare GET or HEAD.
func wantsDigest(method string, body []byte) bool {
	return len(body) > 0 || method != http.MethodGet && method != http.MethodHead && method != ""
}
