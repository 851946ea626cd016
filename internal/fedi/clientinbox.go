package fedi

import (
	"context"
	"net/http"

	"essaim/federation/collection"
	"essaim/internal/essaim"
	"essaim/internal/store"
)

// inboxOf is GET of an inbox (AP §5.2): for its owner and for those who may speak for it, nobody else.
func (s *Service) inboxOf(w http.ResponseWriter, r *http.Request) error {
	account, err := s.member(r, "read")
	if err != nil {
		return err
	}
	handle, err := handleOf(r)
	if err != nil {
		return err
	}
	a, _, err := s.localActor(r.Context(), handle)
	if err != nil {
		return err
	}
	if err := s.maySpeakFor(r.Context(), account, a); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "private, no-store")
	return s.serveCollection(w, r, collection.Options{ID: a.IRI + "/inbox", Total: -1, Embed: true,
		Page: func(ctx context.Context, c collection.Cursor) (collection.Page, error) {
			p, err := pageOf(c)
			if err != nil {
				return collection.Page{}, err
			}
			rows, err := store.InboxPage(ctx, s.DB.Read(), a.ID, p)
			if err != nil {
				return collection.Page{}, err
			}
			return s.deeds(ctx, rows, c)
		}})
}

// maySpeakFor is the rule of internal/activity for acting, asked for reading.
func (s *Service) maySpeakFor(ctx context.Context, account *store.Account, a *store.Actor) error {
	if account.Actor == a.ID {
		return nil
	}
	role, err := store.Role(ctx, s.DB.Read(), account.Actor, a.ID)
	if err != nil {
		return err
	}
	if role == "owner" || role == "editor" {
		return nil
	}
	return essaim.Errorf(essaim.Forbidden, "this inbox is not yours")
}
