package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"time"

	"essaim/internal/store"
)

// worker runs the jobs of one kind.
type worker struct {
	Kind
	q    *Queue
	book *book
	wake chan struct{}
}

func newWorker(q *Queue, k Kind) *worker {
	return &worker{Kind: k, q: q, book: newBook(k.LaneLimit), wake: make(chan struct{}, 1)}
}

// ring makes the loop look, soon and once.
func (w *worker) ring() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

const (
	// overlap is how late a told-of-by-nobody job may have been committed.
	overlap = 10 * time.Second
	// forgetEvery polls, the book is thrown away.
	forgetEvery = 12
	// linger is how long places may stay free to be filled together.
	linger = 10 * time.Millisecond
	// recoil is the pause after an error of the database.
	recoil = time.Second
)

// loop claims and starts jobs until looping ends. It sleeps while nothing is
// due, no place is free or nobody rings.
func (w *worker) loop(looping, working context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	lastPoll, polls := w.q.clock(), 0
	saturated := false // the last look found all it wanted
	for looping.Err() == nil {
		if w.q.clock().Sub(lastPoll) >= w.q.poll {
			lastPoll = w.q.clock()
			if polls++; polls%forgetEvery == 0 {
				w.book.forget()
			} else {
				w.book.back(lastPoll.Add(-overlap).UnixMilli())
			}
		}
		wait := w.q.poll
		free := w.Concurrency - w.book.atWork()
		if saturated && 0 < free && free < min(batch, w.Concurrency)/2 {
			// There is more to do than places: let some more places come free,
			// since a claim of one costs as much as a claim of many.
			saturated = false
			select {
			case <-looping.Done():
			case <-time.After(linger):
			}
			continue
		}
		if free > 0 && !w.book.idle(w.q.now()) {
			jobs, err := w.claimDue(looping, min(free, batch))
			saturated = len(jobs) == min(free, batch)
			for _, j := range jobs {
				w.q.running.Go(func() { w.q.ends <- w.attempt(working, j) })
			}
			switch {
			case looping.Err() != nil:
				return
			case err != nil:
				w.q.log.Error("jobs could not be claimed", "kind", w.Name, "err", err)
				wait = recoil
			case len(jobs) > 0:
				continue
			default:
				// Not idle although nothing could be had: another node is
				// claiming it, or it arrived this instant.
				wait = 20 * time.Millisecond
			}
		}
		if w.book.idle(w.q.now()) {
			wait = min(w.q.poll, w.book.until(w.q.now()))
		}
		timer.Reset(wait)
		select {
		case <-looping.Done():
		case <-w.wake:
		case <-timer.C:
		}
	}
}

// claimDue looks for at most n jobs that may run now and claims them.
func (w *worker) claimDue(ctx context.Context, n int) ([]*Job, error) {
	now := w.q.now()
	open, ready, from, passedFirst := w.book.begin()
	l := look{w: w, ctx: ctx, now: now, want: n, last: from, next: math.MaxInt64}
	if passedFirst {
		l.passedOver(open, ready)
		l.scan()
	} else {
		l.scan()
		l.passedOver(open, ready)
	}
	w.book.finish(l.last, l.end, l.next)
	var jobs []*Job
	if l.err == nil {
		jobs, l.err = w.q.claimAll(ctx, w, l.picked, now)
	}
	if len(jobs) < len(l.picked) {
		claimed := map[int64]bool{}
		for _, j := range jobs {
			claimed[j.ID] = true
		}
		for _, s := range l.picked {
			if !claimed[s.id] {
				w.book.leave(s.lane)
			}
		}
	}
	if l.err != nil {
		w.book.forget() // what was seen and not claimed must be seen again
	}
	return jobs, l.err
}

// look is one search for due jobs, outside any transaction.
type look struct {
	w      *worker
	ctx    context.Context
	now    int64
	want   int
	picked []seen
	last   position
	end    bool
	next   int64
	err    error
}

func (l *look) full() bool { return l.err != nil || len(l.picked) >= l.want }

func (l *look) query(query string, args ...any) []seen {
	var all []seen
	if l.err == nil {
		all, l.err = selectSeen(l.ctx, l.w.q.db.Read(), query, args...)
	}
	return all
}

