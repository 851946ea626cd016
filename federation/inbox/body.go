package inbox

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
)

// readBody reads at most max bytes. What a sender declares sizes the first buffer only within reason.
func readBody(r *http.Request, max int64) ([]byte, error) {
	const most, usual = 64 << 10, 4 << 10
	size := r.ContentLength
	if size < 0 {
		size = usual
	}
	buf := make([]byte, 0, min(size, most)+1) // one more, so that the end is found without growing
	body := io.LimitReader(r.Body, max+1)
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := body.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if int64(len(buf)) > max {
			return nil, tooLarge()
		}
		if err == io.EOF {
			return buf, nil
		}
		if err != nil {
			if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
				return nil, tooLarge()
			}
			return nil, refuse(http.StatusBadRequest, "the body ended before its time", err)
		}
	}
}

// activityType is lenient where S24 is strict: what is posted is parsed under guards anyway, and some senders leave the
// profile out.
func activityType(contentType string) bool {
	if contentType == "application/activity+json" {
		return true
	}
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && (media == "application/activity+json" || media == "application/ld+json")
}

const maxIRI = 2048

func schemeOf(iri string) string {
	scheme, _, ok := strings.Cut(iri, "://")
	if !ok {
		return ""
	}
	return strings.ToLower(scheme)
}

// hostOf is the authority of an iri, lower case, port included; "" when there is none or it carries user information.
func hostOf(iri string) string {
	_, rest, ok := strings.Cut(iri, "://")
	if !ok {
		return ""
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	if strings.ContainsAny(rest, "@\\ ") {
		return ""
	}
	return strings.ToLower(rest)
}

func sameOrigin(a, b string) bool {
	host := hostOf(a)
	return host != "" && host == hostOf(b) && schemeOf(a) == schemeOf(b)
}
