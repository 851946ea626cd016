// Package store is the one place where Essaim keeps what it knows: content,
// relations, keys, jobs. It is database/sql with one SQL text (`$1…$n`) for
// SQLite and PostgreSQL; dialect.go holds every difference between the two.
//
// This half of the package is machinery: opening, pools, transactions, grouped
// commits, migrations. The other half is one file of queries per table.
//
// What it refuses to do: decide. Who may see or change something, when a job
// runs again and what an activity means belong to the packages above. It holds
// no clock, draws no ids and never touches the network other than its database.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Sentinel errors. What a query returns may wrap them; compare with errors.Is.
var (
	// ErrNotFound tells that no row answers the query.
	ErrNotFound = errors.New("not found")
	// ErrConflict tells that a unique index refused a row (LB9).
	ErrConflict = errors.New("already exists")
	// ErrNewerSchema tells that the database was migrated by a newer version
	// of the program; this one leaves it untouched.
	ErrNewerSchema = errors.New("this database was made by a newer version of Essaim: install that version again, or restore a backup older than the upgrade")
	// ErrClosed tells that the store was closed before the work began.
	ErrClosed = errors.New("the store is closed")
)

// Options of Open. The zero value works.
type Options struct {
	// Logger receives what the operator should know; nil is silent.
	Logger *slog.Logger
	// Clock measures how long writers wait; nil is time.Now.
	Clock func() time.Time
	// MaxConns bounds the readers on SQLite (default 4) and all connections
	// but the listener's on PostgreSQL (default 16).
	MaxConns int
}

// DB is one open database. It is safe for concurrent use.
type DB struct {
	kind     Dialect
	dsn      string
	log      *slog.Logger
	clock    func() time.Time
	pool     *sql.DB    // readers on SQLite; everything on PostgreSQL
	kept     *stmtCache // nil where the driver keeps statements itself
	writer   *writer    // nil on PostgreSQL
	waiting  waitMeter
	touched  chan struct{}
	settings settingsCache
}

// Open opens the database that dsn names: `sqlite:path/to/file.db` (made if
// missing, readable by its owner only) or `postgres://…`. It does not migrate.
func Open(ctx context.Context, dsn string, o Options) (*DB, error) {
	db := &DB{dsn: dsn, log: o.Logger, clock: o.Clock, touched: make(chan struct{}, 1)}
	if db.log == nil {
		db.log = slog.New(slog.DiscardHandler)
	}
	if db.clock == nil {
		db.clock = time.Now
	}
	kind, err := dialectOf(dsn)
	if err != nil {
		return nil, err
	}
	db.kind = kind
	if kind == SQLite {
		err = db.openSQLite(ctx, o.MaxConns)
	} else {
		err = db.openPostgres(ctx, o.MaxConns)
	}
	if err != nil {
		return nil, fmt.Errorf("store: open: %w", err)
	}
	return db, nil
}

// Dialect tells which database this is.
func (db *DB) Dialect() Dialect { return db.kind }

// Close waits for the writes under way and closes every connection.
func (db *DB) Close() error {
	var errs []error
	if db.writer != nil {
		errs = append(errs, db.writer.close())
	}
	if db.kept != nil {
		db.kept.close()
	}
	return errors.Join(append(errs, db.pool.Close())...)
}

// Ping tells whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	if err := db.pool.PingContext(ctx); err != nil {
		return fmt.Errorf("store: ping: %w", err)
	}
	return nil
}

// WriterWait is how long a write lately waited for its turn (LB8): bulk work
// should pause when it exceeds some tens of milliseconds.
func (db *DB) WriterWait() time.Duration { return db.waiting.mean() }
