package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"essaim/internal/i18n"
)

// maxWord is the longest word kept, in characters: longer ones are keys and numbers, which nobody types.
const maxWord = 40

// Words are the words of a text in order, folded: « L’Île-d’Yeu » is ile, yeu. Single letters and St stand for what they say in names.
func Words(text string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(text, parts) {
		if w = i18n.Fold(w); strings.ContainsFunc(w, parts) { // ½ becomes 1⁄2
			w = strings.Map(func(r rune) rune {
				if parts(r) {
					return -1
				}
				return r
			}, w)
		}
		switch n := utf8.RuneCountInString(w); {
		case w == "st":
			w = "saint"
		case w == "ste":
			w = "sainte"
		case n == 0, n == 1 && w[0] >= 'a' && w[0] <= 'z', n > maxWord: // elisions
			continue
		}
		out = append(out, w)
	}
	return out
}

// parts tells what stands between words. Accents that were written apart from their letters do not: they go when the word is folded.
func parts(r rune) bool {
	return (r >= 0x80 || r < '0' || r > '9' && r < 'A' || r > 'Z' && r < 'a' || r > 'z') && !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.Mn, r)
}

// stopWords say nothing of a text. They are left out of texts and questions, but kept in titles, for the question that has nothing else.
var stopWords = setOf("au aux ce ces cette dans de des du elle elles en est et il ils la le les leur leurs mais meme ne nos notre nous on ont ou par pas pour qu que qui sa se ses son sont sur un une vos votre vous " +
	"the of and to in is for on with at by from an as are this that it be or")

func setOf(words string) map[string]bool {
	set := make(map[string]bool)
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// endings of the feminine and of words in -teur, longest first, with what they become. They apply to what is left once the plural is gone.
var endings = []struct{ from, to string }{
	{"trice", "teur"}, {"elle", "el"}, {"enne", "en"}, {"onne", "on"}, {"euse", "eur"}, {"ette", "et"}, {"ee", "e"}, {"ive", "if"}, {"ere", "er"},
}

// Stem brings the number and the gender of a folded word to one form, in French and well enough in English: réseaux and réseau, nationales and national.
// It does no more, so that what is found can be explained: verbs and families of words are left apart. Words under four letters are kept.
func Stem(w string) string {
	if len(w) < 4 || w[0] < 'a' || w[0] > 'z' {
		return w
	}
	switch {
	case strings.HasSuffix(w, "eaux"):
		w = w[:len(w)-1]
	case strings.HasSuffix(w, "aux") && len(w) > 4:
		w = w[:len(w)-2] + "l"
	case strings.HasSuffix(w, "ss"):
	case strings.HasSuffix(w, "s") || strings.HasSuffix(w, "x"):
		w = w[:len(w)-1]
	}
	for _, e := range endings {
		if base, ok := strings.CutSuffix(w, e.from); ok && len(base) >= 2 {
			w = base + e.to
			break
		}
	}
	if base, ok := strings.CutSuffix(w, "e"); ok && len(base) >= 4 && !strings.ContainsRune("aeiou", rune(base[len(base)-1])) {
		return base
	}
	return w
}

// onceEach drops what was seen before, and with without what is in that set.
func onceEach(words []string, without map[string]bool) []string {
	seen := make(map[string]bool, len(words))
	out := words[:0:0]
	for _, w := range words {
		if !seen[w] && !without[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// stemsOf are the stems of words that are not among the words themselves.
func stemsOf(words []string) []string {
	known := make(map[string]bool, len(words))
	for _, w := range words {
		known[w] = true
	}
	var out []string
	for _, w := range words {
		if s := Stem(w); !known[s] {
			known[s] = true
			out = append(out, s)
		}
	}
	return out
}
