package web

import (
	"context"
	"slices"
	"sync"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

// tally counts projects by phase, theme and territory without reading the database each time: it keeps what they are counted by, some hundred bytes
// each, for as long as no project changed. It asks for that with every use, so a count is never older than the page.
type tally struct {
	mu      sync.Mutex
	stamp   [4]int64
	entries []*store.Entry
	read    bool
}

// load returns the entries as they are now. They are shared: nobody writes to them. The stamp is read before the entries, so that a change between
// the two is seen the next time.
func (t *tally) load(ctx context.Context, q store.Q) ([]*store.Entry, error) {
	stamp, err := store.ProjectStamp(ctx, q)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.read && t.stamp == stamp {
		return t.entries, nil
	}
	entries, err := store.ProjectEntries(ctx, q)
	if err != nil {
		return nil, err
	}
	t.entries, t.stamp, t.read = entries, stamp, true
	return entries, nil
}

// facets are how many projects a filter lets through, and for each value of a dimension how many with the filters of the other two.
type facets struct {
	Total                     int64
	Phase, Theme, Territories map[string]int64
}

func count(entries []*store.Entry, f store.Filter) facets {
	out := facets{Phase: make(map[string]int64), Theme: make(map[string]int64), Territories: make(map[string]int64)}
	for _, e := range entries {
		phase := f.Phase == "" || e.Phase == f.Phase
		theme := f.Theme == "" || slices.Contains(e.Themes, f.Theme)
		territory := f.Territory == "" || slices.Contains(e.Territories, f.Territory)
		if phase && theme && territory {
			out.Total++
		}
		if theme && territory {
			out.Phase[e.Phase]++
		}
		if phase && territory {
			for _, key := range e.Themes {
				out.Theme[key]++
			}
		}
		if phase && theme {
			for _, key := range e.Territories {
				out.Territories[key]++
			}
		}
	}
	return out
}

// facets counts the projects a filter lets through.
func (p *Pages) facets(ctx context.Context, f store.Filter) (facets, error) {
	entries, err := p.tally.load(ctx, p.DB.Read())
	return count(entries, f), err
}

// of is the counts of one dimension.
func (f facets) of(scheme string) map[string]int64 {
	switch scheme {
	case "phase":
		return f.Phase
	case essaim.TermTheme:
		return f.Theme
	}
	return f.Territories
}
