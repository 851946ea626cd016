package web

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"essaim/internal/i18n"
	"essaim/internal/store/storetest"
)

var (
	resources = regexp.MustCompile(`<(?:img|script|link|use|source|iframe|embed|object|video|audio|form|input)[^>]*?\s(?:src|srcset|href|data|poster|action)="([^"]*)"`)
	tagNames  = regexp.MustCompile(`<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^>"]|"[^"]*")*)>`)
	keyLike   = regexp.MustCompile(`>[a-z]+\.[a-z_.]+<`)
)

// TestEveryPage is what holds of each: one H1, its language, whole in both, no key that has no words, nothing of a third party, well-formed, no
// inline style or script.
func TestEveryPage(t *testing.T) {
	for name, national := range map[string]bool{"accelerator": false, "national": true} {
		t.Run(name, func(t *testing.T) {
			s, addresses := furnished(t, func(o *Options) { o.National = national })
			for _, address := range addresses {
				for _, lang := range []string{"fr", "en"} {
					t.Run(lang+address, func(t *testing.T) { checkPage(t, s.page(address, "Accept-Language", lang), lang) })
				}
			}
		})
	}
}

// TestPagesOnPostgres: the same texts of SQL serve both databases.
func TestPagesOnPostgres(t *testing.T) {
	s, addresses := furnish(newSiteOn(t, storetest.Postgres(t), func(o *Options) { o.National = true }))
	for _, address := range append(addresses, "/projets.atom", "/agenda.atom", "/@ines.atom", "/projets?theme=mobility&territoire=dep48") {
		s.page(address)
	}
	has(t, s.page("/projets?territoire=reg76"), "Projet bus")
	hasNot(t, s.page("/projets?territoire=reg76"), "Projet covoit")
}

func checkPage(t *testing.T, page, lang string) {
	has(t, page, `<html lang="`+lang+`">`, `<main id="content" tabindex="-1">`, `class="skip-link"`, i18n.Typo(i18n.Lang(lang), i18n.T(i18n.Lang(lang), "site.demonstration")))
	if n := strings.Count(page, "<h1"); n != 1 {
		t.Errorf("%d H1", n)
	}
	if m := keyLike.FindString(page); m != "" {
		t.Errorf("a key without words: %s", m)
	}
	for _, key := range i18n.Builtin().Keys() {
		if strings.Contains(key, ".") && strings.Contains(page, ">"+key+"<") {
			t.Errorf("the key %s is on the page", key)
		}
	}
	hasNot(t, page, " style=", "<script>", "onerror=alert(2)>", "javascript:", "{n}", "ZgotmplZ", "<no value>")
	for _, m := range resources.FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(m[1], "/") && !strings.HasPrefix(m[1], "#") && !strings.HasPrefix(m[1], base+"/") && !strings.Contains(m[0], `rel="alternate"`) || strings.HasPrefix(m[1], "//") {
			t.Errorf("asks somebody else: %s", m[0])
		}
	}
	wellFormed(t, page)
}

// wellFormed checks that every element that is opened is closed in its turn, and that no id comes twice.
func wellFormed(t *testing.T, page string) {
	var open []string
	ids := make(map[string]bool)
	for _, m := range tagNames.FindAllStringSubmatch(page, -1) {
		name := strings.ToLower(m[2])
		switch {
		case m[1] == "/":
			if len(open) == 0 || open[len(open)-1] != name {
				t.Fatalf("</%s> closes %v", name, open[max(len(open)-3, 0):])
			}
			open = open[:len(open)-1]
		case strings.Contains(" meta link br img input hr ", " "+name+" ") || strings.HasSuffix(m[3], "/"):
		default:
			open = append(open, name)
		}
		if _, rest, ok := strings.Cut(m[3], ` id="`); ok {
			id, _, _ := strings.Cut(rest, `"`)
			if ids[id] {
				t.Errorf("the id %s comes twice", id)
			}
			ids[id] = true
		}
	}
	if len(open) > 0 {
		t.Errorf("left open: %v", open)
	}
}

// TestFrenchSpaces: no plain space before a high mark in what readers see (ui-L3).
func TestFrenchSpaces(t *testing.T) {
	s, addresses := furnished(t)
	text := regexp.MustCompile(`>[^<]*<`)
	written := regexp.MustCompile(`(?s)<div class="text.*?</div>`) // what people wrote is theirs
	for _, address := range addresses {
		for _, m := range text.FindAllString(written.ReplaceAllString(s.page(address), ""), -1) {
			for _, mark := range []string{" ;", " !", " ?", " :", " »", "« "} {
				if strings.Contains(m, mark) && !strings.Contains(m, "&lt;") {
					t.Errorf("%s: %q has a plain space", address, m)
				}
			}
		}
	}
}

