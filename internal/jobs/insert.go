package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"essaim/internal/store"
)

// Insert adds jobs in the transaction of the change that causes them (LB17) and
// wakes workers once it is committed. It may be called without Start.
func (q *Queue) Insert(ctx context.Context, tx *store.Tx, jobs ...New) error {
	now := q.now()
	for _, n := range jobs {
		args, err := encode(n.Args)
		if err != nil {
			return fmt.Errorf("jobs: insert %s: %w", n.Kind, err)
		}
		if n.Kind == "" {
			return errors.New("jobs: insert: a job needs a kind")
		}
		runAt, expires := now, int64(0)
		if !n.RunAt.IsZero() {
			runAt = n.RunAt.UnixMilli()
		}
		if n.Expires > 0 {
			expires = now + n.Expires.Milliseconds()
		}
		for inserted := int64(0); inserted == 0; {
			id, err := q.Reserve(ctx, tx, 1)
			if err != nil {
				return err
			}
			// Another node may have drawn the same id: then draw again.
			inserted, err = tx.Exec(ctx, insertJob, id, n.Kind, n.Lane, n.Serial, runAt, now, expires,
				orNull(n.Activity), orNull(n.Object), args, n.Body)
			if err != nil {
				return fmt.Errorf("jobs: insert %s: %w", n.Kind, err)
			}
			if inserted > 0 {
				q.wakeAfter(tx, n.Kind, position{runAt, id})
			}
		}
	}
	return nil
}

// Reserve returns the first of n consecutive ids, later than all before, for a
// statement that inserts jobs by itself (a fan-out); the caller then says so
// with [Queue.Inserted].
func (q *Queue) Reserve(ctx context.Context, tx *store.Tx, n int) (first int64, err error) {
	return q.ids.draw(ctx, tx, q.now(), int64(n))
}

// Inserted tells that the transaction inserts jobs of a kind, the first of them
// with this id, due at runAt (milliseconds).
func (q *Queue) Inserted(tx *store.Tx, kind string, first, runAt int64) {
	q.wakeAfter(tx, kind, position{runAt, first})
}

func (q *Queue) wakeAfter(tx *store.Tx, kind string, at position) {
	tx.AfterCommit(func() {
		if w := q.kind(kind); w != nil {
			w.book.came(at)
			w.ring()
		}
		q.bell.ring(kind, at)
	})
}

func encode(args any) (string, error) {
	switch a := args.(type) {
	case nil:
		return "", nil
	case []byte:
		return string(a), nil
	case json.RawMessage:
		return string(a), nil
	default:
		text, err := json.Marshal(a)
		return string(text), err
	}
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// ids draws ids in the order of creation: milliseconds since 2020 and 22 bits,
// random at the first of a millisecond and counting on from there. They never
// go back, even when the clock does: the order of a serial is that of its ids.
type ids struct {
	rnd    func() float64
	mu     sync.Mutex
	seeded bool
	last   int64
}

const (
	epoch  = 1577836800000 // 2020-01-01, in milliseconds
	idBits = 22
)

func (s *ids) draw(ctx context.Context, tx *store.Tx, now, n int64) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.seeded {
		var last int64
		if err := tx.QueryRow(ctx, `select coalesce(max(id), 0) from jobs`).Scan(&last); err != nil {
			return 0, fmt.Errorf("jobs: ids: %w", err)
		}
		s.last, s.seeded = max(s.last, last), true
	}
	first := max(s.last+1, (now-epoch)<<idBits|int64(s.rnd()*(1<<(idBits-1))))
	s.last = first + n - 1
	return first, nil
}
