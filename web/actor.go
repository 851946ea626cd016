package web

import (
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

const perPage = 20

// Actor shows `/@{handle}`: an actor of this instance, or `/@{handle}@{host}`: one known from elsewhere, with what it published, newest first.
func (p *Pages) Actor() http.Handler {
	return p.page(func(r *http.Request, v *view) error {
		a, err := p.findActor(r)
		if err != nil {
			return err
		}
		if a.State >= store.Suspended {
			return essaim.Errorf(essaim.Gone, "this actor is gone")
		}
		if v.Actor, err = p.showActor(r.Context(), v.Lang, a); err != nil {
			return err
		}
		if v.Actor.Followers, err = store.CountSources(r.Context(), p.DB.Read(), store.RelFollow, a.ID); err != nil {
			return err
		}
		page := store.Page{Limit: perPage}
		if before, err := essaim.ParseID(r.URL.Query().Get("avant")); err == nil {
			page.Before = before
		}
		objects, err := store.ObjectsBy(r.Context(), p.DB.Read(), 0, a.ID, "", page)
		if err != nil {
			return err
		}
		if len(objects) == perPage {
			v.Next = v.Actor.Page + "?avant=" + objects[perPage-1].ID.String()
		}
		v.Items, err = p.showAll(r.Context(), v.Lang, objects)
		v.Page, v.Title, v.Alternate = "actor", v.Actor.Name, a.IRI
		return err
	})
}

func (p *Pages) findActor(r *http.Request) (*store.Actor, error) {
	handle, host, remote := strings.Cut(strings.ToLower(mux.Vars(r)["handle"]), "@")
	if !remote {
		host = p.Site.Host
	}
	return store.ActorByHandle(r.Context(), p.DB.Read(), handle, host)
}
