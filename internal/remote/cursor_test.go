package remote

import (
	"strconv"
	"testing"
	"time"
)

// TestCursorCircles: whatever way pages lead back to earlier ones, the walk ends soon, and its cursor stays small.
func TestCursorCircles(t *testing.T) {
	for lead := range 7 {
		for length := 1; length < 20; length++ {
			c, steps := cursorOver([]string{"p0"}), 0
			for ; c.URL != ""; steps++ {
				n, err := strconv.Atoi(c.URL[1:])
				if err != nil {
					t.Fatal(err)
				}
				next := n + 1
				if next == lead+length {
					next = lead
				}
				if c, err = readCursor(c.after("p" + strconv.Itoa(next)).String()); err != nil {
					t.Fatal(err)
				}
				if steps > 4*(lead+length)+4 || len(c.String()) > 100 {
					t.Fatalf("lead %d, circle of %d: %d pages, cursor %s", lead, length, steps, c)
				}
			}
			if steps < lead+length {
				t.Errorf("lead %d, circle of %d: ended after %d pages", lead, length, steps)
			}
		}
	}
}

// TestCursorOrder: collections follow one another, and one without end is cut.
func TestCursorOrder(t *testing.T) {
	c, read := cursorOver([]string{"a", "b"}), 0
	for ; c.URL != "b"; read++ {
		c = c.after("a" + strconv.Itoa(read))
	}
	if read != maxPages {
		t.Errorf("%d pages of an endless collection, want %d", read, maxPages)
	}
	if c = c.after(""); c.String() != "" {
		t.Errorf("after the last: %s", c)
	}
	if _, err := readCursor("{"); err == nil {
		t.Error("a broken cursor was read")
	}
}

// FuzzCursor: no text makes a cursor that panics or grows.
func FuzzCursor(f *testing.F) {
	f.Add(`{"at":"a","then":["b"],"power":1}`, "c")
	f.Add(`{"at":"a","read":-9,"since":-1,"power":-1}`, "")
	f.Fuzz(func(t *testing.T, text, next string) {
		c, err := readCursor(text)
		if err != nil {
			return
		}
		if n := c.after(next); len(n.Then) > len(c.Then) {
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
