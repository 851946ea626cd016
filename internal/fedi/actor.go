package fedi

import (
	"context"
	"net/http"

	"github.com/gorilla/mux"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/httpx"
	"essaim/internal/store"
)

// actor serves /actor and /actors/{handle}.
func (s *Service) actor(w http.ResponseWriter, r *http.Request) error {
	handle, err := handleOf(r)
	if err != nil {
		return err
	}
	a, o, err := s.localActor(r.Context(), handle)
	if err != nil {
		return err
	}
	if httpx.WantsHTML(r) && o.Deleted.IsZero() {
		return s.toPage(w, r, o)
	}
	return s.serveActor(w, r, a, o)
}

// ServeActor serves the document of a local actor under another address: the human page asked for as ActivityPub.
func (s *Service) ServeActor(w http.ResponseWriter, r *http.Request, handle string) {
	s.reading(func(w http.ResponseWriter, r *http.Request) error {
		a, o, err := s.localActor(r.Context(), handle)
		if err != nil {
			return err
		}
		return s.serveActor(w, r, a, o)
	}).ServeHTTP(w, r)
}

func (s *Service) serveActor(w http.ResponseWriter, r *http.Request, a *store.Actor, o *store.Object) error {
	instance := a.IRI == s.Site.Instance()
	unsigned := false
	if !instance { // R17: whoever has to verify us can; asking who he is would have two careful servers wait for each other
		var err error
		if _, unsigned, err = s.ask(r); err != nil {
			return err
		}
	}
	if !o.Deleted.IsZero() {
		return s.gone(w, r, o)
	}
	doc, err := s.complete(r.Context(), o)
	if err != nil {
		return err
	}
	if unsigned {
		doc = essaim.ActorStub(doc)
	}
	httpx.Activity(w, r, http.StatusOK, doc.Document())
	return nil
}

// handleOf reads the handle of a route; the instance lives at /actor alone.
func handleOf(r *http.Request) (string, error) {
	handle, ok := mux.Vars(r)["handle"]
	switch {
	case !ok:
		return essaim.InstanceHandle, nil
	case handle == essaim.InstanceHandle:
		return "", absent()
	}
	return handle, nil
}

// gone answers with the Tombstone that was left (federation-T18, AP §6.4).
func (s *Service) gone(w http.ResponseWriter, r *http.Request, o *store.Object) error {
	doc, err := o.Document()
	if err != nil {
		return err
	}
	httpx.Activity(w, r, http.StatusGone, doc.Document())
	return nil
}

// toPage sends a browser to the human page of a document, which is ours (S44).
func (s *Service) toPage(w http.ResponseWriter, r *http.Request, o *store.Object) error {
	doc, err := o.Document()
	if err != nil {
		return err
	}
	url := doc.Link("url")
	if !s.Site.Owns(url) || url == o.IRI {
		httpx.Activity(w, r, http.StatusOK, doc.Document())
		return nil
	}
	w.Header().Set("Vary", httpx.Vary)
	http.Redirect(w, r, url, http.StatusFound)
	return nil
}

// complete lays over a stored document of ours what is not content: endpoints and keys, counters, collections.
func (s *Service) complete(ctx context.Context, o *store.Object) (*vocab.Object, error) {
	doc, err := o.Document()
	if err != nil {
		return nil, err
	}
	if kind, _ := essaim.KindNamed(o.Kind); kind.Actor {
		return activity.CompleteActor(ctx, s.DB.Read(), s.Site, doc)
	}
	if !o.Deleted.IsZero() {
		return doc, nil
	}
	if o.Kind == essaim.KindEvent {
		joined, err := store.CountSources(ctx, s.DB.Read(), relJoin, o.ID)
		if err != nil {
			return nil, err
		}
		doc = essaim.CompleteEvent(doc, essaim.EventCounters{Participants: joined})
	}
	return doc.Clone().SetString("likes", o.IRI+"/likes").SetString("shares", o.IRI+"/shares"), nil
}

// relJoin is the relation of a registration: an actor to an event.
const relJoin = "join"
