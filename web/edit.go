package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/text"
)

// mine finds the object an address names and the actor it is by, when the visitor may speak for that actor; for everybody else it does not exist.
func (p *Pages) mine(r *http.Request, v *view) (*store.Object, *store.Card, error) {
	id, err := essaim.ParseID(mux.Vars(r)["id"])
	if err != nil {
		return nil, nil, store.ErrNotFound
	}
	o, err := store.ObjectByID(r.Context(), p.DB.Read(), id)
	if err != nil {
		return nil, nil, err
	}
	if !o.Deleted.IsZero() {
		return nil, nil, essaim.Errorf(essaim.Gone, "this was deleted")
	}
	cards, err := p.speakers(r.Context(), v)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range cards {
		if c.ID == o.AttributedTo {
			return o, c, nil
		}
	}
	return nil, nil, store.ErrNotFound
}

// editObject is `/objets/{id}/modifier`: a post or an event as its author typed it.
func (p *Pages) editObject(r *http.Request, v *view) error {
	o, by, err := p.mine(r, v)
	if err != nil {
		return err
	}
	c := &composerView{Editing: true}
	c.Cancel = p.showObject(v.Lang, o, by).safePage()
	v.Page, v.Title, v.Data = "compose", v.T("edit.title"), c
	switch t := o.Thing().(type) {
	case *essaim.Post:
		return p.editPost(r, v, c, by, t)
	case *essaim.Event:
		return p.editEvent(r, v, c, by, t)
	}
	return store.ErrNotFound
}

func (p *Pages) editPost(r *http.Request, v *view, c *composerView, by *store.Card, post *essaim.Post) error {
	c.Kind = "message"
	begin := map[string][]string{"texte": {firstOf(post.Source, text.Plain(post.HTML))}, "avertissement": {post.Warning}, "langue": {post.Language}}
	c.form = &form{Values: written(r, begin)}
	for _, f := range p.postFields(v, []*store.Card{by}) { // whom it was for, and who said it, stay as they are
		if f.Name != "visibilite" && f.Name != "par" {
			c.Fields = append(c.Fields, f)
		}
	}
	pictures, done, err := p.editPictures(r, v, c, post.Pictures, maxPictures)
	if err != nil || done {
		return err
	}
	changed := *post
	changed.Source = strings.TrimSpace(c.Values.Get("texte"))
	changed.HTML, changed.Warning, changed.Language, changed.Pictures, changed.Hashtags, changed.Mentions = text.Markdown(changed.Source), c.Get("avertissement"), c.Get("langue"), pictures, nil, nil
	if changed.Source == "" && len(pictures) == 0 {
		c.add(v, "texte", v.T("compose.text_missing"))
	}
	return p.change(r, v, c, by, &changed, map[string]string{"content": "texte"})
}

func (p *Pages) editEvent(r *http.Request, v *view, c *composerView, by *store.Card, event *essaim.Event) error {
	c.Kind = "evenement"
	c.form = &form{Values: written(r, eventValues(event))}
	for _, f := range p.eventFields(v, []*store.Card{by}) {
		if f.Name != "par" {
			c.Fields = append(c.Fields, f)
		}
	}
	pictures, done, err := p.editPictures(r, v, c, event.Pictures, 1)
	if err != nil || done {
		return err
	}
	changed, before := *event, event.Starts
	p.eventOf(v, c, &changed, pictures)
	if !changed.Starts.Equal(before) && !before.IsZero() && (event.Status == "" || event.Status == essaim.EventScheduled) {
		changed.Status, changed.Previous = essaim.EventRescheduled, before // those who come are told (R11)
	}
	return p.change(r, v, c, by, &changed, eventNames)
}

// editPictures brings the pictures of what is changed into the slots of the form, or reads them from it; done when there is nothing to save yet.
func (p *Pages) editPictures(r *http.Request, v *view, c *composerView, shown []vocab.Picture, most int) (pictures []vocab.Picture, done bool, err error) {
	if r.Method != http.MethodPost {
		for n, pic := range shown[:min(len(shown), most)] {
			if f, ours := p.Site.PictureAt(pic.URL); ours {
				c.Slots = append(c.Slots, &pictureSlot{N: n + 1, Name: f.Stem, Alt: pic.Alt, Decorative: pic.Alt == "", Thumb: p.pictureAddress(&pic, essaim.Icon)})
			}
		}
		err := p.draft(r, v, c.form)
		c.emptySlots(most)
		return nil, true, err
	}
	pictures, err = p.pictures(r, v, c, most, true)
	return pictures, false, err
}

// change saves what was changed, and leads back to its page.
func (p *Pages) change(r *http.Request, v *view, c *composerView, by *store.Card, thing essaim.Thing, names map[string]string) error {
	if !c.check(v) || len(c.Wrong) > 0 {
		return nil
	}
	if _, err := p.publish(r, v, c.form, activity.Update(by.IRI, thing, "")); err != nil {
		return c.refuse(v, err, names)
	}
	return v.done(c.Cancel, "changed")
}

// deleteView is the page that asks before something is deleted.
type deleteView struct {
	Object *objectView
	Cancel string
	Told   int64 // followers to whom it was sent
}

// deleteObject is `/objets/{id}/supprimer`: it says what will happen, then does it.
func (p *Pages) deleteObject(r *http.Request, v *view) error {
	o, by, err := p.mine(r, v)
	if err != nil {
		return err
	}
	shown := p.showObject(v.Lang, o, by)
	if r.Method == http.MethodPost {
		if _, err := p.do(r, v, activity.About(vocab.Delete, by.IRI, o.IRI), nil); err != nil {
			return err
		}
		return v.done(actorPage(by), "deleted")
	}
	d := &deleteView{Object: shown, Cancel: shown.safePage()}
	if d.Told, _, err = store.Reach(r.Context(), p.DB.Read(), by.ID); err != nil {
		return err
	}
	v.Page, v.Title, v.Data = "delete", v.T("delete.title"), d
	return nil
}

// owned marks what the visitor may change among some objects of one author.
func (p *Pages) owned(ctx context.Context, v *view, objects ...*objectView) error {
	if v.User == nil || !slices.ContainsFunc(objects, func(o *objectView) bool { return o.Local }) {
		return nil
	}
	may := make(map[essaim.ID]bool)
	for _, o := range objects {
		if o.AttributedTo == v.User.Card.ID {
			may[o.AttributedTo] = true
		}
	}
	if len(may) == 0 {
		cards, err := p.speakers(ctx, v)
		if err != nil {
			return err
		}
		for _, c := range cards {
			may[c.ID] = true
		}
	}
	for _, o := range objects {
		o.Mine = o.Local && may[o.AttributedTo]
	}
	return nil
}
