// Package i18n holds what Essaim says in French and English: messages, plural
// forms, dates, numbers, French spacing, and the choice of a language.
//
// It is on the ground floor: it knows
// no kind, no table and no page, reads no clock, and never escapes HTML, which
// is the template's work. Every message lists both languages side by side, so
// that one cannot be added without the other.
package i18n

import (
	"time"
	_ "time/tzdata" // zones must be found on machines that have no zone files
)

// Lang is a language of the interface: FR or EN.
type Lang string

// French comes first and is complete (product-L11); English follows it.
const (
	FR Lang = "fr"
	EN Lang = "en"
)

// Langs lists the languages in the order they are offered.
var Langs = [...]Lang{FR, EN}

// Parse returns the language named by a tag such as "fr", "fr-CA" or "EN_us";
// ok is false for a language we do not speak.
func Parse(tag string) (lang Lang, ok bool) {
	if len(tag) < 2 || len(tag) > 2 && tag[2] != '-' && tag[2] != '_' {
		return "", false
	}
	switch l := Lang(string([]byte{tag[0] | 0x20, tag[1] | 0x20})); l {
	case FR, EN:
		return l, true
	}
	return "", false
}

// Zone loads an IANA time zone; an unknown or empty name gives Europe/Paris,
// the zone a French reader assumes.
func Zone(name string) *time.Location {
	if name != "" && name != "Local" {
		if z, err := time.LoadLocation(name); err == nil {
			return z
		}
	}
	z, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return time.UTC
	}
	return z
}
