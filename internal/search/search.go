// Package search finds what is known here by its words, its place, its theme: everything that everybody may see, of this instance and of others.
//
// The index is fed from search_queue, where the store leaves whatever changed in the transaction of the change (feed.go). Words are folded and stemmed
// here (words.go), so that SQLite and PostgreSQL find the same. What things are counted by is kept in memory, some forty bytes each, and brought up
// to date at each question (mirror.go): facets are counted over the whole result, however large.
//
// It refuses to decide what may be seen: posts and people whose author did not agree are not indexed, and what is shown is read once more through the
// store's own predicate (law 4), so that an index that is behind shows nothing it should not. It never touches the network.
package search

import (
	"log/slog"
	"sync"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

// Options of New. DB and Site are needed.
type Options struct {
	DB     *store.DB
	Site   essaim.Site
	Logger *slog.Logger // nil is silent
}

// Service finds. It is safe for concurrent use.
type Service struct {
	Options
	mirror  mirror
	feeding sync.Mutex // one Feed at a time
}

// New makes the service. It reads nothing before the first question.
func New(o Options) *Service {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Service{Options: o}
}

// Query is what is looked for. The zero value finds everything, newest first.
type Query struct {
	Text   string
	Exact  bool      // the very words: no stems, no beginnings, no corrections
	ByDate bool      // newest first, whatever the text
	From   time.Time // unless zero: only events that are not over then, soonest first

	Kinds                                []string // of objects; none for all
	Territory, Theme, Phase, Actor, Host string   // key of a territory; codes; "" filters nothing
	Covering                             bool     // with a territory: also what names one that contains it
	Older, Newer                         Cursor   // what comes after, or before, a place in the list; at most one of the two
	Limit                                int      // 20 when left out, 100 at most
}

// Cursor is a place in a list. The zero value is none.
type Cursor struct {
	Score int64
	ID    essaim.ID
}

// Item is one thing found. Card is set for actors, Author for what they published.
type Item struct {
	*store.Object
	Card, Author *store.Card
}

// Results are a page of what was found, and the figures of the whole.
type Results struct {
	Items        []Item
	Counts       Counts
	Older, Newer *Cursor // nil at the ends
	Corrected    string  // the text that was looked for instead; "" when it was the one asked for
	Missing      bool    // the text has words, and nothing has them all
}

// Counts are the figures of a result. Each map says, for the values of one dimension, how much there is with the filters of all the others.
type Counts struct {
	Total                                      int64
	Unlisted                                   int64            // people who match and did not choose to be listed
	Without                                    map[string]int64 // the total with one filter less, by dimension
	Kind, Phase, Theme, Actor, Host, Territory map[string]int64
}

// Bounds on what a question may cost.
const (
	maxText     = 200 // characters
	maxWords    = 8
	leastPrefix = 3 // letters: shorter beginnings are those of everything
)
