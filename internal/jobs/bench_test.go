package jobs_test

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"

	"essaim/internal/jobs"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// onEach runs a benchmark on every database there is.
func onEach(b *testing.B, fn func(b *testing.B, db *store.DB)) {
	b.Run("sqlite", func(b *testing.B) { fn(b, storetest.SQLite(b)) })
	if os.Getenv(storetest.Env) != "" {
		b.Run("postgres", func(b *testing.B) { fn(b, storetest.Postgres(b)) })
	}
}

func nothing(context.Context, *jobs.Job) error { return nil }

// fill inserts n jobs in groups of 64, as grouped writers do.
func fill(b *testing.B, db *store.DB, q *jobs.Queue, n int, make func(i int) jobs.New) {
	b.Helper()
	for done := 0; done < n; {
		size := min(64, n-done)
		err := db.Write(b.Context(), store.Relaxed, func(tx *store.Tx) error {
			for i := range size {
				if err := q.Insert(b.Context(), tx, make(done+i)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		done += size
	}
}

func plain(int) jobs.New {
	return jobs.New{Kind: "k", Args: []byte(`{"inbox":"https://example.org/inbox"}`)}
}

func delivery(i int) jobs.New {
	return jobs.New{
		Kind: "k", Lane: fmt.Sprintf("host%d.example", i%500), Serial: fmt.Sprintf("https://host%d.example/inbox %d", i%500, i/500),
		Activity: int64(i/500 + 1), Object: int64(i/500 + 1), Args: []byte(`{"inbox":"https://example.org/inbox"}`),
	}
}

func BenchmarkInsert(b *testing.B) {
	for name, make := range map[string]func(int) jobs.New{"plain": plain, "delivery": delivery} {
		b.Run(name, func(b *testing.B) {
			onEach(b, func(b *testing.B, db *store.DB) {
				q := jobs.NewQueue(db, deaf)
				b.ResetTimer()
				fill(b, db, q, b.N, make)
			})
		})
	}
}

// benchmarkWork measures claiming and deleting n jobs that do nothing.
func benchmarkWork(b *testing.B, laneLimit int, before func(db *store.DB, q *jobs.Queue), make func(int) jobs.New) {
	onEach(b, func(b *testing.B, db *store.DB) {
		q := jobs.NewQueue(db, deaf)
		gate := gateOf(b)
		if before != nil {
			before(db, q)
		}
		fill(b, db, q, b.N, make)
		var all sync.WaitGroup
		all.Add(b.N)
		b.ResetTimer()
		start(b, q, jobs.Kind{Name: "k", Concurrency: 100, LaneLimit: laneLimit, Handler: func(ctx context.Context, j *jobs.Job) error {
			if j.Lane == "blocked" {
				select {
				case <-gate:
				case <-ctx.Done():
				}
				return nil
			}
			all.Done()
			return nil
		}})
		all.Wait()
		b.StopTimer()
	})
}

func gateOf(b *testing.B) chan struct{} {
	gate := make(chan struct{})
	b.Cleanup(func() { close(gate) })
	return gate
}

func BenchmarkWork(b *testing.B) {
	b.Run("plain", func(b *testing.B) { benchmarkWork(b, 0, nil, plain) })
	b.Run("delivery", func(b *testing.B) { benchmarkWork(b, 2, nil, delivery) })
}

// The same deliveries behind 10,000 due jobs of a lane that does not move.
func BenchmarkWorkBehindABlockedLane(b *testing.B) {
	benchmarkWork(b, 2, func(db *store.DB, q *jobs.Queue) {
		fill(b, db, q, 10_000, func(int) jobs.New { return jobs.New{Kind: "k", Lane: "blocked"} })
	}, delivery)
}

func BenchmarkRunDue(b *testing.B) {
	onEach(b, func(b *testing.B, db *store.DB) {
		q := jobs.NewQueue(db, deaf)
		if err := q.Register(jobs.Kind{Name: "k", Handler: nothing}); err != nil {
			b.Fatal(err)
		}
		fill(b, db, q, b.N, plain)
		b.ResetTimer()
		if _, err := q.RunDue(b.Context()); err != nil {
			b.Fatal(err)
		}
	})
}
