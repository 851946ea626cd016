package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// groupSize is how many writes share a commit at most: more gains nothing
// (libraries §3.2).
const groupSize = 64

// writer is the one goroutine that writes to a SQLite file, on one connection
// it keeps for itself.
type writer struct {
	db    *DB
	pool  *sql.DB // of the one connection
	conn  *sql.Conn
	kept  *stmtCache
	full  bool // synchronous is FULL now
	queue chan *write
	quit  chan struct{}
	ended chan struct{}
	once  sync.Once
}

// write is a closure waiting for its turn, then its outcome.
type write struct {
	ctx   context.Context
	level Durability
	fn    func(*Tx) error
	since time.Time
	taken atomic.Bool // by the writer, or by the caller who gave up
	tx    Tx
	err   error
	final bool // err is the outcome; otherwise it is that of a trial
	done  chan struct{}
}

func openWriter(ctx context.Context, dsn string, db *DB) (*writer, error) {
	pool, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1)
	w := &writer{
		db: db, pool: pool,
		queue: make(chan *write, 2*groupSize),
		quit:  make(chan struct{}), ended: make(chan struct{}),
	}
	if err := w.connect(ctx); err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	go w.loop()
	return w, nil
}

// connect takes the connection, which starts at synchronous=NORMAL.
func (w *writer) connect(ctx context.Context) error {
	conn, err := w.pool.Conn(ctx)
	if err != nil {
		return err
	}
	w.conn, w.full = conn, false
	w.kept = newStmtCache(conn.PrepareContext, 512)
	_, err = conn.ExecContext(ctx, "pragma synchronous = normal")
	return err
}

// write queues fn and waits for its outcome.
func (w *writer) write(ctx context.Context, d Durability, fn func(*Tx) error) ([]func(), error) {
	r := &write{ctx: ctx, level: d, fn: fn, since: w.db.clock(), done: make(chan struct{})}
	select {
	case w.queue <- r:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-w.quit:
		return nil, ErrClosed
	}
	select {
	case <-r.done:
	case <-ctx.Done():
		if r.taken.CompareAndSwap(false, true) {
			return nil, ctx.Err()
		}
		<-r.done
	case <-w.ended:
		// Queued after the last group was drawn.
		if r.taken.CompareAndSwap(false, true) {
			return nil, ErrClosed
		}
		<-r.done
	}
	return r.tx.after, r.err
}

// loop draws groups until the store is closed; what was queued by then is done.
func (w *writer) loop() {
	clean := false
	defer func() {
		if clean {
			close(w.ended)
		} else {
			go w.loop() // a closure ended this goroutine
		}
	}()
	for {
		var first *write
		select {
		case first = <-w.queue:
		case <-w.quit:
			select {
			case first = <-w.queue:
			default:
				clean = true
				return
			}
		}
		w.run(w.draw(first))
	}
}

// draw takes what is waiting, without waiting for more.
func (w *writer) draw(first *write) []*write {
	group := make([]*write, 0, groupSize)
	for r := first; ; {
		if r.taken.CompareAndSwap(false, true) {
			w.db.waiting.add(w.db.clock().Sub(r.since))
			if r.err = r.ctx.Err(); r.err != nil {
				close(r.done)
			} else {
				group = append(group, r)
			}
		}
		if len(group) == groupSize {
			return group
		}
		select {
		case r = <-w.queue:
		default:
			return group
		}
	}
}

// run gives every member of the group its outcome. A member that fails after
// having written is taken out, to be redone alone after the rest was redone
// together; when several fail, all are redone one by one.
func (w *writer) run(group []*write) {
	defer w.settle(group)
	var alone []*write
	for len(group) > 1 && len(alone) < 4 {
		bad, err := w.together(group)
		if err == nil {
			group = nil
		} else if bad < 0 {
			break
		} else {
			alone = append(alone, group[bad])
			group = slices.Concat(group[:bad], group[bad+1:])
		}
	}
	for _, r := range slices.Concat(alone, group) {
		if _, err := w.together([]*write{r}); err != nil {
			r.err, r.final = err, true
		}
	}
}

