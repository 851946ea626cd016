// Package auth lets people in: accounts, passwords, bearer tokens, one-time links. An account and its actor are born in one transaction.
//
// It refuses to keep a secret as it was given: passwords are argon2id, tokens and links are known by their SHA-256. Who may act for whom is not
// decided here but in internal/activity, beside the acts.
package auth

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/mail"
	"essaim/internal/store"
)

// Service knows the accounts of one instance.
type Service struct{ Options }

// Options of New; all but Mail are needed.
type Options struct {
	DB       *store.DB
	Activity *activity.Service
	Site     essaim.Site
	Clock    func() time.Time
	Random   io.Reader    // cryptographic
	Mail     *mail.Outbox // nil when no mail can be sent
}

// New makes the service.
func New(o Options) *Service { return &Service{o} }

// NewAccount is what an account is made from. Name defaults to the handle, Language to French.
type NewAccount struct {
	Handle, Name, Email, Role, Language string
	ActorKind                           string // V2, shown on the profile; may be ""
	password                            string // argon2id; "" until one is chosen
}

// linkLife is how long a one-time link to choose a password is good for.
const linkLife = 72 * time.Hour

// CreateAccount makes a person with an account and returns the secret of the one-time link by which a password is chosen.
func (s *Service) CreateAccount(ctx context.Context, n NewAccount) (account *store.Account, secret string, err error) {
	if err := n.check(); err != nil {
		return nil, "", err
	}
	secret, hash, err := s.secret()
	if err != nil {
		return nil, "", err
	}
	keys, err := s.Activity.Keys()
	if err != nil {
		return nil, "", essaim.Errorf(essaim.Unavailable, "no key could be made: %w", err)
	}
	err = s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		if account, err = s.bear(ctx, tx, n, keys); err != nil {
			return err
		}
		return s.link(ctx, tx, account.ID, purposePassword, hash, "", linkLife)
	})
	if err != nil {
		return nil, "", err
	}
	return account, secret, nil
}

// bear makes the person and the account together.
func (s *Service) bear(ctx context.Context, tx *store.Tx, n NewAccount, keys activity.Keys) (*store.Account, error) {
	person := &essaim.Profile{Kind: essaim.KindPerson, Handle: n.Handle, Name: n.Name, Language: n.Language, ActorKind: n.ActorKind}
	born, err := s.Activity.ApplyTx(ctx, tx, activity.Create(s.Site.Instance(), person), activity.System().Born(keys))
	if err != nil {
		return nil, err
	}
	account := &store.Account{ID: born.Activity, Actor: born.Object.ID, Email: n.Email, Role: n.Role, Password: n.password, Language: n.Language, Created: s.Clock().UTC()}
	err = tx.InsertAccount(ctx, account)
	if errors.Is(err, store.ErrConflict) {
		err = &essaim.Error{Code: essaim.Conflict, Field: "email", Sentence: "an account has this e-mail address already"}
	}
	return account, err
}

// link keeps the hash of a link that may be followed once.
func (s *Service) link(ctx context.Context, tx *store.Tx, account essaim.ID, purpose, hash, scope string, life time.Duration) error {
	now := s.Clock().UTC()
	return tx.InsertToken(ctx, &store.Token{Hash: hash, Account: account, Purpose: purpose, Scope: scope, Created: now, Expires: now.Add(life)})
}

func (n *NewAccount) check() error {
	n.Handle, n.Email = strings.ToLower(strings.TrimSpace(n.Handle)), strings.ToLower(strings.TrimSpace(n.Email))
	if n.Name == "" {
		n.Name = n.Handle
	}
	if n.Language == "" {
		n.Language = "fr"
	}
	if n.Role == "" {
		n.Role = "member"
	}
	if err := checkEmail(n.Email); err != nil {
		return err
	}
	if !essaim.AccountRoles.Has(n.Role) {
		return essaim.FieldError("role", "a role is one of %s", strings.Join(essaim.AccountRoles.IDs(), ", "))
	}
	return essaim.CheckHandle(n.Handle)
}

