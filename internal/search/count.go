package search

import (
	"container/heap"
	"slices"
	"strings"

	"essaim/internal/essaim"
)

// The dimensions of the facets.
const (
	byKind = iota
	byPhase
	byTheme
	byActor
	byHost
	byPlace
	dimensions
)

// The dimensions by name, as Counts.Without has them.
const (
	ByKind      = "kind"
	ByPhase     = "phase"
	ByTheme     = "theme"
	ByActor     = "actor"
	ByHost      = "host"
	ByTerritory = "territory"
)

// tallied are raw counts of each dimension, by the numbers of the mirror.
type tallied struct {
	total, unlisted int64
	without         [dimensions]int64 // what failed in one dimension alone
	by              [dimensions][]int64
	sets            []int64 // of places, by set
}

// filter is a query in the numbers of the mirror. A value nothing has is -1 and lets nothing through.
type filter struct {
	set                       [dimensions]bool
	kinds                     [1 << 8]bool // by number: one array read per object, where a map would be a third of the work
	phase, theme, actor, host int
	within                    []bool // by set: it lies in the territory
	from                      uint32 // minutes: what is over then is left out, and what is no event
	person                    int    // number of the kind whose members choose to be listed
}

func (m *mirror) filter(q Query) filter {
	f := filter{phase: m.phases.look(q.Phase), theme: m.themes.look(q.Theme), actor: m.actors.look(q.Actor), host: m.hosts.look(q.Host), person: m.kinds.look(essaim.KindPerson)}
	f.set = [dimensions]bool{len(q.Kinds) > 0, q.Phase != "", q.Theme != "", q.Actor != "", q.Host != "", q.Territory != "" && q.Territory != essaim.CountryKey}
	f.from = minutes(q.From)
	if f.set[byKind] {
		for _, k := range q.Kinds {
			if n := m.kinds.look(k); n > 0 {
				f.kinds[n] = true
			}
		}
	}
	if f.set[byPlace] {
		f.within = make([]bool, len(m.sets))
		place := m.places.look(q.Territory)
		around := m.around(q)
		for i, set := range m.sets {
			f.within[i] = place > 0 && slices.Contains(set.all, uint32(place)) || slices.ContainsFunc(set.own, func(own uint32) bool { return slices.Contains(around, own) })
		}
	}
	return f
}

// around are the territories that contain the one of a query, when what concerns them counts too.
func (m *mirror) around(q Query) (out []uint32) {
	t, ok := essaim.TerritoryByKey(q.Territory)
	if !q.Covering || !ok {
		return nil
	}
	for _, key := range t.Containers() {
		if n := m.places.look(key); n > 0 {
			out = append(out, uint32(n))
		}
	}
	return out
}

// fails tells in how many dimensions an entry is kept out, and the last of them.
func (f *filter) fails(e *entry) (n, which int) {
	if f.set[byKind] && !f.kinds[e.kind] {
		n, which = n+1, byKind
	}
	if f.set[byPhase] && int(e.phase) != f.phase {
		n, which = n+1, byPhase
	}
	if f.set[byTheme] && (f.theme < 0 || e.themes>>f.theme&1 == 0) {
		n, which = n+1, byTheme
	}
	if f.set[byActor] && int(e.actor) != f.actor {
		n, which = n+1, byActor
	}
	if f.set[byHost] && int(e.host) != f.host {
		n, which = n+1, byHost
	}
	if f.set[byPlace] && !f.within[e.places] {
		n, which = n+1, byPlace
	}
	return n, which
}

// tally counts entries: one that passes every filter counts in each dimension, one that fails in a single dimension counts there, since another choice
// there would let it through. keep is told of each listed one that passes.
func (m *mirror) tally(f *filter, each func(yield func(*entry)), keep func(*entry)) *tallied {
	t := &tallied{sets: make([]int64, len(m.sets))}
	for d, n := range [dimensions]int{len(m.kinds.list), len(m.phases.list), len(m.themes.list), len(m.actors.list), len(m.hosts.list), 0} {
		t.by[d] = make([]int64, n)
	}
	each(func(e *entry) {
		if e.kind == 0 || f.from != 0 && e.ends < f.from {
			return
		}
		failed, which := f.fails(e)
		if failed > 1 {
			return
		}
		if !e.listed {
			if failed == 0 && int(e.kind) == f.person {
				t.unlisted++
			}
			return
		}
		if failed == 0 {
			t.total++
			keep(e)
		} else {
			t.without[which]++
		}
		for d := range dimensions {
			if failed == 1 && d != which {
				continue
			}
			switch d {
			case byKind:
				t.by[d][e.kind]++
			case byPhase:
				t.by[d][e.phase]++
			case byTheme:
				for i, bits := 0, e.themes; bits != 0; i, bits = i+1, bits>>1 {
					t.by[d][i] += int64(bits & 1)
				}
			case byActor:
				t.by[d][e.actor]++
			case byHost:
				t.by[d][e.host]++
			case byPlace:
				t.sets[e.places]++
			}
		}
	})
	return t
}

