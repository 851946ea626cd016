package web

import (
	"html/template"
	"net/http"
	"strings"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/i18n"
	"essaim/internal/store"
	"essaim/internal/text"
)

// The legal pages, made from what the operator said. They promise only what the program does: the periods of the privacy page are those of auth.Sweep and of the
// sweeps of internal/app.

func (p *Pages) legalRoutes() []route {
	return []route{
		{"/mentions-legales", p.legalNotice, get, always},
		{"/confidentialite", p.privacy, get, always},
		{"/conditions", p.houseTextPage("conditions", "legal.terms"), get, always},
		{"/moderation", p.houseTextPage("regles", "legal.rules"), get, always},
		{"/accessibilite", p.accessibility, get, always},
	}
}

// houseTextNames are the texts an operator may write anew, with the language in which each is.
var houseTextNames = []string{"conditions_fr", "conditions_en", "regles_fr", "regles_en"}

// houseText is the default of one of them, in Markdown.
func houseText(name string) string {
	b, err := files.ReadFile("data/legal/" + name + ".md")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// prose is a page of text; HTML comes from internal/text.
type prose struct {
	HTML  template.HTML
	Rules bool // the page of moderation, with how to reach who does it
}

func (p *Pages) houseTextPage(name, key string) filler {
	return func(_ *http.Request, v *view) error {
		s := v.Settings
		written := map[string]string{"conditions_fr": s.TermsFR, "conditions_en": s.TermsEN, "regles_fr": s.RulesFR, "regles_en": s.RulesEN}
		source := name + "_" + string(v.Lang)
		markdown := firstOf(written[source], houseText(source))
		v.Page, v.Title, v.Sentence = "prose", v.T(key+".title"), v.T(key+".lead", v.Instance)
		v.Data = &prose{HTML: template.HTML(text.Markdown(v.Typo(markdown))), Rules: name == "regles"}
		return nil
	}
}

// legalNotice is that of LCEN 6-III (L3): only facts, and a word where one is missing.
func (p *Pages) legalNotice(_ *http.Request, v *view) error {
	v.Page, v.Title, v.Sentence = "notice", v.T("legal.notice.title"), v.T("legal.notice.lead", v.Instance)
	return nil
}

// processing is what is done with the data of people: a notice for each (L4).
type processing struct{ Title, Data, Why, Kept, Who string }

func (p *Pages) privacy(_ *http.Request, v *view) error {
	v.Page, v.Title, v.Sentence = "privacy", v.T("legal.privacy.title"), v.T("legal.privacy.lead")
	var all []processing
	for _, name := range []string{"account", "signup", "publish", "remote", "letters", "security", "moderation"} {
		key := "legal.privacy." + name
		all = append(all, processing{v.T(key), v.T(key + "_data"), v.T(key + "_why"), v.T(key + "_kept"), v.T(key + "_who")})
	}
	v.Data = all
	return nil
}

// accessView is the accessibility statement (L1). Nothing is claimed before an audit.
type accessView struct {
	store.AccessStatement
	Label string // of the status
	On    string // day of the audit
}

func (p *Pages) accessibility(_ *http.Request, v *view) error {
	a := &accessView{AccessStatement: v.Settings.Access, Label: v.accessStatus()}
	if day, err := time.Parse(time.DateOnly, a.Date); err == nil {
		a.On = v.Typo(i18n.Date(v.Lang, day, time.UTC))
		a.On, _, _ = strings.Cut(a.On, ",")
	}
	v.Page, v.Title, v.Sentence, v.Data = "accessibility", v.T("access.title"), v.T("access.state", strings.ToLower(a.Label)), a
	return nil
}

func (v *view) accessStatus() string {
	return essaim.AccessibilityStatuses.Label(firstOf(v.Settings.Access.Status, essaim.AccessibilityNonCompliant), v.Lang)
}

// FooterAccess is the line every page ends with, by law.
func (v *view) FooterAccess() string {
	return v.T("footer.accessibility_state", strings.ToLower(v.accessStatus()))
}

// CanJoin tells whether a stranger can ask for an account.
func (v *view) CanJoin() bool {
	return v.Settings.SignUpMode() != store.SignUpInvitation && (v.Demo || v.Settings.Open())
}

// securityTxt is RFC 9116: whom to tell of a hole. Its validity ends within a year, as §2.5.5 asks, and is renewed by being served.
func (p *Pages) securityTxt(w http.ResponseWriter, r *http.Request) {
	s := p.instance(r.Context())
	contact := "mailto:" + s.Publisher.Email
	if s.Publisher.Email == "" {
		contact = p.Site.Base + "/mentions-legales"
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	body := "Contact: " + contact + "\nExpires: " + p.Clock().UTC().AddDate(0, 6, 0).Format(time.RFC3339) + "\nPreferred-Languages: fr, en\nCanonical: " + p.Site.Base + "/.well-known/security.txt\nPolicy: " + p.Site.Base + "/mentions-legales\n"
	if _, err := w.Write([]byte(body)); err != nil {
		p.Logger.Debug("the reader went away", "path", r.URL.Path)
	}
}
