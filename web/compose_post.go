package web

import (
	"net/http"
	"net/url"
	"strings"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/text"
)

func parseQuery(s string) (url.Values, error) { return url.ParseQuery(s) }

func excerpt(s string) string { return text.Excerpt(s, short) }

func (p *Pages) composeRoutes() []route {
	return []route{
		{"/publier", p.publishDoor, get, members},
		{"/publier/message", p.composePost, getPost, members},
		{"/publier/projet", p.composeProject, getPost, members},
		{"/publier/evenement", p.composeEvent, getPost, members},
		{"/brouillons", p.drafts, getPost, members},
		{"/objets/{id}/modifier", p.editObject, getPost, members},
		{"/objets/{id}/supprimer", p.deleteObject, getPost, members},
	}
}

// publishDoor is where one chooses what to write.
func (p *Pages) publishDoor(_ *http.Request, v *view) error {
	v.Page, v.Title = "publish", v.T("publish.title")
	v.Data = []shortcut{
		{Label: v.T("compose.message"), Page: "/publier/message", Icon: "square-pen"},
		{Label: v.T("compose.project"), Page: "/publier/projet", Icon: "lightbulb"},
		{Label: v.T("compose.event"), Page: "/publier/evenement", Icon: "calendar"},
	}
	return nil
}

// visibilities are the words of a form for whom a post is for.
var visibilities = []essaim.Visibility{essaim.PublicV, essaim.Unlisted, essaim.Followers, essaim.Direct}

func visibilityNamed(word string) essaim.Visibility {
	for _, x := range visibilities {
		if x.String() == word {
			return x
		}
	}
	return essaim.PublicV
}

// composePost is `/publier/message`, or an answer to something with `?reponse=`.
func (p *Pages) composePost(r *http.Request, v *view) error {
	cards, err := p.speakers(r.Context(), v)
	if err != nil {
		return err
	}
	c := &composerView{Kind: "message", Cancel: "/fil"}
	parent, err := p.answered(r, v, c)
	if err != nil {
		return err
	}
	begin := map[string][]string{"langue": {languageOf(v)}, "visibilite": {essaim.PublicV.String()}, "par": {v.User.Card.Handle}}
	if parent != nil {
		begin["texte"] = []string{p.salute(v, c.Parent)}
		begin["visibilite"] = []string{parent.Visibility.String()}
	}
	c.form = (&form{Values: written(r, begin), Fields: p.postFields(v, cards)}).single(r)
	v.Page, v.Title, v.Data = "compose", v.T("compose.message_title"), c
	if parent != nil {
		v.Title = v.T("compose.answer_title")
	}
	if r.Method != http.MethodPost {
		if err := p.draft(r, v, c.form); err != nil {
			return err
		}
		c.emptySlots(maxPictures)
		return nil
	}
	return p.sendPost(r, v, c, cards, parent)
}

func (p *Pages) postFields(v *view, cards []*store.Card) []*field {
	var who optionGroup
	for _, x := range visibilities {
		who.Options = append(who.Options, option{Value: x.String(), Label: v.T("compose.visibility." + x.String()), Hint: v.T("compose.visibility_hint." + x.String())})
	}
	return []*field{
		{Name: "texte", Label: v.T("compose.text"), Hint: v.T("compose.text_hint"), Kind: "textarea", Rows: 6, Max: 10000, Bare: true},
		{Name: "visibilite", Label: v.T("compose.visibility"), Kind: "radio", Wide: true, Groups: []optionGroup{who}},
		{Name: "avertissement", Label: v.T("compose.warning"), Hint: v.T("compose.warning_hint"), Max: 300},
		languageField(v),
		p.speakerField(v, cards),
	}
}

