package app

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"essaim/internal/store"
)

// Before its operator has said who answers for it, an instance shows strangers no page; other servers read and write as ever (L3).
func TestAnInstanceThatIsNotOpenStillFederates(t *testing.T) {
	scenario(t, func(n *network) {
		a, b := n.instance("a.example"), n.instance("b.example")
		err := a.DB.ChangeSettings(context.Background(), func(_ *store.Tx, s *store.Settings) error { s.Public = false; return nil })
		if err != nil {
			t.Fatal(err)
		}
		ines, karim := n.member(a, "ines"), n.member(b, "karim")
		karim.follows(ines.iri)
		n.settle()
		post := ines.posts(ines.iri, "<p>Bientôt.</p>")
		n.settle()
		n.mustKnow(b, post.Object.IRI, "<p>Bientôt.</p>")
		page := "/@ines/" + strings.TrimPrefix(post.Object.IRI, a.Site.Base+"/objects/")
		for accept, want := range map[string]int{"text/html": http.StatusServiceUnavailable, "application/activity+json": http.StatusOK} {
			r := httptest.NewRequest(http.MethodGet, a.Site.Base+page, nil)
			r.Header.Set("Accept", accept)
			w := httptest.NewRecorder()
			a.Handler.ServeHTTP(w, r)
			if w.Code != want {
				t.Errorf("%s: %d", accept, w.Code)
			}
		}
		for path, want := range map[string]int{"/.well-known/webfinger?resource=acct:ines@a.example": 200, "/nodeinfo/2.1": 200, "/connexion": 200, "/mentions-legales": 200, "/.well-known/security.txt": 200, "/": 503} {
			if code := status(a.Handler, a.Site.Base+path); code != want {
				t.Errorf("%s: %d, want %d", path, code, want)
			}
		}
	})
}
