package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"essaim/internal/jobs"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// deaf queues do not poll: a lost wake-up shows as a test that never ends.
var deaf = jobs.Options{Poll: 24 * time.Hour}

func start(t testing.TB, q *jobs.Queue, kinds ...jobs.Kind) {
	t.Helper()
	for _, k := range kinds {
		if err := q.Register(k); err != nil {
			t.Fatal(err)
		}
	}
	if err := q.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		q.Stop(ctx)
	})
}

func stop(t testing.TB, q *jobs.Queue) {
	t.Helper()
	if err := q.Stop(context.Background()); err != nil {
		t.Error(err)
	}
}

// Started queues share the work, keep the order of serials, respect lanes and
// run every job once: 600 jobs, 40 serials, 10 lanes.
func TestStartedQueuesShareTheWork(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		nodes := []*jobs.Queue{jobs.NewQueue(db, deaf)}
		if db.Dialect() == store.Postgres {
			nodes = append(nodes, jobs.NewQueue(db, deaf))
		}
		const serials, length, laneLimit = 40, 15, 2
		var mu sync.Mutex
		seen := map[string][]int{}
		var all sync.WaitGroup
		all.Add(serials * length)
		for _, q := range nodes {
			busy := map[string]int{}
			start(t, q, jobs.Kind{Name: "k", Concurrency: 16, LaneLimit: laneLimit, Handler: func(_ context.Context, j *jobs.Job) error {
				mu.Lock()
				if busy[j.Lane]++; busy[j.Lane] > laneLimit {
					t.Errorf("%d of lane %s at work in one process", busy[j.Lane], j.Lane)
				}
				var n int
				fmt.Sscan(string(j.Args), &n)
				seen[j.Serial] = append(seen[j.Serial], n)
				mu.Unlock()
				all.Done()
				mu.Lock()
				busy[j.Lane]--
				mu.Unlock()
				return nil
			}})
		}
		for n := range length {
			var some []jobs.New
			for s := range serials {
				some = append(some, jobs.New{Kind: "k", Serial: fmt.Sprint("s", s), Lane: fmt.Sprint("l", s%10), Args: n})
			}
			insert(t, db, nodes[n%len(nodes)], some...)
		}
		all.Wait()
		for _, q := range nodes {
			stop(t, q)
		}
		for s, order := range seen {
			if len(order) != length {
				t.Errorf("serial %s ran %d jobs, want %d", s, len(order), length)
			}
			for i, n := range order {
				// Two nodes inserting within one millisecond have no order
				// between them; one node has.
				if len(nodes) == 1 && n != i {
					t.Errorf("serial %s: %v", s, order)
					break
				}
			}
		}
		if c := count(t, nodes[0], "k"); c.Waiting+c.Running+c.Dead != 0 {
			t.Errorf("left: %+v", c)
		}
	})
}

// A lane that does not move, with a thousand jobs ahead of all others, delays
// nobody else; once it moves, it is worked off completely.
func TestBlockedLaneDelaysOnlyItself(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		q := jobs.NewQueue(db, deaf)
		const slow = 1000
		insert(t, db, q, repeat(slow, jobs.New{Kind: "k", Lane: "slow"})...)
		var others []jobs.New
		for i := range 300 {
			others = append(others, jobs.New{Kind: "k", Lane: fmt.Sprint("lane", i%30)})
		}
		insert(t, db, q, others...)
		gate := make(chan struct{})
		var atWork atomic.Int32
		var fast, blocked sync.WaitGroup
		fast.Add(len(others))
		blocked.Add(slow)
		start(t, q, jobs.Kind{Name: "k", Concurrency: 20, LaneLimit: 2, Handler: func(_ context.Context, j *jobs.Job) error {
			if j.Lane == "slow" {
				atWork.Add(1)
				<-gate
				blocked.Done()
			} else {
				fast.Done()
			}
			return nil
		}})
		fast.Wait() // would wait for ever if the slow lane held the places
		if n := atWork.Load(); n > 2 {
			t.Errorf("%d jobs of the slow lane at work, want at most 2", n)
		}
		close(gate)
		blocked.Wait()
		stop(t, q)
		if c := count(t, q, "k"); c.Waiting+c.Running != 0 {
			t.Errorf("left: %+v", c)
		}
	})
}

