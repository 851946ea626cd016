package media

import (
	"context"
	"runtime"
	"sync/atomic"

	"essaim/internal/essaim"
	"essaim/internal/i18n"
)

// line is where pictures wait for their turn: decoding one takes a processor for half a second and up to 300 MB, so half of the processors work at
// once, and those who would wait long are told to come back.
type line struct {
	turns   chan struct{}
	waiting atomic.Int64
	longest int64
}

// inLine is how many pictures may wait: at half a second each the last one is served within the patience of a browser.
const inLine = 24

func newLine() *line {
	return &line{turns: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)), longest: inLine}
}

// run does the work when its turn comes; Unavailable when the line is full, and the context's error when it ends first.
func (l *line) run(ctx context.Context, work func() error) error {
	if l.waiting.Add(1) > l.longest+int64(cap(l.turns)) {
		l.waiting.Add(-1)
		return &essaim.Error{Code: essaim.Unavailable, Sentence: i18n.T(i18n.EN, "picture.busy"), Err: cause("picture.busy")}
	}
	defer l.waiting.Add(-1)
	select {
	case <-ctx.Done():
		return ctx.Err()
	case l.turns <- struct{}{}:
	}
	defer func() { <-l.turns }()
	return work()
}
