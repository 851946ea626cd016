package web

import (
	"html"
	"net/http"
	"strings"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/essaim"
	"essaim/internal/store"
	"essaim/internal/text"
)

// settingsView is one page of the settings: a form under the list of all of them.
type settingsView struct {
	*form
	Tabs []tab
}

// settingsTabs are the pages of the settings. A subject adds its own here.
func settingsTabs(v *view) []tab {
	path, _, _ := strings.Cut(v.Here, "?")
	var tabs []tab
	for _, t := range [][2]string{
		{"settings.profile", "/reglages/profil"}, {"settings.account", "/reglages/compte"}, {"settings.sessions", "/reglages/sessions"}, {"settings.privacy", "/reglages/confidentialite"}, {"settings.notices", "/reglages/notifications"}, {"settings.mutes", "/reglages/masques"},
		{"settings.invitations", "/reglages/invitations"},
		{"settings.display", "/affichage"}, {"settings.export", "/reglages/export"}, {"settings.delete", "/reglages/supprimer"},
	} {
		tabs = append(tabs, tab{Label: v.T(t[0]), Page: t[1], Current: t[1] == path})
	}
	return tabs
}

func (p *Pages) settingsRoutes() []route {
	return []route{
		{"/reglages", p.settingsDoor, get, members},
		{"/reglages/profil", p.profileSettings, getPost, members},
		{"/reglages/confidentialite", p.privacySettings, getPost, members},
		{"/reglages/notifications", p.noticeSettings, getPost, members},
		{"/reglages/export", p.exports, getPost, members},
		{"/reglages/supprimer", p.leave, getPost, members},
		{"/affichage", p.display, getPost, always},
	}
}

func (p *Pages) settingsDoor(_ *http.Request, v *view) error {
	v.Redirect = "/reglages/profil"
	return nil
}

// settings shows a page of the settings with its form.
func (v *view) settings(title string, f *form) *settingsView {
	s := &settingsView{form: f, Tabs: settingsTabs(v)}
	v.Page, v.Title, v.Data = "settings", v.T(title), s
	return s
}

// maxProperties is how many lines of their own people put on their page; other servers show four.
const maxProperties = 4

// profileSettings is what a person says of herself.
func (p *Pages) profileSettings(r *http.Request, v *view) error {
	me, ok := v.User.View.Thing.(*essaim.Profile)
	if !ok {
		return store.ErrNotFound
	}
	f := &form{Values: r.PostForm}
	f.Fields = []*field{
		{Name: "nom", Label: v.T("profile.name"), Required: true, Max: 100, Autocomplete: "name"},
		{Name: "presentation", Label: v.T("profile.about"), Hint: v.T("profile.about_hint"), Kind: "textarea", Rows: 5, Max: 2000},
		{Name: "territoires", Label: v.T("profile.territories"), Hint: v.T("profile.territories_hint"), Max: 300},
	}
	for i := range maxProperties {
		n := string(rune('1' + i))
		f.Fields = append(f.Fields,
			&field{Name: "titre." + n, Label: v.T("profile.property", n), Max: 60},
			&field{Name: "valeur." + n, Label: v.T("profile.property_value", n), Max: 300})
	}
	v.settings("settings.profile", f)
	if r.Method != http.MethodPost {
		f.Values = profileValues(me)
		return p.draft(r, v, f)
	}
	if !f.check(v) {
		return nil
	}
	changed := *me
	changed.Name, changed.Source = f.Get("nom"), f.Get("presentation")
	changed.HTML = text.Markdown(changed.Source)
	var err error
	if changed.Territories, err = territoriesNamed(f.Get("territoires")); err != nil {
		return f.refuse(v, err, map[string]string{"territory": "territoires"})
	}
	changed.Properties = nil
	for i := range maxProperties {
		n := string(rune('1' + i))
		if name, value := f.Get("titre."+n), f.Get("valeur."+n); name != "" && value != "" {
			changed.Properties = append(changed.Properties, vocab.Property{Name: name, Value: linked(value)})
		}
	}
	if _, err := p.do(r, v, activity.Update(v.User.Card.IRI, &changed, ""), nil); err != nil {
		return f.refuse(v, err, map[string]string{"name": "nom", "summary": "presentation", "territory": "territoires"})
	}
	return v.done("/reglages/profil", "saved")
}

func profileValues(me *essaim.Profile) map[string][]string {
	values := map[string][]string{"nom": {me.Name}, "presentation": {firstOf(me.Source, text.Plain(me.HTML))}}
	var names []string
	for _, key := range me.Territories {
		if t, ok := essaim.TerritoryByKey(key); ok {
			names = append(names, t.Title())
		}
	}
	values["territoires"] = []string{strings.Join(names, "; ")}
	for i, pr := range me.Properties[:min(len(me.Properties), maxProperties)] {
		n := string(rune('1' + i))
		values["titre."+n], values["valeur."+n] = []string{pr.Name}, []string{text.Plain(pr.Value)}
	}
	return values
}

