package jobs

import (
	"context"
	"fmt"
	"time"

	"essaim/internal/store"
)

// Count is how many jobs of a kind there are.
type Count struct {
	Kind    string
	Waiting int // due now or later
	Running int
	Dead    int
	Oldest  time.Time // when the oldest job not dead was made; zero for none
}

// Counts counts the jobs of every kind in the table, by name.
func (q *Queue) Counts(ctx context.Context) ([]Count, error) {
	rows, err := q.db.Read().Query(ctx, `select kind,
		sum(case when state < 2 and lease <= $1 then 1 else 0 end), sum(case when state < 2 and lease > $1 then 1 else 0 end),
		sum(case when state = 2 then 1 else 0 end), coalesce(min(case when state < 2 then created end), 0)
		from jobs group by kind order by kind`, q.now())
	if err != nil {
		return nil, fmt.Errorf("jobs: counts: %w", err)
	}
	defer rows.Close()
	var all []Count
	for rows.Next() {
		var c Count
		var oldest int64
		if err := rows.Scan(&c.Kind, &c.Waiting, &c.Running, &c.Dead, &oldest); err != nil {
			return nil, fmt.Errorf("jobs: counts: %w", err)
		}
		if oldest != 0 {
			c.Oldest = time.UnixMilli(oldest)
		}
		all = append(all, c)
	}
	return all, rows.Err()
}

// Backlog counts the live jobs of a kind up to a limit, cheaply: it tells an
// inbox when to answer 503 (S38).
func (q *Queue) Backlog(ctx context.Context, kind string, limit int) (n int, err error) {
	err = q.db.Read().QueryRow(ctx,
		`select count(*) from (select 1 from jobs where kind = $1 and state < 2 limit $2) as backlog`, kind, limit).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("jobs: backlog: %w", err)
	}
	return n, nil
}

// DeadJob is a job that will not be tried again unless the operator says so.
type DeadJob struct {
	ID               int64
	Kind, Lane       string
	Attempts, Status int // Status is the HTTP status of the last failure, 0 for none
	Created          time.Time
	Activity, Object int64
	Args             []byte
	Error            string
}

// Dead lists dead jobs with an id above after, oldest first.
func (q *Queue) Dead(ctx context.Context, after int64, limit int) ([]DeadJob, error) {
	rows, err := q.db.Read().Query(ctx, `select id, kind, lane, attempts, status, created, coalesce(activity, 0), coalesce(object, 0), args, error
		from jobs where state = 2 and id > $1 order by id limit $2`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("jobs: dead: %w", err)
	}
	defer rows.Close()
	var all []DeadJob
	for rows.Next() {
		var d DeadJob
		var created int64
		if err := rows.Scan(&d.ID, &d.Kind, &d.Lane, &d.Attempts, &d.Status, &created, &d.Activity, &d.Object, &d.Args, &d.Error); err != nil {
			return nil, fmt.Errorf("jobs: dead: %w", err)
		}
		d.Created = time.UnixMilli(created)
		all = append(all, d)
	}
	return all, rows.Err()
}

// Retry makes a dead job due now, as if it were new. store.ErrNotFound tells
// that there is no such dead job.
func (q *Queue) Retry(ctx context.Context, id int64) error {
	now := q.now()
	return q.db.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
		var kind string
		err := tx.QueryRow(ctx, `update jobs set state = 0, attempts = 0, run_at = $2, created = $2, expires = 0, lease = 0
			where id = $1 and state = 2 returning kind`, id, now).Scan(&kind)
		if err != nil {
			return fmt.Errorf("jobs: retry: %w", err)
		}
		q.wakeAfter(tx, kind, position{now, id})
		return nil
	})
}

// CancelObject deletes the jobs of the given kinds that concern an object and
// are not being run at this moment: one at work keeps its place, so that what
// is queued after it (a Delete) still comes after it.
func (q *Queue) CancelObject(ctx context.Context, tx *store.Tx, object int64, kinds ...string) error {
	now := q.now()
	for _, kind := range kinds {
		if err := q.cancel(ctx, tx, object, kind, now); err != nil {
			return fmt.Errorf("jobs: cancel: %w", err)
		}
	}
	return nil
}

func (q *Queue) cancel(ctx context.Context, tx *store.Tx, object int64, kind string, now int64) error {
	rows, err := tx.Query(ctx, `delete from jobs where object = $1 and kind = $2 and lease <= $3 returning serial`, object, kind, now)
	if err != nil {
		return err
	}
	defer rows.Close()
	var serials []string
	for rows.Next() {
		var serial string
		if err := rows.Scan(&serial); err != nil {
			return err
		}
		serials = append(serials, serial)
	}
	if w := q.kind(kind); w != nil {
		tx.AfterCommit(func() {
			for _, serial := range serials {
				w.book.went(serial)
			}
			w.ring()
		})
	}
	return rows.Err()
}

// Purge deletes dead jobs made before a moment, and returns how many.
func (q *Queue) Purge(ctx context.Context, before time.Time) (n int64, err error) {
	err = q.db.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
		n, err = tx.Exec(ctx, `delete from jobs where state = 2 and created < $1`, before.UnixMilli())
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("jobs: purge: %w", err)
	}
	return n, nil
}
