package jobs_test

import (
	"context"
	"testing"
	"time"

	"essaim/internal/jobs"
)

// A claim ends soon after its process, however long the lease; while the process lives it is renewed, until the lease is over.
func TestClaimsAreRenewedWhileTheProcessLives(t *testing.T) {
	each(t, func(f *fixture) {
		second := jobs.NewQueue(f.db, jobs.Options{Clock: f.clock.now, Rand: func() float64 { return 0.5 }})
		nothing := func(context.Context, *jobs.Job) error { return nil }
		if err := second.Register(jobs.Kind{Name: "k", Handler: nothing}); err != nil {
			t.Fatal(err)
		}
		taken := func(ctx context.Context) int {
			n, err := second.RunDue(ctx)
			if err != nil {
				t.Error(err)
			}
			return n
		}
		var dies bool
		f.register(jobs.Kind{Name: "k", Lease: 90 * time.Second, Handler: func(ctx context.Context, j *jobs.Job) error {
			for f.clock.add(jobs.Hold / 2); !dies; f.clock.add(jobs.Hold / 2) {
				if err := jobs.Renew(f.q, ctx); err != nil {
					t.Fatal(err)
				}
				if n := taken(ctx); n != 0 {
					return nil // the lease is over
				}
			}
			if n := taken(ctx); n != 0 {
				t.Error("the claim ended early")
			}
			f.clock.add(jobs.Hold / 2)
			if n := taken(ctx); n != 1 {
				t.Error("the claim did not end with its process")
			}
			return nil
		}})
		for _, dies = range []bool{true, false} {
			f.insert(jobs.New{Kind: "k"})
			began := f.clock.now()
			f.run(1)
			if took := f.clock.now().Sub(began); !dies && took != 90*time.Second {
				t.Errorf("the claim ended after %v, want the lease", took)
			}
			if n := count(t, f.q, "k"); n.Waiting+n.Running+n.Dead != 0 {
				t.Errorf("left: %+v", n)
			}
		}
	})
}
