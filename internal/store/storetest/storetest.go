// Package storetest opens fresh, migrated databases for tests: SQLite always,
// PostgreSQL when ESSAIM_TEST_POSTGRES names a server.
//
// A SQLite database is a copy of one migrated once per process, so a fresh one
// costs milliseconds (EX28). On PostgreSQL each test has a schema of its own,
// dropped after it. It refuses to be used outside tests.
package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"essaim/internal/store"
)

// Env names the variable that holds the address of a PostgreSQL server on
// which tests may create schemas.
const Env = "ESSAIM_TEST_POSTGRES"

// Each runs fn as a subtest on every database there is, each time on a fresh
// one.
func Each(t *testing.T, fn func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { fn(t, Postgres(t)) })
}

// SQLite opens a fresh migrated SQLite database, closed after the test.
func SQLite(t testing.TB) *store.DB {
	t.Helper()
	return Open(t, SQLiteDSN(t))
}

// Postgres opens a fresh migrated PostgreSQL schema, dropped after the test;
// without a server the test is skipped.
func Postgres(t testing.TB) *store.DB {
	t.Helper()
	db := Open(t, PostgresDSN(t))
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

// Open opens a database by its address, for a second node on the same one.
func Open(t testing.TB, dsn string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), dsn, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("closing the store: %v", err)
		}
	})
	return db
}

// SQLiteDSN makes a fresh migrated SQLite file and returns its address.
func SQLiteDSN(t testing.TB) string {
	t.Helper()
	image, err := migrated()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "essaim.db")
	if err := os.WriteFile(path, image, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

// PostgresDSN makes an empty schema and returns the address that leads there;
// without a server the test is skipped.
func PostgresDSN(t testing.TB) string {
	t.Helper()
	server := os.Getenv(Env)
	if server == "" {
		left.Do(func() { fmt.Fprintf(os.Stderr, "PostgreSQL was left out: %s is not set\n", Env) })
		t.Skip("PostgreSQL was left out: " + Env + " is not set")
	}
	address, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s must be a postgres:// address: %v", Env, err)
	}
	schema := "t" + strings.ToLower(rand.Text()[:20])
	administer(t, server, "create schema "+schema)
	t.Cleanup(func() { administer(t, server, "drop schema "+schema+" cascade") })
	values := address.Query()
	values.Set("search_path", schema)
	address.RawQuery = values.Encode()
	return address.String()
}

var left sync.Once

// administer runs one statement on the server itself. The driver is registered
// by package store.
func administer(t testing.TB, server, statement string) {
	t.Helper()
	conn, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(context.Background(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// migrated is the image of a migrated database, made once per process.
var migrated = sync.OnceValues(func() (image []byte, err error) {
	dir, err := os.MkdirTemp("", "essaim-storetest")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "image.db")
	ctx := context.Background()
	db, err := store.Open(ctx, "sqlite:"+path, store.Options{})
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx); err != nil {
		db.Close()
		return nil, err
	}
	// Closing the last connection moves the journal into the file.
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})
