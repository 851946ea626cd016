package web

import (
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

// Object shows `/@{handle}/{id}` and `/agenda/{id}`: one object that everybody may see, with the answers to it.
func (p *Pages) Object() http.Handler {
	return p.page(func(r *http.Request, v *view) error {
		o, err := p.FindObject(r)
		if err != nil {
			return err
		}
		if v.Object, err = p.showObject(r.Context(), v.Lang, o); err != nil {
			return err
		}
		q := p.DB.Read()
		if v.Object.Likes, err = store.CountSources(r.Context(), q, store.RelLike, o.ID); err != nil {
			return err
		}
		if v.Object.Shares, err = store.CountSources(r.Context(), q, store.RelAnnounce, o.ID); err != nil {
			return err
		}
		replies, err := store.Replies(r.Context(), q, 0, o.ID, 0, 100)
		if err != nil {
			return err
		}
		v.Items, err = p.showAll(r.Context(), v.Lang, replies)
		v.Page, v.Title, v.Alternate = "object", v.Object.Title, o.IRI
		if v.Title == "" && v.Object.Author != nil {
			v.Title = v.T("object.by", v.Object.Author.Name)
		}
		return err
	})
}

// FindObject finds the object a page address names, if everybody may see it: by its row for what came from elsewhere, by its id for ours, whose
// private addresses carry a suffix.
func (p *Pages) FindObject(r *http.Request) (*store.Object, error) {
	name := mux.Vars(r)["id"]
	o, err := store.ObjectByIRI(r.Context(), p.DB.Read(), p.Site.Base+"/objects/"+name)
	if err != nil {
		id, bad := essaim.ParseID(strings.ToLower(name))
		if bad != nil {
			return nil, store.ErrNotFound
		}
		if o, err = store.ObjectByID(r.Context(), p.DB.Read(), id); err != nil {
			return nil, err
		}
	}
	if !o.Deleted.IsZero() {
		return nil, essaim.Errorf(essaim.Gone, "this was deleted")
	}
	seen, err := store.CanSee(r.Context(), p.DB.Read(), 0, o.ID)
	if err == nil && !seen {
		err = store.ErrNotFound
	}
	return o, err
}
