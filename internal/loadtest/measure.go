package loadtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// Plan says how much Measure does.
type Plan struct {
	Binary   string
	Notes    int     // delivered to the inbox
	Hosts    int     // that follow and are delivered to
	Slow     float64 // the part of them that answers after SlowBy
	SlowBy   time.Duration
	Database string // of the instance; "" is a new SQLite file. An empty database: it is filled.
	Dir      string // working folder; "" is a new one, removed at the end
	Progress io.Writer
}

// limits of a Plan: what a machine of two cores does in a few minutes.
const (
	maxNotes = 200_000
	maxHosts = 4_000
)

func (p Plan) check() error {
	switch {
	case p.Notes < 1 || p.Notes > maxNotes:
		return fmt.Errorf("notes: 1 to %d", maxNotes)
	case p.Hosts < 10 || p.Hosts > maxHosts:
		return fmt.Errorf("hosts: 10 to %d", maxHosts)
	case p.Slow < 0 || p.Slow > 0.5:
		return errors.New("slow: a part of the hosts, 0 to 0.5")
	}
	return nil
}

// run is one measuring under way.
type run struct {
	Plan
	bare   Bare
	server *Server
	peer   *Peer
	ledger *Ledger
	member *Member
	table  *Table
	quick  time.Duration // for the hosts to be reached when none is slow
}

// Measure runs every measurement against one instance that it starts, and ends it. The order matters: hosts are strangers only once, and
// the signatures they understand are learnt once.
func Measure(ctx context.Context, p Plan) (*Table, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	if p.Dir == "" {
		dir, err := os.MkdirTemp("", "essaim-loadtest")
		if err != nil {
			return nil, fmt.Errorf("measure: %w", err)
		}
		defer os.RemoveAll(dir)
		p.Dir = dir
	}
	r := &run{Plan: p, table: &Table{}}
	if err := r.open(ctx); err != nil {
		return nil, err
	}
	defer r.close()
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"bare operations", r.bareOperations},
		{"binary", r.binary},
		{"first contact", r.firstContact},
		{"fan-out", r.fanOutRSA},
		{"slow hosts", r.slowHosts},
		{"fan-out between instances of Essaim", r.fanOutEd25519},
		{"inbox", r.inbox},
		{"rest and start", r.restAndStart},
	} {
		if p.Progress != nil {
			fmt.Fprintf(p.Progress, "%s…\n", step.name)
		}
		if err := step.do(ctx); err != nil {
			return r.table, fmt.Errorf("%s: %w\n%s\n%s", step.name, err, r.ledger.Jobs(context.WithoutCancel(ctx)), r.server.Log())
		}
	}
	return r.table, nil
}

func (r *run) open(ctx context.Context) (err error) {
	if r.server, err = NewServer(ServerOptions{Binary: r.Binary, Dir: r.Dir, Database: r.Database}); err != nil {
		return err
	}
	if err = r.server.Start(ctx); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			r.close()
		}
	}()
	if r.member, err = r.server.Member(ctx, "measured"); err != nil {
		return err
	}
	if r.ledger, err = OpenLedger(ctx, r.server); err != nil {
		return err
	}
	r.peer, err = NewPeer(PeerOptions{Hosts: r.Hosts, Ed25519: true, AnswerTo: r.server.Inbox()})
	return err
}

func (r *run) close() {
	r.server.Stop()
	if r.peer != nil {
		r.peer.Close()
	}
	if r.ledger != nil {
		_ = r.ledger.Close()
	}
}

func (r *run) bareOperations(ctx context.Context) (err error) {
	r.bare, err = MeasureBare(ctx, r.Dir)
	return err
}

func (r *run) binary(context.Context) error {
	info, err := os.Stat(r.Binary)
	if err != nil {
		return fmt.Errorf("the program: %w", err)
	}
	r.table.add("binary "+filepath.Base(r.Binary), megabytes(info.Size()), "≤ 50 MB", "")
	return nil
}

// cost is what the server and the clock spent on something.
type cost struct{ cpu, wall time.Duration }

// spent runs do and tells what it cost the server, until the jobs it left are done.
func (r *run) spent(ctx context.Context, do func(ctx context.Context) error, kinds ...string) (c cost, err error) {
	before, err := r.server.CPU()
	if err != nil {
		return c, err
	}
	began := time.Now()
	if err := do(ctx); err != nil {
		return c, err
	}
	if err := r.settled(ctx, kinds...); err != nil {
		return c, err
	}
	c.wall = time.Since(began)
	after, err := r.server.CPU()
	c.cpu = after - before
	return c, err
}

// settled waits until no job of these kinds is left.
func (r *run) settled(ctx context.Context, kinds ...string) error {
	return Until(ctx, func(ctx context.Context) (bool, error) {
		for _, kind := range kinds {
			n, err := r.ledger.Pending(ctx, kind)
			if err != nil || n > 0 {
				return false, err
			}
		}
		return true, nil
	})
}

// send sends letters and insists that all were taken.
func (r *run) send(ctx context.Context, letters []Letter) error {
	t := Sender{Workers: 64}.Send(ctx, letters)
	if t.Accepted < len(letters) {
		return fmt.Errorf("%d of %d letters were accepted, %d tries again, %d unsent, refusals: %.3v", t.Accepted, len(letters), t.Again, t.Unsent, t.Refused)
	}
	return ctx.Err()
}
