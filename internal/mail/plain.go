package mail

import (
	"strings"
	"unicode/utf8"
)

// width is where lines of plain text are broken (RFC 5322 §2.1.1 asks for less than 78).
const width = 72

// plain lays a letter out as text: one idea after the other, every address on a line of its own so that readers make it a link.
func (p page) plain() string {
	var b strings.Builder
	put := func(s string) {
		if s != "" {
			b.WriteString(s + "\n\n")
		}
	}
	put(wrapped(p.Heading, ""))
	for _, s := range p.Paragraphs {
		put(wrapped(s, ""))
	}
	for _, s := range p.Sections {
		if s.Heading != "" {
			put(s.Heading + "\n" + strings.Repeat("-", min(utf8.RuneCountInString(s.Heading), width)))
		}
		for _, i := range s.Items {
			put(i.plain())
		}
	}
	if p.Button != nil {
		put(p.T("mail.label", p.Button.Label) + "\n" + p.Button.URL)
	}
	for _, s := range p.Closing {
		put(wrapped(s, ""))
	}
	b.WriteString("-- \n") // what follows is a signature to those who read mail as text (RFC 3676 §4.3)
	for _, s := range []string{p.Instance, p.Reason} {
		if s != "" {
			b.WriteString(wrapped(s, "") + "\n")
		}
	}
	if p.Unsubscribe != "" {
		b.WriteString(p.T("mail.label", p.T("mail.unsubscribe")) + "\n" + p.Unsubscribe + "\n")
	}
	return b.String()
}

func (i Item) plain() string {
	lines := []string{"* " + strings.TrimLeft(wrapped(i.Title, "  "), " ")}
	for _, s := range []string{i.Meta, i.Text} {
		if s != "" {
			lines = append(lines, wrapped(s, "  "))
		}
	}
	if i.Link != "" {
		lines = append(lines, "  "+i.Link)
	}
	return strings.Join(lines, "\n")
}

// wrapped breaks a text at ordinary spaces; no-break spaces hold.
func wrapped(s, indent string) string {
	var b strings.Builder
	column := 0
	for i, word := range strings.Split(s, " ") {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
			b.WriteString(indent)
			column = len(indent)
		case column+1+n > width:
			b.WriteString("\n" + indent)
			column = len(indent)
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += n
	}
	return b.String()
}
