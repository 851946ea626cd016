package store_test

import (
	"errors"
	"strings"
	"testing"

	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// A full disk is told in a sentence, loses nothing that was committed, and is over when there is room again.
func TestAFullDisk(t *testing.T) {
	db, ctx := storetest.SQLite(t), t.Context()
	limit := func(pages string) {
		err := db.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
			rows, err := tx.Query(ctx, "pragma max_page_count = "+pages)
			if err != nil {
				return err
			}
			return rows.Close()
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	add := func(key string) error {
		return db.Write(ctx, store.Promised, func(tx *store.Tx) error {
			_, err := tx.SetMetaOnce(ctx, key, strings.Repeat("x", 100_000))
			return err
		})
	}
	limit("1") // what it holds now and no more
	kept := 0
	var err error
	for kept < 50 {
		if err = add(strings.Repeat("k", kept+1)); err != nil {
			break
		}
		kept++
	}
	e, ok := errors.AsType[*essaim.Error](err)
	if !ok || e.Code != essaim.Unavailable || !strings.Contains(e.Sentence, "full") {
		t.Fatalf("after %d: %v", kept, err)
	}
	limit("1000000")
	if err := add("again"); err != nil {
		t.Errorf("with room again: %v", err)
	}
	for i := range kept {
		if v, err := store.Meta(ctx, db.Read(), strings.Repeat("k", i+1)); err != nil || len(v) != 100_000 {
			t.Errorf("what was committed is gone: %v", err)
		}
	}
}
