package text

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMarkdown(t *testing.T) {
	for in, want := range map[string]string{
		"":                                    "",
		"Bonjour":                             "<p>Bonjour</p>",
		"a\nb\r\nc":                           "<p>a<br>b<br>c</p>",
		"a\n\nb":                              "<p>a</p><p>b</p>",
		"*a* **b** ~~c~~ `d`":                 "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>",
		"- a\n- b":                            "<ul><li>a</li><li>b</li></ul>",
		"1. a\n2. b":                          "<ol><li>a</li><li>b</li></ol>",
		"> q":                                 "<blockquote><p>q</p></blockquote>",
		"# Titre\ntexte":                      "<p><strong>Titre</strong></p><p>texte</p>",
		"Titre\n---":                          "<p>Titre</p>",
		"```\na < b\n```":                     "<pre><code>a &lt; b\n</code></pre>",
		"    pas du code":                     "<p>pas du code</p>",
		"<b>x</b> & <script>y</script>":       "<p>&lt;b&gt;x&lt;/b&gt; &amp; &lt;script&gt;y&lt;/script&gt;</p>",
		"[x](https://a.example/y)":            `<p><a href="https://a.example/y">x</a></p>`,
		"[x](javascript:alert(1))":            "<p>x</p>",
		"[x](/local)":                         "<p>x</p>",
		"voir https://a.example/y?z=1.":       `<p>voir <a href="https://a.example/y?z=1">https://a.example/y?z=1</a>.</p>`,
		"<https://a.example>":                 `<p><a href="https://a.example">https://a.example</a></p>`,
		"![alt](https://a.example/x.png) fin": "<p>fin</p>",
		"a@b.example":                         "<p>a@b.example</p>",
		"@bob #eau":                           "<p>@bob #eau</p>",
		"[a]: https://a.example":              `<p>[a]: <a href="https://a.example">https://a.example</a></p>`,
	} {
		if got := Markdown(in); got != want {
			t.Errorf("%q\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestMarkdownTooDense(t *testing.T) {
	in := "a *b*\nc\n\n" + strings.Repeat("*x", maxMarks+1)
	got := Markdown(in)
	if !strings.HasPrefix(got, "<p>a *b*<br>c</p><p>*x*x") {
		t.Errorf("got %.80s", got)
	}
	if got := Markdown(strings.Repeat("*x*\n\n", maxMarks)); !strings.HasPrefix(got, "<p><em>x</em></p>") {
		t.Errorf("many paragraphs: got %.80s", got)
	}
	if got := Markdown(strings.Repeat("> ", 500) + "fin"); strings.Count(got, "<blockquote>") != maxNest || !strings.Contains(got, "fin") {
		t.Errorf("deep quotation: got %.200s", got)
	}
}

func linkify(src string) (string, []Mention, []Hashtag) {
	resolve := func(h Handle) (string, string, bool) {
		if h.User == "personne" {
			return "", "", false
		}
		host := h.Host
		if host == "" {
			host = "ici.example"
		}
		return "https://" + host + "/users/" + h.User, "https://" + host + "/@" + h.User, true
	}
	return Linkify(src, resolve, func(key string) string { return "https://innov.bzh.example/tags/" + key })
}

func TestLinkify(t *testing.T) {
	// examples/05
	got, mentions, tags := linkify("Le pilote démarre lundi, merci @yann@mastodon.example ! #covoiturage")
	const want = `<p>Le pilote démarre lundi, merci <a href="https://mastodon.example/@yann" class="u-url mention">@yann</a> ! <a href="https://innov.bzh.example/tags/covoiturage" class="mention hashtag" rel="tag">#covoiturage</a></p>`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if len(mentions) != 1 || mentions[0].String() != "@yann@mastodon.example" || mentions[0].Href != "https://mastodon.example/users/yann" {
		t.Errorf("mentions %+v", mentions)
	}
	if !slices.Equal(tags, []Hashtag{{"covoiturage", "covoiturage"}}) {
		t.Errorf("tags %+v", tags)
	}

	for in, want := range map[string]string{
		"@personne":                  "<p>@personne</p>",
		"(@a, @b.)":                  `<p>(<a href="https://ici.example/@a" class="u-url mention">@a</a>, <a href="https://ici.example/@b" class="u-url mention">@b</a>.)</p>`,
		"`@a #b`":                    "<p><code>@a #b</code></p>",
		"[@a #b](https://x.example)": `<p><a href="https://x.example">@a #b</a></p>`,
		"https://x.example/@a#b":     `<p><a href="https://x.example/@a#b">https://x.example/@a#b</a></p>`,
		"#Mobilité et #mobilite":     `<p><a href="https://innov.bzh.example/tags/mobilite" class="mention hashtag" rel="tag">#Mobilité</a> et <a href="https://innov.bzh.example/tags/mobilite" class="mention hashtag" rel="tag">#mobilite</a></p>`,
		"#1 #":                       "<p>#1 #</p>",
		"**@a**":                     `<p><strong><a href="https://ici.example/@a" class="u-url mention">@a</a></strong></p>`,
	} {
		if got, _, _ := linkify(in); got != want {
			t.Errorf("%q\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestLinkifyRefusesBadAddresses(t *testing.T) {
	got, _, _ := Linkify("@a #b", func(Handle) (string, string, bool) { return "x", `javascript:alert(1)`, true }, func(string) string { return `"><script>` })
	if got != "<p>@a #b</p>" {
		t.Errorf("got %s", got)
	}
}

func TestMentionsAndHashtags(t *testing.T) {
	for in, want := range map[string]string{
		"@a @b@c.example @a":                        "@a @b@c.example",
		"@Ana@C.Example @ana@c.example":             "@Ana@c.example",
		"@dep56@127.0.0.1:8083, @x@localhost:80:":   "@dep56@127.0.0.1:8083 @x@localhost:80",
		"a@b.example x/@y é@z .@w":                  "",
		"@a.b- @-c @_d @e@ @f@.x @g@@h":             "@a.b @_d @e @f @g",
		"@andré @" + strings.Repeat("x", maxUser+1): "",
		"«@a» (@b) \"@c\" @d! @e: @f/":              "@a @b @c @d @e @f",
		"`@a` [@b](https://x.example)":              "",
		"@a@b.example. @c@d.example-":               "@a@b.example @c@d.example",
		"@moi@xn--9ca.example @x@a..b":              "@moi@xn--9ca.example @x",
	} {
		var got []string
		for _, h := range Mentions(in) {
			got = append(got, h.String())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %v, want %s", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"#a #b_c #A":                        "a b_c",
		"#HackathonMobilité":                "HackathonMobilité",
		"a#b /#c &#d; ##e":                  "",
		"#2027 #2027ok #é #日本":              "2027ok é 日本",
		"#a-b #c. #d's":                     "a c d",
		"#" + strings.Repeat("x", maxTag+1): "",
		"# titre":                           "",
	} {
		var got []string
		for _, h := range Hashtags(in) {
			got = append(got, h.Text)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %v, want %s", in, got, want)
		}
	}
	if got := TagKey("#Été_Œuvre"); got != "ete_oeuvre" {
		t.Errorf("TagKey = %q", got)
	}
}

// S37: a text with thousands of names asks for few.
func TestSec_S37(t *testing.T) {
	var b strings.Builder
	for i := range 5000 {
		b.WriteString("@u" + strconv.Itoa(i) + "@a.example #t" + strconv.Itoa(i) + " ")
	}
	asked := 0
	_, mentions, tags := Linkify(b.String(), func(Handle) (string, string, bool) { asked++; return "https://a.example", "https://a.example", true }, func(string) string { return "https://a.example" })
	if asked != MaxMentions || len(mentions) != MaxMentions || len(tags) != MaxTags {
		t.Errorf("%d asked, %d mentions, %d tags", asked, len(mentions), len(tags))
	}
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"":                                     "",
		"  a \n b ":                            "a b",
		"<p>a</p><p>b<br>c</p>":                "a b c",
		"<p>l&#39;eau &amp; &lt;b&gt;</p>":     "l'eau & <b>",
		"a<script>x</script>b<style>y</style>": "ab",
		"<ul><li>a</li><li>b</li></ul>":        "a b",
		"a <b>b</b>, c":                        "a b, c",
		"12\u00a0500&nbsp;€":                   "12\u00a0500\u00a0€",
		"a\x00\x07b":                           "ab",
		"<p":                                   "",
	} {
		if got := Plain(in); got != want {
			t.Errorf("Plain(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestExcerpt(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{
		{"court", 10, "court"}, {"dix lettres", 11, "dix lettres"}, {"une phrase assez longue", 15, "une phrase…"}, {"unephraseassezlongue", 10, "unephrase…"},
		{"un, deux, trois", 10, "un, deux…"}, {"éàüïô éàüïô", 8, "éàüïô…"}, {"x", 0, ""}, {"ab", 1, "…"}, {" a\n\nb ", 3, "a b"},
	} {
		got := Excerpt(c.in, c.n)
		if got != c.want || utf8.RuneCountInString(got) > c.n {
			t.Errorf("Excerpt(%q, %d) = %q, want %q", c.in, c.n, got, c.want)
		}
	}
}

func TestSlug(t *testing.T) {
	if got := Slug("Hackathon Mobilité rurale, Quimper"); got != "hackathon-mobilite-rurale-quimper" {
		t.Errorf("got %q", got)
	}
	if got := Slug(strings.Repeat("mot ", 100)); len(got) > MaxSlug {
		t.Errorf("%d bytes", len(got))
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range xss {
		f.Add(s)
	}
	for _, s := range []string{"*a* _b_ `c`\n\n- d\n> e", "[x](https://a.example) @a@b.example #c", "# a\n```\nb\n```"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		out := Markdown(in)
		checkSafe(t, in, out, false)
		if again := SanitizeLocal(out); again != out {
			t.Errorf("%q\nonce  %q\ntwice %q", in, out, again)
		}
	})
}

func FuzzMentions(f *testing.F) {
	for _, s := range []string{"@a@b.example:80 #c", "**@a** `@b`", "@é@ü.example #é_"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		asked := map[Handle]bool{}
		out, mentions, tags := Linkify(in, func(h Handle) (string, string, bool) {
			if asked[h] || h.User == "" || h.Host != strings.ToLower(h.Host) {
				t.Errorf("asked for %+v", h)
			}
			asked[h] = true
			return "https://a.example/u", "https://a.example/@u", true
		}, func(key string) string { return "https://a.example/tags/x" })
		checkSafe(t, in, out, false)
		handles := Mentions(in)
		if len(handles) != len(mentions) || len(mentions) > MaxMentions {
			t.Errorf("%q: %d handles, %d mentions", in, len(handles), len(mentions))
		}
		if got := Hashtags(in); !slices.Equal(got, tags) {
			t.Errorf("%q: tags %v and %v", in, got, tags)
		}
		for _, tag := range tags {
			if tag.Key == "" || tag.Key != TagKey(tag.Text) {
				t.Errorf("%q: tag %+v", in, tag)
			}
		}
	})
}

func BenchmarkMarkdown(b *testing.B) {
	in := strings.Repeat("Un **texte** avec @a@b.example et #eau, puis https://a.example/x.\n\n", 6)
	b.ReportAllocs()
	for range b.N {
		Markdown(in)
	}
}
