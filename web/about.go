package web

import "net/http"

// about says what this server is.
func (p *Pages) about(_ *http.Request, v *view) error {
	v.Page, v.Title, v.Sentence, v.Alternate, v.Data = "about", v.T("about.title", v.Instance), v.Typo(v.Settings.Description), p.Site.Instance(), p.Version
	return nil
}
