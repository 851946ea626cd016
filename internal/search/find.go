package search

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

// Find answers a question. A text whose words are found together nowhere is looked for once more with its unknown words corrected.
func (s *Service) Find(ctx context.Context, q Query) (*Results, error) {
	db := s.DB.Read()
	if err := s.mirror.refresh(ctx, db); err != nil {
		return nil, err
	}
	r := &Results{}
	words := asked(q)
	var match *store.Match
	if len(words) > 0 {
		found, err := store.SearchDocs(ctx, db, words)
		if err == nil && len(found.All) == 0 && !q.Exact && !s.named(q.Text) {
			r.Corrected, found, err = s.correct(ctx, q, found)
		}
		if err != nil {
			return nil, err
		}
		match, r.Missing = &found, len(found.All) == 0
	}
	page := s.count(q, match, r)
	return r, s.load(ctx, db, page, r)
}

// Lists answers several questions without texts at once, in three queries in all: a page that is put together of lists.
func (s *Service) Lists(ctx context.Context, questions ...Query) ([]*Results, error) {
	db := s.DB.Read()
	if err := s.mirror.refresh(ctx, db); err != nil {
		return nil, err
	}
	var ids []essaim.ID
	pages, out := make([][]Cursor, len(questions)), make([]*Results, len(questions))
	for i, q := range questions {
		out[i] = &Results{}
		pages[i] = s.count(q, nil, out[i])
		for _, c := range pages[i] {
			if !slices.Contains(ids, c.ID) {
				ids = append(ids, c.ID)
			}
		}
	}
	items, err := s.Load(ctx, db, ids)
	if err != nil {
		return nil, err
	}
	loaded := make(map[essaim.ID]Item, len(items))
	for _, item := range items {
		loaded[item.ID] = item
	}
	for i, page := range pages {
		for _, c := range page {
			if item, ok := loaded[c.ID]; ok {
				out[i].Items = append(out[i].Items, item)
			}
		}
	}
	return out, nil
}

// Count gives the figures of a question without its list, of a text without corrections.
func (s *Service) Count(ctx context.Context, q Query) (Counts, error) {
	all, err := s.CountAll(ctx, q)
	if err != nil {
		return Counts{}, err
	}
	return all[0], nil
}

// CountAll is Count for several questions at once: one query, and one more for each that has words.
func (s *Service) CountAll(ctx context.Context, questions ...Query) ([]Counts, error) {
	if err := s.mirror.refresh(ctx, s.DB.Read()); err != nil {
		return nil, err
	}
	out := make([]Counts, len(questions))
	for i, q := range questions {
		var match *store.Match
		if words := asked(q); len(words) > 0 {
			found, err := store.SearchDocs(ctx, s.DB.Read(), words)
			if err != nil {
				return nil, err
			}
			match = &found
		}
		r := &Results{}
		s.count(q, match, r)
		out[i] = r.Counts
	}
	return out, nil
}

// Warm reads what the first question would have to wait for.
func (s *Service) Warm(ctx context.Context) error { return s.mirror.refresh(ctx, s.DB.Read()) }

// asked are the words of a text as the index is asked for them; the last one may be unfinished.
func asked(q Query) []store.SearchWord {
	text := q.Text
	if utf8.RuneCountInString(text) > maxText {
		text = string([]rune(text)[:maxText])
	}
	all := Words(text)
	words := onceEach(all, stopWords)
	if len(words) == 0 {
		words = onceEach(all, nil)
	}
	words = words[:min(len(words), maxWords)]
	out := make([]store.SearchWord, len(words))
	for i, w := range words {
		out[i] = store.SearchWord{Word: w, Stem: Stem(w), Prefix: i == len(words)-1 && utf8.RuneCountInString(w) >= leastPrefix}
		if q.Exact {
			out[i] = store.SearchWord{Word: w, Stem: w}
		}
	}
	return out
}

// correct replaces the words that nothing has by the nearest ones, and looks again.
func (s *Service) correct(ctx context.Context, q Query, none store.Match) (string, store.Match, error) {
	words := onceEach(Words(q.Text), stopWords)
	words = words[:min(len(words), maxWords)]
	shortest, longest := maxWord, 0
	for _, w := range words {
		n := utf8.RuneCountInString(w)
		if most := allowed(n); most > 0 {
			shortest, longest = min(shortest, n-most), max(longest, n+most)
		}
	}
	if longest == 0 {
		return "", none, nil
	}
	known, err := store.WordsOfLength(ctx, s.DB.Read(), shortest, longest)
	if err != nil {
		return "", none, err
	}
	changed := false
	for i, w := range words {
		if better := nearest(w, known); better != "" {
			words[i], changed = better, true
		}
	}
	if !changed {
		return "", none, nil
	}
	corrected := strings.Join(words, " ")
	q.Text = corrected
	found, err := store.SearchDocs(ctx, s.DB.Read(), asked(q))
	if err != nil || len(found.All) == 0 {
		return "", none, err
	}
	return corrected, found, nil
}

