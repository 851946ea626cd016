package web

// plainPage holds one form and little else. Text is paragraphs above it; without a form it only says something.
type plainPage struct {
	*form
	Text   []string
	Action string // where the form is sent; the page itself when ""
	Button string
	Links  []shortcut
}

// plain shows one.
func (v *view) plain(title string, s *plainPage) *plainPage {
	v.Page, v.Title, v.Data = "plain", title, s
	return s
}

// HasForm tells whether there is something to fill in or to press.
func (s *plainPage) HasForm() bool { return s.form != nil }
