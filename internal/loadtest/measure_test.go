package loadtest

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

// A plan out of bounds starts nothing.
func TestPlanIsBounded(t *testing.T) {
	good := Plan{Binary: "/nonexistent", Notes: 100, Hosts: 10, Slow: 0.02}
	if err := good.check(); err != nil {
		t.Errorf("a good plan: %v", err)
	}
	for name, spoil := range map[string]func(*Plan){
		"no notes":   func(p *Plan) { p.Notes = 0 },
		"many notes": func(p *Plan) { p.Notes = maxNotes + 1 },
		"few hosts":  func(p *Plan) { p.Hosts = 1 },
		"many hosts": func(p *Plan) { p.Hosts = maxHosts + 1 },
		"all slow":   func(p *Plan) { p.Slow = 1 },
	} {
		bad := good
		spoil(&bad)
		if _, err := Measure(t.Context(), bad); err == nil || !strings.Contains(err.Error(), ":") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// CPU time grows with work, and both readings are of the process that is asked for.
func TestProcessIsRead(t *testing.T) {
	before, err := cpuOf(os.Getpid())
	if err != nil {
		t.Skip("there is no /proc here:", err)
	}
	for after := before; after-before < 3*tick; {
		for i, x := 0, 1.0; i < 1_000_000; i++ {
			x *= 1.0000001
		}
		if after, err = cpuOf(os.Getpid()); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := residentOf(os.Getpid()); err != nil || n < 1<<20 {
		t.Errorf("this process has %d bytes, %v", n, err)
	}
	if _, err := cpuOf(0); err == nil {
		t.Error("a process that does not run has no CPU time")
	}
}

// A program that ends instead of serving is an error with what it said, and leaves nothing running.
func TestServerThatDoesNotStart(t *testing.T) {
	s, err := NewServer(ServerOptions{Binary: "/bin/echo", Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context()); err == nil || !strings.Contains(err.Error(), "serve") {
		t.Errorf("started: %v", err)
	}
	if s.PID() != 0 {
		t.Error("it is said to run")
	}
	s.Kill() // nothing to kill
}

func TestUntilEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	err := Until(ctx, func(context.Context) (bool, error) {
		if calls++; calls == 3 {
			cancel()
		}
		return false, nil
	})
	if !errors.Is(err, context.Canceled) || calls < 3 {
		t.Errorf("%v after %d looks", err, calls)
	}
	fault := errors.New("no such table")
	if err := Until(t.Context(), func(context.Context) (bool, error) { return false, fault }); !errors.Is(err, fault) {
		t.Errorf("a fault is not waited out: %v", err)
	}
}

func TestTableIsForPeople(t *testing.T) {
	var table Table
	table.add("inbox", "1600/s", "≥ 1500/s", "")
	var out strings.Builder
	if err := table.Print(&out); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Split(out.String(), "\n"); len(lines) != 3 || !strings.HasPrefix(lines[1], "inbox") {
		t.Errorf("printed %q", out.String())
	}
	for d, want := range map[time.Duration]string{35 * time.Microsecond: "0.035 ms", 1300 * time.Microsecond: "1.30 ms", 5 * time.Second: "5000 ms"} {
		if got := millis(d); got != want {
			t.Errorf("%v is written %q, want %q", d, got, want)
		}
	}
}
