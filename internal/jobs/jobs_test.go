package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"essaim/internal/jobs"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// clock is a clock that moves when told to.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.UnixMilli(1_800_000_000_000)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// bench of one test: a queue on a fresh database with a clock of its own.
type fixture struct {
	*testing.T
	db    *store.DB
	q     *jobs.Queue
	clock *clock
}

func each(t *testing.T, fn func(f *fixture)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newClock()
		fn(&fixture{T: t, db: db, clock: c, q: jobs.NewQueue(db, jobs.Options{Clock: c.now, Rand: func() float64 { return 0.5 }})})
	})
}

func (f *fixture) register(k jobs.Kind) {
	f.Helper()
	if err := f.q.Register(k); err != nil {
		f.Fatal(err)
	}
}

func insert(t testing.TB, db *store.DB, q *jobs.Queue, n ...jobs.New) {
	t.Helper()
	err := db.Write(context.Background(), store.Relaxed, func(tx *store.Tx) error {
		return q.Insert(context.Background(), tx, n...)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (f *fixture) insert(n ...jobs.New) { f.Helper(); insert(f, f.db, f.q, n...) }

func (f *fixture) run(want int) {
	f.Helper()
	ran, err := f.q.RunDue(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	if ran != want {
		f.Errorf("%d jobs ran, want %d", ran, want)
	}
}

// count returns the numbers of one kind.
func count(t testing.TB, q *jobs.Queue, kind string) jobs.Count {
	t.Helper()
	all, err := q.Counts(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if c.Kind == kind {
			return c
		}
	}
	return jobs.Count{Kind: kind}
}

func TestJobCarriesWhatWasInserted(t *testing.T) {
	each(t, func(f *fixture) {
		var got *jobs.Job
		f.register(jobs.Kind{Name: "k", Handler: func(_ context.Context, j *jobs.Job) error { got = j; return nil }})
		f.insert(jobs.New{Kind: "k", Lane: "l", Serial: "s", Activity: 7, Object: 8, Args: map[string]int{"n": 1}, Body: []byte{0, 1}})
		f.run(1)
		if got.Kind != "k" || got.Lane != "l" || got.Serial != "s" || got.Attempts != 1 || got.Activity != 7 || got.Object != 8 ||
			string(got.Args) != `{"n":1}` || string(got.Body) != "\x00\x01" || !got.Created.Equal(f.clock.now()) || !got.RunAt.Equal(f.clock.now()) {
			t.Errorf("got %+v", got)
		}
		if c := count(f, f.q, "k"); c != (jobs.Count{Kind: "k"}) {
			t.Errorf("left: %+v", c)
		}
	})
}

func TestJobOfARolledBackTransactionDoesNotExist(t *testing.T) {
	each(t, func(f *fixture) {
		f.register(jobs.Kind{Name: "k", Handler: func(context.Context, *jobs.Job) error { t.Error("it ran"); return nil }})
		err := f.db.Write(f.Context(), store.Relaxed, func(tx *store.Tx) error {
			if err := f.q.Insert(f.Context(), tx, jobs.New{Kind: "k"}); err != nil {
				return err
			}
			return errors.New("no")
		})
		if err == nil {
			t.Fatal("the write succeeded")
		}
		f.run(0)
	})
}

// Each verdict, and what it does to attempts, next run and visibility.
func TestVerdicts(t *testing.T) {
	failure := errors.New("the peer said \x00no\xff")
	for _, c := range []struct {
		name     string
		result   error
		wait     time.Duration // until the next run; 0 for never
		attempts int           // counted by then
		dead     bool
	}{
		{name: "done", result: nil},
		{name: "abandoned", result: fmt.Errorf("well: %w", jobs.ErrAbandon)},
		{name: "failed", result: failure, wait: time.Minute, attempts: 2},
		{name: "snoozed", result: jobs.Snooze(42*time.Minute, failure), wait: 42 * time.Minute, attempts: 2},
		{name: "not tried", result: jobs.Snooze(3*time.Minute, nil), wait: 3 * time.Minute, attempts: 1},
		{name: "permanent", result: jobs.Permanent(failure), dead: true},
		{name: "wrapped permanent", result: fmt.Errorf("x: %w", jobs.Permanent(failure)), dead: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(f *fixture) {
				result, attempts := c.result, 0
				f.register(jobs.Kind{Name: "k", Handler: func(_ context.Context, j *jobs.Job) error {
					attempts = j.Attempts
					return result
				}})
				f.insert(jobs.New{Kind: "k"})
				f.run(1)
				result = nil
				if n := count(f, f.q, "k"); (n.Waiting == 1) != (c.wait > 0) || (n.Dead == 1) != c.dead || n.Running != 0 {
					t.Errorf("counts: %+v", n)
				}
				at, ok, err := f.q.NextDue(f.Context())
				if err != nil || ok != (c.wait > 0) {
					t.Fatalf("next due: %v %v %v", at, ok, err)
				}
				if c.wait == 0 {
					return
				}
				if d := at.Sub(f.clock.now()); d != c.wait {
					t.Errorf("waits %v, want %v", d, c.wait)
				}
				f.clock.add(c.wait - time.Millisecond)
				f.run(0)
				f.clock.add(time.Millisecond)
				f.run(1)
				if attempts != c.attempts {
					t.Errorf("attempt %d, want %d", attempts, c.attempts)
				}
			})
		})
	}
}

func TestBackoffUntilTheAgeLimitThenDeadAndRetried(t *testing.T) {
	each(t, func(f *fixture) {
		var waits []time.Duration
		last := f.clock.now()
		fails := true
		f.register(jobs.Kind{Name: "k", Handler: func(_ context.Context, j *jobs.Job) error {
			waits = append(waits, f.clock.now().Sub(last))
			last = f.clock.now()
			if fails {
				return httpError(503)
			}
			return nil
		}})
		f.insert(jobs.New{Kind: "k", Lane: "slow.example", Object: 5})
		for {
			f.run(1)
			at, ok, err := f.q.NextDue(f.Context())
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				break
			}
			f.clock.add(at.Sub(f.clock.now()))
		}
		want := []time.Duration{0, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour,
			24 * time.Hour, 24 * time.Hour, 24 * time.Hour, 24 * time.Hour, 24 * time.Hour, 24 * time.Hour}
		if !slices.Equal(waits, want) {
			t.Errorf("waits %v,\nwant %v", waits, want)
		}
		dead, err := f.q.Dead(f.Context(), 0, 10)
		if err != nil || len(dead) != 1 {
			t.Fatalf("dead: %v, %v", dead, err)
		}
		if d := dead[0]; d.Status != 503 || d.Attempts != len(want) || d.Lane != "slow.example" || d.Object != 5 || !strings.Contains(d.Error, "status 503") {
			t.Errorf("dead: %+v", d)
		}
		if more, _ := f.q.Dead(f.Context(), dead[0].ID, 10); len(more) != 0 {
			t.Errorf("after the last: %v", more)
		}
		fails = false
		if err := f.q.Retry(f.Context(), dead[0].ID); err != nil {
			t.Fatal(err)
		}
		f.run(1)
		if err := f.q.Retry(f.Context(), dead[0].ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("retrying what is gone gave %v", err)
		}
	})
}

type httpError int

func (e httpError) Error() string   { return fmt.Sprintf("status %d", int(e)) }
func (e httpError) HTTPStatus() int { return int(e) }

func TestDefaultBackoffIsSpread(t *testing.T) {
	for _, c := range []struct {
		attempt int
		rnd     float64
		want    time.Duration
	}{{1, 0, 54 * time.Second}, {1, 0.5, time.Minute}, {2, 1, 330 * time.Second}, {7, 0.5, 24 * time.Hour}, {99, 0.5, 24 * time.Hour}, {0, 0.5, time.Minute}} {
		if got := jobs.DefaultBackoff(c.attempt, c.rnd); got != c.want {
			t.Errorf("attempt %d, %v: %v, want %v", c.attempt, c.rnd, got, c.want)
		}
	}
}

func TestExpiredJobIsNotRun(t *testing.T) {
	each(t, func(f *fixture) {
		f.register(jobs.Kind{Name: "k", Handler: func(context.Context, *jobs.Job) error { t.Error("it ran"); return nil }})
		f.insert(jobs.New{Kind: "k", Expires: time.Hour})
		f.clock.add(time.Hour)
		f.run(1)
		if n := count(f, f.q, "k"); n.Dead != 1 {
			t.Errorf("%+v", n)
		}
		if n, err := f.q.Purge(f.Context(), f.clock.now()); n != 1 || err != nil {
			t.Errorf("purged %d, %v", n, err)
		}
	})
}

func TestPanicIsAFailure(t *testing.T) {
	each(t, func(f *fixture) {
		f.register(jobs.Kind{Name: "k", Handler: func(context.Context, *jobs.Job) error { panic("oh") }})
		f.insert(jobs.New{Kind: "k"})
		f.run(1)
		if n := count(f, f.q, "k"); n.Waiting != 1 {
			t.Errorf("%+v", n)
		}
	})
}

// A serial runs in the order of insertion, however its jobs fail; other serials
// are not held back.
func TestSerialKeepsItsOrder(t *testing.T) {
	each(t, func(f *fixture) {
		var order []string
		failing := true
		f.register(jobs.Kind{Name: "k", Handler: func(_ context.Context, j *jobs.Job) error {
			order = append(order, string(j.Args))
			if failing && string(j.Args) == "create" {
				return errors.New("not now")
			}
			return nil
		}})
		f.insert(jobs.New{Kind: "k", Serial: "a", Args: []byte("create")}, jobs.New{Kind: "k", Serial: "a", Args: []byte("update")})
		f.insert(jobs.New{Kind: "k", Serial: "a", Args: []byte("delete")}, jobs.New{Kind: "k", Serial: "b", Args: []byte("other")}, jobs.New{Kind: "k", Args: []byte("free")})
		f.run(3)
		if at, _, _ := f.q.NextDue(f.Context()); at.Sub(f.clock.now()) != time.Minute {
			t.Errorf("what is held back counts as due: %v", at.Sub(f.clock.now()))
		}
		failing = false
		f.clock.add(time.Minute)
		f.run(3)
		if got := strings.Join(order, " "); got != "create other free create update delete" {
			t.Errorf("order: %s", got)
		}
	})
}

func TestDeadJobAndReleasedOrderHoldNobodyBack(t *testing.T) {
	for _, release := range []bool{true, false} {
		t.Run(fmt.Sprint("release ", release), func(t *testing.T) {
			each(t, func(f *fixture) {
				var order []string
				f.register(jobs.Kind{Name: "k", ReleaseOrder: release, Handler: func(_ context.Context, j *jobs.Job) error {
					order = append(order, string(j.Args))
					if string(j.Args) != "1" {
						return nil
					}
					if release {
						return errors.New("later")
					}
					return jobs.Permanent(errors.New("never"))
				}})
				f.insert(jobs.New{Kind: "k", Serial: "a", Args: []byte("1")}, jobs.New{Kind: "k", Serial: "a", Args: []byte("2")})
				f.run(2)
				if got := strings.Join(order, " "); got != "1 2" {
					t.Errorf("order: %s", got)
				}
			})
		})
	}
}

func TestIdsKeepOrderWhenTheClockGoesBack(t *testing.T) {
	each(t, func(f *fixture) {
		var order []string
		handler := func(_ context.Context, j *jobs.Job) error { order = append(order, string(j.Args)); return nil }
		f.register(jobs.Kind{Name: "k", Handler: handler})
		f.insert(jobs.New{Kind: "k", Serial: "a", Args: []byte("1")})
		f.clock.add(-24 * time.Hour)
		f.insert(jobs.New{Kind: "k", Serial: "a", Args: []byte("2")})
		// And after a restart.
		again := jobs.NewQueue(f.db, jobs.Options{Clock: f.clock.now})
		if err := again.Register(jobs.Kind{Name: "k", Handler: handler}); err != nil {
			t.Fatal(err)
		}
		insert(t, f.db, again, jobs.New{Kind: "k", Serial: "a", Args: []byte("3")})
		f.clock.add(24 * time.Hour)
		if _, err := again.RunDue(f.Context()); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(order, " "); got != "1 2 3" {
			t.Errorf("order: %s", got)
		}
	})
}

// LB18: a job whose process died in the middle comes due when its lease ends,
// and costs one delay; the dead process, should it wake, changes nothing.
func TestLeaseHandsTheJobOver(t *testing.T) {
	each(t, func(f *fixture) {
		second := jobs.NewQueue(f.db, jobs.Options{Clock: f.clock.now, Rand: func() float64 { return 0.5 }})
		var attempts []int
		if err := second.Register(jobs.Kind{Name: "k", Lease: time.Minute, Handler: func(ctx context.Context, j *jobs.Job) error {
			attempts = append(attempts, j.Attempts)
			if j.Attempts == 2 {
				return errors.New("again")
			}
			return nil
		}}); err != nil {
			t.Fatal(err)
		}
		var late error
		f.register(jobs.Kind{Name: "k", Lease: time.Minute, Handler: func(ctx context.Context, j *jobs.Job) error {
			attempts = append(attempts, j.Attempts)
			if n, err := second.RunDue(ctx); n != 0 || err != nil {
				t.Errorf("the second node ran %d jobs within the lease, %v", n, err)
			}
			if c := count(t, second, "k"); c.Running != 1 {
				t.Errorf("during the work: %+v", c)
			}
			f.clock.add(time.Minute)
			if n, err := second.RunDue(ctx); n != 1 || err != nil {
				t.Errorf("the second node ran %d jobs after the lease, %v", n, err)
			}
			late = f.db.Write(ctx, store.Relaxed, func(tx *store.Tx) error { return j.Done(ctx, tx) })
			return errors.New("too late")
		}})
		f.insert(jobs.New{Kind: "k", Serial: "a"})
		f.run(1)
		if at, ok, _ := f.q.NextDue(f.Context()); !ok || at.Sub(f.clock.now()) != 5*time.Minute {
			t.Errorf("the dead process moved the job to %v", at.Sub(f.clock.now()))
		}
		f.clock.add(5 * time.Minute)
		if n, err := second.RunDue(f.Context()); n != 1 || err != nil {
			t.Errorf("%d ran, %v", n, err)
		}
		if !slices.Equal(attempts, []int{1, 2, 3}) {
			t.Errorf("attempts %v", attempts)
		}
		if !errors.Is(late, jobs.ErrLost) {
			t.Errorf("Done after the lease gave %v, want ErrLost", late)
		}
		if n := count(t, f.q, "k"); n.Waiting+n.Running+n.Dead != 0 {
			t.Errorf("left: %+v", n)
		}
	})
}

func TestDoneIsPartOfTheHandlersTransaction(t *testing.T) {
	each(t, func(f *fixture) {
		commit := false
		f.register(jobs.Kind{Name: "k", Handler: func(ctx context.Context, j *jobs.Job) error {
			return f.db.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
				if _, err := tx.Exec(ctx, `insert into meta (key, value) values ('work', '')`); err != nil {
					return err
				}
				if err := j.Done(ctx, tx); err != nil {
					return err
				}
				if !commit {
					return errors.New("rolled back")
				}
				return nil
			})
		}})
		f.insert(jobs.New{Kind: "k"})
		f.run(1)
		if n := count(t, f.q, "k"); n.Waiting != 1 {
			t.Fatalf("after the rollback: %+v", n)
		}
		commit = true
		f.clock.add(time.Minute)
		f.run(1)
		if n := count(t, f.q, "k"); n.Waiting+n.Dead != 0 {
			t.Errorf("after the commit: %+v", n)
		}
	})
}

