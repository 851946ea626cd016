package i18n

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTablesAreComplete(t *testing.T) {
	c, err := NewCatalog(Tables...)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range c.messages {
		for _, text := range []string{e.FR, e.EN} {
			if strings.TrimSpace(text) != text || strings.Contains(text, "  ") {
				t.Errorf("%s: stray space in %q", e.Key, text)
			}
			if strings.Contains(text, forms) && !strings.Contains(text, "{n}") {
				t.Errorf("%s: two forms without {n}", e.Key)
			}
		}
		if strings.ContainsAny(e.FR, "'\u00a0\u202f") {
			t.Errorf("%s: write ’ and ordinary spaces: Typo sets the others", e.Key)
		}
	}
	for _, lang := range Langs {
		for _, status := range []string{"400", "401", "403", "404", "405", "406", "409", "410", "413", "422", "429", "500", "503"} {
			for _, part := range []string{".title", ".text"} {
				if key := "error." + status + part; T(lang, key) == key {
					t.Errorf("%s: no message", key)
				}
			}
		}
	}
	if !slices.IsSorted(c.Keys()) || len(c.Keys()) < 100 || !c.Has("note.need") || c.Has("none") {
		t.Error("Keys or Has")
	}
}

func TestNewCatalogRefuses(t *testing.T) {
	for name, table := range map[string]Table{
		"no key":             {{"", "a", "b"}},
		"one language":       {{"k", "a", ""}},
		"placeholders":       {{"k", "{a} et {b}", "{a}"}},
		"forms":              {{"k", "{n} a || {n} b", "{n} c"}},
		"three forms":        {{"k", "{n} || {n} || {n}", "{n} || {n} || {n}"}},
		"twice the same key": {{"k", "a", "b"}, {"k", "a", "b"}},
	} {
		if _, err := NewCatalog(table); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestT(t *testing.T) {
	for _, c := range []struct {
		lang Lang
		key  string
		args []any
		want string
	}{
		{FR, "note.project.published", []any{"Le Guichet roulant"}, "Nouveau projet : Le Guichet roulant."},
		{EN, "note.project.published", []any{"Le Guichet roulant"}, "New project: Le Guichet roulant."},
		{FR, "note.project.phase", []any{"Cantine d’ici", "Expérimentation"}, "Cantine d’ici passe en phase Expérimentation."},
		{FR, "note.project.published", []any{"{title} {x}"}, "Nouveau projet : {title} {x}."},
		{FR, "note.project.published", nil, "Nouveau projet : {title}."},
		{EN, "note.event.cancelled_reason", []any{"A", "B", "C"}, "Cancelled: A, planned B. Reason: C."},
		{FR, "note.event.cancelled_reason", []any{"A"}, "Annulé : A, prévu {when}. Motif : {reason}."},
		{FR, "object.replies", []any{0}, "0 réponse"},
		{FR, "object.replies", []any{1}, "1 réponse"},
		{FR, "object.replies", []any{2}, "2 réponses"},
		{FR, "object.replies", []any{int64(1000000)}, "1\u202f000\u202f000 réponses"},
		{EN, "object.replies", []any{0}, "0 replies"},
		{EN, "object.replies", []any{1}, "1 reply"},
		{EN, "object.replies", []any{12500}, "12,500 replies"},
		{"de", "site.home", nil, "Accueil"},
		{FR, "no.such.key", nil, "no.such.key"},
	} {
		if got := T(c.lang, c.key, c.args...); got != c.want {
			t.Errorf("T(%s, %s, %v) = %q, want %q", c.lang, c.key, c.args, got, c.want)
		}
	}
}

func TestParseAndMatch(t *testing.T) {
	for tag, want := range map[string]Lang{"fr": FR, "FR-ca": FR, "en_US": EN, "fra": "", "de": "", "": "", "f": ""} {
		if got, ok := Parse(tag); got != want || ok != (want != "") {
			t.Errorf("Parse(%q) = %q, %v", tag, got, ok)
		}
	}
	for header, want := range map[string]Lang{
		"":                                  FR,
		"en":                                EN,
		"en-GB,en;q=0.9,fr;q=0.8":           EN,
		"fr;q=0.4, en;q=0.9":                EN,
		"br-FR, fr;q=0.9, en;q=0.1":         FR,
		"de, en;q=0.2":                      EN,
		"en;q=0, de":                        FR,
		"*":                                 FR,
		"!!! not a header":                  FR,
		"en," + strings.Repeat("de,", 1000): FR,
	} {
		if got := Match(header, FR); got != want {
			t.Errorf("Match(%.40q) = %s, want %s", header, got, want)
		}
	}
}

func TestNumber(t *testing.T) {
	for n, want := range map[int64][2]string{
		0: {"0", "0"}, 999: {"999", "999"}, 2027: {"2027", "2,027"}, 12500: {"12\u202f500", "12,500"},
		-1234567: {"-1\u202f234\u202f567", "-1,234,567"}, 100000: {"100\u202f000", "100,000"},
	} {
		if fr, en := Number(FR, n), Number(EN, n); fr != want[0] || en != want[1] {
			t.Errorf("Number(%d) = %q, %q", n, fr, en)
		}
	}
}

func TestFoldAndSlug(t *testing.T) {
	for in, want := range map[string]string{
		"Île-d'Œuvre": "ile-d'oeuvre", "ÇA ÉTÉ": "ca ete", "l’eau": "l'eau", "abc": "abc", "İstanbul": "istanbul", "ﬁn": "fin", "": "",
	} {
		if got := Fold(in); got != want || Fold(got) != got {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"Hackathon Mobilité rurale, Quimper": "hackathon-mobilite", "  --Été!! ": "ete", "日本": "",
		"anticonstitutionnellement": "anticonstitutionnell", "L'eau & l’air": "l-eau-l-air",
	} {
		if got := Slug(in, 20); got != want {
			t.Errorf("Slug(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzFold(f *testing.F) {
	f.Add("Île-d'Œuvre")
	f.Fuzz(func(t *testing.T, s string) {
		if got := Fold(s); Fold(got) != got && utf8.ValidString(s) {
			t.Errorf("Fold is not idempotent on %q: %q", s, got)
		}
		if got := Slug(s, 30); len(got) > 30 || Slug(got, 30) != got {
			t.Errorf("Slug(%q) = %q", s, got)
		}
	})
}
