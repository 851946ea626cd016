package fedi

import (
	"errors"
	"io"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/httpx"
	"essaim/internal/store"
)

// token mounts an address of the client side (AP §6): any web page may call it, since nothing but the token counts.
func (s *Service) token(h httpx.Handler) http.Handler {
	return httpx.Handle(func(w http.ResponseWriter, r *http.Request) error {
		head := w.Header()
		head.Set("Access-Control-Allow-Origin", "*")
		head.Set("Access-Control-Expose-Headers", "Location, Link, Retry-After, WWW-Authenticate")
		if r.Method == http.MethodOptions {
			head.Set("Access-Control-Allow-Methods", "GET, HEAD, POST, OPTIONS")
			head.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Accept")
			head.Set("Access-Control-Max-Age", "86400")
			w.WriteHeader(http.StatusNoContent)
			return nil
		}
		return h(w, r)
	}, s.fail)
}

// member finds the account behind a request and holds that its token has one of the scopes.
func (s *Service) member(r *http.Request, scopes ...string) (*store.Account, error) {
	bearer, ok := bearerOf(r)
	if !ok {
		return nil, challenge(essaim.Errorf(essaim.Unauthorized, "a bearer token is needed"), "")
	}
	account, scope, err := s.Tokens(r.Context(), bearer)
	if err != nil {
		return nil, challenge(err, "invalid_token")
	}
	has := strings.Fields(scope)
	if !slices.ContainsFunc(scopes, func(s string) bool { return slices.Contains(has, s) }) {
		return nil, challenge(essaim.Errorf(essaim.Forbidden, "this token does not have the scope %q", scopes[0]), "insufficient_scope")
	}
	return account, nil
}

// readDocument reads what a client sent, under the same guards as what servers send (S25-S29).
func readDocument(r *http.Request) (*vocab.Object, error) {
	if !httpx.IsActivityType(r.Header.Get("Content-Type")) {
		return nil, &httpx.StatusError{Status: http.StatusUnsupportedMediaType, Sentence: "the body must be application/activity+json or application/ld+json",
			Header: http.Header{"Accept-Post": {"application/activity+json, application/ld+json"}}}
	}
	tooLarge := &httpx.StatusError{Status: http.StatusRequestEntityTooLarge, Sentence: "the body is larger than 1 MiB"}
	if r.ContentLength > vocab.MaxBody {
		return nil, tooLarge
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, vocab.MaxBody+1))
	switch {
	case err != nil:
		return nil, essaim.Errorf(essaim.Invalid, "the body ended before its time")
	case len(body) > vocab.MaxBody:
		return nil, tooLarge
	}
	doc, err := vocab.Parse(body)
	if errors.Is(err, vocab.ErrMalformed) {
		return nil, essaim.Errorf(essaim.Invalid, "the body cannot be read: %v", err)
	}
	return doc, err
}

func clientAddr(r *http.Request) netip.Addr { return httpx.Addr(r) }
