// Package deliver sends one signed activity to one inbox and says in one word
// what became of it (ActivityPub §7.1, rules DL1 to DL7 of the federation
// contract), with the arithmetic of trying again: back-off, Retry-After, and a
// breaker per host.
//
// It keeps nothing and queues nothing: who receives, in which order, and what is
// stored between two tries is decided by the caller. A Done means that the peer
// took the bytes, not that it believed them (DL7).
package deliver

import (
	"context"
	"net/http"
	"time"

	"essaim/federation/fetch"
)

// Verdict is what to do next with a delivery.
type Verdict int

// The verdicts. Gone is one 404 or 410: after three of them the caller stops
// delivering to that inbox (DL4).
const (
	Retry    Verdict = iota // later, not before Result.After
	Done                    // the peer answered 2xx
	Gone                    // 404 or 410: no such inbox
	Refused                 // final: the peer or our own rules say no
	Unsigned                // 400 or 401: sign in the other family, once, then see Settled
)

// String names the verdict, for logs and metrics.
func (v Verdict) String() string {
	return [...]string{"retry", "done", "gone", "refused", "unsigned"}[v]
}

// Result is the outcome of one try.
type Result struct {
	Verdict Verdict
	After   time.Duration // what the peer's Retry-After asks for, at most a day; zero when it did not
	Status  int           // zero when there was no answer
	Err     error         // why there was no answer; for the log only (S26)
}

// Post signs body and sends it to an inbox. It is signed at this moment, since a
// signature only lives for an hour or so: call Post anew for each try. Redirects
// are not followed (DL6). It never fails otherwise than by its Result.
func Post(ctx context.Context, c *fetch.Client, inbox string, body []byte, sign fetch.Signer) Result {
	resp, err := c.Post(ctx, inbox, body, sign)
	if err != nil {
		return Result{Verdict: failure(err), Err: err}
	}
	r := Result{Verdict: verdict(resp.Status), Status: resp.Status}
	if r.Verdict == Retry {
		r.After = RetryAfter(resp.Header.Get("Retry-After"), c.Now())
	}
	return r
}

// failure separates what cannot change (the address, the size) from the rest. A
// signer that failed is our own trouble, to be retried when mended.
func failure(err error) Verdict {
	switch fetch.KindOf(err) {
	case fetch.Refused, fetch.TooLarge:
		return Refused
	}
	return Retry
}

// verdict is rule DL4. A redirect is retried: servers under maintenance redirect
// to a page that says so, and an inbox that moved is learnt from its actor.
func verdict(status int) Verdict {
	switch {
	case status >= 200 && status < 300:
		return Done
	case status == http.StatusBadRequest, status == http.StatusUnauthorized:
		return Unsigned
	case status == http.StatusNotFound, status == http.StatusGone:
		return Gone
	case status == http.StatusNotImplemented, status >= 400 && status < 500 && !fetch.TemporaryStatus(status):
		return Refused
	}
	return Retry
}

// Settled is the result to act on when there is no other signature family to
// try, or when that was tried as well: 401 is retried, since the peer may have
// failed to get our key; 400 is final (DL4).
func (r Result) Settled() Result {
	if r.Verdict == Unsigned {
		r.Verdict = Refused
		if fetch.TemporaryStatus(r.Status) {
			r.Verdict = Retry
		}
	}
	return r
}
