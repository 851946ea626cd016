package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/activity"
	"essaim/internal/auth"
	"essaim/internal/essaim"
)

var (
	links    = regexp.MustCompile(`<a href="(/@[^"]+)"`)
	neighbor = regexp.MustCompile(`rel="(prev|next)" href="([^"]+)"`)
)

// listed are the projects a page shows, in order.
func listed(page string) (out []string) {
	_, list, _ := strings.Cut(page, "<main")
	list, _, _ = strings.Cut(list, "</main>")
	for _, m := range links.FindAllStringSubmatch(list, -1) {
		if !slices.Contains(out, m[1]) {
			out = append(out, m[1])
		}
	}
	return out
}

func follow(page, rel string) string {
	for _, m := range neighbor.FindAllStringSubmatch(page, -1) {
		if m[1] == rel {
			return strings.ReplaceAll(m[2], "&amp;", "&")
		}
	}
	return ""
}

func TestFilters(t *testing.T) {
	s, _ := furnished(t)
	for address, want := range map[string][]string{
		"/projets": {"/@covoit", "/@bus"}, "/projets?phase=pilot": {"/@bus"}, "/projets?phase=stopped": {"/@covoit"}, "/projets?theme=mobility": {"/@covoit", "/@bus"},
		"/projets?theme=rights_access&phase=stopped": nil, "/projets?territoire=dep48": {"/@bus"}, "/projets?territoire=reg76": {"/@bus"}, "/projets?territoire=dep56": nil,
		"/projets?phase=no_such_phase": {"/@covoit", "/@bus"},
	} {
		if got := listed(s.page(address)); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
	page := s.page("/projets?theme=mobility")
	has(t, page, `<option value="mobility" selected>Mobilités (2)</option>`, `<option value="pilot">Expérimentation (1)</option>`, `<option value="dep48">Lozère (48) (1)</option>`, "2 projets", `href="/projets"`)
	has(t, s.page("/projets?theme=food_farming"), "Aucun projet avec ces filtres")
}

// TestPaging reads a list to its end and back: nothing is missed, nothing comes twice, and the filters stay.
func TestPaging(t *testing.T) {
	s := newSite(t)
	const n = 40
	for i := range n {
		s.project(fmt.Sprintf("p%02d", i), essaim.PhaseIdea)
	}
	var forth []string
	address, last := "/projets?phase=idea", ""
	for address != "" {
		last = address
		page := s.page(address)
		forth = append(forth, listed(page)...)
		address = follow(page, "next")
	}
	if len(forth) != n || forth[0] != "/@p39" || forth[n-1] != "/@p00" || !strings.Contains(last, "phase=idea") {
		t.Fatalf("%d: %v, ending at %s", len(forth), forth, last)
	}
	var back []string
	for address = last; address != ""; {
		page := s.page(address)
		back = append(listed(page), back...)
		address = follow(page, "prev")
	}
	if !slices.Equal(forth, back) {
		t.Errorf("back: %v", back)
	}
}

func TestAgendaPaging(t *testing.T) {
	s := newSite(t)
	for i := range 45 {
		s.creates(&essaim.Event{Name: fmt.Sprintf("Atelier %02d", i), HTML: "<p>x</p>", Starts: s.now.AddDate(0, 0, i-20), Ends: s.now.AddDate(0, 0, i-20).Add(time.Hour), Zone: "Europe/Paris"})
	}
	names := regexp.MustCompile(`Atelier \d\d`)
	read := func(address, rel string) (all []string, last string) {
		for address != "" {
			last = address
			page := s.page(address)
			found := slices.Compact(names.FindAllString(page[strings.Index(page, "<main"):], -1))
			if rel == "prev" {
				all = append(found, all...)
			} else {
				all = append(all, found...)
			}
			address = follow(page, rel)
		}
		return all, last
	}
	coming, end := read("/agenda", "next")
	past, _ := read("/agenda?passes=1", "next")
	if len(coming)+len(past) != 45 || coming[len(coming)-1] != "Atelier 44" || past[len(past)-1] != "Atelier 00" || !slices.IsSorted(coming) {
		t.Fatalf("%d to come, %d past: %v %v", len(coming), len(past), coming, past)
	}
	if back, _ := read(end, "prev"); !slices.Equal(back, coming) {
		t.Errorf("back: %v", back)
	}
}

func TestGone(t *testing.T) {
	s, _ := furnished(t)
	post := s.creates(&essaim.Post{HTML: "<p>Bientôt effacé</p>", Language: "fr"})
	hidden := s.creates(&essaim.Post{HTML: "<p>Entre nous</p>", Language: "fr", To: []string{s.Site.Actor("ines") + "/followers"}})
	address := strings.TrimPrefix(post.Thing().Summary("fr").URL, base)
	s.page(address)
	s.does(activity.About(vocab.Delete, s.Site.Actor("ines"), post.IRI))
	if w := s.get(address); w.Code != http.StatusGone || strings.Contains(w.Body.String(), "effacé") || strings.Count(w.Body.String(), "<h1") != 1 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := s.get(strings.TrimPrefix(hidden.Thing().Summary("fr").URL, base)); w.Code != http.StatusNotFound {
		t.Errorf("what is for followers: %d", w.Code)
	}
}

func TestFaults(t *testing.T) {
	s := newSite(t)
	r := httptest.NewRequest(http.MethodGet, "/projets", nil)
	ctx, cancel := context.WithCancel(r.Context())
	cancel()
	if w := s.ask(r.WithContext(ctx)); w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "<h1") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestHead(t *testing.T) {
	s, addresses := furnished(t)
	for _, a := range append(addresses, "/projets.atom", s.pages.assets.prefix+"essaim.css") {
		w := s.ask(httptest.NewRequest(http.MethodHead, a, nil))
		if w.Code != http.StatusOK || w.Body.Len() != 0 || w.Header().Get("Content-Length") == "" {
			t.Errorf("%s: %d, %d bytes, %v", a, w.Code, w.Body.Len(), w.Header())
		}
	}
}

func TestLanguage(t *testing.T) {
	s, _ := furnished(t)
	w := s.get("/projets?lang=en&phase=pilot")
	has(t, w.Body.String(), `<html lang="en">`, `/projets?lang=fr&amp;phase=pilot`)
	cookies := w.Result().Cookies()
	if len(cookies) != 1 || cookies[0].Name != "lang" || !cookies[0].HttpOnly {
		t.Fatalf("%v", cookies)
	}
	has(t, s.page("/agenda", "Cookie", "lang=en"), `<html lang="en">`)
	has(t, s.page("/agenda", "Cookie", "lang=xx"), `<html lang="fr">`)
	if w := s.get("/?lang=en", "Sec-Fetch-Site", "cross-site"); len(w.Result().Cookies()) != 0 {
		t.Error("a link on another site changed a preference")
	}
}

func TestCaching(t *testing.T) {
	s, _ := furnished(t)
	w := s.get("/a-propos")
	if again := s.get("/a-propos", "If-None-Match", w.Header().Get("ETag")); again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("%d", again.Code)
	}
	css := s.get(s.pages.assets.prefix + "essaim.css")
	if css.Code != 200 || !strings.Contains(css.Header().Get("Cache-Control"), "immutable") || css.Header().Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("%d %v", css.Code, css.Header())
	}
	if old := s.get("/static/000000000000/essaim.css"); old.Code != 200 || strings.Contains(old.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("%d %v", old.Code, old.Header())
	}
	for _, name := range []string{"no.css", "../web.go", "fonts/"} {
		if w := s.get(s.pages.assets.prefix + name); w.Code == 200 {
			t.Errorf("%s is served", name)
		}
	}
}

