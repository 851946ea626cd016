package web

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestContrast computes what eyes and axe both miss on drawings: 4.5 for text, 3 for controls and rings, in both themes (ui §6).
func TestContrast(t *testing.T) {
	css, err := files.ReadFile("static/essaim.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark := tokens(string(css))
	for theme, colours := range map[string]map[string]string{"light": light, "dark": dark} {
		for _, p := range []struct {
			over, under string
			least       float64
		}{
			{"ink", "bg", 4.5}, {"ink", "surface", 4.5}, {"ink", "surface-2", 4.5}, {"ink-2", "bg", 4.5}, {"ink-2", "surface", 4.5}, {"ink-2", "surface-2", 4.5},
			{"pine", "bg", 4.5}, {"pine", "surface", 4.5}, {"pine", "surface-2", 4.5}, {"pine", "pine-soft", 4.5}, {"on-pine", "pine", 4.5}, {"on-pine", "pine-strong", 4.5},
			{"event", "event-soft", 4.5}, {"event", "surface", 4.5}, {"event-soft", "event", 4.5}, {"aid", "aid-soft", 4.5}, {"honey-text", "honey-soft", 4.5}, {"project", "project-soft", 4.5},
			{"alert", "surface", 4.5}, {"alert", "bg", 4.5}, {"ink", "event-soft", 4.5}, {"ink-2", "event-soft", 4.5}, {"ink-2", "project-soft", 4.5}, {"on-night", "night", 4.5}, {"on-night-2", "night", 4.5},
			{"honey", "night", 4.5}, {"on-night", "night-2", 4.5}, {"surface", "line-strong", 3}, {"line-strong", "surface", 3}, {"line-strong", "bg", 3}, {"focus", "bg", 3}, {"focus", "surface", 3},
		} {
			if got := contrast(t, colours[p.over], colours[p.under]); got < p.least {
				t.Errorf("%s: %s on %s has %.2f, less than %.1f", theme, p.over, p.under, got, p.least)
			}
		}
		for _, pair := range [][2]string{{"#2b1b00", "#f3b229"}, {"#8fd3bd", colours["night"]}, {"#f3b229", colours["night"]}} { // banner, map
			if got := contrast(t, pair[0], pair[1]); got < 3 {
				t.Errorf("%s: %v has %.2f", theme, pair, got)
			}
		}
	}
	if strings.Contains(string(css), "http:") || strings.Contains(string(css), "//") {
		t.Error("the stylesheet names another site")
	}
}

func tokens(css string) (light, dark map[string]string) {
	declaration := regexp.MustCompile(`--([a-z0-9-]+): (#[0-9a-f]{3,6})`)
	head, _, _ := strings.Cut(css, "/* ---------- Base")
	first, second, _ := strings.Cut(head, "@media (prefers-color-scheme: dark)")
	light, dark = make(map[string]string), make(map[string]string)
	for _, m := range declaration.FindAllStringSubmatch(first, -1) {
		light[m[1]], dark[m[1]] = m[2], m[2]
	}
	for _, m := range declaration.FindAllStringSubmatch(second, -1) {
		dark[m[1]] = m[2]
	}
	return light, dark
}

// contrast is the ratio of WCAG 2.2.
func contrast(t *testing.T, a, b string) float64 {
	la, lb := luminance(t, a), luminance(t, b)
	return (max(la, lb) + .05) / (min(la, lb) + .05)
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	if len(hex) != 7 {
		t.Fatalf("%q is no colour", hex)
	}
	var sum float64
	for i, weight := range []float64{.2126, .7152, .0722} {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= .04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// TestDrawings: the same id gives the same drawing, another id another one.
func TestDrawings(t *testing.T) {
	avatar, cover := avatarOf("https://a.example/1", "Ève"), coverOf("https://a.example/1")
	if avatarOf("https://a.example/1", "Ève") != avatar || coverOf("https://a.example/1") != cover {
		t.Error("a drawing changes by itself")
	}
	if coverOf("https://a.example/1").Heavy == coverOf("https://a.example/2").Heavy {
		t.Error("two projects have one cover")
	}
	for name, want := range map[string]string{"Solène Le Guennec": "SG", "L'Écluse": "É", "Le Quai public": "Q", "Les Deux-Rives": "DR", "": "", "12": "", "essaim": "E", "🙂": ""} {
		if got := initials(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
