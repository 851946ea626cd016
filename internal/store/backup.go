package store

import (
	"context"
	"errors"
	"fmt"
	"os"

	"modernc.org/sqlite"
)

// ErrNoBackup tells that a PostgreSQL database is backed up with its own tools.
var ErrNoBackup = errors.New("store: back up a PostgreSQL database with pg_dump or its base backups")

// backupPages is how much is copied between two looks at the context.
const backupPages = 500

// Backup copies a SQLite database, as it stands at one moment, to a new file
// while it is in use (LB11). A file that exists is refused; one that could not
// be finished is removed.
func (db *DB) Backup(ctx context.Context, path string) (err error) {
	if db.kind != SQLite {
		return ErrNoBackup
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("store: backup: %w", err)
		}
	}()
	// The copy holds private keys, like the original.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(path)
		}
	}()
	conn, err := db.pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	// An open read transaction keeps the source still: without it every write
	// would make the copy start over.
	tx, err := conn.BeginTx(ctx, db.kind.snapshotOptions())
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := tx.QueryRowContext(ctx, `select count(*) from sqlite_schema`).Scan(new(int)); err != nil {
		return err
	}
	return conn.Raw(func(driverConn any) error {
		source, ok := driverConn.(interface {
			NewBackup(string) (*sqlite.Backup, error)
		})
		if !ok {
			return errors.New("the driver cannot copy pages")
		}
		return copyPages(ctx, source.NewBackup, sqliteDSN(path, ""))
	})
}

func copyPages(ctx context.Context, begin func(string) (*sqlite.Backup, error), target string) error {
	backup, err := begin(target)
	if err != nil {
		return err
	}
	for more := true; more; {
		if err = ctx.Err(); err == nil {
			more, err = backup.Step(backupPages)
		}
		if err != nil {
			return errors.Join(err, backup.Finish())
		}
	}
	return backup.Finish()
}
