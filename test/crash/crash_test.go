// Package crash_test kills the program, as a power cut would, while it is receiving, sending and reading, and looks whether anything that was promised
// is missing after it was started again (law 6): what was answered 202 is stored, what was published reaches everybody at least once under
// one id, a backfill gets to its end. On PostgreSQL two processes share one database and one of them dies.
//
// The program runs as a child process beside the scripted peers of internal/loadtest. When a child is killed is drawn from a seed that each test prints.
// Nothing is asserted on time; what must come is waited for.
//
// The tests run when ESSAIM_CRASH=1; those on PostgreSQL when ESSAIM_TEST_POSTGRES names a server too. ESSAIM_BINARY names a program built already, and
// ESSAIM_CRASH_SEED repeats a run.
package crash_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"essaim/internal/loadtest"
	"essaim/internal/store/storetest"
)

// The size of what is promised, as the product's specification has it.
const (
	thousand    = 1000
	authorHosts = 10
	authorsEach = 2
)

// patience is how long anything may take that must come.
const patience = 4 * time.Minute

var binary = sync.OnceValues(func() (string, error) {
	if built := os.Getenv("ESSAIM_BINARY"); built != "" {
		return filepath.Abs(built)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	dir = filepath.Join(dir, "essaim-crash")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	return loadtest.Build(context.Background(), filepath.Join("..", ".."), filepath.Join(dir, "essaim"))
})

// program is the path of the program to kill; without leave to kill, the test is skipped.
func program(t *testing.T) string {
	t.Helper()
	if os.Getenv("ESSAIM_CRASH") != "1" {
		t.Skip("crash tests were left out: ESSAIM_CRASH is not 1")
	}
	path, err := binary()
	if err != nil {
		t.Fatalf("the program cannot be built, so there is nothing to kill: %v", err)
	}
	return path
}

// eachDatabase runs a test on SQLite, and on PostgreSQL with a schema of its own. The tests are run side by side: most of their time is the time it
// takes until what a dead process had in its hands is taken up again.
func eachDatabase(t *testing.T, test func(t *testing.T, s *scene)) {
	t.Parallel()
	program(t)
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, stage(t, ""))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, stage(t, storetest.PostgresDSN(t)))
	})
}

// scene is one instance with its member, a peer, and the instance's database seen from beside it.
type scene struct {
	ctx    context.Context
	server *loadtest.Server
	member *loadtest.Member
	ledger *loadtest.Ledger
	rand   *rand.Rand
}

// stage starts an instance on an empty database; "" is SQLite.
func stage(t *testing.T, database string) *scene {
	t.Helper()
	s := &scene{ctx: lifetime(t), rand: seeded(t)}
	var err error
	s.server, err = loadtest.NewServer(loadtest.ServerOptions{Binary: program(t), Dir: t.TempDir(), Database: database})
	if err != nil {
		t.Fatal(err)
	}
	s.start(t, s.server)
	if s.member, err = s.server.Member(s.ctx, "alice"); err != nil {
		t.Fatal(err)
	}
	if s.ledger, err = loadtest.OpenLedger(s.ctx, s.server); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(s.ledger.Jobs(context.Background()))
		}
		if err := s.ledger.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// lifetime ends shortly before `go test` would give up, so that no child is left behind.
func lifetime(t *testing.T) context.Context {
	deadline, ok := t.Deadline()
	if !ok {
		return t.Context()
	}
	ctx, cancel := context.WithDeadline(t.Context(), deadline.Add(-10*time.Second))
	t.Cleanup(cancel)
	return ctx
}

func seeded(t *testing.T) *rand.Rand {
	seed := rand.Uint64()
	if given, err := strconv.ParseUint(os.Getenv("ESSAIM_CRASH_SEED"), 10, 64); err == nil {
		seed = given
	}
	t.Logf("ESSAIM_CRASH_SEED=%d repeats this", seed)
	return rand.New(rand.NewPCG(seed, seed))
}

// start starts a server and ends it with the test.
func (s *scene) start(t *testing.T, server *loadtest.Server) {
	t.Helper()
	if err := server.Start(s.ctx); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Stop()
		if t.Failed() {
			t.Logf("the program said:\n%s", tail(server.Log()))
		}
	})
}

// kill kills a server and starts it again.
func (s *scene) kill(t *testing.T, server *loadtest.Server) {
	t.Helper()
	server.Kill()
	if err := server.Start(s.ctx); err != nil {
		t.Fatal(err)
	}
}

// peer opens hosts, closed after the test.
func peer(t *testing.T, o loadtest.PeerOptions) *loadtest.Peer {
	t.Helper()
	p, err := loadtest.NewPeer(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// eventually waits for what must come.
func (s *scene) eventually(t *testing.T, what string, done func(ctx context.Context) (bool, error)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	if err := loadtest.Until(ctx, done); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// moments draws n places among total events at which to kill: in order, never at the very end, and never twice within one of the few pieces of work that
// are repeated after a kill. What dies twice with its process is not tried again at once, lest it be the cause, and the test would wait for minutes.
func (s *scene) moments(n, total int) []int {
	at := make([]int, n)
	for i := range at {
		part := total * 9 / 10 / n
		at[i] = i*part + 1 + s.rand.IntN(part/2)
	}
	return at
}

func tail(text string) string {
	const most = 6000
	if len(text) > most {
		return fmt.Sprintf("… %s", text[len(text)-most:])
	}
	return text
}
