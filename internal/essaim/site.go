package essaim

import (
	"net/url"
	"strings"

	"essaim/internal/i18n"
)

// Site makes the addresses of one instance (D3). Base is its public origin without a trailing slash, Host its authority, port included; Media is the
// origin of uploads, "" for Base (S42).
type Site struct {
	Base, Host, Media string
}

// InstanceHandle is the preferredUsername of the instance actor (federation §3).
const InstanceHandle = "relay"

// NewSite reads the public origin of an instance, such as https://innov.bzh.example.
func NewSite(origin string) (Site, error) {
	u, err := url.Parse(origin)
	if err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" || strings.Trim(u.Path, "/") != "" || strings.ContainsAny(origin, "?#") || u.User != nil {
		return Site{}, FieldError("url", "the public address must look like https://innov.example, without a path")
	}
	for _, c := range []byte(u.Host) {
		if c >= 0x80 || c == '%' || c == '_' {
			return Site{}, FieldError("url", "the public address must be written in plain letters; a name with accents has a form that begins with xn--")
		}
	}
	if strings.HasSuffix(u.Hostname(), ".") {
		return Site{}, FieldError("url", "the public address must not end with a dot")
	}
	host := strings.ToLower(u.Host)
	if port := u.Port(); port == "" || u.Scheme == "https" && port == "443" || u.Scheme == "http" && port == "80" {
		host = strings.TrimSuffix(host, ":"+port)
	}
	return Site{Base: u.Scheme + "://" + host, Host: host}, nil
}

// Instance is the id of the instance actor.
func (s Site) Instance() string { return s.Base + "/actor" }

// SharedInbox is where servers deliver once for everybody here (AP §7.1.3).
func (s Site) SharedInbox() string { return s.Base + "/inbox" }

// Actor is the id of a local actor; the instance actor lives at /actor.
func (s Site) Actor(handle string) string {
	if handle == InstanceHandle {
		return s.Instance()
	}
	return s.Base + "/actors/" + handle
}

// Object is the id of a local object. What is not public carries a random suffix, so that it cannot be guessed from a time (S45).
func (s Site) Object(id ID, suffix string) string {
	if suffix != "" {
		return s.Base + "/objects/" + id.String() + "-" + suffix
	}
	return s.Base + "/objects/" + id.String()
}

// Activity is the id of a local activity.
func (s Site) Activity(id ID) string { return s.Base + "/activities/" + id.String() }

// Profile is the human page of a local actor.
func (s Site) Profile(handle string) string { return s.Base + "/@" + handle }

// Domain is the host without its port.
func (s Site) Domain() string {
	if i := strings.LastIndexByte(s.Host, ':'); i > strings.LastIndexByte(s.Host, ']') {
		return s.Host[:i]
	}
	return s.Host
}

// Tag is the page of a hashtag.
func (s Site) Tag(tag string) string { return s.Base + "/tags/" + url.PathEscape(TagKey(tag)) }

// TagKey is the form under which a hashtag is filed and found: without case or accents, since #Mobilité and #mobilite are one subject.
func TagKey(tag string) string { return i18n.Fold(strings.TrimLeft(tag, "#")) }

// Owns tells whether an iri is one of this instance's.
func (s Site) Owns(iri string) bool {
	return iri == s.Base || strings.HasPrefix(iri, s.Base+"/")
}

// HostOf returns the authority of an iri, lower case, port included, or "".
func HostOf(iri string) string {
	_, rest, ok := strings.Cut(iri, "://")
	if !ok {
		return ""
	}
	host, _, _ := strings.Cut(rest, "/")
	host, _, _ = strings.Cut(host, "?")
	host, _, _ = strings.Cut(host, "#")
	return strings.ToLower(host)
}

// SameOrigin tells whether two iris have the same scheme and authority (FEP-fe34).
func SameOrigin(a, b string) bool {
	sa, _, oka := strings.Cut(a, "://")
	sb, _, okb := strings.Cut(b, "://")
	return oka && okb && strings.EqualFold(sa, sb) && HostOf(a) == HostOf(b) && HostOf(a) != ""
}
