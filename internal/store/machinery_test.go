package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/migrations"
)

const insertMeta = `insert into meta (key, value) values ($1, $2)`

func put(t testing.TB, db *store.DB, key, value string) {
	t.Helper()
	err := db.Write(t.Context(), store.Relaxed, func(tx *store.Tx) error {
		_, err := tx.Exec(t.Context(), insertMeta, key, value)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func count(t testing.TB, db *store.DB) int {
	t.Helper()
	var n int
	if err := db.Read().QueryRow(context.Background(), `select count(*) from meta`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// hold keeps the writer of SQLite busy until the returned function is called,
// so that what is written meanwhile shares one group.
func hold(t testing.TB, db *store.DB) (release func()) {
	t.Helper()
	if db.Dialect() != store.SQLite {
		return func() {}
	}
	started, free := make(chan struct{}), make(chan struct{})
	go db.Write(context.Background(), store.Relaxed, func(*store.Tx) error {
		close(started)
		<-free
		return nil
	})
	<-started
	return func() { close(free) }
}

func TestOpenRefusesUnknownAddresses(t *testing.T) {
	for _, dsn := range []string{"", "sqlite:", "essaim.db", "mysql://localhost/x", "sqlite:" + t.TempDir() + "/missing/x.db"} {
		if db, err := store.Open(t.Context(), dsn, store.Options{}); err == nil {
			db.Close()
			t.Errorf("Open(%q) succeeded", dsn)
		}
	}
}

func TestSQLiteFileIsPrivateAndMayHaveAnyName(t *testing.T) {
	path := t.TempDir() + "/un nom ?#%é.db"
	db := storetest.Open(t, "sqlite:"+path)
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600: private keys are in it", info.Mode())
	}
	if info.Size() == 0 {
		t.Error("the schema went to another file")
	}
}

func TestWriteIsSeenByReaders(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		put(t, db, "a", "1")
		var v string
		if err := db.Read().QueryRow(t.Context(), `select value from meta where key = $1`, "a").Scan(&v); err != nil || v != "1" {
			t.Fatalf("read %q, %v", v, err)
		}
		err := db.Read().QueryRow(t.Context(), `select value from meta where key = $1`, "b").Scan(&v)
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("no row gave %v, want ErrNotFound", err)
		}
	})
}

func TestValuesKeepTheirTypes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		err := db.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
			column := map[store.Dialect]string{store.SQLite: "blob", store.Postgres: "bytea"}[db.Dialect()]
			if _, err := tx.Exec(ctx, `create table v (id bigint primary key, yes boolean, far double precision, raw `+column+`, absent bigint)`); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `insert into v values ($1, $2, $3, $4, $5)`, int64(1)<<62, true, 47.5, []byte{0, 255}, nil)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var id int64
		var yes bool
		var far float64
		var raw []byte
		var absent *int64
		if err := db.Read().QueryRow(ctx, `select * from v where yes = $1`, true).Scan(&id, &yes, &far, &raw, &absent); err != nil {
			t.Fatal(err)
		}
		if id != 1<<62 || !yes || far != 47.5 || string(raw) != "\x00\xff" || absent != nil {
			t.Errorf("got %v %v %v %v %v", id, yes, far, raw, absent)
		}
	})
}

func TestConflictAndFailedStatementEndTheTransaction(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		put(t, db, "a", "1")
		err := db.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
			if _, err := tx.Exec(ctx, insertMeta, "b", "2"); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, insertMeta, "a", "again")
			if !errors.Is(err, store.ErrConflict) {
				t.Errorf("a duplicate gave %v, want ErrConflict", err)
			}
			return nil // ignored, yet nothing may be kept
		})
		if !errors.Is(err, store.ErrConflict) {
			t.Errorf("Write gave %v, want ErrConflict", err)
		}
		if n := count(t, db); n != 1 {
			t.Errorf("%d rows, want 1", n)
		}
	})
}

func TestStatementInsideOpenRowsIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		put(t, db, "a", "1")
		err := db.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
			rows, err := tx.Query(ctx, `select key from meta`)
			if err != nil {
				return err
			}
			defer rows.Close()
			_, err = tx.Exec(ctx, insertMeta, "b", "2")
			return err
		})
		if err == nil || count(t, db) != 1 {
			t.Errorf("err %v, %d rows", err, count(t, db))
		}
		put(t, db, "b", "2") // the connection is as good as before
	})
}