// linked is a line of text as HTML, a link when it is an address.
func linked(line string) string {
	if address, ok := text.SafeURL(line); ok {
		return `<a href="` + html.EscapeString(address) + `" rel="me nofollow noopener">` + html.EscapeString(line) + `</a>`
	}
	return html.EscapeString(line)
}

// privacySettings is who may find and follow a person.
func (p *Pages) privacySettings(r *http.Request, v *view) error {
	me, ok := v.User.View.Thing.(*essaim.Profile)
	if !ok {
		return store.ErrNotFound
	}
	f := &form{Values: r.PostForm, Fields: []*field{
		{Name: "annuaire", Label: v.T("privacy.discoverable"), Hint: v.T("privacy.discoverable_hint"), Kind: "checkbox"},
		{Name: "recherche", Label: v.T("privacy.indexable"), Hint: v.T("privacy.indexable_hint"), Kind: "checkbox"},
		{Name: "demandes", Label: v.T("privacy.approval"), Hint: v.T("privacy.approval_hint"), Kind: "checkbox"},
	}}
	v.settings("settings.privacy", f)
	if r.Method != http.MethodPost {
		f.Values = map[string][]string{"annuaire": ticked(me.Discoverable), "recherche": ticked(me.Indexable), "demandes": ticked(me.ManuallyApproves)}
		return nil
	}
	changed := *me
	changed.Discoverable, changed.Indexable, changed.ManuallyApproves = f.Get("annuaire") != "", f.Get("recherche") != "", f.Get("demandes") != ""
	if _, err := p.do(r, v, activity.Update(v.User.Card.IRI, &changed, ""), nil); err != nil {
		return f.refuse(v, err, nil)
	}
	return v.done("/reglages/confidentialite", "saved")
}

func ticked(on bool) []string {
	if on {
		return []string{"1"}
	}
	return nil
}

// noticeSettings is what a person is written to about.
func (p *Pages) noticeSettings(r *http.Request, v *view) error {
	f := &form{Values: r.PostForm, Fields: []*field{
		{Name: "mentions", Label: v.T("notices.mentions"), Kind: "checkbox"},
		{Name: "semaine", Label: v.T("notices.digest"), Hint: v.T("notices.digest_hint"), Kind: "checkbox"},
	}}
	v.settings("settings.notices", f)
	v.Sentence = v.T("notices.lede", v.User.Account.Email)
	if r.Method != http.MethodPost {
		f.Values = map[string][]string{"mentions": ticked(!v.User.Account.Prefs.NoMentions), "semaine": ticked(!v.User.Account.Prefs.NoDigest)}
		return nil
	}
	prefs := v.User.Account.Prefs
	prefs.NoMentions, prefs.NoDigest = f.Get("mentions") == "", f.Get("semaine") == ""
	err := p.DB.Write(r.Context(), store.Promised, func(tx *store.Tx) error { return tx.SetPrefs(r.Context(), v.User.Account.ID, prefs) })
	if err != nil {
		return err
	}
	return v.done("/reglages/notifications", "saved")
}

// themeCookie keeps light or dark: a display preference, for those without an account too.
const themeCookie = "theme"

// display is the language and the colours of the pages, for everybody.
func (p *Pages) display(r *http.Request, v *view) error {
	f := &form{Values: r.PostForm, Fields: []*field{
		{Name: "theme", Label: v.T("display.theme"), Kind: "radio", Required: true, Groups: []optionGroup{{Options: []option{
			{Value: "auto", Label: v.T("display.auto")}, {Value: "light", Label: v.T("display.light")}, {Value: "dark", Label: v.T("display.dark")}}}}},
		{Name: "langue", Label: v.T("display.language"), Kind: "radio", Required: true, Groups: []optionGroup{{Options: []option{
			{Value: "fr", Label: "Français"}, {Value: "en", Label: "English"}}}}},
	}}
	if v.User != nil {
		v.settings("settings.display", f)
	} else {
		v.Page, v.Title, v.Data = "settings", v.T("settings.display"), &settingsView{form: f}
	}
	v.Sentence = v.T("display.lede")
	if r.Method != http.MethodPost {
		f.Values = map[string][]string{"theme": {firstOf(v.Theme, "auto")}, "langue": {string(v.Lang)}}
		return nil
	}
	if !f.check(v) {
		return nil
	}
	lang := f.Get("langue")
	v.Cookies = append(v.Cookies, p.preference(themeCookie, f.Get("theme")), p.preference(languageCookie, lang))
	if v.User != nil {
		err := p.DB.Write(r.Context(), store.Promised, func(tx *store.Tx) error { return tx.SetLanguage(r.Context(), v.User.Account.ID, lang) })
		if err != nil {
			return err
		}
	}
	return v.done("/affichage", "saved")
}

// preference is a cookie that keeps how pages are shown, and nothing else.
func (p *Pages) preference(name, value string) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: int(sessionCookieLife / time.Second), HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: p.secure()}
}

// colours are light or dark when the reader chose; "" leaves it to the browser.
func colours(r *http.Request) string {
	if c, err := r.Cookie(themeCookie); err == nil && (c.Value == "light" || c.Value == "dark") {
		return c.Value
	}
	return ""
}
