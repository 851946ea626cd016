package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// A copy made while others write is one consistent state, and opens.
func TestBackupWhileServing(t *testing.T) {
	db := storetest.SQLite(t)
	for i := range 50 {
		put(t, db, fmt.Sprint("before", i), strings.Repeat("x", 50_000))
	}
	ctx, cancel := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	writers.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			db.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
				for _, half := range []string{"a", "b"} {
					if _, err := tx.Exec(ctx, insertMeta, fmt.Sprint("during", i, half), "v"); err != nil {
						return err
					}
				}
				return nil
			})
		}
	})
	path := filepath.Join(t.TempDir(), "copie d'été.db")
	err := db.Backup(t.Context(), path)
	cancel()
	writers.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the copy: %v, %v", info.Mode(), err)
	}
	restored := storetest.Open(t, "sqlite:"+path)
	if err := restored.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	var check string
	if err := restored.Read().QueryRow(t.Context(), `pragma integrity_check`).Scan(&check); err != nil || check != "ok" {
		t.Errorf("integrity: %s, %v", check, err)
	}
	if n := count(t, restored); n < 50 || n%2 != 0 {
		t.Errorf("%d rows: not the state of one moment", n)
	}
	if err := db.Backup(t.Context(), path); !errors.Is(err, os.ErrExist) {
		t.Errorf("a second backup to the same file gave %v", err)
	}
}

func TestCancelledBackupLeavesNothing(t *testing.T) {
	db := storetest.SQLite(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := db.Backup(ctx, path); err == nil {
		t.Fatal("it succeeded")
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is there: %v", err)
	}
	put(t, db, "a", "1")
}
