// Package jobs is the durable queue: what must happen later is a row of the
// table jobs, written in the transaction of the change that causes it (LB17).
//
// Each kind of job has its workers. A job may have a lane, of which only so
// many run at once (a host), and a serial, of which one runs at a time in the
// order of creation (an inbox and an object). A claim sets attempts, next run
// and lease before the work (LB18) and is renewed during it: a crash costs some
// seconds and never a hot loop. On PostgreSQL several nodes share the table; a
// job is run by one of them per lease. Work is therefore done at least once; a
// handler that calls [Job.Done] inside its own transaction does it exactly once.
//
// What it refuses: to know what the jobs do, to talk to peers, to keep what
// succeeded, and to give up silently: what fails for good stays visible.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"essaim/internal/store"
)

// Job is a claimed job, as its handler sees it.
type Job struct {
	ID       int64
	Kind     string
	Lane     string // what is limited together; "" for no limit
	Serial   string // what is done in order; "" for no order
	Attempts int    // this one included: 1 at first
	Created  time.Time
	RunAt    time.Time // when it came due
	Activity int64     // 0 for none
	Object   int64     // 0 for none
	Args     []byte    // JSON; empty for none
	Body     []byte

	lease   atomic.Int64 // ms, end of this claim as the table has it
	until   int64        // ms, end of this attempt, whatever is renewed
	expires int64        // ms, 0 for never
	gone    atomic.Bool
}

// ErrLost tells that the lease ended and the job belongs to someone else, or
// was cancelled: the work must not be committed.
var ErrLost = errors.New("jobs: the job is no longer ours")

// Done deletes the job inside the transaction of its own work, so that both
// happen or neither. The handler then returns nil.
func (j *Job) Done(ctx context.Context, tx *store.Tx) error {
	n, err := tx.Exec(ctx, deleteOurs, j.ID, j.Attempts)
	if err != nil {
		return fmt.Errorf("jobs: done: %w", err)
	}
	if n == 0 {
		return ErrLost
	}
	tx.AfterCommit(func() { j.gone.Store(true) })
	return nil
}

// Handler does the work. nil deletes the job; [Permanent], [Snooze] and
// [ErrAbandon] say what else to do; any other error waits with back-off. ctx ends
// shortly before the lease does.
type Handler func(ctx context.Context, j *Job) error

// Kind is one kind of job and how it is run.
type Kind struct {
	Name    string
	Handler Handler
	// Concurrency is how many run at once in this process; 0 is 1.
	Concurrency int
	// LaneLimit is how many of one lane run at once in this process; 0 is no
	// limit.
	LaneLimit int
	// Lease bounds one attempt; 0 is two minutes. When the process dies the job
	// comes due much sooner, see hold.
	Lease time.Duration
	// Backoff is the wait after the given attempt (1 at first), rnd in [0, 1);
	// nil is DefaultBackoff.
	Backoff func(attempt int, rnd float64) time.Duration
	// MaxAge is how long after its creation a failing job is tried again; 0 is
	// seven days. A job is tried once however old it is.
	MaxAge time.Duration
	// ReleaseOrder lets the later jobs of a serial go ahead once a job of it
	// has failed.
	ReleaseOrder bool
}

// New is a job to insert. Kind is required.
type New struct {
	Kind     string
	Lane     string
	Serial   string
	RunAt    time.Time     // zero is now
	Activity int64         // 0 for none
	Object   int64         // 0 for none
	Args     any           // JSON; []byte and json.RawMessage are taken as they are
	Body     []byte        // kept as it is
	Expires  time.Duration // after which it is not worth doing; 0 is never
}

// ErrAbandon, returned by a handler, deletes the job without a trace: there is
// nothing left to do.
var ErrAbandon = errors.New("jobs: abandoned")

// Permanent marks the job dead, visible to the operator: trying again would
// not help.
func Permanent(err error) error { return &verdict{err: err, permanent: true} }

// Snooze waits d rather than the back-off (Retry-After). With a nil err the job
// was not really tried, and the attempt does not count.
func Snooze(d time.Duration, err error) error { return &verdict{err: err, wait: d} }

// verdict is an error with what it asks of the queue.
type verdict struct {
	err       error
	permanent bool
	wait      time.Duration
}

func (v *verdict) Error() string {
	if v.err == nil {
		return "not yet"
	}
	return v.err.Error()
}

func (v *verdict) Unwrap() error { return v.err }

// DefaultBackoff is 1 m, 5 m, 30 m, 2 h, 6 h, 12 h, then every 24 h, ±10 %.
func DefaultBackoff(attempt int, rnd float64) time.Duration {
	steps := [...]time.Duration{
		time.Minute, 5 * time.Minute, 30 * time.Minute,
		2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
	}
	step := steps[min(max(attempt, 1), len(steps))-1]
	return time.Duration(math.Round(float64(step) * (0.9 + 0.2*rnd)))
}
