package essaim

import (
	"strings"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/i18n"
)

// Post is a short text: a Note of ours, or whatever a stranger's server shows as one (Article, Page, Question, Video).
type Post struct {
	Type                      string
	ID, URL, AttributedTo     string
	Name                      string // of an Article; a Note never has one (T20)
	Warning                   string // content warning: summary of a Note
	HTML, Language            string
	Source                    string // the Markdown it was made from (AP §3.3); "" when it came as HTML
	To, CC                    []string
	InReplyTo, Context, Quote string
	About                     string // the thing a companion Note speaks of
	Published, Updated        time.Time
	Sensitive                 bool
	Hashtags, Mentions        []vocab.Tag
	Pictures                  []vocab.Picture
	Territories               []string
}

const (
	maxPost = 10_000
	markup  = 8 // bytes of HTML that a character may cost, links and accents counted
)

func decodePost(o *vocab.Object) Thing {
	p := &Post{
		Type: o.Type(), ID: o.ID(), URL: o.Link("url"), AttributedTo: o.IRI("attributedTo"), To: vocab.Addresses(o, "to"), CC: vocab.Addresses(o, "cc"),
		InReplyTo: o.IRI("inReplyTo"), Context: o.IRI("context"), Published: o.Time("published"), Updated: o.Time("updated"),
		Pictures: vocab.ReadPictures(o), Territories: o.Strings("territory"), About: o.IRI("about"),
	}
	p.Name, _ = o.Text("name")
	p.HTML, p.Language = o.Text("content")
	p.Source = sourceOf(o)
	summary, _ := o.Text("summary")
	switch {
	case p.Type == vocab.Note || p.Type == vocab.Question:
		p.Warning, p.Name = summary, ""
	case p.HTML == "":
		p.HTML = summary
	}
	for _, key := range []string{"quote", "_misskey_quote", "quoteUrl", "quoteUri"} { // FEP-044f, then what others used before it
		if p.Quote == "" {
			p.Quote = o.IRI(key)
		}
	}
	p.Sensitive, _ = o.Bool("sensitive")
	p.Hashtags, p.Mentions = vocab.ReadTags(o)
	return p
}

// Encode writes the post as a Note; see Thing.
func (p *Post) Encode() *vocab.Object {
	o := vocab.New(vocab.Note, p.ID).SetString("attributedTo", p.AttributedTo).SetStrings("to", p.To...).SetStrings("cc", p.CC...)
	o.SetString("summary", p.Warning).SetText("content", p.Language, p.HTML)
	setSource(o, p.Source)
	o.SetTime("published", p.Published).SetTime("updated", p.Updated).SetString("url", p.URL)
	o.SetString("inReplyTo", p.InReplyTo).SetString("context", p.conversation()).SetString("replies", p.ID+"/replies").SetString("about", p.About)
	o.SetBool("sensitive", p.Sensitive || p.Warning != "").SetString("quote", p.Quote)
	o.SetStrings("territory", p.Territories...)
	var tags []*vocab.Object
	for _, m := range p.Mentions {
		if m.Href == "" {
			continue
		}
		tags = append(tags, vocab.New(vocab.Mention, "").SetString("href", m.Href).SetString("name", m.Name))
	}
	for _, t := range p.Hashtags {
		tags = append(tags, hashtags(p.ID, []string{t.Name})...)
	}
	o.SetObjects("tag", tags...)
	var images []*vocab.Object
	for _, pic := range p.Pictures {
		if pic.URL != "" {
			images = append(images, pic.Object())
		}
	}
	o.SetObjects("attachment", images...)
	return allowQuotes(o, VisibilityOf(p.To, p.CC, ""))
}

// conversation is the thread the post belongs to (FEP-7888). A reply stays in its parent's, which whoever publishes it knows; a post that answers
// nothing begins its own.
func (p *Post) conversation() string {
	if p.Context == "" && p.InReplyTo == "" && p.ID != "" {
		return p.ID + "/context"
	}
	return p.Context
}

// allowQuotes lets Mastodon users quote what is public (FEP-044f): without the policy, 4.5 and later refuse to.
func allowQuotes(o *vocab.Object, v Visibility) *vocab.Object {
	if v > Unlisted {
		return o
	}
	can := vocab.New("", "").SetStrings("automaticApproval", vocab.Public)
	return o.SetObject("interactionPolicy", vocab.New("", "").SetObject("canQuote", can))
}

// Validate says what is missing; see Thing.
func (p *Post) Validate() error {
	switch {
	case strings.TrimSpace(p.HTML) == "" && len(p.Pictures) == 0:
		return FieldError("content", "a post needs some text")
	case len(p.HTML) > markup*maxPost:
		return FieldError("content", "a post has at most %d characters", maxPost)
	}
	return checkTerritories(p.Territories)
}

// Identify sets what the author does not choose; see Thing.
func (p *Post) Identify(i Identity) {
	set(&p.ID, i.ID)
	set(&p.URL, i.URL)
	set(&p.AttributedTo, i.AttributedTo)
	set(&p.Context, i.Context)
	p.Language = firstOf(p.Language, i.Language)
	setList(&p.To, i.To)
	setList(&p.CC, i.CC)
	setTime(&p.Published, i.Published)
	setTime(&p.Updated, i.Updated)
}

// Clean rewrites the HTML; see Thing.
func (p *Post) Clean(sanitise func(string) string) { p.HTML = sanitise(p.HTML) }

// Columns extracts what queries need; see Thing.
func (p *Post) Columns() Columns {
	c := Columns{Territories: p.Territories, Language: p.Language}
	for _, t := range p.Hashtags {
		c.Terms = append(c.Terms, Term{TermTag, TagKey(t.Name)})
	}
	return c
}

// Summary shows the post; see Thing.
func (p *Post) Summary(i18n.Lang) Summary {
	s := Summary{Title: p.Name, Lead: p.Warning, HTML: p.HTML, URL: p.URL}
	if s.URL == "" {
		s.URL = p.ID
	}
	if len(p.Pictures) > 0 {
		s.Image = &p.Pictures[0]
	}
	return s
}
