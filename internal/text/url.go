package text

import (
	"net/url"
	"strings"
	"unicode"
)

// MaxURL is the longest address kept, in bytes (S31).
const MaxURL = 2048

// SafeURL checks an address that an outsider gave, and returns the form to
// store: absolute, http or https, with a host, without user name, at most MaxURL
// bytes (S31). `javascript:`, `data:`, `//x` and `https:\\x` are refused.
func SafeURL(raw string) (string, bool) {
	raw = strings.TrimSpace(raw)
	if len(raw) > MaxURL || strings.ContainsFunc(raw, unfitForURL) {
		return "", false
	}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return "", false
	}
	s := u.String()
	return s, len(s) <= MaxURL
}

// unfitForURL: what readers of addresses are known to disagree about, and what
// cannot be seen.
func unfitForURL(r rune) bool {
	return r <= ' ' || strings.ContainsRune("\"<>\\^`\uFFFD", r) || r > '~' && (unicode.IsControl(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r))
}
