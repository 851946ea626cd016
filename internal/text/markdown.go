package text

import (
	"bytes"
	"html"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	ghtml "github.com/yuin/goldmark/renderer/html"
	gtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Markdown renders a text written here: paragraphs, line breaks, emphasis,
// links, bare addresses, code, quotations and lists. HTML in it is shown as
// text; images and tables are not part of it. What cannot be rendered is shown
// as plain paragraphs. The result is sanitised.
func Markdown(src string) string {
	out, _, _ := Linkify(src, nil, nil)
	return out
}

// Mention is a handle that was resolved: Href is the id of the actor, URL the
// page that a click opens.
type Mention struct {
	Handle
	Href, URL string
}

// Limits of one text (S37); names past them stay text.
const (
	MaxMentions = 50
	MaxTags     = 30
)

// Linkify renders a post as Markdown does, and makes links of its mentions and
// hashtags, in the form that other servers know (examples/05). resolve is asked
// once per handle and returns the actor's id and page; tagURL is given the key
// of a tag and returns its page. A handle that is not resolved stays text, and
// so does everything when a function is nil. Mentions and tags are returned
// once each, in the order of the text; those in code and links do not count.
func Linkify(src string, resolve func(Handle) (href, url string, ok bool), tagURL func(key string) string) (string, []Mention, []Hashtag) {
	src = bounded(src)
	n := &namer{resolve: resolve, tagURL: tagURL}
	out, err := render(src, n)
	if err != nil {
		return paragraphs(src), nil, nil
	}
	return SanitizeLocal(out), n.mentions, n.tags
}

// Mentions lists the handles that Linkify would ask to resolve, once each, at
// most MaxMentions.
func Mentions(src string) []Handle {
	n := &namer{resolve: func(h Handle) (string, string, bool) { return "", "", true }}
	if _, err := render(bounded(src), n); err != nil {
		return nil
	}
	var out []Handle
	for _, m := range n.mentions {
		out = append(out, m.Handle)
	}
	return out
}

// Hashtags lists the tags that Linkify would link, once each by key, at most
// MaxTags.
func Hashtags(src string) []Hashtag {
	n := &namer{tagURL: func(string) string { return "" }}
	if _, err := render(bounded(src), n); err != nil {
		return nil
	}
	return n.tags
}

// render parses and writes Markdown. A fault of the library is an error.
func render(src string, n *namer) (out string, err error) {
	defer func() {
		if recover() != nil {
			err = errRender
		}
	}()
	src = tame(src)
	if dense(src) {
		return "", errRender
	}
	source := []byte(src)
	doc := markdown.Parser().Parse(gtext.NewReader(source))
	n.walk(doc)
	var b bytes.Buffer
	b.Grow(len(source) + len(source)/2)
	if err := markdown.Renderer().Render(&b, source, doc); err != nil {
		return "", err
	}
	return b.String(), nil
}

const errRender = renderError("text: this Markdown cannot be rendered")

type renderError string

func (e renderError) Error() string { return string(e) }

// paragraphs shows a text as it was typed.
func paragraphs(src string) string {
	var b strings.Builder
	for _, p := range strings.Split(strings.ReplaceAll(src, "\r\n", "\n"), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			b.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(p), "\n", "<br>") + "</p>")
		}
	}
	return SanitizeLocal(b.String())
}

// markdown is restricted by its list of parsers: no HTML, no indented code, no
// underlined heading, no link definitions, which surprise people who write a
// plain message.
var markdown = goldmark.New(
	goldmark.WithParser(parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(indentable{parser.NewParagraphParser()}, 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(nameParser{}, 50),
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewEmphasisParser(), 500),
		),
	)),
	goldmark.WithExtensions(
		extension.Strikethrough,
		extension.NewLinkify(
			extension.WithLinkifyAllowedProtocols([]string{"http:", "https:"}),
			extension.WithLinkifyEmailRegexp(regexp.MustCompile(`^[^\s\S]`)), // an e-mail address is not made easier to collect
		),
	),
	goldmark.WithRendererOptions(ghtml.WithHardWraps(), renderer.WithNodeRenderers(util.Prioritized(nameRenderer{}, 100))),
)