// scan goes on from where the last look ended, in growing steps: many of what
// it passes may have to wait.
func (l *look) scan() {
	for step := l.want + 10; !l.full() && !l.end; step = min(2*step, 500) {
		rows := l.query(selectDue, l.w.Name, l.now, l.last.runAt, l.last.id, step)
		for _, s := range rows {
			if l.full() {
				return
			}
			l.last = position{s.runAt, s.id}
			l.take(s)
		}
		l.end = l.err == nil && len(rows) < step
	}
	if !l.end {
		return
	}
	// What comes due from here on sorts after everything seen.
	l.last = position{l.now, math.MaxInt64}
	err := l.w.q.db.Read().QueryRow(l.ctx, selectNext, l.w.Name, l.now).Scan(&l.next)
	if err != nil && !isNone(err) {
		l.err = fmt.Errorf("jobs: look: %w", err)
	}
}

// passedOver returns to the lanes and serials on which a job has ended.
func (l *look) passedOver(open, ready []string) {
	for _, serial := range ready {
		if l.full() {
			return
		}
		l.w.book.lookAtSerial(serial)
		rows := l.query(selectSerial, l.w.Name, serial)
		switch {
		case l.err != nil:
			return
		case len(rows) == 0:
			l.w.book.exhausted(serial)
		case rows[0].runAt <= l.now:
			l.take(rows[0])
		}
	}
	for _, lane := range open {
		if l.full() {
			return
		}
		l.picked = append(l.picked, l.w.book.dequeue(lane, l.want-len(l.picked))...)
	}
}

// take picks a job unless it has to wait, or was found twice in one look.
func (l *look) take(s seen) {
	if slices.ContainsFunc(l.picked, func(p seen) bool { return p.id == s.id }) {
		return
	}
	if l.w.book.take(s) {
		l.picked = append(l.picked, s)
	}
}

// claimAll takes the picked jobs that are still free, in the order of ids. Jobs
// that failed before wait longer, should this attempt die with its node.
func (q *Queue) claimAll(ctx context.Context, w *worker, picked []seen, now int64) ([]*Job, error) {
	if len(picked) == 0 {
		return nil, nil
	}
	byAttempts := map[int][]int64{}
	due := map[int64]int64{}
	for _, s := range picked {
		byAttempts[s.attempts] = append(byAttempts[s.attempts], s.id)
		due[s.id] = s.runAt
	}
	until := now + w.Lease.Milliseconds()
	lease := min(until, now+hold.Milliseconds())
	var jobs []*Job
	err := q.db.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
		jobs = nil
		for attempts, ids := range byAttempts {
			next := lease
			if attempts > 0 {
				next = max(lease, now+w.Backoff(attempts+1, q.rnd()).Milliseconds())
			}
			for chunk := range slices.Chunk(ids, batch) {
				some, err := w.claimSome(ctx, tx, chunk, lease, next, now)
				if err != nil {
					return err
				}
				jobs = append(jobs, some...)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("jobs: claim: %w", err)
	}
	for _, j := range jobs {
		j.RunAt, j.until = time.UnixMilli(due[j.ID]), until
	}
	slices.SortFunc(jobs, func(a, b *Job) int { return compare(a.ID, b.ID) })
	q.held.add(jobs)
	return jobs, nil
}

func (w *worker) claimSome(ctx context.Context, tx *store.Tx, ids []int64, lease, next, now int64) ([]*Job, error) {
	rows, err := tx.Query(ctx, w.q.claim, padded([]any{lease, next, now}, ids)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var jobs []*Job
	for rows.Next() {
		j := &Job{Kind: w.Name}
		j.lease.Store(lease)
		var created int64
		var activity, object sql.NullInt64
		if err := rows.Scan(&j.ID, &j.Lane, &j.Serial, &j.Attempts, &created, &j.expires, &activity, &object, &j.Args, &j.Body); err != nil {
			return nil, err
		}
		j.Created, j.Activity, j.Object = time.UnixMilli(created), activity.Int64, object.Int64
		jobs = append(jobs, j)
	}
	return jobs, rows.Err()
}
