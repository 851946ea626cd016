package fedi

import (
	"context"
	"net/http"

	"github.com/gorilla/mux"

	"essaim/internal/essaim"
	"essaim/internal/httpx"
	"essaim/internal/store"
)

// object serves /objects/{id}.
func (s *Service) object(w http.ResponseWriter, r *http.Request) error {
	return s.serveObject(w, r, s.Site.Base+"/objects/"+mux.Vars(r)["id"], true)
}

// ServeObject serves the document of a local object under another address: the human page asked for as ActivityPub.
func (s *Service) ServeObject(w http.ResponseWriter, r *http.Request, iri string) {
	s.reading(func(w http.ResponseWriter, r *http.Request) error { return s.serveObject(w, r, iri, false) }).ServeHTTP(w, r)
}

func (s *Service) serveObject(w http.ResponseWriter, r *http.Request, iri string, redirect bool) error {
	o, err := s.visibleObject(r, iri)
	if err != nil {
		return err
	}
	if o.Visibility > essaim.Unlisted {
		w.Header().Set("Cache-Control", "private, no-store")
	}
	switch {
	case !o.Deleted.IsZero():
		return s.gone(w, r, o)
	case redirect && httpx.WantsHTML(r):
		return s.toPage(w, r, o)
	}
	doc, err := s.complete(r.Context(), o)
	if err != nil {
		return err
	}
	httpx.Activity(w, r, http.StatusOK, doc.Document())
	return nil
}

// visibleObject finds a local object the asker may see, deleted or not; anything else is absent (S45).
func (s *Service) visibleObject(r *http.Request, iri string) (*store.Object, error) {
	who, err := s.askFor(r)
	if err != nil {
		return nil, err
	}
	o, err := store.ObjectByIRI(r.Context(), s.DB.Read(), iri)
	if err != nil {
		return nil, found(err)
	}
	if kind, _ := essaim.KindNamed(o.Kind); !o.Local || kind.Actor {
		return nil, absent()
	}
	viewer := essaim.ID(0)
	if o.Visibility > essaim.Unlisted {
		viewer = s.viewer(r.Context(), &who)
	}
	visible, err := s.maySee(r.Context(), viewer, o)
	if err == nil && !visible {
		err = absent()
	}
	return o, err
}

// maySee is essaim.CanSee, except that those who could see an object may learn that it was deleted.
func (s *Service) maySee(ctx context.Context, viewer essaim.ID, o *store.Object) (bool, error) {
	seen, err := store.SeenBy(ctx, s.DB.Read(), viewer, o.ID)
	if err != nil {
		return false, err
	}
	if seen.Deleted {
		seen.Deleted, seen.Suspended = false, false
	}
	return essaim.CanSee(essaim.Viewer{Actor: viewer}, seen), nil
}
