package fedi

import (
	"context"
	"net/http"

	"github.com/gorilla/mux"

	"essaim/federation/collection"
	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// objectCollection serves what hangs below an object, to those who may see the object (S45).
func (s *Service) objectCollection(w http.ResponseWriter, r *http.Request) error {
	o, err := s.visibleObject(r, s.Site.Base+"/objects/"+mux.Vars(r)["id"])
	if err != nil {
		return err
	}
	if !o.Deleted.IsZero() {
		return essaim.Errorf(essaim.Gone, "what this belonged to is gone")
	}
	name := mux.Vars(r)["collection"]
	options, err := s.below(r.Context(), o, name)
	if err != nil {
		return err
	}
	options.ID = o.IRI + "/" + name
	return s.serveCollection(w, r, options)
}

func (s *Service) below(ctx context.Context, o *store.Object, name string) (c collection.Options, err error) {
	q := s.DB.Read()
	switch name {
	case "replies":
		c.Unordered, c.Embed = true, true
		c.Total, err = store.CountReplies(ctx, q, o.ID)
		c.Page = positions(func(ctx context.Context, after essaim.ID) ([]store.Position, error) {
			return store.ReplyPage(ctx, q, o.ID, after, pageSize)
		})
	case "context":
		// A reply stays in the conversation of what it answers: the list is at the address of that conversation.
		c.Embed = true
		c.Total, err = store.CountThread(ctx, q, o.IRI+"/context")
		c.Page = positions(func(ctx context.Context, after essaim.ID) ([]store.Position, error) {
			return store.ThreadPage(ctx, q, o.IRI+"/context", after, pageSize)
		})
		doc, fault := o.Document()
		if fault != nil {
			return c, fault
		}
		c.Finish = func(list *vocab.Object) { list.SetString("attributedTo", doc.IRI("attributedTo")) }
	case "likes":
		c.Total, err = store.CountSources(ctx, q, store.RelLike, o.ID)
	case "shares":
		c.Total, err = store.CountSources(ctx, q, store.RelAnnounce, o.ID)
	case "attendees":
		if o.Kind != essaim.KindEvent {
			return c, absent()
		}
		c.Total, err = store.CountSources(ctx, q, relJoin, o.ID) // who comes is told by consent only
	case "organizers":
		if o.Kind != essaim.KindEvent {
			return c, absent()
		}
		var by *store.Actor
		if by, err = store.ActorByID(ctx, q, o.AttributedTo); err != nil {
			return c, found(err)
		}
		c.Total, c.Embed = 1, true
		c.Page = func(context.Context, collection.Cursor) (collection.Page, error) {
			return collection.Page{Items: []vocab.Item{{ID: by.IRI}}}, nil
		}
	default:
		return c, absent()
	}
	return c, err
}

// positions pages a list that is read oldest first.
func positions(read func(ctx context.Context, after essaim.ID) ([]store.Position, error)) func(context.Context, collection.Cursor) (collection.Page, error) {
	return func(ctx context.Context, c collection.Cursor) (collection.Page, error) {
		var after essaim.ID
		if c.Before != "" {
			var err error
			if after, err = essaim.ParseID(c.Before); err != nil {
				return collection.Page{}, collection.ErrCursor
			}
		}
		rows, err := read(ctx, after)
		return forward(rows), err
	}
}
