package i18n

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold writes s in lower case without accents or ligatures, for search and
// comparison: "Île-d'Œuvre" becomes "ile-d'oeuvre". It is linear and idempotent.
func Fold(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == '’' || r == 'ʼ':
			b.WriteByte('\'')
		default:
			r = unicode.ToLower(r)
			if two, ok := ligatures[r]; ok {
				b.WriteString(two)
			} else {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

var ligatures = map[rune]string{'œ': "oe", 'æ': "ae", 'ß': "ss", 'ø': "o", 'đ': "d", 'ł': "l", 'ð': "d", 'þ': "th", 'ı': "i"}

func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= 0x80 || 'A' <= c && c <= 'Z' {
			return false
		}
	}
	return true
}

// Slug writes s for an address: folded, what is neither letter nor digit
// becomes one hyphen, at most max bytes and never cut inside a word unless it
// is the only one. It may be empty.
func Slug(s string, max int) string {
	var b strings.Builder
	gap := false
	for _, r := range Fold(s) {
		if r >= 0x80 || !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte('-')
			gap = false
		}
		b.WriteRune(r)
		if b.Len() > max {
			break
		}
	}
	out := b.String()
	if len(out) <= max {
		return out
	}
	out = out[:max]
	if i := strings.LastIndexByte(out, '-'); i > 0 {
		out = out[:i]
	}
	return out
}
