package store

import (
	"context"
	"time"

	"essaim/internal/essaim"
)

// Version is what an object said before it was changed.
type Version struct {
	Number    int
	Since     time.Time // from when on it was the current one
	Doc, HTML string
}

// MaxVersions bounds what is kept of one object: somebody who changes something for ever does not fill the disk.
const MaxVersions = 30

// Versions lists what an object said before, oldest first. Who may see the object may see them; the caller asks.
func Versions(ctx context.Context, q Q, object essaim.ID) ([]*Version, error) {
	return many(ctx, q, func(s scanner) (*Version, error) {
		var v Version
		var since int64
		err := s.Scan(&v.Number, &since, &v.Doc, &v.HTML)
		v.Since = at(since)
		return &v, err
	}, `select number, since, doc, html from versions where object = $1 order by number`, int64(object))
}

// KeepVersion keeps what an object said, and drops what is older than the last MaxVersions.
func (c Content) KeepVersion(ctx context.Context, was *Object) error {
	since := was.Updated
	if since.IsZero() {
		since = was.Published
	}
	_, err := c.tx.Exec(ctx, `insert into versions (object, number, since, doc, html) values ($1, $2, $3, $4, $5) on conflict (object, number) do nothing`,
		int64(was.ID), was.Version, ms(since), was.Doc, was.HTML)
	if err != nil {
		return err
	}
	_, err = c.tx.Exec(ctx, `delete from versions where object = $1 and number <= (select k.number from versions k where k.object = $1 order by k.number desc limit 1 offset $2)`,
		int64(was.ID), MaxVersions)
	return err
}

// DropVersions forgets everything an object said before.
func (c Content) DropVersions(ctx context.Context, object essaim.ID) error {
	_, err := c.tx.Exec(ctx, `delete from versions where object = $1`, int64(object))
	return err
}
