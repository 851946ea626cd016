package app

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/config"
	"essaim/internal/essaim"
	"essaim/internal/media"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// photograph is a JPEG of that size.
func photograph(t *testing.T, w, h int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		img.SetRGBA(i%w, i/w, color.RGBA{uint8(i), uint8(i / w), uint8(i >> 8), 255})
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (w who) id() essaim.ID {
	w.n.t.Helper()
	id, err := store.ObjectID(context.Background(), w.DB.Read(), w.iri)
	if err != nil {
		w.n.t.Fatal(err)
	}
	return id
}

func (w who) uploads(alt string, decorative bool) *store.Media {
	w.n.t.Helper()
	m, err := w.Media.Add(context.Background(), w.id(), bytes.NewReader(photograph(w.n.t, 900, 600)), alt, decorative)
	if err != nil {
		w.n.t.Fatal(err)
	}
	return m
}

// shows applies an activity that shows pictures, and gives its error.
func (w who) shows(as string, pictures ...vocab.Picture) (activity.Outcome, error) {
	return w.Activity.Apply(context.Background(), activity.Create(as, &essaim.Post{HTML: "<p>Voici.</p>", Pictures: pictures}), activity.Local(w.account))
}

func status(h http.Handler, address string) int {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
	return w.Code
}

// A member's photograph travels with its description and its measures, and goes with the post: the row at once, the files by a job.
func TestAPictureLivesAndGoesWithItsPost(t *testing.T) {
	scenario(t, func(n *network) {
		a, b := n.instance("a.example"), n.instance("b.example")
		ines, bob := n.member(a, "ines"), n.member(b, "bob")
		bob.follows(ines.iri)
		n.settle()
		m := ines.uploads("Un atelier à Rennes", false)
		out, err := ines.shows(ines.iri, a.Media.Picture(m))
		if err != nil {
			t.Fatal(err)
		}
		n.settle()
		o, err := store.ObjectByIRI(context.Background(), b.DB.Read(), out.Object.IRI)
		if err != nil {
			t.Fatal(err)
		}
		got := o.Thing().(*essaim.Post).Pictures
		want := vocab.Picture{URL: "https://a.example/media/" + m.Name + ".jpg", MediaType: "image/jpeg", Alt: "Un atelier à Rennes", Width: 900, Height: 600, Blurhash: m.Blurhash}
		if len(got) != 1 || got[0] != want {
			t.Errorf("what arrived: %+v\nwant %+v", got, want)
		}
		if code := status(a.Handler, want.URL); code != http.StatusOK {
			t.Errorf("the picture: %d", code)
		}
		ines.does(activity.About(vocab.Delete, ines.iri, out.Object.IRI))
		if code := status(a.Handler, want.URL); code != http.StatusNotFound {
			t.Errorf("the picture of a deleted post, before any job: %d", code)
		}
		n.settle()
		for _, size := range essaim.PictureSizes {
			f := essaim.PictureFile{Stem: m.Name, Size: size, Ext: "jpg"}
			if _, _, err := a.Media.Blobs.Open(context.Background(), f.String()); err == nil {
				t.Errorf("the file %s is still there", f)
			}
		}
	})
}

// An edit that shows a picture no more drops it and keeps the others; a new icon takes the place of the old one.
func TestAnEditDropsThePicturesItLeavesOut(t *testing.T) {
	scenario(t, func(n *network) {
		a := n.instance("a.example")
		ines := n.member(a, "ines")
		stays, goes := ines.uploads("Avant", false), ines.uploads("", true)
		out, err := ines.shows(ines.iri, a.Media.Picture(stays), a.Media.Picture(goes))
		if err != nil {
			t.Fatal(err)
		}
		ines.does(activity.Update(ines.iri, &essaim.Post{ID: out.Object.IRI, HTML: "<p>Voici.</p>", Pictures: []vocab.Picture{a.Media.Picture(stays)}}, ""))
		n.settle()
		if one, two := status(a.Handler, a.Media.Picture(stays).URL), status(a.Handler, a.Media.Picture(goes).URL); one != http.StatusOK || two != http.StatusNotFound {
			t.Errorf("what stays: %d, what goes: %d", one, two)
		}

		iri := ines.founds("bus")
		icon := func() *store.Media {
			m := ines.uploads("", true)
			o, err := store.ObjectByIRI(context.Background(), a.DB.Read(), iri)
			if err != nil {
				t.Fatal(err)
			}
			p, pic := o.Thing().(*essaim.Project), a.Media.Picture(m)
			p.Icon, p.Image = &pic, nil
			ines.does(activity.Update(iri, p, ""))
			n.settle()
			return m
		}
		first := icon()
		second := icon()
		if one, two := status(a.Handler, a.Media.Picture(first).URL), status(a.Handler, a.Media.Picture(second).URL); one != http.StatusNotFound || two != http.StatusOK {
			t.Errorf("the first icon: %d, the second: %d", one, two)
		}
	})
}

// Nobody publishes somebody else's picture, one without a description, one that is gone, or one that shows elsewhere; and the post is not published without it.
func TestPicturesThatMayNotBeShown(t *testing.T) {
	scenario(t, func(n *network) {
		a := n.instance("a.example")
		ines, yann := n.member(a, "ines"), n.member(a, "yann")
		project := ines.founds("bus")
		shown := ines.uploads("Montrée", false)
		if _, err := ines.shows(ines.iri, a.Media.Picture(shown)); err != nil {
			t.Fatal(err)
		}
		gone := a.Media.Picture(&store.Media{Name: strings.Repeat("a", 26), Type: "image/jpeg", Alt: "Rien", Width: 1, Height: 1})
		for name, c := range map[string]struct {
			by    who
			as    string
			shows vocab.Picture
			code  essaim.Code
		}{
			"somebody else's":   {yann, yann.iri, a.Media.Picture(ines.uploads("Privée", false)), essaim.Forbidden},
			"not described":     {ines, ines.iri, a.Media.Picture(ines.uploads("", false)), essaim.Invalid},
			"shows elsewhere":   {ines, ines.iri, a.Media.Picture(shown), essaim.Invalid},
			"gone":              {ines, ines.iri, gone, essaim.Invalid},
			"of a smaller file": {yann, yann.iri, vocab.Picture{URL: a.Media.Address(ines.uploads("Privée", false), essaim.Icon), Alt: "Volée"}, essaim.Forbidden},
		} {
			before := n.count(a, c.by)
			if _, err := c.by.shows(c.as, c.shows); essaim.CodeOf(err) != c.code {
				t.Errorf("%s: %v, want %s", name, err, c.code)
			}
			if after := n.count(a, c.by); after != before {
				t.Errorf("%s: %d posts, %d before", name, after, before)
			}
		}
		if _, err := ines.shows(project, a.Media.Picture(ines.uploads("Du projet", false))); err != nil {
			t.Errorf("in the name of a project of hers: %v", err)
		}
		if _, err := yann.shows(yann.iri, vocab.Picture{URL: "https://b.example/x.png", Alt: "D’ailleurs"}); err != nil {
			t.Errorf("a picture of elsewhere: %v", err)
		}
	})
}

func (n *network) count(a *App, w who) int {
	n.t.Helper()
	all, err := store.ObjectsBy(context.Background(), a.DB.Read(), w.id(), w.id(), essaim.KindPost, store.Page{Limit: 100})
	if err != nil {
		n.t.Fatal(err)
	}
	return len(all)
}

// A picture of another server is shown by ours: the page holds an address of this one, the first view fetches it, and the other server never learns who reads.
func TestAPictureOfAnotherServerIsShownByOurs(t *testing.T) {
	scenario(t, func(n *network) {
		a, b := n.instance("a.example"), n.instance("b.example")
		ines, bob := n.member(a, "ines"), n.member(b, "bob")
		bob.follows(ines.iri)
		n.settle()
		out, err := ines.shows(ines.iri, a.Media.Picture(ines.uploads("Un atelier", false)))
		if err != nil {
			t.Fatal(err)
		}
		n.settle()
		w := httptest.NewRecorder()
		o, err := store.ObjectByIRI(context.Background(), b.DB.Read(), out.Object.IRI)
		if err != nil {
			t.Fatal(err)
		}
		b.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "https://b.example/@ines@a.example/"+o.ID.String(), nil))
		page := w.Body.String()
		address := regexp.MustCompile(`src="([^"]*` + essaim.DistantPath + `[^"]*)"`).FindStringSubmatch(page)
		if address == nil || strings.Contains(page, "a.example/media") {
			t.Fatalf("the page shows no picture of its own: %s", page)
		}
		w = httptest.NewRecorder()
		b.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address[1], nil))
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "image/jpeg" || w.Header().Get("Content-Security-Policy") != media.Policy {
			t.Errorf("the picture: %d %v", w.Code, w.Header())
		}
		forged := address[1][:strings.LastIndex(address[1], "/")+1] + "aHR0cHM6Ly9hLmV4YW1wbGUv"
		if code := status(b.Handler, forged); code != http.StatusNotFound {
			t.Errorf("a forged address: %d", code)
		}
	})
}

