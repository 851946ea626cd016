package media

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// shelf is a folder of a bounded size: when it is full, what was written first goes. Losing any of it costs a second retrieval, nothing else.
type shelf struct {
	Folder
	max int64

	mu      sync.Mutex
	total   int64 // bytes; known once it was counted
	counted bool
}

// put keeps a file, and makes room first when that is needed.
func (s *shelf) put(ctx context.Context, name string, body []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.counted || s.total+int64(len(body)) > s.max {
		if err := s.trim(s.max*9/10-int64(len(body)), time.Time{}); err != nil {
			return err
		}
	}
	if err := s.Put(ctx, name, body); err != nil {
		return err
	}
	s.total += int64(len(body))
	return nil
}

// expire removes what was written before a moment: what its own server deleted is not shown here for ever.
func (s *shelf) expire(before time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trim(s.max, before)
}

// trim counts what there is and removes the oldest until at most room bytes are left, and all that was written before a moment.
func (s *shelf) trim(room int64, before time.Time) error {
	type entry struct {
		path string
		size int64
		at   time.Time
	}
	var all []entry
	total := int64(0)
	err := filepath.WalkDir(string(s.Folder), func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		all = append(all, entry{path, info.Size(), info.ModTime()})
		total += info.Size()
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b entry) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.path, b.path)) })
	for _, e := range all {
		if total <= room && !e.at.Before(before) {
			break
		}
		if err := os.Remove(e.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		total -= e.size
	}
	s.total, s.counted = total, true
	return nil
}
