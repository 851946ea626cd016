package i18n

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Every function here takes the zone to show and writes ordinary spaces: the
// same text goes into documents, mails and pages; Typo sets the no-break ones
// where a page shows it. French writes 18 h 30, English 18:30.

// Date writes a day and an hour: "vendredi 12 mars 2027 à 18 h",
// "Friday 12 March 2027 at 18:00".
func Date(lang Lang, t time.Time, zone *time.Location) string {
	t = t.In(zone)
	return fullDay(lang, t, true) + at(lang) + Hour(lang, t, zone)
}

// Day writes a date: "vendredi 12 mars 2027", "Friday 12 March 2027".
func Day(lang Lang, t time.Time, zone *time.Location) string {
	return fullDay(lang, t.In(zone), true)
}

// ShortDay writes a date for a card: "ven. 12 mars", "jeu. 3 déc.", "Thu 3 Dec".
func ShortDay(lang Lang, t time.Time, zone *time.Location) string {
	t = t.In(zone)
	return shortWeekdays[lang.known()][t.Weekday()] + " " + dayNumber(lang, t) + " " + shortMonths[lang.known()][t.Month()-1]
}

// Hour writes a time of day: "18 h", "9 h 05", "18:00".
func Hour(lang Lang, t time.Time, zone *time.Location) string {
	t = t.In(zone)
	switch {
	case lang == EN:
		return t.Format("15:04")
	case t.Minute() == 0:
		return fmt.Sprintf("%d h", t.Hour())
	}
	return fmt.Sprintf("%d h %02d", t.Hour(), t.Minute())
}

// DateRange writes when an event takes place, zone included, to begin a
// sentence (federation-R9):
//
//	Du vendredi 12 mars 2027 à 18 h au dimanche 14 mars à 17 h (heure de Paris)
//	Le vendredi 12 mars 2027, de 18 h à 20 h (heure de Paris)
//	Le vendredi 12 mars 2027 à 18 h (heure de Paris)                 no end
//
// A zero end, or one that is not after the start, means that none is known.
func DateRange(lang Lang, start, end time.Time, zone *time.Location) string {
	return upperFirst(DateRangeInside(lang, start, end, zone))
}

// DateRangeInside is DateRange within a sentence: "du vendredi 12 mars…".
func DateRangeInside(lang Lang, start, end time.Time, zone *time.Location) string {
	s, e := start.In(zone), end.In(zone)
	in := " (" + ZoneName(lang, zone) + ")"
	switch {
	case !end.After(start):
		return on(lang) + Date(lang, start, zone) + in
	case sameDay(s, e) && lang == EN:
		return "on " + fullDay(lang, s, true) + ", from " + Hour(lang, s, zone) + " to " + Hour(lang, e, zone) + in
	case sameDay(s, e):
		return "le " + fullDay(lang, s, true) + ", de " + Hour(lang, s, zone) + " à " + Hour(lang, e, zone) + in
	case lang == EN:
		return "from " + Date(lang, s, zone) + " to " + fullDay(lang, e, s.Year() != e.Year()) + at(lang) + Hour(lang, e, zone) + in
	}
	return "du " + Date(lang, s, zone) + " au " + fullDay(lang, e, s.Year() != e.Year()) + at(lang) + Hour(lang, e, zone) + in
}

// DayRange writes the days of an event within a sentence, without hours or
// zone: "du 12 au 14 mars 2027", "du 30 avril au 2 mai 2027",
// "le 12 mars 2027"; "from 12 to 14 March 2027".
func DayRange(lang Lang, start, end time.Time, zone *time.Location) string {
	s, e := start.In(zone), end.In(zone)
	from, to := "du ", " au "
	if lang == EN {
		from, to = "from ", " to "
	}
	last := dayMonth(lang, e) + fmt.Sprintf(" %d", e.Year())
	switch {
	case !end.After(start) || sameDay(s, e):
		return on(lang) + dayMonth(lang, s) + fmt.Sprintf(" %d", s.Year())
	case s.Year() != e.Year():
		return from + dayMonth(lang, s) + fmt.Sprintf(" %d", s.Year()) + to + last
	case s.Month() != e.Month():
		return from + dayMonth(lang, s) + to + last
	}
	return from + dayNumber(lang, s) + to + last
}

// ShortRange writes days for a card: "11–13 déc.", "30 avr.–2 mai", "11 déc."
// (ui-L4; the page adds the hidden words for those who listen).
func ShortRange(lang Lang, start, end time.Time, zone *time.Location) string {
	s, e := start.In(zone), end.In(zone)
	month := func(t time.Time) string { return " " + shortMonths[lang.known()][t.Month()-1] }
	switch {
	case !end.After(start) || sameDay(s, e):
		return dayNumber(lang, s) + month(s)
	case s.Year() == e.Year() && s.Month() == e.Month():
		return dayNumber(lang, s) + "–" + dayNumber(lang, e) + month(e)
	}
	return dayNumber(lang, s) + month(s) + "–" + dayNumber(lang, e) + month(e)
}

func (l Lang) known() Lang {
	if l == EN {
		return EN
	}
	return FR
}

func fullDay(lang Lang, t time.Time, year bool) string {
	out := weekdays[lang.known()][t.Weekday()] + " " + dayMonth(lang, t)
	if year {
		out += fmt.Sprintf(" %d", t.Year())
	}
	return out
}

func dayMonth(lang Lang, t time.Time) string {
	return dayNumber(lang, t) + " " + months[lang.known()][t.Month()-1]
}

// dayNumber: French says « 1er mars », then « 2 mars ».
func dayNumber(lang Lang, t time.Time) string {
	if lang != EN && t.Day() == 1 {
		return "1er"
	}
	return fmt.Sprint(t.Day())
}

func at(lang Lang) string {
	if lang == EN {
		return " at "
	}
	return " à "
}

func on(lang Lang) string {
	if lang == EN {
		return "on "
	}
	return "le "
}

func sameDay(a, b time.Time) bool { return a.Year() == b.Year() && a.YearDay() == b.YearDay() }

func upperFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// ZoneName writes a zone for people: "heure de Paris", "La Réunion time". A
// zone without a name of its own here shows its city.
func ZoneName(lang Lang, zone *time.Location) string {
	name := zone.String()
	place, ok := places[name]
	switch {
	case name == "UTC" || name == "Etc/UTC":
		place = [2]string{"heure UTC", "UTC"}
	case !ok:
		city := strings.ReplaceAll(name[strings.LastIndexByte(name, '/')+1:], "_", " ")
		place = [2]string{"heure : " + city, city + " time"}
	}
	if lang == EN {
		return place[1]
	}
	return place[0]
}