func checkEmail(typed string) error {
	if a, err := mail.Address(typed); err != nil || a.Address != typed {
		return essaim.FieldError("email", "%q is not an e-mail address", typed)
	}
	return nil
}

// Purposes of tokens.
const (
	purposeAPI      = "api"
	purposePassword = "password"
	purposeEmail    = "email" // the scope is the new address
)

// Scopes of bearer tokens, in the order in which they are written.
var Scopes = []string{"read", "write", "follow"}

// ParseScope reads a list of scopes separated by commas or spaces; none means all.
func ParseScope(s string) (string, error) {
	asked := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
	if len(asked) == 0 {
		asked = Scopes
	}
	var out []string
	for _, known := range Scopes {
		if slices.Contains(asked, known) {
			out = append(out, known)
		}
	}
	for _, a := range asked {
		if !slices.Contains(Scopes, a) {
			return "", essaim.FieldError("scope", "there is no scope %q; scopes are %s", a, strings.Join(Scopes, ", "))
		}
	}
	return strings.Join(out, " "), nil
}

// IssueToken makes a bearer token for the account of a person here. The token is shown once; the database keeps its hash.
func (s *Service) IssueToken(ctx context.Context, handle, scope string) (string, error) {
	account, err := s.AccountOf(ctx, handle)
	if err != nil {
		return "", err
	}
	if scope, err = ParseScope(scope); err != nil {
		return "", err
	}
	token, hash, err := s.secret()
	if err != nil {
		return "", err
	}
	err = s.DB.Write(ctx, store.Promised, func(tx *store.Tx) error {
		return tx.InsertToken(ctx, &store.Token{Hash: hash, Account: account.ID, Purpose: purposeAPI, Scope: scope, Created: s.Clock().UTC()})
	})
	return token, err
}

// AccountOf finds the account of a person by handle.
func (s *Service) AccountOf(ctx context.Context, handle string) (*store.Account, error) {
	actor, err := store.ActorByHandle(ctx, s.DB.Read(), strings.ToLower(strings.TrimPrefix(handle, "@")), s.Site.Host)
	if err != nil {
		return nil, essaim.Errorf(essaim.NotFound, "nobody here is called %q: %w", handle, err)
	}
	account, err := store.AccountByActor(ctx, s.DB.Read(), actor.ID)
	if err != nil {
		return nil, essaim.Errorf(essaim.NotFound, "%q is not a person with an account: %w", handle, err)
	}
	return account, nil
}

// Bearer tells whose a token is and what it allows. An unknown, expired or suspended one is Unauthorized, without saying which.
func (s *Service) Bearer(ctx context.Context, token string) (*store.Account, string, error) {
	refused := essaim.Errorf(essaim.Unauthorized, "this token is not valid; make another with: essaim token create")
	if token == "" || len(token) > 200 {
		return nil, "", refused
	}
	t, err := store.TokenByHash(ctx, s.DB.Read(), hashOf(token), purposeAPI, s.Clock())
	if errors.Is(err, store.ErrNotFound) {
		return nil, "", refused
	}
	if err != nil {
		return nil, "", err
	}
	account, err := store.AccountByID(ctx, s.DB.Read(), t.Account)
	if err != nil || account.State != store.AccountActive {
		return nil, "", refused
	}
	actor, err := store.ActorByID(ctx, s.DB.Read(), account.Actor)
	if err != nil || actor.State >= store.Suspended {
		return nil, "", refused
	}
	return account, t.Scope, nil
}

// secret draws 32 random bytes for a token, and their hash.
func (s *Service) secret() (token, hash string, err error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(s.Random, b); err != nil {
		return "", "", fmt.Errorf("auth: no randomness: %w", err)
	}
	token = base64.RawURLEncoding.EncodeToString(b)
	return token, hashOf(token), nil
}

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
