package demo

import (
	"io"
	"sync"
)

// screen is the console as several instances share it: what they print comes whole.
type screen struct {
	mu  sync.Mutex
	out io.Writer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.Write(p)
}
