package web

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func themed(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTheme(t *testing.T) {
	dir := themed(t, map[string]string{
		"header.html": `<header class="ours"><a href="/">{{.Instance}}</a>{{if .User}}<form method="post" action="/deconnexion"><button>{{.T "site.sign_out"}}</button></form>{{end}}</header>`,
		"theme.css":   `:root { --pine: #00507a; }`, "logo.svg": `<svg xmlns="http://www.w3.org/2000/svg"/>`, "notes.txt": "not served", "script.js": "alert(1)",
	})
	s := newSite(t, func(o *Options) { o.Theme = dir })
	page := s.page("/projets")
	has(t, page, `<header class="ours">`, "La Fabrique", `class="site-footer"`)
	hasNot(t, page, `class="site-header"`)
	prefix := s.pages.assets.prefix
	if css := s.page(prefix + "essaim.css"); !strings.HasSuffix(css, ":root { --pine: #00507a; }") || !strings.Contains(css, "--honey") {
		t.Error("the rules of the theme do not follow ours")
	}
	has(t, s.page(prefix+"logo.svg"), `2000/svg"/>`)
	for _, name := range []string{"notes.txt", "script.js", "theme.css", "header.html"} {
		if w := s.get(prefix + name); w.Code != 404 {
			t.Errorf("%s is served: %d", name, w.Code)
		}
	}
}

func TestAThemeThatCannotBeUsedIsRefused(t *testing.T) {
	for want, files := range map[string]map[string]string{
		"header.html":  {"header.html": "{{.Nothing"},
		"another site": {"theme.css": "@font-face { src: url(https://fonts.example/x.woff2) }"},
		"theme.css":    {"theme.css": `@import "x.css"`},
		"larger":       {"logo.svg": strings.Repeat("x", maxThemeFile+1)},
	} {
		if _, err := New(Options{Theme: themed(t, files)}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}
