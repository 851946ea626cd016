package jobs

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"essaim/internal/store"
)

// hold is how long a claim stands in the table by itself. An attempt may take
// longer, up to the lease of its kind: its process renews the claim meanwhile.
// So it is hold, not the lease, that the death of a process costs.
const hold = 20 * time.Second

// held is the jobs this process has claimed and not ended.
type held struct {
	mu   sync.Mutex
	jobs map[int64]*Job
}

func (h *held) add(jobs []*Job) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.jobs == nil {
		h.jobs = map[int64]*Job{}
	}
	for _, j := range jobs {
		h.jobs[j.ID] = j
	}
}

// remove forgets a job, unless it has been claimed again since.
func (h *held) remove(j *Job) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.jobs[j.ID] == j {
		delete(h.jobs, j.ID)
	}
}

// claim is what jobs must have in common to be renewed together.
type claim struct {
	lease    int64 // the new one
	attempts int
}

// endingSoon lists the jobs whose claim would end soon, by what it becomes.
func (h *held) endingSoon(now int64) map[claim][]*Job {
	h.mu.Lock()
	defer h.mu.Unlock()
	soon := map[claim][]*Job{}
	for id, j := range h.jobs {
		switch lease := min(now+hold.Milliseconds(), j.until); {
		case now >= j.until:
			delete(h.jobs, id)
		case j.lease.Load()-now <= hold.Milliseconds()/2 && lease > j.lease.Load():
			c := claim{lease, j.Attempts}
			soon[c] = append(soon[c], j)
		}
	}
	return soon
}

// keep renews claims until ctx ends.
func (q *Queue) keep(ctx context.Context) {
	pulse := time.NewTicker(hold / 4)
	defer pulse.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-pulse.C:
		}
		if err := q.renew(ctx); err != nil && ctx.Err() == nil {
			q.log.Error("the claims of jobs at work could not be renewed", "err", err)
		}
	}
}

// renew lengthens the claims that would end soon and are still ours.
func (q *Queue) renew(ctx context.Context) error {
	for c, jobs := range q.held.endingSoon(q.now()) {
		for some := range slices.Chunk(jobs, batch) {
			ids := make([]int64, len(some))
			for i, j := range some {
				ids[i] = j.ID
			}
			var ours []int64
			err := q.db.Write(ctx, store.Relaxed, func(tx *store.Tx) (err error) {
				ours, err = renewSome(ctx, tx, c, ids)
				return err
			})
			if err != nil {
				return fmt.Errorf("jobs: renew: %w", err)
			}
			for _, j := range some {
				if slices.Contains(ours, j.ID) {
					j.lease.Store(c.lease)
				}
			}
		}
	}
	return nil
}

func renewSome(ctx context.Context, tx *store.Tx, c claim, ids []int64) (ours []int64, err error) {
	rows, err := tx.Query(ctx, renewBatch, padded([]any{c.lease, c.attempts}, ids)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ours = append(ours, id)
	}
	return ours, rows.Err()
}
