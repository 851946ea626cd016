package remote

import (
	"container/list"
	"context"
	"fmt"
	"sync"
	"time"
)

// cache is a bounded memory whose entries end; the least recently used goes first. Keys come from outside, hence the bound (S36).
type cache[V any] struct {
	max int
	ttl time.Duration
	now func() time.Time

	mu     sync.Mutex
	byKey  map[string]*list.Element
	recent *list.List // of *entry[V], the most recent in front
}

type entry[V any] struct {
	key   string
	value V
	until time.Time
}

func newCache[V any](max int, ttl time.Duration, now func() time.Time) *cache[V] {
	return &cache[V]{max: max, ttl: ttl, now: now, byKey: map[string]*list.Element{}, recent: list.New()}
}

func (c *cache[V]) get(key string) (v V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[key]
	if !ok {
		return v, false
	}
	held := e.Value.(*entry[V])
	if !c.now().Before(held.until) {
		c.remove(e)
		return v, false
	}
	c.recent.MoveToFront(e)
	return held.value, true
}

func (c *cache[V]) put(key string, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byKey[key]; ok {
		c.remove(e)
	}
	c.byKey[key] = c.recent.PushFront(&entry[V]{key, v, c.now().Add(c.ttl)})
	if c.recent.Len() > c.max {
		c.remove(c.recent.Back())
	}
}

func (c *cache[V]) drop(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byKey[key]; ok {
		c.remove(e)
	}
}

// dropWhere drops every entry whose value answers to a description; it looks at all of them.
func (c *cache[V]) dropWhere(is func(V) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for e, next := c.recent.Front(), (*list.Element)(nil); e != nil; e = next {
		if next = e.Next(); is(e.Value.(*entry[V]).value) {
			c.remove(e)
		}
	}
}

// remove is called with the lock held.
func (c *cache[V]) remove(e *list.Element) {
	c.recent.Remove(e)
	delete(c.byKey, e.Value.(*entry[V]).key)
}

// flights does one work per key at a time: who asks meanwhile gets the same answer. The zero value is ready.
type flights[V any] struct {
	mu    sync.Mutex
	calls map[string]*flight[V]
}

type flight[V any] struct {
	done  chan struct{}
	value V
	err   error
}

// do runs work, or waits for the one under way. The work goes on when who asked for it gives up, since others may wait for it; limit bounds it.
func (f *flights[V]) do(ctx context.Context, key string, limit time.Duration, work func(context.Context) (V, error)) (V, error) {
	f.mu.Lock()
	call, under := f.calls[key]
	if !under {
		call = &flight[V]{done: make(chan struct{})}
		if f.calls == nil {
			f.calls = map[string]*flight[V]{}
		}
		f.calls[key] = call
	}
	f.mu.Unlock()
	if !under {
		go f.run(context.WithoutCancel(ctx), key, limit, call, work)
	}
	select {
	case <-call.done:
		return call.value, call.err
	case <-ctx.Done():
		var none V
		return none, ctx.Err()
	}
}

func (f *flights[V]) run(ctx context.Context, key string, limit time.Duration, call *flight[V], work func(context.Context) (V, error)) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			call.err = fmt.Errorf("remote: panic: %v", p)
		}
		f.mu.Lock()
		delete(f.calls, key)
		f.mu.Unlock()
		close(call.done)
	}()
	call.value, call.err = work(ctx)
}
