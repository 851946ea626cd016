package remote

import (
	"strconv"
	"testing"
	"time"
)

// TestCursorOrder: collections follow one another, and one without end is cut.
func TestCursorOrder(t *testing.T) {
	c, read := cursorOver([]string{"a", "b"}), 0
	for ; c.At != "b"; read++ {
		var err error
		if c, err = readCursor(c.after("a"+strconv.Itoa(read), 0).String()); err != nil {
			t.Fatal(err)
		}
	}
	if read != maxPages {
		t.Errorf("%d pages of an endless collection, want %d", read, maxPages)
	}
	if n := cursorOver([]string{"a", "b"}).after("next", 1); n.At != "b" {
		t.Errorf("one page of each: %v", n)
	}
	if c = c.after("", 0); c.String() != "" {
		t.Errorf("after the last: %s", c)
	}
	if _, err := readCursor("{"); err == nil {
		t.Error("a broken cursor was read")
	}
}

// FuzzCursor: no text makes a cursor that panics or grows.
func FuzzCursor(f *testing.F) {
	f.Add(`{"at":"a","then":["b"]}`, "c")
	f.Add(`{"at":"a","read":-9}`, "")
	f.Fuzz(func(t *testing.T, text, next string) {
		c, err := readCursor(text)
		if err != nil {
			return
		}
		if n := c.after(next, 0); len(n.Then) > len(c.Then) {
			t.Errorf("%v grew to %v", c, n)
		}
	})
}

// TestCache: entries end with time, and the least used make room.
func TestCache(t *testing.T) {
	now := time.Unix(0, 0)
	c := newCache[int](2, time.Minute, func() time.Time { return now })
	c.put("a", 1)
	c.put("b", 2)
	c.get("a")
	c.put("c", 3)
	for key, there := range map[string]bool{"a": true, "b": false, "c": true} {
		if _, ok := c.get(key); ok != there {
			t.Errorf("%s is there: %v", key, ok)
		}
	}
	c.dropWhere(func(v int) bool { return v == 1 })
	if _, ok := c.get("a"); ok {
		t.Error("a was not dropped")
	}
	now = now.Add(time.Minute)
	if _, ok := c.get("c"); ok {
		t.Error("c did not end")
	}
}
