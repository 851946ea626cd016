package web

import (
	"net/http"
	"net/url"

	"github.com/gorilla/mux"

	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/text"
)

// tag shows the public objects under a hashtag, newest first.
func (p *Pages) tag(r *http.Request, v *view) error {
	tag, err := url.PathUnescape(mux.Vars(r)["tag"])
	if err != nil {
		return store.ErrNotFound
	}
	page := pageOf(r, perPage)
	objects, err := store.TagPage(r.Context(), p.DB.Read(), text.TagKey(tag), page)
	if err != nil {
		return err
	}
	objects = turn(r, v, objects, page, func(o *store.Object) essaim.ID { return o.ID })
	items, err := p.showAll(r.Context(), v.Lang, objects)
	v.Page, v.Title, v.Sentence, v.Data = "tag", "#"+tag, v.T("tag.lede", "#"+tag), items
	return err
}
