package fedi

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"essaim/federation/collection"
	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// actorCollection serves what hangs below an actor. All of it obeys secure mode, followers too (federation.md 2.4).
func (s *Service) actorCollection(w http.ResponseWriter, r *http.Request) error {
	handle, err := handleOf(r)
	if err != nil {
		return err
	}
	who, err := s.askFor(r)
	if err != nil {
		return err
	}
	a, o, err := s.localActor(r.Context(), handle)
	if err != nil {
		return err
	}
	if !o.Deleted.IsZero() {
		return essaim.Errorf(essaim.Gone, "who kept this list is gone")
	}
	name := mux.Vars(r)["collection"]
	options, err := s.collectionOf(r.Context(), a, name, who)
	if err != nil {
		return err
	}
	options.ID = a.IRI + "/" + name
	return s.serveCollection(w, r, options)
}

// collectionOf is the list of them (design §9).
func (s *Service) collectionOf(ctx context.Context, a *store.Actor, name string, who asker) (collection.Options, error) {
	switch {
	case name == "outbox":
		return s.outbox(ctx, a, who)
	case name == "followers":
		return s.follows(ctx, a, store.CountSources, store.SourcePage)
	case name == "following":
		return s.follows(ctx, a, store.CountTargets, store.TargetPage)
	case name == "liked":
		return s.liked(ctx, a)
	case name == "featured":
		return s.featured(a), nil
	case name == "upcoming":
		return s.upcoming(ctx, a)
	case a.Kind == essaim.KindInstance && slices.Contains([]string{"projects", "events", "needs"}, name):
		return s.hosted(ctx, name)
	case a.Type == vocab.Group && slices.Contains(essaim.GroupCollections, name):
		return s.group(ctx, a, name)
	}
	return collection.Options{}, absent()
}

// follows counts for everybody and lists for projects and organisations alone: whom a person follows, and who follows
// her, is nobody's business (federation §5).
func (s *Service) follows(ctx context.Context, a *store.Actor, count func(context.Context, store.Q, string, essaim.ID) (int64, error),
	read func(context.Context, store.Q, string, essaim.ID, store.Page) ([]store.Position, error),
) (o collection.Options, err error) {
	if o.Total, err = count(ctx, s.DB.Read(), store.RelFollow, a.ID); err != nil || a.Type == vocab.Person {
		return o, err
	}
	o.Backward = true
	o.Page = func(ctx context.Context, c collection.Cursor) (collection.Page, error) {
		p, err := pageOf(c)
		if err != nil {
			return collection.Page{}, err
		}
		rows, err := read(ctx, s.DB.Read(), store.RelFollow, a.ID, p)
		return turn(rows, c, positionKey, positionItem), err
	}
	return o, nil
}

// liked counts (AP §5.5): what somebody likes is told to its author, not listed.
func (s *Service) liked(ctx context.Context, a *store.Actor) (o collection.Options, err error) {
	o.ID = a.IRI + "/liked"
	o.Total, err = store.CountTargets(ctx, s.DB.Read(), store.RelLike, a.ID)
	return o, err
}

// featured lists what an actor put in front, as addresses: Mastodon reads an Event there in no other form.
func (s *Service) featured(a *store.Actor) collection.Options {
	return collection.Options{Total: -1, Embed: true, Backward: true, Page: func(ctx context.Context, c collection.Cursor) (collection.Page, error) {
		p, err := pageOf(c)
		if err != nil {
			return collection.Page{}, err
		}
		rows, err := store.FeaturedPage(ctx, s.DB.Read(), a.ID, p)
		return turn(rows, c, positionKey, positionItem), err
	}}
}

