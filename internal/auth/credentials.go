package auth

import (
	"context"
	"errors"
	"strings"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

// resetLife is how long the link of a forgotten password is good for.
const resetLife = time.Hour

// ForgotPassword writes a link to the address of an account, named by its address or its handle. Nobody learns whether there is one.
func (s *Service) ForgotPassword(ctx context.Context, name string) error {
	secret, hash, err := s.secret()
	if err != nil {
		return err
	}
	account, err := s.accountNamed(ctx, name)
	if errors.Is(err, store.ErrNotFound) || err == nil && account.State != store.AccountActive {
		return nil
	}
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		if err := s.link(ctx, tx, account.ID, purposePassword, hash, "", resetLife); err != nil {
			return err
		}
		return s.write(ctx, tx, account.Email, account.Language, "reset", "/mot-de-passe/"+secret, resetLife)
	})
}

// LinkFor makes the one-time link by which an account chooses another password, for somebody who hands it over.
func (s *Service) LinkFor(ctx context.Context, account essaim.ID) (link string, err error) {
	secret, hash, err := s.secret()
	if err != nil {
		return "", err
	}
	err = s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		return s.link(ctx, tx, account, purposePassword, hash, "", linkLife)
	})
	return s.Site.Base + "/mot-de-passe/" + secret, err
}

// PasswordLink tells whether a one-time link is still good, without spending it.
func (s *Service) PasswordLink(ctx context.Context, secret string) error {
	_, err := store.TokenByHash(ctx, s.DB.Read(), hashOf(secret), purposePassword, s.Clock())
	if errors.Is(err, store.ErrNotFound) {
		return errLink
	}
	return err
}

// ChoosePassword spends a one-time link for a new password. Every session of the account ends, and its other links with it: somebody else may hold them.
func (s *Service) ChoosePassword(ctx context.Context, secret, password string) (account *store.Account, err error) {
	hash, err := s.HashPassword(password)
	if err != nil {
		return nil, err
	}
	err = s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		t, err := store.TokenByHash(ctx, tx, hashOf(secret), purposePassword, s.Clock())
		if errors.Is(err, store.ErrNotFound) {
			return errLink
		}
		if err != nil {
			return err
		}
		if spent, err := tx.SpendToken(ctx, t.Hash); err != nil || !spent {
			return errors.Join(errLink, err)
		}
		if account, err = store.AccountByID(ctx, tx, t.Account); err != nil {
			return err
		}
		return s.setPassword(ctx, tx, account, hash, "")
	})
	return account, err
}

// ChangePassword gives the account that is signed in another password, and ends its other sessions.
func (s *Service) ChangePassword(ctx context.Context, v *store.Visitor, old, password string) error {
	if !matches(v.Account.Password, old) {
		return essaim.Errorf(essaim.Unauthorized, "the password is wrong")
	}
	hash, err := s.HashPassword(password)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		return s.setPassword(ctx, tx, v.Account, hash, v.Session.Hash)
	})
}

// setPassword spares one session, and tells the owner of the account when there was a password before.
func (s *Service) setPassword(ctx context.Context, tx *store.Tx, account *store.Account, hash, session string) error {
	if err := tx.SetPassword(ctx, account.ID, hash); err != nil {
		return err
	}
	if err := tx.DropTokens(ctx, account.ID, purposePassword); err != nil {
		return err
	}
	if _, err := tx.EndSessions(ctx, account.ID, session); err != nil {
		return err
	}
	if account.Password == "" {
		return nil
	}
	return s.write(ctx, tx, account.Email, account.Language, "changed", "/mot-de-passe-oublie", 0)
}

// AskEmail writes to the new address of an account: it counts once the link in that letter is followed. The old address hears of it.
func (s *Service) AskEmail(ctx context.Context, v *store.Visitor, password, email string) error {
	email = strings.ToLower(strings.TrimSpace(email))
	if !matches(v.Account.Password, password) {
		return essaim.Errorf(essaim.Unauthorized, "the password is wrong")
	}
	if err := checkEmail(email); err != nil {
		return err
	}
	secret, hash, err := s.secret()
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		if err := tx.DropTokens(ctx, v.Account.ID, purposeEmail); err != nil { // the last one asked for counts
			return err
		}
		if err := s.write(ctx, tx, v.Account.Email, v.Account.Language, "moving", "", 0, email); err != nil {
			return err
		}
		other, err := store.AccountByEmail(ctx, tx, email)
		if err == nil {
			return s.write(ctx, tx, other.Email, other.Language, "known", "/mot-de-passe-oublie", linkLife)
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err := s.link(ctx, tx, v.Account.ID, purposeEmail, hash, email, ConfirmLife); err != nil {
			return err
		}
		return s.write(ctx, tx, email, v.Account.Language, "new_email", "/confirmer/"+secret, ConfirmLife)
	})
}

func (s *Service) confirmEmail(ctx context.Context, secret string) (account *store.Account, err error) {
	err = s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		t, err := store.TokenByHash(ctx, tx, hashOf(secret), purposeEmail, s.Clock())
		if errors.Is(err, store.ErrNotFound) {
			return errLink
		}
		if err != nil {
			return err
		}
		if spent, err := tx.SpendToken(ctx, t.Hash); err != nil || !spent {
			return errors.Join(errLink, err)
		}
		if _, err := store.AccountByEmail(ctx, tx, t.Scope); !errors.Is(err, store.ErrNotFound) {
			return errors.Join(err, orNil(err == nil, errLink)) // somebody signed up with it meanwhile
		}
		if err := tx.SetEmail(ctx, t.Account, t.Scope); err != nil {
			return err
		}
		account, err = store.AccountByID(ctx, tx, t.Account)
		return err
	})
	return account, err
}
