package remote

import (
	"context"
	"fmt"
	"net/http"

	"essaim/federation/deliver"
	"essaim/federation/fetch"
	"essaim/federation/sig"
	"essaim/internal/store"
)

// identity is what an actor of ours signs with, parsed once.
type identity struct {
	rsa, ed *sig.PrivateKey // ed is nil for an actor without such a key
}

func (s *Service) identity(ctx context.Context, actor string) (*identity, error) {
	if id, ok := s.identities.get(actor); ok {
		return id, nil
	}
	id := &identity{}
	var err error
	if id.rsa, err = s.privateKey(ctx, actor, store.RSA); err != nil {
		return nil, fmt.Errorf("remote: the keys of %s: %w", actor, err)
	}
	if id.ed, err = s.privateKey(ctx, actor, store.Ed25519); err != nil && !isNotFound(err) {
		return nil, fmt.Errorf("remote: the keys of %s: %w", actor, err)
	}
	s.identities.put(actor, id)
	return id, nil
}

func (s *Service) privateKey(ctx context.Context, actor, algorithm string) (*sig.PrivateKey, error) {
	row, err := store.SigningKey(ctx, s.DB.Read(), actor, algorithm)
	if err != nil {
		return nil, err
	}
	key, err := sig.ParsePrivate(row.Private)
	if err != nil {
		return nil, err
	}
	return &sig.PrivateKey{ID: row.ID, Key: key}, nil
}

// family is how a request to a host is signed: as it signed itself, as it advertised or as was found out by trying, else draft-cavage (D7). What
// was found out by trying ends after a week.
func (s *Service) family(p *peer, id *identity) store.SignatureFamily {
	f := p.Family
	if !p.FamilyUntil.IsZero() && s.Clock().After(p.FamilyUntil) {
		f = store.FamilyUnknown
	}
	switch {
	case f == store.FamilyRFC9421Ed25519 && id.ed == nil:
		return store.FamilyRFC9421
	case f == store.FamilyUnknown:
		return store.FamilyCavage
	}
	return f
}

// other is the family of the second knock.
func other(f store.SignatureFamily) store.SignatureFamily {
	if f == store.FamilyCavage {
		return store.FamilyRFC9421
	}
	return store.FamilyCavage
}

// remember notes the family a second knock succeeded with.
func (s *Service) remember(ctx context.Context, host string, f store.SignatureFamily) {
	until := s.Clock().Add(learnFor)
	err := s.change(ctx, host, func(h *store.Host) { h.Family, h.FamilyUntil = f, until })
	if err != nil {
		s.Logger.Warn("the signature family of a host could not be noted", "host", host, "err", err)
	}
}

// signer signs at the moment of sending; a retry signs anew. digest is that of the body when it is known already.
func (s *Service) signer(id *identity, f store.SignatureFamily, digest *sig.Digest) fetch.Signer {
	key, o := *id.rsa, sig.Options{Family: sig.Cavage, Digest: digest}
	if f == store.FamilyRFC9421 || f == store.FamilyRFC9421Ed25519 {
		o.Family = sig.RFC9421
	}
	if f == store.FamilyRFC9421Ed25519 {
		key = *id.ed
	}
	return func(req *http.Request, body []byte) error { return sig.SignWith(req, body, key, s.Clock(), o) }
}

// post delivers a body, knocking a second time in the other family when the first signature was not understood (federation §2.2).
func (s *Service) post(ctx context.Context, p *peer, id *identity, to string, body []byte, digest *sig.Digest) deliver.Result {
	f := s.family(p, id)
	first := deliver.Post(ctx, s.Client, to, body, s.signer(id, f, digest))
	if first.Verdict != deliver.Unsigned {
		return first
	}
	second := deliver.Post(ctx, s.Client, to, body, s.signer(id, other(f), digest))
	switch {
	case second.Verdict == deliver.Done:
		s.remember(ctx, p.Host.Host, other(f))
	case second.Verdict == deliver.Unsigned && second.Status != http.StatusUnauthorized:
		return first.Settled() // one 401 among the two is enough to try again later: the peer may have failed to get our key
	}
	return second.Settled()
}

// get reads an ActivityPub document as the instance, with the same second knock.
func (s *Service) get(ctx context.Context, p *peer, iri string) (*fetch.Document, error) {
	id, err := s.identity(ctx, s.Site.Instance())
	if err != nil {
		return nil, err
	}
	f := s.family(p, id)
	doc, err := s.Client.GetObject(ctx, iri, s.signer(id, f, nil))
	if status := fetch.StatusOf(err); status != http.StatusUnauthorized && status != http.StatusBadRequest {
		return doc, err
	}
	doc, again := s.Client.GetObject(ctx, iri, s.signer(id, other(f), nil))
	if again != nil {
		return nil, err
	}
	s.remember(ctx, p.Host.Host, other(f))
	return doc, nil
}
