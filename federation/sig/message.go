package sig

import (
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
)

// message is a request as it stands on the wire, which is what both families sign. net/http keeps the same facts
// decoded and spread over several fields; here they are raw (S18).
type message struct {
	method string
	origin string // scheme://authority in lower case, without the scheme's default port
	host   string // the Host header, as sent
	target string // path?query as in the request line, percent-encoding untouched
	header http.Header
}

// outgoing describes a request about to be sent, and refuses what net/http would send otherwise than it is signed.
func outgoing(req *http.Request) (message, error) {
	switch {
	case req.URL == nil || req.URL.Opaque != "":
		return message{}, unsignable("the URL has no plain path")
	case req.URL.Scheme != "https" && req.URL.Scheme != "http":
		return message{}, unsignable("scheme %q is not http or https", req.URL.Scheme)
	}
	m := message{method: req.Method, host: req.Host, target: req.URL.RequestURI(), header: req.Header}
	if m.method == "" {
		m.method = http.MethodGet
	}
	if m.host == "" {
		m.host = req.URL.Host
	}
	if m.host == "" || !visible(m.host) || strings.ContainsAny(m.host, "%@/") {
		return message{}, unsignable("host %q is not an ASCII authority", m.host)
	}
	if !visible(m.target) {
		return message{}, unsignable("the path or query is not percent-encoded")
	}
	m.origin = req.URL.Scheme + "://" + authority(req.URL.Scheme, m.host)
	return m, nil
}

// incoming describes a received request. The origin is the configured one: what a proxy says about itself in
// X-Forwarded headers decides nothing.
func incoming(req *http.Request, origin string) (message, error) {
	target, err := requestTarget(req)
	if err != nil {
		return message{}, err
	}
	scheme, host, _ := strings.Cut(strings.ToLower(strings.TrimSuffix(origin, "/")), "://")
	return message{
		method: req.Method,
		origin: scheme + "://" + authority(scheme, host),
		host:   req.Host,
		target: target,
		header: req.Header,
	}, nil
}

// requestTarget prefers RequestURI, the only place where net/http keeps the bytes of the request line (G7).
func requestTarget(req *http.Request) (string, error) {
	target := req.RequestURI
	if target == "" && req.URL != nil {
		target = req.URL.RequestURI()
	}
	if _, rest, ok := strings.Cut(target, "://"); ok && !strings.HasPrefix(target, "/") {
		slash := strings.IndexAny(rest, "/?")
		switch {
		case slash < 0:
			target = "/"
		case rest[slash] == '?':
			target = "/" + rest[slash:]
		default:
			target = rest[slash:]
		}
	}
	if !strings.HasPrefix(target, "/") || !visible(target) {
		return "", malformed("the request target is not a percent-encoded path")
	}
	return target, nil
}

// scheme is "https" or "http".
func (m message) scheme() string {
	scheme, _, _ := strings.Cut(m.origin, "://")
	return scheme
}

// authority is the Host header in the normal form of RFC 9421 §2.2.3.
func (m message) authority() string { return authority(m.scheme(), m.host) }

// field is the value of a header as both families sign it: lines trimmed and joined with a comma and a space. Host
// is a field here although net/http keeps it apart.
func (m message) field(name string) (string, bool) {
	if name == "host" {
		return m.host, true
	}
	values := m.header[textproto.CanonicalMIMEHeaderKey(name)]
	if len(values) == 0 {
		return "", false
	}
	if len(values) == 1 {
		return strings.TrimSpace(values[0]), true
	}
	trimmed := make([]string, len(values))
	for i, v := range values {
		trimmed[i] = strings.TrimSpace(v)
	}
	return strings.Join(trimmed, ", "), true
}

func authority(scheme, host string) string {
	host = strings.ToLower(host)
	switch scheme {
	case "https":
		return strings.TrimSuffix(host, ":443")
	case "http":
		return strings.TrimSuffix(host, ":80")
	}
	return host
}

// visible says whether s is made of printable ASCII without spaces.
func visible(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

const maxKeyID = 2048

// checkKeyID refuses what cannot name a key on the web: acct: addresses (S5), relative references, user information.
// Whether plain http is allowed at all is decided by whoever retrieves the key.
func checkKeyID(id string) error {
	if id == "" || len(id) > maxKeyID || !visible(id) || strings.ContainsAny(id, "\"\\<>") {
		return malformed("the key id is not a URL of at most %d characters", maxKeyID)
	}
	u, err := url.Parse(id)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil {
		return malformed("the key id is not an http or https URL")
	}
	return nil
}