func TestCancelObjectSparesWhatIsAtWork(t *testing.T) {
	each(t, func(f *fixture) {
		ran := map[string]bool{}
		f.register(jobs.Kind{Name: "other", Handler: func(_ context.Context, j *jobs.Job) error { ran[string(j.Args)] = true; return nil }})
		f.register(jobs.Kind{Name: "k", Handler: func(ctx context.Context, j *jobs.Job) error {
			ran[string(j.Args)] = true
			if string(j.Args) != "first" {
				return nil
			}
			err := f.db.Write(ctx, store.Relaxed, func(tx *store.Tx) error { return f.q.CancelObject(ctx, tx, 5, "k") })
			if err != nil {
				t.Error(err)
			}
			if c := count(t, f.q, "k"); c.Running != 1 || c.Waiting != 1 {
				t.Errorf("after cancelling: %+v", c)
			}
			return nil
		}})
		f.insert(
			jobs.New{Kind: "k", Serial: "a", Object: 5, Args: []byte("first")},
			jobs.New{Kind: "k", Serial: "a", Object: 5, Args: []byte("cancelled")},
			jobs.New{Kind: "k", Serial: "a", Object: 6, Args: []byte("other object")},
			jobs.New{Kind: "other", RunAt: f.clock.now().Add(time.Second), Object: 5, Args: []byte("other kind")},
		)
		f.run(2)
		f.clock.add(time.Second)
		f.run(1)
		if ran["cancelled"] || !ran["other object"] || !ran["other kind"] {
			t.Errorf("ran: %v", ran)
		}
	})
}

