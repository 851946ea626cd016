package text

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// writer builds canonical HTML: it alone decides which tags come out, and
// always closes them. What feeds it is a tokenizer, or the fast scanner.
type writer struct {
	out    []byte
	open   []element
	remote bool // links of strangers lose their rel and get ours
	// inline: text stands before this place in the same block.
	// broken: a block that we do not write ended there; a line break is due.
	inline, broken, afterBR bool
}

// element is an open element. What is not written (a span without a class, a
// link without an address) stays on the stack so that its end tag closes it and
// nothing else.
type element struct {
	name  string
	end   string
	block bool
	para  bool // a paragraph or a heading: another block closes it
}

// maxDepth bounds the stack, and so the cost of an end tag; deeper tags are
// dropped and their text kept.
const maxDepth = 48

// attributes are those that may come out, as they came in.
type attributes struct{ href, class, rel string }

// inlineTags maps what is read to what is written.
var inlineTags = map[string]string{
	"strong": "strong", "em": "em", "b": "b", "i": "i", "u": "u", "del": "del", "code": "code",
	"s": "del", "strike": "del", "ins": "u", "tt": "code", "kbd": "code", "samp": "code", "cite": "i",
}

// blockTags are written as they are; the tags of headings become a strong
// paragraph, since a post must not add headings to the page it stands in.
var blockTags = map[string]element{
	"p":          {end: "</p>", para: true},
	"pre":        {end: "</pre>"},
	"blockquote": {end: "</blockquote>"},
	"ul":         {end: "</ul>"},
	"ol":         {end: "</ol>"},
	"li":         {end: "</li>"},
	"h1":         heading, "h2": heading, "h3": heading, "h4": heading, "h5": heading, "h6": heading,
}

var heading = element{end: "</strong></p>", para: true}

// breakTags are not written; their text begins a new line.
var breakTags = setOf("div section article header footer main aside nav figure figcaption address details summary dl dt dd table tr caption hr center form fieldset")

func setOf(names string) map[string]bool {
	m := map[string]bool{}
	for _, n := range strings.Fields(names) {
		m[n] = true
	}
	return m
}

func (w *writer) start(name string, a attributes) {
	if len(w.open) >= maxDepth {
		return
	}
	switch tag, isInline := inlineTags[name]; {
	case isInline:
		w.openInline(name, tag)
	case name == "a":
		w.startLink(a)
	case name == "span":
		w.startSpan(a)
	case name == "br":
		w.flushBreak()
		w.out = append(w.out, "<br>"...)
		w.inline, w.afterBR = true, true
	case name == "td" || name == "th":
		if w.inline {
			w.out = append(w.out, ' ')
		}
	case breakTags[name]:
		w.breakLine()
	default:
		if e, ok := blockTags[name]; ok {
			w.startBlock(name, e)
		}
	}
}

func (w *writer) openInline(name, tag string) {
	w.flushBreak()
	w.out = append(append(append(w.out, '<'), tag...), '>')
	w.push(element{name: name, end: "</" + tag + ">"})
}

func (w *writer) push(e element) {
	w.open = append(w.open, e)
	w.afterBR = false
}

func (w *writer) startLink(a attributes) {
	if i := w.find("a"); i >= 0 {
		w.closeTo(i)
	}
	w.flushBreak()
	href, ok := SafeURL(a.href)
	if !ok {
		w.push(element{name: "a"})
		return
	}
	w.out = append(w.out, `<a href="`...)
	w.escape(href)
	w.out = append(w.out, '"')
	w.attribute("class", keep(a.class, classes))
	rel := "nofollow noopener ugc"
	if !w.remote {
		rel = keep(a.rel, rels)
	}
	w.attribute("rel", rel)
	w.out = append(w.out, '>')
	w.push(element{name: "a", end: "</a>"})
}

func (w *writer) startSpan(a attributes) {
	w.flushBreak()
	class := keep(a.class, classes)
	if class == "" {
		w.push(element{name: "span"})
		return
	}
	w.out = append(w.out, "<span"...)
	w.attribute("class", class)
	w.out = append(w.out, '>')
	w.push(element{name: "span", end: "</span>"})
}

func (w *writer) attribute(name, value string) {
	if value != "" {
		w.out = append(append(append(append(w.out, ' '), name...), `="`...), value...)
		w.out = append(w.out, '"')
	}
}

