package collection

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"essaim/federation/vocab"
)

// ErrCursor says that the page asked for has no such name.
var ErrCursor = errors.New("collection: there is no such page")

// Cursor is a place in a list. At most one field is set; the zero Cursor is the first page.
type Cursor struct {
	Before string // the page that goes on after the item with this key
	After  string // the page that ends before the item with this key
	Last   bool   // the last page
}

// Page is one page. Next and Prev are the keys of its last and first item, "" where the list ends.
type Page struct {
	Items      []vocab.Item
	Next, Prev string
}

// Options describe a collection to Serve and Document.
type Options struct {
	ID string // its address
	// Unordered makes it a Collection with items rather than an OrderedCollection with orderedItems.
	Unordered bool
	// Total is totalItems; below zero it is left out.
	Total int64
	// Page reads a page of items; ErrCursor for a key it cannot read. Nil when the items are nobody's business: then
	// the collection has no first.
	Page func(ctx context.Context, c Cursor) (Page, error)
	// Embed puts the first page into the collection (federation-T23, readers of outboxes).
	Embed bool
	// Backward says that Page understands After and Last.
	Backward bool
	// Finish may add to the collection itself, not to its pages.
	Finish func(o *vocab.Object)
}

const keyMax = 200

// Document makes what a request asks for: the collection, or with ?page=1, ?page=last, ?before=KEY or ?after=KEY a page.
func Document(ctx context.Context, query url.Values, o Options) (*vocab.Object, error) {
	cursor, paged, err := o.cursor(query)
	if err != nil {
		return nil, err
	}
	if paged {
		return o.page(ctx, cursor)
	}
	doc := vocab.New(o.kind(), o.ID)
	if o.Total >= 0 {
		doc.SetInt("totalItems", o.Total)
	}
	if o.Page != nil {
		if err := o.setFirst(ctx, doc); err != nil {
			return nil, err
		}
	}
	if o.Finish != nil {
		o.Finish(doc)
	}
	return doc, nil
}

// Serve writes Document as an answer with the exact media type (federation-R4). An error has written nothing.
func Serve(w http.ResponseWriter, r *http.Request, o Options) error {
	doc, err := Document(r.Context(), r.URL.Query(), o)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", vocab.ContentType)
	w.Header().Set("Vary", "Accept, Signature")
	if r.Method == http.MethodHead {
		return nil
	}
	_, err = w.Write(doc.Document())
	return err
}

// cursor reads the query; anything but our own four forms is no page.
func (o Options) cursor(query url.Values) (c Cursor, paged bool, err error) {
	page, before, after := query.Get("page"), query.Get("before"), query.Get("after")
	switch {
	case page == "" && before == "" && after == "":
		return c, false, nil
	case o.Page == nil, len(before) > keyMax, len(after) > keyMax, !o.Backward && (after != "" || page == "last"):
		return c, false, fmt.Errorf("%w of %s", ErrCursor, o.ID)
	case before != "":
		c.Before = before
	case after != "":
		c.After = after
	case page == "last":
		c.Last = true
	case page != "1" && page != "true":
		return c, false, fmt.Errorf("%w of %s", ErrCursor, o.ID)
	}
	return c, true, nil
}

func (o Options) setFirst(ctx context.Context, doc *vocab.Object) error {
	firstID := o.ID + "?page=1"
	last := firstID
	if o.Embed {
		page, err := o.page(ctx, Cursor{})
		if err != nil {
			return err
		}
		doc.SetObject("first", page)
		if page.Has("next") {
			last = o.ID + "?page=last"
		}
	} else {
		doc.SetString("first", firstID)
		last = o.ID + "?page=last"
	}
	if o.Backward {
		doc.SetString("last", last)
	}
	return nil
}

func (o Options) page(ctx context.Context, c Cursor) (*vocab.Object, error) {
	p, err := o.Page(ctx, c)
	if err != nil {
		return nil, err
	}
	doc := vocab.New(o.kind()+"Page", o.ID+c.query()).SetString("partOf", o.ID)
	if p.Next != "" {
		doc.SetString("next", o.ID+Cursor{Before: p.Next}.query())
	}
	if p.Prev != "" && o.Backward {
		doc.SetString("prev", o.ID+Cursor{After: p.Prev}.query())
	}
	key := "orderedItems"
	if o.Unordered {
		key = "items"
	}
	return doc.SetItems(key, p.Items...), nil
}

func (o Options) kind() string {
	if o.Unordered {
		return vocab.Collection
	}
	return vocab.OrderedCollection
}

func (c Cursor) query() string {
	switch {
	case c.Before != "":
		return "?before=" + url.QueryEscape(c.Before)
	case c.After != "":
		return "?after=" + url.QueryEscape(c.After)
	case c.Last:
		return "?page=last"
	}
	return "?page=1"
}
