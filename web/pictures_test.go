package web

import (
	"context"
	"strings"
	"testing"

	"essaim/federation/vocab"
	"essaim/internal/essaim"
	"essaim/internal/media"
)

// pictured is a furnished site whose pages show pictures of other servers through the proxy.
func pictured(t *testing.T) *site {
	return newSite(t, func(o *Options) {
		o.Media = media.New(media.Options{DB: o.DB, Site: o.Site, Distant: &media.Distant{
			Fetch:     func(context.Context, string) ([]byte, error) { t.Error("a page fetched a picture"); return nil, nil },
			Fetchable: func(address string) bool { return strings.HasPrefix(address, "https://") },
			Secret:    []byte("secret"), Folder: media.Folder(t.TempDir()),
		}})
	})
}

const stem = "abcdefghijklmnopqrstuvwxyz"

func ours(width, height int64, alt string) vocab.Picture {
	return vocab.Picture{URL: base + "/media/" + stem + ".jpg", MediaType: "image/jpeg", Alt: alt, Width: width, Height: height}
}

// A picture keeps its place before it comes, is offered in two sizes, and has its text alternative; a decorative one has an empty one.
func TestPictures(t *testing.T) {
	s := pictured(t)
	for _, c := range []struct {
		pic  vocab.Picture
		want []string
	}{
		{ours(1600, 1200, `Un "arrêt" & <b>`), []string{`src="/media/` + stem + `.jpg"`, `srcset="/media/` + stem + `-small.jpg 640w, /media/` + stem + `.jpg 1600w"`, `width="1600" height="1200"`,
			`alt="Un &#34;arrêt&#34; &amp; &lt;b&gt;"`, `loading="lazy"`, "<figcaption"}},
		{ours(500, 400, ""), []string{`alt=""`, `width="500"`}},
		{ours(1200, 1600, "x"), []string{"-small.jpg 480w, "}},
		{ours(-1, 1<<40, "x"), []string{`class="unsized"`}},
		{vocab.Picture{URL: "https://spy.example/p.png", Alt: "Ailleurs", Width: 4000, Height: 3000}, []string{`src="/media/distant/`, " 640w, ", `width="1600" height="1200"`}},
	} {
		v := &objectView{}
		s.pages.show(v, []vocab.Picture{c.pic})
		var b strings.Builder
		for _, p := range v.Pictures {
			if err := s.pages.templates["post"].ExecuteTemplate(&b, "picture", p); err != nil {
				t.Fatal(err)
			}
		}
		got := strings.ReplaceAll(b.String(), base, "")
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%+v is shown as\n%s\nwithout %s", c.pic, got, want)
			}
		}
		if strings.Contains(got, "spy.example") {
			t.Errorf("the page names another server: %s", got)
		}
	}
	small := &objectView{}
	if s.pages.show(small, []vocab.Picture{ours(500, 400, "x")}); small.Pictures[0].SrcSet != "" {
		t.Errorf("a small picture is offered as %s", small.Pictures[0].SrcSet)
	}
}

// Law 8: no page asks anything of another server, whatever it publishes: what cannot be shown through ours is counted and linked.
func TestPicturesOfOthersComeFromHere(t *testing.T) {
	without, addresses := furnished(t)
	seen := false
	for _, a := range addresses {
		if strings.HasPrefix(a, "/@eve@ailleurs.example/") {
			page := without.page(a)
			hasNot(t, page, "spy.example")
			seen = seen || strings.Contains(page, "1 image")
		}
	}
	if !seen {
		t.Error("nothing says that a picture is not shown")
	}
	s := pictured(t)
	for _, hostile := range []string{"javascript:alert(1)", "data:image/png;base64,AAAA", "//spy.example/x", "http://spy.example/x", "https:\\\\spy.example", base + "/media/../actor", base + "/media/" + stem + ".svg", "/media/x", ""} {
		if got := s.pages.showPicture(&vocab.Picture{URL: hostile, Alt: "x"}); got != nil {
			t.Errorf("%q is shown at %s", hostile, got.Src)
		}
	}
}

// An actor with a picture is shown by it, else by the hexagon made from its id; a project's cover likewise.
func TestAvatarsAndCovers(t *testing.T) {
	s := pictured(t)
	s.project("bus", "pilot", func(p *essaim.Project) {
		p.Image = &vocab.Picture{URL: "https://spy.example/cover.jpg", Alt: "Le bus", Width: 1500, Height: 500}
	})
	s.project("velo", "pilot")
	stranger := "https://ailleurs.example/users/eve"
	s.meet(vocab.New(vocab.Person, stranger).SetString("preferredUsername", "eve").SetString("name", "Ève").
		SetObject("icon", vocab.New(vocab.Image, "").SetString("url", "https://spy.example/eve.png")))
	list := s.page("/projets")
	has(t, list, `alt="Le bus"`, "/media/distant/", `class="cover cover-`)
	if strings.Count(list, "/media/distant/") != 1 || !strings.Contains(list, "preserveAspectRatio") {
		t.Error("the project without a picture lost its comb, or the other has no cover")
	}
	has(t, s.page("/@bus"), `<figure class="picture">`, `alt="Le bus"`)
	has(t, s.page("/@eve@ailleurs.example"), `<img class="avatar avatar-large avatar-photo" src="https://innov.example/media/distant/`)
	has(t, s.page("/@ines"), `<svg class="avatar`)
}

// What its author marked as sensitive is behind a word, also when no warning says why.
func TestSensitivePicturesAreVeiled(t *testing.T) {
	s := pictured(t)
	stranger := "https://ailleurs.example/users/eve"
	s.meet(vocab.New(vocab.Person, stranger).SetString("preferredUsername", "eve").SetString("name", "Ève"))
	show := func(id string, sensitive bool) string {
		o := s.hears(vocab.New(vocab.Note, "https://ailleurs.example/notes/"+id).SetString("attributedTo", stranger).SetStrings("to", vocab.Public).SetText("content", "fr", "<p>Voici</p>").
			SetString("inReplyTo", s.creates(&essaim.Post{HTML: "<p>Montrez</p>"}).IRI).SetBool("sensitive", sensitive).SetString("published", "2026-11-23T09:30:00Z").
			SetObjects("attachment", vocab.New(vocab.Image, "").SetString("mediaType", "image/png").SetString("url", "https://ailleurs.example/"+id+".png").SetString("name", "Ce qu’on voit")))
		return s.page("/@eve@ailleurs.example/" + o.ID.String())
	}
	has(t, show("1", true), `<details class="warning"><summary>Afficher l’image sensible</summary><div class="pictures">`)
	open := show("2", false)
	has(t, open, `<div class="pictures">`)
	hasNot(t, open, "<details class=\"warning\">")
}
