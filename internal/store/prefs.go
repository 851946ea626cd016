package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"essaim/internal/essaim"
)

// Prefs are the choices of a person that concern nobody else. The zero value is what a new account has.
type Prefs struct {
	NoMentions bool `json:"no_mentions,omitempty"` // no letter at once for a mention or a reply
	NoDigest   bool `json:"no_digest,omitempty"`   // no weekly letter
	ShowDomain bool `json:"show_domain,omitempty"` // the profile says that the address is of a domain the operator recognises (L16)
}

// Scan reads the column.
func (p *Prefs) Scan(src any) error {
	var text string
	switch s := src.(type) {
	case string:
		text = s
	case []byte:
		text = string(s)
	default:
		return fmt.Errorf("store: preferences are text, not %T", src)
	}
	*p = Prefs{}
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), p)
}

// SetPrefs keeps the choices of an account.
func (tx *Tx) SetPrefs(ctx context.Context, account essaim.ID, p Prefs) error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update accounts set prefs = $2 where id = $1`, int64(account), string(text))
	return err
}

// SetLanguage keeps the language in which an account is written to.
func (tx *Tx) SetLanguage(ctx context.Context, account essaim.ID, language string) error {
	_, err := tx.Exec(ctx, `update accounts set language = $2 where id = $1`, int64(account), language)
	return err
}

// DigestsDue lists the accounts whose weekly letter is due, the longest waiting first, with the moment it was due; zero for those that had none yet.
func DigestsDue(ctx context.Context, q Q, now time.Time, limit int) (accounts []*Account, due []time.Time, err error) {
	type row struct {
		account *Account
		due     time.Time
	}
	rows, err := many(ctx, q, func(s scanner) (row, error) {
		var a Account
		var created, planned int64
		err := s.Scan(append(accountFields(&a, &created), &planned)...)
		a.Created = at(created)
		return row{&a, at(planned)}, err
	}, `select `+accountColumns+`, c.digest_at from accounts c where c.digest_at <= $1 and c.state = 0 order by c.digest_at, c.id limit $2`, ms(now), limit)
	for _, r := range rows {
		accounts, due = append(accounts, r.account), append(due, r.due)
	}
	return accounts, due, err
}

// PlanDigest moves the weekly letter of an account from the moment it was due to another; false when somebody else did.
func (tx *Tx) PlanDigest(ctx context.Context, account essaim.ID, due, next time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `update accounts set digest_at = $3 where id = $1 and digest_at = $2`, int64(account), ms(due), ms(next))
	return n == 1, err
}
