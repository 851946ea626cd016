package jobs

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// RunDue runs, in this goroutine and one after the other, everything that is
// due at the clock's present, and what that makes due, until nothing is. Lane
// limits cannot be reached so; the order within a serial holds. It is how
// tests and simulated networks settle. What handlers return is dealt with as
// usual; err is only of the database.
func (q *Queue) RunDue(ctx context.Context) (ran int, err error) {
	q.mu.Lock()
	kinds := q.kinds
	q.mu.Unlock()
	keeping, done := context.WithCancel(ctx)
	var keeper sync.WaitGroup
	keeper.Go(func() { q.keep(keeping) })
	defer keeper.Wait()
	defer done()
	for before := -1; ran != before; {
		before = ran
		for _, w := range kinds {
			n, err := q.runHeads(ctx, w)
			ran += n
			if err != nil {
				return ran, err
			}
		}
	}
	return ran, nil
}

func (q *Queue) runHeads(ctx context.Context, w *worker) (ran int, err error) {
	now := q.now()
	picked, err := selectSeen(ctx, q.db.Read(), selectHeads, w.Name, now, batch)
	if err != nil {
		return 0, err
	}
	jobs, err := q.claimAll(ctx, w, picked, now)
	if err != nil {
		return 0, err
	}
	for _, j := range jobs {
		w.book.begun(j.Lane)
		if err := q.record(context.WithoutCancel(ctx), []ending{w.attempt(ctx, j)}); err != nil {
			return ran, err
		}
		ran++
	}
	return ran, nil
}

// NextDue is when the next job of a registered kind that nothing holds back
// comes due; false when there is none. A job at work counts at the end of its
// lease.
func (q *Queue) NextDue(ctx context.Context) (time.Time, bool, error) {
	q.mu.Lock()
	kinds := q.kinds
	q.mu.Unlock()
	var earliest time.Time
	for _, w := range kinds {
		var at int64
		err := q.db.Read().QueryRow(ctx, selectNextHead, w.Name).Scan(&at)
		if isNone(err) {
			continue
		}
		if err != nil {
			return time.Time{}, false, fmt.Errorf("jobs: next due: %w", err)
		}
		if t := time.UnixMilli(at); earliest.IsZero() || t.Before(earliest) {
			earliest = t
		}
	}
	return earliest, !earliest.IsZero(), nil
}
