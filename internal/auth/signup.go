package auth

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

// Applicant is who asks for an account.
type Applicant struct {
	Handle, Name, Email, Password, Language string
	ActorKind                               string // V2; may be ""
	Why                                     string // why they come; needed where people are let in on request
	Invitation                              string // code; may be ""
}

// How long a request for an account is kept while its address is not confirmed, and while nobody decides.
const (
	ConfirmLife = 3 * 24 * time.Hour
	WaitingLife = 90 * 24 * time.Hour
)

const maxWhy = 2000

// CanSend tells whether letters can be sent: without, addresses cannot be confirmed and people are let in by hand.
func (s *Service) CanSend() bool { return s.Mail != nil && s.Mail.CanSend() }

// SignUp keeps a request for an account and writes to its address. Whether the address is known here makes no difference that the applicant could see: its owner is
// told by letter. A handle that is taken is told, since handles are public.
func (s *Service) SignUp(ctx context.Context, a Applicant) error {
	set, err := s.DB.Settings(ctx)
	if err != nil {
		return err
	}
	n, err := a.check(set)
	if err != nil {
		return err
	}
	if n.password, err = s.HashPassword(a.Password); err != nil {
		return err
	}
	secret, hash, err := s.secret()
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		now := s.Clock().UTC()
		if a.Invitation != "" {
			i, err := store.InvitationByCode(ctx, tx, a.Invitation)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			if err != nil || !i.Open(now) {
				return essaim.Errorf(essaim.Gone, "this invitation has expired or has served; ask for another")
			}
		}
		if err := s.handleFree(ctx, tx, n); err != nil {
			return err
		}
		if known, err := s.known(ctx, tx, n); err != nil || known {
			return err
		}
		u := &store.SignUp{ID: essaim.NewID(now, now, s.Activity.Random()), Handle: n.Handle, Email: n.Email, Name: n.Name, Password: n.password, Language: n.Language, ActorKind: n.ActorKind,
			Why: a.Why, Invitation: a.Invitation, Secret: hash, Sent: now, Created: now}
		if !s.CanSend() {
			u.State, u.Secret = store.SignUpWaiting, ""
		}
		if err := tx.InsertSignUp(ctx, u); err != nil || !s.CanSend() {
			return err
		}
		return s.write(ctx, tx, n.Email, n.Language, "confirm", "/confirmer/"+secret, ConfirmLife, n.Handle)
	})
}

func (a *Applicant) check(set *store.Settings) (NewAccount, error) {
	n := NewAccount{Handle: a.Handle, Name: strings.TrimSpace(a.Name), Email: a.Email, Language: a.Language, ActorKind: a.ActorKind}
	switch {
	case a.Invitation == "" && set.SignUpMode() == store.SignUpInvitation:
		return n, essaim.Errorf(essaim.Forbidden, "people come here by invitation")
	case utf8.RuneCountInString(a.Why) > maxWhy:
		return n, essaim.FieldError("why", "at most %d characters", maxWhy)
	case a.Invitation == "" && set.SignUpMode() == store.SignUpApproval && strings.TrimSpace(a.Why) == "":
		return n, essaim.FieldError("why", "say why you come")
	case a.ActorKind != "" && !essaim.ActorKinds.Has(a.ActorKind):
		return n, essaim.FieldError("actorKind", "no kind of actor is called %q", a.ActorKind)
	}
	return n, n.check()
}

// handleFree refuses a handle that an actor has, or that somebody else asked for.
func (s *Service) handleFree(ctx context.Context, tx *store.Tx, n NewAccount) error {
	taken := &essaim.Error{Code: essaim.Conflict, Field: "preferredUsername", Sentence: "the handle " + n.Handle + " is taken; handles are never given twice"}
	if _, err := store.ActorByHandle(ctx, tx, n.Handle, s.Site.Host); !errors.Is(err, store.ErrNotFound) {
		return errors.Join(err, orNil(err == nil, taken))
	}
	asked, err := store.SignUpByHandle(ctx, tx, n.Handle)
	if errors.Is(err, store.ErrNotFound) || err == nil && asked.Email == n.Email {
		return nil
	}
	return errors.Join(err, orNil(err == nil, taken))
}

func orNil(is bool, err error) error {
	if is {
		return err
	}
	return nil
}

// known answers the owner of an address that has an account, or waits for one, by letter. A request that was not confirmed gives way to the new one.
func (s *Service) known(ctx context.Context, tx *store.Tx, n NewAccount) (bool, error) {
	account, err := store.AccountByEmail(ctx, tx, n.Email)
	if err == nil {
		return true, s.write(ctx, tx, account.Email, account.Language, "known", "/mot-de-passe-oublie", linkLife)
	}
	if !errors.Is(err, store.ErrNotFound) {
		return false, err
	}
	asked, err := store.SignUpByEmail(ctx, tx, n.Email)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if asked.State == store.SignUpWaiting {
		return true, s.write(ctx, tx, asked.Email, asked.Language, "waiting", "", linkLife)
	}
	_, err = tx.DropSignUp(ctx, asked.ID)
	return false, err
}

// Resend sends the link that confirms an address again. Nobody learns whether the address is known.
func (s *Service) Resend(ctx context.Context, email string) error {
	secret, hash, err := s.secret()
	if err != nil {
		return err
	}
	email = strings.ToLower(strings.TrimSpace(email))
	return s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		asked, err := store.SignUpByEmail(ctx, tx, email)
		if errors.Is(err, store.ErrNotFound) || err == nil && asked.State != store.SignUpUnconfirmed {
			return nil
		}
		if err != nil {
			return err
		}
		if err := tx.SignUpSent(ctx, asked.ID, hash, s.Clock().UTC()); err != nil {
			return err
		}
		return s.write(ctx, tx, asked.Email, asked.Language, "confirm", "/confirmer/"+secret, ConfirmLife, asked.Handle)
	})
}

