package remote

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"essaim/federation/collection"
	"essaim/federation/fetch"
	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/jobs"
	"essaim/internal/store"
)

// page is a part of a remote collection (AP §5).
type page struct {
	url   string
	items []vocab.Item
	next  string // where to go on, "" at the end
}

// maxItems of one page are read (S36).
const maxItems = 200

// page reads the page at a cursor. A collection that only leads to its first page counts as that page; pages of another server and pages in a
// circle are the end.
func (s *Service) page(ctx context.Context, cursor string) (*page, error) {
	p := &page{next: cursor}
	get := func(ctx context.Context, iri string) (*vocab.Object, error) {
		p.url = iri
		return s.pageDocument(ctx, iri)
	}
	for len(p.items) == 0 && p.next != "" {
		items, next, err := collection.Next(ctx, get, p.next)
		switch {
		case errors.Is(err, collection.ErrForeign), errors.Is(err, collection.ErrCircle):
			s.Logger.Debug("a collection ends oddly", "page", p.url, "reason", err)
		case errors.Is(err, collection.ErrShape):
			return nil, refused("it cannot be read: %w", err)
		case err != nil:
			return nil, err
		}
		first := p.next == cursor
		p.items, p.next = items[:min(len(items), maxItems)], next
		if !first {
			break
		}
	}
	return p, nil
}

// pageDocument reads a page where it is said to be; it may lack an id, but not have one elsewhere (S4).
func (s *Service) pageDocument(ctx context.Context, iri string) (*vocab.Object, error) {
	doc, at, err := s.retrieve(ctx, iri)
	if err != nil {
		return nil, err
	}
	if !fetch.SameOrigin(at, iri) || doc.ID() != "" && !fetch.SameOrigin(doc.ID(), at) {
		return nil, refused("the collection %s is elsewhere (S4)", iri)
	}
	return doc, nil
}

// Items of a page applied side by side, so that they share a commit, and requests made side by side to read them.
const (
	itemBatch    = 20
	itemRequests = 2
)

// patience is how many attempts a page is worth for the sake of an item that its server fails to give.
const patience = 3

// takePage reads and applies the items of a page and tells how many were new.
func (s *Service) takePage(ctx context.Context, p *page, attempt int) (int, error) {
	taken := 0
	for start := 0; start < len(p.items); start += itemBatch {
		if s.busy() && start > 0 {
			return 0, jobs.Snooze(busyPause, nil)
		}
		ready, err := s.readItems(ctx, p.url, p.items[start:min(start+itemBatch, len(p.items))], attempt < patience)
		if err != nil {
			return 0, err
		}
		n, err := s.applyItems(ctx, ready)
		if err != nil {
			return 0, err
		}
		taken += n
	}
	return taken, nil
}

// readItems turns items into activities that need nothing more. What cannot be had is left out; with strict, what a server fails to give for a
// moment fails the page instead.
func (s *Service) readItems(ctx context.Context, from string, items []vocab.Item, strict bool) ([]*vocab.Activity, error) {
	ready := make([]*vocab.Activity, len(items))
	errs := make([]error, len(items))
	places := make(chan struct{}, itemRequests)
	var all sync.WaitGroup
	for i, it := range items {
		all.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			ready[i], errs[i] = s.readItem(ctx, from, it)
		})
	}
	all.Wait()
	kept := ready[:0]
	for i, err := range errs {
		if err != nil && strict && temporary(err) && essaim.SameOrigin(items[i].ID, from) {
			return nil, err
		}
		if err != nil {
			s.Logger.Debug("an item was left out", "collection", from, "item", items[i].ID, "reason", err)
		} else if ready[i] != nil {
			kept = append(kept, ready[i])
		}
	}
	return kept, nil
}

// readItem makes an activity of one item. What is embedded is believed when it is of the page's own server; else it is read at its origin. nil is
// nothing left to do.
func (s *Service) readItem(ctx context.Context, from string, it vocab.Item) (*vocab.Activity, error) {
	doc := it.Doc
	if it.ID == "" || s.Site.Owns(it.ID) {
		return nil, nil
	}
	if doc == nil || !essaim.SameOrigin(it.ID, from) {
		if known, err := s.known(ctx, it.ID); err != nil || known {
			return nil, err
		}
		var err error
		if doc, err = s.document(ctx, it.ID); err != nil {
			return nil, err
		}
	}
	switch typ := doc.Type(); {
	case vocab.IsActor(typ):
		_, err := s.storeActor(ctx, doc)
		return nil, err
	case vocab.IsActivity(typ):
		return s.readActivity(ctx, vocab.ReadActivity(doc))
	}
	author, err := authorOf(doc)
	if err != nil {
		return nil, err
	}
	if _, err := s.actor(ctx, author); err != nil {
		return nil, err
	}
	return &vocab.Activity{Type: vocab.Update, Actor: author, To: vocab.Addresses(doc, "to"), CC: vocab.Addresses(doc, "cc"), Object: vocab.Item{ID: doc.ID(), Doc: doc}}, nil
}

// known tells whether an object or an activity is here already.
func (s *Service) known(ctx context.Context, iri string) (bool, error) {
	_, err := store.ObjectID(ctx, s.DB.Read(), iri)
	if isNotFound(err) {
		_, err = store.ActivityByIRI(ctx, s.DB.Read(), iri)
	}
	if isNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

// readActivity completes a Create or an Announce of an outbox; other types are passed over.
func (s *Service) readActivity(ctx context.Context, a *vocab.Activity) (*vocab.Activity, error) {
	if a == nil || a.Type != vocab.Create && a.Type != vocab.Announce || a.Object.ID == "" || s.Site.Owns(a.Actor) {
		return nil, nil
	}
	if _, err := s.actor(ctx, a.Actor); err != nil {
		return nil, err
	}
	if a.Type == vocab.Create {
		more, err := s.readyObject(ctx, a)
		if err != nil || !more {
			return nil, err
		}
		return a, nil
	}
	a.Object.Doc = nil
	if _, err := s.object(ctx, a.Object.ID); err != nil {
		return nil, err
	}
	return a, nil
}

// applyItems applies activities side by side and counts those that changed something. What is refused is left out.
func (s *Service) applyItems(ctx context.Context, ready []*vocab.Activity) (int, error) {
	var taken atomic.Int64
	errs := make([]error, len(ready))
	var all sync.WaitGroup
	for i, a := range ready {
		all.Go(func() {
			out, err := s.Activity.Apply(ctx, a, activity.Fetched(essaim.HostOf(a.Actor)))
			if err == nil && out.Status == activity.Done {
				taken.Add(1)
			}
			if temporary(err) {
				errs[i] = err
			} else if err != nil {
				s.Logger.Debug("an item was refused", "item", a.Object.ID, "reason", err)
			}
		})
	}
	all.Wait()
	return int(taken.Load()), errors.Join(errs...)
}
