package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/media"
	"essaim/internal/store"
)

// composerView is a page on which something is written: its form, its pictures, who may speak, and the preview once it was asked for.
type composerView struct {
	*form
	Kind     string         // message, projet, evenement
	Slots    []*pictureSlot // of pictures
	Preview  *objectView    // how it will look; nil before it was asked for
	Sheet    *actorView     // the same for a project
	Audience string         // who will see it, and how many it is sent to
	Parent   *objectView    // what is answered
	Editing  bool
	Cancel   string // where to go without saving
}

// Buttons of a composer.
const (
	actionField   = "action"
	actionPreview = "apercu"
	actionDraft   = "brouillon"
)

// pictureSlot is a place for one picture in a form. A picture that was taken stays with the form by its name, whatever else was wrong.
type pictureSlot struct {
	N          int
	Name       string // of a picture that is kept already
	Thumb      string
	Alt        string
	Decorative bool
	Fault      string
}

// maxPictures is how many a post shows, as on Mastodon.
const maxPictures = 4

func slot(n int, name string) string { return name + "." + strconv.Itoa(n) }

// speakers are the actors a visitor may speak for, the person first.
func (p *Pages) speakers(ctx context.Context, v *view) ([]*store.Card, error) {
	return store.ActsFor(ctx, p.DB.Read(), v.User.Account)
}

// speakerField lets the visitor choose who speaks; nothing to choose is a hidden field.
func (p *Pages) speakerField(v *view, cards []*store.Card) *field {
	f := &field{Name: "par", Label: v.T("compose.as"), Kind: "select", Required: true}
	var g optionGroup
	for _, c := range cards {
		g.Options = append(g.Options, option{Value: c.Handle, Label: p.showActor(v.Lang, c).Name})
	}
	f.Groups = []optionGroup{g}
	if len(cards) == 1 {
		f.Kind = "hidden"
	}
	return f
}

// speaker is the actor that was chosen; the person when nothing was.
func speaker(cards []*store.Card, handle string) *store.Card {
	for _, c := range cards {
		if c.Handle == handle {
			return c
		}
	}
	return cards[0]
}

// pictures reads the pictures of a form into its slots, as many as there may be: new files are taken at once, and stay with the form when something else is
// wrong. It returns those to publish, in order; what is missing becomes a fault of the form.
func (p *Pages) pictures(r *http.Request, v *view, c *composerView, most int, needAlt bool) ([]vocab.Picture, error) {
	var out []vocab.Picture
	ctx, owner := r.Context(), v.User.Card.ID
	for n := 1; n <= most; n++ {
		s := &pictureSlot{N: n, Alt: c.Get(slot(n, "alt")), Decorative: c.Get(slot(n, "deco")) != "", Name: c.Get(slot(n, "image"))}
		c.Slots = append(c.Slots, s)
		if c.Get(slot(n, "retirer")) != "" && s.Name != "" {
			if err := p.Media.Discard(ctx, owner, s.Name); err != nil && !errors.Is(err, store.ErrNotFound) {
				return nil, err
			}
			*s = pictureSlot{N: n}
			continue
		}
		m, err := p.picture(r, owner, s)
		if err != nil {
			if key := media.Key(err); key != "" {
				s.Fault = v.T(key)
				c.add(v, slot(n, "fichier"), s.Fault)
				continue
			}
			if essaim.CodeOf(err) == essaim.Unavailable {
				s.Fault = v.T("compose.pictures_busy")
				c.add(v, slot(n, "fichier"), s.Fault)
				continue
			}
			return nil, err
		}
		if m == nil {
			continue
		}
		s.Name, s.Thumb = m.Name, p.Media.Address(m, essaim.Icon)
		if needAlt && s.Alt == "" && !s.Decorative {
			s.Fault = v.T("compose.alt_missing")
			c.add(v, slot(n, "alt"), s.Fault)
			continue
		}
		m.Alt, m.Decorative = s.Alt, s.Decorative && s.Alt == ""
		out = append(out, p.Media.Picture(m))
	}
	return out, nil
}