// upcoming lists the events that are not over, soonest first (FEP-8a8e); the instance's are those of all its actors.
func (s *Service) upcoming(ctx context.Context, a *store.Actor) (o collection.Options, err error) {
	author := a.ID
	if a.Kind == essaim.KindInstance {
		author = 0
	}
	now := s.Clock()
	if o.Total, err = store.CountUpcoming(ctx, s.DB.Read(), author, now); err != nil {
		return o, err
	}
	o.Embed = true
	o.Page = func(ctx context.Context, c collection.Cursor) (collection.Page, error) {
		after, afterID, err := startOf(c.Before)
		if err != nil {
			return collection.Page{}, err
		}
		rows, err := store.Upcoming(ctx, s.DB.Read(), author, now, after, afterID, pageSize+1)
		p := collection.Page{}
		if len(rows) > pageSize {
			rows = rows[:pageSize]
			last := rows[pageSize-1]
			p.Next = strconv.FormatInt(last.Starts.UnixMilli(), 36) + "." + last.ID.String()
		}
		for _, row := range rows {
			p.Items = append(p.Items, objectItem(row))
		}
		return p, err
	}
	return o, nil
}

// startOf reads the cursor of upcoming: a start and, for those that start together, an id.
func startOf(cursor string) (after time.Time, id essaim.ID, err error) {
	if cursor == "" {
		return time.Time{}, 0, nil
	}
	start, text, _ := strings.Cut(cursor, ".")
	ms, err := strconv.ParseInt(start, 36, 64)
	if err == nil {
		id, err = essaim.ParseID(text)
	}
	if err != nil {
		return after, 0, collection.ErrCursor
	}
	return time.UnixMilli(ms), id, nil
}

// hosted is what a backfill reads of an instance: its public things with their documents, so that a page needs nothing more.
func (s *Service) hosted(ctx context.Context, name string) (o collection.Options, err error) {
	count, read := store.CountPublic, store.PublicPage
	kind := strings.TrimSuffix(name, "s")
	if kind == essaim.KindProject {
		count = func(ctx context.Context, q store.Q, _ essaim.ID, kind string) (int64, error) {
			return store.CountLocalActors(ctx, q, kind)
		}
		read = func(ctx context.Context, q store.Q, _ essaim.ID, kind string, p store.Page) ([]*store.Object, error) {
			return store.LocalActorPage(ctx, q, kind, p)
		}
	}
	return s.documents(ctx, 0, kind, count, read)
}

// group is what Mobilizon reads of a Group, all of it or nothing (federation-T23): events and posts are there, who is in
// the group is counted, the rest is empty.
func (s *Service) group(ctx context.Context, a *store.Actor, name string) (o collection.Options, err error) {
	switch name {
	case "events", "posts":
		return s.documents(ctx, a.ID, strings.TrimSuffix(name, "s"), store.CountPublic, store.PublicPage)
	case "members":
		o.Total, err = store.CountSources(ctx, s.DB.Read(), store.RelMember, a.ID)
	}
	o.Embed = true
	o.Page = func(context.Context, collection.Cursor) (collection.Page, error) { return collection.Page{}, nil }
	return o, err
}

// documents lists objects of ours with their documents embedded.
func (s *Service) documents(ctx context.Context, author essaim.ID, kind string, count func(context.Context, store.Q, essaim.ID, string) (int64, error),
	read func(context.Context, store.Q, essaim.ID, string, store.Page) ([]*store.Object, error),
) (o collection.Options, err error) {
	if o.Total, err = count(ctx, s.DB.Read(), author, kind); err != nil {
		return o, err
	}
	o.Embed, o.Backward = true, true
	o.Page = func(ctx context.Context, c collection.Cursor) (collection.Page, error) {
		p, err := pageOf(c)
		if err != nil {
			return collection.Page{}, err
		}
		rows, err := read(ctx, s.DB.Read(), author, kind, p)
		if err != nil {
			return collection.Page{}, err
		}
		page := turn(rows, c, objectKey, objectItem)
		return page, s.embed(ctx, page.Items, rows)
	}
	return o, nil
}

// embed gives items that name some of these objects their documents.
func (s *Service) embed(ctx context.Context, items []vocab.Item, objects []*store.Object) error {
	for i := range items {
		at := slices.IndexFunc(objects, func(o *store.Object) bool { return o.IRI == items[i].ID })
		if at < 0 || !objects[at].Local {
			continue
		}
		doc, err := s.complete(ctx, objects[at])
		if err != nil {
			return err
		}
		items[i].Doc = doc
	}
	return nil
}