// indentable paragraphs take lines that begin with many spaces, which would be
// code elsewhere and would be lost here.
type indentable struct{ parser.BlockParser }

func (indentable) CanAcceptIndentedLine() bool { return true }

// name is a mention, a hashtag or an address in the tree; link is empty when it
// stays text.
type name struct {
	ast.BaseInline
	typed  string
	handle Handle
	tag    Hashtag
	link   string
}

var nameKind = ast.NewNodeKind("Name")

func (n *name) Kind() ast.NodeKind { return nameKind }

func (n *name) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"typed": n.typed}, nil)
}

// nameParser reads @user@host and #tag where they stand alone, and <https://…>,
// which the library looks for over the whole rest of the line.
type nameParser struct{}

func (nameParser) Trigger() []byte { return []byte{'@', '#', '<'} }

func (nameParser) Parse(_ ast.Node, block gtext.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	s := string(line[:min(len(line), MaxURL)])
	n := &name{}
	var size int
	switch {
	case s[0] == '<':
		if n.link, size = scanAddress(s); size > 0 {
			n.typed = s[1 : size-1]
		}
	case !mayPrecede(block.PrecendingCharacter()):
	case s[0] == '@':
		n.handle, size = scanHandle(s)
		n.typed = s[:size]
	default:
		n.tag, size = scanTag(s)
		n.typed = s[:size]
	}
	if size == 0 {
		return nil
	}
	block.Advance(size)
	return n
}

// namer resolves the names of a tree.
type namer struct {
	resolve  func(Handle) (href, url string, ok bool)
	tagURL   func(string) string
	mentions []Mention
	tags     []Hashtag
	asked    map[Handle]string
	tagged   map[string]string
}

func (r *namer) walk(doc ast.Node) {
	r.asked, r.tagged = map[Handle]string{}, map[string]string{}
	_ = ast.Walk(doc, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if node.Kind() == ast.KindLink {
			return ast.WalkSkipChildren, nil
		}
		if n, ok := node.(*name); ok && entering {
			switch {
			case n.tag.Key != "":
				n.link = r.tag(n.tag)
			case n.handle.User != "":
				n.link = r.mention(n.handle)
			}
		}
		return ast.WalkContinue, nil
	})
}

func (r *namer) mention(h Handle) string {
	key := Handle{User: strings.ToLower(h.User), Host: h.Host}
	link, known := r.asked[key]
	if known || r.resolve == nil || len(r.asked) >= MaxMentions {
		return link
	}
	if href, url, ok := r.resolve(h); ok {
		link = url
		r.mentions = append(r.mentions, Mention{Handle: h, Href: href, URL: url})
	}
	r.asked[key] = link
	return link
}

func (r *namer) tag(t Hashtag) string {
	link, known := r.tagged[t.Key]
	if known || r.tagURL == nil || len(r.tagged) >= MaxTags {
		return link
	}
	link = r.tagURL(t.Key)
	r.tags = append(r.tags, t)
	r.tagged[t.Key] = link
	return link
}

// nameRenderer writes names; a mention shows the user only, as others do.
type nameRenderer struct{}

func (nameRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(nameKind, func(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
		n, ok := node.(*name)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		var out string
		switch {
		case n.link == "":
			out = html.EscapeString(n.typed)
		case n.tag.Key != "":
			out = `<a href="` + html.EscapeString(n.link) + `" class="mention hashtag" rel="tag">` + html.EscapeString(n.typed) + `</a>`
		case n.handle.User == "":
			out = `<a href="` + html.EscapeString(n.link) + `">` + html.EscapeString(n.typed) + `</a>`
		default:
			out = `<a href="` + html.EscapeString(n.link) + `" class="u-url mention">@` + html.EscapeString(n.handle.User) + `</a>`
		}
		_, err := w.WriteString(out)
		return ast.WalkContinue, err
	})
}
