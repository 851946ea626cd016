package text

import (
	"strings"
	"unicode/utf8"
)

// quick sanitises HTML of the plain shape that most posts have, more than a
// hundred times faster than the thorough way: simple tags in lower case,
// attributes in double quotes, basic entities. At the first sign that it does
// not know it gives up, and the thorough way does the work. It feeds the same
// writer; a fuzz test holds that both ways give the same bytes.
func quick(src string, remote bool) (string, bool) {
	w := &writer{remote: remote, out: make([]byte, 0, len(src)+64)}
	for len(src) > 0 {
		n := strings.IndexByte(src, '<')
		if n < 0 {
			n = len(src)
		}
		if n > 0 {
			s, ok := quickText(src[:n])
			if !ok {
				return "", false
			}
			w.text(s)
			src = src[n:]
			continue
		}
		end := strings.IndexByte(src, '>')
		if end < 0 || !quickTag(w, src[1:end]) {
			return "", false
		}
		src = src[end+1:]
	}
	return w.finish(), true
}

// quickText decodes text without a tag; false when it holds anything but plain
// characters and basic entities.
func quickText(s string) (string, bool) {
	entities := false
	for i := range len(s) {
		switch c := s[i]; {
		case c == '&':
			entities = true
		case c == '>' || c == 0x7f || c < ' ' && c != '\n' && c != '\t':
			return "", false
		}
	}
	if !utf8.ValidString(s) {
		return "", false
	}
	if !entities {
		return s, true
	}
	return decodeEntities(s)
}

var basicEntities = [...]struct{ name, value string }{
	{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", `"`}, {"&#34;", `"`}, {"&#39;", "'"}, {"&nbsp;", "\u00a0"},
}

func decodeEntities(s string) (string, bool) {
	var b strings.Builder
	b.Grow(len(s))
next:
	for {
		n := strings.IndexByte(s, '&')
		if n < 0 {
			b.WriteString(s)
			return b.String(), true
		}
		b.WriteString(s[:n])
		s = s[n:]
		for _, e := range basicEntities {
			if rest, ok := strings.CutPrefix(s, e.name); ok {
				b.WriteString(e.value)
				s = rest
				continue next
			}
		}
		return "", false
	}
}

// quickTags are the names read here; others, headings and tables among them,
// take the thorough way.
var quickTags = setOf("p br a span strong em b i u del code pre blockquote ul ol li")

// quickTag reads what stands between < and >.
func quickTag(w *writer, tag string) bool {
	if name, ok := strings.CutPrefix(tag, "/"); ok {
		if !quickTags[name] {
			return false
		}
		w.end(name)
		return true
	}
	if tag == "br/" || tag == "br /" {
		tag = "br"
	}
	name, rest, _ := strings.Cut(tag, " ")
	if !quickTags[name] {
		return false
	}
	var a attributes
	if rest != "" {
		var ok bool
		if a, ok = quickAttributes(rest); !ok || name != "a" && name != "span" {
			return false
		}
		if name == "span" {
			a.href, a.rel = "", ""
		}
	}
	w.start(name, a)
	return true
}

// quickAttributes reads name="value" parted by single spaces, each name once.
func quickAttributes(s string) (a attributes, ok bool) {
	var seen [6]bool
	for s != "" {
		name, rest, found := strings.Cut(s, `="`)
		value, after, closed := strings.Cut(rest, `"`)
		if !found || !closed || strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' && r != ' ' || r >= 0x7f || r == '<' }) {
			return a, false
		}
		var i int
		switch name {
		case "href":
			// Only an address that no parser would rewrite.
			value = strings.ReplaceAll(value, "&amp;", "\x00")
			if strings.Contains(value, "&") {
				return a, false
			}
			value = strings.ReplaceAll(value, "\x00", "&")
			if safe, ok := SafeURL(value); !ok || safe != value {
				return a, false
			}
			i, a.href = 0, value
		case "class":
			i, a.class = 1, value
		case "rel":
			i, a.rel = 2, value
		case "target":
			i = 3
		case "translate":
			i = 4
		case "lang":
			i = 5
		default:
			return a, false
		}
		if seen[i] || name != "href" && strings.Contains(value, "&") {
			return a, false
		}
		seen[i] = true
		if after == "" {
			break
		}
		if s, found = strings.CutPrefix(after, " "); !found || s == "" {
			return a, false
		}
	}
	return a, true
}