// picture is the picture of one slot: a file that has just come, or one that the form keeps; nil for none.
func (p *Pages) picture(r *http.Request, owner essaim.ID, s *pictureSlot) (*store.Media, error) {
	ctx := r.Context()
	if r.MultipartForm != nil {
		if files := r.MultipartForm.File[slot(s.N, "fichier")]; len(files) > 0 && files[0].Size > 0 {
			f, err := files[0].Open()
			if err != nil {
				return nil, err
			}
			defer f.Close()
			return p.Media.Add(ctx, owner, f, s.Alt, s.Decorative)
		}
	}
	if s.Name == "" {
		return nil, nil
	}
	m, err := p.Media.Waiting(ctx, owner, s.Name)
	if errors.Is(err, store.ErrNotFound) {
		s.Name = ""
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if m.Alt != s.Alt || m.Decorative != s.Decorative {
		if err := p.Media.Describe(ctx, owner, m.Name, s.Alt, s.Decorative); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// emptySlots are those of a form that shows no picture yet.
func (c *composerView) emptySlots(most int) {
	for n := len(c.Slots) + 1; n <= most; n++ {
		c.Slots = append(c.Slots, &pictureSlot{N: n, Alt: c.Get(slot(n, "alt")), Name: c.Get(slot(n, "image"))})
	}
}

// Opened tells whether what a post may do without stands open: something of it is filled in, or wrong.
func (c *composerView) Opened() bool {
	return c.Get("avertissement") != "" || c.Get("visibilite") != "" && c.Get("visibilite") != essaim.PublicV.String() ||
		slices.ContainsFunc(c.Wrong, func(w fault) bool { return w.Field != "texte" && w.Field != "" })
}

// Pictured tells whether a slot shows a picture or a fault, so that it stands open.
func (c *composerView) Pictured() bool {
	return slices.ContainsFunc(c.Slots, func(s *pictureSlot) bool { return s.Name != "" || s.Fault != "" })
}

// audience says who will see what an actor publishes, and how many people on how many instances it is sent to (ui "Composer").
func (p *Pages) audience(ctx context.Context, v *view, by *store.Card, visibility essaim.Visibility) (string, error) {
	if visibility == essaim.Direct {
		return v.T("compose.audience.direct"), nil
	}
	followers, hosts, err := store.Reach(ctx, p.DB.Read(), by.ID)
	if err != nil {
		return "", err
	}
	who := v.T("compose.audience." + visibility.String())
	if hosts == 0 {
		return who + " " + v.T("compose.sent_here", followers), nil
	}
	return who + " " + v.T("compose.sent", followers) + " " + v.T("compose.sent_hosts", hosts), nil
}

// keep answers the button that keeps a draft; true when it was pressed.
func (p *Pages) keep(r *http.Request, v *view, c *composerView) (bool, error) {
	if c.Get(actionField) != actionDraft {
		return false, nil
	}
	c.Wrong, v.Status = nil, http.StatusOK
	values := r.PostForm
	values.Del(actionField)
	for _, s := range c.Slots { // what has just been taken comes back with the draft
		values.Set(slot(s.N, "image"), s.Name)
	}
	if err := p.keepDraft(r.Context(), v.User.Account.ID, r.URL.RequestURI(), values); err != nil {
		return true, err
	}
	return true, v.done("/brouillons", "draft")
}

// publish carries a composer out: the activity, the token of the form and the end of its draft in one transaction. A second click leads where the first one led.
func (p *Pages) publish(r *http.Request, v *view, f *form, a *vocab.Activity) (activity.Outcome, error) {
	ctx, account := r.Context(), v.User.Account
	if p.Prepare != nil {
		if err := p.Prepare(ctx, a, account); err != nil {
			return activity.Outcome{}, err
		}
	}
	from := activity.Local(account.ID).Also(func(_ context.Context, tx *store.Tx) error {
		if err := p.spend(ctx, tx, f, account.ID); err != nil {
			return err
		}
		return tx.DropDraft(ctx, account.ID, draftName(r.URL.RequestURI()))
	})
	return p.Activity.Apply(ctx, a, from)
}

// languageField is the language something is written in.
func languageField(v *view) *field {
	return &field{Name: "langue", Label: v.T("compose.language"), Kind: "select", Groups: []optionGroup{{Options: []option{
		{Value: "fr", Label: "Français"}, {Value: "en", Label: "English"}, {Value: "br", Label: "Brezhoneg"}, {Value: "co", Label: "Corsu"}, {Value: "rcf", Label: "Kréol réyoné"},
		{Value: "oc", Label: "Occitan"}, {Value: "eu", Label: "Euskara"}, {Value: "de", Label: "Deutsch"}, {Value: "es", Label: "Español"}}}}}
}

// conceptChoices makes the options of a vocabulary; an empty one first when nothing need be chosen.
func conceptChoices(v *view, s *essaim.Scheme, open string) []optionGroup {
	var g optionGroup
	if open != "" {
		g.Options = append(g.Options, option{Label: open})
	}
	for _, c := range s.Concepts {
		g.Options = append(g.Options, option{Value: c.ID, Label: v.Typo(c.Label(v.Lang))})
	}
	return []optionGroup{g}
}

// written are the values of a form as the visitor left it, or as it begins. Who speaks and the language have an answer even when the form says nothing of them.
func written(r *http.Request, begin map[string][]string) map[string][]string {
	if r.Method != http.MethodPost {
		return begin
	}
	for _, name := range []string{"par", "langue"} {
		if _, told := r.PostForm[name]; !told && begin[name] != nil {
			r.PostForm[name] = begin[name]
		}
	}
	return r.PostForm
}

// drafts lists what was begun and not published.
func (p *Pages) drafts(r *http.Request, v *view) error {
	ctx, account := r.Context(), v.User.Account.ID
	if r.Method == http.MethodPost {
		return p.changeDraft(r, v)
	}
	list, err := store.DraftsOf(ctx, p.DB.Read(), account)
	var shown []draftView
	for _, d := range list {
		shown = append(shown, showDraft(v, d))
	}
	v.Page, v.Title, v.Sentence, v.Data = "drafts", v.T("drafts.title"), v.T("drafts.lede"), shown
	return err
}

type draftView struct{ Page, What, Text, Date string }

func showDraft(v *view, d *store.Draft) draftView {
	out := draftView{Page: d.Form, Date: v.Moment(d.Updated), What: v.T("drafts.other")}
	path, _, _ := strings.Cut(d.Form, "?")
	for prefix, key := range map[string]string{"/publier/message": "compose.message", "/publier/projet": "compose.project", "/publier/evenement": "compose.event", "/objets/": "drafts.edit"} {
		if strings.HasPrefix(path, prefix) {
			out.What = v.T(key)
		}
	}
	if values, err := parseQuery(d.Fields); err == nil {
		for _, name := range []string{"titre", "nom", "texte", "probleme"} {
			if s := strings.TrimSpace(values.Get(name)); s != "" {
				out.Text = excerpt(s)
				break
			}
		}
	}
	return out
}

// changeDraft throws a draft away, or keeps one that a script sends while it is written: then there is nothing to show.
func (p *Pages) changeDraft(r *http.Request, v *view) error {
	ctx, account, address := r.Context(), v.User.Account.ID, localPath(r.PostForm.Get("formulaire"))
	values := r.PostForm
	values.Del("formulaire")
	if values.Get(actionField) == "garder" {
		values.Del(actionField)
		if err := p.keepDraft(ctx, account, address, values); err != nil {
			return err
		}
		v.Status = http.StatusNoContent
		return nil
	}
	if err := p.DB.Write(ctx, store.Promised, func(tx *store.Tx) error { return tx.DropDraft(ctx, account, draftName(address)) }); err != nil {
		return err
	}
	return v.done("/brouillons", "draft_gone")
}

// languageOf is what a text is written in when its author does not say.
func languageOf(v *view) string {
	if v.Lang == i18n.EN {
		return "en"
	}
	return "fr"
}