// The words that a class and a local rel may hold.
var (
	classes = setOf("mention hashtag u-url h-card")
	rels    = setOf("tag me nofollow noopener noreferrer ugc")
)

// keep leaves the allowed words of a value, once each, in their order.
func keep(value string, allowed map[string]bool) string {
	if value == "" {
		return ""
	}
	var out []string
	for word := range strings.FieldsSeq(value) {
		if allowed[word] && !slices.Contains(out, word) {
			out = append(out, word)
		}
	}
	return strings.Join(out, " ")
}

func (w *writer) startBlock(name string, e element) {
	if name == "li" {
		list := w.lastList()
		if list < 0 {
			w.breakLine()
			return
		}
		if i := w.find("li"); i > list {
			w.closeTo(i)
		}
	}
	w.closeParagraph()
	w.broken = false
	if e.end == heading.end {
		w.out = append(w.out, "<p><strong>"...)
	} else {
		w.out = append(append(append(w.out, '<'), name...), '>')
	}
	e.name, e.block = name, true
	w.push(e)
	w.inline = false
}

// lastList is the place of the innermost list, or -1.
func (w *writer) lastList() int { return max(w.find("ul"), w.find("ol")) }

// find returns the place of the innermost open element of that name, or -1.
func (w *writer) find(name string) int {
	for i := len(w.open) - 1; i >= 0; i-- {
		if w.open[i].name == name {
			return i
		}
	}
	return -1
}

func (w *writer) closeParagraph() {
	for i := len(w.open) - 1; i >= 0; i-- {
		if w.open[i].para {
			w.closeTo(i)
			return
		}
	}
}

// closeTo closes the element at i and all those inside it.
func (w *writer) closeTo(i int) {
	for len(w.open) > i {
		e := w.open[len(w.open)-1]
		w.open = w.open[:len(w.open)-1]
		w.out = append(w.out, e.end...)
		w.afterBR = false
		if e.block {
			w.inline, w.broken = false, false
		}
	}
}

func (w *writer) end(name string) {
	if breakTags[name] {
		w.breakLine()
		return
	}
	_, isBlock := blockTags[name]
	for i := len(w.open) - 1; i >= 0; i-- {
		e := w.open[i]
		if e.name == name {
			w.closeTo(i)
			return
		}
		// </b> in a paragraph does not close a <b> outside it, nor </li> one of an outer list.
		if e.block && !isBlock || name == "li" && (e.name == "ul" || e.name == "ol") {
			return
		}
	}
}

// breakLine ends the paragraph; text that follows on the same level will begin
// on a new line.
func (w *writer) breakLine() {
	w.closeParagraph()
	w.broken = w.inline
}

func (w *writer) flushBreak() {
	if w.broken {
		w.out = append(w.out, "<br>"...)
		w.broken, w.afterBR = false, true
	}
}

// text writes text. Outside of pre, spaces that no browser shows are left out:
// between blocks and after a line break.
func (w *writer) text(s string) {
	s = clean(s)
	if (!w.inline || w.broken || w.afterBR) && w.find("pre") < 0 {
		s = strings.TrimLeft(s, " \n\t")
	}
	if s == "" {
		return
	}
	w.flushBreak()
	w.escape(s)
	w.inline, w.afterBR = true, false
}

// clean drops control characters, save for tabs and line feeds, and invalid
// bytes.
func clean(s string) string {
	for i, r := range s {
		if visible(r) < 0 || r == utf8.RuneError {
			return s[:i] + strings.Map(visible, strings.ToValidUTF8(s[i:], ""))
		}
	}
	return s
}

func visible(r rune) rune {
	if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 {
		return -1
	}
	return r
}

// escape writes text, or an address that SafeURL let through and so holds no
// quote, with the three signs escaped that need it.
func (w *writer) escape(s string) {
	from := 0
	for i := 0; i < len(s); i++ {
		var sub string
		switch s[i] {
		case '&':
			sub = "&amp;"
		case '<':
			sub = "&lt;"
		case '>':
			sub = "&gt;"
		default:
			continue
		}
		w.out = append(append(w.out, s[from:i]...), sub...)
		from = i + 1
	}
	w.out = append(w.out, s[from:]...)
}

// finish closes what is open and returns the HTML.
func (w *writer) finish() string {
	w.closeTo(0)
	return strings.TrimRight(string(w.out), " \n\t")
}
