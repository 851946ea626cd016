package store

import (
	"context"
	"time"

	"essaim/internal/essaim"
)

// SignUp is a request for an account.
type SignUp struct {
	ID                       essaim.ID
	Handle, Email, Name      string
	Password                 string // argon2id
	Language, ActorKind, Why string // ActorKind is a code of V2, "" when not said
	Invitation               string // code; "" without one
	State                    SignUpState
	Secret                   string // SHA-256 of the link that confirms the address
	Sent, Created            time.Time
}

// SignUpState is where a request stands.
type SignUpState int16

// The states.
const (
	SignUpUnconfirmed SignUpState = iota
	SignUpWaiting
)

const signUpColumns = `u.id, u.handle, u.email, u.name, u.password, u.language, u.actor_kind, u.why, u.invitation, u.state, u.secret, u.sent, u.created`

func scanSignUp(s scanner) (*SignUp, error) {
	var u SignUp
	var sent, created int64
	err := s.Scan(&u.ID, &u.Handle, &u.Email, &u.Name, &u.Password, &u.Language, &u.ActorKind, &u.Why, &u.Invitation, &u.State, &u.Secret, &sent, &created)
	u.Sent, u.Created = at(sent), at(created)
	return &u, err
}

// PendingAccounts lists the requests that wait for a decision, oldest first, a page of limit after one of them; 0 for the first page.
func PendingAccounts(ctx context.Context, q Q, after essaim.ID, limit int) ([]*SignUp, error) {
	return many(ctx, q, scanSignUp, `select `+signUpColumns+` from signups u where u.state = 1 and u.id > $1 order by u.id limit $2`, int64(after), Page{Limit: limit}.limit())
}

// CountPendingAccounts counts the requests that wait for a decision.
func CountPendingAccounts(ctx context.Context, q Q) (int64, error) {
	return one(ctx, q, scanInt, `select count(*) from signups u where u.state = 1`)
}

// SignUpByID finds a request, or ErrNotFound.
func SignUpByID(ctx context.Context, q Q, id essaim.ID) (*SignUp, error) {
	return one(ctx, q, scanSignUp, `select `+signUpColumns+` from signups u where u.id = $1`, int64(id))
}

// SignUpByEmail finds a request by its address in lower case, or ErrNotFound.
func SignUpByEmail(ctx context.Context, q Q, email string) (*SignUp, error) {
	return one(ctx, q, scanSignUp, `select `+signUpColumns+` from signups u where u.email = $1`, email)
}

// SignUpByHandle finds a request by the handle asked for, or ErrNotFound.
func SignUpByHandle(ctx context.Context, q Q, handle string) (*SignUp, error) {
	return one(ctx, q, scanSignUp, `select `+signUpColumns+` from signups u where u.handle = $1`, handle)
}

// SignUpBySecret finds the request whose address a link confirms, made since a moment; or ErrNotFound.
func SignUpBySecret(ctx context.Context, q Q, hash string, since time.Time) (*SignUp, error) {
	return one(ctx, q, scanSignUp, `select `+signUpColumns+` from signups u where u.secret = $1 and u.state = 0 and u.created > $2`, hash, ms(since))
}

