package fedi

import (
	"context"
	"net/http"
	"net/url"

	"github.com/gorilla/mux"

	"essaim/federation/collection"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// tag serves /tags/{tag}: what this instance published under a hashtag, as addresses.
func (s *Service) tag(w http.ResponseWriter, r *http.Request) error {
	tag, err := url.PathUnescape(mux.Vars(r)["tag"]) // a router may leave paths as they came
	if err != nil {
		return absent()
	}
	return s.serveTag(w, r, tag)
}

// ServeTag serves the collection of a hashtag under another address.
func (s *Service) ServeTag(w http.ResponseWriter, r *http.Request, tag string) {
	s.reading(func(w http.ResponseWriter, r *http.Request) error { return s.serveTag(w, r, tag) }).ServeHTTP(w, r)
}

func (s *Service) serveTag(w http.ResponseWriter, r *http.Request, tag string) error {
	if _, err := s.askFor(r); err != nil {
		return err
	}
	tag = essaim.TagKey(tag)
	total, err := store.CountTagged(r.Context(), s.DB.Read(), tag)
	if err != nil {
		return err
	}
	return s.serveCollection(w, r, collection.Options{ID: s.Site.Tag(tag), Total: total, Embed: true, Backward: true,
		Page: func(ctx context.Context, c collection.Cursor) (collection.Page, error) {
			p, err := pageOf(c)
			if err != nil {
				return collection.Page{}, err
			}
			rows, err := store.TaggedPage(ctx, s.DB.Read(), tag, p)
			return turn(rows, c, positionKey, positionItem), err
		}})
}
