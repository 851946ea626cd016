package mail

import "essaim/internal/i18n"

// page is a letter made ready to be laid out: on single lines, bounded, with the spacing of its language, without what cannot be shown.
type page struct {
	Lang        i18n.Lang
	Subject     string
	Heading     string
	Paragraphs  []string
	Sections    []Section
	Button      *Button
	Closing     []string
	Reason      string
	Instance    string
	Unsubscribe string
}

func (l *Letter) page() page {
	lang, ok := i18n.Parse(string(l.Language))
	if !ok {
		lang = i18n.FR
	}
	set := func(s string, n int) string { return i18n.Typo(lang, line(s, n)) }
	all := func(in []string) (out []string) {
		for _, s := range in {
			if s = set(s, maxParagraph); s != "" {
				out = append(out, s)
			}
		}
		return out
	}
	p := page{Lang: lang, Subject: set(l.Subject, maxSubject), Heading: set(l.Heading, maxLine), Paragraphs: all(l.Paragraphs), Closing: all(l.Closing),
		Reason: set(l.Reason, maxParagraph), Instance: set(l.Instance, maxLine), Unsubscribe: l.Unsubscribe}
	if p.Heading == "" {
		p.Heading = p.Subject
	}
	if l.Button != nil {
		p.Button = &Button{set(l.Button.Label, maxLine), l.Button.URL}
	}
	for _, s := range l.Sections {
		part := Section{Heading: set(s.Heading, maxLine)}
		for _, i := range s.Items {
			item := Item{Title: set(i.Title, maxLine), Text: set(i.Text, maxParagraph), Meta: set(i.Meta, maxLine)}
			if linkable(i.Link) {
				item.Link = i.Link
			}
			part.Items = append(part.Items, item)
		}
		if len(part.Items) > 0 {
			p.Sections = append(p.Sections, part)
		}
	}
	return p
}

// T is a message in the language of the letter, for the layouts.
func (p page) T(key string, args ...any) string {
	return i18n.Typo(p.Lang, i18n.T(p.Lang, key, args...))
}