// count tallies what matches and picks the page.
func (s *Service) count(q Query, match *store.Match, r *Results) []Cursor {
	m := &s.mirror
	m.mu.RLock()
	defer m.mu.RUnlock()
	f, w := m.filter(q), newWindow(q)
	var title []uint8
	each := func(yield func(*entry)) {
		for i := range m.entries {
			yield(&m.entries[i])
		}
	}
	keep := func(e *entry) { w.add(Cursor{ID: e.id}) }
	if !q.From.IsZero() {
		keep = func(e *entry) { w.add(Cursor{-int64(e.starts), e.id}) }
	}
	if match != nil {
		title = make([]uint8, len(m.entries))
		mark(title, match.Some, someInTitle)
		mark(title, match.Whole, allInTitle)
		at := 0
		each = func(yield func(*entry)) {
			for _, doc := range match.All {
				if doc < int64(len(m.entries)) { // the others came after the refresh
					at = int(doc)
					yield(&m.entries[doc])
				}
			}
		}
		keep = func(e *entry) {
			switch {
			case q.ByDate:
				w.add(Cursor{ID: e.id})
			case !q.From.IsZero():
				w.add(Cursor{-int64(e.starts), e.id})
			default:
				w.add(Cursor{score(e, title[at], m.kinds.list[e.kind]), e.id})
			}
		}
	}
	r.Counts = m.counts(m.tally(&f, each, keep), q.Territory)
	page, newer, older := w.page()
	r.Newer, r.Older = newer, older
	return page
}

func mark(title []uint8, docs []int64, how uint8) {
	for _, doc := range docs {
		if doc < int64(len(title)) {
			title[doc] = how
		}
	}
}

// How much of what was asked for stands in a title.
const (
	someInTitle uint8 = 1
	allInTitle  uint8 = 2
)

// score weighs a hit, in thousandths of a point. Everything found has every word, so that rarity does not part one from another: it is the ranking of
// BM25 with its frequency of words saturated (k1 = 0). What parts them: the title, what kind of thing it is, how little else it says, and its age. Age
// counts from a fixed moment, so that a list keeps its order while it is read page by page.
func score(e *entry, title uint8, kind string) int64 {
	points := 0.0
	switch title {
	case allInTitle:
		points += 6
	case someInTitle:
		points += 3
	}
	switch kind {
	case essaim.KindPost:
	case essaim.KindEvent:
		points++
	default:
		points += 2
	}
	points -= math.Log2(1+float64(e.length)/50) / 2
	const year = 365.25 * 24 * float64(time.Hour)
	points += float64(e.id.Time().Sub(scoreEpoch)) / year / 2
	return int64(points * 1000)
}

var scoreEpoch = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// load reads a page in two queries: what everybody may see of it, then its actors and authors. What is gone meanwhile is left out.
func (s *Service) load(ctx context.Context, db store.Q, page []Cursor, r *Results) error {
	ids := make([]essaim.ID, len(page))
	for i, c := range page {
		ids[i] = c.ID
	}
	items, err := s.Load(ctx, db, ids)
	r.Items = items
	return err
}

// Load reads objects in the order of their ids, with their actors; what not everybody may see is left out.
func (s *Service) Load(ctx context.Context, db store.Q, ids []essaim.ID) ([]Item, error) {
	objects, err := store.PublicByID(ctx, db, ids)
	if err != nil {
		return nil, err
	}
	var actors []essaim.ID
	for _, id := range ids {
		if o := objects[id]; o != nil {
			actors = append(actors, actorOf(o))
		}
	}
	cards, err := store.CardsByID(ctx, db, actors)
	if err != nil {
		return nil, err
	}
	var items []Item
	for _, id := range ids {
		o := objects[id]
		if o == nil {
			continue
		}
		card := cards[actorOf(o)]
		switch {
		case card == nil || card.State >= store.Suspended:
		case o.AttributedTo == 0:
			items = append(items, Item{Object: o, Card: card})
		default:
			items = append(items, Item{Object: o, Author: card})
		}
	}
	return items, nil
}

func actorOf(o *store.Object) essaim.ID {
	if o.AttributedTo != 0 {
		return o.AttributedTo
	}
	return o.ID
}