// mostPlaces is how many territories of a level have their counts told: of thousands nobody chooses one, and each costs time. There are fewer régions and
// départements than that.
const mostPlaces = 150

// counts puts the numbers back into words.
func (m *mirror) counts(t *tallied, chosen string) Counts {
	c := Counts{Total: t.total, Unlisted: t.unlisted, Without: make(map[string]int64)}
	for d, name := range [dimensions]string{ByKind, ByPhase, ByTheme, ByActor, ByHost, ByTerritory} {
		c.Without[name] = t.total + t.without[d]
	}
	for d, n := range map[int]*names{byKind: &m.kinds, byPhase: &m.phases, byTheme: &m.themes, byActor: &m.actors, byHost: &m.hosts} {
		told := make(map[string]int64)
		for i, count := range t.by[d] {
			if count > 0 && n.list[i] != "" {
				told[n.list[i]] = count
			}
		}
		*map[int]*map[string]int64{byKind: &c.Kind, byPhase: &c.Phase, byTheme: &c.Theme, byActor: &c.Actor, byHost: &c.Host}[d] = told
	}
	places := make([]int64, len(m.places.list))
	for i, count := range t.sets {
		if count > 0 {
			for _, place := range m.sets[i].all {
				places[place] += count
			}
		}
	}
	byLevel := make(map[string][]int)
	for i, count := range places {
		if count > 0 {
			level := levelOf(m.places.list[i])
			byLevel[level] = append(byLevel[level], i)
		}
	}
	c.Territory = make(map[string]int64)
	for _, list := range byLevel {
		for _, i := range list {
			if key := m.places.list[i]; len(list) <= mostPlaces || key == chosen {
				c.Territory[key] = places[i]
			}
		}
	}
	return c
}

// levelOf is the level in a key, fr:level:code.
func levelOf(key string) string {
	_, rest, _ := strings.Cut(key, ":")
	level, _, _ := strings.Cut(rest, ":")
	return level
}

// less is the order of lists, last first: the lowest score, then the oldest.
func (c Cursor) less(d Cursor) bool {
	return c.Score < d.Score || c.Score == d.Score && c.ID < d.ID
}

// window keeps the few of many that a page shows, whatever the order in which they come: those next to a place in the list.
type window struct {
	after, before Cursor // of the query; at most one is set
	size          int    // one more than the page holds, which says whether the list goes on
	back          bool
	kept          []Cursor
}

func newWindow(q Query) *window {
	limit := q.Limit
	if limit <= 0 || limit > 100 {
		limit = 20
	}
	return &window{after: q.Older, before: q.Newer, size: limit + 1, back: q.Newer != Cursor{}}
}

// Len, Less, Swap, Push and Pop make a heap whose head is the first to give way.
func (w *window) Len() int           { return len(w.kept) }
func (w *window) Less(i, j int) bool { return w.kept[i].less(w.kept[j]) != w.back }
func (w *window) Swap(i, j int)      { w.kept[i], w.kept[j] = w.kept[j], w.kept[i] }
func (w *window) Push(x any)         { w.kept = append(w.kept, x.(Cursor)) }
func (w *window) Pop() any {
	last := w.kept[len(w.kept)-1]
	w.kept = w.kept[:len(w.kept)-1]
	return last
}

func (w *window) add(c Cursor) {
	switch {
	case w.back && !w.before.less(c), !w.back && w.after != Cursor{} && !c.less(w.after):
		return
	case len(w.kept) < w.size:
		heap.Push(w, c)
	case w.kept[0].less(c) != w.back:
		w.kept[0] = c
		heap.Fix(w, 0)
	}
}

// page is the page in the order of the list, with the places of its neighbours.
func (w *window) page() (page []Cursor, newer, older *Cursor) {
	slices.SortFunc(w.kept, func(a, b Cursor) int {
		switch {
		case b.less(a):
			return -1
		case a.less(b):
			return 1
		}
		return 0
	})
	page, more := w.kept, len(w.kept) == w.size
	switch {
	case more && w.back:
		page = page[1:]
	case more:
		page = page[:len(page)-1]
	}
	if len(page) == 0 {
		return nil, nil, nil
	}
	if w.back && more || w.after != (Cursor{}) {
		newer = &page[0]
	}
	if more || w.back {
		older = &page[len(page)-1]
	}
	return page, newer, older
}
