package fedi

import (
	"errors"
	"net/http"

	"essaim/federation/collection"
	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/httpx"
	"essaim/internal/store"
)

const pageSize = 20 // federation §5

// serveCollection writes a collection or one of its pages.
func (s *Service) serveCollection(w http.ResponseWriter, r *http.Request, o collection.Options) error {
	doc, err := collection.Document(r.Context(), r.URL.Query(), o)
	if errors.Is(err, collection.ErrCursor) {
		return essaim.FieldError("page", "there is no such page")
	}
	if err != nil {
		return err
	}
	httpx.Activity(w, r, http.StatusOK, doc.Document())
	return nil
}

// pageOf translates a cursor for the store.
func pageOf(c collection.Cursor) (store.Page, error) {
	p := store.Page{Limit: pageSize}
	var err error
	switch {
	case c.Last:
		p.After = store.Oldest
	case c.Before != "":
		p.Before, err = essaim.ParseID(c.Before)
	case c.After != "":
		p.After, err = essaim.ParseID(c.After)
	}
	if err != nil {
		return p, collection.ErrCursor
	}
	return p, nil
}

// turn makes a page of rows that came newest first, one more than a page when the list goes on: behind the last one when
// read from the newest, before the first one when read from the oldest.
func turn[T any](rows []T, c collection.Cursor, key func(T) essaim.ID, item func(T) vocab.Item) collection.Page {
	more := len(rows) > pageSize
	backward := c.After != "" || c.Last
	if more && backward {
		rows = rows[1:]
	} else if more {
		rows = rows[:pageSize]
	}
	p := collection.Page{Items: make([]vocab.Item, len(rows))}
	for i, row := range rows {
		p.Items[i] = item(row)
	}
	if len(rows) == 0 {
		return p
	}
	if more && !backward || c.After != "" {
		p.Next = key(rows[len(rows)-1]).String()
	}
	if more && backward || c.Before != "" {
		p.Prev = key(rows[0]).String()
	}
	return p
}

// forward makes a page of rows that came oldest first, from a list that is read in that direction only.
func forward(rows []store.Position) collection.Page {
	var p collection.Page
	if len(rows) > pageSize {
		rows = rows[:pageSize]
		p.Next = rows[pageSize-1].ID.String()
	}
	for _, row := range rows {
		p.Items = append(p.Items, vocab.Item{ID: row.IRI})
	}
	return p
}

func positionKey(p store.Position) essaim.ID   { return p.ID }
func positionItem(p store.Position) vocab.Item { return vocab.Item{ID: p.IRI} }
func objectKey(o *store.Object) essaim.ID      { return o.ID }
func objectItem(o *store.Object) vocab.Item    { return vocab.Item{ID: o.IRI} }
func activityKey(a *store.Activity) essaim.ID  { return a.ID }
