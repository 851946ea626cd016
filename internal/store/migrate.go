package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"time"

	"essaim/migrations"
)

// Migration is one numbered step of the schema.
type Migration struct {
	Version int64
	Name    string    // file name
	Applied time.Time // zero while it is pending
}

// Migrate brings the schema up to this program's version, each step in its own
// transaction, so that a killed migration starts again where it stopped. It
// refuses with ErrNewerSchema a database that is ahead of the program.
func (db *DB) Migrate(ctx context.Context) error {
	return db.migrate(ctx, migrations.Files(db.kind.String()))
}

func (db *DB) migrate(ctx context.Context, source fs.FS) error {
	return db.withMigrations(source, func(p *migrations.Provider) error {
		current, target, err := p.GetVersions(ctx)
		if err != nil {
			return err
		}
		if current > target {
			return fmt.Errorf("%w (database %d, program %d)", ErrNewerSchema, current, target)
		}
		pending, err := p.HasPending(ctx)
		if err != nil || !pending {
			return err
		}
		_, err = p.Up(ctx)
		return err
	})
}

// MigrationStatus lists the steps known to this program, oldest first.
func (db *DB) MigrationStatus(ctx context.Context) ([]Migration, error) {
	var all []Migration
	err := db.withMigrations(migrations.Files(db.kind.String()), func(p *migrations.Provider) error {
		states, err := p.Status(ctx)
		for _, s := range states {
			all = append(all, Migration{Version: s.Source.Version, Name: path.Base(s.Source.Path), Applied: s.AppliedAt})
		}
		return err
	})
	return all, err
}

// withMigrations lends goose a pool: on SQLite a short-lived one beside the
// writer's connection, which goose could not share.
func (db *DB) withMigrations(source fs.FS, fn func(*migrations.Provider) error) (err error) {
	pool := db.pool
	if db.kind == SQLite {
		if pool, err = sql.Open("sqlite", sqliteDSN(sqlitePath(db.dsn), sqliteWriter)); err != nil {
			return fmt.Errorf("store: migrate: %w", err)
		}
		defer func() { err = errors.Join(err, pool.Close()) }()
	}
	p, err := migrations.NewProvider(pool, db.kind.String(), source, db.log)
	if err == nil {
		err = fn(p)
	}
	if err != nil {
		return fmt.Errorf("store: migrate: %w", err)
	}
	return nil
}
