package fetch

import (
	"net/url"
	"strings"
)

// maxURL is the longest address that is stored (S31), in bytes once escaped.
const maxURL = 2048

// CleanURL reads an address found in somebody's document and writes it again, so
// that what is stored is what was judged (S31). Only http and https with a valid
// host and no user information pass, at most 2048 characters once escaped.
func CleanURL(s string) (string, bool) {
	if len(s) > maxURL {
		return "", false
	}
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Opaque != "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return "", false
	}
	if u.Host, err = normalAuthority(u); err != nil {
		return "", false
	}
	u.RawQuery = escapeQuery(u.RawQuery)
	clean := u.String()
	if len(clean) > maxURL {
		return "", false
	}
	return clean, true
}

// escapeQuery escapes what must not stand in a query and which net/url leaves
// as it came: spaces, quotes, angle brackets, anything outside ASCII.
func escapeQuery(q string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(q) {
		c := q[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}#", c) >= 0 {
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// normalAuthority is NormalHost for a parsed address, whose scheme says which
// port goes without saying.
func normalAuthority(u *url.URL) (string, error) {
	if u.Scheme == "http" {
		return normalise(u.Host, 80)
	}
	return normalise(u.Host, 443)
}

// Host is the normalised authority of an http(s) address, port included when it
// is not the usual one; empty when iri is not such an address.
func Host(iri string) string {
	_, host := origin(iri)
	return host
}

// SameOrigin says whether two addresses have the same scheme, host and port
// (S2, S4). Addresses that cannot be read are of no origin.
func SameOrigin(a, b string) bool {
	schemeA, hostA := origin(a)
	schemeB, hostB := origin(b)
	return hostA != "" && schemeA == schemeB && hostA == hostB
}

func origin(iri string) (scheme, host string) {
	u, err := url.Parse(iri)
	if err != nil || u.Opaque != "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return "", ""
	}
	host, err = normalAuthority(u)
	if err != nil {
		return "", ""
	}
	return u.Scheme, host
}
