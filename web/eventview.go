package web

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"essaim/internal/essaim"
	"essaim/internal/i18n"
)

// eventView is what the templates show of a meeting beside its text.
type eventView struct {
	*essaim.Event
	Kind, When, Hours, Zone  string
	Day, Number, Month, Year string // of the date block
	Until                    string // "au 14 mars", for those who listen; "" on one day
	Place, Address           string
	Places                   []placeLink
	Facts                    []fact // accessibility
	Cancelled, Postponed     bool
	Rescheduled, MovedOnline bool
	WasPlanned               string
	Over                     bool
	MapLink                  string
	Join                     string // address of the registration elsewhere
	lang                     i18n.Lang
	zone                     *time.Location
}

type fact struct{ Name, Value string }

func (p *Pages) showEvent(lang i18n.Lang, e *essaim.Event) *eventView {
	zone := p.zone()
	if e.Zone != "" {
		zone = i18n.Zone(e.Zone)
	}
	v := &eventView{Event: e, lang: lang, zone: zone, Cancelled: e.Status == essaim.EventCancelled, Postponed: e.Status == essaim.EventPostponed,
		Rescheduled: e.Status == essaim.EventRescheduled, MovedOnline: e.Status == essaim.EventMovedOnline, Places: placesOf(e.Territories)}
	if e.ExternalURL != e.URL && e.ExternalURL != e.ID { // registration on the page one is reading is none yet
		v.Join = webLink(e.ExternalURL)
	}
	if e.EventKind != "" {
		v.Kind = essaim.EventKinds.Label(e.EventKind, lang)
	}
	v.OnlineURL = webLink(e.OnlineURL)
	v.times()
	if last := e.Ends; last.IsZero() {
		v.Over = e.Starts.Before(p.Clock())
	} else {
		v.Over = last.Before(p.Clock())
	}
	if e.Place != nil {
		v.place(e.Place)
	}
	for key, value := range e.Accessibility {
		if label := "event.access." + key[strings.LastIndexByte(key, ':')+1:]; i18n.Builtin().Has(label) {
			v.Facts = append(v.Facts, fact{i18n.T(lang, label), yes(lang, value)})
		}
	}
	slices.SortFunc(v.Facts, func(a, b fact) int { return strings.Compare(a.Name, b.Name) })
	return v
}

// yes writes the values Mobilizon and we know; others are shown as they are.
func yes(lang i18n.Lang, value string) string {
	switch value {
	case "true":
		value = "yes"
	case "false":
		value = "no"
	}
	if key := "event.access.is_" + value; i18n.Builtin().Has(key) {
		return i18n.T(lang, key)
	}
	return value
}

func (v *eventView) times() {
	if v.Starts.IsZero() {
		return
	}
	start, end := v.Starts.In(v.zone), v.Ends
	if v.OpenEnded {
		end = time.Time{}
	}
	typo := func(s string) string { return i18n.Typo(v.lang, s) }
	v.When, v.Zone = typo(i18n.DateRange(v.lang, start, end, v.zone)), i18n.ZoneName(v.lang, v.zone)
	v.Hours = i18n.Hour(v.lang, start, v.zone)
	if !end.IsZero() && end.In(v.zone).YearDay() == start.YearDay() && end.Sub(start) < 24*time.Hour {
		v.Hours = i18n.T(v.lang, "event.hours", v.Hours, i18n.Hour(v.lang, end, v.zone))
	}
	v.Hours = typo(v.Hours)
	words := strings.Fields(i18n.ShortDay(v.lang, start, v.zone)) // jeu. 3 déc.
	v.Day, v.Number, v.Month, v.Year = words[0], words[1], words[len(words)-1], start.Format("2006")
	if last := end.In(v.zone); !end.IsZero() && (last.YearDay() != start.YearDay() || last.Year() != start.Year()) {
		v.Until = typo(i18n.ShortDay(v.lang, last, v.zone))
		if last.Month() == start.Month() && last.Year() == start.Year() {
			v.Number = strings.TrimSuffix(v.Number, "er") + "–" + last.Format("2")
		}
	}
	if !v.Previous.IsZero() && !v.Previous.Equal(v.Starts) {
		v.WasPlanned = typo(i18n.Date(v.lang, v.Previous, v.zone))
	}
}

func (v *eventView) place(e *essaim.EventPlace) {
	v.Place = firstOf(e.Name, e.Street, e.Locality)
	var parts []string
	for _, s := range []string{e.Street, strings.TrimSpace(e.PostalCode + " " + e.Locality)} {
		if s != "" && s != v.Place {
			parts = append(parts, s)
		}
	}
	v.Address = strings.Join(parts, ", ")
	if where := strings.Join(append([]string{e.Name}, parts...), ", "); e.Locality != "" || e.Street != "" {
		v.MapLink = "https://www.openstreetmap.org/search?" + url.Values{"query": {where}}.Encode()
	}
}

// ISO and EndISO are the machine forms of start and end, with their offset (ui-R6).
func (v *eventView) ISO() string { return v.Starts.In(v.zone).Format(time.RFC3339) }

// EndISO is "" when no end is known.
func (v *eventView) EndISO() string {
	if v.Ends.IsZero() || v.OpenEnded {
		return ""
	}
	return v.Ends.In(v.zone).Format(time.RFC3339)
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}
