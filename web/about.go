package web

import "net/http"

// about says what this server is; the legal pages come with the operator's assistant.
func (p *Pages) about(_ *http.Request, v *view) error {
	v.Page, v.Title, v.Sentence, v.Alternate, v.Data = "about", v.T("about.title", p.Name), v.Typo(p.Description), p.Site.Instance(), p.Version
	return nil
}

// accessibility states where the site stands, as the law asks of public bodies, and whom to tell.
func (p *Pages) accessibility(_ *http.Request, v *view) error {
	v.Page, v.Title, v.Sentence = "accessibility", v.T("access.title"), v.T("access.status")
	return nil
}
