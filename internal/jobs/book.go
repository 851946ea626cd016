package jobs

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"sync"
	"time"
)

// position is a place in the order of claiming: when a job comes due, then its
// id.
type position struct{ runAt, id int64 }

func (p position) compare(o position) int {
	return cmp.Or(cmp.Compare(p.runAt, o.runAt), cmp.Compare(p.id, o.id))
}

func (p position) before(o position) bool { return p.compare(o) < 0 }

func (s seen) position() position { return position{s.runAt, s.id} }

// book is what a kind's dispatcher remembers between claims, so that a claim
// never reads again the thousands of due jobs it cannot take: those of a lane
// that is full, and those behind an earlier job of their serial.
//
// Everything due up to from has been seen: it was claimed, or its lane is in
// held, or its serial is in blocked. A lane or serial is looked at again when
// one of its jobs ends. The book may be wrong about what other nodes do; it is
// thrown away now and then (see worker.loop), and the claim itself checks.
type book struct {
	laneLimit int

	mu      sync.Mutex
	from    position            // scanned up to here
	end     bool                // the scan found nothing due after from
	next    int64               // when something may come due after that
	running int                 // jobs at work
	busy    map[string]int      // jobs at work by lane
	held    map[string]*line    // full lanes with due jobs before from
	inLine  int                 // jobs in all these lines
	open    map[string]struct{} // those of them with a free place
	blocked map[string]struct{} // serials with due jobs before from that had to wait
	ready   map[string]struct{} // those of them whose head has gone
	gone    map[string]struct{} // serials whose head went during the present look
	arrived *position           // the earliest arrival during the present look
	looking bool
	turn    bool // whose turn: what was passed over, or the scan
}

// line is what waits for a place in a lane, in order. A long line is cut: from
// the first job that was dropped on, the table must be scanned again.
type line struct {
	jobs    []seen
	dropped *position
}

const (
	// linesTotal bounds the memory of all lines together.
	linesTotal = 20_000
	// lineLeast is what each lane may remember even then.
	lineLeast = 16
)

func newBook(laneLimit int) *book {
	b := &book{laneLimit: laneLimit, busy: map[string]int{}}
	b.forget()
	return b
}

// forget starts over; what is at work stays known.
func (b *book) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.from, b.end, b.next = position{math.MinInt64, 0}, false, math.MaxInt64
	b.held, b.open, b.inLine = map[string]*line{}, map[string]struct{}{}, 0
	b.blocked, b.ready = map[string]struct{}{}, map[string]struct{}{}
}

// back looks again at what came due since a moment.
func (b *book) back(since int64) {
	b.came(position{since, math.MinInt64})
}

// came tells of a new job, or one that waits until at.
func (b *book) came(at position) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.note(at)
}

func (b *book) note(at position) {
	if !b.looking {
		b.arrive(at)
	} else if b.arrived == nil || at.before(*b.arrived) {
		b.arrived = &at
	}
}

func (b *book) arrive(at position) {
	b.next = min(b.next, at.runAt)
	if at.compare(b.from) <= 0 { // from itself counts as scanned
		b.from = position{at.runAt, max(at.id, math.MinInt64+1) - 1}
		b.end = false
	}
}

// idle tells that looking would find nothing at this moment.
func (b *book) idle(now int64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.end && now < b.next && len(b.open) == 0 && len(b.ready) == 0
}

// begin opens a look at the table: until [book.finish], what ends and what
// arrives is noted, since the look may or may not have seen it.
func (b *book) begin() (open, ready []string, from position, passedFirst bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gone, b.looking = map[string]struct{}{}, true
	b.turn = !b.turn
	return slices.Collect(maps.Keys(b.open)), slices.Collect(maps.Keys(b.ready)), b.from, b.turn
}

// room is how many more of a lane may run.
func (b *book) room(lane string) int {
	if b.laneLimit == 0 || lane == "" {
		return math.MaxInt
	}
	return b.laneLimit - b.busy[lane]
}