func TestProjectPage(t *testing.T) {
	s, _ := furnished(t)
	page := s.page("/@bus")
	has(t, page, "Pour tous", `aria-current="step"`, "Expérimentation", "novembre 2025", "38,5", "50\u00a0€", "Mairie de Mende", "@bus@innov.example", "https://data.example/x", "https://docs.example/guide",
		"mailto:contact@innov.example", "Lozère (48)", "ailleurs.example/actors/origine", `rel="alternate" type="application/activity+json"`)
	stopped := s.page("/@covoit")
	has(t, stopped, "Arrêté", "cell cell-off", "Financement", "L’assureur en dernier", "Le code", "ouvert à qui veut")
	hasNot(t, stopped, "cell-here")
	has(t, s.page("/@bus", "Accept-Language", "en"), "38.5", "Pilot", "Follow from your account")
}

func TestEventPage(t *testing.T) {
	s, addresses := furnished(t)
	var event, away string
	for _, a := range addresses {
		if strings.HasPrefix(a, "/agenda/") {
			event = a
		}
		if strings.HasPrefix(a, "/@eve@ailleurs.example/") {
			away = a
		}
	}
	has(t, s.page(event), "Atelier", "Réunion", "Salle", "48000 Mende", "https://visio.example/1", "fauteuil", "entièrement", "40\u00a0places", `datetime="2026-11-26T13:`, "&#43;04:00")
	has(t, s.page(away), "Annulé", "Publié par", "ailleurs.example", `lang="en"`)
	has(t, s.page("/agenda"), "Novembre 2026", "Décembre 2026", "Annulé")
}

func TestThread(t *testing.T) {
	s, addresses := furnished(t)
	found := false
	for _, a := range addresses {
		if page := s.page(a); strings.HasPrefix(a, "/@ines/") && strings.Contains(page, "Bonjour") {
			found = true
			has(t, page, "1 réponse", "<p>Yes")
		} else if strings.HasPrefix(a, "/@ines/") {
			has(t, page, `<details class="warning">`)
		}
	}
	if !found {
		t.Error("the post has no page")
	}
}

func TestStatuses(t *testing.T) {
	s, _ := furnished(t)
	for address, want := range map[string]int{"/nope": 404, "/@nobody": 404, "/@eve@nowhere.example": 404, "/annuaire/nulle-part": 404, "/tags/%zz": 400, "/@bus/zzzz": 404, "/annuaire": 302} {
		if address == "/tags/%zz" {
			continue // refused by net/http itself
		}
		if w := s.get(address); w.Code != want {
			t.Errorf("%s: %d, want %d", address, w.Code, want)
		} else if want == 404 && strings.Count(w.Body.String(), "<h1") != 1 {
			t.Errorf("%s has no page of its own", address)
		}
	}
	if w := s.get("/@covoit"); w.Code != http.StatusOK || w.Header().Get("Content-Security-Policy") == "" {
		t.Errorf("%d, %q", w.Code, w.Header())
	}
}

// TestLinksLead: no page links to one that is not there, nor to a place that is not on the page.
func TestLinksLead(t *testing.T) {
	s, addresses := furnished(t, func(o *Options) { o.National = true })
	hrefs := regexp.MustCompile(`<(?:a|link|use)[^>]*? href="([^"]+)"`)
	tried := make(map[string]bool)
	for _, address := range addresses {
		page := s.page(address)
		for _, m := range hrefs.FindAllStringSubmatch(page, -1) {
			link := strings.TrimPrefix(html.UnescapeString(m[1]), base)
			path, place, _ := strings.Cut(link, "#")
			switch {
			case path == "" && !strings.Contains(page, `id="`+place+`"`):
				t.Errorf("%s: nothing is at %s", address, link)
			case !strings.HasPrefix(path, "/") || tried[link] || strings.HasPrefix(path, "/actor") || strings.HasPrefix(path, "/objects/"):
			default:
				tried[link] = true
				w := s.get(path)
				if w.Code != http.StatusOK {
					t.Errorf("%s links to %s: %d", address, link, w.Code)
				}
				if place != "" && !strings.Contains(w.Body.String(), `id="`+place+`"`) {
					t.Errorf("%s: nothing is at %s", address, link)
				}
			}
		}
	}
	if len(tried) < 30 {
		t.Errorf("only %d links were tried", len(tried))
	}
}