// S20: the proxy goes through the guarded dialer. A remote actor whose picture is at a private address does not make us ask there.
func TestSec_S20_TheProxyOfPicturesIsGuarded(t *testing.T) {
	asked := 0
	inside := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		w.Header().Set("Content-Type", "image/png")
		if err := png.Encode(w, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
			t.Error(err)
		}
	}))
	defer inside.Close()
	cfg, _, err := config.Load(func(string) string { return "" }, "", map[string]string{"ESSAIM_URL": "https://a.example", "ESSAIM_DATA": t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(context.Background(), Options{Config: cfg, Name: "a", Keys: testKeys, DB: storetest.SQLite(t)}) // with the real transport
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.cancel(); a.working.Wait() })
	for _, address := range []string{inside.URL + "/x.png", "https://127.0.0.1/x.png", "https://[::1]/x.png", "https://10.0.0.1/x.png", "https://169.254.169.254/latest", "https://localhost/x.png", "http://a.example/x.png"} {
		if shown := a.Media.DistantAddress(address, essaim.Large); shown != "" {
			if code := status(a.Handler, shown); code != http.StatusNotFound {
				t.Errorf("%s: %d", address, code)
			}
		}
	}
	if asked != 0 {
		t.Error("a private address was asked")
	}
}

// With an origin of their own, pictures are served there and nowhere else, nothing else is served there, and pages may show them.
func TestSec_S42_PicturesApart(t *testing.T) {
	n := newNetwork(t, storetest.SQLite)
	a := n.instance("a.example", "ESSAIM_MEDIA_URL=https://images.a.example")
	ines := n.member(a, "ines")
	m := ines.uploads("Un atelier", false)
	out, err := ines.shows(ines.iri, a.Media.Picture(m))
	if err != nil {
		t.Fatal(err)
	}
	name := "/media/" + m.Name + "-small.jpg"
	for address, want := range map[string]int{
		"https://images.a.example" + name: 200, "https://images.a.example:443" + name: 200, "https://a.example" + name: 301,
		"https://images.a.example/": 404, "https://images.a.example/projets": 404, "https://images.a.example/actor": 404, "https://images.a.example/.well-known/webfinger?resource=acct:ines@a.example": 404,
		"https://a.example/": 200,
	} {
		if code := status(a.Handler, address); code != want {
			t.Errorf("%s: %d, want %d", address, code, want)
		}
	}
	w := httptest.NewRecorder()
	a.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "https://a.example/@ines/"+strings.TrimPrefix(out.Object.IRI, "https://a.example/objects/"), nil))
	if !strings.Contains(w.Body.String(), `src="https://images.a.example/media/`+m.Name+`.jpg"`) {
		t.Errorf("the page does not show it: %s", w.Body)
	}
	if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "img-src 'self' https://images.a.example data:;") {
		t.Errorf("the policy is %s", policy)
	}
}

// The author deletes the post: the copy that showed its picture here goes too.
func TestACopyGoesWithThePostItShowed(t *testing.T) {
	scenario(t, func(n *network) {
		a, b := n.instance("a.example"), n.instance("b.example")
		ines, bob := n.member(a, "ines"), n.member(b, "bob")
		bob.follows(ines.iri)
		n.settle()
		pic := a.Media.Picture(ines.uploads("Un atelier", false))
		out, err := ines.shows(ines.iri, pic)
		if err != nil {
			t.Fatal(err)
		}
		n.settle()
		shown := b.Media.DistantAddress(pic.URL, essaim.Large)
		if code := status(b.Handler, shown); code != http.StatusOK {
			t.Fatalf("the picture at b: %d", code)
		}
		ines.does(activity.About(vocab.Delete, ines.iri, out.Object.IRI))
		n.settle()
		if code := status(b.Handler, shown); code != http.StatusNotFound {
			t.Errorf("the picture of a deleted post, at b: %d", code)
		}
	})
}
