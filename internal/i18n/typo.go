package i18n

import (
	"strings"
	"unicode"
)

// Typo applies French spacing to interface text and titles (ui-L3): a narrow
// no-break space before ; ! ? and between thousands; a no-break space before
// : % € », after «, between a number and its unit or month, and inside
// "18 h 30"; a typographic apostrophe. Other languages are returned as they
// are. It is for plain text, never for code, HTML or a form's value; addresses
// and handles inside a sentence are left alone. It is idempotent and linear.
func Typo(lang Lang, s string) string {
	if lang != FR {
		return s
	}
	words := strings.Split(s, " ")
	for i, w := range words {
		words[i] = word(w)
	}
	return join(words)
}

// word sets what is inside one word: missing spaces before ; ! ? and », after
// «, and apostrophes.
func word(w string) string {
	if !strings.ContainsAny(w, "'«»;!?") || strings.ContainsAny(w, "@/") || strings.Contains(w, "www.") {
		return w
	}
	var b strings.Builder
	in := []rune(w)
	last := ' ' // the rune written before
	write := func(r rune) { b.WriteRune(r); last = r }
	for i, r := range in {
		next := ' '
		if i+1 < len(in) {
			next = in[i+1]
		}
		switch {
		case r == '\'' && unicode.IsLetter(last) && (unicode.IsLetter(next) || unicode.IsDigit(next) || next == ' '):
			write('’')
			continue
		case r == '»' && !blank(last):
			write(nbsp)
		case isMark(r) && mayPrecede(last) && endsSentence(in[i:]):
			write(nnbsp)
		}
		write(r)
		if r == '«' && i+1 < len(in) && !blank(next) {
			write(nbsp)
		}
	}
	return b.String()
}

const (
	nbsp  = '\u00a0'
	nnbsp = '\u202f'
)

func blank(r rune) bool  { return r == nbsp || unicode.IsSpace(r) || r == nnbsp }
func isMark(r rune) bool { return r == ';' || r == '!' || r == '?' }

func mayPrecede(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == ')' || r == '»' || r == '’' || r == '…'
}

// endsSentence: marks, then the end of the word or something that closes.
func endsSentence(rest []rune) bool {
	for i, r := range rest {
		if !isMark(r) {
			return i > 0 && (blank(r) || r == '»' || r == ')' || r == '…')
		}
	}
	return true
}

// join chooses the space between each two words.
func join(words []string) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteString(space(words[i-1], w, i > 1 && number(words[i-2])))
		}
		b.WriteString(w)
	}
	return b.String()
}

func space(before, after string, hour bool) string {
	switch {
	case before == "" || after == "":
		return " "
	case strings.ContainsAny(after[:1], ";!?"):
		return NNBSP
	case after[0] == ':' && !strings.HasPrefix(after, "://"), after[0] == '%', strings.HasPrefix(after, "€"), strings.HasPrefix(after, "»"):
		return NBSP
	case strings.HasSuffix(before, "«"):
		return NBSP
	case number(before) && len(strings.TrimLeft(before, "(«"+NBSP)) <= 3 && thousands(after):
		return NNBSP
	case number(before) && units[strings.ToLower(strings.TrimRight(after, ".,;:!?)»"+NBSP+NNBSP))]:
		return NBSP
	case before == "h" && hour && number(strings.TrimRight(after, ".,)")):
		return NBSP
	}
	return " "
}

// number: digits with an optional decimal part, after an optional bracket.
func number(w string) bool {
	w = strings.TrimLeft(w, "(«"+NBSP)
	if w == "" || w[len(w)-1] < '0' || w[len(w)-1] > '9' {
		return w == "1er"
	}
	return strings.Trim(w, "0123456789,.–-"+NNBSP+NBSP) == ""
}

// thousands: three digits and then nothing but punctuation.
func thousands(w string) bool {
	d := strings.TrimRight(w, ".,;:!?)")
	if len(d) > 3 && !strings.HasPrefix(d[3:], NBSP) && !strings.HasPrefix(d[3:], NNBSP) {
		return false
	}
	return len(d) >= 3 && strings.Trim(d[:3], "0123456789") == ""
}

var units = set("h min s j an ans mois jour jours semaine semaines heure heures minute minutes place places " +
	"km m cm mm km² m² m2 ha kg t g l kwh mwh gwh ko mo go euros euro k€ m€ " +
	"janvier février mars avril mai juin juillet août septembre octobre novembre décembre")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