// settle answers the members. One without an outcome belongs to a group in
// which a closure ended this goroutine: nothing of it is kept.
func (w *writer) settle(group []*write) {
	if slices.ContainsFunc(group, func(r *write) bool { return !r.final }) {
		w.rollback()
	}
	for _, r := range group {
		if !r.final {
			r.err = errExited
		}
		close(r.done)
	}
}

// together runs the group in one transaction. An error tells that nothing was
// kept: because of the member at index bad, or, when bad is negative, because
// the transaction could not begin or commit.
func (w *writer) together(group []*write) (bad int, err error) {
	if err := w.begin(group); err != nil {
		return -1, err
	}
	for i, r := range group {
		r.tx.reset()
		r.tx.kind, r.tx.run, r.tx.ctx = SQLite, w, context.Background()
		r.err = call(&r.tx, r.fn)
		if r.err == nil {
			continue
		}
		undo := r.tx.wrote || r.tx.failed != nil
		r.tx.reset()
		if undo {
			w.rollback()
			return i, r.err
		}
		// It only read: the others need not pay for its refusal.
	}
	if err := w.command("commit"); err != nil {
		w.rollback()
		return -1, fmt.Errorf("store: commit: %w", err)
	}
	for _, r := range group {
		r.final = true
	}
	return -1, nil
}

// begin opens a transaction as durable as the most demanding member needs. The
// level changes only between transactions and only when it must.
func (w *writer) begin(group []*write) error {
	full := false
	for _, r := range group {
		full = full || r.level == Promised
	}
	if w.conn == nil {
		if err := w.connect(context.Background()); err != nil {
			return fmt.Errorf("store: reopening the database: %w", err)
		}
	}
	if full != w.full {
		level := "normal"
		if full {
			level = "full"
		}
		if err := w.command("pragma synchronous = " + level); err != nil {
			return fmt.Errorf("store: %w", err)
		}
		w.full = full
	}
	for try := 1; ; try++ {
		err := w.command("begin immediate")
		if err == nil {
			return nil
		}
		// Another process (a command of the operator) may hold the file.
		if !isTransient(err) || try == 3 {
			w.rollback()
			return fmt.Errorf("store: begin: %w", err)
		}
	}
}

// rollback undoes the open transaction; a connection on which even that fails
// is replaced. SQLite may have rolled back by itself (disk full): then there is
// nothing left to undo, which is no failure.
func (w *writer) rollback() {
	if w.conn == nil {
		return
	}
	if w.command("rollback") == nil || w.command("begin") == nil && w.command("rollback") == nil {
		return
	}
	w.disconnect()
}

func (w *writer) disconnect() {
	w.kept.close()
	w.conn.Close()
	w.conn = nil
}

func (w *writer) command(text string) error {
	_, err := w.exec(context.Background(), text, nil)
	return err
}

// exec and query run on the writer's connection with its kept statements; a
// transaction has at most one result open, so no statement is in use twice.
func (w *writer) exec(ctx context.Context, query string, args []any) (sql.Result, error) {
	k, err := w.kept.acquire(ctx, query)
	if err != nil {
		return nil, err
	}
	defer w.kept.release(k)
	return k.ExecContext(ctx, args...)
}

func (w *writer) query(ctx context.Context, query string, args []any) (*Rows, error) {
	k, err := w.kept.acquire(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := k.QueryContext(ctx, args...)
	if err != nil {
		w.kept.release(k)
		return nil, err
	}
	return &Rows{Rows: rows, release: func() { w.kept.release(k) }}, nil
}

// close ends the goroutine after what is queued and closes the connection.
func (w *writer) close() error {
	w.once.Do(func() { close(w.quit) })
	<-w.ended
	if w.conn != nil {
		w.disconnect()
	}
	return w.pool.Close()
}
