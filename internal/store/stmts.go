package store

import (
	"container/list"
	"context"
	"database/sql"
	"sync"
)

// stmtCache keeps prepared statements by their SQL text, least recently used
// out first: a kept statement makes point reads 2.3 to 2.8 times faster
// (libraries §3.3), and searches build more texts than are worth keeping.
type stmtCache struct {
	prepare func(context.Context, string) (*sql.Stmt, error)
	max     int

	mu     sync.Mutex
	byText map[string]*list.Element
	recent *list.List // of *keptStmt, most recent in front
}

// keptStmt is a statement with the number of calls that hold it now; one that
// is thrown out while held is closed by the last holder.
type keptStmt struct {
	*sql.Stmt
	text  string
	users int
	out   bool
}

func newStmtCache(prepare func(context.Context, string) (*sql.Stmt, error), max int) *stmtCache {
	return &stmtCache{prepare: prepare, max: max, byText: map[string]*list.Element{}, recent: list.New()}
}

// acquire returns the statement for text, to be released after its use.
func (c *stmtCache) acquire(ctx context.Context, text string) (*keptStmt, error) {
	if k := c.lookup(text); k != nil {
		return k, nil
	}
	stmt, err := c.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byText[text]; ok { // prepared by another meanwhile
		stmt.Close()
		k := e.Value.(*keptStmt)
		k.users++
		return k, nil
	}
	k := &keptStmt{Stmt: stmt, text: text, users: 1}
	c.byText[text] = c.recent.PushFront(k)
	if c.recent.Len() > c.max {
		c.evict(c.recent.Back())
	}
	return k, nil
}

func (c *stmtCache) lookup(text string) *keptStmt {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byText[text]
	if !ok {
		return nil
	}
	c.recent.MoveToFront(e)
	k := e.Value.(*keptStmt)
	k.users++
	return k
}

// release gives back what acquire returned.
func (c *stmtCache) release(k *keptStmt) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k.users--; k.out && k.users == 0 {
		k.Close()
	}
}

// evict forgets a statement. The caller holds the lock.
func (c *stmtCache) evict(e *list.Element) {
	k := e.Value.(*keptStmt)
	c.recent.Remove(e)
	delete(c.byText, k.text)
	if k.out = true; k.users == 0 {
		k.Close()
	}
}

// close forgets all statements.
func (c *stmtCache) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.recent.Len() > 0 {
		c.evict(c.recent.Back())
	}
}