// take decides about a due job that was seen: it reserves a place for it, or
// remembers what it waits for.
func (b *book) take(s seen) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !s.head {
		b.blocked[s.serial] = struct{}{}
		if _, went := b.gone[s.serial]; went {
			b.ready[s.serial] = struct{}{}
		}
		return false
	}
	if b.held[s.lane] != nil || b.room(s.lane) <= 0 {
		b.enqueue(s)
		return false
	}
	b.start(s.lane)
	return true
}

func (b *book) start(lane string) {
	b.running++
	if b.laneLimit > 0 && lane != "" {
		b.busy[lane]++
	}
}

// finish closes a look that scanned up to last. end tells that nothing was due
// after it, and that the next job comes due at next.
func (b *book) finish(last position, end bool, next int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.from, b.end = last, end
	if end {
		b.next = next
	}
	if b.arrived != nil {
		b.arrive(*b.arrived)
	}
	b.arrived, b.gone, b.looking = nil, nil, false
}

// enqueue puts a due job in the line of its lane, once.
func (b *book) enqueue(s seen) {
	l := b.held[s.lane]
	if l == nil {
		l = &line{}
		b.held[s.lane] = l
	}
	if l.dropped != nil && !s.position().before(*l.dropped) {
		return
	}
	i, known := slices.BinarySearchFunc(l.jobs, s, func(a, b seen) int { return a.position().compare(b.position()) })
	if known {
		return
	}
	l.jobs = slices.Insert(l.jobs, i, s)
	if b.inLine++; b.inLine > linesTotal && len(l.jobs) > lineLeast {
		last := l.jobs[len(l.jobs)-1].position()
		l.dropped = &last
		l.jobs = l.jobs[:len(l.jobs)-1]
		b.inLine--
	}
}

// dequeue takes at most n jobs out of the line of an open lane and reserves
// their places.
func (b *book) dequeue(lane string, n int) []seen {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := b.held[lane]
	if l == nil {
		delete(b.open, lane)
		return nil
	}
	n = max(min(n, b.room(lane), len(l.jobs)), 0)
	taken := slices.Clone(l.jobs[:n])
	l.jobs = l.jobs[n:]
	b.inLine -= n
	for range taken {
		b.start(lane)
	}
	switch {
	case len(l.jobs) == 0:
		delete(b.held, lane)
		delete(b.open, lane)
		if l.dropped != nil {
			b.note(*l.dropped)
		}
	case b.room(lane) <= 0:
		delete(b.open, lane)
	}
	return taken
}

// lookAtSerial tells that the head of a serial is about to be read: should it
// go meanwhile, the serial is ready again.
func (b *book) lookAtSerial(serial string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.ready, serial)
}

// exhausted tells that a serial has no jobs.
func (b *book) exhausted(serial string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.ready, serial)
	delete(b.blocked, serial)
}

// leave gives back the place of a job that ended or could not be claimed.
func (b *book) leave(lane string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.running--
	if b.laneLimit == 0 || lane == "" {
		return
	}
	if b.busy[lane]--; b.busy[lane] == 0 {
		delete(b.busy, lane)
	}
	if _, ok := b.held[lane]; ok {
		b.open[lane] = struct{}{}
	}
}

// went tells that the head of a serial no longer holds back the next one.
func (b *book) went(serial string) {
	if serial == "" {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.gone != nil {
		b.gone[serial] = struct{}{}
	}
	if _, ok := b.blocked[serial]; ok {
		b.ready[serial] = struct{}{}
	}
}

// begun counts a job that was claimed without a look.
func (b *book) begun(lane string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.start(lane)
}

// atWork is how many jobs are running.
func (b *book) atWork() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.running
}

// until is how long nothing comes due.
func (b *book) until(now int64) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next-now > int64(time.Hour/time.Millisecond) {
		return time.Hour
	}
	return time.Duration(b.next-now) * time.Millisecond
}