func repeat(n int, j jobs.New) []jobs.New {
	all := make([]jobs.New, n)
	for i := range all {
		all[i] = j
	}
	return all
}

// Failing, releasing, dying and succeeding jobs of the same serials, in the
// background: each is run until its end and none is forgotten.
func TestEndingsWakeWhatTheyHeldBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		q := jobs.NewQueue(db, deaf)
		var mu sync.Mutex
		ended := map[string]int{}
		var all sync.WaitGroup
		all.Add(100)
		start(t, q, jobs.Kind{
			Name: "k", Concurrency: 8, LaneLimit: 3,
			Backoff: func(int, float64) time.Duration { return time.Millisecond },
			Handler: func(_ context.Context, j *jobs.Job) error {
				if j.Attempts < 3 {
					return errors.New("again")
				}
				mu.Lock()
				ended[j.Serial]++
				n := ended[j.Serial]
				mu.Unlock()
				all.Done()
				switch n % 3 {
				case 0:
					return jobs.Permanent(errors.New("no"))
				case 1:
					return jobs.ErrAbandon
				}
				return nil
			},
		})
		for n := range 10 {
			var some []jobs.New
			for s := range 10 {
				some = append(some, jobs.New{Kind: "k", Serial: fmt.Sprint(s), Lane: fmt.Sprint(n % 2), Args: n})
			}
			insert(t, db, q, some...)
		}
		all.Wait()
		stop(t, q)
		if c := count(t, q, "k"); c.Waiting != 0 || c.Dead != 30 {
			t.Errorf("left: %+v", c)
		}
	})
}

// A job inserted by another process, or on another node, is found.
func TestNodeIsWokenByAnother(t *testing.T) {
	dsn := storetest.PostgresDSN(t)
	one, two := storetest.Open(t, dsn), storetest.Open(t, dsn)
	if err := one.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	worker, producer := jobs.NewQueue(one, deaf), jobs.NewQueue(two, deaf)
	ran := make(chan struct{})
	start(t, worker, jobs.Kind{Name: "k", Handler: func(context.Context, *jobs.Job) error { ran <- struct{}{}; return nil }})
	for range 20 {
		insert(t, two, producer, jobs.New{Kind: "k"})
		<-ran
	}
	stop(t, worker)
	stop(t, producer)
}

func TestFutureJobRunsWhenItIsDue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		q := jobs.NewQueue(db, deaf)
		ran := make(chan time.Time, 1)
		start(t, q, jobs.Kind{Name: "k", Handler: func(context.Context, *jobs.Job) error { ran <- time.Now(); return nil }})
		due := time.Now().Add(30 * time.Millisecond).Truncate(time.Millisecond)
		insert(t, db, q, jobs.New{Kind: "k", RunAt: due})
		if at := <-ran; at.Before(due) {
			t.Errorf("it ran %v early", due.Sub(at))
		}
		stop(t, q)
	})
}

// Stop lets handlers end; when its patience ends, what they give back is free
// at once and its attempt does not count.
func TestStopGivesBackWhatItInterrupts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		q := jobs.NewQueue(db, deaf)
		started := make(chan struct{})
		start(t, q, jobs.Kind{Name: "k", Concurrency: 3, Handler: func(ctx context.Context, j *jobs.Job) error {
			started <- struct{}{}
			<-ctx.Done()
			return ctx.Err()
		}})
		insert(t, db, q, repeat(5, jobs.New{Kind: "k"})...)
		for range 3 {
			<-started
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := q.Stop(ctx); err != nil {
			t.Fatal(err)
		}
		if c := count(t, q, "k"); c.Waiting != 5 || c.Running != 0 {
			t.Errorf("after Stop: %+v", c)
		}
		next := jobs.NewQueue(db, deaf)
		if err := next.Register(jobs.Kind{Name: "k", Handler: func(_ context.Context, j *jobs.Job) error {
			if j.Attempts != 1 {
				t.Errorf("attempt %d, want 1", j.Attempts)
			}
			return nil
		}}); err != nil {
			t.Fatal(err)
		}
		if n, err := next.RunDue(t.Context()); n != 5 || err != nil {
			t.Errorf("%d ran, %v", n, err)
		}
	})
}
