package store

import (
	"context"
	"database/sql"
	"fmt"
)

// Read returns the readers: concurrent, each query on its own, unable to write
// on SQLite. On PostgreSQL it is the pool.
func (db *DB) Read() Q { return reader{db} }

type reader struct{ db *DB }

func (r reader) dialect() Dialect { return r.db.kind }

func (r reader) QueryRow(ctx context.Context, query string, args ...any) *Row {
	rows, err := r.Query(ctx, query, args...)
	return &Row{rows: rows, err: err}
}

func (r reader) Query(ctx context.Context, query string, args ...any) (*Rows, error) {
	return r.db.query(ctx, nil, query, args)
}

// query runs a query on the pool, or in tx when there is one.
func (db *DB) query(ctx context.Context, tx *sql.Tx, query string, args []any) (*Rows, error) {
	watched(ctx, query)
	var rows *sql.Rows
	var err error
	if db.kept == nil {
		if tx != nil {
			rows, err = tx.QueryContext(ctx, query, args...)
		} else {
			rows, err = db.pool.QueryContext(ctx, query, args...)
		}
	} else {
		var k *keptStmt
		if k, err = db.kept.acquire(ctx, query); err != nil {
			return nil, translate(err)
		}
		// The rows hold the statement by themselves from here on.
		defer db.kept.release(k)
		stmt := k.Stmt
		if tx != nil {
			stmt = tx.StmtContext(ctx, stmt)
		}
		rows, err = stmt.QueryContext(ctx, args...)
	}
	if err != nil {
		return nil, translate(err)
	}
	return &Rows{Rows: rows}, nil
}

// Snapshot runs fn in one read transaction: all its queries see the same state.
func (db *DB) Snapshot(ctx context.Context, fn func(q Q) error) error {
	tx, err := db.pool.BeginTx(ctx, db.kind.snapshotOptions())
	if err != nil {
		return fmt.Errorf("store: snapshot: %w", err)
	}
	defer tx.Rollback()
	return fn(snapshot{db, tx})
}

type snapshot struct {
	db *DB
	tx *sql.Tx
}

func (s snapshot) dialect() Dialect { return s.db.kind }

func (s snapshot) QueryRow(ctx context.Context, query string, args ...any) *Row {
	rows, err := s.Query(ctx, query, args...)
	return &Row{rows: rows, err: err}
}

func (s snapshot) Query(ctx context.Context, query string, args ...any) (*Rows, error) {
	return s.db.query(ctx, s.tx, query, args)
}
