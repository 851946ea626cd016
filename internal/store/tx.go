package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"essaim/internal/essaim"
)

// Q runs queries: the reader pool, a snapshot or a write transaction.
type Q interface {
	// Query returns rows, to be closed by the caller or read to the end. On
	// SQLite they hold one of few connections: do not query while iterating.
	Query(ctx context.Context, query string, args ...any) (*Rows, error)
	// QueryRow returns at most one row; its Scan gives ErrNotFound when there
	// is none.
	QueryRow(ctx context.Context, query string, args ...any) *Row
	dialect() Dialect
}

// Tx is a write transaction. It belongs to the closure it was handed to and
// must not be kept. As on PostgreSQL, a statement that fails ends the
// transaction whatever the closure does next: where a conflict is expected,
// write `on conflict do nothing`.
type Tx struct {
	kind   Dialect
	run    runner
	ctx    context.Context // of the statements on SQLite: the closure is not interrupted half-way
	after  []func()
	open   *Rows // at most one result at a time, as on a PostgreSQL connection
	failed error
	wrote  bool

	touched essaim.ID // the last object put into the queue of the index
}

// runner is what a transaction or a pool runs statements on.
type runner interface {
	exec(ctx context.Context, query string, args []any) (sql.Result, error)
	query(ctx context.Context, query string, args []any) (*Rows, error)
}

// Exec runs a statement and returns how many rows it touched.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if err := tx.ready(); err != nil {
		return 0, err
	}
	tx.wrote = true
	result, err := tx.run.exec(tx.context(ctx), query, args)
	if err != nil {
		return 0, tx.fail(err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return 0, tx.fail(err)
	}
	return n, nil
}

// Query is that of Q.
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (*Rows, error) {
	if err := tx.ready(); err != nil {
		return nil, err
	}
	tx.wrote = tx.wrote || !isSelect(query)
	rows, err := tx.run.query(tx.context(ctx), query, args)
	if err != nil {
		return nil, tx.fail(err)
	}
	rows.tx, tx.open = tx, rows
	return rows, nil
}

// QueryRow is that of Q.
func (tx *Tx) QueryRow(ctx context.Context, query string, args ...any) *Row {
	rows, err := tx.Query(ctx, query, args...)
	return &Row{rows: rows, err: err}
}

// AfterCommit registers what happens once the transaction has been committed,
// and only then: waking workers, telling open streams. It runs in the goroutine
// that called Write, before Write returns.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

func (tx *Tx) dialect() Dialect { return tx.kind }

// context is the one statements run under: on SQLite an interrupt would roll
// back the work of a whole group, so closures run to their end.
func (tx *Tx) context(ctx context.Context) context.Context {
	if tx.ctx != nil {
		return tx.ctx
	}
	return ctx
}

// ready refuses a statement after a failure or inside the rows of another one.
func (tx *Tx) ready() error {
	if tx.failed == nil && tx.open != nil {
		tx.fail(errRowsOpen)
	}
	return tx.failed
}

var errRowsOpen = errors.New("store: a statement was run before the rows of the previous one were read to the end or closed")

// fail makes err the fate of the transaction.
func (tx *Tx) fail(err error) error {
	err = translate(err)
	if tx.failed == nil {
		tx.failed = err
	}
	return err
}

// reset closes what a closure left open and forgets what it registered.
func (tx *Tx) reset() {
	if tx.open != nil {
		tx.open.Close()
	}
	tx.after, tx.failed, tx.wrote, tx.touched = nil, nil, false, 0
}

// isSelect tells a statement that surely only reads.
func isSelect(query string) bool {
	query = strings.TrimLeft(query, " \t\n")
	return len(query) >= 6 && strings.EqualFold(query[:6], "select")
}

// Rows are sql.Rows that give their kept statement back when they end.
type Rows struct {
	*sql.Rows
	tx      *Tx
	release func()
}

// Next is that of sql.Rows.
func (r *Rows) Next() bool {
	if r.Rows.Next() {
		return true
	}
	if err := r.Rows.Err(); err != nil && r.tx != nil {
		r.tx.fail(err)
	}
	r.done()
	return false
}

// Close is that of sql.Rows.
func (r *Rows) Close() error {
	err := r.Rows.Close()
	r.done()
	return err
}

func (r *Rows) done() {
	if r.release != nil {
		r.release()
		r.release = nil
	}
	if r.tx != nil && r.tx.open == r {
		r.tx.open = nil
	}
}

// Row is the only row of a query.
type Row struct {
	rows *Rows
	err  error
}

// Scan reads the row, or returns ErrNotFound.
func (r *Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return translate(err)
		}
		return ErrNotFound
	}
	if err := r.rows.Scan(dest...); err != nil {
		return err
	}
	// An `insert … returning` is finished only when its rows are.
	for r.rows.Next() {
	}
	if err := r.rows.Err(); err != nil {
		return translate(err)
	}
	return nil
}

// scanner is a Row or Rows.
type scanner interface{ Scan(dest ...any) error }

// one reads the only row of a query; none is ErrNotFound.
func one[T any](ctx context.Context, q Q, scan func(scanner) (T, error), query string, args ...any) (T, error) {
	return scan(q.QueryRow(ctx, query, args...))
}

// many reads every row of a query; none is an empty result.
func many[T any](ctx context.Context, q Q, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	if err := rows.Err(); err != nil {
		return nil, translate(err)
	}
	return all, nil
}

// translate gives a driver's error the sentinel it stands for.
func translate(err error) error {
	switch {
	case err == nil:
		return nil
	case isUnique(err):
		return fmt.Errorf("%w: %w", ErrConflict, err)
	case errors.Is(err, sql.ErrNoRows):
		return ErrNotFound
	default:
		return err
	}
}