// InsertSignUp adds a request.
func (tx *Tx) InsertSignUp(ctx context.Context, u *SignUp) error {
	_, err := tx.Exec(ctx, `insert into signups (id, handle, email, name, password, language, actor_kind, why, invitation, state, secret, sent, created)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		int64(u.ID), u.Handle, u.Email, u.Name, u.Password, u.Language, u.ActorKind, u.Why, u.Invitation, int(u.State), u.Secret, ms(u.Sent), ms(u.Created))
	return err
}

// SignUpWaits has a request wait for a decision; its link is spent.
func (tx *Tx) SignUpWaits(ctx context.Context, id essaim.ID) error {
	_, err := tx.Exec(ctx, `update signups set state = 1, secret = '' where id = $1`, int64(id))
	return err
}

// SignUpSent gives a request another link.
func (tx *Tx) SignUpSent(ctx context.Context, id essaim.ID, hash string, now time.Time) error {
	_, err := tx.Exec(ctx, `update signups set secret = $2, sent = $3 where id = $1`, int64(id), hash, ms(now))
	return err
}

// DropSignUp forgets a request; false when somebody was quicker.
func (tx *Tx) DropSignUp(ctx context.Context, id essaim.ID) (bool, error) {
	n, err := tx.Exec(ctx, `delete from signups where id = $1`, int64(id))
	return n == 1, err
}

// SweepSignUps forgets the requests whose address was not confirmed since one moment, those nobody decided on since another, and links that have expired.
func (tx *Tx) SweepSignUps(ctx context.Context, unconfirmed, waiting, now time.Time) error {
	if _, err := tx.Exec(ctx, `delete from signups where state = 0 and created <= $1 or state = 1 and created <= $2`, ms(unconfirmed), ms(waiting)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `delete from tokens where expires <> 0 and expires <= $1`, ms(now))
	return err
}

// Invitation is a link that lets people in.
type Invitation struct {
	Code, Note       string
	Account          essaim.ID
	Uses, Used       int
	Created, Expires time.Time
}

// Open tells whether an invitation still lets somebody in.
func (i *Invitation) Open(now time.Time) bool { return i.Used < i.Uses && now.Before(i.Expires) }

const invitationColumns = `i.code, i.note, i.account, i.uses, i.used, i.created, i.expires`

func scanInvitation(s scanner) (*Invitation, error) {
	var i Invitation
	var created, expires int64
	err := s.Scan(&i.Code, &i.Note, &i.Account, &i.Uses, &i.Used, &created, &expires)
	i.Created, i.Expires = at(created), at(expires)
	return &i, err
}

// InvitationByCode finds an invitation, spent or not, or ErrNotFound.
func InvitationByCode(ctx context.Context, q Q, code string) (*Invitation, error) {
	return one(ctx, q, scanInvitation, `select `+invitationColumns+` from invitations i where i.code = $1`, code)
}

// InvitationsOf lists the invitations an account made, newest first.
func InvitationsOf(ctx context.Context, q Q, account essaim.ID) ([]*Invitation, error) {
	return many(ctx, q, scanInvitation, `select `+invitationColumns+` from invitations i where i.account = $1 order by i.created desc, i.code limit 100`, int64(account))
}

// InsertInvitation adds an invitation.
func (tx *Tx) InsertInvitation(ctx context.Context, i *Invitation) error {
	_, err := tx.Exec(ctx, `insert into invitations (code, account, note, uses, used, created, expires) values ($1, $2, $3, $4, 0, $5, $6)`,
		i.Code, int64(i.Account), i.Note, i.Uses, ms(i.Created), ms(i.Expires))
	return err
}

// UseInvitation takes a place of an invitation; false when there is none left.
func (tx *Tx) UseInvitation(ctx context.Context, code string, now time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `update invitations set used = used + 1 where code = $1 and used < uses and expires > $2`, code, ms(now))
	return n == 1, err
}

// DropInvitation revokes an invitation of an account; false when it has none of that code.
func (tx *Tx) DropInvitation(ctx context.Context, account essaim.ID, code string) (bool, error) {
	n, err := tx.Exec(ctx, `delete from invitations where code = $1 and account = $2`, code, int64(account))
	return n == 1, err
}

// SetEmail gives an account another address; ErrConflict when another account has it.
func (tx *Tx) SetEmail(ctx context.Context, account essaim.ID, email string) error {
	_, err := tx.Exec(ctx, `update accounts set email = $2 where id = $1`, int64(account), email)
	return err
}

// DropTokens forgets the links of one purpose of an account.
func (tx *Tx) DropTokens(ctx context.Context, account essaim.ID, purpose string) error {
	_, err := tx.Exec(ctx, `delete from tokens where account = $1 and purpose = $2`, int64(account), purpose)
	return err
}
