package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"essaim/internal/i18n"

	xhtml "golang.org/x/net/html"
)

// Plain gives the text of HTML on one line: tags gone, entities read,
// paragraphs and line breaks become spaces. It is for summaries, mails and
// search; it is text, so whoever puts it in a page escapes it.
func Plain(src string) string {
	src = bounded(src)
	if !strings.ContainsAny(src, "<&") {
		return oneLine(src)
	}
	return guardedPlain(src)
}

func guardedPlain(src string) (out string) {
	defer func() {
		if recover() != nil {
			out = ""
		}
	}()
	var b strings.Builder
	z := xhtml.NewTokenizer(strings.NewReader(src))
	hidden := ""
	for {
		kind := z.Next()
		switch kind {
		case xhtml.ErrorToken:
			return oneLine(b.String())
		case xhtml.TextToken:
			if hidden == "" {
				b.Write(z.Text())
			}
		case xhtml.StartTagToken, xhtml.EndTagToken, xhtml.SelfClosingTagToken:
			raw, _ := z.TagName()
			name := string(raw)
			switch {
			case kind == xhtml.StartTagToken && hidden == "" && (name == "script" || name == "style"):
				hidden = name
			case kind == xhtml.EndTagToken && name == hidden:
				hidden = ""
			case name == "br" || name == "td" || name == "th" || name == "img" || breakTags[name] || isBlock(name):
				b.WriteByte(' ')
			}
		}
	}
}

func isBlock(name string) bool { _, ok := blockTags[name]; return ok }

// oneLine makes every run of spaces one space and drops control characters.
// No-break spaces are kept: they are typography.
func oneLine(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case r == '\u00a0' || r == '\u202f':
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case unicode.IsControl(r) || r == utf8.RuneError:
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Excerpt gives the beginning of a plain text, at most n characters, cut
// between two words when it can be and then ended by an ellipsis, which counts.
func Excerpt(s string, n int) string {
	s = oneLine(bounded(s))
	if n <= 0 {
		return ""
	}
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	runes := []rune(s)[:n]
	cut := n - 1
	for i := cut; i > n/2; i-- {
		if runes[i] == ' ' {
			cut = i
			break
		}
	}
	return strings.TrimRightFunc(string(runes[:cut]), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsPunct(r) && r != ')' && r != '»' && r != '?' && r != '!'
	}) + "…"
}

// Fold writes s in lower case without accents or ligatures; see i18n.Fold.
func Fold(s string) string { return i18n.Fold(s) }

// MaxSlug is the longest slug, in bytes.
const MaxSlug = 60

// Slug writes a title for an address, at most MaxSlug bytes: "Hackathon
// Mobilité rurale" becomes "hackathon-mobilite-rurale". It may be empty.
func Slug(s string) string { return i18n.Slug(s, MaxSlug) }
