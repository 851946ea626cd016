package i18n

import (
	"strings"
	"testing"
)

// readable writes no-break spaces as visible marks: _ (U+00A0), ~ (U+202F).
func readable(s string) string { return strings.NewReplacer(NBSP, "_", NNBSP, "~").Replace(s) }

func TestTypo(t *testing.T) {
	for in, want := range map[string]string{
		"Serez-vous là ?":                      "Serez-vous là~?",
		"Serez-vous là?":                       "Serez-vous là~?",
		"Bravo !!":                             "Bravo~!!",
		"Bravo! Merci":                         "Bravo~! Merci",
		"Quoi ?!":                              "Quoi~?!",
		"un ; deux":                            "un~; deux",
		"(Bravo!) oui":                         "(Bravo~!) oui",
		"Motif : besoin":                       "Motif_: besoin",
		"Accessibilité : non":                  "Accessibilité_: non",
		"« Essaimer ici »":                     "«_Essaimer ici_»",
		"«Essaimer ici»":                       "«_Essaimer ici_»",
		"« Vraiment ? »":                       "«_Vraiment~?_»",
		"35 % de 12 500 €":                     "35_% de 12~500_€",
		"1 000 000 de projets":                 "1~000~000 de projets",
		"à 18 h 30, salle 4":                   "à 18_h_30, salle 4",
		"de 9 h à 18 h.":                       "de 9_h à 18_h.",
		"du 12 au 14 mars 2027":                "du 12 au 14_mars 2027",
		"le 1er avril":                         "le 1er_avril",
		"80 places, 3 jours":                   "80_places, 3_jours",
		"2 m² et 4 km":                         "2_m² et 4_km",
		"l'équipe d'appui":                     "l’équipe d’appui",
		"en 2027 350 personnes":                "en 2027 350 personnes",
		"voir https://a.example/x?y=1 ici":     "voir https://a.example/x?y=1 ici",
		"https://a.example/l'eau!":             "https://a.example/l'eau!",
		"cherchez @dep56@a.example !":          "cherchez @dep56@a.example~!",
		"www.exemple.example?a":                "www.exemple.example?a",
		"rendez-vous à 12:30":                  "rendez-vous à 12:30",
		"02 97 00 00 00":                       "02 97 00 00 00",
		"":                                     "",
		" ":                                    " ",
		"oui  !":                               "oui  !",
		"(heure de Paris), 56 100 habitants !": "(heure de Paris), 56~100 habitants~!",
	} {
		got := Typo(FR, in)
		if readable(got) != want {
			t.Errorf("Typo(%q) = %q, want %q", in, readable(got), want)
		}
		if again := Typo(FR, got); again != got {
			t.Errorf("Typo is not idempotent on %q: %q", in, readable(again))
		}
	}
	if got := Typo(EN, "What ? It's 18 h"); got != "What ? It's 18 h" {
		t.Errorf("English was changed: %q", got)
	}
}

func FuzzTypo(f *testing.F) {
	for _, s := range []string{"« Vraiment ?! » 12 500 € à 18 h 30 : l'eau", "12 «a» ;b", "1 000!", "«»", "h 30 18 h 30 min"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "")
		once := Typo(FR, s)
		if twice := Typo(FR, once); twice != once {
			t.Errorf("%q: %q then %q", s, readable(once), readable(twice))
		}
		bare := strings.NewReplacer(NBSP, "", NNBSP, "", " ", "", "’", "'")
		if bare.Replace(once) != bare.Replace(s) {
			t.Errorf("%q: the text itself changed: %q", s, once)
		}
	})
}
