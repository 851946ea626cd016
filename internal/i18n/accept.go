package i18n

import (
	"golang.org/x/text/language"
)

// Match chooses the language of a page from an Accept-Language header
// (RFC 9110 §12.5.4). What is absent, unreadable or spoken by nobody here gives
// def. A header over one kilobyte is
// not read at all.
func Match(header string, def Lang) Lang {
	const enough = 1024
	if header == "" || len(header) > enough {
		return def
	}
	tags, weights, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return def
	}
	for i, tag := range tags { // sorted by weight, best first
		if weights[i] == 0 {
			continue
		}
		base, confidence := tag.Base()
		if confidence == language.No {
			continue
		}
		if lang, ok := Parse(base.String()); ok {
			return lang
		}
	}
	return def
}
