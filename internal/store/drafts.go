package store

import (
	"context"
	"time"

	"essaim/internal/essaim"
)

// Draft is what a person typed into a form and has not sent. Form is the path of the form, Fields a query string.
type Draft struct {
	Form, Fields string
	Updated      time.Time
}

// DraftOf finds the draft of one form, or ErrNotFound.
func DraftOf(ctx context.Context, q Q, account essaim.ID, form string) (*Draft, error) {
	return one(ctx, q, scanDraft, `select d.form, d.fields, d.updated from drafts d where d.account = $1 and d.form = $2`, int64(account), form)
}

// DraftsOf lists the drafts of an account, newest first.
func DraftsOf(ctx context.Context, q Q, account essaim.ID) ([]*Draft, error) {
	return many(ctx, q, scanDraft, `select d.form, d.fields, d.updated from drafts d where d.account = $1 order by d.updated desc, d.form limit 50`, int64(account))
}

func scanDraft(s scanner) (*Draft, error) {
	var d Draft
	var updated int64
	err := s.Scan(&d.Form, &d.Fields, &updated)
	d.Updated = at(updated)
	return &d, err
}

// PutDraft keeps a draft in the place of the one before.
func (tx *Tx) PutDraft(ctx context.Context, account essaim.ID, d *Draft) error {
	_, err := tx.Exec(ctx, `insert into drafts (account, form, fields, updated) values ($1, $2, $3, $4)
		on conflict (account, form) do update set fields = excluded.fields, updated = excluded.updated`, int64(account), d.Form, d.Fields, ms(d.Updated))
	return err
}

// DropDraft forgets a draft: it was sent, or thrown away.
func (tx *Tx) DropDraft(ctx context.Context, account essaim.ID, form string) error {
	_, err := tx.Exec(ctx, `delete from drafts where account = $1 and form = $2`, int64(account), form)
	return err
}

// Submit notes that a form was carried out; false when the same form was before, and page is where that led.
func (tx *Tx) Submit(ctx context.Context, token string, account essaim.ID, now time.Time) (fresh bool, page string, err error) {
	n, err := tx.Exec(ctx, `insert into submissions (token, account, page, created) values ($1, $2, '', $3) on conflict (token) do nothing`, token, int64(account), ms(now))
	if err != nil || n == 1 {
		return n == 1, "", err
	}
	page, err = one(ctx, tx, scanText, `select page from submissions where token = $1 and account = $2`, token, int64(account))
	if isNotFound(err) {
		err = nil
	}
	return false, page, err
}

// Submitted tells whether an account has carried out a form.
func Submitted(ctx context.Context, q Q, token string, account essaim.ID) (bool, error) {
	n, err := one(ctx, q, scanInt, `select count(*) from submissions where token = $1 and account = $2`, token, int64(account))
	return n > 0, err
}

// SubmittedTo notes where a form that was carried out led, for a second click.
func (tx *Tx) SubmittedTo(ctx context.Context, token, page string) error {
	_, err := tx.Exec(ctx, `update submissions set page = $2 where token = $1`, token, page)
	return err
}
