package store

import (
	"context"
	"time"

	"essaim/internal/essaim"
)

// Account is a member's row: what lets a person in and act. What the person publishes is the actor's.
type Account struct {
	ID, Actor   essaim.ID
	Email, Role string // role of V8: admin, moderator, publisher, member
	Password    string // argon2id; "" until chosen
	Language    string
	State       AccountState
	Created     time.Time
	Prefs       Prefs
}

// AccountState is whether an account may be used.
type AccountState int16

// The states.
const (
	AccountActive AccountState = iota
	AccountPending
	AccountSuspended
)

const accountColumns = `c.id, c.actor, c.email, c.role, c.password, c.language, c.state, c.created, c.prefs`

func accountFields(a *Account, created *int64) []any {
	return []any{&a.ID, &a.Actor, &a.Email, &a.Role, &a.Password, &a.Language, &a.State, created, &a.Prefs}
}

func scanAccount(s scanner) (*Account, error) {
	var a Account
	var created int64
	if err := s.Scan(accountFields(&a, &created)...); err != nil {
		return nil, err
	}
	a.Created = at(created)
	return &a, nil
}

// AccountByActor finds the account of a person, or ErrNotFound.
func AccountByActor(ctx context.Context, q Q, actor essaim.ID) (*Account, error) {
	return one(ctx, q, scanAccount, `select `+accountColumns+` from accounts c where c.actor = $1`, int64(actor))
}

// AccountByID finds an account, or ErrNotFound.
func AccountByID(ctx context.Context, q Q, id essaim.ID) (*Account, error) {
	return one(ctx, q, scanAccount, `select `+accountColumns+` from accounts c where c.id = $1`, int64(id))
}

// AccountByEmail finds an account by its address in lower case, or ErrNotFound.
func AccountByEmail(ctx context.Context, q Q, email string) (*Account, error) {
	return one(ctx, q, scanAccount, `select `+accountColumns+` from accounts c where c.email = $1`, email)
}

// Staff lists the accounts that moderate: admin and moderator.
func Staff(ctx context.Context, q Q) ([]*Account, error) {
	return many(ctx, q, scanAccount, `select `+accountColumns+` from accounts c where c.role in ('admin', 'moderator') and c.state = 0 order by c.id`)
}

// CountAccounts counts the active accounts.
func CountAccounts(ctx context.Context, q Q) (int64, error) {
	return one(ctx, q, scanInt, `select count(*) from accounts c where c.state = 0`)
}

// InsertAccount adds an account; ErrConflict when its e-mail or actor has one.
func (tx *Tx) InsertAccount(ctx context.Context, a *Account) error {
	_, err := tx.Exec(ctx, `insert into accounts (id, actor, email, role, password, language, state, created) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		int64(a.ID), int64(a.Actor), a.Email, a.Role, a.Password, a.Language, int(a.State), ms(a.Created))
	return err
}

// SetRole gives an account another role of V8.
func (tx *Tx) SetRole(ctx context.Context, account essaim.ID, role string) error {
	_, err := tx.Exec(ctx, `update accounts set role = $2 where id = $1`, int64(account), role)
	return err
}

// SetPassword stores a new password hash.
func (tx *Tx) SetPassword(ctx context.Context, account essaim.ID, hash string) error {
	_, err := tx.Exec(ctx, `update accounts set password = $2 where id = $1`, int64(account), hash)
	return err
}

// Token is a bearer token or a one-time link, known by the SHA-256 of its secret.
type Token struct {
	Hash             string // hexadecimal
	Account          essaim.ID
	Purpose, Scope   string // api, password; read write follow
	Created, Expires time.Time
	Used             time.Time
}

// TokenByHash finds a token that has not expired, or ErrNotFound.
func TokenByHash(ctx context.Context, q Q, hash, purpose string, now time.Time) (*Token, error) {
	return one(ctx, q, func(s scanner) (*Token, error) {
		var t Token
		var created, expires, used int64
		err := s.Scan(&t.Hash, &t.Account, &t.Purpose, &t.Scope, &created, &expires, &used)
		t.Created, t.Expires, t.Used = at(created), at(expires), at(used)
		return &t, err
	}, `select hash, account, purpose, scope, created, expires, used from tokens where hash = $1 and purpose = $2 and (expires = 0 or expires > $3)`, hash, purpose, ms(now))
}

// InsertToken adds a token.
func (tx *Tx) InsertToken(ctx context.Context, t *Token) error {
	_, err := tx.Exec(ctx, `insert into tokens (hash, account, purpose, scope, created, expires, used) values ($1, $2, $3, $4, $5, $6, 0)`,
		t.Hash, int64(t.Account), t.Purpose, t.Scope, ms(t.Created), ms(t.Expires))
	return err
}

// SpendToken removes a one-time token; false when somebody was quicker.
func (tx *Tx) SpendToken(ctx context.Context, hash string) (bool, error) {
	n, err := tx.Exec(ctx, `delete from tokens where hash = $1`, hash)
	return n == 1, err
}

// DropAccount removes an account with all that only it could use. What the person published is the actor's and is buried by internal/activity.
func (tx *Tx) DropAccount(ctx context.Context, account essaim.ID) error {
	for _, table := range []string{`sessions`, `tokens`, `drafts`, `submissions`, `exports`, `invitations`} {
		if _, err := tx.Exec(ctx, `delete from `+table+` where account = $1`, int64(account)); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `delete from accounts where id = $1`, int64(account))
	return err
}
