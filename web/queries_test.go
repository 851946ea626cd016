package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"essaim/internal/store"
)

// composed are the pages put together from several lists: they may ask the database eight times. Any other page may ask four times, and once more for who
// is signed in (design §16).
// The first reader after a change also pays for the figures beside the filters, which is why each page is read twice.
// A territory is put together of lists; a search may have to look a second time, with corrected words or for what a handle names.
var composed = []string{"/", "/@bus", "/@covoit", "/territoires/dep48", "/territoires/com48095", "/territoires/reg53", "/territoires/epci243500741", "/territoires/com56178",
	"/explorer?q=buss+lozere", "/explorer?q=@bus", "/explorer?q=rien+du+tout&theme=food_farming&territoire=com48095", "/explorer?q=" + url.QueryEscape(hostile)}

// TestQueries counts what each kind of page asks of the database.
func TestQueries(t *testing.T) {
	for name, national := range map[string]bool{"accelerator": false, "national": true} {
		t.Run(name, func(t *testing.T) {
			s, addresses := furnished(t, func(o *Options) { o.National = national })
			member := s.signIn("ines")
			if len(s.queries("/projets")) == 0 {
				t.Fatal("nothing is counted")
			}
			for address, allowed := range map[string]int{"/fil": 8, "/fil?type=projets": 8, "/notifications": 4, "/favoris": 4, "/demandes": 4, "/reglages/profil": 4, "/reglages/confidentialite": 4, "/reglages/notifications": 4,
				"/reglages/export": 4, "/reglages/supprimer": 4, "/reglages/sessions": 4, "/reglages/compte": 4, "/reglages/masques": 4, "/publier": 4, "/publier/message": 4, "/publier/projet": 4,
				"/publier/evenement": 4, "/brouillons": 4, "/bienvenue": 4, "/signalements": 4, "/equipes": 4, "/@ines/abonnes": 5, "/recherche-distante": 4} {
				if asked := s.queries(address, "Cookie", member); len(asked) > allowed+1 {
					t.Errorf("%s asks the database %d times, %d are allowed and one for the session:\n%s", address, len(asked), allowed, strings.Join(asked, "\n"))
				}
			}
			for _, address := range addresses {
				allowed := 4
				if slices.Contains(composed, address) {
					allowed = 8
				}
				s.page(address)
				if asked := s.queries(address); len(asked) > allowed {
					t.Errorf("%s asks the database %d times, %d are allowed:\n%s", address, len(asked), allowed, strings.Join(asked, "\n"))
				}
				if address == "/" {
					address = "/?accueil=1" // a member's / leads to the timeline
				}
				const more = 3 // the session, how the member stands with what is shown, and with whose page it is
				if asked := s.queries(address, "Cookie", member); len(asked) > allowed+more {
					t.Errorf("%s asks the database %d times for a member, %d are allowed and %d for who asks:\n%s", address, len(asked), allowed, more, strings.Join(asked, "\n"))
				}
			}
		})
	}
}

// queries are the statements a page runs, one line each. Headers come in pairs.
func (s *site) queries(address string, headers ...string) (asked []string) {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodGet, address, nil)
	var mu sync.Mutex
	r = r.WithContext(store.Watched(r.Context(), func(query string) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, strings.Join(strings.Fields(query), " "))
	}))
	if w := s.ask(r, headers...); w.Code != http.StatusOK {
		s.t.Fatalf("%s: %d", address, w.Code)
	}
	return asked
}
