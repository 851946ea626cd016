package remote

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"strings"

	"essaim/federation/fetch"
	"essaim/federation/inbox"
	"essaim/federation/sig"
	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// Key gives the public key of an id, for the signature of a request (K1, S5, S19): from memory, from the database, else by one retrieval of its
// actor, which is stored at once so that what the request says needs no second one. With refresh it is retrieved anew, unless that was done less
// than five minutes ago: then what is known is given. Errors wrap inbox.ErrKeyUnknown, inbox.ErrKeyUnreachable or inbox.ErrBlocked.
func (s *Service) Key(ctx context.Context, keyID string, refresh bool) (*sig.PublicKey, error) {
	host := essaim.HostOf(keyID)
	if host == "" || fetch.Host(keyID) != host || s.own(host) {
		return nil, fmt.Errorf("%w: %q is no address of a key", inbox.ErrKeyUnknown, keyID)
	}
	if err := s.Policy(ctx, host); err != nil {
		return nil, err
	}
	if !refresh {
		if key, ok := s.keys.get(keyID); ok {
			return key, nil
		}
		if key, err := s.storedKey(ctx, keyID); err == nil || !isNotFound(err) {
			return key, err
		}
	}
	address := withoutFragment(keyID)
	if failure, lately := s.tried.get(address); !lately {
		_, err := s.retrievals.do(ctx, address, keyDeadline, func(ctx context.Context) (struct{}, error) {
			err := s.retrieveKey(ctx, keyID, address)
			s.note(address, err)
			return struct{}{}, err
		})
		if err != nil {
			return nil, keyError(keyID, err)
		}
	} else if failure != nil {
		return nil, keyError(keyID, failure)
	}
	key, err := s.storedKey(ctx, keyID)
	if isNotFound(err) {
		return nil, fmt.Errorf("%w: its owner does not list %s", inbox.ErrKeyUnknown, keyID)
	}
	return key, err
}

// storedKey reads a key that its owner lists. The keys of who is suspended here are as good as those of a blocked host (S34).
func (s *Service) storedKey(ctx context.Context, keyID string) (*sig.PublicKey, error) {
	row, err := store.KeyByID(ctx, s.DB.Read(), keyID)
	if err != nil {
		return nil, err
	}
	if row.Private != "" {
		return nil, fmt.Errorf("%w: %s is ours", inbox.ErrKeyUnknown, keyID)
	}
	owner, err := store.ActorByIRI(ctx, s.DB.Read(), row.Owner)
	if err != nil {
		return nil, err
	}
	if owner.State >= store.Suspended {
		return nil, fmt.Errorf("%w: %s is suspended", inbox.ErrBlocked, owner.IRI)
	}
	public, err := parsePublic(row)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", inbox.ErrKeyUnknown, err)
	}
	key := &sig.PublicKey{ID: row.ID, Owner: row.Owner, Key: public}
	s.keys.put(keyID, key)
	return key, nil
}

func parsePublic(row *store.Key) (crypto.PublicKey, error) {
	if row.Algorithm == store.Ed25519 && !strings.HasPrefix(strings.TrimSpace(row.Public), "-----") {
		return sig.ParseMultikey(row.Public)
	}
	return sig.ParsePEM(row.Public)
}

// retrieveKey reads what is at the address of a key: the actor itself, or a key document or stub that names its owner, who is then read (K1).
func (s *Service) retrieveKey(ctx context.Context, keyID, address string) error {
	doc, at, err := s.retrieve(ctx, address)
	if err != nil {
		return err
	}
	if vocab.IsActor(doc.Type()) && doc.ID() == at {
		_, err := s.storeActor(ctx, doc)
		return err
	}
	owner := doc.ID()
	if key, ok := vocab.ReadKeyDocument(doc); ok && !vocab.IsActor(doc.Type()) {
		owner = key.Owner
	}
	if owner == "" || !fetch.SameOrigin(owner, keyID) || withoutFragment(owner) == address {
		return refused("%s names no owner on its own server (S5)", keyID)
	}
	_, err = s.readActor(ctx, owner)
	return err
}

// keyError says to the inbox whether trying again makes sense.
func keyError(keyID string, err error) error {
	switch {
	case temporary(err):
		return fmt.Errorf("%w: %s: %w", inbox.ErrKeyUnreachable, keyID, err)
	case errors.Is(err, inbox.ErrBlocked):
		return err
	}
	return fmt.Errorf("%w: %s: %w", inbox.ErrKeyUnknown, keyID, err)
}

// ForgetActor drops what is remembered of an actor: one of ours after its keys changed, another's after it was suspended or limited.
func (s *Service) ForgetActor(iri string) {
	s.identities.drop(iri)
	s.fresh.drop(iri)
	s.keys.dropWhere(func(k *sig.PublicKey) bool { return k.Owner == iri })
}

func withoutFragment(iri string) string {
	before, _, _ := strings.Cut(iri, "#")
	return before
}
