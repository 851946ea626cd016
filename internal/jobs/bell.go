package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"essaim/internal/store"
)

// channel carries the news of new jobs between nodes.
const channel = "essaim_jobs"

// bell tells other nodes of new jobs, outside the transactions that insert them
// (a notification inside one would make commits queue up) and at most one at a
// time: what comes meanwhile is told together. What is lost, polling finds.
type bell struct {
	db   *store.DB
	log  *slog.Logger
	node string

	mu      sync.Mutex
	pending map[string]position // the earliest of each kind
	flying  bool
	flights sync.WaitGroup
}

func (b *bell) ring(kind string, at position) {
	if b.db.Dialect() == store.SQLite {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if earliest, ok := b.pending[kind]; !ok || at.before(earliest) {
		if b.pending == nil {
			b.pending = map[string]position{}
		}
		b.pending[kind] = at
	}
	if !b.flying {
		b.flying = true
		b.flights.Go(b.fly)
	}
}

func (b *bell) fly() {
	for {
		b.mu.Lock()
		news := b.pending
		b.pending = nil
		b.flying = len(news) > 0
		b.mu.Unlock()
		if len(news) == 0 {
			return
		}
		for kind, at := range news {
			payload := fmt.Sprintf("%s %d %d %s", b.node, at.runAt, at.id, kind)
			if err := b.db.Notify(context.Background(), channel, payload); err != nil {
				b.log.Warn("other nodes could not be told of new jobs", "err", err)
			}
		}
	}
}

func (b *bell) wait() { b.flights.Wait() }

// hear is called with what other nodes tell, and with "" when something may
// have been missed.
func (q *Queue) hear(payload string) {
	if payload == "" {
		q.mu.Lock()
		kinds := q.kinds
		q.mu.Unlock()
		for _, w := range kinds {
			w.book.back(q.clock().Add(-overlap).UnixMilli())
			w.ring()
		}
		return
	}
	var node, kind string
	var at position
	if _, err := fmt.Sscanf(payload, "%s %d %d %s", &node, &at.runAt, &at.id, &kind); err != nil || node == q.bell.node {
		return
	}
	if w := q.kind(kind); w != nil {
		w.book.came(at)
		w.ring()
	}
}
