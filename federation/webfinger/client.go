package webfinger

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"essaim/federation/fetch"
)

const (
	wellKnown = "/.well-known/webfinger"
	hostMeta  = "/.well-known/host-meta"
)

// Why a lookup that got its answers still found nobody.
var (
	ErrNoActor = errors.New("webfinger: this address does not lead to an ActivityPub actor")
	ErrLoop    = errors.New("webfinger: the servers concerned do not agree on this address")
)

// Client looks handles up. It is safe for concurrent use.
type Client struct{ fetch *fetch.Client }

// NewClient makes a Client whose requests go through f.
func NewClient(f *fetch.Client) *Client { return &Client{f} }

// Result is where a handle leads to. Every address in it was cleaned (S31).
type Result struct {
	Subject           Handle // the handle its own host gives, which may differ from the one asked for
	Self              string // the actor id, checked by the guard; its document must still agree (S12)
	Profile           string // the page for people, may be empty
	SubscribeTemplate string // with {uri} to fill in, may be empty
	Links             []Link // as received: check before use, with JRD.Href and JRD.Template
}

// JRD gives the result's links their accessors back.
func (r *Result) JRD() *JRD { return &JRD{Subject: r.Subject.Acct(), Links: r.Links} }

// Lookup finds the actor behind a handle (federation-R6). When the host answers
// with another subject (an alias, or a handle domain apart from the server), that
// subject's own host is asked once and must lead to the same actor. A host that
// knows no WebFinger (404) is asked for its host-meta. One request as a rule, six
// at the worst, redirects aside. Errors: ErrHandle, ErrNoActor, ErrLoop, or those of fetch, of
// which fetch.Gone and fetch.Missing tell that the account is no more.
func (c *Client) Lookup(ctx context.Context, handle string) (*Result, error) {
	asked, err := ParseHandle(handle)
	if err != nil {
		return nil, err
	}
	jrd, self, err := c.ask(ctx, asked)
	if err != nil {
		return nil, err
	}
	subject, err := subjectOf(jrd, asked)
	if err != nil {
		return nil, err
	}
	if !subject.Equal(asked) {
		first := self
		if jrd, self, err = c.ask(ctx, subject); err != nil {
			return nil, err
		}
		again, err := subjectOf(jrd, subject)
		if err != nil {
			return nil, err
		}
		if !again.Equal(subject) || self != first {
			return nil, fmt.Errorf("%w: %s", ErrLoop, asked)
		}
	}
	return &Result{
		Subject:           subject,
		Self:              self,
		Profile:           jrd.Href(RelProfile),
		SubscribeTemplate: jrd.Template(RelSubscribe, "uri"),
		Links:             jrd.Links,
	}, nil
}

// subjectOf reads the subject, which RFC 7033 allows to be left out: the answer
// then is about what was asked.
func subjectOf(jrd *JRD, asked Handle) (Handle, error) {
	if jrd.Subject == "" {
		return asked, nil
	}
	subject, err := ParseHandle(jrd.Subject)
	if err != nil {
		return Handle{}, fmt.Errorf("%w: the subject is not an account", ErrNoActor)
	}
	return subject, nil
}

// ask gets the JRD of one handle from its host, and the actor id in it.
func (c *Client) ask(ctx context.Context, h Handle) (*JRD, string, error) {
	origin := c.fetch.Origin(h.Host)
	first := origin + wellKnown + "?resource=" + url.QueryEscape(h.Acct())
	doc, err := c.get(ctx, first)
	if fetch.StatusOf(err) == http.StatusNotFound {
		if other := c.elsewhere(ctx, origin, h); other != "" && other != first {
			doc, err = c.get(ctx, other)
		}
	}
	if err != nil {
		return nil, "", fmt.Errorf("webfinger %s: %w", h, err)
	}
	jrd, err := ParseJRD(doc.Body)
	if err != nil {
		return nil, "", fmt.Errorf("%w: %s: %w", ErrNoActor, h, err)
	}
	self := jrd.Self()
	if self == "" || c.fetch.Check(self) != nil {
		return nil, "", fmt.Errorf("%w: %s", ErrNoActor, h)
	}
	return jrd, self, nil
}

func (c *Client) get(ctx context.Context, address string) (*fetch.Document, error) {
	return c.fetch.GetJSON(ctx, address, []string{TypeJRD, "application/json"}, fetch.MaxSmall)
}

// elsewhere is the address that host-meta gives for this handle, empty when it
// gives none: the first answer, a 404, then stands.
func (c *Client) elsewhere(ctx context.Context, origin string, h Handle) string {
	doc, err := c.fetch.Get(ctx, origin+hostMeta,
		[]string{"application/xrd+xml", "application/xml", "text/xml"}, fetch.MaxSmall)
	if err != nil {
		return ""
	}
	template, err := ParseHostMeta(doc.Body)
	if err != nil {
		return ""
	}
	return strings.ReplaceAll(template, "{uri}", url.QueryEscape(h.Acct()))
}