func TestAfterCommitRunsOnceAndOnlyAfterCommit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		release := hold(t, db)
		var wg sync.WaitGroup
		var ran, runs int
		wg.Go(func() {
			err := db.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
				runs++
				tx.AfterCommit(func() { ran++ })
				_, err := tx.Exec(ctx, insertMeta, "kept", "")
				return err
			})
			if err != nil {
				t.Error(err)
			}
			if ran != 1 {
				t.Errorf("the callback ran %d times by the time Write returned (%d runs of the closure)", ran, runs)
			}
		})
		for i := range 3 {
			wg.Go(func() {
				err := db.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
					tx.AfterCommit(func() { t.Error("the callback of a failed write ran") })
					tx.Exec(ctx, insertMeta, fmt.Sprint(i), "")
					return errors.New("no")
				})
				if err == nil {
					t.Error("the failure was lost")
				}
			})
		}
		release()
		wg.Wait()
	})
}

// Of 200 concurrent writers some fail after writing, some refuse after reading,
// some panic: each has its own outcome and nothing else is lost.
func TestConcurrentWritersAreIsolated(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		refusal := errors.New("refused")
		release := hold(t, db)
		outcomes := make([]error, 200)
		var wg sync.WaitGroup
		for i := range outcomes {
			wg.Go(func() {
				level := store.Relaxed
				if i%2 == 0 {
					level = store.Promised
				}
				outcomes[i] = db.Write(ctx, level, func(tx *store.Tx) error {
					if i%10 == 3 {
						var n int
						if err := tx.QueryRow(ctx, `select count(*) from meta where key = $1`, "x").Scan(&n); err != nil {
							return err
						}
						return refusal
					}
					if _, err := tx.Exec(ctx, insertMeta, fmt.Sprint(i), "v"); err != nil {
						return err
					}
					switch i % 10 {
					case 5:
						return refusal
					case 7:
						panic("out of order")
					}
					return nil
				})
			})
		}
		release()
		wg.Wait()
		for i, err := range outcomes {
			switch i % 10 {
			case 3, 5:
				if err != refusal {
					t.Errorf("writer %d: %v, want its refusal", i, err)
				}
			case 7:
				if err == nil || !strings.Contains(err.Error(), "out of order") {
					t.Errorf("writer %d: %v, want its panic", i, err)
				}
			default:
				if err != nil {
					t.Errorf("writer %d: %v", i, err)
				}
			}
		}
		if n := count(t, db); n != 140 {
			t.Errorf("%d rows, want 140", n)
		}
	})
}

func TestWriteCancelledBeforeItsTurnNeverRuns(t *testing.T) {
	db := storetest.SQLite(t)
	release := hold(t, db)
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error)
	go func() {
		result <- db.Write(ctx, store.Relaxed, func(*store.Tx) error {
			t.Error("the closure ran after its caller had left")
			return nil
		})
	}()
	cancel()
	if err := <-result; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	release()
	put(t, db, "a", "1")
}

func TestClosureThatEndsItsGoroutineHarmsNobodyElse(t *testing.T) {
	db := storetest.SQLite(t)
	err := db.Write(t.Context(), store.Relaxed, func(tx *store.Tx) error {
		tx.Exec(t.Context(), insertMeta, "lost", "")
		runtime.Goexit()
		return nil
	})
	if err == nil {
		t.Error("the write succeeded")
	}
	put(t, db, "a", "1")
	if n := count(t, db); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
}