// Confirmation is what a link to `/confirmer/` confirms: a request for an account or, with Change, a new address of an account.
type Confirmation struct {
	Handle, Email string
	Change        bool
}

var errLink = essaim.Errorf(essaim.Gone, "this link has been used or has expired; ask for another")

// Confirms tells what a link would confirm; an essaim.Error of code gone when it is not, or no longer, good.
func (s *Service) Confirms(ctx context.Context, secret string) (*Confirmation, error) {
	now := s.Clock()
	u, err := store.SignUpBySecret(ctx, s.DB.Read(), hashOf(secret), now.Add(-ConfirmLife))
	if err == nil {
		return &Confirmation{Handle: u.Handle, Email: u.Email}, nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	t, err := store.TokenByHash(ctx, s.DB.Read(), hashOf(secret), purposeEmail, now)
	if errors.Is(err, store.ErrNotFound) {
		return nil, errLink
	}
	if err != nil {
		return nil, err
	}
	return &Confirmation{Email: t.Scope, Change: true}, nil
}

// Confirm spends a link. It returns the account that was opened, or whose address it is now; nil when the request waits for a decision.
func (s *Service) Confirm(ctx context.Context, secret string) (*store.Account, error) {
	c, err := s.Confirms(ctx, secret)
	if err != nil {
		return nil, err
	}
	if c.Change {
		return s.confirmEmail(ctx, secret)
	}
	set, err := s.DB.Settings(ctx)
	if err != nil {
		return nil, err
	}
	keys, err := s.Activity.Keys()
	if err != nil {
		return nil, essaim.Errorf(essaim.Unavailable, "no key could be made: %w", err)
	}
	var account *store.Account
	err = s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		account = nil
		u, err := store.SignUpBySecret(ctx, tx, hashOf(secret), s.Clock().Add(-ConfirmLife))
		if errors.Is(err, store.ErrNotFound) {
			return errLink
		}
		if err != nil {
			return err
		}
		let := set.SignUpMode() == store.SignUpOpen
		if !let && u.Invitation != "" {
			if let, err = tx.UseInvitation(ctx, u.Invitation, s.Clock()); err != nil {
				return err
			}
		}
		if !let { // an invitation that was full meanwhile lets its bearer ask
			return tx.SignUpWaits(ctx, u.ID)
		}
		if spent, err := tx.DropSignUp(ctx, u.ID); err != nil || !spent {
			return errors.Join(errLink, err)
		}
		account, err = s.bear(ctx, tx, admitted(u), keys)
		return err
	})
	return account, err
}

func admitted(u *store.SignUp) NewAccount {
	return NewAccount{Handle: u.Handle, Name: u.Name, Email: u.Email, Role: "member", Language: u.Language, ActorKind: u.ActorKind, password: u.Password}
}

// Approve lets in who waits. When letters can be sent the person is told and signs in with the password of the request. Otherwise the address was never confirmed: link is then
// the one-time link by which a password is chosen, for whoever decided to hand over.
func (s *Service) Approve(ctx context.Context, id essaim.ID, by string) (account *store.Account, link string, err error) {
	keys, err := s.Activity.Keys()
	if err != nil {
		return nil, "", essaim.Errorf(essaim.Unavailable, "no key could be made: %w", err)
	}
	secret, hash, err := s.secret()
	if err != nil {
		return nil, "", err
	}
	err = s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		link = ""
		u, err := s.decide(ctx, tx, id, by, "approve", "")
		if err != nil {
			return err
		}
		n := admitted(u)
		if !s.CanSend() {
			n.password = ""
		}
		if account, err = s.bear(ctx, tx, n, keys); err != nil {
			return err
		}
		if s.CanSend() {
			return s.write(ctx, tx, u.Email, u.Language, "approved", "/connexion", 0, u.Handle)
		}
		link = s.Site.Base + "/mot-de-passe/" + secret
		return s.link(ctx, tx, account.ID, purposePassword, hash, "", linkLife)
	})
	return account, link, err
}

// Refuse turns away who waits, and tells them why when letters can be sent. Nothing is kept of the request but the line of the log.
func (s *Service) Refuse(ctx context.Context, id essaim.ID, by, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return essaim.FieldError("reason", "say why: the person is told")
	}
	return s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		u, err := s.decide(ctx, tx, id, by, "refuse", reason)
		if err != nil || !s.CanSend() {
			return err
		}
		return s.write(ctx, tx, u.Email, u.Language, "refused", "", 0, reason)
	})
}

// decide takes a request off the list, in the log of what the staff does; one that is gone was decided on by somebody else.
func (s *Service) decide(ctx context.Context, tx *store.Tx, id essaim.ID, by, verb, reason string) (*store.SignUp, error) {
	gone := essaim.Errorf(essaim.Gone, "somebody has decided on this request already")
	u, err := store.SignUpByID(ctx, tx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && u.State != store.SignUpWaiting {
		return nil, gone
	}
	if err != nil {
		return nil, err
	}
	if spent, err := tx.DropSignUp(ctx, id); err != nil || !spent {
		return nil, errors.Join(gone, err)
	}
	now := s.Clock()
	return u, tx.Audit(ctx, int64(essaim.NewID(now, now, s.Activity.Random())), now, by, verb, "@"+u.Handle, reason)
}

// Sweep forgets what is not to be kept: sessions and links that expired, requests nobody confirmed or decided on. The privacy page names these periods.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.Clock()
	return s.DB.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
		if err := tx.SweepSignUps(ctx, now.Add(-ConfirmLife), now.Add(-WaitingLife), now); err != nil {
			return err
		}
		return tx.SweepSessions(ctx, now)
	})
}
