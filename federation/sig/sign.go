package sig

import (
	"fmt"
	"net/http"
	"time"
)

const (
	headerSignature      = "Signature"
	headerSignatureInput = "Signature-Input"
	// headerSync is signed whenever it is sent: followers collections are reconciled from it.
	headerSync = "Collection-Synchronization"
)

// Options refine SignWith. The zero value is a draft-cavage signature as R1 wants it.
type Options struct {
	Family Family
	// Digest is that of the body when the caller has it already: the body is then not read, so that one document
	// going to a thousand inboxes is hashed once.
	Digest *Digest
	// WithoutQuery leaves the query out of the signed target, for the second try after a 401.
	// Only Cavage has this dialect; with RFC9421 it is an error.
	WithoutQuery bool
}

// Sign adds the signature headers of the family to a request about to be sent. body is the exact body, nil for a
// GET; now becomes Date or `created`. It sets Host, Date and Digest or Content-Digest itself and removes what an
// earlier signature left, so a retry signs the same request again. Content-Type must be there already when there is
// a body. Cavage takes RSA keys only.
func Sign(req *http.Request, body []byte, key PrivateKey, family Family, now time.Time) error {
	return SignWith(req, body, key, now, Options{Family: family})
}

// SignWith is Sign with options.
func SignWith(req *http.Request, body []byte, key PrivateKey, now time.Time, o Options) error {
	if err := usablePrivate(key.Key); err != nil {
		return fmt.Errorf("sign request: %w", err)
	}
	if err := checkKeyID(key.ID); err != nil {
		return fmt.Errorf("sign request: %w: key id %q", ErrKey, key.ID)
	}
	if req.Header == nil {
		req.Header = make(http.Header)
	}
	m, err := outgoing(req)
	if err != nil {
		return fmt.Errorf("sign request: %w", err)
	}
	withBody := o.Digest != nil || wantsDigest(m.method, body)
	if withBody && req.Header.Get("Content-Type") == "" {
		return fmt.Errorf("sign request: %w", unsignable("a body needs a Content-Type"))
	}
	for _, name := range []string{headerSignature, headerSignatureInput, headerDigest, headerContentDigest, "Host"} {
		req.Header.Del(name)
	}
	req.Host = m.host
	req.Header.Set("Date", now.UTC().Format(http.TimeFormat))
	var digest Digest
	if o.Digest != nil {
		digest = *o.Digest
	} else if withBody {
		digest = DigestOf(body)
	}

	switch o.Family {
	case Cavage:
		if withBody {
			req.Header.Set(headerDigest, digest.header())
		}
		err = signCavage(m, withBody, o.WithoutQuery, key)
	case RFC9421:
		if o.WithoutQuery {
			err = unsignable("RFC 9421 always signs the query")
			break
		}
		if withBody {
			req.Header.Set(headerContentDigest, digest.contentHeader())
		}
		err = signMessage(m, withBody, key, now)
	default:
		err = unsignable("unknown %v", o.Family)
	}
	if err != nil {
		return fmt.Errorf("sign request: %w", err)
	}
	return nil
}

func unsignable(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrRequest, fmt.Sprintf(format, args...))
}
