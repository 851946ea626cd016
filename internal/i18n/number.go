package i18n

import "strconv"

// Spaces of French typography.
const (
	NBSP  = "\u00a0" // no-break space
	NNBSP = "\u202f" // narrow no-break space
)

// Number writes an integer with thousands grouped from 10,000 up in French
// (a narrow no-break space) and from 1,000 up in English (a comma): French
// readers expect 2027 and 12 500.
func Number(lang Lang, n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	sep, least := NNBSP, 5
	if lang == EN {
		sep, least = ",", 4
	}
	if len(digits) < least {
		return sign + digits
	}
	out := digits[:(len(digits)-1)%3+1]
	for i := len(out); i < len(digits); i += 3 {
		out += sep + digits[i:i+3]
	}
	return sign + out
}

// Bytes writes a size in thousands of bytes, with the signs of the language: 12 ko, 3 Mo.
func Bytes(lang Lang, n int64) string {
	unit := "o"
	if lang == EN {
		unit = "B"
	}
	for _, prefix := range []string{"", "k", "M"} {
		if n < 1000 {
			return Number(lang, n) + NBSP + prefix + unit
		}
		n = (n + 999) / 1000
	}
	return Number(lang, n) + NBSP + "G" + unit
}