// answered finds what is answered, which the visitor must be able to see.
func (p *Pages) answered(r *http.Request, v *view, c *composerView) (*store.Object, error) {
	asked := r.URL.Query().Get("reponse")
	if asked == "" {
		return nil, nil
	}
	id, err := essaim.ParseID(asked)
	if err != nil {
		return nil, store.ErrNotFound
	}
	o, seen, err := p.seen(r.Context(), v, id)
	if err != nil || !seen {
		return nil, store.ErrNotFound
	}
	items, err := p.showAll(r.Context(), v.Lang, []*store.Object{o})
	if err != nil {
		return nil, err
	}
	c.Parent, c.Cancel = items[0], items[0].safePage()
	return o, nil
}

// salute begins an answer with the handle of whom it is for, so that other servers tell them.
func (p *Pages) salute(v *view, parent *objectView) string {
	if parent.Author == nil || parent.Author.ID == v.User.Card.ID {
		return ""
	}
	return parent.Author.Handle + " "
}

// sendPost checks, previews, keeps or publishes a post.
func (p *Pages) sendPost(r *http.Request, v *view, c *composerView, cards []*store.Card, parent *store.Object) error {
	pictures, err := p.pictures(r, v, c, maxPictures, true)
	if err != nil {
		return err
	}
	if kept, err := p.keep(r, v, c); kept {
		return err
	}
	by := speaker(cards, c.Get("par"))
	post := p.postOf(c, by, parent, pictures)
	if strings.TrimSpace(post.Source) == "" && len(pictures) == 0 {
		c.add(v, "texte", v.T("compose.text_missing"))
	}
	if !c.check(v) || len(c.Wrong) > 0 {
		return nil
	}
	if c.Get(actionField) == actionPreview {
		c.Audience, err = p.audience(r.Context(), v, by, visibilityNamed(c.Get("visibilite")))
		c.Preview = p.previewOf(v, by, post)
		return err
	}
	out, err := p.publish(r, v, c.form, activity.Create(by.IRI, post))
	if sent(err) {
		return v.done("/fil", "posted")
	}
	if err != nil {
		return c.refuse(v, err, map[string]string{"content": "texte", "summary": "avertissement"})
	}
	page := "/fil"
	if parent != nil {
		page = c.Cancel
	}
	_ = out
	return v.done(page, "posted")
}

// postOf is the post a form describes. The text is rendered again, with its mentions and tags, before it is published.
func (p *Pages) postOf(c *composerView, by *store.Card, parent *store.Object, pictures []vocab.Picture) *essaim.Post {
	source := strings.TrimSpace(c.Values.Get("texte"))
	post := &essaim.Post{Source: source, HTML: text.Markdown(source), Warning: c.Get("avertissement"), Language: c.Get("langue"), Pictures: pictures}
	followers := by.IRI + "/followers"
	visibility := visibilityNamed(c.Get("visibilite"))
	var named []string
	if parent != nil {
		post.InReplyTo = parent.IRI
		if c.Parent.Author != nil && visibility > essaim.Unlisted {
			named = append(named, c.Parent.Author.IRI)
		}
	}
	if visibility == essaim.Direct {
		named = append(named, by.IRI) // so that it is never for everybody, even when it names nobody
	}
	post.To, post.CC = visibility.Address(followers, named...)
	return post
}

// previewOf shows a thing as it will look.
func (p *Pages) previewOf(v *view, by *store.Card, thing essaim.Thing) *objectView {
	thing.Clean(text.SanitizeLocal)
	doc := thing.Encode()
	kind, _ := essaim.KindOf(doc)
	o := &store.Object{Kind: kind.Name, Type: doc.Type(), Local: true, AttributedTo: by.ID, Published: p.Clock(), Policy: text.PolicyVersion, Doc: string(doc.Bytes()), HTML: thing.Summary(v.Lang).HTML,
		Language: thing.Columns().Language, Visibility: essaim.VisibilityOf(vocab.Addresses(doc, "to"), vocab.Addresses(doc, "cc"), by.IRI+"/followers")}
	return p.showObject(v.Lang, o, by)
}
