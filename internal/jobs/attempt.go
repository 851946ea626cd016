package jobs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"essaim/internal/store"
)

// ending is what becomes of a job after an attempt.
type ending struct {
	w        *worker
	job      *Job
	what     fate
	runAt    int64 // of waits
	attempts int   // to be counted from then on
	serial   string
	status   int
	reason   string
}

type fate int

const (
	deleted fate = iota // done, or abandoned
	gone                // deleted by the handler's own transaction
	waits
	dead
)

// attempt runs the handler once and decides what becomes of the job.
func (w *worker) attempt(ctx context.Context, j *Job) ending {
	e := ending{w: w, job: j, serial: j.Serial, attempts: j.Attempts}
	now := w.q.now()
	if j.expires != 0 && now >= j.expires {
		e.what, e.reason = dead, "expired"
		return e
	}
	limited, cancel := context.WithTimeout(ctx, w.Lease*9/10)
	defer cancel()
	err := w.safely(limited, j)
	now = w.q.now()
	v, _ := errors.AsType[*verdict](err)
	switch {
	case j.gone.Load():
		e.what = gone
	case err == nil || errors.Is(err, ErrAbandon):
		e.what = deleted
	case ctx.Err() != nil:
		// The process is stopping: the job is given back as if untouched.
		e.what, e.runAt, e.attempts, e.reason = waits, now, j.Attempts-1, "interrupted"
	case v != nil && v.permanent:
		e.what = dead
	case v != nil && v.err == nil:
		e.what, e.attempts = waits, j.Attempts-1
		e.runAt = now + max(v.wait.Milliseconds(), 1)
	default:
		e.what = waits
		wait := w.Backoff(j.Attempts, w.q.rnd())
		if v != nil {
			wait = v.wait
		}
		e.runAt = now + max(wait.Milliseconds(), 1)
		if w.ReleaseOrder {
			e.serial = ""
		}
	}
	if e.what == waits && e.attempts == j.Attempts && e.runAt > w.deadline(j) {
		e.what = dead
		err = fmt.Errorf("gave up after %d attempts: %w", j.Attempts, err)
	}
	if e.reason == "" && err != nil && e.what != gone {
		e.reason = tidy(err.Error())
	}
	if s, ok := errors.AsType[interface {
		error
		HTTPStatus() int
	}](err); ok {
		e.status = s.HTTPStatus()
	}
	w.report(e, err)
	return e
}

// deadline is when a failing job is no longer tried, in milliseconds.
func (w *worker) deadline(j *Job) int64 {
	if j.expires != 0 {
		return j.expires
	}
	return j.Created.Add(w.MaxAge).UnixMilli()
}

// safely turns a panic of the handler into an error.
func (w *worker) safely(ctx context.Context, j *Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			w.q.log.Error("a job panicked", "kind", j.Kind, "job", j.ID, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return w.Handler(ctx, j)
}

func (w *worker) report(e ending, err error) {
	switch e.what {
	case dead:
		w.q.log.Warn("a job is dead", "kind", w.Name, "job", e.job.ID, "lane", e.job.Lane, "attempts", e.job.Attempts, "err", err)
	case waits:
		w.q.log.Debug("a job will be tried again", "kind", w.Name, "job", e.job.ID, "lane", e.job.Lane, "at", time.UnixMilli(e.runAt), "err", err)
	}
}

// tidy makes any text fit for a column of either database.
func tidy(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "�"), "\x00", "�")
	if len(s) > 2000 {
		s = strings.ToValidUTF8(s[:2000], "") + "…"
	}
	return s
}

// finishAll records endings, those that are waiting in one transaction.
func (q *Queue) finishAll(ctx context.Context) {
	for first := range q.ends {
		group := []ending{first}
		runtime.Gosched() // others may be about to end
	drain:
		for len(group) < batch {
			select {
			case e, ok := <-q.ends:
				if !ok {
					break drain
				}
				group = append(group, e)
			default:
				break drain
			}
		}
		if err := q.record(ctx, group); err != nil {
			// Their leases run out, and they are tried again.
			q.log.Error("the end of jobs could not be recorded", "jobs", len(group), "err", err)
		}
	}
}

// record writes the endings, then tells the books.
func (q *Queue) record(ctx context.Context, group []ending) error {
	err := q.db.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
		return q.write(ctx, tx, group)
	})
	for _, e := range group {
		if err == nil {
			if e.what == waits {
				e.w.book.came(position{e.runAt, e.job.ID})
			}
			if e.what != waits || e.serial == "" {
				e.w.book.went(e.job.Serial)
			}
		}
		q.held.remove(e.job)
		e.w.book.leave(e.job.Lane)
		e.w.ring()
	}
	return err
}

func (q *Queue) write(ctx context.Context, tx *store.Tx, group []ending) error {
	now := q.now()
	var done []int64
	for _, e := range group {
		j := e.job
		var err error
		switch {
		case e.what == gone:
		case e.what == deleted && now < j.lease.Load():
			done = append(done, j.ID) // surely still ours
		case e.what == deleted:
			_, err = tx.Exec(ctx, deleteOurs, j.ID, j.Attempts)
		case e.what == waits:
			_, err = tx.Exec(ctx, waitOurs, j.ID, j.Attempts, e.runAt, e.attempts, e.serial, e.status, e.reason)
		case e.what == dead:
			_, err = tx.Exec(ctx, buryOurs, j.ID, j.Attempts, e.status, e.reason)
		}
		if err != nil {
			return fmt.Errorf("jobs: end: %w", err)
		}
	}
	if len(done) == 0 {
		return nil
	}
	if _, err := tx.Exec(ctx, deleteBatch, padded(nil, done)...); err != nil {
		return fmt.Errorf("jobs: end: %w", err)
	}
	return nil
}

func isNone(err error) bool { return errors.Is(err, store.ErrNotFound) }

func compare(a, b int64) int { return cmp.Compare(a, b) }
