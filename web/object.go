package web

import (
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/text"
)

// threadView is the page of a post or of a meeting, with the conversation around it.
type threadView struct {
	*objectView
	Likes, Shares int64
	Before, After []*objectView // what it answers, and the answers, oldest first
}

// Object shows `/@{handle}/{id}` and `/agenda/{id}`: one object that everybody may see, with its thread.
func (p *Pages) Object() http.Handler {
	return p.page(func(r *http.Request, v *view) error {
		o, err := p.FindObject(r)
		if err != nil {
			return err
		}
		t := &threadView{}
		if v.User == nil { // a member is told with the buttons
			if t.Likes, t.Shares, err = store.Reactions(r.Context(), p.DB.Read(), o.ID); err != nil {
				return err
			}
		}
		around, err := store.Conversation(r.Context(), p.DB.Read(), o, 100)
		if err != nil {
			return err
		}
		items, err := p.showAll(r.Context(), v.Lang, append([]*store.Object{o}, around...))
		if err != nil {
			return err
		}
		if err := p.stand(r.Context(), v, items); err != nil {
			return err
		}
		t.objectView = items[0]
		if err := p.owned(r.Context(), v, t.objectView); err != nil {
			return err
		}
		if t.Stance != nil {
			t.Likes, t.Shares = t.Stance.Likes, t.Stance.Shares
		}
		away, err := p.away(r.Context(), v, items[1:])
		if err != nil {
			return err
		}
		for _, item := range items[1:] {
			if away[item.AttributedTo] {
				continue
			}
			if item.ID == o.ReplyTo || item.Published.Before(o.Published) {
				t.Before = append(t.Before, item)
			} else {
				t.After = append(t.After, item)
			}
		}
		v.Page, v.Title, v.Alternate, v.Data = "post", t.Title, o.IRI, t
		v.Sentence = text.Excerpt(text.Plain(t.HTML), short)
		if t.Warning != "" {
			v.Sentence = ""
		}
		if t.Event != nil {
			v.Page, v.Section, v.Sentence = "event", "agenda", t.Event.When
		}
		if v.Title == "" && t.Author != nil {
			v.Title = v.T("object.from", t.Author.Name)
		}
		return nil
	})
}

// FindObject finds the object a page address names, if everybody may see it: by its row for what came from elsewhere, by its id for ours, whose
// private addresses carry a suffix.
func (p *Pages) FindObject(r *http.Request) (*store.Object, error) {
	name := mux.Vars(r)["id"]
	o, seen, err := (*store.Object)(nil), false, error(store.ErrNotFound)
	if !strings.Contains(mux.Vars(r)["handle"], "@") {
		o, seen, err = store.Shown(r.Context(), p.DB.Read(), p.Site.Base+"/objects/"+name, 0)
	}
	if err != nil {
		id, bad := essaim.ParseID(strings.ToLower(name))
		if bad != nil {
			return nil, store.ErrNotFound
		}
		if o, seen, err = store.Shown(r.Context(), p.DB.Read(), "", id); err != nil {
			return nil, err
		}
	}
	if !o.Deleted.IsZero() {
		return nil, essaim.Errorf(essaim.Gone, "this was deleted")
	}
	if !seen {
		return nil, store.ErrNotFound
	}
	return o, nil
}
