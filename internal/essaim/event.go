package essaim

import (
	"slices"
	"strings"
	"time"

	"essaim/federation/vocab"
	"essaim/internal/i18n"
)

// Event is a meeting: one object for every peer, Mobilizon's terms and FEP-8a8e's side by side (federation §7).
type Event struct {
	ID, URL, AttributedTo string
	To, CC                []string
	Name                  string
	HTML, Language        string
	Source                string // the Markdown it was made from (AP §3.3)
	Intro                 string // summary as received; ours is made from the fields (R9)
	Context               string
	Published, Updated    time.Time
	Starts, Ends          time.Time // in Zone
	OpenEnded             bool
	Previous              time.Time // startTime before it was moved
	Zone                  string    // IANA
	Status                string    // an EventStatus value
	Reason                string    // why it was cancelled or moved
	Category              string    // one string known to Mobilizon and FEP-8a8e
	EventKind             string    // V7
	JoinMode, ExternalURL string    // free, restricted, invite, external; "" when a peer said nothing
	Capacity              int64
	Online                bool
	OnlineURL             string
	Place                 *EventPlace
	Accessibility         map[string]string // mz:accessibility:* and such, by propertyID
	Pictures              []vocab.Picture
	Hashtags              []vocab.Tag
	Territories           []string
	Comments              string // allow_all, moderated, closed
	Origin                string // the group it is published for, when a person of the id's host published it (Mobilizon): shown once it is of that host too, or has announced the event
}

// EventPlace is where it happens. Latitude and longitude are decimal degrees, both or none.
type EventPlace struct {
	Name, Street, PostalCode, Locality, Region, Country string
	Lat, Lon                                            *float64
}

// Values of eventStatus (FEP-8a8e, after schema.org).
const (
	EventScheduled   = "EventScheduled"
	EventCancelled   = "EventCancelled"
	EventPostponed   = "EventPostponed"
	EventRescheduled = "EventRescheduled"
	EventMovedOnline = "EventMovedOnline"
	EventTentative   = "EventTentative"
)

const (
	minTitle = 3
	maxTitle = 200
	website  = "Website" // the exact name by which Mobilizon knows the on-line address
)

// Validate says what is missing; see Thing.
func (e *Event) Validate() error {
	switch n := len([]rune(oneLine(e.Name))); {
	case n < minTitle || n > maxTitle:
		return FieldError("name", "the title of an event has %d to %d characters", minTitle, maxTitle)
	case e.Starts.IsZero():
		return FieldError("startTime", "an event needs a start, such as 2027-03-12T18:00:00+01:00")
	case !e.Ends.IsZero() && e.Ends.Before(e.Starts):
		return FieldError("endTime", "an event cannot end before it starts")
	case e.Capacity < 0:
		return FieldError("maximumAttendeeCapacity", "a number of seats is at least 1")
	}
	if _, ok := zoneNamed(e.Zone); !ok && e.Zone != "" {
		return FieldError("timezone", "no time zone is called %q; one looks like Europe/Paris", e.Zone)
	}
	if p := e.Place; p != nil && p.Lat != nil && p.Lon != nil && !onEarth(*p.Lat, *p.Lon) {
		return FieldError("location", "a latitude lies between -90 and 90, a longitude between -180 and 180")
	}
	switch {
	case e.Status != "" && !isEventStatus(e.Status):
		return FieldError("eventStatus", "no status is called %q", e.Status)
	case !slices.Contains([]string{"", "free", "restricted", "invite", "external"}, e.JoinMode):
		return FieldError("joinMode", "registration is free, restricted, invite or external, not %q", e.JoinMode)
	case e.EventKind != "" && !EventKinds.Has(e.EventKind):
		return FieldError("eventKind", "no kind of event is called %q; it is one of %s", e.EventKind, strings.Join(EventKinds.IDs(), ", "))
	}
	return checkTerritories(e.Territories)
}

// Identify sets what the author does not choose; see Thing.
func (e *Event) Identify(i Identity) {
	set(&e.ID, i.ID)
	set(&e.URL, i.URL)
	set(&e.AttributedTo, i.AttributedTo)
	set(&e.Context, i.Context)
	e.Language = firstOf(e.Language, i.Language)
	setList(&e.To, i.To)
	setList(&e.CC, i.CC)
	setTime(&e.Published, i.Published)
	setTime(&e.Updated, i.Updated)
}

// Clean rewrites the HTML; see Thing.
func (e *Event) Clean(sanitise func(string) string) { e.HTML = sanitise(e.HTML) }

// Columns extracts what queries need; see Thing.
func (e *Event) Columns() Columns {
	c := Columns{Territories: e.Territories, Language: e.Language, Starts: e.Starts, Ends: e.Ends}
	if e.Place != nil {
		c.Lat, c.Lon = e.Place.Lat, e.Place.Lon
	}
	for _, t := range e.Hashtags {
		c.Terms = append(c.Terms, Term{TermTag, TagKey(t.Name)})
	}
	return c
}

// Summary shows the event; see Thing.
func (e *Event) Summary(lang i18n.Lang) Summary {
	s := Summary{Title: e.title(lang), HTML: e.HTML, URL: firstOf(e.URL, e.ID)}
	if !e.Starts.IsZero() {
		s.When = e.Line(lang)
	}
	s.Lead = s.When
	if len(e.Pictures) > 0 {
		s.Image = &e.Pictures[0]
	}
	return s
}
