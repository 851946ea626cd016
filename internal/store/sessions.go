package store

import (
	"context"
	"time"

	"essaim/internal/essaim"
)

// Session is a browser in which somebody is signed in, known by the SHA-256 of its cookie.
type Session struct {
	Hash                   string // hexadecimal
	Account                essaim.ID
	Created, Seen, Expires time.Time // Seen is kept to the hour
	Agent, Address         string    // what the browser calls itself, and where it last came from
}

// Visitor is who a session belongs to, with what every page shows of them.
type Visitor struct {
	Session *Session
	Account *Account
	Card    *Card
	Unread  int64 // notifications not seen yet, counted up to 100
}

const sessionColumns = `s.hash, s.account, s.created, s.seen, s.expires, s.agent, s.address`

func sessionFields(v *Session, created, seen, expires *int64) []any {
	return []any{&v.Hash, &v.Account, created, seen, expires, &v.Agent, &v.Address}
}

func scanSession(s scanner) (*Session, error) {
	var v Session
	var created, seen, expires int64
	err := s.Scan(sessionFields(&v, &created, &seen, &expires)...)
	v.Created, v.Seen, v.Expires = at(created), at(seen), at(expires)
	return &v, err
}

// VisitorBySession finds who is signed in with a session that has not expired, in one query; ErrNotFound when there is none, or when the account may
// not be used.
func VisitorBySession(ctx context.Context, q Q, hash string, now time.Time) (*Visitor, error) {
	return one(ctx, q, func(s scanner) (*Visitor, error) {
		v := &Visitor{Session: &Session{}, Account: &Account{}}
		var created, seen, expires, born int64
		more := append(sessionFields(v.Session, &created, &seen, &expires), accountFields(v.Account, &born)...)
		card, err := scanMore(tail{s, append(more, &v.Unread)}, func(*Card) []any { return nil })
		v.Card, v.Account.Created = card, at(born)
		v.Session.Created, v.Session.Seen, v.Session.Expires = at(created), at(seen), at(expires)
		return v, err
	}, `select `+cardColumns+`, `+sessionColumns+`, `+accountColumns+`,
		(select count(*) from (select 1 from notifications n where n.actor = c.actor and n.seen = $3 and `+heard+` limit 100) u)
		from sessions s join accounts c on c.id = s.account join actors a on a.object = c.actor join objects o on o.id = c.actor
		where s.hash = $1 and s.expires > $2 and c.state = 0 and a.state < 2`, hash, ms(now), false)
}

// SessionsOf lists the sessions of an account that have not expired, the one used last first.
func SessionsOf(ctx context.Context, q Q, account essaim.ID, now time.Time) ([]*Session, error) {
	return many(ctx, q, scanSession, `select `+sessionColumns+` from sessions s where s.account = $1 and s.expires > $2 order by s.seen desc, s.hash limit 100`, int64(account), ms(now))
}

// InsertSession adds a session.
func (tx *Tx) InsertSession(ctx context.Context, s *Session) error {
	_, err := tx.Exec(ctx, `insert into sessions (hash, account, created, seen, expires, agent, address) values ($1, $2, $3, $4, $5, $6, $7)`,
		s.Hash, int64(s.Account), ms(s.Created), ms(s.Seen), ms(s.Expires), s.Agent, s.Address)
	return err
}

// TouchSession notes that a session was used, and prolongs it.
func (tx *Tx) TouchSession(ctx context.Context, hash string, seen, expires time.Time, address string) error {
	_, err := tx.Exec(ctx, `update sessions set seen = $2, expires = $3, address = $4 where hash = $1`, hash, ms(seen), ms(expires), address)
	return err
}

// EndSession ends one session of an account; false when there was none.
func (tx *Tx) EndSession(ctx context.Context, account essaim.ID, hash string) (bool, error) {
	n, err := tx.Exec(ctx, `delete from sessions where hash = $1 and account = $2`, hash, int64(account))
	return n > 0, err
}

// EndSessions ends every session of an account but one; "" spares none.
func (tx *Tx) EndSessions(ctx context.Context, account essaim.ID, but string) (int64, error) {
	return tx.Exec(ctx, `delete from sessions where account = $1 and hash <> $2`, int64(account), but)
}

// SweepSessions drops what has expired, and forms that were sent long ago.
func (tx *Tx) SweepSessions(ctx context.Context, now time.Time) error {
	if _, err := tx.Exec(ctx, `delete from sessions where expires <= $1`, ms(now)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `delete from submissions where created < $1`, ms(now.Add(-submissionKept)))
	return err
}

// submissionKept is how long a second click is recognised: a form is not open for longer.
const submissionKept = 7 * 24 * time.Hour
