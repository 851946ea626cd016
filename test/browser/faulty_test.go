package browser

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A page with one of each fault.
const (
	faultyPage = `<!doctype html><html lang="fr"><head><title>Fautive</title><link rel="stylesheet" href="/faulty.css"><script src="/faulty.js" defer></script></head>
<body><main id="content" tabindex="-1"><h1>Fautive</h1><p class="dim">Un texte sombre.</p><p style="color:red">En ligne</p>
<img src="/none.png" alt="rien"><img src="http://127.0.0.1:9/spy.png"><button class="tiny">x</button>
<p><a class="dull" href="/b">Sans contour</a></p><p inert><a class="shut" href="/c">Hors d’atteinte</a></p><p class="wide">Large</p><p class="tall">Constitution</p>
<p class="bar">Une barre</p><details><summary>Plus de choses</summary><p class="deep">Un texte pâle.</p></details><p><a href="/d">Sous la barre</a></p></main></body></html>`
	faultyStyle = `.tiny { width: 9px; height: 9px; padding: 0; border: 0; } .dull { outline: none; } .bar { position: fixed; inset: 40% 0 0 0; margin: 0; background: #fff; } .wide { width: 360px; } .tall { font-size: 3rem; } .deep { color: #eee; background: #fff; }
@media (prefers-color-scheme: dark) { .dim { color: #222; background: #111; } }`
	faultyScript = `console.error("une erreur"); document.querySelector("main").insertAdjacentHTML("beforeend", '<p><a href="/only">Par script</a></p>'); null.x;`
)

// TestSweepFindsFaults: the sweep sees what it is there to see.
func TestSweepFindsFaults(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		serve := func(kind, body string) {
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src *")
			if _, err := w.Write([]byte(body)); err != nil {
				t.Error(err)
			}
		}
		switch r.URL.Path {
		case "/":
			serve("text/html; charset=utf-8", faultyPage)
		case "/faulty.css":
			serve("text/css", faultyStyle)
		case "/faulty.js":
			serve("text/javascript", faultyScript)
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	found := strings.Join(sweep(t, tab(t, "fr"), server.URL+"/", http.StatusOK), "\n")
	for _, want := range []string{
		"1280 px, light: axe: image-alt", "1280 px, dark: axe: color-contrast", "390 px, dark: axe: color-contrast", "390 px, light, unfolded: axe: color-contrast",
		"1280 px, light: small: main > button.tiny", "390 px, light, text at 200 %: overflow: main > p.tall", "320 px, light: overflow: main > p.wide",
		"the first Tab comes to", "followed: Tab never comes to p > a.shut", "followed: the focus is not seen on p > a.dull", "followed: what has the focus is covered: p > a “Sous la barre”", "only with scripts: link /only",
		"CSP: style-src-attr", "in the console: une erreur", "an exception: TypeError", "a request to another place: http://127.0.0.1:9/spy.png", "none.png",
	} {
		if !strings.Contains(found, want) {
			t.Errorf("the sweep does not find %q in\n%s", want, found)
		}
	}
	for _, never := range []string{"1280 px, light: axe: color-contrast", "1280 px, light: overflow", "390 px, light: overflow"} {
		if strings.Contains(found, never) {
			t.Errorf("the sweep finds %q in\n%s", never, found)
		}
	}
}
