package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"

	"essaim/migrations"
)

// Dialect is one of the two databases. Every difference between them is in
// this file; LB14 limits how many SQL texts may part.
type Dialect int

// The two databases.
const (
	SQLite Dialect = iota + 1
	Postgres
)

// String is the name used in logs and in the file names of migrations.
func (d Dialect) String() string {
	if d == Postgres {
		return migrations.Postgres
	}
	return migrations.SQLite
}

// SkipLocked ends the inner select of a claim: on PostgreSQL nodes pass over
// rows another one is claiming; SQLite has one writer and nothing to pass over.
func (d Dialect) SkipLocked() string {
	if d == Postgres {
		return " for update skip locked"
	}
	return ""
}

func dialectOf(dsn string) (Dialect, error) {
	switch {
	case strings.HasPrefix(dsn, "sqlite:") && sqlitePath(dsn) != "":
		return SQLite, nil
	case strings.HasPrefix(dsn, "postgres://"), strings.HasPrefix(dsn, "postgresql://"):
		return Postgres, nil
	default:
		return 0, errors.New("store: the database must be given as sqlite:path/to/file.db or postgres://user@host/name")
	}
}

func sqlitePath(dsn string) string {
	return strings.TrimPrefix(strings.TrimPrefix(dsn, "sqlite:"), "//")
}

// Memory at rest is bounded by these caches: 8 MB for the writer
// and 4 MB for each reader, filled only as pages are read.
const (
	sqliteCommon = "_pragma=busy_timeout(5000)&_pragma=journal_mode(wal)&_pragma=foreign_keys(1)&_pragma=temp_store(memory)"
	sqliteWriter = sqliteCommon + "&_txlock=immediate&_pragma=synchronous(normal)&_pragma=cache_size(-8000)" +
		"&_pragma=wal_autocheckpoint(4000)&_pragma=journal_size_limit(67108864)"
	sqliteReader = sqliteCommon + "&_pragma=query_only(1)&_pragma=cache_size(-4000)"
)

// sqliteDSN gives the driver's address of a file; the path is escaped, since a
// name may hold any character.
func sqliteDSN(path, parameters string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + parameters
}

func (db *DB) openSQLite(ctx context.Context, readers int) error {
	if readers <= 0 {
		readers = 4
	}
	path := sqlitePath(db.dsn)
	// Private keys live in it; the journal files take the same mode.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	w, err := openWriter(ctx, sqliteDSN(path, sqliteWriter), db)
	if err != nil {
		return err
	}
	db.writer = w
	if db.pool, err = sql.Open("sqlite", sqliteDSN(path, sqliteReader)); err != nil {
		return errors.Join(err, w.close())
	}
	db.pool.SetMaxOpenConns(readers)
	db.pool.SetMaxIdleConns(readers)
	db.kept = newStmtCache(db.pool.PrepareContext, 512)
	return nil
}

func (db *DB) openPostgres(ctx context.Context, conns int) error {
	if conns <= 0 {
		conns = 16
	}
	config, err := pgx.ParseConfig(db.dsn)
	if err != nil {
		return err
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "essaim"
	}
	db.pool = stdlib.OpenDB(*config)
	db.pool.SetMaxOpenConns(conns + 1) // one is the listener's
	db.pool.SetMaxIdleConns(conns + 1)
	db.pool.SetConnMaxIdleTime(10 * time.Minute)
	if err := db.pool.PingContext(ctx); err != nil {
		return errors.Join(err, db.pool.Close())
	}
	return nil
}

// isUnique recognises the refusal of a unique index on either database.
func isUnique(err error) bool {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() == 1555 || e.Code() == 2067 // primary key, unique index
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "23505"
	}
	return false
}

// isFull recognises a disk without room on either database.
func isFull(err error) bool {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code()&0xff == 13 // SQLITE_FULL
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "53100"
	}
	return false
}

// isTransient recognises what running the whole transaction again may cure:
// serialisation failures and deadlocks on PostgreSQL, a lock held by another
// process on SQLite.
func isTransient(err error) bool {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code()&0xff == 5 // SQLITE_BUSY and its extended codes
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "40001" || e.Code == "40P01"
	}
	return false
}

