// Package migrations holds the schema of an instance as numbered SQL files and
// hands them to goose in the words of one database.
//
// A file `0002_name.sql` is one text for SQLite and PostgreSQL; where the two
// truly part, `0002_name.sqlite.sql` and `0002_name.postgres.sql` share the
// number (LB15). Two words of column types are translated for SQLite, see
// [Files]; nothing else is rewritten. There are no downward migrations: going
// back means restoring a backup.
package migrations

import (
	"bytes"
	"database/sql"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed *.sql
var embedded embed.FS

// Names of the two dialects, as they stand in file names.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// Files returns the migrations of one dialect.
//
// For SQLite, `bigint primary key` becomes `integer primary key`: only that
// spelling makes the key the row's own address instead of a second index,
// which halves the cost of an insert and of a read by id. `bytea` becomes
// `blob`, since SQLite would give an unknown word numeric affinity.
func Files(dialect string) fs.FS { return files{source: embedded, dialect: dialect} }

// Provider applies migrations to one database and tells what was applied.
type Provider = goose.Provider

// NewProvider prepares goose to migrate db. On PostgreSQL several nodes may
// start at once: they take turns on an advisory lock.
func NewProvider(db *sql.DB, dialect string, source fs.FS, log *slog.Logger) (*Provider, error) {
	options := []goose.ProviderOption{
		goose.WithSlog(log),
		goose.WithDisableGlobalRegistry(true),
	}
	name := goose.DialectSQLite3
	if dialect == Postgres {
		name = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
		if err != nil {
			return nil, fmt.Errorf("migrations: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(name, db, source, options...)
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	return p, nil
}

// files shows the source without the other dialect's files, translated.
type files struct {
	source  fs.FS
	dialect string
}

// ReadDir lists the files that concern the dialect.
func (f files) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(f.source, name)
	if err != nil {
		return nil, err
	}
	var kept []fs.DirEntry
	for _, e := range all {
		if f.concerned(e.Name()) {
			kept = append(kept, e)
		}
	}
	return kept, nil
}

// Open returns a file in the words of the dialect.
func (f files) Open(name string) (fs.File, error) {
	if !f.concerned(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	if name == "." {
		folder, err := f.source.Open(name)
		if err != nil {
			return nil, err
		}
		entries, err := f.ReadDir(name)
		return &folderOf{File: folder, entries: entries}, err
	}
	if f.dialect != SQLite || !strings.HasSuffix(name, ".sql") {
		return f.source.Open(name)
	}
	text, err := fs.ReadFile(f.source, name)
	if err != nil {
		return nil, err
	}
	info, err := fs.Stat(f.source, name)
	if err != nil {
		return nil, err
	}
	translated := sqliteWords.Replace(string(text))
	return &file{Reader: bytes.NewReader([]byte(translated)), info: info}, nil
}

func (f files) concerned(name string) bool {
	switch {
	case strings.HasSuffix(name, "."+SQLite+".sql"):
		return f.dialect == SQLite
	case strings.HasSuffix(name, "."+Postgres+".sql"):
		return f.dialect == Postgres
	default:
		return true
	}
}

var sqliteWords = strings.NewReplacer(
	" bigint primary key", " integer primary key",
	" bytea", " blob",
)

// file is a translated file in memory; its information is that of the source.
type file struct {
	*bytes.Reader
	info fs.FileInfo
}

func (f *file) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *file) Close() error               { return nil }

// folderOf is the folder with the files that concern the dialect.
type folderOf struct {
	fs.File
	entries []fs.DirEntry
}

// ReadDir is that of fs.ReadDirFile.
func (f *folderOf) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 {
		rest := f.entries
		f.entries = nil
		return rest, nil
	}
	if len(f.entries) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(f.entries))
	some := f.entries[:n]
	f.entries = f.entries[n:]
	return some, nil
}
