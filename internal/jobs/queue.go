package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"essaim/internal/store"
)

// Options of a Queue. The zero value works.
type Options struct {
	Clock  func() time.Time // nil is time.Now
	Rand   func() float64   // in [0, 1); nil is math/rand/v2
	Logger *slog.Logger     // nil is silent
	Node   string           // names this process among those that share the database; "" is drawn
	// Poll is how often the table is looked at for what nobody told of: another
	// process on the same SQLite file, a lost notification; 0 is five seconds.
	Poll time.Duration
}

// Queue inserts, claims and runs jobs. It is safe for concurrent use.
type Queue struct {
	db    *store.DB
	clock func() time.Time
	rnd   func() float64
	log   *slog.Logger
	ids   ids
	bell  bell
	claim string // SQL
	poll  time.Duration

	mu       sync.Mutex
	kinds    []*worker // in the order of registration
	started  bool
	stopping context.CancelFunc // of the dispatchers
	cut      context.CancelFunc // of the handlers
	ends     chan ending
	loops    sync.WaitGroup // dispatchers and listener
	running  sync.WaitGroup // handlers
	finisher sync.WaitGroup
	keeping  sync.WaitGroup
	held     held
}

// NewQueue makes a queue on db. It runs nothing before Start or RunDue.
func NewQueue(db *store.DB, o Options) *Queue {
	q := &Queue{db: db, clock: o.Clock, rnd: o.Rand, log: o.Logger, claim: claimBatch(db.Dialect())}
	if q.clock == nil {
		q.clock = time.Now
	}
	if q.rnd == nil {
		q.rnd = rand.Float64
	}
	if q.log == nil {
		q.log = slog.New(slog.DiscardHandler)
	}
	if q.poll = o.Poll; q.poll <= 0 {
		q.poll = 5 * time.Second
	}
	q.ids.rnd = q.rnd
	q.bell = bell{db: db, log: q.log, node: o.Node}
	if q.bell.node == "" {
		q.bell.node = fmt.Sprintf("%x", rand.Uint64())
	}
	return q
}

// Register makes the queue run a kind of jobs. It must precede Start.
func (q *Queue) Register(k Kind) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case k.Name == "" || k.Handler == nil:
		return errors.New("jobs: register: a kind needs a name and a handler")
	case q.started:
		return fmt.Errorf("jobs: register %s: the queue has started", k.Name)
	case slices.ContainsFunc(q.kinds, func(w *worker) bool { return w.Name == k.Name }):
		return fmt.Errorf("jobs: register %s: registered twice", k.Name)
	}
	if k.Concurrency <= 0 {
		k.Concurrency = 1
	}
	if k.Lease <= 0 {
		k.Lease = 2 * time.Minute
	}
	if k.Backoff == nil {
		k.Backoff = DefaultBackoff
	}
	if k.MaxAge <= 0 {
		k.MaxAge = 7 * 24 * time.Hour
	}
	q.kinds = append(q.kinds, newWorker(q, k))
	return nil
}

// Start runs due jobs of the registered kinds in the background until Stop. The
// values of ctx reach the handlers; its end does not stop them.
func (q *Queue) Start(ctx context.Context) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.started {
		return errors.New("jobs: start: the queue has started already")
	}
	q.started = true
	base := context.WithoutCancel(ctx)
	looping, stop := context.WithCancel(base)
	working, cut := context.WithCancel(base)
	q.stopping, q.cut = stop, cut
	q.ends = make(chan ending, 2*batch)
	q.finisher.Go(func() { q.finishAll(base) })
	q.keeping.Go(func() { q.keep(working) })
	for _, w := range q.kinds {
		q.loops.Go(func() { w.loop(looping, working) })
	}
	q.loops.Go(func() { q.db.Listen(looping, channel, q.hear) })
	return nil
}

// Stop claims nothing more and waits for the handlers at work. When ctx ends
// first, their contexts are cancelled and the jobs they give back are free at
// once for another node or the next start; a job whose handler ignores even
// that comes due at the end of its lease.
func (q *Queue) Stop(ctx context.Context) error {
	q.mu.Lock()
	started := q.started && q.stopping != nil
	stop, cut := q.stopping, q.cut
	q.stopping = nil
	q.mu.Unlock()
	if !started {
		q.bell.wait()
		return nil
	}
	stop()
	q.loops.Wait()
	defer q.keeping.Wait()
	idle := make(chan struct{})
	go func() {
		q.running.Wait()
		close(q.ends)
		q.finisher.Wait()
		q.bell.wait()
		close(idle)
	}()
	select {
	case <-idle:
		cut()
		return nil
	case <-ctx.Done():
	}
	cut()
	patience := time.NewTimer(5 * time.Second)
	defer patience.Stop()
	select {
	case <-idle:
		return nil
	case <-patience.C:
		return fmt.Errorf("jobs: stop: handlers still at work: %w", ctx.Err())
	}
}

// kind finds a registered kind, or nil.
func (q *Queue) kind(name string) *worker {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, w := range q.kinds {
		if w.Name == name {
			return w
		}
	}
	return nil
}

func (q *Queue) now() int64 { return q.clock().UnixMilli() }
