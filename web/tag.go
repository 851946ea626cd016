package web

import (
	"net/http"

	"github.com/gorilla/mux"

	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/text"
)

// tag shows the public objects under a hashtag, newest first.
func (p *Pages) tag(r *http.Request, v *view) error {
	tag := mux.Vars(r)["tag"]
	page := store.Page{Limit: perPage}
	if before, err := essaim.ParseID(r.URL.Query().Get("avant")); err == nil {
		page.Before = before
	}
	objects, err := store.Tagged(r.Context(), p.DB.Read(), text.TagKey(tag), page)
	if err != nil {
		return err
	}
	if len(objects) == perPage {
		v.Next = "/tags/" + tag + "?avant=" + objects[perPage-1].ID.String()
	}
	v.Page, v.Title = "tag", "#"+tag
	v.Items, err = p.showAll(r.Context(), v.Lang, objects)
	return err
}
