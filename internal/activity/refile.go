package activity

import (
	"context"
	"slices"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

// Refile makes the columns and terms of some objects again from their documents, as a newer version of the program would have written them, and leaves
// every one of them to the search index. It takes those after an id, at most limit, and returns the last one, 0 at the end, and how many were changed.
// What they are addressed to, who wrote them and when stays as it is.
func (s *Service) Refile(ctx context.Context, after essaim.ID, limit int) (last essaim.ID, changed int, err error) {
	objects, err := store.ObjectsAfter(ctx, s.DB.Read(), after, limit)
	if err != nil || len(objects) == 0 {
		return 0, 0, err
	}
	terms, err := store.TermsOf(ctx, s.DB.Read(), objects)
	if err != nil {
		return 0, 0, err
	}
	var stale []*store.Object
	for _, o := range objects {
		if filed, ok := refiled(o); ok && (*filed.row != *o || !sameTerms(filed.terms, terms[o.ID])) {
			stale = append(stale, o)
		}
	}
	err = s.DB.Write(ctx, store.Relaxed, func(tx *store.Tx) error {
		content := tx.Content()
		for _, o := range stale {
			now, err := content.LockObject(ctx, o.IRI) // it may have changed since it was read
			if err != nil {
				return err
			}
			filed, ok := refiled(now)
			if !ok {
				continue
			}
			if err := content.UpdateObject(ctx, filed.row); err != nil {
				return err
			}
			if err := content.DropTerms(ctx, now.ID); err != nil {
				return err
			}
			if err := content.AddTerms(ctx, now.ID, filed.terms); err != nil {
				return err
			}
		}
		for _, o := range objects {
			if err := content.Touch(ctx, o.ID); err != nil {
				return err
			}
		}
		return nil
	})
	return objects[len(objects)-1].ID, len(stale), err
}

// refiling is an object as its document files it.
type refiling struct {
	row   *store.Object
	terms []essaim.Term
}

// refiled is false for what has no document to be filed by: what was deleted, and what no kind knows.
func refiled(o *store.Object) (refiling, bool) {
	doc, err := o.Document()
	if err != nil || !o.Deleted.IsZero() {
		return refiling{}, false
	}
	kind, ok := essaim.KindOf(doc)
	if !ok {
		return refiling{}, false
	}
	row, cols := *o, kind.Decode(doc).Columns()
	row.Kind, row.Type, row.Phase, row.Language = kind.Name, doc.Type(), cols.Phase, cols.Language
	row.Starts, row.Ends = millis(cols.Starts), millis(cols.Ends)
	if !samePlace(row.Lat, cols.Lat) || !samePlace(row.Lon, cols.Lon) {
		row.Lat, row.Lon = cols.Lat, cols.Lon
	}
	return refiling{&row, expandTerms(cols)}, true
}

func samePlace(a, b *float64) bool { return a == b || a != nil && b != nil && *a == *b }

// sameTerms compares without regard to order or repetition: terms are kept once each.
func sameTerms(a, b []essaim.Term) bool {
	in := func(list []essaim.Term) func(essaim.Term) bool {
		return func(t essaim.Term) bool { return !slices.Contains(list, t) }
	}
	return !slices.ContainsFunc(a, in(b)) && !slices.ContainsFunc(b, in(a))
}

// millis is a time as the database gives it back.
func millis(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return time.UnixMilli(t.UnixMilli()).UTC()
}
