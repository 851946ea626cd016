package fetch

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Content types of ActivityPub. ActivityType is what we send, to the letter,
// because some peers compare strings (R4).
const (
	ActivityType = "application/activity+json; charset=utf-8"
	AcceptObject = `application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"`
)

// Size limits of S25, in bytes after decompression.
const (
	MaxObject = 1 << 20
	MaxSmall  = 256 << 10 // WebFinger, NodeInfo, host-meta
	MaxMedia  = 10 << 20
)

// Signer signs an outgoing request in place; body is nil for a GET. It may set
// Date, Digest and the signature headers, and must not touch others.
type Signer func(req *http.Request, body []byte) error

// Options configure a Client; zero values take the defaults named here.
type Options struct {
	Guard     Guard
	Transport http.RoundTripper // Guard.Transport(); a test gives its own network
	UserAgent string            // see UserAgent; peers want to know whom to write to
	MaxBody   int64             // MaxObject, for ActivityPub documents
	Timeout   time.Duration     // 15 s for a whole exchange, redirects and body included
	Now       func() time.Time  // time.Now
	// Allow is the instance's policy on hosts (S33): it is asked for each
	// request, redirects included, and its error ends the exchange as Refused.
	Allow func(ctx context.Context, host string) error
}

// UserAgent is the form peers expect: software, version, and the address of the
// instance that asks.
func UserAgent(software, version, instance string) string {
	return software + "/" + version + " (+" + instance + ")"
}

// Client makes the requests. It is safe for concurrent use; one per process.
type Client struct {
	o     Options
	gzips sync.Pool
}

