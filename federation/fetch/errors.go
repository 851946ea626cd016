package fetch

import (
	"errors"
	"fmt"
	"net/http"
)

// Kind says at which step a request failed.
type Kind int

// The kinds of failure. Refused is ours and final; Unreachable is the network's
// (resolution, connection, deadline, an address that S21 refuses); the others
// are about the answer.
const (
	Refused     Kind = iota + 1 // the rules of S22, or the instance's policy, forbid the request
	Unreachable                 // no complete answer: name, connection, deadline
	Status                      // an answer other than 200, see Error.Status
	Type                        // not the content type that was asked for (S24), or not JSON
	TooLarge                    // more bytes than allowed, or a suspicious compression (S25)
	Redirect                    // too many, in a circle, or changing scheme (S23)
	Budget                      // S36
	Signing                     // our own signer failed; says nothing about the peer
)

var kinds = [...]string{"unknown", "refused", "unreachable", "status", "wrong type", "too large", "redirect", "budget", "signing"}

// String names the kind, for logs and metrics.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(kinds) {
		return kinds[0]
	}
	return kinds[k]
}

// Error is every failure of a Client. Its text is for the operator's log: it
// names the address and the step but never holds a byte of the peer's answer
// (S26), and is not meant for whoever caused the request.
type Error struct {
	Kind       Kind
	Status     int    // the HTTP status when Kind is Status
	URL        string // the address at which it failed, after redirects
	RetryAfter string // the header of that name, as received, when Kind is Status
	Err        error  // the cause, may be nil
}

// Error implements error.
func (e *Error) Error() string {
	switch {
	case e.Kind == Status:
		return fmt.Sprintf("fetch %s: answered %d", e.URL, e.Status)
	case e.Err != nil:
		return fmt.Sprintf("fetch %s: %s: %v", e.URL, e.Kind, e.Err)
	}
	return fmt.Sprintf("fetch %s: %s", e.URL, e.Kind)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf is the Kind of a failure, zero when err did not come from here.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return 0
}

// StatusOf is the HTTP status of a failure, zero when there was none.
func StatusOf(err error) int {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Status
	}
	return 0
}

// Gone says that the peer answered 410: what was there is deleted for good (R8).
func Gone(err error) bool { return StatusOf(err) == http.StatusGone }

// Missing says that the peer answered 404 or 410. A 404 alone may be a mistake
// of a moment or a way to hide, so it weighs less than Gone.
func Missing(err error) bool {
	return StatusOf(err) == http.StatusNotFound || Gone(err)
}

// Temporary says that the same request may succeed later: the network, or a
// status that means so (401 too: the peer may have failed to get our key).
func Temporary(err error) bool {
	switch KindOf(err) {
	case Unreachable, Signing:
		return true
	case Status:
		return TemporaryStatus(StatusOf(err))
	}
	return false
}

// TemporaryStatus says whether an HTTP status invites another try (DL4): 401,
// 408, 429 and the 5xx other than 501.
func TemporaryStatus(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusRequestTimeout, http.StatusTooManyRequests:
		return true
	}
	return status >= 500 && status != http.StatusNotImplemented
}
