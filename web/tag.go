package web

import (
	"net/http"
	"net/url"

	"github.com/gorilla/mux"

	"essaim/internal/essaim"
	"essaim/internal/search"
	"essaim/internal/store"
	"essaim/internal/text"
)

// tagged is one thing under a hashtag: a post or an event with its text, or a project or a body, whose page has it.
type tagged struct {
	Object *objectView
	Found  *foundView
}

// tagView is the page of a hashtag.
type tagView struct {
	Items []tagged
	Feed  string
}

// tag shows what bears a hashtag and everybody may see, newest first: posts, events, projects and bodies.
func (p *Pages) tag(r *http.Request, v *view) error {
	tag, items, err := p.taggedItems(r, v)
	if err != nil {
		return err
	}
	t := &tagView{Feed: feedOf(r.URL)}
	for _, item := range items {
		if item.Card != nil {
			found := p.showFound(v, []search.Item{item})
			t.Items = append(t.Items, tagged{Found: &found[0]})
			continue
		}
		t.Items = append(t.Items, tagged{Object: p.showObject(v.Lang, item.Object, item.Author)})
	}
	v.Page, v.Title, v.Sentence, v.Feed, v.Data = "tag", "#"+tag, v.T("tag.lede", "#"+tag), t.Feed, t
	return nil
}

// taggedItems reads a page of a hashtag in three queries: what bears it, and of that what everybody may see, with its actors.
func (p *Pages) taggedItems(r *http.Request, v *view) (tag string, items []search.Item, err error) {
	if tag, err = url.PathUnescape(mux.Vars(r)["tag"]); err != nil {
		return "", nil, store.ErrNotFound
	}
	page := pageOf(r, perPage)
	ids, err := store.TagPage(r.Context(), p.DB.Read(), text.TagKey(tag), page)
	if err != nil {
		return "", nil, err
	}
	ids = turn(r, v, ids, page, func(id essaim.ID) essaim.ID { return id })
	items, err = p.Search.Load(r.Context(), p.DB.Read(), ids)
	return tag, items, err
}

// tagFeed is a hashtag as a feed.
func (p *Pages) tagFeed(r *http.Request, v *view) (*atomFeed, error) {
	tag, items, err := p.taggedItems(r, v)
	if err != nil {
		return nil, err
	}
	return p.foundFeed(v, "#"+tag, items), nil
}
