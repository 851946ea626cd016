package fedi

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"essaim/federation/inbox"
	"essaim/federation/sig"
	"essaim/internal/essaim"
	"essaim/internal/httpx"
	"essaim/internal/store"
)

// asker is who sent a request for a document, as far as it matters for the answer.
type asker struct {
	viewer essaim.ID // actor row; 0 for nobody we know
	signed bool      // a signature was verified, or a token
	parsed *sig.Received
}

// errUnsigned is the answer of a server in secure mode (federation.md 2.4).
var errUnsigned = &httpx.StatusError{Status: http.StatusUnauthorized, Sentence: "documents are given to signed requests only"}

// ask finds out who asks, at the cost the answer is worth: a token is always looked up, a signature is verified in secure
// mode alone; but whoever says to come from a blocked server or actor is sent away in any case (S34). unsigned says
// whether secure mode was not satisfied, for what has a smaller answer then.
func (s *Service) ask(r *http.Request) (who asker, unsigned bool, err error) {
	if bearer, ok := bearerOf(r); ok {
		account, _, err := s.Tokens(r.Context(), bearer)
		if err != nil {
			return who, false, challenge(err, "invalid_token")
		}
		return asker{viewer: account.Actor, signed: true}, false, nil
	}
	who.parsed, err = sig.Parse(r, nil, sig.Policy{Host: s.ours, Origin: s.Site.Base, Now: s.Clock()})
	switch {
	case errors.Is(err, sig.ErrUnsigned):
		return who, s.SecureFetch, nil
	case err != nil && s.SecureFetch:
		return who, false, err
	case err != nil:
		return who, false, nil // what is for everybody is for the clumsy too
	}
	if err := s.welcome(r.Context(), who.parsed.KeyID); err != nil {
		return who, false, err
	}
	if s.SecureFetch {
		err = s.identify(r.Context(), &who)
	}
	return who, false, err
}

// askFor is ask for what is served to signed requests or not at all.
func (s *Service) askFor(r *http.Request) (asker, error) {
	who, unsigned, err := s.ask(r)
	if err == nil && unsigned {
		err = errUnsigned
	}
	return who, err
}

// welcome refuses the blocked before any key is looked for: by the host of the key, and by the actor it seems to be of.
func (s *Service) welcome(ctx context.Context, keyID string) error {
	if err := s.Policy(ctx, essaim.HostOf(keyID)); err != nil {
		return refusal(err)
	}
	actor, _, _ := strings.Cut(keyID, "#")
	return s.standing(ctx, actor)
}

// standing refuses an actor suspended here.
func (s *Service) standing(ctx context.Context, actor string) error {
	a, err := store.ActorByIRI(ctx, s.DB.Read(), actor)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err == nil && a.State == store.Suspended:
		return forbidden()
	}
	return err
}

// identify verifies the signature and finds the actor behind it.
func (s *Service) identify(ctx context.Context, who *asker) error {
	if who.signed || who.parsed == nil {
		return nil
	}
	key, err := s.Keys.Key(ctx, who.parsed.KeyID, false)
	if err != nil {
		return refusal(err)
	}
	if who.parsed.Verify(key.Key) != nil {
		if key, err = s.Keys.Key(ctx, who.parsed.KeyID, true); err != nil {
			return refusal(err)
		}
		if err := who.parsed.Verify(key.Key); err != nil {
			return &httpx.StatusError{Status: http.StatusUnauthorized, Sentence: "the signature does not verify"}
		}
	}
	if !essaim.SameOrigin(key.Owner, who.parsed.KeyID) {
		return &httpx.StatusError{Status: http.StatusUnauthorized, Sentence: "the signature does not verify"} // S5
	}
	if err := s.standing(ctx, key.Owner); err != nil {
		return err
	}
	who.signed = true
	a, err := store.ActorByIRI(ctx, s.DB.Read(), key.Owner)
	if err == nil {
		who.viewer = a.ID
	} else if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return nil
}

// viewer identifies the asker for something private. One who cannot be identified is nobody: a different answer would
// tell the hidden from the absent (S45).
func (s *Service) viewer(ctx context.Context, who *asker) essaim.ID {
	if err := s.identify(ctx, who); err != nil {
		return 0
	}
	return who.viewer
}

// refusal words the errors of a KeySource or a policy; none of them tells what a retrieval brought back (S26).
func refusal(err error) error {
	switch {
	case errors.Is(err, inbox.ErrBlocked):
		return forbidden()
	case errors.Is(err, inbox.ErrKeyUnknown):
		return &httpx.StatusError{Status: http.StatusUnauthorized, Sentence: "the signature does not verify"}
	}
	return essaim.Errorf(essaim.Unavailable, "the key could not be had: %w", err)
}

func forbidden() error { return essaim.Errorf(essaim.Forbidden, "nothing is given there from here") }

func (s *Service) ours(host string) bool { return host == s.Site.Host }

// bearerOf reads the token of RFC 6750 §2.1.
func bearerOf(r *http.Request) (string, bool) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(token), strings.EqualFold(scheme, "Bearer")
}

// challenge tells how to come back with a token (RFC 6750 §3).
func challenge(err error, code string) error {
	status, realm := httpx.Status(err), `Bearer realm="essaim"`
	if status != http.StatusUnauthorized && status != http.StatusForbidden {
		return err
	}
	if code != "" {
		realm += `, error="` + code + `"`
	}
	return &httpx.StatusError{Status: status, Sentence: httpx.Sentence(err), Header: http.Header{"Www-Authenticate": {realm}}}
}
