package web

import (
	"net/http"

	"github.com/gorilla/mux"

	"essaim/internal/essaim"
	"essaim/internal/store"
)

// directoryDoor leads to the first list of the directory.
func (p *Pages) directoryDoor(_ *http.Request, v *view) error {
	v.Redirect = "/annuaire/accelerateurs"
	return nil
}

// directory lists the accelerators or the organisations known here, newest first. People are not listed: they appear where they chose to (ui-R10).
func (p *Pages) directory(r *http.Request, v *view) error {
	lists := []struct{ slug, kind string }{{"accelerateurs", essaim.KindAccelerator}, {"organisations", essaim.KindOrganisation}}
	l := &listView{}
	filter := store.Filter{}
	for _, list := range lists {
		current := list.slug == mux.Vars(r)["list"]
		if current {
			filter.Kind = list.kind
		}
		l.Tabs = append(l.Tabs, tab{v.T("directory." + list.kind), "/annuaire/" + list.slug, current})
	}
	if filter.Kind == "" {
		return store.ErrNotFound
	}
	page := pageOf(r, perPage)
	cards, err := store.Directory(r.Context(), p.DB.Read(), filter, page)
	if err != nil {
		return err
	}
	l.Items = p.showActors(v.Lang, turn(r, v, cards, page, func(c *store.Card) essaim.ID { return c.ID }))
	v.Page, v.Section, v.Title, v.Sentence, v.Data = "directory", "annuaire", v.T("directory."+filter.Kind), v.T("directory.lede."+filter.Kind), l
	return nil
}