// TestWeight: what a first visit must load before it reads, compressed: 64 KB, of which 3 KB of scripts at most.
func TestWeight(t *testing.T) {
	s, _ := furnished(t)
	for i := range 12 {
		s.project(fmt.Sprintf("w%02d", i), essaim.PhasePilot, func(p *essaim.Project) { p.Themes, p.Territories = []string{"mobility"}, []string{"fr:departement:48"} })
	}
	bytesOf := func(address string) int {
		w := s.get(address, "Accept-Encoding", "gzip, br")
		if w.Code != 200 {
			t.Fatalf("%s: %d", address, w.Code)
		}
		return w.Body.Len()
	}
	shared := 0
	for _, name := range []string{"essaim.css", "icons.svg", "logo.svg", "fonts/essaim-title.woff2", "fonts/essaim-text.woff2"} {
		shared += bytesOf(s.pages.assets.prefix + name)
	}
	scripts, err := fs.Glob(files, "static/*.js")
	if err != nil {
		t.Fatal(err)
	}
	ours := 0
	for _, name := range scripts {
		ours += bytesOf(s.pages.assets.prefix + strings.TrimPrefix(name, "static/"))
	}
	if ours > 3<<10 {
		t.Errorf("our scripts weigh %d bytes, more than 3 KB", ours)
	}
	shared += ours
	for _, address := range []string{"/", "/@bus", "/projets"} {
		page := bytesOf(address)
		t.Logf("%s: %d bytes of HTML, %d in all", address, page, page+shared)
		if page+shared > 64<<10 {
			t.Errorf("%s weighs %d bytes", address, page+shared)
		}
	}
	z, err := gzip.NewReader(bytes.NewReader(s.get("/", "Accept-Encoding", "gzip").Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := io.ReadAll(z); err != nil || !bytes.Contains(plain, []byte("</html>")) {
		t.Errorf("%v", err)
	}
}

func TestFeeds(t *testing.T) {
	s, _ := furnished(t)
	for address, want := range map[string]string{"/projets.atom": "Projet bus", "/agenda.atom": "Atelier", "/@ines.atom": "Bonjour", "/projets.atom?phase=stopped": "Projet covoit"} {
		w := s.get(address)
		var f atomFeed
		if err := xml.Unmarshal(w.Body.Bytes(), &f); err != nil || w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/atom+xml") {
			t.Errorf("%s: %d %v", address, w.Code, err)
		}
		if len(f.Entries) == 0 || f.ID == "" || f.Updated == "" || !strings.Contains(w.Body.String(), want) || strings.Contains(w.Body.String(), "polichinelle") {
			t.Errorf("%s: %s", address, w.Body)
		}
	}
	if w := s.get("/@nobody.atom"); w.Code != http.StatusNotFound {
		t.Errorf("%d", w.Code)
	}
}

func TestInteract(t *testing.T) {
	s, _ := furnished(t)
	for uri, want := range map[string]string{
		"https://innov.example/actors/bus": "/@bus", "acct:bus@innov.example": "/@bus", "@eve@ailleurs.example": "/@eve@ailleurs.example",
	} {
		if w := s.get("/interagir?uri=" + uri); w.Code != http.StatusFound || w.Header().Get("Location") != want {
			t.Errorf("%s: %d %q", uri, w.Code, w.Header().Get("Location"))
		}
	}
	if w := s.get("/interagir?uri=https://evil.example/"); w.Code != http.StatusFound || w.Header().Get("Location") != "/connexion?retour=%2Frecherche-distante%3Fq%3Dhttps%253A%252F%252Fevil.example%252F" {
		t.Errorf("what is unknown is looked up by members: %d %q", w.Code, w.Header().Get("Location"))
	}
	if w := s.get("/interagir?uri=rien"); w.Code != http.StatusNotFound {
		t.Errorf("%d", w.Code)
	}
}

func TestPassword(t *testing.T) {
	s := newSite(t)
	_, secret, err := s.auth.CreateAccount(context.Background(), auth.NewAccount{Handle: "nolwenn", Email: "nolwenn@innov.example"})
	if err != nil {
		t.Fatal(err)
	}
	post := func(password string) *httptest.ResponseRecorder {
		return s.send("/mot-de-passe/"+secret, url.Values{"password": {password}})
	}
	if w := post("court"); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `aria-invalid="true"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := post("une phrase assez longue"); w.Code != http.StatusSeeOther || w.Header().Get("Set-Cookie") == "" {
		t.Errorf("%d", w.Code)
	}
}

// The figures beside the filters are those of the moment, though they are not counted anew for every reader: a new project, another phase and a
// deletion are seen at the next request.
func TestFiguresFollowTheProjects(t *testing.T) {
	s := newSite(t)
	shows := func(pilots, all string) {
		t.Helper()
		page := s.page("/projets?phase=pilot")
		has(t, page, pilots)
		has(t, s.page("/projets"), all)
	}
	one := s.project("un", "pilot")
	shows("1 projet", "1 projet")
	s.project("deux", "pilot")
	shows("2 projets", "2 projets")
	doc, err := one.Document()
	if err != nil {
		t.Fatal(err)
	}
	stopped := doc.Clone().SetString("phase", "paused")
	s.does(&vocab.Activity{Type: vocab.Update, Actor: one.IRI, Object: vocab.Item{ID: one.IRI, Doc: stopped}})
	shows("1 projet", "2 projets")
	s.does(&vocab.Activity{Type: vocab.Delete, Actor: one.IRI, Object: vocab.Item{ID: one.IRI}})
	shows("1 projet", "1 projet")
}
