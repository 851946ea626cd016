package store_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// What is compared: a row of 450 bytes with a unique address and one more
// index, written one by one or by 64 goroutines sharing commits.
const insertRow = `insert into activities (id, iri, type, actor, object, object_iri, target_iri, origin, visibility, published, extra)
	values ($1, $2, 'Create', $3, $4, $2, '', 1, 0, $1, $5)`

var extra = strings.Repeat("x", 350)

func benchmarkWrites(b *testing.B, d store.Durability, writers int) {
	db := storetest.SQLite(b)
	ctx := b.Context()
	var next atomic.Int64
	b.SetParallelism(writers)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			id := next.Add(1)
			err := db.Write(ctx, d, func(tx *store.Tx) error {
				_, err := tx.Exec(ctx, insertRow, id, fmt.Sprintf("https://example.org/activities/%d", id), id%50, id, extra)
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkWriteAlone(b *testing.B)           { benchmarkWrites(b, store.Relaxed, 1) }
func BenchmarkWriteGrouped(b *testing.B)         { benchmarkWrites(b, store.Relaxed, 64) }
func BenchmarkWriteGroupedPromised(b *testing.B) { benchmarkWrites(b, store.Promised, 64) }

// The bare cost of the same row inside one transaction.
func BenchmarkExecInOneTransaction(b *testing.B) {
	db := storetest.SQLite(b)
	ctx := b.Context()
	for done := 0; done < b.N; {
		n := min(64, b.N-done)
		err := db.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
			for i := range n {
				id := int64(done + i + 1)
				if _, err := tx.Exec(ctx, insertRow, id, fmt.Sprintf("https://example.org/activities/%d", id), id%50, id, extra); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		done += n
	}
}

func BenchmarkPointRead(b *testing.B) {
	db := storetest.SQLite(b)
	ctx := b.Context()
	err := db.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
		for id := range int64(1000) {
			if _, err := tx.Exec(ctx, insertRow, id, fmt.Sprintf("https://example.org/activities/%d", id), id%50, id, extra); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		var iri string
		if err := db.Read().QueryRow(ctx, `select iri from activities where id = $1`, i%1000).Scan(&iri); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFreshDatabase(b *testing.B) {
	for b.Loop() {
		db, err := store.Open(b.Context(), storetest.SQLiteDSN(b), store.Options{})
		if err != nil {
			b.Fatal(err)
		}
		db.Close()
	}
}
