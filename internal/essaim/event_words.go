package essaim

import (
	"strings"
	"time"

	"essaim/internal/i18n"
)

const maxLine = 500 // R9

// zoneNamed finds an IANA zone; the machine's own is none.
func zoneNamed(name string) (*time.Location, bool) {
	if name == "" || name == "Local" {
		return nil, false
	}
	zone, err := time.LoadLocation(name)
	return zone, err == nil
}

// zone is the event's, or the one a French reader assumes. A decoded event carries its zone in its times already.
func (e *Event) zone() *time.Location {
	if at := e.Starts.Location(); e.Zone != "" && at.String() == e.Zone {
		return at
	}
	return i18n.Zone(e.Zone)
}

func inZone(t time.Time, zone *time.Location) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(zone)
}

// language is that of the words we add to an event: its own when we speak it, else French.
func (e *Event) language() i18n.Lang {
	if lang, ok := i18n.Parse(e.Language); ok {
		return lang
	}
	return i18n.FR
}

// title marks a cancelled event in its name (federation §7.2), within the 200 characters Mobilizon takes (T14).
func (e *Event) title(lang i18n.Lang) string {
	name := oneLine(e.Name)
	if e.Status == EventCancelled {
		name = i18n.T(lang, cancelledMark) + " " + unmarked(name)
	}
	return cut(name, maxTitle)
}

const cancelledMark = "event.cancelled_mark"

// unmarked takes our mark of cancellation away, in any language.
func unmarked(name string) string {
	for _, lang := range i18n.Langs {
		if rest, ok := strings.CutPrefix(name, i18n.T(lang, cancelledMark)+" "); ok {
			return rest
		}
	}
	return name
}

// content repeats the date and its zone for an event without a place, since Mobilizon loses timezone without a location (T26).
func (e *Event) content() string {
	html := e.HTML
	if e.Place == nil {
		html += e.whenHTML()
	}
	return firstOf(html, "<p></p>")
}

func (e *Event) whenHTML() string {
	if e.Starts.IsZero() {
		return ""
	}
	return "<p>" + e.dates(e.language(), i18n.DateRange) + "</p>"
}

// takeOff removes from what was read what title and content add, so that a date that changes later is not there twice.
func (e *Event) takeOff() {
	if e.Status == EventCancelled {
		e.Name = unmarked(e.Name)
	}
	if e.Place == nil {
		e.HTML = strings.TrimSuffix(e.HTML, e.whenHTML())
	}
	if e.HTML == "<p></p>" {
		e.HTML = ""
	}
}

func (e *Event) dates(lang i18n.Lang, write func(i18n.Lang, time.Time, time.Time, *time.Location) string) string {
	zone, ends := e.zone(), e.Ends
	if e.OpenEnded {
		ends = time.Time{}
	}
	return write(lang, e.Starts.In(zone), inZone(ends, zone), zone)
}

// Line is the summary of an event: date, hour, zone, place, seats in one plain line, which is all that Mastodon shows under the title (R9).
// It is never empty, never over 500 characters, and a long reason does not push the date out.
func (e *Event) Line(lang i18n.Lang) string {
	facts := func(write func(i18n.Lang, time.Time, time.Time, *time.Location) string) string {
		var parts []string
		if !e.Starts.IsZero() {
			parts = append(parts, e.dates(lang, write))
		}
		parts = append(parts, e.where(lang)...)
		if len(parts) == 0 {
			return firstOf(e.Name, "–")
		}
		line := strings.Join(parts, ", ") + "."
		if e.Capacity > 0 {
			line += " " + i18n.T(lang, "event.seats", e.Capacity) + "."
		}
		return line
	}
	line := ""
	switch reason := strings.TrimRight(oneLine(e.Reason), ". "); {
	case e.Status == EventCancelled && reason != "":
		rest := oneLine(facts(i18n.DateRangeInside))
		room := maxLine - len([]rune(i18n.T(lang, "event.cancelled_line", ""))) - len([]rune(rest)) - 2
		line = i18n.T(lang, "event.cancelled_line", cut(reason, room)) + " " + rest
	case e.Status == EventCancelled:
		line = i18n.T(lang, cancelledMark) + " " + facts(i18n.DateRange)
	case e.Status == EventPostponed:
		line = i18n.T(lang, "event.postponed_line") + " " + facts(i18n.DateRangeInside)
	case e.Status == EventRescheduled:
		line = i18n.T(lang, "event.rescheduled_line") + " " + facts(i18n.DateRangeInside)
	default:
		line = facts(i18n.DateRange)
	}
	return cut(oneLine(line), maxLine)
}

// where names the place, its town unless the name holds it already, and the on-line side.
func (e *Event) where(lang i18n.Lang) (parts []string) {
	const enough = 100
	if p := e.Place; p != nil {
		name, town := oneLine(firstOf(p.Name, p.Street)), oneLine(p.Locality)
		if name != "" {
			parts = append(parts, cut(name, enough))
		}
		if town != "" && !strings.Contains(i18n.Fold(name), i18n.Fold(town)) {
			parts = append(parts, cut(town, enough))
		}
	}
	if e.Online {
		parts = append(parts, i18n.T(lang, "event.online"))
	}
	return parts
}

// When is the date and hour of an event inside a sentence.
func (e *Event) When(lang i18n.Lang) string {
	if e.Starts.IsZero() {
		return ""
	}
	return e.dates(lang, i18n.DateRangeInside)
}

// oneLine makes plain text of one line: some servers read a summary as HTML, others as plain text, so it holds nothing that either would take
// for markup.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("<", "‹", ">", "›").Replace(s)), " ")
}

func cut(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return strings.TrimSpace(string(r[:max(n-1, 0)])) + "…"
}
