package search

import (
	"slices"
	"strings"
	"testing"

	"essaim/internal/store"
)

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"L’Île-d’Yeu, l'été": "ile yeu ete", "Cœur ŒUVRE": "coeur oeuvre", "St-Brieuc / Ste-Colombe": "saint brieuc sainte colombe", "RGAA 4.1": "rgaa 4 1",
		"": "", "…!?": "", "2B033": "2b033", "日本 語": "日本 語", "a\u0301": "", "e\u0301te\u0301 Cle\u0301gue\u0301rec": "ete cleguerec", "½ ﬁn №5 Ⅳ x²": "12 fin 5 iv x2", strings.Repeat("x", 41): "", "<script>alert('x')</script>": "script alert script",
	} {
		if got := strings.Join(Words(text), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestStem: what should be found together has one form, what should not has two.
func TestStem(t *testing.T) {
	for _, family := range []string{
		"commune communes commun communs", "national nationale nationaux nationales", "reseau reseaux", "local locale locaux locales", "citoyen citoyenne citoyens citoyennes",
		"facilitateur facilitatrice facilitatrices facilitateurs", "numerique numeriques", "premier premiere premieres", "actif active actives", "habite habitee habitees habites",
		"projet projets", "eau eaux", "porteur porteuse porteuses", "habitant habitante habitants", "cheval chevaux", "professionnel professionnelle professionnels",
	} {
		words := strings.Fields(family)
		for _, w := range words[1:] {
			if Stem(w) != Stem(words[0]) {
				t.Errorf("%s is %s, %s is %s", words[0], Stem(words[0]), w, Stem(w))
			}
		}
	}
	for _, pair := range [][2]string{{"projet", "projection"}, {"bus", "but"}, {"express", "expres"}, {"sport", "port"}, {"mer", "mere"}, {"2024", "2025"}, {"cout", "court"}} {
		if Stem(pair[0]) == Stem(pair[1]) {
			t.Errorf("%s and %s are both %s", pair[0], pair[1], Stem(pair[0]))
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"guichet", "guichet", 0}, {"gichet", "guichet", 1}, {"guihcet", "guichet", 1}, {"guicheta", "guichet", 1}, {"guichat", "guichet", 1}, {"essaimage", "esaimag", 2}, {"abc", "xyz", 3}, {"", "ab", 2}, {"été", "ete", 2}} {
		if got := distance([]rune(c.a), []rune(c.b), 2); got != c.want {
			t.Errorf("%s, %s: %d, want %d", c.a, c.b, got, c.want)
		}
		if distance([]rune(c.b), []rune(c.a), 2) != c.want {
			t.Errorf("%s, %s: not the same both ways", c.a, c.b)
		}
	}
}

func TestNearest(t *testing.T) {
	known := []store.WordCount{{Word: "guichet", Count: 3}, {Word: "guiches", Count: 1}, {Word: "essaimage", Count: 9}, {Word: "bus", Count: 9}, {Word: "canicule", Count: 2}, {Word: "mobilites", Count: 5}, {Word: "porte", Count: 7}, {Word: "poste", Count: 8}}
	for word, want := range map[string]string{
		"gichet": "guichet", "guicet": "guichet", "guihet": "guichet", // one slip under eight letters
		"gucet": "", "gihcet": "", // two are too many
		"esaimaje": "essaimage", "caniculle": "canicule", "canycul": "", "essaimages": "", // the last is a form of one that is known
		"bis": "", "buss": "bus", "mobilite": "", "pole": "", "ponte": "poste", "postte": "poste", "xylophone": "",
	} {
		if got := nearest(word, known); got != want {
			t.Errorf("%s: %q, want %q", word, got, want)
		}
	}
}

func TestOnceEach(t *testing.T) {
	if got := onceEach([]string{"le", "bus", "et", "bus"}, stopWords); !slices.Equal(got, []string{"bus"}) {
		t.Error(got)
	}
	if got := stemsOf([]string{"commune", "commun", "reseaux"}); !slices.Equal(got, []string{"reseau"}) {
		t.Error(got)
	}
}