// New makes a Client.
func New(o Options) *Client {
	if o.Transport == nil {
		o.Transport = o.Guard.Transport()
	}
	if o.UserAgent == "" {
		o.UserAgent = "ActivityPub client (address not configured)"
	}
	if o.MaxBody == 0 {
		o.MaxBody = MaxObject
	}
	if o.Timeout == 0 {
		o.Timeout = 15 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Client{o: o}
}

// Now is the clock of the client.
func (c *Client) Now() time.Time { return c.o.Now() }

// Origin is Guard.Origin of the client's guard.
func (c *Client) Origin(host string) string { return c.o.Guard.Origin(host) }

// Check is Guard.CheckURL for an address in text form.
func (c *Client) Check(iri string) error {
	_, err := c.parse(iri)
	return err
}

// Document is what a GET brought back.
type Document struct {
	URL         string // where it was found in the end, without fragment
	Body        []byte
	ContentType string
	Header      http.Header
}

// GetObject retrieves an ActivityPub document (ActivityPub §3.2). The fragment of
// iri is dropped. Redirects are followed by hand and signed afresh (S23); the
// type must be exactly an ActivityPub one (S24). A 401 to an address with a
// query is asked once more with the query left out of the signed target, as
// some peers verify it so (federation §2.1). With a nil sign the request goes
// out unsigned. The caller compares the document's id with Document.URL (S4).
func (c *Client) GetObject(ctx context.Context, iri string, sign Signer) (*Document, error) {
	return c.get(ctx, iri, AcceptObject, IsActivityType, c.o.MaxBody, sign)
}

// Get retrieves any other document, unsigned, whose type is one of accept and
// whose size is at most max bytes.
func (c *Client) Get(ctx context.Context, iri string, accept []string, max int64) (*Document, error) {
	return c.get(ctx, iri, strings.Join(accept, ", "), oneOf(accept), max, nil)
}

// GetJSON is Get for WebFinger, NodeInfo and the like: the body is also known to
// be one well-formed JSON value.
func (c *Client) GetJSON(ctx context.Context, iri string, accept []string, max int64) (*Document, error) {
	doc, err := c.Get(ctx, iri, accept, max)
	if err != nil {
		return nil, err
	}
	if !json.Valid(doc.Body) {
		return nil, &Error{Kind: Type, URL: doc.URL, Err: errors.New("not JSON")}
	}
	return doc, nil
}

// Response is what is told of the answer to a POST: not its body (S26).
type Response struct {
	Status int
	Header http.Header
}

// Post sends a signed activity to an inbox (ActivityPub §7.1). Any answer of the
// peer is a Response, also a failure or a redirect, which is not followed (DL6).
// A body above MaxObject is refused as TooLarge.
func (c *Client) Post(ctx context.Context, inbox string, body []byte, sign Signer) (*Response, error) {
	if len(body) > MaxObject {
		return nil, &Error{Kind: TooLarge, URL: inbox}
	}
	u, err := c.parse(inbox)
	if err != nil {
		return nil, err
	}
	deadline, cancel := context.WithTimeout(ctx, c.o.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(deadline, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, &Error{Kind: Refused, URL: inbox, Err: err}
	}
	req.Header.Set("Content-Type", ActivityType)
	req.Header.Set("Accept", AcceptObject)
	resp, err := c.send(ctx, req, body, sign, false)
	if err != nil {
		return nil, err
	}
	discard(resp.Body)
	return &Response{Status: resp.StatusCode, Header: resp.Header}, nil
}

func (c *Client) get(ctx context.Context, iri, accept string, want func(string) bool, max int64, sign Signer) (*Document, error) {
	u, err := c.parse(iri)
	if err != nil {
		return nil, err
	}
	deadline, cancel := context.WithTimeout(ctx, c.o.Timeout)
	defer cancel()
	seen := map[string]bool{}
	at, _, _ := strings.Cut(iri, "#")
	for bare := false; ; {
		seen[u.String()] = true
		req, err := http.NewRequestWithContext(deadline, http.MethodGet, u.String(), nil)
		if err != nil {
			return nil, &Error{Kind: Refused, URL: at, Err: err}
		}
		req.Header.Set("Accept", accept)
		req.Header.Set("Accept-Encoding", "gzip")
		resp, err := c.send(ctx, req, nil, sign, bare)
		if err != nil {
			return nil, err
		}
		switch status := resp.StatusCode; {
		case status == http.StatusOK:
			return c.read(ctx, resp, at, want, max)
		case status == http.StatusUnauthorized && sign != nil && u.RawQuery != "" && !bare:
			discard(resp.Body)
			bare = true
		case isRedirect(status):
			discard(resp.Body)
			if u, err = c.next(u, resp.Header.Get("Location"), seen); err != nil {
				return nil, err
			}
			at, bare = u.String(), false
		default:
			discard(resp.Body)
			return nil, &Error{Kind: Status, Status: status, URL: at, RetryAfter: resp.Header.Get("Retry-After")}
		}
	}
}

// parse reads and checks an address, and puts its host in the one spelling that
// the connection, the signature and the policy will all see.
func (c *Client) parse(iri string) (*url.URL, error) {
	u, err := url.Parse(iri)
	if err == nil {
		err = c.o.Guard.CheckURL(u)
	}
	if err != nil {
		return nil, &Error{Kind: Refused, URL: iri, Err: err}
	}
	return c.normal(u)
}

func (c *Client) normal(u *url.URL) (*url.URL, error) {
	host, err := normalAuthority(u)
	if err != nil {
		return nil, &Error{Kind: Refused, URL: u.Redacted(), Err: err}
	}
	u.Host, u.Fragment, u.RawFragment = host, "", ""
	return u, nil
}

// send signs and sends one request. bare signs as if the address had no query.
// outer is the caller's context: when that one ended, its reason is reported.
func (c *Client) send(outer context.Context, req *http.Request, body []byte, sign Signer, bare bool) (*http.Response, error) {
	at := req.URL.String()
	if c.o.Allow != nil {
		if err := c.o.Allow(outer, req.URL.Host); err != nil {
			return nil, &Error{Kind: Refused, URL: at, Err: err}
		}
	}
	if err := spend(outer); err != nil {
		return nil, &Error{Kind: Budget, URL: at, Err: err}
	}
	req.Header.Set("User-Agent", c.o.UserAgent)
	if sign != nil {
		if err := signAs(req, body, sign, bare); err != nil {
			return nil, &Error{Kind: Signing, URL: at, Err: err}
		}
	}
	// An empty Idempotency-Key is not sent; it lets the transport try again by
	// itself when a kept connection turns out to be closed. Activities have ids,
	// so receiving one twice is harmless.
	req.Header["Idempotency-Key"] = nil
	resp, err := c.o.Transport.RoundTrip(req)
	if err != nil {
		return nil, unreachable(outer, at, err)
	}
	return resp, nil
}

func unreachable(outer context.Context, at string, err error) error {
	if cause := outer.Err(); cause != nil && !errors.Is(err, cause) {
		err = fmt.Errorf("%w: %w", cause, err)
	}
	return &Error{Kind: Unreachable, URL: at, Err: err}
}

func signAs(req *http.Request, body []byte, sign Signer, bare bool) error {
	if !bare {
		return sign(req, body)
	}
	full := req.URL
	without := *full
	without.RawQuery, without.ForceQuery = "", false
	req.URL = &without
	err := sign(req, body)
	req.URL = full
	return err
}
