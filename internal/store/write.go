package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"sync/atomic"
	"time"

	"essaim/internal/essaim"
)

// Durability tells what the loss of a transaction would cost.
type Durability int

const (
	// Relaxed work may be redone, by a job or by its author: a power cut may
	// lose the last moments of it. A killed process loses nothing.
	Relaxed Durability = iota
	// Promised work was told to a peer or a person as done: it is on the disk
	// before Write returns (law 6, LB7).
	Promised
)

// Write runs fn in a write transaction and returns once it is committed.
//
// fn must be re-runnable: it may run several times, of which only the last one
// counts, so it resets whatever it hands out. It must be short, must not use
// the network, and must not call Write (it would wait for itself). A panic in
// fn becomes the error of this call alone. When ctx ends before fn began, fn
// does not run; after that Write waits for the outcome.
//
// On SQLite the waiting writes of all goroutines share one commit (LB8), and
// fn runs in the writer's goroutine. On PostgreSQL each has its transaction,
// redone after serialisation failures and deadlocks.
func (db *DB) Write(ctx context.Context, d Durability, fn func(tx *Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var after []func()
	var err error
	touched := false
	noticed := func(tx *Tx) error {
		err := fn(tx)
		touched = tx.touched != 0
		return err
	}
	if db.writer != nil {
		after, err = db.writer.write(ctx, d, noticed)
	} else {
		after, err = db.writePooled(ctx, d, noticed)
	}
	if isFull(err) { // nothing of it was kept, and it works again once there is room: whoever asked is told so
		return &essaim.Error{Code: essaim.Unavailable, Sentence: "the disk of this server is full and nothing was saved; try again once its operator has made room", Err: err}
	}
	if err != nil {
		return err
	}
	for _, f := range after {
		f()
	}
	if touched {
		select {
		case db.touched <- struct{}{}:
		default:
		}
	}
	return nil
}

// Touched tells that this process has left something in the queue of the search index; one signal may stand for many changes.
func (db *DB) Touched() <-chan struct{} { return db.touched }

// attempts bounds how often one transaction is tried against others.
const attempts = 12

func (db *DB) writePooled(ctx context.Context, d Durability, fn func(*Tx) error) ([]func(), error) {
	for try := 1; ; try++ {
		after, err := db.writeOnce(ctx, d, fn)
		if err == nil || !isTransient(err) || try == attempts {
			return after, err
		}
		if err := pause(ctx, try); err != nil {
			return nil, err
		}
	}
}

func (db *DB) writeOnce(ctx context.Context, d Durability, fn func(*Tx) error) ([]func(), error) {
	conn, err := db.pool.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("store: write: %w", err)
	}
	defer conn.Close()
	// A context that ends stops the statement it is given to; what it must not
	// do is to leave in doubt whether the commit took place.
	sqlTx, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return nil, fmt.Errorf("store: begin: %w", err)
	}
	defer sqlTx.Rollback()
	if d == Relaxed {
		if _, err := sqlTx.ExecContext(ctx, "set local synchronous_commit to off"); err != nil {
			return nil, fmt.Errorf("store: begin: %w", err)
		}
	}
	tx := &Tx{kind: db.kind, run: pooled{sqlTx}}
	defer tx.reset()
	if err := call(tx, fn); err != nil {
		return nil, err
	}
	if err := sqlTx.Commit(); err != nil {
		return nil, fmt.Errorf("store: commit: %w", translate(err))
	}
	return tx.after, nil
}

// pooled runs the statements of a PostgreSQL transaction; the driver keeps
// them prepared by itself.
type pooled struct{ tx *sql.Tx }

func (p pooled) exec(ctx context.Context, query string, args []any) (sql.Result, error) {
	return p.tx.ExecContext(ctx, query, args...)
}

func (p pooled) query(ctx context.Context, query string, args []any) (*Rows, error) {
	rows, err := p.tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return &Rows{Rows: rows}, nil
}

// errExited tells that a closure ended its goroutine (as a failing test does).
var errExited = errors.New("store: a closure of the group ended the writer's goroutine")

// call runs fn and turns a panic into an error. A closure that ignored a failed
// statement fails too.
func call(tx *Tx, fn func(*Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("store: panic in a write: %v\n%s", p, debug.Stack())
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	if tx.open != nil {
		tx.open.Close()
	}
	return tx.failed
}

// pause waits a little longer at each try, never the same time as others do.
func pause(ctx context.Context, try int) error {
	longest := min(2*time.Millisecond<<try, 250*time.Millisecond)
	t := time.NewTimer(longest/2 + rand.N(longest/2))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// waitMeter keeps a moving mean of how long writes wait for their turn.
type waitMeter struct{ nanos atomic.Int64 }

func (m *waitMeter) add(d time.Duration) {
	old := m.nanos.Load()
	m.nanos.Store(old + (int64(d)-old)/16)
}

func (m *waitMeter) mean() time.Duration { return time.Duration(m.nanos.Load()) }
