package text

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func TestSanitizeRemote(t *testing.T) {
	const rel = ` rel="nofollow noopener ugc"`
	for in, want := range map[string]string{
		"":                                "",
		"bonjour":                         "bonjour",
		"<p>a &amp; b &lt; c</p>":         "<p>a &amp; b &lt; c</p>",
		"<p>l&#39;eau &quot;x&quot;</p>":  "<p>l'eau \"x\"</p>",
		"a & b < c > d":                   "a &amp; b &lt; c &gt; d",
		"<p>a<br />b<br>c</p>":            "<p>a<br>b<br>c</p>",
		"<p>a<br />\nb</p>\n\n<p>c</p>\n": "<p>a<br>b</p><p>c</p>",
		`<p><a href="https://a.example/x?y=1&amp;z=2">x</a></p>`:                          `<p><a href="https://a.example/x?y=1&amp;z=2"` + rel + `>x</a></p>`,
		`<a href="https://a.example/" rel="me tag" target="_blank" class="evil">x</a>`:    `<a href="https://a.example/"` + rel + `>x</a>`,
		`<a class="mention hashtag btn" href="https://a.example/tags/x" rel="tag">#x</a>`: `<a href="https://a.example/tags/x" class="mention hashtag"` + rel + `>#x</a>`,
		// A mention as Mastodon writes it.
		`<p><span class="h-card" translate="no"><a href="https://m.example/@bob" class="u-url mention">@<span>bob</span></a></span> salut</p>`:                    `<p><span class="h-card"><a href="https://m.example/@bob" class="u-url mention"` + rel + `>@bob</a></span> salut</p>`,
		`<a href="https://m.example/long"><span class="invisible">https://</span><span class="ellipsis">m.example/lo</span><span class="invisible">ng</span></a>`: `<a href="https://m.example/long"` + rel + `>https://m.example/long</a>`,
		"<h1>Titre</h1><p>texte</p>":         "<p><strong>Titre</strong></p><p>texte</p>",
		"<div>a</div><div>b</div>":           "a<br>b",
		"<div><p>a</p></div><div>b</div>":    "<p>a</p>b",
		"<ul>\n<li>a</li>\n<li>b\n</ul> fin": "<ul><li>a</li><li>b\n</li></ul>fin",
		"<li>seul</li>":                      "seul",
		"<table><tr><td>a<td>b</table>":      "a b",
		"<pre><code>a\n  b</code></pre>":     "<pre><code>a\n  b</code></pre>",
		"<s>a</s><strike>b</strike>":         "<del>a</del><del>b</del>",
		"<p>ouvert":                          "<p>ouvert</p>",
		"<b><i>x</b>y</i>":                   "<b><i>x</i></b>y",
		"<p>a<p>b":                           "<p>a</p><p>b</p>",
		"</p></div></blockquote>a":           "a",
		"<blockquote><p>q":                   "<blockquote><p>q</p></blockquote>",
		"<b>a<p>b</b>c</p>":                  "<b>a<p>bc</p></b>",
		"<a href='https://a.example/1'>1<a href='https://a.example/2'>2</a>": `<a href="https://a.example/1"` + rel + `>1</a><a href="https://a.example/2"` + rel + `>2</a>`,
		"<a href='//a.example'>x</a>":                                        "x",
		"<a href='/local'>x</a>":                                             "x",
		"<a href='mailto:a@a.example'>x</a>":                                 "x",
		"<a href='https://u:p@a.example/'>x</a>":                             "x",
		"<A HREF='HTTPS://a.example/'>x</A>":                                 `<a href="https://a.example/"` + rel + `>x</a>`,
		"<span class=x>a<span class=h-card>b</span>c</span>":                 `a<span class="h-card">b</span>c`,
		"<p>a\x00b\x07c\u0085d\xffe</p>":                                     "<p>abcde</p>",
		"<img src=x alt=texte>":                                              "",
		"<p>&eacute;&nbsp;!</p>":                                             "<p>é\u00a0!</p>",
		"&lt;script&gt;":                                                     "&lt;script&gt;",
		"<math><mi>x</mi></math>y":                                           "y",
	} {
		if got := SanitizeRemote(in); got != want {
			t.Errorf("%q\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestSanitizeLocal(t *testing.T) {
	// examples/05
	const post = `<p>Le pilote démarre lundi, merci <a href="https://mastodon.example/@yann" class="u-url mention">@yann</a> ! <a href="https://innov.bzh.example/tags/covoiturage" class="mention hashtag" rel="tag">#covoiturage</a></p>`
	if got := SanitizeLocal(post); got != post {
		t.Errorf("got %s", got)
	}
	if got := SanitizeLocal(`<a href="https://a.example/" rel="opener TAG x tag tag">x</a>`); got != `<a href="https://a.example/" rel="tag">x</a>` {
		t.Errorf("got %s", got)
	}
}

// xss is a corpus of attempts in shapes that sanitisers have let through.
var xss = []string{
	`<script>alert(1)</script>`, `<SCRIPT SRC=//x.example></SCRIPT>`, `<scr<script>ipt>alert(1)</scr</script>ipt>`, `<img src=x onerror=alert(1)>`,
	`<svg onload=alert(1)>`, `<svg><script>alert(1)</script></svg>`, `<svg><style><img src=x onerror=alert(1)></style></svg>`, `<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>`,
	`<math><annotation-xml encoding="text/html"><script>alert(1)</script></annotation-xml></math>`, `<iframe src="javascript:alert(1)"></iframe>`, `<iframe srcdoc="<script>alert(1)</script>"></iframe>`,
	`<a href="javascript:alert(1)">x</a>`, `<a href="JaVaScRiPt:alert(1)">x</a>`, `<a href=" javascript:alert(1)">x</a>`, "<a href=\"java\tscript:alert(1)\">x</a>", "<a href=\"java\nscript:alert(1)\">x</a>",
	`<a href="&#106;avascript:alert(1)">x</a>`, `<a href="javascript&colon;alert(1)">x</a>`, `<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>`, `<a href="vbscript:x">x</a>`, `<a href="//x.example">x</a>`,
	`<a href="https:\\x.example">x</a>`, `<a href="https://a.example/" onclick="alert(1)">x</a>`, `<a href="https://a.example/"onmouseover=alert(1)>x</a>`, `<a href='https://a.example/"><script>alert(1)</script>'>x</a>`,
	`<a href="https://a.example/?q=&quot;onclick=alert(1)//">x</a>`, `<a style="position:fixed;inset:0" href="https://a.example/">x</a>`, `<p style="background:url(javascript:alert(1))">x</p>`, `<p id="csrf" data-x="1" name="y">x</p>`,
	`<p class="admin btn">x</p>`, `<span class="mention" id=x onfocus=alert(1) tabindex=1 autofocus>x</span>`, `<form action="https://x.example"><input name=password><button>x</button></form>`, `<input autofocus onfocus=alert(1)>`,
	`<base href="https://x.example/">`, `<link rel=stylesheet href=//x.example>`, `<meta http-equiv=refresh content="0;url=javascript:alert(1)">`, `<object data="javascript:alert(1)"></object>`, `<embed src="javascript:alert(1)">`,
	`<style>*{display:none}</style>`, `<style><!--</style><script>alert(1)</script>-->`, `<!--><script>alert(1)</script>-->`, `<!--<img src="--><img src=x onerror=alert(1)//">`, `<![CDATA[<script>alert(1)</script>]]>`, `<?xml-stylesheet href="x"?>`,
	`<textarea><script>alert(1)</script></textarea>`, `<title><img src=x onerror=alert(1)></title>`, `<noscript><p title="</noscript><img src=x onerror=alert(1)>">`, `<xmp><p title="</xmp><img src=x onerror=alert(1)>">`,
	`<template><script>alert(1)</script></template>`, `<plaintext><script>alert(1)</script>`, `<listing>&lt;img src=x onerror=alert(1)&gt;</listing>`, `<select><noembed></select><script>x='a@b'a</script>`, `<p/onclick=alert(1)>x</p>`,
	`<<p>script>alert(1)<</p>/script>`, `<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>`, `&amp;lt;script&amp;gt;`, `<p title="` + "`" + `onmouseover=alert(1)">x</p>`, `<a href="https://a.example/` + "`" + `">x</a>`, `<video><source onerror=alert(1)></video>`,
	`<details open ontoggle=alert(1)>x</details>`, `<marquee onstart=alert(1)>x</marquee>`, `<isindex action=javascript:alert(1)>`, `<body onload=alert(1)>`, `<html><head><script>alert(1)</script></head></html>`, "<p\x00onclick=alert(1)>x", "<scr\x00ipt>alert(1)</scr\x00ipt>",
	`</p></div></main><footer>`, `<blockquote><ul><li><b><i><a href="https://a.example/">`, `<a href="http://a.example/%0d%0aSet-Cookie:x">x</a>`, `<a href="https://a.example/x` + strings.Repeat("y", MaxURL) + `">x</a>`,
	`<svg><p><style><g title="</style><img src=x onerror=alert(1)>">`, `<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=alert(1)>`, `<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">`,
}

// canonical is the whole grammar of what may come out.
var canonical = regexp.MustCompile(`^(?:[^<>&"]|"|&(?:amp|lt|gt);|<br>|</?(?:p|strong|em|b|i|u|del|code|pre|blockquote|ul|ol|li)>|</(?:a|span)>` +
	`|<span class="(?:mention|hashtag|u-url|h-card)(?: (?:mention|hashtag|u-url|h-card))*">` +
	`|<a href="https?://[^"<>\\^` + "`" + `\s]+"(?: class="(?:mention|hashtag|u-url|h-card)(?: (?:mention|hashtag|u-url|h-card))*")?(?: rel="[a-z ]+")?>)*$`)

// checkSafe fails when out is not canonical, or when a browser's parser would
// see anything in it that is not on the list.
func checkSafe(t *testing.T, in, out string, remote bool) {
	t.Helper()
	if !utf8.ValidString(out) || !canonical.MatchString(out) {
		t.Errorf("%q\ngives what is not canonical: %q", in, out)
		return
	}
	context := &xhtml.Node{Type: xhtml.ElementNode, Data: "div", DataAtom: atom.Div}
	nodes, err := xhtml.ParseFragment(strings.NewReader(out), context)
	if err != nil {
		t.Errorf("%q: %v", in, err)
	}
	allowed := setOf("p br a span strong em b i u del code pre blockquote ul ol li")
	var visit func(*xhtml.Node)
	visit = func(n *xhtml.Node) {
		if n.Type == xhtml.ElementNode && (!allowed[n.Data] || n.Namespace != "") || n.Type == xhtml.CommentNode {
			t.Errorf("%q\ngives the element %s: %q", in, n.Data, out)
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "href" && n.Data == "a":
				if _, ok := SafeURL(a.Val); !ok {
					t.Errorf("%q\ngives the address %q", in, a.Val)
				}
			case a.Key == "rel" && n.Data == "a":
				if remote && a.Val != "nofollow noopener ugc" {
					t.Errorf("%q\ngives rel %q", in, a.Val)
				}
			case a.Key != "class":
				t.Errorf("%q\ngives the attribute %s", in, a.Key)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			visit(c)
		}
	}
	for _, n := range nodes {
		visit(n)
	}
	if strings.Count(out, "<")-strings.Count(out, "<br>") != 2*strings.Count(out, "</") {
		t.Errorf("%q\nis not balanced: %q", in, out)
	}
}

func TestSec_S41(t *testing.T) {
	for _, in := range xss {
		for _, wrapped := range []string{in, "<p>" + in + "</p>", "<ul><li>" + in, "<pre>" + in + "</pre>", in + in} {
			checkSafe(t, wrapped, SanitizeRemote(wrapped), true)
			checkSafe(t, wrapped, SanitizeLocal(wrapped), false)
			checkSafe(t, wrapped, Markdown(wrapped), false)
		}
	}
	// Mutations: each piece of one attempt set inside each other.
	for i, a := range xss {
		for _, b := range xss {
			mixed := a[:len(a)/2] + b + a[len(a)/2:]
			checkSafe(t, mixed, SanitizeRemote(mixed), true)
		}
		if t.Failed() {
			t.Fatalf("stopped at attempt %d", i)
		}
	}
}

func TestSec_S41_PanicIsCaught(t *testing.T) {
	got := guarded("<b>a & b</b>", func(string) string { panic("fault") })
	if got != "<p>&lt;b&gt;a &amp; b&lt;/b&gt;</p>" {
		t.Errorf("got %q", got)
	}
}

func TestSec_S31(t *testing.T) {
	for _, bad := range []string{"", "javascript:alert(1)", "data:text/html,x", "//x", `https:\\x`, "https:x", "https:///x", "https://", "http://:80/", "ftp://a.example", "/x", "a.example", "https://a b", "https://a.example/\nx",
		"https://u@a.example/", "https://a.example/\x7f", "mailto:a@b.example", "https://a.example/" + strings.Repeat("x", MaxURL), "https://[::1", "java\tscript:x", "https://a.example/\x96", "https://a.example/\u0085x", "https://a.example/\u202ex", "https://a.example/\u2028x"} {
		if got, ok := SafeURL(bad); ok {
			t.Errorf("%q is taken as %q", bad, got)
		}
	}
	for in, want := range map[string]string{
		"https://a.example": "https://a.example", " http://a.example:8080/x?y=%20#z ": "http://a.example:8080/x?y=%20#z", "HTTPS://a.example/": "https://a.example/",
		"https://a.example/été": "https://a.example/%C3%A9t%C3%A9", "http://127.0.0.1:8081/actors/x": "http://127.0.0.1:8081/actors/x",
	} {
		if got, ok := SafeURL(in); !ok || got != want {
			t.Errorf("SafeURL(%q) = %q, %v", in, got, ok)
		}
	}
}

// TestSec_S40 runs inputs that make careless code quadratic; each would take
// minutes. A limit of time is not asserted: the test run itself is one.
func TestSec_S40(t *testing.T) {
	for _, unit := range []string{"<", "<a ", "<!--", "&", "&#x26;", "[", "[a](", "*a_ ", "**a ", "> ", "- ", "`a``", "<div>", "<blockquote>", "<b>", "</a>", "<span class=x>", "<svg>", "<a href=\"", "@a", "@a@", "#a", "(http://", "![", "~~a", "<![CDATA[", "<p", " ", "\n", "```\n", "1. ", "<http:"} {
		in := strings.Repeat(unit, 1<<20/len(unit))
		checkSafe(t, unit+"…", SanitizeRemote(in), true)
		checkSafe(t, unit+"…", Markdown(in), false)
		if got := Plain(in); len(got) > MaxInput {
			t.Errorf("%q: %d bytes of text", unit, len(got))
		}
	}
}

func TestBounded(t *testing.T) {
	for _, tail := range []string{"é", "€", "😀"} {
		in := strings.Repeat("a", MaxInput-1) + tail + "b"
		if got := bounded(in); len(got) != MaxInput-1 || !utf8.ValidString(got) {
			t.Errorf("%q is cut inside", tail)
		}
	}
}

// quickSamples are of the shape that the fast way must take.
var quickSamples = []string{
	"", "<p>Bonjour à toutes et tous.</p>", "<p>a<br>b<br />c<br/>d</p><p>e &amp; f</p>", "<p>l&#39;eau &quot;x&quot; &nbsp;!</p>",
	`<p><span class="h-card" translate="no"><a href="https://m.example/@bob" class="u-url mention">@<span>bob</span></a></span> salut <a href="https://m.example/tags/eau" class="mention hashtag" rel="tag">#<span>eau</span></a></p>`,
	`<p>x <a href="https://a.example/?a=1&amp;b=2" target="_blank" rel="nofollow noopener noreferrer">a.example</a></p>`, "<ul><li>a</li><li><strong>b</strong></li></ul>", "texte nu", "<p>a</p>\n<p>b</p>",
}

func TestQuickTakesPlainPosts(t *testing.T) {
	for _, s := range quickSamples {
		out, ok := quick(s, true)
		if !ok {
			t.Errorf("not taken: %s", s)
		}
		if want := thorough(s, true); out != want {
			t.Errorf("%s\nquick    %s\nthorough %s", s, out, want)
		}
	}
	for _, s := range []string{"<P>a</P>", "<p class=x>a</p>", "a > b", "&eacute;", "a\r\nb", "<p", "a\x00", "\xff", "<!-- -->", `<a href="https://a.example/été">x</a>`, `<a href="javascript:x">x</a>`, `<a href="https://a.example/" href="https://b.example/">x</a>`, `<a href="https://a.example/?x=&copy">x</a>`, "<svg>", "<h1>a</h1>"} {
		if _, ok := quick(s, true); ok {
			t.Errorf("taken: %q", s)
		}
	}
}

func FuzzSanitize(f *testing.F) {
	for _, s := range xss {
		f.Add(s)
	}
	for _, s := range quickSamples {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		for _, remote := range []bool{true, false} {
			out := sanitize(in, remote)
			checkSafe(t, in, out, remote)
			if again := sanitize(out, remote); again != out {
				t.Errorf("%q\nonce  %q\ntwice %q", in, out, again)
			}
			if fast, ok := quick(bounded(in), remote); ok {
				if slow := thorough(bounded(in), remote); slow != fast {
					t.Errorf("%q\nquick    %q\nthorough %q", in, fast, slow)
				}
			}
		}
		Plain(in)
	})
}

var samplePost = `<p><span class="h-card" translate="no"><a href="https://m.example/@bob" class="u-url mention">@<span>bob</span></a></span> ` + strings.Repeat("Le pilote démarre lundi, l&#39;équipe est prête. ", 15) +
	`</p><p>Merci ! <a href="https://m.example/tags/eau" class="mention hashtag" rel="tag">#<span>eau</span></a></p>`

func BenchmarkSanitizePlainNote(b *testing.B) {
	in := "<p>" + strings.Repeat("Le pilote démarre lundi, l'équipe est prête. ", 5) + "</p>"
	b.ReportAllocs()
	for range b.N {
		SanitizeRemote(in)
	}
}

func BenchmarkSanitizeMastodonNote(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		SanitizeRemote(samplePost)
	}
}

func BenchmarkSanitizeThorough(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		thorough(samplePost, true)
	}
}
