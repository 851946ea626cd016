package fedi

import (
	"context"

	"essaim/federation/collection"
	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// outbox lists what an actor published and announced, newest first, whole: activities with their objects, so that a
// stranger who reads one page knows what there is to see (product-Q4, design §14).
func (s *Service) outbox(ctx context.Context, a *store.Actor, who asker) (o collection.Options, err error) {
	if o.Total, err = store.CountDeeds(ctx, s.DB.Read(), who.viewer, a.ID); err != nil {
		return o, err
	}
	o.Embed, o.Backward = true, true
	o.Page = func(ctx context.Context, c collection.Cursor) (collection.Page, error) {
		p, err := pageOf(c)
		if err != nil {
			return collection.Page{}, err
		}
		rows, err := store.OutboxPage(ctx, s.DB.Read(), who.viewer, a.ID, p)
		if err != nil {
			return collection.Page{}, err
		}
		return s.deeds(ctx, rows, c)
	}
	return o, nil
}

// deeds makes a page of activities, in three queries whatever its length.
func (s *Service) deeds(ctx context.Context, rows []*store.Activity, c collection.Cursor) (collection.Page, error) {
	var things, actors []essaim.ID
	for _, row := range rows {
		actors = append(actors, row.Actor)
		if row.Object != 0 && carries(row.Type) {
			things = append(things, row.Object)
		}
	}
	objects, err := store.ObjectsByID(ctx, s.DB.Read(), things)
	if err != nil {
		return collection.Page{}, err
	}
	names, err := store.IRIsByID(ctx, s.DB.Read(), actors)
	if err != nil {
		return collection.Page{}, err
	}
	var failed error
	page := turn(rows, c, activityKey, func(row *store.Activity) vocab.Item {
		var object *store.Object
		if carries(row.Type) {
			object = objects[row.Object]
		}
		doc, err := s.rebuild(ctx, row, names[row.Actor], object)
		if err != nil {
			failed = err
		}
		return vocab.Item{ID: row.IRI, Doc: doc}
	})
	return page, failed
}

// carries tells the activities that show their object; the others refer to it (federation §11).
func carries(typ string) bool { return typ == vocab.Create || typ == vocab.Update }