// Law 6: what is promised is on the disk before Write returns; what is not may
// share the cheaper way.
func TestSynchronousFollowsTheMostDemandingMember(t *testing.T) {
	db := storetest.SQLite(t)
	ctx := t.Context()
	level := func(d store.Durability) (n int) {
		err := db.Write(ctx, d, func(tx *store.Tx) error {
			return tx.QueryRow(ctx, `pragma synchronous`).Scan(&n)
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, step := range []struct {
		d    store.Durability
		want int
	}{{store.Relaxed, 1}, {store.Promised, 2}, {store.Promised, 2}, {store.Relaxed, 1}} {
		if got := level(step.d); got != step.want {
			t.Errorf("durability %v: synchronous is %d, want %d", step.d, got, step.want)
		}
	}
	release := hold(t, db)
	var wg sync.WaitGroup
	wg.Go(func() {
		if got := level(store.Promised); got != 2 {
			t.Errorf("promised in a mixed group: %d", got)
		}
	})
	for range 5 {
		wg.Go(func() { level(store.Relaxed) })
	}
	release()
	wg.Wait()
}

func TestSnapshotSeesOneState(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		put(t, db, "a", "1")
		err := db.Snapshot(t.Context(), func(q store.Q) error {
			for range 2 {
				var n int
				if err := q.QueryRow(t.Context(), `select count(*) from meta`).Scan(&n); err != nil {
					return err
				}
				if n != 1 {
					t.Errorf("the snapshot sees %d rows, want 1", n)
				}
				put(t, db, fmt.Sprint("later", n, t.Name(), count(t, db)), "2")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestReadersCannotWrite(t *testing.T) {
	db := storetest.SQLite(t)
	err := db.Read().QueryRow(t.Context(), `insert into meta (key, value) values ('a', 'b') returning key`).Scan(new(string))
	if err == nil {
		t.Error("a reader wrote")
	}
}

// LB10: queries cancelled at any moment leave the pool healthy.
func TestCancelledQueriesLeaveThePoolHealthy(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const slow = `with recursive n(i) as (select 1 union all select i + 1 from n where i < 4000000000) select count(*) from n`
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() {
				ctx, cancel := context.WithCancel(t.Context())
				go func() {
					for range i * 50 {
						runtime.Gosched()
					}
					cancel()
				}()
				var n int
				if err := db.Read().QueryRow(ctx, slow).Scan(&n); err == nil {
					t.Error("the query was not interrupted")
				}
				db.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
					_, err := tx.Exec(ctx, insertMeta, "never", "")
					return err
				})
			})
		}
		wg.Wait()
		for i := range 20 {
			put(t, db, fmt.Sprint(i), "v")
			if n := count(t, db); n != i+1 {
				t.Fatalf("%d rows, want %d", n, i+1)
			}
		}
	})
}

// Two transactions that lock each other out are redone until both are done.
func TestDeadlockIsRetried(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		put(t, db, "a", "0")
		put(t, db, "b", "0")
		ctx := t.Context()
		var meet sync.WaitGroup
		meet.Add(2)
		add := func(first, second string) {
			met := db.Dialect() == store.SQLite // where they cannot meet
			err := db.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
				const q = `update meta set value = value || '1' where key = $1`
				if _, err := tx.Exec(ctx, q, first); err != nil {
					return err
				}
				if !met {
					met = true
					meet.Done()
					meet.Wait()
				}
				_, err := tx.Exec(ctx, q, second)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
		var wg sync.WaitGroup
		wg.Go(func() { add("a", "b") })
		wg.Go(func() { add("b", "a") })
		wg.Wait()
		var v string
		if err := db.Read().QueryRow(ctx, `select value from meta where key = 'a'`).Scan(&v); err != nil || v != "011" {
			t.Errorf("value %q, %v", v, err)
		}
	})
}

func TestListenHearsNotify(t *testing.T) {
	db := storetest.Postgres(t)
	ctx, cancel := context.WithCancel(t.Context())
	heard, ended := make(chan string, 1), make(chan struct{})
	go func() {
		db.Listen(ctx, "news", func(payload string) { heard <- payload })
		close(ended)
	}()
	if p := <-heard; p != "" {
		t.Errorf("the first wake carries %q", p)
	}
	if err := db.Notify(ctx, "news", "42"); err != nil {
		t.Fatal(err)
	}
	if p := <-heard; p != "42" {
		t.Errorf("heard %q", p)
	}
	cancel()
	<-ended
}

func TestClosedStoreRefusesWrites(t *testing.T) {
	db, err := store.Open(t.Context(), storetest.SQLiteDSN(t), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Write(t.Context(), store.Relaxed, func(*store.Tx) error { return nil }); !errors.Is(err, store.ErrClosed) {
		t.Errorf("got %v, want ErrClosed", err)
	}
}

func TestMigrationsAreListedAndRepeatable(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		if err := db.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		all, err := db.MigrationStatus(t.Context())
		if err != nil || len(all) == 0 {
			t.Fatalf("%v, %v", all, err)
		}
		for i, m := range all {
			if i > 0 && m.Version <= all[i-1].Version || m.Applied.IsZero() || !strings.HasSuffix(m.Name, ".sql") {
				t.Errorf("step %d is %+v", i, m)
			}
		}
	})
}

func TestNewerSchemaIsRefusedAndUntouched(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		const future = `insert into goose_db_version (version_id, is_applied) values ($1, $2)`
		err := db.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, future, 9999, true)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = db.Migrate(ctx)
		if !errors.Is(err, store.ErrNewerSchema) || !strings.Contains(err.Error(), "9999") {
			t.Errorf("got %v, want ErrNewerSchema naming the version", err)
		}
	})
}

func TestDialectsReadTheirOwnMigrations(t *testing.T) {
	for dialect, want := range map[string]string{migrations.SQLite: "integer primary key", migrations.Postgres: "bigint primary key"} {
		source := migrations.Files(dialect)
		if err := fstest.TestFS(source, "0001_init.sql"); err != nil {
			t.Error(err)
		}
		f, err := source.Open("0001_init.sql")
		if err != nil {
			t.Fatal(err)
		}
		text := make([]byte, 4000)
		n, _ := f.Read(text)
		if !strings.Contains(string(text[:n]), want) {
			t.Errorf("%s does not read %q", dialect, want)
		}
		f.Close()
	}
}
