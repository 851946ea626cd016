package loadtest

import (
	"context"
	"fmt"
	"time"

	"essaim/internal/store"
)

// Ledger reads the database of an instance from beside it, running or not: it asks nothing of the instance, so that looking costs it
// nothing and proves what is on the disk rather than what is said of it.
type Ledger struct{ db *store.DB }

// OpenLedger opens the database of a server.
func OpenLedger(ctx context.Context, s *Server) (*Ledger, error) {
	db, err := store.Open(ctx, s.Database(), store.Options{MaxConns: 2})
	if err != nil {
		return nil, err
	}
	return &Ledger{db}, nil
}

// Close closes it.
func (l *Ledger) Close() error { return l.db.Close() }

// Objects counts the objects that stand and whose address begins so.
func (l *Ledger) Objects(ctx context.Context, prefix string) (int, error) {
	return l.count(ctx, `select count(*) from objects where substr(iri, 1, length($1)) = $1 and deleted = 0`, prefix)
}

// Activities counts the activities of a type whose address begins so.
func (l *Ledger) Activities(ctx context.Context, prefix, kind string) (int, error) {
	return l.count(ctx, `select count(*) from activities where substr(iri, 1, length($1)) = $1 and type = $2`, prefix, kind)
}

// Has tells whether an object is stored and whole.
func (l *Ledger) Has(ctx context.Context, iri string) (bool, error) {
	n, err := l.count(ctx, `select count(*) from objects where iri = $1 and deleted = 0 and doc <> ''`, iri)
	return n == 1, err
}

// Following counts the actors that one follows and that have accepted it.
func (l *Ledger) Following(ctx context.Context, actor string) (int, error) {
	return l.count(ctx, `select count(*) from relations r join objects o on o.id = r.source where o.iri = $1 and r.kind = 'follow' and r.state = 1`, actor)
}

// Followers counts those who follow an actor.
func (l *Ledger) Followers(ctx context.Context, actor string) (int, error) {
	return l.count(ctx, `select count(*) from relations r join objects o on o.id = r.target where o.iri = $1 and r.kind = 'follow' and r.state = 1`, actor)
}

// Pending counts the jobs of a kind that are not done.
func (l *Ledger) Pending(ctx context.Context, kind string) (int, error) {
	return l.count(ctx, `select count(*) from jobs where kind = $1 and state < 2`, kind)
}

// Dead counts the jobs, of whatever kind, that were given up.
func (l *Ledger) Dead(ctx context.Context) (int, error) {
	return l.count(ctx, `select count(*) from jobs where state = 2`)
}

// Jobs describes what is in the queue, for the words of a failure.
func (l *Ledger) Jobs(ctx context.Context) string {
	rows, err := l.db.Read().Query(ctx, `select kind, state, attempts, count(*), min(run_at), max(error) from jobs group by kind, state, attempts order by 1, 2, 3`)
	if err != nil {
		return err.Error()
	}
	defer rows.Close()
	said := "jobs:"
	for rows.Next() {
		var kind, reason string
		var state, attempts, n int
		var due int64
		if err := rows.Scan(&kind, &state, &attempts, &n, &due, &reason); err != nil {
			return err.Error()
		}
		said += fmt.Sprintf("\n  %d × %s, state %d, attempt %d, first due in %s %s", n, kind, state, attempts, time.Until(time.UnixMilli(due)).Round(time.Second), reason)
	}
	return said
}

func (l *Ledger) count(ctx context.Context, query string, args ...any) (n int, err error) {
	err = l.db.Read().QueryRow(ctx, query, args...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("ledger: %w", err)
	}
	return n, nil
}

// Until polls until done holds or ctx ends.
func Until(ctx context.Context, done func(ctx context.Context) (bool, error)) error {
	pulse := time.NewTicker(20 * time.Millisecond)
	defer pulse.Stop()
	for {
		ok, err := done(ctx)
		if err != nil || ok {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-pulse.C:
		}
	}
}
