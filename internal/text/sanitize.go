package text

import (
	"html"
	"strings"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	xhtml "golang.org/x/net/html"
)

// SanitizeRemote makes HTML from another server safe to show (S41): the tags
// and classes that writer.go lists, links to http and https addresses
// only and with rel="nofollow noopener ugc", everything else gone. Its output is
// canonical and balanced, and sanitising it again changes nothing. A sanitiser
// that fails yields the escaped text of that one item.
func SanitizeRemote(src string) string { return sanitize(src, true) }

// SanitizeLocal is SanitizeRemote for what this server wrote itself: links keep
// the words of their rel that are known (rel="tag" on a hashtag).
func SanitizeLocal(src string) string { return sanitize(src, false) }

func sanitize(src string, remote bool) string {
	src = bounded(src)
	return guarded(src, func(src string) string {
		if out, ok := quick(src, remote); ok {
			return out
		}
		return thorough(src, remote)
	})
}

// bounded cuts a text at MaxInput, between two characters.
func bounded(s string) string {
	if len(s) <= MaxInput {
		return s
	}
	s = s[:MaxInput]
	for i := 0; i < utf8.UTFMax && len(s) > 0; i++ {
		if r, size := utf8.DecodeLastRuneInString(s); r != utf8.RuneError || size != 1 {
			break
		}
		s = s[:len(s)-1]
	}
	return s
}

// guarded runs clean, and escapes the text when it panics.
func guarded(src string, clean func(string) string) (out string) {
	defer func() {
		if recover() != nil {
			out = "<p>" + html.EscapeString(strings.ToValidUTF8(src, "")) + "</p>"
		}
	}()
	return clean(src)
}

// thorough is the whole way: bluemonday decides what may stay, then the writer,
// which has an allow-list of its own, sets it in canonical form.
func thorough(src string, remote bool) string {
	w := &writer{remote: remote}
	z := xhtml.NewTokenizer(strings.NewReader(policy.Sanitize(src)))
	for {
		switch z.Next() {
		case xhtml.ErrorToken:
			return w.finish()
		case xhtml.TextToken:
			w.text(string(z.Text()))
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			name, more := z.TagName()
			w.start(string(name), readAttributes(z, more))
		case xhtml.EndTagToken:
			name, _ := z.TagName()
			w.end(string(name))
		}
	}
}

// readAttributes keeps the first of each attribute, as a browser does.
func readAttributes(z *xhtml.Tokenizer, more bool) attributes {
	var a attributes
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		switch {
		case string(key) == "href" && a.href == "":
			a.href = string(value)
		case string(key) == "class" && a.class == "":
			a.class = string(value)
		case string(key) == "rel" && a.rel == "":
			a.rel = string(value)
		}
	}
	return a
}

// policy is compiled once and never changed, which bluemonday documents as safe
// for concurrent use. It lets pass some tags that the writer rewrites (headings)
// or turns into line breaks.
var policy = newPolicy()

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowURLSchemes("http", "https")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.AllowAttrs("href", "class", "rel").OnElements("a")
	p.AllowAttrs("class").OnElements("span")
	p.AllowNoAttrs().OnElements("a", "span")
	p.AllowElements("br", "td", "th")
	for name := range inlineTags {
		p.AllowElements(name)
	}
	for name := range blockTags {
		p.AllowElements(name)
	}
	for name := range breakTags {
		p.AllowElements(name)
	}
	p.SkipElementsContent("svg", "math", "template", "title", "textarea", "select", "button", "audio", "video", "canvas", "applet", "xmp", "noscript")
	return p
}