func TestReservedIdsServeAFanOut(t *testing.T) {
	each(t, func(f *fixture) {
		ran := 0
		f.register(jobs.Kind{Name: "k", Handler: func(context.Context, *jobs.Job) error { ran++; return nil }})
		ctx := f.Context()
		err := f.db.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
			for key := range 120 {
				if _, err := tx.Exec(ctx, `insert into meta (key, value) values ($1, 'x')`, fmt.Sprint(key)); err != nil {
					return err
				}
			}
			first, err := f.q.Reserve(ctx, tx, 120)
			if err != nil {
				return err
			}
			now := f.clock.now().UnixMilli()
			_, err = tx.Exec(ctx, `insert into jobs (id, kind, lane, serial, state, attempts, run_at, lease, created, expires, status, args, error)
				select $1 + row_number() over (order by key) - 1, 'k', key, '', 0, 0, $2, 0, $2, 0, 0, '', '' from meta where value = 'x'`, first, now)
			f.q.Inserted(tx, "k", first, now)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		f.run(120)
		if ran != 120 {
			t.Errorf("%d ran", ran)
		}
	})
}

func TestBacklogStopsCounting(t *testing.T) {
	each(t, func(f *fixture) {
		f.insert(slices.Repeat([]jobs.New{{Kind: "k"}}, 30)...)
		for limit, want := range map[int]int{10: 10, 100: 30} {
			if n, err := f.q.Backlog(f.Context(), "k", limit); n != want || err != nil {
				t.Errorf("limit %d: %d, %v", limit, n, err)
			}
		}
	})
}

func TestRegisterRefusesNonsense(t *testing.T) {
	q := jobs.NewQueue(storetest.SQLite(t), jobs.Options{})
	nothing := func(context.Context, *jobs.Job) error { return nil }
	for _, k := range []jobs.Kind{{}, {Name: "k"}, {Handler: nothing}} {
		if q.Register(k) == nil {
			t.Errorf("%+v was accepted", k)
		}
	}
	if err := q.Register(jobs.Kind{Name: "k", Handler: nothing}); err != nil {
		t.Error(err)
	}
	if q.Register(jobs.Kind{Name: "k", Handler: nothing}) == nil {
		t.Error("the same kind twice was accepted")
	}
}
