package app

import (
	"context"
	"errors"
	"testing"

	"essaim/internal/essaim"
	"essaim/internal/search"
	"essaim/internal/store"
)

// What a document says is found again after columns, terms and index were lost, also when the work was interrupted; and nothing else changes.
func TestReindex(t *testing.T) {
	scenario(t, func(n *network) {
		a := n.instance("a.example")
		ines := n.member(a, "ines")
		for _, handle := range []string{"bus", "guichet", "cantine"} {
			ines.founds(handle)
		}
		ctx := context.Background()
		count := func() (total, filed int64) {
			t.Helper()
			if err := a.Search.Feed(ctx, nil); err != nil {
				t.Fatal(err)
			}
			fresh := search.New(search.Options{DB: a.DB, Site: a.Site}) // one that remembers nothing
			c, err := fresh.Count(ctx, search.Query{Kinds: []string{essaim.KindProject}, Territory: "fr:region:53", Phase: "pilot"})
			if err != nil {
				t.Fatal(err)
			}
			entries, err := store.ProjectEntries(ctx, a.DB.Read())
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				if e.Phase == "pilot" && len(e.Territories) == 2 {
					filed++
				}
			}
			return c.Total, filed
		}
		if total, filed := count(); total != 3 || filed != 3 {
			t.Fatalf("before: %d, %d", total, filed)
		}
		damage := func() {
			t.Helper()
			err := a.DB.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
				for _, statement := range []string{`update objects set phase = '', kind = '' where kind = 'project'`, `delete from terms`, `update search set kind = '', places = ''`} {
					if _, err := tx.Exec(ctx, statement); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		damage()
		if total, filed := count(); total != 0 || filed != 0 {
			t.Fatalf("damaged: %d, %d", total, filed)
		}
		changed := 0
		if err := a.Reindex(ctx, func(_, _ int64, n int) { changed = n }); err != nil {
			t.Fatal(err)
		}
		if total, filed := count(); total != 3 || filed != 3 || changed < 3 {
			t.Errorf("made again: %d, %d, %d changed", total, filed, changed)
		}
		if err := a.Reindex(ctx, func(_, _ int64, n int) { changed = n }); err != nil || changed != 0 {
			t.Errorf("a second time changes %d, %v", changed, err)
		}

		damage()
		stopped, stop := context.WithCancel(ctx)
		stop()
		if err := a.Reindex(stopped, func(int64, int64, int) {}); !errors.Is(err, context.Canceled) {
			t.Errorf("interrupted: %v", err)
		}
		if err := a.Reindex(ctx, func(int64, int64, int) {}); err != nil {
			t.Fatal(err)
		}
		if total, filed := count(); total != 3 || filed != 3 {
			t.Errorf("gone on: %d, %d", total, filed)
		}
	})
}
