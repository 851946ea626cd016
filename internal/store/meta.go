package store

import (
	"context"
	"time"
)

// Meta reads a fact about this database, "" when it was never set.
func Meta(ctx context.Context, q Q, key string) (string, error) {
	v, err := one(ctx, q, scanText, `select value from meta where key = $1`, key)
	if isNotFound(err) {
		return "", nil
	}
	return v, err
}

// SetMetaOnce sets a fact unless it is set, and returns what stands.
func (tx *Tx) SetMetaOnce(ctx context.Context, key, value string) (string, error) {
	if _, err := tx.Exec(ctx, `insert into meta (key, value) values ($1, $2) on conflict (key) do nothing`, key, value); err != nil {
		return "", err
	}
	return Meta(ctx, tx, key)
}

// PutMeta sets a fact, whatever stood before.
func (tx *Tx) PutMeta(ctx context.Context, key, value string) error {
	_, err := tx.Exec(ctx, `insert into meta (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value`, key, value)
	return err
}

// Audit notes who did what to whom: moderation and operation, kept.
func (tx *Tx) Audit(ctx context.Context, id int64, now time.Time, who, verb, target, detail string) error {
	_, err := tx.Exec(ctx, `insert into audit (id, at, who, verb, target, detail) values ($1, $2, $3, $4, $5, $6)`, id, ms(now), who, verb, target, detail)
	return err
}

// Backfill is how far a walk through a remote outbox or instance got.
type Backfill struct {
	Root             string // iri of the actor or instance
	State            BackfillState
	Cursor           string
	Pages, Items     int
	Error            string
	Started, Updated time.Time
}

// BackfillState is where a walk stands.
type BackfillState int16

// The states.
const (
	BackfillRunning BackfillState = iota
	BackfillComplete
	BackfillFailed
)

// BackfillByRoot finds a walk, or ErrNotFound.
func BackfillByRoot(ctx context.Context, q Q, root string) (*Backfill, error) {
	return one(ctx, q, func(s scanner) (*Backfill, error) {
		var b Backfill
		var started, updated int64
		err := s.Scan(&b.Root, &b.State, &b.Cursor, &b.Pages, &b.Items, &b.Error, &started, &updated)
		b.Started, b.Updated = at(started), at(updated)
		return &b, err
	}, `select root, state, cursor, pages, items, error, started, updated from backfills where root = $1`, root)
}

// PutBackfill writes how far a walk got.
func (tx *Tx) PutBackfill(ctx context.Context, b *Backfill) error {
	_, err := tx.Exec(ctx, `insert into backfills (root, state, cursor, pages, items, error, started, updated) values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (root) do update set state = excluded.state, cursor = excluded.cursor, pages = excluded.pages, items = excluded.items, error = excluded.error, updated = excluded.updated`,
		b.Root, int(b.State), b.Cursor, b.Pages, b.Items, b.Error, ms(b.Started), ms(b.Updated))
	return err
}

// Counts is what an instance knows, in figures.
type Counts struct {
	LocalActors, LocalObjects, RemoteActors, RemoteObjects, Follows int64
}

// Census counts actors and objects that stand, here and from elsewhere, and the follows of local actors that were accepted.
func Census(ctx context.Context, q Q) (Counts, error) {
	return one(ctx, q, func(s scanner) (Counts, error) {
		var c Counts
		err := s.Scan(&c.LocalActors, &c.LocalObjects, &c.RemoteActors, &c.RemoteObjects, &c.Follows)
		return c, err
	}, `select
		(select count(*) from actors a join objects o on o.id = a.object where o.local = $1 and o.deleted = 0),
		(select count(*) from objects o where o.local = $1 and o.deleted = 0 and o.attributed_to is not null),
		(select count(*) from actors a join objects o on o.id = a.object where o.local = $2 and o.deleted = 0),
		(select count(*) from objects o where o.local = $2 and o.deleted = 0 and o.attributed_to is not null),
		(select count(*) from relations r join objects o on o.id = r.source where r.kind = 'follow' and r.state = 1 and o.local = $1)`, true, false)
}
