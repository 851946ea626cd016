package mail

import (
	_ "embed"
	"html/template"
	"strings"
)

//go:embed letter.gohtml
var letterSource string

// letterHTML escapes by context, whatever a title or a name holds.
var letterHTML = template.Must(template.New("letter").Parse(letterSource))

// html lays a letter out as a page: a few elements that mean what they are, one small style that a reader may drop, nothing that is fetched.
func (p page) html() (string, error) {
	var b strings.Builder
	err := letterHTML.Execute(&b, p)
	return b.String(), err
}