// snapshotOptions is what makes one read transaction see one state.
func (d Dialect) snapshotOptions() *sql.TxOptions {
	if d == Postgres {
		return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	return &sql.TxOptions{ReadOnly: true}
}

// Notify wakes whoever listens to the channel, on every node of this database
// and schema. On SQLite there is nobody to wake.
func (db *DB) Notify(ctx context.Context, channel, payload string) error {
	if db.kind == SQLite {
		return nil
	}
	const q = `select pg_notify($1 || '_' || current_schema(), $2)`
	if _, err := db.pool.ExecContext(ctx, q, channel, payload); err != nil {
		return fmt.Errorf("store: notify: %w", err)
	}
	return nil
}

// Listen calls wake with the payload of every Notify on the channel until ctx
// ends, and with "" after each connection, since what came before is lost. On
// SQLite it only waits for the end.
func (db *DB) Listen(ctx context.Context, channel string, wake func(payload string)) {
	for pause := time.Second; ctx.Err() == nil; pause = min(2*pause, time.Minute) {
		if db.kind == SQLite {
			<-ctx.Done()
			return
		}
		err := db.listenOnce(ctx, channel, func(payload string) {
			pause = time.Second
			wake(payload)
		})
		if ctx.Err() != nil {
			return
		}
		db.log.Warn("listening to the database was interrupted", "err", err)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

func (db *DB) listenOnce(ctx context.Context, channel string, wake func(string)) error {
	conn, err := db.pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	var schema string
	if err := conn.QueryRowContext(ctx, `select current_schema()`).Scan(&schema); err != nil {
		return err
	}
	err = conn.Raw(func(driverConn any) error {
		c := driverConn.(*stdlib.Conn).Conn()
		// A connection that has listened must not return to the pool.
		defer c.Close(context.WithoutCancel(ctx))
		if _, err := c.Exec(ctx, "listen "+pgx.Identifier{channel + "_" + schema}.Sanitize()); err != nil {
			return err
		}
		wake("")
		for {
			n, err := c.WaitForNotification(ctx)
			if err != nil {
				return err
			}
			wake(n.Payload)
		}
	})
	return err
}

// Full text (LB14): FTS5 on SQLite, tsvector with a GIN index on PostgreSQL. Both are handed words that were folded and stemmed in Go, so what differs is
// how words are written and asked for. They hold letters and digits only, which is why they can stand between quotes.

// textKey is the column of search_text and search_title that holds search.doc.
func (d Dialect) textKey() string {
	if d == Postgres {
		return "doc"
	}
	return "rowid"
}

// putText inserts a row of search_text: doc, title, body, then every word and stem; putTitle one of search_title.
func (d Dialect) putText() string {
	if d == Postgres {
		return `insert into search_text (doc, title, body, words) values ($1, $2, $3, cast($4 as tsvector))`
	}
	return `insert into search_text (rowid, title, body, stems) values ($1, $2, $3, $4)`
}

func (d Dialect) putTitle() string {
	if d == Postgres {
		return `insert into search_title (doc, words) values ($1, cast($2 as tsvector))`
	}
	return `insert into search_title (rowid, words) values ($1, $2)`
}

// writeWords writes the last column of putText; on SQLite, where title and body are searched themselves, only their stems need to be added.
func (d Dialect) writeWords(words, stems []string) string {
	if d == Postgres {
		return quoteAll(words) + quoteAll(stems)
	}
	return strings.Join(stems, " ")
}

// writeTitle writes the words of a title for putTitle.
func (d Dialect) writeTitle(words []string) string {
	if d == Postgres {
		return quoteAll(words)
	}
	return strings.Join(words, " ")
}

func quoteAll(words []string) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString("'" + w + "' ")
	}
	return b.String()
}

// matchText is the condition on a table of words that parameter n holds an expression of matchWords for.
func (d Dialect) matchText(table, n string) string {
	if d == Postgres {
		return "words @@ cast(" + n + " as tsquery)"
	}
	return table + " match " + n
}

// matchWords writes what is asked for: every word, or any one of them.
func (d Dialect) matchWords(words []SearchWord, any bool) string {
	and, or, quote, begins := " AND ", " OR ", `"`, "*"
	if d == Postgres {
		and, or, quote, begins = " & ", " | ", "'", ":*"
	}
	terms := make([]string, len(words))
	for i, w := range words {
		terms[i] = quote + w.Stem + quote
		if w.Prefix {
			terms[i] = "(" + terms[i] + or + quote + w.Word + quote + begins + ")"
		}
	}
	if any {
		and = or
	}
	return strings.Join(terms, and)
}
