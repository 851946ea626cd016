package browser

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"essaim/internal/i18n"
)

// TestEveryAddressIsListed: a page nobody looks at would be a page nobody has seen.
func TestEveryAddressIsListed(t *testing.T) {
	patterns, err := theWorld(t).Addresses(Accelerator)
	if err != nil || len(patterns) < 10 {
		t.Fatalf("%d addresses, %v", len(patterns), err)
	}
	for _, pattern := range patterns {
		listed := slices.ContainsFunc(routes, func(r route) bool { return r.pattern == pattern })
		if _, other := otherwise[pattern]; listed == other {
			t.Errorf("%s: add a line to routes, or say in otherwise what it answers with, and not both", pattern)
		}
	}
}

// TestPaper reads every kind of page as it is sent, in both languages: one H1, a language and a title, no id twice, nothing inline that the policy
// would refuse, every message in its words and in its language, French spacing.
func TestPaper(t *testing.T) {
	w := theWorld(t)
	for _, r := range routes {
		as := cookie(t, guest{r.on, r.as})
		path, err := r.address(w, r.on, as)
		if err != nil {
			t.Errorf("%s: %v", r.name, err)
			continue
		}
		for _, lang := range []i18n.Lang{i18n.FR, i18n.EN} {
			t.Run(string(lang)+" "+r.name, func(t *testing.T) {
				body, status, err := Get(w.URL(r.on)+path, string(lang), as)
				if err != nil || status != max(r.status, http.StatusOK) {
					t.Fatalf("%s: %d %v", path, status, err)
				}
				root, err := html.Parse(strings.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				p := &paper{t: t, lang: lang, ids: make(map[string]bool), count: make(map[string]int)}
				p.walk(root, false)
				p.end()
			})
		}
	}
}

// paper reads one page.
type paper struct {
	t     *testing.T
	lang  i18n.Lang
	ids   map[string]bool
	count map[string]int
	title string
}

var (
	keyLike = regexp.MustCompile(`^[a-z][a-z0-9]*(\.[a-z0-9_]+)+$`)
	badSpot = regexp.MustCompile(`[ ][:;!?»](\s|$)|« `)
	// spoken are the French sentences that no English page may hold. Short words may be the same by chance.
	spoken = func() map[string]bool {
		all := make(map[string]bool)
		for _, key := range i18n.Builtin().Keys() {
			fr := i18n.Typo(i18n.FR, i18n.T(i18n.FR, key))
			if len(fr) > 7 && !strings.Contains(fr, "{") && fr != i18n.Typo(i18n.EN, i18n.T(i18n.EN, key)) {
				all[fr] = true
			}
		}
		for _, key := range i18n.Builtin().Keys() {
			delete(all, i18n.Typo(i18n.EN, i18n.T(i18n.EN, key)))
		}
		return all
	}()
	written  = []string{"text", "excerpt", "versions"} // classes of what members wrote
	handlers = regexp.MustCompile(`^on[a-z]+$`)
	seen     = []string{"aria-label", "title", "placeholder", "alt", "value"} // attributes people read or hear
)

// walk looks at a node and those below it. Inside what a member wrote, only structure is judged.
func (p *paper) walk(n *html.Node, theirs bool) {
	switch n.Type {
	case html.ElementNode:
		theirs = theirs || p.element(n)
	case html.TextNode:
		if parent := n.Parent.Data; !theirs && parent != "script" && parent != "style" {
			p.text(n.Data)
		}
		if n.Parent.Data == "title" && p.title == "" {
			p.title = strings.TrimSpace(n.Data)
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		p.walk(c, theirs)
	}
}

// element tells whether what is inside belongs to somebody: written by a member, in another language, or code.
func (p *paper) element(n *html.Node) (theirs bool) {
	p.count[n.Data]++
	for _, a := range n.Attr {
		switch {
		case a.Key == "id":
			if p.ids[a.Val] {
				p.t.Errorf("the id %q comes twice", a.Val)
			}
			p.ids[a.Val] = true
		case a.Key == "style", handlers.MatchString(a.Key):
			p.t.Errorf("<%s> has the attribute %s", n.Data, a.Key)
		case a.Key == "lang" && n.Data == "html":
			if a.Val != string(p.lang) {
				p.t.Errorf("the page is in %q", a.Val)
			}
			p.count["lang"]++
		case a.Key == "lang", a.Key == "translate" && a.Val == "no":
			theirs = true
		case a.Key == "class" && slices.ContainsFunc(strings.Fields(a.Val), func(c string) bool { return slices.Contains(written, c) }):
			theirs = true
		}
	}
	if n.Data == "code" || n.Data == "pre" || n.Data == "textarea" {
		theirs = true
	}
	if !theirs {
		for _, a := range n.Attr {
			if slices.Contains(seen, a.Key) && !(n.Data == "input" && a.Key == "value") && !(n.Data == "option" && a.Key == "value") {
				p.text(a.Val)
			}
		}
	}
	if n.Data == "script" && (attr(n, "src") == "" || n.FirstChild != nil) {
		p.t.Error("an inline script")
	}
	if n.Data == "style" {
		p.t.Error("an inline style")
	}
	return theirs
}

// text judges what is read.
func (p *paper) text(s string) {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
	case keyLike.MatchString(s) && i18n.Builtin().Has(s):
		p.t.Errorf("the key %s has no words", s)
	case strings.Contains(s, "ZgotmplZ"), strings.Contains(s, "<no value>"), strings.Contains(s, "%!"):
		p.t.Errorf("a fault of the template: %q", s)
	case p.lang == i18n.FR && badSpot.MatchString(s):
		p.t.Errorf("a plain space where French wants a no-break one: %q", s)
	case p.lang == i18n.EN && spoken[s]:
		p.t.Errorf("French on an English page: %q", s)
	}
}

func (p *paper) end() {
	if n := p.count["h1"]; n != 1 {
		p.t.Errorf("%d H1", n)
	}
	if n := p.count["main"]; n != 1 {
		p.t.Errorf("%d main", n)
	}
	if p.title == "" || p.count["lang"] != 1 {
		p.t.Errorf("title %q, %d languages", p.title, p.count["lang"])
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
