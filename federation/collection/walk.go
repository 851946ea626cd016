package collection

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/bits"
	"strconv"
	"strings"

	"essaim/federation/vocab"
)

// What ends a walk before its time. Errors of Get pass through, wrapped.
var (
	ErrForeign = errors.New("collection: the next page is on another server")
	ErrCircle  = errors.New("collection: the pages lead in a circle")
	ErrShape   = errors.New("collection: this is neither a collection nor a page of one")
)

// Get retrieves one document of another server, with all the care that takes.
type Get func(ctx context.Context, iri string) (*vocab.Object, error)

// Limits bound a Walk (S36). Zero fields take the usual 10 pages and 200 items; an operator's backfill gives its own.
type Limits struct{ Pages, Items int }

const (
	usualPages = 10
	usualItems = 200
)

// Walk hands the items of a remote collection to each, from a cursor on: the address of the collection or of a page, or
// what an earlier Walk or Next returned. next is where to go on, "" at the end. When a limit is reached, next leads on
// and err is nil; when each fails, next is the page it failed in.
func Walk(ctx context.Context, get Get, cursor string, lim Limits, each func(vocab.Item) error) (next string, err error) {
	if lim.Pages <= 0 {
		lim.Pages = usualPages
	}
	if lim.Items <= 0 {
		lim.Items = usualItems
	}
	for page, items := 0, 0; page < lim.Pages; page++ {
		found, next, err := Next(ctx, get, cursor)
		if err != nil {
			return cursor, err
		}
		for _, it := range found {
			if items == lim.Items {
				return cursor, nil // this page again: what it repeats is known by its id
			}
			if err := each(it); err != nil {
				return cursor, err
			}
			items++
		}
		if cursor = next; next == "" {
			return "", nil
		}
	}
	return cursor, nil
}

// Next reads the page at a cursor and returns the cursor of the one after it, "" at the end. A cursor holds what is
// needed to notice a circle later, so that a walk may be spread over jobs and restarts.
func Next(ctx context.Context, get Get, cursor string) (items []vocab.Item, next string, err error) {
	at := parseCursor(cursor)
	doc, err := get(ctx, at.url)
	if err != nil {
		return nil, "", fmt.Errorf("read %s: %w", at.url, err)
	}
	if doc == nil || !isCollection(doc.Type()) {
		return nil, "", fmt.Errorf("%w: %s", ErrShape, at.url)
	}
	page := doc
	if first := doc.Item("first"); !first.Zero() && !hasItems(doc) {
		switch {
		case first.Doc != nil && (hasItems(first.Doc) || first.ID == ""):
			page = first.Doc // embedded
		default:
			// Without items of its own, the collection is only the way to its first page.
			return at.lead(nil, first.ID)
		}
	}
	return at.lead(itemsOf(page, at.url), page.IRI("next"))
}

// place is a cursor: the page to read, how many were read before, and one of those (by its hash) to compare with.
// The one kept is that at the last power of two, so that any circle is found within a few rounds of it (Brent).
type place struct {
	url  string
	read uint64
	kept uint64
}

const mark = "page:" // no address of the web begins so

func parseCursor(s string) place {
	rest, ok := strings.CutPrefix(s, mark)
	if !ok {
		return place{url: s}
	}
	read, rest, _ := strings.Cut(rest, ":")
	kept, url, _ := strings.Cut(rest, ":")
	p := place{url: url}
	p.read, _ = strconv.ParseUint(read, 10, 64)
	p.kept, _ = strconv.ParseUint(kept, 36, 64)
	return p
}

// lead makes the cursor of the page after this one.
func (p place) lead(items []vocab.Item, next string) ([]vocab.Item, string, error) {
	if next == "" {
		return items, "", nil
	}
	if origin(next) == "" || origin(next) != origin(p.url) {
		return items, "", fmt.Errorf("%w: %s after %s", ErrForeign, next, p.url)
	}
	n := place{url: next, read: p.read + 1, kept: p.kept}
	if bits.OnesCount64(n.read) == 1 {
		n.kept = hash(p.url)
	}
	if hash(next) == n.kept || next == p.url {
		return items, "", fmt.Errorf("%w: %s", ErrCircle, next)
	}
	return items, mark + strconv.FormatUint(n.read, 10) + ":" + strconv.FormatUint(n.kept, 36) + ":" + next, nil
}

func hash(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}

func isCollection(typ string) bool {
	switch typ {
	case vocab.Collection, vocab.CollectionPage, vocab.OrderedCollection, vocab.OrderedCollectionPage:
		return true
	}
	return false
}

func hasItems(o *vocab.Object) bool { return o.Has("orderedItems") || o.Has("items") }

// itemsOf reads the items of a page; what is embedded but lies elsewhere is reduced to its id.
func itemsOf(page *vocab.Object, from string) []vocab.Item {
	items := page.Items("orderedItems")
	if len(items) == 0 {
		items = page.Items("items")
	}
	out := items[:0]
	for _, it := range items {
		if it.Doc != nil && it.ID != "" && origin(it.ID) != origin(from) {
			it.Doc = nil
		}
		if !it.Zero() {
			out = append(out, it)
		}
	}
	return out
}

// origin is scheme and authority in lower case, "" for what is no web address.
func origin(iri string) string {
	scheme, rest, ok := strings.Cut(iri, "://")
	scheme = strings.ToLower(scheme)
	if !ok || scheme != "https" && scheme != "http" {
		return ""
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	if rest == "" || strings.ContainsAny(rest, "@\\ ") {
		return ""
	}
	return scheme + "://" + strings.ToLower(rest)
}
