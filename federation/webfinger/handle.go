package webfinger

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"essaim/federation/fetch"
)

// ErrHandle says that a text is not a handle of the form @name@host.
var ErrHandle = errors.New("this is not an address of the form @name@server")

// Handle is a name on a host. User keeps the case it was written in; Host is
// normalised (S32) and keeps an unusual port.
type Handle struct{ User, Host string }

// String is user@host.
func (h Handle) String() string { return h.User + "@" + h.Host }

// Acct is the handle as an acct: URI (RFC 7565).
func (h Handle) Acct() string { return "acct:" + h.String() }

// Equal compares handles; names differ in case only by habit, never by meaning.
func (h Handle) Equal(other Handle) bool {
	return strings.EqualFold(h.User, other.User) && h.Host == other.Host
}

// ParseHandle reads @user@host, user@host or acct:user@host, the host with a port
// if need be. The error wraps ErrHandle.
func ParseHandle(s string) (Handle, error) {
	rest := strings.TrimSpace(s)
	if len(rest) > 1024 {
		return Handle{}, fmt.Errorf("%w: too long", ErrHandle)
	}
	if len(rest) >= 5 && strings.EqualFold(rest[:5], "acct:") {
		rest = rest[5:]
	}
	user, authority, ok := strings.Cut(strings.TrimPrefix(rest, "@"), "@")
	if !ok || !userOK(user) {
		return Handle{}, fmt.Errorf("%w: %q", ErrHandle, s)
	}
	host, err := fetch.NormalHost(authority)
	if err != nil {
		return Handle{}, fmt.Errorf("%w: %w", ErrHandle, err)
	}
	return Handle{User: user, Host: host}, nil
}

// userOK is the superset of what the software we know allows in a name.
func userOK(user string) bool {
	for i := range len(user) {
		c := user[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case strings.IndexByte("_.-~+", c) >= 0:
		default:
			return false
		}
	}
	return user != "" && len(user) <= 253
}

// Resource is what a WebFinger query asks about; exactly one of its forms is
// set: Handle.User with Handle.Host (an account), URL (an address), or Handle.Host
// alone (the host itself: https://HOST/ of FEP-d556, or its bare name).
type Resource struct {
	Raw    string
	Handle Handle
	URL    string
}

// IsHost says that the question is about the host itself.
func (r Resource) IsHost() bool { return r.URL == "" && r.Handle.User == "" }

// ParseResource reads the resource parameter (RFC 7033 §4.1): an acct: URI, a
// handle without the scheme, an http(s) address, or a host. The error wraps
// ErrHandle.
func ParseResource(raw string) (Resource, error) {
	r := Resource{Raw: raw}
	if len(raw) > 2048 {
		return r, fmt.Errorf("%w: too long", ErrHandle)
	}
	if strings.Contains(raw, "://") {
		u, err := url.Parse(raw)
		if err != nil || fetch.Host(raw) == "" {
			return r, fmt.Errorf("%w: %q", ErrHandle, raw)
		}
		if (u.Path == "" || u.Path == "/") && u.RawQuery == "" {
			r.Handle.Host = fetch.Host(raw)
			return r, nil
		}
		r.URL, _, _ = strings.Cut(raw, "#")
		return r, nil
	}
	if !strings.Contains(raw, "@") {
		host, err := fetch.NormalHost(strings.TrimPrefix(raw, "acct:"))
		if err != nil {
			return r, fmt.Errorf("%w: %q", ErrHandle, raw)
		}
		r.Handle.Host = host
		return r, nil
	}
	var err error
	r.Handle, err = ParseHandle(raw)
	return r, err
}
