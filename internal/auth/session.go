package auth

import (
	"context"
	"errors"
	"strings"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

// sessionLife is how long a browser stays signed in without coming back; each visit prolongs it.
const sessionLife = 30 * 24 * time.Hour

// touchEvery is how often the use of a session is written down.
const touchEvery = time.Hour

const maxAgent = 300

// SignIn checks a password and opens a session for the browser called agent at address. name is a handle or an e-mail address. The secret goes into
// the cookie and is kept nowhere.
func (s *Service) SignIn(ctx context.Context, name, password, agent, address string) (secret string, err error) {
	account, err := s.CheckPassword(ctx, name, password)
	if err != nil {
		return "", err
	}
	return s.OpenSession(ctx, account.ID, agent, address)
}

// OpenSession signs an account in without asking for a password: after a link that was sent to its address.
func (s *Service) OpenSession(ctx context.Context, account essaim.ID, agent, address string) (secret string, err error) {
	secret, hash, err := s.secret()
	if err != nil {
		return "", err
	}
	now := s.Clock().UTC()
	agent = strings.ToValidUTF8(agent[:min(len(agent), maxAgent)], "")
	err = s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		return tx.InsertSession(ctx, &store.Session{Hash: hash, Account: account, Created: now, Seen: now, Expires: now.Add(sessionLife), Agent: agent, Address: address})
	})
	return secret, err
}

// Visitor tells who is signed in with the secret of a cookie; nil when nobody is.
func (s *Service) Visitor(ctx context.Context, secret, address string) (*store.Visitor, error) {
	if secret == "" || len(secret) > 200 {
		return nil, nil
	}
	now := s.Clock()
	v, err := store.VisitorBySession(ctx, s.DB.Read(), hashOf(secret), now)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil || now.Sub(v.Session.Seen) < touchEvery {
		return v, err
	}
	return v, s.DB.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
		return tx.TouchSession(ctx, v.Session.Hash, now, now.Add(sessionLife), address)
	})
}

// SignOut ends the session of a cookie.
func (s *Service) SignOut(ctx context.Context, v *store.Visitor) error {
	return s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		_, err := tx.EndSession(ctx, v.Account.ID, v.Session.Hash)
		return err
	})
}
