package search

import (
	"context"
	"strings"
	"sync"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

// mirror is what every object is counted by, in memory: forty bytes each, so that a hundred thousand are counted in a few milliseconds. It is brought up
// to date before each use, by one query for what changed since.
type mirror struct {
	mu       sync.RWMutex
	seq, doc int64   // of the last change read
	entries  []entry // by doc; the first is none

	kinds, phases, actors, hosts names
	themes                       names // at most 64: they are bits
	places                       names // of keys
	sets                         []placeSet
	setOf                        map[string]uint32
}

// entry is one object. Every value is a number in the names of its dimension; 0 is "".
type entry struct {
	id                 essaim.ID
	themes             uint64
	places             uint32 // in sets
	starts, ends       uint32 // of an event, in minutes since 1970
	length             uint16
	host               uint16
	kind, phase, actor uint8
	listed             bool
}

// placeSet is the territories of an object: those it names, and all that contain them, these included. Many objects share one.
type placeSet struct{ own, all []uint32 }

// names gives numbers to texts. Beyond most, texts are told apart no more and are "".
type names struct {
	most int
	list []string
	of   map[string]int
}

func (n *names) number(s string) int {
	if n.of == nil {
		n.of, n.list = map[string]int{"": 0}, []string{""}
	}
	i, ok := n.of[s]
	if !ok && len(n.list) < n.most {
		i = len(n.list)
		n.list = append(n.list, s)
		n.of[s] = i
	}
	return i
}

// look finds the number of a text that something has, or -1.
func (n *names) look(s string) int {
	if i, ok := n.of[s]; ok {
		return i
	}
	return -1
}

func (m *mirror) setUp() {
	if m.setOf != nil {
		return
	}
	m.kinds.most, m.phases.most, m.actors.most, m.hosts.most, m.themes.most, m.places.most = 1<<8, 1<<8, 1<<8, 1<<16, 1<<6, 1<<30
	m.sets, m.setOf, m.entries = make([]placeSet, 1), map[string]uint32{"": 0}, make([]entry, 1)
}

// refresh reads what changed.
func (m *mirror) refresh(ctx context.Context, q store.Q) error {
	const page = 5000
	for {
		m.mu.RLock()
		seq, doc := m.seq, m.doc
		m.mu.RUnlock()
		rows, err := store.SearchRows(ctx, q, seq, doc, page)
		if err != nil || len(rows) == 0 {
			return err
		}
		m.mu.Lock()
		m.setUp()
		if m.seq == seq && m.doc == doc { // another reader may have been quicker
			for _, r := range rows {
				m.put(r)
			}
		}
		m.mu.Unlock()
		if len(rows) < page {
			return nil
		}
	}
}

// minutes since 1970, 0 for none and for what is out of bounds.
func minutes(t time.Time) uint32 {
	if n := t.Unix() / 60; n > 0 && n < 1<<32 {
		return uint32(n)
	}
	return 0
}

func (m *mirror) put(r *store.SearchRow) {
	for int64(len(m.entries)) <= r.Doc {
		m.entries = append(m.entries, entry{})
	}
	e := entry{id: r.Object, length: uint16(min(r.Length, 1<<16-1)), listed: r.Flags&store.SearchListed != 0,
		kind: uint8(m.kinds.number(r.Kind)), phase: uint8(m.phases.number(r.Phase)), actor: uint8(m.actors.number(r.Actor)), host: uint16(m.hosts.number(r.Host))}
	e.starts, e.ends = minutes(r.Starts), minutes(r.Ends)
	for theme := range strings.FieldsSeq(r.Themes) {
		e.themes |= 1 << m.themes.number(theme)
	}
	set, ok := m.setOf[r.Places]
	if !ok {
		var keys placeSet
		for key := range strings.FieldsSeq(r.Places) {
			key, own := strings.CutPrefix(key, ownPlace)
			n := uint32(m.places.number(key))
			if keys.all = append(keys.all, n); own {
				keys.own = append(keys.own, n)
			}
		}
		set = uint32(len(m.sets))
		m.sets, m.setOf[r.Places] = append(m.sets, keys), set
	}
	e.places = set
	m.entries[r.Doc] = e
	m.seq, m.doc = r.Seq, r.Doc
}
