package store

import (
	"context"
	"errors"
	"slices"
	"testing"
)

// One group, in a known order: a member that writes, one that fails after
// writing, one that panics, one that only reads and refuses. Whoever is redone
// keeps nothing of its first run.
func TestMembersOfAGroupAreRedoneApart(t *testing.T) {
	db, err := Open(t.Context(), "sqlite:"+t.TempDir()+"/group.db", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	started, free := make(chan struct{}), make(chan struct{})
	go db.Write(t.Context(), Relaxed, func(*Tx) error { close(started); <-free; return nil })
	<-started

	refusal := errors.New("refused")
	var ran []string
	var callbacks []string
	member := func(name string, end func() error) *write {
		w := &write{ctx: context.Background(), since: db.clock(), done: make(chan struct{})}
		w.fn = func(tx *Tx) error {
			ran = append(ran, name)
			tx.AfterCommit(func() { callbacks = append(callbacks, name) })
			if name != "reader" {
				if _, err := tx.Exec(context.Background(), `insert into meta (key, value) values ($1, '')`, name); err != nil {
					return err
				}
			}
			return end()
		}
		db.writer.queue <- w
		return w
	}
	fine := func() error { return nil }
	group := []*write{
		member("first", fine),
		member("failing", func() error { return refusal }),
		member("reader", func() error { return refusal }),
		member("panicking", func() error { panic("oh") }),
		member("last", fine),
	}
	close(free)
	for _, w := range group {
		<-w.done
		for _, f := range w.tx.after {
			f()
		}
	}
	for i, want := range []bool{true, false, false, false, true} {
		if (group[i].err == nil) != want {
			t.Errorf("member %d: %v", i, group[i].err)
		}
	}
	if !slices.Equal(callbacks, []string{"first", "last"}) {
		t.Errorf("callbacks of %v, want each kept member once", callbacks)
	}
	kept, err := many(t.Context(), db.Read(), func(s scanner) (key string, err error) {
		err = s.Scan(&key)
		return key, err
	}, `select key from meta order by key`)
	if err != nil || !slices.Equal(kept, []string{"first", "last"}) {
		t.Errorf("kept %v, %v", kept, err)
	}
	runs := map[string]int{}
	for _, name := range ran {
		runs[name]++
	}
	if runs["first"] < 2 || runs["failing"] != 2 {
		t.Errorf("runs %v: the group was not redone", runs)
	}
}
