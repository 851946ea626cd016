package vocab

import (
	"net/url"
	"strings"
)

// webURL tells whether s is an address we store and show: http or https with a host and nobody's name before it (S31). Browsers read a backslash
// as a slash, so an address that holds one says different things to different readers.
func webURL(s string) bool {
	if s == "" || len(s) > 2048 || strings.ContainsAny(s, " \\<>\"") {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil
}

// webOnly is s when it is a web address, else "".
func webOnly(s string) string {
	if webURL(s) {
		return s
	}
	return ""
}

// languageTag tells whether s has the form of a BCP 47 tag; "und" and JSON-LD's "@none" say that there is no language.
func languageTag(s string) bool {
	if len(s) < 2 || len(s) > 35 || s == "und" {
		return false
	}
	for _, c := range []byte(s) {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-') {
			return false
		}
	}
	return true
}
