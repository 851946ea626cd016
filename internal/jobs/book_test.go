package jobs

import (
	"fmt"
	"math"
	"testing"
)

// scannedTo opens and closes a look that found nothing more until position p.
func scannedTo(b *book, p position) {
	b.begin()
	b.finish(p, true, math.MaxInt64)
}

func TestArrivalIsSeenWhereverTheCursorStands(t *testing.T) {
	cursor := position{100, 7}
	for _, c := range []struct {
		at     position
		lowers bool
		wakes  int64 // the first moment at which the book is not idle
	}{
		{position{100, 6}, true, 100},
		{position{100, 7}, true, 100}, // the cursor itself counts as scanned
		{position{100, 8}, false, 100},
		{position{99, 9}, true, 99},
		{position{101, 1}, false, 101},
	} {
		for _, during := range []bool{false, true} {
			b := newBook(0)
			if during {
				b.begin()
				b.came(c.at)
				b.finish(cursor, true, math.MaxInt64)
			} else {
				scannedTo(b, cursor)
				b.came(c.at)
			}
			if got := b.from != cursor; got != c.lowers {
				t.Errorf("%v during a look %v: lowered %v", c.at, during, got)
			}
			if !b.from.before(c.at) {
				t.Errorf("%v during a look %v: not after the cursor %v", c.at, during, b.from)
			}
			if b.idle(c.wakes) || !c.lowers && !b.idle(c.wakes-1) {
				t.Errorf("%v during a look %v: idle at the wrong moment", c.at, during)
			}
		}
	}
}

func TestHeadThatGoesDuringALookIsNotForgotten(t *testing.T) {
	waiting := seen{id: 2, serial: "s", head: false}
	t.Run("before its successor was judged", func(t *testing.T) {
		b := newBook(0)
		b.begin()
		b.went("s")
		b.take(waiting)
		b.finish(position{}, true, math.MaxInt64)
		if b.idle(0) {
			t.Error("the successor is forgotten")
		}
	})
	t.Run("after its successor was judged", func(t *testing.T) {
		b := newBook(0)
		b.begin()
		b.take(waiting)
		b.went("s")
		b.finish(position{}, true, math.MaxInt64)
		if b.idle(0) {
			t.Error("the successor is forgotten")
		}
	})
	t.Run("while the next head is being read", func(t *testing.T) {
		b := newBook(0)
		b.begin()
		b.take(waiting)
		b.went("s")
		b.lookAtSerial("s")
		b.went("s")
		b.finish(position{}, true, math.MaxInt64)
		if b.idle(0) {
			t.Error("the next one is forgotten")
		}
		b.exhausted("s")
		if !b.idle(0) {
			t.Error("a serial without jobs keeps the book awake")
		}
	})
}

func TestLaneServesItsLineInOrder(t *testing.T) {
	b := newBook(2)
	job := func(id int64) seen { return seen{id: id, lane: "l", head: true} }
	b.begin()
	for id := range int64(5) {
		if got := b.take(job(id)); got != (id < 2) {
			t.Errorf("job %d taken: %v", id, got)
		}
	}
	b.take(job(3)) // seen again
	b.finish(position{0, 4}, true, math.MaxInt64)
	if !b.idle(0) {
		t.Error("a full lane keeps the book awake")
	}
	b.leave("l")
	if b.idle(0) {
		t.Error("a free place is not noticed")
	}
	if b.take(job(9)) {
		t.Error("a newcomer passed the line")
	}
	var order []int64
	for range 6 {
		for _, s := range b.dequeue("l", 10) {
			order = append(order, s.id)
		}
		b.leave("l")
	}
	if fmt.Sprint(order) != "[2 3 4 9]" {
		t.Errorf("order %v", order)
	}
	if len(b.held) != 0 || b.inLine != 0 {
		t.Errorf("left: %d lines, %d jobs", len(b.held), b.inLine)
	}
}

// A line too long to be remembered is cut, and its rest scanned again.
func TestLongLineIsCutAndScannedAgain(t *testing.T) {
	b := newBook(1)
	b.begin()
	const jobs = linesTotal + 100
	for id := range int64(jobs) {
		b.take(seen{id: id, lane: "l", head: true})
	}
	b.finish(position{0, jobs}, true, math.MaxInt64)
	if b.inLine != linesTotal {
		t.Errorf("%d jobs in line, want %d", b.inLine, linesTotal)
	}
	last := int64(0)
	for b.inLine > 0 {
		b.leave("l")
		for _, s := range b.dequeue("l", 1) {
			if s.id != last+1 {
				t.Fatalf("job %d after %d", s.id, last)
			}
			last = s.id
		}
	}
	if want := (position{0, last}); b.from != want || b.idle(0) {
		t.Errorf("the scan goes on from %v, want %v", b.from, want)
	}
}
