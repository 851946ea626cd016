package app

import (
	"context"
	"fmt"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

// reindexKey is where a reindexing that was interrupted goes on.
const reindexKey = "reindex"

// Reindex makes columns, terms and the search index again from the documents, while the server may be running. Interrupted, it goes on where it was when
// it is called again. progress is told how many objects are done of how many, and how many had to be changed.
func (a *App) Reindex(ctx context.Context, progress func(done, total int64, changed int)) error {
	const page = 200
	at, err := store.Meta(ctx, a.DB.Read(), reindexKey)
	if err != nil {
		return err
	}
	after, err := essaim.ParseID(at)
	if err != nil {
		after = 0
	}
	total, err := store.CountObjectsAfter(ctx, a.DB.Read(), after)
	if err != nil {
		return err
	}
	changed := 0
	for done := int64(0); ; {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("interrupted after %d of %d objects; run it again to go on: %w", done, total, err)
		}
		last, n, err := a.Activity.Refile(ctx, after, page)
		if err != nil {
			return err
		}
		if err := a.Search.Feed(ctx, nil); err != nil {
			return err
		}
		position := last.String()
		if last == 0 {
			position = ""
		}
		if err := a.DB.Write(ctx, store.Promised, func(tx *store.Tx) error { return tx.PutMeta(ctx, reindexKey, position) }); err != nil {
			return err
		}
		changed += n
		if last == 0 {
			progress(total, total, changed)
			return nil
		}
		after, done = last, min(done+page, total)
		progress(done, total, changed)
	}
}
